//! How the columns of a foreign sheet become those of the contract: names, constants, what is left
//! out. No cell is read here, and none is moved: that is [`arrange`](crate::arrange)'s part.

use model::cell::{CellRef, SheetName};
use model::contract::{SheetColumn, SheetKind};

use crate::language::Languages;
use crate::period::DayOrder;
use crate::quantity::Convention;

/// What the configuration says of one sheet.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// What its rows are.
    pub kind: SheetKind,
    /// Header in the sheet, column of the contract.
    pub columns: Vec<(String, String)>,
    /// Column of the contract, the value of every row. `{name}` in it is that row's cell of the
    /// column or header `name`; `{row}`, `{sheet}` and `{file}` are where it stands.
    pub constants: Vec<(String, String)>,
    /// Column of the contract; what its cells say, and what is read instead.
    pub values: Vec<(String, Vec<(String, String)>)>,
    /// Headers that are left out on purpose; `*` and `?` as in a shell.
    pub ignore: Vec<String>,
    /// Columns whose empty cells repeat the one above.
    pub fill_down: Vec<String>,
    /// Rows that are left out: a column, and what its cell says; `*` and `?` as in a shell, an empty
    /// text is an empty cell.
    pub skip_rows_where: Vec<(String, Vec<String>)>,
    /// Columns that become rows.
    pub unpivot: Option<Unpivot>,
    /// What becomes of a unit that stands in the header of `value`.
    pub header_unit: HeaderUnit,
    /// Cells that mean "nothing here" besides the empty one.
    pub null: Vec<String>,
    /// Which of comma and point is the decimal one where the cell itself does not say.
    pub convention: Convention,
    /// Whether `01/02/2024` starts with the day or the month; unknown is an error.
    pub day_order: DayOrder,
    /// The languages of its cells.
    pub languages: Languages,
}

/// Columns of one meaning that stand side by side: each of their cells becomes a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpivot {
    /// Their headers; `*` and `?` as in a shell, `2015..2024` a range of whole numbers.
    pub columns: Vec<String>,
    /// The contract column that the header goes to, or a pattern of several: `{indicator} {period}`.
    pub to: String,
    /// The contract column that the cell goes to.
    pub cell: String,
}

/// What becomes of a unit that stands in the header of `value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderUnit {
    /// It is the unit of the cells below, where no column or constant gives one.
    Read,
    /// It is a part of the name.
    Ignored,
}

impl Mapping {
    /// A sheet whose headers are the contract's.
    pub fn plain(kind: SheetKind) -> Self {
        Self {
            kind,
            columns: Vec::new(),
            constants: Vec::new(),
            values: Vec::new(),
            ignore: Vec::new(),
            fill_down: Vec::new(),
            skip_rows_where: Vec::new(),
            unpivot: None,
            header_unit: HeaderUnit::Read,
            null: Vec::new(),
            convention: Convention::RunningText,
            day_order: DayOrder::Unknown,
            languages: Languages::ALL,
        }
    }

    /// What a cell says: nothing where its text means that.
    pub(crate) fn said<'a>(&self, text: &'a str) -> &'a str {
        if self.null.iter().any(|null| null == text) { "" } else { text }
    }

    /// What is read instead of `text` in the contract column `column`.
    pub(crate) fn translated<'a>(&'a self, column: &str, text: &'a str) -> &'a str {
        let words = self.values.iter().find(|(of, _)| of == column).map(|(_, words)| words);
        let found = words.and_then(|words| words.iter().find(|(says, _)| says == text));
        found.map_or(text, |(_, means)| means)
    }
}

/// Where the value of a contract column comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The sheet's column, from 0; past its last one, a column that was made from others.
    Cell(u16),
    /// The constant at this index of the mapping.
    Constant(u16),
    /// The sheet has no such column.
    Absent,
}

/// A sheet whose header is mapped onto the contract, ready for its rows.
#[derive(Debug, Clone)]
pub struct BoundSheet {
    /// Its index in the run's list of sheets.
    pub index: u16,
    /// Its file and name.
    pub name: SheetName,
    /// Its mapping, with the constants that its header gives.
    pub mapping: Mapping,
    pub(crate) slots: Vec<Slot>,
    /// Columns of the sheet.
    pub(crate) width: usize,
    /// Of each column that was made from others, the one of the sheet that it stands for.
    pub(crate) made_from: Vec<u16>,
    /// Where a constant stands that the header gives, by the constant's index.
    pub(crate) in_header: Vec<(u16, CellRef)>,
}

impl BoundSheet {
    /// Every column of the contract, and where its value comes from.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static SheetColumn, Slot)> {
        self.mapping.kind.columns().iter().zip(self.slots.iter().copied())
    }

    /// Where the value of the contract column `column` comes from.
    pub(crate) fn slot(&self, column: &str) -> Slot {
        contract_index(self.mapping.kind, column).map_or(Slot::Absent, |index| self.slots[index])
    }

    /// The position in the sheet of a row's cell; of what the sheet does not hold, the row's first.
    pub(crate) fn cell(&self, slot: Slot, row: u32) -> CellRef {
        let column = match slot {
            Slot::Cell(column) => match usize::from(column).checked_sub(self.width) {
                Some(made) => self.made_from.get(made).copied().unwrap_or(0),
                None => column,
            },
            Slot::Constant(constant) => match self.in_header.iter().find(|(of, _)| *of == constant) {
                Some((_, cell)) => return *cell,
                None => 0,
            },
            Slot::Absent => 0,
        };
        CellRef { sheet: self.index, column, row }
    }
}

pub(crate) fn contract_index(kind: SheetKind, name: &str) -> Option<usize> {
    kind.columns().iter().position(|column| column.name == name)
}

/// A header as it is compared: its words, one blank between them.
pub fn folded(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ")
}
