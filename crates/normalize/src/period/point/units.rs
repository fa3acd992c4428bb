//! Sides that begin with a word: months, seasons, quarters, halves, counted units and units against
//! today.

use chrono::{Datelike, Days, Months, Weekday};
use model::period::Precision;

use super::super::PeriodError;
use super::super::resolve::in_year;
use super::super::span::{Point, Shade, Span, Step, Unit, YearOf};
use super::super::words::Role;
use super::years::years;
use super::{Points, refused};

/// The most units that "the last N" may count.
const MOST: u32 = 999;

impl Points<'_> {
    /// `May 2024`, `May 17, 2024`, `July 10–12, 2024`, `May '24`.
    pub(super) fn month(&self, at: usize, month: u8) -> Option<(Point, usize)> {
        let mut next = self.dot(at + 1);
        if self.mark(next) == Some('-') && self.two_glued(next + 1).is_some() && !self.spaced(next) {
            return refused(PeriodError::Ambiguous, next + 2);
        }
        if self.role(next) == Some(Role::The)
            || self.mark(next) == Some('/') && self.mark(next + 2) == Some('/')
        {
            next += 1;
        }
        if let Some(day) = self.small(next).filter(|day| (1..=31).contains(day)) {
            let end = self.suffix(next + 1);
            if !self.is_counted(next) {
                return Some(self.days_of_month(month, day, end));
            }
        }
        let (year, end) = self.year_of(at + 1);
        if year == YearOf::Missing && self.mark(at + 1) == Some(',') {
            return Some((Point::new(Unit::Months(month, month), year), at + 1));
        }
        let end = if year == YearOf::Missing { self.dot_inside(at + 1) } else { end };
        Some((Point::new(Unit::Months(month, month), year), end))
    }

    fn days_of_month(&self, month: u8, first: u8, at: usize) -> (Point, usize) {
        let joined =
            matches!(self.mark(at), Some('-' | '–')) || matches!(self.role(at), Some(Role::To | Role::Until));
        if let Some(last) = self.small(at + 1).filter(|last| joined && (first..=31).contains(last)) {
            let end = self.suffix(at + 2);
            if self.role(end) != Some(Role::Month) && self.role(end) != Some(Role::Of) {
                let (year, end) = self.year_of(end);
                return (Point::new(Unit::Days(month, first, last), year), end);
            }
        }
        let (year, end) = self.year_of(at);
        (Point::new(Unit::Days(month, first, first), year), end)
    }

    /// The token behind a dot that ends an abbreviation in the middle of a sentence.
    fn dot_inside(&self, at: usize) -> usize {
        let next = self.dot(at);
        let goes_on = matches!(self.mark(next), Some('-' | '–' | ','))
            || matches!(self.role(next), Some(Role::To | Role::And));
        if goes_on { next } else { at }
    }

    fn is_counted(&self, at: usize) -> bool {
        self.role(at + 1) == Some(Role::Counted) || matches!(self.mark(at + 1), Some('%'))
    }

    /// `spring 2024`, `winter of 2023/24`, `осень 2024 года`.
    pub(super) fn season(&self, at: usize, season: u8) -> Option<(Point, usize)> {
        let next = if self.role(at + 1) == Some(Role::Of) { at + 2 } else { at + 1 };
        if season == 0
            && let Some((first, end)) = self.year_and_next(next)
        {
            return Some((Point::new(Unit::Season(0), YearOf::Stated(first + 1)), end));
        }
        let (year, end) = self.year_of(at + 1);
        if year == YearOf::Missing && self.role(at) == Some(Role::SeasonIfYear) {
            return None;
        }
        Some((Point::new(Unit::Season(season), year), end))
    }

    /// `Q1 2024`, `H1-2024`, `quarter 1 of 2024`, `квартал I 2024`.
    pub(super) fn letter_first(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        let is_letter = matches!(role, Role::QuarterLetter | Role::HalfLetter);
        let count = match self.digits(at + 1) {
            Some((value, 1)) => u8::try_from(value).ok()?,
            _ if self.role(at + 1) == Some(Role::Roman) && !is_letter => self.number(at + 1),
            _ => return None,
        };
        if is_letter && self.spaced(at + 1) && !self.tokens.get(at)?.capital {
            return None;
        }
        let next = at + 2;
        let (year, end) = self.year_or_short(next);
        let unit = match role {
            Role::Quarter | Role::QuarterLetter if (1..=4).contains(&count) => Unit::Quarters(count, count),
            Role::Half | Role::HalfLetter if (1..=2).contains(&count) => Unit::Half(count),
            _ => return None,
        };
        Some((Point::new(unit, year), end))
    }

    /// What an ordinal begins: "first quarter", "1-е полугодие", "I–III кварталы", "first nine
    /// months", "21st century", "first of May", `1Q24`.
    pub(super) fn ordinal_first(&self, at: usize) -> Option<(Point, usize)> {
        let (number, mut next) = self.ordinal(at)?;
        let mut last = number;
        let joined = matches!(self.mark(next), Some('-' | '–' | ','))
            || matches!(self.role(next), Some(Role::And | Role::To));
        if joined && let Some((second, end)) = self.ordinal(next + 1) {
            if second <= number {
                return None;
            }
            (last, next) = (second, end);
        }
        if number == 1
            && last == 1
            && let Some(first_of) = self.first_units(next)
        {
            return Some(first_of);
        }
        if self.role(next) == Some(Role::Fiscal) || self.mark(next) == Some('-') && !self.spaced(next) {
            next += 1;
        }
        let role = self.role(next)?;
        if number == last
            && let Some(part) =
                self.part_of_month(number, next).or_else(|| self.decade_of_century(number, next))
        {
            return Some(part);
        }
        let letter = matches!(role, Role::QuarterLetter | Role::HalfLetter | Role::MonthLetter);
        if letter && (self.spaced(next) || next != at + 1) {
            return None;
        }
        let unit = match role {
            Role::Quarter | Role::QuarterLetter if last <= 4 => {
                let counts =
                    self.number(next) == 1 && last == number && self.digits(at).is_some() && next == at + 1;
                Unit::Quarters(if counts { 1 } else { number }, last)
            }
            Role::Half | Role::HalfLetter if last <= 2 => match (number, last) {
                (1, 2) => Unit::Year,
                _ => Unit::Half(number),
            },
            Role::MonthLetter if number == last && number <= 12 => Unit::Months(1, number),
            Role::MonthUnit if self.digits(at).is_none() && last <= 12 && self.number(next) == 0 => {
                Unit::Months(number, last)
            }
            Role::Century => return self.century(number, next + 1),
            Role::Week if self.suffix(at + 1) > at + 1 || self.digits(at).is_none() => Unit::IsoWeek(number),
            Role::Day | Role::Of => return self.day_of_month(number, next),
            _ => return None,
        };
        let (year, end) = if letter { self.year_or_short(next + 1) } else { self.year_of(next + 1) };
        let needs_year = matches!(unit, Unit::IsoWeek(_)) || role == Role::MonthLetter;
        match (unit, year) {
            (Unit::Half(half), YearOf::Missing) => {
                Some(self.half_of(half, next + 1).unwrap_or((Point::new(unit, year), end)))
            }
            (_, YearOf::Missing) if needs_year => None,
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
        let is_century = |(_, end)| self.role(end) == Some(Role::Century);
        if self.leads_on(next) || self.ordinal(next).is_some_and(|ordinal| !is_century(ordinal)) {
            return None;
        }
        let (point, end) = self.point(next)?;
        let shade = if half == 1 { Shade::FirstHalf } else { Shade::SecondHalf };
        (point.shade == Shade::Whole && matches!(point.unit, Unit::Months(..) | Unit::Fixed(_)))
            .then_some((Point { shade, ..point }, end))
    }

    /// "First of May", "17th day of May".
    fn day_of_month(&self, day: u8, at: usize) -> Option<(Point, usize)> {
        let next = if self.role(at) == Some(Role::Day) { at + 1 } else { at };
        let next = if self.role(next) == Some(Role::Of) { next + 1 } else { return None };
        if self.role(next) != Some(Role::Month) || !(1..=31).contains(&day) {
            return None;
        }
        let (year, end) = self.year_of(next + 1);
        Some((Point::new(Unit::Days(self.number(next), day, day), year), end))
    }

    /// "Week of January 2027" with its ordinal, and ten days so: their days in the month.
    fn part_of_month(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let (length, most) = match self.role(at)? {
            Role::Week => (7, 5),
            Role::TenDays => (10, 3),
            _ => return None,
        };
        let (month, year, end) = self.month_of(at + 1)?;
        if !(1..=most).contains(&ordinal) {
            return None;
        }
        let last = if ordinal == most { days_in(month, year)? } else { ordinal * length };
        let first = ordinal * length - (length - 1);
        (first <= last).then_some((Point::new(Unit::Days(month, first, last), year), end))
    }

    /// "Of January 2027": the month, its year, and the token behind.
    fn month_of(&self, at: usize) -> Option<(u8, YearOf, usize)> {
        let next = if self.role(at) == Some(Role::Of) { at + 1 } else { at };
        if self.role(next) != Some(Role::Month) {
            return None;
        }
        let (year, end) = self.year_of(next + 1);
        Some((self.number(next), year, end))
    }

    /// "Decade of the 21st century" with its ordinal.
    fn decade_of_century(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        if self.role(at) != Some(Role::Decade) || !(1..=10).contains(&ordinal) {
            return None;
        }
        let mut next = at + 1;
        for skipped in [Role::Of, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        let (century, next) = self.ordinal(next)?;
        if self.role(next) != Some(Role::Century) {
            return None;
        }
        let first = i32::from(century) * 100 - 99 + i32::from(ordinal - 1) * 10;
        Some((Point::new(Unit::Fixed(years(first, first + 9)?), YearOf::Missing), next + 1))
    }

    /// "Year ended 30 June 2024", "12 months to September 2024": so many units up to a day. `at` is
    /// the unit, `from` where the phrase begins.
    pub(super) fn ending(&self, at: usize, count: u32, from: usize) -> Option<(Point, usize)> {
        let step = self.step(at)?;
        let at = if self.role(at + 1) == Some(Role::In) { at + 1 } else { at };
        let to = matches!(self.role(at + 1), Some(Role::To | Role::Until))
            && from < at
            && self.number(at + 1) == 0;
        if self.role(at + 1) != Some(Role::Ending) && !to {
            return None;
        }
        let next = if self.role(at + 2) == Some(Role::The) { at + 3 } else { at + 2 };
        if !matches!(self.role(next), None | Some(Role::Month)) {
            return None;
        }
        let (last, end) = self.point(next)?;
        let span = up_to(step, count, &last)?;
        Some((Point::new(Unit::Fixed(span), YearOf::Missing), end))
    }

    /// "Nine months" of "first nine months of 2024", and so with quarters and days.
    fn first_units(&self, at: usize) -> Option<(Point, usize)> {
        let count = self.count(at)?;
        let at = if self.mark(at + 1) == Some('-') && !self.spaced(at + 2) { at + 1 } else { at };
        let length = match self.role(at + 1)? {
            Role::Day => within(count, 31),
            Role::Week => within(count, 4).map(|weeks| weeks * 7),
            _ => None,
        };
        if let Some((length, (month, year, end))) = length.zip(self.month_of(at + 2)) {
            return Some((Point::new(Unit::Days(month, 1, length), year), end));
        }
        let unit = match self.role(at + 1)? {
            Role::MonthUnit => Unit::Months(1, within(count, 12)?),
            Role::Quarter => Unit::Quarters(1, within(count, 4)?),
            Role::Day => Unit::FirstDays(u16::try_from(count).ok().filter(|days| (1..=366).contains(days))?),
            Role::Week => Unit::FirstDays(u16::from(within(count, 52)?) * 7),
            _ => return None,
        };
        let (year, end) = self.year_of(self.dot_before_year(at + 2));
        Some((Point::new(unit, year), if year == YearOf::Missing { at + 2 } else { end }))
    }

    /// "10 months of 2024", "9 мес. 2025 г.", "three quarters of 2024"; without a year it is a length.
    pub(super) fn counted_months(&self, at: usize) -> Option<(Point, usize)> {
        if let Some(ago) = self.ago(at) {
            return Some(ago);
        }
        let count = self.count(at)?;
        let at = if self.mark(at + 1) == Some('-') && !self.spaced(at + 2) { at + 1 } else { at };
        if let Some(ending) = self.ending(at + 1, count, at) {
            return Some(ending);
        }
        let unit = match self.role(at + 1)? {
            Role::MonthUnit => Unit::Months(1, within(count, 12)?),
            Role::Quarter => Unit::Quarters(1, within(count, 4)?),
            _ => return None,
        };
        let (year, end) = self.year_of(self.dot_before_year(at + 2));
        (year != YearOf::Missing).then_some((Point::new(unit, year), end))
    }

    fn dot_before_year(&self, at: usize) -> usize {
        let next = self.dot(at);
        if self.year_of(next).0 == YearOf::Missing { at } else { next }
    }

    /// "Three years ago": the unit so far back.
    fn ago(&self, at: usize) -> Option<(Point, usize)> {
        let count = i32::try_from(self.count(at)?).ok()?;
        let step = self.step(at + 1)?;
        (self.role(at + 2) == Some(Role::Ago))
            .then(|| (Point::new(Unit::Around(step, -count), YearOf::Missing), at + 3))
    }

    /// "Last year", "this month", "the past three years", "last quarter of 2024".
    pub(super) fn relative(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        let offset = match role {
            Role::Last => -1,
            Role::Next => 1,
            _ => 0,
        };
        if let Some(count) = self.count(at + 1)
            && let Some(step) = self.step(at + 2)
        {
            if role == Role::Last
                && let Some(days) = self.last_days_of_month(step, count, at + 3)
            {
                return Some(days);
            }
            return match role {
                Role::This => None,
                Role::Last => self.last_units(count, step, at + 3),
                _ => Some((
                    Point::new(Unit::Rolling(step, -i32::try_from(count).ok()?), YearOf::Missing),
                    at + 3,
                )),
            };
        }
        if role == Role::Last
            && let Some(step) = self.step(at + 1)
            && let Some(part) =
                self.last_days_of_month(step, 1, at + 2).or_else(|| self.decade_of_century(10, at + 1))
        {
            return Some(part);
        }
        match self.role(at + 1)? {
            Role::Month | Role::Season => {
                let (point, end) = self.point(at + 1)?;
                (role == Role::This && point.year == YearOf::Missing)
                    .then_some((Point { year: YearOf::Relative(0), ..point }, end))
            }
            Role::Year if self.number(at + 1) == 1 => None,
            Role::Decade
            | Role::Year
            | Role::Half
            | Role::Quarter
            | Role::MonthUnit
            | Role::Week
            | Role::Day => {
                let step = self.step(at + 1)?;
                let year = if role == Role::Last { self.year_of(at + 2) } else { (YearOf::Missing, at + 2) };
                let part = match step {
                    Step::Month => Unit::Months(12, 12),
                    Step::Quarter => Unit::Quarters(4, 4),
                    Step::Half => Unit::Half(2),
                    _ => Unit::Around(step, offset),
                };
                match year {
                    (YearOf::Missing, _) if role == Role::Last && self.number(at) == 1 => {
                        Some((Point::new(Unit::Rolling(step, 1), YearOf::Missing), at + 2))
                    }
                    (YearOf::Missing, _) => {
                        let end = if step == Step::Year { self.year_noun(at + 1) } else { at + 2 };
                        Some((Point::new(Unit::Around(step, offset), YearOf::Missing), end))
                    }
                    (year, end) if !matches!(part, Unit::Around(..)) => Some((Point::new(part, year), end)),
                    _ => Some((Point::new(part, YearOf::Missing), at + 2)),
                }
            }
            _ => None,
        }
    }

    /// "Last week of December 2017", "last three days of May 2024".
    fn last_days_of_month(&self, step: Step, count: u32, at: usize) -> Option<(Point, usize)> {
        let length = match step {
            Step::Day => within(count, 28)?,
            Step::Week => within(count, 4)? * 7,
            _ => return None,
        };
        let (month, year, end) = self.month_of(at)?;
        let last = days_in(month, year)?;
        Some((Point::new(Unit::Days(month, last - length + 1, last), year), end))
    }

    /// "Last three months of 2024" are in that year, "last three months" end today.
    fn last_units(&self, count: u32, step: Step, at: usize) -> Option<(Point, usize)> {
        let (year, end) = self.year_of(at);
        let part = match step {
            Step::Month => Some(Unit::Months(13 - within(count, 12).unwrap_or(12), 12)),
            Step::Quarter => Some(Unit::Quarters(5 - within(count, 4).unwrap_or(4), 4)),
            _ => None,
        };
        match (year, part) {
            (YearOf::Stated(_), Some(part)) => Some((Point::new(part, year), end)),
            _ => Some((Point::new(Unit::Rolling(step, i32::try_from(count).ok()?), YearOf::Missing), at)),
        }
    }

    /// "Week 5 of 2024", by ISO 8601.
    pub(super) fn week(&self, at: usize) -> Option<(Point, usize)> {
        if self.role(at + 1) == Some(Role::Of) {
            let next = if self.role(at + 2) == Some(Role::The) { at + 3 } else { at + 2 };
            let (day, end) = if self.leads_on(next) { return None } else { self.point(next)? };
            let Unit::Days(_, first, last) = day.unit else { return None };
            let monday = up_to(Step::Day, 1, &day)?.start.week(Weekday::Mon);
            let (start, end_of_week) = (monday.checked_first_day()?, monday.checked_last_day()?);
            let span = Span { start, end: end_of_week, precision: Precision::Day, academic: false };
            return (first == last).then_some((Point::new(Unit::Fixed(span), YearOf::Missing), end));
        }
        let week = self.small(at + 1).filter(|week| (1..=53).contains(week))?;
        let (year, end) = self.year_of(at + 2);
        (year != YearOf::Missing).then_some((Point::new(Unit::IsoWeek(week), year), end))
    }

    /// An ordinal: a word, Roman digits, or one or two digits with or without their ending.
    fn ordinal(&self, at: usize) -> Option<(u8, usize)> {
        match self.role(at) {
            Some(Role::Ordinal | Role::Roman) => {
                let number = self.number(at);
                Some((number, self.suffix(at + 1)))
            }
            _ => self.small(at).filter(|number| *number >= 1).map(|number| (number, self.suffix(at + 1))),
        }
    }

    /// A count: a word, or up to three digits.
    fn count(&self, at: usize) -> Option<u32> {
        match self.role(at) {
            Some(Role::Cardinal) => Some(u32::from(self.number(at))),
            Some(_) => None,
            None => self.digits(at).map(|(value, _)| value).filter(|value| (1..=MOST).contains(value)),
        }
    }
}

/// So many units that end with the last day of a side whose days are known.
fn up_to(step: Step, count: u32, last: &Point) -> Option<Span> {
    let end = match (last.unit, last.year) {
        (Unit::Fixed(span), _) => span.end,
        (unit @ (Unit::Days(..) | Unit::Months(..)), YearOf::Stated(year)) => in_year(unit, year).ok()?.end,
        _ => return None,
    };
    let behind = end.succ_opt()?;
    let months = match step {
        Step::Month => 1,
        Step::Quarter => 3,
        Step::Half => 6,
        Step::Year => 12,
        Step::Decade => 120,
        Step::Week | Step::Day => 0,
    };
    let start = match step {
        Step::Day => behind.checked_sub_days(Days::new(count.into()))?,
        Step::Week => behind.checked_sub_days(Days::new(u64::from(count) * 7))?,
        _ => behind.checked_sub_months(Months::new(count.checked_mul(months)?))?,
    };
    let precision = if start.day() == 1 && behind.day() == 1 { Precision::Month } else { Precision::Day };
    Some(Span { start, end, precision, academic: false })
}

/// How many days a month of a stated year has.
fn days_in(month: u8, year: YearOf) -> Option<u8> {
    let YearOf::Stated(year) = year else { return None };
    let span = in_year(Unit::Months(month, month), year).ok()?;
    u8::try_from(span.end.day()).ok()
}

/// `count` where it is one of `1..=most`.
fn within(count: u32, most: u8) -> Option<u8> {
    u8::try_from(count).ok().filter(|count| (1..=most).contains(count))
}
