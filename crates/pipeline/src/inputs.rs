//! What a run reads: the configuration, the fact sheets, the lock and the texts that are at hand.
//! A run reads copies that were hashed as they were made; `check` and `explain` read in place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::config::Config;
use crate::store::{Digest, FileEntry, Guard, Input, Store, StoreError};

/// The files of a run and where their bytes are read.
pub(crate) struct Inputs {
    /// Every file but `pipeline.toml`, by path.
    files: BTreeMap<String, Source>,
    /// Ids of the sources whose text is at hand, with its path.
    texts: Vec<(String, String)>,
}

enum Source {
    InPlace(PathBuf),
    Copy(Input),
}

impl Inputs {
    /// The inputs as they lie in the workspace.
    pub(crate) fn in_place(config: &Config) -> Result<Self> {
        let texts = texts(config)?;
        let in_place = |path: String| (path.clone(), Source::InPlace(config.workspace.join(path)));
        Ok(Self { files: paths(config, &texts).into_iter().map(in_place).collect(), texts })
    }

    /// These files of a folder that is no workspace yet.
    pub(crate) fn of_files(folder: &Path, files: impl IntoIterator<Item = String>) -> Self {
        let in_place = |path: String| (path.clone(), Source::InPlace(folder.join(path)));
        Self { files: files.into_iter().map(in_place).collect(), texts: Vec::new() }
    }

    /// Copies of the inputs, each hashed as it was made.
    ///
    /// # Errors
    /// A file that is not there, leads out of the workspace, or changes while it is copied.
    pub(crate) fn copied(config: &Config, store: &Store) -> Result<Self> {
        let texts = texts(config)?;
        let copies = paths(config, &texts).into_iter().map(|path| {
            let input = store.snapshot_input(&path)?;
            Ok((path, Source::Copy(input)))
        });
        Ok(Self { files: copies.collect::<Result<_, StoreError>>()?, texts })
    }

    /// The paths that a run would read, for telling whether any has changed.
    pub(crate) fn paths(config: &Config) -> Result<Vec<String>> {
        Ok(paths(config, &texts(config)?))
    }

    /// The file that holds an input's bytes.
    ///
    /// # Errors
    /// A path that is no input: there was no such file when the run began.
    pub(crate) fn file(&self, path: &str) -> Result<&Path> {
        match self.files.get(path) {
            Some(Source::InPlace(file)) => Ok(file),
            Some(Source::Copy(input)) => Ok(&input.copy),
            None => Err(std::io::Error::from(std::io::ErrorKind::NotFound))
                .with_context(|| format!("cannot read {path}")),
        }
    }

    /// Whether there is such an input.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Ids of the sources whose text is at hand, with its path.
    pub(crate) fn texts(&self) -> &[(String, String)] {
        &self.texts
    }

    /// Path, hash and length of each copied input.
    pub(crate) fn entries(&self) -> Vec<FileEntry> {
        self.copies().map(|input| input.file.clone()).collect()
    }

    /// Keeps how the inputs looked, so that the next run knows unchanged ones by their metadata.
    pub(crate) fn remember(&self, store: &Store, guard: &Guard) -> Result<(), StoreError> {
        let copies: Vec<Input> = self.copies().cloned().collect();
        store.remember_inputs(guard, &copies)
    }

    fn copies(&self) -> impl Iterator<Item = &Input> {
        self.files.values().filter_map(|source| match source {
            Source::Copy(input) => Some(input),
            Source::InPlace(_) => None,
        })
    }
}

/// The configuration as an input: its bytes were read when the command began.
pub(crate) fn config_entry(config: &Config) -> FileEntry {
    FileEntry {
        path: config.file.clone(),
        sha256: Digest::of(&config.bytes),
        bytes: config.bytes.len() as u64,
    }
}

/// Sheets, the lock where there is one, and texts: sorted, each once.
fn paths(config: &Config, texts: &[(String, String)]) -> Vec<String> {
    let mut paths: Vec<String> = config.sheets.iter().map(|sheet| sheet.file.clone()).collect();
    if config.workspace.join(&config.settings.lock).exists() {
        paths.push(config.settings.lock.clone());
    }
    paths.extend(texts.iter().map(|(_, path)| path.clone()));
    paths.sort();
    paths.dedup();
    paths
}

/// The texts in the folder of articles: `<source_id>.txt`, sorted.
fn texts(config: &Config) -> Result<Vec<(String, String)>> {
    let folder = config.workspace.join(&config.settings.articles);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = || format!("cannot read {}", config.settings.articles);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(unreadable)? {
        let name = entry.with_context(unreadable)?.file_name();
        if let Some(source_id) = name.to_str().and_then(|name| name.strip_suffix(".txt")) {
            texts.push((source_id.to_owned(), format!("{}/{source_id}.txt", config.settings.articles)));
        }
    }
    texts.sort();
    Ok(texts)
}
