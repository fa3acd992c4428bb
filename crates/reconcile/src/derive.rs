//! Values that follow from stated ones: a growth with one level implies the other level, two levels a
//! year apart imply a growth.
//!
//! A forecast growth over an actual level implies a forecast of the later one. One step only: nothing is
//! derived from what is derived. Levels are taken in the indicator's own unit, for growth is the percent
//! change of that. A derived value stands in a row of its own, carries the best claims it follows from
//! and those that set a bound, and is rounded to 12 significant digits.

use std::ops::Range;

use model::claim::{ClaimKind, Measure};
use model::facts::Facts;
use model::figure::Comparator;
use model::observation::{Formula, Interval, Observation};
use model::period::{Period, Role};
use model::unit::Unit;
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::interval::{increasing, is_bounded, product, quotient, rounded, to_twelve_digits};
use crate::observe::{Stated, interval_of};
use crate::series::{Series, at_period, order};

/// Adds what follows from the stated observations, each in its place; `witness` holds the witness of
/// each source.
pub(crate) fn derive(facts: &Facts, stated: Stated, witness: &[u32]) -> Stated {
    let derivation = Derivation { facts, stated: &stated };
    let observations = stated.observations.as_slice();
    let mut derived: Vec<Derived> = observations
        .par_chunk_by(|a, b| Series::of(a) == Series::of(b))
        .flat_map_iter(|series| derivation.of_series(series))
        .collect();
    if derived.is_empty() {
        return stated;
    }
    let inputs = |of: &Derived| of.observation.formula.map(|formula| formula.inputs());
    derived.par_sort_unstable_by(|a, b| {
        order(&a.observation, &b.observation)
            .then_with(|| inputs(a).cmp(&inputs(b)))
            .then_with(|| a.observation.formula.cmp(&b.observation.formula))
    });
    merge(facts, stated, derived, witness)
}

/// A derived observation with the claims it rests on; its formula counts stated observations only.
#[derive(Debug)]
struct Derived {
    observation: Observation,
    claims: [u32; 6],
    claim_count: usize,
}

struct Derivation<'a> {
    facts: &'a Facts,
    stated: &'a Stated,
}

impl Derivation<'_> {
    fn of_series(&self, series: &[Observation]) -> Vec<Derived> {
        let Some(first) = series.first() else { return Vec::new() };
        let unit = self.facts.indicators[first.indicator as usize].unit;
        match first.measure {
            Measure::Level if first.unit == unit => self.growths(series),
            Measure::Growth if first.unit == Unit::PERCENT => {
                let levels = Series { measure: Measure::Level, unit, ..Series::of(first) };
                let actual = Series { kind: ClaimKind::Actual, ..levels };
                let [levels, actual] = [levels, actual].map(|of| of.range(&self.stated.observations));
                self.levels(series, levels, actual)
            }
            Measure::Level | Measure::Growth | Measure::Change => Vec::new(),
        }
    }

    /// The growths between levels of one series that lie a year apart.
    fn growths(&self, levels: &[Observation]) -> Vec<Derived> {
        let start = self.index_of(&levels[0]);
        let mut derived = Vec::new();
        for (position, level) in levels.iter().enumerate() {
            if !matches!(level.period.role, Role::During | Role::AsOf) {
                continue;
            }
            let Some(earlier) = level.period.shifted_by_years(-1) else { continue };
            for base in at_period(&levels[..position], &earlier) {
                let formula =
                    Formula::GrowthFromLevels { level: start + position as u32, base: start + base as u32 };
                derived.extend(self.growth_from_levels(level, &levels[base], formula));
            }
        }
        derived
    }

    fn growth_from_levels(
        &self,
        level: &Observation,
        base: &Observation,
        formula: Formula,
    ) -> Option<Derived> {
        let percent = |ratio: f64| (ratio - 1.0) * 100.0;
        let interval = increasing(&quotient(&level.interval, &base.interval)?, percent);
        let growth = Observation {
            measure: Measure::Growth,
            unit: Unit::PERCENT,
            base_period: Some(base.period),
            ..level.clone()
        };
        self.derived(growth, percent(level.value / base.value), interval, formula)
    }

    /// The levels that the growths of one series imply with the stated levels of their kind at `levels`,
    /// or over the actual ones at `actual`: a forecast grows from what is known, where it is.
    fn levels(&self, growths: &[Observation], levels: Range<usize>, actual: Range<usize>) -> Vec<Derived> {
        let mut derived = Vec::new();
        if levels.is_empty() && actual.is_empty() {
            return derived;
        }
        let stated = &self.stated.observations;
        let at = |range: &Range<usize>, period: &Period| {
            let position = at_period(&stated[range.clone()], period).next();
            position.map(|position| (range.start + position) as u32)
        };
        let first_growth = self.index_of(&growths[0]);
        for (growth, growth_index) in growths.iter().zip(first_growth..) {
            let Some(base_period) = growth.base_period else { continue };
            let base_period = Period { role: growth.period.role, ..base_period };
            if let Some(level) = at(&levels, &growth.period) {
                let formula = Formula::BaseFromGrowth { level, growth: growth_index };
                derived.extend(self.base_from_growth(&stated[level as usize], growth, base_period, formula));
            }
            if let Some(base) = at(&actual, &base_period).or_else(|| at(&levels, &base_period)) {
                let formula = Formula::LevelFromGrowth { base, growth: growth_index };
                derived.extend(self.level_from_growth(&stated[base as usize], growth, formula));
            }
        }
        derived
    }

    fn base_from_growth(
        &self,
        level: &Observation,
        growth: &Observation,
        period: Period,
        formula: Formula,
    ) -> Option<Derived> {
        let interval = quotient(&level.interval, &self.factor(growth))?;
        let base = Observation { period, ..level.clone() };
        self.derived(base, level.value / (1.0 + growth.value / 100.0), interval, formula)
    }

    fn level_from_growth(
        &self,
        base: &Observation,
        growth: &Observation,
        formula: Formula,
    ) -> Option<Derived> {
        let factor = self.factor(growth);
        if factor.lower < 0.0 {
            return None;
        }
        let level = Observation { period: growth.period, kind: growth.kind, ..base.clone() };
        let value = base.value * (1.0 + growth.value / 100.0);
        self.derived(level, value, product(&base.interval, &factor), formula)
    }

    /// 1 + growth / 100. Of what cannot be negative it is not negative either.
    fn factor(&self, growth: &Observation) -> Interval {
        let factor = increasing(&growth.interval, |percent| 1.0 + percent / 100.0);
        let minimum = self.facts.indicators[growth.indicator as usize].minimum;
        if factor.lower < 0.0 && minimum.is_some_and(|minimum| minimum >= Decimal::ZERO) {
            return Interval { lower: 0.0, lower_open: false, ..factor };
        }
        factor
    }

    /// The row of a derived value, or `None` where no bound of it is known. `template` gives all but
    /// the figure and what it rests on.
    fn derived(
        &self,
        template: Observation,
        value: f64,
        interval: Interval,
        formula: Formula,
    ) -> Option<Derived> {
        if !is_bounded(&interval) {
            return None;
        }
        let inputs = formula.inputs().map(|index| &self.stated.observations[index as usize]);
        let mut claims = [0; 6];
        let mut claim_count = 0;
        for claim in inputs.iter().flat_map(|input| self.supporting(input)).flatten() {
            if !claims[..claim_count].contains(&claim) {
                claims[claim_count] = claim;
                claim_count += 1;
            }
        }
        let value = if value.is_finite() { to_twelve_digits(value) } else { f64::NAN };
        let interval = rounded(&interval);
        let observation = Observation {
            comparator: comparator(value, &interval, inputs),
            value,
            interval,
            conflict: false,
            best_claim: None,
            reason: None,
            formula: Some(formula),
            ..template
        };
        Some(Derived { observation, claims, claim_count })
    }

    /// The best claim of an observation, and those that set its bounds where the best does not.
    fn supporting(&self, observation: &Observation) -> [Option<u32>; 3] {
        let range = observation.claims.start as usize..observation.claims.end as usize;
        let members = &self.stated.members[range];
        let interval = &observation.interval;
        let bound = |sets: &dyn Fn(&Interval) -> bool| {
            let setting =
                members.iter().find(|&&claim| sets(&interval_of(&self.facts.claims, claim as usize)));
            setting.copied()
        };
        if members.len() == 1 {
            return [observation.best_claim, None, None];
        }
        let lower = bound(&|of| of.lower == interval.lower && of.lower_open == interval.lower_open);
        let upper = bound(&|of| of.upper == interval.upper && of.upper_open == interval.upper_open);
        [observation.best_claim, lower, upper]
    }

    /// The index of a stated observation, by its place in memory.
    fn index_of(&self, observation: &Observation) -> u32 {
        let series = Series::of(observation).range(&self.stated.observations);
        series.start as u32
    }
}

/// The hedge that a derived value's bounds and inputs leave: without a bound on one side, or with the
/// number itself as a bound, it is "more than" or "less than"; otherwise an input that is not plainly
/// stated makes it "about".
fn comparator(value: f64, interval: &Interval, inputs: [&Observation; 2]) -> Comparator {
    match (interval.lower.is_finite(), interval.upper.is_finite()) {
        (true, false) if interval.lower_open => Comparator::Greater,
        (true, false) => Comparator::GreaterOrEqual,
        (false, true) if interval.upper_open => Comparator::Less,
        (false, true) => Comparator::LessOrEqual,
        _ if value.is_nan() => Comparator::Range,
        _ if inputs.iter().all(|input| input.comparator == Comparator::Equal) => Comparator::Equal,
        _ if value <= interval.lower && interval.lower_open => Comparator::Greater,
        _ if value >= interval.upper && interval.upper_open => Comparator::Less,
        _ => Comparator::About,
    }
}

/// Puts derived observations among the stated ones, both in order, and mends every index. It works from
/// the end, so that the stated ones move once and within their own memory.
fn merge(facts: &Facts, stated: Stated, mut derived: Vec<Derived>, witness: &[u32]) -> Stated {
    let Stated { mut observations, mut members, mut conflicts, mut vintages } = stated;
    let mut next_stated = observations.len();
    let mut place: Vec<u32> = (0..next_stated as u32).collect();
    observations.reserve_exact(derived.len());
    observations.extend(derived.iter().map(|next| next.observation.clone()));
    let mut next_place = observations.len();
    while let Some(last) = derived.last() {
        next_place -= 1;
        let stated_after =
            next_stated > 0 && order(&observations[next_stated - 1], &last.observation).is_gt();
        if stated_after {
            next_stated -= 1;
            observations.swap(next_stated, next_place);
            place[next_stated] = next_place as u32;
        } else if let Some(last) = derived.pop() {
            observations[next_place] = settle(facts, last, &mut members, witness);
        }
    }
    observations.par_iter_mut().for_each(|observation| {
        observation.formula = observation.formula.map(|formula| replaced(formula, &place));
    });
    conflicts.par_iter_mut().for_each(|conflict| {
        conflict.observation = place[conflict.observation as usize];
    });
    vintages.par_iter_mut().for_each(|vintage| {
        vintage.observation = place[vintage.observation as usize];
    });
    Stated { observations, members, conflicts, vintages }
}

/// A derived observation with its claims among the members.
fn settle(facts: &Facts, derived: Derived, members: &mut Vec<u32>, witness: &[u32]) -> Observation {
    let claims = &derived.claims[..derived.claim_count];
    let start = members.len() as u32;
    members.extend_from_slice(claims);
    let mut witnesses: Vec<u32> =
        claims.iter().map(|&claim| witness[facts.claims.source[claim as usize] as usize]).collect();
    witnesses.sort_unstable();
    witnesses.dedup();
    Observation {
        claims: start..members.len() as u32,
        witnesses: witnesses.len() as u32,
        ..derived.observation
    }
}

/// The formula with the final places of its inputs.
fn replaced(formula: Formula, place: &[u32]) -> Formula {
    let at = |index: u32| place[index as usize];
    match formula {
        Formula::BaseFromGrowth { level, growth } => {
            Formula::BaseFromGrowth { level: at(level), growth: at(growth) }
        }
        Formula::LevelFromGrowth { base, growth } => {
            Formula::LevelFromGrowth { base: at(base), growth: at(growth) }
        }
        Formula::GrowthFromLevels { level, base } => {
            Formula::GrowthFromLevels { level: at(level), base: at(base) }
        }
    }
}
