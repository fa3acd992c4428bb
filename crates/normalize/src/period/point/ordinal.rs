//! What begins with an ordinal: "first quarter", "1-е полугодие", "I–III кварталы", "21st century", `1Q24`.

use super::super::span::{Point, Shade, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::Points;

/// The most ordinals that are listed before their unit, besides the first.
const MOST_ORDINALS: usize = 3;

/// Ordinals in a row, which share the unit behind them.
struct Row {
    /// The token of the first.
    at: usize,
    first: u8,
    last: u8,
    /// The token behind the last; behind the last before a gap, where there is one.
    behind: usize,
    /// Whether another follows that is not the next: "first and third".
    has_gap: bool,
}

impl Points<'_> {
    /// What an ordinal begins: "first quarter", "first nine months", "21st century", "first of May".
    pub(super) fn ordinal_first(&self, at: usize) -> Option<(Point, usize)> {
        self.ordinal_with_unit(at)
            .or_else(|| self.century_of_list(at))
            .or_else(|| self.day_in_words_alone(at))
    }

    /// A day in words whose month comes with the other side: "third" of "from the third to the twelfth of May".
    fn day_in_words_alone(&self, at: usize) -> Option<(Point, usize)> {
        let day = Some(self.number(at)).filter(|day| self.role(at) == Some(Role::Ordinal) && *day <= 31)?;
        let joint = matches!(self.role(at + 1), Some(Role::To | Role::Until))
            || matches!(self.mark(at + 1), Some('-' | '–'));
        let next = if joint { at + 2 } else { self.behind_joint(at + 1)? };
        let (later, _) = self.point(next)?;
        let is_day =
            matches!(later.unit, Unit::Days(_, first, last) | Unit::DaysAlone(first, last) if first == last);
        is_day.then(|| (Point::new(Unit::DaysAlone(day, day), YearOf::Missing), at + 1))
    }

    fn ordinal_with_unit(&self, at: usize) -> Option<(Point, usize)> {
        let row = self.ordinals(at)?;
        if row.has_gap {
            return self.with_unit_of_list(&row);
        }
        if let Some(part) = self.part_of_larger(&row) {
            return Some(part);
        }
        let next = self.behind_adjective(row.behind);
        let role = self.role(next)?;
        if self.is_stray_letter(&row, next) {
            return None;
        }
        match role {
            Role::Century => return self.centuries(row.first, row.last, self.behind_unit(next)),
            Role::In if self.is_short_century(at, next) => {
                return self.centuries(row.first, row.last, next + 2);
            }
            Role::Circa if row.behind > row.at + 1 && self.dot(next + 1) > next + 1 => {
                return self.centuries(row.first, row.last, next + 2);
            }
            Role::Day | Role::Of => return self.day_of_month((row.first, row.last), next),
            Role::Month if self.digits(at).is_none() => {
                return self.day_of_month((row.first, row.last), next);
            }
            _ => {}
        }
        let unit = self.unit_of(&row, role, next)?;
        self.with_year(unit, role, next)
    }

    /// The ordinals that begin at `at`, joined by dashes, commas and "and".
    fn ordinals(&self, at: usize) -> Option<Row> {
        let (first, behind) = self.ordinal(at)?;
        let mut row = Row { at, first, last: first, behind, has_gap: false };
        for _ in 0..MOST_ORDINALS {
            let next = row.behind;
            let listed = self.mark(next) == Some(',') || self.role(next) == Some(Role::And);
            let slash = self.mark(next) == Some('/') && !self.spaced(next) && !self.spaced(next + 1);
            let joined =
                slash || matches!(self.mark(next), Some('-' | '–')) || self.role(next) == Some(Role::To);
            let Some((later, end)) = self.ordinal(next + 1).filter(|_| listed || joined) else { break };
            if later <= row.last {
                return None;
            }
            if listed && later > row.last + 1 {
                return Some(Row { has_gap: true, ..row });
            }
            row = Row { last: later, behind: end, ..row };
        }
        Some(row)
    }

    /// Ordinals before another of a list that leaves some out, whose unit and year are theirs too: "first"
    /// of "the first and third quarters of 2024".
    fn with_unit_of_list(&self, row: &Row) -> Option<(Point, usize)> {
        // Only quarters are few enough to be listed so, and to be looked for without end.
        let (later, _) = self.ordinal(row.behind + 1).filter(|(later, _)| *later <= 4)?;
        let (point, _) = self.ordinal_first(row.behind + 1)?;
        match point.unit {
            Unit::Quarters(from, _) if from == later => {
                Some((Point { unit: Unit::Quarters(row.first, row.last), ..point }, row.behind))
            }
            _ => None,
        }
    }

    /// "First nine months of 2024", and one part of a month, year or century.
    fn part_of_larger(&self, row: &Row) -> Option<(Point, usize)> {
        if row.first != row.last {
            return None;
        }
        let first_of = (row.first == 1).then(|| self.first_units(row.behind)).flatten();
        let next = self.behind_adjective(row.behind);
        first_of
            .or_else(|| self.third(row.first, next))
            .or_else(|| self.part_of_month(row.first, next))
            .or_else(|| self.weekday_of_month(row.first, next))
            .or_else(|| self.part_of_century(row.first, next))
    }

    /// The token behind "fiscal" and "calendar", or behind the hyphen of "first-quarter".
    fn behind_adjective(&self, at: usize) -> usize {
        let is_calendar = self.role(at) == Some(Role::Filler) && self.says(at, Trait::Whole);
        let skips = self.role(at) == Some(Role::Fiscal)
            || is_calendar
            || self.mark(at) == Some('-') && !self.spaced(at);
        at + usize::from(skips)
    }

    /// Whether the unit at `next` is a letter that is neither glued to its number nor dated.
    fn is_stray_letter(&self, row: &Row, next: usize) -> bool {
        let is_glued = !self.spaced(next) && next == row.at + 1;
        self.is_unit_letter(next) && !is_glued && !self.is_dated_letter(next)
    }

    /// Whether the unit at `at` is a letter: `Q`, `H`, `M`, `К`.
    fn is_unit_letter(&self, at: usize) -> bool {
        matches!(self.role(at), Some(Role::QuarterLetter | Role::HalfLetter | Role::MonthLetter))
            || self.is_quarter_letter(at)
    }

    /// The unit of the year that the ordinals and the word at `next` name.
    fn unit_of(&self, row: &Row, role: Role, next: usize) -> Option<Unit> {
        let Row { at, first, last, .. } = *row;
        let in_digits = self.digits(at).is_some();
        Some(match role {
            Role::By if self.is_quarter_letter(next) && last <= 4 => Unit::Quarters(first, first),
            Role::Quarter | Role::QuarterLetter if last <= 4 => {
                let is_counted = self.says(next, Trait::Plural)
                    || self.says(next, Trait::Genitive)
                        && first > 1
                        && at > 0
                        && self.says(at - 1, Trait::Counting);
                let counts = is_counted && last == first && in_digits && next == at + 1;
                Unit::Quarters(if counts { 1 } else { first }, last)
            }
            Role::Half | Role::HalfLetter if (first, last) == (1, 2) => Unit::Year,
            Role::Half | Role::HalfLetter if last <= 2 => Unit::Half(first),
            Role::MonthLetter if first == last && first <= 12 => Unit::Months(1, first),
            Role::MonthUnit if !in_digits && last <= 12 && !self.says(next, Trait::Plural) => {
                Unit::Months(first, last)
            }
            Role::Week if row.behind > at + 1 || !in_digits => Unit::IsoWeeks(first, row.last),
            _ => return None,
        })
    }

    /// The unit whose word stands at `next`, with the year behind it.
    fn with_year(&self, unit: Unit, role: Role, next: usize) -> Option<(Point, usize)> {
        let may_be_short = self.is_unit_letter(next)
            || role == Role::Quarter && self.has_short_year(next)
            || role == Role::Half && !self.is_ascii(next) && self.has_short_year(next);
        let (year, end) = if may_be_short {
            self.year_or_short(self.dot_before_short_year(next + 1))
        } else {
            self.year_of(next + 1)
        };
        let needs_year = matches!(unit, Unit::IsoWeeks(..)) || matches!(role, Role::MonthLetter | Role::By);
        match (unit, year) {
            (Unit::Half(half), YearOf::Missing) => {
                Some(self.half_of(half, self.dot(next + 1)).unwrap_or((Point::new(unit, year), end)))
            }
            (_, YearOf::Missing) if needs_year => None,
            (Unit::Quarters(..), YearOf::Missing) => Some((Point::new(unit, year), self.dot_inside(end))),
            _ => Some((Point::new(unit, year), end)),
        }
    }

    /// "First half of May 2024", "second half of the 1990s".
    fn half_of(&self, half: u8, at: usize) -> Option<(Point, usize)> {
        let mut next = at;
        for skipped in [Role::Of, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        let is_century = |(_, end)| self.role(end) == Some(Role::Century) || self.is_short_century(next, end);
        if self.leads_on(next) {
            return None;
        }
        let (point, end) = match self.ordinal(next) {
            Some(ordinal) if !is_century(ordinal) => {
                self.short_decade(next).or_else(|| self.century_of_list(next))?
            }
            _ => self.point(next)?,
        };
        let shade = if half == 1 { Shade::FirstHalf } else { Shade::SecondHalf };
        (point.shade == Shade::Whole && matches!(point.unit, Unit::Months(..) | Unit::Fixed(_)))
            .then_some((Point { shade, ..point }, end))
    }

    /// Whether an abbreviation that also means "in" stands behind Roman digits: `XV в.`.
    pub(super) fn is_short_century(&self, at: usize, next: usize) -> bool {
        self.role(at) == Some(Role::Roman) && self.says(next, Trait::Century) && self.dot(next + 1) > next + 1
    }

    /// Whether a capital letter of a quarter or half stands before a year: `1st Q 2024`.
    fn is_dated_letter(&self, at: usize) -> bool {
        let is_letter = matches!(self.role(at), Some(Role::QuarterLetter | Role::HalfLetter));
        let capital = self.tokens.get(at).is_some_and(|token| token.capital);
        is_letter && capital && matches!(self.year_of(at + 1), (YearOf::Stated(_), _))
    }

    /// A letter that also means "by" and stands right behind its number: `3К24`.
    fn is_quarter_letter(&self, at: usize) -> bool {
        self.role(at) == Some(Role::By) && self.says(at, Trait::Letter) && !self.spaced(at)
    }
}
