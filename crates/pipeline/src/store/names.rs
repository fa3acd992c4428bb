//! Which revision is meant: `HEAD`, `HEAD~2`, an id, a unique prefix of one, a date.

use super::disk;
use super::error::{StoreError, failed};
use super::revision::{Revision, from_manifest, number_in};
use super::{Digest, Store};

/// A prefix of an id must be at least this long, so that a year is a date and no prefix.
const SHORTEST_PREFIX: usize = 4;

impl Store {
    /// The published revision, or none before the first.
    ///
    /// # Errors
    /// `HEAD` or its manifest cannot be read or is damaged.
    pub(crate) fn head(&self) -> Result<Option<Revision>, StoreError> {
        let path = self.dot.join("HEAD");
        let damaged = |why: &str| StoreError::Damaged { path: path.clone(), why: why.to_owned() };
        let Some((id, number)) = self.named_by_head()? else { return Ok(None) };
        let head = self
            .numbered(number)?
            .ok_or_else(|| damaged("the manifest it names is missing; `pipeline verify` mends it"))?;
        if head.id != id {
            return Err(damaged("it names another id than its manifest; `pipeline verify` mends it"));
        }
        Ok(Some(head))
    }

    /// The id and number in `HEAD`, whatever became of the manifest.
    pub(super) fn named_by_head(&self) -> Result<Option<(Digest, u64)>, StoreError> {
        let path = self.dot.join("HEAD");
        let Some(bytes) = disk::read_if_there(&path)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&bytes);
        let named = text.trim_end().split_once(' ').and_then(|(id, number)| {
            let id: Digest = id.parse().ok()?;
            Some((id, number.parse().ok()?))
        });
        let why = "it names no revision; `pipeline verify` mends it";
        named.map(Some).ok_or_else(|| StoreError::Damaged { path, why: why.to_owned() })
    }

    /// The kept revisions, newest first. A damaged manifest of an older one is left to `pipeline verify`.
    ///
    /// # Errors
    /// A manifest cannot be read, or that of `HEAD` is damaged.
    pub(crate) fn revisions(&self) -> Result<Vec<Revision>, StoreError> {
        let newest = self.head()?.map_or(0, |head| head.number);
        let mut revisions = Vec::new();
        for name in self.manifests()? {
            // A manifest beyond HEAD was never published.
            if number_in(&name).is_some_and(|number| number <= newest) {
                match self.manifest(&name) {
                    Err(StoreError::Damaged { .. }) => {}
                    manifest => revisions.extend(manifest?),
                }
            }
        }
        revisions.sort_by_key(|revision| std::cmp::Reverse(revision.number));
        Ok(revisions)
    }

    /// The revision that somebody means by `asked`: `HEAD`, `HEAD~N` (the Nth publication before it), an id or
    /// a prefix of at least 4 digits, or a date (`2025-02-01`: the last one published by the end of that day
    /// in UTC). Of several publications of one content, the latest.
    ///
    /// # Errors
    /// [`StoreError::UnknownRevision`], [`StoreError::AmbiguousRevision`], or a damaged manifest.
    pub(crate) fn resolve(&self, asked: &str) -> Result<Revision, StoreError> {
        let revisions = self.revisions()?;
        let found = match asked.strip_prefix("HEAD") {
            Some(rest) => steps_back(rest).and_then(|steps| revisions.get(steps)),
            None if is_date(asked) => revisions
                .iter()
                .find(|revision| revision.journal.when.get(..10).is_some_and(|day| day <= asked)),
            None => by_prefix(&revisions, asked)?,
        };
        found.cloned().ok_or_else(|| StoreError::UnknownRevision { asked: asked.to_owned() })
    }

    /// The revision with this number, if it is kept.
    pub(super) fn numbered(&self, number: u64) -> Result<Option<Revision>, StoreError> {
        let name = self.manifests()?.into_iter().find(|name| number_in(name) == Some(number));
        Ok(name.map(|name| self.manifest(&name)).transpose()?.flatten())
    }

    /// Refuses where `HEAD` is missing although more than a first publication was begun: what is kept would
    /// be forgotten.
    pub(super) fn refuse_to_forget(&self) -> Result<(), StoreError> {
        if self.manifests()?.iter().any(|name| number_in(name) > Some(1)) {
            let why = "it is missing, though revisions are kept; `pipeline verify` mends it".to_owned();
            return Err(StoreError::Damaged { path: self.dot.join("HEAD"), why });
        }
        Ok(())
    }

    /// Removes manifests beyond `number`: of runs that died before the commit point.
    pub(super) fn forget_after(&self, number: u64) -> Result<(), StoreError> {
        for name in self.manifests()? {
            if number_in(&name).is_some_and(|beyond| beyond > number) {
                disk::remove(&self.dot.join("revisions").join(name))?;
            }
        }
        Ok(())
    }

    /// The file names of the manifests.
    pub(super) fn manifests(&self) -> Result<Vec<String>, StoreError> {
        disk::names(&self.dot.join("revisions"))
    }

    /// Reads a manifest, or none where it has just been pruned.
    pub(super) fn manifest(&self, name: &str) -> Result<Option<Revision>, StoreError> {
        let path = self.dot.join("revisions").join(name);
        match std::fs::read(&path) {
            Ok(bytes) => from_manifest(&path, &bytes).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path)(error)),
        }
    }
}

/// `""` is 0, `~` is 1, `~3` is 3.
fn steps_back(text: &str) -> Option<usize> {
    match text.strip_prefix('~') {
        None => text.is_empty().then_some(0),
        Some("") => Some(1),
        Some(steps) => steps.parse().ok(),
    }
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn by_prefix<'a>(revisions: &'a [Revision], asked: &str) -> Result<Option<&'a Revision>, StoreError> {
    let asked_id = asked.to_ascii_lowercase();
    if asked_id.len() < SHORTEST_PREFIX {
        return Ok(None);
    }
    let matching = revisions.iter().filter(|revision| revision.id.to_string().starts_with(&asked_id));
    let mut distinct: Vec<&Revision> = Vec::new();
    for revision in matching {
        if distinct.iter().all(|known| known.id != revision.id) {
            distinct.push(revision);
        }
    }
    if distinct.len() > 1 {
        let candidates = distinct.iter().map(|revision| revision.id.to_string()).collect();
        return Err(StoreError::AmbiguousRevision { asked: asked.to_owned(), candidates });
    }
    Ok(distinct.first().copied())
}
