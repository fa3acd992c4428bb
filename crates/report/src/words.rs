//! Words for people: hedges, periods, dates, places and counts in plain English. Numbers are
//! `figures`' matter, marks of a format are each report's.

use chrono::{Datelike, NaiveDate};
use model::figure::Comparator;
use model::period::{Period, Precision, Role, is_month_end};

use crate::figures::grouped;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An amount behind the hedge that its source put before it: `more than $2 billion`.
pub fn hedged(comparator: Comparator, amount: &str) -> String {
    let hedge = comparator.hedge();
    if hedge.is_empty() { amount.to_owned() } else { format!("{hedge} {amount}") }
}

/// A stated change in percent, hedged: `up 13.6 %`, `up more than 46 %`, `down about 5 %`,
/// `unchanged`. `size` is the amount without its sign.
pub fn growth(comparator: Comparator, value: f64, size: &str) -> String {
    let falls = value < 0.0;
    match comparator {
        Comparator::Equal if value == 0.0 => "unchanged".to_owned(),
        // "More than −5 %" may be a rise: only the bare words are true.
        Comparator::Greater | Comparator::GreaterOrEqual | Comparator::Less | Comparator::LessOrEqual
            if falls || value == 0.0 =>
        {
            let sign = if falls { "−" } else { "" };
            format!("a change of {}", hedged(comparator, &format!("{sign}{size}")))
        }
        Comparator::Less | Comparator::LessOrEqual => {
            format!("a change of {}", hedged(comparator, size))
        }
        _ => format!("{} {}", if falls { "down" } else { "up" }, hedged(comparator, size)),
    }
}

/// A day in words, as precisely as it is known: `25 November 2025`, `November 2025`, `2025`.
pub fn date(day: NaiveDate, precision: Precision) -> String {
    let month = MONTHS[day.month0() as usize];
    match precision {
        Precision::Day => format!("{} {month} {}", day.day(), day.year()),
        Precision::Month => format!("{month} {}", day.year()),
        Precision::Quarter => format!("{} quarter of {}", ordinal(day.month0() / 3), day.year()),
        Precision::Year => day.year().to_string(),
        // An imprecise date is its last possible day: a month's end may stand for the whole month.
        Precision::Inferred if (day.month(), day.day()) == (12, 31) => {
            format!("{} (date inferred)", day.year())
        }
        Precision::Inferred if is_month_end(day) => format!("{month} {} (date inferred)", day.year()),
        Precision::Inferred => format!("{} {month} {} (date inferred)", day.day(), day.year()),
    }
}

/// A day in words: `25 November 2025`.
pub fn day(day: NaiveDate) -> String {
    date(day, Precision::Day)
}

/// The span of a period in words: `2024`, `January–April 2024`, `the first quarter of 2024`,
/// `17 May 2024`, `the academic year 2024–2025`, `2024–2032`.
pub fn span(period: &Period) -> String {
    let (start, end) = match (period.start, period.end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => return format!("{} onwards", day(start)),
        (None, Some(end)) => return format!("the time to {}", day(end)),
        (None, None) => return "all time".to_owned(),
    };
    if start == end {
        return day(start);
    }
    if start.day() != 1 || !is_month_end(end) {
        return format!("{} to {}", day(start), day(end));
    }
    let month = |date: NaiveDate| MONTHS[date.month0() as usize];
    let (first, last) = (start.month(), end.month());
    match (start.year() == end.year(), first, last) {
        _ if period.academic => format!("the academic year {}–{}", start.year(), end.year()),
        (true, 1, 12) => start.year().to_string(),
        (false, 1, 12) => format!("{}–{}", start.year(), end.year()),
        (true, ..) if first == last => format!("{} {}", month(start), start.year()),
        (true, ..) if first % 3 == 1 && last == first + 2 => {
            format!("the {} quarter of {}", ordinal(first / 3), start.year())
        }
        (true, ..) => format!("{}–{} {}", month(start), month(end), start.year()),
        (false, ..) => format!("{} {} to {} {}", month(start), start.year(), month(end), end.year()),
    }
}

/// When a figure holds: `in 2024`, `as of May 2023`, `as of the end of 2024`, `since 2014`, `by 2030`.
pub fn when(period: &Period) -> String {
    let whole_year = period.months().is_some_and(|months| months % 12 == 0);
    match (period.role, period.start, period.end) {
        (Role::During, Some(start), Some(end)) if start == end => format!("on {}", day(start)),
        (Role::During, Some(start), Some(end)) if start.day() != 1 || !is_month_end(end) => {
            format!("from {}", span(period))
        }
        (Role::During, ..) => format!("in {}", span(period)),
        (Role::AsOf, _, Some(end)) if period.start == period.end => format!("as of {}", day(end)),
        (Role::AsOf, ..) if whole_year => format!("as of the end of {}", span(period)),
        (Role::AsOf, ..) => format!("as of {}", span(period)),
        (Role::Since, Some(start), Some(end)) => format!("from {} to {}", beginning(start), day(end)),
        (Role::Since, Some(start), None) => format!("since {}", beginning(start)),
        (Role::Since, None, _) => format!("in {}", span(period)),
        (Role::By, _, Some(_)) => format!("by {}", due(period)),
        (Role::By, ..) => format!("in {}", span(period)),
    }
}

/// A period as a table names it: as [`when`], without "in" and "on".
pub fn period(period: &Period) -> String {
    let when = when(period);
    let bare = ["in the ", "in ", "on ", "from "].iter().find_map(|before| when.strip_prefix(before));
    bare.map_or(when.clone(), str::to_owned)
}

/// A deadline without its preposition: `2030`, `May 2026`, `the end of 17 May 2026` as `17 May 2026`.
pub fn due(period: &Period) -> String {
    match period.end {
        Some(end) if period.start.is_none() && end.month() == 12 && end.day() == 31 => end.year().to_string(),
        Some(end) if period.start.is_none() => day(end),
        Some(_) => span(period),
        None => "no date".to_owned(),
    }
}

/// What a growth over `period` is against: `on a year earlier`, `on 2020`.
pub fn against(period: &Period, base: Option<&Period>) -> String {
    let year_earlier = period.shifted_by_years(-1);
    match base {
        None => String::new(),
        Some(base) if year_earlier.is_some_and(|earlier| meets(&earlier, base)) => {
            " on a year earlier".to_owned()
        }
        Some(base) => format!(" on {}", span(base)),
    }
}

/// `1 source`, `5 sources`, `16,000 claims`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", whole(number), if number == 1 { one } else { many })
}

/// A whole number with commas between groups of three digits.
pub fn whole(number: usize) -> String {
    grouped(&number.to_string())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A word of a vocabulary as people write it: `under way` for `under_way`.
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// The same with a capital: `Under way`.
pub fn capitalised(word: &str) -> String {
    capitalised_first(&plain(word))
}

/// The text with a capital first letter, and nothing else changed.
pub fn capitalised_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn ordinal(index: u32) -> &'static str {
    ["first", "second", "third", "fourth"].get(index as usize).copied().unwrap_or("last")
}

/// The start of a "since" period: its year where it starts with one, else its day.
fn beginning(start: NaiveDate) -> String {
    if start.ordinal() == 1 { start.year().to_string() } else { day(start) }
}

fn meets(one: &Period, other: &Period) -> bool {
    one.start == other.start && one.end == other.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: &str, end: &str, role: Role) -> Period {
        let start = start.parse().ok();
        Period { start, end: end.parse().ok(), role, precision: Precision::Day, academic: false }
    }

    #[test]
    fn periods() {
        for line in include_str!("../tests/data/periods.txt").lines().filter(|l| !l.starts_with('#')) {
            let columns: Vec<_> = line.split('|').map(str::trim).collect();
            let [start, end, role, expected] = columns[..] else { panic!("four columns: {line}") };
            let academic = role == "academic";
            let role = Role::parse(role).unwrap_or(Role::During);
            assert_eq!(when(&Period { academic, ..period(start, end, role) }), expected, "{line}");
        }
    }

    #[test]
    fn growths_keep_their_hedge_and_never_claim_a_direction_they_do_not_have() {
        let cases = [
            (Comparator::Equal, 13.6, "13.6 %", "up 13.6 %"),
            (Comparator::Greater, 46.0, "46 %", "up more than 46 %"),
            (Comparator::NearlyBelow, 5.0, "5 %", "up nearly 5 %"),
            (Comparator::About, -5.0, "5 %", "down about 5 %"),
            (Comparator::Greater, -5.0, "5 %", "a change of more than −5 %"),
            (Comparator::Less, 5.0, "5 %", "a change of less than 5 %"),
            (Comparator::LessOrEqual, 5.0, "5 %", "a change of up to 5 %"),
            (Comparator::Greater, 0.0, "0 %", "a change of more than 0 %"),
            (Comparator::Equal, 0.0, "0 %", "unchanged"),
        ];
        for (comparator, value, size, expected) in cases {
            assert_eq!(growth(comparator, value, size), expected);
        }
    }

    #[test]
    fn growth_is_against_its_base() {
        let year = |start, end| period(start, end, Role::During);
        let y2024 = year("2024-01-01", "2024-12-31");
        let base = |base: &Period| against(&y2024, Some(base));
        assert_eq!(base(&year("2023-01-01", "2023-12-31")), " on a year earlier");
        assert_eq!(base(&year("2020-01-01", "2020-12-31")), " on 2020");
        assert_eq!(against(&y2024, None), "");
    }

    #[test]
    fn lists_counts_and_words() {
        let owned = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
        assert_eq!(list(&owned(&["a", "b", "c"])), "a, b and c");
        assert_eq!(list(&owned(&["a", "b"])), "a and b");
        assert_eq!(count(1, "source", "sources"), "1 source");
        assert_eq!(count(1_234_567, "claim", "claims"), "1,234,567 claims");
        assert_eq!(capitalised("under_way"), "Under way");
    }
}
