//! What can be done to a file as a whole: its bytes, its ends, what stands above and below the table.

use encoding_rs::{Encoding, KOI8_R, UTF_8, WINDOWS_1251, X_MAC_CYRILLIC};

use super::tables::{PLAIN, Style, Table};
use super::{Case, Grid};

pub(crate) fn add(table: &Table, cases: &mut Vec<Case>) {
    let mut add = |kind, place: &str, text: &[u8], wanted: &[Vec<String>]| {
        let place = format!("{}, {place}", table.name);
        cases.push(Case { kind, place, bytes: text.to_vec(), wanted: wanted.to_vec() });
    };
    let grid = &table.grid;
    let text = PLAIN.text(grid);
    add("clean", "", text.as_bytes(), grid);
    add("no line end at the end", "", text.trim_end().as_bytes(), grid);
    add("blank lines at the end", "", format!("{text}\n\n").as_bytes(), grid);
    add("blank line between rows", "", text.replace('\n', "\n\n").as_bytes(), &doubled_ends(grid));
    add("header alone", "", PLAIN.text(&grid[..1]).as_bytes(), &grid[..1]);
    for rows in 2..5 {
        add("few rows", &format!("{rows} rows"), PLAIN.text(&grid[..rows]).as_bytes(), &grid[..rows]);
    }
    add("no header", "", PLAIN.text(&grid[1..]).as_bytes(), &grid[1..]);
    add("empty", "", b"", &[]);
    add("empty", "one line end", b"\r\n", &[]);
    for mark in ["\u{feff}", "\u{feff}\u{feff}"] {
        add("byte order mark", mark, format!("{mark}{text}").as_bytes(), grid);
    }
    for (name, bytes) in encoded(&text) {
        add("encoding", name, &bytes, grid);
    }
    around(grid, &mut add);
}

/// A blank line within a quoted cell stays.
fn doubled_ends(grid: &[Vec<String>]) -> Grid {
    grid.iter().map(|row| row.iter().map(|cell| cell.replace('\n', "\n\n")).collect()).collect()
}

fn encoded(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut encoded = vec![
        ("UTF-16LE, marked", [&[0xff, 0xfe], little.as_slice()].concat()),
        ("UTF-16BE, marked", [&[0xfe, 0xff], big.as_slice()].concat()),
        ("UTF-16LE", little),
        ("UTF-16BE", big),
    ];
    let letters: [&'static Encoding; 4] = [WINDOWS_1251, KOI8_R, X_MAC_CYRILLIC, UTF_8];
    for encoding in letters {
        let (bytes, _, lossy) = encoding.encode(text);
        if !lossy && !text.is_ascii() {
            encoded.push((encoding.name(), bytes.into_owned()));
        }
    }
    encoded
}

/// Lines above and below the table, and several tables in one file.
fn around(grid: &Grid, add: &mut impl FnMut(&'static str, &str, &[u8], &[Vec<String>])) {
    let above = [
        "Export of 2024-05-01\n",
        "Quarterly table, as of May, not final\n",
        "Report\nMade by: the statistics desk\n\n",
        "Title,,,\n",
        "\"A title, in quotes\"\nsecond line\nthird line\n",
        "# made by a program\n# on 2024-05-01\n",
    ];
    let below = [
        "Source: statistics office\n",
        "\n* preliminary\n",
        "\nTotal rows: 24\nEnd of file\n",
        "\n\"Note: figures may differ, see the method\"\n",
    ];
    let wide = if grid[0].len() > 3 { &above[..] } else { &above[..1] };
    for (index, above) in wide.iter().enumerate() {
        for style in [PLAIN, Style { delimiter: ";", ..PLAIN }] {
            let text = format!("{above}{}", style.text(grid));
            add("lines above", &format!("{index}, {}", style.delimiter), text.as_bytes(), grid);
        }
    }
    for (index, below) in below.iter().enumerate() {
        let text = format!("{}{below}", PLAIN.text(grid));
        add("lines below", &index.to_string(), text.as_bytes(), grid);
    }
    for columns in [grid[0].len() - 1, grid[0].len(), grid[0].len() + 1] {
        let second: Grid = (0..6)
            .map(|row| {
                (0..columns).map(|column| format!("{}{column}", if row == 0 { 'h' } else { 'v' })).collect()
            })
            .collect();
        for between in ["", "\n"] {
            let text = format!("{}{between}{}", PLAIN.text(grid), PLAIN.text(&second));
            let wanted = [grid.as_slice(), &second].concat();
            add("two tables", &format!("{columns} columns, {between:?}"), text.as_bytes(), &wanted);
        }
    }
    let mut text = vec![grid[0].clone(), vec!["(unit)".to_owned(); grid[0].len()]];
    text.extend_from_slice(&grid[1..]);
    let mut wanted = grid.clone();
    wanted[0].iter_mut().for_each(|name| name.push_str(" (unit)"));
    add("two header rows", "", PLAIN.text(&text).as_bytes(), &wanted);
}
