//! Numbers for people: humanised amounts with their units, and intervals. How many digits are shown
//! follows from what the figure's interval supports; hedges and periods are words, and live elsewhere.

use model::observation::Interval;
use model::unit::Unit;

/// Magnitude words of the short scale, with their powers of ten, greatest first.
const MAGNITUDES: [(i32, &str); 3] = [(12, "trillion"), (9, "billion"), (6, "million")];

/// More decimals than this behind a magnitude word, and the number is written out instead.
const MOST_DECIMALS: i32 = 4;

/// Signs that are written before the number; every other currency is named by its code behind it.
const SIGNS: [(&str, &str); 3] = [("USD", "$"), ("EUR", "€"), ("GBP", "£")];

/// A number for people: `4.1 billion`, `16,000`, `−0.5`. With a `step` (a power of ten) it is rounded
/// to that step and shows no digit beyond it; without one it is written with its shortest digits, and one
/// without a last digit, as a third is, with three.
pub fn number(value: f64, step: Option<f64>) -> String {
    let (digits, magnitude) = parts(value, step);
    if magnitude.is_empty() { digits } else { format!("{digits} {magnitude}") }
}

/// A number with its unit: `$4.1 billion`, `2.15 billion RUB`, `410 million m³`, `13.6 %`. Counted
/// things (unit `1`) show the number alone.
pub fn amount(value: f64, step: Option<f64>, unit: Unit) -> String {
    with_unit(&number(value, step), unit)
}

/// An interval in mathematical notation: `[4.05 billion, 4.15 billion]`, `(1 billion, ∞)`; a single
/// point is the number alone. A round bracket excludes its bound.
pub fn bounds(interval: &Interval, step: Option<f64>) -> String {
    if interval.lower == interval.upper {
        return number(interval.lower, step);
    }
    let open = if interval.lower_open || interval.lower.is_infinite() { '(' } else { '[' };
    let close = if interval.upper_open || interval.upper.is_infinite() { ')' } else { ']' };
    let [lower, upper] = shown_bounds(interval, step).map(|(bound, step)| number(bound, step));
    format!("{open}{lower}, {upper}{close}")
}

/// A bounded interval in running text: `$3.56–3.65 billion`, `60–66.7 %`; one open to a side as
/// `more than $766 million`, its bound rounded to the safe side.
pub fn span(interval: &Interval, step: Option<f64>, unit: Unit) -> String {
    match (interval.lower.is_finite(), interval.upper.is_finite()) {
        (true, true) if interval.lower == interval.upper => amount(interval.lower, step, unit),
        (true, true) => with_unit(&closed_span(interval, step), unit),
        (true, false) => {
            let hedge = if interval.lower_open { "more than" } else { "at least" };
            format!("{hedge} {}", at_least(interval.lower, BOUND_DIGITS, unit))
        }
        (false, true) => {
            let (bound, step) = to_safe_side(interval.upper, f64::ceil, BOUND_DIGITS);
            let hedge = if interval.upper_open { "less than" } else { "at most" };
            format!("{hedge} {}", amount(bound, step, unit))
        }
        (false, false) => "any value".to_owned(),
    }
}

/// What is at least so much, with no more than `digits` significant digits: rounded down, for a lower
/// bound that is rounded up is not true.
pub fn at_least(bound: f64, digits: i32, unit: Unit) -> String {
    let (bound, step) = to_safe_side(bound, f64::floor, digits);
    amount(bound, step, unit)
}

/// The step of a stated figure: one unit of its last stated digit, read from the interval that its
/// words leave open. `None` where the figure is exact or the interval is no rounding interval.
pub fn stated_step(value: f64, lower: f64, upper: f64) -> Option<f64> {
    let width = upper - lower;
    if !width.is_finite() || width <= 0.0 {
        return None;
    }
    let power = width.log10().round();
    let step = 10f64.powf(power);
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * step;
    let centred = close(value - lower, upper - value) && close(width, step);
    (centred && close((value / step).round() * step, value)).then_some(step)
}

/// How many powers of ten are tried for a finer step.
const FINER: i32 = 4;

/// The step to which the point of a derived interval may be rounded: the coarsest power of ten, no
/// coarser than the interval is wide, that moves the point by no more than a fiftieth and keeps it
/// where the interval allows it.
pub fn supported_step(point: f64, interval: &Interval) -> Option<f64> {
    let width = interval.upper - interval.lower;
    if !point.is_finite() || !width.is_finite() || width <= 0.0 {
        return None;
    }
    let coarsest = (width.log10() - 1e-9).ceil();
    let slack = width / 10.0;
    (0..6).map(|finer| 10f64.powf(coarsest - f64::from(finer))).find(|step| {
        let rounded = (point / step).round() * step;
        (rounded - point).abs() <= (width / 2.0).min(point.abs() / 50.0)
            && rounded >= interval.lower - slack
            && rounded <= interval.upper + slack
    })
}

/// The step for the bounds of a derived interval: the coarsest that still divides its width into
/// eight and moves neither bound by more than a fiftieth; of an interval open to a side, three digits of its one bound.
pub fn bounds_step(interval: &Interval) -> Option<f64> {
    let width = interval.upper - interval.lower;
    if width.is_finite() && width > 0.0 {
        let coarse = 10f64.powf((width.log10() - 1e-9).ceil() - 1.0);
        let coarsest = if width >= 8.0 * coarse { coarse } else { coarse / 10.0 };
        let is_near =
            |bound: f64, step: f64| ((bound / step).round() * step - bound).abs() <= bound.abs() / 50.0;
        let mut steps = (0..FINER).map(|finer| coarsest / 10f64.powi(finer));
        let near = steps.find(|&step| is_near(interval.lower, step) && is_near(interval.upper, step));
        return Some(near.unwrap_or(coarsest));
    }
    let bound = if interval.lower.is_finite() { interval.lower } else { interval.upper };
    (bound.is_finite() && bound != 0.0 && width != 0.0).then(|| step_of_digits(bound, BOUND_DIGITS))
}

/// The printed form of a unit: `m³`, `kWh`, `RUB`; empty for counted things.
pub fn symbol(unit: Unit) -> String {
    match unit {
        Unit::COUNT => String::new(),
        Unit::PERCENTAGE_POINT => "percentage points".to_owned(),
        Unit(code) => ucum_symbol(code),
    }
}

fn with_unit(number: &str, unit: Unit) -> String {
    if let Some((_, sign)) = SIGNS.iter().find(|(code, _)| *code == unit.code()) {
        return match number.strip_prefix('−') {
            Some(rest) => format!("−{sign}{rest}"),
            None => format!("{sign}{number}"),
        };
    }
    let symbol = symbol(unit);
    if symbol.is_empty() { number.to_owned() } else { format!("{number} {symbol}") }
}

/// UCUM's code as it is printed: exponents raised, the dot of watt-hours dropped, other dots raised,
/// annotations in braces bare.
fn ucum_symbol(code: &str) -> String {
    let mut symbol = String::with_capacity(code.len());
    let mut before = '\0';
    let hours = code.ends_with("W.h");
    for letter in code.chars() {
        match letter {
            '.' if hours => {}
            '.' => symbol.push('·'),
            '{' | '}' | '[' | ']' => {}
            '-' => symbol.push('⁻'),
            '0'..='9' if before.is_alphabetic() || before == '-' || before.is_ascii_digit() => {
                symbol.extend("⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(letter as usize - '0' as usize));
            }
            other => symbol.push(other),
        }
        before = letter;
    }
    symbol
}

/// The digits of a number and its magnitude word, which may be empty.
fn parts(value: f64, step: Option<f64>) -> (String, &'static str) {
    if value.is_nan() {
        return ("–".to_owned(), "");
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return (format!("{sign}∞"), "");
    }
    let step = step.or_else(|| is_endless(value).then(|| step_of_digits(value, BOUND_DIGITS)));
    let size = match step {
        Some(step) if step > 0.0 => (value.abs() / step).round() * step,
        _ => value.abs(),
    };
    if size == 0.0 {
        return (rounded(0.0, 0, step), "");
    }
    if !(1e-6..1e18).contains(&size) {
        return (format!("{sign}{size:e}"), "");
    }
    let (power, word) = magnitude(size, step);
    (format!("{sign}{}", rounded(size, power, step)), word)
}

/// The magnitude word that keeps the digits short; thousands only where a number is known to them.
fn magnitude(size: f64, step: Option<f64>) -> (i32, &'static str) {
    // The nearest float of 1e9 rounded to a step may lie a hair below it.
    let reach = size * (1.0 + 1e-12);
    let found = MAGNITUDES.into_iter().find(|&(power, _)| reach >= 10f64.powi(power));
    let thousands = step.is_some_and(|step| step >= 10.0) && size >= 1e3;
    let (power, word) = match found {
        Some(found) => found,
        None if thousands => (3, "thousand"),
        None => return (0, ""),
    };
    if decimals(size, power, step) > MOST_DECIMALS { (0, "") } else { (power, word) }
}

/// How many decimals `size` shows when written in units of ten to the `power`.
fn decimals(size: f64, power: i32, step: Option<f64>) -> i32 {
    match step {
        Some(step) if step > 0.0 => (power - step.log10().round() as i32).max(0),
        _ => shifted(size, power).split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32),
    }
}

fn rounded(size: f64, power: i32, step: Option<f64>) -> String {
    let digits = match step {
        Some(_) => {
            let decimals = decimals(size, power, step).max(0) as usize;
            format!("{:.decimals$}", size / 10f64.powi(power))
        }
        None => shifted(size, power),
    };
    grouped(&digits)
}

/// The shortest digits of `size` that read back as the same float, with the point moved `power`
/// places to the left: exact, where a division would bring float noise into sight.
fn shifted(size: f64, power: i32) -> String {
    let text = format!("{size}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let power = power.max(0) as usize;
    let padded = format!("{whole:0>width$}", width = power + 1);
    let (whole, moved) = padded.split_at(padded.len() - power);
    let fraction = format!("{moved}{fraction}");
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Commas between groups of three digits of the whole part.
pub(crate) fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn closed_span(interval: &Interval, step: Option<f64>) -> String {
    let shown = shown_bounds(interval, step);
    let [(lower, lower_word), (upper, upper_word)] = shown.map(|(bound, step)| parts(bound, step));
    let between = if interval.lower < 0.0 { " to " } else { "–" };
    match (lower_word == upper_word, upper_word.is_empty()) {
        (true, true) => format!("{lower}{between}{upper}"),
        (true, false) => format!("{lower}{between}{upper} {upper_word}"),
        _ => shown.map(|(bound, step)| number(bound, step)).join(" to "),
    }
}

/// Down or up to a whole number.
type Rounding = fn(f64) -> f64;

/// Both bounds as they are shown, each with its step. The one bound of an interval that is open to a side
/// is rounded to its side; so is one without a last digit, where no step is given.
fn shown_bounds(interval: &Interval, step: Option<f64>) -> [(f64, Option<f64>); 2] {
    let sides: [(f64, Rounding); 2] = [(interval.lower, f64::floor), (interval.upper, f64::ceil)];
    let is_closed = interval.lower.is_finite() && interval.upper.is_finite();
    sides.map(|(bound, direction)| {
        let is_rounded = if step.is_some() { !is_closed } else { is_endless(bound) };
        if is_rounded {
            to_safe_side(bound, direction, BOUND_DIGITS)
        } else {
            (bound, exact_step(bound, step))
        }
    })
}

/// The step for one bound: none where the bound is as exact as the step, so that it shows no zero
/// that stands for nothing: `60–66.7`, not `60.0–66.7`.
fn exact_step(bound: f64, step: Option<f64>) -> Option<f64> {
    step.filter(|step| {
        let coarse = step * 10.0;
        (bound - (bound / coarse).round() * coarse).abs() > 1e-9 * bound.abs()
    })
}

/// A bound rounded to so many digits in the direction that keeps what is said of it true.
fn to_safe_side(bound: f64, direction: Rounding, digits: i32) -> (f64, Option<f64>) {
    if bound == 0.0 || !bound.is_finite() || significant(bound) <= digits as usize {
        return (bound, None);
    }
    let step = step_of_digits(bound, digits);
    // A bound that is a multiple of the step may lie a hair beside it as a float.
    let steps = bound / step;
    let near = steps.round();
    let steps = if (steps - near).abs() < 1e-9 * near.abs() { near } else { direction(steps) };
    (steps * step, Some(step))
}

/// Digits of a bound that is rounded to its side.
const BOUND_DIGITS: i32 = 3;

/// A number with more significant digits than this, of which more than cents stand behind the point,
/// was not stated digit by digit.
const MOST_DIGITS: usize = 12;

/// Whether a number has no last digit, as a third has none, or shows the noise of a float.
fn is_endless(value: f64) -> bool {
    let decimals = shifted(value.abs(), 0).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    value.is_finite() && decimals > 2 && significant(value) > MOST_DIGITS
}

/// How many significant digits the shortest text of a number has.
fn significant(value: f64) -> usize {
    let digits: String = format!("{}", value.abs()).chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

/// The step that leaves a number so many digits.
pub(crate) fn step_of_digits(value: f64, digits: i32) -> f64 {
    10f64.powf(value.abs().log10().floor() + 1.0 - f64::from(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a table of cases: columns by `|`, comment lines by `#`.
    fn cases(table: &str) -> impl Iterator<Item = Vec<&str>> {
        table
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .map(|line| line.split('|').map(str::trim).collect())
    }

    fn float(text: &str) -> Option<f64> {
        match text {
            "" => None,
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            "nan" => Some(f64::NAN),
            other => other.parse().ok(),
        }
    }

    fn interval(lower: &str, upper: &str, open: &str) -> Interval {
        Interval {
            lower: float(lower).unwrap_or(f64::NEG_INFINITY),
            lower_open: open.starts_with('('),
            upper: float(upper).unwrap_or(f64::INFINITY),
            upper_open: open.ends_with(')'),
        }
    }

    fn unit(code: &str) -> Unit {
        let known = ["USD", "RUB", "EUR", "m3", "kW.h", "%", "pp", "1", "t", "{person}", "t.km", "m3.d-1"];
        Unit(known.into_iter().find(|known| *known == code).unwrap_or("1"))
    }

    #[test]
    fn amounts() {
        for case in cases(include_str!("../tests/data/amounts.txt")) {
            let [value, step, code, expected] = case[..] else { panic!("four columns: {case:?}") };
            let value = float(value).unwrap_or(f64::NAN);
            assert_eq!(amount(value, float(step), unit(code)), expected, "{case:?}");
        }
    }

    #[test]
    fn lower_bounds_are_never_rounded_up() {
        let cases = [
            (155e6, 2, "$150 million"),
            (155e6, 3, "$155 million"),
            (1_559_999.0, 3, "$1.55 million"),
            (6.6098, 2, "$6.6"),
            (0.0999, 2, "$0.099"),
            (3e9 - 2.9e9, 3, "$100 million"),
        ];
        for (bound, digits, expected) in cases {
            assert_eq!(at_least(bound, digits, Unit("USD")), expected, "{bound}");
        }
    }

    #[test]
    fn bounds_without_a_last_digit_are_rounded_outwards() {
        let third = 100.0 / 3.0;
        let cases = [
            (30.0, third, "[30, 33.4]", "30–33.4 %"),
            (third, 40.0, "[33.3, 40]", "33.3–40 %"),
            (-third, third, "[−33.4, 33.4]", "−33.4 to 33.4 %"),
            (30.0, 33.25, "[30, 33.25]", "30–33.25 %"),
        ];
        for (lower, upper, notation, text) in cases {
            let interval = Interval { lower, lower_open: false, upper, upper_open: false };
            assert_eq!(bounds(&interval, None), notation);
            assert_eq!(span(&interval, None, Unit::PERCENT), text);
        }
    }

    #[test]
    fn stated_steps() {
        for case in cases(include_str!("../tests/data/stated_steps.txt")) {
            let [value, lower, upper, expected] = case[..] else { panic!("four columns: {case:?}") };
            let bound = |text| float(text).unwrap_or(f64::NAN);
            let step = stated_step(bound(value), bound(lower), bound(upper));
            assert_eq!(step, float(expected), "{case:?}");
        }
    }

    #[test]
    fn derived_values_and_their_intervals() {
        for case in cases(include_str!("../tests/data/intervals.txt")) {
            let [point, lower, upper, open, code, value, notation, text] = case[..] else {
                panic!("eight columns: {case:?}")
            };
            let interval = interval(lower, upper, open);
            let point = float(point).unwrap_or(f64::NAN);
            let shown = amount(point, supported_step(point, &interval), unit(code));
            assert_eq!(shown, value, "{case:?}");
            let step = bounds_step(&interval);
            assert_eq!(bounds(&interval, step), notation, "{case:?}");
            assert_eq!(span(&interval, step, unit(code)), text, "{case:?}");
        }
    }
}
