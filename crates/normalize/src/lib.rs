//! Sheets of cells to claims, commitments and code lists, each with what there is to say about it.
//!
//! The story of a cell, a file for each step:
//!
//! - [`mapping`], [`arrange`]: the columns of a foreign sheet become those of the contract.
//! - `row`: a row's cells, read as what the contract says they are.
//! - [`quantity`], [`period`], [`place`]: the grammars. Each works on one text and is pure.
//! - [`codelists`], [`claims`], [`commitments`], [`corrections`]: a kind of sheet each.
//! - [`evidence`]: whether the source's text bears out what a row states.
//! - [`draft`]: candidates for claims from a text, for a person to finish.
//! - [`assemble`]: all rows as one set of facts, with unique ids and references that hold.
//!
//! Nothing here opens a file, and no claim knows another: that is `reconcile`'s.

pub mod arrange;
pub mod assemble;
pub mod claims;
pub mod codelists;
pub mod commitments;
pub mod corrections;
pub mod draft;
pub mod evidence;
mod figures;
pub mod found;
pub mod header_unit;
mod labels;
pub mod language;
pub mod mapping;
mod memo;
pub mod nearest;
pub mod period;
pub mod place;
pub mod quantity;
mod row;
pub mod wildcard;

/// Makes the tables of words, which are otherwise made when the first cell is read.
pub fn load_words() {
    rayon::join(quantity::load_words, period::load_words);
}
