//! A `[[sheet]]` as TOML, with a comment on what each column seems to be and why one is left out.

use std::collections::BTreeMap;
use std::fmt::Write;

use model::contract::{CellContent, SheetKind};

use super::Foreign;
use super::column::{Column, Seems};
use super::words::{TOTALS, is_total};

/// A `[[sheet]]` in the making.
pub(super) struct Entry<'a> {
    pub(super) table: &'a Foreign<'a>,
    pub(super) columns: &'a [Column],
    pub(super) kind: &'static str,
    /// The contract column that each column gives.
    pub(super) taken: BTreeMap<usize, &'static str>,
    /// Columns that become rows, and where their headers go.
    pub(super) across: Vec<usize>,
    pub(super) across_to: &'static str,
    pub(super) constants: Vec<(&'static str, String)>,
    /// Contract column, what cells say, what is read instead.
    pub(super) values: Vec<(&'static str, Vec<(String, String)>)>,
    /// Columns that templates use: they are no columns of their own.
    pub(super) used: BTreeMap<usize, &'static str>,
    /// What is left for a person to say.
    pub(super) to_do: Vec<String>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(table: &'a Foreign<'a>, columns: &'a [Column], kind: &'static str) -> Self {
        Self {
            table,
            columns,
            kind,
            taken: BTreeMap::new(),
            across: Vec::new(),
            across_to: "indicator",
            constants: vec![("source", table.source.to_owned())],
            values: Vec::new(),
            used: BTreeMap::new(),
            to_do: Vec::new(),
        }
    }

    pub(super) fn is_free(&self, at: usize) -> bool {
        !self.columns[at].name.is_empty() && !self.taken.contains_key(&at) && !self.across.contains(&at)
    }

    /// The column that gives a contract column.
    pub(super) fn at(&self, column: &str) -> Option<usize> {
        self.taken.iter().find(|(_, taken)| **taken == column).map(|(at, _)| *at)
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.at(column).is_some()
            || self.constants.iter().any(|(constant, _)| *constant == column)
            || (!self.across.is_empty() && self.across_to.contains(column))
    }

    pub(super) fn constant(&mut self, column: &'static str, text: impl Into<String>) {
        self.constants.push((column, text.into()));
    }

    /// The headers as comments: what each column seems to be.
    pub(super) fn described(&self) -> String {
        let mut toml = String::new();
        for column in self.columns {
            // Writing to a String cannot fail.
            let _ = writeln!(toml, "# {}: {}", comment(&column.name), column.seems.words());
        }
        toml
    }

    pub(super) fn toml(&self) -> String {
        let mut toml = format!("[[sheet]]\n{}kind = \"{}\"\n", origin(self.table), self.kind);
        self.write_header(&mut toml);
        let columns: Vec<String> = self
            .taken
            .iter()
            .filter(|(at, column)| self.columns[**at].name != **column)
            .map(|(at, column)| format!("{} = \"{column}\"", quoted(&self.columns[*at].name)))
            .collect();
        if !columns.is_empty() {
            let _ = writeln!(toml, "columns = {{ {} }}", columns.join(", "));
        }
        if !self.across.is_empty() {
            let names: Vec<String> = self.across.iter().map(|&at| quoted(&self.columns[at].name)).collect();
            let (names, to) = (names.join(", "), self.across_to);
            let _ = writeln!(toml, "unpivot = {{ columns = [{names}], to = \"{to}\" }}");
        }
        self.write_values(&mut toml);
        self.write_ignored(&mut toml);
        self.write_missing(&mut toml);
        self.write_day_order(&mut toml);
        let is_id = |column: &str| {
            SheetKind::parse(self.kind)
                .and_then(|kind| kind.column(column))
                .is_some_and(|column| column.content == CellContent::Id)
        };
        let mut constants: Vec<String> = self
            .constants
            .iter()
            .filter(|(column, _)| !is_id(column))
            .map(|(column, text)| format!("{column} = {}", quoted(text)))
            .collect();
        constants.sort();
        if let Some((_, id)) = self.constants.iter().find(|(column, _)| is_id(column)) {
            let _ = writeln!(toml, "id = {}", quoted(id));
        }
        let _ = writeln!(toml, "constants = {{ {} }}", constants.join(", "));
        for line in &self.to_do {
            let _ = writeln!(toml, "# to do: {line}");
        }
        toml
    }

    fn write_header(&self, toml: &mut String) {
        let header = self.table.header;
        let count = header.rows.len().max(1) as u32;
        match header.row {
            None => toml.push_str("header = 0                                          # no row names the columns: they are A, B, C\n"),
            Some(last) => {
                let _ = writeln!(toml, "header = {}", (last + 1).saturating_sub(count).max(1));
                if count > 1 {
                    let _ = writeln!(toml, "header_rows = {count}");
                }
            }
        }
    }

    fn write_values(&self, toml: &mut String) {
        for (column, words) in &self.values {
            let words: Vec<String> =
                words.iter().map(|(says, means)| format!("{} = \"{means}\"", quoted(says))).collect();
            let _ = writeln!(toml, "values.{column} = {{ {} }}", words.join(", "));
        }
    }

    /// What is not read, and why.
    fn write_ignored(&self, toml: &mut String) {
        let left: Vec<usize> = (0..self.columns.len()).filter(|&at| self.is_free(at)).collect();
        if left.is_empty() {
            return;
        }
        toml.push_str("ignore = [                                          # left out: no column of the contract seemed to fit\n");
        for at in left {
            let why = match self.used.get(&at) {
                Some(column) => format!("in `{column}`"),
                None => self.columns[at].seems.words().to_owned(),
            };
            let _ = writeln!(toml, "  {}, # {why}", quoted(&self.columns[at].name));
        }
        toml.push_str("]\n");
    }

    /// Marks of what is missing, and rows that are none.
    fn write_missing(&self, toml: &mut String) {
        let missing: std::collections::BTreeSet<&String> =
            self.across.iter().flat_map(|&at| &self.columns[at].missing).collect();
        if !missing.is_empty() {
            let missing: Vec<String> = missing.into_iter().take(20).map(|text| quoted(text)).collect();
            let _ = writeln!(toml, "null = [{}]", missing.join(", "));
        }
        let summing = self.columns.iter().filter(|column| !column.name.is_empty()).find_map(|column| {
            let found: Vec<String> = TOTALS
                .iter()
                .filter(|total| column.texts.iter().any(|text| text.starts_with(*total)))
                .map(|total| quoted(&format!("{total}*")))
                .collect();
            // A total is no row of a register; that of a budget may be its first line.
            let is_summing = column.texts.iter().filter(|text| is_total(text)).count() * 2 < column.distinct;
            (!found.is_empty() && is_summing && matches!(column.seems, Seems::Place | Seems::Text))
                .then_some((column, found))
        });
        let value = self.at("value").map(|at| &self.columns[at]);
        let without_figure = value.filter(|value| value.has_gaps || !value.missing.is_empty()).map(|value| {
            let gaps = value.has_gaps.then(|| quoted(""));
            (value, gaps.into_iter().chain(value.missing.iter().map(|text| quoted(text))).collect::<Vec<_>>())
        });
        let undated = self.at("on").map(|at| &self.columns[at]).filter(|on| on.has_gaps);
        let rules: Vec<String> = summing
            .into_iter()
            .chain(without_figure)
            .chain(undated.map(|on| (on, vec![quoted("")])))
            .map(|(column, texts)| format!("{} = [{}]", quoted(&column.name), texts.join(", ")))
            .collect();
        if !rules.is_empty() {
            let _ = writeln!(toml, "skip_rows_where = {{ {} }}", rules.join(", "));
        }
    }

    /// Whether dates start with the day, as far as the cells tell.
    fn write_day_order(&self, toml: &mut String) {
        let dates: Vec<&Column> = self.taken.keys().map(|&at| &self.columns[at]).collect();
        match dates.iter().find_map(|column| column.day_first) {
            Some(order) => {
                let _ = writeln!(toml, "day_first = {order}");
            }
            None if dates.iter().any(|column| column.has_open_dates) => {
                toml.push_str("# to do: do dates such as 01/02/2024 start with the day? Give `day_first = true` or `false`.\n");
            }
            None => {}
        }
    }
}

/// Where the table is, as keys of a `[[sheet]]`.
pub(super) fn origin(table: &Foreign<'_>) -> String {
    let names: Vec<String> = table.sheets.iter().map(|sheet| quoted(sheet)).collect();
    let sheets = if names.is_empty() { String::new() } else { format!("sheets = [{}]\n", names.join(", ")) };
    format!("file = {}\n{sheets}", quoted(table.file))
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}

/// A header as a name in a template; braces in it would be names themselves.
pub(super) fn braced(name: &str) -> Option<String> {
    (!name.contains(['{', '}'])).then(|| format!("{{{name}}}"))
}

/// A name for a comment: one line, no control characters.
fn comment(name: &str) -> String {
    if name.is_empty() { "(no name)".to_owned() } else { name.chars().filter(|c| !c.is_control()).collect() }
}
