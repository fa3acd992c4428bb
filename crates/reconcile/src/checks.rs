//! What the whole shows and no single row does: one check a file, each with its rule and its message.
//!
//! A check sees the facts and what is known, and gives findings; it changes neither. None is an error:
//! by now every row was taken, and the findings say what a person should look at.

mod amount_per_count;
mod announced_after_source;
mod bounds;
mod claims_conflict;
mod event_in_the_future;
mod falling_stock;
mod growth_against_levels;
mod mirror;
mod older_than_period;
mod parts;
mod power_of_ten;
mod promise_drifted;
mod promise_overdue;
mod self_contradiction;
mod target_met;

use std::ops::Range;

use chrono::NaiveDate;
use model::claim::Measure;
use model::facts::{Facts, Knowledge};
use model::finding::{Finding, Location, Severity};
use model::observation::{Observation, Series};
use model::observations::Observations;
use rayon::prelude::*;

use crate::observe::interval_of;
use crate::scaled::in_full;
use crate::words::{hedged, with_unit};

/// Findings of one code that are told one by one; of what is beyond only the number is told.
const TOLD: usize = 10_000;

/// The same for claims in conflict; the table of conflicts holds them all.
const CONFLICTS_TOLD: usize = 100_000;

/// Claims that one finding names; the tables name them all.
const NAMED: usize = 10;

/// All findings, in the order in which they are shown.
pub(crate) fn findings(facts: &Facts, known: &Knowledge, as_of: NaiveDate) -> Vec<Finding> {
    let checks: [fn(&Material) -> Vec<Finding>; 15] = [
        claims_conflict::check,
        growth_against_levels::check,
        falling_stock::check,
        parts::check,
        amount_per_count::check,
        announced_after_source::check,
        self_contradiction::check,
        bounds::check,
        power_of_ten::check,
        older_than_period::check,
        mirror::check,
        event_in_the_future::check,
        promise_drifted::check,
        promise_overdue::check,
        target_met::check,
    ];
    let material = Material { facts, known, as_of, stated: stated_series(&known.observations) };
    let mut findings: Vec<Finding> = checks.par_iter().flat_map_iter(|check| check(&material)).collect();
    findings.par_sort_unstable_by(|a, b| a.order().cmp(&b.order()));
    findings
}

/// Tells the first `most` of what a check found, and how many more there are: finding is cheap among
/// millions, telling is not.
fn tell<T: Sync>(
    mut found: Vec<T>,
    most: usize,
    code: &'static str,
    table: &'static str,
    finding: impl Fn(&T) -> Finding + Sync + Send,
) -> Vec<Finding> {
    let left_out = found.len().saturating_sub(most);
    found.truncate(most);
    let mut findings: Vec<Finding> = found.par_iter().map(finding).collect();
    if left_out > 0 {
        let message = format!("{left_out} more findings like the {most} of {code} that are told");
        findings.push(Finding::new("more-findings", Severity::Note, table, message).id(code));
    }
    findings
}

/// What a check looks at.
struct Material<'a> {
    facts: &'a Facts,
    known: &'a Knowledge,
    as_of: NaiveDate,
    /// The series of the stated observations, ascending, each with where those stand.
    stated: Vec<(&'a Series, Range<u32>)>,
}

fn stated_series(observations: &Observations) -> Vec<(&Series, Range<u32>)> {
    let first = |run: &Range<u32>| &observations.rows[run.start as usize];
    let stated = observations.runs().take_while(|run| first(run).is_stated());
    stated.map(|run| (observations.series_of(first(&run)), run)).collect()
}

impl<'a> Material<'a> {
    /// The observation at `index`.
    fn observation(&self, index: u32) -> Observation {
        self.known.observations.get(index)
    }

    /// Where the stated levels of each series stand.
    fn level_series(&self) -> impl ParallelIterator<Item = Range<u32>> {
        let levels = self.stated.par_iter().filter(|(series, _)| series.measure == Measure::Level);
        levels.map(|(_, range)| range.clone())
    }

    /// Where the stated levels of an indicator stand, each series by itself.
    fn levels_of(&self, indicator: u32) -> impl Iterator<Item = Range<u32>> {
        let start = self.stated.partition_point(|(series, _)| series.indicator < indicator);
        let of_it = self.stated[start..].iter().take_while(move |(series, _)| series.indicator == indicator);
        of_it.filter(|(series, _)| series.measure == Measure::Level).map(|(_, range)| range.clone())
    }

    /// `series_id:period_label`.
    fn id(&self, observation: &Observation) -> String {
        let mut id = self.facts.series_id(&observation.series);
        id.push(':');
        id.push_str(&observation.period.label());
        id
    }

    /// The id of a claim.
    fn claim_id(&self, claim: u32) -> &'a str {
        self.facts.claims.claim_id.get(claim as usize)
    }

    /// The ids of the first claims.
    fn claim_ids(&self, claims: impl IntoIterator<Item = u32>) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for claim in claims {
            let id = self.claim_id(claim);
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
            if ids.len() == NAMED {
                break;
            }
        }
        ids
    }

    /// The best claims of observations.
    fn best_claims(&self, observations: &[&Observation]) -> Vec<String> {
        self.claim_ids(observations.iter().filter_map(|observation| observation.best_claim))
    }

    /// The cell of a claim.
    fn claim_cell(&self, claim: u32) -> Location {
        self.facts.locate(self.facts.claims.cell[claim as usize])
    }

    /// A finding on an observation, at the cell of its best claim.
    fn on_observation(
        &self,
        code: &'static str,
        severity: Severity,
        observation: &Observation,
        message: String,
    ) -> Finding {
        let finding = Finding::new(code, severity, "observations", message).id(self.id(observation));
        match observation.best_claim {
            Some(claim) => finding.at(self.claim_cell(claim)),
            None => finding,
        }
    }

    /// What a claim states, with hedge and unit.
    fn stated(&self, claim: u32) -> String {
        let claims = &self.facts.claims;
        let index = claim as usize;
        let interval = interval_of(claims, index);
        let figure = hedged(claims.figure.comparator[index], in_full(claims.figure.value[index]), &interval);
        with_unit(figure, claims.unit_of(index).code())
    }
}
