//! Text from sheets as Markdown that shows it as it is: no markup, no HTML, no link, no line break and
//! no invisible character survives. Every text that a curator or a source wrote passes through here.

/// Text from a sheet for running text or a table cell. Runs of white space and control characters
/// become one space; characters that change the direction or hide are shown by their code.
pub(crate) fn text(raw: &str) -> String {
    let mut shown = String::with_capacity(raw.len() + 8);
    for word in raw.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        let opens = shown.is_empty();
        if !opens {
            shown.push(' ');
        }
        if opens && is_block_mark(word) {
            shown.push('\\');
        }
        escape_word(word, &mut shown);
    }
    shown
}

/// The label of a footnote for an id: characters that could end the label, or that the prefixes of
/// other labels use, by their code in percent notation.
pub(crate) fn label(id: &str) -> String {
    use std::fmt::Write;
    let mut label = String::with_capacity(id.len());
    for letter in id.chars() {
        if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') {
            label.push(letter);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(label, "%{:02X}", u32::from(letter));
        }
    }
    label
}

/// A file, cell or id as code where that is safe, else as text.
pub(crate) fn code(raw: &str) -> String {
    let safe = |letter: char| {
        letter != '`' && letter != '|' && letter != '\\' && !letter.is_control() && !is_invisible(letter)
    };
    let edges = raw.starts_with(' ') || raw.ends_with(' ');
    if raw.is_empty() || edges || !raw.chars().all(safe) { text(raw) } else { format!("`{raw}`") }
}

fn escape_word(word: &str, shown: &mut String) {
    use std::fmt::Write;
    let mut before = '\0';
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or('\0');
        if is_invisible(letter) {
            let _ = write!(shown, "‹U+{:04X}›", u32::from(letter));
        } else if is_markup(letter, before, next) {
            shown.push('\\');
            shown.push(letter);
        } else {
            shown.push(letter);
        }
        before = letter;
    }
}

/// Characters that mean something within a line, where they do.
fn is_markup(letter: char, before: char, next: char) -> bool {
    match letter {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~' => true,
        // An underscore within a word marks nothing.
        '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
        // "$x$" would be a formula; "$3 billion" is money.
        '$' => !next.is_ascii_digit(),
        // Bare addresses would become links.
        ':' => next == '/' || next == '\\',
        '@' => before != '\0',
        '.' => matches!(before, 'w' | 'W'),
        '!' => next == '[',
        _ => false,
    }
}

/// Words that would open a heading, a list or a rule at the start of a line.
fn is_block_mark(word: &str) -> bool {
    let all = |mark: char| word.chars().all(|letter| letter == mark);
    word.starts_with('#') || all('=') || all('+') || all('-')
}

/// Bidirectional controls, zero-width characters and other format characters.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_sheet_becomes_markup() {
        let cases = [
            ("plain words, 13.6% (up)", "plain words, 13.6% (up)"),
            ("a|b", "a\\|b"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
            ("![x](http://evil.example/p.png)", "\\!\\[x\\](http\\://evil.example/p.png)"),
            ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
            ("<svg onload=x>", "\\<svg onload=x\\>"),
            ("&lt;b&gt; AT&T", "\\&lt;b\\&gt; AT\\&T"),
            ("`code` *bold* _it_ ~~x~~", "\\`code\\` \\*bold\\* \\_it\\_ \\~\\~x\\~\\~"),
            ("trade_turnover", "trade_turnover"),
            ("one\r\ntwo\n\n# three", "one two # three"),
            ("tab\tand\u{0000}nul\u{2028}line", "tab and nul line"),
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("4.1 / 1.136 = 3.6", "4.1 / 1.136 = 3.6"),
            ("---", "\\---"),
            ("-5", "-5"),
            ("a\\|b", "a\\\\\\|b"),
            ("\u{202E}gnp.exe", "‹U+202E›gnp.exe"),
            ("zero\u{200B}width", "zero‹U+200B›width"),
            ("https://evil.example", "https\\://evil.example"),
            ("www.evil.example", "www\\.evil.example"),
            ("me@evil.example", "me\\@evil.example"),
            ("hitting a record $4.1 billion", "hitting a record $4.1 billion"),
            ("$x$", "\\$x\\$"),
            ("[^claim]: x", "\\[^claim\\]: x"),
            ("млрд рублей", "млрд рублей"),
            ("  ", ""),
        ];
        for (raw, shown) in cases {
            assert_eq!(text(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn escaped_text_holds_no_bare_mark() {
        let marks = "\\`*[]<>|&~";
        let hostile: String = (0..400u32).filter_map(char::from_u32).collect();
        let shown = text(&hostile);
        let mut letters = shown.chars();
        while let Some(letter) = letters.next() {
            if letter == '\\' {
                assert!(letters.next().is_some_and(|next| next.is_ascii_punctuation()));
            } else {
                assert!(!marks.contains(letter) && !letter.is_control(), "{letter:?}");
            }
        }
    }

    #[test]
    fn labels_are_distinct_and_hold_no_bracket() {
        assert_eq!(label("ein-turnover-2024"), "ein-turnover-2024");
        assert_eq!(label("a]: x"), "a%5D%3A%20x");
        assert_ne!(label("a b"), label("a%20b"));
    }

    #[test]
    fn code_only_where_it_is_safe() {
        assert_eq!(code("raw/trade.csv:14:6"), "`raw/trade.csv:14:6`");
        assert_eq!(code("raw/a`b|c.csv"), "raw/a\\`b\\|c.csv");
        assert_eq!(code(""), "");
    }
}
