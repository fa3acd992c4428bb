//! Every dialect that a program writes: delimiter, quote, escape, what is quoted, line end.

use super::Case;
use super::tables::{PLAIN, Quoted, Style, Table};

const DELIMITERS: [&str; 13] = [",", ";", "\t", "|", ":", " ", ", ", "; ", "^", "~", "||", "\u{1}", "\u{1f}"];

pub(crate) fn add(table: &Table, cases: &mut Vec<Case>) {
    for delimiter in DELIMITERS {
        for (quote, escape) in [('"', '"'), ('\'', '\''), ('"', '\\'), ('\'', '\\')] {
            for quoted in [Quoted::Needed, Quoted::Text, Quoted::All] {
                for end in ["\n", "\r\n", "\r"] {
                    // Of what is the same for every line end, once is enough.
                    if end != "\n" && (quoted == Quoted::Text || escape == '\\') {
                        continue;
                    }
                    let style = Style { delimiter, quote, escape, quoted, end };
                    cases.push(case(table, &style));
                }
            }
        }
    }
    for delimiter in [",", ";", "\t"] {
        without_quotes(table, delimiter, cases);
    }
    without_escapes(table, cases);
}

fn case(table: &Table, style: &Style) -> Case {
    let kind = match style.delimiter {
        "," => "dialect: comma",
        ";" => "dialect: semicolon",
        "\t" => "dialect: tab",
        "|" => "dialect: pipe",
        ":" => "dialect: colon",
        " " => "dialect: space",
        ", " | "; " => "dialect: mark and space",
        _ => "dialect: rare delimiter",
    };
    let place = format!(
        "{}, {:?} {} {} {:?} {}",
        table.name,
        style.delimiter,
        style.quote,
        style.escape,
        style.end,
        match style.quoted {
            Quoted::Needed => "where needed",
            Quoted::Text => "text",
            Quoted::All => "all",
        }
    );
    let bytes = style.text(&table.grid).into_bytes();
    Case { kind, place, bytes, wanted: table.grid.clone() }
}

/// No quotes at all: rows whose cells cannot be written so are left out.
fn without_quotes(table: &Table, delimiter: &'static str, cases: &mut Vec<Case>) {
    let fits = |cell: &String| !cell.contains(delimiter) && !cell.contains('\n');
    let wanted: Vec<Vec<String>> = table.grid.iter().filter(|row| row.iter().all(fits)).cloned().collect();
    if wanted.len() * 2 > table.grid.len() {
        let text: String = wanted.iter().map(|row| row.join(delimiter) + "\n").collect();
        let place = format!("{}, {delimiter:?}", table.name);
        cases.push(Case { kind: "no quotes", place, bytes: text.into_bytes(), wanted });
    }
}

/// Cells in quotes, and quotes within them as they are.
fn without_escapes(table: &Table, cases: &mut Vec<Case>) {
    let rows = table.grid.iter().map(|row| {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
        cells.join(",") + "\n"
    });
    let bytes = rows.collect::<String>().into_bytes();
    let place = table.name.to_owned();
    cases.push(Case { kind: "quotes not escaped", place, bytes, wanted: table.grid.clone() });
    let mixed: String = table
        .grid
        .iter()
        .enumerate()
        .map(|(row, cells)| {
            let quote = if row % 2 == 0 { '"' } else { '\'' };
            Style { quote, escape: quote, quoted: Quoted::All, ..PLAIN }.row(cells) + "\n"
        })
        .collect();
    let place = table.name.to_owned();
    let bytes = mixed.into_bytes();
    cases.push(Case { kind: "two quotes in turn", place, bytes, wanted: table.grid.clone() });
}
