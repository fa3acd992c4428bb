//! Cells as they come from a workbook, gathered into batches of rows. Sparse: a cell far to the right or far below
//! costs no more than what the cap on cells allows.

use std::collections::BTreeMap;

use model::cell::{Batch, CellType, column_letters};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::settings::Limits;
use crate::workbook::Sheet;

/// Rows of a batch.
const ROWS: usize = 16_384;

/// Cells of a batch, counted with the gaps.
pub(crate) const CELLS: usize = 4 << 20;

/// Rows of a worksheet in every format.
pub(crate) const LAST_ROW: u32 = 1_048_576;

/// Gathers the cells of one sheet.
pub(crate) struct Grid<'a> {
    limits: &'a Limits,
    sheet: String,
    batches: Vec<Batch>,
    /// Cells of finished batches, counted with the gaps.
    cells: usize,
    open: Open,
    /// Cells that came after a cell further down or right.
    late: Vec<(u32, usize, CellType, String)>,
    flaws: Vec<Flaw>,
}

/// The batch that is being filled: rows of their own widths.
#[derive(Default)]
struct Open {
    text: String,
    ends: Vec<u32>,
    types: Vec<CellType>,
    /// Each row's number, and where its cells start.
    rows: Vec<(u32, usize)>,
    width: usize,
}

impl Open {
    /// Column after the last cell of the last row.
    fn next_column(&self) -> usize {
        self.rows.last().map_or(0, |row| self.ends.len() - row.1)
    }

    fn push(&mut self, cell_type: CellType) {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.types.push(cell_type);
    }

    fn close(self) -> Batch {
        let cells = self.rows.len() * self.width;
        let mut batch = Batch {
            width: self.width,
            text: self.text,
            ends: Vec::with_capacity(cells),
            types: Vec::with_capacity(cells),
            rows: self.rows.iter().map(|row| row.0).collect(),
        };
        for (index, &(_, start)) in self.rows.iter().enumerate() {
            let stop = self.rows.get(index + 1).map_or(self.ends.len(), |next| next.1);
            batch.ends.extend_from_slice(&self.ends[start..stop]);
            batch.types.extend_from_slice(&self.types[start..stop]);
            let end = batch.ends.last().copied().unwrap_or(0);
            batch.ends.resize((index + 1) * self.width, end);
            batch.types.resize((index + 1) * self.width, CellType::Empty);
        }
        batch
    }
}

impl<'a> Grid<'a> {
    pub(crate) fn new(sheet: &str, limits: &'a Limits) -> Self {
        Self {
            limits,
            sheet: sheet.to_owned(),
            batches: Vec::new(),
            cells: 0,
            open: Open::default(),
            late: Vec::new(),
            flaws: Vec::new(),
        }
    }

    /// Adds a cell; row from 1, column from 0. Empty cells need not be added.
    pub(crate) fn push(
        &mut self,
        row: u32,
        column: usize,
        cell_type: CellType,
        text: &str,
    ) -> Result<(), Error> {
        if column >= self.limits.columns {
            return Err(self.exceeded("columns", "columns", self.limits.columns, row, column));
        }
        if row > self.limits.rows {
            return Err(self.exceeded("rows", "rows", self.limits.rows as usize, row, column));
        }
        if text.len() > self.limits.cell_bytes {
            return Err(self.exceeded("cell_bytes", "bytes in a cell", self.limits.cell_bytes, row, column));
        }
        let last =
            self.open.rows.last().map(|last| last.0).or_else(|| Some(*self.batches.last()?.rows.last()?));
        match last {
            Some(last)
                if row < last
                    || (row == last && (self.open.rows.is_empty() || column < self.open.next_column())) =>
            {
                self.late.push((row, column, cell_type, text.to_owned()));
                return Ok(());
            }
            Some(last) if row == last => {}
            _ => self.start_row(row, column)?,
        }
        while self.open.next_column() < column {
            self.open.push(CellType::Empty);
        }
        self.open.text.push_str(text);
        self.open.push(cell_type);
        self.open.width = self.open.width.max(column + 1);
        if self.cells + self.open.rows.len() * self.open.width > self.limits.cells {
            return Err(self.exceeded(
                "cells",
                "cells, counted with the gaps between them,",
                self.limits.cells,
                row,
                column,
            ));
        }
        Ok(())
    }

    fn start_row(&mut self, row: u32, column: usize) -> Result<(), Error> {
        let rows = self.open.rows.len();
        let width = self.open.width.max(column + 1);
        if rows >= ROWS || (rows + 1) * width > CELLS || self.open.text.len() > 1 << 30 {
            self.close_batch();
        }
        self.open.rows.push((row, self.open.ends.len()));
        Ok(())
    }

    fn close_batch(&mut self) {
        let open = std::mem::take(&mut self.open);
        if !open.rows.is_empty() {
            self.cells += open.rows.len() * open.width;
            self.batches.push(open.close());
        }
    }

    pub(crate) fn flaw(&mut self, code: Code, row: u32, column: usize, detail: impl Into<Box<str>>) {
        self.flaws.push(Flaw::cell(code, row, column, detail));
    }

    fn exceeded(
        &self,
        setting: &'static str,
        what: &'static str,
        limit: usize,
        row: u32,
        column: usize,
    ) -> Error {
        let letters =
            u16::try_from(column).map_or_else(|_| format!("column {}, row ", column + 1), column_letters);
        Error::Limit { setting, what, limit: limit as u64, place: format!("{}!{letters}{row}", self.sheet) }
    }

    /// The same as [`Grid::finish`], where no cell came late.
    pub(crate) fn in_order(self) -> Option<(Vec<Batch>, Vec<Flaw>)> {
        if self.late.is_empty() { self.finish().ok() } else { None }
    }

    /// The batches, in order of rows, and what is wrong with their cells.
    pub(crate) fn finish(mut self) -> Result<(Vec<Batch>, Vec<Flaw>), Error> {
        self.close_batch();
        if !self.late.is_empty() {
            self.reorder()?;
        }
        self.flaws.sort();
        Ok((self.batches, self.flaws))
    }

    /// Puts late cells where they belong. Where an address has a cell already, the first one stays, and that is a flaw.
    fn reorder(&mut self) -> Result<(), Error> {
        let mut cells = BTreeMap::new();
        for batch in std::mem::take(&mut self.batches) {
            for row in 0..batch.len() {
                for column in 0..batch.width {
                    let cell_type = batch.cell_type(row, column);
                    if cell_type != CellType::Empty {
                        cells.insert(
                            (batch.rows[row], column),
                            (cell_type, batch.get(row, column).to_owned()),
                        );
                    }
                }
            }
        }
        let mut flaws = std::mem::take(&mut self.flaws);
        for (row, column, cell_type, text) in std::mem::take(&mut self.late) {
            match cells.get(&(row, column)) {
                Some((_, first)) => {
                    let detail = format!("`{first}`, then `{text}`");
                    flaws.push(Flaw::cell(Code::DuplicateAddress, row, column, detail));
                }
                None => {
                    cells.insert((row, column), (cell_type, text));
                }
            }
        }
        let mut sorted = Grid::new(&self.sheet, self.limits);
        for ((row, column), (cell_type, text)) in cells {
            sorted.push(row, column, cell_type, &text)?;
        }
        sorted.close_batch();
        self.batches = sorted.batches;
        self.flaws = flaws;
        Ok(())
    }
}

/// Fills a sheet with what `read` puts into its grid. Where its part breaks off, what came before stays, with a flaw.
pub(crate) fn fill(
    sheet: &mut Sheet,
    limits: &Limits,
    read: impl FnOnce(&mut Sheet, &mut Grid<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut grid = Grid::new(&sheet.name, limits);
    let ended = read(sheet, &mut grid);
    let (batches, flaws) = grid.finish()?;
    sheet.batches = batches;
    sheet.flaws.extend(flaws);
    match ended {
        Err(Error::Workbook(reason)) => sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, reason)),
        other => other?,
    }
    Ok(())
}
