//! One row of a bound sheet: its cells by contract column, read as what the contract says they
//! are. What cannot be read is a finding at its cell, and refuses the row.

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use model::cell::{Batch, CellRef, CellType};
use model::contract::{CellContent, Need, SheetKind};
use model::figure::Comparator;
use model::finding::{Finding, Location, Severity};
use model::period::{Period, Precision};
use model::unit::Unit;

use crate::codelists::ORPHAN;
use crate::corrections::{Correction, Corrections};
use crate::mapping::{BoundSheet, Slot};
use crate::nearest::nearest;
use crate::period::{self, PeriodError};
use crate::quantity::{self, Convention};

/// A row, and what is wrong with it so far.
pub(crate) struct Row<'a> {
    sheet: &'a BoundSheet,
    batch: &'a Batch,
    index: usize,
    /// The texts of its cells: trimmed, and empty where the sheet says "nothing". Most are read more than once.
    cells: Vec<&'a str>,
    id: &'a str,
    corrections: &'a [Correction],
    /// What was found; the row is refused where one is an error.
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Row<'a> {
    /// The row at `index` of a batch, identified by the cell of `id`.
    pub(crate) fn new(
        sheet: &'a BoundSheet,
        batch: &'a Batch,
        index: usize,
        id: Slot,
        corrections: &'a Corrections,
    ) -> Self {
        let cells = batch.cells(index).map(|cell| sheet.mapping.said(trimmed(cell))).collect();
        let mut row = Self { sheet, batch, index, cells, id: "", corrections: &[], findings: Vec::new() };
        row.id = row.at(id);
        row.corrections = corrections.of(sheet.mapping.kind, row.id);
        row.mark_corrections();
        row
    }

    /// The text of a contract column: trimmed, corrected, and empty where the sheet says "nothing".
    pub(crate) fn text(&self, column: &str) -> &'a str {
        let says = self.at(self.sheet.slot(column));
        match self.corrections.iter().find(|correction| correction.column == column) {
            Some(correction) if correction.expect == says => &correction.value,
            _ => says,
        }
    }

    /// The text at a slot that was looked up once for many rows; corrections go by `column`.
    pub(crate) fn text_at(&self, column: &str, slot: Slot) -> &'a str {
        if self.corrections.is_empty() { self.at(slot) } else { self.text(column) }
    }

    /// Marks the corrections that find what they correct.
    fn mark_corrections(&self) {
        for correction in self.corrections {
            if self.at(self.sheet.slot(&correction.column)) == correction.expect {
                correction.is_applied.store(true, Ordering::Relaxed);
            }
        }
    }

    fn at(&self, slot: Slot) -> &'a str {
        match slot {
            Slot::Cell(column) => self.cells.get(usize::from(column)).map_or("", |cell| *cell),
            Slot::Constant(index) => {
                let mapping = &self.sheet.mapping;
                mapping.said(&mapping.constants[usize::from(index)].1)
            }
            Slot::Absent => "",
        }
    }

    /// Whether the file says that the row's cell in a column of the sheet is of a type.
    fn is_said(&self, column: u16, cell_type: CellType) -> bool {
        self.batch.is_said(self.index, usize::from(column), cell_type)
    }

    /// The position of a contract column's cell; of a constant or absent one the row's first cell.
    pub(crate) fn cell(&self, slot: Slot) -> CellRef {
        self.sheet.cell(slot, self.batch.rows[self.index])
    }

    /// The position of the cell of `column`.
    pub(crate) fn cell_of(&self, column: &str) -> CellRef {
        self.cell(self.sheet.slot(column))
    }

    /// The row's id as written.
    pub(crate) fn id(&self) -> &'a str {
        self.id
    }

    /// The mapping of the row's sheet.
    pub(crate) fn sheet(&self) -> &'a BoundSheet {
        self.sheet
    }

    /// Whether every cell of the row is empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.batch.cells(self.index).all(|cell| cell.trim().is_empty())
    }

    /// Whether the row must be set aside.
    pub(crate) fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Refuses the row since what it refers to may be among rows that were refused. Those have been
    /// named, so a run that stops at them need not show this.
    pub(crate) fn refuse_as_orphan(&mut self, column: &str) {
        let message = format!("`{}` in `{column}` is not among the rows that were read", self.text(column));
        self.refuse(column, ORPHAN, message, "mend the row that it names, among those set aside");
    }

    /// Records a finding of any severity at the cell of `column`.
    pub(crate) fn find(
        &mut self,
        severity: Severity,
        column: &str,
        code: &'static str,
        message: String,
        hint: String,
    ) {
        let kind = self.sheet.mapping.kind;
        let finding = Finding::new(code, severity, kind.as_str(), message).hint(hint);
        self.push(column, finding);
    }

    /// Records a finding made elsewhere, at the cell of `column`.
    pub(crate) fn push(&mut self, column: &str, finding: Finding) {
        let location = self.location(self.cell_of(column));
        self.findings.push(finding.id(self.id).at(location));
    }

    /// Records an error at the cell of `column`: the row will be refused.
    pub(crate) fn refuse(
        &mut self,
        column: &str,
        code: &'static str,
        message: String,
        hint: impl Into<String>,
    ) {
        self.find(Severity::Error, column, code, message, hint.into());
    }

    fn location(&self, cell: CellRef) -> Location {
        Location { sheet: self.sheet.name.clone(), cell: cell.address(self.sheet.name.sheet.is_some()) }
    }

    /// Refuses the row where a required cell is empty or a cell holds an error value.
    pub(crate) fn check_filled(&mut self) {
        let sheet = self.sheet;
        for (column, slot) in sheet.columns() {
            if let Slot::Cell(position) = slot
                && self.is_said(position, CellType::Error)
            {
                let code = self.at(slot);
                let message = format!("the cell of `{}` holds the error {code}", column.name);
                self.refuse(column.name, "error-cell", message, "mend the formula, or write the value");
            }
            if column.content == CellContent::Id && breaks_lists(self.at(slot)) {
                let message = format!("`{}` of `{}` holds a `;` or a line break", self.at(slot), column.name);
                self.refuse(column.name, "bad-id", message, "lists of ids are parted by ;");
            }
            if column.need == Need::Required
                && self.text_at(column.name, slot).is_empty()
                && !self.is_split(column.name)
            {
                self.refuse(
                    column.name,
                    "empty-cell",
                    format!("`{}` is empty", column.name),
                    column.description,
                );
            }
        }
    }

    /// Whether a claim's figure stands in cells of its own instead of `stated`.
    fn is_split(&self, column: &str) -> bool {
        self.sheet.mapping.kind == SheetKind::Claims && column == "stated" && !self.text("value").is_empty()
    }

    /// A word of a closed vocabulary; `None` where the cell is empty or refused.
    pub(crate) fn word<T>(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Option<T>,
        words: &'static [&'static str],
    ) -> Option<T> {
        self.word_at(column, self.sheet.slot(column), parse, words)
    }

    /// The same of a slot that was looked up once for many rows.
    pub(crate) fn word_at<T>(
        &mut self,
        column: &str,
        slot: Slot,
        parse: impl Fn(&str) -> Option<T>,
        words: &'static [&'static str],
    ) -> Option<T> {
        let text = self.text_at(column, slot);
        if text.is_empty() {
            return None;
        }
        let found = parse(text).or_else(|| parse(&text.to_lowercase().replace([' ', '-'], "_")));
        if found.is_none() {
            let near = nearest(text, words.iter().copied());
            let hint = near.map_or_else(
                || format!("one of {}", words.join(", ")),
                |near| format!("did you mean `{near}`? one of {}", words.join(", ")),
            );
            self.refuse(column, "unknown-word", format!("`{text}` is no word for `{column}`"), hint);
        }
        found
    }

    /// A boolean cell; `None` where it is empty or refused.
    pub(crate) fn boolean(&mut self, column: &str) -> Option<bool> {
        let text = self.text(column);
        match text.to_lowercase().as_str() {
            "" => None,
            "true" | "yes" | "y" | "1" | "да" | "x" => Some(true),
            "false" | "no" | "n" | "0" | "нет" => Some(false),
            _ => {
                self.refuse(
                    column,
                    "unknown-word",
                    format!("`{text}` is neither true nor false"),
                    "write true or false",
                );
                None
            }
        }
    }

    /// A whole number; `None` where the cell is empty or refused.
    pub(crate) fn integer(&mut self, column: &str) -> Option<i64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.refuse(column, "bad-number", format!("`{text}` is no whole number"), "write digits alone");
        }
        number
    }

    /// How a cell's digits are grouped: a number cell's text has a decimal point whatever people write.
    pub(crate) fn convention(&self, slot: Slot) -> Convention {
        match slot {
            Slot::Cell(column) if self.is_said(column, CellType::Number) => Convention::DecimalPoint,
            _ => self.sheet.mapping.convention,
        }
    }

    /// A plain number; `None` where the cell is empty or refused.
    pub(crate) fn number(&mut self, column: &str) -> Option<rust_decimal::Decimal> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let mapping = &self.sheet.mapping;
        let read = quantity::parse(text, mapping.languages, self.convention(self.sheet.slot(column)));
        // A plain number has no hedge; a unit or noun beside it would be lost.
        let plain = read.ok().filter(|read| read.comparator == Comparator::Equal && read.noun.is_none());
        let number = plain
            .filter(|read| matches!(read.unit, None | Some(Unit::PERCENT)))
            .and_then(|read| read.value());
        if number.is_none() {
            self.refuse(column, "bad-number", format!("`{text}` is no plain number"), "write a plain number");
        }
        number
    }

    /// A unit by code or name; `None` where the cell is empty or refused.
    pub(crate) fn unit(&mut self, column: &str) -> Option<Unit> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let unit = if text == Unit::COUNT.code() { Some(Unit::COUNT) } else { quantity::unit(text) };
        if unit.is_none() {
            let hint =
                "write an ISO 4217 code (USD), % or pp, a UCUM code (m3, kW.h), or 1 for counted things";
            self.refuse(column, "unknown-unit", format!("`{text}` is no unit"), hint);
        }
        unit
    }

    /// A date; of an imprecise one the last possible day. `None` where empty or refused.
    pub(crate) fn date(&mut self, column: &str) -> Option<(NaiveDate, Precision)> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match period::parse_date(text, self.sheet.mapping.day_order) {
            Ok(date) => Some(date),
            Err(error) => {
                self.refuse_period(column, text, &error);
                None
            }
        }
    }

    /// A period, relative words read against `anchor`. `None` where empty or refused.
    pub(crate) fn period(&mut self, column: &str, anchor: Option<NaiveDate>) -> Option<Period> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match period::parse(text, self.sheet.mapping.languages, anchor) {
            Ok(period) => Some(period),
            Err(error) => {
                self.refuse_period(column, text, &error);
                None
            }
        }
    }

    /// Records why a period or date was not read.
    pub(crate) fn refuse_period(&mut self, column: &str, text: &str, error: &PeriodError) {
        let (code, hint) = match error {
            PeriodError::EndsBeforeStart { .. } => ("period-ends-before-start", "swap the two ends"),
            PeriodError::Ambiguous => {
                ("ambiguous-date", "write 2024-02-01, or say day_first in pipeline.toml")
            }
            PeriodError::NoSuchDate => ("no-such-date", "look the date up again"),
            _ => (
                "no-period",
                "write 2024, 2024-Q1, 2024-05, 2024-01/2024-04, or words such as first four months of 2024",
            ),
        };
        self.refuse(column, code, format!("`{text}`: {error}"), hint);
    }
}

/// Whether an id holds what parts the ids of a list, or a control character. Those beyond ASCII begin with one byte, so
/// that bytes tell for most.
fn breaks_lists(id: &str) -> bool {
    let may = |b: u8| b == b';' || b.is_ascii_control() || b == 0xC2;
    id.bytes().fold(false, |found, b| found | may(b)) && id.contains(|c: char| c == ';' || c.is_control())
}

/// The text without white space around it. Most cells have none, as their outermost bytes tell.
#[inline]
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_ids_or_controls_a_terminal_is_in_no_id() {
        for id in ["a;b", "a\nb", "b\u{7f}", "\u{85}", "й\u{9f}", "trade-2024\t"] {
            assert!(breaks_lists(id), "{id:?}");
        }
        for id in ["", "trade-2024", "товарооборот", "©", "a,b c"] {
            assert!(!breaks_lists(id), "{id:?}");
        }
    }
}
