//! Bytes of CSV files and workbooks to sheets of cells, each with the position an editor shows.
//!
//! The story, a file for each step:
//!
//! - [`kind`]: what a file is, by its content; its name only advises.
//! - [`encoding`] and [`detect`]: what a CSV's bytes and marks mean, weighed over a bounded sample.
//! - [`csv`]: a CSV as its header and a stream of chunks, cut at record boundaries.
//! - `in_order`: chunks are worked on by all cores, and what comes of them is handed on in order.
//! - [`record`]: where a field and a record end; the one grammar that cutting and parsing share.
//! - [`reread`]: one record that does not fit its table, by another delimiter or quote.
//! - [`parse`]: a chunk as a batch of cells and its flaws; chunks parse independently, on all cores.
//! - [`workbook`]: the sheets of a workbook; a reader for each format: `xlsx` with `worksheet` (large ones in `pieces`, on
//!   all cores), `xlsb`, `ods`, and `xls` on `biff` and `cfb`; [`frames`]: the same as bytes between two processes.
//! - [`policy`]: a part of a sheet, hidden rows, merged cells, as the caller declares.
//! - [`header`]: where the table of a grid of cells begins.
//! - [`sheet`]: header, rows and flaws, alike for both; [`as_csv`]: a sheet as plain CSV.
//! - [`flaw`]: all that can be wrong with a cell, a row or a sheet.
//!
//! Nothing here knows a fact, opens a file, or keeps state: bytes in, cells and flaws out.

pub mod as_csv;
mod biff;
mod bytes;
mod cfb;
pub mod csv;
pub mod detect;
pub mod dialect;
pub mod encoding;
pub mod error;
pub mod flaw;
mod format;
pub mod frames;
mod grid;
pub mod header;
mod in_order;
pub mod kind;
mod ods;
mod package;
mod parse;
mod pieces;
pub mod policy;
mod record;
mod reread;
mod score;
mod second_reader;
pub mod settings;
pub mod sheet;
mod value;
pub mod workbook;
mod worksheet;
mod xls;
mod xlsb;
mod xlsx;
