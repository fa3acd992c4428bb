//! Revisions: what changed and why, the log, what is brought back, mended and remembered.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::workspace::{Workspace, binary, copy, repository};

/// The shipped corridor with a sheet of corrections, published once.
fn published() -> Workspace {
    let workspace = Workspace::shipped();
    for folder in ["curated", "out"] {
        std::fs::remove_dir_all(workspace.path(folder)).expect("a published folder");
    }
    workspace.write("raw/corrections.csv", "sheet,id,column,expect,value,reason\n");
    workspace
        .append("pipeline.toml", "\n[[sheet]]\nfile = \"raw/corrections.csv\"\nkind = \"corrections\"\n");
    workspace.pipeline(&["run"]).exits(0);
    workspace
}

/// A later text with two figures, and one cell corrected.
fn revise(workspace: &Workspace) {
    workspace.append(
        "raw/sources.csv",
        "stat-2026,Trade in 2025,Statistics office <b>,2026-01-20,day,,en,official_statistics,,\n",
    );
    workspace.append(
        "raw/trade.csv",
        "turnover-rus-2025-stat,stat-2026,trade_turnover,RUS,KGZ,$4.9 billion,2025,level,,actual,trade of $4.9 billion,,,,,,\n\
         turnover-rus-2023-stat,stat-2026,trade_turnover,RUS,KGZ,$3.6 billion,2023,level,,actual,from $3.6 billion in 2023,,,,,,\n",
    );
    workspace.append(
        "raw/corrections.csv",
        "claims,turnover-kaz-2025-kz,stated,nearly $2 billion,nearly $1.9 billion,misheard\n",
    );
}

#[test]
fn two_revisions_differ_word_for_word_as_they_should() {
    let workspace = published();
    revise(&workspace);
    workspace.pipeline(&["run"]).exits(0).says("what changed: claims: 2 added, 1 changed").says(
        "    observation trade_turnover.KGZ.RUS:2023: 3 billion → 3.6 billion USD (+600 million, +20.0 %)",
    );
    let told = workspace.pipeline(&["diff"]);
    // The first two lines name the revisions.
    let told: Vec<&str> = told.exits(0).stdout.lines().skip(2).collect();
    kept("tests/cases/diff.txt", &(told.join("\n") + "\n"));
    let markdown = workspace.pipeline(&["diff", "--format", "md"]).stdout;
    assert_eq!(workspace.read("out/changes.md"), markdown);
}

/// The shipped corridor before its latest article and after, one figure having been mistyped before. What the
/// two revisions were made of is kept in `tests/corridors/shipped-before`, as far as it differs.
#[test]
fn an_article_and_a_corrected_cell_are_told_word_for_word() {
    let workspace = Workspace::shipped();
    for folder in ["curated", "out"] {
        std::fs::remove_dir_all(workspace.path(folder)).expect("a published folder");
    }
    copy(&repository().join("tests/corridors/shipped-before"), &workspace.path(""));
    workspace.pipeline(&["run"]).exits(0);
    copy(&repository().join("raw"), &workspace.path("raw"));
    let _ = std::fs::remove_dir_all(workspace.path("raw/articles"));
    workspace.pipeline(&["run"]).exits(0);
    let told = workspace.pipeline(&["diff"]);
    let told: Vec<&str> = told.exits(0).stdout.lines().skip(2).collect();
    kept("tests/cases/diff_shipped.txt", &(told.join("\n") + "\n"));
}

/// Compares with a kept text; `BLESS=1` writes it anew.
fn kept(path: &str, told: &str) {
    let path = repository().join(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, told).expect("the case");
    }
    assert_eq!(told, std::fs::read_to_string(path).expect("the case"));
}

#[test]
fn a_diff_speaks_to_programs_too() {
    let workspace = published();
    let first = workspace.pipeline(&["diff", "--exit-code"]);
    assert!(first.exits(0).stdout.contains("the first publication"), "{}", first.stdout);
    let first = workspace.pipeline(&["diff", "--format", "json"]).stdout;
    let first: Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!((first["old"]["id"].as_str(), first["changes"].as_array().map(Vec::len)), (Some(""), Some(0)));
    revise(&workspace);
    workspace.pipeline(&["run"]).exits(0);
    let diff = workspace.pipeline(&["diff", "HEAD~1", "HEAD", "--format", "json", "--exit-code"]);
    let diff: Value = serde_json::from_str(&diff.exits(1).stdout).expect("JSON");
    let kinds: Vec<&str> =
        diff["causes"].as_array().expect("causes").iter().filter_map(|c| c["kind"].as_str()).collect();
    assert_eq!(kinds, ["new_source", "corrected"]);
    let changes = diff["changes"].as_array().expect("changes");
    let change =
        |id: &str| changes.iter().find(|change| change["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    let fields = change("trade_turnover.KGZ.RUS:2023")["fields"].as_array().expect("fields");
    let value = fields.iter().find(|field| field["column"] == "value").expect("a changed value");
    assert_eq!(
        (value["old"].as_str(), value["absolute"].as_f64()),
        (Some("3000000000.0"), Some(6e8)),
        "{value}"
    );
    assert_eq!(value["relative_percent"].as_f64(), Some(20.0));
    assert_eq!(change("turnover-kaz-2025-kz")["cells"][0], "raw/trade.csv:9:6");

    let only = workspace.pipeline(&["diff", "--only", "commitments"]).stdout;
    assert!(only.contains("commitment trade-target") && !only.contains("claim turnover"), "{only}");
    let large = workspace.pipeline(&["diff", "--threshold", "10"]).stdout;
    assert!(!large.contains("turnover-kaz-2025-kz: nearly 2 billion →"), "{large}");
    let page = workspace.pipeline(&["diff", "--format", "html"]).stdout;
    assert!(
        page.contains("Content-Security-Policy")
            && page.contains("&lt;b&gt;")
            && !page.contains("office <b>")
    );
    workspace.pipeline(&["diff", "HEAD", "HEAD", "--exit-code"]).exits(0);
    workspace.pipeline(&["diff", "nonesuch"]).exits(2).says("nonesuch");
    workspace.pipeline(&["check", "--format", "html"]).exits(2);
}

#[test]
fn folders_are_compared_without_a_configuration() {
    let workspace = published();
    let elsewhere = Workspace::empty();
    elsewhere.copy_from(&workspace, "curated", "old");
    revise(&workspace);
    workspace.pipeline(&["run"]).exits(0);
    elsewhere.copy_from(&workspace, "curated", "new");
    let told = elsewhere.pipeline(&["diff", "old", "new", "--exit-code"]);
    assert!(told.exits(1).stdout.contains("+ claim turnover-rus-2025-stat"), "{}", told.stdout);
    elsewhere.pipeline(&["diff", "old", "old", "--exit-code"]).exits(0);
}

#[test]
fn a_row_that_moved_or_was_renamed_has_not_changed() {
    let workspace = published();
    let trade = workspace.read("raw/trade.csv");
    let mut lines: Vec<&str> = trade.lines().collect();
    lines[1..].reverse();
    let moved = lines.join("\n") + "\n";
    workspace.write("raw/trade.csv", &moved.replace("turnover-rus-2023-toca,", "turnover-2023-renamed,"));
    workspace.pipeline(&["run"]).exits(0);
    let told = workspace.pipeline(&["diff"]);
    let told = &told.exits(0).stdout;
    assert!(told.contains("claims: 1 renamed\n"), "{told}");
    assert!(told.contains("= claim turnover-2023-renamed: was turnover-rus-2023-toca"), "{told}");
    assert!(told.contains("stand in other cells and say the same"), "{told}");
}

#[test]
fn an_earlier_day_is_one_cause() {
    let workspace = published();
    workspace.pipeline(&["run", "--as-of", "2025-02-01"]).exits(0);
    let told = workspace.pipeline(&["diff"]);
    let causes = told.stdout.lines().filter(|line| line.contains(" — ")).count();
    assert_eq!(causes, 1, "{}", told.stdout);
    assert!(told.stdout.contains("as-of date: 2025-11-25 → 2025-02-01"), "{}", told.stdout);
}

#[test]
fn the_log_tells_when_what_and_from_which_inputs() {
    let workspace = published();
    revise(&workspace);
    workspace.pipeline(&["run"]).exits(0);
    let log: Value =
        serde_json::from_str(&workspace.pipeline(&["log", "--format", "json"]).stdout).expect("JSON");
    let newest = &log[0];
    assert_eq!((newest["number"].as_u64(), newest["parent"].as_u64()), (Some(2), Some(1)));
    assert_eq!(newest["as_of"], "2026-01-20");
    assert!(newest["changes"].as_str().is_some_and(|line| line.starts_with("claims: 2 added, 1 changed")));
    assert!(
        newest["inputs"]
            .as_array()
            .is_some_and(|inputs| inputs.iter().any(|input| input["path"] == "raw/trade.csv"))
    );
    let table = workspace.pipeline(&["log", "--format", "csv"]).stdout;
    assert_eq!(csv::Reader::from_reader(table.as_bytes()).records().count(), 2);
    assert!(workspace.pipeline(&["log"]).stdout.contains("the first publication"));
}

#[test]
fn a_restored_revision_is_what_it_was() {
    let workspace = published();
    let first = workspace.files(&["curated", "out"]);
    revise(&workspace);
    workspace.pipeline(&["run"]).exits(0);
    assert_ne!(workspace.files(&["curated", "out"]), first);
    workspace.pipeline(&["restore", "HEAD~1"]).exits(0).says("published revision");
    assert_eq!(workspace.files(&["curated", "out"]), first);
    assert!(workspace.read("out/changes.md").contains("withdrawn claim `turnover-rus-2025-stat`"));
    workspace.pipeline(&["restore", "ffff0000"]).exits(2);
    // The sheets still say the newer.
    workspace.pipeline(&["run"]).exits(0).says("published revision");
    assert_ne!(workspace.files(&["curated", "out"]), first);
}

#[test]
fn a_flipped_bit_is_named_and_mended() {
    let workspace = published();
    let whole = workspace.files(&["curated", "out"]);
    workspace.pipeline(&["verify"]).exits(0);
    let flip = |path: &std::path::Path| {
        let mut bytes = std::fs::read(path).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).expect("a writable file");
    };
    flip(&workspace.path("curated/claims.csv"));
    workspace
        .pipeline(&["verify"])
        .exits(1)
        .says("damaged: curated/claims.csv")
        .says("mended from the store");
    assert_eq!(workspace.files(&["curated", "out"]), whole);
    let object = std::fs::read_dir(workspace.path(".pipeline/objects")).expect("objects").next();
    flip(&object.expect("an object").expect("an object").path());
    workspace
        .pipeline(&["verify"])
        .exits(1)
        .says("damaged: .pipeline/objects/")
        .says("mended from the check-out");
    workspace.pipeline(&["verify"]).exits(0);
}

#[test]
fn the_summary_is_one_line_however_a_run_ends() {
    let workspace = published();
    let ended = |arguments: &[&str], code: i32| -> Value {
        let run = workspace.pipeline(&[&["run", "--quiet", "--summary-json", "s.json"], arguments].concat());
        run.exits(code);
        let line = workspace.read("s.json");
        assert_eq!(line.lines().count(), 1);
        serde_json::from_str(&line).expect("JSON")
    };
    assert_eq!(ended(&[], 0)["outcome"], "nothing_new");
    revise(&workspace);
    let published = ended(&[], 0);
    assert_eq!(
        (published["outcome"].as_str(), published["changes"]["claims"]["added"].as_u64()),
        (Some("published"), Some(2))
    );
    workspace
        .append("raw/trade.csv", "x,nonesuch,trade_turnover,RUS,KGZ,$4 billion,2025,level,,actual,x,,,,,,\n");
    assert_eq!(ended(&[], 1)["outcome"], "refused");
    std::fs::remove_file(workspace.path("raw/trade.csv")).expect("a file");
    let failed = ended(&[], 74);
    assert_eq!((failed["outcome"].as_str(), failed["exit_code"].as_u64()), (Some("failed"), Some(74)));
}

/// The first run is stopped while it holds the lock, so that the others meet it.
#[test]
fn of_fifty_runs_at_once_one_publishes() {
    let workspace = published();
    revise(&workspace);
    let spawn = || {
        Command::new(binary())
            .args(["run", "--quiet"])
            .current_dir(workspace.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the built binary")
    };
    let mut first = spawn();
    let signal = |name: &str| {
        Command::new("kill").args([name, &first.id().to_string()]).status().expect("kill");
    };
    let holder = format!("process {} ", first.id());
    let started = Instant::now();
    while !workspace.read(".pipeline/lock").starts_with(&holder) {
        assert!(started.elapsed() < Duration::from_secs(10), "the first run never took the lock");
    }
    signal("-STOP");
    let others: Vec<_> = (0..49).map(|_| spawn()).collect();
    let codes: Vec<Option<i32>> =
        others.into_iter().map(|mut run| run.wait().expect("a run").code()).collect();
    let meets = workspace.pipeline(&["run"]);
    signal("-CONT");
    assert_eq!(codes, vec![Some(75); 49]);
    meets.exits(75).says(&format!("(process {})", first.id()));
    assert_eq!(first.wait().expect("the first run").code(), Some(0));
    assert_eq!(workspace.pipeline(&["log", "--format", "csv"]).stdout.lines().count(), 3);
}

#[test]
fn a_signal_leaves_nothing_half_done() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let workspace = published();
        let before = workspace.files(&["curated", "out"]);
        // Enough rows for a run that is still reading when the signal comes.
        let rows = (0..60_000).map(|n| {
            format!("x{n},toca-krasnoyarsk-2024,trade_turnover,KGZ,RUS,${n}.5 million,20{:02},level,,actual,,,,,,,\n", n % 90 + 10)
        });
        workspace.append("raw/trade.csv", &rows.collect::<String>());
        let mut run = Command::new(binary())
            .args(["run", "--quiet"])
            .current_dir(workspace.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the built binary");
        let holder = format!("process {} ", run.id());
        while !workspace.read(".pipeline/lock").starts_with(&holder) {}
        Command::new("kill").args([name, &run.id().to_string()]).status().expect("kill");
        assert_eq!(run.wait().expect("the run").code(), Some(code));
        assert_eq!(workspace.files(&["curated", "out"]), before);
        workspace.pipeline(&["restore", "HEAD"]).exits(0).says("nothing new");
        assert_eq!(std::fs::read_dir(workspace.path(".pipeline/tmp")).expect("a folder").count(), 0);
        workspace.pipeline(&["verify"]).exits(0);
    }
}
