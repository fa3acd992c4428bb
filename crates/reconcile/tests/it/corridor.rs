//! Terse facts for tests: rows in any order, and the [`Facts`] that the sheets of such rows would give.

use chrono::NaiveDate;
use model::cell::{CellRef, SheetName};
use model::claim::{ABSENT, ClaimKind, Claims, EvidenceStatus, Measure, Rank};
use model::commitment::{Commitment, CommitmentKind, Event, Promised, Status};
use model::facts::{Facts, Rate};
use model::figure::{Comparator, Quantity, Stated, Tolerances};
use model::indicator::{Better, FlowOrStock, Indicator};
use model::period::{Period, Precision, Role, last_of_month};
use model::place::{Place, PlaceId};
use model::source::{Source, SourceKind};
use model::unit::Unit;
use rust_decimal::Decimal;

/// A row that could not be read, with what is wrong.
pub(crate) type Bad = String;

/// A claim as a row.
#[derive(Debug, Clone)]
pub(crate) struct ClaimRow {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) indicator: String,
    pub(crate) reporter: String,
    pub(crate) partner: Option<String>,
    pub(crate) measure: Measure,
    pub(crate) kind: ClaimKind,
    pub(crate) figure: String,
    pub(crate) unit: Unit,
    pub(crate) period: Period,
    pub(crate) base: Option<Period>,
    pub(crate) rank: Rank,
    pub(crate) supersedes: String,
}

/// Rows in any order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Corridor {
    pub(crate) sources: Vec<Source>,
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) claims: Vec<ClaimRow>,
    pub(crate) commitments: Vec<(String, String, CommitmentRow)>,
    pub(crate) events: Vec<(String, Event)>,
    pub(crate) rates: Vec<Rate>,
}

/// A commitment's cells by name.
pub(crate) type CommitmentRow = Vec<(String, String)>;

const CELL: CellRef = CellRef { sheet: 0, column: 0, row: 2 };

impl Corridor {
    /// The facts, each list sorted by its key.
    pub(crate) fn facts(&self) -> Result<Facts, Bad> {
        let mut facts = Facts {
            sheets: vec![SheetName { file: "raw/facts.csv".to_owned(), sheet: None }],
            places: self.places(),
            sources: self.sources.clone(),
            indicators: self.indicators.clone(),
            rates: self.rates.clone(),
            ..Facts::default()
        };
        facts.sources.sort_by(|a, b| a.source_id.cmp(&b.source_id));
        facts.indicators.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        facts.rates.sort_by(|a, b| (&a.currency, a.period).cmp(&(&b.currency, b.period)));
        facts.claims = self.claims(&facts)?;
        for (id, source, row) in &self.commitments {
            let commitment = commitment(&facts, id, source, row)?;
            facts.commitments.push(commitment);
        }
        facts.commitments.sort_by(|a, b| a.commitment_id.cmp(&b.commitment_id));
        for (source, event) in &self.events {
            facts.events.push(Event { source: source_of(&facts, source)?, ..event.clone() });
        }
        let key = |event: &Event| (event.commitment_id.clone(), event.on, event.status);
        facts.events.sort_by_key(key);
        Ok(facts)
    }

    fn places(&self) -> Vec<Place> {
        let of_claims = self.claims.iter().flat_map(|claim| [Some(&claim.reporter), claim.partner.as_ref()]);
        let cells = self.commitments.iter().flat_map(|(_, _, row)| row);
        let of_commitments = cells
            .filter(|(name, _)| name == "party" || name == "counterparty")
            .flat_map(|(_, value)| value.split(';').map(str::to_owned));
        let mut codes: Vec<String> = of_claims.flatten().cloned().chain(of_commitments).collect();
        codes.sort();
        codes.dedup();
        codes.into_iter().map(|code| Place { name: code.clone(), alpha2: None, code }).collect()
    }

    fn claims(&self, facts: &Facts) -> Result<Claims, Bad> {
        let mut rows: Vec<&ClaimRow> = self.claims.iter().collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let mut claims = Claims::default();
        for row in rows {
            push(&mut claims, facts, row)?;
        }
        Ok(claims)
    }
}

fn push(claims: &mut Claims, facts: &Facts, row: &ClaimRow) -> Result<(), Bad> {
    let indicator = indicator_of(facts, &row.indicator)?;
    let (mut reporter, mut partner) = (place(facts, &row.reporter)?, None);
    if let Some(code) = &row.partner {
        partner = Some(place(facts, code)?);
    }
    if let (true, Some(other)) = (facts.indicators[indicator as usize].symmetric, partner)
        && other < reporter
    {
        (reporter, partner) = (other, Some(reporter));
    }
    let quantity = quantity(&row.figure)?;
    claims.claim_id.push(&row.id);
    claims.source.push(source_of(facts, &row.source)?);
    claims.indicator.push(indicator);
    claims.measure.push(row.measure);
    claims.reporter.push(reporter);
    claims.partner.push(partner);
    claims.kind.push(row.kind);
    claims.stated.push(&row.figure, "");
    claims.figure.push(&quantity, &quantity.bounds(&Tolerances::default()));
    claims.unit.push(code_of(&mut claims.units, row.unit) as u16);
    claims.period.push(code_of(&mut claims.periods, row.period));
    let earlier = row.base.or_else(|| row.period.shifted_by_years(-1));
    let base = if row.measure == Measure::Level { None } else { earlier };
    claims.base_period.push(base.map_or(ABSENT, |base| code_of(&mut claims.periods, base)));
    claims.rank.push(row.rank);
    let empty = claims.words.code("");
    claims.rank_reason.push(empty);
    claims.asserted_by.push(empty);
    claims.supersedes.push(&row.supersedes);
    claims.evidence.push("");
    claims.evidence_status.push(EvidenceStatus::NoText);
    claims.cell.push(CELL);
    claims.locator.push(ABSENT);
    claims.note.push("");
    Ok(())
}

fn code_of<T: PartialEq>(distinct: &mut Vec<T>, value: T) -> u32 {
    let found = distinct.iter().position(|known| *known == value);
    let position = found.unwrap_or_else(|| {
        distinct.push(value);
        distinct.len() - 1
    });
    position as u32
}

fn commitment(facts: &Facts, id: &str, source: &str, row: &CommitmentRow) -> Result<Commitment, Bad> {
    let cell = |name: &str| row.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let places = |name: &str| -> Result<Vec<PlaceId>, Bad> {
        cell(name).into_iter().flat_map(|codes| codes.split(';')).map(|code| place(facts, code)).collect()
    };
    let source = source_of(facts, source)?;
    let promised = match cell("stated") {
        None => None,
        Some(text) => {
            let quantity = quantity(text)?;
            let value = quantity.value().ok_or("a promise is one figure")?;
            let unit = unit(cell("unit").unwrap_or("USD"))?;
            Some(Promised { comparator: quantity.comparator, value, unit })
        }
    };
    Ok(Commitment {
        commitment_id: id.to_owned(),
        source,
        party: places("party")?,
        counterparty: places("counterparty")?,
        kind: word(cell("kind").unwrap_or("target"), CommitmentKind::parse)?,
        title: id.to_owned(),
        topic: cell("topic").unwrap_or("trade").to_owned(),
        indicator: cell("indicator").map(|name| indicator_of(facts, name)).transpose()?,
        stated: cell("stated").unwrap_or("").to_owned(),
        promised,
        count: cell("count").map(|count| count.parse().map_err(|_| count.to_owned())).transpose()?,
        announced_on: match cell("announced") {
            Some(day) => date(day)?,
            None => facts.sources[source as usize].published_on,
        },
        deadline: cell("deadline").map(period).transpose()?,
        status: cell("status").map(|status| word(status, Status::parse)).transpose()?,
        parent: cell("parent").unwrap_or("").to_owned(),
        same_as: cell("same_as").unwrap_or("").to_owned(),
        counts_in_totals: cell("counts") != Some("no"),
        evidence: String::new(),
        evidence_status: EvidenceStatus::NoText,
        note: String::new(),
        cell: CELL,
    })
}

fn indicator_of(facts: &Facts, name: &str) -> Result<u32, Bad> {
    let found = facts.indicators.iter().position(|one| one.indicator == name);
    found.map(|index| index as u32).ok_or(format!("indicator {name}"))
}

fn source_of(facts: &Facts, name: &str) -> Result<u32, Bad> {
    let found = facts.sources.iter().position(|one| one.source_id == name);
    found.map(|index| index as u32).ok_or(format!("source {name}"))
}

fn place(facts: &Facts, code: &str) -> Result<PlaceId, Bad> {
    let found = facts.places.iter().position(|one| one.code == code);
    found.map(|index| PlaceId(index as u16)).ok_or(format!("place {code}"))
}

pub(crate) fn word<T>(word: &str, parse: fn(&str) -> Option<T>) -> Result<T, Bad> {
    parse(word).ok_or(format!("word {word}"))
}

pub(crate) fn unit(code: &str) -> Result<Unit, Bad> {
    const UNITS: [Unit; 7] = [
        Unit("USD"),
        Unit("RUB"),
        Unit("KZT"),
        Unit("m3"),
        Unit::COUNT,
        Unit::PERCENT,
        Unit::PERCENTAGE_POINT,
    ];
    UNITS.into_iter().find(|unit| unit.code() == code).ok_or(format!("unit {code}"))
}

pub(crate) fn date(text: &str) -> Result<NaiveDate, Bad> {
    text.parse().map_err(|_| format!("date {text}"))
}

/// `4.1e9`, `4.1e9±0.05e9`, `>3e9`, `>=`, `<`, `<=`, `<~2e9`, `~97±0.5`, `1e9..2e9`.
fn quantity(text: &str) -> Result<Quantity, Bad> {
    let quantity = |comparator, stated| Quantity { comparator, stated, unit: None, noun: None };
    if let Some((lower, upper)) = text.split_once("..") {
        let ends = Stated::Range { lower: decimal(lower)?, upper: decimal(upper)? };
        return Ok(quantity(Comparator::Range, ends));
    }
    let hedges = [">=", "<=", "<~", ">", "<", "~", "="];
    let hedge = hedges.into_iter().find(|hedge| text.starts_with(hedge)).unwrap_or("");
    let comparator = Comparator::parse(hedge).unwrap_or(Comparator::Equal);
    let (value, half) = text[hedge.len()..].split_once('±').unwrap_or((&text[hedge.len()..], "0"));
    Ok(quantity(comparator, Stated::Point { value: decimal(value)?, half_unit: decimal(half)? }))
}

pub(crate) fn decimal(text: &str) -> Result<Decimal, Bad> {
    let read = if text.contains('e') { Decimal::from_scientific(text) } else { text.parse() };
    read.map_err(|_| format!("number {text}"))
}

/// `2024`, `2024-05`, `2024-05-17`, `2024-01/2024-04`, `AY2024-2025`, each with `as_of:`, `since:` or
/// `by:` before it.
pub(crate) fn period(text: &str) -> Result<Period, Bad> {
    let (role, span) = text.split_once(':').unwrap_or(("during", text));
    let role = word(role, Role::parse)?;
    let of = |start: &str, end: &str, precision, academic| {
        let period =
            Period { start: Some(first_day(start)?), end: Some(last_day(end)?), role, precision, academic };
        Ok(period)
    };
    if let Some((start, end)) = span.strip_prefix("AY").and_then(|years| years.split_once('-')) {
        return of(&format!("{start}-09"), &format!("{end}-08"), Precision::Year, true);
    }
    let (start, end) = span.split_once('/').unwrap_or((span, span));
    let precision = match start.len() {
        4 => Precision::Year,
        7 => Precision::Month,
        _ => Precision::Day,
    };
    of(start, end, precision, false)
}

fn first_day(text: &str) -> Result<NaiveDate, Bad> {
    match text.len() {
        4 => date(&format!("{text}-01-01")),
        7 => date(&format!("{text}-01")),
        _ => date(text),
    }
}

fn last_day(text: &str) -> Result<NaiveDate, Bad> {
    let month = match text.len() {
        4 => date(&format!("{text}-12-01"))?,
        7 => date(&format!("{text}-01"))?,
        _ => return date(text),
    };
    last_of_month(month).ok_or(format!("month {text}"))
}

/// A source of that kind, published on that day.
pub(crate) fn source(id: &str, published_on: NaiveDate, kind: SourceKind, origin: &str) -> Source {
    Source {
        source_id: id.to_owned(),
        title: id.to_owned(),
        publisher: id.to_owned(),
        published_on,
        date_precision: Precision::Day,
        url: String::new(),
        language: "en".to_owned(),
        kind,
        origin: origin.to_owned(),
        note: String::new(),
        cell: CELL,
    }
}

/// An indicator from `name=value` cells and bare words (`symmetric`, `cumulative`, `stock`).
pub(crate) fn indicator(id: &str, cells: &[(&str, &str)]) -> Result<Indicator, Bad> {
    let cell = |name: &str| cells.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let has = |name: &str| cell(name).is_some();
    Ok(Indicator {
        indicator: id.to_owned(),
        label: id.to_owned(),
        topic: cell("topic").unwrap_or("trade").to_owned(),
        unit: unit(cell("unit").unwrap_or("USD"))?,
        flow_or_stock: Some(if has("stock") { FlowOrStock::Stock } else { FlowOrStock::Flow }),
        cumulative: has("cumulative"),
        symmetric: has("symmetric"),
        mirror: cell("mirror").unwrap_or("").to_owned(),
        part_of: cell("part_of").unwrap_or("").to_owned(),
        minimum: cell("minimum").map(decimal).transpose()?,
        maximum: cell("maximum").map(decimal).transpose()?,
        better: word(cell("better").unwrap_or("higher"), Better::parse)?,
        description: String::new(),
        cell: CELL,
    })
}

/// An event of a commitment; its source is resolved with the facts.
pub(crate) fn event(commitment: &str, on: NaiveDate, status: Status) -> Event {
    Event {
        commitment_id: commitment.to_owned(),
        on,
        status,
        source: 0,
        evidence: String::new(),
        evidence_status: EvidenceStatus::NoText,
        note: String::new(),
        cell: CELL,
    }
}

/// A rate for a period.
pub(crate) fn rate(currency: &str, period: Period, per_usd: Decimal) -> Rate {
    Rate { currency: currency.to_owned(), period, per_usd, source: "rates".to_owned(), cell: CELL }
}
