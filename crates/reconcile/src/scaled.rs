//! Numbers as people write them in a sentence: "4.1 billion", "1,000", "48.6".

/// The number with all the digits that it was stated with: `4.1 billion`, `276 million`, `1,800`.
pub(crate) fn in_full(value: f64) -> String {
    written(value, 12)
}

/// The number to three significant digits; a whole number below a million keeps all of its own.
pub(crate) fn in_short(value: f64) -> String {
    if value.abs() < 1e6 && value.fract() == 0.0 { written(value, 12) } else { written(value, 3) }
}

fn written(value: f64, digits: i32) -> String {
    const MAGNITUDES: [(f64, &str); 3] = [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")];
    if !value.is_finite() {
        return if value.is_nan() { "unknown".to_owned() } else { "without bound".to_owned() };
    }
    let value = to_digits(value, digits);
    match MAGNITUDES.iter().find(|(magnitude, _)| value.abs() >= *magnitude) {
        Some((magnitude, word)) => format!("{}{word}", grouped(to_digits(value / magnitude, digits))),
        None => grouped(value),
    }
}

fn to_digits(value: f64, digits: i32) -> f64 {
    format!("{value:.*e}", (digits - 1).max(0) as usize).parse().unwrap_or(value)
}

/// The shortest decimal, with a comma before each three whole digits.
fn grouped(value: f64) -> String {
    let text = value.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let cases = [
            (4.1e9, "4.1 billion", "4.1 billion"),
            (3_609_154_929.58, "3.60915492958 billion", "3.61 billion"),
            (999_999_999.9, "999.9999999 million", "1 billion"),
            (276e6, "276 million", "276 million"),
            (1000.0, "1,000", "1,000"),
            (123_456.0, "123,456", "123,456"),
            (1.136, "1.136", "1.14"),
            (-2.5e12, "-2.5 trillion", "-2.5 trillion"),
            (0.0, "0", "0"),
            (0.00042, "0.00042", "0.00042"),
        ];
        for (value, full, short) in cases {
            assert_eq!((in_full(value).as_str(), in_short(value).as_str()), (full, short));
        }
    }
}
