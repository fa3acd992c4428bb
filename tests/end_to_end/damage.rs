//! `pipeline verify`: whatever kind of file is damaged, it is named, and mended from wherever its content
//! still is: the store, the check-out, the inputs.

use std::path::{Path, PathBuf};

use crate::workspace::Workspace;

const PUBLISHED: [&str; 2] = ["curated", "out"];

/// A corridor published twice, with texts at hand.
fn published() -> Workspace {
    let workspace = Workspace::example("andes");
    workspace.pipeline(&["run"]).exits(0);
    workspace.append("raw/sources.csv", "later,Later,Office,2026-03-01,press,en,\n");
    workspace.pipeline(&["run"]).exits(0);
    workspace
}

/// Changes one byte and no length.
fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).expect("a writable file");
}

fn remove(path: &Path) {
    std::fs::remove_file(path).expect("a file");
}

/// The object that has the bytes of a published file.
fn object(workspace: &Workspace, published: &str) -> PathBuf {
    let bytes = std::fs::read(workspace.path(published)).expect("a published file");
    let objects = std::fs::read_dir(workspace.path(".pipeline/objects")).expect("the store");
    let mut paths = objects.map(|entry| entry.expect("an object").path());
    paths.find(|path| std::fs::read(path).expect("an object") == bytes).expect("its object")
}

fn manifest(workspace: &Workspace, number: usize) -> PathBuf {
    let folder = std::fs::read_dir(workspace.path(".pipeline/revisions")).expect("the manifests");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("a manifest").path()).collect();
    paths.sort();
    paths.swap_remove(number - 1)
}

#[test]
fn every_kind_of_file_is_mended() {
    type Harm = fn(&Workspace);
    let cases: [(&str, Harm, &str); 13] = [
        (
            "a table's bit",
            |w| flip(&w.path("curated/claims.parquet")),
            "curated/claims.parquet (curated/claims.parquet in",
        ),
        ("a report's bit", |w| flip(&w.path("out/trade.md")), "mended from the store"),
        ("out/run.json", |w| flip(&w.path("out/run.json")), "damaged: out/run.json"),
        ("a missing table", |w| remove(&w.path("curated/trade.csv")), "mended from the store"),
        ("an object's bit", |w| flip(&object(w, "curated/claims.csv")), "mended from the check-out"),
        ("a missing object", |w| remove(&object(w, "curated/claims.csv")), "mended from the check-out"),
        (
            "an object and its table",
            |w| {
                flip(&object(w, "curated/claims.parquet"));
                flip(&w.path("curated/claims.parquet"));
            },
            "made again from the inputs",
        ),
        (
            "many objects and their files",
            |w| {
                for name in
                    ["claims.csv", "claims.parquet", "observations.csv"].map(|n| format!("curated/{n}"))
                {
                    remove(&object(w, &name));
                    remove(&w.path(&name));
                }
                remove(&object(w, "out/run.json"));
                remove(&w.path("out/run.json"));
            },
            "made again from the inputs",
        ),
        ("the manifest's bit", |w| flip(&manifest(w, 2)), "mended from the check-out"),
        ("the missing manifest", |w| remove(&manifest(w, 2)), "mended from the check-out"),
        ("HEAD's bit", |w| flip(&w.path(".pipeline/HEAD")), "damaged: .pipeline/HEAD"),
        ("an empty HEAD", |w| w.write(".pipeline/HEAD", ""), "damaged: .pipeline/HEAD"),
        ("the missing HEAD", |w| remove(&w.path(".pipeline/HEAD")), "damaged: .pipeline/HEAD"),
    ];
    for (what, harm, told) in cases {
        let workspace = published();
        let whole = workspace.files(&PUBLISHED);
        harm(&workspace);
        let verified = workspace.pipeline(&["verify"]);
        assert_ne!(verified.code, Some(0), "{what}: not seen");
        verified.says(told);
        assert!(workspace.files(&PUBLISHED) == whole, "{what}: not as it was");
        let left = workspace.pipeline(&["verify"]);
        // What only the older revision had may be lost for good; the published one is whole.
        assert!(
            left.code == Some(0) || !left.stderr.contains("no longer give it"),
            "{what}: {}",
            left.stderr
        );
        workspace.pipeline(&["run"]).exits(0).says("nothing new");
        assert_eq!(workspace.pipeline(&["log", "--format", "csv"]).stdout.lines().count(), 3, "{what}");
    }
}

#[test]
fn caches_and_the_lock_may_say_anything() {
    let workspace = published();
    let whole = workspace.files(&PUBLISHED);
    for file in ["lock", "CHECKOUT", "inputs.json", "evaluated", "changes.json"] {
        for content in ["", "[", "\u{0}\u{1}"] {
            workspace.write(&format!(".pipeline/{file}"), content);
            workspace.pipeline(&["verify"]).exits(0);
            workspace.pipeline(&["run"]).exits(0).says("nothing new");
            assert!(workspace.files(&PUBLISHED) == whole, "{file}");
        }
    }
}

#[test]
fn what_is_lost_is_said_and_what_to_do() {
    let workspace = published();
    flip(&object(&workspace, "curated/claims.parquet"));
    flip(&workspace.path("curated/claims.parquet"));
    let sheet = workspace.read("raw/facts.csv");
    workspace.write("raw/facts.csv", "");
    workspace.pipeline(&["verify"]).exits(74).says("made again from the inputs").says("no longer give it");
    remove(&workspace.path("curated/claims.parquet"));
    // Nothing damaged is ever put back as if it were whole.
    workspace.pipeline(&["run"]).exits(74).says("pipeline verify");
    workspace.write("raw/facts.csv", &sheet);
    workspace.pipeline(&["verify"]).exits(1).says("made again from the inputs");
    workspace.pipeline(&["run"]).exits(0);
    workspace.pipeline(&["verify"]).exits(0);
}

#[test]
fn an_older_revision_is_lost_alone() {
    let workspace = published();
    let whole = workspace.files(&PUBLISHED);
    flip(&manifest(&workspace, 1));
    workspace.pipeline(&["verify"]).exits(74).says("the published revision does not need it");
    workspace.pipeline(&["verify"]).exits(0);
    assert!(workspace.files(&PUBLISHED) == whole);
}

/// History is never thrown away for a missing HEAD.
#[test]
fn a_missing_head_is_no_fresh_start() {
    let workspace = published();
    remove(&workspace.path(".pipeline/HEAD"));
    workspace.pipeline(&["run"]).exits(74).says("HEAD is damaged").says("pipeline verify");
    workspace.pipeline(&["verify"]).exits(1);
    workspace.pipeline(&["restore", "HEAD~1"]).exits(0);
}
