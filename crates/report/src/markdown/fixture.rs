//! A small corridor by hand for the tests: two partners, the figures that the design is worked with,
//! and what follows from them, computed by hand and not by another crate.

use chrono::NaiveDate;
use model::cell::{CellRef, SheetName};
use model::claim::{ABSENT, ClaimKind, Claims, EvidenceStatus, Measure, Rank};
use model::commitment::{
    Commitment, CommitmentKind, Event, Grouping, Measured, Progress, Promised, Status, Total, Verdict,
};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::finding::{Finding, Severity};
use model::indicator::{Better, Indicator};
use model::observation::{Conflict, Formula, Interval, Observation, Reason, Series};
use model::period::{Period, Precision, Role};
use model::place::{Place, PlaceId};
use model::source::{Source, SourceKind};
use model::unit::Unit;
use model::vintages::{Earlier, Vintages};

use super::{Coverage, Settings, View};

const USD: Unit = Unit("USD");
const KAZ: PlaceId = PlaceId(0);
const KGZ: PlaceId = PlaceId(1);
const RUS: PlaceId = PlaceId(2);

/// Claims, a row each, by id: id | source | indicator | measure | reporter | partner | comparator |
/// value | lower | upper | unit | start | end | role | precision | evidence | said by.
const CLAIMS: &str = "\
fund-projects-mid    | 2 | 2 | level  | KGZ | RUS | =  | 3500       | 3450       | 3550       | 1   | 2014-01-01 | 2025-01-22 | since  | year     | 3.5 thousand projects |
gas-2023-mid         | 2 | 3 | level  | RUS | KGZ | =  | 276000000  | 275500000  | 276500000  | m3  | 2023-01-01 | 2023-10-31 | during | month    | from 276 to 410 million cubic meters |
gas-2024-mid         | 2 | 3 | level  | RUS | KGZ | =  | 410000000  | 409500000  | 410500000  | m3  | 2024-01-01 | 2024-10-31 | during | month    | from 276 to 410 million cubic meters |
inflow-growth-mid    | 2 | 4 | growth | KGZ | RUS | >  | 46         | 46         | inf        | %   | 2024-01-01 | 2024-12-31 | during | inferred | increased by more than 46% |
places-mid           | 2 | 0 | level  | KGZ | RUS | =  | 700        | 700        | 700        | 1   | 2024-09-01 | 2025-08-31 | during | year     | amounted to 700 places |
places-toca          | 4 | 0 | level  | KGZ | RUS | =  | 1000       | 1000       | 1000       | 1   | 2024-09-01 | 2025-08-31 | during | inferred | to 1,000 |
remittances-mid      | 2 | 5 | level  | KGZ |     | >  | 2500000000 | 2500000000 | inf        | USD | 2024-01-01 | 2024-12-31 | during | year     | exceeded 2.5 billion US dollars |
stock-ein            | 0 | 1 | level  | KGZ | RUS | <~ | 2000000000 | 1800000000 | 2000000000 | USD | 2025-11-01 | 2025-11-30 | as_of  | month    | climbed to nearly $2 billion | Vladimir Putin
stock-tass           | 3 | 1 | level  | KGZ | RUS | >  | 2000000000 | 2000000000 | inf        | USD | 2023-05-01 | 2023-05-31 | as_of  | month    | have surpassed two billion dollars |
turnover-2023-toca   | 4 | 6 | level  | KGZ | RUS | =  | 3000000000 | 2500000000 | 3500000000 | USD | 2023-01-01 | 2023-12-31 | during | year     | reached $3 billion | Akylbek Japarov
turnover-2024-ein    | 0 | 6 | level  | KGZ | RUS | =  | 4100000000 | 4050000000 | 4150000000 | USD | 2024-01-01 | 2024-12-31 | during | year     | hitting a record $4.1 billion | Vladimir Putin
turnover-2024-growth | 0 | 6 | growth | KGZ | RUS | =  | 13.6       | 13.55      | 13.65      | %   | 2024-01-01 | 2024-12-31 | during | year     | bilateral trade grew 13.6% last year | Vladimir Putin
turnover-2024-mid    | 2 | 6 | level  | KGZ | RUS | >  | 3000000000 | 3000000000 | inf        | USD | 2024-01-01 | 2024-12-31 | during | year     | exceeded 3 billion US dollars |
turnover-2024m04     | 4 | 6 | level  | KGZ | RUS | >  | 1000000000 | 1000000000 | inf        | USD | 2024-01-01 | 2024-04-30 | during | month    | had already exceeded $1 billion | Akylbek Japarov
turnover-2024m04-up  | 4 | 6 | growth | KGZ | RUS | =  | 30         | 29.5       | 30.5       | %   | 2024-01-01 | 2024-04-30 | during | month    | an increase of 30% | Akylbek Japarov
turnover-2025m09-up  | 0 | 6 | growth | KGZ | RUS | =  | 17         | 16.5       | 17.5       | %   | 2025-01-01 | 2025-09-30 | during | month    | rose a further 17% | Vladimir Putin
turnover-kaz-2025    | 1 | 6 | level  | KAZ | KGZ | <~ | 2000000000 | 1800000000 | 2000000000 | USD | 2025-01-01 | 2025-12-31 | during | inferred | has reached nearly $2 billion | Kassym-Jomart Tokayev
";

/// Everything that a [`View`] borrows.
pub(crate) struct Corridor {
    pub(crate) facts: Facts,
    pub(crate) knowledge: Knowledge,
    pub(crate) findings: Vec<Finding>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) title: &'static str,
    pub(crate) most_rows: usize,
}

impl Corridor {
    /// The corridor as it is known on the day of its latest source.
    pub(crate) fn worked() -> Self {
        let facts = facts();
        let knowledge = knowledge(&facts);
        let coverage = [(0, 4, 4), (1, 3, 2), (2, 34, 30), (3, 2, 1), (4, 12, 9)]
            .map(|(source, figures, claimed)| Coverage {
                source,
                figures,
                claimed,
                uncovered: figures - claimed,
            })
            .to_vec();
        let title = "Kyrgyzstan with Russia and Kazakhstan";
        let findings = knowledge.findings.clone();
        Self { facts, knowledge, findings, coverage, title, most_rows: 200 }
    }

    /// A corridor of which nothing is known.
    pub(crate) fn empty() -> Self {
        Self {
            facts: Facts::default(),
            knowledge: Knowledge::default(),
            findings: Vec::new(),
            coverage: Vec::new(),
            title: "Nothing yet",
            most_rows: 200,
        }
    }

    pub(crate) fn view(&self) -> View<'_> {
        let settings = Settings { title: self.title, most_rows: self.most_rows };
        View::new(&self.facts, &self.knowledge, &self.findings, &self.coverage, settings)
    }
}

fn facts() -> Facts {
    let place = |code: &str, name: &str| Place { code: code.into(), alpha2: None, name: name.into() };
    let mut facts = Facts {
        sheets: vec![
            SheetName { file: "raw/trade.csv".into(), sheet: None },
            SheetName { file: "raw/investment.xlsx".into(), sheet: Some("Facts".into()) },
        ],
        places: vec![place("KAZ", "Kazakhstan"), place("KGZ", "Kyrgyzstan"), place("RUS", "Russia")],
        sources: sources(),
        indicators: indicators(),
        commitments: commitments(),
        events: events(),
        ..Facts::default()
    };
    for (row, line) in (2..).zip(CLAIMS.lines()) {
        push_claim(&mut facts.claims, row, line);
    }
    facts
}

fn sources() -> Vec<Source> {
    let source = |id: &str, title: &str, publisher: &str, on: &str, precision, kind| Source {
        source_id: id.into(),
        title: title.into(),
        publisher: publisher.into(),
        published_on: day(on),
        date_precision: precision,
        url: String::new(),
        language: "en".into(),
        kind,
        origin: String::new(),
        note: String::new(),
        cell: CellRef { sheet: 0, column: 0, row: 2 },
    };
    let (press, day) = (SourceKind::Press, Precision::Day);
    vec![
        Source {
            url: "https://example.org/ein?id=1".into(),
            ..source("ein", "Key deals", "EIN Presswire", "2025-11-25", day, SourceKind::PressRelease)
        },
        source("kz", "Official visit", "Unnamed news site", "2025-08-31", Precision::Inferred, press),
        source(
            "mid",
            "Minister’s visit",
            "Foreign Ministry",
            "2025-01-22",
            day,
            SourceKind::OfficialStatement,
        ),
        Source {
            note: "The text gives no year.".into(),
            ..source(
                "tass",
                "Partnerships",
                "Unnamed site",
                "2023-05-31",
                Precision::Month,
                SourceKind::Aggregator,
            )
        },
        source("toca", "Cooperation", "The Times of Central Asia", "2024-07-10", day, press),
    ]
}

fn indicators() -> Vec<Indicator> {
    let indicator = |id: &str, label: &str, topic: &str, unit| Indicator {
        indicator: id.into(),
        label: label.into(),
        topic: topic.into(),
        unit,
        flow_or_stock: None,
        cumulative: false,
        symmetric: id == "turnover",
        mirror: String::new(),
        part_of: String::new(),
        minimum: None,
        maximum: None,
        better: Better::Higher,
        description: String::new(),
        cell: CellRef { sheet: 0, column: 0, row: 2 },
    };
    vec![
        indicator("budget_places", "Budget-paid university places", "education", Unit::COUNT),
        indicator("capital_stock", "Investment stock", "investment", USD),
        indicator("fund_projects", "Development fund: projects", "investment", Unit::COUNT),
        indicator("gas_exports", "Natural gas exports", "energy", Unit("m3")),
        indicator("inflow", "Investment inflow", "investment", USD),
        indicator("remittances", "Remittances received", "migration", USD),
        indicator("turnover", "Trade turnover", "trade", USD),
    ]
}

fn push_claim(claims: &mut Claims, row: u32, line: &str) {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [id, source, indicator, measure, reporter, partner, comparator, value, lower, upper, unit, ..] =
        cells[..]
    else {
        panic!("a claim has 17 columns: {line}")
    };
    let [start, end, role, precision, evidence, said_by] = cells[11..] else { panic!("17 columns: {line}") };
    let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let place = |code: &str| ["KAZ", "KGZ", "RUS"].iter().position(|other| *other == code);
    let place = |code: &str| place(code).map(|index| PlaceId(index as u16));
    let comparator = Comparator::parse(comparator).unwrap_or(Comparator::Equal);
    let period = Period {
        start: start.parse().ok(),
        end: end.parse().ok(),
        role: Role::parse(role).unwrap_or(Role::During),
        precision: Precision::parse(precision).unwrap_or(Precision::Day),
        academic: start.ends_with("09-01"),
    };
    let unit = [USD, Unit::COUNT, Unit::PERCENT, Unit("m3")].into_iter().find(|known| known.code() == unit);
    let measure = Measure::parse(measure).unwrap_or(Measure::Level);
    claims.claim_id.push(id);
    claims.source.push(source.parse().unwrap_or(u32::MAX));
    claims.indicator.push(indicator.parse().unwrap_or(u32::MAX));
    claims.measure.push(measure);
    claims.reporter.push(place(reporter).unwrap_or(KGZ));
    claims.partner.push(place(partner));
    claims.kind.push(ClaimKind::Actual);
    claims.stated.push(evidence, evidence);
    claims.figure.comparator.push(comparator);
    claims.figure.value.push(number(value));
    claims.figure.lower.push(number(lower));
    claims.figure.upper.push(number(upper));
    claims.figure.lower_open.push(comparator == Comparator::Greater);
    claims.figure.upper_open.push(comparator == Comparator::NearlyBelow);
    claims.unit.push(claims.units.len() as u16);
    claims.units.push(unit.unwrap_or(Unit::COUNT));
    claims.period.push(claims.periods.len() as u32);
    claims.periods.push(period);
    let base = period.shifted_by_years(-1).filter(|_| measure == Measure::Growth);
    claims.base_period.push(base.map_or(ABSENT, |_| claims.periods.len() as u32));
    claims.periods.extend(base);
    claims.rank.push(Rank::Normal);
    claims.rank_reason.push(ABSENT);
    claims.asserted_by.push(if said_by.is_empty() { ABSENT } else { claims.words.code(said_by) });
    claims.supersedes.push("");
    claims.evidence.push(evidence);
    let unread = source == "3";
    claims.evidence_status.push(if unread { EvidenceStatus::NoText } else { EvidenceStatus::Verified });
    let sheet = u16::from(id.starts_with("stock"));
    claims.cell.push(CellRef { sheet, column: 5, row });
    claims.locator.push(ABSENT);
    claims.note.push("");
}

fn commitments() -> Vec<Commitment> {
    let commitment = |id: &str, source, kind, title: &str, topic: &str, on: &str| Commitment {
        commitment_id: id.into(),
        source,
        party: vec![KGZ, RUS],
        counterparty: Vec::new(),
        kind,
        title: title.into(),
        topic: topic.into(),
        indicator: None,
        stated: String::new(),
        promised: None,
        count: None,
        announced_on: day(on),
        deadline: None,
        status: Some(Status::Announced),
        parent: String::new(),
        same_as: String::new(),
        counts_in_totals: true,
        evidence: "as promised".into(),
        evidence_status: EvidenceStatus::Verified,
        note: String::new(),
        cell: CellRef { sheet: 0, column: 3, row: 9 },
    };
    let promised =
        |value: &str, comparator, unit| value.parse().ok().map(|value| Promised { comparator, value, unit });
    let by = |end: &str| {
        let role = Role::By;
        Some(Period { start: None, end: end.parse().ok(), role, precision: Precision::Year, academic: false })
    };
    vec![
        Commitment {
            party: vec![RUS],
            counterparty: vec![KGZ],
            promised: promised("165000000", Comparator::Equal, USD),
            count: Some(36),
            deadline: by("2025-12-31"),
            ..commitment(
                "fund-2025",
                2,
                CommitmentKind::Plan,
                "36 projects of the fund",
                "investment",
                "2025-01-22",
            )
        },
        Commitment {
            party: vec![RUS],
            counterparty: vec![KGZ],
            count: Some(9),
            ..commitment(
                "schools",
                4,
                CommitmentKind::Agreement,
                "Nine new schools",
                "education",
                "2023-12-31",
            )
        },
        Commitment {
            count: Some(9),
            same_as: "schools".into(),
            ..commitment(
                "schools-again",
                2,
                CommitmentKind::Agreement,
                "Nine schools",
                "education",
                "2025-01-22",
            )
        },
        commitment(
            "settlements",
            4,
            CommitmentKind::Intention,
            "More settlement in own currencies",
            "finance",
            "2024-07-10",
        ),
        Commitment {
            party: vec![RUS],
            counterparty: vec![KGZ],
            promised: promised("2150000000", Comparator::Equal, Unit("RUB")),
            deadline: by("2032-12-31"),
            ..commitment(
                "tailings",
                2,
                CommitmentKind::Programme,
                "Uranium tailings made safe",
                "environment",
                "2025-01-22",
            )
        },
        Commitment {
            deadline: by("2025-05-09"),
            ..commitment("visit", 2, CommitmentKind::Pledge, "A visit on 9 May", "diplomacy", "2025-01-22")
        },
        Commitment {
            party: vec![KAZ, KGZ],
            indicator: Some(6),
            promised: promised("3000000000", Comparator::Equal, USD),
            deadline: by("2030-12-31"),
            counts_in_totals: false,
            ..commitment(
                "x-kaz",
                1,
                CommitmentKind::Target,
                "Turnover with Kazakhstan",
                "trade",
                "2025-08-31",
            )
        },
        Commitment {
            indicator: Some(6),
            promised: promised("5000000000", Comparator::LessOrEqual, USD),
            counts_in_totals: false,
            ..commitment("x-rus", 4, CommitmentKind::Target, "Turnover with Russia", "trade", "2024-07-10")
        },
    ]
}

fn events() -> Vec<Event> {
    let event = |id: &str, on: &str, status, source| Event {
        commitment_id: id.into(),
        on: day(on),
        status,
        source,
        evidence: "launched".into(),
        evidence_status: EvidenceStatus::Verified,
        note: String::new(),
        cell: CellRef { sheet: 1, column: 1, row: 4 },
    };
    vec![
        event("schools", "2023-09-01", Status::Signed, 2),
        event("schools", "2025-01-22", Status::UnderWay, 2),
    ]
}

fn knowledge(facts: &Facts) -> Knowledge {
    let mut known = Knowledge { as_of: Some(day("2025-11-25")), ..Knowledge::default() };
    stated(&mut known, facts, &["places-mid", "places-toca"], Reason::Authority);
    known.observations.rows[0].conflict = true;
    for only in ["stock-tass", "stock-ein", "fund-projects-mid", "gas-2023-mid", "gas-2024-mid"] {
        stated(&mut known, facts, &[only], Reason::Only);
    }
    for only in ["inflow-growth-mid", "remittances-mid", "turnover-kaz-2025", "turnover-2023-toca"] {
        stated(&mut known, facts, &[only], Reason::Only);
    }
    stated(&mut known, facts, &["turnover-2024-ein", "turnover-2024-mid"], Reason::Interval);
    for only in ["turnover-2024m04", "turnover-2024-growth", "turnover-2024m04-up", "turnover-2025m09-up"] {
        stated(&mut known, facts, &[only], Reason::Only);
    }
    let [gas_2024, gas_2023] = ["gas-2024-mid", "gas-2023-mid"].map(|id| observed(&known, facts, id));
    let growth = Formula::GrowthFromLevels { level: gas_2024, base: gas_2023 };
    derived(&mut known, growth, 48.5507246377, closed(48.1012658228, 49.0018148820));
    let [level, growth] = ["turnover-2024-ein", "turnover-2024-growth"].map(|id| observed(&known, facts, id));
    let base = Formula::BaseFromGrowth { level, growth };
    derived(&mut known, base, 3609154929.58, closed(3563572371.32, 3654777631.0));
    let [level, growth] = ["turnover-2024m04", "turnover-2024m04-up"].map(|id| observed(&known, facts, id));
    let base = Formula::BaseFromGrowth { level, growth };
    let open = Interval { upper: f64::INFINITY, lower_open: true, ..closed(766283524.904, 0.0) };
    derived(&mut known, base, 769230769.231, open);
    known.conflicts = vec![Conflict {
        observation: observed(&known, facts, "places-mid"),
        claim_a: find(facts, "places-mid"),
        claim_b: find(facts, "places-toca"),
        gap: 300.0,
        gap_percent: 300.0 / 7.0,
    }];
    known.vintages = vintages(&known, facts);
    known.findings = findings();
    known.progress = progress(&known, facts);
    known.totals = totals();
    known
}

/// The stated observation that the claim is best of.
fn observed(known: &Knowledge, facts: &Facts, id: &str) -> u32 {
    let claim = Some(find(facts, id));
    known
        .observations
        .iter()
        .position(|observation| observation.best_claim == claim)
        .map_or(u32::MAX, |i| i as u32)
}

/// An observation of the claims named, best first.
fn stated(known: &mut Knowledge, facts: &Facts, ids: &[&str], reason: Reason) {
    let claims = &facts.claims;
    let best = find(facts, ids[0]);
    let index = best as usize;
    let members = &mut known.observations.members;
    let start = members.len() as u32;
    members.extend(ids.iter().map(|id| find(facts, id)));
    let claims_of_it = start..members.len() as u32;
    known.observations.push(&Observation {
        series: Series {
            indicator: claims.indicator[index],
            measure: claims.measure[index],
            reporter: claims.reporter[index],
            partner: claims.partner[index],
            unit: claims.unit_of(index),
            kind: ClaimKind::Actual,
        },
        period: *claims.period_of(index),
        base_period: claims.base_period_of(index).copied(),
        comparator: claims.figure.comparator[index],
        value: claims.figure.value[index],
        interval: Interval {
            lower: claims.figure.lower[index],
            lower_open: claims.figure.lower_open[index],
            upper: claims.figure.upper[index],
            upper_open: claims.figure.upper_open[index],
        },
        claims: claims_of_it,
        witnesses: ids.len() as u32,
        conflict: false,
        best_claim: Some(best),
        reason: Some(reason),
        formula: None,
    });
}

/// What follows from two stated observations.
fn derived(known: &mut Knowledge, formula: Formula, value: f64, interval: Interval) {
    let (level, other) = match formula {
        Formula::BaseFromGrowth { level, growth } => (level, growth),
        Formula::LevelFromGrowth { base, growth } => (base, growth),
        Formula::GrowthFromLevels { level, base } => (level, base),
    };
    let from = known.observations.get(level);
    let inputs = [level, other].map(|index| known.observations.get(index).best_claim);
    let members = &mut known.observations.members;
    let start = members.len() as u32;
    members.extend(inputs.into_iter().flatten());
    let claims = start..members.len() as u32;
    let growth = matches!(formula, Formula::GrowthFromLevels { .. });
    let earlier = from.period.shifted_by_years(-1);
    let open = interval.upper.is_infinite();
    let series = Series { measure: Measure::Growth, unit: Unit::PERCENT, ..from.series };
    known.observations.push(&Observation {
        series: if growth { series } else { from.series },
        period: if growth { from.period } else { earlier.unwrap_or(from.period) },
        base_period: earlier.filter(|_| growth),
        comparator: if open { Comparator::Greater } else { Comparator::Equal },
        value,
        interval,
        claims,
        witnesses: 1,
        conflict: false,
        best_claim: None,
        reason: None,
        formula: Some(formula),
    });
}

/// Two observations had another value before.
fn vintages(known: &Knowledge, facts: &Facts) -> Vintages {
    let figure = &facts.claims.figure;
    let earlier = |id: &str, before: &str, start: &str| {
        let claim = find(facts, before);
        let index = claim as usize;
        Earlier {
            value: figure.value[index],
            lower: figure.lower[index],
            upper: figure.upper[index],
            observation: observed(known, facts, id),
            best_claim: claim,
            realtime_start: day(start),
            comparator: figure.comparator[index],
            lower_open: figure.lower_open[index],
            upper_open: figure.upper_open[index],
        }
    };
    let mut since = vec![day("2025-01-22"); known.observations.stated()];
    since[observed(known, facts, "turnover-2024-ein") as usize] = day("2025-11-25");
    let earlier = vec![
        earlier("places-mid", "places-toca", "2024-07-10"),
        earlier("turnover-2024-ein", "turnover-2024-mid", "2025-01-22"),
    ];
    Vintages { earlier, since }
}

fn findings() -> Vec<Finding> {
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    vec![
        Finding::new("claims-conflict", Severity::Warning, "observations", "two claims cannot both be true")
            .claims(ids(&["places-mid", "places-toca"])),
        Finding::new("promise-overdue", Severity::Warning, "commitments", "visit was due by 2025-05-09 and is announced")
            .id("visit")
            .arithmetic("2025-05-09 < 2025-11-25"),
        Finding::new(
            "growth-against-levels",
            Severity::Warning,
            "observations",
            "turnover.KGZ.RUS: the growth stated for 2024 and the levels of 2023 and 2024 do not fit together",
        )
        .arithmetic("4.1 billion / 1.136 = 3.61 billion, stated 3 billion")
        .claims(ids(&["turnover-2023-toca", "turnover-2024-ein", "turnover-2024-growth"])),
        Finding::new(
            "stock-fell",
            Severity::Note,
            "observations",
            "capital_stock.KGZ.RUS: nearly 2 billion USD as of 2025-11, after more than 2 billion USD as of 2023-05",
        )
        .arithmetic("2 billion <= 2 billion")
        .claims(ids(&["stock-ein", "stock-tass"])),
    ]
}

fn progress(known: &Knowledge, facts: &Facts) -> Vec<Progress> {
    let open = |status| Progress {
        status: Some(status),
        status_on: None,
        latest: None,
        share_reached: None,
        gap: None,
        required_growth: None,
        observed_growth: None,
        projected: None,
        verdict: Verdict::NotMeasurable,
        verdict_reason: "no indicator".into(),
    };
    let measured = |point, interval| Some(Measured { point: Some(point), interval });
    let kaz = Progress {
        latest: Some(observed(known, facts, "turnover-kaz-2025")),
        share_reached: measured(66.6666666667, Interval { upper_open: true, ..closed(60.0, 66.6666666667) }),
        gap: measured(1e9, Interval { lower_open: true, ..closed(1e9, 1.2e9) }),
        required_growth: measured(
            8.44717711977,
            Interval { lower_open: true, ..closed(8.44717711977, 10.7566343) },
        ),
        verdict: Verdict::Uncertain,
        verdict_reason: "no growth of a year is stated".into(),
        ..open(Status::Announced)
    };
    let rus = Progress {
        latest: Some(observed(known, facts, "turnover-2024-ein")),
        share_reached: measured(82.0, closed(81.0, 83.0)),
        gap: measured(9e8, closed(8.5e8, 9.5e8)),
        observed_growth: measured(13.6, closed(13.55, 13.65)),
        projected: Some(day("2026-12-31")),
        verdict: Verdict::NoDeadline,
        verdict_reason: "no deadline is stated".into(),
        ..open(Status::Announced)
    };
    let schools = Progress { status_on: Some(day("2025-01-22")), ..open(Status::UnderWay) };
    let plain = || open(Status::Announced);
    vec![plain(), schools.clone(), schools, plain(), plain(), plain(), kaz, rus]
}

fn totals() -> Vec<Total> {
    let total =
        |grouping, group: &str, currency, amount: &str, commitments: &[u32], left_out: &[u32]| Total {
            grouping,
            group: group.into(),
            currency,
            amount: amount.parse().unwrap_or_default(),
            commitments: commitments.to_vec(),
            left_out: left_out.to_vec(),
            converted: None,
            rates: Vec::new(),
        };
    let rub = Unit("RUB");
    vec![
        total(Grouping::Party, "RUS", rub, "2150000000", &[4], &[]),
        total(Grouping::Party, "RUS", USD, "165000000", &[0], &[7]),
        total(Grouping::All, "", rub, "2150000000", &[4], &[]),
        total(Grouping::All, "", USD, "165000000", &[0], &[6, 7]),
    ]
}

fn closed(lower: f64, upper: f64) -> Interval {
    Interval { lower, lower_open: false, upper, upper_open: false }
}

fn find(facts: &Facts, id: &str) -> u32 {
    facts.claims.find(id).map_or(u32::MAX, |index| index as u32)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}
