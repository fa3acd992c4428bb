//! Sides that are named against today: "last year", "the past three years", "three years ago".

use super::super::span::{Point, Step, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::Points;
use super::units::{days_in, within};
use super::weekdays::LAST;

impl Points<'_> {
    /// "Last year", "this month", "the past three years", "last quarter of 2024", "next May".
    pub(super) fn relative(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        if let Some((year, end)) = self.year_named_twice(at) {
            return Some((Point::new(Unit::Year, YearOf::Stated(year)), end));
        }
        if let Some(count) = self.count(at + 1)
            && let Some(step) = self.step(at + 2)
        {
            return self.counted_against_today(at, role, count, step);
        }
        if role == Role::Last
            && let Some(part) = self.last_part(at + 1)
        {
            return Some(part);
        }
        match self.role(at + 1)? {
            Role::Month | Role::Season | Role::Weekday => self.named_against_today(at, role),
            Role::Year | Role::MonthUnit | Role::Week if self.says(at + 1, Trait::Plural) => {
                self.year_of_last(at, role)
            }
            _ => {
                let step = self.step(at + 1)?;
                self.year_of_last(at, role).or_else(|| self.unit_against_today(at, role, step))
            }
        }
    }

    /// "The past three years", "the last three months of 2024", "the next five years".
    fn counted_against_today(&self, at: usize, role: Role, count: u32, step: Step) -> Option<(Point, usize)> {
        match role {
            Role::This => None,
            Role::Last if self.says(at, Trait::Elapsed) && matches!(step, Step::Month | Step::Quarter) => {
                self.first_units(at + 1)
                    .filter(|(first, _)| !first.lacks_year())
                    .or_else(|| self.last_units(count, step, at + 3))
            }
            Role::Last => {
                self.last_days_of_month(step, count, at + 3).or_else(|| self.last_units(count, step, at + 3))
            }
            _ => {
                let ahead = Unit::Rolling(step, -i32::try_from(count).ok()?);
                Some((Point::new(ahead, YearOf::Missing), at + 3))
            }
        }
    }

    /// What the last one of a larger unit is: a week, ten days or a third of a month, a third of a
    /// year, a decade of a century. `at` is behind "last".
    fn last_part(&self, at: usize) -> Option<(Point, usize)> {
        if let Some(third) = self.third(3, at) {
            return Some(third);
        }
        match self.role(at)? {
            Role::TenDays => self.part_of_month(3, at),
            Role::Weekday | Role::Weekend => self.weekday_of_month(LAST, at),
            Role::Decade | Role::Quarter => self.part_of_century(LAST, at),
            _ => self.last_days_of_month(self.step(at)?, 1, at + 1),
        }
    }

    /// "Last May", "next summer", "this winter", "last Friday".
    fn named_against_today(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        let year = match role {
            Role::Last if !self.says(at, Trait::BeforeLast) => YearOf::Latest,
            Role::Next => YearOf::Coming,
            Role::This => YearOf::Relative(0),
            _ => return None,
        };
        if self.role(at + 1) == Some(Role::Weekday) {
            let unit = Unit::Weekday(self.number(at + 1));
            return (role != Role::This).then_some((Point::new(unit, year), at + 2));
        }
        let (point, end) = self.point(at + 1)?;
        let is_alone = point.year == YearOf::Missing && !matches!(point.unit, Unit::DaysAlone(..));
        is_alone.then_some((Point { year, ..point }, end))
    }

    /// "Last quarter of 2024": the fourth.
    fn year_of_last(&self, at: usize, role: Role) -> Option<(Point, usize)> {
        let unit = match self.step(at + 1)? {
            Step::Month if !self.says(at + 1, Trait::Plural) => Unit::Months(12, 12),
            Step::Quarter => Unit::Quarters(4, 4),
            Step::Half => Unit::Half(2),
            Step::Day if !self.says(at + 1, Trait::Plural) => Unit::Days(12, 31, 31),
            _ => return None,
        };
        let (year, end) = self.year_of(at + 2);
        (role == Role::Last && year != YearOf::Missing).then_some((Point::new(unit, year), end))
    }

    /// "Last year", "the past year", "this quarter", "the year before last" in one word.
    fn unit_against_today(&self, at: usize, role: Role, step: Step) -> Option<(Point, usize)> {
        let unit = match role {
            Role::Last if self.says(at, Trait::UpToToday) && step != Step::AcademicYear => {
                Unit::Rolling(step, 1)
            }
            Role::Last if self.says(at, Trait::BeforeLast) => Unit::Around(step, -2),
            Role::Last => Unit::Around(step, -1),
            Role::Next => Unit::Around(step, 1),
            _ => Unit::Around(step, 0),
        };
        let end = if step == Step::Year { self.year_noun(at + 1).max(at + 2) } else { at + 2 };
        Some((Point::new(unit, YearOf::Missing), end))
    }

    /// "Last week of December 2017", "last three days of May 2024", "last ten days of 2024".
    fn last_days_of_month(&self, step: Step, count: u32, at: usize) -> Option<(Point, usize)> {
        let length = match step {
            Step::Day => within(count, 28)?,
            Step::Week => within(count, 4)? * 7,
            _ => return None,
        };
        if let Some((month, year, end)) = self.month_of(at) {
            let last = days_in(month, year)?;
            return Some((Point::new(Unit::Days(month, last - length + 1, last), year), end));
        }
        let (year, end) = self.year_of(at);
        matches!(year, YearOf::Stated(_)).then(|| (Point::new(Unit::Days(12, 32 - length, 31), year), end))
    }

    /// "Last three months of 2024" are in that year, "last three months" end today.
    pub(super) fn last_units(&self, count: u32, step: Step, at: usize) -> Option<(Point, usize)> {
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

    /// "Three years ago": the unit so far back.
    pub(super) fn ago(&self, at: usize) -> Option<(Point, usize)> {
        let count = i32::try_from(self.count(at)?).ok()?;
        let step = self.step(at + 1)?;
        (self.role(at + 2) == Some(Role::Ago))
            .then(|| (Point::new(Unit::Around(step, -count), YearOf::Missing), at + 3))
    }

    /// "Year ago", "year before last", "month after next".
    pub(super) fn one_off(&self, at: usize) -> Option<(Point, usize)> {
        let step = self.step(at).filter(|_| !self.says(at, Trait::Plural))?;
        let offset = match self.role(at + 1)? {
            Role::Ago => -1,
            Role::BeforeLast => -2,
            Role::AfterNext => 2,
            _ => return None,
        };
        Some((Point::new(Unit::Around(step, offset), YearOf::Missing), at + 2))
    }

    /// The unit of today that a part of it belongs to: "year" of "the end of the year".
    pub(super) fn unit_of_today(&self, at: usize) -> Option<(Point, usize)> {
        let is_unit = matches!(
            self.role(at)?,
            Role::Year | Role::Quarter | Role::MonthUnit | Role::Week | Role::Decade | Role::Century
        );
        let step = self.step(at).filter(|_| is_unit && !self.says(at, Trait::Plural))?;
        match step {
            Step::Year => Some((Point::new(Unit::Year, YearOf::Relative(0)), self.year_noun(at))),
            _ => Some((Point::new(Unit::Around(step, 0), YearOf::Missing), at + 1)),
        }
    }

    /// The step that a unit's word means.
    pub(super) fn step(&self, at: usize) -> Option<Step> {
        Some(match self.role(at)? {
            Role::Day => Step::Day,
            Role::Week => Step::Week,
            Role::MonthUnit => Step::Month,
            Role::Quarter => Step::Quarter,
            Role::Half => Step::Half,
            Role::Year | Role::FiscalYear => Step::Year,
            Role::AcademicYear => Step::AcademicYear,
            Role::Decade => Step::Decade,
            Role::Century => Step::Century,
            _ => return None,
        })
    }
}
