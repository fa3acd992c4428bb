//! The Markdown reports: each a function from what is known to one document. Sentences come from the
//! facts alone: nothing here knows an indicator, a country or a clock, and nothing writes a file.
//!
//! A document shows each figure as its source hedged it, with a footnote to the phrase, the source
//! and the cell. What is shown is chosen first and put into words afterwards, so that millions of
//! claims cost no more text than a page.

mod commitments;
mod disagreement;
mod escape;
mod page;
mod quality;
mod sentence;
mod series;
mod summary;
mod topic;
mod totals;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use model::commitment::{Commitment, Progress};
use model::facts::{Facts, Knowledge};
use model::finding::Finding;
use model::place::PlaceId;
use rayon::prelude::*;

use series::SeriesIndex;

/// How many figures the text of a source holds, and how many of them claims use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Index into the run's sources.
    pub source: u32,
    /// Figures in the text.
    pub figures: usize,
    /// Figures that a claim or a commitment uses.
    pub claimed: usize,
    /// Figures that nothing uses.
    pub uncovered: usize,
}

/// What the configuration says about reports.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The title of the corridor: `Kyrgyzstan with Russia and Kazakhstan`.
    pub title: &'a str,
    /// Tables with more rows are cut, and say so. Usually 200.
    pub most_rows: usize,
}

/// What the reports show: the facts, what follows from them, and what reading them had to say.
pub struct View<'a> {
    facts: &'a Facts,
    knowledge: &'a Knowledge,
    /// All findings of the run, those of the knowledge among them.
    findings: Vec<&'a Finding>,
    coverage: &'a [Coverage],
    settings: Settings<'a>,
    series: SeriesIndex,
    /// The indicator that each finding of the knowledge speaks of by its claims, if any.
    spoken_of: Vec<Option<u32>>,
}

impl<'a> View<'a> {
    /// A view of the facts and of what is known. `findings` are all of the run, those of reading the
    /// sheets and those of the knowledge; `coverage` may leave sources out.
    pub fn new(
        facts: &'a Facts,
        knowledge: &'a Knowledge,
        findings: impl IntoIterator<Item = &'a Finding>,
        coverage: &'a [Coverage],
        settings: Settings<'a>,
    ) -> Self {
        let series = SeriesIndex::new(facts, knowledge);
        let indicator = |finding: &Finding| {
            let claim = finding.claims.iter().find_map(|id| facts.claims.find(id))?;
            Some(facts.claims.indicator[claim])
        };
        let spoken_of = knowledge.findings.par_iter().map(indicator).collect();
        let findings = findings.into_iter().collect();
        Self { facts, knowledge, findings, coverage, settings, series, spoken_of }
    }

    /// Whether a source had been published by the as-of date.
    fn is_known(&self, source: u32) -> bool {
        let published = self.facts.sources[source as usize].published_on;
        self.knowledge.as_of.is_none_or(|as_of| published <= as_of)
    }

    /// The common English name of a place, for running text.
    fn place_name(&self, place: PlaceId) -> String {
        self.facts
            .places
            .get(usize::from(place.0))
            .map_or_else(String::new, |found| escape::text(&found.name))
    }

    /// The title of a commitment as its sheet has it: commitments are sorted by id.
    fn commitment_title(&self, id: &str) -> Option<&'a str> {
        let commitments = &self.facts.commitments;
        let found =
            commitments.binary_search_by(|commitment| commitment.commitment_id.as_str().cmp(id)).ok()?;
        Some(&commitments[found].title)
    }

    /// The commitments known by the as-of date, each with its index and progress.
    fn commitments(&self) -> impl Iterator<Item = (u32, &'a Commitment, &'a Progress)> {
        let pairs = self.facts.commitments.iter().zip(&self.knowledge.progress);
        (0..)
            .zip(pairs)
            .filter(|(_, (commitment, _))| self.is_known(commitment.source))
            .map(|(index, (commitment, progress))| (index, commitment, progress))
    }
}

/// What people read first: the headline of each topic, the promises and how far they got, what
/// disagrees, and how good the material is.
pub fn summary(view: &View<'_>) -> String {
    summary::write(view)
}

/// What is known of trade.
pub fn trade(view: &View<'_>) -> String {
    topic::write(view, topic::TRADE)
}

/// What is known of investment.
pub fn investment(view: &View<'_>) -> String {
    topic::write(view, topic::INVESTMENT)
}

/// What is known of every other topic, a section each.
pub fn cooperation(view: &View<'_>) -> String {
    topic::cooperation(view)
}

/// What was promised, and how far it got.
pub fn commitments(view: &View<'_>) -> String {
    commitments::write(view)
}

/// How good the material is: evidence, coverage, conflicts, findings and inferences.
pub fn quality(view: &View<'_>) -> String {
    quality::write(view)
}
