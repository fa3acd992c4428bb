//! What can go wrong in the store, each with its path: the edge turns these into exit codes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store refused or failed. Whatever is returned, the published revision is as it was, unless the
/// disk failed again while the old revision was put back: then the next command completes one or the other.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// A file or folder could not be read or written (exit 74).
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was being done, as a verb: "sync", "rename into place".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another process holds the lock (exit 75).
    #[error("another run holds the lock {}{holder}", lock.display())]
    Locked {
        /// The lock file.
        lock: PathBuf,
        /// Who holds it and since when, as far as the lock file says.
        holder: Holder,
    },
    /// Files in `curated/` or `out/` that the store may not overwrite (exit 1).
    #[error("{}", unpublished(foreign, edited))]
    Unpublished {
        /// Files whose names no revision wrote.
        foreign: Vec<String>,
        /// Files that a revision wrote and somebody changed since.
        edited: Vec<String>,
    },
    /// An input that may not be read: outside the workspace, a device, a link that leads out (exit 1).
    #[error("input {path} is refused: {why}")]
    InputRefused {
        /// The path as it was asked for.
        path: String,
        /// The reason.
        why: &'static str,
    },
    /// An input changed while it was being copied (exit 1).
    #[error("input {path} changed while it was read: run again when it is complete")]
    InputChanged {
        /// The path as it was asked for.
        path: String,
    },
    /// A file that is to be published does not read back as it was written (exit 74).
    #[error("{path} does not read back as it was written: {why}; nothing was published")]
    ReadBack {
        /// The path in the revision.
        path: String,
        /// What the reader said.
        why: String,
    },
    /// The store's own files contradict each other (exit 74).
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong and how to mend it.
        why: String,
    },
    /// No kept revision goes by this name (exit 2).
    #[error("no kept revision is called `{asked}`: `pipeline log` lists them")]
    UnknownRevision {
        /// What was asked for.
        asked: String,
    },
    /// Several kept revisions go by this name (exit 2).
    #[error("`{asked}` names {} revisions: {}", candidates.len(), candidates.join(", "))]
    AmbiguousRevision {
        /// What was asked for.
        asked: String,
        /// The ids it could mean.
        candidates: Vec<String>,
    },
    /// A path that is no relative path below `curated/` or `out/`: an error of the caller.
    #[error("`{path}` is no path of a revision: revisions hold curated/ and out/")]
    NotInRevision {
        /// The path that was given.
        path: String,
    },
    /// A signal asked the run to stop, before the commit point (exit 130 or 143).
    #[error("stopped by a signal; nothing was published")]
    Interrupted,
}

impl StoreError {
    /// The exit code of a command that ends with this error: 1 the material is refused, 2 the command asks for
    /// what is not there, 74 the disk, 75 the lock, 130 a signal.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Unpublished { .. } | Self::InputRefused { .. } | Self::InputChanged { .. } => 1,
            Self::UnknownRevision { .. } | Self::AmbiguousRevision { .. } => 2,
            Self::Io { .. } | Self::ReadBack { .. } | Self::Damaged { .. } | Self::NotInRevision { .. } => 74,
            Self::Locked { .. } => 75,
            Self::Interrupted => 130,
        }
    }
}

/// Who holds the lock, as the lock file tells; it may tell nothing while the holder is still writing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The process id.
    pub(crate) pid: Option<u32>,
    /// When it took the lock, as that run's caller wrote the time.
    pub(crate) since: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(since) = &self.since {
            write!(f, " since {since}")?;
        }
        if let Some(pid) = self.pid {
            write!(f, " (process {pid})")?;
        }
        Ok(())
    }
}

/// Names the path and the deed in an I/O error: `file.sync_all().map_err(failed("sync", path))`.
pub(super) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |source| StoreError::Io { doing, path, source }
}

/// All the files at once, each with what to do.
fn unpublished(foreign: &[String], edited: &[String]) -> String {
    let mut text = String::from("the published folders hold what no revision wrote; nothing was changed");
    for path in foreign {
        text.push_str(&format!("\n  {path}: no revision wrote it; move it out of the folder"));
    }
    for path in edited {
        text.push_str(&format!(
            "\n  {path}: changed since it was published; keep a copy elsewhere and delete it here, and it is put back"
        ));
    }
    text
}
