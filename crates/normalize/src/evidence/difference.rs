//! How a stated figure differs from one that was read: in its qualifier, its unit or its value, and
//! what kind of slip that is. Nothing here knows a text.

use model::claim::Measure;
use model::figure::{Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use super::text::Figure;
use crate::quantity::{Course, Mention};

/// What a row states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    /// The figure.
    pub(super) quantity: &'a Quantity,
    /// Its unit, by its words or by its indicator.
    pub(super) unit: Option<Unit>,
    /// Whether it is a growth, which is in percent.
    pub(super) measure: Measure,
}

/// The first thing in which two figures differ. The order is that of likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// Value and unit agree, the qualifier does not.
    Qualifier,
    /// The value agrees, the unit does not.
    Unit,
    /// The unit agrees, the value does not.
    Value(Slip),
    /// Neither value nor unit agree.
    Both,
}

/// How a wrong value came to be, as far as its digits tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// A power of ten between them: this many zeros.
    Factor(u32),
    /// Two digits changed places.
    Swapped,
    /// One digit is another.
    Digit,
    /// One digit too few or too many.
    Length,
    /// The other sign.
    Sign,
    /// Of a range and a figure, or of two ranges, only one end agrees.
    End,
    /// One is a range, the other is not, or both its ends differ.
    Range,
    /// None of these.
    Other,
}

/// In what the figure that was read differs from the stated one; `None` where they agree.
pub(super) fn difference(expected: &Expected<'_>, figure: &Figure) -> Option<Difference> {
    let read = &*figure.mention.measured(expected.measure, expected.unit);
    let slip = slip(expected.quantity, read);
    let is_namesake = expected.unit.is_some_and(|unit| figure.namesakes.contains(&unit));
    match (slip, is_namesake || units_agree(expected, read.unit)) {
        (Some(_), false) => Some(Difference::Both),
        (Some(slip), true) => Some(Difference::Value(slip)),
        (None, false) => Some(Difference::Unit),
        (None, true) if expected.quantity.comparator != read.comparator => Some(Difference::Qualifier),
        (None, true) => None,
    }
}

/// Whether the unit that was read is the expected one. Where words name no unit they do not
/// contradict one, except that a growth is in percent.
fn units_agree(expected: &Expected<'_>, read: Option<Unit>) -> bool {
    match (expected.unit, read) {
        (unit, read) if expected.measure == Measure::Growth => {
            unit.is_none_or(|unit| unit == Unit::PERCENT) && read == Some(Unit::PERCENT)
        }
        (None, _) | (_, None) => true,
        (Some(expected), Some(read)) => expected == read,
    }
}

fn is_share(unit: Unit) -> bool {
    unit == Unit::PERCENT || unit == Unit::PERCENTAGE_POINT
}

fn slip(stated: &Quantity, read: &Quantity) -> Option<Slip> {
    match (stated.stated, read.stated) {
        (Stated::Point { value: stated, .. }, Stated::Point { value: read, .. }) => {
            if stated == read {
                None
            } else {
                Some(value_slip(stated, read))
            }
        }
        (Stated::Range { lower: a, upper: b }, Stated::Range { lower: c, upper: d }) => {
            match ((a != c).then(|| value_slip(a, c)), (b != d).then(|| value_slip(b, d))) {
                (None, None) => None,
                (Some(one), Some(other)) if one != other => Some(Slip::Range),
                (None, Some(Slip::Other)) | (Some(Slip::Other), None) => Some(Slip::End),
                (Some(slip), _) | (None, Some(slip)) => Some(slip),
            }
        }
        (Stated::Point { value, .. }, Stated::Range { lower, upper })
        | (Stated::Range { lower, upper }, Stated::Point { value, .. }) => {
            let is_end = value == lower || value == upper;
            Some(if is_end { Slip::End } else { Slip::Range })
        }
    }
}

/// What kind of slip turns one number into another.
pub(super) fn value_slip(stated: Decimal, read: Decimal) -> Slip {
    if stated == -read {
        return Slip::Sign;
    }
    let (stated_digits, stated_exponent) = digits(stated);
    let (read_digits, read_exponent) = digits(read);
    if stated_digits == read_digits && !stated_digits.is_empty() {
        return Slip::Factor(stated_exponent.abs_diff(read_exponent));
    }
    let least = stated_exponent.min(read_exponent);
    let padded = |digits: String, exponent: i32| digits + &"0".repeat(exponent.abs_diff(least) as usize);
    let (a, b) = (padded(stated_digits, stated_exponent), padded(read_digits, read_exponent));
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
        let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
        let is_one_more = long.len() == short.len() + 1 && short[same..] == long[same + 1..];
        return if is_one_more { Slip::Length } else { Slip::Other };
    }
    let differing: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).collect();
    match differing[..] {
        [_] if a.len() > 1 => Slip::Digit,
        [one, other] if a[one] == b[other] && a[other] == b[one] => Slip::Swapped,
        _ => Slip::Other,
    }
}

/// The significant digits of a number, and the power of ten they are multiplied with.
fn digits(number: Decimal) -> (String, i32) {
    let text = number.mantissa().unsigned_abs().to_string();
    let significant = text.trim_end_matches('0');
    let zeros = text.len() - significant.len();
    (significant.to_owned(), zeros as i32 - number.scale() as i32)
}

/// Why `stated` is wrong, for a person.
pub(super) fn reason(difference: Difference, expected: &Expected<'_>, mention: &Mention) -> String {
    let read = &*mention.measured(expected.measure, expected.unit);
    match difference {
        Difference::Qualifier => match (expected.quantity.comparator.hedge(), read.comparator.hedge()) {
            ("", dropped) => format!("the qualifier \"{dropped}\" was dropped"),
            (added, "") => format!("the qualifier \"{added}\" was added"),
            _ => "another qualifier".to_owned(),
        },
        Difference::Unit | Difference::Both => unit_reason(expected.unit, read.unit).to_owned(),
        Difference::Value(slip) => match slip {
            Slip::Factor(zeros) => format!("a factor of 1{}", grouped_zeros(zeros)),
            Slip::Swapped => "two digits are swapped".to_owned(),
            Slip::Digit => "one digit differs".to_owned(),
            Slip::Length => "a digit is missing or one too many".to_owned(),
            Slip::Sign => match (mention.course, expected.measure) {
                (_, Measure::Level) | (Course::Unsaid, _) => "the other sign".to_owned(),
                (Course::Down, _) => "the words say a fall".to_owned(),
                (Course::Up, _) => "the words say a rise".to_owned(),
            },
            Slip::End => "only one end of the range agrees".to_owned(),
            Slip::Range => "a range and a single figure, or other ends".to_owned(),
            Slip::Other => "another value".to_owned(),
        },
    }
}

fn unit_reason(expected: Option<Unit>, read: Option<Unit>) -> &'static str {
    match (expected, read) {
        (Some(a), Some(b)) if a.is_currency() && b.is_currency() => "another currency",
        (Some(a), Some(b)) if is_share(a) && is_share(b) => "percent and percentage points are not the same",
        (_, None) => "a growth is in percent",
        _ => "another unit",
    }
}

fn grouped_zeros(zeros: u32) -> String {
    (0..zeros).rev().map(|left| if left % 3 == 2 { ",0" } else { "0" }).collect()
}

/// A figure for a person: `more than 3,000,000,000 USD`.
pub(super) fn show(quantity: &Quantity, unit: Option<Unit>) -> String {
    let mut text = quantity.comparator.hedge().to_owned();
    if !text.is_empty() {
        text.push(' ');
    }
    match quantity.stated {
        Stated::Point { value, .. } => text.push_str(&grouped(value)),
        Stated::Range { lower, upper } => {
            text.push_str(&grouped(lower));
            text.push_str(" to ");
            text.push_str(&grouped(upper));
        }
    }
    match (unit.or(quantity.unit), &quantity.noun) {
        (Some(Unit::COUNT) | None, Some(noun)) => text.extend([" ", noun]),
        (Some(Unit::COUNT) | None, None) => {}
        (Some(unit), _) => text.extend([" ", unit.code()]),
    }
    text
}

/// A number with a comma at every third digit before the point.
pub(super) fn grouped(number: Decimal) -> String {
    let text = number.normalize().to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut grouped = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.extend([".", fraction]);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_by_their_digits() {
        let cases = [
            ("3000000", "3000000000", Slip::Factor(3)),
            ("0.4", "4", Slip::Factor(1)),
            ("63", "36", Slip::Swapped),
            ("102", "120", Slip::Swapped),
            ("4.2", "4.1", Slip::Digit),
            ("46", "146", Slip::Length),
            ("4", "3", Slip::Other),
            ("-5", "5", Slip::Sign),
            ("0", "5", Slip::Other),
            ("17", "4100000000", Slip::Other),
            ("79228162514264337593543950335", "0.0000000000000000000000000001", Slip::Other),
        ];
        for (stated, read, expected) in cases {
            let number = |text: &str| text.parse::<Decimal>().unwrap_or_default();
            assert_eq!(value_slip(number(stated), number(read)), expected, "{stated} {read}");
        }
    }

    #[test]
    fn numbers_for_people() {
        let number = |text: &str| grouped(text.parse().unwrap_or_default());
        assert_eq!(number("-1234567.50"), "-1,234,567.5");
        assert_eq!(number("100"), "100");
        assert_eq!(format!("1{}", grouped_zeros(3)), "1,000");
        assert_eq!(format!("1{}", grouped_zeros(4)), "10,000");
        assert_eq!(format!("1{}", grouped_zeros(1)), "10");
    }
}
