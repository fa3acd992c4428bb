//! What a text says of a period before it is known which days it means: units of the calendar, the
//! year they belong to, and how much of the unit is meant. The days are computed in `resolve`.

use chrono::NaiveDate;
use model::period::{Period, Precision, Role};

use super::PeriodError;

/// The year of a unit, as the text gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearOf {
    /// In digits.
    Stated(i32),
    /// A fiscal year over two calendar years, by the first of them.
    FiscalFrom(i32),
    /// Two that follow each other, of which it is not told which one is meant: "May 2023/24".
    Either,
    /// "This year" is 0, "last year" −1.
    Relative(i32),
    /// The latest that is over: "last May".
    Latest,
    /// The first that is still to come: "next May".
    Coming,
    /// Not at all.
    Missing,
}

/// A unit that is named against today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    /// September to August.
    AcademicYear,
    Decade,
    Century,
}

impl Step {
    /// How many months it is long; days and weeks are of none.
    pub(super) const fn months(self) -> Option<u32> {
        Some(match self {
            Self::Day | Self::Week => return None,
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year | Self::AcademicYear => 12,
            Self::Decade => 120,
            Self::Century => 1200,
        })
    }
}

/// A part of a calendar year, or days that need no year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// The whole year.
    Year,
    /// From the first month to the last, 1 to 12.
    Months(u8, u8),
    /// From the first quarter to the last, 1 to 4.
    Quarters(u8, u8),
    /// The half, 1 or 2.
    Half(u8),
    /// 0 winter (which ends in the year), 1 spring, 2 summer, 3 autumn.
    Season(u8),
    /// Days of one month: month, first day, last day.
    Days(u8, u8, u8),
    /// Days of a month that follows in the text: first day, last day.
    DaysAlone(u8, u8),
    /// The first days of the year.
    FirstDays(u16),
    /// From the first week by ISO 8601 to the last.
    IsoWeeks(u8, u8),
    /// A day of the week, 1 for Monday, that is named against today.
    Weekday(u8),
    /// Days that are known without more.
    Fixed(Span),
    /// The unit that lies so many units after today's.
    Around(Step, i32),
    /// So many units up to today, or from today on where negative.
    Rolling(Step, i32),
    /// From the first day of today's year up to today.
    YearToDate,
    /// Words that name a period which cannot be told.
    Refused(PeriodError),
}

/// How much of a unit is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shade {
    Whole,
    Early,
    Middle,
    Late,
    FirstHalf,
    SecondHalf,
    /// "The beginning of": as `Early`, but a point in time is its first day.
    Start,
    /// "The end of": as `Late`, but a point in time is its last day.
    End,
    /// "End-2025": its last day, and a point in time by itself.
    LastDay,
    EarlyToMiddle,
    MiddleToLate,
    /// What is left of it behind today.
    Rest,
}

/// One side of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) unit: Unit,
    pub(super) year: YearOf,
    pub(super) shade: Shade,
}

impl Point {
    pub(super) const fn new(unit: Unit, year: YearOf) -> Self {
        Self { unit, year, shade: Shade::Whole }
    }

    /// Whether its year has to be found elsewhere.
    pub(super) fn lacks_year(&self) -> bool {
        self.year == YearOf::Missing
            && !matches!(
                self.unit,
                Unit::Fixed(_) | Unit::Around(..) | Unit::Rolling(..) | Unit::YearToDate | Unit::Refused(_)
            )
    }
}

/// Days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: NaiveDate,
    pub(super) end: NaiveDate,
    pub(super) precision: Precision,
    pub(super) academic: bool,
}

impl Span {
    pub(super) const fn new(start: NaiveDate, end: NaiveDate, precision: Precision) -> Self {
        Self { start, end, precision, academic: false }
    }

    /// The same days so many years later, ends of months kept.
    pub(super) fn shifted_by_years(self, years: i32) -> Option<Self> {
        let Self { start, end, precision, academic } = self;
        let period = Period { start: Some(start), end: Some(end), role: Role::During, precision, academic };
        let moved = period.shifted_by_years(years)?;
        Some(Self { start: moved.start?, end: moved.end?, ..self })
    }

    /// One day or several.
    pub(super) const fn days(start: NaiveDate, end: NaiveDate) -> Self {
        Self::new(start, end, Precision::Day)
    }
}

/// A period as it is said: its side or sides and their role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) sense: Sense,
    pub(super) first: Point,
    pub(super) last: Option<Point>,
}

/// What the words around a period make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    During,
    AsOf,
    Since,
    By,
    Before,
    After,
}
