//! Years and centuries with their era: "AD 79", "1066 CE", "в III веке до н. э.". Those before the
//! common era are named and not read: no table has dates for them.

use super::super::PeriodError;
use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::years::years;
use super::{Points, refused};

impl Points<'_> {
    /// A side with the era behind it.
    pub(super) fn in_era(&self, side: Point, end: usize) -> Option<(Point, usize)> {
        if self.role(end) == Some(Role::Era) {
            return refused(PeriodError::NoSuchDate, self.dot(end + 1));
        }
        Some((side, self.behind_common_era(end)))
    }

    /// The token behind "AD", "н. э." at `at`, if it stands there.
    pub(super) fn behind_common_era(&self, at: usize) -> usize {
        if self.role(at) == Some(Role::CommonEra) { self.dot(at + 1) } else { at }
    }

    /// Digits before the common era: "500 BC", "1200–1100 BC", "44 г. до н. э.".
    pub(super) fn year_before_era(&self, at: usize) -> Option<(Point, usize)> {
        let is_range = matches!(self.mark(at + 1), Some('-' | '–')) && self.digits(at + 2).is_some();
        let end = self.year_ending(if is_range { at + 3 } else { at + 1 });
        (self.role(end) == Some(Role::Era)).then(|| refused(PeriodError::NoSuchDate, self.dot(end + 1)))?
    }

    /// Years whose era stands behind the last: "1500–1800 AD".
    pub(super) fn years_of_era(&self, at: usize) -> Option<(Point, usize)> {
        let year = |at| {
            self.digits(at).filter(|(year, digits)| *year > 0 && *digits <= 4).map(|(year, _)| year as i32)
        };
        let joined = matches!(self.mark(at + 1), Some('-' | '–'));
        let (first, last) = year(at).zip(year(at + 2)).filter(|(first, last)| joined && first < last)?;
        let end = self.year_ending(at + 3);
        let behind = self.behind_common_era(end);
        (behind > end)
            .then(|| Some((Point::new(Unit::Fixed(years(first, last)?), YearOf::Missing), behind)))?
    }

    /// A year of less than four digits, which its era or its word shows: "79 AD", "в 988 году".
    pub(super) fn early_year(&self, at: usize) -> Option<(Point, usize)> {
        let (year, digits) = self.digits(at).filter(|(year, digits)| *year > 0 && *digits < 4)?;
        let end = self.year_ending(at + 1);
        let behind = self.behind_common_era(end);
        // "В 988 году", and not "988 год" or "104 года", which may count.
        let has_word = digits == 3 && end > at + 1 && self.says(end - 1, Trait::NoDeadline);
        let year = YearOf::Stated(i32::try_from(year).ok()?);
        (behind > end || has_word && !self.is_abbreviation(end - 1))
            .then(|| (Point::new(Unit::Year, year), behind))
    }

    /// "AD 79", "AD 1066".
    pub(super) fn year_of_era(&self, at: usize) -> Option<(Point, usize)> {
        let next = self.dot(at + 1);
        let (year, _) = self.digits(next).filter(|(year, digits)| *year > 0 && *digits <= 4)?;
        Some((Point::new(Unit::Year, YearOf::Stated(i32::try_from(year).ok()?)), next + 1))
    }
}
