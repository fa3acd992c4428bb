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
use ingest::sheet::Header;
use model::cell::Batch;
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
    let own = [
        (SheetKind::Sources, &lists.sources),
        (SheetKind::Indicators, &lists.indicators),
        (SheetKind::Places, &lists.places),
    ];
    for (kind, rows) in own {
        if lists.has_own.contains(kind.as_str()) || (kind == SheetKind::Places && rows.is_empty()) {
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
    places: Vec<Vec<(&'static str, String)>>,
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
    let mut bodies: BTreeSet<String> = BTreeSet::new();
    let mut taken: BTreeSet<String> =
        ["sources.csv", "indicators.csv", "places.csv"].map(str::to_owned).into();
    for from in &args.from {
        let name = free_name(from, &mut taken)?;
        let bytes = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        let file = format!("raw/{name}");
        write_bytes(&args.dir.join(&file), &bytes)?;
        let source = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).replace([' ', ';'], "-");
        let mut is_stated = false;
        for table in alike(tables(&args.dir, &file, &mut config)?) {
            let foreign = Foreign {
                file: &file,
                sheets: table.sheets,
                source: &source,
                above: table.above,
                header: &table.header,
                batches: &table.batches,
            };
            let proposal = propose::propose(&foreign, &places);
            is_stated |= proposal.is_stated;
            lists.has_own.extend(
                ["sources", "indicators", "places"]
                    .into_iter()
                    .filter(|kind| proposal.toml.contains(&format!("kind = \"{kind}\""))),
            );
            let _ = write!(config, "\n{}", proposal.toml);
            indicators.extend(proposal.indicators);
            bodies.extend(proposal.bodies);
        }
        if is_stated {
            lists.sources.push(source_row(&source, &name, from)?);
        }
    }
    lists.indicators = indicators.into_iter().map(|(id, unit)| indicator_row(id, unit)).collect();
    lists.places = body_rows(&bodies);
    Ok(config)
}

/// A table of a foreign file.
struct Found {
    sheets: Vec<String>,
    above: Vec<String>,
    header: Header,
    batches: Vec<Batch>,
}

/// The tables of a file; of what is none, a comment in the configuration.
fn tables(dir: &Path, file: &str, config: &mut String) -> Result<Vec<Found>> {
    let inputs = Inputs::of_files(dir, [file.to_owned()]);
    let mut found = Vec::new();
    for table in Opener::new(&inputs).tables(&unmapped(file, Vec::new()))? {
        let batches = collected(table.rows, &table.name, &mut Vec::new())?;
        let columns = table.header.names.iter().filter(|name| !name.is_empty()).count();
        if batches.iter().all(Batch::is_empty) || columns < 2 {
            let sheet = table.name.sheet.map(|sheet| format!(", sheet {sheet}")).unwrap_or_default();
            let _ = write!(config, "\n# {file}{sheet}: left out, no table\n");
            continue;
        }
        let sheets = table.name.sheet.into_iter().collect();
        found.push(Found { sheets, above: table.above, header: table.header, batches });
    }
    Ok(found)
}

/// The same tables, those of one header together: one mapping serves them.
fn alike(tables: Vec<Found>) -> Vec<Found> {
    let mut distinct: Vec<Found> = Vec::new();
    for table in tables {
        let same = |other: &&mut Found| {
            (&other.header.names, other.header.row) == (&table.header.names, table.header.row)
                && other.above == table.above
        };
        match distinct.iter_mut().find(same) {
            Some(first) => {
                first.sheets.extend(table.sheets);
                first.batches.extend(table.batches);
            }
            None => distinct.push(table),
        }
    }
    distinct
}

/// Organisations as places of their own, by their initials.
fn body_rows(bodies: &BTreeSet<String>) -> Vec<Vec<(&'static str, String)>> {
    let mut taken = BTreeSet::new();
    let code = |name: &String| {
        let letters = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
        let initials: String = letters.flat_map(char::to_uppercase).collect();
        let mut code = format!("ORG-{initials}");
        let mut number = 2;
        while !taken.insert(code.clone()) {
            code = format!("ORG-{initials}{number}");
            number += 1;
        }
        code
    };
    let codes: Vec<String> = bodies.iter().map(code).collect();
    codes.into_iter().zip(bodies).map(|(code, name)| vec![("code", code), ("name", name.clone())]).collect()
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
