//! The rows of a published table, two revisions side by side in the order of their key. One row of
//! each side is held at a time, and rows that are the same bytes are not even parsed.

use std::cmp::Ordering;
use std::io::BufRead;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use csv::StringRecord;
use model::table::TableSchema;

/// A row of a published table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    header: Rc<StringRecord>,
    cells: Rc<StringRecord>,
}

impl Row {
    /// The text of a column; empty where the table has none of that name.
    pub(super) fn get(&self, column: &str) -> &str {
        self.header
            .iter()
            .position(|name| name == column)
            .and_then(|at| self.cells.get(at))
            .unwrap_or_default()
    }

    /// Whether both have the same text in a column.
    pub(super) fn agrees(&self, other: &Row, column: &str) -> bool {
        self.get(column) == other.get(column)
    }

    /// The columns in which two rows differ; none where their tables have not the same columns.
    pub(super) fn differing<'r>(&'r self, other: &Row) -> Option<Vec<&'r str>> {
        let cells = self.header.iter().zip(self.cells.iter().zip(other.cells.iter()));
        let differing = cells.filter(|(_, (one, other))| one != other).map(|(name, _)| name);
        (self.header == other.header).then(|| differing.collect())
    }

    /// The cell of the fact sheet that states it: `raw/trade.csv:14:6`, `raw/a.xlsx!Facts!C14`.
    pub(super) fn place(&self) -> String {
        let (file, sheet, cell) = (self.get("file"), self.get("sheet"), self.get("cell"));
        match (file, sheet) {
            ("", _) => String::new(),
            (file, "") => format!("{file}:{cell}"),
            (file, sheet) => format!("{file}!{sheet}!{cell}"),
        }
    }
}

/// What the two sides have under one key, where they differ.
#[derive(Debug)]
pub(super) enum Step {
    /// Only the old side has it.
    Withdrawn(Row),
    /// Only the new side has it.
    Added(Row),
    /// Both have it, and not the same bytes.
    Changed(Row, Row),
}

/// Both sides of a table; a side that has no such table counts as empty.
pub(super) struct Sides {
    old: Rows,
    new: Rows,
    same_header: bool,
}

impl Sides {
    /// Opens both sides and reads their headers.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub(super) fn open(
        schema: &'static TableSchema,
        old: Option<Box<dyn BufRead>>,
        new: Option<Box<dyn BufRead>>,
    ) -> Result<Self> {
        let (old, new) = (Rows::open(schema, old)?, Rows::open(schema, new)?);
        let same_header = old.header == new.header;
        Ok(Self { old, new, same_header })
    }

    /// The next key on which the sides differ.
    ///
    /// # Errors
    /// A table that cannot be read, or whose rows are not in the order of their key.
    pub(super) fn next(&mut self) -> Result<Option<Step>> {
        loop {
            if self.same_header && !self.old.raw.is_empty() && self.old.raw == self.new.raw {
                self.old.advance()?;
                self.new.advance()?;
                continue;
            }
            let schema = self.old.schema;
            let order = match (self.old.parsed()?, self.new.parsed()?) {
                (None, None) => return Ok(None),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => compare_keys(schema, old, new),
            };
            return Ok(match order {
                Ordering::Less => self.old.take()?.map(Step::Withdrawn),
                Ordering::Greater => self.new.take()?.map(Step::Added),
                Ordering::Equal => {
                    self.old.take()?.zip(self.new.take()?).map(|(old, new)| Step::Changed(old, new))
                }
            });
        }
    }
}

/// One side of a table.
pub(super) struct Rows {
    schema: &'static TableSchema,
    reader: Option<Box<dyn BufRead>>,
    header: Rc<StringRecord>,
    /// The bytes of the row at hand; empty at the end.
    raw: Vec<u8>,
    parsed: Option<Row>,
    last: Option<Row>,
}

impl Rows {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub(super) fn open(schema: &'static TableSchema, reader: Option<Box<dyn BufRead>>) -> Result<Self> {
        let mut rows =
            Self { schema, reader, header: Rc::default(), raw: Vec::new(), parsed: None, last: None };
        rows.advance()?;
        if !rows.raw.is_empty() {
            rows.header = Rc::new(rows.record()?);
            rows.advance()?;
        }
        Ok(rows)
    }

    /// Moves on, row by row, to the one whose first column is `id`, if there is one; `ids` are asked
    /// for in the order of the table.
    pub(super) fn seek(&mut self, id: &str) -> Result<Option<Row>> {
        loop {
            if self.raw.is_empty() {
                return Ok(None);
            }
            let plain = self.raw.split(|&byte| byte == b',').next().unwrap_or_default();
            let needs_parsing = plain.starts_with(b"\"") || plain.starts_with(b"'");
            let order = if needs_parsing {
                self.parsed()?.and_then(|row| row.cells.get(0)).map_or(Ordering::Less, |first| first.cmp(id))
            } else {
                plain.cmp(id.as_bytes())
            };
            match order {
                Ordering::Less => self.advance()?,
                Ordering::Equal => return Ok(self.parsed()?.cloned()),
                Ordering::Greater => return Ok(None),
            }
        }
    }

    fn take(&mut self) -> Result<Option<Row>> {
        let row = self.parsed()?.cloned();
        self.advance()?;
        if let (Some(last), Some(row)) = (&self.last, &row)
            && compare_keys(self.schema, last, row) == Ordering::Greater
        {
            bail!("the rows of {}.csv are not in the order of their key", self.schema.name);
        }
        self.last.clone_from(&row);
        Ok(row)
    }

    fn parsed(&mut self) -> Result<Option<&Row>> {
        if self.parsed.is_none() && !self.raw.is_empty() {
            let record = self.record()?;
            let cells = record
                .iter()
                .zip(self.header.iter())
                .map(|(cell, name)| self.unguarded(name, cell))
                .collect();
            self.parsed = Some(Row { header: Rc::clone(&self.header), cells: Rc::new(cells) });
        }
        Ok(self.parsed.as_ref())
    }

    /// Reads the bytes of the next row: a line feed within quotes does not end it.
    fn advance(&mut self) -> Result<()> {
        self.parsed = None;
        self.raw.clear();
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let (mut quotes, mut counted) = (0, 0);
        loop {
            let read = reader
                .read_until(b'\n', &mut self.raw)
                .with_context(|| format!("cannot read {}.csv", self.schema.name))?;
            quotes += self.raw[counted..].iter().filter(|&&byte| byte == b'"').count();
            counted = self.raw.len();
            if read == 0 || quotes % 2 == 0 {
                return Ok(());
            }
        }
    }

    /// The cells of the row at hand, by RFC 4180. A reader of the csv crate for each row would cost more
    /// than the rest of the comparison.
    fn record(&self) -> Result<StringRecord> {
        let text = std::str::from_utf8(&self.raw)
            .with_context(|| format!("{}.csv is not UTF-8", self.schema.name))?;
        let mut rest = text.strip_suffix('\n').unwrap_or(text);
        rest = rest.strip_suffix('\r').unwrap_or(rest);
        let mut record = StringRecord::new();
        loop {
            let end = match rest.strip_prefix('"') {
                None => {
                    let end = rest.find(',').unwrap_or(rest.len());
                    record.push_field(&rest[..end]);
                    end
                }
                Some(quoted) => {
                    let end = closing_quote(quoted);
                    record.push_field(&quoted[..end].replace("\"\"", "\""));
                    let after = (end + 2).min(rest.len());
                    after + rest[after..].find(',').unwrap_or(rest.len() - after)
                }
            };
            match rest.get(end + 1..) {
                Some(next) => rest = next,
                None => return Ok(record),
            }
        }
    }

    /// The cell without the `'` that keeps a spreadsheet from running it.
    fn unguarded<'c>(&self, column: &str, cell: &'c str) -> &'c str {
        let is_guarded = |rest: &&str| {
            rest.starts_with(report::csv::GUARDED)
                && self
                    .schema
                    .columns
                    .iter()
                    .any(|known| known.name == column && report::csv::is_guarded(known))
        };
        cell.strip_prefix('\'').filter(is_guarded).unwrap_or(cell)
    }
}

/// Where a quoted cell ends: at the first quote that is not doubled.
fn closing_quote(quoted: &str) -> usize {
    let bytes = quoted.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'"') {
        at += found;
        if bytes.get(at + 1) != Some(&b'"') {
            return at;
        }
        at += 2;
    }
    quoted.len()
}

fn compare_keys(schema: &TableSchema, one: &Row, other: &Row) -> Ordering {
    let mut differing = schema.key.iter().map(|column| one.get(column).cmp(other.get(column)));
    differing.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use model::table::SOURCES;

    use super::*;

    fn table(text: &'static str) -> Option<Box<dyn BufRead>> {
        Some(Box::new(text.as_bytes()))
    }

    fn steps(old: &'static str, new: &'static str) -> Result<Vec<String>> {
        let mut sides = Sides::open(&SOURCES, table(old), table(new))?;
        let mut told = Vec::new();
        while let Some(step) = sides.next()? {
            told.push(match step {
                Step::Withdrawn(row) => format!("-{}", row.get("source_id")),
                Step::Added(row) => format!("+{}", row.get("source_id")),
                Step::Changed(old, new) => {
                    format!("~{}: {} {}", old.get("source_id"), old.get("title"), new.get("title"))
                }
            });
        }
        Ok(told)
    }

    #[test]
    fn rows_are_matched_by_key() -> Result<()> {
        let old = "source_id,title\na,\"x\ny\"\nb,same\nc,gone\n";
        let new = "source_id,title\na,z\nab,\"in \"\"quotes\"\"\"\nb,same\n";
        assert_eq!(steps(old, new)?, ["~a: x\ny z", "+ab", "-c"]);
        Ok(())
    }

    #[test]
    fn columns_are_matched_by_name_and_the_guard_is_taken_off() -> Result<()> {
        let (old, new) = ("source_id,title\na,'=1\n", "title,source_id\n'=1,a\n");
        assert_eq!(steps(old, new)?, ["~a: =1 =1"]);
        Ok(())
    }

    #[test]
    fn a_table_out_of_order_is_refused() {
        assert!(steps("source_id\nb\na\n", "source_id\n").is_err());
    }

    #[test]
    fn a_missing_table_is_empty() -> Result<()> {
        let mut sides = Sides::open(&SOURCES, None, table("source_id\na\n"))?;
        assert!(matches!(sides.next()?, Some(Step::Added(_))));
        assert!(sides.next()?.is_none());
        Ok(())
    }
}
