//! One `[[sheet]]` of `pipeline.toml`: which file, how it is read, how it is mapped.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use ingest::settings::{HeaderAt, Mark, Settings as Reading};
use ingest::workbook::Area;
use model::contract::{CellContent, SheetKind};
use normalize::language::Languages;
use normalize::mapping::{HeaderUnit, Mapping, Unpivot};
use normalize::nearest::nearest;
use normalize::period::DayOrder;
use normalize::quantity::Convention;
use normalize::wildcard;
use serde::Deserialize;
use toml::Spanned;

use super::{Caps, Misplaced};

/// Files that one pattern may name.
const MOST_FILES: usize = 1000;

/// Entries of a folder that a pattern looks at.
const MOST_ENTRIES: usize = 100_000;

/// One entry of `[[sheet]]`, for one of its files.
#[derive(Debug, Clone)]
pub(crate) struct SheetConfig {
    /// The file below the workspace, with `/`.
    pub(crate) file: String,
    /// Sheets of a workbook by name, pattern or number; empty: all that are not hidden.
    pub(crate) sheets: Vec<String>,
    /// Where the entry stands: `pipeline.toml:12:1`.
    pub(crate) at: String,
    /// What the reader is told instead of what it would detect.
    pub(crate) reading: Reading,
    /// How many rows name the columns, where the mapping says so.
    pub(crate) header_rows: Option<u32>,
    /// The part of a worksheet that is read.
    pub(crate) range: Option<Range>,
    /// What is done with hidden rows, columns and sheets; undeclared, hidden sheets alone are left out.
    pub(crate) hidden: Option<Hidden>,
    /// Whether merged cells all have the text of the first.
    pub(crate) merged: Merged,
    /// How its columns become those of the contract.
    pub(crate) mapping: Mapping,
    /// How much of it is read at most.
    pub(crate) caps: Caps,
}

/// A part of a worksheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Range {
    /// From cell to cell.
    Cells(Area),
    /// A named table.
    Table(String),
}

/// What is done with what a workbook hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hidden {
    /// It is read as if it were shown.
    Read,
    /// It is left out.
    Skip,
}

/// What the cells of a merged area hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merged {
    /// All of them the text of the first.
    Filled,
    /// What the file says: the first has the text.
    AsWritten,
}

/// The keys of a `[[sheet]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSheet {
    file: Spanned<String>,
    kind: Spanned<String>,
    #[serde(default)]
    sheets: Vec<NameOrNumber>,
    #[serde(default)]
    columns: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    constants: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    values: BTreeMap<String, Spanned<BTreeMap<String, String>>>,
    #[serde(default)]
    id: Option<Spanned<String>>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    null: Vec<String>,
    #[serde(default)]
    header: Option<u32>,
    #[serde(default)]
    header_rows: Option<Spanned<u32>>,
    #[serde(default)]
    skip: u32,
    #[serde(default)]
    skip_rows_where: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    fill_down: Vec<String>,
    #[serde(default)]
    fill_merged: bool,
    #[serde(default)]
    hidden: Option<Hidden>,
    #[serde(default)]
    range: Option<Spanned<String>>,
    #[serde(default)]
    unpivot: Option<Spanned<RawUnpivot>>,
    #[serde(default = "yes")]
    unit_from_header: bool,
    #[serde(default)]
    decimal: Option<Spanned<String>>,
    #[serde(default)]
    day_first: Option<bool>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    delimiter: Option<String>,
    #[serde(default)]
    quote: Option<Spanned<String>>,
    #[serde(default)]
    comment: Option<char>,
    #[serde(default)]
    languages: Option<Spanned<Vec<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a sheet, or its number from 1")]
enum NameOrNumber {
    Name(String),
    Number(u32),
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a text, or a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnpivot {
    columns: Vec<String>,
    to: String,
    #[serde(default = "value")]
    cell: String,
}

fn yes() -> bool {
    true
}

fn value() -> String {
    "value".to_owned()
}

/// The entries that a `[[sheet]]` stands for: one for each file that its pattern names.
pub(super) fn resolve(
    raw: RawSheet,
    at: &str,
    workspace: &Path,
    languages: &[String],
) -> Result<Vec<SheetConfig>, Misplaced> {
    let files = files(&raw.file, workspace)?;
    let kind = SheetKind::parse(raw.kind.get_ref()).ok_or_else(|| {
        let hint = did_you_mean(raw.kind.get_ref(), SheetKind::WORDS.iter().copied());
        let words = SheetKind::WORDS.join(", ");
        Misplaced::new(raw.kind.span(), format!("kind `{}` is none of {words}{hint}", raw.kind.get_ref()))
    })?;
    let header_rows = match &raw.header_rows {
        Some(rows) if !(1..=20).contains(rows.get_ref()) => {
            return Err(Misplaced::new(rows.span(), "`header_rows` is 1 to 20"));
        }
        rows => rows.as_ref().map(|rows| *rows.get_ref()),
    };
    let config = SheetConfig {
        file: String::new(),
        sheets: raw.sheets.iter().map(NameOrNumber::text).collect(),
        at: at.to_owned(),
        reading: reading(&raw, header_rows)?,
        header_rows,
        range: raw.range.as_ref().map(range).transpose()?,
        hidden: raw.hidden,
        merged: if raw.fill_merged { Merged::Filled } else { Merged::AsWritten },
        mapping: mapping(raw, kind, languages)?,
        caps: Caps::default(),
    };
    Ok(files.into_iter().map(|file| SheetConfig { file, ..config.clone() }).collect())
}

impl NameOrNumber {
    fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

fn reading(raw: &RawSheet, header_rows: Option<u32>) -> Result<Reading, Misplaced> {
    let header = match (raw.header, header_rows) {
        (Some(0), _) => Some(HeaderAt::Nowhere),
        (Some(row), Some(count)) => Some(HeaderAt::Rows(row, count)),
        (Some(row), None) => Some(HeaderAt::Row(row)),
        (None, _) => None,
    };
    let quote = match &raw.quote {
        None => None,
        Some(quote) => match (quote.get_ref().chars().next(), quote.get_ref().chars().count()) {
            (None, _) => Some(Mark::Absent),
            (Some(mark), 1) => Some(Mark::Char(mark)),
            _ => {
                return Err(Misplaced::new(
                    quote.span(),
                    "`quote` is one character, or empty where there is none",
                ));
            }
        },
    };
    Ok(Reading {
        encoding: raw.encoding.clone(),
        delimiter: raw.delimiter.clone(),
        quote,
        comment: raw.comment,
        header,
        skip: raw.skip,
        ..Reading::default()
    })
}

fn range(raw: &Spanned<String>) -> Result<Range, Misplaced> {
    let text = raw.get_ref();
    match Area::parse(text) {
        Some(area) => Ok(Range::Cells(area)),
        None if text.contains(':') || text.is_empty() => {
            Err(Misplaced::new(raw.span(), format!("`{text}` is no range such as B5:H40")))
        }
        None => Ok(Range::Table(text.clone())),
    }
}

fn mapping(raw: RawSheet, kind: SheetKind, usual: &[String]) -> Result<Mapping, Misplaced> {
    let columns = raw.columns.into_iter().map(|(from, to)| {
        check_column(kind, to.get_ref(), &to.span())?;
        Ok((from, to.into_inner()))
    });
    let columns = columns.collect::<Result<Vec<_>, Misplaced>>()?;
    let mut constants = Vec::new();
    for (column, value) in raw.constants {
        check_column(kind, &column, &value.span())?;
        let text = match value.get_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_) => value.get_ref().to_string(),
            _ => return Err(Misplaced::new(value.span(), format!("`constants.{column}` is text"))),
        };
        constants.push((column, text));
    }
    if let Some(template) = raw.id {
        let ids = kind.columns().iter().find(|column| column.content == CellContent::Id);
        let Some(column) = ids else {
            return Err(Misplaced::new(template.span(), format!("rows of {kind} have no id of their own")));
        };
        constants.push((column.name.to_owned(), template.into_inner()));
    }
    let mut values = Vec::new();
    for (column, words) in raw.values {
        check_column(kind, &column, &words.span())?;
        values.push((column, words.into_inner().into_iter().collect()));
    }
    Ok(Mapping {
        kind,
        columns,
        constants,
        values,
        ignore: raw.ignore,
        fill_down: raw.fill_down,
        skip_rows_where: raw
            .skip_rows_where
            .into_iter()
            .map(|(column, texts)| (column, texts.list()))
            .collect(),
        unpivot: raw.unpivot.map(|unpivot| resolve_unpivot(unpivot, kind)).transpose()?,
        header_unit: if raw.unit_from_header { HeaderUnit::Read } else { HeaderUnit::Ignored },
        null: raw.null,
        convention: convention(raw.decimal.as_ref())?,
        day_order: match raw.day_first {
            None => DayOrder::Unknown,
            Some(true) => DayOrder::DayFirst,
            Some(false) => DayOrder::MonthFirst,
        },
        languages: match &raw.languages {
            Some(own) => {
                resolve_languages(own.get_ref()).map_err(|message| Misplaced::new(own.span(), message))?
            }
            None => resolve_languages(usual).map_err(|message| Misplaced::new(0..0, message))?,
        },
    })
}

impl OneOrMore {
    fn list(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::More(texts) => texts,
        }
    }
}

fn convention(decimal: Option<&Spanned<String>>) -> Result<Convention, Misplaced> {
    match decimal.map(|decimal| (decimal.get_ref().as_str(), decimal)) {
        None => Ok(Convention::RunningText),
        Some((".", _)) => Ok(Convention::DecimalPoint),
        Some((",", _)) => Ok(Convention::DecimalComma),
        Some((other, decimal)) => {
            Err(Misplaced::new(decimal.span(), format!("decimal is \".\" or \",\", not \"{other}\"")))
        }
    }
}

fn resolve_unpivot(raw: Spanned<RawUnpivot>, kind: SheetKind) -> Result<Unpivot, Misplaced> {
    let span = raw.span();
    let RawUnpivot { columns, to, cell } = raw.into_inner();
    check_column(kind, &cell, &span)?;
    if to.contains('{') {
        for name in to.split('{').skip(1) {
            let name = name.split('}').next().unwrap_or_default().trim();
            check_column(kind, name, &span)?;
        }
    } else {
        check_column(kind, &to, &span)?;
    }
    if columns.is_empty() {
        return Err(Misplaced::new(span, "`columns` of `unpivot` names no column"));
    }
    Ok(Unpivot { columns, to, cell })
}

fn check_column(kind: SheetKind, column: &str, span: &std::ops::Range<usize>) -> Result<(), Misplaced> {
    if kind.column(column).is_some() {
        return Ok(());
    }
    let hint = did_you_mean(column, kind.columns().iter().map(|column| column.name));
    Err(Misplaced::new(span.clone(), format!("sheets of {kind} have no column `{column}`{hint}")))
}

fn did_you_mean<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> String {
    nearest(word, words).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default()
}

pub(super) fn resolve_languages(tags: &[String]) -> Result<Languages, String> {
    Languages::parse(&tags.join(",")).map_err(|tag| {
        let known = normalize::language::Language::ALL.map(normalize::language::Language::as_str);
        format!("`{tag}` in `languages` has no word tables: {}", known.join(", "))
    })
}

/// The files that a path or pattern names: below the workspace, no links, sorted.
fn files(raw: &Spanned<String>, workspace: &Path) -> Result<Vec<String>, Misplaced> {
    let pattern = raw.get_ref();
    let misplaced = |message: String| Misplaced::new(raw.span(), message);
    let is_inside = Path::new(pattern).components().all(|part| matches!(part, Component::Normal(_)));
    if pattern.is_empty() || !is_inside || pattern.contains(['\\', '\0']) {
        return Err(misplaced(format!("`{pattern}` is no path below the folder of pipeline.toml")));
    }
    if !wildcard::is_pattern(pattern) {
        return Ok(vec![pattern.clone()]);
    }
    let (folder, names) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    if wildcard::is_pattern(folder) {
        return Err(misplaced(format!("`{pattern}`: only the file's name may have `*` or `?`")));
    }
    let path: PathBuf = workspace.join(folder);
    let unreadable = |error: std::io::Error| misplaced(format!("cannot read {folder}: {error}"));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(unreadable)?.take(MOST_ENTRIES) {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && wildcard::matches(names, &name) && !ingest::kind::is_lock_file(&name) {
            files.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
        }
    }
    files.sort();
    match files.len() {
        0 => Err(misplaced(format!("no file is named `{pattern}`"))),
        count if count > MOST_FILES => {
            Err(misplaced(format!("`{pattern}` names {count} files, more than {MOST_FILES}")))
        }
        _ => Ok(files),
    }
}
