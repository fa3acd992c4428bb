//! Corrections: cells that the curator overrides, each with its reason and a guard on the value it
//! corrects, so that a correction outlives neither its row nor its cause.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use model::cell::{Batch, CellRef};
use model::contract::{CellContent, SheetKind};
use model::finding::{Finding, Location, Severity};

use crate::mapping::BoundSheet;
use crate::nearest::nearest;
use crate::row::Row;

/// One corrected cell.
#[derive(Debug)]
pub struct Correction {
    /// The contract column.
    pub column: String,
    /// What the sheet says; a correction of anything else does not apply.
    pub expect: String,
    /// What is read instead.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Its own row.
    pub cell: CellRef,
    /// Whether a row said what it expects.
    pub(crate) is_applied: AtomicBool,
}

/// All corrections, by sheet kind and row id.
#[derive(Debug, Default)]
pub struct Corrections {
    by_row: BTreeMap<(SheetKind, String), Vec<Correction>>,
}

impl Corrections {
    /// The corrections of one row.
    pub(crate) fn of(&self, kind: SheetKind, id: &str) -> &[Correction] {
        if self.by_row.is_empty() {
            return &[];
        }
        self.by_row.get(&(kind, id.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Reads the rows of a sheet of corrections: one unit value for each that was read.
    pub fn read(&mut self, sheet: &BoundSheet, batch: &Batch) -> (Vec<()>, Vec<Finding>) {
        let none = Corrections::default();
        let (mut read, mut findings) = (Vec::new(), Vec::new());
        for index in 0..batch.len() {
            let mut row = Row::new(sheet, batch, index, sheet.slot("id"), &none);
            if row.is_blank() {
                continue;
            }
            row.check_filled();
            let kind = row.word("sheet", correctable, &["claims", "commitments", "events", "sources"]);
            if let Some(kind) = kind {
                let column = row.text("column");
                if kind.column(column).is_none() {
                    let near = nearest(column, kind.columns().iter().map(|column| column.name));
                    let hint = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                    row.refuse(
                        "column",
                        "unknown-word",
                        format!("sheets of {kind} have no column `{column}`"),
                        hint,
                    );
                }
                if kind.column(column).is_some_and(|column| column.content == CellContent::Id) {
                    let message = format!("`{column}` is what rows of {kind} are known by");
                    row.refuse("column", "correction-of-an-id", message, "correct the id in its own sheet");
                }
                if self.of(kind, row.id()).iter().any(|other| other.column == column) {
                    let message = format!("`{column}` of {} is corrected twice", row.id());
                    row.refuse("column", "duplicate-correction", message, "keep one of the two");
                }
                if !row.is_refused() {
                    let correction = Correction {
                        column: column.to_owned(),
                        expect: row.text("expect").to_owned(),
                        value: row.text("value").to_owned(),
                        reason: row.text("reason").to_owned(),
                        cell: row.cell_of("value"),
                        is_applied: AtomicBool::new(false),
                    };
                    self.by_row.entry((kind, row.id().to_owned())).or_default().push(correction);
                    read.push(());
                }
            }
            findings.append(&mut row.findings);
        }
        (read, findings)
    }

    /// Every correction with the kind and id of its row.
    pub fn iter(&self) -> impl Iterator<Item = (SheetKind, &str, &Correction)> {
        self.by_row
            .iter()
            .flat_map(|((kind, id), corrections)| corrections.iter().map(move |c| (*kind, id.as_str(), c)))
    }

    /// The corrections that no row of their id asked for, once all rows are read: the sheet was
    /// changed, or the row is gone.
    pub fn outdated(&self, locate: impl Fn(CellRef) -> Location) -> Vec<Finding> {
        self.iter()
            .filter(|(_, _, correction)| !correction.is_applied.load(Ordering::Relaxed))
            .map(|(kind, id, correction)| {
                let (column, expect) = (&correction.column, &correction.expect);
                let message = format!("no row {id} of {kind} says `{expect}` in `{column}`");
                Finding::new("correction-outdated", Severity::Warning, "corrections", message)
                    .id(id)
                    .hint("the sheet was changed: take the correction out, or renew its `expect`")
                    .at(locate(correction.cell))
            })
            .collect()
    }
}

fn correctable(word: &str) -> Option<SheetKind> {
    use SheetKind::{Claims, Commitments, Events, Sources};
    SheetKind::parse(word).filter(|kind| matches!(kind, Claims | Commitments | Events | Sources))
}
