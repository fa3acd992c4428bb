//! A revision: its files, the journal of its publication, and how both are kept as a manifest.
//!
//! The content's name, [`Revision::id`], says nothing of when or from what it was published: the same
//! content may be published again (a restore, an input that changed without effect), and each publication
//! is a manifest of its own with the next `number`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest::{Digest, Running};
use super::error::StoreError;

/// The file that carries the revision's id and so cannot take part in it.
pub(crate) const RUN_JSON: &str = "out/run.json";

/// A file of a revision, or an input of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    /// Relative to the workspace, with `/`.
    pub(crate) path: String,
    /// SHA-256 of the content.
    pub(crate) sha256: Digest,
    /// Length of the content in bytes.
    pub(crate) bytes: u64,
}

/// What is told of a publication beside its content. It never enters `curated/` or `out/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// When it was published: RFC 3339 in UTC, as the caller read the clock.
    pub(crate) when: String,
    /// The program and its version.
    pub(crate) program: String,
    /// What was published up to this date was known.
    pub(crate) as_of: String,
    /// What was read.
    pub(crate) inputs: Vec<FileEntry>,
    /// What changed, in one line.
    pub(crate) summary: String,
}

/// One publication of a whole of `curated/` and `out/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Revision {
    /// Counts publications from 1; `HEAD` has the highest.
    pub(crate) number: u64,
    /// The name of the content: [`content_id`] of `files`.
    pub(crate) id: Digest,
    /// The number of the publication before it; it may have been pruned.
    pub(crate) parent: Option<u64>,
    /// When, by what, from what.
    pub(crate) journal: Journal,
    /// All files, by path.
    pub(crate) files: Vec<FileEntry>,
}

impl Revision {
    /// The file with this path.
    pub(crate) fn file(&self, path: &str) -> Option<&FileEntry> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// Where its manifest is kept.
    pub(super) fn manifest_name(&self) -> String {
        manifest_name(self.number, self.id)
    }
}

/// Where the manifest of a publication is kept.
pub(super) fn manifest_name(number: u64, id: Digest) -> String {
    format!("{number:06}-{id}.json")
}

/// The name of a content: SHA-256 over the lines `path NUL sha256 LF`, sorted by path, of all files but
/// [`RUN_JSON`].
pub(crate) fn content_id<'a>(files: impl IntoIterator<Item = &'a FileEntry>) -> Digest {
    let mut files: Vec<&FileEntry> = files.into_iter().filter(|file| file.path != RUN_JSON).collect();
    files.sort();
    let mut running = Running::default();
    for file in files {
        running.update(format!("{}\0{}\n", file.path, file.sha256).as_bytes());
    }
    running.finish().0
}

/// The number of the publication in a manifest's file name.
pub(super) fn number_in(manifest_name: &str) -> Option<u64> {
    let (number, rest) = manifest_name.split_once('-')?;
    rest.ends_with(".json").then(|| number.parse().ok())?
}

/// A manifest on disk: a revision and the digest of its compact JSON, so that a flipped bit is seen.
#[derive(Serialize, Deserialize)]
struct Sealed {
    revision: Revision,
    seal: Digest,
}

/// The bytes of a manifest.
pub(super) fn to_manifest(revision: &Revision) -> Result<Vec<u8>, serde_json::Error> {
    let seal = Digest::of(&serde_json::to_vec(revision)?);
    let mut bytes = serde_json::to_vec_pretty(&Sealed { revision: revision.clone(), seal })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a manifest back; `path` is for the error.
pub(super) fn from_manifest(path: &Path, bytes: &[u8]) -> Result<Revision, StoreError> {
    let damaged = |why: String| StoreError::Damaged { path: path.to_path_buf(), why };
    let Sealed { revision, seal } =
        serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
    let whole = serde_json::to_vec(&revision).is_ok_and(|json| Digest::of(&json) == seal);
    if !whole || content_id(&revision.files) != revision.id {
        return Err(damaged("its content does not match its seal; `pipeline verify` mends it".to_owned()));
    }
    Ok(revision)
}
