//! The other commands, and what every command promises.

use crate::workspace::Workspace;

#[test]
fn explain_goes_from_the_phrase_to_what_follows_and_back() {
    let workspace = Workspace::example("andes");
    let claim = workspace.pipeline(&["explain", "exports-2024"]);
    claim.exits(0);
    for text in [
        "cell       raw/facts.csv:2:6",
        "evidence   “goods worth 812.4 million US dollars to Bolivia in 2024” (verified)",
        "observation goods_exports.PER.BOL:2024",
        "measures   exports-2028: behind",
    ] {
        assert!(claim.stdout.contains(text), "no `{text}` in:\n{}", claim.stdout);
    }
    let by_cell = workspace.pipeline(&["explain", "raw/facts.csv:2:6"]);
    assert_eq!(by_cell.exits(0).stdout, claim.stdout);
    let observation = workspace.pipeline(&["explain", "visitors.PER.BOL:2024"]);
    assert!(observation.exits(0).stdout.contains("in conflict"));
    let commitment = workspace.pipeline(&["explain", "exports-2028"]);
    assert!(commitment.exits(0).stdout.contains("verdict    behind"));
    let series = workspace.pipeline(&["explain", "goods_exports.PER.BOL"]);
    let known = "  known      goods_exports.PER.BOL:2024: $812.4 million: [812.35 million, 812.45 million]";
    assert!(series.exits(0).stdout.contains(known), "{}", series.stdout);
    let indicator = workspace.pipeline(&["explain", "goods_exports"]);
    for text in
        ["cell       raw/indicators.csv:2:1", "series     goods_exports.PER.BOL: ", "commitment exports-2028"]
    {
        assert!(indicator.exits(0).stdout.contains(text), "no `{text}` in:\n{}", indicator.stdout);
    }
    workspace.pipeline(&["explain", "exports-2204"]).exits(2).says("did you mean `exports-2024`");
    // Of one level no growth follows: such a series is not there to be meant.
    let growth = workspace.pipeline(&["explain", "visitors.PER.BOL.growth"]);
    growth.exits(2).says("did you mean `visitors.PER.BOL`");
}

/// A cell is named as the shell completes it, wherever in the workspace somebody stands.
#[test]
fn a_cell_is_found_from_any_folder_of_the_workspace() {
    let workspace = Workspace::example("andes");
    let claim = workspace.pipeline(&["explain", "exports-2024"]).stdout;
    for (folder, cell) in [
        ("", "./raw/facts.csv:2:6"),
        ("raw", "facts.csv:2:6"),
        ("raw", "./facts.csv:2"),
        ("raw/articles", "../facts.csv:2:6"),
        ("raw", "raw/facts.csv:2:6"),
    ] {
        let told = workspace.pipeline_in(folder, &["explain", cell]);
        assert_eq!(told.exits(0).stdout, claim, "{cell} from {folder}");
    }
    let outside = workspace.pipeline(&["explain", "../facts.csv:2:6"]);
    outside.exits(2).says("is no claim, observation, series, indicator, commitment, source or cell");
}

#[test]
fn before_the_first_publication_every_command_says_what_to_do() {
    let workspace = Workspace::example("andes");
    workspace.pipeline(&["log"]).exits(0).says("nothing has been published here yet");
    assert_eq!(workspace.pipeline(&["log", "--format", "json"]).exits(0).stdout, "[]\n");
    workspace.pipeline(&["diff"]).exits(2).says("nothing has been published here yet: `pipeline run` does");
    workspace.pipeline(&["restore", "HEAD"]).exits(2).says("no kept revision is called `HEAD`");
    workspace.pipeline(&["verify"]).exits(0);
    workspace.pipeline(&["explain", "exports-2024"]).exits(0);
}

#[test]
fn parse_reads_lines_and_writes_objects() {
    let workspace = Workspace::empty();
    let read = |arguments: &[&str], line: &str| -> serde_json::Value {
        let run = workspace.pipeline_reading(arguments, format!("{line}\n"));
        serde_json::from_str(&run.exits(0).stdout).expect("one object")
    };
    let quantity = read(&["parse", "quantity"], "товарооборот вырос почти до 3 млрд долларов");
    let found = &quantity["found"][0];
    assert_eq!((found["comparator"].as_str(), found["value"].as_f64()), (Some("<~"), Some(3e9)));
    assert_eq!(found["unit"], "USD");
    let text: String = "товарооборот вырос почти до 3 млрд долларов".chars().collect();
    let (start, end) = (found["start"].as_u64().expect("a start"), found["end"].as_u64().expect("an end"));
    let span: String = text.chars().skip(start as usize).take((end - start) as usize).collect();
    assert_eq!(found["text"], span);

    let period = read(&["parse", "period"], "in the first four months of 2024");
    assert_eq!(period["found"][0]["label"], "2024-01/2024-04");
    let relative = read(&["parse", "period", "--anchor", "2025-01-22"], "last year");
    assert_eq!(relative["found"][0]["from"], "2024-01-01");
    assert_eq!(read(&["parse", "place"], "Congo, Dem. Rep.")["place"]["alpha3"], "COD");
    assert!(read(&["parse", "place"], "Eastern Asia")["place"].is_null());
}

#[test]
fn cat_prints_plain_csv_and_says_the_dialect() {
    let workspace = Workspace::empty();
    workspace.write("mess.csv", "страна;сумма\r\nПеру;1,5\r\n\"Боливия; юг\";2\r\n");
    let cat = workspace.pipeline(&["cat", "mess.csv"]);
    assert_eq!(cat.exits(0).stdout, "страна,сумма\nПеру,\"1,5\"\nБоливия; юг,2\n");
    let dialect = workspace.pipeline(&["cat", "mess.csv", "--dialect"]);
    let dialect: serde_json::Value = serde_json::from_str(&dialect.exits(0).stdout).expect("one object");
    assert_eq!((dialect["delimiter"].as_str(), dialect["terminator"].as_str()), (Some(";"), Some("\r\n")));
    assert_eq!((dialect["header_row"].as_u64(), dialect["rows"].as_u64()), (Some(1), Some(2)));
    workspace.pipeline(&["cat", "absent.csv"]).exits(74);
}

#[test]
fn a_quote_far_down_belongs_to_the_dialect() {
    let workspace = Workspace::empty();
    let rows = "Osh,2023,1.5\n".repeat(20_000);
    workspace.write("long.csv", &format!("place,year,value\n{rows}\"Osh, city\",2024,2.5\n"));
    let dialect = workspace.pipeline(&["cat", "long.csv", "--dialect"]);
    let dialect: serde_json::Value = serde_json::from_str(&dialect.exits(0).stdout).expect("one object");
    assert_eq!((dialect["quote"].as_str(), dialect["rows"].as_u64()), (Some("\""), Some(20_001)));
}

#[test]
fn cat_loses_nothing_and_says_what_is_wrong() {
    let workspace = Workspace::empty();
    workspace.write("ragged.csv", "a,b,c\n1,2\n1,2,3,4\n");
    let ragged = workspace.pipeline(&["cat", "ragged.csv"]);
    assert_eq!(ragged.exits(1).stdout, "a,b,c,\n1,2,,\n1,2,3,4\n");
    assert!(ragged.stderr.contains("ragged.csv:2:1"), "{}", ragged.stderr);

    workspace.write("open.csv", "a,b\n1,\"open\n2,3\n");
    let open = workspace.pipeline(&["cat", "open.csv"]);
    assert_eq!(open.exits(1).stdout, "a,b\n1,\"\"\"open\"\n2,3\n");
    assert!(open.stderr.contains("unterminated-quote") && open.stderr.contains("open.csv:2:2"));

    let stray = b"a,b\nBishkek,\xff\nOsh,\xd0\x9e\xd1\x88\n";
    std::fs::write(workspace.path("stray.csv"), stray).expect("a writable workspace");
    let stray = workspace.pipeline(&["cat", "stray.csv"]);
    assert_eq!(stray.exits(1).stdout, "a,b\nBishkek,\u{fffd}\nOsh,Ош\n");
    assert!(stray.stderr.contains("undecodable-text") && stray.stderr.contains("stray.csv:2:2"));

    let sheet = workspace.pipeline(&["cat", "ragged.csv", "--sheet", "Facts"]);
    assert!(sheet.exits(2).stderr.contains("`--sheet` is for workbooks"));
}

/// What an error advises must help.
#[test]
fn cat_heeds_the_limits_of_the_configuration_where_there_is_one() {
    let workspace = Workspace::empty();
    workspace.write("sheet.csv", "a,b,c\n1,2,3\n");
    workspace.pipeline(&["cat", "sheet.csv"]).exits(0);
    workspace.write("pipeline.toml", "[settings.limits]\ncolumns = 2\n");
    workspace.pipeline(&["cat", "sheet.csv"]).exits(1).says("`columns`");
}

#[test]
fn draft_refuses_what_is_no_text() {
    let workspace = Workspace::empty();
    for (name, bytes) in [
        ("book.txt", &b"PK\x03\x04 and so on"[..]),
        ("old.txt", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"[..]),
        ("print.txt", &b"%PDF-1.7 and so on"[..]),
        ("noise.txt", &b"trade was 5 million dollars\0\x01\x02 in 2024"[..]),
    ] {
        std::fs::write(workspace.path(name), bytes).expect("a writable workspace");
        let draft = workspace.pipeline(&["draft", name]);
        assert_eq!(draft.exits(1).says("no plain text").stdout, "", "{name}");
    }
    workspace.write("article.txt", "Trade was 5 million dollars in 2024.");
    workspace.pipeline(&["draft", "article.txt"]).exits(0);
}

#[test]
fn bad_configuration_exits_2_and_says_where() {
    let workspace = Workspace::example("andes");
    workspace.replace(
        "pipeline.toml",
        "file = \"raw/rates.csv\"\nkind = \"rates\"",
        "file = \"raw/rates.csv\"\nknd = \"rates\"",
    );
    workspace.pipeline(&["run"]).exits(2).says("line 3").says("knd");
    Workspace::empty().pipeline(&["run"]).exits(2).says("pipeline init");
}

#[test]
fn an_unreadable_input_exits_74_and_publishes_nothing() {
    let workspace = Workspace::example("andes");
    std::fs::remove_file(workspace.path("raw/facts.csv")).expect("the sheet");
    workspace.pipeline(&["run"]).exits(74).says("raw/facts.csv");
    assert!(!workspace.path("curated").exists());
}

#[test]
fn the_lock_may_overwrite_nothing_else() {
    for lock in ["raw/facts.csv", "pipeline.toml", "curated/claims.csv", "../lock", "/tmp/lock", ""] {
        let workspace = Workspace::example("andes");
        let config = workspace.read("pipeline.toml");
        workspace.write(
            "pipeline.toml",
            &config.replace(
                "[[sheet]]\nfile = \"raw/sources.csv\"",
                &format!("[settings]\nlock = \"{lock}\"\n\n[[sheet]]\nfile = \"raw/sources.csv\""),
            ),
        );
        let facts = workspace.read("raw/facts.csv");
        workspace.pipeline(&["run"]).exits(2).says("`lock`");
        assert_eq!(workspace.read("raw/facts.csv"), facts, "{lock}");
    }
}

#[test]
fn a_correction_applies_where_the_sheet_says_what_it_expects() {
    let workspace = Workspace::example("andes");
    let config = workspace.read("pipeline.toml");
    workspace.write(
        "pipeline.toml",
        &format!("{config}\n[[sheet]]\nfile = \"raw/corrections.csv\"\nkind = \"corrections\"\n"),
    );
    let header = "sheet,id,column,expect,value,reason\n";
    workspace.write("raw/corrections.csv", &format!("{header}claims,visitors-2024-chamber,period,2024 (inferred),2023 (inferred),the chamber counts to June\n"));
    workspace.pipeline(&["run"]).exits(0);
    let claims = workspace.table("claims");
    let claim = claims.iter().find(|claim| claim["claim_id"] == "visitors-2024-chamber").expect("the claim");
    assert_eq!(claim["period_label"], "2023");

    workspace.write(
        "raw/corrections.csv",
        &format!("{header}claims,visitors-2024-chamber,period,2022,2023,stale\n"),
    );
    workspace
        .pipeline(&["run"])
        .exits(0)
        .says("warning[correction-outdated]")
        .says("raw/corrections.csv:2:5");
}

#[test]
fn check_of_a_file_that_is_no_sheet_is_a_mistake() {
    Workspace::example("andes").pipeline(&["check", "raw/nothing.csv"]).exits(2).says("raw/nothing.csv");
}

#[test]
fn a_line_that_is_no_utf8_is_told_once() {
    let workspace = Workspace::empty();
    let run =
        workspace.pipeline_reading(&["parse", "quantity"], b"over 3 tons\n\xe1\xee\xeb\xe5\xe5 3\n\xff 4\n");
    run.exits(0).says("line 2 is no UTF-8");
    assert_eq!((run.stdout.lines().count(), run.stderr.matches("UTF-8").count()), (3, 1));
}

#[test]
fn explain_tells_what_supersedes_a_claim() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/facts.csv", "measure,evidence", "measure,evidence,supersedes");
    workspace.replace("raw/facts.csv", "numbered 198,000\"", "numbered 198,000\",visitors-2024-customs");
    let told = |id: &str| workspace.pipeline(&["explain", id]).stdout;
    assert!(told("visitors-2024-customs").contains("superseded by visitors-2024-chamber"));
    assert!(told("visitors-2024-chamber").contains("supersedes visitors-2024-customs"));
}

#[test]
fn uncovered_figures_are_json_lines_where_json_is_asked_for() {
    let workspace = Workspace::example("andes");
    workspace.append("raw/articles/customs-2025.txt", "Another 77 trucks waited.\n");
    let run = workspace.pipeline(&["check", "--uncovered", "--format", "json"]);
    run.exits(0);
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let unused = lines.iter().find(|line| line["text"] == "77 trucks").expect("the figure");
    assert_eq!(unused["file"], "raw/articles/customs-2025.txt");
    assert_eq!((unused["source"].as_str(), unused["column"].as_u64()), (Some("customs-2025"), Some(9)));
}

#[test]
fn parse_says_what_it_does_with_a_configuration() {
    let workspace = Workspace::example("andes");
    let run = workspace.pipeline_reading(&["parse", "place", "--config", "nowhere.toml"], "Peru\n");
    run.exits(74).says("nowhere.toml");
    workspace
        .pipeline_reading(&["parse", "place", "--config", "pipeline.toml"], "Peru\n")
        .exits(0)
        .says("reads no setting");
}
