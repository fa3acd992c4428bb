//! A day by the Julian and the Gregorian calendar at once: "14 (26) декабря 1825 года", "8 July (26 June)
//! 1709". Dates are those of the Gregorian calendar, by which a day has the later one of both.

use chrono::{Datelike, NaiveDate};

use super::super::span::{Point, YearOf};
use super::super::words::Role;
use super::Points;
use super::numeric::dated;

/// How many days the calendars were apart from 1500 to 2100.
const DAYS_APART: std::ops::RangeInclusive<i64> = 10..=13;

impl Points<'_> {
    /// A day, another in brackets, and the month where the first has none.
    pub(super) fn day_by_two_calendars(&self, at: usize) -> Option<(Point, usize)> {
        let (first, first_month, open) = self.day_with_month(at)?;
        if self.mark(open) != Some('(') {
            return None;
        }
        let (second, second_month, close) = self.day_with_month(open + 1)?;
        if self.mark(close) != Some(')') {
            return None;
        }
        let month = first_month.or_else(|| self.month_by_name(close + 1))?;
        let (YearOf::Stated(year), end) = self.year_of(close + 1 + usize::from(first_month.is_none())) else {
            return None;
        };
        let date = |month: u8, day: u8| NaiveDate::from_ymd_opt(year, month.into(), day.into());
        let (first, second) = (date(month, first)?, date(second_month.unwrap_or(month), second)?);
        let later = first.max(second);
        DAYS_APART
            .contains(&(second - first).num_days().abs())
            .then(|| (dated(year, later.month() as u8, later.day() as u8), end))
    }

    /// A day, its month where it has one, and the token behind.
    fn day_with_month(&self, at: usize) -> Option<(u8, Option<u8>, usize)> {
        let day = self.small(at).filter(|day| (1..=31).contains(day))?;
        let month = self.month_by_name(at + 1);
        Some((day, month, at + 1 + usize::from(month.is_some())))
    }

    fn month_by_name(&self, at: usize) -> Option<u8> {
        (self.role(at) == Some(Role::Month)).then(|| self.number(at))
    }
}
