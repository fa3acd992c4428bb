//! Claims that cannot both be true.

use std::borrow::Cow;
use std::sync::Arc;

use model::facts::{Facts, Knowledge};
use model::observation::{Conflict, Reason};
use model::table::CONFLICTS;

use super::Names;
use crate::table::{Column, Table};

/// One row is a pair of claims.
pub fn conflicts<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    let claims = &facts.claims;
    let observations = &knowledge.observations;
    let of = |conflict: &Conflict| &observations.rows[conflict.observation as usize];
    let mut rows: Vec<&Conflict> = knowledge.conflicts.iter().collect();
    let id = |claim: u32| claims.claim_id.get(claim as usize);
    rows.sort_by_key(|conflict| {
        let row = of(conflict);
        let series = names.series_of[row.series as usize];
        (series, names.period(row.period), id(conflict.claim_a), id(conflict.claim_b))
    });
    let rows: Arc<[&Conflict]> = rows.into();
    let at = || {
        let rows = rows.clone();
        move |row: usize| rows[row]
    };
    let observation = || {
        let at = at();
        move |row: usize| of(at(row))
    };
    let number = |value: fn(&Facts, &Conflict) -> f64| {
        let at = at();
        Column::number(move |row| value(facts, at(row)))
    };
    let best = |conflict: &&Conflict| observations.best_claim_of(of(conflict)).map_or("", id);
    let claim_id =
        |claim: fn(&Conflict) -> u32| Column::text(rows.iter().map(|conflict| id(claim(conflict))));
    let (series, period, deciding) = (observation(), observation(), observation());
    Table {
        schema: &CONFLICTS,
        rows: rows.len(),
        part: None,
        columns: vec![
            Column::coded(
                move |row| names.series_of[series(row).series as usize],
                Cow::Borrowed(&names.series),
            ),
            Column::coded(
                move |row| names.period(period(row).period),
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
            Column::text(rows.iter().map(best)),
            Column::words(Reason::WORDS, move |row| deciding(row).reason().map(|reason| reason as u32)),
        ],
    }
}
