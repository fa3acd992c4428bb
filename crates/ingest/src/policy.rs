//! What a caller may declare about a workbook's sheet before it is read as a table: only a part of it, without what
//! is hidden, merged cells filled. Every cell keeps its address.

use std::collections::{BTreeMap, BTreeSet};

use model::cell::{Batch, CellType};

use crate::error::Error;
use crate::settings::Limits;
use crate::workbook::{Area, Sheet};

/// The sheet with nothing but the cells of `area`.
pub fn within(sheet: Sheet, area: Area) -> Sheet {
    let columns = usize::from(area.first_column)..=usize::from(area.last_column);
    let rows = area.first_row..=area.last_row;
    let mut sheet = rebuilt(
        sheet,
        |row| rows.contains(&row),
        |_, column| {
            if columns.contains(&column) { Cell::Kept } else { Cell::Emptied }
        },
    );
    sheet.flaws.retain(|flaw| flaw.row == 0 || rows.contains(&flaw.row));
    sheet.flaws.retain(|flaw| flaw.column.is_none_or(|column| columns.contains(&usize::from(column))));
    sheet
}

/// The sheet without its hidden rows, and its hidden columns emptied.
pub fn without_hidden(sheet: Sheet) -> Sheet {
    let rows: BTreeSet<u32> = sheet.hidden_rows.iter().copied().collect();
    let columns: BTreeSet<usize> = sheet.hidden_columns.iter().map(|&column| usize::from(column)).collect();
    let mut sheet = rebuilt(
        sheet,
        |row| !rows.contains(&row),
        |_, column| {
            if columns.contains(&column) { Cell::Emptied } else { Cell::Kept }
        },
    );
    sheet.flaws.retain(|flaw| !rows.contains(&flaw.row));
    sheet.flaws.retain(|flaw| flaw.column.is_none_or(|column| !columns.contains(&usize::from(column))));
    sheet
}

/// The sheet with the text of each merged area's first cell in all its cells, in rows that hold anything.
///
/// # Errors
/// Where the areas cover more cells than the limit.
pub fn fill_merged(sheet: Sheet, limits: &Limits) -> Result<Sheet, Error> {
    let rows: Vec<u32> = sheet.batches.iter().flat_map(|batch| batch.rows.iter().copied()).collect();
    let mut covered: BTreeMap<(u32, usize), (u32, usize)> = BTreeMap::new();
    for area in &sheet.merged {
        let first = (area.first_row, usize::from(area.first_column));
        let start = rows.partition_point(|&row| row < area.first_row);
        for &row in rows[start..].iter().take_while(|&&row| row <= area.last_row) {
            for column in usize::from(area.first_column)..=usize::from(area.last_column) {
                covered.insert((row, column), first);
            }
            if covered.len() > limits.cells {
                return Err(Error::Limit {
                    setting: "cells",
                    what: "merged cells",
                    limit: limits.cells as u64,
                    place: format!("{}!{row}", sheet.name),
                });
            }
        }
    }
    let firsts: BTreeSet<(u32, usize)> = covered.values().copied().collect();
    let mut values = BTreeMap::new();
    for batch in &sheet.batches {
        for (row, &number) in batch.rows.iter().enumerate() {
            for &(_, column) in firsts.range((number, 0)..=(number, usize::MAX)) {
                values.insert(
                    (number, column),
                    (batch.cell_type(row, column), batch.get(row, column).to_owned()),
                );
            }
        }
    }
    let widest = covered.keys().map(|cell| cell.1 + 1).max().unwrap_or(0);
    let mut sheet = sheet;
    for batch in &mut sheet.batches {
        widen(batch, widest);
    }
    Ok(rebuilt(
        sheet,
        |_| true,
        |row, column| match covered.get(&(row, column)).and_then(|first| values.get(first)) {
            Some((cell_type, text)) => Cell::Replaced(*cell_type, text.clone()),
            None => Cell::Kept,
        },
    ))
}

/// What becomes of a cell.
enum Cell {
    Kept,
    Emptied,
    Replaced(CellType, String),
}

fn rebuilt(mut sheet: Sheet, keeps_row: impl Fn(u32) -> bool, cell: impl Fn(u32, usize) -> Cell) -> Sheet {
    for batch in &mut sheet.batches {
        let mut new = Batch::new(batch.width);
        for (row, &number) in batch.rows.iter().enumerate().filter(|row| keeps_row(*row.1)) {
            for column in 0..batch.width {
                let cell_type = match cell(number, column) {
                    Cell::Emptied => CellType::Empty,
                    Cell::Kept => {
                        new.text.push_str(batch.get(row, column));
                        batch.cell_type(row, column)
                    }
                    Cell::Replaced(cell_type, text) => {
                        new.text.push_str(&text);
                        cell_type
                    }
                };
                new.ends.push(u32::try_from(new.text.len()).unwrap_or(u32::MAX));
                new.types.push(cell_type);
            }
            new.rows.push(number);
        }
        *batch = new;
    }
    sheet.batches.retain(|batch| !batch.is_empty());
    sheet
}

/// Adds empty columns at the right, up to `width`.
fn widen(batch: &mut Batch, width: usize) {
    if width <= batch.width {
        return;
    }
    let mut new = Batch {
        text: std::mem::take(&mut batch.text),
        rows: std::mem::take(&mut batch.rows),
        ..Batch::new(width)
    };
    for row in 0..new.rows.len() {
        let cells = row * batch.width..(row + 1) * batch.width;
        new.ends.extend_from_slice(&batch.ends[cells.clone()]);
        new.types.extend_from_slice(&batch.types[cells]);
        let end = new.ends.last().copied().unwrap_or(0);
        new.ends.resize((row + 1) * width, end);
        new.types.resize((row + 1) * width, CellType::Empty);
    }
    *batch = new;
}
