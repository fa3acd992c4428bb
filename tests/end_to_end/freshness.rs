//! Freshness: texts that are too old are told to whoever asks by a day, and to no output.

use serde_json::Value;

use crate::workspace::Workspace;

/// The shipped corridor, in which press releases of the last 90 days are wanted.
fn watched() -> Workspace {
    let workspace = Workspace::shipped();
    workspace.replace(
        "pipeline.toml",
        "on_error = \"refuse\"",
        "max_age = { press_release = 90, official_statistics = 30 }\non_error = \"refuse\"",
    );
    workspace.pipeline(&["run"]).exits(0);
    workspace
}

#[test]
fn a_day_tells_what_is_stale_and_changes_nothing() {
    let workspace = watched();
    let published = workspace.files(&["curated", "out"]);
    let told = workspace.pipeline(&["run", "--quiet", "--today", "2026-02-24", "--summary-json", "s.json"]);
    told.exits(0)
        .says("warning[stale-topic]: the newest text of kind press_release on ")
        .says("trade is of 2025-11-25: 91 days old on 2026-02-24, and 90 are allowed")
        .says("--> raw/sources.csv:6:1 (sources ein-putin-bishkek-2025)");
    let summary: Value = serde_json::from_str(&workspace.read("s.json")).expect("JSON");
    assert_eq!(summary["outcome"], "nothing_new");
    let stale = summary["stale"].as_array().expect("what is stale");
    assert!(stale.iter().any(|one| one["topic"] == "trade" && one["days"] == 91), "{summary}");
    assert!(workspace.files(&["curated", "out"]) == published);

    // One day earlier all is well, and nothing is printed.
    let told = workspace.pipeline(&["run", "--quiet", "--today", "2026-02-23"]);
    assert_eq!((told.exits(0).stdout.as_str(), told.stderr.as_str()), ("", ""));
    // A run that publishes tells the same, and `check` too.
    workspace.replace("raw/trade.csv", "reached $3 billion,2023", "reached $3.0 billion,2023");
    workspace.pipeline(&["run", "--quiet", "--today", "2026-02-24"]).exits(0).says("stale-topic");
    let findings = workspace.pipeline(&["check", "--today", "2026-02-24", "--format", "json"]);
    let is_stale = |line: &&str| line.contains("\"code\":\"stale-topic\"");
    assert_eq!(findings.exits(0).stdout.lines().filter(is_stale).count(), 1);
    // Without a day nothing is ever stale, whatever the clock says.
    assert!(!workspace.pipeline(&["check"]).stderr.contains("stale-topic"));
    assert!(!workspace.read("curated/findings.csv").contains("stale-topic"));
}

#[test]
fn a_wrong_day_or_kind_is_named() {
    let workspace = watched();
    workspace.pipeline(&["run", "--today", "24.02.2026"]).exits(2).says("write it as 2025-12-31");
    workspace.pipeline(&["run", "--as-of", "2026-02-30"]).exits(2).says("write it as 2025-12-31");
    workspace.replace("pipeline.toml", "press_release = 90", "blog = 90");
    workspace.pipeline(&["run"]).exits(2).says("`blog` in `max_age` is none of official_statistics");
    workspace.replace("pipeline.toml", "blog = 90", "press_release = -1");
    workspace.pipeline(&["run"]).exits(2).says("max_age");
}
