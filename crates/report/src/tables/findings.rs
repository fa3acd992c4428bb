//! Findings: what the pipeline has to say about the material.

use model::finding::Finding;
use model::table::FINDINGS;

use super::joined;
use crate::table::{Column, Table};

/// One row is one thing to say. What is said twice in the same words of the same cell is one row.
pub fn findings<'a>(findings: &'a [&'a Finding]) -> Table<'a> {
    let mut rows: Vec<Row<'_>> = findings.iter().map(|finding| Row::of(finding)).collect();
    rows.sort_by(|a, b| a.key().cmp(&b.key()));
    rows.dedup_by(|a, b| a.key() == b.key());
    Table {
        schema: &FINDINGS,
        rows: rows.len(),
        part: None,
        columns: vec![
            Column::text(rows.iter().map(|row| row.finding.code)),
            Column::text(rows.iter().map(|row| row.finding.severity.as_str())),
            Column::text(rows.iter().map(|row| row.finding.table)),
            Column::text(rows.iter().map(|row| &row.finding.id)),
            Column::text(rows.iter().map(|row| &row.finding.message)),
            Column::text(rows.iter().map(|row| &row.finding.arithmetic)),
            Column::text(rows.iter().map(|row| &row.claims)),
            Column::text(rows.iter().map(|row| row.position[0])),
            Column::text(rows.iter().map(|row| row.position[1])),
            Column::text(rows.iter().map(|row| row.position[2])),
            Column::text(rows.iter().map(|row| &row.finding.hint)),
        ],
    }
}

struct Row<'a> {
    finding: &'a Finding,
    claims: String,
    /// File, sheet and cell; empty where there is none.
    position: [&'a str; 3],
}

impl<'a> Row<'a> {
    fn of(finding: &'a Finding) -> Self {
        let position = finding.location.as_ref().map_or([""; 3], |location| {
            let sheet = location.sheet.sheet.as_deref().unwrap_or_default();
            [location.sheet.file.as_str(), sheet, location.cell.as_str()]
        });
        Row { finding, claims: joined(&finding.claims), position }
    }

    /// The published key; severity and hint only decide which of two equal rows stays.
    fn key(&self) -> impl Ord + '_ {
        let Finding { code, id, message, arithmetic, .. } = self.finding;
        (self.position, *code, id, message, arithmetic, &self.claims)
    }
}
