//! Folding: a text with what does not count for a quotation taken out of it, and the way back.
//!
//! Two steps. *Cleaning* gives the text as a reader sees it: HTML entities decoded, soft hyphens and
//! other invisible characters dropped, accents joined to their letters. Figures are read from that.
//! *Folding* cuts the clean text into words and marks, without case, white space, and the many kinds
//! of quotes and dashes. Phrases are searched in that. Every function is linear in its input.

use std::borrow::Cow;

use memchr::memmem;
use unicode_normalization::char::{compose, is_combining_mark};

/// A text as a reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct Clean<'a> {
    /// The text.
    pub(crate) text: Cow<'a, str>,
    /// Where the text parts from the original: offset here, offset there, ascending. Between two
    /// entries both run alike.
    shifts: Vec<(usize, usize)>,
}

/// Cleans a text; one that needs no cleaning is borrowed.
pub(crate) fn clean(original: &str) -> Clean<'_> {
    let is_plain = |c: char| c != '&' && !is_invisible(c) && !is_combining_mark(c);
    let Some(first) = original.find(|c| !is_plain(c)) else {
        return Clean { text: Cow::Borrowed(original), shifts: Vec::new() };
    };
    let mut text = String::with_capacity(original.len());
    let mut shifts = Vec::new();
    text.push_str(&original[..first]);
    let mut at = first;
    while let Some(c) = original[at..].chars().next() {
        let (decoded, length) = entity(&original[at..]).unwrap_or((c, c.len_utf8()));
        at += length;
        if is_invisible(decoded) {
            // Dropped.
        } else if let Some(joined) = join(&text, decoded) {
            text.pop();
            text.push(joined);
        } else {
            text.push(decoded);
            if length == decoded.len_utf8() {
                continue;
            }
        }
        shifts.push((text.len(), at));
    }
    Clean { text: Cow::Owned(text), shifts }
}

/// Whether a phrase holds some words: as they are, or in another case and with other white space.
pub(super) fn holds(phrase: &str, words: &str) -> bool {
    // Mostly they end it.
    if phrase.ends_with(words) || memmem::find(phrase.as_bytes(), words.as_bytes()).is_some() {
        return true;
    }
    let plain =
        |text: &str| text.split_whitespace().flat_map(|word| [" ", word]).collect::<String>().to_lowercase();
    plain(phrase).contains(&plain(words))
}

impl Clean<'_> {
    /// The same, owning its text.
    pub(super) fn into_owned(self) -> Clean<'static> {
        Clean { text: Cow::Owned(self.text.into_owned()), shifts: self.shifts }
    }

    /// The offset in the original of an offset in the clean text: of a character that stands for
    /// several, the offset behind them or within them.
    pub(super) fn original(&self, offset: usize) -> usize {
        let behind = self.shifts.partition_point(|&(here, _)| here <= offset);
        match behind.checked_sub(1).map(|index| self.shifts[index]) {
            Some((here, there)) => there + offset.saturating_sub(here),
            None => offset,
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn join(text: &str, mark: char) -> Option<char> {
    if !is_combining_mark(mark) {
        return None;
    }
    compose(text.chars().next_back()?, mark)
}

/// The entities that word processors and web pages put into running text.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bdquo", '„'),
    ("cent", '¢'),
    ("deg", '°'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("euro", '€'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("oslash", 'ø'),
    ("permil", '‰'),
    ("pound", '£'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("sect", '§'),
    ("shy", '\u{ad}'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("thinsp", '\u{2009}'),
    ("times", '×'),
    ("szlig", 'ß'),
    ("yen", '¥'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// How entities of letters end that name their accent: `&eacute;`.
const ACCENTS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("caron", '\u{30c}'),
    ("cedil", '\u{327}'),
    ("circ", '\u{302}'),
    ("grave", '\u{300}'),
    ("ring", '\u{30a}'),
    ("tilde", '\u{303}'),
    ("uml", '\u{308}'),
];

/// The character of the entity that `text` begins with, and the entity's length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let body = text.strip_prefix('&')?;
    let length = body.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &body[..length];
    let decoded = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|&c| c != '\0')?
        }
        None => match ENTITIES.iter().find(|(entity, _)| *entity == name) {
            Some((_, c)) => *c,
            None => accented(name)?,
        },
    };
    Some((decoded, length + 2))
}

/// The letter of an entity such as `eacute`.
fn accented(name: &str) -> Option<char> {
    let letter = name.chars().next()?;
    let accent = &name[letter.len_utf8()..];
    let (_, mark) = ACCENTS.iter().find(|(named, _)| *named == accent)?;
    compose(letter, *mark)
}

/// A text as words and marks, each between two spaces, so that a phrase is found at words only.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    /// ` exceeded  3  billion  us  dollars  . `
    pub(super) text: String,
    /// Where each word lies.
    pub(super) words: Vec<Word>,
}

/// A word or mark of a folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Offset of its leading space in the folded text.
    pub(super) folded: usize,
    /// Offset of its first character in the clean text.
    pub(super) start: usize,
    /// Offset behind its last character in the clean text.
    pub(super) end: usize,
}

impl Folded {
    /// The word at `index` as folded.
    pub(super) fn word(&self, index: usize) -> &str {
        let from = self.words[index].folded + 1;
        let to = self.words.get(index + 1).map_or(self.text.len(), |next| next.folded) - 1;
        &self.text[from..to]
    }
}

/// What a character is to the search.
enum Kind {
    Space,
    /// Part of a word, already without case.
    Letter,
    /// A word by itself; a run of the same counts once.
    Mark(char),
}

/// Cuts a clean text into words and marks.
pub(super) fn fold(clean: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(clean.len() * 5 / 4 + 2), words: Vec::new() };
    let mut open: Option<Word> = None;
    let mut last_mark = None;
    let mut characters = clean.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        let c = narrow(c);
        let mut kind = kind(c);
        if let Kind::Mark(mark @ ('.' | ',' | '"')) = kind
            && open.is_some()
            && folded.text.ends_with(char::is_numeric)
            && next.is_some_and(char::is_numeric)
        {
            // The point of 1.3 is part of the number, or "3 billion" would stand in "1.3 billion".
            folded.text.push(mark);
            kind = Kind::Letter;
        } else if let Kind::Letter = kind {
            if open.is_none() {
                open = Some(Word { folded: folded.text.len(), start, end: start });
                folded.text.push(' ');
            }
            push_lowercase(&mut folded.text, c);
        }
        match kind {
            Kind::Letter => {
                last_mark = None;
                continue;
            }
            Kind::Space | Kind::Mark(_) => close(&mut folded, &mut open, start),
        }
        let Kind::Mark(mark) = kind else {
            last_mark = None;
            continue;
        };
        let end = start + clean[start..].chars().next().map_or(0, char::len_utf8);
        if last_mark == Some(mark) && matches!(mark, '"' | '-' | '.') {
            if let Some(word) = folded.words.last_mut() {
                word.end = end;
            }
            continue;
        }
        last_mark = Some(mark);
        folded.words.push(Word { folded: folded.text.len(), start, end });
        folded.text.extend([' ', mark, ' ']);
    }
    close(&mut folded, &mut open, clean.len());
    folded
}

fn close(folded: &mut Folded, open: &mut Option<Word>, end: usize) {
    if let Some(word) = open.take() {
        folded.text.push(' ');
        folded.words.push(Word { end, ..word });
    }
}

/// The usual width of the full-width forms of ASCII.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn kind(c: char) -> Kind {
    match c {
        '"' | '\'' | '`' | '´' | '‘'..='‟' | '«' | '»' | '‹' | '›' | '′' | '″' | 'ʼ' | '〝' | '〞' => {
            Kind::Mark('"')
        }
        '-' | '‐'..='―' | '−' | '⁃' | '﹘' | '﹣' => Kind::Mark('-'),
        '…' => Kind::Mark('.'),
        _ if c.is_alphanumeric() || is_combining_mark(c) => Kind::Letter,
        _ if c.is_whitespace() || c.is_control() => Kind::Space,
        _ => Kind::Mark(c),
    }
}

fn push_lowercase(text: &mut String, c: char) {
    match c {
        'ё' | 'Ё' => text.push('е'),
        '¹' => text.push('1'),
        '²' => text.push('2'),
        '³' => text.push('3'),
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        _ if c.is_ascii() => text.push(c.to_ascii_lowercase()),
        _ => text.extend(c.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let clean = clean(text);
        let folded = fold(&clean.text);
        (0..folded.words.len()).map(|index| folded.word(index)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_does_not_count_is_gone() {
        let cases = [
            ("Exceeded 3&nbsp;billion", "exceeded|3|billion"),
            ("1.3 billion, 1,000; 1’000.", "1.3|billion|,|1,000|;|1\"000|."),
            ("2024 – 2032 and 2024-2032", "2024|-|2032|and|2024|-|2032"),
            ("«Ёлка» “x” ''y''", "\"|елка|\"|\"|x|\"|\"|y|\""),
            ("co\u{ad}operation\u{200b}", "cooperation"),
            ("и\u{306} e\u{301} ﬁnance", "й|é|finance"),
            ("&#171;a&#x2014;b&raquo; R&D &bogus; &#0;", "\"|a|-|b|\"|r|&|d|&|bogus|;|&|#|0|;"),
            ("US$3bn up 13,6 % … end...", "us|$|3bn|up|13,6|%|.|end|."),
            ("３ m³ İ", "3|m3|i\u{307}"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn offsets_lead_back() {
        let original = "a&nbsp;b\u{ad}c &ndash; де\u{308}н";
        let clean = clean(original);
        assert_eq!(clean.text, "a\u{a0}bc – дён");
        for needle in ["b", "c", "д", "н"] {
            let here = clean.text.find(needle).unwrap_or(usize::MAX);
            assert_eq!(Some(clean.original(here)), original.rfind(needle), "{needle}");
        }
        assert_eq!(clean.original(clean.text.len()), original.len());
    }
}
