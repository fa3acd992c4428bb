//! The words of the project, as types: cell, figure, period, place, claim, commitment, observation
//! and finding, and the schema of each sheet that is read and each table that is published.
//!
//! Nothing here knows a file, a format or a column library, and nothing here computes: the other
//! crates do, and share only these words.

pub mod cell;
pub mod claim;
pub mod column;
pub mod commitment;
pub mod contract;
pub mod facts;
pub mod figure;
pub mod finding;
pub mod indicator;
pub mod observation;
pub mod observations;
pub mod period;
pub mod place;
pub mod source;
pub mod table;
pub mod unit;
pub mod vintages;
pub mod vocabulary;
