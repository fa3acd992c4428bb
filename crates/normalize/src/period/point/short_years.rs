//! Years in two digits: `'98`, `98-го`, `24 г.`, `1Q24`, "9 мая 45 года".

use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::Points;
use super::context::leads_to_year;

/// Greater numbers with an ending are years.
const LATEST_DAY: u8 = 31;

/// To this one, years that are told as people say them are of this century.
const LATEST_SPOKEN: u8 = 30;

/// The year that two digits mean: to 50 in this century, from 51 in the last.
pub(super) fn century_of(short: u8) -> i32 {
    i32::from(short) + if short <= 50 { 2000 } else { 1900 }
}

/// The year that two digits mean as people say it: "in '43", "в 43-м".
fn spoken_century_of(short: u8) -> i32 {
    i32::from(short) + if short <= LATEST_SPOKEN { 2000 } else { 1900 }
}

impl Points<'_> {
    /// `24 г.`: two digits, and the word for "year" in the singular, which is abbreviated or stands behind
    /// a day of a month: "9 мая 45 года".
    pub(super) fn short_year_and_word(&self, at: usize) -> Option<(i32, usize)> {
        let (_, 2) = self.digits(at)? else { return None };
        let is_word = self.role(at + 1) == Some(Role::Year) && !self.says(at + 1, Trait::Plural);
        let is_dated = || at > 1 && self.role(at - 1) == Some(Role::Month) && self.digits(at - 2).is_some();
        let short = self.small(at).filter(|_| is_word && (self.is_abbreviation(at + 1) || is_dated()))?;
        Some((spoken_century_of(short), self.year_noun(at + 1)))
    }

    /// `'98`, and `98-го` where it is no day, behind the part that has it.
    pub(super) fn short_year_with_mark(&self, at: usize) -> Option<(i32, usize)> {
        if self.mark(at) == Some('\'') {
            let short = self.two_glued(at + 1)?;
            // `Q4'35` is of a plan.
            let is_part =
                at > 0 && (self.digits(at - 1).is_some() || self.role(at - 1) == Some(Role::FiscalYear));
            return Some((if is_part { century_of(short) } else { spoken_century_of(short) }, at + 2));
        }
        let end = self.suffix(at + 1);
        let is_decade = |short: u8| short.is_multiple_of(10) && self.says(end - 1, Trait::DecadeToo);
        let short =
            self.small(at).filter(|short| *short > LATEST_DAY && end > at + 1 && !is_decade(*short))?;
        Some((spoken_century_of(short), self.year_noun(end)))
    }

    /// `'98` and `98-м` behind a word that leads to a year: "in '98", "в 98-м", "в 98-м году".
    pub(super) fn short_year_alone(&self, at: usize) -> Option<(Point, usize)> {
        let lead = at.checked_sub(1).and_then(|before| self.role(before))?;
        // "The '98 floods".
        let has_article = lead == Role::The && self.mark(at).is_some();
        let (year, end) = self.short_year_with_mark(at).filter(|_| has_article || leads_to_year(lead))?;
        let has_word = has_article || self.role(end - 1) == Some(Role::Year);
        let ends = has_word || !matches!(self.kind(end), Some(Kind::Unknown | Kind::Word(Role::Counted, _)));
        (ends && !self.is_counting(end - 1)).then_some((Point::new(Unit::Year, YearOf::Stated(year)), end))
    }

    /// A year in two digits.
    pub(super) fn short_year(&self, at: usize) -> Option<(i32, usize)> {
        let (_, 2) = self.digits(at)? else { return None };
        let counts = self.is_counting(at) || self.spaced(at) && self.kind(at + 1) == Some(Kind::Unknown);
        self.small(at).filter(|_| !counts).map(|short| (century_of(short), at + 1))
    }
}
