//! How rows of sheets of commitments, events and exchange rates become those values.

use chrono::NaiveDate;
use model::cell::Batch;
use model::claim::{EvidenceStatus, Measure};
use model::commitment::{Commitment, CommitmentKind, Event, Promised, Status};
use model::facts::Rate;
use model::figure::{Quantity, Stated};
use model::finding::Finding;
use model::period::{Period, Precision};
use model::unit::Unit;

use crate::claims::settle_unit;
use crate::codelists::{Codelists, read_rows};
use crate::corrections::Corrections;
use crate::evidence::{self, Evidence, LockEntry, Outcome, Reading, Subject, Text};
use crate::figures::{FigureMemo, FigureSlots};
use crate::mapping::BoundSheet;
use crate::row::Row;

/// What rows of commitments and events are read with.
#[derive(Clone, Copy)]
pub struct CommitmentReader<'a> {
    /// Places, sources and indicators.
    pub codelists: &'a Codelists,
    /// Corrected cells.
    pub corrections: &'a Corrections,
    /// Texts and lock.
    pub evidence: &'a Evidence,
}

/// Rows of one kind, and what there is to say about them.
#[derive(Debug)]
pub struct Rows<T> {
    /// The rows that were read.
    pub values: Vec<T>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the evidence check adds to the lock.
    pub verified: Vec<LockEntry>,
}

/// The figures whose evidence is checked; an event has none.
#[derive(Debug, Clone, Copy, Default)]
struct Promise<'a> {
    stated: Option<&'a Quantity>,
    unit: Option<Unit>,
    count: Option<i64>,
}

impl CommitmentReader<'_> {
    /// Reads rows of commitments.
    pub fn commitments(&self, sheet: &BoundSheet, batch: &Batch) -> Rows<Commitment> {
        let figure_slots = FigureSlots::of(sheet);
        let figures = FigureMemo::default();
        let (read, findings) = read_rows(sheet, batch, "commitment_id", self.corrections, |row| {
            // A figure that is refused has been named: the rest of the row is still read.
            let quantity =
                if row.text("stated").is_empty() { None } else { figures.figure(row, &figure_slots) };
            self.commitment(row, quantity.map(|figure| figure.quantity.clone()))
        });
        split(read, findings)
    }

    fn commitment(
        &self,
        row: &mut Row<'_>,
        quantity: Option<Quantity>,
    ) -> Option<(Commitment, Option<LockEntry>)> {
        let source = self.codelists.source(row, "source", row.sheet().slot("source"));
        let indicator = self.codelists.indicator(row, "indicator", row.sheet().slot("indicator"));
        let (party, counterparty) =
            (self.codelists.places(row, "party"), self.codelists.places(row, "counterparty"));
        let kind = row.word("kind", CommitmentKind::parse, CommitmentKind::WORDS);
        let status = row.word("status", Status::parse, Status::WORDS);
        let published = source.map(|source| self.codelists.sources[source as usize].published_on);
        let (announced, deadline) = (row.date("announced_on"), row.period("deadline", published));
        let (count, counts) = (row.integer("count"), row.boolean("counts_in_totals"));
        if party.is_empty() && !row.is_refused() {
            let message = "`party` names no place".to_owned();
            row.refuse("party", "empty-cell", message, "who promises; several with ; for a joint promise");
        }
        if count.is_some_and(|count| count < 0) {
            row.refuse("count", "bad-number", "fewer than none is promised".to_owned(), "write a count");
        }
        if let (Some(indicator), Some(quantity)) = (indicator, &quantity) {
            let indicator = &self.codelists.indicators[indicator as usize];
            settle_unit(row, "stated", quantity, indicator, Measure::Level);
        }
        let (source, kind) = (source?, kind?);
        let unit = indicator.map(|indicator| self.codelists.indicators[indicator as usize].unit);
        let outcome =
            self.verify(row, "commitments", source, Promise { stated: quantity.as_ref(), unit, count });
        if let Some(deadline) = &deadline {
            self.check_deadline(row, source, deadline);
        }
        let topic = match (row.text("topic"), indicator) {
            ("", Some(indicator)) => self.codelists.indicators[indicator as usize].topic.clone(),
            (topic, _) => topic.to_owned(),
        };
        let commitment = Commitment {
            commitment_id: row.id().to_owned(),
            source,
            party,
            counterparty,
            kind,
            title: row.text("title").to_owned(),
            topic,
            indicator,
            stated: row.text("stated").to_owned(),
            promised: quantity.as_ref().map(|quantity| promised(quantity, unit)),
            count,
            announced_on: announced?.0,
            deadline,
            status,
            parent: row.text("parent").to_owned(),
            same_as: row.text("same_as").to_owned(),
            counts_in_totals: counts.unwrap_or(true),
            evidence: row.text("evidence").to_owned(),
            evidence_status: outcome.status,
            note: row.text("note").to_owned(),
            cell: row.cell_of(if quantity.is_some() { "stated" } else { "title" }),
        };
        Some((commitment, outcome.entry))
    }

    /// Warns of an event whose phrase names another day.
    fn check_day(&self, row: &mut Row<'_>, source: u32, on: (NaiveDate, Precision)) {
        let (phrase, written, reading) = (row.text("evidence"), row.text("on"), self.reading(source));
        if let Some(finding) = evidence::contradicted_day(row.id(), phrase, on, written, reading) {
            row.push("on", finding);
        }
    }

    /// How a source's phrases are read.
    fn reading(&self, source: u32) -> Reading {
        let text = self.evidence.text(&self.codelists.sources[source as usize].source_id);
        text.map_or_else(Reading::default, Text::reading)
    }

    /// Refuses a row whose phrase names another deadline.
    fn check_deadline(&self, row: &mut Row<'_>, source: u32, deadline: &Period) {
        let reading = self.reading(source);
        let finding = evidence::contradicted_deadline(row.id(), row.text("evidence"), deadline, reading);
        if let Some(finding) = finding {
            row.push("deadline", finding);
        }
    }

    /// Reads rows of events.
    pub fn events(&self, sheet: &BoundSheet, batch: &Batch) -> Rows<Event> {
        let (read, findings) = read_rows(sheet, batch, "commitment_id", self.corrections, |row| {
            let source = self.codelists.source(row, "source", row.sheet().slot("source"));
            let status = row.word("status", Status::parse, Status::WORDS);
            let on = row.date("on");
            let (source, status, day) = (source?, status?, on?);
            let outcome = self.verify(row, "events", source, Promise::default());
            self.check_day(row, source, day);
            let (on, _) = day;
            let event = Event {
                commitment_id: row.id().to_owned(),
                on,
                status,
                source,
                evidence: row.text("evidence").to_owned(),
                evidence_status: outcome.status,
                note: row.text("note").to_owned(),
                cell: row.cell_of("status"),
            };
            Some((event, outcome.entry))
        });
        split(read, findings)
    }

    fn verify(&self, row: &mut Row<'_>, table: &'static str, source: u32, promise: Promise<'_>) -> Outcome {
        // An event has no id of its own: its commitment, day, status and source name it.
        let id = match table {
            "events" => {
                format!("{}@{}:{}:{}", row.id(), row.text("on"), row.text("status"), row.text("source"))
            }
            _ => row.id().to_owned(),
        };
        let subject = Subject {
            table,
            id: &id,
            source_id: &self.codelists.sources[source as usize].source_id,
            phrase: row.text("evidence"),
            stated: promise.stated,
            unit: promise.stated.and_then(|quantity| quantity.unit).or(promise.unit),
            count: promise.count,
            measure: Measure::Level,
            period: None,
        };
        let mut outcome = self.evidence.verify(&subject);
        if outcome.status == EvidenceStatus::NoText && promise.stated.is_some() && !subject.phrase.is_empty()
        {
            let differs = || evidence::contradiction(&subject, row.text("stated"));
            outcome.finding = outcome.finding.take().or_else(differs);
        }
        if let Some((_, finding)) = outcome.finding.take() {
            row.push("evidence", finding);
        }
        outcome
    }
}

/// Reads rows of exchange rates.
pub fn read_rates(sheet: &BoundSheet, batch: &Batch) -> (Vec<Rate>, Vec<Finding>) {
    read_rows(sheet, batch, "currency", &Corrections::default(), |row| {
        let currency = row.unit("currency");
        let period = row.period("period", None);
        let per_usd = row.number("per_usd");
        if currency.is_some_and(|currency| !currency.is_currency()) {
            let message = format!("`{}` is no currency", row.text("currency"));
            row.refuse("currency", "unknown-unit", message, "write an ISO 4217 code");
        }
        if per_usd.is_some_and(|rate| rate <= rust_decimal::Decimal::ZERO) {
            row.refuse(
                "per_usd",
                "bad-number",
                "a rate is greater than zero".to_owned(),
                "units for one US dollar",
            );
        }
        Some(Rate {
            currency: currency?.code().to_owned(),
            period: period?,
            per_usd: per_usd?,
            source: row.text("source").to_owned(),
            cell: row.cell_of("per_usd"),
        })
    })
}

/// A promise's figure is exact; of a range the upper end is what is promised.
fn promised(quantity: &Quantity, unit: Option<Unit>) -> Promised {
    let value = match quantity.stated {
        Stated::Point { value, .. } => value,
        Stated::Range { upper, .. } => upper,
    };
    Promised { comparator: quantity.comparator, value, unit: quantity.unit.or(unit).unwrap_or(Unit::COUNT) }
}

fn split<T>(read: Vec<(T, Option<LockEntry>)>, findings: Vec<Finding>) -> Rows<T> {
    let mut rows = Rows { values: Vec::with_capacity(read.len()), findings, verified: Vec::new() };
    for (value, entry) in read {
        rows.values.push(value);
        rows.verified.extend(entry);
    }
    rows
}
