//! Small facts for tests: two sources, three indicators, three places, and claims in one line each.

use chrono::NaiveDate;
use model::cell::{CellRef, SheetName};
use model::claim::{ABSENT, ClaimKind, EvidenceStatus, Measure, Rank};
use model::facts::Facts;
use model::figure::Comparator;
use model::indicator::{Better, Indicator};
use model::period::{Period, Precision, Role};
use model::place::{Place, PlaceId};
use model::source::{Source, SourceKind};
use model::unit::Unit;

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

pub(crate) fn year(year: i32) -> Period {
    Period {
        start: Some(day(year, 1, 1)),
        end: Some(day(year, 12, 31)),
        role: Role::During,
        precision: Precision::Year,
        academic: false,
    }
}

/// Facts without claims: a CSV sheet (0) and a workbook's (1); KAZ, KGZ, RUS.
pub(crate) fn facts() -> Facts {
    let sheet =
        |file: &str, sheet: Option<&str>| SheetName { file: file.into(), sheet: sheet.map(Into::into) };
    let place = |code: &str, alpha2: &str, name: &str| Place {
        code: code.into(),
        alpha2: Some(alpha2.into()),
        name: name.into(),
    };
    Facts {
        sheets: vec![sheet("raw/trade.csv", None), sheet("raw/investment.xlsx", Some("Facts"))],
        places: vec![
            place("KAZ", "KZ", "Kazakhstan"),
            place("KGZ", "KG", "Kyrgyzstan"),
            place("RUS", "RU", "Russia"),
        ],
        sources: vec![source("ein", day(2025, 11, 25)), source("toca", day(2024, 6, 3))],
        indicators: vec![
            indicator("fdi_stock", "investment", Unit("USD")),
            indicator("gas_import", "energy", Unit("m3")),
            indicator("turnover", "trade", Unit("USD")),
        ],
        ..Facts::default()
    }
}

fn source(source_id: &str, published_on: NaiveDate) -> Source {
    Source {
        source_id: source_id.into(),
        title: format!("What {source_id} says"),
        publisher: "A desk".into(),
        published_on,
        date_precision: Precision::Day,
        url: String::new(),
        language: "en".into(),
        kind: SourceKind::Press,
        origin: String::new(),
        note: String::new(),
        cell: CellRef { sheet: 0, column: 0, row: 2 },
    }
}

fn indicator(indicator: &str, topic: &str, unit: Unit) -> Indicator {
    Indicator {
        indicator: indicator.into(),
        label: indicator.replace('_', " "),
        topic: topic.into(),
        unit,
        flow_or_stock: None,
        cumulative: false,
        symmetric: false,
        mirror: String::new(),
        part_of: String::new(),
        minimum: None,
        maximum: Some(rust_decimal::Decimal::ONE_HUNDRED),
        better: Better::Higher,
        description: String::new(),
        cell: CellRef { sheet: 0, column: 0, row: 2 },
    }
}

/// One claim of a test.
pub(crate) struct Stated<'a> {
    pub(crate) id: &'a str,
    pub(crate) stated: &'a str,
    pub(crate) evidence: &'a str,
    pub(crate) note: &'a str,
    pub(crate) source: u32,
    pub(crate) indicator: u32,
    pub(crate) measure: Measure,
    pub(crate) partner: Option<u16>,
    pub(crate) comparator: Comparator,
    pub(crate) value: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    pub(crate) period: Period,
    pub(crate) cell: CellRef,
}

impl Default for Stated<'_> {
    fn default() -> Self {
        Stated {
            id: "c1",
            stated: "$4.1 billion",
            evidence: "reached $4.1 billion",
            note: "",
            source: 0,
            indicator: 2,
            measure: Measure::Level,
            partner: Some(2),
            comparator: Comparator::Equal,
            value: 4.1e9,
            lower: 4.05e9,
            upper: 4.15e9,
            period: year(2024),
            cell: CellRef { sheet: 0, column: 5, row: 14 },
        }
    }
}

/// Appends a claim; the caller keeps the order of ids.
pub(crate) fn claim(facts: &mut Facts, row: &Stated<'_>) {
    let claims = &mut facts.claims;
    let unit = facts.indicators[row.indicator as usize].unit;
    claims.claim_id.push(row.id);
    claims.source.push(row.source);
    claims.indicator.push(row.indicator);
    claims.measure.push(row.measure);
    claims.reporter.push(PlaceId(1));
    claims.partner.push(row.partner.map(PlaceId));
    claims.kind.push(ClaimKind::Actual);
    claims.stated.push(row.stated, "");
    claims.figure.comparator.push(row.comparator);
    claims.figure.value.push(row.value);
    claims.figure.lower.push(row.lower);
    claims.figure.upper.push(row.upper);
    claims.figure.lower_open.push(row.comparator == Comparator::Greater);
    claims.figure.upper_open.push(false);
    let known = claims.units.iter().position(|&other| other == unit);
    claims.unit.push(known.unwrap_or_else(|| {
        claims.units.push(unit);
        claims.units.len() - 1
    }) as u16);
    let known = claims.periods.iter().position(|&other| other == row.period);
    claims.period.push(known.unwrap_or_else(|| {
        claims.periods.push(row.period);
        claims.periods.len() - 1
    }) as u32);
    claims.base_period.push(ABSENT);
    claims.rank.push(Rank::Normal);
    claims.rank_reason.push(ABSENT);
    claims.supersedes.push("");
    let speaker = claims.words.code("a minister");
    claims.asserted_by.push(speaker);
    claims.evidence.push(row.evidence);
    claims.evidence_status.push(EvidenceStatus::Verified);
    claims.locator.push(ABSENT);
    claims.cell.push(row.cell);
    claims.note.push(row.note);
}
