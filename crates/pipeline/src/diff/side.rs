//! One side of a comparison: a kept revision, a folder with published tables, or what git keeps of them;
//! and what its `run.json` tells of how it came about.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::store::{RUN_JSON, Revision, Store};

/// Large enough that reading two tables in turn does not seek.
const BUFFER: usize = 1 << 20;

/// One side of a comparison.
#[derive(Debug)]
pub(crate) struct Side {
    /// What it is called.
    pub(super) name: Name,
    /// What its `run.json` tells; the default where there is none.
    pub(super) run: RunJson,
    place: Place,
}

/// How a side is told to people and programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Name {
    /// The revision's id, or the folder as it was given.
    pub(crate) id: String,
    /// When it was published (RFC 3339), where that is known.
    pub(crate) when: Option<String>,
    /// The program that published it, where that is known.
    pub(crate) program: Option<String>,
    /// The day as of which it speaks, where that is known.
    pub(crate) as_of: Option<String>,
}

impl Name {
    /// The first 12 digits of an id, or the folder.
    pub(super) fn short(&self) -> &str {
        let is_digest = self.id.len() == 64 && self.id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { &self.id[..12] } else { &self.id }
    }
}

/// The parts of `out/run.json` that tell causes apart.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct RunJson {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    pub(super) program: String,
    #[serde(default)]
    pub(super) as_of: String,
    #[serde(default)]
    pub(super) as_of_given: bool,
    #[serde(default)]
    pub(super) inputs: Vec<InputHash>,
    #[serde(default)]
    pub(super) corrections: Vec<Corrected>,
    /// Promised money in all, by currency.
    #[serde(default)]
    pub(super) promised: BTreeMap<String, Promised>,
}

/// Promised money in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Promised {
    /// The sum, a decimal.
    pub(super) amount: String,
    /// The same in US dollars; empty where no rate covers it.
    #[serde(default)]
    pub(super) in_dollars: String,
    /// The rates that this took: `KZT 2024` and the price of a dollar.
    #[serde(default)]
    pub(super) rates: BTreeMap<String, String>,
}

/// An input and its hash.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct InputHash {
    pub(super) path: String,
    pub(super) sha256: String,
}

/// A correction that the run read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Corrected {
    pub(super) sheet: String,
    pub(super) id: String,
    pub(super) column: String,
    pub(super) value: String,
    pub(super) reason: String,
}

impl RunJson {
    /// The hash of an input.
    pub(super) fn hash(&self, path: &str) -> Option<&str> {
        self.inputs.iter().find(|input| input.path == path).map(|input| input.sha256.as_str())
    }

    /// The hashes of the fact sheets: everything but the configuration and the lock.
    pub(super) fn sheets(&self) -> BTreeMap<&str, &str> {
        let is_sheet = |path: &str| !path.ends_with(".toml") && !path.ends_with(".lock");
        let sheets = self.inputs.iter().filter(|input| is_sheet(&input.path));
        sheets.map(|input| (input.path.as_str(), input.sha256.as_str())).collect()
    }

    /// The hash of the configuration.
    pub(super) fn configuration(&self) -> Option<&str> {
        self.inputs.iter().find(|input| input.path.ends_with(".toml")).map(|input| input.sha256.as_str())
    }
}

#[derive(Debug)]
enum Place {
    /// Files of a kept revision, by path.
    Kept(BTreeMap<String, PathBuf>),
    /// A folder with the tables, and where its `run.json` would be.
    Folder { tables: PathBuf, run: PathBuf },
    /// What git keeps at a revision, seen from a folder.
    Git { workspace: PathBuf, revision: String },
}

impl Side {
    /// A kept revision.
    ///
    /// # Errors
    /// Its `run.json` cannot be read.
    pub(crate) fn kept(store: &Store, revision: &Revision) -> Result<Self> {
        let files = revision.files.iter().map(|file| (file.path.clone(), store.object(file.sha256)));
        let place = Place::Kept(files.collect());
        let when = Some(revision.journal.when.clone());
        Self::read(place, revision.id.to_string(), when)
    }

    /// A folder: `curated/` itself, or one that holds it. None where it holds no published tables.
    ///
    /// # Errors
    /// Its `run.json` cannot be read.
    pub(super) fn folder(given: &Path) -> Result<Option<Self>> {
        let candidates = [
            (given.to_path_buf(), given.parent().unwrap_or(given).join(RUN_JSON)),
            (given.join("curated"), given.join(RUN_JSON)),
        ];
        for (tables, run) in candidates {
            if tables.join("claims.csv").is_file() {
                return Self::read(Place::Folder { tables, run }, given.display().to_string(), None)
                    .map(Some);
            }
        }
        Ok(None)
    }

    /// What git keeps of the published tables at one of its revisions. None where git knows none of that name.
    ///
    /// # Errors
    /// Its `run.json` cannot be read.
    pub(super) fn git(workspace: &Path, revision: &str) -> Result<Option<Self>> {
        let found = Command::new("git")
            .arg("-C")
            .arg(workspace)
            .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
            .arg(format!("{revision}:./curated/claims.csv"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !found.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let place = Place::Git { workspace: workspace.to_path_buf(), revision: revision.to_owned() };
        Self::read(place, format!("git:{revision}"), None).map(Some)
    }

    /// A published table.
    ///
    /// # Errors
    /// It cannot be opened; where there is none, that is no error.
    pub(super) fn table(&self, name: &str) -> Result<Option<Box<dyn BufRead>>> {
        let opened = |path: &Path| -> Result<Option<Box<dyn BufRead>>> {
            match File::open(path) {
                Ok(file) => Ok(Some(Box::new(BufReader::with_capacity(BUFFER, file)))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
            }
        };
        let path = format!("curated/{name}.csv");
        match &self.place {
            Place::Kept(files) => match files.get(&path) {
                Some(object) => match opened(object)? {
                    Some(table) => Ok(Some(table)),
                    None => Err(Failure::File(format!(
                        "{path} of revision {} is lost: see `pipeline verify`",
                        self.name.short()
                    ))
                    .into()),
                },
                None => Ok(None),
            },
            Place::Folder { tables, .. } => opened(&tables.join(format!("{name}.csv"))),
            Place::Git { workspace, revision } => shown_by_git(workspace, revision, &path),
        }
    }

    fn read(place: Place, id: String, when: Option<String>) -> Result<Self> {
        let bytes = match &place {
            Place::Kept(files) => files.get(RUN_JSON).map(std::fs::read),
            Place::Folder { run, .. } => run.is_file().then(|| std::fs::read(run)),
            Place::Git { workspace, revision } => {
                let mut bytes = Vec::new();
                let shown = shown_by_git(workspace, revision, RUN_JSON)?;
                shown.map(|mut shown| shown.read_to_end(&mut bytes).map(|_| bytes))
            }
        };
        let bytes = bytes.transpose().with_context(|| format!("cannot read {RUN_JSON} of {id}"))?;
        let run: RunJson = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (program, as_of) = (told(&run.program), told(&run.as_of));
        let id = if matches!(place, Place::Kept(_)) && !run.revision.is_empty() {
            run.revision.clone()
        } else {
            id
        };
        Ok(Self { name: Name { id, when, program, as_of }, run, place })
    }
}

/// A file as git keeps it; none where it cannot show one.
fn shown_by_git(workspace: &Path, revision: &str, path: &str) -> Result<Option<Box<dyn BufRead>>> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(workspace)
        .args(["cat-file", "blob"])
        .arg(format!("{revision}:./{path}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start git")?;
    let shown = child.stdout.take().map(|output| Shown { output, child });
    Ok(shown.map(|shown| Box::new(BufReader::with_capacity(BUFFER, shown)) as Box<dyn BufRead>))
}

/// The output of a child process, which is waited for in the end.
struct Shown {
    output: ChildStdout,
    child: Child,
}

impl Read for Shown {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.output.read(buffer)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
