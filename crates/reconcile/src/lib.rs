//! From what sources state to what is known: observations with their best claim, what follows from
//! them, where claims disagree, how far commitments got, and what was known when.
//!
//! [`reconcile`] reads top to bottom as that story. Nothing here reads words or files, and nothing
//! depends on the order of rows, on threads or on hashes.

mod as_of;
mod chain;
mod checks;
mod conflict;
mod derive;
mod group;
mod interval;
mod observe;
mod progress;
mod scaled;
mod series;
mod supersede;
mod totals;
mod vintage;
mod witness;
mod words;

use chrono::NaiveDate;
use model::facts::{Facts, Knowledge};
use model::source::SourceKind;

pub use as_of::published_by;

/// What a workspace may decide about reconciliation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Kinds of source, the most authoritative first; a kind that is not named comes last.
    pub authority: Vec<SourceKind>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { authority: SourceKind::ALL.to_vec() }
    }
}

impl Settings {
    /// The rank of a kind of source: the less, the more authoritative.
    fn authority_of(&self, kind: SourceKind) -> u8 {
        let position = self.authority.iter().position(|&named| named == kind);
        position.unwrap_or(self.authority.len()) as u8
    }
}

/// What follows from the facts as of a day. The facts must hold only what was published by then.
pub fn reconcile(facts: &Facts, as_of: NaiveDate, settings: &Settings) -> Knowledge {
    let witness = witness::witnesses(&facts.sources);
    let stated = observe::observe(facts, settings, &witness);
    let observe::Stated { mut observations, conflicts, vintages } = stated;
    derive::derive(facts, &witness, &mut observations);
    let mut knowledge =
        Knowledge { as_of: Some(as_of), observations, conflicts, vintages, ..Knowledge::default() };
    knowledge.progress = progress::progress(facts, &knowledge, as_of);
    knowledge.totals = totals::totals(facts, &knowledge.progress);
    knowledge.findings = checks::findings(facts, &knowledge, as_of);
    knowledge
}
