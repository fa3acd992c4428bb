//! Years, and what is made of them: decades, centuries, fiscal and academic years.

use chrono::NaiveDate;
use model::period::Precision;

use super::super::PeriodError;
use super::super::span::{Point, Shade, Span, Step, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::split_years::fiscal_over;
use super::{Points, refused};

/// Years in four digits that are read as years.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 1000..=2999;

/// Bytes of the longest abbreviations of a unit whose dot belongs to it: `yrs`, and `гг`, `кв`.
const LONGEST_ABBREVIATION: (usize, usize) = (3, 4);

/// Tokens of "(Jul.-Sept.)".
const LONGEST_OTHER_NAME: usize = 6;

/// January of the first year to December of the last.
pub(super) fn years(first: i32, last: i32) -> Option<Span> {
    let (start, end) = (NaiveDate::from_ymd_opt(first, 1, 1)?, NaiveDate::from_ymd_opt(last, 12, 31)?);
    Some(Span::new(start, end, Precision::Year))
}

impl Points<'_> {
    /// A year in four digits, with its ending and its word: `2024`, `2024-го`, `2024 г.`, `2024 year`.
    pub(super) fn year(&self, at: usize) -> Option<(i32, usize)> {
        let (value, digits) = self.digits(at)?;
        if digits != 4 || !YEARS.contains(&value) || self.number_goes_on(at + 1) || self.decade(at).is_some()
        {
            return None;
        }
        Some((i32::try_from(value).ok()?, self.behind_common_era(self.year_ending(at + 1))))
    }

    /// The token behind what may follow a year's digits.
    pub(super) fn year_ending(&self, at: usize) -> usize {
        let next = self.suffix(at);
        self.year_noun(next)
    }

    /// Whether a year ends with the token at `at`: `2024`, `2024 г.`.
    pub(in super::super) fn ends_year(&self, at: usize) -> bool {
        let last = if self.mark(at) == Some('.') && !self.spaced(at) { at.saturating_sub(1) } else { at };
        self.role(last) == Some(Role::Year)
            && last > 0
            && self.digits(last - 1).is_some_and(|(_, digits)| digits == 4)
            || self.digits(last).is_some_and(|(value, digits)| digits == 4 && YEARS.contains(&value))
    }

    /// The token behind the word "year" at `at`, if it stands there, and behind the dot of its
    /// abbreviation.
    pub(super) fn year_noun(&self, at: usize) -> usize {
        if self.role(at) != Some(Role::Year) {
            return at;
        }
        if !self.is_abbreviation(at) {
            return self.behind_unit(at);
        }
        let end = self.dot(at + 1);
        // "2024–2026 г.г."
        let is_doubled = end > at + 1 && self.role(end) == Some(Role::Year) && !self.spaced(end);
        if is_doubled { self.dot(end + 1) } else { end }
    }

    /// Whether the word at `at` is so short that it is cut.
    pub(super) fn is_abbreviation(&self, at: usize) -> bool {
        let (in_ascii, in_others) = LONGEST_ABBREVIATION;
        self.tokens
            .get(at)
            .is_some_and(|token| token.end - token.start <= if token.ascii { in_ascii } else { in_others })
    }

    /// Whether digits go on behind a separator or a letter: `2024.5`, `2024,500`, `2024:15`.
    fn number_goes_on(&self, at: usize) -> bool {
        let glued_digits = !self.spaced(at) && !self.spaced(at + 1) && self.digits(at + 1).is_some();
        matches!(self.mark(at), Some('.' | ',' | ':' | '%' | '°'))
            && (glued_digits || self.mark(at) == Some('%'))
    }

    /// The year that a unit before it belongs to: "of 2024", ", 2024", "'24", "this year".
    pub(super) fn year_of(&self, at: usize) -> (YearOf, usize) {
        self.year_behind(at).unwrap_or((YearOf::Missing, at))
    }

    fn year_behind(&self, at: usize) -> Option<(YearOf, usize)> {
        if self.is_this_year(at) {
            return Some((YearOf::Relative(0), self.year_noun(at)));
        }
        let at = self.behind_other_name(at);
        let inclusive = self.role(at) == Some(Role::Filler) && self.says(at, Trait::Inclusive);
        let mut next = self.dot(if inclusive { at + 1 } else { at });
        if self.mark(next) == Some(',') {
            next += 1;
        } else if matches!(self.mark(next), Some('-' | '/')) && !self.spaced(next) && !self.spaced(next + 1) {
            if self.role(next + 1) != Some(Role::FiscalYear) {
                return self.year(next + 1).map(|(year, end)| (YearOf::Stated(year), end));
            }
            next += 1;
        } else if let Some(bracketed) = self.bracketed_year(next) {
            return Some(bracketed);
        }
        let led = matches!(self.role(next), Some(Role::Of | Role::In));
        for skipped in
            [&[Role::Of, Role::In][..], &[Role::The], &[Role::Fiscal], &[Role::Year, Role::FiscalYear]]
        {
            if self.role(next).is_some_and(|role| skipped.contains(&role)) {
                next += 1;
            }
        }
        let the_year = led && self.role(next - 1) == Some(Role::Year) && !self.says(next - 1, Trait::Plural);
        if self.role(next) == Some(Role::Of) {
            next += 1;
        }
        if let Some((year, end)) = self.short_year_with_mark(next) {
            return Some((YearOf::Stated(year), end));
        }
        if next > at
            && matches!(self.role(next - 1), Some(Role::Fiscal | Role::FiscalYear))
            && let Some((first, end)) = self.year_and_next(next)
        {
            return Some((YearOf::FiscalFrom(first), end));
        }
        if let Some(either) = self.one_of_two_years(next) {
            return Some(either);
        }
        if let Some((year, end)) = self.year(next) {
            return Some((YearOf::Stated(year), end));
        }
        if next > at && self.role(next - 1) == Some(Role::FiscalYear) {
            let (year, end) = self.short_year(next)?;
            return Some((YearOf::Stated(year), end));
        }
        if self.role(next) == Some(Role::ThisYear) {
            return Some((YearOf::Relative(0), self.dot(next + 1)));
        }
        if the_year && !self.goes_on_behind_year(next) {
            return Some((YearOf::Relative(0), next));
        }
        let stated = self
            .year_named_twice(next)
            .or_else(|| self.short_year_and_word(next))
            .or_else(|| self.year_in_words_of_part(next));
        if let Some((year, end)) = stated {
            return Some((YearOf::Stated(year), end));
        }
        self.year_against_today(next)
    }

    /// "This year", "last year", "next year".
    fn year_against_today(&self, next: usize) -> Option<(YearOf, usize)> {
        let offset = match self.role(next)? {
            Role::Last if self.says(next, Trait::BeforeLast) => -2,
            Role::Last => -1,
            Role::This => 0,
            Role::Next => 1,
            _ => return None,
        };
        (self.role(next + 1) == Some(Role::Year) && !self.says(next + 1, Trait::Plural))
            .then(|| (YearOf::Relative(offset), self.year_noun(next + 1)))
    }

    /// "(2024)" behind a part of it.
    fn bracketed_year(&self, at: usize) -> Option<(YearOf, usize)> {
        let (year, end) = self.year(at + 1).filter(|_| self.mark(at) == Some('('))?;
        (self.mark(end) == Some(')')).then_some((YearOf::Stated(year), end + 1))
    }

    /// "Прошлого, 2023 года": a year that is told against today and by its number.
    pub(super) fn year_named_twice(&self, at: usize) -> Option<(i32, usize)> {
        let is_told = matches!(self.role(at), Some(Role::Last | Role::This | Role::Next));
        let next = if self.mark(at + 1) == Some(',') { at + 2 } else { at + 1 };
        self.year(next).filter(|(_, end)| is_told && *end > next + 1)
    }

    /// The token behind brackets between a unit and its year that name the unit once more: "2 сентября
    /// (понедельник)", "Q3 (July–September)", "second half (H2)".
    fn behind_other_name(&self, at: usize) -> usize {
        if self.mark(at) != Some('(') {
            return at;
        }
        let names_unit = |at: usize| match self.kind(at) {
            Some(Kind::Word(role, _)) => matches!(
                role,
                Role::Weekday
                    | Role::Month
                    | Role::QuarterLetter
                    | Role::HalfLetter
                    | Role::Roman
                    | Role::To
                    | Role::Quarter
                    | Role::Half
            ),
            Some(Kind::Mark(mark)) => matches!(mark, '-' | '–' | '.'),
            Some(Kind::Number(1..=4, 1)) => true,
            _ => false,
        };
        let closing = (at + 1..at + 2 + LONGEST_OTHER_NAME).find(|&inside| !names_unit(inside));
        match closing.filter(|&closing| closing > at + 1 && self.mark(closing) == Some(')')) {
            Some(closing) => closing + 1,
            None => at,
        }
    }

    /// Whether the word for "of the year" stands at `at` by itself: "в первом квартале года".
    fn is_this_year(&self, at: usize) -> bool {
        self.role(at) == Some(Role::Year)
            && self.says(at, Trait::ThisYear)
            && !self.goes_on_behind_year(at + 1)
    }

    /// Whether what stands behind the word "year" tells which year it is, or makes another word of it.
    fn goes_on_behind_year(&self, at: usize) -> bool {
        matches!(
            self.role(at),
            Some(Role::Ending | Role::To | Role::Ago | Role::BeforeLast | Role::AfterNext | Role::Of)
        ) || matches!(self.mark(at), Some('-')) && !self.spaced(at)
            || self.digits(at).is_some()
    }

    /// As `year_of`, and two digits alone are a year too: `1Q24`, `Q1/24`, `FY 24`.
    pub(super) fn year_or_short(&self, at: usize) -> (YearOf, usize) {
        let (year, end) = self.year_of(at);
        if year != YearOf::Missing {
            return (year, end);
        }
        let is_parted = matches!(self.mark(at), Some('/' | '-' | '.')) && !self.spaced(at + 1);
        let next = if is_parted { at + 1 } else { at };
        self.short_year(next).map_or((year, end), |(year, end)| (YearOf::Stated(year), end))
    }

    /// What a number of four digits begins besides a date: a year, a decade, a span of years, or a
    /// year with a part behind it.
    pub(super) fn year_first(&self, at: usize) -> Option<(Point, usize)> {
        if let Some(part) = self.part_of_possessive(at) {
            return Some(part);
        }
        if let Some(decade) = self.decade(at) {
            return Some(decade);
        }
        if let Some(split) = self.split_year(at) {
            return Some(split);
        }
        let (year, end) = self.year(at)?;
        if self.is_no_year(at, end) {
            return None;
        }
        let end = self.behind_estimate(end);
        if self.role(end) == Some(Role::End) && self.says(end, Trait::NamesYear) {
            let year = Point::new(Unit::Year, YearOf::Stated(year));
            return Some((Point { shade: Shade::LastDay, ..year }, end + 1));
        }
        if self.role(end) == Some(Role::YearToDate) {
            return Some((Point::new(Unit::YearToDate, YearOf::Stated(year)), end + 1));
        }
        match self.role(end) {
            Some(Role::FiscalYear) => return self.fiscal(year, end + 1),
            Some(Role::AcademicYear) => return refused(PeriodError::Ambiguous, end + 1),
            _ => {}
        }
        let stated = YearOf::Stated(year);
        Some(self.part_behind_year(stated, end).unwrap_or((Point::new(Unit::Year, stated), end)))
    }

    /// "2019's second half".
    fn part_of_possessive(&self, at: usize) -> Option<(Point, usize)> {
        let is_possessive = self.mark(at + 1) == Some('\'')
            && self.role(at + 2) == Some(Role::Suffix)
            && self.says(at + 2, Trait::DecadeOnly);
        let (year, _) = self.digits(at).filter(|(year, _)| is_possessive && YEARS.contains(year))?;
        self.part_behind_year(YearOf::Stated(i32::try_from(year).ok()?), at + 3)
    }

    /// The token behind a letter that says how sure a year's figure is: `2024E`, `2023A`.
    pub(super) fn behind_estimate(&self, at: usize) -> usize {
        let is_actual = self.role(at) == Some(Role::Filler)
            && self.tokens.get(at).is_some_and(|letter| letter.capital && letter.end - letter.start == 1);
        let is_glued = !self.spaced(at) && self.tokens.get(at).is_some();
        if is_glued && (is_actual || self.role(at) == Some(Role::Estimate)) { at + 1 } else { at }
    }

    /// "2024 Q1", "2024 May", "2024, first quarter": the part, where it has no year of its own.
    pub(super) fn part_behind_year(&self, year: YearOf, at: usize) -> Option<(Point, usize)> {
        let is_heading = self.mark(at) == Some(':')
            && matches!(self.role(at + 1), Some(Role::Month | Role::QuarterLetter | Role::HalfLetter));
        let mut next = if self.mark(at) == Some(',') || is_heading { at + 1 } else { at };
        let bracketed = self.mark(next) == Some('(');
        if self.mark(next) == Some('-') && !self.spaced(next) && !self.spaced(next + 1) || bracketed {
            next += 1;
        }
        let closed = |end| match self.mark(self.dot(end)) {
            Some(')') if bracketed => self.dot(end) + 1,
            _ => end,
        };
        let is_table = bracketed || next > at && !self.is_ascii(next + 1);
        if let Some((months, end)) = self.first_months(next, is_table) {
            return Some((Point::new(months, year), closed(end)));
        }
        if self.role(next) == Some(Role::The) {
            next += 1;
        }
        if let Some(day) = self.day_behind_comma(year, at) {
            return Some(day);
        }
        let is_part = match self.kind(next)? {
            Kind::Word(role, _) => matches!(
                role,
                Role::QuarterLetter
                    | Role::HalfLetter
                    | Role::Month
                    | Role::Ordinal
                    | Role::Roman
                    | Role::Season
            ),
            Kind::Number(1..=4, 1) => {
                matches!(
                    self.role(next + 1),
                    Some(Role::Quarter | Role::Half | Role::QuarterLetter | Role::HalfLetter)
                ) || self.suffix(next + 1) > next + 1
            }
            _ => false,
        };
        if !is_part {
            return None;
        }
        let (point, end) = self.point(next)?;
        let is_short = matches!(self.role(end - 1), Some(Role::Quarter | Role::Half | Role::MonthUnit))
            && self.is_abbreviation(end - 1)
            && !self.tokens[end - 1].ascii;
        let end = if is_short { self.dot(end) } else { end };
        let is_list = matches!(self.mark(end), Some(',')) || self.role(end) == Some(Role::And);
        (point.lacks_year() && !is_list && !matches!(point.unit, Unit::DaysAlone(..)))
            .then(|| (Point { year, ..point }, closed(end)))
    }

    /// "7 мая" of "2024 г., 7 мая".
    fn day_behind_comma(&self, year: YearOf, at: usize) -> Option<(Point, usize)> {
        let is_day = self.mark(at) == Some(',')
            && self.small(at + 1).is_some()
            && self.role(at + 2) == Some(Role::Month);
        let (day, end) = if is_day { self.point(at + 1)? } else { return None };
        let is_one = matches!(day.unit, Unit::Days(_, first, last) if first == last);
        (is_one && day.year == YearOf::Missing).then_some((Point { year, ..day }, end))
    }

    /// The first months of the year before them: `9M`, and in brackets "9 months".
    fn first_months(&self, at: usize, is_table: bool) -> Option<(Unit, usize)> {
        let count = self.small(at).filter(|count| (1..=12).contains(count))?;
        let end = match self.role(at + 1)? {
            Role::MonthLetter if !self.spaced(at + 1) => at + 2,
            Role::MonthUnit if is_table => self.dot(at + 2),
            _ => return None,
        };
        Some((Unit::Months(1, count), end))
    }

    /// "Year 2016", "the year of 2016", "fiscal 2024".
    pub(super) fn year_word(&self, at: usize) -> Option<(Point, usize)> {
        if self.role(at) == Some(Role::Fiscal) && self.digits(at + 1).is_none() {
            return match self.mark(at + 1) {
                Some('\'') => {
                    let (year, end) = self.short_year_with_mark(at + 1)?;
                    self.fiscal(year, end)
                }
                _ => self.fiscal_part(at + 1),
            };
        }
        let next = if self.role(at + 1) == Some(Role::Of) { at + 2 } else { at + 1 };
        let (point, end) = self.year_first(next)?;
        let year = matches!(point.unit, Unit::Year)
            || matches!(point.unit, Unit::Fixed(span) if span.precision == Precision::Year)
            || self.role(at) == Some(Role::Fiscal) && matches!(point.unit, Unit::Refused(_));
        if self.role(at) == Some(Role::Fiscal)
            && let Some((first, end)) = self.year_and_next(next)
        {
            return fiscal_over(first).map(|point| (point, end));
        }
        year.then_some((point, end))
    }

    /// "Third quarter 2022" behind "fiscal", "Q2 of 2024" behind "calendar".
    fn fiscal_part(&self, at: usize) -> Option<(Point, usize)> {
        let is_part = matches!(
            self.role(at),
            Some(
                Role::Ordinal
                    | Role::Quarter
                    | Role::Half
                    | Role::QuarterLetter
                    | Role::HalfLetter
                    | Role::Week
            )
        );
        let (point, end) = self.point(at).filter(|_| is_part)?;
        matches!(point.unit, Unit::Quarters(..) | Unit::Half(_) | Unit::IsoWeeks(..)).then_some((point, end))
    }

    /// "The whole of 2024", "full-year 2024", "весь 2024 год": a year, and a word that it is all of it.
    pub(super) fn whole_year(&self, at: usize) -> Option<(Point, usize)> {
        if !self.says(at, Trait::Whole) {
            return None;
        }
        let mut next = if self.mark(at + 1) == Some('-') { at + 2 } else { at + 1 };
        for skipped in [&[Role::Of][..], &[Role::The], &[Role::Year, Role::Fiscal], &[Role::Of]] {
            if self.role(next).is_some_and(|role| skipped.contains(&role)) {
                next += 1;
            }
        }
        if let Some(role @ (Role::Last | Role::This)) = self.role(next) {
            let is_year = |point: &Point| matches!(point.unit, Unit::Around(Step::Year, _));
            return self.relative(next, role).filter(|(point, _)| is_year(point));
        }
        self.year_first(next).filter(|(point, _)| is_of_years(point)).or_else(|| self.fiscal_part(at + 1))
    }

    /// "Circa 1850", "ca. 1850".
    pub(super) fn hedged_year(&self, at: usize) -> Option<(Point, usize)> {
        let next = self.dot(at + 1);
        let year = if self.role(next) == Some(Role::CommonEra) {
            self.year_of_era(next)
        } else {
            self.year_first(next)
        };
        year.filter(|(point, _)| is_of_years(point))
    }

    /// A fiscal year named by one year is the calendar year.
    pub(super) fn fiscal(&self, year: i32, end: usize) -> Option<(Point, usize)> {
        let year = YearOf::Stated(year);
        Some(self.part_behind_year(year, end).unwrap_or((Point::new(Unit::Year, year), end)))
    }

    /// From the first day of today's year up to today, or up to the month behind: "YTD September 2024".
    pub(super) fn year_to_date(&self, at: usize) -> Option<(Point, usize)> {
        if self.role(at + 1) == Some(Role::Month)
            && let Some((point, end)) = self.point(at + 1)
            && let Some(months) = up_to_month(&point)
        {
            return Some((Point { unit: months, ..point }, end));
        }
        let (year, end) = match self.year_of(at + 1) {
            (year @ YearOf::Stated(_), end) => (year, end),
            (YearOf::Relative(0), end) => (YearOf::Missing, end),
            _ => (YearOf::Missing, at + 1),
        };
        Some((Point::new(Unit::YearToDate, year), end))
    }
}

/// Whether a side is one year or several.
fn is_of_years(point: &Point) -> bool {
    match point.unit {
        Unit::Year => true,
        Unit::Fixed(span) => span.precision == Precision::Year && !span.academic,
        _ => false,
    }
}

/// The months of a stated year up to the one that a side is.
pub(super) fn up_to_month(point: &Point) -> Option<Unit> {
    match (point.unit, point.year) {
        (Unit::Months(first, last), YearOf::Stated(_)) if first == last => Some(Unit::Months(1, last)),
        _ => None,
    }
}
