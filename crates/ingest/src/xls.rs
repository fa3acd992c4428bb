//! XLS: the sheets of a stream of records, from Excel 2 to 2003. Records and texts are [`biff`](crate::biff)'s part, the
//! file around the stream is [`cfb`](crate::cfb)'s.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use model::cell::CellType;

use crate::biff::{Length, Record, Records, Texts, Version, code_page};
use crate::bytes::Bytes;
use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format::{self, Epoch, Format};
use crate::grid::Grid;
use crate::settings::Limits;
use crate::value;
use crate::workbook::{Area, Sheet, with_password};
use crate::worksheet::KEPT;

/// Columns of a worksheet of this format.
const COLUMNS: u16 = 256;

/// What the cells of all sheets refer to.
struct Shared {
    version: Version,
    epoch: Epoch,
    /// Of texts before Excel 97.
    encoding: &'static Encoding,
    /// By style index; before Excel 3, in the order of the formats.
    formats: Vec<Format>,
    strings: Vec<String>,
}

/// A sheet as the workbook names it, and its records.
struct Named<'a> {
    sheet: Sheet,
    is_grid: bool,
    records: Option<&'a [u8]>,
}

/// Reads the sheets of a workbook's stream.
pub(crate) fn read(stream: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let first = Records { rest: stream }.next();
    let version = first.as_ref().and_then(Version::of);
    let (Some(first), Some(version)) = (first, version) else {
        return Err(Error::Workbook("its stream does not start as a workbook's does".to_owned()));
    };
    let mut shared = Shared {
        version,
        epoch: Epoch::Y1900,
        encoding: encoding_rs::WINDOWS_1252,
        formats: Vec::new(),
        strings: Vec::new(),
    };
    let mut named = read_globals(stream, &mut shared)?;
    if named.is_empty() && is_sheet(&first) {
        let sheet = Sheet { name: "Sheet1".to_owned(), ..Sheet::default() };
        named.push(Named { sheet, is_grid: true, records: Some(stream) });
    }
    let mut limits = limits.clone();
    let mut sheets = Vec::with_capacity(named.len());
    for named in named {
        let sheet = read_sheet(named, &shared, &limits)?;
        limits = limits.after(&sheet.batches);
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Whether a stream that starts so is one sheet alone.
fn is_sheet(first: &Record<'_>) -> bool {
    first.head().u16(2) == Some(0x0010)
}

/// Formats, texts and the names of the sheets.
fn read_globals<'a>(stream: &'a [u8], shared: &mut Shared) -> Result<Vec<Named<'a>>, Error> {
    let mut named = Vec::new();
    let mut declared: BTreeMap<u16, Format> = BTreeMap::new();
    let mut styles: Vec<u16> = Vec::new();
    let mut records = Records { rest: stream };
    let mut depth = 0;
    while let Some(record) = records.next() {
        let head = record.head();
        match record.kind {
            0x0009 | 0x0209 | 0x0409 | 0x0809 => depth += 1,
            0x000a if depth <= 1 => break,
            0x000a => depth -= 1,
            0x002f => return Err(with_password("an XLS with a password")),
            0x0042 => shared.encoding = code_page(head.u16(0).unwrap_or(0)),
            0x0022 if head.u16(0) == Some(1) => shared.epoch = Epoch::Y1904,
            0x001e | 0x041e => {
                let declared_so_far = declared.len() as u16;
                declared.extend(format_of(&record, declared_so_far, shared));
            }
            0x0043 => styles.push(head.u8(2).map_or(0, |byte| u16::from(byte & 0x3f))),
            0x0243 | 0x0443 => styles.push(head.u8(1).map_or(0, u16::from)),
            0x00e0 => styles.push(head.u16(2).unwrap_or(0)),
            0x0085 => {
                // A record that cannot be read leaves a sheet without records: it is told of as broken.
                let nameless = || Named {
                    sheet: Sheet { name: format!("sheet {}", named.len() + 1), ..Sheet::default() },
                    is_grid: true,
                    records: None,
                };
                named.push(bound_sheet(&record, stream, shared).unwrap_or_else(nameless));
            }
            // A sheet of Excel 4 in a file of several.
            0x008f => {
                let mut texts = Texts::of(&record, 4, shared.version, shared.encoding);
                let name = texts.next(Length::Short).unwrap_or_default();
                let sheet = Sheet { name, ..Sheet::default() };
                named.push(Named { sheet, is_grid: true, records: Some(records.rest) });
            }
            0x00fc => shared.strings = shared_strings(&record, shared),
            _ => {}
        }
    }
    shared.formats = if shared.version == Version::Two {
        declared.into_values().collect()
    } else {
        let format =
            |id| declared.get(&id).copied().or_else(|| format::built_in(id.into())).unwrap_or_default();
        styles.into_iter().map(format).collect()
    };
    Ok(named)
}

/// A number format and its id: before Excel 5, its place in the order of the formats.
fn format_of(record: &Record<'_>, index: u16, shared: &Shared) -> Option<(u16, Format)> {
    let (id, at, length) = match shared.version {
        Version::Two | Version::Three => (index, 0, Length::Short),
        Version::Four => (index, 2, Length::Short),
        Version::Five => (record.head().u16(0)?, 2, Length::Short),
        Version::Eight => (record.head().u16(0)?, 2, Length::Long),
    };
    let code = Texts::of(record, at, shared.version, shared.encoding).next(length)?;
    Some((id, format::of_code(&code)))
}

fn bound_sheet<'a>(record: &Record<'_>, stream: &'a [u8], shared: &Shared) -> Option<Named<'a>> {
    let head = record.head();
    let name = Texts::of(record, 6, shared.version, shared.encoding).next(Length::Short)?;
    Some(Named {
        sheet: Sheet { name: name.replace('\0', ""), hidden: head.u8(4)? & 3 != 0, ..Sheet::default() },
        is_grid: head.u8(5)? == 0,
        records: stream.get(head.u32(0)? as usize..),
    })
}

fn shared_strings(record: &Record<'_>, shared: &Shared) -> Vec<String> {
    let mut texts = Texts::of(record, 8, shared.version, shared.encoding);
    let mut strings = Vec::new();
    while !texts.is_at_end() {
        match texts.next(Length::Long) {
            Some(text) => strings.push(text),
            None => break,
        }
    }
    strings
}

fn read_sheet(named: Named<'_>, shared: &Shared, limits: &Limits) -> Result<Sheet, Error> {
    let Named { mut sheet, is_grid, records } = named;
    if !is_grid {
        sheet.flaws.push(Flaw::row(Code::NotAGrid, 0, ""));
        return Ok(sheet);
    }
    let mut records = Records { rest: records.unwrap_or_default() };
    if records.next().as_ref().and_then(Version::of).is_none() {
        sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, "its records are not where the workbook says"));
        return Ok(sheet);
    }
    let mut cells = Cells { shared, grid: Grid::new(&sheet.name, limits), awaits_text: None };
    let is_whole = cells.read(records, &mut sheet)?;
    let (batches, flaws) = cells.grid.finish()?;
    sheet.batches = batches;
    sheet.flaws.extend(flaws);
    if !is_whole {
        sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, "its records end early"));
    }
    Ok(sheet)
}

/// The cells of one sheet.
struct Cells<'a> {
    shared: &'a Shared,
    grid: Grid<'a>,
    /// The formula whose text follows.
    awaits_text: Option<(u32, usize)>,
}

impl Cells<'_> {
    /// Whether the sheet's end was there.
    fn read(&mut self, records: Records<'_>, sheet: &mut Sheet) -> Result<bool, Error> {
        // A chart within the sheet has records like those of cells.
        let mut depth = 0;
        for record in records {
            let head = record.head();
            match record.kind {
                0x0009 | 0x0209 | 0x0409 | 0x0809 => depth += 1,
                0x000a if depth == 0 => {
                    self.give_up_text()?;
                    return Ok(true);
                }
                0x000a => depth -= 1,
                _ if depth > 0 => {}
                0x0208 => {
                    let is_hidden = head.u16(12).is_some_and(|flags| flags & 0x20 != 0);
                    if is_hidden && sheet.hidden_rows.len() < KEPT {
                        sheet.hidden_rows.extend(head.u16(0).map(|row| u32::from(row) + 1));
                    }
                }
                0x007d => describe_columns(head, sheet),
                0x00e5 if sheet.merged.len() < KEPT => sheet.merged.extend(merged(head)),
                0x0007 | 0x0207 => {
                    if let Some((row, column)) = self.awaits_text.take() {
                        let text = self.text(&record, 0).unwrap_or_default();
                        value::push_text(&mut self.grid, row, column, &text)?;
                    }
                }
                kind => {
                    if self.cell(kind, &record)?.is_none() {
                        return Ok(false);
                    }
                }
            }
        }
        self.give_up_text()?;
        // Sheets before Excel 5 may end with the file.
        Ok(self.shared.version < Version::Five)
    }

    /// A formula whose text never came.
    fn give_up_text(&mut self) -> Result<(), Error> {
        let Some((row, column)) = self.awaits_text.take() else { return Ok(()) };
        self.grid.flaw(Code::FormulaWithoutValue, row, column, "");
        self.grid.push(row, column, CellType::Error, "")
    }

    /// Pushes the cell of a record; none where the record is too short for what it says.
    fn cell(&mut self, kind: u16, record: &Record<'_>) -> Result<Option<()>, Error> {
        // Shared formulas and their like stand between a formula and its text.
        let is_cell = matches!(
            kind,
            0x0002..=0x0006 | 0x0203..=0x0206 | 0x0406 | 0x027e | 0x00bd | 0x00d6 | 0x00fd
        );
        if !is_cell {
            return Ok(Some(()));
        }
        self.give_up_text()?;
        let head = record.head();
        let Some((row, column)) = head.u16(0).zip(head.u16(2)) else { return Ok(None) };
        let (row, column) = (u32::from(row) + 1, usize::from(column));
        let at = if self.shared.version == Version::Two { 7 } else { 6 };
        let epoch = self.shared.epoch;
        let pushed = match kind {
            0x00bd => return self.compact_numbers(head, row, column),
            0x0002 => head.u16(at).map(|number| {
                let format = self.format(head, 4);
                value::push_number(&mut self.grid, row, column, number.into(), format, epoch)
            }),
            0x0003 | 0x0203 => head.f64(at).map(|number| {
                let format = self.format(head, 4);
                value::push_number(&mut self.grid, row, column, number, format, epoch)
            }),
            0x027e => head.u32(at).map(|bits| {
                let format = self.format(head, 4);
                value::push_number(&mut self.grid, row, column, value::compact_number(bits), format, epoch)
            }),
            0x0005 | 0x0205 => head.u8(at).zip(head.u8(at + 1)).map(|(value, is_error)| match is_error {
                0 => value::push_truth(&mut self.grid, row, column, value != 0),
                _ => value::push_error(&mut self.grid, row, column, value::error_name(value)),
            }),
            0x00fd => head.u32(at).map(|index| match self.shared.strings.get(index as usize) {
                Some(text) => value::push_text(&mut self.grid, row, column, text),
                None => {
                    self.grid.flaw(Code::MissingText, row, column, index.to_string());
                    self.grid.push(row, column, CellType::Error, "")
                }
            }),
            0x0004 | 0x0204 | 0x00d6 => {
                self.text(record, at).map(|text| value::push_text(&mut self.grid, row, column, &text))
            }
            _ => self.formula(head, at, row, column),
        };
        pushed.transpose()
    }

    /// The value that a formula had when it was saved.
    fn formula(&mut self, head: Bytes<'_>, at: usize, row: u32, column: usize) -> Option<Result<(), Error>> {
        if head.u16(at + 6)? != 0xffff {
            let (number, format) = (head.f64(at)?, self.format(head, 4));
            return Some(value::push_number(&mut self.grid, row, column, number, format, self.shared.epoch));
        }
        let value = head.u8(at + 2)?;
        Some(match head.u8(at)? {
            0 => {
                self.awaits_text = Some((row, column));
                Ok(())
            }
            1 => value::push_truth(&mut self.grid, row, column, value != 0),
            2 => value::push_error(&mut self.grid, row, column, value::error_name(value)),
            _ => Ok(()),
        })
    }

    /// A run of numbers of four bytes, each with its style.
    fn compact_numbers(&mut self, head: Bytes<'_>, row: u32, first: usize) -> Result<Option<()>, Error> {
        let count = head.0.len().saturating_sub(6) / 6;
        for index in 0..count {
            let at = 4 + index * 6;
            let Some(bits) = head.u32(at + 2) else { return Ok(None) };
            let (number, format) = (value::compact_number(bits), self.format(head, at));
            value::push_number(&mut self.grid, row, first + index, number, format, self.shared.epoch)?;
        }
        Ok(Some(()))
    }

    /// The format of a cell whose style stands at `at`.
    fn format(&self, head: Bytes<'_>, at: usize) -> Format {
        let index = match self.shared.version {
            Version::Two => head.u8(at + 1).map(|byte| usize::from(byte & 0x3f)),
            _ => head.u16(at).map(usize::from),
        };
        index.and_then(|index| self.shared.formats.get(index)).copied().unwrap_or_default()
    }

    fn text(&self, record: &Record<'_>, at: usize) -> Option<String> {
        let length = if self.shared.version == Version::Two { Length::Short } else { Length::Long };
        Texts::of(record, at, self.shared.version, self.shared.encoding).next(length)
    }
}

fn describe_columns(head: Bytes<'_>, sheet: &mut Sheet) {
    let is_hidden = head.u16(8).is_some_and(|flags| flags & 1 == 1);
    if let (true, Some(first), Some(last)) = (is_hidden, head.u16(0), head.u16(2)) {
        let room = usize::from(COLUMNS).saturating_sub(sheet.hidden_columns.len());
        sheet.hidden_columns.extend((first..=last.min(COLUMNS - 1)).take(room));
    }
}

fn merged(head: Bytes<'_>) -> impl Iterator<Item = Area> + '_ {
    let areas = head.from(2).0.as_chunks::<8>().0.iter();
    areas.take(usize::from(head.u16(0).unwrap_or(0))).filter_map(|area| {
        let at = |index: usize| Bytes(area).u16(index * 2);
        Some(Area {
            first_row: u32::from(at(0)?) + 1,
            last_row: u32::from(at(1)?) + 1,
            first_column: at(2)?,
            last_column: at(3)?,
        })
    })
}
