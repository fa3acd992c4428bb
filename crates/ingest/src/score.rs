//! How well rows of cells make a table: rows of one width, cells that read as something, columns whose cells agree.

use crate::detect::Rows;

/// What a cell looks like, as far as telling a good cut from a bad one needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Looks {
    /// Nothing, or a word for nothing.
    Empty,
    /// A number, with sign, separators, percent or currency.
    Number,
    /// A date, a time, or both.
    Date,
    /// An address: URL or e-mail.
    Address,
    /// Words.
    Words,
    /// A text with marks that words do not have: a bad cut, or a strange cell.
    Odd,
}

/// What a table of one column earns at most: it is all numbers, dates or addresses.
const ALL_VALUES: f64 = 0.9;

/// What a table of one column earns whose cells are all in quotes.
const ALL_QUOTED: f64 = 0.8;

/// From 0 to 1, higher for a better table; 0 where it cannot be more than `floor`.
pub(crate) fn table(rows: &Rows, quote: Option<u8>, floor: f64) -> f64 {
    if rows.len() == 0 {
        return 0.0;
    }
    let broken = 1.0 + 0.5 * rows.cells.broken.len() as f64 / rows.len() as f64;
    let width = usual_width(rows);
    let fitting: Vec<usize> = (0..rows.len()).filter(|&row| rows.width(row) == width).collect();
    let fit = fitting.len() as f64 / rows.len() as f64;
    let at_best = if width == 1 { ALL_VALUES } else { 1.0 - 0.5 / width as f64 };
    if fit * at_best / broken <= floor {
        return 0.0;
    }
    let mut known = 0.0;
    let mut agreement = 0.0;
    for column in 0..width {
        let mut counts = [0usize; 6];
        let mut sum = 0.0;
        for &row in &fitting {
            let cell = rows.cell(row, column);
            let looks = looks(cell);
            counts[looks as usize] += 1;
            sum += plausibility(cell, looks, quote);
        }
        let filled: usize = counts[1..].iter().sum();
        let most = counts[1..].iter().max().copied().unwrap_or(0);
        if filled > 0 {
            known += sum / fitting.len() as f64;
            agreement += most as f64 / filled as f64;
        } else if column + 1 == width {
            // A trailing delimiter is no column, and no fault.
            known += 0.9;
            agreement += 0.9;
        }
    }
    let known = known / width as f64;
    let agreement = agreement / width as f64;
    let shape = if width == 1 { lone(rows) } else { at_best };
    fit * shape * known * (0.5 + 0.5 * agreement) / broken
}

/// Whether cells are in quotes, or some column is of numbers, dates or addresses.
pub(crate) fn has_values(rows: &Rows) -> bool {
    let is_value =
        |row, column| matches!(looks(rows.cell(row, column)), Looks::Number | Looks::Date | Looks::Address);
    rows.cells.quoted > 0
        || (0..usual_width(rows)).any(|column| {
            let having = (0..rows.len()).filter(|&row| column < rows.width(row));
            let (values, all) = having
                .fold((0, 0), |(values, all), row| (values + usize::from(is_value(row, column)), all + 1));
            values * 2 >= all
        })
}

/// The width that most rows have, wider ones before narrower.
pub(crate) fn usual_width(rows: &Rows) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in 0..rows.len() {
        *counts.entry(rows.width(row)).or_insert(0usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(width, count)| (count * width.saturating_sub(1).clamp(1, 2), width))
        .map_or(1, |most| most.0)
}

/// What a table of one column earns: much for being all numbers, dates or addresses, or all in quotes, little for
/// words, and next to nothing where its cells hold what usually delimits. Below a name that holds none of that,
/// `1,5` is a number.
fn lone(rows: &Rows) -> f64 {
    let first = usize::from(rows.len() > 1);
    let cells = || (first..rows.len()).map(|row| rows.cell(row, 0));
    let delimits = |cell: &[u8]| cell.iter().any(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'));
    let is_named = first == 1 && !delimits(rows.cell(0, 0)) && looks(rows.cell(0, 0)) == Looks::Words;
    let strong = cells()
        .filter(|cell| match looks(cell) {
            Looks::Number => is_named || !delimits(cell),
            Looks::Date | Looks::Address => !delimits(cell),
            _ => false,
        })
        .count();
    let counted = rows.len() - first;
    if strong * 10 >= counted * 8 {
        ALL_VALUES
    } else if rows.cells.quoted == rows.len() {
        ALL_QUOTED
    } else if cells().filter(|cell| delimits(cell)).count() * 5 > counted {
        0.05
    } else {
        0.45
    }
}

fn plausibility(cell: &[u8], looks: Looks, quote: Option<u8>) -> f64 {
    let edge =
        |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'"' | b'\'') && Some(*byte) != quote);
    if edge(cell.first()) && edge(cell.last()) {
        return 0.1;
    }
    if quote.is_none() && cell.first() == Some(&b'"') {
        return 0.2;
    }
    let base = match looks {
        Looks::Odd => 0.3,
        Looks::Words if is_glued(cell) => 0.6,
        Looks::Words => 0.9,
        _ => 1.0,
    };
    let is_loose = cell.first() == Some(&b' ') || cell.last() == Some(&b' ');
    if is_loose { base * 0.9 } else { base }
}

/// Whether a sign that people set a blank after stands between two letters or digits: rather a cut that was missed.
fn is_glued(cell: &[u8]) -> bool {
    cell.windows(3).any(|three| {
        matches!(three[1], b',' | b';' | b':' | b'|') && is_inner(three[0]) && is_inner(three[2])
    })
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// What the cell looks like.
pub(crate) fn looks(cell: &[u8]) -> Looks {
    let text = cell.trim_ascii();
    if is_nothing(text) {
        return Looks::Empty;
    }
    // Most cells are done with by what bytes they have at all.
    let has = text.iter().fold(0, |has, &byte| has | CLASSES[usize::from(byte)]);
    if has & (DIGIT | !IN_NUMBERS) == DIGIT && is_number(text) {
        Looks::Number
    } else if has & (DIGIT | !IN_DATES) == DIGIT && is_date(text) {
        Looks::Date
    } else if is_address(text) {
        Looks::Address
    } else if has & (DIGIT | LETTER | EXPONENT | HIGH) != 0 && has & ODD == 0 && is_words(text, has) {
        Looks::Words
    } else {
        Looks::Odd
    }
}

const DIGIT: u16 = 1;
/// A letter that no number has.
const LETTER: u16 = 1 << 1;
/// `e` or `E`.
const EXPONENT: u16 = 1 << 2;
/// A byte of a character outside ASCII.
const HIGH: u16 = 1 << 3;
/// `.` or a blank.
const DOT: u16 = 1 << 4;
/// `,`, an apostrophe, or a sign at either end of a number.
const SIGN: u16 = 1 << 5;
/// `-` or `+`.
const DASH: u16 = 1 << 6;
/// `:` or `/`.
const COLON: u16 = 1 << 7;
/// A bracket of either kind; of them, `(` and `)` may stand around a number.
const BRACKET: u16 = 1 << 8;
/// A sign that words do not have.
const ODD: u16 = 1 << 9;
/// Any other.
const OTHER: u16 = 1 << 10;

const IN_NUMBERS: u16 = DIGIT | EXPONENT | HIGH | DOT | SIGN | DASH | BRACKET | ODD;
const IN_DATES: u16 = DIGIT | LETTER | EXPONENT | DOT | DASH | COLON;

/// What each byte is.
const CLASSES: [u16; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'e' | b'E' => EXPONENT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            0x80..=0xff => HIGH,
            b'.' | b' ' => DOT,
            b',' | b'\'' | b'$' | b'%' => SIGN,
            b'-' | b'+' => DASH,
            b':' | b'/' => COLON,
            b'(' | b')' | b'[' | b']' => BRACKET,
            b'|' | b'\t' | b'"' | b'^' | b'~' | b'\\' | b'{' | b'}' | b'<' | b'>' | b';' => ODD,
            0..=8 | 11 | 12 | 14..=31 => ODD,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

fn is_nothing(text: &[u8]) -> bool {
    let words: [&[u8]; 9] = [b"", b"NA", b"N/A", b"n/a", b"null", b"NULL", b"-", b"NaN", b"nan"];
    text.len() <= 4 && words.contains(&text)
}

/// One number: a sign, a currency or a percent around digits; a decimal mark; groups of three.
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"(").and_then(|text| text.strip_suffix(b")")).unwrap_or(text);
    let mut text = text;
    for sign in ["-", "+", "−", "$", "€", "£", "₽", "<", ">", "~"] {
        text = text.strip_prefix(sign.as_bytes()).unwrap_or(text).trim_ascii_start();
    }
    for sign in ["%", "$", "€", "£", "₽"] {
        text = text.strip_suffix(sign.as_bytes()).unwrap_or(text).trim_ascii_end();
    }
    if let Some(at) = text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        let exponent = text[at + 1..]
            .strip_prefix(b"-")
            .or(text[at + 1..].strip_prefix(b"+"))
            .unwrap_or(&text[at + 1..]);
        if exponent.is_empty() || exponent.len() > 3 || !exponent.iter().all(u8::is_ascii_digit) {
            return false;
        }
        text = &text[..at];
    }
    let belongs =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b' ' | b'\'' | 0xc2 | 0xa0);
    if !text.iter().all(belongs) {
        return false;
    }
    let spaced: Vec<u8> = if text.contains(&0xc2) {
        String::from_utf8_lossy(text).replace('\u{a0}', " ").into_bytes()
    } else {
        text.to_vec()
    };
    let groups: Vec<&[u8]> = spaced.split(|byte| !byte.is_ascii_digit()).collect();
    let marks: Vec<u8> = spaced.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect();
    let digits = |group: &&[u8]| !group.is_empty();
    match marks.as_slice() {
        [] => digits(&groups[0]),
        [b'.' | b','] => groups.iter().any(digits) && digits(&groups[1]),
        [first, .., last] if matches!(last, b'.' | b',') && last != first => {
            grouped(&groups[..groups.len() - 1], first, &marks[..marks.len() - 1])
                && digits(&groups[groups.len() - 1])
        }
        [first, ..] => grouped(&groups, first, &marks),
    }
}

/// Groups of three digits, all divided by the same mark.
fn grouped(groups: &[&[u8]], mark: &u8, marks: &[u8]) -> bool {
    matches!(mark, b',' | b'.' | b' ' | b'\'')
        && marks.iter().all(|other| other == mark)
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
}

/// A date, a time, or a date and a time; months in digits or letters.
fn is_date(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    if !(3..=20).contains(&digits) || text.len() > 35 {
        return false;
    }
    let (mut dashes, mut colons, mut blanks, mut letters, mut dots) = (0, 0, 0, 0, 0);
    for byte in text {
        match byte {
            b'0'..=b'9' => {}
            b'-' | b'/' => dashes += 1,
            b':' => colons += 1,
            b'.' => dots += 1,
            b' ' => blanks += 1,
            b'A'..=b'Z' | b'a'..=b'z' => letters += 1,
            b'+' => {}
            _ => return false,
        }
    }
    let longest = text.split(|byte| !byte.is_ascii_digit()).map(<[u8]>::len).max().unwrap_or(0);
    let is_clock = (1..=3).contains(&colons);
    let is_day = dashes == 2 || dots == 2 || (dashes == 3 && is_clock);
    let first_ok = text[0].is_ascii_digit();
    first_ok
        && longest <= 6
        && blanks <= 2
        && letters <= 3
        && colons <= 3
        && dashes <= 3
        && dots <= 3
        && (is_clock || is_day)
}

/// A URL or an e-mail address.
fn is_address(text: &[u8]) -> bool {
    let starts = |start: &[u8]| text.starts_with(start);
    let is_url = (starts(b"http://") || starts(b"https://") || starts(b"ftp://") || starts(b"www."))
        && !text.iter().any(|byte| matches!(byte, b' ' | b'"' | b';' | b'|' | b'\t' | b'^' | b'<' | b'>'));
    is_url
        || memchr::memchr(b'@', text).is_some_and(|at| {
            let legal = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
            at > 0
                && text[..at].iter().all(legal)
                && text[at + 1..].iter().all(legal)
                && text[at..].contains(&b'.')
        })
}

/// Letters, digits and the signs of prose, brackets closed; of what a text of words `has`.
fn is_words(text: &[u8], has: u16) -> bool {
    let count = |wanted: u8| text.iter().filter(|&&byte| byte == wanted).count();
    let is_closed = has & BRACKET == 0 || (count(b'(') == count(b')') && count(b'[') == count(b']'));
    is_closed && !matches!(text[0], b',' | b'.' | b':' | b')')
}
