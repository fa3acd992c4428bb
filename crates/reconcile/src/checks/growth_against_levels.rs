//! A stated growth that disagrees with the stated levels it connects.
//!
//! The same disagreement shows as a derived base, a derived level and a derived growth; it is told once,
//! by the form that comes first in that order.

use std::ops::Range;

use model::finding::{Finding, Severity};
use model::observation::Formula;
use model::observations::{Observations, Row};
use model::period::Period;
use rayon::prelude::*;

use super::{Material, TOLD, tell};
use crate::interval::meet;
use crate::scaled::{in_full, in_short};
use crate::series::{at_period, stated_of};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let observations = &material.known.observations;
    let runs: Vec<Range<u32>> = observations.runs().collect();
    let runs = runs.into_par_iter().filter(|run| !observations.rows[run.start as usize].is_stated());
    let mut triples: Vec<Triple> = runs.flat_map_iter(|run| disagreeing(observations, run)).collect();
    triples.par_sort_unstable();
    triples.dedup_by_key(|triple| (triple.level, triple.base, triple.growth));
    tell(triples, TOLD, "growth-against-levels", "observations", |triple| finding(material, triple))
}

/// A growth with the two levels that it connects, and the disagreement among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Triple {
    level: u32,
    base: u32,
    growth: u32,
    form: Form,
    derived: u32,
    stated: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Base,
    Level,
    Growth,
}

impl Triple {
    fn new(formula: Formula, derived: u32, stated: u32) -> Self {
        let (level, base, growth, form) = match formula {
            Formula::BaseFromGrowth { level, growth } => (level, stated, growth, Form::Base),
            Formula::LevelFromGrowth { base, growth } => (stated, base, growth, Form::Level),
            Formula::GrowthFromLevels { level, base } => (level, base, stated, Form::Growth),
        };
        Self { level, base, growth, form, derived, stated }
    }
}

/// The derived observations of one series that disagree with the stated ones of the same key.
fn disagreeing(observations: &Observations, derived: Range<u32>) -> impl Iterator<Item = Triple> {
    let row = |index: u32| &observations.rows[index as usize];
    let base = |row: &Row| observations.base_period_of(row).map(Period::order);
    let stated = stated_of(observations, observations.series_of(row(derived.start)));
    derived.filter_map(move |derived| {
        let formula = row(derived).formula()?;
        let stated = at_period(observations, stated.clone(), observations.period_of(row(derived)))
            .find(|&stated| base(row(stated)) == base(row(derived)))?;
        let differs = !meet(&row(derived).interval(), &row(stated).interval());
        differs.then(|| Triple::new(formula, derived, stated))
    })
}

fn finding(material: &Material, triple: &Triple) -> Finding {
    let [level, base, growth, derived, stated] =
        [triple.level, triple.base, triple.growth, triple.derived, triple.stated]
            .map(|index| material.observation(index));
    let factor = in_full(1.0 + growth.value / 100.0);
    let (result, told) = (in_short(derived.value), in_full(stated.value));
    let arithmetic = match triple.form {
        Form::Base => format!("{} / {factor} = {result}, stated {told}", in_full(level.value)),
        Form::Level => format!("{} * {factor} = {result}, stated {told}", in_full(base.value)),
        Form::Growth => format!(
            "({} / {} - 1) * 100 = {result} %, stated {told} %",
            in_full(level.value),
            in_full(base.value)
        ),
    };
    let message = format!(
        "{}: the growth stated for {} and the levels of {} and {} do not fit together",
        material.facts.series_id(&level.series),
        growth.period.label(),
        base.period.label(),
        level.period.label(),
    );
    material
        .on_observation("growth-against-levels", Severity::Warning, &stated, message)
        .arithmetic(arithmetic)
        .claims(material.best_claims(&[&level, &growth, &base]))
        .hint("one of the three is rounded, revised or of another coverage: note which, or deprecate it")
}
