//! A reading with its place in a text. What is read is the caller's word; nothing is read here.

/// A reading and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// Byte offset of the first character.
    pub start: usize,
    /// Byte offset behind the last character.
    pub end: usize,
    /// What was read.
    pub value: T,
}
