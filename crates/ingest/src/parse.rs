//! A chunk of a CSV as a batch of cells, and what is wrong with them. Each chunk by itself, in one pass.

use std::cmp::Ordering;

use memchr::{memchr, memchr2_iter, memchr3_iter, memmem, memrchr2};
use model::cell::Batch;

use crate::csv::{Chunk, Parsed, columns_exceeded};
use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::record::{Cells, line_end};
use crate::reread;

/// Cells that the rows of a chunk may be widened to for the sake of a few long ones.
const WIDENED: usize = 32 << 20;

/// What a chunk is read into: cells of rows that may still differ in width.
struct Reading<'a> {
    chunk: &'a Chunk,
    cells: Cells,
    /// Rows that are longer than the table: their index, and by how many cells.
    long: Vec<(usize, usize)>,
    lines: Vec<u32>,
    flaws: Vec<Flaw>,
}

impl Chunk {
    /// Its records as cells of one width, and their flaws.
    ///
    /// # Errors
    /// Where a row has more columns than the limit.
    pub fn parse(&self) -> Result<Parsed, Error> {
        let mut reading = self.read(&self.bytes)?;
        let text = match String::from_utf8(std::mem::take(&mut reading.cells.text)) {
            Ok(text) => text,
            Err(_) => {
                reading = self.read(String::from_utf8_lossy(&self.bytes).as_bytes())?;
                String::from_utf8_lossy(&std::mem::take(&mut reading.cells.text)).into_owned()
            }
        };
        Ok(reading.finish(text))
    }

    fn read(&self, bytes: &[u8]) -> Result<Reading<'_>, Error> {
        let mut reading = Reading::of(self);
        match *self.shape.marks.delimiter {
            [delimiter] if !self.shape.marks.needs_grammar(bytes) => reading.read_lines(bytes, delimiter)?,
            _ => reading.read_records(bytes)?,
        }
        reading.set_footnotes_aside();
        Ok(reading)
    }
}

impl<'a> Reading<'a> {
    /// Of nothing yet.
    fn of(chunk: &'a Chunk) -> Self {
        let cells = Cells { text: Vec::with_capacity(chunk.bytes.len()), ..Cells::default() };
        Self { chunk, cells, long: Vec::new(), lines: Vec::new(), flaws: Vec::new() }
    }

    /// Text whose only marks are quotes: up to the line of the next one, every delimiter and every line end is one.
    fn read_lines(&mut self, bytes: &[u8], delimiter: u8) -> Result<(), Error> {
        self.cells.ends.reserve(bytes.len() / 8);
        let has_returns = memchr(b'\r', bytes).is_some();
        let quote = self.chunk.shape.marks.quote;
        let mut line = self.chunk.first_line;
        let mut at = 0;
        while at < bytes.len() {
            let quoted = quote.and_then(|quote| memchr(quote, &bytes[at..]));
            let plain = match quoted {
                Some(quoted) => memrchr2(b'\n', b'\r', &bytes[at..at + quoted]).map_or(0, |end| end + 1),
                None => bytes.len() - at,
            };
            let lines = &bytes[at..at + plain];
            line = if has_returns {
                self.cut(lines, delimiter, line, memchr3_iter(delimiter, b'\n', b'\r', lines))
            } else {
                self.cut(lines, delimiter, line, memchr2_iter(delimiter, b'\n', lines))
            }?;
            at += plain;
            if quoted.is_some() {
                (at, line) = self.read_record(bytes, at, line)?;
            }
        }
        Ok(())
    }

    /// Cuts whole lines at each of `stops`, the offsets of delimiters and line ends, and gives the number of the line behind
    /// them.
    fn cut(
        &mut self,
        lines: &[u8],
        delimiter: u8,
        mut line: u32,
        stops: impl Iterator<Item = usize>,
    ) -> Result<u32, Error> {
        let (mut record, mut start, mut first) = (0, 0, self.cells.ends.len());
        let is_open = lines.last().is_some_and(|last| !matches!(last, b'\n' | b'\r'));
        for stop in stops.chain(is_open.then_some(lines.len())) {
            if stop < start {
                // The LF of a CRLF.
                continue;
            }
            self.cells.text.extend_from_slice(&lines[start..stop]);
            self.cells.ends.push(self.cells.text.len() as u32);
            start = stop + 1;
            if lines.get(stop) != Some(&delimiter) {
                self.end_line(&lines[record..stop], first, line)?;
                first = self.cells.ends.len();
                start = line_end(lines, stop);
                record = start;
                line += 1;
            }
        }
        Ok(line)
    }

    /// Ends a record, unless it is a blank line.
    fn end_line(&mut self, record: &[u8], first: usize, line: u32) -> Result<(), Error> {
        let is_lone = self.cells.ends.len() == first + 1;
        if is_lone && record.iter().all(|&byte| byte == b' ' || byte == b'\t') {
            self.cells.text.truncate(self.cells.text.len() - record.len());
            self.cells.ends.truncate(first);
            return Ok(());
        }
        self.end_row(record, first, line)
    }

    /// Text of any marks, by the whole grammar.
    fn read_records(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut line = self.chunk.first_line;
        let mut at = 0;
        while at < bytes.len() {
            (at, line) = self.read_record(bytes, at, line)?;
        }
        Ok(())
    }

    /// Reads the record that starts at `at`, and gives where the next one does and on which line.
    fn read_record(&mut self, bytes: &[u8], at: usize, line: u32) -> Result<(usize, u32), Error> {
        let first = self.cells.ends.len();
        let (next, lines) = self.chunk.shape.marks.record(bytes, at, &mut self.cells);
        if self.cells.ends.len() > first {
            self.end_row(&bytes[at..next], first, line)?;
        }
        Ok((next, line + lines))
    }

    /// Makes the cells from `first` on a row of the table's width, or longer.
    fn end_row(&mut self, record: &[u8], first: usize, line: u32) -> Result<(), Error> {
        let shape = &self.chunk.shape;
        let read = self.cells.ends.len() - first;
        if !self.cells.broken.is_empty() {
            for (cell, code) in self.cells.broken.drain(..) {
                self.flaws.push(Flaw::cell(code, line, cell - first, ""));
            }
        }
        if read == shape.width
            && shape.is_tight
            && self.starts_blank(first + 1)
            && let Some(cells) = reread::spaced(&shape.marks, record, read)
        {
            self.replace(first, &cells);
        }
        if read != shape.width || reread::is_suspect(&shape.marks, record) {
            if read > shape.limits.columns {
                return Err(columns_exceeded(&shape.limits, line));
            }
            self.odd(record, first, read, line);
        }
        self.lines.push(line);
        Ok(())
    }

    /// Whether the cell at `index` starts with a blank.
    fn starts_blank(&self, index: usize) -> bool {
        let start = index.checked_sub(1).and_then(|before| self.cells.ends.get(before));
        index < self.cells.ends.len()
            && start.is_some_and(|&at| self.cells.text.get(at as usize) == Some(&b' '))
    }

    /// A row of another width, or another quote. Empty cells past the last column say nothing: a trailing delimiter.
    fn odd(&mut self, record: &[u8], first: usize, read: usize, line: u32) {
        let width = self.chunk.shape.width;
        let trails = read > width && self.cells.ends[first + width - 1] as usize == self.cells.text.len();
        if trails {
            self.cells.ends.truncate(first + width);
            return;
        }
        if let Some(reread) = reread::reread(&self.chunk.shape.marks, record, read, width) {
            self.replace(first, &reread.cells);
            while self.flaws.last().is_some_and(|flaw| flaw.row == line) {
                self.flaws.pop();
            }
            self.flaws.push(Flaw::row(reread.code, line, format!("{:?}", reread.mark)));
            return;
        }
        match read.cmp(&width) {
            Ordering::Equal => return,
            Ordering::Less => self.cells.ends.resize(first + width, self.cells.text.len() as u32),
            Ordering::Greater => self.long.push((self.lines.len(), read - width)),
        }
        self.flaws.push(Flaw::row(Code::RaggedRow, line, format!("{read} cells, not {width}")));
    }

    /// Puts `cells` in the place of all from `first` on.
    fn replace(&mut self, first: usize, cells: &Cells) {
        let start = if first == 0 { 0 } else { self.cells.ends[first - 1] };
        self.cells.text.truncate(start as usize);
        self.cells.ends.truncate(first);
        self.cells.text.extend_from_slice(&cells.text);
        self.cells.ends.extend(cells.ends.iter().map(|end| end + start));
    }

    /// Takes lines at the end of the file that have but one cell for what they are: notes below the table.
    fn set_footnotes_aside(&mut self) {
        let width = self.chunk.shape.width;
        if width < 3 || !self.chunk.is_last || !self.long.is_empty() {
            return;
        }
        while let Some(&line) = self.lines.last() {
            let is_short = |flaw: &Flaw| {
                flaw.row == line && flaw.code == Code::RaggedRow && flaw.detail.starts_with("1 ")
            };
            let Some(index) = self.flaws.iter().rposition(is_short) else { return };
            let first = (self.lines.len() - 1) * width;
            let start = if first == 0 { 0 } else { self.cells.ends[first - 1] as usize };
            let text: String = String::from_utf8_lossy(&self.cells.text[start..]).chars().take(80).collect();
            self.flaws[index] = Flaw::row(Code::Footnote, line, text);
            self.cells.text.truncate(start);
            self.cells.ends.truncate(first);
            self.lines.pop();
        }
    }

    fn finish(mut self, text: String) -> Parsed {
        let sequence = self.chunk.sequence;
        let ends = std::mem::take(&mut self.cells.ends);
        let mut batch = Batch {
            width: self.chunk.shape.width,
            text,
            ends,
            types: Vec::new(),
            rows: std::mem::take(&mut self.lines),
        };
        if !self.long.is_empty() {
            self.widen(&mut batch);
        }
        self.check_cells(&batch);
        self.flaws.sort();
        Parsed { sequence, batch, flaws: self.flaws, quoted: self.cells.quoted }
    }

    /// Lays all rows out in the width of the longest one.
    fn widen(&mut self, batch: &mut Batch) {
        let old = batch.width;
        let most = (WIDENED / batch.rows.len()).max(old);
        let new = (old + self.long.iter().map(|row| row.1).max().unwrap_or(0)).min(most);
        let mut long = self.long.iter().copied().peekable();
        let mut ends = Vec::with_capacity(new * batch.rows.len());
        let mut from = 0;
        for row in 0..batch.rows.len() {
            let read = old + long.next_if(|next| next.0 == row).map_or(0, |next| next.1);
            ends.extend_from_slice(&batch.ends[from..from + read.min(new)]);
            from += read;
            if read > new {
                // The last cell takes the text of those that have no place; its row is refused anyway.
                ends.truncate((row + 1) * new - 1);
            }
            let end = batch.ends[from - 1];
            ends.resize((row + 1) * new, end);
        }
        batch.ends = ends;
        batch.width = new;
    }

    /// Characters that no cell may hold, and cells past the cap.
    fn check_cells(&mut self, batch: &Batch) {
        let bytes = batch.text.as_bytes();
        if memchr(0, bytes).is_some() {
            self.flag(batch, memchr::memchr_iter(0, bytes), Code::NulByte);
        }
        let replaced = memmem::find_iter(bytes, "\u{fffd}");
        self.flag(batch, replaced, Code::UndecodableText);
        let longest = self.chunk.shape.limits.cell_bytes;
        if bytes.len() > longest {
            let mut start = 0;
            let mut long = Vec::new();
            for &end in &batch.ends {
                if end as usize - start > longest {
                    long.push(start);
                }
                start = end as usize;
            }
            self.flag(batch, long.into_iter(), Code::CellTooLong);
        }
    }

    /// A flaw in each cell that holds one of these offsets, ascending.
    fn flag(&mut self, batch: &Batch, offsets: impl Iterator<Item = usize>, code: Code) {
        let mut last = usize::MAX;
        for offset in offsets {
            let cell = batch.ends.partition_point(|&end| end as usize <= offset);
            if cell != last && cell < batch.ends.len() {
                last = cell;
                self.flaws.push(Flaw::cell(code, batch.rows[cell / batch.width], cell % batch.width, ""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::csv::Shape;
    use crate::record::Marks;
    use crate::settings::Limits;

    /// Some thousand short texts of what structures a CSV.
    fn texts() -> impl Iterator<Item = Vec<u8>> {
        const PIECES: [&str; 10] = ["a", "b,", ",", "\n", "\r\n", "\r", "\"", "\"\"", "\"c\"", " "];
        let mut state = 1u64;
        let mut next = move |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        (0..20_000)
            .map(move |_| (0..next(24)).map(|_| PIECES[next(PIECES.len())]).collect::<String>().into_bytes())
    }

    #[test]
    fn lines_without_a_quote_are_read_as_by_the_whole_grammar() -> Result<(), Error> {
        let marks = Marks {
            delimiter: b",".as_slice().into(),
            quote: Some(b'"'),
            escape: None,
            comment: None,
            in_runs: false,
        };
        let shape = Arc::new(Shape { marks, width: 3, is_tight: false, limits: Limits::default() });
        for bytes in texts() {
            let chunk =
                Chunk { sequence: 0, first_line: 7, is_last: false, bytes, shape: Arc::clone(&shape) };
            let [mut lines, mut records] = [(), ()].map(|()| Reading::of(&chunk));
            lines.read_lines(&chunk.bytes, b',')?;
            records.read_records(&chunk.bytes)?;
            let [lines, records] = [lines, records].map(|reading| {
                let Cells { text, ends, .. } = reading.cells;
                (text, ends, reading.lines, reading.long, reading.flaws)
            });
            assert_eq!(lines, records, "{:?}", String::from_utf8_lossy(&chunk.bytes));
        }
        Ok(())
    }
}
