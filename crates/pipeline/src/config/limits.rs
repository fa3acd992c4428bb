//! `[settings.limits]`: the caps that guard a run against files that hold more than anybody meant.

use ingest::settings::Limits;
use serde::{Deserialize, Serialize};

/// Caps of reading, where the configuration sets them; the error that one raises names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Caps {
    /// Lines of a CSV, rows of a worksheet.
    rows: Option<u32>,
    /// Columns of a row.
    columns: Option<usize>,
    /// Bytes of one cell.
    cell_bytes: Option<usize>,
    /// Cells of a workbook, counted with the gaps between them.
    cells: Option<usize>,
    /// Bytes of all parts of a zipped workbook, inflated and counted.
    inflated_bytes: Option<u64>,
    /// Bytes of memory that the reader of a workbook may take.
    pub(crate) memory_bytes: Option<u64>,
    /// Seconds that the reader of a workbook may take.
    pub(crate) seconds: Option<u64>,
}

impl Caps {
    /// The caps on a CSV.
    pub(crate) fn on_csv(&self) -> Limits {
        self.instead_of(Limits::default())
    }

    /// The caps on a workbook of so many bytes.
    pub(crate) fn on_workbook(&self, bytes: u64) -> Limits {
        self.instead_of(Limits::of_workbook(bytes))
    }

    fn instead_of(&self, usual: Limits) -> Limits {
        Limits {
            rows: self.rows.unwrap_or(usual.rows),
            columns: self.columns.unwrap_or(usual.columns),
            cell_bytes: self.cell_bytes.unwrap_or(usual.cell_bytes),
            cells: self.cells.unwrap_or(usual.cells),
            inflated_bytes: self.inflated_bytes.unwrap_or(usual.inflated_bytes),
        }
    }
}
