//! One document being written: headings, paragraphs, lists, tables that are cut at a limit, and the
//! footnotes that what was written refers to.

use std::collections::BTreeSet;

use model::cell::CellRef;
use model::claim::EvidenceStatus;
use model::commitment::{Commitment, Event};
use model::facts::Facts;
use model::source::Source;

use super::View;
use super::escape::{code, label, text};
use crate::words;

/// Footnotes of one derived value.
const MOST_INPUTS: usize = 4;

/// A document and its footnotes.
pub(crate) struct Page<'v, 'a> {
    pub(crate) view: &'v View<'a>,
    body: String,
    claims: BTreeSet<u32>,
    commitments: BTreeSet<u32>,
    events: BTreeSet<u32>,
}

impl<'v, 'a> Page<'v, 'a> {
    /// An empty document under its title.
    pub(crate) fn new(view: &'v View<'a>, title: &str) -> Self {
        let none = BTreeSet::new();
        let body = format!("# {title}\n");
        Self { view, body, claims: none.clone(), commitments: none.clone(), events: none }
    }

    /// A heading of the second level.
    pub(crate) fn section(&mut self, title: &str) {
        self.body.push_str("\n## ");
        self.body.push_str(title);
        self.body.push('\n');
    }

    /// A paragraph on one line.
    pub(crate) fn paragraph(&mut self, sentence: &str) {
        self.body.push('\n');
        self.body.push_str(sentence);
        self.body.push('\n');
    }

    /// A list, an item a line; nothing where there is no item.
    pub(crate) fn list(&mut self, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.body.push('\n');
        for item in items {
            self.body.push_str("- ");
            self.body.push_str(item);
            self.body.push('\n');
        }
    }

    /// A table, a row a line. Headers that end in `:` are numbers, set to the right.
    pub(crate) fn table(&mut self, headers: &[&str], rows: &[Vec<String>]) {
        let names: Vec<&str> = headers.iter().map(|header| header.trim_end_matches(':')).collect();
        let rule = headers.iter().map(|header| if header.ends_with(':') { "---:" } else { "---" });
        let rule: Vec<&str> = rule.collect();
        self.body.push('\n');
        self.row(&names);
        self.row(&rule);
        for row in rows {
            self.row(row);
        }
    }

    fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        for cell in cells {
            self.body.push_str("| ");
            self.body.push_str(cell.as_ref());
            self.body.push(' ');
        }
        self.body.push_str("|\n");
    }

    /// Says that a table was cut, and where all of it is.
    pub(crate) fn cut_at(&mut self, shown: usize, total: usize, csv: &str) {
        if shown < total {
            let (shown, total) = (words::whole(shown), words::whole(total));
            let link = format!("[curated/{csv}](../curated/{csv})");
            self.paragraph(&format!("Cut: {shown} of {total} rows are shown; all are in {link}."));
        }
    }

    /// A reference to the footnote of a claim.
    pub(crate) fn cite_claim(&mut self, claim: u32) -> String {
        self.claims.insert(claim);
        format!("[^{}]", label(self.view.facts.claims.claim_id.get(claim as usize)))
    }

    /// References to the footnotes of the claims named by id; ids that are unknown have none.
    pub(crate) fn cite_claim_ids(&mut self, ids: &[String], most: usize) -> String {
        let facts = self.view.facts;
        ids.iter()
            .filter_map(|id| facts.claims.find(id))
            .take(most)
            .map(|claim| self.cite_claim(claim as u32))
            .collect()
    }

    /// References to the footnotes of the claims that state an observation's figure as it is shown:
    /// the best one, or those that a derived value follows from.
    pub(crate) fn cite_figure(&mut self, observation: u32) -> String {
        let knowledge = self.view.knowledge;
        let observation = knowledge.observations.get(observation);
        if let Some(best) = observation.best_claim {
            return self.cite_claim(best);
        }
        let claims = knowledge.claims_of(&observation);
        claims.iter().take(MOST_INPUTS).map(|&claim| self.cite_claim(claim)).collect()
    }

    /// A reference to the footnote of a commitment.
    pub(crate) fn cite_commitment(&mut self, commitment: u32) -> String {
        self.commitments.insert(commitment);
        format!("[^{}]", commitment_label(&self.view.facts.commitments[commitment as usize]))
    }

    /// A reference to the footnote of a commitment's event.
    pub(crate) fn cite_event(&mut self, event: u32) -> String {
        self.events.insert(event);
        format!("[^{}]", event_label(self.view.facts, &self.view.facts.events[event as usize]))
    }

    /// The document with its footnotes: claims, commitments and events, each by id.
    pub(crate) fn finish(mut self) -> String {
        let facts = self.view.facts;
        let mut notes: Vec<String> = Vec::new();
        notes.extend(self.claims.iter().map(|&claim| claim_note(facts, claim as usize)));
        notes.extend(self.commitments.iter().map(|&index| {
            let commitment = &facts.commitments[index as usize];
            let Commitment { source, evidence, evidence_status, cell, .. } = commitment;
            let origin = Provenance { source: *source, cell: *cell, state: *evidence_status };
            format!("[^{}]: {}", commitment_label(commitment), origin.note(facts, evidence, ""))
        }));
        notes.extend(self.events.iter().map(|&index| {
            let event = &facts.events[index as usize];
            let Event { source, evidence, evidence_status, cell, .. } = event;
            let origin = Provenance { source: *source, cell: *cell, state: *evidence_status };
            format!("[^{}]: {}", event_label(facts, event), origin.note(facts, evidence, ""))
        }));
        if !notes.is_empty() {
            self.section("Where each figure is from");
            self.body.push('\n');
            for note in notes {
                self.body.push_str(&note);
                self.body.push('\n');
            }
        }
        self.body
    }
}

fn commitment_label(commitment: &Commitment) -> String {
    format!("commitment:{}", label(&commitment.commitment_id))
}

fn event_label(facts: &Facts, event: &Event) -> String {
    let source = &facts.sources[event.source as usize].source_id;
    let (id, source) = (label(&event.commitment_id), label(source));
    format!("event:{id}:{}:{}:{source}", event.on, event.status)
}

fn claim_note(facts: &Facts, claim: usize) -> String {
    let claims = &facts.claims;
    let asserted_by = claims.word(claims.asserted_by[claim]);
    let origin = Provenance {
        source: claims.source[claim],
        cell: claims.cell[claim],
        state: claims.evidence_status[claim],
    };
    let note = origin.note(facts, claims.evidence.get(claim), asserted_by);
    format!("[^{}]: {note}", label(claims.claim_id.get(claim)))
}

/// Where a row is from.
struct Provenance {
    source: u32,
    cell: CellRef,
    state: EvidenceStatus,
}

impl Provenance {
    /// The footnote: phrase, who said it, title, publisher, date, cell, and whether the phrase was
    /// checked.
    fn note(&self, facts: &Facts, evidence: &str, asserted_by: &str) -> String {
        let source = &facts.sources[self.source as usize];
        let mut note = match text(evidence) {
            phrase if phrase.is_empty() => "No phrase is given.".to_owned(),
            phrase => format!("“{phrase}”"),
        };
        if !asserted_by.is_empty() {
            note.push_str(&format!(" – said by {}", text(asserted_by)));
        }
        let cell = code(&facts.locate(self.cell).to_string());
        let unchecked = match self.state {
            EvidenceStatus::Verified => "",
            EvidenceStatus::NoText => " Not checked: the text was not at hand.",
            EvidenceStatus::NotFound => " Not found in the text.",
            EvidenceStatus::Mismatch => " The figure in the phrase differs.",
        };
        format!("{note} – {}. Cell {cell}.{unchecked}", source_in_words(source))
    }
}

/// A source as footnotes name it: its title, publisher, date and address.
fn source_in_words(source: &Source) -> String {
    let date = words::date(source.published_on, source.date_precision);
    let named = format!("*{}*, {}, {date}", text(&source.title), text(&source.publisher));
    let address = address(&source.url);
    if address.is_empty() { named } else { format!("{named}, {address}") }
}

/// An address as a link where it is a plain one of the web, else as text.
fn address(url: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/?#@!$'()*+,;=%&".contains(letter);
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && url.chars().all(plain) { format!("<{url}>") } else { text(url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_become_links() {
        assert_eq!(address("https://a.example/b?c=1"), "<https://a.example/b?c=1>");
        assert_eq!(address("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(address("https://a.example/><script>"), "https\\://a.example/\\>\\<script\\>");
        assert_eq!(address("https://a.example/a b"), "https\\://a.example/a b");
        assert_eq!(address(""), "");
    }
}
