//! What was known of an observation, and when: its value after each day of publication.
//!
//! The best claim of a day is chosen by the same rule as today's, from what had been published by then.
//! A day that changes nothing of what was known opens no vintage.

use chrono::NaiveDate;
use model::claim::Claims;
use model::observation::Interval;
use model::vintages::{Earlier, Vintages};

use crate::interval::intersection;
use crate::observe::{Standing, weigh};

/// Adds the vintages of one observation from the claims of its group, which may end up in any order. What is known last
/// is what the observation says: of that only the day is kept.
pub(crate) fn history(claims: &Claims, observation: u32, group: &mut [Standing], vintages: &mut Vintages) {
    if let [only] = group {
        vintages.since.push(only.published);
        return;
    }
    group.sort_unstable_by_key(|standing| (standing.published, standing.claim));
    let known = &mut vintages.earlier;
    if group.iter().any(|standing| standing.until.is_some()) {
        with_superseded(claims, observation, group, known);
    } else {
        growing(claims, observation, group, known);
    }
    vintages.since.extend(known.pop().map(|present| present.realtime_start));
}

/// Claims only come in: the best of those so far is the better of the last best and the new one, once
/// for the case that all agree and once for the case that they do not.
fn growing(claims: &Claims, observation: u32, group: &[Standing], vintages: &mut Vec<Earlier>) {
    let mut known = Known::default();
    for (index, standing) in group.iter().enumerate() {
        known.add(standing);
        let day_ends = group.get(index + 1).is_none_or(|next| next.published != standing.published);
        if day_ends {
            known.tell(claims, observation, standing.published, vintages);
        }
    }
}

/// Claims come in and go out: what is known is found anew for each day on which it may change.
fn with_superseded(claims: &Claims, observation: u32, group: &[Standing], vintages: &mut Vec<Earlier>) {
    let mut days: Vec<NaiveDate> =
        group.iter().flat_map(|standing| [Some(standing.published), standing.until]).flatten().collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        let mut known = Known::default();
        let counts = |standing: &&Standing| {
            standing.published <= day && standing.until.is_none_or(|until| day < until)
        };
        group.iter().filter(counts).for_each(|standing| known.add(standing));
        known.tell(claims, observation, day, vintages);
    }
}

/// What the claims so far say.
#[derive(Default)]
struct Known {
    best_where_all_agree: Option<Standing>,
    best_where_some_differ: Option<Standing>,
    common: Option<Interval>,
}

impl Known {
    fn add(&mut self, standing: &Standing) {
        self.common = match self.best_where_all_agree {
            None => Some(standing.interval),
            Some(_) => self.common.and_then(|common| intersection(&common, &standing.interval)),
        };
        for (best, all_agree) in
            [(&mut self.best_where_all_agree, true), (&mut self.best_where_some_differ, false)]
        {
            if best.is_none_or(|best| weigh(standing, &best, all_agree).0.is_lt()) {
                *best = Some(*standing);
            }
        }
    }

    /// Opens a vintage on `day` where what is known differs from the one open since before, if any.
    fn tell(&self, claims: &Claims, observation: u32, day: NaiveDate, vintages: &mut Vec<Earlier>) {
        let best =
            if self.common.is_some() { self.best_where_all_agree } else { self.best_where_some_differ };
        let Some(best) = best else { return };
        let vintage = vintage(claims, observation, &best, self.common.unwrap_or(best.interval), day);
        // One claim speaks of one observation: the same best claim is the same observation's.
        let same = vintages.last().is_some_and(|open| {
            open.best_claim == vintage.best_claim && open.interval() == vintage.interval()
        });
        if !same {
            vintages.push(vintage);
        }
    }
}

fn vintage(
    claims: &Claims,
    observation: u32,
    best: &Standing,
    interval: Interval,
    day: NaiveDate,
) -> Earlier {
    let Interval { lower, lower_open, upper, upper_open } = interval;
    Earlier {
        value: claims.figure.value[best.claim as usize],
        lower,
        upper,
        observation,
        best_claim: best.claim,
        realtime_start: day,
        comparator: claims.figure.comparator[best.claim as usize],
        lower_open,
        upper_open,
    }
}
