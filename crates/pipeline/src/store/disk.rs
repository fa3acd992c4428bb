//! The calls that change files, each with its path in the error, and the clock on the disk's syncs.
//! What is written, and in which order, is decided by the callers.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::error::{StoreError, failed};
use super::outflow::{Inflow, Outflow};
use super::workbench::TEMP_PREFIX;

/// How many syncs may wait for the disk at once: a journalling file system commits them together.
const SYNCS_AT_ONCE: usize = 8;

/// The disk, with the time spent waiting for its syncs.
#[derive(Debug, Default)]
pub(super) struct Disk {
    waited: Mutex<Waited>,
}

/// The time spent waiting for the disk to sync.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waited {
    /// How many files and folders were synced.
    pub(crate) syncs: usize,
    /// Wall time; syncs that wait side by side count once, and those that nobody waits for do not.
    pub(crate) time: Duration,
}

impl Disk {
    /// Makes a folder if there is none, and its name durable.
    pub(super) fn make_dir(&self, path: &Path) -> Result<(), StoreError> {
        match fs::create_dir(path) {
            Ok(()) => self.sync_dir(path.parent().unwrap_or(path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(failed("make the folder", path)(error)),
        }
    }

    /// Replaces `path` by these bytes, whole and durably: `temp` is written, synced and renamed over it.
    /// On failure `temp` is gone and `path` is as it was, unless the failure was the last sync of the folder.
    pub(super) fn replace(&self, path: &Path, temp: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let written = write_whole(temp, bytes)
            .and_then(|()| self.sync_files(&[temp]))
            .and_then(|()| rename(temp, path));
        if let Err(error) = written {
            discard(temp);
            return Err(error);
        }
        self.sync_dir(path.parent().unwrap_or(path))
    }

    /// Makes the contents of files durable, several at once.
    pub(super) fn sync_files<P: AsRef<Path> + Sync>(&self, paths: &[P]) -> Result<(), StoreError> {
        let started = Instant::now();
        let synced = side_by_side(paths, SYNCS_AT_ONCE, |path| sync(path.as_ref()));
        self.count(paths.len(), started.elapsed());
        synced
    }

    /// Copies a file into a new one, which is not durable yet, and shows each piece as it passes. Gives the number of
    /// bytes.
    ///
    /// By reading and writing: where the file system cannot share blocks, the kernel's own copying between
    /// files, which `fs::copy` asks for, goes page by page and takes ten times as long.
    pub(super) fn copy(
        &self,
        from: &Path,
        to: &Path,
        mut show: impl FnMut(&[u8]),
    ) -> Result<u64, StoreError> {
        let mut source = Inflow::open(from).map_err(failed("read", from))?;
        let mut target = Outflow::create(to).map_err(failed("write", to))?;
        let mut copied = 0;
        loop {
            let room = target.room().map_err(failed("write", to))?;
            let read = match source.read(room) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(failed("read", from))?,
            };
            show(&room[..read]);
            target.advance(read);
            copied += read as u64;
        }
        self.count(0, target.finish().map_err(failed("write", to))?);
        Ok(copied)
    }

    /// Makes the names in a folder durable.
    pub(super) fn sync_dir(&self, path: &Path) -> Result<(), StoreError> {
        self.sync_files(&[path])
    }

    /// The waiting since the last call.
    pub(super) fn take_waited(&self) -> Waited {
        self.waited.lock().map(|mut waited| std::mem::take(&mut *waited)).unwrap_or_default()
    }

    fn count(&self, syncs: usize, time: Duration) {
        if let Ok(mut waited) = self.waited.lock() {
            waited.syncs += syncs;
            waited.time += time;
        }
    }
}

fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("sync", path))
}

/// Writes a new file. It is not durable yet.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    File::create(path).and_then(|mut file| file.write_all(bytes)).map_err(failed("write", path))
}

/// Renames a file over whatever stands there; the folder is not synced yet.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(failed("rename into place", to))
}

/// Removes a file; it is well if there is none.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a temporary file while another error is on its way up: what stays behind, the next command sweeps.
pub(super) fn discard(path: &Path) {
    drop(fs::remove_file(path));
}

/// The names in a folder, sorted; none where there is no folder. Names that are no UTF-8 come with U+FFFD.
pub(super) fn names(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("list", path))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("list", path))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The bytes of a file, or none where there is no such file.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}

/// Does the same for every item on up to `threads` threads; of several errors, the first item's is returned.
pub(super) fn side_by_side<T: Sync, E: Send>(
    items: &[T],
    threads: usize,
    each: impl Fn(&T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    if items.len() < 2 || threads < 2 {
        return items.iter().try_for_each(each);
    }
    let next = AtomicUsize::new(0);
    let first_error: Mutex<Option<(usize, E)>> = Mutex::new(None);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            if let Err(error) = each(item)
                && let Ok(mut first) = first_error.lock()
                && first.as_ref().is_none_or(|(earlier, _)| index < *earlier)
            {
                *first = Some((index, error));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(work);
        }
        work();
    });
    first_error.into_inner().ok().flatten().map_or(Ok(()), |(_, error)| Err(error))
}

/// A fresh name for a temporary file in a folder, hidden and unique within this process.
pub(super) fn fresh(dir: &Path, what: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    dir.join(format!("{TEMP_PREFIX}{}-{what}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)))
}
