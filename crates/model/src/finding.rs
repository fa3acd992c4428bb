//! Findings: what the pipeline has to say about the material, each with a stable code.

use serde::Serialize;

use crate::cell::SheetName;
use crate::vocabulary;

vocabulary! {
    /// How grave a finding is.
    Severity {
        Error = "error": "refuses the row it speaks of",
        Warning = "warning": "published, and worth a person's look",
        Note = "note": "published, and worth knowing",
    }
}

/// Where a finding points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file and, in a workbook, the sheet.
    pub sheet: SheetName,
    /// `C14` in a workbook, `line:field` in a CSV; empty where the finding is about the whole sheet.
    pub cell: String,
}

impl Location {
    /// The line or row, from 1; `None` where it is about the whole sheet.
    pub fn row(&self) -> Option<u32> {
        let line = self.cell.split(':').next().unwrap_or_default();
        line.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).parse().ok()
    }

    /// Places in reading order: by sheet, then row, then column.
    fn order(&self) -> impl Ord + '_ {
        let column = match self.cell.split_once(':') {
            Some((_, field)) => field,
            None => self.cell.trim_end_matches(|digit: char| digit.is_ascii_digit()),
        };
        (&self.sheet, self.row(), column.len(), column)
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sheet.file)?;
        match (&self.sheet.sheet, self.cell.is_empty()) {
            (None, true) => Ok(()),
            (None, false) => write!(f, ":{}", self.cell),
            (Some(sheet), true) => write!(f, "!{sheet}"),
            (Some(sheet), false) => write!(f, "!{sheet}!{}", self.cell),
        }
    }
}

/// One thing to say about the material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable code in kebab case: `unknown-place`, `claims-conflict`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The sheet kind or published table it speaks of: `claims`.
    pub table: &'static str,
    /// The row's id in that table, where it has one.
    pub id: String,
    /// What was read and what was expected, in one sentence.
    pub message: String,
    /// The computation behind it, in one line: `4.1 / 1.136 = 3.61, stated 3`.
    pub arithmetic: String,
    /// The claims it rests on.
    pub claims: Vec<String>,
    /// Where it points, where it points at a cell.
    pub location: Option<Location>,
    /// How to mend it.
    pub hint: String,
}

impl Finding {
    /// A finding with nothing but its code, severity, table and message.
    pub fn new(
        code: &'static str,
        severity: Severity,
        table: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            table,
            id: String::new(),
            message: message.into(),
            arithmetic: String::new(),
            claims: Vec::new(),
            location: None,
            hint: String::new(),
        }
    }

    /// The same with the row's id.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The same with its place.
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same with a way to mend it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with its arithmetic.
    pub fn arithmetic(mut self, arithmetic: impl Into<String>) -> Self {
        self.arithmetic = arithmetic.into();
        self
    }

    /// The same with the claims it rests on.
    pub fn claims(mut self, claims: Vec<String>) -> Self {
        self.claims = claims;
        self
    }

    /// The order in which findings are shown and published: by place, then gravest first, then by code and id.
    pub fn order(&self) -> impl Ord + '_ {
        (self.location.as_ref().map(Location::order), self.severity, self.code, &self.id, &self.message)
    }
}

impl Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut state = serializer.serialize_struct("Finding", 11)?;
        state.serialize_field("code", self.code)?;
        state.serialize_field("severity", self.severity.as_str())?;
        state.serialize_field("table", self.table)?;
        state.serialize_field("id", &self.id)?;
        state.serialize_field("message", &self.message)?;
        state.serialize_field("arithmetic", &self.arithmetic)?;
        state.serialize_field("claims", &self.claims)?;
        state.serialize_field("file", &self.location.as_ref().map(|l| &l.sheet.file))?;
        state.serialize_field("sheet", &self.location.as_ref().and_then(|l| l.sheet.sheet.as_ref()))?;
        state.serialize_field("cell", &self.location.as_ref().map(|l| &l.cell))?;
        state.serialize_field("hint", &self.hint)?;
        state.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_in_reading_order() {
        let location = |sheet: Option<&str>, cell: &str| Location {
            sheet: SheetName { file: "raw/a".to_owned(), sheet: sheet.map(str::to_owned) },
            cell: cell.to_owned(),
        };
        let lines = ["", "2:6", "2:12", "10:1"].map(|cell| location(None, cell));
        assert!(lines.is_sorted_by(|a, b| a.order() < b.order()));
        let cells = ["", "B2", "AA2", "A10"].map(|cell| location(Some("Facts"), cell));
        assert!(cells.is_sorted_by(|a, b| a.order() < b.order()));
    }
}
