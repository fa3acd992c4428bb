//! A table as the next stage sees it, alike for a CSV and a sheet of a workbook: its header, then its rows as batches.

use model::cell::Batch;

use crate::detect::Rows;
use crate::flaw::{Code, Flaw};
use crate::header;
use crate::settings::Settings;
use crate::workbook::Sheet;

/// The names of a table's columns, and where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The line or row of the header, from 1; the last one where it spans several. None where there is none.
    pub row: Option<u32>,
    /// Its rows, each cell by cell; several where the names span rows, none where there is no header.
    pub rows: Vec<Vec<String>>,
    /// One name a column: the header's rows from top to bottom, joined with a blank.
    pub names: Vec<String>,
}

/// The table of a workbook's sheet. A CSV has the same parts as a stream: [`Csv`](crate::csv::Csv).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The names of its columns.
    pub header: Header,
    /// The rows below the header.
    pub batches: Vec<Batch>,
    /// What is wrong with header and rows.
    pub flaws: Vec<Flaw>,
}

/// Rows of a sheet that are looked at to find its header.
const LOOKED_AT: usize = 1000;

/// Columns up to which rows are taken to be of one width.
const WIDE: usize = 512;

/// The table of `sheet`: its header found, or where `settings` say; rows above it are no part of it.
pub fn table(sheet: Sheet, settings: &Settings) -> Table {
    let place = header::locate(&first_rows(&sheet.batches, settings.skip), settings);
    let mut header_rows = Vec::new();
    let mut batches = Vec::new();
    let mut first = place.first_line.max(settings.skip + 1);
    let mut wanted = place.header_rows as usize;
    for batch in sheet.batches {
        let mut start = batch.rows.partition_point(|&row| row < first);
        while wanted > 0 && start < batch.len() {
            let names = (0..batch.width).map(|column| batch.get(start, column).to_owned()).collect();
            first = batch.rows[start] + 1;
            header_rows.push((batch.rows[start], names));
            wanted -= 1;
            start += 1;
        }
        let rest = below(batch, start);
        if !rest.is_empty() {
            batches.push(rest);
        }
    }
    let (mut header, mut flaws) = header::named(header_rows);
    while header.names.last().is_some_and(String::is_empty) {
        header.names.pop();
    }
    let top = header.row.unwrap_or(0);
    flaws.extend(sheet.flaws.into_iter().filter(|flaw| flaw.row == 0 || flaw.row >= top));
    if header.row.is_none() && !batches.is_empty() {
        flaws.push(Flaw::row(Code::NoHeader, 0, ""));
    } else {
        flaws.extend(unnamed(&header, &batches));
    }
    flaws.sort();
    Table { header, batches, flaws }
}

/// Columns that hold text below a header that does not name them, each by its first cell.
fn unnamed(header: &Header, batches: &[Batch]) -> Vec<Flaw> {
    let width = batches.iter().map(|batch| batch.width).max().unwrap_or(0);
    let is_unnamed = |column: &usize| header.names.get(*column).is_none_or(|name| name.trim().is_empty());
    let first = |column: usize| {
        batches.iter().find_map(|batch| {
            let row = (0..batch.len()).find(|&row| !batch.get(row, column).trim().is_empty())?;
            Some(Flaw::cell(
                Code::UnnamedColumn,
                batch.rows[row],
                column,
                format!("`{}`", batch.get(row, column)),
            ))
        })
    };
    (0..width).filter(is_unnamed).filter_map(first).collect()
}

/// The batch without its first `start` rows.
fn below(batch: Batch, start: usize) -> Batch {
    if start == 0 {
        return batch;
    }
    let cells = start * batch.width;
    let cut = if cells == 0 { 0 } else { batch.ends[cells - 1] };
    Batch {
        width: batch.width,
        text: batch.text[cut as usize..].to_owned(),
        ends: batch.ends[cells..].iter().map(|end| end - cut).collect(),
        types: batch.types.get(cells..).unwrap_or_default().to_vec(),
        rows: batch.rows[start..].to_vec(),
    }
}

/// The names that several header rows make together, one a column.
pub fn joined(rows: &[Vec<String>]) -> Vec<String> {
    let rows = rows.iter().map(|row| (0, row.clone())).collect();
    header::named(rows).0.names
}

/// The first rows below `skip`, all of one width: a grid has cells where a row has no text. A row that reaches far to
/// the right has a width of its own.
fn first_rows(batches: &[Batch], skip: u32) -> Rows {
    let mut rows = Rows::default();
    let usual = batches.iter().map(|batch| batch.width).filter(|&width| width <= WIDE).max().unwrap_or(0);
    for batch in batches {
        for row in (0..batch.len()).filter(|&row| batch.rows[row] > skip) {
            if rows.len() == LOOKED_AT {
                return rows;
            }
            let width = (0..batch.width)
                .rev()
                .find(|&column| !batch.get(row, column).is_empty())
                .map_or(0, |last| last + 1)
                .max(usual);
            rows.push(batch.rows[row], (0..width).map(|column| batch.get(row, column)));
        }
    }
    rows
}
