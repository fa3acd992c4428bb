//! `pipeline.toml`: what to read, how to map it, what to publish. Read into a resolved
//! configuration before any work starts.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use model::contract::SheetKind;
use model::figure::Tolerances;
use model::source::SourceKind;
use normalize::language::{Language, Languages};
use normalize::mapping::Mapping;
use normalize::period::DayOrder;
use normalize::quantity::Convention;
use rust_decimal::Decimal;
use serde::Deserialize;

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
        Self { name: default_name(), title: default_title(), description: String::new(), licence: String::new() }
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
}

/// One entry of `[[sheet]]`.
#[derive(Debug, Clone)]
pub(crate) struct SheetConfig {
    /// The file below the workspace, with `/`.
    pub(crate) file: String,
    /// The sheets of a workbook; empty: its only one.
    pub(crate) sheets: Vec<String>,
    /// What the reader is told instead of what it would detect.
    pub(crate) reading: ingest::settings::Settings,
    /// How its columns become those of the contract.
    pub(crate) mapping: Mapping,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    #[serde(default)]
    corridor: Corridor,
    #[serde(default)]
    settings: RawSettings,
    #[serde(default)]
    sheet: Vec<toml::Spanned<RawSheet>>,
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
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSheet {
    file: String,
    kind: String,
    #[serde(default)]
    sheets: Vec<String>,
    #[serde(default)]
    columns: toml::Table,
    #[serde(default)]
    constants: toml::Table,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    null: Vec<String>,
    #[serde(default)]
    header: Option<u32>,
    #[serde(default)]
    skip: u32,
    #[serde(default)]
    decimal: Option<char>,
    #[serde(default)]
    day_first: Option<bool>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    delimiter: Option<String>,
    #[serde(default)]
    languages: Option<Vec<String>>,
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
        let sheets = raw
            .sheet
            .into_iter()
            .map(|sheet| {
                let line = text[..sheet.span().start].lines().count().max(1);
                resolve_sheet(sheet.into_inner(), &raw.settings)
                    .with_context(|| format!("{}:{line}: in this [[sheet]]", path.display()))
            })
            .collect::<Result<Vec<_>>>()?;
        let settings = resolve_settings(&raw.settings).with_context(|| format!("{}: in [settings]", path.display()))?;
        Ok(Self { workspace, file, corridor: raw.corridor, settings, sheets, bytes: bytes.clone() })
    }
}

fn resolve_settings(raw: &RawSettings) -> Result<Settings> {
    let fraction = |percent: f64, name: &str| {
        let decimal = Decimal::try_from(percent).ok().filter(|percent| (Decimal::ZERO..Decimal::ONE_HUNDRED).contains(percent));
        decimal.map(|percent| percent / Decimal::ONE_HUNDRED).ok_or_else(|| anyhow!("`{name}` is a percentage below 100, not {percent}"))
    };
    let authority = raw.authority.iter().map(|word| {
        SourceKind::parse(word).ok_or_else(|| anyhow!("`{word}` in `authority` is none of {}", SourceKind::WORDS.join(", ")))
    });
    Ok(Settings {
        on_error: raw.on_error,
        articles: raw.articles.clone(),
        lock: raw.lock.clone(),
        languages: resolve_languages(&raw.languages)?,
        tolerances: Tolerances {
            nearly: fraction(raw.nearly_percent, "nearly_percent")?,
            about: fraction(raw.about_percent, "about_percent")?,
        },
        authority: authority.collect::<Result<_>>()?,
        keep: raw.keep.max(2),
    })
}

fn resolve_languages(tags: &[String]) -> Result<Languages> {
    Languages::parse(&tags.join(","))
        .map_err(|tag| anyhow!("`{tag}` in `languages` has no word tables: {}", Language::ALL.map(Language::as_str).join(", ")))
}

fn resolve_sheet(raw: RawSheet, settings: &RawSettings) -> Result<SheetConfig> {
    let kind = SheetKind::parse(&raw.kind)
        .ok_or_else(|| anyhow!("kind `{}` is none of {}", raw.kind, SheetKind::WORDS.join(", ")))?;
    let pairs = |table: &toml::Table, name: &str| -> Result<Vec<(String, String)>> {
        table
            .iter()
            .map(|(key, value)| match value {
                toml::Value::String(text) => Ok((key.clone(), text.clone())),
                toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Ok((key.clone(), value.to_string())),
                _ => Err(anyhow!("`{name}.{key}` is text")),
            })
            .collect()
    };
    let (columns, constants) = (pairs(&raw.columns, "columns")?, pairs(&raw.constants, "constants")?);
    let named = columns.iter().map(|(_, column)| column).chain(constants.iter().map(|(column, _)| column));
    for column in named {
        if kind.column(column).is_none() {
            let near = normalize::nearest::nearest(column, kind.columns().iter().map(|column| column.name));
            let hint = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            return Err(anyhow!("sheets of {kind} have no column `{column}`{hint}"));
        }
    }
    let convention = match raw.decimal {
        None => Convention::RunningText,
        Some('.') => Convention::DecimalPoint,
        Some(',') => Convention::DecimalComma,
        Some(other) => return Err(anyhow!("decimal is \".\" or \",\", not \"{other}\"")),
    };
    let languages = raw.languages.as_ref().unwrap_or(&settings.languages);
    Ok(SheetConfig {
        file: raw.file,
        sheets: raw.sheets,
        reading: ingest::settings::Settings {
            encoding: raw.encoding,
            delimiter: raw.delimiter,
            header: Some(ingest::settings::HeaderAt::Row(raw.header.unwrap_or(raw.skip + 1))),
            skip: raw.skip,
            ..ingest::settings::Settings::default()
        },
        mapping: Mapping {
            kind,
            columns,
            constants,
            ignore: raw.ignore,
            null: raw.null,
            convention,
            day_order: match raw.day_first {
                None => DayOrder::Unknown,
                Some(true) => DayOrder::DayFirst,
                Some(false) => DayOrder::MonthFirst,
            },
            languages: resolve_languages(languages)?,
        },
    })
}

fn default_name() -> String {
    "corridor".to_owned()
}

fn default_title() -> String {
    "Fact sheets".to_owned()
}
