//! From the rows of all sheets to one set of facts: each list sorted by its key, ids unique, every
//! reference to another row naming one.

mod by_id;

use std::collections::{BTreeMap, BTreeSet};

use model::cell::{CellRef, SheetName};
use model::claim::Claims;
use model::commitment::{Commitment, Event};
use model::facts::{Facts, Rate};
use model::finding::{Finding, Location, Severity};
use rayon::prelude::*;

use crate::codelists::{Codelists, ORPHAN};
use crate::nearest::nearest;

/// Everything that was read, in any order.
#[derive(Debug, Default)]
pub struct Parts {
    /// Every sheet that was read.
    pub sheets: Vec<SheetName>,
    /// Claims of all batches.
    pub claims: Claims,
    /// Commitments.
    pub commitments: Vec<Commitment>,
    /// Their steps.
    pub events: Vec<Event>,
    /// Exchange rates.
    pub rates: Vec<Rate>,
}

/// Sorts and checks what was read. Every row with an id that another row has too is refused: which
/// of them is meant cannot be known.
pub fn assemble(mut parts: Parts, codelists: Codelists, refused: &Refused) -> (Facts, Vec<Finding>) {
    if let Some(order) = by_id::order(&parts.claims) {
        parts.claims.select(&order);
    }
    let mut facts = Facts {
        sheets: parts.sheets,
        places: codelists.places.all().to_vec(),
        sources: codelists.sources,
        indicators: codelists.indicators,
        claims: parts.claims,
        commitments: parts.commitments,
        events: parts.events,
        rates: parts.rates,
    };
    facts.commitments.sort_by(|a, b| (&a.commitment_id, a.cell).cmp(&(&b.commitment_id, b.cell)));
    facts.events.sort_by(|a, b| {
        (&a.commitment_id, a.on, a.status, a.source, a.cell).cmp(&(
            &b.commitment_id,
            b.on,
            b.status,
            b.source,
            b.cell,
        ))
    });
    facts.rates.sort_by(|a, b| (&a.currency, a.period, a.cell).cmp(&(&b.currency, b.period, b.cell)));
    let findings = check(&facts, refused);
    (facts, findings)
}

/// Where the rows stand that errors refused, by table and id: what refers to one of them names a row that
/// is there, and cannot be used.
#[derive(Debug, Default)]
pub struct Refused(BTreeMap<&'static str, BTreeMap<String, Location>>);

impl Refused {
    /// The rows that errors among these findings speak of; of several errors in one row, the first.
    pub fn of(findings: &[Finding]) -> Self {
        let mut refused = Self::default();
        for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
            let Some(location) = finding.location.as_ref().filter(|_| !finding.id.is_empty()) else {
                continue;
            };
            let rows = refused.0.entry(finding.table).or_default();
            rows.entry(finding.id.clone()).or_insert_with(|| location.clone());
        }
        refused
    }

    fn find(&self, table: &str, id: &str) -> Option<&Location> {
        self.0.get(table)?.get(id)
    }
}

/// What is wrong between the rows of facts that are sorted, of which some were refused.
pub fn check(facts: &Facts, refused: &Refused) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_claim_ids(facts, &mut findings);
    check_ids(facts, &mut findings);
    check_rates(facts, &mut findings);
    check_references(facts, refused, &mut findings);
    findings
}

/// Takes out the rows that an error speaks of, of several with one id all, and gives their places and ids.
pub fn set_aside(facts: &mut Facts, findings: &[Finding]) -> Vec<(Location, String)> {
    let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
    let cells: BTreeSet<&Location> = errors().filter_map(|finding| finding.location.as_ref()).collect();
    let ids: BTreeSet<(&str, &str)> = errors()
        .filter(|finding| finding.code == DUPLICATE)
        .map(|finding| (finding.table, finding.id.as_str()))
        .collect();
    let mut removed = Vec::new();
    if cells.is_empty() {
        return removed;
    }
    let places = Facts { sheets: std::mem::take(&mut facts.sheets), ..Facts::default() };
    let mut keeps = |table: &str, id: &str, cell: CellRef| {
        let location = places.locate(cell);
        let is_kept = !cells.contains(&location) && !ids.contains(&(table, id));
        if !is_kept {
            removed.push((location, id.to_owned()));
        }
        is_kept
    };
    facts.sources.retain(|row| keeps("sources", &row.source_id, row.cell));
    facts.indicators.retain(|row| keeps("indicators", &row.indicator, row.cell));
    facts.commitments.retain(|row| keeps("commitments", &row.commitment_id, row.cell));
    facts.events.retain(|row| keeps("events", "", row.cell));
    facts.rates.retain(|row| keeps("rates", "", row.cell));
    let claims = &facts.claims;
    let is_kept =
        |&index: &u32| keeps("claims", claims.claim_id.get(index as usize), claims.cell[index as usize]);
    let kept: Vec<u32> = (0..claims.len() as u32).filter(is_kept).collect();
    if kept.len() < claims.len() {
        facts.claims.select(&kept);
    }
    facts.sheets = places.sheets;
    removed
}

/// The code of a row whose id another row has.
const DUPLICATE: &str = "duplicate-id";

fn check_claim_ids(facts: &Facts, findings: &mut Vec<Finding>) {
    let claims = &facts.claims;
    let id = |index: usize| claims.claim_id.get(index);
    let again = (1..claims.len()).into_par_iter().filter(|&index| id(index) == id(index - 1));
    findings.par_extend(
        again.map(|index| duplicate(facts, "claims", id(index), claims.cell[index - 1], claims.cell[index])),
    );
}

fn check_ids(facts: &Facts, findings: &mut Vec<Finding>) {
    let sources = facts.sources.iter().map(|source| (source.source_id.as_str(), source.cell));
    let indicators = facts.indicators.iter().map(|indicator| (indicator.indicator.as_str(), indicator.cell));
    let commitments =
        facts.commitments.iter().map(|commitment| (commitment.commitment_id.as_str(), commitment.cell));
    let tables: [(&'static str, Vec<(&str, CellRef)>); 3] = [
        ("sources", sources.collect()),
        ("indicators", indicators.collect()),
        ("commitments", commitments.collect()),
    ];
    for (table, rows) in tables {
        for pair in rows.windows(2) {
            if pair[0].0 == pair[1].0 {
                findings.push(duplicate(facts, table, pair[1].0, pair[0].1, pair[1].1));
            }
        }
    }
}

/// One currency has one rate for one period.
fn check_rates(facts: &Facts, findings: &mut Vec<Finding>) {
    for pair in facts.rates.windows(2) {
        let key = |rate: &Rate| (rate.currency.clone(), rate.period.start, rate.period.end);
        if key(&pair[0]) == key(&pair[1]) {
            let id = format!("{} {}", pair[1].currency, pair[1].period.label());
            findings.push(duplicate(facts, "rates", &id, pair[0].cell, pair[1].cell));
        }
    }
}

fn duplicate(facts: &Facts, table: &'static str, id: &str, first: CellRef, second: CellRef) -> Finding {
    let message = format!("the id `{id}` stands at {} too", facts.locate(first));
    Finding::new(DUPLICATE, Severity::Error, table, message)
        .id(id)
        .hint("give each row an id of its own")
        .at(facts.locate(second))
}

/// References between rows of one kind, which can be checked only when all are read.
fn check_references(facts: &Facts, refused: &Refused, findings: &mut Vec<Finding>) {
    let commitments: Vec<&str> = facts.commitments.iter().map(|row| row.commitment_id.as_str()).collect();
    let commitments = Named { table: "commitments", ids: || commitments.iter().copied(), refused };
    let is_known =
        |id: &str| facts.commitments.binary_search_by(|row| row.commitment_id.as_str().cmp(id)).is_ok();
    let mut check = |table: &'static str, id: &str, column: &str, reference: &str, cell: CellRef| {
        if !reference.is_empty() && (reference == id || !is_known(reference)) {
            findings.push(commitments.lacks(reference, table, id, column).at(facts.locate(cell)));
        }
    };
    for commitment in &facts.commitments {
        let id = &commitment.commitment_id;
        check("commitments", id, "parent", &commitment.parent, commitment.cell);
        check("commitments", id, "same_as", &commitment.same_as, commitment.cell);
    }
    for event in &facts.events {
        check("events", "", "commitment_id", &event.commitment_id, event.cell);
    }
    check_indicators(facts, refused, findings);
    check_superseded(facts, refused, findings);
}

fn check_indicators(facts: &Facts, refused: &Refused, findings: &mut Vec<Finding>) {
    let ids: Vec<&str> = facts.indicators.iter().map(|row| row.indicator.as_str()).collect();
    let indicators = Named { table: "indicators", ids: || ids.iter().copied(), refused };
    for row in &facts.indicators {
        for (column, reference) in [("mirror", &row.mirror), ("part_of", &row.part_of)] {
            if !reference.is_empty() && ids.binary_search(&reference.as_str()).is_err() {
                let finding = indicators.lacks(reference, "indicators", &row.indicator, column);
                findings.push(finding.at(facts.locate(row.cell)));
            }
        }
    }
}

fn check_superseded(facts: &Facts, refused: &Refused, findings: &mut Vec<Finding>) {
    let claims = &facts.claims;
    let named = Named { table: "claims", ids: || claims.claim_id.iter(), refused };
    for (index, superseded) in claims.supersedes.iter().enumerate() {
        if !superseded.is_empty() && claims.find(superseded).is_none() {
            let finding = named.lacks(superseded, "claims", claims.claim_id.get(index), "supersedes");
            findings.push(finding.at(facts.locate(claims.cell[index])));
        }
    }
}

/// The rows of a table that others name.
struct Named<'r, F> {
    table: &'static str,
    ids: F,
    refused: &'r Refused,
}

impl<'a, I: Iterator<Item = &'a str>, F: Fn() -> I> Named<'_, F> {
    /// The finding on a row of `table` whose `column` names a row that is not among these: it was refused,
    /// or nobody wrote it.
    fn lacks(&self, reference: &str, table: &'static str, id: &str, column: &str) -> Finding {
        let finding = |code, message| Finding::new(code, Severity::Error, table, message).id(id);
        if let Some(place) = self.refused.find(self.table, reference).filter(|_| reference != id) {
            let message = format!("the row `{reference}` that `{column}` names was refused, at {place}");
            return finding(ORPHAN, message).hint("mend that row first: this one may be right");
        }
        let others = (self.ids)().filter(|known| *known != id);
        let hint = nearest(reference, others).map_or_else(
            || "correct it, or add the row that it names".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        finding("unknown-reference", format!("`{reference}` in `{column}` names nothing")).hint(hint)
    }
}
