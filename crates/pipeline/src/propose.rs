//! What each column of a foreign table seems to be, and the `[[sheet]]` that follows from it. A
//! proposal is a beginning: what it leaves open, `pipeline check` names. No file is read here.
//!
//! A table of the contract's own columns is itself; a [`register`] becomes commitments or sources; what is
//! left is a table of figures and becomes [`claims`].

mod claims;
mod column;
mod entry;
mod register;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use ingest::sheet::Header;
use model::cell::Batch;
use model::contract::{Need, SheetKind};
use normalize::header_unit;
use normalize::mapping::folded;
use normalize::place::Places;

/// A table that somebody handed us.
#[derive(Clone)]
pub(crate) struct Foreign<'a> {
    /// Its file below the workspace.
    pub(crate) file: &'a str,
    /// Its sheets, in a workbook: several where they are alike.
    pub(crate) sheets: Vec<String>,
    /// The id of the source that it is.
    pub(crate) source: &'a str,
    /// What stands above the header: its title.
    pub(crate) above: Vec<String>,
    pub(crate) header: &'a Header,
    pub(crate) batches: &'a [Batch],
}

impl Foreign<'_> {
    /// The unit that the title gives: "Foreign trade, USD million", "(Millions of dollars)".
    fn unit_above(&self) -> Option<String> {
        self.above.iter().rev().find_map(|line| header_unit::split(line).unit)
    }
}

/// A proposed `[[sheet]]`, and what it needs.
#[derive(Default)]
pub(crate) struct Proposal {
    /// TOML with comments.
    pub(crate) toml: String,
    /// Ids with the code of their unit.
    pub(crate) indicators: BTreeMap<String, &'static str>,
    /// Whether the file is the source of its rows.
    pub(crate) is_stated: bool,
    /// Organisations that stand where places do.
    pub(crate) bodies: BTreeSet<String>,
}

/// Looks at a table and proposes how to map it.
pub(crate) fn propose(table: &Foreign<'_>, places: &Places) -> Proposal {
    let mut table = table.clone();
    let header = with_years_below(table.header, table.batches);
    table.header = header.as_ref().unwrap_or(table.header);
    let names: Vec<String> = table.header.names.iter().map(|name| folded(name)).collect();
    if let Some(kind) = own_kind(&names) {
        let toml = format!("[[sheet]]\n{}kind = \"{kind}\"\n", entry::origin(&table));
        return Proposal { toml, ..Proposal::default() };
    }
    let columns: Vec<_> =
        names.iter().enumerate().map(|(at, name)| column::look_at(name, at, table.batches, places)).collect();
    register::propose(&table, &columns, places).unwrap_or_else(|| claims::propose(&table, &columns, places))
}

/// The header with a row of years that stands below it, where its first row of cells is one.
fn with_years_below(header: &Header, batches: &[Batch]) -> Option<Header> {
    let batch = batches.first().filter(|batch| !batch.is_empty())?;
    let last = header.row?;
    let cells: Vec<String> = (0..batch.width).map(|column| batch.get(0, column).trim().to_owned()).collect();
    let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let is_below = batch.rows[0] == last + 1 && cells.first().is_some_and(String::is_empty);
    if filled.len() < 2 || !is_below || !filled.iter().all(|cell| claims::is_period(cell)) {
        return None;
    }
    let mut rows = header.rows.clone();
    rows.push(cells);
    Some(Header { row: Some(last + 1), names: ingest::sheet::joined(&rows), rows })
}

/// The kind of sheet whose contract all names belong to, with every required column.
fn own_kind(names: &[String]) -> Option<SheetKind> {
    SheetKind::ALL.iter().copied().find(|kind| {
        let required = kind.columns().iter().filter(|column| column.need == Need::Required);
        let mut named = names.iter().filter(|name| !name.is_empty()).peekable();
        named.peek().is_some()
            && named.all(|name| kind.column(name).is_some())
            && required.clone().all(|column| names.iter().any(|name| name == column.name))
    })
}
