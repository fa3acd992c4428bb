//! From the claims of each group to one observation: its best claim and why, its interval, witnesses,
//! conflicts, and the values it had as publications came in.
//!
//! Groups are independent, so parts of them run on all cores; a group of one claim, the usual case,
//! costs a few copies and no allocation.

use std::cmp::Ordering;
use std::ops::Range;

use chrono::NaiveDate;
use model::claim::{Claims, Rank};
use model::facts::Facts;
use model::observation::{Conflict, Interval, Reason};
use model::observations::{Basis, Observations, Row};
use model::vintages::{Earlier, Vintages};
use rayon::prelude::*;

use crate::Settings;
use crate::conflict;
use crate::group::Grouped;
use crate::interval::{intersection, width};
use crate::supersede::Superseded;
use crate::vintage;

/// Claims in a part that one core takes at a time.
const PART: usize = 1 << 15;

/// The stated observations by series and period, with what belongs to each.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    pub(crate) observations: Observations,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) vintages: Vintages,
}

/// All observations that claims state; `witness` gives the witness of each source.
pub(crate) fn observe(facts: &Facts, settings: &Settings, witness: &[u32]) -> Stated {
    let weights = Weights::new(facts, settings, witness);
    let grouped = Grouped::new(facts);
    let parts = grouped.parts(PART);
    let mut all = Stated::default();
    all.observations.periods.clone_from(&facts.claims.periods);
    // By waves, so that few parts lie in memory beside the whole; each wave in the memory of the one before.
    let mut wave: Vec<Stated> = Vec::new();
    for parts in parts.chunks(rayon::current_num_threads() * 4) {
        wave.resize_with(parts.len(), Stated::default);
        let each = wave.par_iter_mut().zip(parts);
        each.for_each(|(stated, part)| weights.observe_part(&grouped, part, stated));
        wave.iter_mut().for_each(|part| all.append(part));
    }
    all
}

impl Stated {
    /// Moves the observations of a part here. Its indices count from its own start, and so do its series.
    fn append(&mut self, part: &mut Stated) {
        let start = self.observations.len() as u32;
        let continues = self
            .observations
            .series
            .last()
            .is_some_and(|last| part.observations.series.first() == Some(last));
        let series = self.observations.series.len() as u32 - u32::from(continues);
        self.observations.series.extend(part.observations.series.drain(..).skip(usize::from(continues)));
        part.observations.rows.iter_mut().for_each(|row| row.series += series);
        self.observations.append(&mut part.observations);
        let conflicts = part.conflicts.drain(..);
        self.conflicts.extend(
            conflicts.map(|conflict| Conflict { observation: conflict.observation + start, ..conflict }),
        );
        let earlier = part.vintages.earlier.drain(..);
        let earlier = earlier.map(|one| Earlier { observation: one.observation + start, ..one });
        self.vintages.earlier.extend(earlier);
        self.vintages.since.append(&mut part.vintages.since);
    }
}

/// What weighs claims against each other, looked up by source.
pub(crate) struct Weights<'a> {
    claims: &'a Claims,
    published: Vec<NaiveDate>,
    authority: Vec<u8>,
    witness: &'a [u32],
    superseded: Superseded,
}

/// A claim of a group with all that its standing depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) claim: u32,
    pub(crate) interval: Interval,
    pub(crate) published: NaiveDate,
    /// The day from which it no longer counts.
    pub(crate) until: Option<NaiveDate>,
    rank: Rank,
    authority: u8,
}

impl<'a> Weights<'a> {
    fn new(facts: &'a Facts, settings: &Settings, witness: &'a [u32]) -> Self {
        Self {
            claims: &facts.claims,
            published: facts.sources.iter().map(|source| source.published_on).collect(),
            authority: facts.sources.iter().map(|source| settings.authority_of(source.kind)).collect(),
            witness,
            superseded: Superseded::among(facts),
        }
    }

    fn observe_part(&self, grouped: &Grouped, part: &[u128], stated: &mut Stated) {
        let mut standings = Vec::new();
        let mut witnesses = Vec::new();
        for series in grouped.series(part) {
            stated.observations.series.push(grouped.series_of(series[0]));
            let before = stated.observations.len();
            for group in grouped.groups(series) {
                standings.clear();
                standings.extend(group.iter().map(|&key| self.standing(grouped.claim(key))));
                self.observe_group(&mut standings, &mut witnesses, stated);
            }
            // All that was stated of it may be superseded.
            if stated.observations.len() == before {
                stated.observations.series.pop();
            }
        }
    }

    fn standing(&self, claim: u32) -> Standing {
        let index = claim as usize;
        let source = self.claims.source[index] as usize;
        Standing {
            claim,
            interval: interval_of(self.claims, index),
            published: self.published[source],
            until: if self.superseded.is_empty() { None } else { self.superseded.since(claim) },
            rank: self.claims.rank[index],
            authority: self.authority[source],
        }
    }

    /// Adds the observation of one group. Superseded claims count for its vintages only; where no other
    /// is left there is no observation.
    fn observe_group(&self, group: &mut [Standing], witnesses: &mut Vec<u32>, stated: &mut Stated) {
        let observation = stated.observations.len() as u32;
        let series = stated.observations.series.len() as u32 - 1;
        let current = settle(group);
        let Some(best) = current.first().copied() else { return };
        let members = &mut stated.observations.members;
        let start = members.len() as u32;
        members.extend(current.iter().map(|standing| standing.claim));
        let agreed = agreement(current);
        if agreed.is_none() {
            conflict::disagreements(observation, current, &mut stated.conflicts);
        }
        let reason = match current.get(1) {
            None => Reason::Only,
            Some(second) => weigh(&best, second, agreed.is_some()).1,
        };
        let state = State {
            claims: start..stated.observations.members.len() as u32,
            interval: agreed.unwrap_or(best.interval),
            conflict: agreed.is_none(),
            reason,
            witnesses: self.count_witnesses(current, witnesses),
        };
        stated.observations.rows.push(self.row(series, best.claim as usize, state));
        vintage::history(self.claims, observation, group, &mut stated.vintages);
    }

    /// How many witnesses stand behind the claims; `scratch` is reused between groups.
    fn count_witnesses(&self, group: &[Standing], scratch: &mut Vec<u32>) -> u32 {
        if group.len() == 1 {
            return 1;
        }
        scratch.clear();
        scratch.extend(
            group.iter().map(|standing| self.witness[self.claims.source[standing.claim as usize] as usize]),
        );
        scratch.sort_unstable();
        scratch.dedup();
        scratch.len() as u32
    }

    fn row(&self, series: u32, best: usize, state: State) -> Row {
        let claims = self.claims;
        let Interval { lower, lower_open, upper, upper_open } = state.interval;
        Row {
            value: claims.figure.value[best],
            lower,
            upper,
            series,
            period: claims.period[best],
            base_period: claims.base_period[best],
            claims: state.claims,
            witnesses: state.witnesses,
            basis: Basis::Stated(state.reason),
            comparator: claims.figure.comparator[best],
            lower_open,
            upper_open,
            conflict: state.conflict,
        }
    }
}

/// What the claims of a group make of their observation.
struct State {
    claims: Range<u32>,
    interval: Interval,
    conflict: bool,
    reason: Reason,
    witnesses: u32,
}

/// Puts the claims that count today first, best first, and gives them.
fn settle(group: &mut [Standing]) -> &[Standing] {
    let mut counting = 0;
    for index in 0..group.len() {
        if group[index].until.is_none() {
            group.swap(index, counting);
            counting += 1;
        }
    }
    let current = &mut group[..counting];
    if current.len() > 1 {
        let agree = agreement(current).is_some();
        current.sort_unstable_by(|a, b| weigh(a, b, agree).0);
    }
    current
}

/// The intersection of all intervals, or `None` where it is empty.
fn agreement(group: &[Standing]) -> Option<Interval> {
    let (first, others) = group.split_first()?;
    others.iter().try_fold(first.interval, |common, standing| intersection(&common, &standing.interval))
}

/// How one thing about two claims orders them.
type Step = fn(&Standing, &Standing) -> Ordering;

/// Which of two claims stands before the other, and the step that decides it. Where all claims of the
/// observation agree, authority has no say: the narrower interval tells more of the same thing.
pub(crate) fn weigh(a: &Standing, b: &Standing, all_agree: bool) -> (Ordering, Reason) {
    const STEPS: [(Reason, Step); 5] = [
        (Reason::Rank, |a, b| a.rank.cmp(&b.rank)),
        (Reason::Authority, |a, b| a.authority.cmp(&b.authority)),
        (Reason::Interval, |a, b| narrower(&a.interval, &b.interval)),
        (Reason::Published, |a, b| b.published.cmp(&a.published)),
        (Reason::Id, |a, b| a.claim.cmp(&b.claim)),
    ];
    let asked = STEPS.iter().filter(|(reason, _)| !(all_agree && *reason == Reason::Authority));
    let mut orders = asked.map(|&(reason, order)| (order(a, b), reason));
    orders.find(|(order, _)| order.is_ne()).unwrap_or((Ordering::Equal, Reason::Id))
}

/// Orders intervals by how much they leave open. Bounded ones come first, by width; then those with one
/// bound, lower bounds before upper ones, the bound that allows less first; then those with none. Among
/// equals an excluded end is narrower than an included one.
fn narrower(a: &Interval, b: &Interval) -> Ordering {
    let breadth = |interval: &Interval| match (interval.lower.is_finite(), interval.upper.is_finite()) {
        (true, true) => (0, width(interval)),
        (true, false) => (1, -interval.lower),
        (false, true) => (2, interval.upper),
        (false, false) => (3, 0.0),
    };
    let ends = |interval: &Interval| 2 - u8::from(interval.lower_open) - u8::from(interval.upper_open);
    let ((class_a, width_a), (class_b, width_b)) = (breadth(a), breadth(b));
    class_a.cmp(&class_b).then(width_a.total_cmp(&width_b)).then(ends(a).cmp(&ends(b)))
}

/// The interval of a claim.
pub(crate) fn interval_of(claims: &Claims, claim: usize) -> Interval {
    let figure = &claims.figure;
    Interval {
        lower: figure.lower[claim],
        lower_open: figure.lower_open[claim],
        upper: figure.upper[claim],
        upper_open: figure.upper_open[claim],
    }
}

#[cfg(test)]
mod tests {
    use model::claim::{ClaimKind, Measure};
    use model::observation::Series;
    use model::place::PlaceId;
    use model::unit::Unit;

    use super::*;

    /// A part with an observation of each of these series, by indicator, and an earlier value of its first.
    fn part(indicators: &[u32]) -> Stated {
        let mut part = Stated::default();
        for &indicator in indicators {
            let series = Series {
                indicator,
                measure: Measure::Level,
                reporter: PlaceId(0),
                partner: None,
                unit: Unit::COUNT,
                kind: ClaimKind::Actual,
            };
            let claim = part.observations.members.len() as u32;
            part.observations.members.push(indicator);
            part.observations.series.push(series);
            part.observations.rows.push(Row {
                value: 1.0,
                lower: 1.0,
                upper: 1.0,
                series: claim,
                period: 0,
                base_period: model::claim::ABSENT,
                claims: claim..claim + 1,
                witnesses: 1,
                basis: Basis::Stated(Reason::Only),
                comparator: model::figure::Comparator::Equal,
                lower_open: false,
                upper_open: false,
                conflict: false,
            });
            part.vintages.since.push(NaiveDate::default());
        }
        part.conflicts.push(Conflict { observation: 0, claim_a: 0, claim_b: 1, gap: 1.0, gap_percent: 1.0 });
        part.vintages.earlier.push(Earlier {
            value: 1.0,
            lower: 1.0,
            upper: 1.0,
            observation: 0,
            best_claim: 0,
            realtime_start: NaiveDate::default(),
            comparator: model::figure::Comparator::Equal,
            lower_open: false,
            upper_open: false,
        });
        part
    }

    #[test]
    fn a_series_may_go_on_in_the_next_part() {
        let mut all = Stated::default();
        for indicators in [&[1, 2][..], &[2, 3], &[3], &[4]] {
            all.append(&mut part(indicators));
        }
        let observations = &all.observations;
        let distinct: Vec<u32> = observations.series.iter().map(|series| series.indicator).collect();
        assert_eq!(distinct, [1, 2, 3, 4]);
        let indicators = observations.rows.iter().map(|row| observations.series_of(row).indicator);
        assert_eq!(indicators.collect::<Vec<_>>(), [1, 2, 2, 3, 3, 4]);
        let claims = observations.rows.iter().map(|row| observations.claims_of(row)[0]);
        assert_eq!(claims.collect::<Vec<_>>(), [1, 2, 2, 3, 3, 4]);
        assert_eq!(
            all.conflicts.iter().map(|conflict| conflict.observation).collect::<Vec<_>>(),
            [0, 2, 4, 5]
        );
        let earlier = all.vintages.earlier.iter().map(|earlier| earlier.observation);
        assert_eq!(earlier.collect::<Vec<_>>(), [0, 2, 4, 5]);
        assert_eq!(all.vintages.len(), 10);
    }
}
