//! A sheet as XLSB: records of MS-XLSB, by hand.

use super::{Failure, Made, Value, zipped};

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Appends a record.
fn record(kind: u32, bytes: &[u8], part: &mut Vec<u8>) {
    for mut number in [kind, bytes.len() as u32] {
        while number >= 0x80 {
            part.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        part.push(number as u8);
    }
    part.extend_from_slice(bytes);
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}

pub(super) fn write(made: &Made) -> Result<Vec<u8>, Failure> {
    let mut book = Vec::new();
    record(153, &[u8::from(made.is_1904), 0, 0, 0], &mut book);
    let sheet = [&[u8::from(made.is_hidden), 0, 0, 0, 1, 0, 0, 0][..], &text("r1"), &text("Facts")].concat();
    record(156, &sheet, &mut book);
    let mut styles = Vec::new();
    record(44, &[&170_u16.to_le_bytes()[..], &text("[h]:mm")].concat(), &mut styles);
    record(617, &[], &mut styles);
    for format in [0_u16, 9, 14, 170] {
        record(47, &[&[0, 0][..], &format.to_le_bytes(), &[0; 12]].concat(), &mut styles);
    }
    record(618, &[], &mut styles);
    let (mut strings, mut count) = (Vec::new(), 0_u32);
    let sheet = worksheet(made, &mut strings, &mut count);
    let links = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>"
    );
    zipped(&[
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", links.into()),
        ("xl/styles.bin", styles),
        ("xl/sharedStrings.bin", strings),
        ("xl/worksheets/sheet1.bin", sheet),
    ])
}

fn worksheet(made: &Made, strings: &mut Vec<u8>, count: &mut u32) -> Vec<u8> {
    let mut part = Vec::new();
    record(129, &[], &mut part);
    for &column in &made.hidden_columns {
        let column = u32::from(column).to_le_bytes();
        record(60, &[&column[..], &column, &[0; 8], &[1, 0]].concat(), &mut part);
    }
    record(145, &[], &mut part);
    let mut rows: Vec<u32> =
        made.cells.iter().map(|cell| cell.0).chain(made.hidden_rows.iter().copied()).collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let flags = if made.hidden_rows.contains(&row) { 0x10 } else { 0 };
        record(0, &[&(row - 1).to_le_bytes()[..], &[0; 7], &[flags], &[0; 5]].concat(), &mut part);
        for (_, column, value) in made.cells.iter().filter(|cell| cell.0 == row) {
            let (kind, style, value) = cell(value, strings, count);
            let bytes = [&u32::from(*column).to_le_bytes()[..], &[style, 0, 0, 0], &value].concat();
            record(kind, &bytes, &mut part);
            if kind == 7 && *column == 0 {
                // The cell after it without its column, as newer programs write it: one that is blank.
                record(12, &[0; 4], &mut part);
            }
        }
    }
    record(146, &[], &mut part);
    for area in &made.merged {
        let numbers =
            [area.first_row - 1, area.last_row - 1, area.first_column.into(), area.last_column.into()];
        record(176, &numbers.map(u32::to_le_bytes).concat(), &mut part);
    }
    part
}

/// The record's type, the style and the value.
fn cell(value: &Value, strings: &mut Vec<u8>, count: &mut u32) -> (u32, u8, Vec<u8>) {
    let real = |number: f64| number.to_le_bytes().to_vec();
    match value {
        Value::Text(words) if words.len() % 3 == 1 => (6, 0, text(words)),
        Value::Text(words) if words.len() % 3 == 2 => (62, 0, [&[0][..], &text(words), &[0; 4]].concat()),
        Value::Text(words) => {
            record(19, &[&[0][..], &text(words)].concat(), strings);
            *count += 1;
            (7, 0, (*count - 1).to_le_bytes().to_vec())
        }
        // A whole number of 30 bits.
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 5e8 => {
            (2, 0, ((*number as i32) << 2 | 2).to_le_bytes().to_vec())
        }
        Value::Number(number) => (5, 0, real(*number)),
        Value::Percent(number) => (5, 1, real(*number)),
        Value::Date(number) => (5, 2, real(*number)),
        Value::Elapsed(number) => (5, 3, real(*number)),
        Value::Truth(truth) => (4, 0, vec![u8::from(*truth)]),
        Value::Error(name) => (3, 0, vec![code(name)]),
        Value::Uncalculated => (1, 0, Vec::new()),
        Value::Formula(value) => {
            let rest = [0; 10];
            match value.as_ref() {
                Value::Text(words) => (8, 0, [&text(words)[..], &rest].concat()),
                Value::Truth(truth) => (10, 0, [&[u8::from(*truth)][..], &rest].concat()),
                Value::Error(name) => (11, 0, [&[code(name)][..], &rest].concat()),
                other => match cell(other, strings, count) {
                    (5, style, bytes) => (9, style, [&bytes[..], &rest].concat()),
                    (_, style, bytes) => {
                        let bits = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                        (9, style, [&real(f64::from((bits as i32) >> 2))[..], &rest].concat())
                    }
                },
            }
        }
    }
}

/// The code of an error value.
pub(super) fn code(name: &str) -> u8 {
    match name {
        "#NULL!" => 0x00,
        "#DIV/0!" => 0x07,
        "#VALUE!" => 0x0f,
        "#REF!" => 0x17,
        "#NAME?" => 0x1d,
        "#NUM!" => 0x24,
        _ => 0x2a,
    }
}
