//! Periods and the words for them.

use chrono::NaiveDate;

use crate::draw::Draw;

/// A run of whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Months {
    pub(crate) year: i32,
    /// The first month, from 1.
    pub(crate) from: u32,
    /// The last month; beyond 12 it lies in the years after.
    pub(crate) to: u32,
}

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
const MONTHS_RU: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];
const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
const CARDINALS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

const YEARS: u64 = 20;
const QUARTERS: u64 = 4 * 16;
const SINGLE: u64 = 12 * 11;
const FIRST_MONTHS: u64 = 10 * 10;
const SPANS: u64 = 10;

/// How many periods a series may have.
pub(crate) const COUNT: u64 = YEARS + QUARTERS + SINGLE + FIRST_MONTHS + SPANS;

impl Months {
    /// The period at `index`, which is below [`COUNT`]: years, quarters, months, first months, spans
    /// of years.
    pub(crate) fn at(mut index: u64) -> Self {
        let year = |first: i32, years: u64| first + years as i32;
        if index < YEARS {
            return Self { year: year(2006, index), from: 1, to: 12 };
        }
        index -= YEARS;
        if index < QUARTERS {
            let from = 3 * (index % 4) as u32 + 1;
            return Self { year: year(2010, index / 4), from, to: from + 2 };
        }
        index -= QUARTERS;
        if index < SINGLE {
            let month = (index % 12) as u32 + 1;
            return Self { year: year(2015, index / 12), from: month, to: month };
        }
        index -= SINGLE;
        if index < FIRST_MONTHS {
            return Self { year: year(2016, index / 10), from: 1, to: (index % 10) as u32 + 2 };
        }
        Self { year: year(2006, index - FIRST_MONTHS), from: 1, to: 12 * 5 }
    }

    /// The last day.
    pub(crate) fn end(self) -> NaiveDate {
        let (year, month) = (self.year + (self.to / 12) as i32, self.to % 12 + 1);
        NaiveDate::from_ymd_opt(year, month, 1).and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// How much of a year it is.
    pub(crate) fn years(self) -> f64 {
        f64::from(self.to - self.from + 1) / 12.0
    }

    /// Its middle, in years.
    pub(crate) fn middle(self) -> f64 {
        f64::from(self.year) + f64::from(self.from + self.to) / 24.0
    }

    /// One of the ways to write it.
    pub(crate) fn words(self, draw: &mut Draw) -> String {
        let Self { year, from, to } = self;
        let (first, last) = (from as usize - 1, (to as usize - 1) % 12);
        if to > 12 {
            let end = year + (to / 12) as i32 - 1;
            return if draw.permille(500) { format!("{year}-{end}") } else { format!("{year}–{end}") };
        }
        match (from, to - from + 1) {
            (1, 12) => match draw.below(10) {
                0 => format!("{year} год"),
                _ => year.to_string(),
            },
            (_, 3) if from % 3 == 1 => {
                let quarter = from / 3 + 1;
                match draw.below(6) {
                    0 => format!("Q{quarter} {year}"),
                    1 => format!("{} quarter of {year}", ORDINALS[quarter as usize - 1]),
                    _ => format!("{year}-Q{quarter}"),
                }
            }
            (_, 1) => match draw.below(6) {
                0 => format!("{} {year}", MONTHS[first]),
                1 => format!("{} {year}", MONTHS_RU[first]),
                _ => format!("{year}-{from:02}"),
            },
            (_, length) => match draw.below(6) {
                0 => format!("first {} months of {year}", CARDINALS[length as usize - 1]),
                1 => format!("{length} months of {year}"),
                2 => format!("{}–{} {year}", MONTHS[first], MONTHS[last]),
                3 => format!("{}–{} {year}", MONTHS_RU[first], MONTHS_RU[last]),
                _ => format!("{year}-{from:02}/{year}-{to:02}"),
            },
        }
    }
}
