//! Why a file cannot be read at all. What is wrong with a part of it is a [flaw](crate::flaw).

/// Reading cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes could not be had.
    #[error("cannot read: {0}")]
    Io(#[from] std::io::Error),
    /// A setting that no reader can follow.
    #[error("setting `{setting}`: {reason}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// Why.
        reason: String,
    },
    /// A cap was reached.
    #[error("more than {limit} {what} at {place}: the limit `{setting}`")]
    Limit {
        /// The limit's name.
        setting: &'static str,
        /// What it counts.
        what: &'static str,
        /// Its value.
        limit: u64,
        /// Where it was reached: `line 7`, `Sheet1!XFD1048576`.
        place: String,
    },
    /// The bytes are something else than a sheet, or a broken one.
    #[error("{found}: {hint}")]
    NotASheet {
        /// What the bytes are: `an OLE2 file with a password`.
        found: String,
        /// How to mend it.
        hint: &'static str,
    },
    /// A workbook that its reader gave up on.
    #[error("broken workbook: {0}")]
    Workbook(String),
    /// What the reader of a workbook said, in a process of its own.
    #[error("{0}")]
    Told(String),
    /// A frame of a workbook that ends early or says nonsense.
    #[error("the workbook reader's answer is cut off or garbled: {0}")]
    Frame(&'static str),
}
