//! One cell of an OpenDocument spreadsheet: its value by its attributes, its text by its paragraphs.

use model::cell::CellType;
use quick_xml::events::{BytesStart, Event};

use crate::error::Error;
use crate::flaw::Code;
use crate::format::{self, Epoch, Format};
use crate::grid::Grid;
use crate::package::{Xml, append_text, attribute};
use crate::value;

/// Names of errors that a formula's text may be.
const ERRORS: [&str; 9] =
    ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"];

/// What a cell holds.
pub(super) enum Held {
    Nothing,
    Text(String),
    Number(String, Format),
    /// A date or time, as ISO 8601 has it.
    Date(String),
    Truth(bool),
    Error(String),
    /// A formula without its value.
    Formula,
}

impl Held {
    pub(super) fn push(&self, grid: &mut Grid<'_>, row: u32, column: usize) -> Result<(), Error> {
        match self {
            Self::Nothing => Ok(()),
            Self::Text(text) => value::push_text(grid, row, column, text),
            Self::Number(written, format) => {
                value::push_written(grid, row, column, written, *format, Epoch::Y1900)
            }
            Self::Date(text) => grid.push(row, column, CellType::Date, text),
            Self::Truth(truth) => value::push_truth(grid, row, column, *truth),
            Self::Error(name) => value::push_error(grid, row, column, name),
            Self::Formula => {
                grid.flaw(Code::FormulaWithoutValue, row, column, "");
                grid.push(row, column, CellType::Error, "")
            }
        }
    }
}

/// A cell whose start was read.
#[derive(Default)]
pub(super) struct Cell {
    kind: String,
    /// The value, as its kind has it.
    value: Option<String>,
    is_error: bool,
    is_formula: bool,
    text: String,
    paragraphs: usize,
    /// Whether white space that follows says nothing new.
    collapses: bool,
}

impl Cell {
    pub(super) fn open(element: &BytesStart<'_>) -> Self {
        let mut cell = Self::default();
        for found in element.attributes().with_checks(false).flatten() {
            let name = found.key.local_name();
            let text = || {
                quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), Into::into)
            };
            match name.as_ref() {
                "value-type" if text() == "error" => cell.is_error = true,
                "value-type" if cell.kind.is_empty() => cell.kind = text(),
                "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                    cell.value = Some(text());
                }
                "formula" => cell.is_formula = true,
                _ => {}
            }
        }
        cell
    }

    /// Reads to the cell's end; comments and drawings in it are no text of it.
    pub(super) fn read(mut self, xml: &mut Xml<'_>) -> Result<Held, Error> {
        let (mut depth, mut in_paragraph) = (0_usize, false);
        let mut passed_over: Option<usize> = None;
        while let Some(event) = xml.next()? {
            match &event {
                Event::Start(element) => {
                    depth += 1;
                    let name = element.local_name();
                    if depth == 1 && name.as_ref() == "p" {
                        in_paragraph = true;
                        self.start_paragraph();
                    } else if in_paragraph && passed_over.is_none() {
                        if matches!(name.as_ref(), "ruby-text" | "annotation" | "note") {
                            passed_over = Some(depth);
                        } else {
                            self.take_mark(name.as_ref(), element);
                        }
                    }
                }
                Event::Empty(element) if depth == 0 && element.local_name().as_ref() == "p" => {
                    self.start_paragraph();
                }
                Event::Empty(element) if in_paragraph && passed_over.is_none() => {
                    self.take_mark(element.local_name().as_ref(), element);
                }
                Event::End(_) => {
                    if depth == 0 {
                        return Ok(self.held());
                    }
                    if passed_over == Some(depth) {
                        passed_over = None;
                    }
                    depth -= 1;
                    in_paragraph &= depth > 0;
                }
                event if in_paragraph && passed_over.is_none() => self.take_text(event),
                _ => {}
            }
        }
        Err(Error::Workbook("its XML ends within a cell".to_owned()))
    }

    fn start_paragraph(&mut self) {
        if self.paragraphs > 0 {
            self.text.push('\n');
        }
        self.paragraphs += 1;
        self.collapses = true;
    }

    /// White space and breaks that are elements.
    fn take_mark(&mut self, name: &str, element: &BytesStart<'_>) {
        let (mark, count) = match name {
            "s" => (' ', attribute(element, "c").and_then(|count| count.parse().ok()).unwrap_or(1)),
            "tab" => ('\t', 1),
            "line-break" => ('\n', 1),
            _ => return,
        };
        self.text.extend(std::iter::repeat_n(mark, usize::min(count, 32_768)));
        self.collapses = false;
    }

    /// Characters; a run of white space is one blank, and none at the start.
    fn take_text(&mut self, event: &Event<'_>) {
        let mut text = String::new();
        append_text(event, &mut text);
        for character in text.chars() {
            let is_space = matches!(character, ' ' | '\t' | '\n' | '\r');
            if !is_space {
                self.text.push(character);
            } else if !self.collapses {
                self.text.push(' ');
            }
            self.collapses = is_space;
        }
    }

    pub(super) fn held(self) -> Held {
        let Self { kind, value, is_error, is_formula, text, paragraphs, .. } = self;
        let is_error = is_error || (is_formula && ERRORS.contains(&text.as_str()));
        match (kind.as_str(), value) {
            _ if is_error => Held::Error(text),
            ("percentage", Some(value)) => Held::Number(value, Format::Percent),
            ("float" | "currency", Some(value)) => Held::Number(value, Format::Number),
            ("date", Some(value)) => Held::Date(format::iso(&value).to_owned()),
            ("time", Some(value)) => time(&value).map_or(Held::Text(value), Held::Date),
            ("boolean", Some(value)) => Held::Truth(value == "true"),
            (_, Some(value)) if paragraphs == 0 && !value.is_empty() => Held::Text(value),
            (_, None) if kind.is_empty() && is_formula && text.is_empty() => Held::Formula,
            _ if text.is_empty() => Held::Nothing,
            _ => Held::Text(text),
        }
    }
}

/// A duration such as `PT08H30M00S` as `08:30:00`.
fn time(value: &str) -> Option<String> {
    let (mut parts, mut digits) = ([0_u64; 3], String::new());
    let mut fraction = "";
    for (at, character) in value.strip_prefix("PT")?.char_indices() {
        match character {
            '0'..='9' => digits.push(character),
            '.' | ',' => {
                fraction = value.get(at + 3..)?.trim_end_matches('S').trim_end_matches('0');
                parts[2] = digits.parse().ok()?;
                break;
            }
            'H' | 'M' | 'S' => {
                parts[usize::from(character != 'H') + usize::from(character == 'S')] = digits.parse().ok()?;
                digits.clear();
            }
            _ => return None,
        }
    }
    let time = format!("{:02}:{:02}:{:02}", parts[0], parts[1], parts[2]);
    Some(if fraction.is_empty() { time } else { format!("{time}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_of_day() {
        assert_eq!(time("PT08H30M00S").as_deref(), Some("08:30:00"));
        assert_eq!(time("PT30H5M").as_deref(), Some("30:05:00"));
        assert_eq!(time("PT00H00M01.2500000S").as_deref(), Some("00:00:01.25"));
        assert_eq!(time("tomorrow"), None);
    }
}
