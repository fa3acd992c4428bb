//! Cells as they were read: text with the type the file gave it, and the position an editor shows.

use serde::{Deserialize, Serialize};

/// What the file itself says a cell is. Every cell of a CSV is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum CellType {
    /// Nothing there.
    Empty,
    /// Text.
    Text,
    /// A number; the cell's text is its shortest decimal form, with `%` where the format says so.
    Number,
    /// A date or a date and time; the cell's text is ISO 8601.
    Date,
    /// A boolean; the cell's text is `true` or `false`.
    Boolean,
    /// An error value such as `#REF!`; the cell's text is its code.
    Error,
}

/// Consecutive rows of one sheet, all of one width: the unit of work between stages.
///
/// Cells lie row after row in one buffer, so a batch costs four allocations, not one a cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Cells in a row.
    pub width: usize,
    /// The text of all cells, one after the other.
    pub text: String,
    /// Where each cell's text ends in `text`; `width` entries a row.
    pub ends: Vec<u32>,
    /// Each cell's type; empty where all are text or empty (a CSV).
    pub types: Vec<CellType>,
    /// The line (CSV) or row (workbook) of each row, from 1, as an editor shows it.
    pub rows: Vec<u32>,
}

impl Batch {
    /// An empty batch of rows of `width` cells.
    pub fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the batch holds no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text of the cell at `row` and `column`, both from 0 within the batch; empty where the
    /// row ends before `column`.
    pub fn get(&self, row: usize, column: usize) -> &str {
        if column >= self.width {
            return "";
        }
        let index = row * self.width + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// The texts of the cells of `row`, in order.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = &str> {
        let first = row * self.width;
        let mut start = if first == 0 { 0 } else { self.ends[first - 1] as usize };
        self.ends[first..first + self.width].iter().map(move |&end| {
            let cell = &self.text[start..end as usize];
            start = end as usize;
            cell
        })
    }

    /// Whether the file says that the cell at `row` and `column` is of a type. No cell of a CSV is said to be of any.
    pub fn is_said(&self, row: usize, column: usize, cell_type: CellType) -> bool {
        column < self.width && self.types.get(row * self.width + column) == Some(&cell_type)
    }

    /// The type of the cell at `row` and `column`; empty where the row ends before `column`.
    pub fn cell_type(&self, row: usize, column: usize) -> CellType {
        if column >= self.width {
            return CellType::Empty;
        }
        match self.types.get(row * self.width + column) {
            Some(&cell_type) => cell_type,
            None if self.get(row, column).is_empty() => CellType::Empty,
            None => CellType::Text,
        }
    }
}

/// One sheet of one file: a whole CSV, or a sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetName {
    /// The file's path below the workspace, with `/`.
    pub file: String,
    /// The sheet's name; a CSV has none.
    pub sheet: Option<String>,
}

/// The position of a cell: the sheet by its index in the run's list of sheets, the line or row
/// from 1, the field or column from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Index into the run's list of [`SheetName`]s.
    pub sheet: u16,
    /// Column from 0.
    pub column: u16,
    /// Line (CSV) or row (workbook) from 1.
    pub row: u32,
}

impl CellRef {
    /// The position within its sheet: `C14` in a workbook, `line:field` in a CSV.
    pub fn address(&self, in_workbook: bool) -> String {
        if in_workbook {
            format!("{}{}", column_letters(self.column), self.row)
        } else {
            format!("{}:{}", self.row, u32::from(self.column) + 1)
        }
    }
}

/// The letters of a workbook column, from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_its_width_a_batch_is_empty() {
        let batch = Batch {
            width: 1,
            text: "ab".to_owned(),
            ends: vec![1, 2],
            types: vec![CellType::Text, CellType::Error],
            rows: vec![1, 2],
        };
        assert_eq!((batch.get(0, 1), batch.cell_type(0, 1)), ("", CellType::Empty));
        assert!(batch.cells(0).eq(["a"]) && batch.cells(1).eq(["b"]));
        assert!(!batch.is_said(0, 1, CellType::Error) && batch.is_said(1, 0, CellType::Error));
    }

    #[test]
    fn addresses() {
        let cell = CellRef { sheet: 0, column: 2, row: 14 };
        assert_eq!(cell.address(true), "C14");
        assert_eq!(cell.address(false), "14:3");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16383), "XFD");
    }
}
