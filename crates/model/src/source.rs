//! Sources: the texts that state figures.

use chrono::NaiveDate;

use crate::cell::CellRef;
use crate::period::Precision;
use crate::vocabulary;

vocabulary! {
    /// What sort of text a source is; their order of authority is a setting.
    SourceKind {
        OfficialStatistics = "official_statistics": "a statistical office or central bank publishing its data",
        OfficialStatement = "official_statement": "a government body speaking for itself",
        Wire = "wire": "a news agency",
        Press = "press": "a newspaper, journal or broadcaster",
        PressRelease = "press_release": "a release distributed for its issuer",
        Aggregator = "aggregator": "a rewrite or copy of another text",
    }
}

/// One text that states figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, unique.
    pub source_id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// The day it was published; of an imprecise date the last possible day.
    pub published_on: NaiveDate,
    /// How precisely the date is known.
    pub date_precision: Precision,
    /// Its address, where it has one.
    pub url: String,
    /// Its language, BCP 47.
    pub language: String,
    /// What sort of text it is.
    pub kind: SourceKind,
    /// The text or speech it repeats, empty where it is its own witness. A `source_id` or any name
    /// that sources share.
    pub origin: String,
    /// The curator's note.
    pub note: String,
    /// Its row.
    pub cell: CellRef,
}
