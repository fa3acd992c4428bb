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

/// By blocks that fit a register, the last one over the one before it: most cells are too short for longer ones.
fn needs_quotes(bytes: &[u8]) -> bool {
    fn any<const N: usize>(block: &[u8; N]) -> bool {
        block.iter().fold(false, |found, &byte| {
            found | (byte == b',') | (byte == b'"') | (byte == b'\n') | (byte == b'\r')
        })
    }
    if let Some(last) = bytes.last_chunk::<16>() {
        bytes.as_chunks().0.iter().any(any::<16>) || any(last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk()) {
        any(first) || any::<8>(last)
    } else {
        bytes.iter().any(|byte| any(&[*byte]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_structures_a_row_is_quoted_wherever_it_stands() {
        for length in 0..70 {
            let plain = "x".repeat(length);
            let mut out = Vec::new();
            push(&plain, false, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), plain);
            for (at, mark) in (0..length).flat_map(|at| [',', '"', '\n', '\r'].map(|mark| (at, mark))) {
                let text = format!("{}{mark}{}", &plain[..at], &plain[at + 1..]);
                out.clear();
                push(&text, false, &mut out);
                assert_eq!(String::from_utf8_lossy(&out), format!("\"{}\"", text.replace('"', "\"\"")));
            }
        }
    }
}
