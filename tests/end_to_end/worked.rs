//! The shipped corridor against what was computed by hand; the expectations stand in data files.

use std::collections::HashMap;

use crate::workspace::{Workspace, repository};

type Row = HashMap<String, String>;

#[test]
fn observations_are_as_computed_by_hand() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["run"]).exits(0);
    let observations = workspace.table("observations");
    for expected in expectations("worked.csv") {
        let id = &expected["observation"];
        let found = observations.iter().find(|row| {
            format!("{}:{}", row["series_id"], row["period_label"]) == *id
                && row["derived"] == expected["derived"]
        });
        let found = found.unwrap_or_else(|| panic!("no observation {id}, derived {}", expected["derived"]));
        for column in ["value", "lower", "upper"] {
            if expected["derived"] == "true"
                && expected[column].is_empty()
                && expected["comparator"].is_empty()
            {
                continue;
            }
            assert_close(&expected[column], &found[column], 1e-11, &format!("{id}: {column}"));
        }
        for column in
            ["comparator", "lower_open", "upper_open", "witnesses", "best_claim", "reason", "conflict"]
        {
            if !expected[column].is_empty() {
                assert_eq!(found[column], expected[column], "{id}: {column}");
            }
        }
        assert_eq!(found["claims"].split(';').count().to_string(), expected["claims"], "{id}: claims");
    }
}

#[test]
fn commitments_are_as_measured_by_hand() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["run"]).exits(0);
    let commitments = workspace.table("commitments");
    for expected in expectations("worked_commitments.csv") {
        let id = &expected["commitment_id"];
        let found =
            commitments.iter().find(|row| row["commitment_id"] == *id).unwrap_or_else(|| panic!("no {id}"));
        for (column, text) in &expected {
            match text.parse::<f64>() {
                // The hand rounded to four digits, or to three decimals.
                Ok(_) => assert_close(text, &found[column], 1e-4, &format!("{id}: {column}")),
                Err(_) => assert_eq!(found[column], *text, "{id}: {column}"),
            }
        }
    }
}

#[test]
fn the_findings_say_by_themselves_what_disagrees() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["run"]).exits(0);
    let findings = workspace.table("findings");
    let about = |code: &str, claims: &[&str]| {
        findings
            .iter()
            .any(|row| row["code"] == code && claims.iter().all(|claim| row["claims"].contains(claim)))
    };
    assert!(about(
        "growth-against-levels",
        &["turnover-rus-2023-toca", "turnover-rus-2024-ein", "turnover-growth-rus-2024-ein"]
    ));
    assert!(about("stock-fell", &["investment-stock-rus-2023-05-tass", "investment-stock-rus-2025-11-ein"]));
    assert!(about("claims-conflict", &["budget-places-rus-ay2024-toca", "budget-places-rus-ay2024-mid"]));
    assert!(
        !findings
            .iter()
            .any(|row| row["claims"].contains("turnover-rus-2024-mid") && row["code"] == "claims-conflict")
    );
}

#[test]
fn as_of_a_day_only_what_was_published_is_known() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["run", "--as-of", "2025-02-01"]).exits(0);
    assert_eq!(workspace.table("sources").len(), 3);
    let observations = workspace.table("observations");
    let known: Vec<&Row> = observations
        .iter()
        .filter(|row| {
            row["series_id"] == "trade_turnover.KGZ.RUS"
                && row["period_label"] == "2024"
                && row["derived"] == "false"
        })
        .collect();
    assert_eq!(known.len(), 1);
    assert_eq!((known[0]["comparator"].as_str(), known[0]["lower_open"].as_str()), (">", "true"));
    assert_close("3e9", &known[0]["lower"], 0.0, "lower");
    assert_eq!(known[0]["upper"], "");
    assert!(workspace.read("out/trade.md").contains("more than $3 billion"));
}

fn expectations(file: &str) -> Vec<Row> {
    let path = repository().join("tests/cases").join(file);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).expect("the cases");
    reader.deserialize().map(|row| row.expect("a case")).collect()
}

fn assert_close(expected: &str, found: &str, tolerance: f64, what: &str) {
    if expected.is_empty() || found.is_empty() {
        assert_eq!(found, expected, "{what}");
        return;
    }
    let (expected, found): (f64, f64) =
        (expected.parse().expect("a number"), found.parse().expect("a number"));
    assert!((expected - found).abs() <= tolerance * expected.abs(), "{what}: {found}, not {expected}");
}
