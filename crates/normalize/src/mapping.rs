//! How the columns of a foreign sheet become those of the contract: names, constants, what is left
//! out. No cell is read here.

use model::cell::{CellRef, SheetName};
use model::contract::{Need, SheetColumn, SheetKind};
use model::finding::{Finding, Severity};

use crate::language::Languages;
use crate::nearest::nearest;
use crate::period::DayOrder;
use crate::quantity::Convention;

/// What the configuration says of one sheet.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// What its rows are.
    pub kind: SheetKind,
    /// Header in the sheet, column of the contract.
    pub columns: Vec<(String, String)>,
    /// Column of the contract, the value of every row.
    pub constants: Vec<(String, String)>,
    /// Headers that are left out on purpose.
    pub ignore: Vec<String>,
    /// Cells that mean "nothing here" besides the empty one.
    pub null: Vec<String>,
    /// Which of comma and point is the decimal one where the cell itself does not say.
    pub convention: Convention,
    /// Whether `01/02/2024` starts with the day or the month; unknown is an error.
    pub day_order: DayOrder,
    /// The languages of its cells.
    pub languages: Languages,
}

impl Mapping {
    /// A sheet whose headers are the contract's.
    pub fn plain(kind: SheetKind) -> Self {
        Self {
            kind,
            columns: Vec::new(),
            constants: Vec::new(),
            ignore: Vec::new(),
            null: Vec::new(),
            convention: Convention::RunningText,
            day_order: DayOrder::Unknown,
            languages: Languages::ALL,
        }
    }
}

/// Where the value of a contract column comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The sheet's column, from 0.
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
    /// Its mapping.
    pub mapping: Mapping,
    slots: Vec<Slot>,
}

impl BoundSheet {
    /// Maps `header`, the cells of the header row at line or row `header_row`, onto the contract.
    ///
    /// # Errors
    /// Every header that is neither mapped nor ignored, every required column that is missing and
    /// every column that is there twice.
    pub fn bind(
        index: u16,
        name: SheetName,
        mapping: Mapping,
        header: &[String],
        header_row: u32,
    ) -> Result<Self, Vec<Finding>> {
        let kind = mapping.kind;
        let mut findings = Vec::new();
        let at = |column: usize| {
            let cell = CellRef { sheet: index, column: column as u16, row: header_row.max(1) };
            model::finding::Location { sheet: name.clone(), cell: cell.address(name.sheet.is_some()) }
        };
        let mut slots = vec![Slot::Absent; kind.columns().len()];
        for (constant, (column, _)) in mapping.constants.iter().enumerate() {
            if let Some(contract) = contract_index(kind, column) {
                slots[contract] = Slot::Constant(constant as u16);
            }
        }
        for (position, header) in header.iter().enumerate() {
            let header = header.trim();
            if header.is_empty() || mapping.ignore.iter().any(|ignored| ignored == header) {
                continue;
            }
            let renamed = mapping.columns.iter().find(|(from, _)| from == header).map(|(_, to)| to.as_str());
            let Some(contract) = contract_index(kind, renamed.unwrap_or(header)) else {
                findings.push(unmapped(kind, header).at(at(position)));
                continue;
            };
            if slots[contract] != Slot::Absent {
                let column = kind.columns()[contract].name;
                findings.push(
                    Finding::new(
                        "duplicate-column",
                        Severity::Error,
                        kind.as_str(),
                        format!("`{header}` gives the column `{column}`, which the sheet already has"),
                    )
                    .hint("keep one of them, and name the other under `ignore`")
                    .at(at(position)),
                );
            }
            slots[contract] = Slot::Cell(position as u16);
        }
        for (column, slot) in kind.columns().iter().zip(&slots) {
            let split = kind == SheetKind::Claims && column.name == "stated";
            let given = *slot != Slot::Absent
                || split && slots[contract_index(kind, "value").unwrap_or(0)] != Slot::Absent;
            if column.need == Need::Required && !given {
                let near = nearest(column.name, header.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || format!("add the column, or map one to `{}` under `columns`", column.name),
                    |near| format!("map it: columns = {{ \"{near}\" = \"{}\" }}", column.name),
                );
                findings.push(
                    Finding::new(
                        "missing-column",
                        Severity::Error,
                        kind.as_str(),
                        format!("the sheet of {kind} has no column `{}`", column.name),
                    )
                    .hint(hint)
                    .at(model::finding::Location { sheet: name.clone(), cell: String::new() }),
                );
            }
        }
        if findings.is_empty() { Ok(Self { index, name, mapping, slots }) } else { Err(findings) }
    }

    /// Every column of the contract, and where its value comes from.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static SheetColumn, Slot)> {
        self.mapping.kind.columns().iter().zip(self.slots.iter().copied())
    }

    /// Where the value of the contract column `column` comes from.
    pub(crate) fn slot(&self, column: &str) -> Slot {
        contract_index(self.mapping.kind, column).map_or(Slot::Absent, |index| self.slots[index])
    }
}

/// The mapping's entries that name no header of the sheet: each is a mistake in the configuration.
pub fn unused_entries<'a>(mapping: &'a Mapping, header: &[String]) -> Vec<&'a str> {
    let has = |name: &str| header.iter().any(|header| header.trim() == name);
    let columns = mapping.columns.iter().map(|(from, _)| from);
    columns.chain(&mapping.ignore).map(String::as_str).filter(|name| !has(name)).collect()
}

fn contract_index(kind: SheetKind, name: &str) -> Option<usize> {
    kind.columns().iter().position(|column| column.name == name)
}

fn unmapped(kind: SheetKind, header: &str) -> Finding {
    let near = nearest(header, kind.columns().iter().map(|column| column.name));
    let hint = near.map_or_else(
        || format!("map it under `columns`, or leave it out: ignore = [\"{header}\"]"),
        |near| {
            format!(
                "map it: columns = {{ \"{header}\" = \"{near}\" }}, or leave it out: ignore = [\"{header}\"]"
            )
        },
    );
    let message = format!("`{header}` is no column of a sheet of {kind}");
    Finding::new("unmapped-header", Severity::Error, kind.as_str(), message).hint(hint)
}
