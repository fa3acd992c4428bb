//! `pipeline.toml`: what to read, how to map it, what to publish. Read into a resolved
//! configuration before any work starts. What a `[[sheet]]` may say is told by [`sheet`].

mod limits;
#[cfg(test)]
mod schema;
mod sheet;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use model::figure::Tolerances;
use model::source::SourceKind;
use normalize::language::{Language, Languages};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::freshness::MaxAge;

pub(crate) use self::limits::Caps;
pub(crate) use self::sheet::{Hidden, Merged, Range, SheetConfig};

/// The name of the configuration file.
pub(crate) const FILE_NAME: &str = "pipeline.toml";

/// The configuration as resolved: every word checked, every default filled in.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The folder of `pipeline.toml`: all paths are below it.
    pub(crate) workspace: PathBuf,
    /// The file's own bytes, an input of every run.
    pub(crate) bytes: Vec<u8>,
    /// The file's path below the workspace.
    pub(crate) file: String,
    /// What the tables and reports are about.
    pub(crate) corridor: Corridor,
    /// How cells are read and claims are weighed.
    pub(crate) settings: Settings,
    /// The sheets, in the order of the file.
    pub(crate) sheets: Vec<SheetConfig>,
    /// The caps on what is read.
    pub(crate) caps: Caps,
}

/// What the tables and reports are about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Corridor {
    /// Name of the data package: lower-case letters, digits, `-`, `.`, `_`.
    #[serde(default = "default_name")]
    pub(crate) name: String,
    /// Title of the reports.
    #[serde(default = "default_title")]
    pub(crate) title: String,
    /// One paragraph for the data package.
    #[serde(default)]
    pub(crate) description: String,
    /// Licence of the published tables: an SPDX or Open Definition id.
    #[serde(default)]
    pub(crate) licence: String,
}

impl Default for Corridor {
    fn default() -> Self {
        Self {
            name: default_name(),
            title: default_title(),
            description: String::new(),
            licence: String::new(),
        }
    }
}

/// What happens to rows that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnError {
    /// They refuse the run.
    Refuse,
    /// They are set aside in `out/rejects.csv`, and the run goes on.
    Quarantine,
}

/// How cells are read and claims are weighed.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// What happens to refused rows.
    pub(crate) on_error: OnError,
    /// Folder of the sources' texts.
    pub(crate) articles: String,
    /// File of verified evidence.
    pub(crate) lock: String,
    /// Word tables to read texts with.
    pub(crate) languages: Languages,
    /// How far "nearly" and "about" reach.
    pub(crate) tolerances: Tolerances,
    /// Kinds of sources, most authoritative first.
    pub(crate) authority: Vec<SourceKind>,
    /// Revisions kept.
    pub(crate) keep: usize,
    /// Instead of a number: the revisions of this many days.
    pub(crate) keep_days: Option<u32>,
    /// Days after which the newest text of a kind on a topic is too old.
    pub(crate) max_age: MaxAge,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    #[serde(default)]
    corridor: Corridor,
    #[serde(default)]
    settings: RawSettings,
    #[serde(default)]
    sheet: Vec<toml::Spanned<sheet::RawSheet>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSettings {
    languages: Vec<String>,
    on_error: OnError,
    articles: String,
    lock: String,
    nearly_percent: f64,
    about_percent: f64,
    authority: Vec<String>,
    keep: usize,
    keep_days: Option<u32>,
    max_age: BTreeMap<String, u32>,
    limits: Caps,
}

impl Default for RawSettings {
    fn default() -> Self {
        Self {
            languages: Language::ALL.iter().map(|language| language.as_str().to_owned()).collect(),
            on_error: OnError::Refuse,
            articles: "raw/articles".to_owned(),
            lock: "raw/evidence.lock".to_owned(),
            nearly_percent: 10.0,
            about_percent: 5.0,
            authority: SourceKind::WORDS.iter().map(|word| (*word).to_owned()).collect(),
            keep: 30,
            keep_days: None,
            max_age: BTreeMap::new(),
            limits: Caps::default(),
        }
    }
}

impl Config {
    /// Reads the file at `path`, or the nearest `pipeline.toml` in `folder` or above.
    ///
    /// # Errors
    /// A file that is not there or cannot be read, TOML that is not well formed, a key or word that
    /// is not known: with the file, line and column.
    pub(crate) fn load(path: Option<&Path>, folder: &Path) -> Result<Self> {
        let path = match path {
            Some(path) => folder.join(path),
            None => folder
                .ancestors()
                .map(|folder| folder.join(FILE_NAME))
                .find(|path| path.is_file())
                .ok_or_else(|| anyhow!("no {FILE_NAME} here or above: start one with `pipeline init DIR`"))?,
        };
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = std::str::from_utf8(&bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
        let raw: RawConfig = toml::from_str(text).with_context(|| path.display().to_string())?;
        let workspace = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut sheets = Vec::new();
        for sheet in raw.sheet {
            let start = sheet.span().start;
            let at = format!("{file}:{}", position(text, start));
            let resolved = sheet::resolve(sheet.into_inner(), &at, &workspace, &raw.settings.languages);
            let resolved = resolved.map(|sheets| {
                sheets.into_iter().map(|sheet| SheetConfig { caps: raw.settings.limits, ..sheet })
            });
            sheets.extend(resolved.map_err(|error| {
                let at = if error.span.is_empty() { start } else { error.span.start };
                anyhow!("{}:{}: {}", path.display(), position(text, at), error.message)
            })?);
        }
        let settings =
            resolve_settings(&raw.settings).with_context(|| format!("{}: in [settings]", path.display()))?;
        let caps = raw.settings.limits;
        let config =
            Self { workspace, file, corridor: raw.corridor, settings, sheets, caps, bytes: bytes.clone() };
        config.check_paths().with_context(|| path.display().to_string())?;
        Ok(config)
    }
}

/// What is wrong with the configuration, and where: bytes of the file.
struct Misplaced {
    span: std::ops::Range<usize>,
    message: String,
}

impl Misplaced {
    fn new(span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Line and column of a byte, both from 1: `12:9`.
fn position(text: &str, at: usize) -> String {
    let before = &text[..at.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{line}:{column}")
}

impl Config {
    /// The lock is rewritten by every run: it may be no file that somebody else writes.
    fn check_paths(&self) -> Result<()> {
        let Settings { articles, lock, .. } = &self.settings;
        for (name, path) in [("articles", articles), ("lock", lock)] {
            let is_inside = !path.is_empty()
                && Path::new(path).components().all(|step| matches!(step, Component::Normal(_)));
            if !is_inside {
                return Err(anyhow!("`{name}` is a path below this folder, without `..`: not `{path}`"));
            }
        }
        let is_published =
            ["curated", "out", ".pipeline"].iter().any(|folder| Path::new(lock).starts_with(folder));
        if is_published || *lock == self.file || self.sheets.iter().any(|sheet| sheet.file == *lock) {
            return Err(anyhow!("`lock` = \"{lock}\" would be overwritten: give the lock a file of its own"));
        }
        let name = &self.corridor.name;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(is_plain) {
            return Err(anyhow!(
                "`name` = \"{name}\" names a data package: lower-case letters, digits, `-`, `_` and `.`"
            ));
        }
        Ok(())
    }
}

fn resolve_settings(raw: &RawSettings) -> Result<Settings> {
    let fraction = |percent: f64, name: &str| {
        let decimal = Decimal::try_from(percent)
            .ok()
            .filter(|percent| (Decimal::ZERO..Decimal::ONE_HUNDRED).contains(percent));
        decimal
            .map(|percent| percent / Decimal::ONE_HUNDRED)
            .ok_or_else(|| anyhow!("`{name}` is a percentage below 100, not {percent}"))
    };
    let kind = |word: &str, setting: &str| {
        SourceKind::parse(word)
            .ok_or_else(|| anyhow!("`{word}` in `{setting}` is none of {}", SourceKind::WORDS.join(", ")))
    };
    let authority = raw.authority.iter().map(|word| kind(word, "authority"));
    let max_age = raw.max_age.iter().map(|(word, days)| Ok((kind(word, "max_age")?, *days)));
    Ok(Settings {
        on_error: raw.on_error,
        articles: raw.articles.clone(),
        lock: raw.lock.clone(),
        languages: sheet::resolve_languages(&raw.languages).map_err(|message| anyhow!(message))?,
        tolerances: Tolerances {
            nearly: fraction(raw.nearly_percent, "nearly_percent")?,
            about: fraction(raw.about_percent, "about_percent")?,
        },
        authority: authority.collect::<Result<_>>()?,
        keep: raw.keep.max(2),
        keep_days: raw.keep_days,
        max_age: max_age.collect::<Result<_>>()?,
    })
}

fn default_name() -> String {
    "corridor".to_owned()
}

fn default_title() -> String {
    "Fact sheets".to_owned()
}
