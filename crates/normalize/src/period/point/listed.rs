//! Days that are listed behind their month, which they share with its year: "May 5, 12 and 19, 2024".
//! Days before their month are read in `numeric`.

use super::super::span::{Point, Unit, YearOf};
use super::super::words::Role;
use super::Points;

/// The most days that are listed behind a month.
const MOST_DAYS: usize = 8;

impl Points<'_> {
    /// The year behind the days that go on at `at`, behind the first: ", 12 and 19, 2024".
    pub(super) fn year_behind_days(&self, at: usize) -> Option<i32> {
        let mut next = at;
        for listed in 0..MOST_DAYS {
            let year = if self.mark(next) == Some(',') { next + 1 } else { next };
            if listed > 0
                && let Some((year, _)) = self.year(year)
            {
                return Some(year);
            }
            let day = self.behind_joint(next)?;
            self.day_in_digits(day)?;
            next = self.suffix(day + 1);
        }
        None
    }

    /// A day behind others of its month: "12" and "19, 2024" of "May 5, 12 and 19, 2024".
    pub(super) fn listed_day(&self, at: usize) -> Option<(Point, usize)> {
        let day = self.day_in_digits(at)?;
        let month = self.month_before_days(at)?;
        let behind = self.suffix(at + 1);
        let (year, end) = match self.year_behind_days(behind) {
            Some(year) => (YearOf::Stated(year), behind),
            None => self.year_of(behind),
        };
        matches!(year, YearOf::Stated(_)).then(|| (Point::new(Unit::Days(month, day, day), year), end))
    }

    /// The month that the days before `at` stand behind.
    fn month_before_days(&self, at: usize) -> Option<u8> {
        let mut first = at;
        for _ in 0..MOST_DAYS {
            let last_of_joint = first.checked_sub(1)?;
            let joint = if self.role(last_of_joint) == Some(Role::And)
                && last_of_joint > 0
                && self.mark(last_of_joint - 1) == Some(',')
            {
                last_of_joint - 1
            } else {
                last_of_joint
            };
            let ending = joint.checked_sub(1)?;
            let day = if self.role(ending) == Some(Role::Suffix) { ending.checked_sub(1)? } else { ending };
            if self.behind_joint(joint) != Some(first) || self.day_in_digits(day).is_none() {
                return None;
            }
            let before = day.checked_sub(1)?;
            let month = if self.mark(before) == Some('.') { before.checked_sub(1)? } else { before };
            if self.role(month) == Some(Role::Month) {
                return Some(self.number(month));
            }
            first = day;
        }
        None
    }

    /// The token behind a comma, an "and", or both, at `at`.
    pub(in super::super) fn behind_joint(&self, at: usize) -> Option<usize> {
        let is_and = |at| self.role(at) == Some(Role::And) || self.mark(at) == Some('&');
        match self.mark(at) {
            Some(',') if is_and(at + 1) => Some(at + 2),
            Some(',') => Some(at + 1),
            _ => is_and(at).then_some(at + 1),
        }
    }

    fn day_in_digits(&self, at: usize) -> Option<u8> {
        self.small(at).filter(|day| (1..=31).contains(day))
    }
}
