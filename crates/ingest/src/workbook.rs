//! The sheets of a workbook: XLSX, XLSM, XLSB, XLS and ODS, each by a reader of its own.
//!
//! Runs in a process of its own, under limits that the caller sets: a hostile file may ask for more than there is. What
//! crosses back is said by [`frames`](crate::frames).

use model::cell::Batch;
use serde::{Deserialize, Serialize};

use crate::cfb::Compound;
use crate::error::Error;
use crate::flaw::Flaw;
use crate::package::{Format, Package, Xml};
use crate::settings::Limits;
use crate::{kind, ods, second_reader, worksheet, xls, xlsb, xlsx};

/// One sheet of a workbook, all of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Its rows in order, without the empty ones, each batch of its own width; the first column is A.
    pub batches: Vec<Batch>,
    /// Cells that are merged; the first one of each area has the text.
    pub merged: Vec<Area>,
    /// Hidden rows, from 1.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, from 0.
    pub hidden_columns: Vec<u16>,
    /// Named tables.
    pub tables: Vec<(String, Area)>,
    /// What is wrong with its cells, by row.
    pub flaws: Vec<Flaw>,
}

/// A rectangle of cells, ends inclusive; rows from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// The first row.
    pub first_row: u32,
    /// The last row.
    pub last_row: u32,
    /// The first column.
    pub first_column: u16,
    /// The last column.
    pub last_column: u16,
}

impl Area {
    /// The area of a range such as `B5:H40`; none where no sheet has it.
    pub fn parse(range: &str) -> Option<Self> {
        worksheet::area(range)
    }
}

/// Reads all sheets of a workbook, in the order of the file.
///
/// # Errors
/// Where the bytes are no workbook, or a cap is reached.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Error> {
    if bytes.starts_with(b"PK") {
        let mut package = Package::open(bytes, limits)?;
        return match package.format()? {
            Format::Xlsx => xlsx::read(&mut package, limits),
            Format::Ods => ods::read(&mut package, limits),
            Format::Xlsb => or_in_spite(xlsb::read(&mut package, limits), bytes, limits),
        };
    }
    if kind::is_flat_ods(bytes) {
        return ods::read_xml(&mut Xml::of_file(bytes, limits), limits);
    }
    if !bytes.starts_with(kind::OLE) {
        return xls::read(bytes, limits);
    }
    let file = Compound::open(bytes);
    let stream = file.as_ref().ok().and_then(|file| file.stream("Workbook").or_else(|| file.stream("Book")));
    let sheets = match stream {
        Some(stream) => xls::read(&stream, limits),
        None => {
            refuse_foreign_ole(bytes)?;
            file.and_then(|_| {
                Err(Error::NotASheet {
                    found: "an OLE2 file without a workbook in it".to_owned(),
                    hint: "save it as XLSX",
                })
            })
        }
    };
    or_in_spite(sheets, bytes, limits)
}

/// An OLE2 file that holds something else than a workbook, told by the names in its directory.
fn refuse_foreign_ole(bytes: &[u8]) -> Result<(), Error> {
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    let copy = "copy its table into a workbook";
    if names("EncryptedPackage") || names("EncryptionInfo") {
        Err(with_password("an OLE2 file with a password"))
    } else if names("WordDocument") {
        Err(Error::NotASheet { found: "a Word document".to_owned(), hint: copy })
    } else if names("PowerPoint Document") {
        Err(Error::NotASheet { found: "a PowerPoint presentation".to_owned(), hint: copy })
    } else {
        Ok(())
    }
}

pub(crate) fn with_password(found: &str) -> Error {
    Error::NotASheet { found: found.to_owned(), hint: "open it, remove the password, and save it" }
}

/// The sheets as we read them; of a workbook that our reader gives up on, what calamine makes of it, with a flaw that says
/// so: it cannot tell what is hidden, merged or a percentage.
fn or_in_spite(
    sheets: Result<Vec<Sheet>, Error>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<Sheet>, Error> {
    match sheets {
        Err(Error::Workbook(reason)) => {
            second_reader::read(bytes, &reason, limits)?.ok_or(Error::Workbook(reason))
        }
        other => other,
    }
}
