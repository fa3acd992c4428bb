//! One side of a period: a year, quarter, half, month, day, season, decade, century, fiscal or
//! academic year, or a unit named against today, as words and numbers give it.

mod again;
mod clock;
mod context;
mod decades;
mod ending;
mod era;
mod listed;
mod numeric;
mod ordinal;
mod relative;
mod roman;
mod short_years;
mod spelled;
mod split_years;
mod two_calendars;
mod units;
mod weekdays;
mod weeks;
mod years;

use std::cell::Cell;

pub(super) use self::again::Again;
use super::PeriodError;
use super::span::{Point, Shade, Step, Unit, YearOf};
use super::words::{Kind, Role, Token, Trait};

/// Reads sides of periods from the tokens of a text. Every method takes the token where it begins
/// and gives what it read with the token behind it.
pub(super) struct Points<'t> {
    tokens: &'t [Token],
    /// How many sides the one being read stands in.
    depth: Cell<u8>,
}

/// Sides within sides that are read: "the end of the year to June 2024" nests three.
const DEEPEST: u8 = 4;

impl<'t> Points<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { tokens, depth: Cell::new(0) }
    }

    /// The side that begins at token `at`.
    pub(super) fn point(&self, at: usize) -> Option<(Point, usize)> {
        let depth = self.depth.get();
        if depth == DEEPEST {
            return None;
        }
        self.depth.set(depth + 1);
        let read = self.first(at);
        self.depth.set(depth);
        read
    }

    fn first(&self, at: usize) -> Option<(Point, usize)> {
        match self.kind(at)? {
            Kind::Number(..) => self.number_first(at),
            Kind::Mark('\'') => self.short_decade(at).or_else(|| self.short_year_alone(at)),
            Kind::Mark('"' | '«' | '“' | '„' | '”') => self.quoted_day(at),
            Kind::Word(role, number) => self.word_first(at, role, number),
            _ => None,
        }
    }

    fn word_first(&self, at: usize, role: Role, number: u8) -> Option<(Point, usize)> {
        match role {
            Role::The if self.role(at + 1) != Some(Role::The) => self.point(at + 1),
            Role::Early => self.shaded(at, Shade::Early),
            Role::Mid | Role::Middle => self.shaded(at, Shade::Middle),
            Role::Late => self.shaded(at, Shade::Late),
            Role::Start => self.shaded(at, Shade::Start),
            Role::End => self.shaded(at, Shade::End),
            Role::Rest => self.shaded(at, Shade::Rest),
            Role::Filler => self.one_off(at + 1).or_else(|| self.whole_year(at)),
            Role::Circa => self.hedged_year(at),
            Role::Suffix => self.semester(at),
            Role::Weekday => self.weekday(at),
            Role::Weekend => self.weekend(at),
            Role::CommonEra => self.year_of_era(at),
            Role::NamedQuarter => self.named_quarter(at, number),
            Role::Month => self.month(at, number),
            Role::Season | Role::SeasonIfYear => self.season(at, number),
            Role::Ordinal => self.ordinal_first(at).or_else(|| self.spelled_year(at)),
            Role::Roman => self.roman_months(at).or_else(|| self.ordinal_first(at)),
            Role::Cardinal => self
                .counted_months(at)
                .or_else(|| self.spelled_year(at))
                .or_else(|| self.tens_of_hundreds(at)),
            Role::YearBase => self.spelled_year(at),
            Role::Quarter | Role::Half | Role::QuarterLetter | Role::HalfLetter => {
                self.letter_first(at, role).or_else(|| self.one_ending(at))
            }
            Role::Year | Role::Fiscal => self.year_word(at).or_else(|| self.one_unit(at)),
            Role::FiscalYear | Role::AcademicYear => {
                self.split_year_word(at, role).or_else(|| self.one_ending(at))
            }
            Role::MonthUnit => self.month_by_noun(at).or_else(|| self.one_unit(at)),
            Role::Decade | Role::Day => self.one_unit(at),
            Role::YearEnding => self.year_ending_with(at),
            Role::Last | Role::This | Role::Next => self.relative(at, role),
            Role::Today => {
                let offset = [0, -1, 1, -2, 2].get(usize::from(number)).copied()?;
                Some((Point::new(Unit::Around(Step::Day, offset), YearOf::Missing), at + 1))
            }
            Role::YearToDate => self.year_to_date(at),
            Role::Tens => self.tens(at, number),
            Role::Week | Role::WeekLetter => self.week(at).or_else(|| self.one_unit(at)),
            _ => None,
        }
    }

    /// A unit that its last day or today tells: "year ended 30 June 2024", "year ago".
    fn one_unit(&self, at: usize) -> Option<(Point, usize)> {
        self.one_off(at).or_else(|| self.one_ending(at)).or_else(|| self.one_beside_date(at))
    }

    /// "Early", "the end of" and the like before a unit: "mid-2024", "the end of the year".
    fn shaded(&self, at: usize, shade: Shade) -> Option<(Point, usize)> {
        let (shade, mut next) = self.two_shades(at, shade).unwrap_or((shade, at + 1));
        // The last day is one where the word itself says it: "end-2025", "year-end 2024".
        let is_day =
            shade == Shade::End && (self.says(at, Trait::LastDay) || self.says(at, Trait::NamesYear));
        next = self.dot(next);
        if self.mark(next) == Some('-') {
            next += 1;
        }
        let glued = next;
        for skipped in [Role::Of, Role::In, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        if self.leads_on(next) {
            return None;
        }
        let shade = if is_day && glued == next { Shade::LastDay } else { shade };
        let names_unit =
            || self.says(at, Trait::NamesYear).then(|| (Point::new(Unit::Year, YearOf::Relative(0)), at + 1));
        let (point, end) = self.point(next).or_else(|| self.unit_of_today(next)).or_else(names_unit)?;
        (point.shade == Shade::Whole && !matches!(point.unit, Unit::DaysAlone(..) | Unit::Rolling(..)))
            .then_some((Point { shade, ..point }, end))
    }

    /// "Early to mid", "mid-to-late": what both say together, and the token behind.
    fn two_shades(&self, at: usize, first: Shade) -> Option<(Shade, usize)> {
        let mut next = at + 1;
        if self.mark(next) == Some('-') {
            next += 1;
        }
        let joined = self.role(next) == Some(Role::To) || matches!(self.mark(next), Some('/' | '–'));
        next += 1;
        if self.mark(next) == Some('-') {
            next += 1;
        }
        let shade = match (first, self.role(next).filter(|_| joined)?) {
            (Shade::Early, Role::Mid | Role::Middle) => Shade::EarlyToMiddle,
            (Shade::Middle, Role::Late) => Shade::MiddleToLate,
            (Shade::Early, Role::Late) => Shade::Whole,
            _ => return None,
        };
        Some((shade, next + 1))
    }

    /// Whether the word at `at` needs another side behind it, so that no rule nests without end.
    fn leads_on(&self, at: usize) -> bool {
        matches!(
            self.role(at),
            Some(
                Role::Early
                    | Role::Mid
                    | Role::Late
                    | Role::Start
                    | Role::Middle
                    | Role::End
                    | Role::Rest
                    | Role::Weekday
                    | Role::Weekend
                    | Role::The
            )
        )
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The role of the word at `at`.
    pub(super) fn role(&self, at: usize) -> Option<Role> {
        match self.kind(at)? {
            Kind::Word(role, _) => Some(role),
            _ => None,
        }
    }

    /// The number that the word at `at` has in the tables.
    pub(super) fn number(&self, at: usize) -> u8 {
        match self.kind(at) {
            Some(Kind::Word(_, number)) => number,
            _ => 0,
        }
    }

    /// Whether the word at `at` has a trait.
    pub(super) fn says(&self, at: usize, said: Trait) -> bool {
        self.number(at) == said.code()
    }

    /// Whether the word at `at` has a number or a trait.
    pub(super) fn says_more(&self, at: usize) -> bool {
        self.number(at) != 0
    }

    /// The mark at `at`.
    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.kind(at)? {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    /// Whether a word or a number, known or not, stands at `at`.
    pub(super) fn is_word_or_number(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Number(..) | Kind::Word(..) | Kind::Unknown))
    }

    /// Whether an article before the period from `at` to `end` belongs to what the period tells of: "the
    /// 2024 harvest", "the May 2024 release", "the first-quarter 2024 figure". Not so "the 14th of May".
    pub(super) fn begins_bare(&self, at: usize, end: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Number(_, 4)) => {
                self.decade(at).is_none() && !matches!(self.kind(end - 1), Some(Kind::Word(..)))
                    || self.part_behind_year(YearOf::Missing, at + 1).is_some()
            }
            Some(Kind::Mark('\'')) => self.short_decade(at).is_none(),
            Some(Kind::Number(..)) => self.suffix(at + 1) == at + 1 && self.role(at + 1) == Some(Role::Month),
            Some(Kind::Word(Role::Month, _)) => {
                let is_unit = |at| matches!(self.role(at), Some(Role::Quarter | Role::Half));
                !(at..end).any(is_unit)
            }
            Some(Kind::Word(Role::Season, _)) => self.digits(at + 1).is_some(),
            Some(Kind::Word(Role::QuarterLetter | Role::HalfLetter, _)) => true,
            Some(Kind::Word(Role::Ordinal | Role::Cardinal, _)) => {
                self.mark(at + 1) == Some('-') && self.digits(at + 3).is_some()
            }
            _ => false,
        }
    }

    /// Whether white space, or nothing at all, stands before the token at `at`.
    pub(super) fn spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.spaced)
    }

    /// Whether the token at `at` begins with a letter of ASCII.
    fn is_ascii(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.ascii)
    }

    /// The digits at `at`: their value and how many they are.
    fn digits(&self, at: usize) -> Option<(u32, u8)> {
        match self.kind(at)? {
            Kind::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    /// A number of one or two digits.
    fn small(&self, at: usize) -> Option<u8> {
        let (value, digits) = self.digits(at)?;
        u8::try_from(value).ok().filter(|_| digits <= 2)
    }

    /// Two digits right behind the token before.
    fn two_glued(&self, at: usize) -> Option<u8> {
        (!self.spaced(at) && self.digits(at)?.1 == 2).then(|| self.small(at)).flatten()
    }

    /// The token behind a dot that belongs to the word before it.
    fn dot(&self, at: usize) -> usize {
        if self.mark(at) == Some('.') && !self.spaced(at) { at + 1 } else { at }
    }

    /// The token behind the word or phrase at `at`, and behind its dot where it is abbreviated.
    pub(super) fn behind_unit(&self, at: usize) -> usize {
        if self.says(at, Trait::Abbreviated) { self.dot(at + 1) } else { at + 1 }
    }

    /// The token behind an ordinal's ending: `25th`, `1-й`, `2024-го`.
    fn suffix(&self, at: usize) -> usize {
        let next = if self.mark(at) == Some('-') { at + 1 } else { at };
        let ending = matches!(self.role(next), Some(Role::Suffix) if !self.says(next, Trait::DecadeOnly))
            || next > at && self.role(next) == Some(Role::MonthLetter);
        if ending && !self.spaced(next) && !self.spaced(at) { next + 1 } else { at }
    }
}

/// A side that is no period because it is refused.
fn refused(error: PeriodError, end: usize) -> Option<(Point, usize)> {
    Some((Point::new(Unit::Refused(error), YearOf::Missing), end))
}
