//! All that can be wrong with a cell, a row or a sheet, and how it is said. Finding flaws is the readers' part.

use model::cell::{SheetName, column_letters};
use model::finding::{Finding, Location, Severity};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[repr(u8)]
pub enum Code {
    /// A row with more or fewer cells than the header.
    RaggedRow,
    /// A row that only another delimiter cuts into as many cells as the header has.
    OtherDelimiter,
    /// A row in another quote than the sheet's.
    OtherQuote,
    /// A quote that opens a field and never closes it.
    UnterminatedQuote,
    /// Text between a closing quote and the next delimiter.
    TextAfterQuote,
    /// A NUL character in a cell.
    NulByte,
    /// Bytes that the encoding does not know, or characters replaced before.
    UndecodableText,
    /// A cell longer than the cap.
    CellTooLong,
    /// Two columns of one name.
    DuplicateHeader,
    /// A column with cells and no name.
    UnnamedColumn,
    /// No header row was found or given.
    NoHeader,
    /// A line above the table that is no row of it.
    Preamble,
    /// A line after the table that is no row of it.
    Footnote,
    /// Bytes that are no UTF-8, too few to be sure of what they are.
    GuessedEncoding,
    /// An error value such as `#REF!`.
    ErrorCell,
    /// A formula whose value the file does not hold.
    FormulaWithoutValue,
    /// Two cells with one address.
    DuplicateAddress,
    /// A cell that refers to a text which the file does not hold.
    MissingText,
    /// A date that no calendar has: the 1900-02-29 of serial 60, or one before the epoch.
    ImpossibleDate,
    /// A number that is none: NaN, infinity, or text in a number cell.
    ImpossibleNumber,
    /// More digits than the file's number format can hold.
    TooManyDigits,
    /// A sheet that is no grid of cells: a chart, a macro sheet.
    NotAGrid,
    /// A sheet whose reader gave up; the others are read.
    BrokenSheet,
    /// A workbook that only a more lenient reader could make something of.
    DamagedWorkbook,
}

impl Code {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 24] = [
        Self::RaggedRow,
        Self::OtherDelimiter,
        Self::OtherQuote,
        Self::UnterminatedQuote,
        Self::TextAfterQuote,
        Self::NulByte,
        Self::UndecodableText,
        Self::CellTooLong,
        Self::DuplicateHeader,
        Self::UnnamedColumn,
        Self::NoHeader,
        Self::Preamble,
        Self::Footnote,
        Self::GuessedEncoding,
        Self::ErrorCell,
        Self::FormulaWithoutValue,
        Self::DuplicateAddress,
        Self::MissingText,
        Self::ImpossibleDate,
        Self::ImpossibleNumber,
        Self::TooManyDigits,
        Self::NotAGrid,
        Self::BrokenSheet,
        Self::DamagedWorkbook,
    ];

    /// The stable code in kebab case.
    pub fn as_str(self) -> &'static str {
        self.words().0
    }

    /// How grave it is.
    pub fn severity(self) -> Severity {
        self.words().1
    }

    /// Code, severity, what was found, how to mend it.
    fn words(self) -> (&'static str, Severity, &'static str, &'static str) {
        use Severity::{Error, Note, Warning};
        match self {
            Self::RaggedRow => (
                "ragged-row",
                Error,
                "the row has another number of cells than the header",
                "add or remove a delimiter, or quote the cell that holds one",
            ),
            Self::OtherDelimiter => (
                "other-delimiter",
                Error,
                "the row is cut by another delimiter than the sheet",
                "write the row with the sheet's delimiter",
            ),
            Self::OtherQuote => (
                "other-quote",
                Warning,
                "the row has another quote than the sheet",
                "write the row with the sheet's quote",
            ),
            Self::UnterminatedQuote => (
                "unterminated-quote",
                Error,
                "a quote opens the cell and never closes it",
                "close the quote, or double it where it belongs to the text",
            ),
            Self::TextAfterQuote => (
                "text-after-quote",
                Error,
                "text follows the quote that closes the cell",
                "double the quotes that belong to the text",
            ),
            Self::NulByte => {
                ("nul-byte", Error, "the cell holds a NUL character", "save the file again, as UTF-8 text")
            }
            Self::UndecodableText => (
                "undecodable-text",
                Error,
                "the cell holds bytes that the encoding does not know",
                "set `encoding`, or save the file again as UTF-8",
            ),
            Self::CellTooLong => (
                "cell-too-long",
                Error,
                "the cell is longer than the limit `cell_bytes`",
                "raise the limit, or close a quote that was left open",
            ),
            Self::DuplicateHeader => {
                ("duplicate-header", Error, "two columns have one name", "rename one of them")
            }
            Self::UnnamedColumn => (
                "unnamed-column",
                Warning,
                "the column has no name, and is left out",
                "name it in the header",
            ),
            Self::NoHeader => {
                ("no-header", Note, "no header row", "set `header` to the row that names the columns")
            }
            Self::Preamble => (
                "preamble",
                Note,
                "text above the table is no row of it",
                "set `header` to the row that names the columns where it is one",
            ),
            Self::GuessedEncoding => (
                "guessed-encoding",
                Note,
                "the text is no UTF-8, and its encoding is a guess",
                "set `encoding`, or save the file again as UTF-8",
            ),
            Self::Footnote => (
                "footnote",
                Note,
                "text below the table is no row of it",
                "move it to a note, or skip it with `skip_rows_where`",
            ),
            Self::ErrorCell => ("error-cell", Error, "the cell holds an error value", "mend its formula"),
            Self::FormulaWithoutValue => (
                "formula-without-value",
                Error,
                "the formula's value is not in the file",
                "open the workbook in a spreadsheet program, calculate, and save it",
            ),
            Self::DuplicateAddress => (
                "duplicate-address",
                Error,
                "two cells have one address",
                "save the workbook again from a spreadsheet program",
            ),
            Self::MissingText => (
                "missing-text",
                Error,
                "the cell's text is not in the file",
                "save the workbook again from a spreadsheet program",
            ),
            Self::ImpossibleDate => (
                "impossible-date",
                Error,
                "the cell's date is in no calendar",
                "type the date again, or format the cell as a number",
            ),
            Self::ImpossibleNumber => (
                "impossible-number",
                Error,
                "the number cell holds no finite number",
                "type the number again",
            ),
            Self::TooManyDigits => (
                "too-many-digits",
                Warning,
                "a workbook keeps 15 digits of a number; the rest may be wrong",
                "keep the number as text",
            ),
            Self::NotAGrid => {
                ("not-a-grid", Note, "the sheet is a chart or a macro and holds no cells", "nothing to do")
            }
            Self::BrokenSheet => (
                "broken-sheet",
                Error,
                "the sheet cannot be read",
                "save the workbook again from a spreadsheet program",
            ),
            Self::DamagedWorkbook => (
                "damaged-workbook",
                Warning,
                "the workbook is damaged, and cells may be missing; what is hidden, merged or a percentage is not known",
                "save the workbook again from a spreadsheet program",
            ),
        }
    }
}

/// One thing wrong, where it is. Small: a sheet may have one for each of its rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Flaw {
    /// Line (CSV) or row (workbook) from 1; 0 where it is about the whole sheet.
    pub row: u32,
    /// Column from 0; absent where it is about the whole row.
    pub column: Option<u16>,
    /// What.
    pub code: Code,
    /// What was read: `3 cells, not 9`, `#REF!`; may be empty.
    pub detail: Box<str>,
}

impl Flaw {
    /// A flaw of one cell.
    pub(crate) fn cell(code: Code, row: u32, column: usize, detail: impl Into<Box<str>>) -> Self {
        Self { row, column: Some(u16::try_from(column).unwrap_or(u16::MAX)), code, detail: detail.into() }
    }

    /// A flaw of one row.
    pub(crate) fn row(code: Code, row: u32, detail: impl Into<Box<str>>) -> Self {
        Self { row, column: None, code, detail: detail.into() }
    }

    /// The finding that says it.
    pub fn finding(&self, sheet: &SheetName) -> Finding {
        let (code, severity, what, hint) = self.code.words();
        let message =
            if self.detail.is_empty() { what.to_owned() } else { format!("{what}: {}", self.detail) };
        let cell = self.address(sheet.sheet.is_some());
        Finding::new(code, severity, "", message).at(Location { sheet: sheet.clone(), cell }).hint(hint)
    }

    /// `C14` in a workbook, `line:field` in a CSV; a row's flaw points at its first cell.
    fn address(&self, in_workbook: bool) -> String {
        let column = self.column.unwrap_or(0);
        match (self.row, in_workbook) {
            (0, _) => String::new(),
            (row, true) => format!("{}{row}", column_letters(column)),
            (row, false) => format!("{row}:{}", u32::from(column) + 1),
        }
    }
}
