//! Sides that are told by their length and their last day: "year ended 30 June 2024", "12 months to
//! September 2024", "five years to 2024".

use chrono::{Datelike, Days, Months, NaiveDate};
use model::period::Precision;

use super::super::PeriodError;
use super::super::resolve::in_year;
use super::super::span::{Point, Shade, Span, Step, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::clock::is_day;
use super::{Points, refused};

impl Points<'_> {
    /// One unit up to a day: "year ended 30 June 2024", "the quarter to June 2024". `at` is the unit.
    pub(super) fn one_ending(&self, at: usize) -> Option<(Point, usize)> {
        let is_plural = self.says(at, Trait::Plural);
        // "The years ended 31 December 2024 and 2023".
        let is_listed = |end| {
            self.role(at + 1) != Some(Role::To)
                && self.behind_joint(end).is_some_and(|next| self.year(next).is_some())
        };
        let (point, end) = self.ending(at, 1).filter(|(_, end)| !is_plural || is_listed(*end))?;
        // "The year to 2024" says nothing of its length.
        let ends_in_year = matches!(self.role(at + 1), Some(Role::To | Role::Until))
            && self.digits(at + 2).is_some_and(|d| d.1 == 4);
        (!ends_in_year || self.role(at) == Some(Role::Decade)).then_some((point, end))
    }

    /// So many units up to a day: "12 months to September 2024". `at` is the unit.
    pub(super) fn ending(&self, at: usize, count: u32) -> Option<(Point, usize)> {
        let step = self.step(at)?;
        let in_period = self.role(at + 1) == Some(Role::In);
        self.ending_behind(at + 1 + usize::from(in_period), step, count)
    }

    /// "The two weeks before 1 July 2024"; without the article it is a day so far from the date, or a
    /// stretch up to it, and not told. `at` is the count.
    pub(super) fn beside_date(&self, at: usize, count: u32) -> Option<(Point, usize)> {
        let step = self.step(at + 1)?;
        let is_after = self.role(at + 2) == Some(Role::After);
        let is_before = self.role(at + 2) == Some(Role::Before)
            || self.role(at + 2) == Some(Role::Until) && self.says(at + 2, Trait::NoLength);
        if !is_after && !is_before || self.leads_on(at + 3) {
            return None;
        }
        let (date, end) = self.point(at + 3).filter(|(date, _)| !date.lacks_year())?;
        let is_span = at > 0 && self.role(at - 1) == Some(Role::The) && is_day(&date);
        let days = match (date.unit, date.year) {
            (Unit::Fixed(day), _) => day,
            (unit, YearOf::Stated(year)) if is_span => in_year(unit, year).ok()?,
            _ => return refused(PeriodError::Ambiguous, end),
        };
        let eve =
            days.start.pred_opt().map(|eve| Point::new(Unit::Fixed(Span::days(eve, eve)), YearOf::Missing));
        match (is_span, is_before) {
            (false, _) => refused(PeriodError::Ambiguous, end),
            (true, true) => Some((Point::new(Unit::Fixed(up_to(step, count, &eve?)?), YearOf::Missing), end)),
            (true, false) => {
                Some((Point::new(Unit::Fixed(from(step, count, days.end)?), YearOf::Missing), end))
            }
        }
    }

    /// "The day before 1 May 2010", "за год до 1 мая 2010 года". `at` is the unit.
    pub(super) fn one_beside_date(&self, at: usize) -> Option<(Point, usize)> {
        let before = at.checked_sub(1)?;
        let is_length =
            matches!(self.role(before), Some(Role::In | Role::The | Role::Filler | Role::Quantity));
        self.beside_date(before, 1).filter(|_| is_length && !self.says(at, Trait::Plural))
    }

    /// `FYE June 2024`, "TTM to June 2024", and `FYE 2024`, which is the fiscal year.
    pub(super) fn year_ending_with(&self, at: usize) -> Option<(Point, usize)> {
        let next = if matches!(self.role(at + 1), Some(Role::To | Role::Until)) { at + 2 } else { at + 1 };
        let (last, end) = self.point(next)?;
        if last.unit == Unit::Year {
            return Some((last, end));
        }
        Some((Point::new(Unit::Fixed(up_to(Step::Year, 1, &last)?), YearOf::Missing), end))
    }

    /// "Ended 30 June 2024", "to September 2024" and so many units that end so.
    pub(super) fn ending_behind(&self, at: usize, step: Step, count: u32) -> Option<(Point, usize)> {
        let at = self.dot(at);
        let at =
            if self.mark(at) == Some(',') && self.role(at + 1) == Some(Role::Ending) { at + 1 } else { at };
        let until = self.role(at) == Some(Role::Until) && !self.says(at, Trait::NoLength);
        if !until && !matches!(self.role(at), Some(Role::Ending | Role::To)) {
            return None;
        }
        let mut next = at + 1;
        for skipped in [Role::In, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        let is_side = matches!(
            self.role(next),
            None | Some(Role::Month | Role::End | Role::QuarterLetter | Role::Weekday | Role::FiscalYear)
        );
        if !is_side {
            return None;
        }
        let (last, end) = self.point(next)?;
        if last.lacks_year() && self.role(at) == Some(Role::To) {
            return refused(PeriodError::Ambiguous, end);
        }
        let span = up_to(step, count, &last)?;
        Some((Point::new(Unit::Fixed(span), YearOf::Missing), end))
    }
}

/// So many units from the day behind `day` on.
fn from(step: Step, count: u32, day: NaiveDate) -> Option<Span> {
    let start = day.succ_opt()?;
    let behind = match step.months() {
        Some(months) => start.checked_add_months(Months::new(count.checked_mul(months)?))?,
        None => {
            start.checked_add_days(Days::new(u64::from(count) * if step == Step::Week { 7 } else { 1 }))?
        }
    };
    Some(Span::days(start, behind.pred_opt()?))
}

/// So many units that end with the last day of a side whose days are known.
pub(super) fn up_to(step: Step, count: u32, last: &Point) -> Option<Span> {
    if !matches!(last.shade, Shade::Whole | Shade::End | Shade::LastDay) {
        return None;
    }
    let end = match (last.unit, last.year) {
        (Unit::Fixed(span), _) => span.end,
        (Unit::Year, YearOf::Stated(year)) if matches!(step, Step::Year | Step::Decade) => {
            in_year(Unit::Year, year).ok()?.end
        }
        (unit @ (Unit::Days(..) | Unit::Months(..) | Unit::Quarters(..)), YearOf::Stated(year)) => {
            in_year(unit, year).ok()?.end
        }
        _ => return None,
    };
    let behind = end.succ_opt()?;
    let start = match (step, step.months()) {
        (_, Some(months)) => behind.checked_sub_months(Months::new(count.checked_mul(months)?))?,
        (Step::Week, None) => behind.checked_sub_days(Days::new(u64::from(count) * 7))?,
        (_, None) => behind.checked_sub_days(Days::new(count.into()))?,
    };
    let precision = if start.day() == 1 && behind.day() == 1 { Precision::Month } else { Precision::Day };
    Some(Span::new(start, end, precision))
}
