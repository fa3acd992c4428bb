//! Names that many rows share: codes of places, ids of series, labels of periods. They are spelt
//! once, and compared by rank instead of letter by letter.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::claim::ABSENT;
use model::column::Texts;
use model::facts::{Facts, Knowledge};
use model::observations::{Observations, Row};
use model::period::Period;
use rayon::prelude::*;

use super::distinct;

/// The names of a run, made once and lent to its tables.
pub struct Names {
    /// Codes of places, by place.
    pub(super) places: Texts,
    /// Distinct units of the series, ascending.
    pub(super) units: Texts,
    /// The unit of each series: an index into `units`.
    pub(super) unit_of: Vec<u32>,
    /// Distinct series ids, ascending.
    pub(super) series: Texts,
    /// The id of each series: an index into `series`.
    pub(super) series_of: Vec<u32>,
    /// Distinct periods, by label, then by their days.
    pub(super) periods: Vec<Period>,
    /// Their labels.
    pub(super) labels: Vec<String>,
    /// The place of each period of the observations: an index into `periods`.
    period_of: Vec<u32>,
    /// Every observation, in the order of the published key.
    pub(super) order: Arc<[u32]>,
    /// The ids of the claims of stated observations, which are the first of [`Observations::members`], [`PART`] by
    /// [`PART`]: tables of observations go along them, and each claim's id by itself would be looked up anywhere in
    /// memory, once for every table.
    members: Vec<Texts>,
}

impl Names {
    /// The names of what is known.
    pub fn new(facts: &Facts, knowledge: &Knowledge) -> Self {
        let observations = &knowledge.observations;
        let stated = observations.rows[..observations.stated()].par_iter();
        let members = stated.map(|row| row.claims.end as usize).max().unwrap_or(0);
        let (series, series_of) = ranked(observations.series.iter().map(|series| facts.series_id(series)));
        let (units, unit_of) = ranked(observations.series.iter().map(|series| series.unit.code()));
        let Periods { periods, labels, period_of } = Periods::of(&observations.periods);
        let mut names = Names {
            places: places(facts),
            units,
            unit_of,
            series,
            series_of,
            periods,
            labels,
            period_of,
            order: Arc::default(),
            members: Vec::new(),
        };
        let (members, order) =
            rayon::join(|| ids(facts, &observations.members[..members]), || names.ordered(observations));
        (names.members, names.order) = (members, order);
        names
    }

    /// Every observation by the published key: series, unit, period, role, base period, derived, formula. Series by
    /// series, and within each, for observations of one series stand together already.
    fn ordered(&self, observations: &Observations) -> Arc<[u32]> {
        let rows = &observations.rows;
        let mut runs: Vec<Range<u32>> = observations.runs().collect();
        let series = |index: u32| {
            let series = rows[index as usize].series as usize;
            (self.series_of[series], self.unit_of[series])
        };
        runs.sort_by_key(|run| series(run.start));
        let mut order: Vec<u32> = runs.into_iter().flatten().collect();
        order
            .par_chunk_by_mut(|&a, &b| series(a) == series(b))
            .for_each(|of_series| of_series.sort_by(|&a, &b| self.compare(observations, a, b)));
        order.into()
    }

    /// Two observations of one series and unit by the published key.
    fn compare(&self, observations: &Observations, a: u32, b: u32) -> Ordering {
        let [left, right] = [a, b].map(|index| &observations.rows[index as usize]);
        let base = |row: &Row| observations.base_period_of(row).map(Period::label);
        let role = |row: &Row| observations.period_of(row).role.as_str();
        let period = self.period(left.period).cmp(&self.period(right.period));
        period
            .then_with(|| role(left).cmp(role(right)))
            .then_with(|| base(left).cmp(&base(right)))
            .then_with(|| right.is_stated().cmp(&left.is_stated()))
            .then_with(|| self.formula(observations, left).cmp(&self.formula(observations, right)))
    }

    /// The observations in the order of the published key.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The place of a period of the observations among the distinct ones, [`ABSENT`] for [`ABSENT`].
    pub(super) fn period(&self, period: u32) -> u32 {
        self.period_of.get(period as usize).copied().unwrap_or(ABSENT)
    }

    /// The label of an observation's period.
    fn label(&self, row: &Row) -> &str {
        &self.labels[self.period(row.period) as usize]
    }

    /// The ids of an observation's claims, the best one of a stated value first.
    pub(super) fn claims<'n>(
        &'n self,
        observations: &'n Observations,
        row: &'n Row,
    ) -> impl Iterator<Item = &'n str> {
        let members = |of: &Row| of.claims.start as usize..of.claims.end as usize;
        // The claims of a derived value are claims of those that it follows from.
        let inputs = row.formula().map(|formula| formula.inputs());
        let places = inputs.map(|inputs| inputs.map(|input| members(&observations.rows[input as usize])));
        let stated = move |member: usize| {
            let is_same = |place: &usize| observations.members[*place] == observations.members[member];
            places.iter().flatten().flat_map(Range::clone).find(is_same)
        };
        members(row)
            .filter_map(move |member| if row.is_stated() { Some(member) } else { stated(member) })
            .map(|place| self.members[place / PART].get(place % PART))
    }

    /// The id of an observation's best claim, which is the first of its claims; a derived value has none.
    pub(super) fn best_claim(&self, row: &Row) -> Option<&str> {
        let place = row.claims.start as usize;
        row.is_stated().then(|| self.members[place / PART].get(place % PART))
    }

    /// How a derived value follows from other observations, by the labels of their periods: the
    /// level and the growth of one series. Empty for a stated value.
    pub fn formula(&self, observations: &Observations, row: &Row) -> String {
        let mut text = String::new();
        self.spell_formula(observations, row, &mut text);
        text
    }

    /// Appends the same.
    pub(super) fn spell_formula(&self, observations: &Observations, row: &Row, text: &mut String) {
        use model::observation::Formula;
        let label = |index: u32| self.label(&observations.rows[index as usize]);
        let pieces = match row.formula() {
            None => return,
            Some(Formula::BaseFromGrowth { level, growth }) => {
                ["level(", label(level), ") / (1 + growth(", label(growth), ") / 100)"]
            }
            Some(Formula::LevelFromGrowth { base, growth }) => {
                ["level(", label(base), ") * (1 + growth(", label(growth), ") / 100)"]
            }
            Some(Formula::GrowthFromLevels { level, base }) => {
                ["(level(", label(level), ") / level(", label(base), ") - 1) * 100"]
            }
        };
        pieces.iter().for_each(|piece| text.push_str(piece));
    }
}

/// Codes of places, by place.
pub(super) fn places(facts: &Facts) -> Texts {
    facts.places.iter().map(|place| &place.code).collect()
}

/// The ids of some claims, part by part.
fn ids(facts: &Facts, claims: &[u32]) -> Vec<Texts> {
    claims.par_chunks(PART).map(|part| facts.claims.claim_id.select(part)).collect()
}

/// Ids that one core looks up at a time.
const PART: usize = 1 << 16;

/// The distinct values, ascending, and for each value its place among them.
fn ranked<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> (Texts, Vec<u32>) {
    let (distinct, codes) = distinct(values);
    let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
    order.sort_unstable_by_key(|&code| distinct.get(code as usize));
    let rank = ranks(&order);
    (distinct.select(&order), codes.iter().map(|&code| rank[code as usize]).collect())
}

/// See the fields of the same names in [`Names`].
struct Periods {
    periods: Vec<Period>,
    labels: Vec<String>,
    period_of: Vec<u32>,
}

impl Periods {
    fn of(periods: &[Period]) -> Self {
        let mut seen = HashMap::with_hasher(FixedState::default());
        let mut distinct = Vec::new();
        let mut code = |period: &Period| {
            *seen.entry((period.start, period.end, period.academic)).or_insert_with(|| {
                distinct.push((period.label(), *period));
                distinct.len() as u32 - 1
            })
        };
        let codes: Vec<u32> = periods.iter().map(&mut code).collect();
        let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
        order.sort_by_key(|&code| {
            let (label, period) = &distinct[code as usize];
            (label, period.start, period.end)
        });
        let rank = ranks(&order);
        let (labels, periods) = order.iter().map(|&code| distinct[code as usize].clone()).unzip();
        Self { periods, labels, period_of: codes.iter().map(|&code| rank[code as usize]).collect() }
    }
}

/// For each code its place in `order`.
fn ranks(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (place, &code) in order.iter().enumerate() {
        rank[code as usize] = place as u32;
    }
    rank
}
