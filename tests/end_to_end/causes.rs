//! `pipeline diff` says why: one small corridor, one change at a time, and the heading that must tell it.

use std::process::Command;

use serde_json::Value;

use crate::workspace::{Workspace, repository};

fn published() -> Workspace {
    let workspace = Workspace::example("andes");
    workspace.pipeline(&["run"]).exits(0);
    workspace
}

/// Replaces a word in every sheet that has it.
fn rename(workspace: &Workspace, from: &str, to: &str) {
    for sheet in ["facts", "indicators", "promises", "sources", "steps"] {
        let path = format!("raw/{sheet}.csv");
        workspace.write(&path, &workspace.read(&path).replace(from, to));
    }
}

#[test]
fn each_cause_is_told() {
    type Edit = fn(&Workspace);
    // What is done, and the headings: every cause and no other.
    let cases: [(&str, Edit, &[&str]); 12] = [
        (
            "a rate",
            |w| w.replace("raw/rates.csv", "PEN,2025,3.6", "PEN,2025,4"),
            &["rates PEN 2025: 3.6 → 4 for one dollar [raw/rates.csv] — totals: 1 changed"],
        ),
        (
            "a rate that is taken out",
            |w| w.replace("raw/rates.csv", "BOB,2025,6.9,central bank of Bolivia\n", ""),
            &["rates BOB 2025: 6.9 for one dollar, no longer used [raw/rates.csv] — totals: 1 changed"],
        ),
        (
            "an indicator's bounds",
            |w| w.replace("raw/indicators.csv", ",,0,,higher,Money", ",,0,50000000,higher,Money"),
            &[
                "vocabulary road_fund: maximum nothing → “50000000.0” — claims: 1 changed; observations: 1 changed",
            ],
        ),
        (
            "a renamed indicator",
            |w| rename(w, "goods_exports", "exports_of_goods"),
            &[
                "renamed exports_of_goods: goods_exports → exports_of_goods — claims: 3 changed; observations: ",
            ],
        ),
        (
            "a renamed source",
            |w| rename(w, "chamber-2025", "chamber-review"),
            &["renamed chamber-review: chamber-2025 → chamber-review — claims: 3 changed"],
        ),
        (
            "a renamed claim",
            |w| rename(w, "exports-2023,", "exports-before,"),
            &[
                "renamed exports-before: exports-2023 → exports-before [raw/facts.csv:4:6] — claims: 1 renamed",
            ],
        ),
        (
            "a renamed commitment",
            |w| rename(w, "road-peru,", "road-money-peru,"),
            &[
                "renamed road-money-peru: road-peru → road-money-peru [raw/promises.csv:4:9] — commitments: 1 renamed",
            ],
        ),
        (
            "the order of authority",
            |w| {
                let config = w.read("pipeline.toml");
                w.write("pipeline.toml", &format!("[settings]\nauthority = [\"press\", \"official_statistics\", \"official_statement\", \"wire\", \"press_release\", \"aggregator\"]\n{config}"));
            },
            &["configuration pipeline.toml: a setting changed — observations: "],
        ),
        (
            "the kind of a source",
            |w| {
                w.replace(
                    "raw/sources.csv",
                    "border,2025-03-03,press",
                    "border,2025-03-03,official_statistics",
                )
            },
            &["source changed chamber-2025: kind “press” → “official_statistics” — "],
        ),
        (
            "a rank",
            |w| {
                w.replace("raw/facts.csv", "measure,evidence\n", "measure,evidence,rank,rank_reason\n");
                let mut lines: Vec<String> = w.read("raw/facts.csv").lines().map(str::to_owned).collect();
                for line in &mut lines[1..] {
                    line.push_str(if line.starts_with("visitors-2024-chamber") {
                        ",preferred,a full count"
                    } else {
                        ",,"
                    });
                }
                w.write("raw/facts.csv", &(lines.join("\n") + "\n"));
            },
            &[
                "another claim preferred visitors-2024-chamber: rank “normal” → “preferred”, rank_reason nothing → “a full count” [raw/facts.csv:7:6] — claims: 1 changed; observations: 1 changed",
            ],
        ),
        (
            "a withdrawn claim",
            |w| {
                let kept: Vec<String> = w
                    .read("raw/facts.csv")
                    .lines()
                    .filter(|line| !line.starts_with("fund-2025"))
                    .map(str::to_owned)
                    .collect();
                w.write("raw/facts.csv", &(kept.join("\n") + "\n"));
            },
            &[
                "withdrawn claim fund-2025 [raw/facts.csv:8:6] — claims: 1 withdrawn; observations: 1 withdrawn",
            ],
        ),
        (
            "a step of a commitment",
            |w| w.append("raw/steps.csv", "road-peru,2025-06-20,signed,ministers-2025,\n"),
            &["new event road-peru: signed on 2025-06-20 [raw/steps.csv:3:3] — commitments: 1 changed"],
        ),
    ];
    for (what, edit, headings) in cases {
        let workspace = published();
        edit(&workspace);
        workspace.pipeline(&["run"]).exits(0);
        let told = workspace.pipeline(&["diff"]);
        let found: Vec<&str> = told
            .exits(0)
            .stdout
            .lines()
            .filter(|line| !line.starts_with(' ') && line.contains(" — "))
            .collect();
        assert_eq!(found.len(), headings.len(), "{what}:\n{}", told.stdout);
        for (heading, expected) in found.iter().zip(headings) {
            assert!(heading.starts_with(expected), "{what}:\n{}", told.stdout);
        }
    }
}

/// A claim that is not the best one narrows what is known, and so what is derived from it.
#[test]
fn what_is_derived_changes_with_what_it_is_derived_from() {
    let workspace = Workspace::example("andes");
    std::fs::remove_dir_all(workspace.path("raw/articles")).expect("the texts");
    let claim = |figure: &str| {
        format!(
            "exports-2024-too,chamber-2025,goods_exports,Peru,Bolivia,over {figure} million dollars,2024,level,over {figure} million dollars\n"
        )
    };
    workspace.append("raw/facts.csv", &claim("812.36"));
    workspace.pipeline(&["run"]).exits(0);
    workspace.replace("raw/facts.csv", &claim("812.36"), &claim("812.44"));
    workspace.pipeline(&["run"]).exits(0);
    let told = workspace.pipeline(&["diff"]).stdout;
    let headings: Vec<&str> =
        told.lines().filter(|line| !line.starts_with(' ') && line.contains(" — ")).collect();
    let heading = "sheet cell changed exports-2024-too: stated “over 812.36 million dollars” → ";
    assert!(matches!(&headings[..], [one] if one.starts_with(heading)), "{told}");
    assert!(told.contains("~ observation goods_exports.PER.BOL.growth:2024 against 2023 = "), "{told}");
}

/// What an older program published lies beside what this one reads in the same cells.
#[test]
fn a_program_that_reads_otherwise_is_named() {
    let workspace = published();
    workspace.copy_from(&workspace, "curated", "old/curated");
    workspace.copy_from(&workspace, "out", "old/out");
    workspace.replace(
        "old/out/run.json",
        "\"program\": \"pipeline 0.1.0\"",
        "\"program\": \"pipeline 0.0.9\"",
    );
    let claims = workspace
        .read("old/curated/claims.csv")
        .replace(",about $850 million,~,850000000.0,", ",about $850 million,~,850.0,");
    workspace.write("old/curated/claims.csv", &claims);
    let told = workspace.pipeline(&["diff", "old", "HEAD"]).stdout;
    let heading = "program version: pipeline 0.0.9 → pipeline 0.1.0 reads the same cells differently — claims: 1 changed";
    assert!(told.contains(heading), "{told}");
    assert!(told.contains("~ claim imports-2024: about 850 → about 850 million USD (+"), "{told}");
}

#[test]
fn what_git_keeps_is_compared_with_or_without_a_store() {
    let workspace = published();
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=desk", "-c", "user.email=desk@example.org", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").arg("-C").arg(workspace.path("")).args(who).args(arguments).status();
        assert!(status.expect("git").success(), "{arguments:?}");
    };
    git(&["init", "--quiet", "--initial-branch", "sheets"]);
    git(&["add", "curated", "out", "raw", "pipeline.toml"]);
    git(&["commit", "--quiet", "--message", "first"]);
    git(&["tag", "published-first"]);
    workspace.replace("raw/facts.csv", "765 million dollars,2023", "766 million dollars,2023");
    workspace.replace("raw/facts.csv", "been 765 million", "been 766 million");
    workspace.replace("raw/articles/customs-2025.txt", "765 million", "766 million");
    workspace.pipeline(&["run"]).exits(0);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "second"]);
    let tells = |arguments: &[&str], from: &str| {
        let told = workspace.pipeline(&[&["diff"], arguments].concat());
        assert!(told.exits(0).stdout.starts_with(&format!("from {from}\n")), "{}", told.stdout);
        assert!(told.stdout.contains("765 million → 766 million USD"), "{}", told.stdout);
    };
    tells(&["git:HEAD~1"], "git:HEAD~1");
    tells(&["published-first"], "git:published-first");
    tells(&["git:published-first", "curated"], "git:published-first");
    // Where nothing is kept, HEAD is git's.
    std::fs::remove_dir_all(workspace.path(".pipeline")).expect("the store");
    tells(&[], "git:HEAD~1");
    tells(&["published-first", "HEAD"], "git:published-first");
    workspace
        .pipeline(&["diff", "nonesuch"])
        .exits(2)
        .says("nonesuch")
        .says("nothing has been published here yet");
}

/// The keys that the published schema knows are those that are written.
#[test]
fn the_json_is_what_its_schema_says() {
    let schema = repository().join("crates/pipeline/diff.schema.json");
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(schema).expect("the schema")).expect("JSON");
    let workspace = published();
    let first = workspace.pipeline(&["diff", "--format", "json"]).stdout;
    conforms(&serde_json::from_str(&first).expect("JSON"), &schema, &schema, "first");
    std::fs::remove_dir_all(workspace.path("raw/articles")).expect("the texts");
    workspace.replace("raw/rates.csv", "BOB,2025,6.9", "BOB,2025,7");
    rename(&workspace, "over 41 million soles", "over 42 million soles");
    rename(&workspace, "exports-2023,", "exports-before,");
    workspace.pipeline(&["run"]).exits(0);
    let diff = workspace.pipeline(&["diff", "--format", "json"]).stdout;
    let diff: Value = serde_json::from_str(&diff).expect("JSON");
    let tables: Vec<&Value> =
        diff["changes"].as_array().expect("changes").iter().map(|one| &one["table"]).collect();
    assert_eq!(tables, ["claims", "claims", "observations", "totals"]);
    conforms(&diff, &schema, &schema, "diff");
}

/// As much of JSON Schema as that file uses.
fn conforms(value: &Value, schema: &Value, root: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return conforms(value, &root["$defs"][name], root, at);
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{at}");
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value}");
    }
    let is_a = |kind: &Value| match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        Some("null") => value.is_null(),
        _ => panic!("{at}: the schema says {kind}"),
    };
    match schema.get("type") {
        Some(Value::Array(kinds)) => assert!(kinds.iter().any(is_a), "{at}: {value}"),
        Some(kind) => assert!(is_a(kind), "{at}: {value}"),
        None => {}
    }
    if let Some(object) = value.as_object() {
        for required in schema["required"].as_array().expect("what is required") {
            assert!(object.contains_key(required.as_str().expect("a key")), "{at}: no {required}");
        }
        for (key, value) in object {
            let known =
                schema["properties"].get(key).unwrap_or_else(|| panic!("{at}: {key} is not in the schema"));
            conforms(value, known, root, &format!("{at}.{key}"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(item, &schema["items"], root, &format!("{at}[]"));
    }
}
