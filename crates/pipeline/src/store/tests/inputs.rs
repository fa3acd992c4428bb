//! Inputs: what is read is the copy that was hashed, and nothing outside the workspace.

use super::*;

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
        // Whatever becomes of the original.
        fs::write(store.root.join("raw/a.csv"), "later")?;
        assert_eq!(fs::read_to_string(&input.copy)?, "abc");
        fs::write(store.root.join("raw/a.csv"), "abc")?;
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
fn an_input_that_changes_while_it_is_copied_is_refused() -> Outcome {
    let (_dir, store) = workspace()?;
    let path = store.root.join("a.csv");
    fs::write(&path, vec![b'a'; 16 << 20])?;
    let done = AtomicBool::new(false);
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                drop(
                    fs::OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(b"b")),
                );
            }
        });
        let refused = store.snapshot_input("a.csv").map(|input| input.file);
        done.store(true, Ordering::SeqCst);
        refused
    });
    assert!(matches!(refused, Err(StoreError::InputChanged { .. })), "{refused:?}");
    assert_eq!(store.snapshot_input("a.csv")?.file.bytes, fs::metadata(&path)?.len());
    Ok(())
}

/// A file that changed within the step of a file system's clock may have changed again: it is read anew.
#[test]
fn an_input_is_recalled_only_when_the_clock_has_moved_on() -> Outcome {
    let (_dir, store) = workspace()?;
    let guard = store.lock(NOW)?;
    fs::write(store.root.join("a.csv"), "one")?;
    let input = store.snapshot_input("a.csv")?;
    store.remember_inputs(&guard, std::slice::from_ref(&input))?;
    let memory = store.dot.join("inputs.json");
    let (truth, lie) = (Digest::of(b"one"), Digest::of(b"another"));
    let mut remembered: serde_json::Value = serde_json::from_slice(&fs::read(&memory)?)?;
    remembered["a.csv"]["sha256"] = lie.to_string().into();
    for (seconds, expected) in [(0, truth), (1, truth), (2, lie)] {
        let changed = remembered["a.csv"]["stamp"]["changed"][0].as_i64().ok_or("no time")?;
        remembered["a.csv"]["hashed_at"] = (changed + seconds).into();
        fs::write(&memory, remembered.to_string())?;
        let found = store.fingerprint(&["a.csv".to_owned()])?;
        assert_eq!(found[0].sha256, expected, "hashed {seconds} s after the change");
    }
    Ok(())
}
