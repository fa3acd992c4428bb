//! The store as its callers use it. That it survives kills and failing disks is shown by driving the binary.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;

mod inputs;
mod kept;

type Outcome = Result<(), Box<dyn Error>>;

const NOW: &str = "2025-02-03T04:05:06Z";
const AS_IT_IS: ReadBack<'_> = ReadBack { limit: u64::MAX, open: &|_, _| Ok(()) };

fn workspace() -> Result<(tempfile::TempDir, Store), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let store = Store::open(dir.path())?;
    Ok((dir, store))
}

fn journal(when: &str) -> Journal {
    Journal { when: when.to_owned(), program: "test 1".to_owned(), ..Journal::default() }
}

fn write(draft: &Draft<'_>, path: &str, text: &str) -> Result<(), StoreError> {
    draft.write(path, |out| out.write_all(text.as_bytes()).map_err(failed("write", Path::new(path))))
}

/// A draft of these files and the `out/run.json` that names them.
fn draft<'a>(store: &'a Store, guard: &'a Guard, files: &[(&str, &str)]) -> Result<Draft<'a>, StoreError> {
    let draft = store.draft(guard)?;
    for (path, text) in files {
        write(&draft, path, text)?;
    }
    let run = serde_json::json!({ "revision": draft.id(), "outputs": draft.files() });
    write(&draft, RUN_JSON, &run.to_string())?;
    Ok(draft)
}

fn publish_at(store: &Store, when: &str, files: &[(&str, &str)]) -> Result<Revision, StoreError> {
    let guard = store.lock(NOW)?;
    store.heal(&guard)?;
    match draft(store, &guard, files)?.publish(journal(when), &Keep::default(), &AS_IT_IS)? {
        super::Outcome::NothingNew(revision) => Ok(revision),
        super::Outcome::Published(published) => Ok(published.revision),
    }
}

fn publish(store: &Store, files: &[(&str, &str)]) -> Result<Revision, StoreError> {
    publish_at(store, NOW, files)
}

fn objects(store: &Store) -> Result<usize, StoreError> {
    Ok(disk::names(&store.dot.join("objects"))?.len())
}

fn read(store: &Store, path: &str) -> std::io::Result<String> {
    fs::read_to_string(store.root.join(path))
}

const ONE: [(&str, &str); 3] = [("curated/a.csv", "a1"), ("curated/b.csv", "b"), ("out/s.md", "s1")];
const TWO: [(&str, &str); 3] = [("curated/a.csv", "a2"), ("curated/b.csv", "b"), ("out/deep/t.md", "t")];

#[test]
fn a_revision_is_named_by_the_sorted_paths_and_hashes_of_all_but_run_json() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &[("out/b", "abc"), ("curated/a", "")])?;
    // The well-known digests of nothing and of "abc".
    let listed = "curated/a\0e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
                  out/b\0ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n";
    assert_eq!(revision.id, Digest::of(listed.as_bytes()));
    assert_eq!(revision.file("out/b").map(|file| file.bytes), Some(3));
    assert!(revision.file(RUN_JSON).is_some());
    Ok(())
}

#[test]
fn publishing_replaces_adds_and_removes() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    assert_eq!(read(&store, "out/s.md")?, "s1");
    let guard = store.lock(NOW)?;
    let outcome = draft(&store, &guard, &TWO)?.publish(journal(NOW), &Keep::default(), &AS_IT_IS)?;
    let super::Outcome::Published(published) = outcome else { return Err("nothing new".into()) };
    assert_eq!(published.changed, ["curated/a.csv", "out/deep/t.md", "out/run.json", "out/s.md"]);
    assert_eq!(published.before, Some(first));
    assert!(published.not_pruned.is_none() && published.timings.waited.syncs > 0);
    assert_eq!(read(&store, "curated/a.csv")?, "a2");
    assert!(!store.root.join("out/s.md").exists());
    assert!(store.checkout_is_whole(&published.revision)?);
    Ok(())
}

#[test]
fn the_same_content_publishes_nothing() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    let head = fs::metadata(store.dot.join("HEAD"))?.modified()?;
    assert_eq!(publish(&store, &ONE)?.number, first.number);
    assert_eq!(fs::metadata(store.dot.join("HEAD"))?.modified()?, head);
    Ok(())
}

#[test]
fn the_check_out_shares_no_file_with_the_store() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &ONE)?;
    fs::OpenOptions::new().append(true).open(store.root.join("curated/a.csv"))?.write_all(b"!")?;
    let file = revision.file("curated/a.csv").ok_or("no such file")?;
    assert!(store.object_is_whole(file)?);
    Ok(())
}

#[test]
fn what_no_revision_wrote_stops_the_run_and_is_named_at_once() -> Outcome {
    let (_dir, store) = workspace()?;
    publish(&store, &ONE)?;
    fs::write(store.root.join("curated/mine.csv"), "mine")?;
    fs::write(store.root.join("out/s.md"), "edited")?;
    symlink("a.csv", store.root.join("curated/link"))?;
    let Err(StoreError::Unpublished { foreign, edited }) = publish(&store, &TWO) else {
        return Err("published over them".into());
    };
    assert_eq!(foreign, ["curated/link", "curated/mine.csv"]);
    assert_eq!(edited, ["out/s.md"]);
    assert_eq!((read(&store, "out/s.md")?, read(&store, "curated/a.csv")?), ("edited".into(), "a1".into()));
    Ok(())
}

#[test]
fn a_file_that_comes_between_the_draft_and_its_publication_is_not_overwritten() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    let guard = store.lock(NOW)?;
    let draft = draft(&store, &guard, &TWO)?;
    fs::create_dir(store.root.join("out/deep"))?;
    fs::write(store.root.join("out/deep/t.md"), "mine")?;
    let refused = draft.publish(journal(NOW), &Keep::default(), &AS_IT_IS);
    assert!(matches!(refused, Err(StoreError::Unpublished { .. })), "{refused:?}");
    assert_eq!(read(&store, "out/deep/t.md")?, "mine");
    assert_eq!(store.head()?, Some(first));
    Ok(())
}

#[test]
fn files_beside_a_revision_and_of_office_programs_are_left_alone() -> Outcome {
    let (_dir, store) = workspace()?;
    publish(&store, &ONE)?;
    let beside = ["out/changes.md", "out/rejects.csv", "curated/.~lock.a.csv#", "out/~$factbook.xlsx"];
    for path in beside {
        fs::write(store.root.join(path), "x")?;
    }
    let second = publish(&store, &TWO)?;
    assert!(store.checkout_is_whole(&second)?);
    assert!(beside.iter().all(|path| store.root.join(path).exists()));
    Ok(())
}

#[test]
fn deleted_files_and_folders_are_put_back() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &ONE)?;
    fs::remove_dir_all(store.root.join("curated"))?;
    fs::remove_file(store.root.join("out/s.md"))?;
    assert!(!store.checkout_is_whole(&revision)?);
    let guard = store.lock(NOW)?;
    assert_eq!(store.heal(&guard)?.restored, ["curated/a.csv", "curated/b.csv", "out/s.md"]);
    assert_eq!(read(&store, "curated/b.csv")?, "b");
    assert_eq!(store.heal(&guard)?, Healed::default());
    Ok(())
}

#[test]
fn a_touched_file_with_the_same_bytes_is_no_edit() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &ONE)?;
    fs::write(store.root.join("out/s.md"), "s1")?;
    assert!(!store.checkout_is_whole(&revision)?);
    let guard = store.lock(NOW)?;
    assert_eq!(store.heal(&guard)?, Healed::default());
    assert!(store.checkout_is_whole(&revision)?, "the marker was renewed");
    Ok(())
}

#[test]
fn lost_caches_cost_time_only() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &ONE)?;
    for torn in ["", "{\"number\":1"] {
        fs::write(store.dot.join("CHECKOUT"), torn)?;
        fs::write(store.dot.join("inputs.json"), torn)?;
        let guard = store.lock(NOW)?;
        assert_eq!(store.heal(&guard)?, Healed::default());
        assert!(store.checkout_is_whole(&revision)?);
    }
    Ok(())
}

#[test]
fn a_fresh_clone_is_adopted() -> Outcome {
    let (_dir, store) = workspace()?;
    let revision = publish(&store, &ONE)?;
    fs::remove_dir_all(&store.dot)?;
    let clone = Store::open(&store.root)?;
    let guard = clone.lock(NOW)?;
    assert_eq!(clone.heal(&guard)?.adopted, Some(revision.id));
    assert_eq!(clone.head()?.map(|head| head.files), Some(revision.files));
    assert_eq!(clone.heal(&guard)?, Healed::default());
    Ok(())
}

#[test]
fn a_pulled_revision_is_adopted_on_top() -> Outcome {
    let (_here, here) = workspace()?;
    let (_there, there) = workspace()?;
    publish(&here, &ONE)?;
    let pulled = publish(&there, &TWO)?;
    for folder in ["curated", "out"] {
        fs::remove_dir_all(here.root.join(folder))?;
        fs::rename(there.root.join(folder), here.root.join(folder))?;
    }
    let guard = here.lock(NOW)?;
    assert_eq!(here.heal(&guard)?.adopted, Some(pulled.id));
    assert_eq!(here.revisions()?.len(), 2);
    assert_eq!(here.resolve("HEAD")?.files, pulled.files);
    Ok(())
}

#[test]
fn a_clone_with_one_changed_byte_is_not_adopted() -> Outcome {
    for (path, text) in [("curated/a.csv", "a?"), ("curated/new.csv", ""), ("out/run.json", "{}")] {
        let (_dir, store) = workspace()?;
        publish(&store, &ONE)?;
        fs::remove_dir_all(&store.dot)?;
        fs::write(store.root.join(path), text)?;
        let clone = Store::open(&store.root)?;
        let guard = clone.lock(NOW)?;
        let refused = clone.heal(&guard);
        assert!(matches!(&refused, Err(StoreError::Unpublished { foreign, .. }) if foreign.len() >= 4));
        assert_eq!(clone.head()?, None);
    }
    Ok(())
}

#[test]
fn a_file_that_does_not_read_back_is_not_published() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    let kept = objects(&store)?;
    let guard = store.lock(NOW)?;
    let open =
        |path: &str, _: &Path| if path == "out/deep/t.md" { Err("no table".to_owned()) } else { Ok(()) };
    let refused = draft(&store, &guard, &TWO)?.publish(
        journal(NOW),
        &Keep::default(),
        &ReadBack { limit: 9999, open: &open },
    );
    assert!(matches!(&refused, Err(StoreError::ReadBack { path, .. }) if path == "out/deep/t.md"));
    assert_eq!((store.head()?, objects(&store)?), (Some(first), kept));
    // Above the limit it is left to `verify`.
    let outcome = draft(&store, &guard, &TWO)?.publish(
        journal(NOW),
        &Keep::default(),
        &ReadBack { limit: 0, open: &open },
    )?;
    assert!(matches!(outcome, super::Outcome::Published(_)));
    Ok(())
}

#[test]
fn the_error_of_a_writer_comes_back_and_nothing_is_left() -> Outcome {
    let (_dir, store) = workspace()?;
    let guard = store.lock(NOW)?;
    {
        let draft = store.draft(&guard)?;
        let error = draft.write("out/x", |_| -> Result<(), Box<dyn Error>> { Err("no such table".into()) });
        assert_eq!(error.err().map(|error| error.to_string()).as_deref(), Some("no such table"));
        let one_of_two = draft.write_together(&["out/x", "out/y"], |outs| -> Result<(), Box<dyn Error>> {
            outs[0].write_all(b"x")?;
            Err("no such column".into())
        });
        assert_eq!(one_of_two.err().map(|error| error.to_string()).as_deref(), Some("no such column"));
        assert!(draft.files().is_empty());
        for path in ["x", "out", "raw/x", "/out/x", "out/../x", "out//x", "curated/./x"] {
            assert!(matches!(write(&draft, path, ""), Err(StoreError::NotInRevision { .. })), "{path}");
        }
    }
    let bench = store.dot.join("tmp");
    let left: usize =
        disk::names(&bench)?.iter().map(|name| disk::names(&bench.join(name)).map_or(0, |n| n.len())).sum();
    assert_eq!(left, 0);
    drop(store);
    assert!(disk::names(&bench)?.is_empty());
    Ok(())
}

#[test]
fn a_signal_stops_before_the_commit_point() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    let stop = Stop::default();
    let store = Store::open(&store.root)?.stopped_by(stop.clone());
    let guard = store.lock(NOW)?;
    let draft = draft(&store, &guard, &TWO)?;
    stop.asked.store(true, Ordering::SeqCst);
    let stopped = draft.publish(journal(NOW), &Keep::default(), &AS_IT_IS);
    assert!(matches!(stopped, Err(StoreError::Interrupted)));
    assert!(!stop.committing.load(Ordering::SeqCst));
    assert_eq!(store.head()?, Some(first));
    Ok(())
}

#[test]
fn the_second_is_told_who_holds_the_lock() -> Outcome {
    let (_dir, store) = workspace()?;
    let guard = store.lock(NOW)?;
    let second = Store::open(&store.root)?;
    let Err(error @ StoreError::Locked { .. }) = second.lock("later") else {
        return Err("both hold it".into());
    };
    assert_eq!(error.exit_code(), 75);
    let told = error.to_string();
    assert!(told.contains(NOW) && told.contains(&std::process::id().to_string()), "{told}");
    drop(guard);
    second.lock("later")?;
    Ok(())
}

#[test]
fn other_files_are_replaced_whole() -> Outcome {
    let (_dir, store) = workspace()?;
    let guard = store.lock(NOW)?;
    store.replace_file(&guard, "raw/evidence.lock", b"one")?;
    store.replace_file(&guard, "raw/evidence.lock", b"two")?;
    assert_eq!(read(&store, "raw/evidence.lock")?, "two");
    Ok(())
}

#[test]
fn a_folder_that_is_a_link_is_not_published_into() -> Outcome {
    let dir = tempfile::tempdir()?;
    let elsewhere = tempfile::tempdir()?;
    symlink(elsewhere.path(), dir.path().join("out"))?;
    let opened = Store::open(dir.path());
    assert_eq!(opened.err().map(|error| error.exit_code()), Some(74));
    Ok(())
}
