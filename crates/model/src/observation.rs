//! Observations: what is known of one series in one period, from all claims on it.

use std::ops::Range;

use chrono::NaiveDate;

use crate::claim::{ClaimKind, Measure};
use crate::figure::Comparator;
use crate::period::Period;
use crate::place::PlaceId;
use crate::unit::Unit;
use crate::vocabulary;

/// An interval of floats. Infinite bounds are absent ones; a bound may be excluded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower bound, minus infinity where there is none.
    pub lower: f64,
    /// Whether the lower bound is excluded.
    pub lower_open: bool,
    /// The upper bound, infinity where there is none.
    pub upper: f64,
    /// Whether the upper bound is excluded.
    pub upper_open: bool,
}

vocabulary! {
    /// The step that decided which claim is best.
    Reason {
        Only = "only": "no other claim",
        Rank = "rank": "the curator's preference",
        Interval = "interval": "the narrowest interval among claims that agree",
        Authority = "authority": "the kind of source, among claims that differ",
        Published = "published": "published later",
        Id = "id": "the lesser claim id, all else being equal",
    }
}

/// How a derived value follows from stated ones; the numbers are indices into the observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Formula {
    /// level(base) = level / (1 + growth / 100)
    BaseFromGrowth {
        /// The observation of the later level.
        level: u32,
        /// The observation of the growth.
        growth: u32,
    },
    /// level = level(base) × (1 + growth / 100)
    LevelFromGrowth {
        /// The observation of the base level.
        base: u32,
        /// The observation of the growth.
        growth: u32,
    },
    /// growth = (level / level(base) − 1) × 100
    GrowthFromLevels {
        /// The observation of the later level.
        level: u32,
        /// The observation of the base level.
        base: u32,
    },
}

impl Formula {
    /// The observations that it follows from.
    pub const fn inputs(&self) -> [u32; 2] {
        match *self {
            Formula::BaseFromGrowth { level, growth } => [level, growth],
            Formula::LevelFromGrowth { base, growth } => [base, growth],
            Formula::GrowthFromLevels { level, base } => [level, base],
        }
    }
}

/// What the observations of one series share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Series {
    /// Index into the run's indicators.
    pub indicator: u32,
    /// Level, growth or change.
    pub measure: Measure,
    /// Who reports.
    pub reporter: PlaceId,
    /// With whom.
    pub partner: Option<PlaceId>,
    /// The unit.
    pub unit: Unit,
    /// Actual (estimates included) or forecast.
    pub kind: ClaimKind,
}

/// What is known of one key. Stated and derived values are observations of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Indicator, places, measure, unit and kind.
    pub series: Series,
    /// The period; its label and precision are the best claim's.
    pub period: Period,
    /// The base period of a growth or change.
    pub base_period: Option<Period>,
    /// The best claim's hedge; of a derived value the one its bounds show.
    pub comparator: Comparator,
    /// The best claim's number; of a derived value the result at the stated numbers. NaN: none.
    pub value: f64,
    /// All claims' intersection; the best claim's where that is empty.
    pub interval: Interval,
    /// The claims, as a range of [`Observations::members`](crate::observations::Observations::members).
    pub claims: Range<u32>,
    /// How many independent sources state it.
    pub witnesses: u32,
    /// Whether the claims' intersection is empty.
    pub conflict: bool,
    /// Index of the best claim; a derived value has none.
    pub best_claim: Option<u32>,
    /// What decided it; a derived value has none.
    pub reason: Option<Reason>,
    /// How a derived value follows; a stated one has none.
    pub formula: Option<Formula>,
}

/// Two claims on one observation that cannot both be true.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Index into the observations.
    pub observation: u32,
    /// Index of the claim with the lower interval.
    pub claim_a: u32,
    /// Index of the claim with the higher interval.
    pub claim_b: u32,
    /// From the upper bound of `a` to the lower bound of `b`, in the unit of the observation.
    pub gap: f64,
    /// The same in percent of the upper bound of `a`; NaN where that is zero.
    pub gap_percent: f64,
}

/// One value that an observation had, while it had it.
#[derive(Debug, Clone, PartialEq)]
pub struct Vintage {
    /// Index into the observations.
    pub observation: u32,
    /// The hedge of the best claim of that time.
    pub comparator: Comparator,
    /// Its number; NaN: none.
    pub value: f64,
    /// The interval of that time.
    pub interval: Interval,
    /// Index of the best claim of that time.
    pub best_claim: u32,
    /// The first day on which this was what was known.
    pub realtime_start: NaiveDate,
    /// The last such day; `None` while it is current.
    pub realtime_end: Option<NaiveDate>,
}
