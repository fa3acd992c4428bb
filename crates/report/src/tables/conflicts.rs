//! Claims that cannot both be true.

use std::borrow::Cow;
use std::sync::Arc;

use model::claim::ABSENT;
use model::facts::{Facts, Knowledge};
use model::observation::{Conflict, Reason};
use model::table::CONFLICTS;

use super::Names;
use crate::table::{Column, Table};

/// One row is a pair of claims.
pub fn conflicts<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    let claims = &facts.claims;
    let mut rows: Vec<&Conflict> = knowledge.conflicts.iter().collect();
    let id = |claim: u32| claims.claim_id.get(claim as usize);
    rows.sort_by_key(|conflict| {
        let observation = conflict.observation as usize;
        (
            names.series_of[observation],
            names.period_of[observation],
            id(conflict.claim_a),
            id(conflict.claim_b),
        )
    });
    let rows: Arc<[&Conflict]> = rows.into();
    let at = || {
        let rows = rows.clone();
        move |row: usize| rows[row]
    };
    let observation = || {
        let at = at();
        move |row: usize| at(row).observation as usize
    };
    let number = |value: fn(&Facts, &Conflict) -> f64| {
        let at = at();
        Column::number(move |row| value(facts, at(row)))
    };
    let best = |observation: usize| &knowledge.observations[observation];
    let claim_id =
        |claim: fn(&Conflict) -> u32| Column::text(rows.iter().map(|conflict| id(claim(conflict))));
    let (series, period, deciding) = (observation(), observation(), observation());
    Table {
        schema: &CONFLICTS,
        rows: rows.len(),
        part: None,
        columns: vec![
            Column::coded(move |row| names.series_of[series(row)], Cow::Borrowed(&names.series)),
            Column::coded(
                move |row| names.period_of.get(period(row)).copied().unwrap_or(ABSENT),
                Cow::Owned(names.labels.iter().collect()),
            ),
            claim_id(|conflict| conflict.claim_a),
            claim_id(|conflict| conflict.claim_b),
            number(|facts, conflict| facts.claims.figure.lower[conflict.claim_a as usize]),
            number(|facts, conflict| facts.claims.figure.upper[conflict.claim_a as usize]),
            number(|facts, conflict| facts.claims.figure.lower[conflict.claim_b as usize]),
            number(|facts, conflict| facts.claims.figure.upper[conflict.claim_b as usize]),
            number(|_, conflict| conflict.gap),
            number(|_, conflict| conflict.gap_percent),
            Column::text(
                rows.iter().map(|conflict| best(conflict.observation as usize).best_claim.map_or("", id)),
            ),
            Column::words(Reason::WORDS, move |row| best(deciding(row)).reason.map(|reason| reason as u32)),
        ],
    }
}
