//! Where the table of a grid of cells begins, and the names of its columns.

use std::collections::BTreeMap;

use crate::detect::Rows;
use crate::flaw::{Code, Flaw};
use crate::record::Cells;
use crate::score::{self, Looks};
use crate::settings::{HeaderAt, Settings};
use crate::sheet::Header;

/// The cells of a record, as text.
pub(crate) fn texts(cells: &Cells) -> Vec<String> {
    (0..cells.ends.len()).map(|index| String::from_utf8_lossy(cells.get(index)).into_owned()).collect()
}

/// The header that these rows, each with its line, make together, and what is wrong with it.
pub(crate) fn named(rows: Vec<(u32, Vec<String>)>) -> (Header, Vec<Flaw>) {
    let row = rows.last().map(|row| row.0);
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.1).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let names: Vec<String> = (0..width).map(|column| name(&rows, column)).collect();
    let mut flaws = Vec::new();
    let mut seen = BTreeMap::new();
    for (column, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = seen.insert(name.as_str(), column) {
            let detail = format!("`{name}` in columns {} and {}", first + 1, column + 1);
            flaws.push(Flaw::cell(Code::DuplicateHeader, row.unwrap_or(0), column, detail));
        }
    }
    (Header { row, rows, names }, flaws)
}

/// The rows' texts in this column, from top to bottom; one that repeats the text above it says nothing new. A
/// heading over several columns stands above the first of them only.
fn name(rows: &[Vec<String>], column: usize) -> String {
    let own = |row: &Vec<String>, column: usize| row.get(column).map_or("", |cell| cell.trim()).to_owned();
    let last = rows.len().saturating_sub(1);
    let is_named_below = rows.last().is_some_and(|row| !own(row, column).is_empty());
    let mut parts: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| match own(row, column) {
            empty if empty.is_empty() && index < last && is_named_below => {
                (0..column).rev().map(|left| own(row, left)).find(|left| !left.is_empty()).unwrap_or_default()
            }
            text => text,
        })
        .collect();
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join(" ")
}

/// Where a table lies in the rows of a sample.
pub(crate) struct Place {
    pub(crate) header_row: Option<u32>,
    pub(crate) header_rows: u32,
    pub(crate) first_line: u32,
    pub(crate) columns: usize,
    /// Columns that hold cells below a header that leaves them blank; each with the first such cell.
    pub(crate) unnamed: Vec<(usize, String)>,
}

/// Where the table lies, and how many rows name its columns.
pub(crate) fn locate(rows: &Rows, settings: &Settings) -> Place {
    if rows.len() == 0 {
        return Place { header_row: None, header_rows: 0, first_line: 1, columns: 0, unnamed: Vec::new() };
    }
    let usual = score::usual_width(rows);
    let at_line = |line| (0..rows.len()).find(|&row| rows.line(row) >= line).unwrap_or(rows.len() - 1);
    let (start, header_rows) = match settings.header {
        Some(HeaderAt::Row(line)) => (at_line(line), 1),
        Some(HeaderAt::Rows(line, count)) => {
            let start = at_line(line);
            (start, (count.max(1) as usize).min(rows.len() - start))
        }
        Some(HeaderAt::Nowhere) => (first_row(rows, usual), 0),
        None => {
            let start = first_row(rows, usual);
            (start, header_height(rows, start))
        }
    };
    let columns = columns(rows, start, usual);
    let unnamed = if header_rows > 0 { unnamed(rows, start + header_rows - 1, columns) } else { Vec::new() };
    Place {
        header_row: (header_rows > 0).then(|| rows.line(start + header_rows - 1)),
        header_rows: header_rows as u32,
        first_line: rows.line(start),
        columns,
        unnamed,
    }
}

/// Whether a row below the first names the columns: its cells differ from those below it as names do from values.
pub(crate) fn is_below_first_row(rows: &Rows, settings: &Settings) -> bool {
    let place = locate(rows, settings);
    let start = (1..rows.len()).find(|&row| rows.line(row) == place.first_line);
    start.is_some_and(|start| {
        let typed: Vec<Option<Looks>> =
            (0..rows.width(start)).map(|column| body_type(rows, start, column)).collect();
        place.header_rows > 0 && votes(rows, start, &typed) > 0
    })
}

fn unnamed(rows: &Rows, header: usize, columns: usize) -> Vec<(usize, String)> {
    let text = |row: usize, column: usize| match column < rows.width(row) {
        true => rows.cell(row, column).trim_ascii(),
        false => b"",
    };
    let first =
        |column: usize| (header + 1..rows.len()).map(|row| text(row, column)).find(|cell| !cell.is_empty());
    (0..columns)
        .filter(|&column| text(header, column).is_empty())
        .filter_map(|column| Some((column, String::from_utf8_lossy(first(column)?).into_owned())))
        .collect()
}

/// Columns that have a name or a cell: one that every line leaves empty at its end comes of a trailing delimiter.
fn columns(rows: &Rows, start: usize, usual: usize) -> usize {
    let width = rows.width(start);
    let most = if width < usual && width > 1 { usual } else { width };
    let empty = |column: usize| {
        (start..rows.len())
            .all(|row| column >= rows.width(row) || rows.cell(row, column).trim_ascii().is_empty())
    };
    (1..=most).rev().find(|&columns| columns == 1 || !empty(columns - 1)).unwrap_or(1)
}

/// The first row of the table: what stands above it is narrower, a title with nothing beside it, or a few words at
/// the left of a line that is otherwise empty. A header that was cut short belongs to the table all the same.
fn first_row(rows: &Rows, usual: usize) -> usize {
    if usual == 1 {
        return 0;
    }
    let typical = typical_fill(rows, usual);
    let widths = || (0..rows.len()).map(|row| rows.width(row));
    if widths().filter(|&width| width == usual).count() == 1 {
        // No width is usual: nothing but a title is above the table.
        return (0..rows.len()).find(|&row| rows.width(row) > 1 && !is_prose(rows, row, usual)).unwrap_or(0);
    }
    let start = (0..rows.len())
        .find(|&row| {
            let width = rows.width(row);
            let alike = is_alike(rows, row, usual);
            let header_of_next = width + 1 >= usual && rows.len() > row + 1 && rows.width(row + 1) == usual;
            let (filled, packed) = fill(rows, row);
            // A unit stands alone at the right end, a title at the left.
            let is_aside = filled == 1 && !rows.cell(row, width.saturating_sub(1)).trim_ascii().is_empty();
            let is_title = filled * 2 <= typical && (packed || is_aside) && usual > 2;
            let is_table = width == usual || alike || (header_of_next && !is_prose(rows, row, usual));
            width > 1 && is_table && !is_title && filled > 0
        })
        .unwrap_or(0);
    match start.checked_sub(1) {
        Some(above) if is_short_header(rows, above, usual) => above,
        _ => start,
    }
}

/// Whether the row and those below it have one width, if another than the usual one: a table of its own. A few pairs
/// above a wide table tell about it.
fn is_alike(rows: &Rows, row: usize, usual: usize) -> bool {
    let width = rows.width(row);
    let count = (row..rows.len()).take(6).take_while(|&next| rows.width(next) == width).count();
    count >= if width == 2 && usual > 3 { 6 } else { 3 }
}

/// Whether the row is a sentence that a delimiter happened to cut: blanks follow the cuts.
fn is_prose(rows: &Rows, row: usize, usual: usize) -> bool {
    let width = rows.width(row);
    width < usual && (1..width).any(|column| rows.cell(row, column).starts_with(b" "))
}

/// Whether the row names columns, though it is narrower than the table: several words right above a row that is
/// itself no header.
fn is_short_header(rows: &Rows, row: usize, usual: usize) -> bool {
    let width = rows.width(row);
    let is_name = |column| matches!(score::looks(rows.cell(row, column)), Looks::Words | Looks::Empty);
    let next = row + 1;
    let is_apart = rows.line(next) > rows.line(row) + 1;
    if fill(rows, row).0 < 2 || is_apart || is_prose(rows, row, usual) || !(0..width).all(is_name) {
        return false;
    }
    let typed: Vec<Option<Looks>> =
        (0..rows.width(next)).map(|column| body_type(rows, next, column)).collect();
    let votes = votes(rows, next, &typed);
    votes < 0 || (votes == 0 && width * 3 >= usual * 2)
}

/// How many cells hold text, and whether they are the first ones.
fn fill(rows: &Rows, row: usize) -> (usize, bool) {
    let filled = (0..rows.width(row)).filter(|&column| !rows.cell(row, column).trim_ascii().is_empty());
    filled.enumerate().fold((0, true), |(_, packed), (index, column)| (index + 1, packed && index == column))
}

/// How many cells hold text in a well-filled row of the usual width: more than in three of four.
fn typical_fill(rows: &Rows, usual: usize) -> usize {
    let mut fills: Vec<usize> =
        (0..rows.len()).filter(|&row| rows.width(row) == usual).map(|row| fill(rows, row).0).collect();
    fills.sort_unstable();
    fills.get(fills.len() * 3 / 4).copied().unwrap_or(0)
}

/// How many rows from `start` on name columns instead of filling them.
fn header_height(rows: &Rows, start: usize) -> usize {
    let typed: Vec<Option<Looks>> =
        (0..rows.width(start)).map(|column| body_type(rows, start, column)).collect();
    if votes(rows, start, &typed) < 0 {
        return 0;
    }
    // Years below a heading over several columns name them.
    let has_gaps = (1..rows.width(start)).any(|column| rows.cell(start, column).trim_ascii().is_empty());
    let is_heading = |row: usize| {
        let cells = (0..rows.width(row).min(typed.len())).filter(|&column| typed[column].is_some());
        let (mut words, mut values) = (0, 0);
        for column in cells {
            match score::looks(unquoted(rows.cell(row, column))) {
                Looks::Words | Looks::Odd => words += 1,
                Looks::Empty => {}
                Looks::Number if has_gaps && is_year(rows.cell(row, column).trim_ascii()) => words += 1,
                _ => values += 1,
            }
        }
        values == 0 && words > 0 && words * 2 >= typed.iter().flatten().count()
    };
    let more = (start + 1..rows.len().saturating_sub(1)).take(3).take_while(|&row| is_heading(row)).count();
    1 + more
}

/// The text within quotes of either kind.
fn unquoted(cell: &[u8]) -> &[u8] {
    match cell {
        [b'\'', text @ .., b'\''] | [b'"', text @ .., b'"'] => text,
        text => text,
    }
}

/// What most cells of a column below the first row look like, where that is numbers or dates.
fn body_type(rows: &Rows, start: usize, column: usize) -> Option<Looks> {
    let mut counts = [0usize; 6];
    for row in (start + 1..rows.len()).filter(|&row| column < rows.width(row)) {
        counts[score::looks(rows.cell(row, column)) as usize] += 1;
    }
    let filled: usize = counts[1..].iter().sum();
    [Looks::Number, Looks::Date]
        .into_iter()
        .find(|&looks| counts[looks as usize] * 10 >= filled * 6 && filled > 0)
}

/// How much the row differs from the ones below it as names differ from values: below 0, it is one of them.
fn votes(rows: &Rows, start: usize, typed: &[Option<Looks>]) -> i32 {
    let mut votes = 0i32;
    for (column, typed) in typed.iter().enumerate() {
        let cell = rows.cell(start, column).trim_ascii();
        let looks = score::looks(cell);
        let is_value = matches!(looks, Looks::Number | Looks::Date);
        votes += match typed {
            _ if looks == Looks::Empty || is_year(cell) => 0,
            Some(typed) if looks == *typed => -2,
            Some(_) if is_value => -1,
            Some(_) => 2,
            None if is_value => -1,
            None if repeats(rows, start, column) => -1,
            None => 0,
        };
    }
    votes
}

/// A heading that is a year or the like.
fn is_year(cell: &[u8]) -> bool {
    let text = std::str::from_utf8(cell).unwrap_or("");
    text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1800..2200).contains(&year))
}

/// Whether the cell's text stands in its column again.
fn repeats(rows: &Rows, start: usize, column: usize) -> bool {
    let cell = rows.cell(start, column);
    (start + 1..rows.len()).any(|row| column < rows.width(row) && rows.cell(row, column) == cell)
}
