//! The sheets of a workbook: XLSX, XLSM, XLSB, XLS and ODS.
//!
//! Runs in a process of its own, under limits that the caller sets: calamine can abort on hostile bytes. What crosses
//! back is said by [`frames`](crate::frames).

use std::io::Cursor;

use calamine::{Data, Reader, SheetType, SheetVisible, Sheets};
use model::cell::{Batch, CellType};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::settings::Limits;

/// Rows of a batch.
const ROWS: usize = 16_384;

/// One sheet of a workbook, all of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Its rows in order, without the empty ones, all of one width; the first column is A.
    pub batches: Vec<Batch>,
    /// Cells that are merged; the first one of each area has the text.
    pub merged: Vec<Area>,
    /// Hidden rows, from 1.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, from 0.
    pub hidden_columns: Vec<u16>,
    /// Named tables.
    pub tables: Vec<(String, Area)>,
    /// What is wrong with its cells, by row.
    pub flaws: Vec<Flaw>,
}

/// A rectangle of cells, ends inclusive; rows from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// The first row.
    pub first_row: u32,
    /// The last row.
    pub last_row: u32,
    /// The first column.
    pub first_column: u16,
    /// The last column.
    pub last_column: u16,
}

/// Reads all sheets of a workbook, in the order of the file.
///
/// # Errors
/// Where the bytes are no workbook, or a cap is reached.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let metadata = book.sheets_metadata().to_vec();
    let mut sheets = Vec::with_capacity(metadata.len());
    for found in metadata {
        let mut sheet =
            Sheet { name: found.name, hidden: found.visible != SheetVisible::Visible, ..Sheet::default() };
        if matches!(found.typ, SheetType::WorkSheet) {
            read_cells(&mut book, &mut sheet, limits)?;
        } else {
            sheet.flaws.push(Flaw::row(Code::NotAGrid, 0, ""));
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn broken(error: calamine::Error) -> Error {
    Error::Workbook(error.to_string())
}

fn read_cells(book: &mut Sheets<Cursor<&[u8]>>, sheet: &mut Sheet, limits: &Limits) -> Result<(), Error> {
    let range = match book.worksheet_range(&sheet.name) {
        Ok(range) => range,
        Err(error) => {
            sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, error.to_string()));
            return Ok(());
        }
    };
    let Some((first_row, first_column)) = range.start() else { return Ok(()) };
    let width = first_column as usize + range.width();
    if width > limits.columns {
        return Err(Error::Limit {
            setting: "columns",
            what: "columns",
            limit: limits.columns as u64,
            place: sheet.name.clone(),
        });
    }
    let mut batch = Batch::new(width);
    for (index, row) in range.rows().enumerate() {
        if row.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        let number = first_row + u32::try_from(index).unwrap_or(u32::MAX) + 1;
        for _ in 0..first_column {
            push(&mut batch, CellType::Empty);
        }
        for (column, cell) in row.iter().enumerate() {
            let column = first_column as usize + column;
            push_value(&mut batch, cell, |code, detail| {
                sheet.flaws.push(Flaw::cell(code, number, column, detail))
            });
        }
        batch.rows.push(number);
        if batch.len() == ROWS {
            sheet.batches.push(std::mem::replace(&mut batch, Batch::new(width)));
        }
    }
    if !batch.is_empty() {
        sheet.batches.push(batch);
    }
    Ok(())
}

fn push(batch: &mut Batch, cell_type: CellType) {
    batch.ends.push(u32::try_from(batch.text.len()).unwrap_or(u32::MAX));
    batch.types.push(cell_type);
}

fn push_value(batch: &mut Batch, value: &Data, mut flaw: impl FnMut(Code, String)) {
    let cell_type = match value {
        Data::Empty => CellType::Empty,
        Data::String(text) if text.is_empty() => CellType::Empty,
        Data::String(text) => {
            batch.text.push_str(text);
            CellType::Text
        }
        Data::Int(number) => {
            batch.text.push_str(&number.to_string());
            CellType::Number
        }
        Data::Float(number) => {
            batch.text.push_str(&number.to_string());
            CellType::Number
        }
        Data::Bool(value) => {
            batch.text.push_str(if *value { "true" } else { "false" });
            CellType::Boolean
        }
        Data::DateTime(date) => {
            batch.text.push_str(&date.to_string());
            CellType::Date
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            batch.text.push_str(text);
            CellType::Date
        }
        Data::Error(error) => {
            let text = error.to_string();
            batch.text.push_str(&text);
            flaw(Code::ErrorCell, text);
            CellType::Error
        }
    };
    push(batch, cell_type);
}
