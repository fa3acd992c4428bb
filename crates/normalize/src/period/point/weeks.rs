//! Weeks by their number, of a day and of a month, and the ten days of a month.

use chrono::Weekday;

use super::super::span::{Point, Span, Step, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::Points;
use super::ending::up_to;
use super::units::days_in;

impl Points<'_> {
    /// "Week 5 of 2024", by ISO 8601.
    pub(super) fn week(&self, at: usize) -> Option<(Point, usize)> {
        if self.says(at, Trait::Ends) {
            let (day, end) = if self.leads_on(at + 1) { return None } else { self.point(at + 1)? };
            return Some((Point::new(Unit::Fixed(up_to(Step::Week, 1, &day)?), YearOf::Missing), end));
        }
        let begins = self.role(at + 1) == Some(Role::Start) && self.says(at + 1, Trait::Since);
        if begins || matches!(self.role(at + 1), Some(Role::Of | Role::Since)) {
            return self.week_of_day(if self.role(at + 2) == Some(Role::The) { at + 3 } else { at + 2 });
        }
        if self.says(at, Trait::Begins) {
            return self.week_of_day(at + 1);
        }
        let glued = self.role(at) == Some(Role::Week) || !self.spaced(at + 1);
        let week = self.small(at + 1).filter(|week| glued && (1..=53).contains(week))?;
        if let Some((month, year, end)) = self.month_of(at + 2) {
            return nth_days(week, 7, 5, month, year).map(|days| (Point::new(days, year), end));
        }
        let (last, behind) =
            self.last_week(at + 2).filter(|(last, _)| *last > week).unwrap_or((week, at + 2));
        let (year, end) = if self.role(at) == Some(Role::WeekLetter) || last > week {
            self.year_or_short(behind)
        } else {
            self.year_of(behind)
        };
        (year != YearOf::Missing).then_some((Point::new(Unit::IsoWeeks(week, last), year), end))
    }

    /// The week of the day at `next`.
    fn week_of_day(&self, next: usize) -> Option<(Point, usize)> {
        let (day, end) = if self.leads_on(next) { return None } else { self.point(next)? };
        let Unit::Days(_, first, last) = day.unit else { return None };
        let monday = up_to(Step::Day, 1, &day)?.start.week(Weekday::Mon);
        let (start, end_of_week) = (monday.checked_first_day()?, monday.checked_last_day()?);
        let span = Span::days(start, end_of_week);
        (first == last).then_some((Point::new(Unit::Fixed(span), YearOf::Missing), end))
    }

    /// "To 12" of "weeks 10 to 12", "–W12": the week, and the token behind.
    fn last_week(&self, at: usize) -> Option<(u8, usize)> {
        let joined = matches!(self.mark(at), Some('-' | '–'))
            || matches!(self.role(at), Some(Role::To | Role::Until | Role::And));
        let digits = if self.role(at + 1) == Some(Role::WeekLetter) { at + 2 } else { at + 1 };
        let last = self.small(digits).filter(|week| joined && *week <= 53)?;
        Some((last, digits + 1))
    }

    /// "Week of January 2027" with its ordinal, and ten days so: their days in the month.
    pub(super) fn part_of_month(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let (length, most) = match self.role(at)? {
            Role::Week => (7, 5),
            Role::TenDays => (10, 3),
            _ => return None,
        };
        let (month, year, end) = self.month_of(at + 1)?;
        nth_days(ordinal, length, most, month, year).map(|days| (Point::new(days, year), end))
    }
}

/// The `ordinal`-th part of a month, each of `length` days; the last of `most` goes on to its end.
fn nth_days(ordinal: u8, length: u8, most: u8, month: u8, year: YearOf) -> Option<Unit> {
    if !(1..=most).contains(&ordinal) {
        return None;
    }
    let last = if ordinal == most { days_in(month, year)? } else { ordinal * length };
    let first = ordinal * length - (length - 1);
    (first <= last).then_some(Unit::Days(month, first, last))
}
