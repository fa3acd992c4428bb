//! A period that is told by another of its sentence: "the same period last year", "the same months of
//! 2023". Which days it has only the earlier period tells; without one it is not read.

use chrono::Datelike;
use model::period::{Period, Precision, Role as PeriodRole};

use super::super::span::{Step, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::Points;

/// How many tokens of its sentence may stand between a period and "the same period".
const LONGEST_SENTENCE: usize = 80;

/// In which year an earlier period is meant again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Again {
    /// So many years after the earlier one.
    After(i32),
    /// In a year that is named.
    In(i32),
}

impl Again {
    /// `earlier` in the year that is meant, if it is a period that figures are compared over: a single
    /// day is more often that of a statement.
    pub(in super::super) fn of(self, earlier: &Period) -> Option<Period> {
        let is_day = earlier.precision == Precision::Day && earlier.start == earlier.end;
        let is_span = earlier.role == PeriodRole::During && !is_day;
        let start = earlier.start.filter(|_| is_span || earlier.role == PeriodRole::AsOf)?;
        earlier.end?;
        earlier.shifted_by_years(match self {
            Self::After(years) => years,
            Self::In(year) => year - start.year(),
        })
    }
}

impl Points<'_> {
    /// "The same period last year", "the same months of 2023" at token `at`, and the token behind.
    pub(in super::super) fn again(&self, at: usize) -> Option<(Again, usize)> {
        let is_behind_period = |at| self.says(at, Trait::BehindPeriod);
        if self.role(at) != Some(Role::Same) || is_behind_period(at) {
            return None;
        }
        if is_behind_period(at + 1) {
            return Some((Again::After(-1), at + 2));
        }
        match self.year_of(at + 1) {
            (YearOf::Stated(year), end) => return Some((Again::In(year), end)),
            (YearOf::Relative(years), end) => return Some((Again::After(years), end)),
            _ => {}
        }
        let next = if self.role(at + 1) == Some(Role::Of) { at + 2 } else { at + 1 };
        match self.point(next) {
            Some((point, end)) => match point.unit {
                Unit::Around(Step::Year, years) if years < 0 => Some((Again::After(years), end)),
                _ => None,
            },
            None => self.says(at, Trait::YearBefore).then_some((Again::After(-1), at + 1)),
        }
    }

    /// Whether the tokens `from` and `to` stand in one sentence.
    pub(in super::super) fn is_one_sentence(&self, from: usize, to: usize) -> bool {
        let ends = |at: usize| {
            let begins = self.tokens.get(at + 1).is_some_and(|next| next.spaced && next.capital);
            matches!(self.mark(at), Some('!' | '?')) || self.mark(at) == Some('.') && begins
        };
        to.saturating_sub(from) <= LONGEST_SENTENCE && !(from..to).any(ends)
    }
}
