//! One sheet in every format: the cases of `cases.txt`, each written as XLSX, XLSB, ODS and XLS by the few bytes that the
//! format needs, and what must be read of them. A case says `only` where a format cannot hold what it is about.

mod ods;
mod xls;
mod xlsb;
mod xlsx;

use std::io::{Cursor, Write};

use ingest::settings::Limits;
use ingest::workbook::{self, Area, Sheet};
use model::cell::{CellType, SheetName, column_letters};
use zip::write::SimpleFileOptions;

type Failure = Box<dyn std::error::Error>;

/// A sheet as a case describes it.
#[derive(Debug, Clone, Default)]
struct Made {
    is_1904: bool,
    is_hidden: bool,
    /// Row from 1, column from 0, what; in the order of rows.
    cells: Vec<(u32, u16, Value)>,
    merged: Vec<Area>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<u16>,
}

/// What a cell is made of.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Percent(f64),
    /// A serial date.
    Date(f64),
    /// A serial time above a day.
    Elapsed(f64),
    Truth(bool),
    Error(String),
    /// What a formula gave.
    Formula(Box<Value>),
    /// A formula that was never calculated.
    Uncalculated,
}

fn value(kind: &str, rest: &str) -> Result<Value, Failure> {
    Ok(match kind {
        "text" => Value::Text(rest.replace("\\n", "\n").replace("\\s", " ").replace("\\t", "\t")),
        "repeated" => {
            let (times, text) = rest.split_once(' ').ok_or("how often, and what")?;
            Value::Text(text.repeat(times.parse()?))
        }
        "number" => Value::Number(rest.parse()?),
        "percent" => Value::Percent(rest.parse()?),
        "date" => Value::Date(rest.parse()?),
        "elapsed" => Value::Elapsed(rest.parse()?),
        "truth" => Value::Truth(rest == "true"),
        "error" => Value::Error(rest.to_owned()),
        "uncalculated" => Value::Uncalculated,
        "formula" => {
            let (kind, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            Value::Formula(Box::new(value(kind, rest)?))
        }
        other => return Err(format!("no kind of cell `{other}`").into()),
    })
}

/// A case's sheet, the formats that can hold it, and what must be told of it.
fn case(text: &str) -> Result<(Made, Option<Vec<&str>>, String), Failure> {
    let (mut made, mut only, mut told) = (Made::default(), None, Vec::new());
    for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let area = || Area::parse(rest).ok_or_else(|| format!("no area `{rest}`"));
        match word {
            "->" => told.push(rest),
            "only" => only = Some(rest.split(' ').collect()),
            "1904" => made.is_1904 = true,
            "hidden-sheet" => made.is_hidden = true,
            "hidden-row" => made.hidden_rows.push(rest.parse()?),
            "hidden-column" => made.hidden_columns.push(area()?.first_column),
            "merge" => made.merged.push(area()?),
            cell => {
                let at = Area::parse(cell).ok_or_else(|| format!("no cell `{cell}`"))?;
                let (kind, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                made.cells.push((at.first_row, at.first_column, value(kind, rest)?));
            }
        }
    }
    made.cells.sort_by_key(|cell| (cell.0, cell.1));
    Ok((made, only, told.join("; ")))
}

/// Each cell as `C14=text`, then what the sheet hides and merges, then each flaw as `C14 code`.
fn told(sheet: &Sheet) -> String {
    let name = SheetName { file: String::new(), sheet: Some(sheet.name.clone()) };
    let mut told = Vec::new();
    for batch in &sheet.batches {
        for row in 0..batch.len() {
            for column in (0..batch.width).filter(|&column| batch.cell_type(row, column) != CellType::Empty) {
                let mark = match batch.cell_type(row, column) {
                    CellType::Text => "",
                    CellType::Number => "#",
                    CellType::Date => "@",
                    CellType::Boolean => "?",
                    _ => "!",
                };
                let text = batch.get(row, column).replace('\n', "\\n").replace('\t', "\\t");
                let text = if text.len() > 1000 { format!("{} bytes", text.len()) } else { text };
                told.push(format!("{}{}={mark}{text}", column_letters(column as u16), batch.rows[row]));
            }
        }
    }
    if sheet.hidden {
        told.push("hidden".to_owned());
    }
    told.extend(sheet.hidden_rows.iter().map(|row| format!("hidden row {row}")));
    told.extend(
        sheet.hidden_columns.iter().map(|&column| format!("hidden column {}", column_letters(column))),
    );
    for area in &sheet.merged {
        let (first, last) = (column_letters(area.first_column), column_letters(area.last_column));
        told.push(format!("merged {first}{}:{last}{}", area.first_row, area.last_row));
    }
    for flaw in &sheet.flaws {
        let finding = flaw.finding(&name);
        told.push(format!("{} {}", finding.location.map_or(String::new(), |place| place.cell), finding.code));
    }
    told.join("; ")
}

fn zipped(parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Failure> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The text as XML holds it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

type Write_ = fn(&Made) -> Result<Vec<u8>, Failure>;

/// Every format, by the name that cases give it.
const FORMATS: [(&str, Write_); 5] = [
    ("xlsx", xlsx::write),
    ("xlsb", xlsb::write),
    ("ods", ods::write),
    ("fods", ods::write_flat),
    ("xls", xls::write),
];

#[test]
fn every_format_reads_alike() -> Result<(), Failure> {
    let mut count = 0;
    for text in include_str!("cases.txt").split("\n== ").skip(1) {
        let title = text.lines().next().unwrap_or_default();
        let (made, only, wanted) = case(text).map_err(|error| format!("{title}: {error}"))?;
        for (format, write) in FORMATS {
            if only.as_ref().is_some_and(|only| !only.contains(&format)) {
                continue;
            }
            let sheets = workbook::read(&write(&made)?, &Limits::default())
                .map_err(|error| format!("{title}, {format}: {error}"))?;
            assert_eq!(sheets.len(), 1, "{title}, {format}");
            assert_eq!(sheets[0].name, "Facts", "{title}, {format}");
            assert_eq!(told(&sheets[0]), wanted, "{title}, {format}");
            count += 1;
        }
    }
    assert!(count >= 120, "{count} workbooks");
    Ok(())
}

/// Whatever is done to a workbook's bytes, reading it ends, in time and without a panic.
#[test]
fn damaged_bytes() -> Result<(), Failure> {
    let text = include_str!("cases.txt").split("\n== ").nth(1).unwrap_or_default();
    let (made, ..) = case(text)?;
    let mut dice: u64 = 88_172_645_463_325_252;
    let mut throw = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % sides.max(1) as u64) as usize
    };
    for (_, write) in FORMATS {
        let seed = write(&made)?;
        for _ in 0..1500 {
            let mut bytes = seed.clone();
            for _ in 0..=throw(6) {
                let at = throw(bytes.len());
                match throw(4) {
                    0 => bytes[at] = throw(256) as u8,
                    1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][throw(5)],
                    2 => drop(bytes.drain(at..(at + 1 + throw(20)).min(seed.len()).min(bytes.len()).max(at))),
                    _ => {
                        let copy = bytes[at..(at + throw(20)).min(bytes.len())].to_vec();
                        bytes.splice(at..at, copy);
                    }
                }
            }
            drop(workbook::read(&bytes, &Limits::of_workbook(bytes.len() as u64)));
            drop(workbook::read(&bytes[..throw(bytes.len())], &Limits::default()));
        }
    }
    Ok(())
}
