//! The check-out: real files in `curated/` and `out/`, copied from the objects and each replaced whole by a
//! rename. A plan is made from what stands there before anything is written; files that no revision wrote
//! stop it. The marker `.pipeline/CHECKOUT` remembers how each file looked from outside when it was put there, so that an
//! untouched check-out is known by its metadata alone. The marker is a cache: lost or torn, the files are hashed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Store;
use super::digest::Digest;
use super::disk;
use super::error::{StoreError, failed};
use super::revision::{FileEntry, RUN_JSON, Revision};
use super::workbench::TEMP_PREFIX;

/// The folders that a revision fills.
pub(super) const FOLDERS: [&str; 2] = ["curated", "out"];

/// Files that lie beside a revision: the step from the one before, and the rows set aside.
const BESIDE: [&str; 2] = ["out/changes.md", "out/rejects.csv"];

/// How a file looks from outside. A change of its content changes at least one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) bytes: u64,
    /// Seconds and nanoseconds of the last change of content.
    modified: (i64, i64),
    /// Seconds and nanoseconds of the last change of content or metadata: no program can set it back.
    pub(super) changed: (i64, i64),
    inode: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }
}

/// A file of the check-out as it was put there.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stamped {
    file: FileEntry,
    stamp: Stamp,
}

/// The content of `.pipeline/CHECKOUT`.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    /// The publication whose check-out was completed.
    number: u64,
    files: Vec<Stamped>,
}

impl Marker {
    /// The content of a file that looks as it did when it was put there.
    fn recall(&self, path: &str, stamp: Stamp) -> Option<Digest> {
        let at = self.files.binary_search_by(|known| known.file.path.as_str().cmp(path)).ok()?;
        self.files.get(at).filter(|known| known.stamp == stamp).map(|known| known.file.sha256)
    }
}

/// What must be done for the folders to hold a revision.
#[derive(Debug, Default)]
pub(super) struct Plan {
    put: Vec<FileEntry>,
    remove: Vec<String>,
    /// The files that stand there rightly but look different from what the marker remembers.
    restamp: bool,
}

impl Plan {
    /// Whether the folders hold the revision as the marker remembers it.
    pub(super) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty() && !self.restamp
    }

    /// Whether a file will be put there.
    pub(super) fn puts(&self, path: &str) -> bool {
        self.put.iter().any(|file| file.path == path)
    }

    /// The paths that will change, sorted.
    pub(super) fn paths(&self) -> Vec<String> {
        let put = self.put.iter().map(|file| file.path.clone());
        let mut paths: Vec<String> = put.chain(self.remove.iter().cloned()).collect();
        paths.sort();
        paths
    }
}

/// Copies of the objects, synced and ready to be renamed into the folders.
#[derive(Debug)]
pub(super) struct Staged {
    /// The copy, and the path it goes to.
    copies: Vec<(PathBuf, String)>,
    remove: Vec<String>,
}

impl Store {
    /// Whether the folders hold this revision untouched and nothing else, judged by metadata alone: no file
    /// is opened but the marker.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub(crate) fn checkout_is_whole(&self, revision: &Revision) -> Result<bool, StoreError> {
        let Some(marker) = self.marker()?.filter(|marker| marker.number == revision.number) else {
            return Ok(false);
        };
        let found = self.found()?;
        let untouched = |(path, stamp): (&String, &Option<Stamp>)| {
            let content = stamp.and_then(|stamp| marker.recall(path, stamp));
            content.is_some() && content == revision.file(path).map(|file| file.sha256)
        };
        Ok(found.len() == revision.files.len() && found.iter().all(untouched))
    }

    /// What must be done for the folders to hold `target`, given the revisions that may have written what
    /// stands there.
    pub(super) fn plan(&self, target: Option<&Revision>, writers: &[&Revision]) -> Result<Plan, StoreError> {
        let marker = self.marker()?;
        let remembered = marker.as_ref().map(|marker| marker.number) == target.map(|target| target.number);
        let mut plan = Plan { restamp: !remembered, ..Plan::default() };
        let (mut foreign, mut edited) = (Vec::new(), Vec::new());
        let found = self.found()?;
        for (path, stamp) in &found {
            let Some(stamp) = *stamp else {
                foreign.push(path.clone());
                continue;
            };
            let recalled = marker.as_ref().and_then(|marker| marker.recall(path, stamp));
            let content = match recalled {
                Some(content) => content,
                None => self.hash(path)?,
            };
            let wanted = target.and_then(|target| target.file(path));
            let written: Vec<Digest> =
                writers.iter().filter_map(|writer| writer.file(path)).map(|file| file.sha256).collect();
            match wanted {
                Some(file) if file.sha256 == content => plan.restamp |= recalled.is_none(),
                _ if !written.contains(&content) && written.is_empty() => foreign.push(path.clone()),
                _ if !written.contains(&content) => edited.push(path.clone()),
                Some(file) => plan.put.push(file.clone()),
                None => plan.remove.push(path.clone()),
            }
        }
        if !foreign.is_empty() || !edited.is_empty() {
            return Err(StoreError::Unpublished { foreign, edited });
        }
        let missing =
            target.iter().flat_map(|target| &target.files).filter(|file| !found.contains_key(&file.path));
        plan.put.extend(missing.cloned());
        Ok(plan)
    }

    /// Copies what the plan puts from the objects onto the workbench, makes the folders, and syncs: the disk is
    /// full now or not at all.
    pub(super) fn stage(&self, plan: &Plan) -> Result<Staged, StoreError> {
        let mut copies = Vec::with_capacity(plan.put.len());
        for file in &plan.put {
            self.make_folders(&file.path)?;
            let (object, copy) = (self.object(file.sha256), self.temp_for(&self.root.join(&file.path))?);
            let bytes = self.disk.copy(&object, &copy, |_| ())?;
            if bytes != file.bytes {
                let why = format!("it has {bytes} bytes, not {}; `pipeline verify` mends it", file.bytes);
                return Err(StoreError::Damaged { path: object, why });
            }
            copies.push((copy, file.path.clone()));
        }
        // The manifest of the folder is replaced last.
        copies.sort_by_key(|(_, path)| path == RUN_JSON);
        let staged = Staged { copies, remove: plan.remove.clone() };
        for folder in self.folders_of(&staged) {
            rustix::fs::access(&folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
                .map_err(std::io::Error::from)
                .map_err(failed("write to the folder", &folder))?;
        }
        let temps: Vec<&Path> = staged.copies.iter().map(|(copy, _)| copy.as_path()).collect();
        self.disk.sync_files(&temps)?;
        Ok(staged)
    }

    /// Renames the copies into the folders, removes what must go, and makes both durable.
    pub(super) fn swap_in(&self, staged: &Staged) -> Result<(), StoreError> {
        for (copy, path) in &staged.copies {
            disk::rename(copy, &self.root.join(path))?;
        }
        for path in &staged.remove {
            disk::remove(&self.root.join(path))?;
        }
        let folders: Vec<PathBuf> = self.folders_of(staged).into_iter().collect();
        self.disk.sync_files(&folders)
    }

    /// Remembers how the files of a completed check-out look. Not synced: it is a cache.
    pub(super) fn remember_checkout(&self, revision: &Revision) -> Result<(), StoreError> {
        let mut files = Vec::with_capacity(revision.files.len());
        for file in &revision.files {
            let path = self.root.join(&file.path);
            let metadata = fs::symlink_metadata(&path).map_err(failed("look at", &path))?;
            files.push(Stamped { file: file.clone(), stamp: Stamp::of(&metadata) });
        }
        let marker = Marker { number: revision.number, files };
        let path = self.dot.join("CHECKOUT");
        let bytes = serde_json::to_vec(&marker).map_err(Into::into).map_err(failed("write", &path))?;
        let temp = self.workbench()?.fresh("checkout");
        disk::write_whole(&temp, &bytes)?;
        disk::rename(&temp, &path)
    }

    /// Removes copies that a dead process left in the folders: see [`Store::temp_for`].
    pub(super) fn sweep_folders(&self) -> Result<(), StoreError> {
        for folder in FOLDERS.map(|folder| self.root.join(folder)) {
            for name in disk::names(&folder)?.iter().filter(|name| name.starts_with(TEMP_PREFIX)) {
                disk::remove(&folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Everything that stands in the folders, by path: its stamp, or none where it is no regular file. What
    /// lies beside a revision, and the lock files of programs that have a table open, are left out.
    pub(super) fn found(&self) -> Result<BTreeMap<String, Option<Stamp>>, StoreError> {
        let mut found = BTreeMap::new();
        let mut folders: Vec<String> = FOLDERS.iter().map(|&folder| folder.to_owned()).collect();
        while let Some(folder) = folders.pop() {
            for name in disk::names(&self.root.join(&folder))? {
                let path = format!("{folder}/{name}");
                let full = self.root.join(&path);
                let metadata = match fs::symlink_metadata(&full) {
                    // A name that is no UTF-8, or a file that went this moment: named rather than passed over.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        found.insert(path, None);
                        continue;
                    }
                    metadata => metadata.map_err(failed("look at", &full))?,
                };
                if metadata.is_dir() {
                    folders.push(path);
                } else if !is_beside(&path, &name) {
                    found.insert(path, metadata.is_file().then(|| Stamp::of(&metadata)));
                }
            }
        }
        Ok(found)
    }

    /// The content of a file of the workspace.
    pub(super) fn hash(&self, path: &str) -> Result<Digest, StoreError> {
        let full = self.root.join(path);
        let hashed = File::open(&full).and_then(Digest::of_reader);
        hashed.map(|(digest, _)| digest).map_err(failed("read", &full))
    }

    fn marker(&self) -> Result<Option<Marker>, StoreError> {
        let bytes = disk::read_if_there(&self.dot.join("CHECKOUT"))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    fn make_folders(&self, path: &str) -> Result<(), StoreError> {
        for (slash, _) in path.match_indices('/') {
            self.disk.make_dir(&self.root.join(&path[..slash]))?;
        }
        Ok(())
    }

    fn folders_of(&self, staged: &Staged) -> BTreeSet<PathBuf> {
        let paths = staged.copies.iter().map(|(_, path)| path).chain(&staged.remove);
        paths.filter_map(|path| self.root.join(path).parent().map(Path::to_path_buf)).collect()
    }
}

/// Whether a file is left alone: what lies beside a revision, our own copies in the making, and files that a
/// desktop or an office program leaves while somebody looks at a folder. The last are no one's work, and a
/// scheduled run must not stop for them.
fn is_beside(path: &str, name: &str) -> bool {
    BESIDE.contains(&path)
        || name.starts_with(TEMP_PREFIX)
        || name.starts_with("~$")
        || (name.starts_with(".~lock.") && name.ends_with('#'))
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
