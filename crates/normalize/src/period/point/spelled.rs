//! Years in words: "nineteen eighty-four", "two thousand and four", "две тысячи двадцать четвёртый".

use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Kind, Role};
use super::Points;

impl Points<'_> {
    /// A year in words, from 1800 to 2099. What counts something is none.
    pub(super) fn spelled_year(&self, at: usize) -> Option<(Point, usize)> {
        let (century, next) = match self.kind(at)? {
            Kind::Word(Role::YearBase, century) => (century, at + 1),
            Kind::Word(Role::Cardinal, century @ (19 | 20)) => (century, at + 1),
            _ => return None,
        };
        let based = self.role(at) == Some(Role::YearBase);
        let next = if based && self.role(next) == Some(Role::And) { next + 1 } else { next };
        let (rest, next) = self.below_hundred(next)?;
        if rest < 10 && !based || self.is_counting(next - 1) {
            return None;
        }
        let end = self.year_noun(next);
        let year = i32::from(century) * 100 + i32::from(rest);
        Some((Point::new(Unit::Year, YearOf::Stated(year)), end))
    }

    /// One to ninety-nine in words; the last may be an ordinal.
    fn below_hundred(&self, at: usize) -> Option<(u8, usize)> {
        let Kind::Word(Role::Cardinal | Role::Ordinal, number) = self.kind(at)? else { return None };
        let ends = self.role(at) == Some(Role::Ordinal) || !number.is_multiple_of(10) || number < 20;
        if ends {
            return (number < 100).then_some((number, at + 1));
        }
        let next = if self.mark(at + 1) == Some('-') { at + 2 } else { at + 1 };
        match self.kind(next) {
            Some(Kind::Word(Role::Cardinal | Role::Ordinal, unit @ 1..=9)) => Some((number + unit, next + 1)),
            _ => Some((number, at + 1)),
        }
    }
}
