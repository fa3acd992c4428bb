//! Which revisions are kept, and the removal of the others: manifests first, then the objects that no
//! manifest names any more, so that an interrupted pruning leaves at most objects too many.

use std::collections::BTreeSet;

use super::Store;
use super::disk;
use super::error::StoreError;
use super::revision::{Revision, number_in};

/// What is kept beside `HEAD` and its parent, which always are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Keep {
    /// This many revisions, the newest.
    Revisions(usize),
    /// What was published at or after this time, in the form of [`Journal::when`](super::Journal::when).
    Since(String),
}

impl Default for Keep {
    fn default() -> Self {
        Self::Revisions(30)
    }
}

impl Store {
    /// Removes what is not kept.
    pub(super) fn prune(&self, keep: &Keep, head: &Revision) -> Result<(), StoreError> {
        let mut newest_first = self.manifests()?;
        newest_first.retain(|name| number_in(name).is_some_and(|number| number <= head.number));
        newest_first.sort_by_key(|name| std::cmp::Reverse(number_in(name)));
        let mut removed = false;
        for (place, name) in newest_first.iter().enumerate() {
            let number = number_in(name);
            if number == Some(head.number) || number == head.parent {
                continue;
            }
            let kept = match keep {
                Keep::Revisions(count) => place < *count,
                Keep::Since(time) => self.manifest(name)?.is_none_or(|old| old.journal.when >= *time),
            };
            if !kept {
                disk::remove(&self.dot.join("revisions").join(name))?;
                removed = true;
            }
        }
        if removed {
            // A manifest that comes back after a power cut must find its objects.
            self.disk.sync_dir(&self.dot.join("revisions"))?;
        }
        self.remove_unreferenced()
    }

    /// Removes the objects that no manifest names. Where a manifest cannot be read, none is removed.
    pub(super) fn remove_unreferenced(&self) -> Result<(), StoreError> {
        let objects = self.dot.join("objects");
        let mut referenced = BTreeSet::new();
        for name in self.manifests()? {
            if let Some(revision) = self.manifest(&name)? {
                referenced.extend(revision.files.iter().map(|file| file.sha256.to_string()));
            }
        }
        for name in disk::names(&objects)? {
            if !referenced.contains(&name) {
                disk::remove(&objects.join(name))?;
            }
        }
        Ok(())
    }
}
