//! What each published table holds: from the facts and what follows from them to columns.
//!
//! One file a table or a few; the shapes are declared in [`model::table`], and every function here
//! gives its columns in that order and its rows sorted by that key, compared as text.

mod claims;
mod commitments;
mod conflicts;
mod findings;
mod names;
mod observations;
mod sheets;
mod vintages;

pub use claims::claims;
pub use commitments::{commitment_events, commitments};
pub use conflicts::conflicts;
pub use findings::findings;
pub use names::Names;
pub use observations::{cooperation, investment, observations, trade};
pub use sheets::{indicators, places, sources};
pub use vintages::vintages;

use std::borrow::Cow;

use chrono::NaiveDate;
use model::cell::CellRef;
use model::claim::ABSENT;
use model::column::{Dictionary, Texts};
use model::facts::{Facts, Knowledge};
use model::finding::Finding;
use rayon::prelude::*;

use crate::table::{Column, Table};

/// The first of the published tables, in the order of [`model::table::TABLES`]: what is stated, before anything is
/// reconciled.
pub fn stated(facts: &Facts) -> Vec<Table<'_>> {
    vec![sources(facts), indicators(facts), places(facts), claims(facts)]
}

/// The others, in that order: what follows, what was promised and what there is to say.
pub fn known<'a>(
    facts: &'a Facts,
    knowledge: &'a Knowledge,
    names: &'a Names,
    findings: &'a [&'a Finding],
) -> Vec<Table<'a>> {
    let tables: [&(dyn Fn() -> Table<'a> + Sync); 9] = [
        &|| observations(facts, knowledge, names),
        &|| trade(facts, knowledge, names),
        &|| investment(facts, knowledge, names),
        &|| cooperation(facts, knowledge, names),
        &|| commitments(facts, knowledge),
        &|| commitment_events(facts),
        &|| conflicts(facts, knowledge, names),
        &|| self::findings(findings),
        &|| vintages(facts, knowledge, names),
    ];
    tables.par_iter().map(|table| table()).collect()
}

/// Distinct strings, and for each of `values` its code among them.
fn distinct<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> (Texts, Vec<u32>) {
    let mut dictionary = Dictionary::default();
    let codes = values.into_iter().map(|value| dictionary.code(value.as_ref())).collect();
    (dictionary.values().clone(), codes)
}

/// A column of a few distinct strings that each row reaches through an index into a short list.
fn through<'a, S: AsRef<str>>(
    list: impl IntoIterator<Item = S>,
    index: impl Fn(usize) -> usize + Send + Sync + 'a,
) -> Column<'a> {
    let (values, codes) = distinct(list);
    Column::coded(move |row| codes.get(index(row)).copied().unwrap_or(ABSENT), Cow::Owned(values))
}

/// The three columns that say where a row stands: file, sheet and cell.
fn position_columns<'a>(
    facts: &'a Facts,
    cell: impl Fn(usize) -> CellRef + Clone + Send + Sync + 'a,
) -> [Column<'a>; 3] {
    let (file, sheet) = (cell.clone(), cell.clone());
    [
        through(facts.sheets.iter().map(|name| &name.file), move |row| file(row).sheet.into()),
        through(facts.sheets.iter().map(|name| name.sheet.as_deref().unwrap_or_default()), move |row| {
            sheet(row).sheet.into()
        }),
        Column::made(move |row, text| spell_address(facts, cell(row), text)),
    ]
}

/// Appends the address of a cell within its sheet, as [`CellRef::address`] spells it.
fn spell_address(facts: &Facts, cell: CellRef, text: &mut String) {
    let mut digits = itoa::Buffer::new();
    let in_workbook = facts.sheets.get(usize::from(cell.sheet)).is_some_and(|name| name.sheet.is_some());
    if in_workbook {
        text.push_str(&model::cell::column_letters(cell.column));
        text.push_str(digits.format(cell.row));
    } else {
        text.push_str(digits.format(cell.row));
        text.push(':');
        text.push_str(digits.format(u32::from(cell.column) + 1));
    }
}

/// The publication days of the sources, by their index.
fn published_on(facts: &Facts) -> Vec<Option<NaiveDate>> {
    facts.sources.iter().map(|source| Some(source.published_on)).collect()
}

/// Ids with `;` between them.
fn joined<S: AsRef<str>>(ids: impl IntoIterator<Item = S>) -> String {
    let mut text = String::new();
    for id in ids {
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(id.as_ref());
    }
    text
}
