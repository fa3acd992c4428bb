//! The store as its callers use it. That it survives kills and failing disks is shown by driving the binary.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;

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

fn write(draft: &Draft<'_>, path: &str, text: &str) -> Result<FileEntry, StoreError> {
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

/// What `verify` finds where nothing can be made again.
fn verified(store: &Store, guard: &Guard) -> Result<Vec<Damage>, StoreError> {
    store.verify(guard, &|_| Ok(BTreeSet::new()))
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
fn revisions_are_called_by_steps_ids_prefixes_and_dates() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish_at(&store, "2025-01-10T23:59:59Z", &ONE)?;
    let second = publish_at(&store, "2025-02-01T00:00:00Z", &TWO)?;
    let id = first.id.to_string();
    let cases = [
        ("HEAD", Some(2)),
        ("HEAD~", Some(1)),
        ("HEAD~1", Some(1)),
        ("HEAD~0", Some(2)),
        ("HEAD~2", None),
        ("HEAD^", None),
        (&id, Some(1)),
        (&id[..8], Some(1)),
        (&id[..3], None),
        ("2025-01-10", Some(1)),
        ("2025-01-31", Some(1)),
        ("2025-02-01", Some(2)),
        ("2024-12-31", None),
        ("", None),
        ("ffffffff", None),
    ];
    for (asked, expected) in cases {
        let found = store.resolve(asked);
        assert_eq!(found.as_ref().ok().map(|revision| revision.number), expected, "{asked}: {found:?}");
    }
    assert_eq!(
        store.revisions()?.iter().map(|revision| revision.id).collect::<Vec<_>>(),
        [second.id, first.id]
    );
    Ok(())
}

#[test]
fn a_restored_revision_is_a_publication_of_its_own() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    publish(&store, &TWO)?;
    let guard = store.lock(NOW)?;
    let restored = store.restore(&guard, &first, journal(NOW))?;
    assert_eq!((restored.id, restored.number, restored.parent), (first.id, 3, Some(2)));
    assert_eq!(read(&store, "curated/a.csv")?, "a1");
    assert!(!store.root.join("out/deep/t.md").exists());
    assert_eq!(store.restore(&guard, &first, journal(NOW))?.number, 3, "it stands there already");
    assert_eq!(store.resolve(&first.id.to_string())?.number, 3);
    Ok(())
}

#[test]
fn pruning_keeps_head_and_its_parent_and_what_they_share() -> Outcome {
    let cases = [
        (Keep::Revisions(0), vec![4, 3]),
        (Keep::Revisions(3), vec![4, 3, 2]),
        (Keep::Revisions(30), vec![4, 3, 2, 1]),
        (Keep::Since("2025-01-02".to_owned()), vec![4, 3, 2]),
        (Keep::Since("2030".to_owned()), vec![4, 3]),
    ];
    for (keep, expected) in cases {
        let (_dir, store) = workspace()?;
        for (day, text) in ["1", "2", "3"].into_iter().enumerate() {
            publish_at(
                &store,
                &format!("2025-01-0{}T00:00:00Z", day + 1),
                &[("out/x", text), ("out/same", "s")],
            )?;
        }
        let guard = store.lock(NOW)?;
        draft(&store, &guard, &[("out/x", "4"), ("out/same", "s")])?.publish(
            journal(NOW),
            &keep,
            &AS_IT_IS,
        )?;
        let numbers: Vec<u64> = store.revisions()?.iter().map(|revision| revision.number).collect();
        assert_eq!(numbers, expected, "{keep:?}");
        // Each has a text and a manifest of its own, and all share one file.
        assert_eq!(objects(&store)?, 2 * expected.len() + 1, "{keep:?}");
        assert!(verified(&store, &guard)?.is_empty());
    }
    Ok(())
}

#[test]
fn damage_is_named_and_mended_from_where_the_content_stands() -> Outcome {
    let (_dir, store) = workspace()?;
    let old = publish(&store, &ONE)?;
    let head = publish(&store, &TWO)?;
    let content = |revision: &Revision, path: &str| revision.file(path).map(|file| store.object(file.sha256));
    let lost = content(&old, "out/s.md").ok_or("no such file")?;
    let object = content(&head, "out/deep/t.md").ok_or("no such file")?;
    fs::write(&lost, "??")?;
    fs::write(&object, "?")?;
    fs::write(store.root.join("curated/a.csv"), "a?")?;
    let guard = store.lock(NOW)?;
    let mut found: Vec<(String, Mended)> =
        verified(&store, &guard)?.into_iter().map(|damage| (damage.path, damage.mended)).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let name = |path: &Path| format!(".pipeline/objects/{}", path.file_name().unwrap_or_default().display());
    let mut expected = vec![
        (name(&lost), Mended::NoButOlder),
        (name(&object), Mended::FromCheckOut),
        ("curated/a.csv".to_owned(), Mended::FromStore),
    ];
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, expected);
    assert_eq!((read(&store, "curated/a.csv")?, fs::read_to_string(object)?), ("a2".into(), "t".into()));
    assert_eq!(verified(&store, &guard)?.len(), 1, "only the lost one is left");
    Ok(())
}

#[test]
fn a_damaged_object_is_written_anew_by_the_next_run_that_has_its_content() -> Outcome {
    let (_dir, store) = workspace()?;
    let first = publish(&store, &ONE)?;
    publish(&store, &TWO)?;
    let file = first.file("curated/a.csv").ok_or("no such file")?;
    fs::write(store.object(file.sha256), "??")?;
    publish(&store, &ONE)?;
    assert!(store.object_is_whole(file)?);
    Ok(())
}

#[test]
fn a_flipped_bit_in_a_manifest_is_seen_and_mended() -> Outcome {
    for (number, mended) in [(2, Mended::FromCheckOut), (1, Mended::NoButOlder)] {
        let (_dir, store) = workspace()?;
        publish(&store, &ONE)?;
        let head = publish(&store, &TWO)?;
        let name = store.manifests()?.swap_remove(number - 1);
        let path = store.dot.join("revisions").join(name);
        let manifest = fs::read_to_string(&path)?;
        fs::write(&path, manifest.replace("test 1", "test 3"))?;
        let guard = store.lock(NOW)?;
        let found = verified(&store, &guard)?;
        assert_eq!(found.iter().map(|damage| damage.mended).collect::<Vec<_>>(), [mended]);
        assert_eq!(store.head()?.map(|head| head.files), Some(head.files));
        assert!(verified(&store, &guard)?.is_empty());
    }
    Ok(())
}

#[test]
fn inputs_are_copied_and_hashed() -> Outcome {
    let (_dir, store) = workspace()?;
    fs::create_dir(store.root.join("raw"))?;
    fs::write(store.root.join("raw/a.csv"), "abc")?;
    symlink("a.csv", store.root.join("raw/inside.csv"))?;
    for path in ["raw/a.csv", "raw/inside.csv"] {
        let input = store.snapshot_input(path)?;
        assert_eq!((input.file.sha256, input.file.bytes), (Digest::of(b"abc"), 3));
        assert_eq!(fs::read_to_string(&input.copy)?, "abc");
    }
    Ok(())
}

#[test]
fn inputs_outside_the_workspace_are_refused() -> Outcome {
    let (_dir, store) = workspace()?;
    let outside = tempfile::tempdir()?;
    fs::write(outside.path().join("secret"), "s")?;
    symlink(outside.path().join("secret"), store.root.join("file"))?;
    symlink(outside.path(), store.root.join("folder"))?;
    fs::create_dir(store.root.join("raw"))?;
    let absolute = outside.path().join("secret").display().to_string();
    for path in ["file", "folder/secret", "../secret", "raw/../file", &absolute, "raw", "/dev/zero"] {
        let refused = store.snapshot_input(path).map(|input| input.file);
        assert!(matches!(refused, Err(StoreError::InputRefused { .. })), "{path}: {refused:?}");
    }
    let missing = store.snapshot_input("raw/none.csv").map(|input| input.file);
    assert_eq!(missing.err().map(|error| error.exit_code()), Some(74));
    Ok(())
}

#[test]
fn a_changed_input_is_never_recalled() -> Outcome {
    let (_dir, store) = workspace()?;
    let guard = store.lock(NOW)?;
    let path = store.root.join("a.csv");
    fs::write(&path, "one")?;
    let input = store.snapshot_input("a.csv")?;
    store.remember_inputs(&guard, std::slice::from_ref(&input))?;
    let paths = ["a.csv".to_owned()];
    assert_eq!(store.fingerprint(&paths)?, [input.file]);
    // Within the step of a file system's clock, and of the same length.
    fs::write(&path, "two")?;
    assert_eq!(store.fingerprint(&paths)?[0].sha256, Digest::of(b"two"));
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
