//! The parts of a zipped workbook, inflated under one cap that is counted on bytes, never on what headers promise.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use encoding_rs::Encoding;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::Error;
use crate::settings::Limits;

/// What a zipped workbook is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// XLSX, XLSM: sheets in XML.
    Xlsx,
    /// XLSB: sheets in binary records.
    Xlsb,
    /// ODS: one XML for all sheets.
    Ods,
}

/// A zip archive whose parts are read by name, without regard to case or a leading `/`.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    left: Rc<Cell<u64>>,
    /// Bytes that all parts may inflate to.
    pub(crate) limit: u64,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Error::NotASheet {
            found: format!("a ZIP that is cut off or damaged ({error})"),
            hint: "copy or export the workbook again",
        })?;
        let names = (0..archive.len())
            .map(|index| {
                archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().replace('\\', "/")
            })
            .collect();
        let limit = limits.inflated_bytes;
        Ok(Self { archive, names, left: Rc::new(Cell::new(limit)), limit })
    }

    /// What the parts say that the package is.
    pub(crate) fn format(&self) -> Result<Format, Error> {
        let has = |wanted: &str| self.has(wanted);
        let starts = |folder: &str| self.names.iter().any(|name| name.starts_with(folder));
        let (found, hint) = if has("xl/workbook.bin") {
            return Ok(Format::Xlsb);
        } else if has("xl/workbook.xml") {
            return Ok(Format::Xlsx);
        } else if starts("word/") {
            ("a Word document", "copy its table into a workbook")
        } else if starts("ppt/") {
            ("a PowerPoint presentation", "copy its table into a workbook")
        } else if has("content.xml") {
            return Ok(Format::Ods);
        } else if starts("Index/") {
            ("an Apple Numbers document", "export it as XLSX")
        } else if has("_rels/.rels") {
            return Ok(Format::Xlsx);
        } else {
            ("a ZIP, not a workbook", "unpack it and name the files in it")
        };
        Err(Error::NotASheet { found: found.to_owned(), hint })
    }

    /// Whether there is a part of this name.
    pub(crate) fn has(&self, wanted: &str) -> bool {
        self.find(wanted).is_some()
    }

    fn find(&self, wanted: &str) -> Option<usize> {
        let wanted = wanted.trim_start_matches('/');
        self.names.iter().position(|name| name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    }

    /// A part as it inflates; none where the package has no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Box<dyn BufRead + '_>>, Error> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let left = Rc::clone(&self.left);
        let file = self.archive.by_index(index).map_err(|error| unreadable(name, &error))?;
        Ok(Some(Box::new(BufReader::with_capacity(64 << 10, Counted { inner: file, left }))))
    }

    /// An XML part; UTF-16 is decoded.
    pub(crate) fn xml(&mut self, name: &str) -> Result<Option<Xml<'_>>, Error> {
        let limit = self.limit;
        let Some(part) = self.text(name)? else { return Ok(None) };
        let input = Input::Stream(quick_xml::Reader::from_reader(part), Vec::new());
        Ok(Some(Xml { input, open: 0, name: name.to_owned(), limit }))
    }

    /// Tries a way to read a part, and gives whether it did. What was inflated in vain does not count.
    pub(crate) fn tried(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut dyn BufRead) -> Option<()>,
    ) -> Result<bool, Error> {
        let left = self.left.get();
        let Some(mut part) = self.text(name)? else { return Ok(false) };
        let is_read = read(part.as_mut()).is_some();
        drop(part);
        if !is_read {
            self.left.set(left);
        }
        Ok(is_read)
    }

    /// The text of a part in UTF-8.
    fn text(&mut self, name: &str) -> Result<Option<Box<dyn BufRead + '_>>, Error> {
        let limit = self.limit;
        let Some(mut part) = self.part(name)? else { return Ok(None) };
        let head = part.fill_buf().map_err(|error| uninflated(name, limit, &error))?;
        Ok(Some(match declared_encoding(head) {
            None => part,
            Some(encoding) => {
                let mut bytes = Vec::new();
                part.read_to_end(&mut bytes).map_err(|error| uninflated(name, limit, &error))?;
                Box::new(Cursor::new(encoding.decode(&bytes).0.into_owned().into_bytes()))
            }
        }))
    }
}

/// The encoding that an XML says it has by its first bytes; none where that is UTF-8.
fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8);
    }
    if head.starts_with(b"<\0") {
        return Some(encoding_rs::UTF_16LE);
    }
    if head.starts_with(b"\0<") {
        return Some(encoding_rs::UTF_16BE);
    }
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memchr(b'>', declaration)?];
    let label = &declaration[memchr::memmem::find(declaration, b"encoding")? + 8..];
    let mut quoted = label.split(|byte| matches!(byte, b'"' | b'\''));
    let encoding = Encoding::for_label(quoted.nth(1)?)?;
    // UTF-16 would show in the first bytes.
    let is_wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8 && !is_wide)
}

fn unreadable(name: &str, error: &ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(reason) if reason.contains("assword") => Error::NotASheet {
            found: "a workbook with a password".to_owned(),
            hint: "open it, remove the password, and save it",
        },
        other => Error::Workbook(format!("its part {name} cannot be read: {other}")),
    }
}

pub(crate) fn uninflated(name: &str, limit: u64, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::FileTooLarge => Error::Limit {
            setting: "inflated_bytes",
            what: "bytes, inflated,",
            limit,
            place: name.to_owned(),
        },
        _ => Error::Workbook(format!("its part {name} cannot be inflated: {error}")),
    }
}

/// A reader that stops where the cap of the whole package is reached.
struct Counted<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => {
                return Err(std::io::ErrorKind::FileTooLarge.into());
            }
        }
        Ok(read)
    }
}

/// An XML part as events. Entities are never expanded, and a document type is refused.
pub(crate) struct Xml<'a> {
    input: Input<'a>,
    /// Elements that have begun and not ended.
    open: usize,
    name: String,
    limit: u64,
}

/// Where events come from.
enum Input<'a> {
    /// Bytes as they are inflated, and room for an event.
    Stream(quick_xml::Reader<Box<dyn BufRead + 'a>>, Vec<u8>),
    /// All bytes.
    Text(quick_xml::Reader<&'a [u8]>),
}

impl<'a> Xml<'a> {
    /// An XML that is a file of its own.
    pub(crate) fn of_file(bytes: &'a [u8], limits: &Limits) -> Self {
        let input = match declared_encoding(bytes) {
            None => return Self { limit: limits.inflated_bytes, ..Self::of_text(bytes) },
            Some(encoding) => {
                let text = Cursor::new(encoding.decode(bytes).0.into_owned().into_bytes());
                Input::Stream(quick_xml::Reader::from_reader(Box::new(text)), Vec::new())
            }
        };
        Self { input, open: 0, name: "that it is".to_owned(), limit: limits.inflated_bytes }
    }

    /// An XML in UTF-8 that is at hand.
    pub(crate) fn of_text(text: &'a [u8]) -> Self {
        let input = Input::Text(quick_xml::Reader::from_reader(text));
        Self { input, open: 0, name: "that it is".to_owned(), limit: u64::MAX }
    }
}

impl Xml<'_> {
    /// The next event; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        let event = match &mut self.input {
            Input::Stream(reader, buffer) => {
                buffer.clear();
                reader.read_event_into(buffer)
            }
            Input::Text(reader) => reader.read_event(),
        };
        match &event {
            Ok(Event::Start(_)) => self.open += 1,
            Ok(Event::End(_)) => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        match event {
            Ok(Event::Eof) if self.open > 0 => {
                Err(Error::Workbook(format!("its part {} is broken XML: it ends early", self.name)))
            }
            Ok(Event::Eof) => Ok(None),
            Ok(Event::DocType(_)) => Err(Error::Workbook(format!(
                "its part {} declares a document type, which no workbook needs",
                self.name
            ))),
            Ok(event) => Ok(Some(event)),
            Err(quick_xml::Error::Io(error)) => Err(uninflated(&self.name, self.limit, &error)),
            Err(error) => Err(Error::Workbook(format!("its part {} is broken XML: {error}", self.name))),
        }
    }
}

/// The value of an attribute by its local name, entities resolved; none where it is absent or broken.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let attributes = attributes.with_checks(false);
    attributes.flatten().find(|attribute| attribute.key.local_name().as_ref() == name).map(|attribute| {
        quick_xml::escape::unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), Into::into)
    })
}

/// Appends the text of an event: characters, CDATA, character references and the five entities of XML.
pub(crate) fn append_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => push_lines(part, text),
        Event::CData(part) => push_lines(part, text),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(character)) => text.push(character),
            _ => match quick_xml::escape::resolve_predefined_entity(reference) {
                Some(known) => text.push_str(known),
                None => text.push('\u{fffd}'),
            },
        },
        _ => {}
    }
}

/// Appends characters whose lines end as XML says they do, whatever the file has (XML 1.0, 2.11).
fn push_lines(part: &str, text: &mut String) {
    if !part.contains('\r') {
        text.push_str(part);
        return;
    }
    text.push_str(&part.replace("\r\n", "\n").replace('\r', "\n"));
}
