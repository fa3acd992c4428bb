//! A figure in canonical English words, which read back as the same figure.

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::is_year_number;
use crate::quantity::lexicon::lexicon;

/// The magnitudes that print, greatest last.
const MAGNITUDES: [(u32, &str); 5] =
    [(0, ""), (3, " thousand"), (6, " million"), (9, " billion"), (12, " trillion")];

/// The canonical text of a figure: its comparator in words, its digits down to the last stated one,
/// and its unit's code or noun: "more than 4.1 billion USD", "between 3 and 4 m3", "36 projects".
pub fn print(quantity: &Quantity) -> String {
    let number = match quantity.stated {
        Stated::Point { value, half_unit } if quantity.unit.is_none_or(|unit| unit.code() != "a") => {
            stated(value, half_unit)
        }
        Stated::Point { value, half_unit } => no_year(stated(value, half_unit), value),
        Stated::Range { lower, upper } => {
            format!("between {} and {}", end(lower, quantity.unit), end(upper, quantity.unit))
        }
    };
    let words = match quantity.comparator {
        Comparator::Equal | Comparator::Range => "",
        Comparator::Greater => "more than ",
        Comparator::GreaterOrEqual => "at least ",
        Comparator::Less => "less than ",
        Comparator::LessOrEqual => "at most ",
        Comparator::NearlyBelow => "nearly ",
        Comparator::About => "about ",
    };
    let unit = match (&quantity.noun, quantity.unit) {
        (Some(noun), Some(unit)) if unit != Unit::COUNT => {
            format!(" {noun} per {}", unit.code().trim_start_matches("1/"))
        }
        (Some(noun), _) => format!(" {noun}"),
        (None, Some(Unit::PERCENTAGE_POINT)) => " p.p.".to_owned(),
        (None, Some(unit)) => format!(" {}", lexicon().form(unit)),
        (None, None) => String::new(),
    };
    format!("{words}{number}{unit}")
}

/// The end of a range; without a unit, or in years, grouped where it would be a year: "between 1,500 and 2,000".
fn end(value: Decimal, unit: Option<Unit>) -> String {
    let text = value.normalize().to_string();
    if unit.is_none_or(|unit| unit.code() == "a") { no_year(text, value) } else { text }
}

/// The digits of a number, grouped where they would be a year.
fn no_year(digits: String, value: Decimal) -> String {
    match digits.split_at_checked(1) {
        Some((thousands, rest)) if rest.len() == 3 && is_year_number(value.normalize()) => {
            format!("{thousands},{rest}")
        }
        _ => digits,
    }
}

/// A number down to its last stated digit, with the least magnitude that leaves no digit unstated.
fn stated(value: Decimal, half_unit: Decimal) -> String {
    let step = (half_unit + half_unit).normalize();
    if step.is_zero() {
        return value.normalize().to_string();
    }
    if step.mantissa() != 10i128.pow(step.mantissa().unsigned_abs().checked_ilog10().unwrap_or(0)) {
        return format!("{} ± {}", value.normalize(), half_unit.normalize());
    }
    let exponent = power_of_ten(step);
    let (power, word) = MAGNITUDES
        .into_iter()
        .find(|&(power, _)| i64::from(power) >= exponent)
        .unwrap_or(MAGNITUDES[MAGNITUDES.len() - 1]);
    let decimals = (i64::from(power) - exponent).max(0) as usize;
    let factor = Decimal::from(10u64.pow(power));
    match value.checked_div(factor) {
        Some(mantissa) => format!("{mantissa:.decimals$}{word}"),
        None => value.to_string(),
    }
}

/// The exponent of a power of ten, rounded down for anything else.
fn power_of_ten(step: Decimal) -> i64 {
    let mantissa = step.mantissa().unsigned_abs();
    mantissa.checked_ilog10().map_or(0, i64::from) - i64::from(step.scale())
}
