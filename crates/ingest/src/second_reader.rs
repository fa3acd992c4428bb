//! XLS and XLSB that our own readers give up on, by calamine, which forgives more and tells less. What it allocates for a
//! range is bounded by the limits of this process.

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Range, Reader, SheetType, SheetVisible};
use model::cell::{Batch, CellType};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format::{self, Epoch, Format};
use crate::grid::Grid;
use crate::settings::Limits;
use crate::value;
use crate::workbook::Sheet;

/// The sheets, each with a flaw that gives our own reader's reason; none where there is no cell to be had. calamine may
/// panic where it cannot go on.
///
/// # Errors
/// Where a cap is reached.
pub(crate) fn read(bytes: &[u8], reason: &str, limits: &Limits) -> Result<Option<Vec<Sheet>>, Error> {
    std::panic::catch_unwind(|| sheets(bytes, reason, limits)).unwrap_or(Ok(None))
}

fn sheets(bytes: &[u8], reason: &str, limits: &Limits) -> Result<Option<Vec<Sheet>>, Error> {
    let Ok(mut book) = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)) else { return Ok(None) };
    let mut limits = limits.clone();
    let mut sheets = Vec::new();
    for found in book.sheets_metadata().to_vec() {
        let mut sheet = Sheet {
            hidden: found.visible != SheetVisible::Visible,
            flaws: vec![Flaw::row(Code::DamagedWorkbook, 0, reason)],
            ..Sheet::default()
        };
        match (found.typ, book.worksheet_range(&found.name)) {
            (kind, Ok(range)) if kind == SheetType::WorkSheet || !range.is_empty() => {
                let (batches, flaws) = cells(&found.name, &range, &limits)?;
                limits = limits.after(&batches);
                sheet.batches = batches;
                sheet.flaws.extend(flaws);
            }
            (SheetType::WorkSheet, Err(error)) => {
                sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, error.to_string()));
            }
            _ => sheet.flaws.push(Flaw::row(Code::NotAGrid, 0, "")),
        }
        sheets.push(Sheet { name: found.name, ..sheet });
    }
    Ok(sheets.iter().any(|sheet| !sheet.batches.is_empty()).then_some(sheets))
}

fn cells(name: &str, range: &Range<Data>, limits: &Limits) -> Result<(Vec<Batch>, Vec<Flaw>), Error> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut grid = Grid::new(name, limits);
    for (row, column, value) in range.used_cells() {
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row).saturating_add(1);
        push(&mut grid, row, column.saturating_add(first_column as usize), value)?;
    }
    grid.finish()
}

fn push(grid: &mut Grid<'_>, row: u32, column: usize, value: &Data) -> Result<(), Error> {
    match value {
        Data::Empty => Ok(()),
        Data::String(text) => value::push_text(grid, row, column, text),
        Data::Int(number) => grid.push(row, column, CellType::Number, &number.to_string()),
        Data::Float(number) => value::push_number(grid, row, column, *number, Format::Number, Epoch::Y1900),
        Data::Bool(truth) => value::push_truth(grid, row, column, *truth),
        Data::DateTime(date) => {
            let format = if date.is_duration() { Format::Duration } else { Format::Date };
            value::push_number(grid, row, column, date.as_f64(), format, epoch(date))
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => grid.push(row, column, CellType::Date, text),
        Data::Error(error) => value::push_error(grid, row, column, &error.to_string()),
    }
}

/// calamine keeps the epoch to itself; it shows in what it makes of a day that both epochs have.
fn epoch(date: &ExcelDateTime) -> Epoch {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let seen = format!("{year:04}-{month:02}-{day:02}");
    let is_1904 = format::date(date.as_f64().floor(), Epoch::Y1904).is_ok_and(|text| text == seen);
    if is_1904 { Epoch::Y1904 } else { Epoch::Y1900 }
}
