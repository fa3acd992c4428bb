//! How fast claims are reconciled: `cargo bench -p reconcile`.

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/it/corridor.rs"]
mod corridor;

use chrono::{Days, NaiveDate};
use corridor::{ClaimRow, Corridor};
use divan::Bencher;
use divan::counter::ItemsCount;
use model::claim::{ClaimKind, Measure, Rank};
use model::facts::Facts;
use model::period::Period;
use model::source::SourceKind;
use model::unit::Unit;
use reconcile::{Settings, reconcile};

const SOURCES: u64 = 200;

fn main() {
    divan::main();
}

fn day(offset: u64) -> NaiveDate {
    NaiveDate::default().checked_add_days(Days::new(18_000 + offset)).unwrap_or_default()
}

/// Claims of which each seventh speaks of what another speaks of too, some of them otherwise.
fn facts(claims: u64) -> Facts {
    let source = |index: u64| {
        let kind = SourceKind::ALL[index as usize % SourceKind::ALL.len()];
        corridor::source(&format!("s{index:03}"), day(index * 7), kind, "")
    };
    let first = Period::year(2018).unwrap_or_else(|| unreachable!("2018 is a year"));
    let row = |index: u64| {
        let series = index / 8 % (claims / 50).max(1);
        ClaimRow {
            id: format!("c{index:07}"),
            source: format!("s{:03}", index * 31 % SOURCES),
            indicator: "flow".to_owned(),
            reporter: format!("A{:02}", series % 97),
            partner: Some(format!("B{:02}", series / 97 % 97)),
            measure: if index % 8 == 7 { Measure::Growth } else { Measure::Level },
            kind: ClaimKind::Actual,
            figure: if index % 8 == 7 { "5±0.5".to_owned() } else { format!("{}e3±5e2", 50 + index % 5) },
            unit: if index % 8 == 7 { Unit::PERCENT } else { Unit("USD") },
            period: corridor::period(&(2018 + index % 8).to_string()).unwrap_or(first),
            base: None,
            rank: Rank::Normal,
            supersedes: String::new(),
        }
    };
    let corridor = Corridor {
        sources: (0..SOURCES).map(source).collect(),
        indicators: corridor::indicator("flow", &[]).into_iter().collect(),
        claims: (0..claims).map(row).collect(),
        ..Corridor::default()
    };
    corridor.facts().unwrap_or_default()
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn claims(bencher: Bencher<'_, '_>, claims: u64) {
    let (facts, settings) = (facts(claims), Settings::default());
    bencher
        .counter(ItemsCount::new(claims))
        .bench_local(|| reconcile(&facts, day(SOURCES * 7), &settings).observations.len());
}
