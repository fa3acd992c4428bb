//! A sheet as XLS: records of Excel 97 in a stream, and the OLE2 file around it.

use super::xlsb::code;
use super::{Failure, Made, Value};

/// Bytes of a record that Excel writes at most; longer texts go on in another one.
const LONGEST: usize = 8224;

fn record(kind: u16, bytes: &[u8], stream: &mut Vec<u8>) {
    stream.extend(kind.to_le_bytes());
    stream.extend((bytes.len() as u16).to_le_bytes());
    stream.extend_from_slice(bytes);
}

/// A text in the narrowest form that holds it: its length, a flag and its characters.
fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let is_wide = units.iter().any(|&unit| unit > 0xff);
    let mut bytes = (units.len() as u16).to_le_bytes().to_vec();
    bytes.push(u8::from(is_wide));
    for unit in units {
        if is_wide { bytes.extend(unit.to_le_bytes()) } else { bytes.push(unit as u8) }
    }
    bytes
}

pub(super) fn write(made: &Made) -> Result<Vec<u8>, Failure> {
    let mut stream = Vec::new();
    record(0x0809, &[&[0, 6, 5, 0][..], &[0; 12]].concat(), &mut stream);
    record(0x0042, &1200_u16.to_le_bytes(), &mut stream);
    record(0x0022, &[u8::from(made.is_1904), 0], &mut stream);
    record(0x041e, &[&170_u16.to_le_bytes()[..], &text("[h]:mm")].concat(), &mut stream);
    for format in [0_u16, 9, 14, 170] {
        record(0x00e0, &[&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat(), &mut stream);
    }
    let mut strings = Strings::default();
    let sheet = worksheet(made, &mut strings);
    let name = [&[u8::from(made.is_hidden), 0, 5, 0][..], b"Facts"].concat();
    let mut rest = Vec::new();
    strings.write(&mut rest);
    record(0x000a, &[], &mut rest);
    // The sheet follows this record and the rest of the globals.
    let start = stream.len() + 4 + 4 + name.len() + rest.len();
    record(0x0085, &[&(start as u32).to_le_bytes()[..], &name].concat(), &mut stream);
    stream.extend(rest);
    stream.extend(sheet);
    Ok(compound(stream))
}

/// The shared texts, each with the records that continue it.
#[derive(Default)]
struct Strings {
    texts: Vec<Vec<u8>>,
}

impl Strings {
    fn write(&self, stream: &mut Vec<u8>) {
        let count = (self.texts.len() as u32).to_le_bytes();
        let mut piece = [count, count].concat();
        let mut kind = 0x00fc;
        for text in &self.texts {
            // The head of a text is never cut; its characters go on behind a flag of their own.
            if piece.len() + 3 > LONGEST {
                record(kind, &piece, stream);
                (kind, piece) = (0x003c, Vec::new());
            }
            piece.extend(&text[..3]);
            let (mut rest, is_wide) = (&text[3..], text[2]);
            while !rest.is_empty() {
                let room = (LONGEST - piece.len()) & !1;
                let (now, later) = rest.split_at(room.min(rest.len()));
                piece.extend(now);
                rest = later;
                if !rest.is_empty() {
                    record(kind, &piece, stream);
                    (kind, piece) = (0x003c, vec![is_wide]);
                }
            }
        }
        record(kind, &piece, stream);
    }
}

fn worksheet(made: &Made, strings: &mut Strings) -> Vec<u8> {
    let mut stream = Vec::new();
    record(0x0809, &[&[0, 6, 0x10, 0][..], &[0; 12]].concat(), &mut stream);
    for &column in &made.hidden_columns {
        let column = column.to_le_bytes();
        record(0x007d, &[&column[..], &column, &[0; 4], &[1, 0], &[0; 2]].concat(), &mut stream);
    }
    for &row in &made.hidden_rows {
        record(
            0x0208,
            &[&(row as u16 - 1).to_le_bytes()[..], &[0; 10], &[0x20, 0], &[0; 2]].concat(),
            &mut stream,
        );
    }
    // A chart lies within the sheet, with a record like that of a cell.
    record(0x0809, &[&[0, 6, 0x20, 0][..], &[0; 12]].concat(), &mut stream);
    record(0x0203, &[0; 14], &mut stream);
    record(0x000a, &[], &mut stream);
    for (row, column, value) in &made.cells {
        write_cell(*row as u16 - 1, *column, value, strings, &mut stream);
    }
    for area in &made.merged {
        let (first, last) = (area.first_row as u16 - 1, area.last_row as u16 - 1);
        let numbers = [1, first, last, area.first_column, area.last_column];
        record(0x00e5, &numbers.map(u16::to_le_bytes).concat(), &mut stream);
    }
    record(0x000a, &[], &mut stream);
    stream
}

fn write_cell(row: u16, column: u16, value: &Value, strings: &mut Strings, stream: &mut Vec<u8>) {
    let head = |style: u16| [row, column, style].map(u16::to_le_bytes).concat();
    let mut real = |style: u16, number: f64| {
        record(0x0203, &[&head(style)[..], &number.to_le_bytes()].concat(), stream);
    };
    match value {
        Value::Text(words) => {
            strings.texts.push(text(words));
            let index = strings.texts.len() as u32 - 1;
            record(0x00fd, &[&head(0)[..], &index.to_le_bytes()].concat(), stream);
        }
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 5e8 => {
            let bits = ((*number as i32) << 2 | 2).to_le_bytes();
            record(0x00bd, &[&head(0)[..], &bits, &column.to_le_bytes()].concat(), stream);
        }
        Value::Number(number) => real(0, *number),
        Value::Percent(number) => real(1, *number),
        Value::Date(number) => real(2, *number),
        Value::Elapsed(number) => real(3, *number),
        Value::Truth(truth) => record(0x0205, &[&head(0)[..], &[u8::from(*truth), 0]].concat(), stream),
        Value::Error(name) => record(0x0205, &[&head(0)[..], &[code(name), 1]].concat(), stream),
        Value::Uncalculated => write_formula(&head(0), [0, 0, 0, 0, 0, 0, 0xff, 0xff], stream),
        Value::Formula(value) => match value.as_ref() {
            Value::Text(words) => {
                write_formula(&head(0), [0, 0, 0, 0, 0, 0, 0xff, 0xff], stream);
                record(0x0207, &text(words), stream);
            }
            Value::Truth(truth) => {
                write_formula(&head(0), [1, 0, u8::from(*truth), 0, 0, 0, 0xff, 0xff], stream);
            }
            Value::Error(name) => write_formula(&head(0), [2, 0, code(name), 0, 0, 0, 0xff, 0xff], stream),
            Value::Percent(number) => write_formula(&head(1), number.to_le_bytes(), stream),
            Value::Date(number) => write_formula(&head(2), number.to_le_bytes(), stream),
            Value::Number(number) => write_formula(&head(0), number.to_le_bytes(), stream),
            other => write_cell(row, column, other, strings, stream),
        },
    }
}

fn write_formula(head: &[u8], value: [u8; 8], stream: &mut Vec<u8>) {
    record(0x0006, &[head, &value, &[0; 8]].concat(), stream);
}

/// The stream as the one file of an OLE2 file: sectors of 512 bytes, the table and the directory first.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    // Shorter streams would lie in small sectors.
    stream.resize(stream.len().max(4096), 0);
    let length = stream.len() as u32;
    stream.resize(stream.len().next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let tables = (sectors + 2).div_ceil(127);
    let mut table: Vec<u32> = vec![0xffff_fffd; tables];
    table.push(0xffff_fffe);
    table.extend((1..sectors).map(|sector| (tables + 1 + sector) as u32));
    table.push(0xffff_fffe);
    table.resize(tables * 128, 0xffff_ffff);
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512, 0);
    bytes[30] = 9;
    bytes[44] = tables as u8;
    bytes[48..52].copy_from_slice(&(tables as u32).to_le_bytes());
    bytes[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    bytes[60..64].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    bytes[68..72].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    for index in 0..109 {
        let sector = if index < tables { index as u32 } else { u32::MAX };
        bytes[76 + index * 4..80 + index * 4].copy_from_slice(&sector.to_le_bytes());
    }
    bytes.extend(table.into_iter().flat_map(u32::to_le_bytes));
    bytes.extend(entry("Root Entry", 5, 1, 0xffff_fffe, 0));
    bytes.extend(entry("Workbook", 2, u32::MAX, tables as u32 + 1, length));
    bytes.resize(512 * (tables + 2), 0);
    bytes.extend(stream);
    bytes
}

fn entry(name: &str, kind: u8, child: u32, start: u32, length: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let name_length = entry.len() as u16 + 2;
    entry.resize(128, 0);
    entry[64..66].copy_from_slice(&name_length.to_le_bytes());
    entry[66] = kind;
    entry[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
    entry[72..76].copy_from_slice(&u32::MAX.to_le_bytes());
    entry[76..80].copy_from_slice(&child.to_le_bytes());
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&length.to_le_bytes());
    entry
}
