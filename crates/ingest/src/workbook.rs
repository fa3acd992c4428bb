//! The sheets of a workbook: XLSX, XLSM, XLSB, XLS and ODS.
//!
//! Runs in a process of its own, under limits that the caller sets: calamine can abort on hostile bytes. What crosses
//! back is said by [`frames`](crate::frames).

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Reader, SheetType, SheetVisible, Sheets};
use model::cell::{Batch, CellType};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format::{self, Epoch};
use crate::grid::Grid;
use crate::package::{Format, Package};
use crate::settings::Limits;
use crate::{ods, worksheet, xlsx};

/// One sheet of a workbook, all of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Its rows in order, without the empty ones, each batch of its own width; the first column is A.
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

impl Area {
    /// The area of a range such as `B5:H40`; none where no sheet has it.
    pub fn parse(range: &str) -> Option<Self> {
        worksheet::area(range)
    }
}

/// Reads all sheets of a workbook, in the order of the file.
///
/// # Errors
/// Where the bytes are no workbook, or a cap is reached.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Error> {
    if bytes.starts_with(b"PK") {
        let mut package = Package::open(bytes, limits)?;
        match package.format()? {
            Format::Xlsx => return xlsx::read(&mut package, limits),
            Format::Ods => ods::guard(&mut package, limits)?,
            Format::Xlsb => {}
        }
        package.count()?;
        drop(package);
    } else {
        refuse_foreign_ole(bytes)?;
    }
    by_calamine(bytes, limits)
}

/// An OLE2 file that holds something else than a workbook, told by the names in its directory.
fn refuse_foreign_ole(bytes: &[u8]) -> Result<(), Error> {
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    if names("EncryptedPackage") || names("EncryptionInfo") {
        Err(with_password("an OLE2 file with a password"))
    } else if names("WordDocument") {
        Err(Error::NotASheet { found: "a Word document".to_owned(), hint: "copy its table into a workbook" })
    } else {
        Ok(())
    }
}

pub(crate) fn with_password(found: &str) -> Error {
    Error::NotASheet { found: found.to_owned(), hint: "open it, remove the password, and save it" }
}

/// XLSB, XLS and ODS. What calamine allocates for a range is bounded by the limits of this process.
fn by_calamine(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Error> {
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
    let reason = error.to_string();
    if reason.to_ascii_lowercase().contains("password") {
        return with_password("a workbook with a password");
    }
    Error::Workbook(reason)
}

fn read_cells(book: &mut Sheets<Cursor<&[u8]>>, sheet: &mut Sheet, limits: &Limits) -> Result<(), Error> {
    let range = match book.worksheet_range(&sheet.name) {
        Ok(range) => range,
        Err(error) => {
            sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, error.to_string()));
            return Ok(());
        }
    };
    let formulas = book.worksheet_formula(&sheet.name).ok();
    let Some((first_row, first_column)) = range.start() else { return Ok(()) };
    let mut grid = Grid::new(&sheet.name, limits);
    for (row, column, value) in range.used_cells() {
        let row = first_row.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)).saturating_add(1);
        push_value(&mut grid, row, first_column as usize + column, value)?;
    }
    for (row, column, _) in formulas.iter().flat_map(calamine::Range::used_cells) {
        let start = formulas.as_ref().and_then(calamine::Range::start).unwrap_or_default();
        let place = (start.0.saturating_add(row as u32), start.1.saturating_add(column as u32));
        if matches!(range.get_value(place), None | Some(Data::Empty)) {
            grid.flaw(Code::FormulaWithoutValue, place.0.saturating_add(1), place.1 as usize, "");
        }
    }
    let (batches, flaws) = grid.finish()?;
    sheet.batches = batches;
    sheet.flaws.extend(flaws);
    Ok(())
}

fn push_value(grid: &mut Grid<'_>, row: u32, column: usize, value: &Data) -> Result<(), Error> {
    match value {
        Data::Empty => Ok(()),
        Data::String(text) if text.is_empty() => Ok(()),
        Data::String(text) => grid.push(row, column, CellType::Text, text),
        Data::Int(number) => grid.push(row, column, CellType::Number, &number.to_string()),
        Data::Float(number) if number.is_finite() => {
            grid.push(row, column, CellType::Number, &format::shortest(*number))
        }
        Data::Float(number) => {
            grid.flaw(Code::ImpossibleNumber, row, column, number.to_string());
            grid.push(row, column, CellType::Error, &number.to_string())
        }
        Data::Bool(truth) => grid.push(row, column, CellType::Boolean, if *truth { "true" } else { "false" }),
        Data::DateTime(date) => push_date(grid, row, column, date),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            grid.push(row, column, CellType::Date, text.trim_end_matches("T00:00:00"))
        }
        Data::Error(error) => {
            let text = error.to_string();
            grid.flaw(Code::ErrorCell, row, column, text.as_str());
            grid.push(row, column, CellType::Error, &text)
        }
    }
}

fn push_date(grid: &mut Grid<'_>, row: u32, column: usize, date: &ExcelDateTime) -> Result<(), Error> {
    let serial = date.as_f64();
    // calamine keeps the epoch to itself; it shows in what it makes of a day that both epochs have.
    let epoch = if date.to_ymd_hms_milli().0 >= 1904 && is_1904(date) { Epoch::Y1904 } else { Epoch::Y1900 };
    let text = if date.is_duration() { format::duration(serial) } else { format::date(serial, epoch) };
    match text {
        Ok(text) => grid.push(row, column, CellType::Date, &text),
        Err(code) => {
            grid.flaw(code, row, column, format!("serial {serial}"));
            grid.push(row, column, CellType::Number, &format::shortest(serial))
        }
    }
}

/// Whether calamine reads this date four years and a day later than the 1900 epoch would.
fn is_1904(date: &ExcelDateTime) -> bool {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let seen = format!("{year:04}-{month:02}-{day:02}");
    format::date(date.as_f64().floor(), Epoch::Y1904).is_ok_and(|text| text == seen)
}
