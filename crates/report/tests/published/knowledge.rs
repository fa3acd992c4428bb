//! Facts and knowledge in which every published table has rows, in an order that is not the
//! published one.

use model::cell::CellRef;
use model::claim::{ClaimKind, EvidenceStatus, Measure};
use model::commitment::{Commitment, CommitmentKind, Event, Measured, Progress, Promised, Status, Verdict};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::finding::{Finding, Severity};
use model::observation::{Conflict, Formula, Interval, Observation, Reason, Series};
use model::observations::Observations;
use model::place::PlaceId;
use model::unit::Unit;
use model::vintages::{Earlier, Vintages};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::facts::{Stated, claim, day, facts, year};

/// Two claims on each indicator, two commitments, two events.
pub(crate) fn full_facts() -> Facts {
    let mut facts = facts();
    for (index, id) in ["a1", "a2", "b1", "b2", "c1", "c2"].into_iter().enumerate() {
        let row = Stated {
            id,
            indicator: index as u32 / 2,
            source: index as u32 % 2,
            stated: if index == 3 { "-5 million" } else { "=5 million" },
            note: if index == 0 { "two\nlines, \"quoted\"" } else { "" },
            value: 5e6 * index as f64,
            cell: CellRef { sheet: index as u16 % 2, column: 5, row: 2 + index as u32 },
            ..Stated::default()
        };
        claim(&mut facts, &row);
    }
    facts.commitments = vec![commitment("k1", Some(2)), commitment("k2", None)];
    facts.events = vec![event("k1", 2024, Status::UnderWay), event("k1", 2023, Status::Signed)];
    facts
}

fn commitment(id: &str, indicator: Option<u32>) -> Commitment {
    let promised = Promised {
        comparator: Comparator::LessOrEqual,
        value: Decimal::from(5_000_000_000i64),
        unit: Unit("USD"),
    };
    Commitment {
        commitment_id: id.into(),
        source: 1,
        party: vec![PlaceId(1), PlaceId(2)],
        counterparty: Vec::new(),
        kind: CommitmentKind::Target,
        title: "@raise turnover".into(),
        topic: "trade".into(),
        indicator,
        stated: "up to $5 billion".into(),
        promised: indicator.map(|_| promised),
        count: indicator.is_none().then_some(36),
        announced_on: day(2024, 6, 3),
        deadline: indicator.and(Some(year(2030))),
        status: None,
        parent: String::new(),
        same_as: String::new(),
        counts_in_totals: true,
        evidence: "up to $5 billion".into(),
        evidence_status: EvidenceStatus::Verified,
        note: String::new(),
        cell: CellRef { sheet: 1, column: 1, row: 9 },
    }
}

fn event(id: &str, in_year: i32, status: Status) -> Event {
    Event {
        commitment_id: id.into(),
        on: day(in_year, 5, 1),
        status,
        source: 0,
        evidence: "signed".into(),
        evidence_status: EvidenceStatus::NoText,
        note: String::new(),
        cell: CellRef { sheet: 1, column: 2, row: 3 },
    }
}

fn observation(indicator: u32, in_year: i32, claims: std::ops::Range<u32>) -> Observation {
    Observation {
        series: Series {
            indicator,
            measure: Measure::Level,
            reporter: PlaceId(1),
            partner: (indicator != 1).then_some(PlaceId(2)),
            unit: Unit("USD"),
            kind: ClaimKind::Actual,
        },
        period: year(in_year),
        base_period: None,
        comparator: Comparator::Greater,
        value: 4.1e9,
        interval: Interval { lower: 4.05e9, lower_open: true, upper: f64::INFINITY, upper_open: false },
        best_claim: Some(claims.start),
        claims,
        witnesses: 1,
        conflict: false,
        reason: Some(Reason::Only),
        formula: None,
    }
}

pub(crate) fn knowledge(facts: &Facts) -> Knowledge {
    let mut observations = Observations { members: (0..6).collect(), ..Observations::default() };
    for (indicator, in_year) in (0..3).flat_map(|indicator| [(indicator, 2024), (indicator, 2023)]) {
        observations.push(&observation(indicator, in_year, indicator * 2..indicator * 2 + 2));
    }
    let growth = observation(2, 2024, 5..6);
    observations.push(&Observation {
        series: Series { measure: Measure::Growth, ..growth.series },
        base_period: Some(year(2023)),
        ..growth
    });
    let formula = Some(Formula::BaseFromGrowth { level: 4, growth: 6 });
    observations.push(&Observation { formula, reason: None, best_claim: None, ..observation(2, 2023, 4..6) });
    let conflict = |claim_a, claim_b| Conflict {
        observation: claim_a,
        claim_a,
        claim_b,
        gap: 5e6,
        gap_percent: f64::NAN,
    };
    let earlier = |observation, in_year| Earlier {
        value: f64::NAN,
        lower: 1.0,
        upper: 2.0,
        observation,
        best_claim: 0,
        realtime_start: day(in_year, 1, 1),
        comparator: Comparator::Equal,
        lower_open: false,
        upper_open: false,
    };
    let vintages = Vintages {
        earlier: vec![earlier(0, 2024), earlier(4, 2023), earlier(4, 2024)],
        since: vec![day(2025, 1, 1); observations.stated()],
    };
    Knowledge {
        as_of: facts.latest_publication(),
        observations,
        conflicts: vec![conflict(4, 5), conflict(0, 1)],
        progress: vec![progress(Some(4)), progress(None)],
        totals: Vec::new(),
        vintages,
        findings: Vec::new(),
    }
}

fn progress(latest: Option<u32>) -> Progress {
    let interval = Interval { lower: 81.0, lower_open: false, upper: 83.0, upper_open: false };
    let share = latest.map(|_| Measured { point: Some(82.0), interval });
    Progress {
        status: latest.map(|_| Status::UnderWay),
        status_on: latest.map(|_| day(2024, 5, 1)),
        latest,
        share_reached: share,
        gap: None,
        required_growth: None,
        observed_growth: None,
        projected: latest.map(|_| day(2029, 12, 31)),
        verdict: if latest.is_some() { Verdict::Uncertain } else { Verdict::NotMeasurable },
        verdict_reason: "no figure".into(),
    }
}

/// Findings with and without a place, one of them twice.
pub(crate) fn noted() -> Vec<Finding> {
    let facts = full_facts();
    let at = |row| facts.locate(CellRef { sheet: 1, column: 2, row });
    let finding = || Finding::new("claims-conflict", Severity::Warning, "claims", "=they differ");
    vec![
        finding().at(at(14)).id("c1").claims(vec!["c1".into(), "c2".into()]),
        finding().at(at(14)).id("c1").claims(vec!["c1".into(), "c2".into()]),
        finding().at(at(10)).id("a1"),
        finding().arithmetic("4.1 / 1.136 = 3.61"),
    ]
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
