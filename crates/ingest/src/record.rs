//! Where a field and a record of a CSV end: the one grammar that cutting into chunks, parsing and detection share.
//!
//! RFC 4180, and what people do to it:
//!
//! - A line ends with LF, CRLF or CR, mixed as they come. Blank lines are no records.
//! - A quote opens a field only at its start (blanks may stand before it); elsewhere it is text.
//! - A quote closes the field only where a delimiter, a line end or the end of the text follows (blanks may stand
//!   between). Where other text follows, or no quote closes, the field is *broken*. It may then reach over a few
//!   lines at most, so that one stray quote costs one row, not the rest of the sheet.
//! - A broken field ends at the next quote that a delimiter or a line end follows; where another quoted field would
//!   begin before that, its opening quote is text and it ends at the next delimiter.

use memchr::{memchr, memchr2, memchr3, memmem};

use crate::flaw::Code;

/// How many blanks may stand between a delimiter and a quote.
const BLANKS: usize = 16;

/// Lines that a broken field may reach over.
const LINES: usize = 4;

/// Bytes after which a broken field reaches no further line.
const REACH: usize = 4096;

/// The characters that structure a CSV, as bytes of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Empty where every line is one cell.
    pub(crate) delimiter: Box<[u8]>,
    pub(crate) quote: Option<u8>,
    pub(crate) escape: Option<u8>,
    pub(crate) comment: Option<u8>,
    /// Whether blanks in a row are one delimiter, and none at the ends of a line: columns set with blanks.
    pub(crate) in_runs: bool,
}

/// Cells as they are read, before they are known to make rows of one width.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) text: Vec<u8>,
    pub(crate) ends: Vec<u32>,
    /// What was wrong with a cell, by its index in `ends`.
    pub(crate) broken: Vec<(usize, Code)>,
    /// How many cells were in quotes.
    pub(crate) quoted: usize,
}

/// Where a quoted field's closing quote is.
enum Closing {
    /// The quote, and what follows it: a delimiter or the line's end.
    At { quote: usize, after: usize },
    /// Other text follows this quote.
    TextAfter(usize),
    /// No quote closes it in these bytes.
    Missing,
}

/// What a cut needs to know of a quote.
pub(crate) enum Quoted {
    /// It opens no field.
    Text,
    /// It opens a field that ends here.
    Until(usize),
    /// More bytes must tell.
    Unknown,
}

impl Cells {
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.broken.clear();
    }

    /// The text of the cell at `index`.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }
}

impl Marks {
    /// Reads the record that starts at `at` into `cells`; gives where the next one starts and how many line ends
    /// lie between. A comment or a blank line adds no cell.
    pub(crate) fn record(&self, bytes: &[u8], at: usize, cells: &mut Cells) -> (usize, u32) {
        if let Some(next) = self.no_record(bytes, at) {
            return (next, 1);
        }
        let mut at = self.past_run(bytes, at);
        let mut lines = 1;
        loop {
            let end = self.field(bytes, at, cells, &mut lines);
            cells.end_cell();
            if !self.delimiter_at(bytes, end) {
                return (line_end(bytes, end), lines);
            }
            at = self.past_run(bytes, end + self.delimiter.len());
            if self.in_runs && matches!(bytes.get(at), None | Some(b'\n' | b'\r')) {
                return (line_end(bytes, at), lines);
            }
        }
    }

    /// Past the delimiters at `at`, where several are one.
    fn past_run(&self, bytes: &[u8], at: usize) -> usize {
        if !self.in_runs {
            return at;
        }
        at + bytes[at.min(bytes.len())..].iter().take_while(|byte| self.delimiter.contains(byte)).count()
    }

    /// Where the next line starts, if the line at `at` is blank or a comment.
    fn no_record(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let rest = &bytes[at..];
        if self.comment.is_some() && rest.first() == self.comment.as_ref() {
            return Some(line_end(bytes, at + line_length(rest)));
        }
        let is_blank = |byte: u8| self.is_blank(byte) || (self.in_runs && byte == b' ');
        let blanks = rest.iter().take_while(|&&byte| is_blank(byte)).count();
        match rest.get(blanks) {
            None | Some(b'\n' | b'\r') => Some(line_end(bytes, at + blanks)),
            Some(_) => None,
        }
    }

    /// Reads one field; gives where it ends: at a delimiter, a line end, or the end of the bytes.
    pub(crate) fn field(&self, bytes: &[u8], at: usize, cells: &mut Cells, lines: &mut u32) -> usize {
        let Some((quote, inside)) = self.opening(bytes, at) else {
            return self.plain(bytes, at, cells);
        };
        match self.closing(bytes, inside, quote, Ends::Here) {
            Closing::At { quote: close, after } => {
                let content = &bytes[inside..close];
                *lines += count_lines(content);
                self.unquote(content, quote, &mut cells.text);
                cells.quoted += 1;
                after
            }
            closing => {
                let code = match closing {
                    Closing::TextAfter(at) if count_lines(&bytes[inside..at]) == 0 => Code::TextAfterQuote,
                    _ => Code::UnterminatedQuote,
                };
                let mended = self.mended(bytes, inside, quote);
                cells.broken.push((cells.ends.len(), code));
                match mended {
                    Some(close) => {
                        *lines += count_lines(&bytes[inside..close]);
                        self.unquote(&bytes[inside..close], quote, &mut cells.text);
                        self.after_quote(bytes, close + 1).unwrap_or(close + 1)
                    }
                    None => self.plain(bytes, at, cells),
                }
            }
        }
    }

    /// A field without quotes.
    fn plain(&self, bytes: &[u8], at: usize, cells: &mut Cells) -> usize {
        if let ([delimiter], None) = (&*self.delimiter, self.escape) {
            let end = memchr3(*delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            cells.text.extend_from_slice(&bytes[at..end]);
            return end;
        }
        let mut end = at;
        let mut from = at;
        while let Some(&byte) = bytes.get(end) {
            if Some(byte) == self.escape && self.escapes(bytes.get(end + 1)) {
                cells.text.extend_from_slice(&bytes[from..end]);
                from = end + 1;
                end += 2;
            } else if byte == b'\n' || byte == b'\r' || self.delimiter_at(bytes, end) {
                break;
            } else {
                end += 1;
            }
        }
        let end = end.min(bytes.len());
        cells.text.extend_from_slice(&bytes[from.min(end)..end]);
        end
    }

    /// The quote that opens the field at `at`, and where its text begins.
    fn opening(&self, bytes: &[u8], at: usize) -> Option<(u8, usize)> {
        let quote = self.quote?;
        let rest = &bytes[at..];
        let blanks = rest.iter().take(BLANKS).take_while(|&&byte| self.is_blank(byte)).count();
        (rest.get(blanks) == Some(&quote)).then_some((quote, at + blanks + 1))
    }

    fn closing(&self, bytes: &[u8], inside: usize, quote: u8, ends: Ends) -> Closing {
        let mut at = inside;
        let escape = self.escape.unwrap_or(quote);
        while let Some(found) = memchr2(quote, escape, &bytes[at.min(bytes.len())..]) {
            let found = at + found;
            let next = bytes.get(found + 1);
            if bytes[found] != quote {
                at = found + if self.escapes(next) { 2 } else { 1 };
                continue;
            }
            if next == Some(&quote) {
                at = found + 2;
                continue;
            }
            let after = self.after_quote(bytes, found + 1);
            return match after {
                Some(after) if after == bytes.len() && ends == Ends::Later => Closing::Missing,
                Some(after) => Closing::At { quote: found, after },
                None => Closing::TextAfter(found),
            };
        }
        Closing::Missing
    }

    /// Where the field ends if a quote at `at - 1` closes it: past blanks, at a delimiter, a line end or the end.
    fn after_quote(&self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.delimiter_at(bytes, at) {
            return Some(at);
        }
        let blanks = bytes[at..].iter().take(BLANKS).take_while(|&&byte| self.is_blank(byte)).count();
        let after = at + blanks;
        match bytes.get(after) {
            None | Some(b'\n' | b'\r') => Some(after),
            Some(_) => self.delimiter_at(bytes, after).then_some(after),
        }
    }

    /// The quote at which a broken field ends, within its line or the next few; none where the opening quote is
    /// better read as text.
    ///
    /// An odd run of quotes before a delimiter is a closing quote after doubled ones; an even run is one quote too
    /// many, and taken only where no odd one follows before another field opens.
    fn mended(&self, bytes: &[u8], inside: usize, quote: u8) -> Option<usize> {
        let reach = &bytes[..reach(bytes, inside)];
        let mut at = inside;
        let mut even = None;
        while let Some(found) = memchr(quote, &reach[at..]) {
            let found = at + found;
            let run = reach[found..].iter().take_while(|&&byte| byte == quote).count();
            let last = found + run - 1;
            let closes = self.after_quote(reach, last + 1).is_some();
            if found > inside && self.starts_field(&reach[inside..found]) && (run > 1 || !closes) {
                break;
            }
            match (closes, run % 2) {
                (true, 1) => return Some(last),
                (true, _) => even = Some(last),
                (false, _) => {}
            }
            at = last + 1;
        }
        even
    }

    /// Whether a field may start after these bytes.
    fn starts_field(&self, before: &[u8]) -> bool {
        before.ends_with(b"\n")
            || before.ends_with(b"\r")
            || (!self.delimiter.is_empty() && before.ends_with(&self.delimiter))
    }

    /// Appends the text of a quoted field, doubled and escaped quotes made one.
    fn unquote(&self, content: &[u8], quote: u8, text: &mut Vec<u8>) {
        let escape = self.escape.unwrap_or(quote);
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = memchr2(quote, escape, &content[at..]) {
            let found = at + found;
            let next = content.get(found + 1);
            let drops = if content[found] == quote { next == Some(&quote) } else { self.escapes(next) };
            if drops {
                text.extend_from_slice(&content[from..found]);
                from = found + 1;
                at = found + 2;
            } else {
                at = found + 1;
            }
        }
        text.extend_from_slice(&content[from..]);
    }

    /// Whether an escape character before `next` is taken away: `\"`, `\\`, `\,`; but `C:\new` keeps it.
    fn escapes(&self, next: Option<&u8>) -> bool {
        next.is_some_and(|&next| {
            Some(next) == self.quote || Some(next) == self.escape || Some(&next) == self.delimiter.first()
        })
    }

    /// Whether the field at `at` starts with the quote.
    pub(crate) fn opens_with_quote(&self, bytes: &[u8], at: usize) -> bool {
        self.opening(bytes, at).is_some()
    }

    pub(crate) fn delimiter_at(&self, bytes: &[u8], at: usize) -> bool {
        match *self.delimiter {
            [] => false,
            [delimiter] => bytes.get(at) == Some(&delimiter),
            _ => bytes.get(at..).is_some_and(|rest| rest.starts_with(&self.delimiter)),
        }
    }

    fn is_blank(&self, byte: u8) -> bool {
        (byte == b' ' || byte == b'\t') && !self.delimiter.contains(&byte)
    }

    /// Whether the quote at `at` opens a field, and where that field ends. `bytes` starts outside quotes, and a
    /// field may be at most `longest` bytes.
    pub(crate) fn quoted(&self, bytes: &[u8], at: usize, longest: usize) -> Quoted {
        if !self.opens(bytes, at) {
            return Quoted::Text;
        }
        let quote = bytes[at];
        match self.closing(bytes, at + 1, quote, Ends::Later) {
            Closing::At { after, .. } => Quoted::Until(after),
            Closing::Missing if bytes.len() - at <= longest => Quoted::Unknown,
            // What more bytes would bring may still belong to the broken field.
            _ if reach(bytes, at + 1) == bytes.len() && bytes.len() - at <= longest => Quoted::Unknown,
            _ => match self.mended(bytes, at + 1, quote) {
                Some(close) => Quoted::Until(self.after_quote(bytes, close + 1).unwrap_or(close + 1)),
                None => Quoted::Text,
            },
        }
    }

    /// Whether a field starts at the quote at `at`, seen from the bytes before it.
    fn opens(&self, bytes: &[u8], at: usize) -> bool {
        let before = &bytes[..at];
        let blanks = before.iter().rev().take(BLANKS).take_while(|&&byte| self.is_blank(byte)).count();
        let before = &before[..at - blanks];
        match before.last() {
            None | Some(b'\n' | b'\r') => true,
            Some(_) => {
                !self.delimiter.is_empty()
                    && before.ends_with(&self.delimiter)
                    && self.escape.is_none_or(|escape| {
                        !before[..before.len() - self.delimiter.len()].ends_with(&[escape])
                    })
            }
        }
    }

    /// Whether lines without a quote need the whole grammar too: an escape or a comment is in these bytes.
    pub(crate) fn needs_grammar(&self, bytes: &[u8]) -> bool {
        self.in_runs
            || self.delimiter.len() != 1
            || self.escape.is_some_and(|escape| memchr(escape, bytes).is_some())
            || self.comment.is_some_and(|comment| memchr(comment, bytes).is_some())
    }
}

/// Whether the bytes end where the text ends, or more may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Here,
    Later,
}

/// How far a broken field may reach: to the end of its line, or a few lines on.
fn reach(bytes: &[u8], inside: usize) -> usize {
    let mut at = inside;
    for _ in 0..LINES {
        at = line_end(bytes, at + line_length(&bytes[at..]));
        if at >= bytes.len() || at - inside > REACH {
            break;
        }
    }
    at
}

/// Bytes up to the line's end.
pub(crate) fn line_length(bytes: &[u8]) -> usize {
    memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len())
}

/// Past the line end at `at`, where there is one.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => at + 2,
        Some(_) => at + 1,
        None => bytes.len(),
    }
}

/// How many lines end in these bytes: LF, CRLF and lone CR each count once.
pub(crate) fn count_lines(bytes: &[u8]) -> u32 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone = match memchr(b'\r', bytes) {
        None => 0,
        Some(_) => memchr::memchr_iter(b'\r', bytes).count() - memmem::find_iter(bytes, b"\r\n").count(),
    };
    u32::try_from(feeds + lone).unwrap_or(u32::MAX)
}
