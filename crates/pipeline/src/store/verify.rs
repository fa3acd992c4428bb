//! `pipeline verify`: every kept content against its hash, and the check-out against `HEAD`. What is damaged
//! is named, and mended where the same content stands somewhere else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::disk;
use super::error::{StoreError, failed};
use super::revision::{FileEntry, number_in};
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
    /// Nowhere. If it is of `HEAD`, the next `pipeline run` that changes anything writes it anew; the
    /// content of an older revision is lost.
    No,
}

impl Store {
    /// Reads everything that is kept and compares.
    ///
    /// # Errors
    /// A manifest is damaged, or the disk fails.
    pub(crate) fn verify(&self, guard: &Guard) -> Result<Vec<Damage>, StoreError> {
        let mut damages = self.verify_manifests(guard)?;
        damages.extend(self.verify_objects(guard)?);
        let Some(head) = self.head()? else { return Ok(damages) };
        for file in &head.files {
            if self.stands(&self.root.join(&file.path), file)? {
                continue;
            }
            let whole = self.object_is_whole(file)?;
            let mended = if whole { Mended::FromStore } else { Mended::No };
            if whole {
                self.put_copy(&self.object(file.sha256), &self.root.join(&file.path))?;
            }
            damages.push(Damage { path: file.path.clone(), of: vec![called(&file.path, head.id)], mended });
        }
        if damages.iter().any(|damage| damage.mended == Mended::FromStore) {
            self.remember_checkout(&head)?;
        }
        Ok(damages)
    }

    /// A damaged manifest of `HEAD` is made anew from the check-out; that of an older revision is lost, and
    /// removed, since nothing could be pruned as long as it stands there.
    fn verify_manifests(&self, _guard: &Guard) -> Result<Vec<Damage>, StoreError> {
        let mut damages = Vec::new();
        let newest = self.named_by_head()?.map(|(_, number)| number);
        for name in self.manifests()? {
            let Err(StoreError::Damaged { path, .. }) = self.manifest(&name) else { continue };
            let is_head = number_in(&name) == newest;
            let mended =
                if is_head && self.mend_head_manifest()? { Mended::FromCheckOut } else { Mended::No };
            if !is_head {
                disk::remove(&path)?;
            }
            damages.push(Damage { path: format!(".pipeline/revisions/{name}"), of: Vec::new(), mended });
        }
        Ok(damages)
    }

    fn verify_objects(&self, _guard: &Guard) -> Result<Vec<Damage>, StoreError> {
        let mut contents: BTreeMap<Digest, (FileEntry, Vec<String>)> = BTreeMap::new();
        for revision in self.revisions()? {
            for file in &revision.files {
                let entry = contents.entry(file.sha256).or_insert_with(|| (file.clone(), Vec::new()));
                entry.1.push(called(&file.path, revision.id));
            }
        }
        let mut damages = Vec::new();
        for (sha256, (file, of)) in contents {
            if self.object_is_whole(&file)? {
                continue;
            }
            let candidates = self.head()?.into_iter().flat_map(|head| head.files);
            let mut mended = Mended::No;
            for candidate in candidates.filter(|candidate| candidate.sha256 == sha256) {
                let path = self.root.join(&candidate.path);
                if mended == Mended::No && self.stands(&path, &candidate)? {
                    self.put_copy(&path, &self.object(sha256))?;
                    mended = Mended::FromCheckOut;
                }
            }
            damages.push(Damage { path: format!(".pipeline/objects/{sha256}"), of, mended });
        }
        Ok(damages)
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

    fn put_copy(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        if let Some(folder) = to.parent() {
            self.disk.make_dir(folder)?;
        }
        let temp = self.temp_for(to)?;
        disk::copy(from, &temp)?;
        self.disk.sync_files(&[&temp])?;
        disk::rename(&temp, to)?;
        self.disk.sync_dir(to.parent().unwrap_or(to))
    }
}

fn called(path: &str, id: Digest) -> String {
    format!("{path} in {}", &id.to_string()[..12])
}
