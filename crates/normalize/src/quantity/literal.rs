//! Number literals: digits with their separators, and what they may mean.
//!
//! A separator before the last group decides by itself wherever it can: `1,234.5`, `1.234,5`,
//! `13,6`, `1 234`. Only one comma or point before exactly three digits cannot be decided, and is
//! left to the convention.

use rust_decimal::Decimal;

use crate::quantity::Convention;

/// The most digits that a figure may have: what a 96-bit decimal always holds.
const MOST_DIGITS: usize = 28;

/// What the digits of a token say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Literal {
    /// No number.
    None,
    /// One number, and whether its digits stand in groups.
    Exact(Decimal, Grouping),
    /// `1,234` (a comma) or `1.234` (a point): grouped or decimal.
    Either {
        /// The number with the separator as a decimal one.
        decimal: Decimal,
        /// The number with the separator between groups.
        grouped: Decimal,
        /// Which it is.
        separator: Separator,
    },
    /// More digits than a figure may have.
    TooLarge,
    /// Digits and separators that are no number: `12.05.2024`, `1,2,3`.
    Malformed,
}

/// Whether digits stand in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    /// Plain digits.
    Plain,
    /// Groups between spaces.
    Spaces,
    /// Groups between other separators, or decimals: a year is never written so.
    Other,
}

/// A comma or a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// `,`
    Comma,
    /// `.`
    Point,
}

impl Literal {
    /// The number under `convention`, or `None` where there is none or it cannot be decided.
    /// `mark` is what the words around write before decimals in running text.
    pub(super) fn resolve(self, convention: Convention, mark: Separator) -> Option<Decimal> {
        let point_is_decimal = match (self, convention) {
            (Literal::Exact(value, _), _) => return Some(value),
            (Literal::Either { decimal, separator, .. }, Convention::RunningText) => {
                if separator == Separator::Point || separator == mark {
                    return Some(decimal);
                }
                true
            }
            (Literal::Either { .. }, Convention::DecimalPoint) => true,
            (Literal::Either { .. }, Convention::DecimalComma) => false,
            _ => return None,
        };
        match self {
            Literal::Either { decimal, grouped, separator } => {
                Some(if (separator == Separator::Point) == point_is_decimal { decimal } else { grouped })
            }
            _ => None,
        }
    }
}

/// How many bytes at the start of `text`, which begins with a digit, are one literal. A separator
/// belongs to it where a digit follows; a space only before groups of exactly three.
pub(super) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = digits(bytes, 0);
    let mut short_head = at <= 3;
    let mut space = None;
    loop {
        let Some(c) = text[at..].chars().next() else { return at };
        let next = at + c.len_utf8();
        if !bytes.get(next).is_some_and(u8::is_ascii_digit) {
            return at;
        }
        let end = digits(bytes, next);
        match c {
            '.' | ',' => {
                // Behind a decimal separator no space groups follow.
                short_head = false;
            }
            '\'' | '’' | '٬' | '˙' if end - next == 3 => {}
            _ if is_group_space(c) && short_head && end - next == 3 && space.is_none_or(|s| s == c) => {
                space = Some(c);
            }
            _ => return at,
        }
        at = end;
    }
}

fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' | '\u{2008}' | '\u{2005}' | '\u{2006}')
}

fn digits(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// What a literal of [`length`] says; one that begins with a point is a decimal below one.
pub(super) fn read(text: &str) -> Literal {
    if text.len() <= 9 && is_digits(text) {
        let value = text.bytes().fold(0i64, |value, b| value * 10 + i64::from(b - b'0'));
        return Literal::Exact(Decimal::from(value), Grouping::Plain);
    }
    if text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return Literal::TooLarge;
    }
    if let Some(tail) = text.strip_prefix('.') {
        return match is_digits(tail) {
            true => number("0", tail, Grouping::Other),
            false => Literal::Malformed,
        };
    }
    match text.split_once([',', '.']) {
        Some((head, tail)) if is_digits(head) && is_digits(tail) => {
            let separator =
                if text.as_bytes()[head.len()] == b',' { Separator::Comma } else { Separator::Point };
            single(head, tail, separator)
        }
        _ => grouped(text),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// What has several separators, or one that is no comma and no point.
fn grouped(text: &str) -> Literal {
    let mut separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    for separator in &mut separators {
        if is_group_space(*separator) {
            *separator = ' ';
        }
    }
    let (Some(&last), Some(&tail)) = (separators.last(), groups.last()) else {
        return number(text, "", Grouping::Plain);
    };
    let head = &groups[..groups.len() - 1];
    let same = separators.iter().all(|&s| s == last);
    let grouping = if separators[0] == ' ' { Grouping::Spaces } else { Grouping::Other };
    let is_decimal_mark = last == ',' || last == '.';
    if same {
        let whole = well_grouped(&groups, last).then(|| groups.concat());
        return whole.map_or(Literal::Malformed, |digits| number(&digits, "", grouping));
    }
    let first = separators[0];
    let one_group_mark = separators[..separators.len() - 1].iter().all(|&s| s == first);
    if is_decimal_mark && one_group_mark && first != last && well_grouped(head, first) {
        return number(&head.concat(), tail, grouping);
    }
    Literal::Malformed
}

/// One comma or point between two groups.
fn single(head: &str, tail: &str, separator: Separator) -> Literal {
    let decimal = number(head, tail, Grouping::Other);
    if tail.len() != 3 || head.len() > 3 || head.starts_with('0') {
        return decimal;
    }
    match (decimal, number(&[head, tail].concat(), "", Grouping::Other)) {
        (Literal::Exact(decimal, _), Literal::Exact(grouped, _)) => {
            Literal::Either { decimal, grouped, separator }
        }
        _ => Literal::Malformed,
    }
}

/// Groups of three behind a head of one to three; with commas also the Indian way, twos before a
/// last three.
fn well_grouped(groups: &[&str], separator: char) -> bool {
    let [head, middle @ .., last] = groups else { return groups.len() == 1 };
    if last.len() != 3 || head.is_empty() || head.len() > 3 || (head.starts_with('0') && head.len() > 1) {
        return false;
    }
    middle.iter().all(|group| group.len() == 3)
        || separator == ',' && head.len() <= 2 && middle.iter().all(|group| group.len() == 2)
}

fn number(whole: &str, decimals: &str, grouping: Grouping) -> Literal {
    // So many digits as a figure may have overflow nothing.
    let mantissa = whole
        .bytes()
        .chain(decimals.bytes())
        .fold(0i128, |mantissa, b| mantissa.wrapping_mul(10).wrapping_add(i128::from(b - b'0')));
    match Decimal::try_from_i128_with_scale(mantissa, decimals.len() as u32) {
        Ok(value) => Literal::Exact(value, grouping),
        Err(_) => Literal::TooLarge,
    }
}
