//! Inputs: copied and hashed in one pass, and only the copy is read. A cache of how they looked lets an
//! unchanged input be known by its metadata alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};
use serde::{Deserialize, Serialize};

use super::checkout::Stamp;
use super::digest::Running;
use super::disk;
use super::error::{StoreError, failed};
use super::revision::FileEntry;
use super::workbench::Workbench;
use super::{Digest, Guard, Store};

/// A file whose metadata changed so shortly before it was hashed could change again without showing it:
/// file systems count time in steps of up to two seconds.
const COARSEST_CLOCK: i64 = 2;

/// How many bytes of an input are copied at once: few enough for a core's own cache, and enough for two cores to take turns.
const PIECE: usize = 1 << 19;

/// An input, copied: the copy stays as long as this value.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Path as it was asked for, hash and length.
    pub(crate) file: FileEntry,
    /// Where the copy lies.
    pub(crate) copy: PathBuf,
    /// How the input looked while it was copied.
    stamp: Stamp,
    /// When it was hashed, in seconds since 1970.
    hashed_at: i64,
    /// The copies lie on it.
    _workbench: Arc<Workbench>,
}

/// What is remembered of an input.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Remembered {
    sha256: Digest,
    stamp: Stamp,
    hashed_at: i64,
}

impl Store {
    /// Copies an input below `.pipeline/tmp` and hashes it on the way; not to be called from rayon's workers.
    ///
    /// # Errors
    /// [`StoreError::InputRefused`] for an absolute path, `..`, a link that leaves the workspace, and whatever
    /// is no regular file; [`StoreError::InputChanged`] where it changes meanwhile.
    pub(crate) fn snapshot_input(&self, path: &str) -> Result<Input, StoreError> {
        self.go_on()?;
        let (input, stamp) = self.open_input(path)?;
        let workbench = self.workbench()?;
        let copy = workbench.fresh("input");
        let hashed_at = now();
        let hashed = copy_hashing(&input, &copy, &self.root.join(path))?;
        let metadata = input.metadata().map_err(failed("look at", &self.root.join(path)))?;
        if Stamp::of(&metadata) != stamp || hashed.1 != stamp.bytes {
            disk::discard(&copy);
            return Err(StoreError::InputChanged { path: path.to_owned() });
        }
        let file = FileEntry { path: path.to_owned(), sha256: hashed.0, bytes: hashed.1 };
        Ok(Input { file, copy, stamp, hashed_at, _workbench: workbench })
    }

    /// The hashes of inputs without copying them: from memory where they look as they did, else by reading.
    ///
    /// # Errors
    /// As [`Store::snapshot_input`].
    pub(crate) fn fingerprint(&self, paths: &[String]) -> Result<Vec<FileEntry>, StoreError> {
        let remembered = self.remembered()?;
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let (input, stamp) = self.open_input(path)?;
            let known = remembered.get(path).filter(|known| known.stamp == stamp && known.is_settled());
            let (sha256, bytes) = match known {
                Some(known) => (known.sha256, stamp.bytes),
                None => Digest::of_reader(input).map_err(failed("read", &self.root.join(path)))?,
            };
            files.push(FileEntry { path: path.clone(), sha256, bytes });
        }
        Ok(files)
    }

    /// Remembers how the inputs of a run looked. Not synced: it is a cache.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn remember_inputs(&self, _guard: &Guard, inputs: &[Input]) -> Result<(), StoreError> {
        let remembered: BTreeMap<&str, Remembered> = inputs
            .iter()
            .map(|input| {
                let (sha256, stamp, hashed_at) = (input.file.sha256, input.stamp, input.hashed_at);
                (input.file.path.as_str(), Remembered { sha256, stamp, hashed_at })
            })
            .collect();
        let path = self.dot.join("inputs.json");
        let bytes =
            serde_json::to_vec(&remembered).map_err(io::Error::from).map_err(failed("write", &path))?;
        let temp = self.workbench()?.fresh("inputs");
        disk::write_whole(&temp, &bytes)?;
        disk::rename(&temp, &path)
    }

    fn remembered(&self) -> Result<BTreeMap<String, Remembered>, StoreError> {
        let bytes = disk::read_if_there(&self.dot.join("inputs.json"))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Opens a regular file of the workspace. The resolved path is walked again step by step without following
    /// links, so that a path swapped between the check and the opening is refused too.
    fn open_input(&self, path: &str) -> Result<(File, Stamp), StoreError> {
        let refused = |why| StoreError::InputRefused { path: path.to_owned(), why };
        if !Path::new(path).components().all(|step| matches!(step, Component::Normal(_) | Component::CurDir))
        {
            return Err(refused("inputs are named relative to the workspace, without `..`"));
        }
        let full = self.root.join(path);
        let resolved = fs::canonicalize(&full).map_err(failed("read", &full))?;
        let inside = resolved
            .strip_prefix(&self.root)
            .map_err(|_| refused("it is a link that leads out of the workspace"))?;
        let mut at = File::open(&self.root).map_err(failed("open", &self.root))?;
        for step in inside.components() {
            // Not blocking: a pipe would wait for a writer.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
            let next = rustix::fs::openat(&at, step.as_os_str(), flags, Mode::empty());
            at = next.map(File::from).map_err(io::Error::from).map_err(failed("read", &full))?;
        }
        let metadata = at.metadata().map_err(failed("look at", &full))?;
        if !metadata.is_file() {
            return Err(refused("it is no regular file"));
        }
        Ok((at, Stamp::of(&metadata)))
    }
}

impl Remembered {
    /// Whether a change after the hashing would show in the stamp.
    fn is_settled(&self) -> bool {
        self.stamp.changed.0 + COARSEST_CLOCK <= self.hashed_at
    }
}

/// Copies a file piece by piece: while one is hashed, it is written and the next is read.
fn copy_hashing(mut input: &File, copy: &Path, input_path: &Path) -> Result<(Digest, u64), StoreError> {
    let mut output = File::create_new(copy).map_err(failed("write", copy))?;
    let mut running = Running::default();
    let mut read_into = |piece: &mut [u8]| filled(&mut input, piece).map_err(failed("read", input_path));
    let (mut piece, mut next) = (vec![0; PIECE], vec![0; PIECE]);
    let mut length = read_into(&mut piece)?;
    while length > 0 {
        let ((), passed_on) = rayon::join(
            || running.update(&piece[..length]),
            || {
                output.write_all(&piece[..length]).map_err(failed("write", copy))?;
                read_into(&mut next)
            },
        );
        length = passed_on?;
        std::mem::swap(&mut piece, &mut next);
    }
    Ok(running.finish())
}

/// Reads until `piece` is full or nothing is left, and gives how many bytes it holds.
fn filled(input: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < piece.len() {
        match input.read(&mut piece[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn now() -> i64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_1970.ok().and_then(|time| i64::try_from(time.as_secs()).ok()).unwrap_or(0)
}
