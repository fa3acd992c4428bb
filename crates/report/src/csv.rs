//! Tables as CSV: RFC 4180 with LF, a header, dates by ISO 8601, `true` and `false`, floats in
//! their shortest form that reads back as the same float, and nothing for null.
//!
//! A cell that a spreadsheet would run as a formula gets a leading `'`; that is decided in
//! [`cell`], for text and ids alone. Rows are spelt by chunks on all cores and written in order, so
//! the bytes do not depend on the number of threads.

mod cell;
mod spell;

use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

use crate::table::Table;
pub use cell::{GUARDED, is_guarded};
use spell::Spelling;

/// Rows spelt at once by one thread: about a megabyte of claims, so that what they refer to stays near.
const CHUNK: usize = 1 << 12;

/// Writes the table with its header. Gives the number of bytes.
///
/// # Errors
/// What `out` says.
pub fn write<W: Write + Send + ?Sized>(table: &Table<'_>, out: &mut W) -> io::Result<u64> {
    let spellings: Vec<Spelling<'_>> = table
        .schema
        .columns
        .iter()
        .zip(&table.columns)
        .map(|(schema, column)| Spelling::new(column, is_guarded(schema)))
        .collect();
    let header = header(table);
    out.write_all(&header)?;
    let mut written = header.len() as u64;
    // One wave is spelt while the one before it is written.
    let wave = CHUNK * rayon::current_num_threads() * 2;
    let (mut ready, mut spare) = (Vec::new(), Vec::new());
    for start in (0..table.rows).step_by(wave) {
        let rows = start..(start + wave).min(table.rows);
        let (spelt, done) = rayon::join(|| spell_wave(&spellings, rows, spare), || write_wave(&ready, out));
        written += done?;
        (ready, spare) = (spelt, ready);
    }
    written += write_wave(&ready, out)?;
    Ok(written)
}

fn header(table: &Table<'_>) -> Vec<u8> {
    let names: Vec<&str> = table.schema.columns.iter().map(|column| column.name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// The bytes of a range of rows, chunk by chunk, in buffers that were used before.
fn spell_wave(spellings: &[Spelling<'_>], rows: Range<usize>, mut buffers: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    buffers.resize_with(rows.len().div_ceil(CHUNK), Vec::new);
    buffers.par_iter_mut().enumerate().for_each(|(chunk, buffer)| {
        let start = rows.start + chunk * CHUNK;
        buffer.clear();
        spell::rows(spellings, start..(start + CHUNK).min(rows.end), buffer);
    });
    buffers
}

fn write_wave<W: Write + ?Sized>(chunks: &[Vec<u8>], out: &mut W) -> io::Result<u64> {
    let mut written = 0;
    for chunk in chunks {
        out.write_all(chunk)?;
        written += chunk.len() as u64;
    }
    Ok(written)
}
