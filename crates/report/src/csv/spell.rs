//! Columns to the bytes of rows. What repeats is quoted and guarded once, not once a row.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use model::column::Texts;

use super::cell::{self, is_guarded};
use crate::table::{Column, Fill, Spell, Stretch, Table};

/// A column prepared for being spelt.
enum Spelling<'a> {
    Text(&'a Texts, bool),
    Made(&'a Spell<'a>, bool),
    /// Codes into cells that are quoted and guarded already.
    Coded(&'a Fill<'a, u32>, Cells),
    Number(&'a Fill<'a, f64>),
    Integer(&'a Fill<'a, Option<i64>>),
    Boolean(&'a Fill<'a, bool>),
}

/// Finished cells, each with the comma behind it; the last one is the empty cell of null.
struct Cells {
    cells: Vec<Cell>,
    /// The cells that are too long for a [`Cell`].
    long: Vec<Vec<u8>>,
}

/// A short cell. Copying all its bytes and cutting what is too much costs less than copying a number of bytes that
/// only the cell knows.
struct Cell {
    bytes: [u8; SHORT],
    /// How many of the bytes are meant, or [`LONG`].
    len: u8,
}

/// Bytes of a short cell.
const SHORT: usize = 31;

/// The length of a cell whose text is elsewhere: the first four bytes say where.
const LONG: u8 = u8::MAX;

impl Cells {
    fn new(count: usize, push: impl Fn(usize, &mut Vec<u8>)) -> Self {
        let mut cells = Cells { cells: Vec::with_capacity(count + 1), long: Vec::new() };
        let mut text = Vec::new();
        for index in 0..count {
            text.clear();
            push(index, &mut text);
            cells.add(&text);
        }
        cells.add(b"");
        cells
    }

    fn add(&mut self, text: &[u8]) {
        let mut cell = Cell { bytes: [b','; SHORT], len: LONG };
        if text.len() < SHORT {
            cell.bytes[..text.len()].copy_from_slice(text);
            cell.len = text.len() as u8 + 1;
        } else {
            let place = self.long.len() as u32;
            cell.bytes[..4].copy_from_slice(&place.to_le_bytes());
            self.long.push(text.to_vec());
        }
        self.cells.push(cell);
    }

    /// Appends a cell with its comma.
    #[inline]
    fn push(&self, code: u32, out: &mut Vec<u8>) {
        let Cell { bytes, len } = &self.cells[(code as usize).min(self.cells.len() - 1)];
        if *len == LONG {
            let [a, b, c, d, ..] = *bytes;
            out.extend_from_slice(&self.long[u32::from_le_bytes([a, b, c, d]) as usize]);
            out.push(b',');
        } else {
            let end = out.len() + usize::from(*len);
            out.extend_from_slice(bytes);
            out.truncate(end);
        }
    }
}

/// Columns of a table, one behind the other, prepared for being spelt.
pub(super) struct Spellings<'a> {
    columns: Vec<Spelling<'a>>,
    /// The place of the first among the table's columns.
    place: usize,
}

impl<'a> Spellings<'a> {
    /// All columns.
    pub(super) fn of_whole(table: &'a Table<'a>) -> Self {
        Self::of(table, 0..table.columns.len())
    }

    /// The columns that a part has of its own.
    pub(super) fn of_part(table: &'a Table<'a>) -> Self {
        Self::of(table, table.own_columns())
    }

    fn of(table: &'a Table<'a>, columns: Range<usize>) -> Self {
        let place = columns.start;
        let spelt = table.schema.columns[columns.clone()].iter().zip(&table.columns[columns]);
        Self {
            columns: spelt.map(|(schema, column)| Spelling::new(column, is_guarded(schema))).collect(),
            place,
        }
    }

    fn values(&self, rows: Range<usize>) -> Vec<Values<'_>> {
        self.columns.iter().map(|spelling| Values::of(spelling, rows.clone())).collect()
    }
}

impl<'a> Spelling<'a> {
    fn new(column: &'a Column<'a>, guarded: bool) -> Self {
        match column {
            Column::Text(texts) => Spelling::Text(texts, guarded),
            Column::Made(spell) => Spelling::Made(spell, guarded),
            Column::Coded { codes, values } => {
                let cells =
                    Cells::new(values.len(), |index, out| cell::push(values.get(index), guarded, out));
                Spelling::Coded(codes, cells)
            }
            Column::Date { codes, days } => {
                let cells = Cells::new(days.len(), |index, out| {
                    if let Some(day) = days[index] {
                        push_day(day, out);
                    }
                });
                Spelling::Coded(codes, cells)
            }
            Column::Number(values) => Spelling::Number(values),
            Column::Integer(values) => Spelling::Integer(values),
            Column::Boolean(values) => Spelling::Boolean(values),
        }
    }
}

/// The values of one column for the rows at hand.
enum Values<'a> {
    Text(&'a Texts, bool),
    Made(&'a Spell<'a>, bool),
    Coded(Vec<u32>, &'a Cells),
    Number(Vec<f64>),
    Integer(Vec<Option<i64>>),
    Boolean(Vec<bool>),
}

impl<'a> Values<'a> {
    fn of(spelling: &'a Spelling<'a>, rows: Range<usize>) -> Self {
        match spelling {
            Spelling::Text(texts, guarded) => Values::Text(texts, *guarded),
            Spelling::Made(spell, guarded) => Values::Made(spell, *guarded),
            Spelling::Coded(codes, cells) => Values::Coded(filled(codes, rows), cells),
            Spelling::Number(values) => Values::Number(filled(values, rows)),
            Spelling::Integer(values) => Values::Integer(filled(values, rows)),
            Spelling::Boolean(values) => Values::Boolean(filled(values, rows)),
        }
    }
}

fn filled<T>(fill: &Fill<'_, T>, rows: Range<usize>) -> Vec<T> {
    let mut values = Vec::with_capacity(rows.len());
    fill(rows, &mut values);
    values
}

/// The bytes of some rows: as the whole table has them, and as the part has them that holds these rows too.
#[derive(Debug, Default)]
pub(super) struct Spelt {
    pub(super) whole: Vec<u8>,
    pub(super) part: Vec<u8>,
}

/// Spells a stretch of rows. The first of `spellings` are those of the whole table, the others those of its parts.
pub(super) fn rows(spellings: &[Spellings<'_>], stretch: &Stretch, out: &mut Spelt) {
    let Spelt { whole: out, part: beside } = out;
    out.clear();
    beside.clear();
    let columns = spellings[0].values(stretch.rows.clone());
    let part = stretch.part.map(|(part, first)| {
        let own = spellings[part].values(first..first + stretch.rows.len());
        (spellings[part].place, own, first)
    });
    // Before this column of the whole stand those that the part has of its own.
    let place = part.as_ref().map_or(0, |(place, ..)| *place);
    let mut scratch = String::new();
    for (at, row) in stretch.rows.clone().enumerate() {
        let start = out.len();
        columns[..place].iter().for_each(|column| push_value(column, at, row, &mut scratch, out));
        let middle = out.len();
        columns[place..].iter().for_each(|column| push_value(column, at, row, &mut scratch, out));
        if let Some((_, own, first)) = &part {
            beside.extend_from_slice(&out[start..middle]);
            own.iter().for_each(|column| push_value(column, at, first + at, &mut scratch, beside));
            beside.extend_from_slice(&out[middle..]);
            end_row(beside);
        }
        end_row(out);
    }
}

/// Makes the comma behind the last value the end of the row.
fn end_row(out: &mut [u8]) {
    if let Some(last) = out.last_mut() {
        *last = b'\n';
    }
}

/// Appends the value of `row`, which is the one `at` among the rows at hand, and a comma.
fn push_value(column: &Values<'_>, at: usize, row: usize, scratch: &mut String, out: &mut Vec<u8>) {
    match column {
        Values::Coded(codes, cells) => return cells.push(codes[at], out),
        Values::Text(texts, guarded) => cell::push(texts.get(row), *guarded, out),
        Values::Made(spell, guarded) => {
            scratch.clear();
            spell(row, scratch);
            cell::push(scratch, *guarded, out);
        }
        Values::Number(values) => push_number(values[at], out),
        Values::Integer(values) => {
            if let Some(value) = values[at] {
                out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            }
        }
        Values::Boolean(values) => {
            out.extend_from_slice(if values[at] { b"true" } else { b"false" });
        }
    }
    out.push(b',');
}

/// Appends a float in its shortest form that reads back as the same float, always with a point or
/// an exponent, so that readers that guess types take a column of whole numbers for floats.
fn push_number(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    }
}

/// Appends a day by ISO 8601.
fn push_day(day: NaiveDate, out: &mut Vec<u8>) {
    let (year, month, of_month) = (day.year(), day.month(), day.day());
    out.extend_from_slice(format!("{year:04}-{month:02}-{of_month:02}").as_bytes());
}

#[cfg(test)]
mod tests {
    use model::claim::ABSENT;

    use super::*;

    #[test]
    fn cells_of_any_length_come_out_as_they_are() {
        let texts: Vec<String> = [0, 1, 29, 30, 31, 32, 300]
            .iter()
            .flat_map(|&length| ["x".repeat(length), "й".repeat(length / 2)])
            .collect();
        let cells = Cells::new(texts.len(), |index, out| out.extend_from_slice(texts[index].as_bytes()));
        for (code, text) in (0..).zip(&texts) {
            let mut out = b"before,".to_vec();
            cells.push(code, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), format!("before,{text},"));
        }
        let mut out = Vec::new();
        cells.push(ABSENT, &mut out);
        assert_eq!(out, b",");
    }
}
