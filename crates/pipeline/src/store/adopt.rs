//! Adoption: the folders hold a whole revision by their own `out/run.json`, but the store does not know it.
//! So it is after a fresh clone of a repository that commits the outputs, and after a pull into an old one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::checkout::Stamp;
use super::disk;
use super::draft::ReadBack;
use super::error::{StoreError, failed};
use super::retain::Keep;
use super::revision::{FileEntry, Journal, RUN_JSON, Revision, content_id, number_in};
use super::{Digest, Guard, Healed, Outcome, Store};

/// What adoption reads of `out/run.json`.
#[derive(Deserialize)]
struct RunManifest {
    revision: Digest,
    outputs: Vec<FileEntry>,
    #[serde(default)]
    inputs: Vec<FileEntry>,
    #[serde(default)]
    program: String,
    #[serde(default)]
    as_of: String,
}

impl Store {
    /// Adopts what stands in the folders, is content with empty ones, and names the files of any other.
    pub(super) fn adopt_or_refuse(
        &self,
        guard: &Guard,
        head: Option<&Revision>,
    ) -> Result<Healed, StoreError> {
        let found = self.found()?;
        if head.is_none() && found.is_empty() {
            return Ok(Healed::default());
        }
        if let Some(run) = self.whole_revision(&found)? {
            let adopted = self.adopt(guard, &found.into_keys().collect::<Vec<_>>(), run)?;
            return Ok(Healed { restored: Vec::new(), adopted: Some(adopted) });
        }
        let writers: Vec<&Revision> = head.into_iter().collect();
        self.plan(head, &writers)?;
        Ok(Healed::default())
    }

    /// The manifest of `HEAD`, made anew from the folders if they hold that very content.
    pub(super) fn mend_head_manifest(&self) -> Result<bool, StoreError> {
        let Some((id, number)) = self.named_by_head()? else { return Ok(false) };
        let whole = self.whole_revision(&self.found()?)?;
        let Some(run) = whole.filter(|run| run.revision == id) else { return Ok(false) };
        let parent =
            self.manifests()?.iter().filter_map(|name| number_in(name)).filter(|&n| n < number).max();
        let mut files = run.outputs;
        let path = self.root.join(RUN_JSON);
        let manifest = disk::read_if_there(&path)?.unwrap_or_default();
        let (sha256, bytes) = (Digest::of(&manifest), manifest.len() as u64);
        files.push(FileEntry { path: RUN_JSON.to_owned(), sha256, bytes });
        files.sort();
        let summary = "journal lost; mended from curated/ and out/".to_owned();
        let journal = Journal {
            when: String::new(),
            program: run.program,
            as_of: run.as_of,
            inputs: run.inputs,
            summary,
        };
        self.write_manifest(&Revision { number, id, parent, journal, files })?;
        Ok(true)
    }

    /// The manifest in the folders, if it names exactly the files that stand there, with their hashes.
    fn whole_revision(
        &self,
        found: &BTreeMap<String, Option<Stamp>>,
    ) -> Result<Option<RunManifest>, StoreError> {
        let Some(bytes) = disk::read_if_there(&self.root.join(RUN_JSON))? else { return Ok(None) };
        let Ok(mut run) = serde_json::from_slice::<RunManifest>(&bytes) else { return Ok(None) };
        run.outputs.sort();
        let others = found.iter().filter(|(path, _)| path.as_str() != RUN_JSON);
        let stand = others.map(|(path, stamp)| (path.as_str(), stamp.map(|stamp| stamp.bytes)));
        let named = run.outputs.iter().map(|file| (file.path.as_str(), Some(file.bytes)));
        if !stand.eq(named) || content_id(&run.outputs) != run.revision {
            return Ok(None);
        }
        for file in &run.outputs {
            if self.hash(&file.path)? != file.sha256 {
                return Ok(None);
            }
        }
        Ok(Some(run))
    }

    /// Publishes the files that stand in the folders as they are.
    fn adopt(&self, guard: &Guard, paths: &[String], run: RunManifest) -> Result<Digest, StoreError> {
        let draft = self.draft(guard)?;
        for path in paths {
            let full = self.root.join(path);
            draft.write(path, |out| {
                let mut file = std::fs::File::open(&full).map_err(failed("read", &full))?;
                std::io::copy(&mut file, out).map(drop).map_err(failed("copy", &full))
            })?;
        }
        let journal = Journal {
            when: guard.since.clone(),
            program: run.program,
            as_of: run.as_of,
            inputs: run.inputs,
            summary: "adopted as it stood in curated/ and out/".to_owned(),
        };
        let as_it_is = ReadBack { limit: u64::MAX, open: &|_, _| Ok(()) };
        match draft.publish(journal, &Keep::Revisions(usize::MAX), &as_it_is)? {
            Outcome::NothingNew(revision) => Ok(revision.id),
            Outcome::Published(published) => Ok(published.revision.id),
        }
    }
}
