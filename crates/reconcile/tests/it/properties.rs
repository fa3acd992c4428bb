//! Properties over generated corridors: what must hold whatever the sources say.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use model::claim::{ClaimKind, Measure, Rank};
use model::facts::{Facts, Knowledge};
use model::observation::{Formula, Interval};
use model::source::SourceKind;
use model::unit::Unit;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reconcile::{Settings, published_by, reconcile};

use crate::corridor::{self, Bad, ClaimRow, Corridor, period};
use crate::render;

const PLACES: [&str; 4] = ["KAZ", "KGZ", "RUS", "UZB"];
const PERIODS: [&str; 8] = ["2021", "2022", "2023", "2024", "2023-Q", "2024-Q", "as_of:2023", "as_of:2024"];
const SOURCES: usize = 12;

fn day(offset: u64) -> NaiveDate {
    NaiveDate::default().checked_add_days(Days::new(18_000 + offset)).unwrap_or_default()
}

fn sources() -> impl Strategy<Value = Vec<model::source::Source>> {
    let one = (0..2_000u64, select(SourceKind::ALL), prop::option::of(0..SOURCES));
    prop::collection::vec(one, SOURCES).prop_map(|rows| {
        let row = |(index, (offset, kind, origin)): (usize, (u64, SourceKind, Option<usize>))| {
            let origin = origin.map_or_else(String::new, |origin| format!("s{origin:02}"));
            corridor::source(&format!("s{index:02}"), day(offset), kind, &origin)
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

/// Figures in thousands, as different wordings hedge them.
fn figure() -> impl Strategy<Value = String> {
    (1..60u32, select(vec!["", "", "", ">", ">=", "<", "<=", "<~", "~"]), 0..3u32).prop_map(
        |(value, hedge, half)| match hedge {
            "" => format!("{value}e3±{half}e2"),
            hedge => format!("{hedge}{value}e3"),
        },
    )
}

fn growth() -> impl Strategy<Value = String> {
    (-150..200i32, select(vec!["", "", ">", "<", "~"])).prop_map(|(value, hedge)| match hedge {
        "" => format!("{value}±0.5"),
        hedge => format!("{hedge}{value}"),
    })
}

fn claim_row() -> impl Strategy<Value = ClaimRow> {
    let what =
        (select(vec!["flow", "pair", "stock"]), select(&PLACES[..]), prop::option::of(select(&PLACES[..])));
    let rank = select(vec![Rank::Normal, Rank::Normal, Rank::Normal, Rank::Preferred, Rank::Deprecated]);
    let kind = select(vec![ClaimKind::Actual, ClaimKind::Actual, ClaimKind::Estimate, ClaimKind::Forecast]);
    let stated = prop_oneof![
        3 => figure().prop_map(|figure| (Measure::Level, Unit("USD"), figure)),
        1 => growth().prop_map(|figure| (Measure::Growth, Unit::PERCENT, figure)),
    ];
    (0..SOURCES, what, select(&PERIODS[..]), kind, rank, stated).prop_map(
        |(source, (indicator, reporter, partner), span, kind, rank, (measure, unit, figure))| {
            let span = match span.strip_suffix("-Q") {
                Some(year) => period(&format!("{year}-01/{year}-03")),
                None => period(span),
            };
            ClaimRow {
                id: String::new(),
                source: format!("s{source:02}"),
                indicator: indicator.to_owned(),
                reporter: reporter.to_owned(),
                partner: partner.filter(|partner| *partner != reporter).map(str::to_owned),
                measure,
                kind,
                figure,
                unit,
                period: span.unwrap_or(period("2020").unwrap_or_else(|why| unreachable!("{why}"))),
                base: None,
                rank,
                supersedes: String::new(),
            }
        },
    )
}

/// A corridor of up to `most` claims, some of which supersede others.
fn corridor(most: usize) -> impl Strategy<Value = Corridor> {
    let claims = prop::collection::vec((claim_row(), prop::option::weighted(0.05, any::<Index>())), 1..most);
    (sources(), claims).prop_map(|(sources, rows)| {
        let count = rows.len();
        let claims = rows.into_iter().enumerate().map(|(index, (row, supersedes))| {
            let target = supersedes.map(|target| format!("c{:05}", target.index(count)));
            ClaimRow { id: format!("c{index:05}"), supersedes: target.unwrap_or_default(), ..row }
        });
        Corridor { sources, indicators: indicators(), claims: claims.collect(), ..Corridor::default() }
    })
}

fn indicators() -> Vec<model::indicator::Indicator> {
    let declared =
        [("flow", vec![("minimum", "0")]), ("pair", vec![("symmetric", "")]), ("stock", vec![("stock", "")])];
    declared.iter().filter_map(|(id, cells)| corridor::indicator(id, cells).ok()).collect()
}

fn known(corridor: &Corridor) -> Result<(Facts, Knowledge), Bad> {
    let facts = corridor.facts()?;
    let as_of = facts.latest_publication().unwrap_or_default();
    let known = reconcile(&facts, as_of, &Settings::default());
    Ok((facts, known))
}

fn lines(corridor: &Corridor) -> Result<Vec<String>, Bad> {
    let (facts, known) = known(corridor)?;
    Ok(render::lines(&facts, &known))
}

fn fails(why: Bad) -> TestCaseError {
    TestCaseError::fail(why)
}

/// Fails with the first lines that differ.
fn same(a: &[String], b: &[String]) -> Result<(), TestCaseError> {
    let differs = a.iter().zip(b).find(|(a, b)| a != b);
    prop_assert!(differs.is_none(), "{differs:#?}");
    prop_assert_eq!(a.len(), b.len());
    Ok(())
}

fn holds(outer: &Interval, value: f64) -> bool {
    // Derived bounds are rounded to 12 digits.
    let slack = value.abs() * 1e-11;
    outer.lower - slack <= value && value <= outer.upper + slack
}

/// Some numbers that an interval allows, its ends included where they are bounds.
fn samples(interval: &Interval) -> Vec<f64> {
    let lower = if interval.lower.is_finite() { interval.lower } else { interval.upper.min(0.0) - 1e5 };
    let upper = if interval.upper.is_finite() { interval.upper } else { interval.lower.max(0.0) + 1e5 };
    (0..=4).map(|step| lower + (upper - lower) * f64::from(step) / 4.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(corridor in corridor(3000), seed in any::<u64>()) {
        let mut other = corridor.clone();
        // Rows are told apart by their ids: a stable order by a keyed scramble of them is a shuffle.
        let scramble = |id: &str| {
            id.bytes().fold(seed, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3).rotate_left(17))
        };
        other.claims.sort_by_key(|row| scramble(&row.id));
        other.sources.sort_by_key(|row| scramble(&row.source_id));
        other.indicators.reverse();
        same(&lines(&corridor).map_err(fails)?, &lines(&other).map_err(fails)?)?;
    }

    #[test]
    fn threads_change_nothing(corridor in corridor(2000)) {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.map_err(|error| fails(error.to_string()))?.install(|| lines(&corridor)).map_err(fails)
        };
        same(&on(1)?, &on(8)?)?;
    }

    #[test]
    fn no_claim_is_lost_or_counted_twice(corridor in corridor(2000)) {
        let (facts, known) = known(&corridor).map_err(fails)?;
        let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
        for observation in known.observations.iter().filter(|one| one.formula.is_none()) {
            prop_assert_eq!(known.claims_of(&observation).first().copied(), observation.best_claim);
            for &claim in known.claims_of(&observation) {
                *seen.entry(claim).or_default() += 1;
            }
        }
        prop_assert!(seen.values().all(|&times| times == 1));
        let superseded: Vec<&str> = corridor
            .claims
            .iter()
            .filter(|row| row.rank != Rank::Deprecated)
            .map(|row| row.supersedes.as_str())
            .collect();
        for claim in 0..facts.claims.len() {
            let deprecated = facts.claims.rank[claim] == Rank::Deprecated;
            let counted = seen.contains_key(&(claim as u32));
            prop_assert!(!(deprecated && counted));
            // Only a superseded claim may be missing, and not each of them is (a circle stays).
            let named = superseded.contains(&facts.claims.claim_id.get(claim));
            prop_assert!(deprecated || counted || named, "{}", facts.claims.claim_id.get(claim));
        }
    }

    #[test]
    fn an_agreeing_claim_never_widens(corridor in corridor(400), added in claim_row()) {
        let (facts, before) = known(&corridor).map_err(fails)?;
        let mut more = corridor.clone();
        more.claims.push(ClaimRow { id: "d".to_owned(), ..added });
        let (more_facts, after) = known(&more).map_err(fails)?;
        let keyed = |facts: &Facts, known: &Knowledge| -> BTreeMap<String, Interval> {
            let stated = known.observations.iter().filter(|one| one.formula.is_none() && !one.conflict);
            stated.map(|one| (format!("{} {:?}", render::id(facts, &one), one.period.role), one.interval)).collect()
        };
        let (before, after) = (keyed(&facts, &before), keyed(&more_facts, &after));
        for (key, narrower) in after {
            if let Some(wider) = before.get(&key) {
                prop_assert!(wider.lower <= narrower.lower && narrower.upper <= wider.upper, "{}", key);
            }
        }
    }

    #[test]
    fn a_derived_interval_contains_what_its_claims_allow(corridor in corridor(1500)) {
        let (facts, known) = known(&corridor).map_err(fails)?;
        let of = |index: u32| known.observations.get(index).interval;
        for observation in known.observations.iter() {
            let Some(formula) = observation.formula else { continue };
            let nonnegative = facts.indicators[observation.series.indicator as usize].minimum.is_some();
            let (a, b) = match formula {
                Formula::BaseFromGrowth { level, growth } => (of(level), of(growth)),
                Formula::LevelFromGrowth { base, growth } => (of(base), of(growth)),
                Formula::GrowthFromLevels { level, base } => (of(level), of(base)),
            };
            for (x, y) in samples(&a).into_iter().flat_map(|x| samples(&b).into_iter().map(move |y| (x, y))) {
                let factor = 1.0 + y / 100.0;
                let value = match formula {
                    Formula::BaseFromGrowth { .. } => x / factor,
                    Formula::LevelFromGrowth { .. } => x * factor,
                    Formula::GrowthFromLevels { .. } => (x / y - 1.0) * 100.0,
                };
                let possible = match formula {
                    Formula::GrowthFromLevels { .. } => y > 0.0,
                    _ => factor > 0.0 || !nonnegative,
                };
                if possible && value.is_finite() {
                    prop_assert!(holds(&observation.interval, value), "{value} outside {observation:?}");
                }
            }
        }
    }

    #[test]
    fn as_of_equals_a_run_without_the_later_sources(corridor in corridor(800), offset in 0..2_000u64) {
        let cut = day(offset);
        let early = |source: &str| {
            corridor.sources.iter().any(|one| one.source_id == source && one.published_on <= cut)
        };
        let mut less = corridor.clone();
        less.sources.retain(|source| source.published_on <= cut);
        less.claims.retain(|claim| early(&claim.source));
        let all = published_by(corridor.facts().map_err(fails)?, cut);
        let less = less.facts().map_err(fails)?;
        let settings = Settings::default();
        let lines = |facts: &Facts| render::lines(facts, &reconcile(facts, cut, &settings));
        same(&lines(&all), &lines(&less))?;
    }

    #[test]
    fn deprecated_claims_change_nothing(corridor in corridor(1500)) {
        let mut without = corridor.clone();
        without.claims.retain(|claim| claim.rank != Rank::Deprecated);
        same(&lines(&corridor).map_err(fails)?, &lines(&without).map_err(fails)?)?;
    }

    #[test]
    fn vintages_are_what_was_known_then(corridor in corridor(300)) {
        let (facts, known) = known(&corridor).map_err(fails)?;
        for vintage in render::vintages(&known) {
            let observation = known.observations.get(vintage.observation);
            let then = published_by(facts.clone(), vintage.realtime_start);
            let knew = reconcile(&then, vintage.realtime_start, &Settings::default());
            let key = (render::id(&facts, &observation), observation.period.role, observation.series.unit);
            let found = knew.observations.iter().find(|one| {
                one.formula.is_none() && (render::id(&then, one), one.period.role, one.series.unit) == key
            });
            prop_assert_eq!(found.as_ref().map(|one| one.interval), Some(vintage.interval));
            let best = found.and_then(|one| one.best_claim).map(|claim| then.claims.claim_id.get(claim as usize));
            prop_assert_eq!(best, Some(facts.claims.claim_id.get(vintage.best_claim as usize)));
        }
    }
}

/// Many corridors that have nothing to do with each other, of one thread: in several parts and waves of parts.
#[test]
fn a_corridor_among_many_is_as_it_is_alone() -> Result<(), Bad> {
    const CLAIMS: usize = 180_000;
    let mut runner = TestRunner::deterministic();
    let one = prop::collection::vec(corridor(600), 4).new_tree(&mut runner).map_err(|why| why.to_string())?;
    let one = one.current().into_iter().max_by_key(|corridor| corridor.claims.len()).unwrap_or_default();
    let copies = CLAIMS / one.claims.len() + 1;
    let mut all = Corridor { sources: one.sources.clone(), ..Corridor::default() };
    for copy in 0..copies {
        let named = |name: &str| if name.is_empty() { String::new() } else { format!("{copy:03}~{name}") };
        all.indicators.extend(one.indicators.iter().map(|indicator| model::indicator::Indicator {
            indicator: named(&indicator.indicator),
            ..indicator.clone()
        }));
        all.claims.extend(one.claims.iter().map(|row| ClaimRow {
            id: named(&row.id),
            indicator: named(&row.indicator),
            supersedes: named(&row.supersedes),
            ..row.clone()
        }));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|why| why.to_string())?;
    let told =
        |line: &String| ["observation", "conflict", "vintage"].iter().any(|what| line.starts_with(what));
    let alone: Vec<String> = lines(&one)?.into_iter().filter(told).collect();
    let mut each: Vec<Vec<String>> = vec![Vec::new(); copies];
    for line in pool.install(|| lines(&all))?.iter().filter(|line| told(line)) {
        let copy =
            line.split_once('~').and_then(|(before, _)| before.rsplit(' ').next()?.parse::<usize>().ok());
        let copy = copy.ok_or_else(|| line.clone())?;
        each[copy].push(line.replace(&format!("{copy:03}~"), ""));
    }
    let differs = (0..copies).find(|&copy| each[copy] != alone);
    assert_eq!(differs, None, "of {copies} with {} lines each", alone.len());
    Ok(())
}
