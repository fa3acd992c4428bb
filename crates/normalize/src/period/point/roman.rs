//! Months in Roman digits, as stamps and tables write them: `17.V.2024`, `VI.2024`, `I–IX 2025`.

use super::super::PeriodError;
use super::super::span::{Point, Unit, YearOf};
use super::super::words::Role;
use super::context::LIKELY_YEARS;
use super::numeric::dated;
use super::{Points, refused};

/// Roman digits up to this may number quarters as well.
const QUARTERS: u8 = 4;

impl Points<'_> {
    /// `17.V.2024`, `17/V/2024`, `17 V 2024`, `17/V 2024`: a day and its month in Roman digits.
    pub(super) fn day_and_roman_month(&self, at: usize) -> Option<(Point, usize)> {
        let day = self.small(at).filter(|day| (1..=31).contains(day))?;
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '-' | '/' | '.'));
        let month = at + 1 + usize::from(separator.is_some());
        let is_roman = self.role(month) == Some(Role::Roman) && self.tokens.get(month)?.capital;
        let year = month + 1 + usize::from(separator.is_some() && self.mark(month + 1) == separator);
        let is_glued = separator.is_none() || !self.spaced(at + 1) && !self.spaced(month);
        let (year, end) = self.year(year).filter(|_| is_roman && is_glued)?;
        (self.number(month) <= 12).then(|| (dated(year, self.number(month), day), end))
    }

    /// `VI.2024`, `VI–VIII 2024`, `I–IX.2025`. `I–III 2024` may be quarters, and is refused.
    pub(super) fn roman_months(&self, at: usize) -> Option<(Point, usize)> {
        let first = self.roman_month(at)?;
        let joined = matches!(self.mark(at + 1), Some('-' | '–'));
        let last = self.roman_month(at + 2).filter(|last| joined && *last > first);
        let behind = if last.is_some() { at + 3 } else { at + 1 };
        let separator = self.mark(behind).filter(|mark| matches!(mark, '.' | '/') && !self.spaced(behind));
        let year = behind + usize::from(separator.is_some());
        if separator.is_some() && self.spaced(year) || separator.is_none() && last.is_none() {
            return None;
        }
        let (stated, end) =
            self.year(year).filter(|(year, _)| LIKELY_YEARS.contains(&year.unsigned_abs()))?;
        let is_told = separator == Some('.') && last.is_none() || last.unwrap_or(first) > QUARTERS;
        if !is_told {
            return refused(PeriodError::Ambiguous, end);
        }
        Some((Point::new(Unit::Months(first, last.unwrap_or(first)), YearOf::Stated(stated)), end))
    }

    /// The month that capital Roman digits at `at` number.
    fn roman_month(&self, at: usize) -> Option<u8> {
        let is_roman = self.role(at) == Some(Role::Roman) && self.tokens.get(at)?.capital;
        Some(self.number(at)).filter(|month| is_roman && *month <= 12)
    }
}
