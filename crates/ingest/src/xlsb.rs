//! XLSB: the parts of XLSX as binary records (MS-XLSB). Cells are streamed into the grid as those of XLSX are.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use model::cell::CellType;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format::{self, Epoch, Format};
use crate::grid::{self, Grid, LAST_ROW};
use crate::package::{Package, uninflated};
use crate::settings::Limits;
use crate::value;
use crate::workbook::{Area, Sheet};
use crate::worksheet::{COLUMNS, KEPT};
use crate::xlsx::{Named, Relation, read_sheets, relations};

/// Bytes of one record that are read; Excel's longest hold a text of 32,767 characters.
const LONGEST: u64 = 1 << 20;

/// What the cells of all sheets refer to.
#[derive(Default)]
struct Shared {
    epoch: Epoch,
    /// By style index.
    formats: Vec<Format>,
    strings: Vec<String>,
}

pub(crate) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let book = "xl/workbook.bin";
    let mut shared = Shared::default();
    let named = sheets(package, book, &mut shared)?;
    let relations = relations(package, book)?;
    let target =
        |kind: &str| relations.values().find(|found| found.kind == kind).map(|found| found.target.as_str());
    read_formats(package, target("styles").unwrap_or("xl/styles.bin"), &mut shared)?;
    read_strings(package, target("sharedStrings").unwrap_or("xl/sharedStrings.bin"), &mut shared)?;
    read_sheets(named, &relations, limits, |relation, limits, sheet| {
        read_cells(package, &relation.target, &shared, limits, sheet)?;
        read_tables(package, relation, sheet)
    })
}

/// Records of a part: a type and bytes each.
struct Records<'a> {
    part: Box<dyn BufRead + 'a>,
    name: String,
    limit: u64,
    bytes: Vec<u8>,
}

/// The types of the records that are read (MS-XLSB 2.3.2).
mod record {
    pub(super) const ROW: u32 = 0;
    pub(super) const FIRST_CELL: u32 = 1;
    pub(super) const FORMULA_ERROR: u32 = 11;
    pub(super) const FIRST_SHORT: u32 = 12;
    pub(super) const LAST_SHORT: u32 = 18;
    pub(super) const STRING: u32 = 19;
    pub(super) const FORMAT: u32 = 44;
    pub(super) const XF: u32 = 47;
    pub(super) const COLUMNS: u32 = 60;
    pub(super) const RICH_CELL: u32 = 62;
    pub(super) const BEGIN_SHEET: u32 = 129;
    pub(super) const END_DATA: u32 = 146;
    pub(super) const WORKBOOK: u32 = 153;
    pub(super) const BUNDLE: u32 = 156;
    pub(super) const MERGED: u32 = 176;
    pub(super) const TABLE: u32 = 343;
    pub(super) const BEGIN_XFS: u32 = 617;
    pub(super) const END_XFS: u32 = 618;
}

impl Records<'_> {
    fn open<'a>(package: &'a mut Package<'_>, name: &str) -> Result<Option<Records<'a>>, Error> {
        let limit = package.limit;
        let part = package.part(name)?;
        Ok(part.map(|part| Records { part, name: name.to_owned(), limit, bytes: Vec::new() }))
    }

    /// The type of the next record, its bytes in `self.bytes`; none at the end.
    fn next(&mut self) -> Result<Option<u32>, Error> {
        let Some(kind) = self.number(2)? else { return Ok(None) };
        let length = self.number(4)?.ok_or_else(|| self.broken("ends within a record"))?;
        if u64::from(length) > LONGEST {
            return Err(self.broken("has a record longer than any"));
        }
        self.bytes.clear();
        let read = self.part.by_ref().take(u64::from(length)).read_to_end(&mut self.bytes);
        match read {
            Ok(read) if read == length as usize => Ok(Some(kind)),
            Ok(_) => Err(self.broken("ends within a record")),
            Err(error) => Err(uninflated(&self.name, self.limit, &error)),
        }
    }

    /// A number of at most so many bytes, seven bits each; a record's type keeps the eighth bit of its first byte.
    fn number(&mut self, most: u32) -> Result<Option<u32>, Error> {
        let mut number = 0;
        for index in 0..most {
            let mut byte = [0];
            match self.part.read(&mut byte) {
                Ok(0) if index == 0 => return Ok(None),
                Ok(0) => return Err(self.broken("ends within a record")),
                Ok(_) => {}
                Err(error) => return Err(uninflated(&self.name, self.limit, &error)),
            }
            number |= u32::from(byte[0] & 0x7f) << (7 * index);
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        Ok(Some(number))
    }

    fn broken(&self, why: &str) -> Error {
        Error::Workbook(format!("its part {} {why}", self.name))
    }
}

impl Bytes<'_> {
    /// A text with its length in UTF-16 units before it, and where it ends.
    fn text(&self, at: usize) -> Option<(String, usize)> {
        let length = self.u32(at)? as usize;
        if length == u32::MAX as usize {
            return Some((String::new(), at + 4));
        }
        let end = length.checked_mul(2)?.checked_add(at + 4)?;
        let units = self.0.get(at + 4..end)?;
        let units = units.as_chunks::<2>().0.iter().map(|&unit| u16::from_le_bytes(unit));
        Some((char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect(), end))
    }
}

/// The sheets in order, and the epoch.
fn sheets(package: &mut Package<'_>, book: &str, shared: &mut Shared) -> Result<Vec<Named>, Error> {
    let mut sheets = Vec::new();
    let Some(mut records) = Records::open(package, book)? else { return Ok(sheets) };
    while let Some(kind) = records.next()? {
        let bytes = Bytes(&records.bytes);
        match kind {
            record::WORKBOOK if bytes.0.first().is_some_and(|flags| flags & 1 == 1) => {
                shared.epoch = Epoch::Y1904
            }
            record::BUNDLE => {
                let named = || {
                    let (relation, end) = bytes.text(8)?;
                    let (name, _) = bytes.text(end)?;
                    Some(Named { name, hidden: bytes.u32(0)? != 0, relation })
                };
                // A record that cannot be read leaves a sheet without a part: it is told of as broken.
                let nameless = || Named {
                    name: format!("sheet {}", sheets.len() + 1),
                    hidden: false,
                    relation: String::new(),
                };
                let named = named().unwrap_or_else(nameless);
                sheets.push(named);
            }
            _ => {}
        }
    }
    Ok(sheets)
}

fn read_formats(package: &mut Package<'_>, part: &str, shared: &mut Shared) -> Result<(), Error> {
    let Some(mut records) = Records::open(package, part)? else { return Ok(()) };
    let mut declared: BTreeMap<u16, Format> = BTreeMap::new();
    let mut in_cells = false;
    while let Some(kind) = records.next()? {
        let bytes = Bytes(&records.bytes);
        match kind {
            record::FORMAT => {
                let code = bytes.text(2).map(|(code, _)| format::of_code(&code));
                declared.extend(bytes.u16(0).zip(code));
            }
            record::BEGIN_XFS => in_cells = true,
            record::END_XFS => in_cells = false,
            record::XF if in_cells => {
                let id = bytes.u16(2).unwrap_or(0);
                let format = declared.get(&id).copied().or_else(|| format::built_in(id.into()));
                shared.formats.push(format.unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_strings(package: &mut Package<'_>, part: &str, shared: &mut Shared) -> Result<(), Error> {
    let Some(mut records) = Records::open(package, part)? else { return Ok(()) };
    while let Some(kind) = records.next()? {
        if kind == record::STRING {
            let text = Bytes(&records.bytes).text(1);
            shared.strings.push(text.ok_or_else(|| records.broken("holds a broken text"))?.0);
        }
    }
    Ok(())
}

fn read_cells(
    package: &mut Package<'_>,
    part: &str,
    shared: &Shared,
    limits: &Limits,
    sheet: &mut Sheet,
) -> Result<(), Error> {
    let Some(mut records) = Records::open(package, part)? else {
        sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, "its part is not in the file"));
        return Ok(());
    };
    grid::fill(sheet, limits, |sheet, grid| read_records(&mut records, shared, sheet, grid))
}

fn read_records(
    records: &mut Records<'_>,
    shared: &Shared,
    sheet: &mut Sheet,
    grid: &mut Grid<'_>,
) -> Result<(), Error> {
    let (mut row, mut next_column) = (0, 0);
    let (mut is_sheet, mut is_whole) = (false, false);
    while let Some(kind) = records.next()? {
        let bytes = Bytes(&records.bytes);
        let short = || Error::Workbook(format!("row {row} has a record that ends early"));
        match kind {
            record::BEGIN_SHEET => is_sheet = true,
            record::END_DATA => is_whole = true,
            record::ROW => {
                let number = bytes.u32(0).ok_or_else(short)?;
                row = number.saturating_add(1);
                next_column = 0;
                if row > LAST_ROW {
                    return Err(Error::Workbook(format!("row {row} is outside of any sheet")));
                }
                if bytes.0.get(11).is_some_and(|flags| flags & 0x10 != 0) && sheet.hidden_rows.len() < KEPT {
                    sheet.hidden_rows.push(row);
                }
            }
            record::FIRST_CELL..=record::FORMULA_ERROR | record::RICH_CELL => {
                let column = bytes.u32(0).ok_or_else(short)? as usize;
                next_column = push_cell(kind, &bytes, (row, column), 4, shared, grid)?.ok_or_else(short)?;
            }
            // The column after the last one, of a cell without its own.
            record::FIRST_SHORT..=record::LAST_SHORT => {
                let kind = kind - record::FIRST_SHORT + record::FIRST_CELL;
                next_column =
                    push_cell(kind, &bytes, (row, next_column), 0, shared, grid)?.ok_or_else(short)?;
            }
            record::COLUMNS => describe_columns(&bytes, sheet),
            record::MERGED if sheet.merged.len() < KEPT => sheet.merged.extend(area(&bytes)),
            _ => {}
        }
    }
    match (is_sheet, is_whole) {
        (true, true) => Ok(()),
        (false, _) => Err(Error::Workbook("its part holds no worksheet".to_owned())),
        (true, false) => Err(Error::Workbook("its part ends within its cells".to_owned())),
    }
}

/// Pushes a cell whose style stands at `style`, its value behind that; the column after it, or none where the record is
/// too short.
fn push_cell(
    kind: u32,
    bytes: &Bytes<'_>,
    (row, column): (u32, usize),
    style: usize,
    shared: &Shared,
    grid: &mut Grid<'_>,
) -> Result<Option<usize>, Error> {
    if row == 0 || column >= COLUMNS {
        return Err(Error::Workbook(format!("row {row}, column {} is outside of any sheet", column + 1)));
    }
    let value = style + 4;
    let format = || {
        let style = (bytes.u32(style)? & 0x00ff_ffff) as usize;
        Some(shared.formats.get(style).copied().unwrap_or_default())
    };
    let byte = bytes.0.get(value).copied();
    let number = match kind {
        2 => bytes.u32(value).map(value::compact_number),
        5 | 9 => bytes.f64(value),
        _ => None,
    };
    let pushed = match kind {
        1 => Some(Ok(())),
        2 | 5 | 9 => number
            .zip(format())
            .map(|(number, format)| value::push_number(grid, row, column, number, format, shared.epoch)),
        3 | 11 => byte.map(|code| value::push_error(grid, row, column, value::error_name(code))),
        4 | 10 => byte.map(|truth| value::push_truth(grid, row, column, truth != 0)),
        6 | 8 => bytes.text(value).map(|(text, _)| value::push_text(grid, row, column, &text)),
        record::RICH_CELL => {
            bytes.text(value + 1).map(|(text, _)| value::push_text(grid, row, column, &text))
        }
        7 => bytes.u32(value).map(|index| match shared.strings.get(index as usize) {
            Some(text) => value::push_text(grid, row, column, text),
            None => {
                grid.flaw(Code::MissingText, row, column, index.to_string());
                grid.push(row, column, CellType::Error, "")
            }
        }),
        _ => Some(Ok(())),
    };
    match pushed {
        Some(pushed) => pushed.map(|()| Some(column + 1)),
        None => Ok(None),
    }
}

fn describe_columns(bytes: &Bytes<'_>, sheet: &mut Sheet) {
    let is_hidden = bytes.u16(16).is_some_and(|flags| flags & 1 == 1);
    if let (true, Some(first), Some(last)) = (is_hidden, bytes.u32(0), bytes.u32(4)) {
        let columns = (first..=last.min(COLUMNS as u32 - 1)).filter_map(|column| u16::try_from(column).ok());
        sheet.hidden_columns.extend(columns.take(COLUMNS.saturating_sub(sheet.hidden_columns.len())));
    }
}

/// Rows and columns, first and last, from 0.
fn area(bytes: &Bytes<'_>) -> Option<Area> {
    let row = |at| bytes.u32(at).and_then(|row| row.checked_add(1)).filter(|row| *row <= LAST_ROW);
    let column =
        |at| bytes.u32(at).filter(|column| *column < COLUMNS as u32).and_then(|c| u16::try_from(c).ok());
    Some(Area { first_row: row(0)?, last_row: row(4)?, first_column: column(8)?, last_column: column(12)? })
}

/// The named tables of a sheet.
fn read_tables(package: &mut Package<'_>, sheet_part: &Relation, sheet: &mut Sheet) -> Result<(), Error> {
    let tables = relations(package, &sheet_part.target)?;
    for table in tables.into_values().filter(|relation| relation.kind == "table") {
        let Some(mut records) = Records::open(package, &table.target)? else { continue };
        while let Some(kind) = records.next()? {
            if kind == record::TABLE {
                let bytes = Bytes(&records.bytes);
                let name = bytes.text(64).and_then(|(_, end)| bytes.text(end)).map(|(name, _)| name);
                sheet.tables.extend(name.zip(area(&bytes)));
                break;
            }
        }
    }
    sheet.tables.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(())
}
