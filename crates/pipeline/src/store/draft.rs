//! A draft: the files of a revision to come, written and hashed in one pass, and its publication in an order
//! that a power cut cannot break:
//!
//! 1. every new file is synced, read back, and renamed to its object;
//! 2. the check-out's copies are made and synced, so that a full disk is known before anything changes;
//! 3. the manifest, then `HEAD`: its rename is the commit point;
//! 4. the copies are renamed into `curated/` and `out/`.
//!
//! A failure before 3 leaves nothing but unreferenced objects. A failure after it puts the folders and then
//! `HEAD` back; if that fails too (or the process dies), the next command completes the new revision.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Store;
use super::checkout::{FOLDERS, Plan};
use super::digest::{Digest, Running};
use super::disk::{self, Waited};
use super::error::{StoreError, failed};
use super::lock::Guard;
use super::outflow::Outflow;
use super::retain::Keep;
use super::revision::{FileEntry, Journal, Revision, content_id, to_manifest};

/// How many bytes are written, then hashed, at once.
const PIECE: usize = 1 << 17;

/// The files of a revision to come. Dropped without being published, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    store: &'a Store,
    base: Option<Revision>,
    pieces: Mutex<BTreeMap<String, Piece>>,
    started: Instant,
}

/// A file of the draft.
#[derive(Debug, Clone)]
struct Piece {
    file: FileEntry,
    /// Where it was written; none where the store has the object already.
    temp: Option<PathBuf>,
}

/// How what was written is read back before it is published.
pub(crate) struct ReadBack<'a> {
    /// Files larger than this many bytes are left to `pipeline verify`.
    pub(crate) limit: u64,
    /// Opens a file by its kind (Parquet as a table) and says what is wrong with it. It gets the path in the
    /// revision and where the bytes lie now; it may be called from several threads.
    pub(crate) open: &'a (dyn Fn(&str, &Path) -> Result<(), String> + Sync),
}

/// What became of a draft.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Its content is what `HEAD` holds already: nothing was written.
    NothingNew(Revision),
    /// It is published.
    Published(Box<Published>),
}

/// A publication.
#[derive(Debug)]
pub(crate) struct Published {
    /// What `HEAD` names now.
    pub(crate) revision: Revision,
    /// What `HEAD` named before.
    pub(crate) before: Option<Revision>,
    /// The files of the check-out that changed, sorted.
    pub(crate) changed: Vec<String>,
    /// Where the time went.
    pub(crate) timings: Timings,
    /// Older revisions could not be removed; the publication stands, and the next one tries again.
    pub(crate) not_pruned: Option<StoreError>,
}

/// Where a publication's time went beside the writing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timings {
    /// Copying and renaming into `curated/` and `out/`, moving `HEAD`, pruning.
    pub(crate) checkout: Duration,
    /// Waiting for the disk to sync.
    pub(crate) waited: Waited,
}

impl Store {
    /// Begins a revision. The folders must be whole: see [`Store::heal`].
    ///
    /// # Errors
    /// `HEAD` cannot be read, or the workbench cannot be set up.
    pub(crate) fn draft<'a>(&'a self, _guard: &'a Guard) -> Result<Draft<'a>, StoreError> {
        self.workbench()?;
        self.disk.take_waited();
        Ok(Draft { store: self, base: self.head()?, pieces: Mutex::default(), started: Instant::now() })
    }
}

impl Draft<'_> {
    /// Writes one file, hashing it on the way; may be called from several threads. `write`'s own error comes
    /// back as it is, unless the disk failed beneath it.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::NotInRevision`], [`StoreError::Interrupted`], or the error of `write`.
    pub(crate) fn write<E: From<StoreError>>(
        &self,
        path: &str,
        write: impl FnOnce(&mut ObjectWriter) -> Result<(), E>,
    ) -> Result<(), E> {
        let written = self.write_together(&[path], |outs| outs.first_mut().map_or(Ok(()), write));
        written.map(drop)
    }

    /// Writes several files in one go: `write` gets a writer for each path. Else as [`Draft::write`].
    ///
    /// # Errors
    /// Those of [`Draft::write`], of any of the files.
    pub(crate) fn write_together<E: From<StoreError>>(
        &self,
        paths: &[impl AsRef<str>],
        write: impl FnOnce(&mut [ObjectWriter]) -> Result<(), E>,
    ) -> Result<Vec<FileEntry>, E> {
        if let Some(path) = paths.iter().map(AsRef::as_ref).find(|path| !is_path_of_revision(path)) {
            return Err(StoreError::NotInRevision { path: path.to_owned() }.into());
        }
        self.store.go_on()?;
        let workbench = self.store.workbench()?;
        let temps: Vec<PathBuf> = paths.iter().map(|_| workbench.fresh("object")).collect();
        let pieces = self.written(paths, &temps, write);
        let pieces = pieces.inspect_err(|_| temps.iter().for_each(|temp| disk::discard(temp)))?;
        let files = pieces.iter().map(|piece| piece.file.clone()).collect();
        let mut known = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in pieces {
            if let Some(mut earlier) = known.insert(piece.file.path.clone(), piece) {
                earlier.forget();
            }
        }
        Ok(files)
    }

    fn written<E: From<StoreError>>(
        &self,
        paths: &[impl AsRef<str>],
        temps: &[PathBuf],
        write: impl FnOnce(&mut [ObjectWriter]) -> Result<(), E>,
    ) -> Result<Vec<Piece>, E> {
        let writers = temps.iter().map(|temp| ObjectWriter::create(temp));
        let mut writers: Vec<ObjectWriter> = writers.collect::<Result<_, _>>()?;
        let written = write(&mut writers);
        let finished: Vec<_> = writers.into_iter().map(ObjectWriter::finish).collect();
        let mut pieces = Vec::with_capacity(paths.len());
        for ((path, temp), finished) in paths.iter().zip(temps).zip(finished) {
            let path = path.as_ref();
            // The disk's own error tells more than what became of it above.
            let (sha256, bytes) = finished.map_err(failed("write", Path::new(path)))?;
            let file = FileEntry { path: path.to_owned(), sha256, bytes };
            pieces.push(Piece { file, temp: Some(temp.clone()) });
        }
        written?;
        for piece in &mut pieces {
            if self.store.object_is_whole(&piece.file)? {
                piece.forget();
            }
        }
        Ok(pieces)
    }

    /// The id of what has been written so far: everything but `out/run.json`, which carries it.
    pub(crate) fn id(&self) -> Digest {
        content_id(&self.files())
    }

    /// What has been written so far, by path.
    pub(crate) fn files(&self) -> Vec<FileEntry> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.values().map(|piece| piece.file.clone()).collect()
    }

    /// Publishes the draft, or finds that `HEAD` holds the same content already.
    ///
    /// # Errors
    /// [`StoreError::Unpublished`], [`StoreError::ReadBack`], [`StoreError::Interrupted`], or the disk's.
    pub(crate) fn publish(
        self,
        journal: Journal,
        keep: &Keep,
        read_back: &ReadBack<'_>,
    ) -> Result<Outcome, StoreError> {
        let revision = self.revision(journal);
        if let Some(base) = self.base.as_ref().filter(|base| base.files == revision.files) {
            return Ok(Outcome::NothingNew(base.clone()));
        }
        // Refused before anything is written, and again below, on the point of replacing.
        self.store.plan_from(self.base.as_ref(), &revision)?;
        self.store.go_on()?;
        let pieces = self.new_pieces();
        let temps: Vec<&Path> = pieces.iter().map(|(temp, _)| temp.as_path()).collect();
        self.store.disk.sync_files(&temps)?;
        check(&pieces, read_back)?;
        let _committing = self.store.committing();
        let base = self.base.as_ref();
        let mut written = (Duration::ZERO, Waited::default());
        let committed = self.store.add_objects(&pieces).and_then(|()| {
            written = (self.started.elapsed(), self.store.disk.take_waited());
            self.store.commit(base, &revision)
        });
        let changed = committed.inspect_err(|_| self.store.take_back(base, &revision))?;
        let not_pruned = self.store.prune(keep, &revision).err();
        let timings = self.timings(written);
        let before = self.base.clone();
        Ok(Outcome::Published(Box::new(Published { revision, before, changed, timings, not_pruned })))
    }

    /// Puts those of its files among the objects whose contents are asked for, and gives what it put there.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn supply(self, wanted: &BTreeSet<Digest>) -> Result<BTreeSet<Digest>, StoreError> {
        let mut pieces = self.new_pieces();
        pieces.retain(|(_, file)| wanted.contains(&file.sha256));
        let temps: Vec<&Path> = pieces.iter().map(|(temp, _)| temp.as_path()).collect();
        self.store.disk.sync_files(&temps)?;
        self.store.add_objects(&pieces)?;
        Ok(pieces.iter().map(|(_, file)| file.sha256).collect())
    }

    fn revision(&self, journal: Journal) -> Revision {
        let files = self.files();
        let before = self.base.as_ref().map(|base| base.number);
        Revision { number: before.unwrap_or(0) + 1, id: content_id(&files), parent: before, journal, files }
    }

    /// The files that the store has no object of, where they were written and one for each content.
    fn new_pieces(&self) -> Vec<(PathBuf, FileEntry)> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.values().filter_map(|piece| Some((piece.temp.clone()?, piece.file.clone()))).collect()
    }

    /// From the time up to the commit, and the waiting that is part of it.
    fn timings(&self, (written, waited): (Duration, Waited)) -> Timings {
        let then = self.store.disk.take_waited();
        let checkout = self.started.elapsed().saturating_sub(written).saturating_sub(then.time);
        let waited_in_all = Waited { syncs: waited.syncs + then.syncs, time: waited.time + then.time };
        Timings { checkout, waited: waited_in_all }
    }
}

impl Piece {
    fn forget(&mut self) {
        if let Some(temp) = self.temp.take() {
            disk::discard(&temp);
        }
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        for piece in self.pieces.lock().unwrap_or_else(PoisonError::into_inner).values_mut() {
            piece.forget();
        }
    }
}

impl Store {
    /// What must be done to go from one revision to the next.
    pub(super) fn plan_from(&self, base: Option<&Revision>, target: &Revision) -> Result<Plan, StoreError> {
        let writers: Vec<&Revision> = base.into_iter().collect();
        self.plan(Some(target), &writers)
    }

    /// Moves synced files among the objects.
    pub(super) fn add_objects(&self, pieces: &[(PathBuf, FileEntry)]) -> Result<(), StoreError> {
        self.make_own_folders()?;
        for (temp, file) in pieces {
            disk::rename(temp, &self.object(file.sha256))?;
        }
        if pieces.is_empty() { Ok(()) } else { self.disk.sync_dir(&self.dot.join("objects")) }
    }

    /// Steps 2 to 4. Returns the paths of the check-out that changed.
    pub(super) fn commit(
        &self,
        base: Option<&Revision>,
        revision: &Revision,
    ) -> Result<Vec<String>, StoreError> {
        let plan = self.plan_from(base, revision)?;
        let staged = self.stage(&plan)?;
        self.write_manifest(revision)?;
        self.go_on()?;
        self.move_head(revision)?;
        self.swap_in(&staged)?;
        // Only a cache: without it the next command hashes the files.
        drop(self.remember_checkout(revision));
        Ok(plan.paths())
    }

    /// Writes the manifest, durably. It counts for nothing before `HEAD` names it.
    pub(super) fn write_manifest(&self, revision: &Revision) -> Result<(), StoreError> {
        let manifest = self.dot.join("revisions").join(revision.manifest_name());
        let bytes = to_manifest(revision).map_err(Into::into).map_err(failed("write", &manifest))?;
        self.disk.replace(&manifest, &self.workbench()?.fresh("manifest"), &bytes)
    }

    /// After a failure: the folders as they were, then `HEAD`, then what nothing refers to any more. Whatever
    /// fails here is completed by the next command, towards whichever revision `HEAD` names by then.
    pub(super) fn take_back(&self, base: Option<&Revision>, revision: &Revision) {
        if self.try_take_back(base, revision).is_ok() {
            disk::discard(&self.dot.join("revisions").join(revision.manifest_name()));
            drop(self.remove_unreferenced());
        }
        drop(self.sweep_folders());
    }

    fn try_take_back(&self, base: Option<&Revision>, revision: &Revision) -> Result<(), StoreError> {
        if self.head()?.as_ref().map(|head| head.number) != Some(revision.number) {
            return Ok(());
        }
        let writers: Vec<&Revision> = base.into_iter().chain([revision]).collect();
        let plan = self.plan(base, &writers)?;
        let staged = self.stage(&plan)?;
        self.swap_in(&staged)?;
        let Some(base) = base else {
            disk::remove(&self.dot.join("HEAD"))?;
            return self.disk.sync_dir(&self.dot);
        };
        self.move_head(base)?;
        drop(self.remember_checkout(base));
        Ok(())
    }
}

/// Reads the files back: their bytes against their hashes, and each by its kind.
fn check(pieces: &[(PathBuf, FileEntry)], read_back: &ReadBack<'_>) -> Result<(), StoreError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    disk::side_by_side(pieces, threads, |(temp, file)| {
        if file.bytes > read_back.limit {
            return Ok(());
        }
        let (sha256, _) = File::open(temp).and_then(Digest::of_reader).map_err(failed("read back", temp))?;
        let opened = if sha256 == file.sha256 {
            (read_back.open)(&file.path, temp)
        } else {
            Err(format!("its SHA-256 is {sha256}, not {}", file.sha256))
        };
        opened.map_err(|why| StoreError::ReadBack { path: file.path.clone(), why })
    })
}

/// Relative, below one of the two folders, without `.`, `..` or empty steps.
fn is_path_of_revision(path: &str) -> bool {
    let mut steps = path.split('/');
    steps.next().is_some_and(|folder| FOLDERS.contains(&folder))
        && steps.clone().next().is_some()
        && steps.all(|step| !matches!(step, "" | "." | ".."))
}

/// Writes a file and hashes what passes.
#[derive(Debug)]
pub(crate) struct ObjectWriter {
    file: Outflow,
    running: Running,
    /// The first failure of the disk: libraries wrap it beyond recognition.
    failure: Option<io::Error>,
}

impl ObjectWriter {
    fn create(path: &Path) -> Result<Self, StoreError> {
        let file = Outflow::create(path).map_err(failed("write", path))?;
        Ok(Self { file, running: Running::default(), failure: None })
    }

    fn finish(self) -> io::Result<(Digest, u64)> {
        match self.failure {
            Some(failure) => Err(failure),
            None => self.file.finish().map(|_| self.running.finish()),
        }
    }
}

impl Write for ObjectWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What is written is hashed while the core's own cache holds it.
        match self.file.write(&bytes[..bytes.len().min(PIECE)]) {
            Ok(written) => {
                self.running.update(&bytes[..written]);
                Ok(written)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted && self.failure.is_none() {
                    self.failure = Some(io::Error::new(error.kind(), error.to_string()));
                }
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
