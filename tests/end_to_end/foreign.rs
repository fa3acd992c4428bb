//! A workbook that nobody made for this program, mapped without code; and mappings that are wrong.

use std::collections::BTreeMap;

use crate::workspace::{Workspace, copy, repository};

fn foreign() -> Workspace {
    let workspace = Workspace::empty();
    copy(&repository().join("examples/foreign"), &workspace.path(""));
    workspace
}

#[test]
fn years_across_become_rows_with_their_own_cells() {
    let workspace = foreign();
    workspace.pipeline(&["run"]).exits(0);
    let claims = workspace.table("claims");
    let claims: BTreeMap<&str, _> = claims.iter().map(|row| (row["claim_id"].as_str(), row)).collect();
    for (id, cell, partner, period, lower, upper) in [
        ("exports-Казахстан-2021", "B7", "KAZ", "2021", "347050000.0", "347150000.0"),
        ("exports-Российская-Федерация-2023", "D6", "RUS", "2023", "752050000.0", "752150000.0"),
        ("imports-Российская-Федерация-2023", "G6", "RUS", "2023", "2108850000.0", "2108950000.0"),
        ("imports-Казахстан-2021", "E7", "KAZ", "2021", "740500000.0", "741500000.0"),
        ("stock-Russia-2023", "C5", "RUS", "2023", "1350050000.0", "1350150000.0"),
        ("stock-growth-Kazakhstan-2023", "D7", "KAZ", "2023", "11.155", "11.165"),
    ] {
        let claim = claims.get(id).unwrap_or_else(|| panic!("no {id}"));
        let found =
            ["cell", "partner", "period_label", "lower", "upper"].map(|column| claim[column].as_str());
        assert_eq!(found, [cell, partner, period, lower, upper], "{id}");
    }
    assert_eq!(claims.len(), 22, "totals, footnotes, missing and hidden cells are no claims");
}

#[test]
fn every_row_is_accounted_for() {
    let workspace = foreign();
    workspace.pipeline(&["run"]).exits(0);
    let run: serde_json::Value = serde_json::from_str(&workspace.read("out/run.json")).expect("JSON");
    let count = |name: &str| run["counts"]["rows"][name].as_u64().expect("a count");
    assert_eq!(count("read"), count("published") + count("refused") + count("skipped") + count("blank"));
    assert!(count("skipped") > 0);
}

#[test]
fn refused_rows_are_set_aside_and_counted() {
    let workspace = foreign();
    workspace.replace("pipeline.toml", "[settings]", "[settings]\non_error = \"quarantine\"");
    workspace.replace("pipeline.toml", "null = [\"..\", \"…\"]", "null = [\"…\"]");
    workspace.write(
        "raw/sources.csv",
        "source_id,title,publisher,published_on,language,kind\n\
         yearbook-2024,Yearbook,Committee,2024-09-01,ru,official_statistics\n\
         twice,One,Committee,2024-09-01,ru,press\n\
         twice,Another,Committee,2024-09-02,ru,press\n\
         undated,Third,Committee,someday,ru,press\n",
    );
    workspace.pipeline(&["run"]).exits(0).says("4 rows set aside in out/rejects.csv");
    let rejects = workspace.read("out/rejects.csv");
    for line in [
        "raw/sources.csv,,3,duplicate-id",
        "raw/sources.csv,,4,duplicate-id",
        "raw/sources.csv,,5,no-period",
        "raw/yearbook.xlsx,Товарооборот,7,no-figure",
    ] {
        assert!(rejects.contains(line), "no `{line}` in:\n{rejects}");
    }
    assert!(rejects.contains("Казахстан"), "the cells are there:\n{rejects}");
    let run: serde_json::Value = serde_json::from_str(&workspace.read("out/run.json")).expect("JSON");
    let count = |name: &str| run["counts"]["rows"][name].as_u64().expect("a count");
    assert_eq!(count("refused"), 4);
    assert_eq!(count("read"), count("published") + count("refused") + count("skipped") + count("blank"));
    assert_eq!(workspace.table("sources").len(), 1);
    assert_eq!(workspace.table("claims").len(), 22);
    // Mended, the file says so.
    workspace.replace("pipeline.toml", "null = [\"…\"]", "null = [\"..\", \"…\"]");
    workspace.pipeline(&["run"]).exits(0).says("3 rows set aside");
}

#[test]
fn a_mapping_that_is_wrong_says_where() {
    for (from, to, code, says) in [
        ("ignore = [\"Примечание\"]", "ignore = []", 1, "`Примечание` is no column of a sheet of claims"),
        (
            "ignore = [\"Примечание\"]",
            "ignore = [\"Примечание\", \"Сноска\"]",
            2,
            "pipeline.toml:19:1: no sheet has `Сноска` under `ignore`",
        ),
        (
            "\"Country\" = \"partner\", \"Year\" = \"period\", \"Stock",
            "\"Countri\" = \"partner\", \"Year\" = \"period\", \"Stock",
            2,
            "did you mean `Country`?",
        ),
        ("id = \"stock-{partner}-{period}\"\n\n", "\n", 1, "the sheet of claims has no column `claim_id`"),
        ("{partner}, {period}: {value} {unit}", "{partnr}", 1, "the sheet has no `partnr`"),
        ("to = \"{indicator} {period}\"", "to = \"{indicator}: {period}\"", 1, "does not fit the pattern"),
        ("sheets = [\"Товарооборот\"]", "sheets = [\"Оборот\"]", 2, "has no sheet `Оборот`"),
        (
            "file = \"raw/sources.csv\"",
            "file = \"../sources.csv\"",
            2,
            "pipeline.toml:11:8: `../sources.csv` is no path below",
        ),
        ("kind = \"sources\"", "kind = \"source\"", 2, "pipeline.toml:12:8: kind `source` is none of"),
        ("header_rows = 2", "header_rowz = 2", 2, "unknown field `header_rowz`"),
    ] {
        let workspace = foreign();
        workspace.replace("pipeline.toml", from, to);
        workspace.pipeline(&["check"]).exits(code).says(says);
    }
}
