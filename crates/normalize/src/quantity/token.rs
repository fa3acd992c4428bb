//! Text to tokens: words, symbols and number literals, each with its place. One pass, and no
//! knowledge of any word.

use std::borrow::Cow;

use crate::quantity::lexicon::{Lexicon, ROOT};
use crate::quantity::literal::{self, Literal};
use crate::quantity::meaning::Sorts;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits with their separators.
    Number,
    /// Anything else, one character.
    Symbol,
}

/// A token before it is looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawToken {
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset behind its last.
    pub(super) end: usize,
    /// What it is made of.
    pub(super) kind: Kind,
    /// Whether no white space stands before it, and it is not the first.
    pub(super) glued: bool,
    /// Whether the white space before it holds the end of a line.
    pub(super) line_start: bool,
}

/// A token with what the lexicon says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset behind its last.
    pub(super) end: usize,
    /// What it is made of.
    pub(super) kind: Kind,
    /// Whether no white space stands before it, and it is not the first.
    pub(super) glued: bool,
    /// Whether the white space before it holds the end of a line.
    pub(super) line_start: bool,
    /// Its word code; 0 where no form holds it.
    pub(super) word: u32,
    /// The node of the forms that begin with it; [`ROOT`] where none does.
    pub(super) node: u32,
    /// What those may mean.
    pub(super) reach: Sorts,
    /// The literal of a number.
    pub(super) literal: Literal,
}

/// The tokens of `text`, looked up.
pub(super) fn tokens(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    for raw in raw_tokens(text) {
        let token = looked_up(text, raw, lexicon);
        let slice = &text[raw.start..raw.end];
        let unknown = token.word == 0 && token.kind == Kind::Word;
        match unknown.then(|| lexicon.prefix_length(slice)).flatten() {
            Some(length) => {
                let joint = raw.start + length;
                tokens.push(looked_up(text, RawToken { end: joint, ..raw }, lexicon));
                let rest = RawToken { start: joint, glued: true, line_start: false, ..raw };
                tokens.push(looked_up(text, rest, lexicon));
            }
            None => tokens.push(token),
        }
    }
    tokens
}

fn looked_up(text: &str, raw: RawToken, lexicon: &Lexicon) -> Token {
    let slice = &text[raw.start..raw.end];
    let word = match raw.kind {
        Kind::Number if slice.len() > 3 => 0,
        Kind::Symbol if slice.len() > 1 => lexicon.word(entity(slice).map_or(slice, |(_, sign)| sign)),
        _ => lexicon.word(&fold(slice)),
    };
    let node = lexicon.step(ROOT, word).unwrap_or(ROOT);
    Token {
        start: raw.start,
        end: raw.end,
        kind: raw.kind,
        glued: raw.glued,
        line_start: raw.line_start,
        word,
        node,
        reach: lexicon.reach(node),
        literal: match raw.kind {
            Kind::Number => literal::read(slice),
            _ => Literal::None,
        },
    }
}

/// The tokens of `text`. Invisible format characters belong to no token and separate none.
pub(super) fn raw_tokens(text: &str) -> impl Iterator<Item = RawToken> {
    let mut at = 0;
    let mut first = true;
    std::iter::from_fn(move || {
        let mut spaced = false;
        let mut line_start = false;
        while let Some(c) = text[at..].chars().next() {
            if c == '&'
                && let Some(length) = spacing_entity(&text[at..])
            {
                spaced = true;
                at += length;
                continue;
            }
            if c.is_whitespace() {
                spaced = true;
                line_start |= c == '\n';
            } else if !is_invisible(c) {
                break;
            }
            at += c.len_utf8();
        }
        let c = text[at..].chars().next()?;
        let start = at;
        let kind = if c.is_ascii_digit() {
            at += literal::length(&text[at..]);
            Kind::Number
        } else if is_letter(c) {
            at += word_length(&text[at..]);
            Kind::Word
        } else if c == '&'
            && let Some((length, _)) = entity(&text[at..])
        {
            at += length;
            Kind::Symbol
        } else if c == '.' && !joins_digits(&text[..at]) && starts_with_digit(&text[at + 1..]) {
            at += 1 + literal::length(&text[at + 1..]);
            Kind::Number
        } else {
            at += c.len_utf8();
            Kind::Symbol
        };
        let glued = !spaced && !first;
        first = false;
        Some(RawToken { start, end: at, kind, glued, line_start })
    })
}

/// The sign that an HTML entity at the start of `text` stands for, and how many bytes it is long:
/// texts and cells that were cut out of a page keep them.
fn entity(text: &str) -> Option<(usize, &'static str)> {
    const ENTITIES: [(&str, &str); 8] = [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&ge;", "≥"),
        ("&le;", "≤"),
        ("&plusmn;", "±"),
        ("&euro;", "€"),
        ("&pound;", "£"),
        ("&yen;", "¥"),
    ];
    ENTITIES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, sign)| (name.len(), *sign))
}

/// How many bytes an HTML entity for a space at the start of `text` is long.
fn spacing_entity(text: &str) -> Option<usize> {
    ["&nbsp;", "&#160;", "&thinsp;", "&#8239;"]
        .iter()
        .find(|name| text.starts_with(**name))
        .map(|name| name.len())
}

/// The spelling by which a word is looked up: lower case, `ё` as `е`, `й` as `и` (which a
/// decomposed text spells with a combining breve), without combining or invisible characters.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    // Most Russian words are folded already: small letters but `й`, the combining breve's.
    if word.chars().all(|c| matches!(c, 'а'..='и' | 'к'..='я')) {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().filter(|&c| !is_combining(c) && !is_invisible(c)) {
        match c {
            'й' | 'Й' => folded.push('и'),
            'ё' | 'Ё' => folded.push('е'),
            'a'..='z' | 'а'..='я' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            // The lower case lies 32 behind the upper.
            'А'..='Я' => folded.extend(char::from_u32(c as u32 + 0x20)),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    Cow::Owned(folded)
}

fn word_length(text: &str) -> usize {
    text.char_indices()
        .find(|&(_, c)| !(is_letter(c) || is_combining(c) || is_invisible(c)))
        .map_or(text.len(), |(at, _)| at)
}

fn is_letter(c: char) -> bool {
    // The letters of the tables first: asking Unicode's is dear.
    matches!(c, 'a'..='z' | 'A'..='Z' | 'а'..='я' | 'А'..='Я') || c.is_alphabetic() && c != 'º' && c != 'ª'
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Soft hyphens, zero-width and directional characters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a point behind `text` opens no decimals: "5.", "..".
fn joins_digits(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '.')
}

fn starts_with_digit(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}
