//! The shipped corridor: its committed outputs are those of its committed sheets.

use crate::workspace::{Workspace, repository};

const PUBLISHED: [&str; 2] = ["curated", "out"];

#[test]
fn committed_outputs_reproduce_byte_for_byte() {
    let workspace = Workspace::shipped();
    let committed = workspace.files(&PUBLISHED);
    assert!(!committed.is_empty(), "curated/ and out/ are committed");
    let lock = workspace.read("raw/evidence.lock");
    for folder in PUBLISHED {
        std::fs::remove_dir_all(workspace.path(folder)).expect("a published folder");
    }
    workspace.pipeline(&["run"]).exits(0);
    assert_same(&committed, &workspace.files(&PUBLISHED));
    assert_eq!(workspace.read("raw/evidence.lock"), lock);
}

#[test]
fn a_fresh_clone_is_adopted_and_nothing_is_new() {
    let workspace = Workspace::shipped();
    let committed = workspace.files(&PUBLISHED);
    workspace.pipeline(&["run"]).exits(0).says("nothing new");
    assert_same(&committed, &workspace.files(&PUBLISHED));
}

#[test]
fn deleted_folders_are_put_back() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["run"]).exits(0);
    let committed = workspace.files(&PUBLISHED);
    for folder in PUBLISHED {
        std::fs::remove_dir_all(workspace.path(folder)).expect("a published folder");
    }
    workspace.pipeline(&["run"]).exits(0);
    assert_same(&committed, &workspace.files(&PUBLISHED));
}

/// Where the sources' texts are at hand, beside the repository or in it, every row is verified by
/// them, and the outputs are the same.
#[test]
fn with_the_texts_the_outputs_are_the_same() {
    let beside = [repository().join("../shared/articles"), repository().join("raw/articles")];
    let Some(texts) = beside.iter().find(|folder| folder.is_dir()) else { return };
    let workspace = Workspace::shipped();
    let committed = workspace.files(&PUBLISHED);
    std::fs::create_dir_all(workspace.path("raw/articles")).expect("a folder");
    for entry in std::fs::read_dir(texts).expect("the texts") {
        let path = entry.expect("a text").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            std::fs::copy(&path, workspace.path(&format!("raw/articles/{name}"))).expect("a copy");
        }
    }
    std::fs::remove_file(workspace.path("raw/evidence.lock")).expect("the lock");
    workspace.pipeline(&["run"]).exits(0);
    assert_same(&committed, &workspace.files(&PUBLISHED));
    assert!(workspace.table("claims").iter().all(|claim| claim["evidence_status"] == "verified"));

    workspace.replace("raw/trade.csv", "reached $3 billion,2023", "reached $8 billion,2023");
    let run = workspace.pipeline(&["run"]);
    run.exits(1)
        .says("error[evidence-mismatch]")
        .says("raw/trade.csv:2:6")
        .says("8,000,000,000")
        .says("3,000,000,000");
    assert_same(&committed, &workspace.files(&PUBLISHED));
}

#[test]
fn a_figure_changed_since_it_was_verified_is_vouched_for_no_longer() {
    let workspace = Workspace::shipped();
    workspace.replace("raw/trade.csv", "reached $3 billion,2023", "reached $8 billion,2023");
    let run = workspace.pipeline(&["run"]);
    run.exits(0).says("warning[evidence-outdated]").says("8,000,000,000").says("raw/trade.csv:2:6");
    workspace.pipeline(&["run"]).exits(0).says("nothing new");
    let claims = workspace.table("claims");
    let changed =
        claims.iter().find(|claim| claim["claim_id"] == "turnover-rus-2023-toca").expect("the claim");
    assert_eq!(changed["evidence_status"], "no_text");
}

/// 24 runs, each in a folder of another name: one revision, and the same bytes.
#[test]
fn threads_zones_locales_folders_and_umasks_change_nothing() {
    let mut outputs = Vec::new();
    for jobs in ["1", "2", "8"] {
        for (zone, locale, umask) in [
            ("UTC", "C", "022"),
            ("Asia/Bishkek", "ru_RU.UTF-8", "077"),
            ("America/Lima", "de_DE.UTF-8", "002"),
            ("Pacific/Kiritimati", "tr_TR.UTF-8", "000"),
            ("Pacific/Pago_Pago", "ar_SA.UTF-8", "027"),
            ("Asia/Kathmandu", "zh_CN.GB18030", "022"),
            ("Europe/London", "en_GB.ISO-8859-1", "077"),
            ("No/Such_Zone", "xx", "022"),
        ] {
            let workspace = Workspace::example_in("andes", &format!("лист {jobs}{}", zone.replace('/', " ")));
            let variables = [("TZ", zone), ("LC_ALL", locale)];
            workspace.pipeline_under(umask, &["run", "--jobs", jobs], &variables).exits(0);
            outputs.push(workspace.files(&PUBLISHED));
        }
    }
    assert_eq!(outputs.len(), 24);
    for other in &outputs[1..] {
        assert_same(&outputs[0], other);
    }
}

/// Rows, sheets of a configuration, and columns too.
#[test]
fn the_order_of_rows_and_sheets_changes_cell_positions_alone() {
    let (plain, reversed) = (Workspace::example("andes"), Workspace::example("andes"));
    for sheet in ["facts", "promises", "sources", "indicators", "rates", "steps"] {
        let path = format!("raw/{sheet}.csv");
        let content = reversed.read(&path);
        let (header, rows) = content.split_once('\n').expect("a header");
        let rows: Vec<&str> = rows.lines().rev().collect();
        reversed.write(&path, &format!("{header}\n{}\n", rows.join("\n")));
    }
    let config = reversed.read("pipeline.toml");
    let mut parts: Vec<&str> = config.split("\n[[sheet]]\n").collect();
    parts[1..].reverse();
    reversed.write("pipeline.toml", &(parts.join("\n\n[[sheet]]\n") + "\n"));
    plain.pipeline(&["run"]).exits(0);
    reversed.pipeline(&["run"]).exits(0);
    let tables = plain.files(&["curated"]).into_iter().map(|(name, _)| name);
    let tables: Vec<String> = tables.filter(|name| name.ends_with(".csv")).collect();
    assert_eq!(tables.len(), 13);
    for name in tables {
        let name = name.trim_start_matches("curated/").trim_end_matches(".csv").to_owned();
        let without_cells = |workspace: &Workspace| {
            let mut rows = workspace.table(&name);
            for row in &mut rows {
                row.remove("cell");
            }
            rows
        };
        assert_eq!(without_cells(&plain), without_cells(&reversed), "{name}");
    }
}

fn assert_same(expected: &[(String, Vec<u8>)], found: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(found), names(expected));
    for ((name, before), (_, after)) in expected.iter().zip(found) {
        assert!(before == after, "{name} differs");
    }
}
