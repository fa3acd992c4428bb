//! Kept revisions: how they are called, brought back, pruned, checked and mended.

use std::collections::BTreeSet;

use super::*;

/// What `verify` finds where nothing can be made again.
fn verified(store: &Store, guard: &Guard) -> Result<Vec<Damage>, StoreError> {
    store.verify(guard, &|_| Ok(BTreeSet::new()))
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
