//! Tables as CSV: RFC 4180 with LF, a header, dates by ISO 8601, `true` and `false`, floats in
//! their shortest form that reads back as the same float, and nothing for null.
//!
//! A cell that a spreadsheet would run as a formula gets a leading `'`; that is decided in
//! [`cell`], for text and ids alone. Rows are spelt by chunks on all cores and written in order, so
//! the bytes do not depend on the number of threads.

mod cell;
mod spell;

use std::io::{self, Write};

use rayon::prelude::*;

use crate::table::{Stretch, Table, stretches};
pub use cell::{GUARDED, is_guarded};
use spell::{Spellings, Spelt};

/// Rows spelt at once by one thread: about a megabyte of claims, so that what they refer to stays near.
const CHUNK: usize = 1 << 12;

/// Writes the table with its header.
///
/// # Errors
/// What `out` says.
pub fn write<W: Write + Send + ?Sized>(table: &Table<'_>, out: &mut W) -> io::Result<()> {
    write_together(std::slice::from_ref(table), &mut [out])
}

/// Writes a table and those behind it that are parts of it, each with its header and to its own output. What a row
/// holds in both is spelt once.
///
/// # Errors
/// What an output says.
pub fn write_together<W: Write + Send>(tables: &[Table<'_>], outs: &mut [W]) -> io::Result<()> {
    let Some((whole, parts)) = tables.split_first() else { return Ok(()) };
    let spellings: Vec<Spellings<'_>> =
        std::iter::once(Spellings::of_whole(whole)).chain(parts.iter().map(Spellings::of_part)).collect();
    for (table, out) in tables.iter().zip(&mut *outs) {
        out.write_all(&header(table))?;
    }
    let chunks = stretches(tables, CHUNK);
    // One wave is spelt while the one before it is written.
    let (mut ready, mut spare): (Wave<'_>, _) = Default::default();
    for wave in chunks.chunks(rayon::current_num_threads() * 2) {
        let (spelt, written) =
            rayon::join(|| spell_wave(&spellings, wave, spare), || write_wave(&ready, outs));
        written?;
        spare = std::mem::replace(&mut ready, (wave, spelt)).1;
    }
    write_wave(&ready, outs)
}

fn header(table: &Table<'_>) -> Vec<u8> {
    let names: Vec<&str> = table.schema.columns.iter().map(|column| column.name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Stretches of rows with their bytes.
type Wave<'s> = (&'s [Stretch], Vec<Spelt>);

/// The bytes of some stretches of rows, in buffers that were used before.
fn spell_wave(spellings: &[Spellings<'_>], stretches: &[Stretch], mut buffers: Vec<Spelt>) -> Vec<Spelt> {
    buffers.resize_with(stretches.len(), Spelt::default);
    let each = buffers.par_iter_mut().zip(stretches);
    each.for_each(|(buffer, stretch)| spell::rows(spellings, stretch, buffer));
    buffers
}

fn write_wave<W: Write + Send>((stretches, spelt): &Wave<'_>, outs: &mut [W]) -> io::Result<()> {
    outs.par_iter_mut().enumerate().try_for_each(|(table, out)| {
        stretches.iter().zip(spelt).try_for_each(|(stretch, spelt)| match stretch.part {
            _ if table == 0 => out.write_all(&spelt.whole),
            Some((part, _)) if part == table => out.write_all(&spelt.part),
            _ => Ok(()),
        })
    })
}
