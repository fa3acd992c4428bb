//! What the user may fix about a sheet, and the caps that guard the reader. No reading here.

use model::cell::Batch;

/// What the user fixes about one file; everything else is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// A WHATWG label: `utf-8`, `windows-1251`.
    pub encoding: Option<String>,
    /// What separates fields; one or more characters.
    pub delimiter: Option<String>,
    /// The quote character; ASCII.
    pub quote: Option<Mark>,
    /// The character before a quote that belongs to the text, where it is not the quote itself; ASCII.
    pub escape: Option<Mark>,
    /// Lines that start with this ASCII character are no rows.
    pub comment: Option<char>,
    /// Where the header is.
    pub header: Option<HeaderAt>,
    /// Lines or rows at the top that are no part of the table.
    pub skip: u32,
}

/// A dialect's mark: a character, or declared absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The dialect has none.
    Absent,
    /// The dialect has this one.
    Char(char),
}

/// Where the header of a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderAt {
    /// The sheet has no header: its first row is data.
    Nowhere,
    /// The header is this line or row, from 1.
    Row(u32),
    /// The names span rows: the first line or row, from 1, and how many.
    Rows(u32, u32),
}

/// Caps of the reader; each error that one raises names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Lines of a CSV, rows of a worksheet.
    pub rows: u32,
    /// Columns of a row.
    pub columns: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Cells that a workbook may hold in all its sheets, counted with the gaps between them.
    pub cells: usize,
    /// Bytes of all parts of a zipped workbook, inflated and counted.
    pub inflated_bytes: u64,
}

impl Limits {
    /// The caps for a workbook of so many bytes: what a small file says of itself may be a hundred times as much, and no
    /// more.
    pub fn of_workbook(bytes: u64) -> Self {
        let usual = Self::default();
        let cells = (bytes.saturating_mul(64)).saturating_add(8_000_000);
        Self {
            cells: usize::try_from(cells).unwrap_or(usize::MAX).min(usual.cells),
            inflated_bytes: bytes.saturating_mul(256).clamp(64 << 20, usual.inflated_bytes),
            ..usual
        }
    }

    /// What the sheets that are still to come may take.
    pub(crate) fn after(&self, batches: &[Batch]) -> Self {
        let cells: usize = batches.iter().map(|batch| batch.ends.len()).sum();
        Self { cells: self.cells.saturating_sub(cells), ..self.clone() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 100_000_000,
            columns: 16_384,
            cell_bytes: 1 << 20,
            cells: 50_000_000,
            inflated_bytes: 768 << 20,
        }
    }
}
