//! Times reconciliation of generated claims: `cargo run --release -p reconcile --example speed 2000000`.
//!
//! A second argument is the number of indicators: with the default about four claims speak of each
//! observation, with 200 nearly every claim stands alone.

use std::time::Instant;

use chrono::NaiveDate;
use model::cell::{CellRef, SheetName};
use model::claim::{ABSENT, ClaimKind, EvidenceStatus, Measure, Rank};
use model::facts::Facts;
use model::figure::{Comparator, Quantity, Stated, Tolerances};
use model::indicator::{Better, Indicator};
use model::period::{Period, Precision, Role};
use model::place::{Place, PlaceId};
use model::source::{Source, SourceKind};
use model::unit::Unit;
use rust_decimal::Decimal;

const CELL: CellRef = CellRef { sheet: 0, column: 0, row: 2 };

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(2_000_000);
    let indicators = std::env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(8);
    let facts = facts(count, indicators);
    let as_of = facts.latest_publication().unwrap_or_default();
    for _ in 0..3 {
        let start = Instant::now();
        let known = reconcile::reconcile(&facts, as_of, &reconcile::Settings::default());
        let took = start.elapsed();
        println!(
            "{count} claims: {} ms, {} observations, {} conflicts, {} vintages, {} findings, peak {}",
            took.as_millis(),
            known.observations.len(),
            known.conflicts.len(),
            known.vintages.len(),
            known.findings.len(),
            peak(),
        );
    }
}

/// The peak memory of this program, where the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

/// A generator of numbers that look random and are the same each time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn facts(count: usize, indicators: u32) -> Facts {
    let mut facts = Facts {
        sheets: vec![SheetName { file: "raw/facts.csv".to_owned(), sheet: None }],
        places: (0..20)
            .map(|index| Place { code: format!("P{index:02}"), alpha2: None, name: String::new() })
            .collect(),
        sources: (0..200).map(source).collect(),
        indicators: (0..indicators).map(indicator).collect(),
        ..Facts::default()
    };
    let claims = &mut facts.claims;
    claims.periods = periods();
    claims.units = vec![Unit("USD"), Unit::PERCENT];
    let empty = claims.words.code("");
    let mut dice = Dice(7);
    for index in 0..count {
        let growth = dice.below(10) == 0;
        let period = 12 + dice.below(claims.periods.len() as u64 - 12) as u32;
        claims.claim_id.push(&format!("claim-{index:09}"));
        claims.source.push(dice.below(200) as u32);
        claims.indicator.push(dice.below(u64::from(indicators)) as u32);
        claims.measure.push(if growth { Measure::Growth } else { Measure::Level });
        claims.reporter.push(PlaceId(dice.below(20) as u16));
        claims.partner.push(Some(PlaceId(dice.below(20) as u16)));
        claims.kind.push(ClaimKind::Actual);
        claims.stated.push("$4.1 billion", "");
        let value = if growth { 100 + dice.below(200) } else { 4_000_000 + dice.below(200_000) };
        let comparator = [Comparator::Equal, Comparator::Equal, Comparator::Greater, Comparator::About]
            [dice.below(4) as usize];
        let stated = Stated::Point { value: Decimal::new(value as i64, 1), half_unit: Decimal::new(500, 1) };
        let quantity = Quantity { comparator, stated, unit: None, noun: None };
        claims.figure.push(&quantity, &quantity.bounds(&Tolerances::default()));
        claims.unit.push(u16::from(growth));
        claims.period.push(period);
        claims.base_period.push(if growth { period - 12 } else { ABSENT });
        claims.rank.push(Rank::Normal);
        claims.rank_reason.push(empty);
        claims.asserted_by.push(empty);
        claims.supersedes.push("");
        claims.evidence.push("");
        claims.evidence_status.push(EvidenceStatus::NoText);
        claims.cell.push(CELL);
        claims.locator.push(ABSENT);
        claims.note.push("");
    }
    facts
}

/// 15 years of months.
fn periods() -> Vec<Period> {
    let month = |index: i32| {
        let (year, month) = (2010 + index / 12, index % 12 + 1);
        let start = NaiveDate::from_ymd_opt(year, month as u32, 1)?;
        let end = model::period::last_of_month(start);
        let precision = Precision::Month;
        Some(Period { start: Some(start), end, role: Role::During, precision, academic: false })
    };
    (0..180).filter_map(month).collect()
}

fn source(index: u32) -> Source {
    Source {
        source_id: format!("source-{index:03}"),
        title: String::new(),
        publisher: String::new(),
        published_on: NaiveDate::from_ymd_opt(2025, 1 + index % 12, 1 + index % 28).unwrap_or_default(),
        date_precision: Precision::Day,
        url: String::new(),
        language: "en".to_owned(),
        kind: SourceKind::ALL[index as usize % SourceKind::ALL.len()],
        origin: String::new(),
        note: String::new(),
        cell: CELL,
    }
}

fn indicator(index: u32) -> Indicator {
    Indicator {
        indicator: format!("indicator-{index:03}"),
        label: String::new(),
        topic: "trade".to_owned(),
        unit: Unit("USD"),
        flow_or_stock: None,
        cumulative: false,
        symmetric: false,
        mirror: String::new(),
        part_of: String::new(),
        minimum: None,
        maximum: None,
        better: Better::Higher,
        description: String::new(),
        cell: CELL,
    }
}
