//! The grammar of whole periods: one side or two, and the words around them that give the role.
//! The sides themselves are read in `point`. Every rule looks a bounded number of tokens ahead, so
//! that a text is read in linear time.

use chrono::Datelike;

use super::PeriodError;
use super::point::Points;
use super::span::{Point, Reading, Sense, Shade, Unit, YearOf};
use super::words::{Role, Token, Trait};

/// How many listed sides may stand before the one that has their year.
const LONGEST_LIST: usize = 12;

/// Reads periods from the tokens of a text.
pub(super) struct Grammar<'t> {
    points: Points<'t>,
}

impl<'t> Grammar<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { points: Points::new(tokens) }
    }

    /// The period that begins at token `at`, and the token behind it.
    pub(super) fn period(&self, at: usize) -> Option<(Reading, usize)> {
        let (reading, end) = self.without_inclusive(at)?;
        let is_inclusive =
            self.points.role(end) == Some(Role::Filler) && self.points.says(end, Trait::Inclusive);
        Some((reading, if is_inclusive { end + 1 } else { end }))
    }

    /// `said` of the tokens from `at` to `behind` as the unit of the period before, where it is another year
    /// of a list: "2024" of "in May 2023 and 2024", "2024 годов" of "в первом квартале 2023 и 2024 годов".
    pub(super) fn in_another_year(
        &self,
        (before, end): (Reading, usize),
        said: &Reading,
        (at, behind): (usize, usize),
    ) -> Option<Reading> {
        let points = &self.points;
        let (YearOf::Stated(from), YearOf::Stated(to)) =
            (before.last.unwrap_or(before.first).year, said.first.year)
        else {
            return None;
        };
        let is_year =
            said.first.unit == Unit::Year && said.first.shade == Shade::Whole && said.last.is_none();
        let is_listed = points.behind_joint(end) == Some(at)
            && (points.mark(end).is_none() || points.behind_joint(behind).is_some());
        let is_part = !matches!(before.first.unit, Unit::Year | Unit::Fixed(_));
        let ends_in_digits = points.role(end - 1).is_none() && points.mark(end - 1).is_none();
        if !is_year || !is_listed || !is_part || !ends_in_digits || from >= to {
            return None;
        }
        let later = |point: Point| match point.year {
            YearOf::Stated(year) => Point { year: YearOf::Stated(year + to - from), ..point },
            _ => point,
        };
        Some(Reading { first: later(before.first), last: before.last.map(later), ..before })
    }

    fn without_inclusive(&self, at: usize) -> Option<(Reading, usize)> {
        let points = &self.points;
        let said = |sense, (first, last, end): Sides| Some((Reading { sense, first, last }, end));
        match points.role(at) {
            Some(Role::AsOf) => said(Sense::AsOf, self.alone(at + 1)?),
            Some(Role::On) => self.at_a_point(at),
            Some(Role::Quantity) if points.says(at, Trait::NoDeadline) => self.beside(at + 1),
            Some(Role::Since) => {
                let next = if points.role(at + 1) == Some(Role::Quantity) { at + 2 } else { at + 1 };
                let (first, last, end) = self.led_sides(next, Role::To)?;
                if points.says(at, Trait::BeforeDay)
                    && !matches!(first.unit, Unit::Days(..))
                    && !is_one_day(&first)
                {
                    return None;
                }
                let sense = if last.is_some() { Sense::During } else { Sense::Since };
                said(sense, (first, last, self.onwards(end).unwrap_or(end)))
            }
            Some(Role::Start) if points.says(at, Trait::Since) && self.is_participle(at) => {
                said(Sense::Since, self.alone(at + 1)?)
            }
            Some(Role::From) => self.from(at),
            Some(Role::Between) => {
                let sides = self.led_sides(at + 1, Role::And)?;
                sides.1.and_then(|_| said(Sense::During, sides))
            }
            Some(Role::By) if self.compares(at) => None,
            Some(Role::Until) if points.says(at, Trait::DuringMonths) && self.is_first_of_year(at + 1) => {
                None
            }
            Some(Role::By | Role::Until | Role::To) if points.ends_hours(at) => None,
            Some(Role::By | Role::Until) => said(Sense::By, self.deadline(at)?),
            Some(Role::To) if points.says(at, Trait::Until) => {
                let (first, last, end) = self.alone(at + 1)?;
                let ends = matches!(first.unit, Unit::Days(..) | Unit::Months(..))
                    || is_one_day(&first)
                    || first.unit == Unit::Year
                        && points.role(end - 1) == Some(Role::Year)
                        && !points.says_more(end - 1);
                if first.lacks_year() || !ends { self.plain(at) } else { said(Sense::By, (first, last, end)) }
            }
            Some(Role::Before) => said(Sense::Before, self.alone(at + 1)?),
            Some(Role::After) => said(Sense::After, self.alone(at + 1)?),
            _ => self.plain(at),
        }
    }

    /// A period without a word before it.
    fn plain(&self, at: usize) -> Option<(Reading, usize)> {
        let (first, last, end) = self.sides(at, Role::To)?;
        let (first, last) = as_stretches(first, last);
        if self.points.role(at) == Some(Role::The) && self.points.begins_bare(at + 1, end) {
            return None;
        }
        if let Some(end) = self.onwards(end).filter(|_| {
            last.is_none() && !matches!(first.unit, Unit::Rolling(..)) && !self.leads_to_words(end)
        }) {
            return Some((Reading { sense: Sense::Since, first, last }, end));
        }
        if last.is_none() && points_back(self.points.role(end)) {
            return Some((Reading { sense: Sense::By, first, last }, end + 1));
        }
        let first = if last.is_none() { self.with_listed_year(first, end) } else { first };
        let dated = !first.lacks_year() || last.is_some_and(|last| !last.lacks_year());
        let is_day = last.is_none() && first.shade == Shade::LastDay;
        let sense = if is_day { Sense::AsOf } else { Sense::During };
        (dated || self.is_calendar_without_year(at, &first, last.as_ref()))
            .then_some((Reading { sense, first, last }, end))
    }

    /// "From X to Y", "from X onwards", and "с X", which is "since" in some languages.
    fn from(&self, at: usize) -> Option<(Reading, usize)> {
        let (first, last, end) = self.led_sides(at + 1, Role::To)?;
        let said = |sense, end| Some((Reading { sense, first, last }, end));
        // "Apply from 15 May 2023 on all motorways".
        let onwards = self.onwards(end).filter(|_| !self.is_since(at) || !self.leads_to_words(end));
        match (last, onwards) {
            (Some(_), _) => said(Sense::During, end),
            (None, Some(end)) => said(Sense::Since, end),
            (None, None) if self.is_since(at) && self.can_start(&first, end) => said(Sense::Since, end),
            (None, None) if is_several(&first) => {
                let is_led = self.points.says(at, Trait::Since)
                    || matches!(first.unit, Unit::Days(..))
                    || (at..end).any(|joint| self.points.role(joint) == Some(Role::To));
                is_led.then(|| said(Sense::During, end))?
            }
            (None, None) => None,
        }
    }

    /// Whether the word for "from" at `at` means "since", by itself or by what lasts: "valid from".
    fn is_since(&self, at: usize) -> bool {
        let points = &self.points;
        points.says(at, Trait::Since) || at > 0 && points.role(at - 1) == Some(Role::Lasting)
    }

    /// Whether the side that ends before `end` can be what something starts with.
    fn can_start(&self, first: &Point, end: usize) -> bool {
        let points = &self.points;
        let never = is_several(first)
            || points.role(end - 1) == Some(Role::Year) && points.says(end - 1, Trait::NoStart);
        !never && !matches!(first.unit, Unit::Rolling(..))
    }

    /// "At the end of X" is a point in time; with a day, so is "на X".
    fn at_a_point(&self, at: usize) -> Option<(Reading, usize)> {
        let is_scheduled = at > 0 && self.points.role(at - 1) == Some(Role::Scheduled);
        let (first, last, end) = self.alone(at + 1)?;
        let day = matches!(first.unit, Unit::Days(_, first, last) if first == last) || is_one_day(&first);
        let point = matches!(first.shade, Shade::Start | Shade::Middle | Shade::End | Shade::LastDay)
            || self.points.says(at, Trait::AsOfDay) && day && !is_scheduled;
        point.then_some((Reading { sense: Sense::AsOf, first, last }, end))
    }

    /// One side behind a word that takes one.
    fn alone(&self, at: usize) -> Option<Sides> {
        let next = if self.points.mark(at) == Some('-') { at + 1 } else { at };
        let (point, end) = self.points.point(self.points.behind_time(next))?;
        (!matches!(point.unit, Unit::DaysAlone(..))).then_some((point, None, end))
    }

    /// Whether "beginning" stands right before what begins then: "beginning January 2026".
    fn is_participle(&self, at: usize) -> bool {
        let points = &self.points;
        points.mark(at + 1).is_none() && !matches!(points.role(at + 1), Some(Role::Of | Role::In | Role::The))
    }

    /// Whether a word that means "by" compares with what follows: "2024 г. к 2023 г.", "в % к 2023 году",
    /// "к январю–маю 2023 года".
    fn compares(&self, at: usize) -> bool {
        let points = &self.points;
        if !points.says(at, Trait::Letter) {
            return false;
        }
        let Some(before) = at.checked_sub(1) else {
            return self.are_months_so_far(at + 1);
        };
        if points.says(before, Trait::ByMeasure) {
            // "Снизился к апрелю на 3 %" compares, "снизился к 2030 году" is a deadline.
            return matches!(points.point(at + 1), Some((part, end)) if part.unit != Unit::Year
                && points.says(end, Trait::AsOfDay)
                && points.is_word_or_number(end + 1));
        }
        let behind_year = points.ends_year(before) || matches!(points.mark(before), Some('%'));
        behind_year || points.role(before) == Some(Role::Compared) || self.are_months_so_far(at + 1)
    }

    /// Whether months of a year from its first stand at `at`, as figures are compared over: a deadline is
    /// "к маю–июню", not "к январю–маю".
    fn are_months_so_far(&self, at: usize) -> bool {
        let Some((Point { unit: Unit::Months(1, to), .. }, end)) = self.points.point(at) else {
            return false;
        };
        to > 1 || matches!(self.points.mark(end), Some('-' | '–'))
    }

    /// The side or sides behind "by" and "until".
    fn deadline(&self, at: usize) -> Option<Sides> {
        let hedged =
            self.points.role(at + 1) == Some(Role::Quantity) && !self.points.says(at + 1, Trait::NoDeadline);
        let colon = self.points.mark(at + 1) == Some(':');
        let (first, last, end) = self.led_sides(at + 1 + usize::from(hedged || colon), Role::To)?;
        let dated = !first.lacks_year() || last.is_some_and(|last| !last.lacks_year());
        let named = !matches!(first.unit, Unit::Rolling(..));
        (named && (dated || self.is_calendar_without_year(at + 1, &first, last.as_ref()))).then_some(
            match last {
                Some(last) => (last, None, end),
                None => (first, None, end),
            },
        )
    }

    /// Whether several months of a year stand at `at`: "through the first nine months of 2024" is them,
    /// and "through September 2024" a deadline.
    fn is_first_of_year(&self, at: usize) -> bool {
        matches!(self.points.point(at), Some((Point { unit: Unit::Months(from, to), .. }, _)) if from < to)
    }

    /// "The turn of 2024": a point beside a period, of which it is not known which days it means.
    fn beside(&self, at: usize) -> Option<(Reading, usize)> {
        let (_, last, end) = self.sides(at, Role::And)?;
        let first = Point::new(Unit::Refused(PeriodError::Ambiguous), YearOf::Missing);
        Some((Reading { sense: Sense::During, first, last: last.map(|_| first) }, end))
    }

    /// One side or two behind a word that leads to them, where a time of day may stand first.
    fn led_sides(&self, at: usize, joint: Role) -> Option<Sides> {
        self.sides(self.points.behind_time(self.behind_hedge(at)), joint)
    }

    /// The token behind "about" between a word that leads to a period and its year: "from about 2009".
    fn behind_hedge(&self, at: usize) -> usize {
        at + usize::from(self.points.role(at) == Some(Role::Quantity) && self.points.says(at, Trait::Hedge))
    }

    /// One side, or two with a dash, `joint` or a word like it between them.
    fn sides(&self, at: usize, joint: Role) -> Option<Sides> {
        let (first, end) = self.points.point(at)?;
        let from_day =
            at > 0 && self.points.role(at - 1) == Some(Role::From) && !matches!(first.unit, Unit::Year);
        let comma =
            from_day && self.points.mark(end) == Some(',') && self.points.role(end + 1) == Some(Role::To);
        // "В ночь с 31 декабря 1999 года на 1 января 2000 года".
        let of_night = at > 1
            && self.points.role(at - 1) == Some(Role::From)
            && self.points.role(at - 2) == Some(Role::Scheduled)
            && self.points.says(end, Trait::AsOfDay);
        let behind_joint =
            if of_night { Some(end + 1) } else { self.joint(if comma { end + 1 } else { end }, joint) };
        let two = behind_joint.and_then(|next| {
            let dated = self.points.behind_time(next);
            // "С 19 до 21 часа 3 мая" are hours of a day.
            if dated > next && matches!(first.unit, Unit::DaysAlone(..)) {
                return None;
            }
            let (last, end) = self.points.point(self.behind_hedge(dated))?;
            let first = in_month_of(self.points.in_shown_order(at, next).unwrap_or(first), &last);
            let last = self.points.in_shown_order(next, at).unwrap_or(last);
            // "9M 2024/9M 2023" sets two periods against each other.
            let are_compared = self.points.mark(next - 1) == Some('/') && is_later_part(&first, &last);
            let (first, last, end) = self
                .over_two_years(&first, &last, end)
                .or_else(|| self.months_of_short_year(&first, next, end))
                .unwrap_or((first, last, end));
            let end = self.behind_bracket(at, end);
            (fits(&first, &last) && !are_compared).then_some((first, Some(last), end))
        });
        match two {
            None if matches!(first.unit, Unit::DaysAlone(..)) => {
                let dated = self.with_listed_year(first, end);
                matches!(dated.unit, Unit::Days(..)).then_some((dated, None, end))
            }
            None => Some((first, None, end)),
            two => two,
        }
    }

    /// The token behind the bracket that closes one between `at` and `end`: "2025 (January–May)".
    fn behind_bracket(&self, at: usize, end: usize) -> usize {
        let points = &self.points;
        let closes = points.mark(end) == Some(')')
            && (at + 1..end).any(|inside| points.mark(inside) == Some('('))
            && !(at + 1..end).any(|inside| points.mark(inside) == Some(')'));
        end + usize::from(closes)
    }

    /// "December–January 2023/24": each month in its year.
    fn over_two_years(&self, first: &Point, last: &Point, end: usize) -> Option<(Point, Point, usize)> {
        let (Unit::Months(from, _), Unit::Months(to, _)) = (first.unit, last.unit) else { return None };
        let (year, end) = self.points.year_and_next(end.checked_sub(1)?)?;
        let dated = |point: &Point, year| Point { year: YearOf::Stated(year), ..*point };
        (first.lacks_year() && from > to).then(|| (dated(first, year), dated(last, year + 1), end))
    }

    /// `Jan-Mar 24`: two digits behind the last of two months are their year.
    fn months_of_short_year(&self, first: &Point, at: usize, end: usize) -> Option<(Point, Point, usize)> {
        let points = &self.points;
        let dash = matches!(points.mark(at - 1), Some('-' | '–'));
        let Unit::Months(from, _) = first.unit else { return None };
        let (to, year, behind) = points.month_and_short_year(at).filter(|_| dash && first.lacks_year())?;
        let dated = |month, year| Point::new(Unit::Months(month, month), YearOf::Stated(year));
        let first_year = if from > to { year - 1 } else { year };
        (end <= behind).then(|| (dated(from, first_year), dated(to, year), behind))
    }

    /// The token behind what joins two sides at `at`.
    fn joint(&self, at: usize, joint: Role) -> Option<usize> {
        let points = &self.points;
        match points.role(at) {
            Some(role) if role == joint => return Some(at + 1),
            Some(Role::To | Role::Until) => return Some(at + 1),
            // "С 2024 года и по 2026 год".
            Some(Role::And)
                if joint == Role::To
                    && (points.says(at + 1, Trait::Until) || points.says(at + 1, Trait::NoLength)) =>
            {
                return Some(at + 2);
            }
            Some(Role::On) if self.is_night(at) => return Some(at + 1),
            Some(_) => return None,
            None => {}
        }
        match points.mark(at)? {
            ',' if points.role(at + 1) == Some(Role::To) && !points.says(at + 1, Trait::Until) => {
                Some(at + 2)
            }
            // "Between Jan 1, 2010, and Dec 31, 2015".
            ',' if joint == Role::And && points.role(at + 1) == Some(Role::And) => Some(at + 2),
            '-' if points.role(at + 1) == Some(joint) && points.mark(at + 2) == Some('-') => Some(at + 3),
            '-' | '–' | '…' => Some(at + 1),
            '/' if !points.spaced(at) && !points.spaced(at + 1) => Some(at + 1),
            '.' if points.mark(at + 1) == Some('.') => {
                Some(if points.mark(at + 2) == Some('.') { at + 3 } else { at + 2 })
            }
            _ => None,
        }
    }

    /// Whether "на" stands between the days of a night: "с 4 на 5 ноября".
    fn is_night(&self, at: usize) -> bool {
        let points = &self.points;
        let from = at.checked_sub(2).and_then(|from| points.role(from)) == Some(Role::From);
        from && points.says(at, Trait::AsOfDay)
            && matches!(points.point(at - 1), Some((day, _)) if matches!(day.unit, Unit::DaysAlone(..)))
    }

    /// The token behind "onwards" and "to the present".
    fn onwards(&self, at: usize) -> Option<usize> {
        // "2022 and after", but not "before 1990 and after 2005".
        if self.points.role(at) == Some(Role::And) && self.points.role(at + 1) == Some(Role::After) {
            return self.points.point(at + 2).is_none().then_some(at + 2);
        }
        let next = if matches!(self.points.mark(at), Some('-' | '–')) { at + 1 } else { at };
        // "(1974– )".
        if next > at && self.points.mark(next) == Some(')') && self.points.ends_year(at - 1) {
            return Some(next);
        }
        let next = if next == at && self.points.role(at) == Some(Role::To) { at + 1 } else { next };
        let is_on = self.points.role(next) == Some(Role::On) && self.points.says(next, Trait::Onwards);
        if is_on && next == at && at > 0 && self.points.point(at + 1).is_none() {
            return Some(at + 1);
        }
        matches!(self.points.role(next), Some(Role::Onwards | Role::ToDate))
            .then(|| self.points.behind_unit(next))
    }

    /// Whether "on" at `at` has words behind it, which it may belong to: "2007 on the back".
    fn leads_to_words(&self, at: usize) -> bool {
        self.points.role(at) == Some(Role::On) && self.points.is_word_or_number(at + 1)
    }

    /// `first` with the year of the list that it begins: "January and February 2024".
    fn with_listed_year(&self, first: Point, end: usize) -> Point {
        if !first.lacks_year() {
            return first;
        }
        let mut at = end;
        for _ in 0..LONGEST_LIST {
            let Some((next, end)) = self.points.behind_joint(at).and_then(|next| self.points.point(next))
            else {
                break;
            };
            let first = in_month_of(first, &next);
            if std::mem::discriminant(&next.unit) != std::mem::discriminant(&first.unit) {
                break;
            }
            if !next.lacks_year() || matches!(next.unit, Unit::Days(..)) {
                return Point { year: next.year, ..first };
            }
            at = end;
        }
        first
    }

    /// Whether the name of a month stands alone between marks, as in a table's cell: "November". Among
    /// other words it may be a person's name, or begin a sentence.
    fn is_month_alone(&self, at: usize, first: &Point) -> bool {
        let points = &self.points;
        let stands_out = |at: usize| !points.is_word_or_number(at);
        let is_name = points.role(at) == Some(Role::Month) && matches!(first.unit, Unit::Months(..));
        is_name && at.checked_sub(1).is_none_or(stands_out) && stands_out(at + 1)
    }

    /// Whether a period without a year may still be one: a day always, another unit only behind a
    /// word that leads to a period, since "may" and "spring" have other meanings.
    fn is_calendar_without_year(&self, at: usize, first: &Point, last: Option<&Point>) -> bool {
        let is_days = |point: &Point| matches!(point.unit, Unit::Days(..));
        if is_days(first) || last.is_some() || self.is_month_alone(at, first) {
            return true;
        }
        let before = at.checked_sub(1).and_then(|before| self.points.role(before));
        matches!(
            before,
            Some(
                Role::In
                    | Role::Of
                    | Role::By
                    | Role::Since
                    | Role::From
                    | Role::Until
                    | Role::To
                    | Role::On
                    | Role::Before
                    | Role::After
                    | Role::Between
                    | Role::And
            )
        ) || matches!(first.unit, Unit::Quarters(..) | Unit::Half(_))
            || matches!(first.unit, Unit::Months(from, to) if from < to || first.shade != Shade::Whole)
    }
}

/// First side, last side, and the token behind them.
type Sides = (Point, Option<Point>, usize);

/// Whether a word says that a period reaches back without end.
fn points_back(role: Option<Role>) -> bool {
    role == Some(Role::Backwards)
}

/// Whether a side is several units, as one that goes from an ordinal to another: "с XVII по XIX век".
fn is_several(point: &Point) -> bool {
    match point.unit {
        Unit::Quarters(from, to)
        | Unit::Months(from, to)
        | Unit::Days(_, from, to)
        | Unit::IsoWeeks(from, to) => from < to,
        Unit::Fixed(span) => span.end.year() - span.start.year() > 100,
        _ => false,
    }
}

/// "The end of 2022 – the beginning of 2023" without "from" is a stretch about the turn, and so are both sides.
fn as_stretches(first: Point, last: Option<Point>) -> (Point, Option<Point>) {
    match last {
        Some(last) if first.shade == Shade::End && last.shade == Shade::Start => {
            (Point { shade: Shade::Late, ..first }, Some(Point { shade: Shade::Early, ..last }))
        }
        last => (first, last),
    }
}

fn is_one_day(point: &Point) -> bool {
    matches!(point.unit, Unit::Fixed(span) if span.start == span.end)
}

/// A day without its month, as a day of the month that the other side is in.
fn in_month_of(first: Point, last: &Point) -> Point {
    match (first.unit, last.unit) {
        (Unit::DaysAlone(from, to), Unit::Days(month, ..)) => {
            Point { unit: Unit::Days(month, from, to), ..first }
        }
        _ => first,
    }
}

/// Whether both sides are of stated years, and the first of the later one.
fn is_later_part(first: &Point, last: &Point) -> bool {
    match (first.year, last.year) {
        (YearOf::Stated(first_year), YearOf::Stated(last_year)) => first_year > last_year,
        _ => false,
    }
}

/// Whether two sides can be the ends of one period.
fn fits(first: &Point, last: &Point) -> bool {
    let refused = |point: &Point| matches!(point.unit, Unit::Refused(_));
    let is_year = |point: &Point| point.unit == Unit::Year;
    match (first.unit, last.unit) {
        (Unit::DaysAlone(..), _) | (_, Unit::DaysAlone(..)) => false,
        (Unit::Rolling(..), _) | (_, Unit::Rolling(..)) => false,
        _ if refused(first) || refused(last) => refused(first) && refused(last),
        _ if is_year(first) && last.lacks_year() => first.shade == Shade::Start,
        _ if is_year(last) && last.shade == Shade::Whole && first.lacks_year() => false,
        _ => true,
    }
}
