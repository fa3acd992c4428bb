//! A table back as plain CSV: UTF-8, RFC 4180, LF.

use model::cell::Batch;

/// Appends one row.
pub fn write_row<'a>(cells: impl IntoIterator<Item = &'a str>, csv: &mut String) {
    let start = csv.len();
    let mut first = true;
    for cell in cells {
        if !first {
            csv.push(',');
        }
        first = false;
        write_cell(cell, csv);
    }
    if csv.len() == start {
        // A line without a character would be no record.
        csv.push_str("\"\"");
    }
    csv.push('\n');
}

/// Appends a batch's rows, each at least `width` cells wide; empty cells past that are left out.
pub fn write_batch(batch: &Batch, width: usize, csv: &mut String) {
    for row in 0..batch.len() {
        let cells = (width..batch.width).rev().find(|&column| !batch.get(row, column).is_empty());
        let cells = cells.map_or(width.max(usize::from(width == 0)), |last| last + 1);
        write_row((0..cells).map(|column| batch.get(row, column)), csv);
    }
}

/// The columns of a batch up to the last one that holds text: what [`write_batch`] writes of its longest row.
pub fn width(batch: &Batch) -> usize {
    let is_filled = |&column: &usize| (0..batch.len()).any(|row| !batch.get(row, column).is_empty());
    (0..batch.width).rev().find(is_filled).map_or(0, |last| last + 1)
}

fn write_cell(cell: &str, csv: &mut String) {
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        csv.push_str(cell);
        return;
    }
    csv.push('"');
    for (index, part) in cell.split('"').enumerate() {
        if index > 0 {
            csv.push_str("\"\"");
        }
        csv.push_str(part);
    }
    csv.push('"');
}
