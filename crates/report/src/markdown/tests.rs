//! The reports of the hand-made corridor as snapshots, and what holds for every report.

use super::fixture::Corridor;
use super::*;

/// Every report by its file name.
fn reports(view: &View<'_>) -> [(&'static str, String); 6] {
    [
        ("summary", summary(view)),
        ("trade", trade(view)),
        ("investment", investment(view)),
        ("cooperation", cooperation(view)),
        ("commitments", commitments(view)),
        ("quality", quality(view)),
    ]
}

#[test]
fn reports_of_the_worked_corridor() {
    let corridor = Corridor::worked();
    for (name, report) in reports(&corridor.view()) {
        insta::assert_snapshot!(name, report);
    }
}

#[test]
fn nothing_known_gives_reports_without_figures() {
    let corridor = Corridor::empty();
    for (name, report) in reports(&corridor.view()) {
        assert!(report.starts_with("# "), "{name}");
        assert!(!report.contains("[^"), "{name}");
    }
}

#[test]
fn every_footnote_is_defined_once_and_referred_to() {
    let corridor = Corridor::worked();
    for (name, report) in reports(&corridor.view()) {
        let (body, notes) = report.split_once("## Where each figure is from").unwrap_or((&report, ""));
        let labels: Vec<&str> =
            notes.lines().filter_map(|line| line.split_once("]: ")).map(|(l, _)| l).collect();
        for label in &labels {
            assert!(body.contains(&format!("{label}]")), "{name}: {label} is referred to");
        }
        for reference in body.split("[^").skip(1) {
            let label = format!("[^{}", reference.split(']').next().unwrap_or_default());
            assert_eq!(labels.iter().filter(|other| **other == label).count(), 1, "{name}: {label}");
        }
    }
}

#[test]
fn nothing_hostile_in_a_sheet_becomes_markup() {
    let hostile =
        "x|y <script>alert(1)</script> [a](javascript:alert(1))\n# h `c` \u{202E}z ![i](http://e.example)";
    let mut corridor = Corridor::worked();
    let facts = &mut corridor.facts;
    for source in &mut facts.sources {
        source.title = hostile.into();
        source.publisher = hostile.into();
        source.url = "javascript:alert(1)//<b>".into();
        source.note = hostile.into();
    }
    facts.places.iter_mut().for_each(|place| place.name = hostile.into());
    facts.indicators.iter_mut().for_each(|indicator| indicator.label = hostile.into());
    facts.commitments.iter_mut().for_each(|commitment| commitment.title = hostile.into());
    let evidence = std::iter::repeat_n(hostile, facts.claims.len()).collect();
    facts.claims.evidence = evidence;
    facts.sheets.iter_mut().for_each(|sheet| sheet.file = format!("raw/{hostile}.csv"));
    for finding in &mut corridor.knowledge.findings {
        finding.message = hostile.into();
        finding.arithmetic = hostile.into();
    }
    corridor.findings.clone_from(&corridor.knowledge.findings);
    corridor.title = hostile;
    for (name, report) in reports(&corridor.view()) {
        assert_eq!(report.matches('<').count(), report.matches("\\<").count(), "{name}: every < is escaped");
        let links = report.replace("\\]", "").matches("](").count();
        assert_eq!(
            links,
            report.matches("](../curated/").count() + report.matches(".md](").count(),
            "{name}"
        );
        assert!(!report.contains('\u{202E}') && !report.contains("\n# h"), "{name}");
        for row in report.lines().filter(|line| line.starts_with('|')) {
            assert!(row.ends_with(" |"), "{name}: a row is one line: {row}");
        }
        for table in report.split("\n\n").filter(|block| block.starts_with('|')) {
            let bars = |row: &str| row.matches('|').count() - row.matches("\\|").count();
            let columns = table.lines().next().map(bars);
            assert!(table.lines().all(|row| Some(bars(row)) == columns), "{name}: {table}");
        }
    }
}

#[test]
fn a_promise_whose_date_moved_says_so_at_a_glance() {
    let by =
        |year| model::period::Period::year(year).map(|year| model::period::Period { start: None, ..year });
    // As of 25 November 2025: first due by, announced again for, the cell, the end of the row.
    let cases = [
        (Some(2028), Some(2030), "| first 2028, now 2030 |", "| not measurable |"),
        (Some(2024), Some(2026), "| first 2024, now 2026 |", "| not measurable, past its first date |"),
        (Some(2023), Some(2024), "| first 2023, now 2024 |", "| not measurable, past its date |"),
        (None, Some(2026), "| first no date, now 2026 |", "| not measurable |"),
        (Some(2028), Some(2028), "| 2028 |", "| not measurable |"),
        (Some(2024), None, "| 2024 |", "| not measurable, past its date |"),
    ];
    for (first, again, due, verdict) in cases {
        let mut corridor = Corridor::worked();
        for promise in &mut corridor.facts.commitments {
            match promise.commitment_id.as_str() {
                "schools" => promise.deadline = first.and_then(by),
                "schools-again" => promise.deadline = again.and_then(by),
                _ => {}
            }
        }
        let report = summary(&corridor.view());
        let row = report.lines().find(|line| line.starts_with("| Nine new schools")).unwrap_or_default();
        assert!(row.contains(due) && row.ends_with(verdict), "{first:?}, {again:?}: {row}");
    }
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let mut corridor = Corridor::worked();
    corridor.most_rows = 3;
    let report = trade(&corridor.view());
    assert!(
        report.contains("Cut: 3 of 9 rows are shown; all are in [curated/trade.csv](../curated/trade.csv).")
    );
    assert_eq!(report.lines().filter(|line| line.starts_with("| Trade turnover")).count(), 3);
}
