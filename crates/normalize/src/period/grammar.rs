//! The grammar of whole periods: one side or two, and the words around them that give the role.
//! The sides themselves are read in `point`. Every rule looks a bounded number of tokens ahead, so
//! that a text is read in linear time.

mod sides;

use chrono::Datelike;
use model::period::Precision;

use self::sides::Sides;
use super::PeriodError;
use super::point::Points;
use super::span::{Point, Reading, Sense, Shade, Unit, YearOf};
use super::words::{Role, Token, Trait};

/// Tokens from the word before a share to its percent sign: "до 5,3 %".
const LONGEST_SHARE: usize = 4;

/// The most years from a part of one to the same part of another beside it.
const MOST_YEARS_APART: i32 = 20;

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
        let YearOf::Stated(to) = said.first.year else { return None };
        let from = year_of_part(&before.last.unwrap_or(before.first))?;
        let is_year =
            said.first.unit == Unit::Year && said.first.shade == Shade::Whole && said.last.is_none();
        let is_listed = points.behind_joint(end) == Some(at)
            && (points.mark(end).is_none() || points.behind_joint(behind).is_some());
        let ends_in_digits = points.role(end - 1).is_none() && points.mark(end - 1).is_none();
        let years = to - from;
        if !is_year || !is_listed || !ends_in_digits || !(1..=MOST_YEARS_APART).contains(&years.abs()) {
            return None;
        }
        let moved = |point: Point| match (point.unit, point.year) {
            (Unit::Fixed(span), _) => {
                Some(Point { unit: Unit::Fixed(span.shifted_by_years(years)?), ..point })
            }
            (_, YearOf::Stated(year)) => Some(Point { year: YearOf::Stated(year + years), ..point }),
            _ => Some(point),
        };
        let last = match before.last {
            Some(last) => Some(moved(last)?),
            None => None,
        };
        Some(Reading { first: moved(before.first)?, last, ..before })
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
        let behind_share = matches!(points.mark(before), Some('%')) && !self.reaches(before);
        let behind_year = points.ends_year(before) || behind_share;
        behind_year || points.role(before) == Some(Role::Compared) || self.are_months_so_far(at + 1)
    }

    /// Whether the share that ends at `at` is what something comes to: "снизят до 5 % к 2029 году".
    fn reaches(&self, at: usize) -> bool {
        let lead =
            (at.saturating_sub(LONGEST_SHARE)..at).rev().find(|&lead| self.points.role(lead).is_some());
        lead.is_some_and(|lead| self.points.says(lead, Trait::NoLength))
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

/// The year of a part of one; whole years and longer have none to share.
fn year_of_part(side: &Point) -> Option<i32> {
    match (side.unit, side.year) {
        (Unit::Fixed(span), _) => {
            matches!(span.precision, Precision::Month | Precision::Quarter).then(|| span.end.year())
        }
        (Unit::Year, _) => None,
        (_, YearOf::Stated(year)) => Some(year),
        _ => None,
    }
}

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
