//! Sheets of a workbook as bytes between the process that reads it and the one that asked.
//!
//! Little-endian and length-prefixed: texts and numbers of a batch lie as they lie in memory, so that 200,000 rows
//! cross in milliseconds. A frame that ends early or says nonsense is an error, never a panic or a large allocation.

use std::io::{Read, Write};

use model::cell::{Batch, CellType};

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::workbook::{Area, Sheet};

const MAGIC: &[u8; 8] = b"sheets01";

/// Writes sheets, or the error that reading them gave.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_frames(answer: &Result<Vec<Sheet>, Error>, mut out: impl Write) -> std::io::Result<()> {
    let mut frame = MAGIC.to_vec();
    match answer {
        Err(error) => {
            frame.push(1);
            put_text(&mut frame, &error.to_string());
        }
        Ok(sheets) => {
            frame.push(0);
            put_count(&mut frame, sheets.len());
            for sheet in sheets {
                put_sheet(&mut frame, sheet);
                out.write_all(&frame)?;
                frame.clear();
                for batch in &sheet.batches {
                    put_batch(&mut frame, batch);
                    out.write_all(&frame)?;
                    frame.clear();
                }
            }
        }
    }
    out.write_all(&frame)?;
    out.flush()
}

/// Reads what [`write_frames`] wrote.
///
/// # Errors
/// The error that was written, or that the bytes are no whole answer.
pub fn read_frames(input: impl Read) -> Result<Vec<Sheet>, Error> {
    let mut frames = Frames { input };
    if &frames.take::<8>()? != MAGIC {
        return Err(Error::Frame("it does not start as one"));
    }
    if frames.take::<1>()? != [0] {
        return Err(Error::Told(frames.text()?));
    }
    let count = frames.count()?;
    (0..count).map(|_| frames.sheet()).collect()
}

fn put_count(frame: &mut Vec<u8>, count: usize) {
    frame.extend_from_slice(&(count as u64).to_le_bytes());
}

fn put_text(frame: &mut Vec<u8>, text: &str) {
    put_count(frame, text.len());
    frame.extend_from_slice(text.as_bytes());
}

fn put_numbers(frame: &mut Vec<u8>, numbers: &[u32]) {
    put_count(frame, numbers.len());
    frame.reserve(numbers.len() * 4);
    for number in numbers {
        frame.extend_from_slice(&number.to_le_bytes());
    }
}

fn put_area(frame: &mut Vec<u8>, area: &Area) {
    put_numbers(frame, &[area.first_row, area.last_row, area.first_column.into(), area.last_column.into()]);
}

fn put_sheet(frame: &mut Vec<u8>, sheet: &Sheet) {
    put_text(frame, &sheet.name);
    frame.push(u8::from(sheet.hidden));
    put_count(frame, sheet.merged.len());
    sheet.merged.iter().for_each(|area| put_area(frame, area));
    put_numbers(frame, &sheet.hidden_rows);
    let columns: Vec<u32> = sheet.hidden_columns.iter().map(|&column| column.into()).collect();
    put_numbers(frame, &columns);
    put_count(frame, sheet.tables.len());
    for (name, area) in &sheet.tables {
        put_text(frame, name);
        put_area(frame, area);
    }
    put_count(frame, sheet.flaws.len());
    for flaw in &sheet.flaws {
        frame.push(flaw.code as u8);
        put_numbers(frame, &[flaw.row, flaw.column.map_or(u32::MAX, u32::from)]);
        put_text(frame, &flaw.detail);
    }
    put_count(frame, sheet.batches.len());
}

fn put_batch(frame: &mut Vec<u8>, batch: &Batch) {
    put_count(frame, batch.width);
    put_text(frame, &batch.text);
    put_numbers(frame, &batch.ends);
    put_count(frame, batch.types.len());
    frame.extend(batch.types.iter().map(|&cell_type| cell_type as u8));
    put_numbers(frame, &batch.rows);
}

struct Frames<R> {
    input: R,
}

impl<R: Read> Frames<R> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(|_| Error::Frame("it ends early"))?;
        Ok(bytes)
    }

    fn count(&mut self) -> Result<usize, Error> {
        usize::try_from(u64::from_le_bytes(self.take()?)).map_err(|_| Error::Frame("a count is too large"))
    }

    /// `length` bytes, allocated as they come.
    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(length.min(64 << 20));
        let read = self.input.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if read == length { Ok(bytes) } else { Err(Error::Frame("it ends early")) }
    }

    fn text(&mut self) -> Result<String, Error> {
        let length = self.count()?;
        String::from_utf8(self.bytes(length)?).map_err(|_| Error::Frame("a text is no UTF-8"))
    }

    fn numbers(&mut self) -> Result<Vec<u32>, Error> {
        let length = self.count()?.checked_mul(4).ok_or(Error::Frame("a count is too large"))?;
        let bytes = self.bytes(length)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|&number| u32::from_le_bytes(number)).collect())
    }

    fn area(&mut self) -> Result<Area, Error> {
        let nonsense = Error::Frame("an area is none");
        match self.numbers()?.as_slice() {
            &[first_row, last_row, first_column, last_column] => {
                match (u16::try_from(first_column), u16::try_from(last_column)) {
                    (Ok(first_column), Ok(last_column)) => {
                        Ok(Area { first_row, last_row, first_column, last_column })
                    }
                    _ => Err(nonsense),
                }
            }
            _ => Err(nonsense),
        }
    }

    fn sheet(&mut self) -> Result<Sheet, Error> {
        let name = self.text()?;
        let hidden = self.take::<1>()? != [0];
        let merged = self.list(Self::area)?;
        let hidden_rows = self.numbers()?;
        let hidden_columns =
            self.numbers()?.into_iter().filter_map(|column| u16::try_from(column).ok()).collect();
        let tables = self.list(|frames| Ok((frames.text()?, frames.area()?)))?;
        let flaws = self.list(Self::flaw)?;
        let batches = self.list(Self::batch)?;
        Ok(Sheet { name, hidden, batches, merged, hidden_rows, hidden_columns, tables, flaws })
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let count = self.count()?;
        (0..count).map(|_| item(self)).collect()
    }

    fn flaw(&mut self) -> Result<Flaw, Error> {
        let [code] = self.take()?;
        let code = *Code::ALL.get(usize::from(code)).ok_or(Error::Frame("a code is unknown"))?;
        let place = self.numbers()?;
        let &[row, column] = place.as_slice() else { return Err(Error::Frame("a place is none")) };
        Ok(Flaw { row, column: u16::try_from(column).ok(), code, detail: self.text()?.into() })
    }

    fn batch(&mut self) -> Result<Batch, Error> {
        let width = self.count()?;
        let text = self.text()?;
        let ends = self.numbers()?;
        let types = self.count()?;
        let types = self.bytes(types)?.into_iter().map(cell_type).collect::<Result<Vec<_>, _>>()?;
        let rows = self.numbers()?;
        let batch = Batch { width, text, ends, types, rows };
        if is_whole(&batch) { Ok(batch) } else { Err(Error::Frame("a batch does not add up")) }
    }
}

fn cell_type(byte: u8) -> Result<CellType, Error> {
    use CellType::{Boolean, Date, Empty, Error as ErrorValue, Number, Text};
    [Empty, Text, Number, Date, Boolean, ErrorValue]
        .get(usize::from(byte))
        .copied()
        .ok_or(Error::Frame("a cell's type is unknown"))
}

/// Whether every cell of the batch can be had.
fn is_whole(batch: &Batch) -> bool {
    let cells = batch.rows.len().checked_mul(batch.width);
    cells == Some(batch.ends.len())
        && (batch.types.is_empty() || batch.types.len() == batch.ends.len())
        && batch.ends.is_sorted()
        && batch.ends.iter().all(|&end| batch.text.is_char_boundary(end as usize))
}
