//! Names that many rows share: codes of places, ids of series, labels of periods. They are spelt
//! once, and compared by rank instead of letter by letter.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::claim::ABSENT;
use model::column::{Dictionary, Texts};
use model::facts::{Facts, Knowledge};
use model::observation::Observation;
use model::period::Period;
use model::unit::Unit;
use rayon::prelude::*;

/// The names of a run, made once and lent to its tables.
pub struct Names {
    /// Codes of places, by place.
    pub(super) places: Texts,
    /// Distinct units of the observations, ascending.
    pub(super) units: Texts,
    /// The unit of each observation: an index into `units`.
    pub(super) unit_of: Vec<u32>,
    /// Distinct series ids, ascending.
    pub(super) series: Texts,
    /// The series of each observation: an index into `series`.
    pub(super) series_of: Vec<u32>,
    /// Distinct periods and base periods of the observations, by label, then by their days.
    pub(super) periods: Vec<Period>,
    /// Their labels.
    pub(super) labels: Vec<String>,
    /// The period of each observation: an index into `periods`.
    pub(super) period_of: Vec<u32>,
    /// The base period of each observation, [`ABSENT`] where there is none.
    pub(super) base_of: Vec<u32>,
    /// Every observation, in the order of the published key.
    pub(super) order: Arc<[u32]>,
    /// The place of each observation in that order.
    pub(super) position: Vec<u32>,
    /// The ids of the claims of stated observations, which are the first of [`Knowledge::members`], [`PART`] by [`PART`]:
    /// tables of observations go along them, and each claim's id by itself would be looked up anywhere in memory, once
    /// for every table.
    members: Vec<Texts>,
}

impl Names {
    /// The names of what is known.
    pub fn new(facts: &Facts, knowledge: &Knowledge) -> Self {
        let observations = &knowledge.observations;
        let stated = observations.par_iter().filter(|observation| observation.formula.is_none());
        let stated = stated.map(|observation| observation.claims.end as usize).max().unwrap_or(0);
        let ids = || ids(facts, &knowledge.members[..stated]);
        let ((series, series_of), (periods, members)) =
            rayon::join(|| series(facts, observations), || rayon::join(|| periods(observations), ids));
        let (units, unit_of) = units(observations);
        let Periods { periods, labels, period_of, base_of } = periods;
        let mut names = Names {
            places: places(facts),
            units,
            unit_of,
            series,
            series_of,
            periods,
            labels,
            period_of,
            base_of,
            order: Arc::default(),
            position: vec![0; observations.len()],
            members,
        };
        let mut order: Vec<u32> = (0..observations.len() as u32).collect();
        let ordered = |&a: &u32, &b: &u32| names.compare(knowledge, a, b);
        if !order.par_windows(2).all(|pair| ordered(&pair[0], &pair[1]).is_le()) {
            order.par_sort_by(ordered);
        }
        for (position, &observation) in order.iter().enumerate() {
            names.position[observation as usize] = position as u32;
        }
        names.order = order.into();
        names
    }

    /// The label of an observation's period.
    pub(super) fn label(&self, observation: u32) -> &str {
        &self.labels[self.period_of[observation as usize] as usize]
    }

    /// Two observations by the published key: series, unit, period, role, base period, derived,
    /// formula.
    fn compare(&self, knowledge: &Knowledge, a: u32, b: u32) -> Ordering {
        let key = |index: u32| {
            let index = index as usize;
            (self.series_of[index], self.unit_of[index], self.period_of[index])
        };
        key(a).cmp(&key(b)).then_with(|| {
            let (left, right) = (&knowledge.observations[a as usize], &knowledge.observations[b as usize]);
            let base = |observation: &Observation| observation.base_period.map(|period| period.label());
            let role = left.period.role.as_str().cmp(right.period.role.as_str());
            role.then_with(|| base(left).cmp(&base(right)))
                .then_with(|| left.formula.is_some().cmp(&right.formula.is_some()))
                .then_with(|| self.formula(left).cmp(&self.formula(right)))
        })
    }

    /// The ids of an observation's claims, the best one of a stated value first.
    pub(super) fn claims<'n>(
        &'n self,
        knowledge: &'n Knowledge,
        observation: &'n Observation,
    ) -> impl Iterator<Item = &'n str> {
        let members = |of: &Observation| of.claims.start as usize..of.claims.end as usize;
        let is_stated = observation.formula.is_none();
        // The claims of a derived value are claims of those that it follows from.
        let inputs = observation.formula.map(|formula| formula.inputs());
        let places =
            inputs.map(|inputs| inputs.map(|input| members(&knowledge.observations[input as usize])));
        let stated = move |member: usize| {
            let is_same = |place: &usize| knowledge.members[*place] == knowledge.members[member];
            places.iter().flatten().flat_map(Range::clone).find(is_same)
        };
        members(observation)
            .filter_map(move |member| if is_stated { Some(member) } else { stated(member) })
            .map(|place| self.members[place / PART].get(place % PART))
    }

    /// The id of an observation's best claim, which is the first of its claims; a derived value has none.
    pub(super) fn best_claim<'n>(
        &'n self,
        knowledge: &'n Knowledge,
        observation: &'n Observation,
    ) -> Option<&'n str> {
        observation.best_claim.and_then(|_| self.claims(knowledge, observation).next())
    }

    /// How a derived value follows from other observations, by the labels of their periods: the
    /// level and the growth of one series. Empty for a stated value.
    pub fn formula(&self, observation: &Observation) -> String {
        let mut text = String::new();
        self.spell_formula(observation, &mut text);
        text
    }

    /// Appends the same.
    pub(super) fn spell_formula(&self, observation: &Observation, text: &mut String) {
        use model::observation::Formula;
        let pieces = match observation.formula {
            None => return,
            Some(Formula::BaseFromGrowth { level, growth }) => {
                ["level(", self.label(level), ") / (1 + growth(", self.label(growth), ") / 100)"]
            }
            Some(Formula::LevelFromGrowth { base, growth }) => {
                ["level(", self.label(base), ") * (1 + growth(", self.label(growth), ") / 100)"]
            }
            Some(Formula::GrowthFromLevels { level, base }) => {
                ["(level(", self.label(level), ") / level(", self.label(base), ") - 1) * 100"]
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

/// The distinct series ids, ascending, and the one of each observation.
fn series(facts: &Facts, observations: &[Observation]) -> (Texts, Vec<u32>) {
    let mut seen = HashMap::with_hasher(FixedState::default());
    let mut ids = Dictionary::default();
    // Observations of one series mostly follow each other.
    let mut last = None;
    let codes: Vec<u32> = observations
        .iter()
        .map(|observation| {
            let forecast = observation.kind == model::claim::ClaimKind::Forecast;
            let key = (
                observation.indicator,
                observation.reporter,
                observation.partner,
                observation.measure,
                forecast,
            );
            if let Some((of, code)) = last
                && of == key
            {
                return code;
            }
            let code = *seen.entry(key).or_insert_with(|| ids.code(&facts.series_id(observation)));
            last = Some((key, code));
            code
        })
        .collect();
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_by_key(|&code| ids.get(code));
    let rank = ranks(&order);
    (ids.values().select(&order), codes.iter().map(|&code| rank[code as usize]).collect())
}

/// The distinct units, ascending, and the one of each observation.
fn units(observations: &[Observation]) -> (Texts, Vec<u32>) {
    let mut distinct: Vec<Unit> = Vec::new();
    let mut codes: Vec<u32> = Vec::with_capacity(observations.len());
    for observation in observations {
        let place = distinct.iter().position(|&unit| unit == observation.unit);
        codes.push(place.unwrap_or(distinct.len()) as u32);
        if place.is_none() {
            distinct.push(observation.unit);
        }
    }
    let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
    order.sort_by_key(|&code| distinct[code as usize]);
    let rank = ranks(&order);
    let units = order.iter().map(|&code| distinct[code as usize].code()).collect();
    (units, codes.iter().map(|&code| rank[code as usize]).collect())
}

/// See the fields of the same names in [`Names`].
struct Periods {
    periods: Vec<Period>,
    labels: Vec<String>,
    period_of: Vec<u32>,
    base_of: Vec<u32>,
}

/// The distinct periods by label and days, their labels, and those of each observation.
fn periods(observations: &[Observation]) -> Periods {
    let mut seen = HashMap::with_hasher(FixedState::default());
    let mut distinct = Vec::new();
    let mut code = |period: &Period| {
        *seen.entry((period.start, period.end, period.academic)).or_insert_with(|| {
            distinct.push((period.label(), *period));
            distinct.len() as u32 - 1
        })
    };
    let mut period_of: Vec<u32> = observations.iter().map(|observation| code(&observation.period)).collect();
    let mut base_of: Vec<u32> = observations
        .iter()
        .map(|observation| observation.base_period.as_ref().map_or(ABSENT, &mut code))
        .collect();
    let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
    order.sort_by_key(|&code| {
        let (label, period) = &distinct[code as usize];
        (label, period.start, period.end)
    });
    let rank = ranks(&order);
    for code in period_of.iter_mut().chain(&mut base_of).filter(|code| **code != ABSENT) {
        *code = rank[*code as usize];
    }
    let (labels, periods) = order.iter().map(|&code| distinct[code as usize].clone()).unzip();
    Periods { periods, labels, period_of, base_of }
}

/// For each code its place in `order`.
fn ranks(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (place, &code) in order.iter().enumerate() {
        rank[code as usize] = place as u32;
    }
    rank
}
