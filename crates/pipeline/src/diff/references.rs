//! What other tables refer to: sources and indicators, and which of them merely have another id.

use std::collections::BTreeMap;

use anyhow::Result;
use model::table::{INDICATORS, SOURCES};

use super::causes::{Whole, spelt};
use super::change::{CauseKind, Field};
use super::compare::{Comparison, columns};
use super::rows::Row;

impl Comparison<'_> {
    pub(super) fn sources(&mut self) -> Result<()> {
        const WATCHED: [&str; 5] = ["published_on", "kind", "origin", "title", "publisher"];
        let (mut added, mut withdrawn) = self.walk(&SOURCES, |comparison, old, new| {
            let fields = Field::changed(old, new, &WATCHED);
            if !fields.is_empty() {
                let (id, why) = (new.get("source_id"), spelt(&fields));
                let cause = comparison.causes.number(CauseKind::SourceChanged, id, why, String::new());
                comparison.causes.sources.insert(id.to_owned(), Whole::Changed(cause));
            }
        })?;
        self.renamed_references("source_id", &columns(&SOURCES, &["source_id"]), &mut added, &mut withdrawn);
        for row in added {
            let cause = self.causes.of_source(&row, CauseKind::NewSource);
            self.causes.sources.insert(row.get("source_id").to_owned(), Whole::Added(cause));
        }
        for row in withdrawn {
            let cause = self.causes.of_source(&row, CauseKind::WithdrawnSource);
            self.causes.sources.insert(row.get("source_id").to_owned(), Whole::Withdrawn(cause));
        }
        Ok(())
    }

    pub(super) fn indicators(&mut self) -> Result<()> {
        let watched: Vec<&'static str> = columns(&INDICATORS, &["indicator"]);
        let mut told = Vec::new();
        let (mut added, mut withdrawn) = self.walk(&INDICATORS, |_, old, new| {
            let why = spelt(&Field::changed(old, new, &watched));
            told.push((new.get("indicator").to_owned(), why));
        })?;
        self.renamed_references("indicator", &watched, &mut added, &mut withdrawn);
        let whole = |rows: Vec<Row>, why: &str| -> Vec<(String, String)> {
            rows.iter().map(|row| (row.get("indicator").to_owned(), why.to_owned())).collect()
        };
        told.extend(whole(added, "a new indicator"));
        told.extend(whole(withdrawn, "the indicator was taken out"));
        for (id, why) in told {
            let cause = self.causes.number(CauseKind::Vocabulary, &id, why, String::new());
            self.causes.indicators.insert(id, cause);
        }
        Ok(())
    }

    /// Notes which ids that other tables refer to are new names for the same, and takes those rows out of
    /// both lists.
    fn renamed_references(
        &mut self,
        key: &'static str,
        watched: &[&'static str],
        added: &mut Vec<Row>,
        withdrawn: &mut Vec<Row>,
    ) {
        for (old, new) in same_under_another_id(key, watched, added, withdrawn) {
            let (old_id, id) = (old.get(key).to_owned(), new.get(key).to_owned());
            let why = format!("{old_id} → {id}");
            let cause = self.causes.number(CauseKind::Renamed, &id, why, String::new());
            self.causes.references.insert((key, old_id), (id, cause));
        }
    }
}

/// Pairs of rows that say the same under another id: the old one and the new one, taken out of both lists.
pub(super) fn same_under_another_id(
    key: &str,
    watched: &[&'static str],
    added: &mut Vec<Row>,
    withdrawn: &mut Vec<Row>,
) -> Vec<(Row, Row)> {
    if added.is_empty() || withdrawn.is_empty() {
        return Vec::new();
    }
    // The lock verifies a row by its id: under another one it is not verified yet.
    let telling = || watched.iter().filter(|column| **column != "evidence_status");
    let said = |row: &Row| -> Vec<String> { telling().map(|column| row.get(column).to_owned()).collect() };
    let mut by_words: BTreeMap<Vec<String>, Vec<Row>> = BTreeMap::new();
    for row in withdrawn.drain(..).rev() {
        by_words.entry(said(&row)).or_default().push(row);
    }
    let mut pairs = Vec::new();
    added.retain(|new| {
        let old = by_words.get_mut(&said(new)).and_then(Vec::pop);
        let is_paired = old.is_some();
        pairs.extend(old.map(|old| (old, new.clone())));
        !is_paired
    });
    withdrawn.extend(by_words.into_values().flatten());
    withdrawn.sort_by(|one, other| one.get(key).cmp(other.get(key)));
    pairs
}
