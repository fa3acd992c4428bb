//! Days of the week and weekends: before a date, whose day they name once more, and of a month with
//! an ordinal: "Tuesday, 7 May 2024", "the third Thursday in November 2023", "последние выходные июля".

use chrono::{Days, NaiveDate, Weekday};

use super::super::span::{Point, Span, Unit, YearOf};
use super::super::words::Role;
use super::Points;
use super::clock::is_day;

/// The number of the last one of a month, where others are counted from 1.
pub(super) const LAST: u8 = 0;

impl Points<'_> {
    /// The name of a weekday before a date says nothing more.
    pub(super) fn weekday(&self, at: usize) -> Option<(Point, usize)> {
        let next = self.behind_name_of_day(at);
        if self.leads_on(next) {
            return None;
        }
        let (point, end) = self.point(next)?;
        // "Mon 9th–Fri 13th December".
        let is_first = matches!(point.unit, Unit::DaysAlone(first, last) if first == last)
            && self.role(end + 1) == Some(Role::Weekday);
        (is_day(&point) || is_first).then_some((point, end))
    }

    /// "The weekend of 6–7 July 2024", "выходные 10–11 мая": its days.
    pub(super) fn weekend(&self, at: usize) -> Option<(Point, usize)> {
        let next = self.behind_name_of_day(at);
        let next = if self.role(next) == Some(Role::Of) { next + 1 } else { next };
        if self.leads_on(next) {
            return None;
        }
        self.point(next).filter(|(point, _)| matches!(point.unit, Unit::Days(..) | Unit::Fixed(_)))
    }

    /// The token behind a weekday's name, its dot, a comma and an article.
    fn behind_name_of_day(&self, at: usize) -> usize {
        let mut next = self.dot(at + 1);
        if self.mark(next) == Some(',') {
            next += 1;
        }
        if self.role(next) == Some(Role::The) { next + 1 } else { next }
    }

    /// The weekday or weekend at `at` of the month behind it, by its number or `LAST`.
    pub(super) fn weekday_of_month(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let length = match self.role(at)? {
            Role::Weekday => 1,
            Role::Weekend => 2,
            _ => return None,
        };
        let weekday = if length == 1 { self.number(at) } else { Weekday::Sat.number_from_monday() as u8 };
        let (month, year, end) = self.month_of(at + 1)?;
        let YearOf::Stated(year) = year else { return None };
        let start = nth_weekday(year, month, weekday, ordinal)?;
        let span = Span::days(start, start.checked_add_days(Days::new(length - 1))?);
        Some((Point::new(Unit::Fixed(span), YearOf::Missing), end))
    }
}

/// The day of a month on which a weekday, 1 for Monday, falls for the `ordinal`-th time.
fn nth_weekday(year: i32, month: u8, weekday: u8, ordinal: u8) -> Option<NaiveDate> {
    let weekday = Weekday::try_from(weekday.checked_sub(1)?).ok()?;
    let last =
        || (1..=5).rev().find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month.into(), weekday, n));
    if ordinal == LAST {
        last()
    } else {
        NaiveDate::from_weekday_of_month_opt(year, month.into(), weekday, ordinal)
    }
}
