//! What was known of the observations, and when.

use chrono::NaiveDate;

use crate::claim::ABSENT;
use crate::figure::Comparator;
use crate::observation::{Interval, Vintage};
use crate::observations::Observations;

/// The vintages of a run. Most observations never had another value than theirs, so only what differs is held: an index
/// from 0 is an earlier value, and behind those come the present ones, in the order of the observations.
#[derive(Debug, Clone, Default)]
pub struct Vintages {
    /// What was known before, by observation, then by day.
    pub earlier: Vec<Earlier>,
    /// For each stated observation, since when it is known as it is.
    pub since: Vec<NaiveDate>,
}

/// A value that an observation had and has no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// See [`Vintage::value`].
    pub value: f64,
    /// The lower bound, minus infinity where there is none.
    pub lower: f64,
    /// The upper bound, infinity where there is none.
    pub upper: f64,
    /// Index into the observations.
    pub observation: u32,
    /// Index of the best claim of that time.
    pub best_claim: u32,
    /// The first day on which this was what was known.
    pub realtime_start: NaiveDate,
    /// The hedge.
    pub comparator: Comparator,
    /// Whether the lower bound is excluded.
    pub lower_open: bool,
    /// Whether the upper bound is excluded.
    pub upper_open: bool,
}

impl Earlier {
    /// Both bounds.
    pub fn interval(&self) -> Interval {
        let Earlier { lower, lower_open, upper, upper_open, .. } = *self;
        Interval { lower, lower_open, upper, upper_open }
    }
}

impl Vintages {
    /// The number of vintages.
    pub fn len(&self) -> usize {
        self.earlier.len() + self.since.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// The vintage at `index`.
    pub fn get(&self, observations: &Observations, index: u32) -> Vintage {
        let Some(earlier) = self.earlier.get(index as usize) else {
            return self.present(observations, index - self.earlier.len() as u32);
        };
        Vintage {
            observation: earlier.observation,
            comparator: earlier.comparator,
            value: earlier.value,
            interval: earlier.interval(),
            best_claim: earlier.best_claim,
            realtime_start: earlier.realtime_start,
            realtime_end: self.end(index),
        }
    }

    /// The last day of the vintage at `index`; `None` while it is current.
    pub fn end(&self, index: u32) -> Option<NaiveDate> {
        let earlier = self.earlier.get(index as usize)?;
        let next =
            self.earlier.get(index as usize + 1).filter(|next| next.observation == earlier.observation);
        next.map_or(self.since[earlier.observation as usize], |next| next.realtime_start).pred_opt()
    }

    /// What is known of a stated observation now.
    fn present(&self, observations: &Observations, observation: u32) -> Vintage {
        let row = &observations.rows[observation as usize];
        Vintage {
            observation,
            comparator: row.comparator,
            value: row.value,
            interval: row.interval(),
            best_claim: observations.best_claim_of(row).unwrap_or(ABSENT),
            realtime_start: self.since[observation as usize],
            realtime_end: None,
        }
    }

    /// The indices of an observation's vintages, by day; a derived one has none.
    pub fn of(&self, observation: u32) -> impl Iterator<Item = u32> + use<> {
        let start = self.earlier.partition_point(|earlier| earlier.observation < observation);
        let count = self.earlier[start..].partition_point(|earlier| earlier.observation == observation);
        let present = (observation as usize) < self.since.len();
        let present = present.then_some(self.earlier.len() as u32 + observation);
        (start as u32..(start + count) as u32).chain(present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_the_next_of_its_observation_begins() {
        let day = |day| NaiveDate::from_ymd_opt(2024, 5, day).unwrap_or_default();
        let earlier = |observation, start| Earlier {
            value: f64::NAN,
            lower: 1.0,
            upper: 2.0,
            observation,
            best_claim: 0,
            realtime_start: day(start),
            comparator: Comparator::Range,
            lower_open: false,
            upper_open: false,
        };
        let vintages = Vintages {
            earlier: vec![earlier(0, 3), earlier(0, 7), earlier(2, 2)],
            since: vec![day(20), day(1), day(10)],
        };
        assert_eq!(vintages.len(), 6);
        let of = |observation| vintages.of(observation).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2), of(3)), (vec![0, 1, 3], vec![4], vec![2, 5], vec![]));
        let ends: Vec<_> = (0..6).map(|index| vintages.end(index)).collect();
        assert_eq!(ends, [Some(day(6)), Some(day(19)), Some(day(9)), None, None, None]);
    }
}
