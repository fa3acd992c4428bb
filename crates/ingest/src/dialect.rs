//! What a CSV's bytes and marks mean, and how that is said. Finding it out is [`detect`](crate::detect)'s part.

use encoding_rs::Encoding;

use crate::record::Marks;

/// How a CSV is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// How characters are written as bytes.
    pub encoding: &'static Encoding,
    /// What separates fields; none where every line is one cell.
    pub delimiter: Option<String>,
    /// Whether delimiters in a row are one.
    pub(crate) in_runs: bool,
    /// What encloses a field; ASCII; none where no field of the sample is quoted.
    pub quote: Option<char>,
    /// What encloses a field if one is, after the sample.
    pub(crate) assumed_quote: Option<u8>,
    /// Whether hardly a row of the sample has a cell that starts with a blank.
    pub(crate) is_tight: bool,
    /// What makes the quote after it text, where that is not the quote itself; ASCII.
    pub escape: Option<char>,
    /// What ends most lines; none in a file of one line.
    pub terminator: Option<Terminator>,
    /// Lines that start with this ASCII character are no rows.
    pub comment: Option<char>,
    /// The line of the header's last row, from 1.
    pub header_row: Option<u32>,
    /// How many rows the header spans; 0 where there is none.
    pub header_rows: u32,
    /// The line where the header, or without one the first row, begins; lines before it are no part of the table.
    pub first_line: u32,
    /// How many columns the table has.
    pub columns: usize,
    /// Columns that hold cells, the first of them given, and that the header's last row leaves blank.
    pub(crate) unnamed: Vec<(usize, String)>,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminator {
    /// LF, Unix.
    Lf,
    /// CR LF, Windows and RFC 4180.
    CrLf,
    /// CR, Mac before 2001.
    Cr,
}

impl Terminator {
    /// The characters themselves.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

impl Dialect {
    pub(crate) fn marks(&self) -> Marks {
        let byte = |mark: Option<char>| mark.and_then(|mark| u8::try_from(mark).ok());
        Marks {
            delimiter: self.delimiter.as_deref().unwrap_or("").as_bytes().into(),
            quote: self.assumed_quote,
            escape: byte(self.escape),
            comment: byte(self.comment),
            in_runs: self.in_runs,
        }
    }

    /// The same where cells in quotes were found after the sample.
    pub fn with_quotes(self) -> Self {
        Self { quote: self.assumed_quote.map(char::from), ..self }
    }

    /// One JSON object: encoding (WHATWG name), the marks themselves, the header's line from 1, rows without the
    /// header, columns; null where there is none.
    pub fn json(&self, rows: u64) -> String {
        let text = |value: Option<&str>| value.map_or("null".to_owned(), json_string);
        let mark = |value: Option<char>| text(value.map(String::from).as_deref());
        format!(
            r#"{{"encoding":{},"delimiter":{},"quote":{},"escape":{},"terminator":{},"header_row":{},"rows":{rows},"columns":{}}}"#,
            json_string(self.encoding.name()),
            text(self.delimiter.as_deref()),
            mark(self.quote),
            mark(self.escape),
            text(self.terminator.map(Terminator::as_str)),
            self.header_row.map_or("null".to_owned(), |row| row.to_string()),
            self.columns,
        )
    }
}

fn json_string(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            control if control < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}
