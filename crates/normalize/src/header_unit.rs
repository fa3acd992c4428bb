//! The unit that a header names beside what it heads: "Exports, USD million", "Экспорт (млн долл.)",
//! "млрд руб.". Which columns take it is told by [`arrange`](crate::arrange).

use crate::quantity;

/// A header without its unit, and the unit as it is written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What is left of the header.
    pub name: String,
    /// The words of the unit, with their magnitude: "млн долл.".
    pub unit: Option<String>,
}

/// What separates a unit from the name before it.
const MARKS: [char; 7] = [',', ';', ':', '(', ')', '[', ']'];

/// Words that lead to a unit.
const LEADS: [&str; 2] = ["in", "в"];

/// Splits the longest unit off a header. A unit is the whole header, or stands behind a comma, a
/// bracket or "in", so that no part of a name is taken for one.
pub fn split(header: &str) -> Heading {
    let words: Vec<&str> = header.split_whitespace().collect();
    for length in (1..=words.len()).rev() {
        for start in 0..=words.len() - length {
            let (before, rest) = words.split_at(start);
            let (run, after) = rest.split_at(length);
            if let Some(unit) = unit_of(before, run, after) {
                return Heading { name: name(before, after), unit: Some(unit) };
            }
        }
    }
    Heading { name: words.join(" "), unit: None }
}

/// The run of words as a unit, where it stands as one.
fn unit_of(before: &[&str], run: &[&str], after: &[&str]) -> Option<String> {
    let (first, last) = (run.first()?, run.last()?);
    let opened = match before.last() {
        None => after.is_empty() || last.ends_with(MARKS),
        Some(word) => word.ends_with(MARKS) || first.starts_with(MARKS) || LEADS.contains(word),
    };
    // "Amount USD", "GDP (current US$)".
    let is_code =
        after.is_empty() && run.len() == 1 && last.len() == 3 && last.bytes().all(|b| b.is_ascii_uppercase());
    let closes = last.ends_with([')', ']']);
    if !(opened || is_code || closes) || LEADS.contains(first) {
        return None;
    }
    let unit = run.join(" ");
    let unit = unit.trim_matches(MARKS).trim();
    // A lone letter is a unit in a formula, and a label in a header.
    let is_letter = unit.chars().count() == 1 && unit.chars().all(char::is_alphabetic);
    match quantity::scaled_unit(unit) {
        Some((Some(_), _)) if !is_letter && !unit.is_empty() => Some(unit.to_owned()),
        _ => None,
    }
}

fn name(before: &[&str], after: &[&str]) -> String {
    let before = match before.split_last() {
        Some((lead, rest)) if LEADS.contains(lead) => rest,
        _ => before,
    };
    let parts = [before.join(" "), after.join(" ")];
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim_matches(MARKS).trim()).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn headers() {
        for (header, name, unit) in [
            ("Exports, USD million", "Exports", "USD million"),
            ("Экспорт (млн долл. США)", "Экспорт", "млн долл. США"),
            ("млрд руб.", "", "млрд руб."),
            ("USD million", "", "USD million"),
            ("Экспорт, млн долл. 2019", "Экспорт 2019", "млн долл."),
            ("Экспорт, млн долл., 2019", "Экспорт 2019", "млн долл."),
            ("Экспорт (млн долл.) 2019", "Экспорт 2019", "млн долл."),
            ("Turnover in USD", "Turnover", "USD"),
            ("Exports (US$ '000)", "Exports", "US$ '000"),
            ("Exports, USD 000s", "Exports", "USD 000s"),
            ("Cargo (1,000 tonnes)", "Cargo", "1,000 tonnes"),
            ("Room 1000", "Room 1000", ""),
            ("1000", "1000", ""),
            ("Доля, %", "Доля", "%"),
            ("2019", "2019", ""),
            ("Country", "Country", ""),
            ("Group A", "Group A", ""),
            ("Amount USD", "Amount", "USD"),
            ("GDP (current US$)", "GDP (current", "US$"),
            ("Gas [m3]", "Gas", "m3"),
        ] {
            let found = split(header);
            assert_eq!((found.name.as_str(), found.unit.as_deref().unwrap_or("")), (name, unit), "{header}");
        }
    }
}
