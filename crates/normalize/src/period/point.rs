//! One side of a period: a year, quarter, half, month, day, season, decade, century, fiscal or
//! academic year, or a unit named against today, as words and numbers give it.

mod context;
mod numeric;
mod spelled;
mod units;
mod years;

use super::PeriodError;
use super::span::{Point, Shade, Step, Unit, YearOf};
use super::words::{Kind, Role, Token};

/// Reads sides of periods from the tokens of a text. Every method takes the token where it begins
/// and gives what it read with the token behind it.
pub(super) struct Points<'t> {
    tokens: &'t [Token],
}

impl<'t> Points<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { tokens }
    }

    /// The side that begins at token `at`.
    pub(super) fn point(&self, at: usize) -> Option<(Point, usize)> {
        match self.kind(at)? {
            Kind::Number(..) => self.number_first(at),
            Kind::Mark('\'') => self.short_decade(at),
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
            Role::Weekday => self.weekday(at),
            Role::Month => self.month(at, number),
            Role::Season | Role::SeasonIfYear => self.season(at, number),
            Role::Ordinal | Role::Roman => self.ordinal_first(at),
            Role::Cardinal => self.counted_months(at).or_else(|| self.spelled_year(at)),
            Role::YearBase => self.spelled_year(at),
            Role::Quarter | Role::Half | Role::QuarterLetter | Role::HalfLetter => {
                self.letter_first(at, role).or_else(|| self.ending(at, 1, at))
            }
            Role::Year | Role::Fiscal => self.year_word(at).or_else(|| self.ending(at, 1, at)),
            Role::FiscalYear | Role::AcademicYear => {
                self.split_year_word(at, role).or_else(|| self.ending(at, 1, at))
            }
            Role::Last | Role::This | Role::Next => self.relative(at, role),
            Role::Today => {
                let offset = [0, -1, 1].get(usize::from(number)).copied()?;
                Some((Point::new(Unit::Around(Step::Day, offset), YearOf::Missing), at + 1))
            }
            Role::YearToDate => self.year_to_date(at),
            Role::Tens => self.tens(at, number),
            Role::Week => self.week(at).or_else(|| self.ending(at, 1, at)),
            _ => None,
        }
    }

    /// "Early", "the end of" and the like before a unit.
    fn shaded(&self, at: usize, shade: Shade) -> Option<(Point, usize)> {
        let mut next = at + 1;
        if self.mark(next) == Some('-') {
            next += 1;
        }
        for skipped in [Role::Of, Role::In, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        if self.leads_on(next) {
            return None;
        }
        let (point, end) = self.point(next)?;
        (point.shade == Shade::Whole && !matches!(point.unit, Unit::DaysAlone(..) | Unit::Rolling(..)))
            .then_some((Point { shade, ..point }, end))
    }

    /// The name of a weekday before a date says nothing more.
    fn weekday(&self, at: usize) -> Option<(Point, usize)> {
        let mut next = self.dot(at + 1);
        if self.mark(next) == Some(',') {
            next += 1;
        }
        if self.role(next) == Some(Role::The) {
            next += 1;
        }
        if self.leads_on(next) {
            return None;
        }
        let (point, end) = self.point(next)?;
        let is_day = match point.unit {
            Unit::Days(_, first, last) => first == last,
            Unit::Fixed(span) => span.start == span.end,
            _ => false,
        };
        is_day.then_some((point, end))
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
                    | Role::Weekday
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

    /// The mark at `at`.
    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.kind(at)? {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    /// Whether white space, or nothing at all, stands before the token at `at`.
    pub(super) fn spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.spaced)
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

    /// The token behind an ordinal's ending: `25th`, `1-й`, `2024-го`.
    fn suffix(&self, at: usize) -> usize {
        let next = if self.mark(at) == Some('-') { at + 1 } else { at };
        let ending = matches!(self.role(next), Some(Role::Suffix) if self.number(next) < 2)
            || next > at && self.role(next) == Some(Role::MonthLetter);
        if ending && !self.spaced(next) && !self.spaced(at) { next + 1 } else { at }
    }
}

/// A side that is no period because it is refused.
fn refused(error: PeriodError, end: usize) -> Option<(Point, usize)> {
    Some((Point::new(Unit::Refused(error), YearOf::Missing), end))
}
