//! Arithmetic of intervals with open and absent bounds, on 64-bit floats.
//!
//! An absent bound is an infinity, and counts as neither open nor closed: its flag is false. Each
//! operation gives the tightest interval that holds every result its operands allow; a bound that is
//! approached and never reached stays open. What words leave which interval open is not decided here.

use model::observation::Interval;

/// The interval of a single number.
pub(crate) fn exactly(value: f64) -> Interval {
    Interval { lower: value, lower_open: false, upper: value, upper_open: false }
}

/// What both intervals allow, or `None` where nothing is left.
pub(crate) fn intersection(a: &Interval, b: &Interval) -> Option<Interval> {
    let (lower, lower_open) = if a.lower == b.lower {
        (a.lower, a.lower_open || b.lower_open)
    } else if a.lower > b.lower {
        (a.lower, a.lower_open)
    } else {
        (b.lower, b.lower_open)
    };
    let (upper, upper_open) = if a.upper == b.upper {
        (a.upper, a.upper_open || b.upper_open)
    } else if a.upper < b.upper {
        (a.upper, a.upper_open)
    } else {
        (b.upper, b.upper_open)
    };
    let empty = lower > upper || (lower == upper && (lower_open || upper_open));
    if empty { None } else { Some(Interval { lower, lower_open, upper, upper_open }) }
}

/// Whether some number lies in both.
pub(crate) fn meet(a: &Interval, b: &Interval) -> bool {
    intersection(a, b).is_some()
}

/// Whether every number of `a` is less than every number of `b`.
pub(crate) fn surely_below(a: &Interval, b: &Interval) -> bool {
    a.upper < b.lower || (a.upper == b.lower && (a.upper_open || b.lower_open))
}

/// Whether every number of `a` is at most every number of `b`.
pub(crate) fn surely_at_most(a: &Interval, b: &Interval) -> bool {
    a.upper <= b.lower
}

/// The sum of two intervals.
pub(crate) fn sum(a: &Interval, b: &Interval) -> Interval {
    tidy((a.lower + b.lower, a.lower_open || b.lower_open), (a.upper + b.upper, a.upper_open || b.upper_open))
}

/// `constant` less the interval.
pub(crate) fn less_from(constant: f64, a: &Interval) -> Interval {
    tidy((constant - a.upper, a.upper_open), (constant - a.lower, a.lower_open))
}

/// Every number of the interval put through `f`, which must not decrease.
pub(crate) fn increasing(a: &Interval, f: impl Fn(f64) -> f64) -> Interval {
    tidy((f(a.lower), a.lower_open), (f(a.upper), a.upper_open))
}

/// Every number of the interval put through `f`, which must not increase.
pub(crate) fn decreasing(a: &Interval, f: impl Fn(f64) -> f64) -> Interval {
    tidy((f(a.upper), a.upper_open), (f(a.lower), a.lower_open))
}

/// A product with a factor that is never negative.
pub(crate) fn product(a: &Interval, factor: &Interval) -> Interval {
    let end = |bound: f64, bound_open: bool, other: (f64, bool)| {
        if bound == 0.0 { (0.0, bound_open) } else { (bound * other.0, bound_open || other.1) }
    };
    let least = (factor.lower, factor.lower_open);
    let greatest = (factor.upper, factor.upper_open);
    let lower = end(a.lower, a.lower_open, if a.lower >= 0.0 { least } else { greatest });
    let upper = end(a.upper, a.upper_open, if a.upper >= 0.0 { greatest } else { least });
    tidy(lower, upper)
}

/// A quotient by a divisor that is never negative; `None` where the divisor may be. A divisor that
/// may be as small as zero leaves the side it governs without a bound.
pub(crate) fn quotient(a: &Interval, divisor: &Interval) -> Option<Interval> {
    if divisor.lower < 0.0 || divisor.upper <= 0.0 {
        return None;
    }
    let end = |bound: f64, bound_open: bool, by: (f64, bool)| {
        if bound == 0.0 {
            (0.0, bound_open)
        } else if by.0 == f64::INFINITY {
            (if bound.is_finite() { 0.0 } else { bound }, true)
        } else if by.0 == 0.0 {
            (f64::INFINITY.copysign(bound), false)
        } else {
            (bound / by.0, bound_open || by.1)
        }
    };
    let least = (divisor.lower, divisor.lower_open);
    let greatest = (divisor.upper, divisor.upper_open);
    let lower = end(a.lower, a.lower_open, if a.lower >= 0.0 { greatest } else { least });
    let upper = end(a.upper, a.upper_open, if a.upper >= 0.0 { least } else { greatest });
    Some(tidy(lower, upper))
}

/// Whether at least one side has a bound.
pub(crate) fn is_bounded(a: &Interval) -> bool {
    a.lower.is_finite() || a.upper.is_finite()
}

/// Both bounds to 12 significant digits: derived values promise no more.
pub(crate) fn rounded(a: &Interval) -> Interval {
    let (lower, upper) = (to_twelve_digits(a.lower), to_twelve_digits(a.upper));
    let single = lower == upper;
    Interval { lower, lower_open: a.lower_open && !single, upper, upper_open: a.upper_open && !single }
}

/// From the lower bound to the upper, without what only the floats make of it: 10.55 less 10.45 is as
/// wide as 10.25 less 10.15. Both bounds must be finite.
pub(crate) fn width(a: &Interval) -> f64 {
    let width = a.upper - a.lower;
    let greatest = a.lower.abs().max(a.upper.abs());
    if width == 0.0 || !width.is_finite() {
        return width;
    }
    // Each bound is the float nearest to a decimal, which its first 15 digits tell exactly.
    let digits = 15 - (magnitude(greatest) - magnitude(width));
    if digits > 0 { to_digits(width, digits) } else { 0.0 }
}

/// The float nearest to `value` written with 12 significant digits.
pub(crate) fn to_twelve_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() { value } else { to_digits(value, 12) }
}

/// The exponent of the first digit of a number that is neither zero nor infinite.
fn magnitude(value: f64) -> i32 {
    value.abs().log10().floor() as i32
}

/// The float nearest to `value` written with so many significant digits; neither zero nor infinite.
fn to_digits(value: f64, digits: i32) -> f64 {
    // 10^22 is the greatest power of ten that is an exact float; within it scaling errs by less than
    // the last digit, and a whole number over an exact power is rounded once.
    let exponent = digits - 1 - magnitude(value);
    if exponent.abs() <= 22 {
        let power = 10f64.powi(exponent.abs());
        if exponent >= 0 { (value * power).round() / power } else { (value / power).round() * power }
    } else {
        format!("{value:.*e}", (digits - 1) as usize).parse().unwrap_or(value)
    }
}

/// Clears the flag of an absent bound and takes what could not be computed for absent.
fn tidy(lower: (f64, bool), upper: (f64, bool)) -> Interval {
    let side = |(bound, open): (f64, bool), absent: f64| {
        if bound.is_finite() { (bound, open) } else { (absent, false) }
    };
    let (lower, lower_open) = side(lower, f64::NEG_INFINITY);
    let (upper, upper_open) = side(upper, f64::INFINITY);
    Interval { lower, lower_open, upper, upper_open }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[1, 2)` and the like; `-` and `+` stand for absent bounds.
    fn interval(text: &str) -> Interval {
        let (lower_open, upper_open) = (text.starts_with('('), text.ends_with(')'));
        let ends: Vec<f64> = text
            .trim_matches(['(', ')', '[', ']'])
            .split(',')
            .map(|end| match end.trim() {
                "-" => f64::NEG_INFINITY,
                "+" => f64::INFINITY,
                number => number.parse().unwrap_or(f64::NAN),
            })
            .collect();
        tidy((ends[0], lower_open), (ends[1], upper_open))
    }

    #[test]
    fn intersections_and_order() {
        let cases = [
            ("[1, 3]", "[2, 4]", Some("[2, 3]"), false),
            ("[1, 3]", "(3, 4]", None, true),
            ("[1, 3)", "[3, 4]", None, true),
            ("[1, 3]", "[3, 4]", Some("[3, 3]"), false),
            ("(3, +]", "[2, 4]", Some("(3, 4]"), false),
            ("[1, 2]", "[3, 4]", None, true),
            ("[-, 2]", "[1, +]", Some("[1, 2]"), false),
        ];
        for (a, b, both, below) in cases {
            assert_eq!(intersection(&interval(a), &interval(b)), both.map(interval), "{a} with {b}");
            assert_eq!(surely_below(&interval(a), &interval(b)), below, "{a} below {b}");
        }
    }

    #[test]
    fn products() {
        let cases = [
            ("[2, 3]", "[4, 5]", "[8, 15]"),
            ("(2, +]", "[4, 5]", "(8, +]"),
            ("[-1, 2)", "[3, 4]", "[-4, 8)"),
            ("[-2, -1]", "[3, 4)", "(-8, -3]"),
            ("[0, 2]", "[1, +]", "[0, +]"),
        ];
        for (a, b, expected) in cases {
            assert_eq!(product(&interval(a), &interval(b)), interval(expected), "{a} by {b}");
        }
    }

    #[test]
    fn quotients() {
        let cases = [
            ("[6, 12]", "[2, 3]", Some("[2, 6]")),
            ("(6, +]", "[2, 3]", Some("(2, +]")),
            ("[6, 12]", "(2, +]", Some("(0, 6)")),
            ("[6, 12]", "[0, 3]", Some("[2, +]")),
            ("[-6, 12]", "[2, 3]", Some("[-3, 6]")),
            ("[-6, -3]", "[2, 3]", Some("[-3, -1]")),
            ("[0, 0]", "[0, 3]", Some("[0, 0]")),
            ("[6, 12]", "[-1, 3]", None),
            ("[6, 12]", "[-, 3]", None),
            ("[6, 12]", "[0, 0]", None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(quotient(&interval(a), &interval(b)), expected.map(interval), "{a} over {b}");
        }
    }

    #[test]
    fn widths_are_free_of_float_noise() {
        let cases = [
            ("[10.15, 10.25]", 0.1),
            ("[10.45, 10.55]", 0.1),
            ("[1234567.75, 1234567.85]", 0.1),
            ("[-10.25, -10.15]", 0.1),
            ("[0.95, 1.05]", 0.1),
            ("[4050000000, 4150000000]", 1e8),
            ("[3, 3]", 0.0),
            ("[0.00000000000000000000000000101, 0.00000000000000000000000000103]", 2e-29),
            ("[-, 3]", f64::INFINITY),
        ];
        for (interval_text, expected) in cases {
            assert_eq!(width(&interval(interval_text)), expected, "{interval_text}");
        }
    }

    #[test]
    fn twelve_digits() {
        let cases = [
            (4.1e9 / 1.136, 3609154929.58),
            (1e9 / 1.3, 769230769.231),
            (4.05e9 / 1.1365, 3563572371.32),
            (0.1 + 0.2, 0.3),
            (2.0 / 3.0 * 1e-30, 6.66666666667e-31),
            (2.0 / 3.0 * 1e40, 6.66666666667e39),
            (-1.0 / 3.0, -0.333333333333),
            (0.0, 0.0),
        ];
        for (value, expected) in cases {
            assert_eq!(to_twelve_digits(value), expected);
        }
        assert_eq!(to_twelve_digits(f64::INFINITY), f64::INFINITY);
    }
}
