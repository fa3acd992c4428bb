//! Where the table of a grid of cells begins, and the names of its columns.

use std::collections::BTreeMap;

use crate::detect::Rows;
use crate::flaw::{Code, Flaw};
use crate::record::Cells;
use crate::score;
use crate::settings::{HeaderAt, Settings};
use crate::sheet::Header;

/// The cells of a record, as text.
pub(crate) fn texts(cells: &Cells) -> Vec<String> {
    (0..cells.ends.len()).map(|index| String::from_utf8_lossy(cells.get(index)).into_owned()).collect()
}

/// The header that these rows, each with its line, make together, and what is wrong with it.
pub(crate) fn named(rows: Vec<(u32, Vec<String>)>) -> (Header, Vec<Flaw>) {
    let row = rows.last().map(|row| row.0);
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.1).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let names: Vec<String> = (0..width).map(|column| name(&rows, column)).collect();
    let mut flaws = Vec::new();
    let mut seen = BTreeMap::new();
    for (column, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = seen.insert(name.as_str(), column) {
            let detail = format!("`{name}` in columns {} and {}", first + 1, column + 1);
            flaws.push(Flaw::cell(Code::DuplicateHeader, row.unwrap_or(0), column, detail));
        }
    }
    (Header { row, rows, names }, flaws)
}

/// The rows' texts in this column, from top to bottom; one that repeats the text above it says nothing new.
fn name(rows: &[Vec<String>], column: usize) -> String {
    let mut parts: Vec<&str> =
        rows.iter().filter_map(|row| row.get(column)).map(|part| part.trim()).collect();
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join(" ")
}

/// Where a table lies in the rows of a sample.
pub(crate) struct Place {
    pub(crate) header_row: Option<u32>,
    pub(crate) header_rows: u32,
    pub(crate) first_line: u32,
    pub(crate) columns: usize,
}

/// Where the table begins: below the lines that are too narrow for it.
pub(crate) fn locate(rows: &Rows, settings: &Settings) -> Place {
    if rows.len() == 0 {
        return Place { header_row: None, header_rows: 0, first_line: 1, columns: 0 };
    }
    let columns = score::usual_width(rows);
    match settings.header {
        Some(HeaderAt::Row(line)) => {
            let columns =
                (0..rows.len()).find(|&row| rows.line(row) >= line).map_or(columns, |row| rows.width(row));
            Place { header_row: Some(line), header_rows: 1, first_line: line, columns }
        }
        Some(HeaderAt::Nowhere) => {
            Place { header_row: None, header_rows: 0, first_line: rows.line(0), columns }
        }
        None => {
            let first = (0..rows.len()).find(|&row| rows.width(row) == columns).unwrap_or(0);
            let line = rows.line(first);
            Place { header_row: Some(line), header_rows: 1, first_line: line, columns }
        }
    }
}
