//! One record that does not fit its table, read otherwise: by another delimiter, or by another quote. The record
//! grammar itself is [`record`](crate::record)'s part.

use memchr::{memchr, memmem};

use crate::flaw::Code;
use crate::record::{Cells, Marks};

/// Delimiters that a single row may have been written with.
const DELIMITERS: [&str; 5] = [",", ";", "\t", "|", " "];

/// A record as another mark makes it fit.
pub(crate) struct Reread {
    pub(crate) cells: Cells,
    /// That another mark was taken.
    pub(crate) code: Code,
    /// Which.
    pub(crate) mark: &'static str,
}

/// The record as a row of just `width` cells by another mark than the table's, which reads `read` cells in it; none
/// where no mark does, or the table's own reads it well.
pub(crate) fn reread(marks: &Marks, record: &[u8], read: usize, width: usize) -> Option<Reread> {
    if width < 2 {
        return None;
    }
    by_quote(marks, record, read, width).or_else(|| by_delimiter(marks, record, read, width))
}

/// Whether a record that has the table's width may still want to be read otherwise: it starts with another quote.
pub(crate) fn is_suspect(marks: &Marks, record: &[u8]) -> bool {
    let first = record.first();
    marks.quote.is_some() && first != marks.quote.as_ref() && matches!(first, Some(b'\'' | b'"'))
}

/// By another delimiter, where the table's own cuts too few cells and stands in none of the new ones but as a decimal
/// or a comma of prose.
fn by_delimiter(marks: &Marks, record: &[u8], read: usize, width: usize) -> Option<Reread> {
    if width < 3 || read >= width {
        return None;
    }
    DELIMITERS.into_iter().find_map(|mark| {
        // Three words are no row of three cells.
        if marks.delimiter.starts_with(mark.as_bytes()) || (mark == " " && width < 4) {
            return None;
        }
        let cells = cut(marks, mark.as_bytes().into(), record, width)?;
        let is_glued = (0..width).any(|cell| is_glued(cells.get(cell), &marks.delimiter));
        (!is_glued).then_some(Reread { cells, code: Code::OtherDelimiter, mark })
    })
}

/// By the table's delimiter and a blank, in a table that sets none.
pub(crate) fn spaced(marks: &Marks, record: &[u8], width: usize) -> Option<Cells> {
    cut(marks, [&marks.delimiter, &b" "[..]].concat().into(), record, width)
}

/// The record's cells by this delimiter, where they are `width` whole ones.
fn cut(marks: &Marks, delimiter: Box<[u8]>, record: &[u8], width: usize) -> Option<Cells> {
    let marks = Marks { delimiter, in_runs: false, ..marks.clone() };
    let mut cells = Cells::default();
    marks.record(record, 0, &mut cells);
    (cells.ends.len() == width && cells.broken.is_empty()).then_some(cells)
}

/// Whether the delimiter stands in the cell without a blank after it, and not between digits.
fn is_glued(cell: &[u8], delimiter: &[u8]) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    !delimiter.is_empty()
        && memmem::find_iter(cell, delimiter).any(|at| {
            let after = cell.get(at + delimiter.len());
            let is_decimal =
                is_digit(at.checked_sub(1).and_then(|before| cell.get(before))) && is_digit(after);
            after != Some(&b' ') && !is_decimal
        })
}

/// Each cell by the quote it starts with: where that makes the row fit, or where it leaves no cell bare.
fn by_quote(marks: &Marks, record: &[u8], read: usize, width: usize) -> Option<Reread> {
    let (other, mark) = match marks.quote? {
        b'"' => (b'\'', "'"),
        b'\'' => (b'"', "\""),
        _ => return None,
    };
    if marks.in_runs {
        return None;
    }
    memchr(other, record)?;
    let other = Marks { quote: Some(other), escape: marks.escape, ..marks.clone() };
    let mut cells = Cells::default();
    let (mut at, mut by_other) = (0, 0);
    loop {
        let is_other = other.opens_with_quote(record, at);
        by_other += usize::from(is_other);
        at = if is_other { &other } else { marks }.field(record, at, &mut cells, &mut 0);
        cells.end_cell();
        if !marks.delimiter_at(record, at) {
            break;
        }
        at += marks.delimiter.len();
    }
    let filled = (0..cells.ends.len()).filter(|&cell| !cells.get(cell).is_empty()).count();
    let fits = cells.ends.len() == width && cells.broken.is_empty() && by_other > 0;
    let is_better = read != width || (cells.quoted >= filled && cells.quoted > 1);
    (fits && is_better).then_some(Reread { cells, code: Code::OtherQuote, mark })
}
