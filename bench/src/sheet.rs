//! Rows as a CSV or a workbook.

use std::io;
use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

/// The form of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook with one sheet, at most 1,048,575 rows.
    Xlsx,
}

pub(crate) fn write_csv(
    path: &Path,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_path(path)?;
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    writer.flush()
}

pub(crate) fn write_xlsx(
    path: &Path,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<()> {
    filled(header, rows).and_then(|mut book| book.save(path)).map_err(io::Error::other)
}

fn filled(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Facts")?;
    for (&name, column) in header.iter().zip(0..) {
        sheet.write_string(0, column, name)?;
    }
    for (cells, row) in rows.zip(1..) {
        for (cell, column) in cells.into_iter().zip(0..) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell)?;
            }
        }
    }
    Ok(book)
}
