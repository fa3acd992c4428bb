//! Clean tables, as people keep them, and how a table is written down. Nothing is spoiled here.

use super::Grid;

/// A clean table.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) grid: Grid,
}

/// How a table is written.
#[derive(Clone)]
pub(crate) struct Style {
    pub(crate) delimiter: &'static str,
    pub(crate) quote: char,
    /// Before a quote that is text; the quote itself doubles it.
    pub(crate) escape: char,
    pub(crate) quoted: Quoted,
    pub(crate) end: &'static str,
}

/// Which cells are written in quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// Those that could not be read without.
    Needed,
    /// Those that are no numbers.
    Text,
    All,
}

pub(crate) const PLAIN: Style =
    Style { delimiter: ",", quote: '"', escape: '"', quoted: Quoted::Needed, end: "\n" };

impl Style {
    pub(crate) fn cell(&self, cell: &str) -> String {
        let is_needed = cell.contains(self.delimiter)
            || cell.contains(self.quote)
            || cell.contains(['\n', '\r'])
            || cell.starts_with(' ')
            || cell.ends_with(' ')
            || (self.delimiter == " " && cell.is_empty());
        let is_number = cell.parse::<f64>().is_ok();
        if is_needed || self.quoted == Quoted::All || (self.quoted == Quoted::Text && !is_number) {
            let escaped = cell.replace(self.quote, &format!("{}{}", self.escape, self.quote));
            format!("{0}{escaped}{0}", self.quote)
        } else {
            cell.to_owned()
        }
    }

    /// A row without its end.
    pub(crate) fn row(&self, row: &[String]) -> String {
        row.iter().map(|cell| self.cell(cell)).collect::<Vec<_>>().join(self.delimiter)
    }

    pub(crate) fn text(&self, grid: &[Vec<String>]) -> String {
        grid.iter().map(|row| self.row(row) + self.end).collect()
    }
}

/// A table from lines of `|`-separated cells; `\n` in a cell is a line end.
fn table(name: &'static str, lines: &str) -> Table {
    let grid =
        lines.lines().map(|line| line.split('|').map(|cell| cell.replace("\\n", "\n")).collect()).collect();
    Table { name, grid }
}

pub(crate) fn all() -> Vec<Table> {
    vec![
        table("orders", include_str!("orders.txt")),
        table("trade", include_str!("trade.txt")),
        table("agreements", include_str!("agreements.txt")),
        table("stations", include_str!("stations.txt")),
    ]
}
