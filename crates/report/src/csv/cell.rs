//! One cell of text: when it is quoted, and when it is guarded from spreadsheets.

use model::table::{ColumnSchema, ColumnType};

/// What a spreadsheet that opens a CSV may run, at the start of a cell: OWASP's list for CSV
/// injection, with the full-width forms that East Asian versions fold.
pub const GUARDED: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// Whether cells of the column that begin like a formula get a leading `'`: free text and the ids
/// that sheets give. Closed vocabularies (`=` and `>` among them), codes of our own and numbers
/// are never altered.
pub fn is_guarded(column: &ColumnSchema) -> bool {
    matches!(column.column_type, ColumnType::Text | ColumnType::Id)
}

/// Appends a cell.
pub(super) fn push(text: &str, guarded: bool, out: &mut Vec<u8>) {
    let guard = guarded && begins_like_formula(text);
    let bytes = text.as_bytes();
    if !needs_quotes(bytes) {
        if guard {
            out.push(b'\'');
        }
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    if guard {
        out.push(b'\'');
    }
    for piece in bytes.split_inclusive(|&byte| byte == b'"') {
        out.extend_from_slice(piece);
        if piece.ends_with(b"\"") {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

/// Whether the cell begins with one of [`GUARDED`]; the first byte alone decides for most.
fn begins_like_formula(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | 0xEF) => text.starts_with(GUARDED),
        _ => false,
    }
}

/// Without an early exit, so that the comparison runs over many bytes at once.
fn needs_quotes(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, &byte| {
        found | (byte == b',') | (byte == b'"') | (byte == b'\n') | (byte == b'\r')
    })
}
