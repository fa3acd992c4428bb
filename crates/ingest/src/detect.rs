//! Which dialect a CSV is written in: every plausible one reads a bounded sample, and the one that makes the best
//! table is taken. What makes a good table is [`score`](crate::score)'s part.
//!
//! The idea, a pattern score times a type score, is that of van den Burg, Nazábal and Sutton, "Wrangling messy CSV
//! files by detecting row and type patterns" (2019).

use encoding_rs::Encoding;

use crate::dialect::{Dialect, Terminator};
use crate::encoding::{self, Found};
use crate::error::Error;
use crate::header;
use crate::record::{Cells, Marks, count_lines, line_end, line_length};
use crate::reread;
use crate::score;
use crate::settings::{Mark, Settings};

/// Bytes of the sample that every candidate reads.
const WEIGHED: usize = 128 << 10;

/// Delimiters in the order in which equals are preferred, each with what it must outweigh.
const DELIMITERS: [(&str, f64); 13] = [
    (",", 1.0),
    (";", 1.0),
    ("\t", 1.0),
    ("|", 1.0),
    (":", 0.85),
    (" ", 0.8),
    ("^", 0.9),
    ("~", 0.9),
    ("#", 0.7),
    ("&", 0.7),
    ("*", 0.7),
    ("\u{1f}", 1.0),
    ("\u{1}", 1.0),
];

/// Detects the dialect of a CSV that starts with `sample`, but for what `settings` fix.
///
/// # Errors
/// Where a setting cannot be followed.
pub fn detect(sample: &[u8], settings: &Settings) -> Result<Dialect, Error> {
    let Found { encoding, mark, .. } = encoding(sample, settings)?;
    let (text, _) = encoding.decode_without_bom_handling(&sample[mark..]);
    dialect(text.as_bytes(), encoding, settings)
}

/// The encoding: what `settings` declare, or what the bytes say.
pub(crate) fn encoding(head: &[u8], settings: &Settings) -> Result<Found, Error> {
    let found = encoding::detect(head);
    match &settings.encoding {
        None => Ok(found),
        Some(label) => {
            let declared = encoding::labelled(label)?;
            let mark = if declared == found.encoding { found.mark } else { 0 };
            Ok(Found { encoding: declared, mark, doubt: None })
        }
    }
}

/// One way to read the sample, and how good a table it makes.
struct Candidate {
    marks: Marks,
    rows: Rows,
    score: f64,
    /// Whether its quote was declared.
    is_fixed: bool,
}

/// The records of the sample, with their lines.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) cells: Cells,
    /// For each record: its line, and its first cell.
    pub(crate) starts: Vec<(u32, usize)>,
}

impl Rows {
    /// Reads whole records from `text`, at most all of it.
    fn read(text: &[u8], first_line: u32, marks: &Marks) -> Self {
        let mut rows = Self { cells: Cells::default(), starts: Vec::new() };
        let (mut at, mut line) = (0, first_line);
        while at < text.len() {
            let first = rows.cells.ends.len();
            let (next, lines) = marks.record(text, at, &mut rows.cells);
            if rows.cells.ends.len() > first {
                rows.starts.push((line, first));
            }
            at = next;
            line += lines;
        }
        rows
    }

    /// Whether hardly a row has a cell after the first that starts with a blank.
    fn is_tight(&self) -> bool {
        let starts_blank = |row| (1..self.width(row)).any(|column| self.cell(row, column).starts_with(b" "));
        (0..self.len()).filter(|&row| starts_blank(row)).count() <= 1 + self.len() / 50
    }

    /// Adds a row that was read elsewhere.
    pub(crate) fn push<'a>(&mut self, line: u32, cells: impl Iterator<Item = &'a str>) {
        self.starts.push((line, self.cells.ends.len()));
        for cell in cells {
            self.cells.text.extend_from_slice(cell.as_bytes());
            self.cells.end_cell();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn line(&self, row: usize) -> u32 {
        self.starts[row].0
    }

    pub(crate) fn width(&self, row: usize) -> usize {
        let end = self.starts.get(row + 1).map_or(self.cells.ends.len(), |next| next.1);
        end - self.starts[row].1
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> &[u8] {
        self.cells.get(self.starts[row].1 + column)
    }
}

pub(crate) fn dialect(
    text: &[u8],
    encoding: &'static Encoding,
    settings: &Settings,
) -> Result<Dialect, Error> {
    let (at, first_line, declared) = after_skipped(text, settings);
    let sample = whole_lines(&text[at..], WEIGHED);
    let comment = ascii("comment", settings.comment)?;
    let mut best: Option<Candidate> = None;
    let quotings = quotings(sample, settings)?;
    for (delimiter, weight) in delimiters(sample, settings, declared.as_deref()) {
        for marks in readings(sample, settings, &delimiter, &quotings) {
            let marks = Marks { comment, ..marks };
            let rows = Rows::read(sample, first_line, &marks);
            let floor = best.as_ref().map_or(0.0, |best| best.score / weight);
            let mut score = score::table(&rows, marks.quote, floor) * weight;
            if delimiter == " " && score > 0.0 && !score::has_values(&rows) {
                // Words with a blank between them are rather one cell.
                score *= 0.5;
            }
            if best.as_ref().is_none_or(|best| score > best.score + 1e-9) {
                best = Some(Candidate { marks, rows, score, is_fixed: settings.quote.is_some() });
            }
        }
    }
    let Some(best) = best else {
        return Err(Error::Setting { setting: "delimiter", reason: "no candidate".to_owned() });
    };
    let best = with_quote(sample, first_line, best);
    let rows = with_first_row_mended(sample, &best, settings);
    let place = header::locate(rows.as_ref().unwrap_or(&best.rows), settings);
    Ok(Dialect {
        encoding,
        delimiter: (!best.marks.delimiter.is_empty())
            .then(|| String::from_utf8_lossy(&best.marks.delimiter).into_owned()),
        quote: best.marks.quote.filter(|_| best.rows.cells.quoted > 0).map(char::from),
        escape: best.marks.escape.map(char::from),
        assumed_quote: best.marks.quote,
        in_runs: best.marks.in_runs,
        is_tight: best.rows.is_tight(),
        terminator: terminator(sample),
        comment: settings.comment,
        header_row: place.header_row,
        header_rows: place.header_rows,
        first_line: place.first_line.max(first_line),
        columns: place.columns,
        unnamed: place.unnamed,
    })
}

/// The same candidate with a quote, where it has none and a few quotes at the start of cells are all that differs: they
/// are faults to be told.
fn with_quote(sample: &[u8], first_line: u32, best: Candidate) -> Candidate {
    if best.marks.quote.is_some() || best.is_fixed {
        return best;
    }
    let marks = Marks { quote: Some(b'"'), ..best.marks.clone() };
    let rows = Rows::read(sample, first_line, &marks);
    let (quoted, bare) = (&rows.cells, &best.rows.cells);
    let is_same = quoted.text == bare.text && quoted.ends == bare.ends;
    let is_few = quoted.broken.len() <= 1 + rows.len() / 20;
    if is_same && is_few { Candidate { marks, rows, ..best } } else { best }
}

/// The rows with the first one read by another mark, where that makes it as wide as the others. A title above a header
/// is none of them, though it may have as many words as the table has columns.
fn with_first_row_mended(sample: &[u8], best: &Candidate, settings: &Settings) -> Option<Rows> {
    let width = score::usual_width(&best.rows);
    if best.rows.len() < 3 || header::is_below_first_row(&best.rows, settings) {
        return None;
    }
    let first = &sample[..line_length(sample)];
    let cells = reread::reread(&best.marks, first, best.rows.width(0), width)?.cells;
    let mut rows = Rows::default();
    let texts = header::texts(&cells);
    rows.push(best.rows.line(0), texts.iter().map(String::as_str));
    for row in 1..best.rows.len() {
        let cells = (0..best.rows.width(row))
            .map(|column| std::str::from_utf8(best.rows.cell(row, column)).unwrap_or("?"));
        rows.push(best.rows.line(row), cells);
    }
    Some(rows)
}

/// Where the sample starts, its line, and the delimiter that a `sep=` line declares.
pub(crate) fn after_skipped(text: &[u8], settings: &Settings) -> (usize, u32, Option<String>) {
    let mut at = 0;
    let mut line = 1;
    for _ in 0..settings.skip {
        at = line_end(text, at + line_length(&text[at..]));
        line += 1;
    }
    let length = line_length(&text[at..]);
    let first = &text[at..at + length];
    let first = first.strip_prefix(b"\"").and_then(|first| first.strip_suffix(b"\"")).unwrap_or(first);
    match first {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ ..] if !delimiter.is_empty() => {
            let declared = String::from_utf8_lossy(delimiter).into_owned();
            (line_end(text, at + length), line + 1, Some(declared))
        }
        _ => (at, line, None),
    }
}

/// The first `length` bytes, up to a line end.
fn whole_lines(text: &[u8], length: usize) -> &[u8] {
    if text.len() <= length {
        return text;
    }
    let cut = memchr::memrchr2(b'\n', b'\r', &text[..length]).map_or(length, |at| at + 1);
    &text[..cut]
}

fn delimiters(sample: &[u8], settings: &Settings, declared: Option<&str>) -> Vec<(String, f64)> {
    if let Some(fixed) = settings.delimiter.as_deref().or(declared) {
        return vec![(fixed.to_owned(), 1.0)];
    }
    let mut delimiters = Vec::new();
    let lines = count_lines(sample) as usize;
    for (delimiter, weight) in DELIMITERS {
        // What makes columns stands in most lines; a record may be of several lines.
        let count = memchr::memchr_iter(delimiter.as_bytes()[0], sample).count();
        if count == 0 || count * 10 < lines {
            continue;
        }
        let spaced = format!("{delimiter} ");
        if delimiter != " " && memchr::memmem::find(sample, spaced.as_bytes()).is_some() {
            delimiters.push((spaced, weight));
        }
        delimiters.push((always_doubled(sample, delimiter).unwrap_or_else(|| delimiter.to_owned()), weight));
    }
    delimiters.push((String::new(), 1.0));
    delimiters
}

/// The ways to read a sample that is cut by this delimiter, those that need less before those that need more.
fn readings(sample: &[u8], settings: &Settings, delimiter: &str, quotings: &[Quoting]) -> Vec<Marks> {
    let has = |text: &str| memchr::memmem::find(sample, text.as_bytes()).is_some();
    let is_idle =
        |quote| settings.quote.is_none() && quote == Some(b'\'') && !opens(sample, b'\'', delimiter);
    let mut readings = Vec::new();
    for &(quote, escape) in quotings.iter().filter(|quoting| !is_idle(quoting.0)) {
        let marks =
            Marks { delimiter: delimiter.as_bytes().into(), quote, escape, comment: None, in_runs: false };
        readings.push(marks.clone());
        if settings.escape.is_none()
            && escape.is_none()
            && !delimiter.is_empty()
            && has(&format!("\\{delimiter}"))
        {
            readings.push(Marks { escape: Some(b'\\'), ..marks.clone() });
        }
        if delimiter == " " && has("  ") {
            readings.push(Marks { in_runs: true, ..marks });
        }
    }
    readings
}

/// Whether the quote stands where a field may start.
fn opens(sample: &[u8], quote: u8, delimiter: &str) -> bool {
    let last = delimiter.bytes().last();
    memchr::memchr_iter(quote, sample).any(|at| match sample[..at].last() {
        None | Some(b'\n' | b'\r' | b' ' | b'\t') => true,
        before => before.copied() == last,
    })
}

/// The delimiter twice, where it never stands alone. Two commas are rather an empty cell.
fn always_doubled(sample: &[u8], delimiter: &str) -> Option<String> {
    if matches!(delimiter, "," | ";" | "\t" | " ") {
        return None;
    }
    let doubled = delimiter.repeat(2);
    let pairs = memchr::memmem::find_iter(sample, doubled.as_bytes()).count();
    let single = memchr::memmem::find_iter(sample, delimiter.as_bytes()).count();
    (pairs > 1 && pairs * 2 == single).then_some(doubled)
}

/// A quote, and what escapes it where that is not the quote itself.
type Quoting = (Option<u8>, Option<u8>);

fn quotings(sample: &[u8], settings: &Settings) -> Result<Vec<Quoting>, Error> {
    let has = |bytes: &[u8]| memchr::memmem::find(sample, bytes).is_some();
    let quotes = match settings.quote {
        Some(mark) => vec![mark_byte("quote", mark)?],
        None => {
            let mut quotes = vec![Some(b'"')];
            if has(b"'") {
                quotes.push(Some(b'\''));
            }
            if has(b"\"") {
                quotes.push(None);
            }
            quotes
        }
    };
    let mut pairs = Vec::new();
    for quote in quotes {
        match settings.escape {
            Some(mark) => pairs.push((quote, mark_byte("escape", mark)?)),
            None => {
                pairs.push((quote, None));
                if quote.is_some_and(|quote| has(&[b'\\', quote])) {
                    pairs.push((quote, Some(b'\\')));
                }
            }
        }
    }
    Ok(pairs)
}

fn mark_byte(setting: &'static str, mark: Mark) -> Result<Option<u8>, Error> {
    match mark {
        Mark::Absent => Ok(None),
        Mark::Char(character) => ascii(setting, Some(character)),
    }
}

fn ascii(setting: &'static str, character: Option<char>) -> Result<Option<u8>, Error> {
    match character {
        None => Ok(None),
        Some(character) if character.is_ascii() && !matches!(character, '\n' | '\r') => {
            Ok(u8::try_from(character).ok())
        }
        Some(character) => {
            Err(Error::Setting { setting, reason: format!("{character:?} is no single ASCII character") })
        }
    }
}

/// What ends most lines.
fn terminator(sample: &[u8]) -> Option<Terminator> {
    let pairs = memchr::memmem::find_iter(sample, b"\r\n").count();
    let feeds = memchr::memchr_iter(b'\n', sample).count() - pairs;
    let returns = memchr::memchr_iter(b'\r', sample).count() - pairs;
    [(feeds, Terminator::Lf), (pairs, Terminator::CrLf), (returns, Terminator::Cr)]
        .into_iter()
        .rev()
        .max_by_key(|counted| counted.0)
        .filter(|counted| counted.0 > 0)
        .map(|counted| counted.1)
}
