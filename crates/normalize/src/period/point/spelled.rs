//! Years in words: "nineteen eighty-four", "two thousand and four", "две тысячи двадцать четвёртый", and by
//! their last two words where others show that a year is meant: "в сорок первом году".

use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::Points;
use super::context::leads_to_year;

/// The first of the numbers that the last two words of a year have.
const LEAST_SHORT: u8 = 20;

/// From this number on, the last two words of a year are of the last century.
const LAST_CENTURY_FROM: u8 = 30;

/// Behind a month, a number up to this one may be its day.
const LATEST_DAY: u8 = 31;

impl Points<'_> {
    /// A year in words that stands for itself.
    pub(super) fn spelled_year(&self, at: usize) -> Option<(Point, usize)> {
        let (year, end) = self.year_in_words(at).or_else(|| self.led_short_year_in_words(at))?;
        Some((Point::new(Unit::Year, YearOf::Stated(year)), end))
    }

    /// The year in words that a month, season or another part before it belongs to.
    pub(super) fn year_in_words_of_part(&self, at: usize) -> Option<(i32, usize)> {
        self.year_in_words(at).or_else(|| self.short_year_in_words(at)).or_else(|| {
            let (year, number, end) = self.last_two_words(at)?;
            let is_of_month = matches!(self.role(at.checked_sub(1)?), Some(Role::Month | Role::Season));
            (is_of_month && number > LATEST_DAY).then_some((year, end))
        })
    }

    /// A year from 1800 to 2099. What counts something is none.
    fn year_in_words(&self, at: usize) -> Option<(i32, usize)> {
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
        Some((i32::from(century) * 100 + i32::from(rest), end))
    }

    /// "В сорок первом году", "с семьдесят второго года": behind a word that leads to a year.
    fn led_short_year_in_words(&self, at: usize) -> Option<(i32, usize)> {
        let lead =
            at.checked_sub(1).and_then(|before| self.role(before)).filter(|lead| leads_to_year(*lead))?;
        let (year, end) = self.short_year_in_words(at)?;
        // "В двадцать пятый год" counts years.
        let counts = lead == Role::In
            && (at..end)
                .any(|noun| self.role(noun) == Some(Role::Year) && !self.says(noun, Trait::NoDeadline));
        (!counts).then_some((year, end))
    }

    /// "Сорок первого года": the last two words of a year, and its noun.
    fn short_year_in_words(&self, at: usize) -> Option<(i32, usize)> {
        let (year, _, next) = self.last_two_words(at)?;
        // "С сорок первого по сорок пятый год" has the noun once.
        let shared = matches!(self.role(next), Some(Role::To | Role::Until | Role::And))
            .then(|| self.last_two_words(next + 1))
            .flatten();
        let noun = shared.map_or(next, |(_, _, end)| end);
        let end = if shared.is_some() { next } else { self.year_noun(next) };
        (self.role(noun) == Some(Role::Year) && (shared.is_some() || !self.says(noun, Trait::Plural)))
            .then_some((year, end))
    }

    /// The year that the last two words of one mean, their number, and the token behind.
    fn last_two_words(&self, at: usize) -> Option<(i32, u8, usize)> {
        let (number, end) = self.below_hundred(at).filter(|(number, _)| *number >= LEAST_SHORT)?;
        let century = if number < LAST_CENTURY_FROM { 2000 } else { 1900 };
        (self.role(end - 1) == Some(Role::Ordinal)).then(|| (century + i32::from(number), number, end))
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
