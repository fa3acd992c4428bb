//! All observations of a run, in rows of codes.
//!
//! Millions of observations are held at once, and many share a series and a period: a row holds the codes of both, and
//! is a cache line long. [`Observations::get`] makes it an [`Observation`] again.

use std::ops::Range;

use crate::claim::ABSENT;
use crate::figure::Comparator;
use crate::observation::{Formula, Interval, Observation, Reason, Series};
use crate::period::Period;

/// The observations of a run: an index into `rows` is the observation.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    /// The distinct series. Those of stated observations come first, ascending; some behind them may have none.
    pub series: Vec<Series>,
    /// The distinct periods and base periods.
    pub periods: Vec<Period>,
    /// First what is stated, by series, period and base period; then what is derived, by series.
    pub rows: Vec<Row>,
    /// The claims of the observations: indices, each observation a range, best claim first. Those of stated observations
    /// come before those of derived ones, which are claims of their inputs.
    pub members: Vec<u32>,
}

/// One observation, with the codes of what it shares with others.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// See [`Observation::value`].
    pub value: f64,
    /// The lower bound, minus infinity where there is none.
    pub lower: f64,
    /// The upper bound, infinity where there is none.
    pub upper: f64,
    /// Index into [`Observations::series`].
    pub series: u32,
    /// Index into [`Observations::periods`].
    pub period: u32,
    /// Index into [`Observations::periods`]; [`ABSENT`] for a level.
    pub base_period: u32,
    /// The claims, as a range of [`Observations::members`].
    pub claims: Range<u32>,
    /// How many independent sources state it.
    pub witnesses: u32,
    /// What it rests on.
    pub basis: Basis,
    /// The hedge.
    pub comparator: Comparator,
    /// Whether the lower bound is excluded.
    pub lower_open: bool,
    /// Whether the upper bound is excluded.
    pub upper_open: bool,
    /// Whether the claims' intersection is empty.
    pub conflict: bool,
}

/// What an observation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Claims, of which this decided which is best.
    Stated(Reason),
    /// Stated observations, of which it follows so.
    Derived(Formula),
}

impl Row {
    /// Both bounds.
    pub fn interval(&self) -> Interval {
        let Row { lower, lower_open, upper, upper_open, .. } = *self;
        Interval { lower, lower_open, upper, upper_open }
    }

    /// Whether claims state it.
    pub fn is_stated(&self) -> bool {
        matches!(self.basis, Basis::Stated(_))
    }

    /// What decided which claim is best; a derived value has none.
    pub fn reason(&self) -> Option<Reason> {
        match self.basis {
            Basis::Stated(reason) => Some(reason),
            Basis::Derived(_) => None,
        }
    }

    /// How a derived value follows; a stated one has none.
    pub fn formula(&self) -> Option<Formula> {
        match self.basis {
            Basis::Stated(_) => None,
            Basis::Derived(formula) => Some(formula),
        }
    }
}

impl Observations {
    /// The number of observations.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of stated ones, which come first.
    pub fn stated(&self) -> usize {
        self.rows.partition_point(Row::is_stated)
    }

    /// The observation at `index`.
    pub fn get(&self, index: u32) -> Observation {
        let row = &self.rows[index as usize];
        Observation {
            series: *self.series_of(row),
            period: *self.period_of(row),
            base_period: self.base_period_of(row).copied(),
            comparator: row.comparator,
            value: row.value,
            interval: row.interval(),
            claims: row.claims.clone(),
            witnesses: row.witnesses,
            conflict: row.conflict,
            best_claim: self.best_claim_of(row),
            reason: row.reason(),
            formula: row.formula(),
        }
    }

    /// All observations, in order.
    pub fn iter(&self) -> impl Iterator<Item = Observation> + Clone {
        (0..self.rows.len() as u32).map(|index| self.get(index))
    }

    /// Where the observations of each series stand, those that are stated and those that are derived apart.
    pub fn runs(&self) -> impl Iterator<Item = Range<u32>> {
        let mut start = 0;
        let runs = self.rows.chunk_by(|a, b| a.series == b.series && a.is_stated() == b.is_stated());
        runs.map(move |rows| {
            let run = start..start + rows.len() as u32;
            start = run.end;
            run
        })
    }

    /// Appends an observation. For a few: series and periods are searched for among those that are there.
    pub fn push(&mut self, observation: &Observation) {
        fn code<T: Copy + PartialEq>(distinct: &mut Vec<T>, value: T) -> u32 {
            let place = distinct.iter().position(|&other| other == value);
            place.unwrap_or_else(|| {
                distinct.push(value);
                distinct.len() - 1
            }) as u32
        }
        let Interval { lower, lower_open, upper, upper_open } = observation.interval;
        let stated = || Basis::Stated(observation.reason.unwrap_or(Reason::Only));
        self.rows.push(Row {
            value: observation.value,
            lower,
            upper,
            series: code(&mut self.series, observation.series),
            period: code(&mut self.periods, observation.period),
            base_period: observation.base_period.map_or(ABSENT, |base| code(&mut self.periods, base)),
            claims: observation.claims.clone(),
            witnesses: observation.witnesses,
            basis: observation.formula.map_or_else(stated, Basis::Derived),
            comparator: observation.comparator,
            lower_open,
            upper_open,
            conflict: observation.conflict,
        });
    }

    /// Moves rows with their claims here. Their series and periods are those of `self` already.
    pub fn append(&mut self, part: &mut Observations) {
        let start = self.members.len() as u32;
        self.rows.extend(part.rows.drain(..).map(|mut row| {
            row.claims.start += start;
            row.claims.end += start;
            row
        }));
        self.members.append(&mut part.members);
    }

    /// The series of a row.
    pub fn series_of(&self, row: &Row) -> &Series {
        &self.series[row.series as usize]
    }

    /// The period of a row.
    pub fn period_of(&self, row: &Row) -> &Period {
        &self.periods[row.period as usize]
    }

    /// The base period of a row; a level has none.
    pub fn base_period_of(&self, row: &Row) -> Option<&Period> {
        self.periods.get(row.base_period as usize)
    }

    /// The claims of a row, best first.
    pub fn claims_of(&self, row: &Row) -> &[u32] {
        &self.members[row.claims.start as usize..row.claims.end as usize]
    }

    /// The best claim of a row; a derived value has none.
    pub fn best_claim_of(&self, row: &Row) -> Option<u32> {
        self.claims_of(row).first().copied().filter(|_| row.is_stated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_cache_line() {
        assert_eq!(std::mem::size_of::<Row>(), 64);
    }
}
