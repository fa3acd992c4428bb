//! A CSV as its header and a stream of chunks, each cut at a record boundary, so that chunks parse independently.
//!
//! Memory is bounded by the chunks in flight. What a record is says [`record`](crate::record); what it holds,
//! [`parse`](crate::parse).

use std::io::Read;
use std::sync::Arc;

use encoding_rs::Encoding;
use memchr::{memchr, memrchr2};
use model::cell::Batch;

use crate::detect;
use crate::dialect::Dialect;
use crate::encoding::{Found, Source};
use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::header;
use crate::in_order;
use crate::record::{Cells, Marks, Quoted, count_lines, line_end, line_length};
use crate::reread;
use crate::settings::{Limits, Settings};
use crate::sheet::Header;

/// Bytes of the file that detection weighs.
pub const SAMPLE: usize = 1 << 20;

/// Bytes of a chunk, of a table of few columns.
const CHUNK: usize = 1 << 20;

/// Cells that a chunk of short rows may be padded to.
const CELLS: usize = 16 << 20;

/// Bytes that a record may hold besides its longest cell.
const RECORD: usize = 16 << 20;

/// A CSV that is being read: an iterator over its chunks.
pub struct Csv<R> {
    /// How it is written.
    pub dialect: Dialect,
    /// The names of its columns.
    pub header: Header,
    /// What is wrong with the header.
    pub flaws: Vec<Flaw>,
    source: Source<R>,
    text: Vec<u8>,
    line: u32,
    sequence: usize,
    chunk_bytes: usize,
    shape: Arc<Shape>,
}

/// Consecutive records, not yet parsed.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Its place in the order of chunks, from 0.
    pub sequence: usize,
    /// The line on which it starts, from 1.
    pub first_line: u32,
    /// Whether the text ends with it.
    pub(crate) is_last: bool,
    pub(crate) bytes: Vec<u8>,
    pub(crate) shape: Arc<Shape>,
}

/// A parsed chunk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// Its place in the order of chunks, from 0.
    pub sequence: usize,
    /// Its records, padded to one width: the header's, or that of its longest record.
    pub batch: Batch,
    /// What is wrong with them, by line.
    pub flaws: Vec<Flaw>,
    /// How many cells were in quotes.
    pub quoted: usize,
}

/// What all chunks of a file share.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) marks: Marks,
    /// Columns of the table.
    pub(crate) width: usize,
    /// Whether hardly a cell starts with a blank.
    pub(crate) is_tight: bool,
    pub(crate) limits: Limits,
}

/// Opens a CSV: detects what `settings` leave open, reads the header.
///
/// # Errors
/// Where the bytes cannot be read, a setting cannot be followed, or a cap is reached.
pub fn open<R: Read>(reader: R, settings: &Settings, limits: &Limits) -> Result<Csv<R>, Error> {
    let mut source = Source::new(reader);
    let head = source.head(SAMPLE)?;
    let Found { encoding, mark, doubt } = detect::encoding(&head, settings)?;
    let doubt = doubt.map(|at| guessed_encoding(&head, at, encoding));
    let mut text = source.decode_as(encoding, head, mark);
    let dialect = detect::dialect(&text, encoding, settings)?;
    let marks = dialect.marks();

    let mut at = lines_down(&text, dialect.first_line);
    let mut line = dialect.first_line;
    let mut rows = Vec::new();
    let mut cells = Cells::default();
    let mut header_flaws: Vec<Flaw> = doubt.into_iter().collect();
    header_flaws.extend(preamble(&text, &dialect, settings));
    while rows.len() < dialect.header_rows as usize && at < text.len() {
        cells.clear();
        let (next, lines) = marks.record(&text, at, &mut cells);
        let reread = reread::reread(&marks, &text[at..next], cells.ends.len(), dialect.columns);
        if let Some(reread) = reread.filter(|_| !cells.ends.is_empty()) {
            header_flaws.push(Flaw::row(reread.code, line, format!("{:?}", reread.mark)));
            cells = reread.cells;
        } else if let Some(spaced) = spaced_header(&marks, &text[at..next], &cells, &dialect) {
            cells = spaced;
        }
        if !cells.ends.is_empty() {
            rows.push((line, header::texts(&cells)));
        }
        at = next;
        line += lines;
    }
    text.drain(..at);
    let (mut header, flaws) = header::named(rows);
    header_flaws.extend(flaws);
    header_flaws.extend(unnamed_columns(&header, &dialect));
    while header.names.len() > dialect.columns && header.names.last().is_some_and(String::is_empty) {
        header.names.pop();
    }
    let width = dialect.columns.max(header.names.len()).max(1);
    if width > limits.columns {
        return Err(columns_exceeded(limits, dialect.first_line));
    }
    let shape = Arc::new(Shape { marks, width, is_tight: dialect.is_tight, limits: limits.clone() });
    // Short rows are padded to the table's width, so a chunk of a wide table is small.
    let chunk_bytes = (2 * CELLS / width).clamp(4096, CHUNK);
    Ok(Csv { dialect, header, flaws: header_flaws, source, text, line, sequence: 0, chunk_bytes, shape })
}

/// The records of `chunks`, parsed and mapped on all cores, handed to `sink` in the order of the file.
///
/// Memory is bounded: a few chunks for each core are parsed ahead of the one that goes to `sink`.
///
/// # Errors
/// The first error of `chunks` or of `sink`, after all that came before it was handed on.
pub fn for_each<R, T, E>(
    chunks: &mut Csv<R>,
    map: impl Fn(Parsed) -> T + Sync,
    sink: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E>
where
    R: Read + Send,
    T: Send,
    E: From<Error> + Send,
{
    let ahead = rayon::current_num_threads() * 4;
    in_order::for_each(chunks, ahead, |chunk| Ok(map(chunk?.parse()?)), sink)
}

impl<R: Read> Iterator for Csv<R> {
    type Item = Result<Chunk, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_chunk().transpose()
    }
}

impl<R: Read> Csv<R> {
    /// The same with chunks of about this many bytes; what is read does not depend on it.
    pub fn in_chunks_of(mut self, bytes: usize) -> Self {
        self.chunk_bytes = bytes.max(1);
        self
    }

    fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        let limits = &self.shape.limits;
        let mut target = self.chunk_bytes;
        let cut = loop {
            self.source.fill(&mut self.text, target)?;
            if self.text.is_empty() {
                return Ok(None);
            }
            if self.source.ended() && self.text.len() <= target {
                break self.text.len();
            }
            let most = target.min(self.text.len());
            match boundary(&self.text[..most], &self.shape.marks, limits.cell_bytes) {
                Some(cut) => break cut,
                None if target > limits.cell_bytes.saturating_add(RECORD) => {
                    self.text.clear();
                    return Err(Error::Limit {
                        setting: "cell_bytes",
                        what: "bytes in a cell",
                        limit: limits.cell_bytes as u64,
                        place: format!("line {}", self.line),
                    });
                }
                None => target *= 2,
            }
        };
        let rest = self.text[cut..].to_vec();
        let bytes = std::mem::replace(&mut self.text, rest);
        self.chunk(bytes, cut).map(Some)
    }

    fn chunk(&mut self, mut bytes: Vec<u8>, cut: usize) -> Result<Chunk, Error> {
        bytes.truncate(cut);
        let first_line = self.line;
        self.line = self.line.saturating_add(count_lines(&bytes));
        if self.line > self.shape.limits.rows {
            self.text.clear();
            return Err(Error::Limit {
                setting: "rows",
                what: "lines",
                limit: self.shape.limits.rows.into(),
                place: format!("line {}", self.shape.limits.rows),
            });
        }
        self.sequence += 1;
        let is_last = self.source.ended() && self.text.is_empty();
        Ok(Chunk { sequence: self.sequence - 1, first_line, is_last, bytes, shape: Arc::clone(&self.shape) })
    }
}

/// The names of a header that sets a blank after each delimiter, above rows that do not.
fn spaced_header(marks: &Marks, record: &[u8], cells: &Cells, dialect: &Dialect) -> Option<Cells> {
    let starts_blank = cells.ends.len() > 1 && cells.get(1).starts_with(b" ");
    (dialect.is_tight && starts_blank).then(|| reread::spaced(marks, record, cells.ends.len())).flatten()
}

/// Says which byte made the encoding a guess, and what it was read as.
fn guessed_encoding(head: &[u8], at: usize, encoding: &'static Encoding) -> Flaw {
    let (read, _) = encoding.decode_without_bom_handling(&head[at..=at]);
    let detail = format!("byte 0x{:02X} read as `{read}`, {}", head[at], encoding.name());
    Flaw::row(Code::GuessedEncoding, 1 + count_lines(&head[..at]), detail)
}

/// Says which columns hold cells and have no name: nothing can be mapped onto them.
fn unnamed_columns(header: &Header, dialect: &Dialect) -> Vec<Flaw> {
    let is_nameless = |column: usize| header.names.get(column).is_none_or(|name| name.is_empty());
    let unnamed = dialect.unnamed.iter().filter(|(column, _)| is_nameless(*column));
    unnamed
        .map(|(column, cell)| {
            let detail = format!("column {} holds `{cell}`", column + 1);
            Flaw::cell(Code::UnnamedColumn, header.row.unwrap_or(0), *column, detail)
        })
        .collect()
}

/// Says what stands above the table, where nobody declared where that begins.
fn preamble(text: &[u8], dialect: &Dialect, settings: &Settings) -> Option<Flaw> {
    if settings.header.is_some() {
        return None;
    }
    let (from, line, _) = detect::after_skipped(text, settings);
    let above = &text[from..lines_down(text, dialect.first_line).max(from)];
    let above = String::from_utf8_lossy(above);
    let is_text = |line: &str| {
        let comment = settings.comment.is_some_and(|comment| line.starts_with(comment));
        !comment && !line.trim().is_empty()
    };
    let (index, first) = above.lines().enumerate().find(|(_, line)| is_text(line))?;
    let detail: String = first.trim().chars().take(80).collect();
    Some(Flaw::row(Code::Preamble, line + u32::try_from(index).unwrap_or(0), detail))
}

pub(crate) fn columns_exceeded(limits: &Limits, line: u32) -> Error {
    Error::Limit {
        setting: "columns",
        what: "columns",
        limit: limits.columns as u64,
        place: format!("line {line}"),
    }
}

/// Where line `line` starts, from 1.
fn lines_down(text: &[u8], line: u32) -> usize {
    let mut at = 0;
    for _ in 1..line {
        at = line_end(text, at + line_length(&text[at..]));
    }
    at
}

/// The end of the last record that surely ends within `bytes`, which start with a record.
fn boundary(bytes: &[u8], marks: &Marks, longest: usize) -> Option<usize> {
    let Some(quote) = marks.quote else {
        return last_line_end(bytes);
    };
    let mut cut = None;
    let mut outside = 0;
    let mut at = 0;
    while let Some(found) = memchr(quote, &bytes[at..]) {
        let found = at + found;
        match marks.quoted(bytes, found, longest) {
            Quoted::Text => at = found + 1,
            Quoted::Until(end) => {
                cut = last_line_end(&bytes[outside..found]).map(|cut| outside + cut).or(cut);
                outside = end;
                at = end;
            }
            Quoted::Unknown => {
                return last_line_end(&bytes[outside..found]).map(|cut| outside + cut).or(cut);
            }
        }
    }
    last_line_end(&bytes[outside..]).map(|cut| outside + cut).or(cut)
}

/// Past the last line end, but for a CR that may be half of a CRLF.
fn last_line_end(bytes: &[u8]) -> Option<usize> {
    let whole = match bytes.last() {
        Some(b'\r') => &bytes[..bytes.len() - 1],
        _ => bytes,
    };
    memrchr2(b'\n', b'\r', whole).map(|at| at + 1)
}
