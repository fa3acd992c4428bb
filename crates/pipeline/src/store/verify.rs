//! `pipeline verify`: every kept content against its hash, and the check-out against `HEAD`. What is damaged
//! is named, and mended where the same content stands somewhere else or can be made again from the inputs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::digest::Running;
use super::disk;
use super::error::{StoreError, failed};
use super::revision::{FileEntry, Revision, manifest_name, number_in};
use super::{Digest, Guard, Store};

/// A content that is not what its manifest says, or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The damaged file, relative to the workspace.
    pub(crate) path: String,
    /// The files of revisions that have this content: "curated/claims.csv in 3f2a…".
    pub(crate) of: Vec<String>,
    /// What became of it.
    pub(crate) mended: Mended,
}

/// Where a damaged content was found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mended {
    /// The store's own object.
    FromStore,
    /// The check-out.
    FromCheckOut,
    /// It was made again from the inputs.
    FromInputs,
    /// Nowhere, and the published revision needs it.
    No,
    /// Nowhere, and only older revisions need it.
    NoButOlder,
}

impl Mended {
    /// Whether the content is lost.
    pub(crate) fn is_lost(self) -> bool {
        matches!(self, Self::No | Self::NoButOlder)
    }
}

/// Makes contents again that are lost, puts them among the objects, and gives those that it could make.
pub(crate) type MakeAgain<'a> = dyn Fn(&BTreeSet<Digest>) -> Result<BTreeSet<Digest>, StoreError> + 'a;

impl Store {
    /// Reads everything that is kept and compares: `HEAD`, the manifests, the objects, the check-out.
    ///
    /// # Errors
    /// `HEAD` is damaged and nothing tells what it was, or the disk fails.
    pub(crate) fn verify(
        &self,
        guard: &Guard,
        make_again: &MakeAgain<'_>,
    ) -> Result<Vec<Damage>, StoreError> {
        let mut damages = self.verify_manifests(guard)?;
        damages.extend(self.verify_head(guard)?);
        let Some(head) = self.head()? else { return Ok(damages) };
        damages.extend(self.verify_objects(&head, make_again)?);
        let in_objects = damages.len();
        for file in &head.files {
            if self.stands(&self.root.join(&file.path), file)? {
                continue;
            }
            let whole = self.object_is_whole(file)?;
            let mended = if whole { Mended::FromStore } else { Mended::No };
            if whole {
                self.put_copy(&self.object(file.sha256), &self.root.join(&file.path), file)?;
            }
            damages.push(Damage { path: file.path.clone(), of: vec![called(&file.path, head.id)], mended });
        }
        let of_folders = &damages[in_objects..];
        if !of_folders.is_empty() && !of_folders.iter().any(|damage| damage.mended.is_lost()) {
            self.remember_checkout(&head)?;
        }
        Ok(damages)
    }

    /// A damaged or missing manifest of `HEAD` is made anew from the check-out; that of an older revision is
    /// lost, and removed, since nothing could be pruned as long as it stands there.
    fn verify_manifests(&self, _guard: &Guard) -> Result<Vec<Damage>, StoreError> {
        let named = self.named_by_head().ok().flatten();
        let mut damages = Vec::new();
        let mut manifests = self.manifests()?;
        // A manifest that is not there is as bad as one that cannot be read. One of that number under another
        // id: then HEAD is what is wrong.
        let is_missing = |number| manifests.iter().all(|name| number_in(name) != Some(number));
        let missing = named.filter(|(_, number)| is_missing(*number));
        manifests.extend(missing.map(|(id, number)| manifest_name(number, id)));
        for name in manifests {
            let is_head = number_in(&name) == named.map(|(_, number)| number);
            match self.manifest(&name) {
                Ok(Some(_)) => continue,
                Ok(None) if !is_head => continue,
                Ok(None) | Err(StoreError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
            let mended = match is_head {
                true if self.mend_head_manifest()? => Mended::FromCheckOut,
                true => Mended::No,
                false => Mended::NoButOlder,
            };
            if mended.is_lost() {
                disk::remove(&self.dot.join("revisions").join(&name))?;
            }
            damages.push(Damage { path: format!(".pipeline/revisions/{name}"), of: Vec::new(), mended });
        }
        Ok(damages)
    }

    /// A `HEAD` that names no kept revision is set on the one whose files stand in the folders; where none
    /// does, on the latest that is whole.
    fn verify_head(&self, _guard: &Guard) -> Result<Vec<Damage>, StoreError> {
        let kept = self.manifests()?.into_iter().filter(|name| number_in(name).is_some());
        let mut kept: Vec<Revision> =
            kept.filter_map(|name| self.manifest(&name).transpose()).collect::<Result<_, _>>()?;
        kept.sort_by_key(|revision| Reverse(revision.number));
        let found = match self.head() {
            Ok(Some(_)) => return Ok(Vec::new()),
            // Before the first commit there is no HEAD, and at most the manifest of a run that died.
            Ok(None) if kept.iter().all(|revision| revision.number == 1) => return Ok(Vec::new()),
            Ok(None) | Err(StoreError::Damaged { .. }) => {
                let standing =
                    self.first_whole(&kept, |file| self.stands(&self.root.join(&file.path), file))?;
                let mended = standing.map(|revision| (revision, Mended::FromCheckOut));
                match mended {
                    Some(mended) => Some(mended),
                    None => self
                        .first_whole(&kept, |file| self.object_is_whole(file))?
                        .map(|revision| (revision, Mended::FromStore)),
                }
            }
            Err(error) => return Err(error),
        };
        // Where nothing is found, the error of reading HEAD says what to do.
        let Some((revision, mended)) = found else { return Ok(Vec::new()) };
        self.move_head(revision)?;
        self.forget_after(revision.number)?;
        let of = vec![called("the published revision", revision.id)];
        Ok(vec![Damage { path: ".pipeline/HEAD".to_owned(), of, mended }])
    }

    /// The first revision all of whose files are whole.
    fn first_whole<'r>(
        &self,
        revisions: &'r [Revision],
        is_whole: impl Fn(&FileEntry) -> Result<bool, StoreError>,
    ) -> Result<Option<&'r Revision>, StoreError> {
        'revisions: for revision in revisions {
            for file in &revision.files {
                if !is_whole(file)? {
                    continue 'revisions;
                }
            }
            return Ok(Some(revision));
        }
        Ok(None)
    }

    fn verify_objects(&self, head: &Revision, make_again: &MakeAgain<'_>) -> Result<Vec<Damage>, StoreError> {
        let mut contents: BTreeMap<Digest, (FileEntry, Vec<String>)> = BTreeMap::new();
        for revision in self.revisions()? {
            for file in &revision.files {
                let entry = contents.entry(file.sha256).or_insert_with(|| (file.clone(), Vec::new()));
                entry.1.push(called(&file.path, revision.id));
            }
        }
        let (mut damages, mut lost) = (Vec::new(), BTreeSet::new());
        for (sha256, (file, of)) in contents {
            if self.object_is_whole(&file)? {
                continue;
            }
            let mut in_head = head.files.iter().filter(|candidate| candidate.sha256 == sha256).peekable();
            let mut mended = if in_head.peek().is_some() { Mended::No } else { Mended::NoButOlder };
            for candidate in in_head {
                let path = self.root.join(&candidate.path);
                if mended.is_lost() && self.stands(&path, candidate)? {
                    self.put_copy(&path, &self.object(sha256), candidate)?;
                    mended = Mended::FromCheckOut;
                }
            }
            if mended.is_lost() {
                lost.insert(sha256);
            }
            damages.push((sha256, of, mended));
        }
        let made = if lost.is_empty() { BTreeSet::new() } else { make_again(&lost)? };
        let told = damages.into_iter().map(|(sha256, of, mended)| {
            let mended = if made.contains(&sha256) { Mended::FromInputs } else { mended };
            Damage { path: format!(".pipeline/objects/{sha256}"), of, mended }
        });
        Ok(told.collect())
    }

    /// Whether a file has this content.
    fn stands(&self, path: &Path, file: &FileEntry) -> Result<bool, StoreError> {
        match fs::File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            opened => {
                let read = opened.and_then(Digest::of_reader).map_err(failed("read", path))?;
                Ok(read == (file.sha256, file.bytes))
            }
        }
    }

    /// Puts a copy of a file in place if it is `file`: the disk may hold other bytes than memory, where they were checked.
    fn put_copy(&self, from: &Path, to: &Path, file: &FileEntry) -> Result<(), StoreError> {
        if let Some(folder) = to.parent() {
            self.disk.make_dir(folder)?;
        }
        let temp = self.temp_for(to)?;
        let mut running = Running::default();
        self.disk.copy(from, &temp, |piece| running.update(piece))?;
        if running.finish() != (file.sha256, file.bytes) {
            disk::discard(&temp);
            let why = "the disk gives other bytes than it did a moment ago".to_owned();
            return Err(StoreError::Damaged { path: from.to_owned(), why });
        }
        self.disk.sync_files(&[&temp])?;
        disk::rename(&temp, to)?;
        self.disk.sync_dir(to.parent().unwrap_or(to))
    }
}

fn called(path: &str, id: Digest) -> String {
    format!("{path} in {}", &id.to_string()[..12])
}
