//! What a file is. Its content decides; its name only advises.

use crate::error::Error;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with delimiters, in any encoding.
    Csv,
    /// A zipped workbook: XLSX, XLSM, XLSB or ODS.
    Zipped,
    /// XLS: an OLE2 file, or the bare stream of Excel 2 to 4.
    Xls,
    /// An ODS that is one XML.
    FlatOds,
}

/// The first bytes of an OLE2 file.
pub(crate) const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The first bytes of a stream of Excel 2, 3, 4 and 5 that lies in no OLE2 file.
const BARE: [&[u8]; 4] = [b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0\0\x05"];

/// Bytes of the file that [`Kind::of`] wants to see.
pub const HEAD: usize = 4096;

impl Kind {
    /// The kind of a file named `name` that starts with `head`.
    ///
    /// # Errors
    /// Where the content is something else than a sheet, named as what it is.
    pub fn of(name: &str, head: &[u8]) -> Result<Self, Error> {
        let extension = extension(name);
        let workbook = matches!(
            extension.as_str(),
            "xlsx" | "xlsm" | "xlsb" | "ods" | "fods" | "ots" | "xls" | "xlt" | "xltx" | "xltm" | "xlam"
        );
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Self::Zipped);
        }
        if head.starts_with(OLE) || BARE.iter().any(|bytes| head.starts_with(bytes)) {
            return Ok(Self::Xls);
        }
        if is_flat_ods(head) {
            return Ok(Self::FlatOds);
        }
        if let Some(found) = foreign(head) {
            return Err(not_a_sheet(format!("{found}, not a sheet"), "save it as CSV or XLSX"));
        }
        if workbook && head.is_empty() {
            return Err(not_a_sheet("an empty file".to_owned(), "copy or export the workbook again"));
        }
        if workbook {
            let found = format!("{} named .{extension}", textual(head));
            return Err(not_a_sheet(found, "save it as a workbook, or name it .csv if it is one"));
        }
        Ok(Self::Csv)
    }

    /// Whether the file is a workbook, for the reader in a process of its own.
    pub fn is_workbook(self) -> bool {
        self != Self::Csv
    }
}

/// Whether an XML says at its start that it is an OpenDocument.
pub(crate) fn is_flat_ods(head: &[u8]) -> bool {
    let head = &head[..head.len().min(HEAD)];
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    text.starts_with(b"<") && memchr::memmem::find(text, b"<office:document").is_some()
}

/// Whether the name is that of a lock file that a spreadsheet program leaves beside an open workbook.
pub fn is_lock_file(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("~$") || (name.starts_with(".~lock.") && name.ends_with('#'))
}

fn not_a_sheet(found: String, hint: &'static str) -> Error {
    Error::NotASheet { found, hint }
}

fn extension(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

/// A well-known format that holds no sheet, by its first bytes.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let signatures: [(&[u8], &str); 12] = [
        (b"%PDF-", "a PDF"),
        (b"PAR1", "a Parquet file"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"{\\rtf", "an RTF text"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    ];
    let found = signatures.iter().find(|(signature, _)| head.starts_with(signature));
    found.map(|found| found.1).or_else(|| {
        let text = head.trim_ascii_start();
        let starts = |tag: &[u8]| text.len() >= tag.len() && text[..tag.len()].eq_ignore_ascii_case(tag);
        (starts(b"<html") || starts(b"<!doctype html") || starts(b"<table")).then_some("HTML")
    })
}

/// A text format by its first bytes.
fn textual(head: &[u8]) -> &'static str {
    let text = head.trim_ascii_start();
    if text.starts_with(b"<?xml") {
        "XML"
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        "JSON"
    } else if memchr::memchr(0, head).is_some() {
        "an unknown binary file"
    } else {
        "plain text"
    }
}
