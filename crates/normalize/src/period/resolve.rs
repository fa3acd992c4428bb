//! Computes the days of a period that has been read, against the date of its text where it needs one.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use model::period::{Period, Precision, Role, last_of_month};

use super::PeriodError;
use super::span::{Point, Reading, Sense, Shade, Span, Step, Unit, YearOf};

/// The period that `reading` means in a text of the day `anchor`.
///
/// # Errors
/// The words need a date that is not given, or name days that do not exist or cannot be told.
pub(super) fn resolve(reading: &Reading, anchor: Option<NaiveDate>) -> Result<Period, PeriodError> {
    let span = match reading.last {
        None => side(&reading.first, reading.sense, anchor)?,
        Some(last) => between(&reading.first, &last, anchor)?,
    };
    let Span { start, end, precision, academic } = span;
    let (start, end, role) = match reading.sense {
        Sense::During => (Some(start), Some(end), Role::During),
        Sense::AsOf => match reading.first.shade {
            Shade::Start => (Some(start), Some(start), Role::AsOf),
            Shade::End | Shade::LastDay | Shade::Middle => (Some(end), Some(end), Role::AsOf),
            _ => (Some(start), Some(end), Role::AsOf),
        },
        Sense::Since => (Some(start), anchor.filter(|anchor| start <= *anchor), Role::Since),
        Sense::After => {
            let start = end.succ_opt().ok_or(PeriodError::NoSuchDate)?;
            (Some(start), anchor.filter(|anchor| start <= *anchor), Role::Since)
        }
        Sense::By => (None, Some(end), Role::By),
        Sense::Before if matches!(reading.first.shade, Shade::End | Shade::LastDay) => {
            (None, Some(end), Role::By)
        }
        Sense::Before => (None, Some(start.pred_opt().ok_or(PeriodError::NoSuchDate)?), Role::By),
    };
    Ok(Period { start, end, role, precision, academic: academic && role == Role::During })
}

/// The span of a period with one side.
fn side(point: &Point, sense: Sense, anchor: Option<NaiveDate>) -> Result<Span, PeriodError> {
    let whole = whole(point, sense, anchor)?;
    let point_in_time = sense != Sense::During;
    match point.shade {
        Shade::Start if point_in_time => {
            Ok(Span { end: if sense == Sense::AsOf { whole.end } else { whole.start }, ..whole })
        }
        Shade::End if sense == Sense::Since && is_long(point) => shaded(&whole, Shade::Late),
        Shade::End | Shade::LastDay if sense == Sense::Since || sense == Sense::After => {
            Ok(Span { start: whole.end, ..whole })
        }
        Shade::End if point_in_time => Ok(whole),
        Shade::LastDay => Ok(whole),
        Shade::Rest => behind(&whole, anchor.ok_or(PeriodError::NeedsAnchor)?),
        Shade::Middle if sense == Sense::By || sense == Sense::AsOf => shaded(&whole, Shade::FirstHalf),
        shade => shaded(&whole, shade),
    }
}

/// What is left of `whole` behind the day `today`, which is in it or before it.
fn behind(whole: &Span, today: NaiveDate) -> Result<Span, PeriodError> {
    let start = today.succ_opt().ok_or(PeriodError::NoSuchDate)?.max(whole.start);
    if start > whole.end {
        return Err(PeriodError::EndsBeforeStart { start, end: whole.end });
    }
    Ok(Span { start, precision: Precision::Day, ..*whole })
}

/// The span from one side to the other, each of which may take its year from the other.
fn between(first: &Point, last: &Point, anchor: Option<NaiveDate>) -> Result<Span, PeriodError> {
    let (mut first, mut last) = (*first, *last);
    let (first_lacks, last_lacks) = (first.lacks_year(), last.lacks_year());
    if first_lacks && !last_lacks {
        first.year = known_year(&last, anchor)?;
    } else if last_lacks && !first_lacks {
        last.year = known_year(&first, anchor)?;
    }
    if first_lacks && matches!(first.unit, Unit::Season(1..)) && last.unit == Unit::Season(0) {
        // Of one year, "autumn and winter" go on into the next.
        last.year = moved(last.year, 1);
    }
    let mut until = side(&last, Sense::During, anchor)?;
    if first_lacks && last_lacks {
        first.year = YearOf::Stated(until.end.year());
    }
    let mut from = side(&first, Sense::During, anchor)?;
    if from.start > until.end && first_lacks {
        first.year = moved(first.year, -1);
        from = side(&first, Sense::During, anchor)?;
    } else if from.start > until.end && last_lacks {
        last.year = moved(last.year, 1);
        until = side(&last, Sense::During, anchor)?;
    }
    let from_its_end = matches!(first.shade, Shade::End | Shade::LastDay) && !is_long(&first);
    let start = if from_its_end { from.end } else { from.start };
    let end = if last.shade == Shade::Start && !is_long(&last) { until.start } else { until.end };
    if end < start {
        return Err(PeriodError::EndsBeforeStart { start, end });
    }
    Ok(Span::new(start, end, from.precision.min(until.precision)))
}

/// Whether a side is longer than a year: the end of a decade is no day.
fn is_long(point: &Point) -> bool {
    matches!(point.unit, Unit::Fixed(span) if span.end.year() > span.start.year() + 1)
}

/// The year of a side, for the side that has none.
fn known_year(point: &Point, anchor: Option<NaiveDate>) -> Result<YearOf, PeriodError> {
    match point.year {
        YearOf::Stated(_) | YearOf::Relative(_) | YearOf::FiscalFrom(_) => Ok(point.year),
        _ => Ok(YearOf::Stated(whole(point, Sense::During, anchor)?.start.year())),
    }
}

fn moved(year: YearOf, by: i32) -> YearOf {
    match year {
        YearOf::Stated(year) => YearOf::Stated(year + by),
        YearOf::Relative(offset) => YearOf::Relative(offset + by),
        YearOf::FiscalFrom(first) => YearOf::FiscalFrom(first + by),
        unknown => unknown,
    }
}

/// The whole unit of a side. Without a year it is the latest that has begun by the anchor, or, for
/// a deadline, the first that has not ended.
fn whole(point: &Point, sense: Sense, anchor: Option<NaiveDate>) -> Result<Span, PeriodError> {
    if let Unit::Fixed(span) = point.unit {
        return Ok(span);
    }
    if let Unit::Refused(error) = point.unit {
        return Err(error);
    }
    let anchored = || anchor.ok_or(PeriodError::NeedsAnchor);
    match (point.unit, point.year) {
        (Unit::Around(step, offset), _) => around(step, offset, anchored()?),
        (Unit::Rolling(step, count), _) => rolling(step, count, anchored()?),
        (Unit::YearToDate, YearOf::Stated(year)) => {
            let anchor = anchored()?;
            let year = in_year(Unit::Year, year)?;
            if year.start > anchor {
                return Err(PeriodError::EndsBeforeStart { start: year.start, end: anchor });
            }
            Ok(Span { end: year.end.min(anchor), precision: Precision::Day, ..year })
        }
        (Unit::YearToDate, _) => {
            let anchor = anchored()?;
            Ok(Span { end: anchor, precision: Precision::Day, ..in_year(Unit::Year, anchor.year())? })
        }
        (Unit::Weekday(day), year) => weekday(day, year, anchored()?),
        (unit, YearOf::Stated(year)) => in_year(unit, year),
        (unit, YearOf::FiscalFrom(first)) => in_fiscal_year(unit, first),
        (_, YearOf::Either) => Err(PeriodError::Ambiguous),
        (unit, YearOf::Relative(offset)) => in_year(unit, anchored()?.year() + offset),
        (unit, YearOf::Latest) => {
            let anchor = anchored()?;
            let this = in_year(unit, anchor.year())?;
            if this.end < anchor { Ok(this) } else { in_year(unit, anchor.year() - 1) }
        }
        (unit, YearOf::Coming) => {
            let anchor = anchored()?;
            let this = in_year(unit, anchor.year())?;
            if this.start > anchor { Ok(this) } else { in_year(unit, anchor.year() + 1) }
        }
        (unit, YearOf::Missing) => {
            let anchor = anchored()?;
            let this = in_year(unit, anchor.year());
            match (&this, sense) {
                (Ok(span), Sense::By | Sense::Before) if span.end < anchor => {
                    in_year(unit, anchor.year() + 1)
                }
                (Ok(span), Sense::By | Sense::Before) if span.end >= anchor => this,
                (Ok(span), _) if span.start > anchor => in_year(unit, anchor.year() - 1),
                _ => this,
            }
        }
    }
}

/// The last or the next day of the week that is so numbered.
fn weekday(number: u8, year: YearOf, anchor: NaiveDate) -> Result<Span, PeriodError> {
    let ahead = (i32::from(number) - anchor.weekday().number_from_monday() as i32).rem_euclid(7);
    let offset = match year {
        YearOf::Latest => ahead - 7,
        _ if ahead == 0 => 7,
        _ => ahead,
    };
    around(Step::Day, offset, anchor)
}

/// The days of a unit in a year.
pub(super) fn in_year(unit: Unit, year: i32) -> Result<Span, PeriodError> {
    let day = |year, month: u8, day: u8| {
        NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or(PeriodError::NoSuchDate)
    };
    let months = |from_year, from, to, precision| {
        let start = day(from_year, from, 1)?;
        let end = last_of_month(day(year, to, 1)?).ok_or(PeriodError::NoSuchDate)?;
        Ok(Span::new(start, end, precision))
    };
    match unit {
        Unit::Year => months(year, 1, 12, Precision::Year),
        Unit::Months(first, last) => months(year, first, last, Precision::Month),
        Unit::Quarters(first, last) => months(year, first * 3 - 2, last * 3, Precision::Quarter),
        Unit::Half(half) => months(year, half * 6 - 5, half * 6, Precision::Quarter),
        Unit::Season(0) => months(year - 1, 12, 2, Precision::Month),
        Unit::Season(season) => months(year, season * 3, season * 3 + 2, Precision::Month),
        Unit::Days(month, first, last) => Ok(Span::days(day(year, month, first)?, day(year, month, last)?)),
        Unit::FirstDays(count) => {
            let start = day(year, 1, 1)?;
            let end = start
                .checked_add_days(Days::new(u64::from(count.saturating_sub(1))))
                .ok_or(PeriodError::NoSuchDate)?;
            Ok(Span::days(start, end))
        }
        Unit::IsoWeeks(first, last) => {
            let on = |week: u8, weekday| {
                NaiveDate::from_isoywd_opt(year, week.into(), weekday).ok_or(PeriodError::NoSuchDate)
            };
            Ok(Span::days(on(first, Weekday::Mon)?, on(last, Weekday::Sun)?))
        }
        _ => Err(PeriodError::NoSuchDate),
    }
}

/// A part of the fiscal year that runs from July of `first` to June: it lies half a year later than in
/// the calendar. A month by its name is in either half.
fn in_fiscal_year(unit: Unit, first: i32) -> Result<Span, PeriodError> {
    if !matches!(unit, Unit::Quarters(..) | Unit::Half(_) | Unit::Months(1, 2..)) {
        return Err(PeriodError::Ambiguous);
    }
    let calendar = in_year(unit, first)?;
    let later = |day: NaiveDate| day.checked_add_months(Months::new(6)).ok_or(PeriodError::NoSuchDate);
    let behind = calendar.end.succ_opt().ok_or(PeriodError::NoSuchDate)?;
    let end = later(behind)?.pred_opt().ok_or(PeriodError::NoSuchDate)?;
    Ok(Span { start: later(calendar.start)?, end, ..calendar })
}

/// The unit so many units after the one that holds `anchor`.
fn around(step: Step, offset: i32, anchor: NaiveDate) -> Result<Span, PeriodError> {
    // Months are counted from the first of the unit: academic years begin in September, centuries in
    // the year 1.
    let months = |length: i32, shift: i32, precision| {
        let month0 =
            (anchor.year() * 12 + anchor.month0() as i32 - shift).div_euclid(length) * length + shift;
        let first = month0.saturating_add(offset.saturating_mul(length));
        let date = |month0: i32| {
            NaiveDate::from_ymd_opt(month0.div_euclid(12), month0.rem_euclid(12) as u32 + 1, 1)
                .ok_or(PeriodError::NoSuchDate)
        };
        let end = date(first + length)?.pred_opt().ok_or(PeriodError::NoSuchDate)?;
        Ok(Span::new(date(first)?, end, precision))
    };
    match step {
        Step::Month => months(1, 0, Precision::Month),
        Step::Quarter => months(3, 0, Precision::Quarter),
        Step::Half => months(6, 0, Precision::Quarter),
        Step::Year => months(12, 0, Precision::Year),
        Step::AcademicYear => months(12, 8, Precision::Year).map(|year| Span { academic: true, ..year }),
        Step::Decade => months(120, 0, Precision::Year),
        Step::Century => months(1200, 12, Precision::Year),
        Step::Day => {
            let day = days_after(anchor, offset).ok_or(PeriodError::NoSuchDate)?;
            Ok(Span::days(day, day))
        }
        Step::Week => {
            let monday = -(anchor.weekday().num_days_from_monday() as i32);
            let start =
                days_after(anchor, monday + offset.saturating_mul(7)).ok_or(PeriodError::NoSuchDate)?;
            let end = days_after(start, 6).ok_or(PeriodError::NoSuchDate)?;
            Ok(Span::days(start, end))
        }
    }
}

/// So many units that end with `anchor`, or begin the day after it where `count` is negative.
fn rolling(step: Step, count: i32, anchor: NaiveDate) -> Result<Span, PeriodError> {
    let size = count.unsigned_abs();
    let far = match (step.months(), count < 0) {
        (None, _) => days_after(anchor, count.saturating_mul(if step == Step::Week { -7 } else { -1 })),
        (Some(length), ahead) => {
            let months = Months::new(size.saturating_mul(length).min(120_000));
            if ahead { anchor.checked_add_months(months) } else { anchor.checked_sub_months(months) }
        }
    }
    .ok_or(PeriodError::NoSuchDate)?;
    let (start, end) = if count < 0 { (anchor, far) } else { (far, anchor) };
    let start = start.succ_opt().ok_or(PeriodError::NoSuchDate)?;
    Ok(Span::days(start, end))
}

fn days_after(date: NaiveDate, days: i32) -> Option<NaiveDate> {
    let count = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) }
}

/// The part of `whole` that a shade leaves.
///
/// Early and late are the halves and the middle is the middle half of a year; of a decade they are
/// its years 0 to 3, 7 to 9 and 4 to 6; of a month the days to the 15th, from the 16th, and the 10th
/// to the 20th; of anything between, thirds.
fn shaded(whole: &Span, shade: Shade) -> Result<Span, PeriodError> {
    let length = (whole.end.year() - whole.start.year()) * 12 + whole.end.month() as i32
        - whole.start.month() as i32
        + 1;
    let (skip, take) = match (shade, length) {
        (Shade::Whole | Shade::LastDay | Shade::Rest, _) => return Ok(*whole),
        (Shade::EarlyToMiddle, _) => {
            let (early, middle) = (shaded(whole, Shade::Early)?, shaded(whole, Shade::Middle)?);
            return Ok(Span { end: middle.end, ..early });
        }
        (Shade::MiddleToLate, _) => {
            let (middle, late) = (shaded(whole, Shade::Middle)?, shaded(whole, Shade::Late)?);
            return Ok(Span { end: late.end, ..middle });
        }
        (_, 1) => return Ok(shaded_month(whole, shade)),
        (Shade::Early | Shade::Start, 120) => (0, 48),
        (Shade::Middle, 120) => (48, 36),
        (Shade::Late | Shade::End, 120) => (84, 36),
        (Shade::Early | Shade::Start, 3) => (0, 1),
        (Shade::Middle, 3) => (1, 1),
        (Shade::Late | Shade::End, 3) => (2, 1),
        (Shade::Middle, 6) => (2, 2),
        (Shade::Middle, _) => (length / 4, length / 2),
        (Shade::Early | Shade::Start | Shade::FirstHalf, _) => (0, length / 2),
        (Shade::Late | Shade::End | Shade::SecondHalf, _) => (length - length / 2, length / 2),
    };
    let months = |count: i32| {
        whole.start.checked_add_months(Months::new(count.unsigned_abs())).ok_or(PeriodError::NoSuchDate)
    };
    let end = months(skip + take)?.pred_opt().ok_or(PeriodError::NoSuchDate)?;
    let precision = if length >= 120 { Precision::Year } else { Precision::Month };
    Ok(Span::new(months(skip)?, end, precision))
}

fn shaded_month(month: &Span, shade: Shade) -> Span {
    if month.start.day() != 1 || month.end.day() < 28 {
        return *month;
    }
    let (first, last) = match shade {
        Shade::Early | Shade::FirstHalf | Shade::Start => (1, 15),
        Shade::Middle => (10, 20),
        _ => (16, month.end.day()),
    };
    Span::days(
        month.start.with_day(first).unwrap_or(month.start),
        month.end.with_day(last).unwrap_or(month.end),
    )
}
