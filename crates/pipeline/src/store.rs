//! The revision store: the only module of the project that writes files.
//!
//! ```text
//! .pipeline/lock          one run at a time (a kernel lock)
//! .pipeline/HEAD          id and number of the published revision; its rename is the commit point
//! .pipeline/revisions/    a manifest for each publication
//! .pipeline/objects/      contents, each named by its SHA-256 and shared among revisions
//! .pipeline/CHECKOUT      how the files of the completed check-out look from outside (a cache)
//! .pipeline/inputs.json   how the inputs looked when they were hashed (a cache)
//! .pipeline/tmp/          files in the making
//! curated/, out/          the check-out of HEAD: copies, never links
//! ```
//!
//! What holds at every moment, whatever is killed or cut off: `HEAD` names a manifest that is there, its
//! objects are there and synced, and every file of the check-out is whole, of this revision or the one before.
//! [`Store::heal`] completes what was cut off; every command that takes the lock begins with it.
//!
//! A file in `curated/` or `out/` that was deleted is put back. One that somebody changed, or that no revision
//! wrote, stops the run before anything is written, unless the folders hold a whole revision by their own
//! `out/run.json` (a fresh clone, a pull): then it is adopted.

mod adopt;
mod checkout;
mod digest;
mod disk;
mod draft;
mod error;
mod inputs;
mod lock;
mod names;
mod outflow;
mod retain;
mod revision;
#[cfg(test)]
mod tests;
mod verify;
mod workbench;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub(crate) use digest::Digest;
pub(crate) use draft::{Draft, Outcome, Published, ReadBack};
pub(crate) use error::StoreError;
pub(crate) use inputs::Input;
pub(crate) use lock::Guard;
pub(crate) use retain::Keep;
pub(crate) use revision::{FileEntry, Journal, RUN_JSON, Revision};
pub(crate) use verify::{Damage, Mended};

use disk::Disk;
use error::failed;
use workbench::Workbench;

/// The revisions of one workspace.
#[derive(Debug)]
pub(crate) struct Store {
    /// The workspace, canonical.
    root: PathBuf,
    /// Its `.pipeline`.
    dot: PathBuf,
    disk: Disk,
    workbench: Mutex<Option<Arc<Workbench>>>,
    stop: Stop,
}

/// What passes between a handler of signals and the store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    /// Raised by the handler: the store gives up with [`StoreError::Interrupted`], unless the commit has begun.
    pub(crate) asked: Arc<AtomicBool>,
    /// Raised by the store while it commits or takes back: a process that ended now would leave work to the
    /// next command.
    pub(crate) committing: Arc<AtomicBool>,
}

/// Lowers [`Stop::committing`] when the commit is over.
struct Committing<'a>(&'a AtomicBool);

impl Drop for Committing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// What [`Store::heal`] found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Healed {
    /// Files of `curated/` and `out/` that were put back or brought up to `HEAD`, sorted.
    pub(crate) restored: Vec<String>,
    /// The folders held a whole revision that the store did not know; it is `HEAD` now.
    pub(crate) adopted: Option<Digest>,
}

impl Store {
    /// Opens the store of a workspace. Nothing is created before the first write.
    ///
    /// # Errors
    /// There is no such folder, or `.pipeline`, `curated` or `out` in it is a link or a file.
    pub(crate) fn open(workspace: &Path) -> Result<Self, StoreError> {
        let root = fs::canonicalize(workspace).map_err(failed("open the workspace", workspace))?;
        let dot = root.join(".pipeline");
        for folder in [".pipeline", "curated", "out"] {
            let path = root.join(folder);
            if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_dir()) {
                return Err(failed("use as a folder of its own", &path)(
                    std::io::ErrorKind::NotADirectory.into(),
                ));
            }
        }
        Ok(Self { root, dot, disk: Disk::default(), workbench: Mutex::default(), stop: Stop::default() })
    }

    /// The workspace's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Heeds what a handler of signals says, and tells it when not to end the process.
    pub(crate) fn stopped_by(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// Takes the lock, without waiting. `now` is told to whoever comes second.
    ///
    /// # Errors
    /// [`StoreError::Locked`], or the lock file cannot be made.
    pub(crate) fn lock(&self, now: &str) -> Result<Guard, StoreError> {
        self.disk.make_dir(&self.dot)?;
        lock::take(&self.dot.join("lock"), now)
    }

    /// Completes what a killed run left, puts back what was deleted from the folders, and adopts a whole
    /// revision that the store does not know.
    ///
    /// # Errors
    /// [`StoreError::Unpublished`] where the folders hold what may not be overwritten; a damaged manifest.
    pub(crate) fn heal(&self, guard: &Guard) -> Result<Healed, StoreError> {
        workbench::sweep(&self.dot.join("tmp"))?;
        self.sweep_folders()?;
        let Some(head) = self.head()? else {
            self.refuse_to_forget()?;
            self.forget_after(0)?;
            return self.adopt_or_refuse(guard, None);
        };
        self.forget_after(head.number)?;
        if self.checkout_is_whole(&head)? {
            return Ok(Healed::default());
        }
        let parent = head.parent.map(|number| self.numbered(number)).transpose()?.flatten();
        let writers: Vec<&Revision> = parent.iter().chain([&head]).collect();
        let plan = match self.plan(Some(&head), &writers) {
            Err(StoreError::Unpublished { .. }) => return self.adopt_or_refuse(guard, Some(&head)),
            plan => plan?,
        };
        if !plan.is_empty() {
            self.is_whole_in_store(&head, |file| plan.puts(&file.path))?;
            let staged = self.stage(&plan)?;
            let _committing = self.committing();
            self.swap_in(&staged)?;
            self.remember_checkout(&head)?;
        }
        Ok(Healed { restored: plan.paths(), adopted: None })
    }

    /// Brings back an older revision: it is published again, as it was.
    ///
    /// # Errors
    /// As [`Draft::publish`]; [`StoreError::Damaged`] where one of its objects is missing or damaged.
    pub(crate) fn restore(
        &self,
        _guard: &Guard,
        older: &Revision,
        journal: Journal,
    ) -> Result<Revision, StoreError> {
        self.is_whole_in_store(older, |_| true)?;
        let head = self.head()?;
        if let Some(head) = head.as_ref().filter(|head| head.files == older.files) {
            return Ok(head.clone());
        }
        let before = head.as_ref().map(|head| head.number);
        let files = older.files.clone();
        let number = before.unwrap_or(0) + 1;
        let revision = Revision { number, id: older.id, parent: before, journal, files };
        self.commit(head.as_ref(), &revision).inspect_err(|_| self.take_back(head.as_ref(), &revision))?;
        Ok(revision)
    }

    /// Replaces a file of the workspace that is no part of a revision (`raw/evidence.lock`,
    /// `out/changes.md`), whole and durably. Nothing is written where it holds these bytes already.
    ///
    /// # Errors
    /// The disk's; the file is as it was then.
    pub(crate) fn replace_file(&self, _guard: &Guard, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let full = self.root.join(path);
        if disk::read_if_there(&full)?.is_some_and(|old| old == bytes) {
            return Ok(());
        }
        if let Some(folder) = full.parent() {
            self.disk.make_dir(folder)?;
        }
        self.disk.replace(&full, &self.temp_for(&full)?, bytes)
    }

    /// Where a file of a kept revision can be read. The store's own copy: never to be written to.
    pub(crate) fn object(&self, sha256: Digest) -> PathBuf {
        self.dot.join("objects").join(sha256.to_string())
    }

    /// Whether the store holds this content, by reading it.
    fn object_is_whole(&self, file: &FileEntry) -> Result<bool, StoreError> {
        let object = self.object(file.sha256);
        match fs::metadata(&object) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("look at", &object)(error)),
            Ok(metadata) if metadata.len() != file.bytes => Ok(false),
            Ok(_) => {
                let read = fs::File::open(&object).and_then(Digest::of_reader);
                Ok(read.map_err(failed("read", &object))?.0 == file.sha256)
            }
        }
    }

    /// Refuses where the content of one of these files of a revision is damaged.
    fn is_whole_in_store(
        &self,
        revision: &Revision,
        is_asked: impl Fn(&FileEntry) -> bool,
    ) -> Result<(), StoreError> {
        for file in revision.files.iter().filter(|file| is_asked(file)) {
            if !self.object_is_whole(file)? {
                let why = format!("it is not the content of {}; `pipeline verify` mends it", file.path);
                return Err(StoreError::Damaged { path: self.object(file.sha256), why });
            }
        }
        Ok(())
    }

    fn make_own_folders(&self) -> Result<(), StoreError> {
        self.disk.make_dir(&self.dot.join("objects"))?;
        self.disk.make_dir(&self.dot.join("revisions"))
    }

    /// The commit point. A failure leaves `HEAD` old, or new and perhaps not durable.
    fn move_head(&self, revision: &Revision) -> Result<(), StoreError> {
        let line = format!("{} {}\n", revision.id, revision.number);
        self.disk.replace(&self.dot.join("HEAD"), &self.workbench()?.fresh("head"), line.as_bytes())
    }

    fn workbench(&self) -> Result<Arc<Workbench>, StoreError> {
        let mut workbench = self.workbench.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workbench) = workbench.as_ref() {
            return Ok(Arc::clone(workbench));
        }
        let set_up = Arc::new(Workbench::set_up(&self.dot.join("tmp"))?);
        Ok(Arc::clone(workbench.insert(set_up)))
    }

    /// Where a file is made that is to be renamed to `path`: on the workbench, or, where a folder of the workspace
    /// is another file system, hidden in that folder.
    fn temp_for(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let device =
            |at: &Path| fs::metadata(at).map(|metadata| metadata.dev()).map_err(failed("look at", at));
        let temp = self.workbench()?.fresh("copy");
        let top = path.strip_prefix(&self.root).ok().and_then(|path| path.iter().next());
        let folder = top.map_or_else(|| self.root.clone(), |top| self.root.join(top));
        let beside = folder.is_dir() && device(&folder)? != device(&self.dot)?;
        Ok(if beside { disk::fresh(&folder, "copy") } else { temp })
    }

    fn go_on(&self) -> Result<(), StoreError> {
        if self.stop.asked.load(Ordering::SeqCst) { Err(StoreError::Interrupted) } else { Ok(()) }
    }

    fn committing(&self) -> Committing<'_> {
        self.stop.committing.store(true, Ordering::SeqCst);
        Committing(&self.stop.committing)
    }
}
