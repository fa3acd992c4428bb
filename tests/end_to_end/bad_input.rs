//! Bad input: each fault is a finding with its place and how to mend it, and nothing is published.

use std::collections::HashMap;

use crate::workspace::{Workspace, repository};

#[test]
fn each_fault_is_named_and_nothing_is_published() {
    let path = repository().join("tests/cases/bad_input.csv");
    let mut cases =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_path(path).expect("the cases");
    let published = Workspace::example("andes");
    published.pipeline(&["run"]).exits(0);
    let before = published.files(&["curated", "out"]);
    let mut wrong = Vec::new();
    for case in cases.deserialize::<HashMap<String, String>>() {
        let case = case.expect("a case");
        let workspace = Workspace::example("andes");
        workspace.pipeline(&["run"]).exits(0);
        workspace.replace(&case["file"], &case["from"], &case["to"]);
        let run = workspace.pipeline(&["run"]);
        let heading = format!("error[{}]", case["code"]);
        let expected = [heading, format!("--> {}", case["place"]), case["says"].clone()];
        let is_said = expected.iter().all(|text| run.stderr.contains(text.as_str()));
        if run.code != Some(1) || !is_said || workspace.files(&["curated", "out"]) != before {
            wrong.push(format!("{}: exit {:?}\n{}", case["case"], run.code, run.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn all_findings_are_shown_at_once() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/facts.csv", "fund-2025,chamber-2025", "fund-2025,chamber-2052");
    workspace.replace("raw/facts.csv", "Peru,,over 41 million soles", "Peru,,a great deal");
    workspace.replace("raw/rates.csv", "PEN,2025,3.6", "PEN,2025,0");
    let run = workspace.pipeline(&["check"]);
    run.exits(1)
        .says("error[unknown-source]")
        .says("error[no-figure]")
        .says("error[bad-number]")
        .says("3 errors");
}

#[test]
fn rows_of_a_refused_list_are_not_blamed_for_it() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/sources.csv", "2025-02-14", "2025-02-30");
    let run = workspace.pipeline(&["run"]);
    run.exits(1).says("error[no-such-date]").says("1 error");
}

#[test]
fn an_empty_file_is_one_finding() {
    for (file, content) in [("raw/rates.csv", ""), ("raw/sources.csv", "\n\n"), ("raw/steps.csv", "\u{feff}")]
    {
        let workspace = Workspace::example("andes");
        workspace.write(file, content);
        let check = workspace.pipeline(&["check"]);
        check.exits(1).says("error[empty-sheet]").says(file);
        assert!(!check.stderr.contains("missing-column"), "{}", check.stderr);
    }
}

#[test]
fn an_unknown_encoding_is_a_fault_of_the_configuration() {
    let workspace = Workspace::example("andes");
    workspace.replace(
        "pipeline.toml",
        "file = \"raw/rates.csv\"",
        "file = \"raw/rates.csv\"\nencoding = \"cp9999\"",
    );
    workspace.pipeline(&["check"]).exits(2).says("raw/rates.csv").says("`cp9999`");
}

#[test]
fn findings_are_annotations_and_objects_too() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/facts.csv", "Peru,,over 41 million soles", "Peru,,a great deal");
    let github = workspace.pipeline(&["check", "--format", "github"]);
    assert!(
        github.stdout.contains("::error title=no-figure,file=raw/facts.csv,line=8,col=6::"),
        "{}",
        github.stdout
    );
    let json = workspace.pipeline(&["check", "--format", "json"]);
    let objects: Vec<serde_json::Value> =
        json.stdout.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert!(objects.iter().any(|finding| finding["code"] == "no-figure" && finding["cell"] == "8:6"));
}

/// Nobody reads a row that a rule leaves out: what is wrong with it refuses nothing. Other rows are held to all of it.
#[test]
fn rows_that_are_skipped_are_not_blamed() {
    let workspace = Workspace::example("andes");
    workspace.replace(
        "pipeline.toml",
        "file = \"raw/facts.csv\"\nkind = \"claims\"",
        "file = \"raw/facts.csv\"\nkind = \"claims\"\nskip_rows_where = { claim_id = [\"Total*\", \"Part *\"] }",
    );
    workspace.replace(
        "pipeline.toml",
        "file = \"raw/rates.csv\"\nkind = \"rates\"",
        "file = \"raw/rates.csv\"\nkind = \"rates\"\nskip_rows_where = { currency = \"Total\" }",
    );
    workspace.append("raw/facts.csv", "Part two\nTotal of all,1,2,3,4,5,6,7,8,9,10,11\n");
    workspace.append("raw/rates.csv", "Total,2025\n");
    let check = workspace.pipeline(&["check"]);
    assert!(!check.exits(0).stderr.contains("ragged-row"), "{}", check.stderr);
    workspace.append("raw/rates.csv", "USD,2025\n");
    workspace
        .pipeline(&["check"])
        .exits(1)
        .says("error[ragged-row]")
        .says("raw/rates.csv:5")
        .says("2 errors");
}

/// What is said does not depend on which thread was first.
#[test]
fn every_broken_workbook_is_named_in_order() {
    let workspace = Workspace::example("andes");
    for name in ["one.xlsx", "two.xlsx", "three.xlsx"] {
        workspace.write(&format!("raw/{name}"), "PK\u{3}\u{4} and nothing more");
        workspace
            .append("pipeline.toml", &format!("\n[[sheet]]\nfile = \"raw/{name}\"\nkind = \"claims\"\n"));
    }
    for _ in 0..3 {
        let check = workspace.pipeline(&["check"]);
        let told = &check.exits(1).stderr;
        let places = ["raw/one.xlsx", "raw/three.xlsx", "raw/two.xlsx"].map(|name| told.find(name));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{told}");
    }
}

#[test]
fn caps_can_be_set_and_are_named() {
    for (cap, name) in [("rows = 3", "rows"), ("columns = 4", "columns"), ("cell_bytes = 20", "cell_bytes")] {
        let workspace = Workspace::example("andes");
        workspace.append("pipeline.toml", &format!("\n[settings.limits]\n{cap}\n"));
        workspace.pipeline(&["check"]).exits(1).says(&format!("the limit `{name}`"));
    }
}

#[test]
fn a_text_that_is_no_sources_is_told_and_not_published() {
    let workspace = Workspace::example("andes");
    std::fs::rename(
        workspace.path("raw/articles/chamber-2025.txt"),
        workspace.path("raw/articles/chamber_2025.txt"),
    )
    .expect("another name");
    let run = workspace.pipeline(&["run"]);
    run.exits(0).says("warning[stray-text]").says("raw/articles/chamber_2025.txt").says("chamber-2025.txt");
    let count = run.stderr.matches("\nwarning[").count() + usize::from(run.stderr.starts_with("warning["));
    run.says(&format!("{count} warning"));
    assert!(!workspace.read("curated/findings.csv").contains("stray-text"));
}

#[test]
fn a_phrase_that_contradicts_its_row_is_told_without_a_text_too() {
    let workspace = Workspace::example("andes");
    std::fs::remove_dir_all(workspace.path("raw/articles")).expect("the texts");
    let check = workspace.pipeline(&["check"]);
    assert!(!check.exits(0).stderr.contains("evidence-differs"), "{}", check.stderr);
    workspace.replace(
        "raw/facts.csv",
        "Bolivia,\"some 214,300 visitors\"",
        "Bolivia,\"some 241,300 visitors\"",
    );
    let check = workspace.pipeline(&["check"]);
    check.exits(0).says("warning[evidence-differs]").says("raw/facts.csv:6:6").says("214,300");
}

#[test]
fn a_promise_that_announces_itself_is_not_proposed_to_itself() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/promises.csv", "counts_in_totals,evidence", "counts_in_totals,evidence,same_as");
    workspace.replace(
        "raw/promises.csv",
        "sales of $1.2 billion by 2028",
        "sales of $1.2 billion by 2028,exports-2028",
    );
    workspace.replace("raw/promises.csv", "60 million bolivianos\n", "60 million bolivianos,\n");
    workspace.replace("raw/promises.csv", "a further 20 million soles", "a further 20 million soles,");
    let run = workspace.pipeline(&["check"]);
    run.exits(1).says("error[unknown-reference]");
    assert!(!run.stderr.contains("did you mean `exports-2028`"), "{}", run.stderr);
}

/// What follows from one wrong cell names that cell, and does not ask for a row that is there.
#[test]
fn rows_that_name_a_refused_row_say_where_it_was_refused() {
    for on_error in ["refuse", "quarantine"] {
        let workspace = Workspace::example("andes");
        workspace.append("pipeline.toml", &format!("\n[settings]\non_error = \"{on_error}\"\n"));
        workspace.replace(
            "raw/promises.csv",
            "road-peru,ministers-2025,Peru,",
            "road-peru,ministers-2025,Perru,",
        );
        workspace.append("raw/steps.csv", "road-peru,2025-06-20,signed,ministers-2025,\n");
        let facts = workspace
            .read("raw/facts.csv")
            .replace(",goods_exports,Peru,Bolivia,6.2%", ",goods_exports,Perru,Bolivia,6.2%");
        let with_supersedes = |line: &str| match line.split(',').next() {
            Some("claim_id") => format!("{line},supersedes\n"),
            Some("exports-2023") => format!("{line},exports-2024-growth\n"),
            _ => format!("{line},\n"),
        };
        workspace.write("raw/facts.csv", &facts.lines().map(with_supersedes).collect::<String>());
        let check = workspace.pipeline(&["check"]);
        check
            .says("the row `road-peru` that `commitment_id` names was refused, at raw/promises.csv:4:3")
            .says("the row `exports-2024-growth` that `supersedes` names was refused, at raw/facts.csv:3:4");
        assert!(!check.stderr.contains("names nothing"), "{}", check.stderr);
    }
}

/// Neither does what follows from that in turn.
#[test]
fn a_step_of_a_promise_whose_indicator_was_refused_does_not_name_nothing() {
    let workspace = Workspace::example("andes");
    workspace.replace(
        "raw/indicators.csv",
        "goods_exports,Exports of goods,trade,USD",
        "goods_exports,Exports of goods,trade,UDS",
    );
    let check = workspace.pipeline(&["check"]);
    check.says("error[unknown-unit]").says("the row `exports-2028` that `commitment_id` names was refused");
    assert!(!check.stderr.contains("names nothing"), "{}", check.stderr);
}

/// A growth of a growth misleads: rates move by percentage points.
#[test]
fn rates_change_by_percentage_points() {
    let workspace = Workspace::example("andes");
    std::fs::remove_dir_all(workspace.path("raw/articles")).expect("the texts");
    workspace.pipeline(&["run"]).exits(0);
    workspace.replace("raw/facts.csv", ",Bolivia,6.2%,", ",Bolivia,7.4%,");
    workspace.replace("raw/facts.csv", ",6.2% more than", ",7.4% more than");
    workspace.pipeline(&["run"]).exits(0);
    let told = workspace.pipeline(&["diff"]).stdout;
    assert!(told.contains("6.2 → 7.4 % (+1.2 pp)"), "{told}");
    assert!(!told.contains(" pp, "), "{told}");
}
