//! ODS: the sheets of an OpenDocument spreadsheet, zipped or flat, streamed from its one XML (OpenDocument 1.3 part 3,
//! chapter 9). What one cell holds is [`cell`]'s part.
//!
//! A streaming pass of our own, because a row or cell may say that it stands there a million times: such a sheet costs
//! no more than the cap on cells allows.

mod cell;

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::{BytesStart, Event};

use self::cell::{Cell, Held};
use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::grid::{Grid, LAST_ROW};
use crate::package::{Package, Xml, attribute};
use crate::settings::Limits;
use crate::workbook::{Area, Sheet, with_password};
use crate::worksheet::{self, COLUMNS, KEPT};

/// Reads a zipped spreadsheet.
pub(crate) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    if let Some(mut xml) = package.xml("META-INF/manifest.xml")? {
        while let Some(event) = xml.next()? {
            if let Event::Start(element) | Event::Empty(element) = event
                && element.local_name().as_ref() == "encryption-data"
            {
                return Err(with_password("an ODS with a password"));
            }
        }
    }
    match package.xml("content.xml")? {
        Some(mut xml) => read_xml(&mut xml, limits),
        None => Err(Error::Workbook("it has no part content.xml".to_owned())),
    }
}

/// Reads a spreadsheet that is one XML.
pub(crate) fn read_xml(xml: &mut Xml<'_>, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let mut document = Document::default();
    let mut limits = limits.clone();
    loop {
        let event = match xml.next() {
            Ok(Some(event)) => event,
            Ok(None) => break,
            // What came before is read, as far as it is whole.
            Err(Error::Workbook(reason)) if !document.sheets.is_empty() => {
                document.sheets.push(Sheet {
                    flaws: vec![Flaw::row(Code::BrokenSheet, 0, reason)],
                    name: "content.xml".to_owned(),
                    ..Sheet::default()
                });
                break;
            }
            Err(error) => return Err(error),
        };
        let (Event::Start(element) | Event::Empty(element)) = &event else { continue };
        let is_open = matches!(event, Event::Start(_));
        match element.local_name().as_ref() {
            "spreadsheet" => document.is_spreadsheet = true,
            name @ ("text" | "presentation" | "drawing" | "chart")
                if is_open && element.name().as_ref().starts_with("office:") =>
            {
                let found = format!("an OpenDocument {name}, not a spreadsheet");
                return Err(Error::NotASheet { found, hint: "copy its table into a workbook" });
            }
            "style" => document.style = attribute(element, "name").unwrap_or_default(),
            "table-properties" if attribute(element, "display").as_deref() == Some("false") => {
                document.hidden_styles.insert(document.style.clone());
            }
            "database-range" => document.name_table(element),
            "table" if is_open && document.is_spreadsheet => {
                let sheet = Sheet {
                    name: attribute(element, "name").unwrap_or_default(),
                    hidden: attribute(element, "style-name")
                        .is_some_and(|style| document.hidden_styles.contains(&style)),
                    ..Sheet::default()
                };
                let sheet = Table::new(sheet, &limits).read(xml)?;
                if !is_cache(&sheet.name) {
                    limits = limits.after(&sheet.batches);
                    document.sheets.push(sheet);
                }
            }
            _ => {}
        }
    }
    document.sheets()
}

#[derive(Default)]
struct Document {
    is_spreadsheet: bool,
    /// The style that is being declared.
    style: String,
    /// Styles of sheets that are not shown.
    hidden_styles: BTreeSet<String>,
    /// By sheet, the named tables.
    tables: BTreeMap<String, Vec<(String, Area)>>,
    sheets: Vec<Sheet>,
}

impl Document {
    /// `table:target-range-address="Sheet1.A1:Sheet1.C14"`.
    fn name_table(&mut self, element: &BytesStart<'_>) {
        let address = attribute(element, "target-range-address").unwrap_or_default();
        let mut sheet = None;
        let cells: Vec<String> = address
            .split(':')
            .filter_map(|corner| corner.rsplit_once('.'))
            .map(|(name, cell)| {
                let name = name.trim_start_matches('$').trim_matches('\'').replace("''", "'");
                sheet.get_or_insert(name);
                cell.to_owned()
            })
            .collect();
        let area = worksheet::area(&cells.join(":"));
        if let (Some(name), Some(sheet), Some(area)) = (attribute(element, "name"), sheet, area) {
            self.tables.entry(sheet).or_default().push((name, area));
        }
    }

    fn sheets(mut self) -> Result<Vec<Sheet>, Error> {
        if !self.is_spreadsheet {
            return Err(Error::NotASheet {
                found: "an OpenDocument without a spreadsheet in it".to_owned(),
                hint: "export the workbook again",
            });
        }
        for sheet in &mut self.sheets {
            sheet.tables = self.tables.remove(&sheet.name).unwrap_or_default();
            sheet.tables.sort_by(|one, other| one.0.cmp(&other.0));
        }
        Ok(self.sheets)
    }
}

/// Whether a table of this name is what formulas remember of another file: `'file:///tmp/prices.ods'#Sheet1`. A sheet
/// that is linked to another file has a source too, but a name of its own.
fn is_cache(name: &str) -> bool {
    name.strip_prefix('\'').is_some_and(|name| name.contains(':') && name.contains("'#"))
}

/// The sheet that is being read.
struct Table<'a> {
    sheet: Sheet,
    grid: Grid<'a>,
    limits: &'a Limits,
    /// The row that is being read, from 1, and how often it stands there.
    row: u32,
    row_repeat: u32,
    /// The column after the last cell, from 0.
    column: usize,
    /// Its cells with content: the first column, how often, what.
    held: Vec<(usize, usize, Held)>,
    /// The column after the last one described, from 0.
    described: usize,
}

impl<'a> Table<'a> {
    fn new(sheet: Sheet, limits: &'a Limits) -> Self {
        let grid = Grid::new(&sheet.name, limits);
        Self { sheet, grid, limits, row: 0, row_repeat: 1, column: 0, held: Vec::new(), described: 0 }
    }

    /// Reads to the end of the table.
    fn read(mut self, xml: &mut Xml<'_>) -> Result<Sheet, Error> {
        let ended = self.read_events(xml);
        let (batches, flaws) = self.grid.finish()?;
        let mut sheet = self.sheet;
        let last = batches.last().and_then(|batch| batch.rows.last()).copied().unwrap_or(0);
        sheet.hidden_rows.retain(|&row| row <= last);
        sheet.batches = batches;
        sheet.flaws = flaws;
        match ended {
            Err(Error::Workbook(reason)) => sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, reason)),
            other => other?,
        }
        Ok(sheet)
    }

    fn read_events(&mut self, xml: &mut Xml<'_>) -> Result<(), Error> {
        // Elements within the row that are no cells of it: a table within a table.
        let mut nested = 0_usize;
        let mut next_row = 1_u32;
        while let Some(event) = xml.next()? {
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "table" => nested += 1,
                Event::End(element) if element.local_name().as_ref() == "table" => {
                    match nested.checked_sub(1) {
                        Some(outer) => nested = outer,
                        None => return Ok(()),
                    }
                }
                _ if nested > 0 => {}
                Event::Start(element) | Event::Empty(element) => {
                    let is_open = matches!(event, Event::Start(_));
                    match element.local_name().as_ref() {
                        "table-column" => self.describe_column(element),
                        "table-row" => {
                            self.start_row(element, next_row);
                            next_row = next_row.saturating_add(self.row_repeat);
                        }
                        "table-cell" | "covered-table-cell" => {
                            let cell = Cell::open(element);
                            self.describe_cell(element);
                            let held = if is_open { cell.read(xml)? } else { cell.held() };
                            self.take(held);
                        }
                        "shapes" if is_open => skip(xml, "shapes")?,
                        _ => {}
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "table-row" => self.end_row()?,
                _ => {}
            }
        }
        Err(Error::Workbook("its XML ends within a sheet".to_owned()))
    }

    fn start_row(&mut self, element: &BytesStart<'_>, number: u32) {
        self.row = number;
        self.row_repeat = repeat(element, "number-rows-repeated");
        self.column = 0;
        self.held.clear();
        if is_hidden(element) {
            let last = number.saturating_add(self.row_repeat).min(LAST_ROW + 1);
            let room = KEPT.saturating_sub(self.sheet.hidden_rows.len());
            self.sheet.hidden_rows.extend((number..last).take(room));
        }
    }

    fn describe_column(&mut self, element: &BytesStart<'_>) {
        let count = repeat(element, "number-columns-repeated") as usize;
        let end = self.described.saturating_add(count).min(COLUMNS);
        if is_hidden(element) {
            let columns = (self.described..end).filter_map(|column| u16::try_from(column).ok());
            self.sheet.hidden_columns.extend(columns);
        }
        self.described = end;
    }

    /// How far the cell reaches where others are merged into it, and how often it stands there.
    fn describe_cell(&mut self, element: &BytesStart<'_>) {
        let (rows, columns) =
            (repeat(element, "number-rows-spanned"), repeat(element, "number-columns-spanned"));
        if (rows > 1 || columns > 1) && self.sheet.merged.len() < KEPT {
            let last = |first: u32, count: u32| first.saturating_add(count).saturating_sub(1);
            let column = |column: u32| u16::try_from(column.min(COLUMNS as u32 - 1)).unwrap_or(u16::MAX);
            let first = self.column as u32;
            self.sheet.merged.push(Area {
                first_row: self.row,
                last_row: last(self.row, rows).min(LAST_ROW),
                first_column: column(first),
                last_column: column(last(first, columns)),
            });
        }
        self.held.push((self.column, repeat(element, "number-columns-repeated") as usize, Held::Nothing));
        self.column = self.column.saturating_add(repeat(element, "number-columns-repeated") as usize);
    }

    /// Takes what the last cell holds.
    fn take(&mut self, held: Held) {
        match (held, self.held.last_mut()) {
            (Held::Nothing, _) => {
                self.held.pop();
            }
            (held, Some(last)) => last.2 = held,
            (_, None) => {}
        }
    }

    /// Pushes the cells of the row, as often as it stands there.
    fn end_row(&mut self) -> Result<(), Error> {
        let cells: usize = self.held.iter().map(|held| held.1).fold(0, usize::saturating_add);
        if cells == 0 {
            return Ok(());
        }
        let last = self.row.saturating_add(self.row_repeat).saturating_sub(1);
        if cells.saturating_mul(self.row_repeat as usize) > self.limits.cells {
            return Err(Error::Limit {
                setting: "cells",
                what: "cells, repeats counted,",
                limit: self.limits.cells as u64,
                place: format!("{}!A{}", self.sheet.name, self.row),
            });
        }
        if last > LAST_ROW {
            return Err(Error::Workbook(format!("row {last} is outside of any sheet")));
        }
        for row in self.row..=last {
            for (first, count, held) in &self.held {
                for column in *first..first.saturating_add(*count) {
                    held.push(&mut self.grid, row, column)?;
                }
            }
        }
        self.held.clear();
        Ok(())
    }
}

/// Passes over an element whose start was read.
fn skip(xml: &mut Xml<'_>, name: &str) -> Result<(), Error> {
    let mut depth = 1;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) if element.local_name().as_ref() == name => depth += 1,
            Event::End(element) if element.local_name().as_ref() == name => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    Ok(())
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    matches!(attribute(element, "visibility").as_deref(), Some("collapse" | "filter"))
}

fn repeat(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|count| count.trim().parse().ok()).unwrap_or(1).max(1)
}
