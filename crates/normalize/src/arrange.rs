//! How any layout becomes rows of the contract, before a cell is read: columns that stand side by
//! side become rows, empty cells repeat the one above, rows are left out by rule, columns are made
//! from others. Every cell keeps the position that it has in the sheet.
//!
//! A sheet whose years stand across is read once for each year: a [`Face`] is the sheet as seen from
//! one of those columns. Its other columns, their positions and their text are shared, so nothing is
//! copied where nothing is made.

mod bind;
mod make;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use model::cell::{Batch, CellType, SheetName};
use model::finding::Finding;

pub use self::bind::{known_names, unused_entries};
use self::make::Made;
use crate::mapping::{BoundSheet, Mapping};
use crate::wildcard;

/// A sheet as the contract sees it.
#[derive(Debug, Clone)]
pub struct Arrangement {
    /// One for each column that becomes rows; one where none does.
    pub faces: Vec<Face>,
    /// Columns whose empty cells repeat the one above.
    pub fill_down: FillDown,
    /// What there is to say of a header that is read all the same.
    pub notes: Vec<Finding>,
}

/// A sheet as seen from one of the columns that become rows.
#[derive(Debug, Clone)]
pub struct Face {
    /// The columns of the contract and where they come from.
    pub sheet: BoundSheet,
    /// The column that becomes rows, where one does.
    across: Option<usize>,
    /// Columns and what a row that is left out says there.
    skip: Vec<(usize, Vec<String>)>,
    made: Vec<Made>,
}

/// The rows of a batch that are read, and what became of the others.
#[derive(Debug)]
pub struct Arranged<'a> {
    /// The rows to read.
    pub batch: Cow<'a, Batch>,
    /// Rows left out by a rule, or because the column that became rows is empty there.
    pub skipped: usize,
    /// Rows without a filled cell that were left out here; others are the reader's to count.
    pub blank: usize,
    /// Rows that the caller refused.
    pub refused: usize,
}

/// What the empty cells of some columns repeat, from batch to batch.
#[derive(Debug, Clone, Default)]
pub struct FillDown {
    columns: Vec<usize>,
    above: Vec<String>,
}

/// Maps `header`, the names at line or row `header_row`, onto the contract.
///
/// # Errors
/// Every header that is neither mapped nor ignored, every required column that is missing, every
/// column that is there twice and every header that does not fit the pattern of those that become rows.
pub fn arrange(
    index: u16,
    name: SheetName,
    mapping: &Mapping,
    header: &[String],
    header_row: u32,
) -> Result<Arrangement, Vec<Finding>> {
    bind::Binder::new(index, name, mapping, header, header_row).arrangement()
}

impl Arrangement {
    /// The lines or rows of `batch` that a rule of the mapping leaves out, in the order of the sheet. The rules are the
    /// same for all faces.
    pub fn skipped<'a>(&'a self, batch: &'a Batch) -> impl Iterator<Item = u32> + 'a {
        let face = self.faces.first().filter(|face| !face.skip.is_empty());
        let skips = move |&row: &usize| face.is_some_and(|face| face.skips(batch, row));
        (0..batch.len()).filter(skips).map(|row| batch.rows[row])
    }
}

impl Face {
    /// The rows of `batch` that are read; `refuses` names rows by line or row that are not.
    pub fn rows<'a>(&self, batch: &'a Batch, refuses: &dyn Fn(u32) -> bool) -> Arranged<'a> {
        let is_refused = |row: usize| refuses(batch.rows[row]);
        let drops_rows = self.across.is_some() || !self.skip.is_empty() || (0..batch.len()).any(is_refused);
        if !drops_rows && self.made.is_empty() {
            return Arranged { batch: Cow::Borrowed(batch), skipped: 0, blank: 0, refused: 0 };
        }
        let mut rows = Batch::new(self.sheet.width + self.made.len());
        let (mut skipped, mut blank, mut refused) = (0, 0, 0);
        for row in 0..batch.len() {
            if batch.cells(row).all(|cell| cell.trim().is_empty()) {
                blank += 1;
            } else if is_refused(row) {
                refused += 1;
            } else if self.leaves_out(batch, row) {
                skipped += 1;
            } else {
                self.copy(batch, row, &mut rows);
            }
        }
        Arranged { batch: Cow::Owned(rows), skipped, blank, refused }
    }

    fn leaves_out(&self, batch: &Batch, row: usize) -> bool {
        let is_nothing = |column| self.sheet.mapping.said(batch.get(row, column).trim()).is_empty();
        self.across.is_some_and(is_nothing) || self.skips(batch, row)
    }

    /// Whether a rule of the mapping leaves the row out.
    fn skips(&self, batch: &Batch, row: usize) -> bool {
        let says = |column: usize| batch.get(row, column).trim();
        self.skip
            .iter()
            .any(|(column, texts)| texts.iter().any(|text| wildcard::matches(text, says(*column))))
    }

    fn copy(&self, batch: &Batch, row: usize, rows: &mut Batch) {
        let first_made = rows.ends.len() + self.sheet.width;
        let push = |rows: &mut Batch, text: &str| {
            rows.text.push_str(text);
            rows.ends.push(rows.text.len() as u32);
        };
        for column in 0..self.sheet.width {
            push(rows, batch.get(row, column));
        }
        for made in &self.made {
            let before = |index: usize| {
                let end = |at: usize| at.checked_sub(1).map_or(0, |at| rows.ends[at] as usize);
                &rows.text[end(first_made + index)..end(first_made + index + 1)]
            };
            let text = made.text(batch, row, &self.sheet, before).into_owned();
            push(rows, &text);
        }
        if !batch.types.is_empty() {
            rows.types.extend((0..self.sheet.width).map(|column| batch.cell_type(row, column)));
            rows.types.extend(self.made.iter().map(|made| made.cell_type(batch, row)));
        }
        rows.rows.push(batch.rows[row]);
    }
}

impl FillDown {
    /// Whether any column is filled.
    pub fn is_needed(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The batch with its empty cells filled. Batches come in the order of the sheet, and may end before a column
    /// that is filled; a blank row stays blank.
    pub fn fill(&mut self, batch: &Batch) -> Batch {
        let width = self.columns.iter().map(|column| column + 1).chain([batch.width]).max().unwrap_or(0);
        let mut filled = Batch { rows: batch.rows.clone(), ..Batch::new(width) };
        self.above.resize(self.columns.len(), String::new());
        for row in 0..batch.len() {
            let is_blank = batch.cells(row).all(|cell| cell.trim().is_empty());
            for column in 0..width {
                let (own, mut cell_type) = (batch.get(row, column), batch.cell_type(row, column));
                let position = self.columns.iter().position(|&filled| filled == column).filter(|_| !is_blank);
                match position {
                    Some(position) if own.trim().is_empty() => {
                        filled.text.push_str(&self.above[position]);
                        cell_type = CellType::Text;
                    }
                    Some(position) => {
                        own.clone_into(&mut self.above[position]);
                        filled.text.push_str(own);
                    }
                    None => filled.text.push_str(own),
                }
                filled.ends.push(filled.text.len() as u32);
                if !batch.types.is_empty() {
                    filled.types.push(cell_type);
                }
            }
        }
        filled
    }
}
