//! Years that are written as two: `2023/24`, `FY23/24`, "academic year 2024-2025", "winter 2023/24".

use chrono::{Months, NaiveDate};
use model::period::Precision;

use super::super::PeriodError;
use super::super::resolve::in_year;
use super::super::span::{Point, Span, Step, Unit, YearOf};
use super::super::words::Role;
use super::short_years::century_of;
use super::years::{YEARS, years};
use super::{Points, refused};

/// The latest year that two digits behind a dash are read as: `2015-94` is a number, not a period.
const LATEST_SHORT: i32 = 2075;

/// How many split years of a list are looked over for the word that tells their kind.
const MOST_LISTED: usize = 6;

impl Points<'_> {
    /// Two years in one: `2023/24`, `2024–25`, `2024-2025`, with the kind of year where it is said.
    pub(super) fn split_year(&self, at: usize) -> Option<(Point, usize)> {
        let (first, last, end) = self.two_years(at)?;
        match self.role(end) {
            Some(Role::AcademicYear) if last == first + 1 => {
                let behind = self.behind_unit(end);
                return academic(first).map(|point| (point, behind));
            }
            _ if last == first + 1
                && let Some(kind) = self.kind_of_list(at, end) =>
            {
                return over_two(kind, first).map(|point| (point, end));
            }
            Some(Role::FiscalYear) if last == first + 1 => {
                return fiscal_over(first).map(|point| (point, end + 1));
            }
            _ if last == first + 1 && self.is_of_campaign(at, end) => {
                return over_two(Role::Campaign, first).map(|point| (point, end));
            }
            Some(Role::Season) if last == first + 1 && self.number(end) == 0 => {
                return winter_over(first).map(|point| (point, end + 1));
            }
            _ => {}
        }
        if self.is_counting(end - 1) && end == at + 3 {
            // "2021/22 МГ": what looks like a unit may name the kind of year.
            return if self.mark(at + 1) == Some('/') { refused(PeriodError::Ambiguous, end) } else { None };
        }
        let short = self.digits(at + 2).is_some_and(|(_, digits)| digits == 2);
        if !short {
            return None;
        }
        let has_word = end > at + 3;
        let end_month = self.digits(at + 2).is_some_and(|(value, _)| (1..=12).contains(&value));
        match self.mark(at + 1)? {
            '/' if last == first + 1 && !has_word => refused(PeriodError::Ambiguous, end),
            '-' if end_month && !has_word => None,
            _ if last > first && last <= LATEST_SHORT => {
                Some((Point::new(Unit::Fixed(years(first, last)?), YearOf::Missing), end))
            }
            _ => None,
        }
    }

    /// Whether the years from `at` to `end` are those of a season: "2016/17 season", "сезон 2016/17 гг.".
    fn is_of_campaign(&self, at: usize, end: usize) -> bool {
        let is_season = |at| self.role(at) == Some(Role::Campaign);
        is_season(end) || at.checked_sub(1).is_some_and(is_season)
    }

    /// The kind of the years in the list that the split year from `at` to `end` stands in, as its first
    /// or its last says it: "2022/23 and 2023/24 academic years", "fiscal years 2022/23 and 2023/24".
    fn kind_of_list(&self, at: usize, end: usize) -> Option<Role> {
        let kind = |at| {
            self.role(at).filter(|role| {
                matches!(role, Role::AcademicYear | Role::FiscalYear | Role::Fiscal | Role::Campaign)
            })
        };
        let joins = |at| self.mark(at) == Some(',') || self.role(at) == Some(Role::And);
        let mut next = end;
        let mut first = at;
        for _ in 0..MOST_LISTED {
            if !joins(next) {
                break;
            }
            let split = if joins(next + 1) { next + 2 } else { next + 1 };
            let Some((_, end)) = self.year_and_next(split) else { break };
            if let Some(kind) = kind(end) {
                return Some(kind);
            }
            next = end;
        }
        for _ in 0..MOST_LISTED {
            let joint = first.checked_sub(1).filter(|&joint| joins(joint))?;
            let joint = if joint > 0 && joins(joint - 1) { joint - 1 } else { joint };
            first = joint.checked_sub(3).filter(|&split| self.year_and_next(split).is_some())?;
            if let Some(kind) = first.checked_sub(1).and_then(kind) {
                return Some(kind);
            }
        }
        None
    }

    /// The two years of a split year and the token behind their word, if they have one.
    fn two_years(&self, at: usize) -> Option<(i32, i32, usize)> {
        let (first, 4) = self.digits(at)? else { return None };
        if !YEARS.contains(&first) || !matches!(self.mark(at + 1), Some('-' | '–' | '/')) {
            return None;
        }
        let first = i32::try_from(first).ok()?;
        let (last, digits) = self.digits(at + 2)?;
        let last = i32::try_from(last).ok()?;
        let goes_on = matches!(self.mark(at + 3), Some('-' | '.' | '/' | ',' | ':'))
            && !self.spaced(at + 3)
            && !self.spaced(at + 4)
            && self.digits(at + 4).is_some();
        // "2014/65/EU" is an act.
        let goes_on =
            goes_on || self.mark(at + 3) == Some('/') && !self.spaced(at + 3) && !self.spaced(at + 4);
        let last = match digits {
            4 => last,
            2 if !self.spaced(at + 1) && !self.spaced(at + 2) => first - first.rem_euclid(100) + last,
            _ => return None,
        };
        let last = if digits == 2 && last < first && first.rem_euclid(100) == 99 { last + 100 } else { last };
        (!goes_on).then(|| (first, last, self.year_ending(at + 3)))
    }

    /// The first of two years that follow each other: `2023/24`.
    pub(in super::super) fn year_and_next(&self, at: usize) -> Option<(i32, usize)> {
        let (first, last, end) = self.two_years(at)?;
        (last == first + 1).then_some((first, end))
    }

    /// `2023/24` behind a part of it: the year that it belongs to is told only by "fiscal year" behind it.
    pub(super) fn one_of_two_years(&self, at: usize) -> Option<(YearOf, usize)> {
        let (first, end) = self.year_and_next(at)?;
        let is_slash = self.mark(at + 1) == Some('/');
        if !is_slash && self.digits(at + 2).is_none_or(|(_, digits)| digits > 2) {
            return None;
        }
        match self.role(end) {
            Some(Role::FiscalYear) => Some((YearOf::FiscalFrom(first), end + 1)),
            _ => Some((YearOf::Either, at + 1)),
        }
    }

    /// "Fiscal year 2023/24", "FY24", "academic year 2024-2025", "AY2024-2025".
    pub(super) fn split_year_word(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        let mut next = self.dot(at + 1);
        if self.mark(next) == Some('(')
            && self.mark(next + 2) == Some(')')
            && self.role(next + 1) == Some(role)
        {
            next += 3;
        }
        for skipped in ['-', '\'', '('] {
            if self.mark(next) == Some(skipped) {
                next += 1;
            }
        }
        if self.role(next) == Some(Role::Of) {
            next += 1;
        }
        if let Some((first, end)) = self.year_and_next(next) {
            return over_two(role, first).map(|point| (point, end));
        }
        if let Some((first, last, end)) = self.two_years(next).filter(|(first, last, _)| last > first) {
            let years = || Some((Point::new(Unit::Fixed(years(first, last)?), YearOf::Missing), end));
            return if role == Role::FiscalYear { years() } else { None };
        }
        if let Some((first, end)) = self.short_years(next) {
            return over_two(role, first).map(|point| (point, end));
        }
        let (year, end) = match self.digits(next)? {
            (_, 4) => {
                let (year, end) = self.year(next)?;
                (year, self.behind_estimate(end))
            }
            (_, 2) => (century_of(self.small(next)?), self.behind_estimate(next + 1)),
            _ => return None,
        };
        if let Some(ending) =
            self.ending_behind(end, Step::Year, 1).filter(|_| self.role(end) == Some(Role::Ending))
        {
            return Some(ending);
        }
        if role == Role::AcademicYear { refused(PeriodError::Ambiguous, end) } else { self.fiscal(year, end) }
    }

    /// The first of two years in two digits that follow each other: `23/24` of `FY23/24`.
    fn short_years(&self, at: usize) -> Option<(i32, usize)> {
        let joined = matches!(self.mark(at + 1), Some('/' | '-' | '–')) && !self.spaced(at + 1);
        let first = century_of(self.small(at).filter(|_| self.digits(at).is_some_and(|d| d.1 == 2))?);
        let last = century_of(self.two_glued(at + 2).filter(|_| joined)?);
        (last == first + 1).then_some((first, at + 3))
    }
}

/// The year of that kind which begins in `first`.
fn over_two(kind: Role, first: i32) -> Option<Point> {
    match kind {
        Role::AcademicYear => academic(first),
        Role::Campaign => {
            Some(Point::new(Unit::Fixed(years(first, first.checked_add(1)?)?), YearOf::Missing))
        }
        _ => fiscal_over(first),
    }
}

/// The winter that begins in `first`, where both of its years are told: `winter 2023/24`.
pub(super) fn winter_over(first: i32) -> Option<Point> {
    let winter = in_year(Unit::Season(0), first.checked_add(1)?).ok()?;
    Some(Point::new(Unit::Fixed(winter), YearOf::Missing))
}

/// The academic year that begins in `first`: 1 September to 31 August.
fn academic(first: i32) -> Option<Point> {
    let year = twelve_months(first, 9)?;
    Some(Point::new(Unit::Fixed(Span { academic: true, ..year }), YearOf::Missing))
}

/// A fiscal year over two calendar years: 1 July to 30 June, as most that are not calendar years run.
pub(super) fn fiscal_over(first: i32) -> Option<Point> {
    Some(Point::new(Unit::Fixed(twelve_months(first, 7)?), YearOf::Missing))
}

/// Twelve months from the first day of `month` on.
fn twelve_months(year: i32, month: u32) -> Option<Span> {
    let start = NaiveDate::from_ymd_opt(year, month, 1)?;
    let end = start.checked_add_months(Months::new(12))?.pred_opt()?;
    Some(Span::new(start, end, Precision::Year))
}
