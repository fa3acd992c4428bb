//! `pipeline init`: a new workspace, empty or begun from foreign files with a proposed mapping, so
//! that `pipeline check` in it runs at once and its findings are the to-do list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use clap::Args;
use ingest::as_csv;
use model::contract::SheetKind;
use normalize::place::Places;

use crate::cli::Options;
use crate::config::FILE_NAME;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::open::{Opener, collected, unmapped};
use crate::propose::{self, Foreign};
use crate::terminal;

/// Arguments of `pipeline init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder of the new workspace
    dir: PathBuf,
    /// CSV files or workbooks to begin from: each is copied to raw/, and a mapping proposed
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
}

const HEAD: &str = r#"# What to read, how to map it, what to publish. Every setting is optional but the sheets.

[corridor]
name = "corridor"                                   # names the data package
title = "Fact sheets"
licence = "CC-BY-4.0"                               # of the published tables

[settings]
languages = ["en", "ru"]                            # word tables to read cells with
on_error = "refuse"                                 # or "quarantine": set refused rows aside and go on
articles = "raw/articles"                           # the sources' texts, <source_id>.txt, where at hand
"#;

const IGNORED: &str = "/.pipeline/\n/raw/articles/\n/out/changes.md\n/out/rejects.csv\n";

/// Makes the workspace; a folder that is one already is left alone.
pub(crate) fn init(args: &InitArgs, options: &Options) -> Result<ExitCode> {
    let dir = &args.dir;
    if dir.join(FILE_NAME).exists() {
        return Err(Failure::Usage(format!("{} is there already", dir.join(FILE_NAME).display())).into());
    }
    make_folder(&dir.join("raw"))?;
    let mut lists = Lists::default();
    let sheets = if args.from.is_empty() { empty_sheets() } else { foreign_sheets(args, &mut lists)? };
    let mut config = HEAD.to_owned();
    for kind in [SheetKind::Sources, SheetKind::Indicators] {
        let rows = if kind == SheetKind::Sources { &lists.sources } else { &lists.indicators };
        if lists.has_own.contains(kind.as_str()) {
            continue;
        }
        write_new(&dir.join(format!("raw/{kind}.csv")), &sheet_csv(kind, rows))?;
        let _ = write!(config, "\n[[sheet]]\nfile = \"raw/{kind}.csv\"\nkind = \"{kind}\"\n");
    }
    if args.from.is_empty() {
        for kind in [SheetKind::Claims, SheetKind::Commitments, SheetKind::Events] {
            write_new(&dir.join(format!("raw/{kind}.csv")), &sheet_csv(kind, &[]))?;
        }
    }
    config.push_str(&sheets);
    write_new(&dir.join(FILE_NAME), &config)?;
    if !dir.join(".gitignore").exists() {
        write_new(&dir.join(".gitignore"), IGNORED)?;
    }
    if !options.quiet {
        terminal::complain(&format!(
            "{} is ready: see its {FILE_NAME}, then run `pipeline check` there",
            dir.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Rows for the code lists that foreign files need.
#[derive(Default)]
struct Lists {
    sources: Vec<Vec<(&'static str, String)>>,
    indicators: Vec<Vec<(&'static str, String)>>,
    /// Kinds of sheets that a foreign file is already.
    has_own: BTreeSet<&'static str>,
}

fn empty_sheets() -> String {
    let mut config = String::new();
    for kind in [SheetKind::Claims, SheetKind::Commitments, SheetKind::Events] {
        let _ = write!(config, "\n[[sheet]]\nfile = \"raw/{kind}.csv\"\nkind = \"{kind}\"\n");
    }
    config
}

/// Copies the files and proposes a mapping of each of their tables.
fn foreign_sheets(args: &InitArgs, lists: &mut Lists) -> Result<String> {
    let places = Places::builtin();
    let mut config = String::new();
    let mut indicators: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut taken: BTreeSet<String> = ["sources.csv", "indicators.csv"].map(str::to_owned).into();
    for from in &args.from {
        let name = free_name(from, &mut taken)?;
        let bytes = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        let file = format!("raw/{name}");
        write_bytes(&args.dir.join(&file), &bytes)?;
        let source = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).replace([' ', ';'], "-");
        let mut is_claimed = false;
        let inputs = Inputs::of_files(&args.dir, [file.clone()]);
        for table in Opener::new(&inputs).tables(&unmapped(&file, Vec::new()))? {
            let batches = collected(table.rows, &table.name, &mut Vec::new())?;
            let sheet = table.name.sheet.as_deref();
            let columns = table.header.names.iter().filter(|name| !name.is_empty()).count();
            if batches.iter().all(model::cell::Batch::is_empty) || columns < 2 {
                let _ = write!(
                    config,
                    "\n# {file}{}: left out, no table\n",
                    sheet.map(|sheet| format!(", sheet {sheet}")).unwrap_or_default()
                );
                continue;
            }
            let foreign =
                Foreign { file: &file, sheet, source: &source, header: &table.header, batches: &batches };
            let proposal = propose::propose(&foreign, &places);
            is_claimed |= !proposal.indicators.is_empty();
            lists.has_own.extend(
                ["sources", "indicators"]
                    .into_iter()
                    .filter(|kind| proposal.toml.contains(&format!("kind = \"{kind}\""))),
            );
            let _ = write!(config, "\n{}", proposal.toml);
            indicators.extend(proposal.indicators);
        }
        if is_claimed {
            lists.sources.push(source_row(&source, &name, from)?);
        }
    }
    lists.indicators = indicators.into_iter().map(|(id, unit)| indicator_row(id, unit)).collect();
    Ok(config)
}

/// The file as a source of its own figures; who published it and when is for a person to say.
fn source_row(source: &str, name: &str, from: &Path) -> Result<Vec<(&'static str, String)>> {
    let modified = std::fs::metadata(from).and_then(|file| file.modified());
    let modified = modified.with_context(|| format!("cannot read {}", from.display()))?;
    let day = DateTime::<Utc>::from(modified).date_naive();
    Ok(vec![
        ("source_id", source.to_owned()),
        ("title", name.to_owned()),
        ("publisher", "unknown".to_owned()),
        ("published_on", day.to_string()),
        ("date_precision", "inferred".to_owned()),
        ("kind", "aggregator".to_owned()),
        ("note", "proposed by `pipeline init`: name the publisher, the day and the kind".to_owned()),
    ])
}

fn indicator_row(id: String, unit: &str) -> Vec<(&'static str, String)> {
    vec![
        ("label", id.clone()),
        ("indicator", id),
        ("topic", "other".to_owned()),
        ("unit", unit.to_owned()),
        ("description", "proposed by `pipeline init`: check topic and unit".to_owned()),
    ]
}

/// A sheet with the contract's header and these rows.
fn sheet_csv(kind: SheetKind, rows: &[Vec<(&'static str, String)>]) -> String {
    let mut csv = String::new();
    as_csv::write_row(kind.columns().iter().map(|column| column.name), &mut csv);
    for row in rows {
        let cell =
            |name: &str| row.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text.as_str());
        as_csv::write_row(kind.columns().iter().map(|column| cell(column.name)), &mut csv);
    }
    csv
}

/// The file's own name, made different where another file has it.
fn free_name(from: &Path, taken: &mut BTreeSet<String>) -> Result<String> {
    let name = from.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| Failure::Usage(format!("{} is no file", from.display())))?;
    let name = name.replace(['*', '?', '\\'], "_");
    let mut free = name.clone();
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{number}-{name}");
        number += 1;
    }
    Ok(free)
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    write_bytes(path, text.as_bytes())
}

/// Writes a file that is not there yet.
fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    let file = std::fs::File::options().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}
