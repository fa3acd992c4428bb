//! normalize
pub mod found;
pub mod language;
pub mod place;
