//! From the rows of all sheets to one set of facts: each list sorted by its key, ids unique, every
//! reference to another row naming one.

mod by_id;

use std::collections::{BTreeMap, BTreeSet};

use model::cell::{CellRef, SheetName};
use model::claim::Claims;
use model::commitment::{Commitment, Event};
use model::facts::{Facts, Rate};
use model::finding::{Finding, Location, Severity};

use crate::codelists::Codelists;
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
pub fn assemble(mut parts: Parts, codelists: Codelists) -> (Facts, Vec<Finding>) {
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
    let findings = check(&facts);
    (facts, findings)
}

/// What is wrong between the rows of facts that are sorted.
pub fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_claim_ids(facts, &mut findings);
    check_ids(facts, &mut findings);
    check_rates(facts, &mut findings);
    check_references(facts, &mut findings);
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
    for index in 1..claims.len() {
        let id = claims.claim_id.get(index);
        if id == claims.claim_id.get(index - 1) {
            findings.push(duplicate(facts, "claims", id, claims.cell[index - 1], claims.cell[index]));
        }
    }
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
fn check_references(facts: &Facts, findings: &mut Vec<Finding>) {
    let commitments: BTreeMap<&str, CellRef> = facts
        .commitments
        .iter()
        .map(|commitment| (commitment.commitment_id.as_str(), commitment.cell))
        .collect();
    let mut check = |table: &'static str, id: &str, column: &str, reference: &str, cell: CellRef| {
        if reference.is_empty() || commitments.contains_key(reference) && reference != id {
            return;
        }
        findings.push(dangling(facts, table, id, column, reference, cell, commitments.keys().copied()));
    };
    for commitment in &facts.commitments {
        let id = &commitment.commitment_id;
        check("commitments", id, "parent", &commitment.parent, commitment.cell);
        check("commitments", id, "same_as", &commitment.same_as, commitment.cell);
    }
    for event in &facts.events {
        check("events", "", "commitment_id", &event.commitment_id, event.cell);
    }
    let indicators: Vec<&str> =
        facts.indicators.iter().map(|indicator| indicator.indicator.as_str()).collect();
    for indicator in &facts.indicators {
        for (column, reference) in [("mirror", &indicator.mirror), ("part_of", &indicator.part_of)] {
            if !reference.is_empty() && indicators.binary_search(&reference.as_str()).is_err() {
                let known = indicators.iter().copied();
                findings.push(dangling(
                    facts,
                    "indicators",
                    &indicator.indicator,
                    column,
                    reference,
                    indicator.cell,
                    known,
                ));
            }
        }
    }
    check_superseded(facts, findings);
}

fn check_superseded(facts: &Facts, findings: &mut Vec<Finding>) {
    let claims = &facts.claims;
    for (index, superseded) in claims.supersedes.iter().enumerate() {
        if superseded.is_empty() {
            continue;
        }
        if claims.find(superseded).is_none() {
            let (id, cell) = (claims.claim_id.get(index), claims.cell[index]);
            findings.push(dangling(
                facts,
                "claims",
                id,
                "supersedes",
                superseded,
                cell,
                claims.claim_id.iter(),
            ));
        }
    }
}

fn dangling<'a>(
    facts: &Facts,
    table: &'static str,
    id: &str,
    column: &str,
    reference: &str,
    cell: CellRef,
    known: impl Iterator<Item = &'a str>,
) -> Finding {
    let others = known.filter(|known| *known != id);
    let hint = nearest(reference, others).map_or_else(
        || "correct it, or add the row that it names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Finding::new(
        "unknown-reference",
        Severity::Error,
        table,
        format!("`{reference}` in `{column}` names nothing"),
    )
    .id(id)
    .hint(hint)
    .at(facts.locate(cell))
}
