//! Sides that begin with a number: dates in digits, days before their month, years, and units with
//! their number before them.

use super::super::PeriodError;
use super::super::span::{Point, Span, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::context::LIKELY_YEARS;
use super::{Points, refused, short_years};
use chrono::{Datelike, NaiveDate, Weekday};

/// Before this year `1904-6` is rather two years than a month.
const EARLIEST_SHORT_MONTH: i32 = 1970;

impl Points<'_> {
    pub(super) fn number_first(&self, at: usize) -> Option<(Point, usize)> {
        let (_, digits) = self.digits(at)?;
        if at > 0 && matches!(self.mark(at - 1), Some('№' | '#')) || self.is_dialled(at) {
            return None;
        }
        if let Some(before) = self.year_before_era(at).or_else(|| self.years_of_era(at)) {
            return Some(before);
        }
        match digits {
            4 => self
                .year_month_day(at)
                .or_else(|| self.year_and_month_by_name(at))
                .or_else(|| self.year_and_letter(at))
                .or_else(|| self.year_first(at)),
            1 | 2 if self.is_inside_of_number(at) => None,
            1 | 2 => self
                .listed_day(at)
                .or_else(|| self.short_year_and_quarter(at))
                .or_else(|| self.day_by_two_calendars(at))
                .or_else(|| self.day_month_year(at))
                .or_else(|| self.day_and_roman_month(at))
                .or_else(|| self.month_and_year_in_digits(at))
                .or_else(|| self.span_in_digits(at))
                .or_else(|| self.day_and_month_in_digits(at))
                .or_else(|| self.day_first(at))
                .or_else(|| self.ordinal_first(at))
                .or_else(|| self.counted_months(at))
                .or_else(|| self.short_decade(at))
                .or_else(|| self.early_year(at))
                .or_else(|| self.short_year_alone(at))
                .or_else(|| self.days_alone(at)),
            3 => self.early_year(at),
            6 | 8 if self.stands_alone(at, 0) => self.compact_month(at).or_else(|| self.compact_date(at)),
            8 if self.is_of_file_name(at) => self.compact_date(at),
            _ => None,
        }
    }

    /// `20240517`, the basic format of ISO 8601.
    fn compact_date(&self, at: usize) -> Option<(Point, usize)> {
        let (value, _) = self.digits(at).filter(|(_, digits)| *digits == 8)?;
        let year = value / 10_000;
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, value / 100 % 100, value % 100)?;
        let day = Span::days(date, date);
        LIKELY_YEARS.contains(&year).then_some((Point::new(Unit::Fixed(day), YearOf::Missing), at + 1))
    }

    /// `202405`, a month as tables of trade write it.
    fn compact_month(&self, at: usize) -> Option<(Point, usize)> {
        let (value, _) = self.digits(at).filter(|(_, digits)| *digits == 6)?;
        let (year, month) = (value / 100, u8::try_from(value % 100).ok()?);
        let stated = YearOf::Stated(i32::try_from(year).ok()?);
        (LIKELY_YEARS.contains(&year) && (1..=12).contains(&month))
            .then_some((Point::new(Unit::Months(month, month), stated), at + 1))
    }

    /// Whether the text holds nothing besides the token at `at`, and `besides` more, but marks, as a cell does.
    fn stands_alone(&self, at: usize, besides: usize) -> bool {
        let is_mark = |other: usize| self.mark(other).is_some();
        (0..self.tokens.len()).filter(|other| !is_mark(*other)).take(besides + 2).count() == besides + 1
            && !is_mark(at)
    }

    /// Whether a hyphen or an underscore joins the number to a word before it: `IMG_20240517.jpg`.
    fn is_of_file_name(&self, at: usize) -> bool {
        at > 1 && self.mark(at - 1) == Some('-') && !self.spaced(at) && !self.spaced(at - 1)
    }

    /// Whether the number is the rest of `1,5` or `3.10`.
    fn is_inside_of_number(&self, at: usize) -> bool {
        let glued = !self.spaced(at) && at > 0;
        glued && matches!(self.mark(at - 1), Some('.' | ',' | ':' | '$' | '€' | '#' | '№' | '+'))
    }

    /// `2024-05-17`, `2024/05/17`, `2024.05.17`, `2024-05`, `2024/05`, `2024-W20`.
    fn year_month_day(&self, at: usize) -> Option<(Point, usize)> {
        let (year, _) = self.digits(at)?;
        let year = i32::try_from(year).ok().filter(|year| (1000..3000).contains(year))?;
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '-' | '/' | '.' | ':'))?;
        if self.spaced(at + 1) || self.spaced(at + 2) {
            return None;
        }
        if let Some(day) = self.day_of_year_in_digits(year, at + 2).filter(|_| separator == '-') {
            return Some((day, at + 3));
        }
        let (month, month_digits) = self.digits(at + 2).filter(|(_, digits)| *digits <= 2)?;
        let month = u8::try_from(month).ok()?;
        if self.mark(at + 3) == Some(separator)
            && !self.spaced(at + 3)
            && let Some(day) = self.small(at + 4).filter(|_| !self.spaced(at + 4))
        {
            let goes_on =
                self.mark(at + 5) == Some(separator) && self.digits(at + 6).is_some() && !self.spaced(at + 6);
            // "2019-07-21_1033" goes on with a time.
            let is_long = month_digits == 2 && self.digits(at + 4).is_some_and(|(_, digits)| digits == 2);
            if goes_on && !(separator == '-' && is_long) || separator == ':' && !is_long {
                return None;
            }
            return Some((dated(year, month, day), self.year_ending(at + 5)));
        }
        if separator == ':' {
            return None;
        }
        if month_digits == 1 && year < EARLIEST_SHORT_MONTH && separator == '-' && month > 0 {
            return refused(PeriodError::Ambiguous, at + 3);
        }
        if separator == '/' && month_digits == 1 && i32::from(month) == (year + 1).rem_euclid(10) {
            return refused(PeriodError::Ambiguous, at + 3);
        }
        let is_year_range = self.role(at + 3) == Some(Role::Year) && self.says(at + 3, Trait::Plural);
        let is_split = separator == '/' && i32::from(month) == (year + 1).rem_euclid(100);
        let names_year = matches!(self.role(at + 3), Some(Role::AcademicYear | Role::FiscalYear));
        let is_short = month_digits == 1 && separator == '-' && !self.is_counting(at + 2);
        let is_month = (month_digits == 2 || is_short) && (1..=12).contains(&month) && separator != '.';
        (is_month && !is_year_range && !is_split && !names_year)
            .then(|| (Point::new(Unit::Months(month, month), YearOf::Stated(year)), at + 3))
    }

    /// `136` of the ordinal date `2024-136`, in a cell of its own: in a text it may number an act.
    fn day_of_year_in_digits(&self, year: i32, at: usize) -> Option<Point> {
        let (day, _) = self.digits(at).filter(|(_, digits)| *digits == 3 && self.stands_alone(at, 1))?;
        let date = NaiveDate::from_yo_opt(year, day)?;
        Some(Point::new(Unit::Fixed(Span::days(date, date)), YearOf::Missing))
    }

    /// `2024-May-17`, `2024/May/17`, `2024May17`.
    fn year_and_month_by_name(&self, at: usize) -> Option<(Point, usize)> {
        let (year, _) = self.digits(at).filter(|(year, _)| LIKELY_YEARS.contains(year))?;
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '-' | '/'));
        let step = 1 + usize::from(separator.is_some());
        let (month, day) = (at + step, at + 2 * step);
        let is_parted = separator.is_none() || self.mark(day - 1) == separator;
        let is_glued = (at + 1..=day).all(|part| !self.spaced(part));
        let is_month = self.role(month) == Some(Role::Month) && is_parted && is_glued;
        let goes_on = self.mark(day + 1) == separator && separator.is_some() && !self.spaced(day + 1);
        let day_number = self.small(day).filter(|_| is_month && !goes_on)?;
        Some((dated(i32::try_from(year).ok()?, self.number(month), day_number), day + 1))
    }

    /// `2024-W05`, `2024M05`, `2024Q1`, `2024:Q1`, `24Q3`: the letter of a part behind its year.
    fn year_and_letter(&self, at: usize) -> Option<(Point, usize)> {
        let (year, digits) = self.digits(at)?;
        let year = match digits {
            2 => short_years::century_of(u8::try_from(year).ok()?),
            _ => i32::try_from(year).ok().filter(|year| (1000..3000).contains(year))?,
        };
        let parted = matches!(self.mark(at + 1), Some('-' | ':' | '/' | '.'));
        let letter = if parted { at + 2 } else { at + 1 };
        let glued = (at + 1..=letter + 1).all(|part| !self.spaced(part));
        let number = self.small(letter + 1).filter(|_| glued)?;
        let unit = match self.role(letter)? {
            Role::WeekLetter if self.mark(letter + 2) == Some('-') && !self.spaced(letter + 3) => {
                return self.day_of_week(year, number, letter + 3);
            }
            Role::WeekLetter if (1..=53).contains(&number) => Unit::IsoWeeks(number, number),
            Role::MonthLetter if (1..=12).contains(&number) => Unit::Months(number, number),
            Role::QuarterLetter if (1..=4).contains(&number) => Unit::Quarters(number, number),
            Role::HalfLetter if (1..=2).contains(&number) => Unit::Half(number),
            Role::Suffix if self.is_semester_letter(letter) && (1..=2).contains(&number) => {
                Unit::Half(number)
            }
            _ => return None,
        };
        Some((Point::new(unit, YearOf::Stated(year)), letter + 2))
    }

    /// `24Q3`, `24-Q3`.
    fn short_year_and_quarter(&self, at: usize) -> Option<(Point, usize)> {
        let (_, 2) = self.digits(at)? else { return None };
        self.year_and_letter(at).filter(|(point, _)| matches!(point.unit, Unit::Quarters(..)))
    }

    /// `3` of `2024-W20-3`, or `W22` of `2024-W20-W22`.
    fn day_of_week(&self, year: i32, week: u8, at: usize) -> Option<(Point, usize)> {
        let (number, 1) = self.digits(at)? else { return None };
        let weekday = Weekday::try_from(u8::try_from(number).ok()?.checked_sub(1)?).ok()?;
        let date = NaiveDate::from_isoywd_opt(year, week.into(), weekday)?;
        Some((Point::new(Unit::Fixed(Span::days(date, date)), YearOf::Missing), at + 1))
    }

    /// `17.05.2024`, `17/05/2024`, `17-05-2024`, `17.05.24`, `17. 5. 2024`: with dots the day stands first,
    /// else the order must show itself.
    fn day_month_year(&self, at: usize) -> Option<(Point, usize)> {
        let first = self.small(at)?;
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
        let second = self.small(at + 2)?;
        let spaced_dots = separator == '.' && self.spaced(at + 2) && self.spaced(at + 4);
        let spaced = |offset: &usize| self.spaced(at + offset) && !(spaced_dots && offset.is_multiple_of(2));
        let goes_back = separator == '-'
            && !self.spaced(at)
            && at > 1
            && self.mark(at - 1) == Some('-')
            && self.digits(at - 2).is_some_and(|(_, digits)| digits > 2);
        if self.mark(at + 3) != Some(separator) || goes_back || (1..=4).any(|offset| spaced(&offset)) {
            return None;
        }
        let (year, digits) = self.digits(at + 4)?;
        let year = match digits {
            4 if (1000..3000).contains(&year) => i32::try_from(year).ok()?,
            2 => i32::try_from(year).ok()? + if year <= 50 { 2000 } else { 1900 },
            _ => return None,
        };
        if digits == 2 && (spaced_dots || !matches!((first, second), (1..=31, 1..=31))) {
            return None;
        }
        let goes_on = self.mark(at + 5) == Some(separator)
            || self.mark(at + 5) == Some('-') && !self.spaced(at + 5) && self.mark(at + 7) != Some(separator);
        if goes_on && !self.spaced(at + 6) && self.digits(at + 6).is_some() {
            return None;
        }
        let end = self.year_ending(at + 5);
        match (separator, first, second) {
            ('.', day, month) => Some((dated(year, month, day), end)),
            (_, 13.., 1..=12) => Some((dated(year, second, first), end)),
            (_, 1..=12, 13..) => Some((dated(year, first, second), end)),
            (_, day, month) if day == month => Some((dated(year, month, day), end)),
            (_, 1..=12, 1..=12) => refused(PeriodError::Ambiguous, end),
            _ => refused(PeriodError::NoSuchDate, end),
        }
    }

    /// A date of digits at `at` whose order of day and month does not show itself, in the order that the
    /// date at `other` shows: `06/05/2024` of `06/05/2024–20/05/2024`.
    pub(in super::super) fn in_shown_order(&self, at: usize, other: usize) -> Option<Point> {
        if !matches!(self.point(at)?.0.unit, Unit::Refused(PeriodError::Ambiguous)) {
            return None;
        }
        let (first, second) = (self.small(at)?, self.small(at + 2)?);
        let (year, _) = self.digits(at + 4).filter(|_| self.mark(at + 3) == self.mark(other + 3))?;
        let year = if year < 100 {
            short_years::century_of(u8::try_from(year).ok()?)
        } else {
            year.try_into().ok()?
        };
        match (self.small(other)?, self.small(other + 2)?) {
            (13..=31, 1..=12) => Some(dated(year, second, first)),
            (1..=12, 13..=31) => Some(dated(year, first, second)),
            _ => None,
        }
    }

    /// `05.2024`, `05/2024`, `5-2024`.
    fn month_and_year_in_digits(&self, at: usize) -> Option<(Point, usize)> {
        let month = self.small(at).filter(|month| (1..=12).contains(month))?;
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
        let glued = !self.spaced(at + 1) && !self.spaced(at + 2);
        let long = self.digits(at)?.1 == 2;
        if !glued || !(long || separator != '.') {
            return None;
        }
        let (year, end) = self.year(at + 2)?;
        Some((Point::new(Unit::Months(month, month), YearOf::Stated(year)), end))
    }

    /// `15-17.05.2024`, `15–31/08/2024`, `1-8/2024`: the first day or month of a date in digits.
    fn span_in_digits(&self, at: usize) -> Option<(Point, usize)> {
        if self.mark(at + 1) == Some('.') && matches!(self.mark(at + 2), Some('-' | '–')) {
            return self.days_in_digits(at, at + 3);
        }
        let first = self.small(at).filter(|_| matches!(self.mark(at + 1), Some('-' | '–')))?;
        if self.spaced(at + 1) || self.spaced(at + 2) || self.small(at + 2)? <= first {
            return None;
        }
        let is_long = self.digits(at)?.1 == 2 || self.mark(at + 3) == Some('/') && first == 1;
        if matches!(self.mark(at + 3), Some('/' | '.')) && self.digits(at + 4)?.1 == 4 && is_long {
            let (point, end) = self.month_and_year_in_digits(at + 2)?;
            let Unit::Months(_, last) = point.unit else { return None };
            return (1..=12)
                .contains(&first)
                .then_some((Point { unit: Unit::Months(first, last), ..point }, end));
        }
        let is_day_first = self.mark(at + 3) == Some('.') || self.small(at + 2)? > 12;
        if is_day_first { self.days_in_digits(at, at + 2) } else { None }
    }

    /// The days from the one at `at` to the date in digits at `last`, of its month: `4.–6.5.2024`.
    fn days_in_digits(&self, at: usize, last: usize) -> Option<(Point, usize)> {
        let first = self.small(at).filter(|_| !self.spaced(at + 1) && !self.spaced(last))?;
        let (date, end) = self.day_month_year(last)?;
        let Unit::Fixed(day) = date.unit else { return None };
        let start = day.start.with_day(first.into()).filter(|start| *start < day.end)?;
        Some((Point::new(Unit::Fixed(Span { start, ..day }), YearOf::Missing), end))
    }

    /// `«17» мая 2024`: a day in quotes, as forms and decrees write it.
    pub(super) fn quoted_day(&self, at: usize) -> Option<(Point, usize)> {
        let day = self.small(at + 1).filter(|day| (1..=31).contains(day))?;
        let closed = matches!(self.mark(at + 2), Some('"' | '»' | '”' | '“'));
        if !closed || self.role(at + 3) != Some(Role::Month) {
            return None;
        }
        let (year, end) = self.year_of(at + 4);
        let month = self.number(at + 3);
        (year != YearOf::Missing).then_some((Point::new(Unit::Days(month, day, day), year), end))
    }

    /// `17.05` of `17.05–30.06.2024`, `6/5` of `6/5–20/5/2024`, in the order of the other side.
    fn day_and_month_in_digits(&self, at: usize) -> Option<(Point, usize)> {
        let separator = self.mark(at + 1).filter(|mark| matches!(mark, '.' | '/'))?;
        let (first, second) = (self.small(at)?, self.small(at + 2)?);
        let end = self.dot(at + 3);
        let joined = matches!(self.mark(end), Some('-' | '–')) || self.role(end) == Some(Role::To);
        if !joined || self.spaced(at + 1) || self.spaced(at + 2) || self.mark(end + 2) != Some(separator) {
            return None;
        }
        let (last, _) = self.day_month_year(end + 1)?;
        let is_month_first = separator == '/' && self.small(end + 3)? > 12;
        if matches!(last.unit, Unit::Refused(_)) {
            return None;
        }
        let (day, month) = if is_month_first { (second, first) } else { (first, second) };
        let is_date = (1..=31).contains(&day) && (1..=12).contains(&month);
        is_date.then(|| (Point::new(Unit::Days(month, day, day), YearOf::Missing), end))
    }

    /// `17 May 2024`, `17th of May`, `17-May-2024`, `17 мая 2024 г.`, `10–12 July 2024`.
    fn day_first(&self, at: usize) -> Option<(Point, usize)> {
        let day = self.small(at).filter(|day| (1..=31).contains(day))?;
        let dotted = self.dot(at + 1);
        let next = if self.role(dotted) == Some(Role::Month) { dotted } else { self.suffix(at + 1) };
        if let Some(joint) = self.behind_dash(next)
            && let Some(last) = self.small(joint).filter(|last| (1..=31).contains(last))
        {
            let behind = self.suffix(joint + 1);
            let Some((month, end)) = self.month_behind_day(behind) else {
                let listed = matches!(self.mark(behind), Some(',')) || self.role(behind) == Some(Role::And);
                let days = Point::new(Unit::DaysAlone(day, last), YearOf::Missing);
                return (listed && day < last).then_some((days, behind));
            };
            let (year, end) = self.year_of(end);
            if last < day {
                return refused(PeriodError::NoSuchDate, end);
            }
            return Some((Point::new(Unit::Days(month, day, last), year), end));
        }
        let (month, end) = self.month_behind_day(next)?;
        let behind = if self.mark(end) == Some('-') && !self.spaced(end) { end + 1 } else { end };
        let short = self.two_glued(behind).or_else(|| self.last_two_digits(behind));
        let (year, end) = match short {
            Some(short) => (YearOf::Stated(short_years::century_of(short)), self.suffix(behind + 1)),
            None => self.year_of(end),
        };
        let end = if year == YearOf::Missing { self.dot_inside(end) } else { end };
        Some((Point::new(Unit::Days(month, day, day), year), end))
    }

    /// The token behind a dash between two days, or behind dots: `4...6`.
    fn behind_dash(&self, at: usize) -> Option<usize> {
        match self.mark(at)? {
            '-' | '–' | '…' => Some(at + 1),
            '.' => {
                let dots = (at..at + 3).take_while(|&dot| self.mark(dot) == Some('.')).count();
                (dots > 1).then_some(at + dots)
            }
            _ => None,
        }
    }

    /// `24` of `5 May 24`, where the text, a bracket or this side of a span ends behind it.
    fn last_two_digits(&self, at: usize) -> Option<u8> {
        let (_, 2) = self.digits(at)? else { return None };
        let ends = match self.kind(at + 1) {
            None => true,
            Some(Kind::Mark(mark)) => {
                matches!(mark, ')' | ']' | ';' | '"' | '»' | '-' | '–')
                    && self.digits(at + 2).is_none_or(|_| self.role(at + 3) == Some(Role::Month))
            }
            Some(Kind::Word(Role::To | Role::Until, _)) => self.role(at + 3) == Some(Role::Month),
            _ => false,
        };
        self.small(at).filter(|_| ends)
    }

    /// The month behind a day: "May", "of May", "-May", "the May of".
    fn month_behind_day(&self, at: usize) -> Option<(u8, usize)> {
        let mut next = at;
        if matches!(self.mark(next), Some('-' | '/')) && !self.spaced(next) && !self.spaced(next + 1) {
            next += 1;
        }
        if self.role(next) == Some(Role::Day) {
            next += 1;
        }
        if self.role(next) == Some(Role::Of) {
            next += 1;
        }
        (self.role(next) == Some(Role::Month)).then(|| (self.number(next), next + 1))
    }

    /// A day, or two, whose month comes with the other side: "10" of "10 to 12 July".
    fn days_alone(&self, at: usize) -> Option<(Point, usize)> {
        let day = self.small(at).filter(|day| (1..=31).contains(day))?;
        let end = self.suffix(at + 1);
        let joined = matches!(self.role(end), Some(Role::To | Role::Until | Role::And))
            || self.role(end) == Some(Role::On) && self.says(end, Trait::AsOfDay)
            || matches!(self.mark(end), Some('-' | '–' | ','));
        joined.then(|| (Point::new(Unit::DaysAlone(day, day), YearOf::Missing), end))
    }
}

/// A day of a year; a day that does not exist is refused.
pub(super) fn dated(year: i32, month: u8, day: u8) -> Point {
    let unit = match NaiveDate::from_ymd_opt(year, month.into(), day.into()) {
        Some(date) => Unit::Fixed(Span::days(date, date)),
        None => Unit::Refused(PeriodError::NoSuchDate),
    };
    Point::new(unit, YearOf::Missing)
}
