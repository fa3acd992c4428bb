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
        csv.push_str("\"\"");
    }
    csv.push('\n');
}

/// Appends a batch's rows.
pub fn write_batch(batch: &Batch, csv: &mut String) {
    for row in 0..batch.len() {
        write_row((0..batch.width).map(|column| batch.get(row, column)), csv);
    }
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
