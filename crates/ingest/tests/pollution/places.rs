//! What can happen to one row or one cell, at every row and column.

use super::Case;
use super::tables::{PLAIN, Quoted, Style, Table};

const ALL: Style = Style { quoted: Quoted::All, ..PLAIN };

pub(crate) fn add(table: &Table, cases: &mut Vec<Case>) {
    for row in 0..table.grid.len() {
        rows(table, row, cases);
        for column in 0..table.grid[0].len() {
            shapes(table, (row, column), cases);
            if !table.grid[row][column].is_empty() {
                quotes(table, (row, column), cases);
            }
            values(table, (row, column), cases);
        }
    }
    for column in 0..table.grid[0].len() {
        names(table, column, cases);
    }
}

/// One line written otherwise; the table with one row replaced.
struct Spoiled<'a> {
    table: &'a Table,
    style: Style,
    row: usize,
    column: usize,
}

impl Spoiled<'_> {
    /// `line` stands for the row, which must become `wanted`.
    fn case(&self, kind: &'static str, line: &str, wanted: Vec<String>) -> Case {
        let mut text = String::new();
        let mut grid = self.table.grid.clone();
        for (row, cells) in grid.iter().enumerate() {
            if row == self.row {
                text += line;
                text += self.style.end;
            } else {
                text += &(self.style.row(cells) + self.style.end);
            }
        }
        grid[self.row] = wanted;
        let place = format!("{}, row {}, column {}", self.table.name, self.row, self.column);
        Case { kind, place, bytes: text.into_bytes(), wanted: grid }
    }
}

fn rows(table: &Table, row: usize, cases: &mut Vec<Case>) {
    let cells = &table.grid[row];
    for style in [PLAIN, ALL] {
        let spoiled = Spoiled { table, style: style.clone(), row, column: 0 };
        let line = style.row(cells);
        for more in [",", ",,", ",,,,"] {
            cases.push(spoiled.case("delimiters at the end of a row", &(line.clone() + more), cells.clone()));
        }
        for delimiter in [";", "\t", "|", ", ", " "] {
            let line = Style { delimiter, ..style.clone() }.row(cells);
            cases.push(spoiled.case("row cut by another delimiter", &line, cells.clone()));
        }
        let line = Style { quote: '\'', escape: '\'', quoted: Quoted::All, ..PLAIN }.row(cells);
        cases.push(spoiled.case("row in another quote", &line, cells.clone()));
        let line = Style { escape: '\\', ..style.clone() }.row(cells);
        cases.push(spoiled.case("row with another escape", &line, cells.clone()));
        for keep in 1..cells.len() {
            let line = style.row(&cells[..keep]);
            // A lone cell under a table reads as a note; a lone one above it, as a title.
            if keep > 1 || (row > 0 && row + 1 < table.grid.len()) {
                cases.push(spoiled.case("row cut short", &line, cells[..keep].to_vec()));
            }
        }
        let mut long = cells.clone();
        long.extend(["more".to_owned(), "and more".to_owned()]);
        cases.push(spoiled.case("row too long", &style.row(&long), long.clone()));
        line_ends(&spoiled, cases);
    }
}

/// One line that ends otherwise than the rest.
fn line_ends(spoiled: &Spoiled, cases: &mut Vec<Case>) {
    let grid = &spoiled.table.grid;
    for (usual, other) in [("\n", "\r\n"), ("\n", "\r"), ("\r\n", "\n"), ("\r\n", "\r"), ("\r", "\n")] {
        let lines = grid.iter().enumerate();
        let text: String = lines
            .map(|(row, cells)| spoiled.style.row(cells) + if row == spoiled.row { other } else { usual })
            .collect();
        let place = format!("{}, row {}, {usual:?} {other:?}", spoiled.table.name, spoiled.row);
        cases.push(Case {
            kind: "line that ends otherwise",
            place,
            bytes: text.into_bytes(),
            wanted: grid.clone(),
        });
    }
}

fn shapes(table: &Table, (row, column): (usize, usize), cases: &mut Vec<Case>) {
    let cells = &table.grid[row];
    for style in [PLAIN, ALL] {
        let spoiled = Spoiled { table, style: style.clone(), row, column };
        let mut less = cells.clone();
        less.remove(column);
        cases.push(spoiled.case("cell missing", &style.row(&less), less.clone()));
        let mut more = cells.clone();
        more.insert(column, String::new());
        cases.push(spoiled.case("cell too many", &style.row(&more), more.clone()));
    }
    let next = cells.get(column + 1);
    let is_plain = |cell: &String| PLAIN.cell(cell) == *cell && !cell.contains('\'');
    if let Some(next) = next.filter(|next| is_plain(next) && is_plain(&cells[column])) {
        let mut glued = cells.clone();
        glued[column] += next;
        glued.remove(column + 1);
        let spoiled = Spoiled { table, style: PLAIN, row, column };
        cases.push(spoiled.case("delimiter missing", &PLAIN.row(&glued), glued.clone()));
    }
}

fn quotes(table: &Table, (row, column): (usize, usize), cases: &mut Vec<Case>) {
    let cells = &table.grid[row];
    let cell = &cells[column];
    let middle = cell.char_indices().nth(cell.chars().count() / 2).map_or(0, |at| at.0);
    let stray = [
        ("stray quote at the start", format!("\"{cell}")),
        ("stray quote within", format!("{}\"{}", &cell[..middle], &cell[middle..])),
        ("stray quote at the end", format!("{cell}\"")),
        ("stray quotes around a word", format!("{}\"x\"{}", &cell[..middle], &cell[middle..])),
    ];
    for style in [PLAIN, ALL] {
        let spoiled = Spoiled { table, style: style.clone(), row, column };
        let is_quoted = style.cell(cell) != *cell;
        // Quotes already within it make it anybody's guess.
        if cell.contains('"') || (is_quoted && style.quoted == Quoted::Needed) {
            continue;
        }
        for (kind, text) in &stray {
            let written = if is_quoted { format!("\"{text}\"") } else { text.clone() };
            let mut wanted = cells.clone();
            wanted[column] = text.clone();
            cases.push(spoiled.case(kind, &with(&style, cells, column, &written), wanted));
        }
        if is_quoted && PLAIN.cell(cell) == *cell {
            let mut wanted = cells.clone();
            wanted[column] = format!("\"{cell}");
            let line = with(&style, cells, column, &format!("\"{cell}"));
            cases.push(spoiled.case("closing quote missing", &line, wanted.clone()));
            wanted[column] = format!("{cell}\"");
            let line = with(&style, cells, column, &format!("{cell}\""));
            cases.push(spoiled.case("opening quote missing", &line, wanted));
        }
    }
}

/// The row's line with one cell written as given.
fn with(style: &Style, cells: &[String], column: usize, written: &str) -> String {
    let write =
        |(index, cell): (usize, &String)| if index == column { written.to_owned() } else { style.cell(cell) };
    cells.iter().enumerate().map(write).collect::<Vec<_>>().join(style.delimiter)
}

fn values(table: &Table, (row, column): (usize, usize), cases: &mut Vec<Case>) {
    let values = [
        "",
        "one, two",
        "two\nlines",
        "two\r\nlines, and a \"word\"",
        "a \"word\"",
        "\"",
        "it's; or | not",
        "\\",
        "{\"a\": 1, \"b\": [2, 3]}",
        "<a href=\"x,y\">z</a>",
        "5'10\"",
        "C:\\new\\file",
        "a\tb",
        "=1+1",
    ];
    let spoiled = Spoiled { table, style: PLAIN, row, column };
    // Two of them in each cell, so that all stand in every column.
    for value in [values[(row + column) % 14], values[(row + column + 7) % 14]] {
        let mut cells = table.grid[row].clone();
        cells[column] = value.to_owned();
        cases.push(spoiled.case("odd value", &PLAIN.row(&cells), cells.clone()));
    }
}

fn names(table: &Table, column: usize, cases: &mut Vec<Case>) {
    let header = &table.grid[0];
    let same = header[(column + 1) % header.len()].clone();
    for name in [
        String::new(),
        same,
        "long ".repeat(400).trim_end().to_owned(),
        "2024".to_owned(),
        "a b/c (d), %".to_owned(),
    ] {
        let mut cells = header.clone();
        cells[column] = name;
        let spoiled = Spoiled { table, style: PLAIN, row: 0, column };
        cases.push(spoiled.case("odd name", &PLAIN.row(&cells), cells.clone()));
    }
    let spoiled = Spoiled { table, style: PLAIN, row: 0, column };
    let one = vec![header[column].clone(); header.len()];
    cases.push(spoiled.case("one name for all", &PLAIN.row(&one), one.clone()));
}
