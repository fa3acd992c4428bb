//! Years behind a name, as tables give those of a survey or of a state's borders: "Kenya (2014)", "Sudan (2011-)",
//! "Croatia since 1992". Whether the state's borders were those of today then is told elsewhere.

use chrono::Datelike;
use model::period::Period;

use super::relation;
use crate::language::Languages;
use crate::period;

/// The first year in which a state has the borders of today, where the table of borders tells no other.
pub(super) const EARLIEST: i32 = 1950;

/// Places in a name at which its years may begin; more are not looked at.
const MOST: usize = 12;

/// Dashes between a name and its years; one right before a year stands for an open start.
const DASHES: [&str; 3] = ["- ", "– ", "— "];

/// The years behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Years {
    /// A stretch that begins in a year.
    From(i32),
    /// One that ends in a year: "until 1997".
    Until(i32),
}

/// What may be a name with years behind it, and these. "(-1990)" says that the state of that time is meant, and is none.
pub(super) fn dated(name: &str) -> impl Iterator<Item = (&str, Years)> {
    const MARKS: [char; 6] = [' ', '(', '[', ',', ';', ':'];
    let end = first_year(name).unwrap_or(0);
    let cuts = name[..end].char_indices().filter(|(_, c)| MARKS.contains(c)).take(MOST);
    cuts.filter_map(move |(at, _)| {
        let head = name[..at].trim_end_matches(MARKS);
        let is_bracketed = name[at..].trim_start().starts_with(['(', '[']);
        let years = name[at..].trim_start_matches(MARKS).trim_end_matches([')', ']']);
        let behind_dash = DASHES.iter().filter(|_| !is_bracketed).find_map(|dash| years.strip_prefix(dash));
        let is_whole = !head.is_empty() && head.rfind(['(', '[']) <= head.rfind([')', ']']);
        told(behind_dash.unwrap_or(years)).filter(|_| is_whole).map(|years| (head, years))
    })
}

/// The two names of a name with another one in brackets, and the years of that: "Eswatini (before 2018: Swaziland)".
pub(super) fn renamed(name: &str) -> Option<(&str, &str, Years)> {
    first_year(name)?;
    let (head, note) = name.strip_suffix([')', ']'])?.split_once(['(', '['])?;
    let [years] = &period::find(note, Languages::ALL, None)[..] else { return None };
    let [before, behind] = [&note[..years.start], &note[years.end..]]
        .map(|rest| rest.trim_matches([' ', ',', ':', ';', '-', '–', '—', '.']));
    match (before, behind) {
        (other, "") | ("", other) if !other.is_empty() => Some((head, other, of(&years.value)?)),
        _ => None,
    }
}

/// Where the first number of four digits stands in a name that may be a year.
fn first_year(name: &str) -> Option<usize> {
    let mut digits = 0;
    for (at, byte) in name.bytes().chain([b' ']).enumerate() {
        match (byte.is_ascii_digit(), digits) {
            (true, _) => digits += 1,
            (false, 4) if matches!(name.as_bytes()[at - 4], b'1' | b'2') => return Some(at - 4),
            (false, _) => digits = 0,
        }
    }
    None
}

/// The years of a stretch: of "2014", "2014/15", "since 1992", "from 1991", "1990–", "FY 2014/15", "until 1990".
fn told(years: &str) -> Option<Years> {
    if years.starts_with(|c: char| !c.is_alphanumeric()) {
        return None;
    }
    let years = years.trim_end_matches(['-', '–', '—', '+', ' ']).replace('/', "-");
    let (word, behind) = years.split_once(' ').unwrap_or_default();
    let stretch = period::parse(&years, Languages::ALL, None).or_else(|refused| match behind {
        behind if relation::leads_to_year(word) => period::parse(behind, Languages::ALL, None),
        _ => Err(refused),
    });
    of(&stretch.ok()?)
}

fn of(stretch: &Period) -> Option<Years> {
    match (stretch.start, stretch.end) {
        (Some(start), _) => Some(Years::From(start.year())),
        (None, end) => Some(Years::Until(end?.year())),
    }
}

#[cfg(test)]
mod tests {
    use super::Years::{self, From, Until};
    use super::{dated, renamed};

    #[test]
    fn the_years_behind_a_name_are_told() {
        let cases: &[(&str, Option<(&str, Years)>)] = &[
            ("Sudan (2011-)", Some(("Sudan", From(2011)))),
            ("Germany (1990–present)", Some(("Germany", From(1990)))),
            ("Kenya – 2015/16", Some(("Kenya", From(2015)))),
            ("India (FY 2014/15)", Some(("India", From(2014)))),
            ("Nepal, 2016", Some(("Nepal", From(2016)))),
            ("Nepal 2016", Some(("Nepal", From(2016)))),
            ("Germany [from 1991]", Some(("Germany", From(1991)))),
            ("Croatia since 1992", Some(("Croatia", From(1992)))),
            ("Франция (с 1960 г.)", Some(("Франция", From(1960)))),
            ("Sudan (-2011)", None),
            ("Sudan (until 2011)", Some(("Sudan", Until(2011)))),
            ("Sudan (pre-2011)", Some(("Sudan", Until(2010)))),
            ("Sudan -2011", None),
            ("Indonesia (...2002)", None),
            ("Kosovo (UNSCR 1244)", None),
            ("France 24", None),
            ("2014", None),
            ("(2014)", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(dated(name).next(), *expected, "{name}");
        }
    }

    #[test]
    fn both_names_are_told_where_one_is_dated() {
        let cases = [
            ("Eswatini (before 2018: Swaziland)", Some(("Eswatini ", "Swaziland", Until(2017)))),
            ("Eswatini (Swaziland until 2018)", Some(("Eswatini ", "Swaziland", Until(2018)))),
            ("Чехия (до 2016 г. Чешская Республика)", Some(("Чехия ", "Чешская Республика", Until(2016)))),
            ("Sudan (until 2011)", None),
            ("Eswatini (Swaziland)", None),
            ("2018", None),
        ];
        for (name, expected) in cases {
            assert_eq!(renamed(name), expected, "{name}");
        }
    }
}
