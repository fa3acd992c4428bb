//! A workbook's number as the text that a person reads: number formats as far as they change what a figure *is*
//! (a date, a percentage), serial dates as ISO 8601, floats in their shortest decimal form.

use chrono::{Days, NaiveDate};

use crate::flaw::Code;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// A number, whatever its decimals and colours.
    #[default]
    Number,
    /// A hundredfold with `%`.
    Percent,
    /// A date, a time of day, or both.
    Date,
    /// Hours that may exceed a day.
    Duration,
}

/// From which day serial dates count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Epoch {
    /// 1 is 1900-01-01, and 60 is a 1900-02-29 that never was.
    #[default]
    Y1900,
    /// 0 is 1904-01-01.
    Y1904,
}

/// The format behind a built-in id (ECMA-376 part 1, 18.8.30); none where the workbook must declare it.
pub(crate) fn built_in(id: u32) -> Option<Format> {
    match id {
        9 | 10 => Some(Format::Percent),
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Some(Format::Date),
        46 => Some(Format::Duration),
        0..=49 => Some(Format::Number),
        _ => None,
    }
}

/// What a format code such as `0.0%` or `[$-409]d\-mmm\-yy` makes of a positive number.
pub(crate) fn of_code(code: &str) -> Format {
    let mut characters = code.chars();
    let mut format = Format::Number;
    while let Some(character) = characters.next() {
        match character.to_ascii_lowercase() {
            '"' => {
                characters.by_ref().find(|&next| next == '"');
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            '[' => {
                let bracket: String = characters.by_ref().take_while(|&next| next != ']').collect();
                let elapsed = bracket.to_ascii_lowercase();
                if !elapsed.is_empty()
                    && ["h", "m", "s"].iter().any(|unit| elapsed.replace(unit, "").is_empty())
                {
                    return Format::Duration;
                }
            }
            ';' => break,
            '%' => format = Format::Percent,
            'g' if code.to_ascii_lowercase().contains("general") => break,
            'y' | 'm' | 'd' | 'h' | 's' => return Format::Date,
            _ => {}
        }
    }
    format
}

/// The shortest decimal form that reads back as the same number.
pub(crate) fn shortest(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-15..1e21).contains(&size) { format!("{number:e}") } else { number.to_string() }
}

/// The shortest decimal form of a hundred times the number, by moving the point, with `%`.
pub(crate) fn percent(number: f64) -> String {
    let text = shortest(number);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.contains('e') {
        return format!("{}%", shortest(number * 100.0));
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let moved = format!("{whole}{fraction:0<2}");
    let point = whole.len() + 2;
    let (whole, fraction) = moved.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { format!("{sign}{whole}%") } else { format!("{sign}{whole}.{fraction}%") }
}

/// A serial date as `2024-05-17`, `2024-05-17T08:30:00` or, below one day, `08:30:00`.
///
/// # Errors
/// The flaw of a serial that no calendar has.
pub(crate) fn date(serial: f64, epoch: Epoch) -> Result<String, Code> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return Err(Code::ImpossibleDate);
    }
    let mut day = serial.floor();
    let mut milliseconds = ((serial - day) * 86_400_000.0).round() as u64;
    if milliseconds >= 86_400_000 {
        day += 1.0;
        milliseconds = 0;
    }
    let time = time_of_day(milliseconds);
    let (first, offset) = match epoch {
        Epoch::Y1904 => (NaiveDate::from_ymd_opt(1904, 1, 1), 0),
        Epoch::Y1900 if day == 60.0 => return Err(Code::ImpossibleDate),
        Epoch::Y1900 if day < 60.0 => (NaiveDate::from_ymd_opt(1899, 12, 31), 0),
        Epoch::Y1900 => (NaiveDate::from_ymd_opt(1899, 12, 31), 1),
    };
    if day == 0.0 {
        return Ok(time);
    }
    let date = first.and_then(|first| first.checked_add_days(Days::new(day as u64 - offset)));
    let date = date.ok_or(Code::ImpossibleDate)?;
    Ok(if milliseconds == 0 { date.to_string() } else { format!("{date}T{time}") })
}

/// A date that the file itself writes as ISO 8601, without a time of day that is midnight and without a fraction of a
/// second that is nothing.
pub(crate) fn iso(value: &str) -> &str {
    let value = match value.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => value,
    };
    value.strip_suffix("T00:00:00").unwrap_or(value)
}

/// Hours, minutes and seconds, the hours not wrapped at a day.
pub(crate) fn duration(days: f64) -> Result<String, Code> {
    if !(0.0..1e6).contains(&days) {
        return Err(Code::ImpossibleDate);
    }
    Ok(time_of_day((days * 86_400_000.0).round() as u64))
}

fn time_of_day(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match milliseconds % 1000 {
        0 => time,
        rest => format!("{time}.{rest:03}"),
    }
}

/// Whether the text of a number is already its shortest form: at most 15 digits, no sign but `-`, no exponent, no
/// zeros at either end that say nothing.
pub(crate) fn is_shortest(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let point = digits.iter().position(|&byte| byte == b'.');
    let whole = &digits[..point.unwrap_or(digits.len())];
    let fraction = point.map_or(&[][..], |point| &digits[point + 1..]);
    digits.len() <= 16
        && whole.len() + fraction.len() <= 15
        && whole.iter().chain(fraction).all(u8::is_ascii_digit)
        && (whole == b"0" || whole.first().is_some_and(|&first| first != b'0'))
        && (point.is_none() || fraction.last().is_some_and(|&last| last != b'0'))
        && text != "-0"
        && (text.len() < 12 || !fraction.starts_with(b"0000000"))
}

/// How many significant digits a number was written with.
pub(crate) fn significant_digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}
