//! Sides that begin with a word: months, seasons, quarters, halves and counted units. Ordinals before them are read in `ordinal`.

use chrono::Datelike;

use super::super::resolve::in_year;
use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::Points;
use super::split_years::winter_over;
use super::years::up_to_month;

/// The most units that "the last N" may count.
const MOST: u32 = 999;

impl Points<'_> {
    /// `May 2024`, `May 17, 2024`, `July 10–12, 2024`, `May '24`.
    pub(super) fn month(&self, at: usize, month: u8) -> Option<(Point, usize)> {
        if let Some(dated) = self.month_and_glued_digits(at, month) {
            return Some(dated);
        }
        let mut next = self.dot(at + 1);
        if let Some((year, end)) = self.short_year_and_word(next) {
            return Some((Point::new(Unit::Months(month, month), YearOf::Stated(year)), end));
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
        if let Some((day, end)) = self.ordinal_word(next)
            && let (year, end) = self.year_of(end)
            && (matches!(year, YearOf::Stated(_)) || self.goes_on_with_month(end))
        {
            return Some((Point::new(Unit::Days(month, day, day), year), end));
        }
        // "В сентябре месяце".
        let named = if self.role(at + 1) == Some(Role::MonthUnit) { at + 2 } else { at + 1 };
        let (year, end) = self.year_of(named);
        if let Some(unit) = self.unit_ending_in(month, at + 1) {
            let (year, end) = self.year_of(at + 2);
            return (year != YearOf::Missing).then_some((Point::new(unit, year), end));
        }
        if let Some(unit) = self.unit_ending_in(month, end).filter(|_| year != YearOf::Missing) {
            return Some((Point::new(unit, year), end + 1));
        }
        if year == YearOf::Missing && self.mark(at + 1) == Some(',') {
            return Some((Point::new(Unit::Months(month, month), year), at + 1));
        }
        let end = if year == YearOf::Missing { self.dot_inside(at + 1) } else { end };
        let point = Point::new(Unit::Months(month, month), year);
        // "September 2024 YTD".
        match up_to_month(&point).filter(|_| self.role(end) == Some(Role::YearToDate)) {
            Some(months) => Some((Point { unit: months, ..point }, end + 1)),
            None => Some((point, end)),
        }
    }

    /// "Month of August 1971".
    pub(super) fn month_by_noun(&self, at: usize) -> Option<(Point, usize)> {
        let is_month = self.role(at + 1) == Some(Role::Of) && self.role(at + 2) == Some(Role::Month);
        let (point, end) = self.point(at + 2).filter(|_| is_month)?;
        matches!(point.unit, Unit::Months(..)).then_some((point, end))
    }

    /// `May-24`, `May/24` and `May24`, as spreadsheets write the month of a year, `янв.24`, and `May-17-2024`.
    fn month_and_glued_digits(&self, at: usize, month: u8) -> Option<(Point, usize)> {
        let behind = self.dot(at + 1);
        let goes_on = self.mark(behind + 2) == Some('/');
        let hyphen = (self.mark(behind) == Some('-') || self.mark(behind) == Some('/') && !goes_on)
            && !self.spaced(behind);
        // Where days stand before their month, two digits behind its dot are a year.
        let dotted = behind > at + 1 && self.tokens.get(at).is_some_and(|word| !word.ascii);
        let digits = if hyphen { behind + 1 } else { behind };
        if let Some(dated) = self.day_and_year_glued(month, digits) {
            return Some(dated);
        }
        let short = self.two_glued(digits).filter(|_| hyphen || dotted || behind == at + 1)?;
        // `May05,2024`.
        if let Some((year, end)) = self.year(digits + 2).filter(|_| self.mark(digits + 1) == Some(',')) {
            return Some((Point::new(Unit::Days(month, short, short), YearOf::Stated(year)), end));
        }
        let (year, end) = self.short_year(digits)?;
        let is_day = matches!(self.role(end), Some(Role::Month | Role::Of | Role::Suffix));
        (!is_day)
            .then_some((Point::new(Unit::Months(month, month), YearOf::Stated(year)), self.year_noun(end)))
    }

    /// `4-2024` of `May-4-2024`, `04 2024` of `May04 2024`.
    fn day_and_year_glued(&self, month: u8, digits: usize) -> Option<(Point, usize)> {
        let is_glued = !self.spaced(digits);
        let day = self.small(digits).filter(|day| is_glued && (1..=31).contains(day))?;
        let hyphen =
            self.mark(digits + 1) == Some('-') && !self.spaced(digits + 1) && !self.spaced(digits + 2);
        let (year, end) = self.year(digits + if hyphen { 2 } else { 1 })?;
        let is_date = hyphen || self.digits(digits).is_some_and(|(_, count)| count == 2);
        is_date.then_some((Point::new(Unit::Days(month, day, day), YearOf::Stated(year)), end))
    }

    /// `Mar 24`, where nothing behind makes the digits a day or a count: month, year and the token behind.
    pub(in super::super) fn month_and_short_year(&self, at: usize) -> Option<(u8, i32, usize)> {
        let digits = self.dot(at + 1);
        let is_month = self.role(at) == Some(Role::Month) && self.spaced(digits);
        let (year, end) = self.short_year(digits).filter(|_| is_month)?;
        let is_day = match self.kind(end) {
            Some(Kind::Word(role, _)) => {
                !matches!(role, Role::In | Role::By | Role::Year | Role::To | Role::Until)
            }
            Some(Kind::Number(..)) => true,
            Some(Kind::Mark(mark)) => matches!(mark, '-' | '–' | ',' | '/') && self.digits(end + 1).is_some(),
            _ => false,
        };
        (!is_day).then(|| (self.number(at), year, self.year_noun(end)))
    }

    /// The quarter or half that is named by its last month: "June quarter", "December half".
    fn unit_ending_in(&self, month: u8, at: usize) -> Option<Unit> {
        match self.role(at).filter(|_| !self.says(at, Trait::Plural))? {
            Role::Quarter if month.is_multiple_of(3) => Some(Unit::Quarters(month / 3, month / 3)),
            Role::Half if month.is_multiple_of(6) => Some(Unit::Half(month / 6)),
            _ => None,
        }
    }

    fn days_of_month(&self, month: u8, first: u8, at: usize) -> (Point, usize) {
        let joined =
            matches!(self.mark(at), Some('-' | '–')) || matches!(self.role(at), Some(Role::To | Role::Until));
        let listed = self.role(at) == Some(Role::And) || self.mark(at) == Some('&');
        let is_last = |last: &u8| joined && (first..=31).contains(last) || listed && *last == first + 1;
        let day = at + 1 + usize::from(self.role(at + 1) == Some(Role::The));
        if let Some(last) = self.small(day).filter(is_last) {
            let end = self.suffix(day + 1);
            if self.role(end) != Some(Role::Month) && self.role(end) != Some(Role::Of) {
                let (year, end) = self.year_of(end);
                return (Point::new(Unit::Days(month, first, last), year), end);
            }
        }
        let (year, end) = match self.year_of(at) {
            (YearOf::Missing, end) => {
                (self.year_behind_days(at).map_or(YearOf::Missing, YearOf::Stated), end)
            }
            dated => dated,
        };
        (Point::new(Unit::Days(month, first, first), year), end)
    }

    /// The token behind a dot that ends an abbreviation in the middle of a sentence.
    pub(super) fn dot_inside(&self, at: usize) -> usize {
        let next = self.dot(at);
        let goes_on = matches!(self.mark(next), Some('-' | '–' | ',' | '/'))
            || matches!(self.role(next), Some(Role::To | Role::Until | Role::And));
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
            return winter_over(first).map(|point| (point, end));
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
        let numbered = self.dot(at + 1);
        let is_joined = is_letter && self.mark(numbered) == Some('-') && !self.spaced(numbered + 1);
        let numbered = numbered + usize::from(is_joined);
        let count = match self.digits(numbered) {
            Some((half @ 1..=2, 1)) if role == Role::Half && self.says(at, Trait::FirstAlone) => {
                u8::try_from(half).ok()?
            }
            _ if role == Role::Half && self.says(at, Trait::FirstAlone) => return self.half_year(at, 1),
            _ if role == Role::Half && self.says(at, Trait::SecondAlone) => return self.half_year(at, 2),
            Some((value, 1)) => u8::try_from(value).ok()?,
            _ if self.role(numbered) == Some(Role::Roman) => self.number(numbered),
            _ if self.role(numbered) == Some(Role::Cardinal) && !is_letter => self.number(numbered),
            _ => return None,
        };
        if is_letter && self.spaced(numbered) && !self.tokens.get(at)?.capital {
            return None;
        }
        let (last, next) = self.last_of_plural(at, numbered + 1).unwrap_or((count, numbered + 1));
        // "Q3 – 2024", but not in "2023 Q3 – 2024 Q2".
        let is_bare = |end: usize| !matches!(self.role(end), Some(Role::QuarterLetter | Role::HalfLetter));
        let dashed = is_letter
            && matches!(self.mark(next), Some('-' | '–'))
            && self.year(next + 1).is_some_and(|(_, end)| is_bare(end));
        let (year, end) = self.year_or_short(next + usize::from(dashed));
        let unit = match role {
            Role::Quarter | Role::QuarterLetter if (1..=4).contains(&count) && count <= last => {
                Unit::Quarters(count, last)
            }
            Role::Half | Role::HalfLetter if (1..=2).contains(&count) => Unit::Half(count),
            _ => return None,
        };
        Some((Point::new(unit, year), end))
    }

    /// "–3" of "quarters 1–3 of 2019", where `at` is behind the first: the last quarter, and the token behind.
    fn last_of_plural(&self, word: usize, at: usize) -> Option<(u8, usize)> {
        let joined = matches!(self.mark(at), Some('-' | '–' | '&'))
            || matches!(self.role(at), Some(Role::To | Role::Until | Role::And));
        let in_words = || (self.role(at + 1) == Some(Role::Cardinal)).then(|| (self.number(at + 1), at + 2));
        let (last, end) =
            self.ordinal(at + 1).or_else(in_words).filter(|_| joined && self.says(word, Trait::Plural))?;
        (last <= 4).then_some((last, end))
    }

    /// `QIII/2024`, `IIIкв. 2024`: a quarter that is one word with its Roman digits.
    pub(super) fn named_quarter(&self, at: usize, quarter: u8) -> Option<(Point, usize)> {
        let (year, end) = self.year_or_short(self.dot_before_short_year(at + 1));
        Some((Point::new(Unit::Quarters(quarter, quarter), year), end))
    }

    /// "Half-year 2024", "за полгода 2024 года": the first, since the second says so; "the back half of 2024".
    fn half_year(&self, at: usize, half: u8) -> Option<(Point, usize)> {
        let (year, end) = self.year_of(at + 1);
        matches!(year, YearOf::Stated(_)).then_some((Point::new(Unit::Half(half), year), end))
    }

    /// `S1 2024`, `S2-2024`: a semester by its capital letter, which is an ending in lower case.
    pub(super) fn semester(&self, at: usize) -> Option<(Point, usize)> {
        let glued = self.is_semester_letter(at) && !self.spaced(at + 1);
        let half = self.small(at + 1).filter(|half| glued && (1..=2).contains(half))?;
        let (year, end) = self.year_of(at + 2);
        (year != YearOf::Missing).then_some((Point::new(Unit::Half(half), year), end))
    }

    /// Whether the letter of a semester stands at `at`.
    pub(super) fn is_semester_letter(&self, at: usize) -> bool {
        let is_capital = self.tokens.get(at).is_some_and(|token| token.capital);
        is_capital && self.role(at) == Some(Role::Suffix) && self.says(at, Trait::DecadeOnly)
    }

    /// Whether a unit's abbreviation at `at` has two digits behind it that can only be its year: `3кв24`,
    /// `III кв. 24`, `3 кв 24`.
    pub(super) fn has_short_year(&self, at: usize) -> bool {
        let dotted = self.dot(at + 1) > at + 1;
        dotted || self.is_abbreviation(at) || !self.spaced(at) && !self.spaced(at + 1)
    }

    /// The day that an ordinal in words names behind its month: "May the seventeenth".
    fn ordinal_word(&self, at: usize) -> Option<(u8, usize)> {
        let day = self.number(at);
        (self.role(at) == Some(Role::Ordinal) && (1..=31).contains(&day)).then_some((day, at + 1))
    }

    /// Whether a month follows behind what joins two days: "to May" of "May third to May twelfth".
    fn goes_on_with_month(&self, at: usize) -> bool {
        let joined = matches!(self.role(at), Some(Role::To | Role::Until | Role::And));
        joined && self.role(at + 1) == Some(Role::Month)
    }

    /// "Third of May" and "third of 2024" with their ordinal: ten days, or four months.
    pub(super) fn third(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let is_third = self.role(at) == Some(Role::Third)
            || self.role(at) == Some(Role::Ordinal)
                && self.number(at) == 3
                && self.role(at + 1) == Some(Role::Of);
        if !is_third || !(1..=3).contains(&ordinal) {
            return None;
        }
        if let Some((month, year, end)) = self.month_of(at + 1) {
            let last = if ordinal == 3 { days_in(month, year)? } else { ordinal * 10 };
            return Some((Point::new(Unit::Days(month, ordinal * 10 - 9, last), year), end));
        }
        if let Some(third) = self.third_of_century(ordinal, at + 1) {
            return Some(third);
        }
        let (year, end) = self.year_of(at + 1);
        let months = Unit::Months(ordinal * 4 - 3, ordinal * 4);
        (year != YearOf::Missing).then_some((Point::new(months, year), end))
    }

    /// "First of May", "17th day of May", "первого мая".
    pub(super) fn day_of_month(&self, (day, last): (u8, u8), at: usize) -> Option<(Point, usize)> {
        let next = if self.role(at) == Some(Role::Day) { at + 1 } else { at };
        let next = match self.role(next) {
            Some(Role::Of) if self.role(next + 1) == Some(Role::Month) => next + 1,
            Some(Role::Month) => next,
            _ => return self.day_of_year(day, next),
        };
        if self.role(next) != Some(Role::Month) || !(1..=31).contains(&day) || last > 31 {
            return None;
        }
        let (year, end) = self.year_of(next + 1);
        Some((Point::new(Unit::Days(self.number(next), day, last), year), end))
    }

    /// "First day of 2024".
    fn day_of_year(&self, day: u8, at: usize) -> Option<(Point, usize)> {
        let is_first = day == 1 && self.role(at - 1) == Some(Role::Day);
        match self.year_of(at) {
            (year @ YearOf::Stated(_), end) if is_first => Some((Point::new(Unit::Days(1, 1, 1), year), end)),
            _ => None,
        }
    }

    /// "Of January 2027", "in May 2024": the month, its year, and the token behind.
    pub(super) fn month_of(&self, at: usize) -> Option<(u8, YearOf, usize)> {
        let next = if matches!(self.role(at), Some(Role::Of | Role::In)) { at + 1 } else { at };
        if self.role(next) != Some(Role::Month) {
            return None;
        }
        let (year, end) = self.year_of(next + 1);
        Some((self.number(next), year, end))
    }

    /// "Nine months" of "first nine months of 2024", and so with quarters and days.
    pub(super) fn first_units(&self, at: usize) -> Option<(Point, usize)> {
        let count = self.count(at)?;
        self.units_from_first(
            count,
            if self.mark(at + 1) == Some('-') && !self.spaced(at + 2) { at + 2 } else { at + 1 },
        )
    }

    /// So many of the unit at `at` from the first of its year or month on.
    fn units_from_first(&self, count: u32, at: usize) -> Option<(Point, usize)> {
        let length = match self.role(at)? {
            Role::Day => within(count, 31),
            Role::Week => within(count, 4).map(|weeks| weeks * 7),
            _ => None,
        };
        if let Some((length, (month, year, end))) = length.zip(self.month_of(at + 1)) {
            return Some((Point::new(Unit::Days(month, 1, length), year), end));
        }
        let unit = match self.role(at)? {
            Role::MonthUnit => Unit::Months(1, within(count, 12)?),
            Role::Quarter => Unit::Quarters(1, within(count, 4)?),
            Role::Day => Unit::FirstDays(u16::try_from(count).ok().filter(|days| (1..=366).contains(days))?),
            Role::Week => Unit::FirstDays(u16::from(within(count, 52)?) * 7),
            _ => return None,
        };
        let (year, end) = self.year_of(self.dot_before_year(at + 1));
        Some((Point::new(unit, year), if year == YearOf::Missing { at + 1 } else { end }))
    }

    /// "10 months of 2024", "9 мес. 2025 г.", "three quarters of 2024"; without a year it is a length.
    pub(super) fn counted_months(&self, at: usize) -> Option<(Point, usize)> {
        if let Some(ago) = self.ago(at) {
            return Some(ago);
        }
        let count = self.count(at)?;
        if let Some(part) = self.counted_part(at, count) {
            return Some(part);
        }
        let at = if self.mark(at + 1) == Some('-') && !self.spaced(at + 2) { at + 1 } else { at };
        if let Some(ending) = self.ending(at + 1, count).or_else(|| self.beside_date(at, count)) {
            return Some(ending);
        }
        let unit = match self.role(at + 1)? {
            Role::MonthUnit => Unit::Months(1, within(count, 12)?),
            Role::Quarter => Unit::Quarters(1, within(count, 4)?),
            _ => return None,
        };
        let (year, end) = self.year_of(self.dot_before_year(at + 2));
        if year == YearOf::Missing && self.has_short_year(at + 1) {
            let (year, end) = self.year_or_short(self.dot(at + 2));
            return (year != YearOf::Missing).then_some((Point::new(unit, year), end));
        }
        (year != YearOf::Missing).then_some((Point::new(unit, year), end))
    }

    /// "Three summer months of 2019", "два последних месяца 2019 года", "два первых месяца".
    fn counted_part(&self, at: usize, count: u32) -> Option<(Point, usize)> {
        let dated = |part: &(Point, usize)| !part.0.lacks_year() && !matches!(part.0.unit, Unit::Rolling(..));
        match self.role(at + 1)? {
            Role::Season if count == 3 => self.point(at + 1).filter(dated),
            Role::Last => self.last_units(count, self.step(at + 2)?, at + 3).filter(dated),
            Role::Ordinal if self.number(at + 1) == 1 => self.units_from_first(count, at + 2).filter(dated),
            _ => None,
        }
    }

    pub(super) fn dot_before_short_year(&self, at: usize) -> usize {
        let next = self.dot(at);
        if self.year_or_short(next).0 == YearOf::Missing { at } else { next }
    }

    fn dot_before_year(&self, at: usize) -> usize {
        let next = self.dot(at);
        if self.year_of(next).0 == YearOf::Missing { at } else { next }
    }

    /// An ordinal: a word, Roman digits, or one or two digits with or without their ending.
    pub(super) fn ordinal(&self, at: usize) -> Option<(u8, usize)> {
        match self.role(at) {
            Some(Role::Ordinal | Role::Roman) => {
                let number = self.number(at);
                Some((number, self.suffix(at + 1)))
            }
            _ => self.small(at).filter(|number| *number >= 1).map(|number| (number, self.suffix(at + 1))),
        }
    }

    /// A count: a word, or up to three digits.
    pub(super) fn count(&self, at: usize) -> Option<u32> {
        match self.role(at) {
            Some(Role::Cardinal) => Some(u32::from(self.number(at))),
            Some(_) => None,
            None => self.digits(at).map(|(value, _)| value).filter(|value| (1..=MOST).contains(value)),
        }
    }
}

/// How many days a month of a stated year has.
pub(super) fn days_in(month: u8, year: YearOf) -> Option<u8> {
    let YearOf::Stated(year) = year else { return None };
    let span = in_year(Unit::Months(month, month), year).ok()?;
    u8::try_from(span.end.day()).ok()
}

/// `count` where it is one of `1..=most`.
pub(super) fn within(count: u32, most: u8) -> Option<u8> {
    u8::try_from(count).ok().filter(|count| (1..=most).contains(count))
}
