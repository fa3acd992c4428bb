//! The cells of one XLSX worksheet, streamed from its XML, each with the type and text that the next stage reads.

use std::io::BufRead;

use model::cell::CellType;
use quick_xml::events::{BytesStart, Event};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format;
use crate::grid::{self, CELLS, Grid, LAST_ROW};
use crate::package::{Package, Xml, append_text, attribute};
use crate::pieces;
use crate::settings::Limits;
use crate::value;
use crate::workbook::{Area, Sheet};
use crate::xlsx::Shared;

/// Columns of a worksheet.
pub(crate) const COLUMNS: usize = 16_384;

/// Hidden rows, merged areas and the like that are kept of one sheet.
pub(crate) const KEPT: usize = 1_000_000;

/// What a cell's `t` says.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Type {
    #[default]
    Number,
    Shared,
    Formula,
    Inline,
    Boolean,
    Error,
    Date,
}

/// The cell that is being read.
#[derive(Default)]
struct Reading {
    row: u32,
    column: usize,
    stated: Type,
    style: usize,
    value: String,
    has_value: bool,
    has_formula: bool,
}

/// Where in the XML of a cell the text belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    InlineText,
    Phonetic,
}

/// Reads the worksheet of part `part` into `sheet`.
pub(crate) fn read(
    package: &mut Package<'_>,
    part: &str,
    shared: &Shared,
    limits: &Limits,
    sheet: &mut Sheet,
) -> Result<(), Error> {
    if package.tried(part, |xml| read_pieces(xml, shared, limits, sheet))? {
        return Ok(());
    }
    let Some(mut xml) = package.xml(part)? else {
        sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, "its part is not in the file"));
        return Ok(());
    };
    grid::fill(sheet, limits, |sheet, grid| match read_events(&mut xml, 0, shared, sheet, grid)? {
        true => Ok(()),
        false => Err(Error::Workbook("its part holds no worksheet".to_owned())),
    })
}

/// Reads a large worksheet in pieces. Where that cannot be done, `sheet` is as it was.
fn read_pieces(part: &mut dyn BufRead, shared: &Shared, limits: &Limits, sheet: &mut Sheet) -> Option<()> {
    let name = sheet.name.clone();
    // What a piece may hold does not depend on how many are read at once.
    let of_piece = Limits { cells: limits.cells.min(CELLS), ..limits.clone() };
    let read = |piece: &[u8]| {
        let (mut rows, mut grid) = (Sheet::default(), Grid::new(&name, &of_piece));
        // A row without a number would come after the last one of any sheet, which is an error.
        read_events(&mut Xml::of_text(piece), LAST_ROW, shared, &mut rows, &mut grid).ok()?;
        (rows.batches, rows.flaws) = grid.in_order()?;
        let are_rows = rows.merged.is_empty() && rows.hidden_columns.is_empty();
        are_rows.then_some(rows)
    };
    let mut whole = Sheet { name: name.clone(), hidden: sheet.hidden, ..Sheet::default() };
    let mut cells = 0;
    let take = |rows: Sheet| {
        cells += rows.batches.iter().map(|batch| batch.ends.len()).sum::<usize>();
        let last = whole.batches.last().and_then(|batch| batch.rows.last());
        let first = rows.batches.first().and_then(|batch| batch.rows.first());
        let is_in_order = first.is_none() || last < first;
        whole.batches.extend(rows.batches);
        whole.flaws.extend(rows.flaws);
        whole.hidden_rows.extend(rows.hidden_rows);
        (is_in_order && cells <= limits.cells).then_some(())
    };
    let frame = pieces::each(part, "row", read, take)?;
    whole.hidden_rows.truncate(KEPT);
    let mut grid = Grid::new(&name, limits);
    let is_sheet = read_events(&mut Xml::of_text(&frame), LAST_ROW, shared, &mut whole, &mut grid).ok()?;
    // A row that is written in another way than the first one is left over here.
    let (batches, flaws) = grid.in_order()?;
    (is_sheet && batches.is_empty() && flaws.is_empty()).then(|| *sheet = whole)
}

/// Reads the cells of some XML whose rows come after the row `before`, and gives whether it is a worksheet.
fn read_events(
    xml: &mut Xml<'_>,
    before: u32,
    shared: &Shared,
    sheet: &mut Sheet,
    grid: &mut Grid<'_>,
) -> Result<bool, Error> {
    let mut cell = Reading { row: before, ..Reading::default() };
    let mut inside = Inside::Nothing;
    let mut is_sheet = false;
    while let Some(event) = xml.next()? {
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "row" => start_row(element, &mut cell, sheet)?,
                "c" => start_cell(element, &mut cell)?,
                "v" => (inside, cell.has_value) = (Inside::Value, true),
                "t" if inside != Inside::Phonetic => (inside, cell.has_value) = (Inside::InlineText, true),
                "rPh" => inside = Inside::Phonetic,
                "f" => cell.has_formula = true,
                "worksheet" => is_sheet = true,
                name => describe(name, element, sheet)?,
            },
            Event::Empty(element) => match element.local_name().as_ref() {
                "row" => start_row(element, &mut cell, sheet)?,
                "c" => start_cell(element, &mut cell)?,
                "f" => cell.has_formula = true,
                "v" => cell.has_value = cell.stated == Type::Formula,
                "worksheet" => is_sheet = true,
                name => describe(name, element, sheet)?,
            },
            Event::End(element) => match element.local_name().as_ref() {
                "c" => end_cell(&mut cell, shared, grid)?,
                "v" | "t" if inside != Inside::Phonetic => inside = Inside::Nothing,
                "rPh" => inside = Inside::Nothing,
                _ => {}
            },
            event if matches!(inside, Inside::Value | Inside::InlineText) => {
                append_text(event, &mut cell.value)
            }
            _ => {}
        }
    }
    Ok(is_sheet)
}

fn start_row(element: &BytesStart<'_>, cell: &mut Reading, sheet: &mut Sheet) -> Result<(), Error> {
    let (mut number, mut hidden) = (None, false);
    for attribute in element.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => number = Some(attribute.value.parse::<u32>().unwrap_or(0)),
            "hidden" => hidden = matches!(attribute.value.as_ref(), "1" | "true"),
            _ => {}
        }
    }
    cell.row = number.unwrap_or(cell.row + 1);
    cell.column = usize::MAX;
    if !(1..=LAST_ROW).contains(&cell.row) {
        return Err(Error::Workbook(format!("row {} is outside of any sheet", cell.row)));
    }
    if hidden && sheet.hidden_rows.len() < KEPT {
        sheet.hidden_rows.push(cell.row);
    }
    Ok(())
}

fn start_cell(element: &BytesStart<'_>, cell: &mut Reading) -> Result<(), Error> {
    cell.value.clear();
    (cell.has_value, cell.has_formula, cell.stated, cell.style) = (false, false, Type::Number, 0);
    cell.column = cell.column.wrapping_add(1);
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => {
                let outside = || Error::Workbook(format!("cell {value} is outside of any sheet"));
                (cell.row, cell.column) = address(value).ok_or_else(outside)?;
            }
            "s" => cell.style = value.parse().unwrap_or(0),
            "t" => {
                cell.stated = match value {
                    "s" => Type::Shared,
                    "str" => Type::Formula,
                    "inlineStr" => Type::Inline,
                    "b" => Type::Boolean,
                    "e" => Type::Error,
                    "d" => Type::Date,
                    _ => Type::Number,
                }
            }
            _ => {}
        }
    }
    if cell.column >= COLUMNS || cell.row == 0 {
        return Err(Error::Workbook(format!("column {} is outside of any sheet", cell.column + 1)));
    }
    Ok(())
}

fn end_cell(cell: &mut Reading, shared: &Shared, grid: &mut Grid<'_>) -> Result<(), Error> {
    let (row, column) = (cell.row, cell.column);
    if !cell.has_value {
        if cell.has_formula {
            grid.flaw(Code::FormulaWithoutValue, row, column, "");
            grid.push(row, column, CellType::Error, "")?;
        }
        return Ok(());
    }
    let value = std::mem::take(&mut cell.value);
    match cell.stated {
        Type::Number => {
            let format = shared.formats.get(cell.style).copied().unwrap_or_default();
            value::push_written(grid, row, column, value.trim_ascii(), format, shared.epoch)?;
        }
        Type::Shared => match value.trim_ascii().parse().ok().and_then(|index| shared.string(index)) {
            Some(text) => value::push_text(grid, row, column, text)?,
            None => {
                grid.flaw(Code::MissingText, row, column, value.as_str());
                grid.push(row, column, CellType::Error, "")?;
            }
        },
        Type::Formula | Type::Inline => {
            let mut text = value.clone();
            unescape(&mut text, 0);
            value::push_text(grid, row, column, &text)?;
        }
        Type::Boolean => {
            value::push_truth(grid, row, column, matches!(value.trim_ascii(), "1" | "true"))?;
        }
        Type::Error => value::push_error(grid, row, column, &value)?,
        Type::Date => grid.push(row, column, CellType::Date, format::iso(value.trim_ascii()))?,
    }
    cell.value = value;
    Ok(())
}

/// What else a worksheet says: hidden columns, merged cells.
fn describe(name: &str, element: &BytesStart<'_>, sheet: &mut Sheet) -> Result<(), Error> {
    match name {
        "col" if matches!(attribute(element, "hidden").as_deref(), Some("1" | "true")) => {
            let number = |name| attribute(element, name).and_then(|number| number.parse::<usize>().ok());
            if let (Some(first), Some(last)) = (number("min"), number("max")) {
                let columns =
                    (first.max(1)..=last.min(COLUMNS)).filter_map(|column| u16::try_from(column - 1).ok());
                sheet.hidden_columns.extend(columns.take(COLUMNS.saturating_sub(sheet.hidden_columns.len())));
            }
        }
        "mergeCell" if sheet.merged.len() < KEPT => {
            sheet.merged.extend(attribute(element, "ref").and_then(|merged| area(&merged)));
        }
        _ => {}
    }
    Ok(())
}

/// Row from 1 and column from 0 of an address such as `C14`; none where no sheet has it.
fn address(text: &str) -> Option<(u32, usize)> {
    let (mut column, mut row) = (0usize, 0u32);
    let mut letters = 0;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 && letters < 3 => {
                letters += 1;
                column = column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' if row <= LAST_ROW => row = row * 10 + u32::from(byte - b'0'),
            b'$' => {}
            _ => return None,
        }
    }
    (letters > 0 && column <= COLUMNS && (1..=LAST_ROW).contains(&row)).then(|| (row, column - 1))
}

/// An area such as `A1:C14`, or a single cell.
pub(crate) fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let ((first_row, first_column), (last_row, last_column)) = (address(first)?, address(last)?);
    Some(Area {
        first_row: first_row.min(last_row),
        last_row: last_row.max(first_row),
        first_column: u16::try_from(first_column.min(last_column)).ok()?,
        last_column: u16::try_from(last_column.max(first_column)).ok()?,
    })
}

/// Replaces `_x000D_` and its like (ECMA-376 part 1, 22.9.2.19) in the text from `start` on.
pub(crate) fn unescape(text: &mut String, start: usize) {
    if !text[start..].contains("_x") {
        return;
    }
    let tail = text.split_off(start);
    let mut rest = tail.as_str();
    while let Some(at) = rest.find("_x") {
        text.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                text.push(character);
                rest = &rest[at + 7..];
            }
            None => {
                text.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    text.push_str(rest);
}
