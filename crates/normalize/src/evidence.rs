//! Evidence: whether the text of a source bears out what a row says it states.
//!
//! Each row with evidence gives a phrase of its source. Where the text is at hand the phrase must
//! stand in it, and a figure read from it must agree with the row's in value, unit and qualifier.
//! What was verified is kept in a lock, which vouches for unchanged rows where the text is not at
//! hand. Texts and lock are values here: the caller reads and writes files.

mod check;
mod coverage;
mod day;
mod deadline;
mod difference;
mod fold;
mod lines;
mod lock;
mod namesakes;
mod passage;
mod text;

use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;
use foldhash::fast::FixedState;
use model::claim::{EvidenceStatus, Measure};
use model::figure::{Quantity, Stated};
use model::finding::{Finding, Severity};
use model::period::Period;
use model::unit::Unit;

pub use self::coverage::{Coverage, Uncovered};
pub use self::lock::{Fingerprint, Lock, LockEntry, LockFlaw, TextEntry};
pub use self::text::{Position, Text};

use self::check::Judgement;
pub(crate) use self::day::contradicted_day;
pub(crate) use self::deadline::contradicted_deadline;
pub(crate) use self::fold::clean;
use self::namesakes::namesakes;
pub(crate) use self::text::Figure;
use self::text::sha256;
use crate::language::Languages;
use crate::period;
use crate::quantity::{self, Convention, Mention};

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whose words it is written in.
    pub languages: Languages,
    /// How it writes decimals.
    pub convention: Convention,
    /// The day that "last year" is seen from.
    pub anchor: Option<NaiveDate>,
}

/// The texts that are at hand, and the lock.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    texts: HashMap<String, Text, FixedState>,
    lock: Lock,
}

/// A row that has evidence.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its table: `claims`, `commitments` or `events`.
    pub table: &'static str,
    /// Its id.
    pub id: &'a str,
    /// The source that states it.
    pub source_id: &'a str,
    /// The phrase, as written.
    pub phrase: &'a str,
    /// The figure it states, where it states one.
    pub stated: Option<&'a Quantity>,
    /// The figure's unit, by its words or by its indicator.
    pub unit: Option<Unit>,
    /// How many things are promised.
    pub count: Option<i64>,
    /// What the figure is of its indicator.
    pub measure: Measure,
    /// The period it speaks of.
    pub period: Option<&'a Period>,
}

/// What of a row its evidence speaks against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// The phrase itself: it does not stand in the text.
    Phrase,
    /// The figure or the count.
    Figure,
    /// The period.
    Period,
}

/// What became of a row's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The status to publish.
    pub status: EvidenceStatus,
    /// What there is to say, without a location, and of what; an error refuses the row.
    pub finding: Option<(Aspect, Finding)>,
    /// The row's line in the next lock, where it is verified.
    pub entry: Option<LockEntry>,
}

impl Evidence {
    /// The texts at hand and the lock of the last run.
    pub fn new(texts: impl IntoIterator<Item = Text>, lock: Lock) -> Self {
        let texts = texts.into_iter().map(|text| (text.source_id().to_owned(), text)).collect();
        Self { texts, lock }
    }

    /// Whether a row's phrase and figure are borne out: by the text, and without it by the lock.
    /// A row without a phrase is vouched for by nothing.
    pub fn verify(&self, subject: &Subject<'_>) -> Outcome {
        if subject.phrase.trim().is_empty() {
            return Outcome { status: EvidenceStatus::NoText, finding: None, entry: None };
        }
        match self.texts.get(subject.source_id) {
            Some(text) => by_text(subject, text, || self.elsewhere(subject)),
            None => self.by_lock(subject),
        }
    }

    /// The lock after a run: the entries that its rows gave, and for each source what is known of
    /// its text. `is_source` tells which sources the sheets still have.
    pub fn updated_lock(
        &self,
        verified: impl IntoIterator<Item = LockEntry>,
        is_source: impl Fn(&str) -> bool,
    ) -> Lock {
        let at_hand = self.texts.values().filter(|text| is_source(text.source_id()));
        let texts = at_hand.map(|text| TextEntry {
            source_id: text.source_id().to_owned(),
            sha256: text.sha256().to_owned(),
            figures: text.count(),
        });
        self.lock.updated(verified, texts, &is_source)
    }

    /// The lock of the last run.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The text of a source, where it is at hand.
    pub fn text(&self, source_id: &str) -> Option<&Text> {
        self.texts.get(source_id)
    }

    /// The first source by id whose text, unlike that of the row's own, holds the phrase.
    fn elsewhere(&self, subject: &Subject<'_>) -> Option<&str> {
        let holds = |text: &&Text| text.find(subject.phrase).is_some();
        self.texts.values().filter(holds).map(Text::source_id).min()
    }

    /// A row that was changed since it was verified keeps its old entry: it is told of until a text
    /// verifies it again.
    fn by_lock(&self, subject: &Subject<'_>) -> Outcome {
        let Some(entry) = self.lock.find(subject.table, subject.id) else {
            return Outcome { status: EvidenceStatus::NoText, finding: None, entry: None };
        };
        if entry.print == fingerprint(subject) {
            return Outcome { status: EvidenceStatus::Verified, finding: None, entry: Some(entry.clone()) };
        }
        // The phrase alone is all there is to read; it may contradict the row by itself.
        let alone = Text::new(subject.source_id, subject.phrase, Reading::default());
        let (aspect, what) = match check::judge(subject, &alone) {
            Judgement::Differs(mismatch) => (mismatch.aspect, mismatch.message),
            _ => {
                (Aspect::Figure, "its source, phrase, figure, unit, measure or period is another".to_owned())
            }
        };
        let message = format!("changed since it was verified: {what}");
        let finding = Finding::new("evidence-outdated", Severity::Warning, subject.table, message)
            .id(subject.id)
            .hint("run once with the source's text at hand, which verifies it or tells what is wrong");
        Outcome {
            status: EvidenceStatus::NoText,
            finding: Some((aspect, finding)),
            entry: Some(entry.clone()),
        }
    }
}

/// Whether a text bears a row out by itself.
pub(crate) fn agrees(subject: &Subject<'_>, text: &Text) -> bool {
    matches!(check::judge(subject, text), Judgement::Agrees { .. })
}

/// A warning where no text vouches for a row and its phrase by itself contradicts it. A phrase that holds `words`,
/// the cell that states the figure, does not, and is not read.
pub(crate) fn contradiction(subject: &Subject<'_>, words: &str) -> Option<(Aspect, Finding)> {
    if fold::holds(subject.phrase, words) {
        return None;
    }
    let alone = Text::new(subject.source_id, subject.phrase, Reading::default());
    let Judgement::Differs(mismatch) = check::judge(subject, &alone) else { return None };
    let finding = Finding::new("evidence-differs", Severity::Warning, subject.table, mismatch.message)
        .id(subject.id)
        .arithmetic(mismatch.arithmetic)
        .hint(mismatch.hint);
    Some((mismatch.aspect, finding)).filter(|_| alone.count() > 0)
}

fn by_text<'t>(subject: &Subject<'_>, text: &Text, elsewhere: impl Fn() -> Option<&'t str>) -> Outcome {
    let refused = |status, aspect, finding| Outcome { status, finding: Some((aspect, finding)), entry: None };
    match check::judge(subject, text) {
        Judgement::Agrees { span, figures } => {
            let position = text.position(&span);
            let entry = LockEntry {
                table: subject.table,
                id: subject.id.to_owned(),
                print: fingerprint(subject),
                text: text.sha256()[..SHORT].to_owned(),
                line: position.line,
                column: position.column,
                figures,
            };
            Outcome { status: EvidenceStatus::Verified, finding: None, entry: Some(entry) }
        }
        Judgement::Differs(mismatch) => {
            let finding = Finding::new("evidence-mismatch", Severity::Error, subject.table, mismatch.message)
                .id(subject.id)
                .arithmetic(mismatch.arithmetic)
                .hint(mismatch.hint);
            refused(EvidenceStatus::Mismatch, mismatch.aspect, finding)
        }
        Judgement::Absent { hint } => {
            let hint = match elsewhere() {
                Some(source) => format!("the text of {source} has it: is the source right?"),
                None => hint,
            };
            let message = format!("the text of {} has no \"{}\"", subject.source_id, subject.phrase.trim());
            let finding = Finding::new("evidence-not-found", Severity::Error, subject.table, message)
                .id(subject.id)
                .hint(hint);
            refused(EvidenceStatus::NotFound, Aspect::Phrase, finding)
        }
    }
}

/// How many digits of a hash the lock keeps.
const SHORT: usize = 16;

fn fingerprint(subject: &Subject<'_>) -> Fingerprint {
    let mut stated = subject.stated.map_or_else(String::new, |quantity| {
        let number = match quantity.stated {
            Stated::Point { value, .. } => value.normalize().to_string(),
            Stated::Range { lower, upper } => format!("{}..{}", lower.normalize(), upper.normalize()),
        };
        format!("{} {number}", quantity.comparator)
    });
    if let Some(count) = subject.count {
        stated.push_str(&format!(" count {count}"));
    }
    Fingerprint {
        source_id: subject.source_id.to_owned(),
        phrase: sha256(subject.phrase.trim())[..SHORT].to_owned(),
        stated,
        unit: subject.unit.map_or("", Unit::code).to_owned(),
        measure: subject.measure.as_str().to_owned(),
        period: subject.period.map_or_else(String::new, |period| {
            format!("{} {} {}", period.label(), period.role, period.precision)
        }),
    }
}

impl Default for Reading {
    /// Running text in every language, without a day.
    fn default() -> Self {
        Self { languages: Languages::ALL, convention: Convention::RunningText, anchor: None }
    }
}

impl Reading {
    /// The figures of a clean text in their order: what is read as a number, and is no part of a
    /// period ("the first nine months").
    pub(crate) fn figures(self, text: &str) -> Vec<Figure> {
        let mut periods = period::find(text, self.languages, self.anchor).into_iter().peekable();
        let mut figures = Vec::new();
        for found in quantity::find(text, self.languages, self.convention) {
            while periods.next_if(|period| period.end <= found.start).is_some() {}
            if periods.peek().is_none_or(|period| period.start >= found.end) {
                let span = found.start..found.end;
                let namesakes = namesakes(&text[span.clone()], found.value.quantity.unit, self);
                figures.push(Figure { span, mention: found.value, namesakes });
            }
        }
        figures
    }

    /// The figure that some words state by themselves.
    pub(crate) fn figure(self, words: &str) -> Option<Mention> {
        quantity::mention(words, self.languages, self.convention).ok()
    }

    /// The period that some words state by themselves.
    pub(crate) fn period(self, words: &str) -> Option<Period> {
        period::parse(words, self.languages, self.anchor).ok()
    }

    /// The periods of a text that name a year in digits, and where they stand.
    fn dated_periods(self, text: &str) -> Vec<(Period, Range<usize>)> {
        let names_year = |span: &Range<usize>| {
            let words = text[span.clone()].split(|c: char| !c.is_alphanumeric());
            words.into_iter().any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let found = period::find(text, self.languages, self.anchor).into_iter();
        found
            .map(|found| (found.value, found.start..found.end))
            .filter(|(_, span)| names_year(span))
            .collect()
    }
}
