//! `pipeline diff`: what changed between two revisions, and why. By key, not by line: a row that moved has
//! not changed. How the tables are compared is in [`compare`], with [`references`] and [`observed`] beside it,
//! what explains a change in [`causes`].

mod causes;
mod change;
mod compare;
mod html;
mod markdown;
mod observed;
mod page;
mod references;
mod rows;
mod side;
mod text;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use model::contract::SheetKind;

use crate::cli::Options;
use crate::config::Config;
use crate::diagnostics::Format;
use crate::failure::Failure;
use crate::store::{Revision, Store, StoreError};
use crate::terminal;

use change::Diff;
pub(crate) use change::Table;
use compare::{Scope, compare};
use page::Page;
use side::{Name, Side};

/// Where the step from the revision before is told; beside the revision, and no part of it.
pub(crate) const CHANGES: &str = "out/changes.md";

/// Arguments of `pipeline diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// HEAD~1, an id, a prefix of one, a date, a folder with published tables, or a revision of git
    #[arg(value_name = "OLD", default_value = "HEAD~1")]
    old: String,
    /// The same, for the new side
    #[arg(value_name = "NEW", default_value = "HEAD")]
    new: String,
    /// Exit with 1 where something differs
    #[arg(long)]
    exit_code: bool,
    /// Only changes of these tables
    #[arg(long, value_enum, value_name = "TABLE", value_delimiter = ',')]
    only: Vec<Table>,
    /// Leave out changes of numbers that are smaller than this
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    threshold: Option<f64>,
}

fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text.trim_end_matches('%').trim().parse().map_err(|_| "not a number".to_owned())?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err("a percentage of 0 or more".to_owned()) }
}

/// Compares and prints.
pub(crate) fn diff(args: &DiffArgs, options: &Options) -> Result<ExitCode> {
    let config = options.configuration();
    let store = config.as_ref().ok().map(|config| Store::open(&config.workspace)).transpose()?;
    let side = |name: &str| match &store {
        Some(store) => resolved(name, store, config.as_ref().ok()),
        None => Side::folder(Path::new(name))?.ok_or_else(|| no_such_side(name)),
    };
    let is_first = args.old == "HEAD~1"
        && args.new == "HEAD"
        && store.as_ref().map(Store::revisions).transpose()?.is_some_and(|kept| kept.len() == 1);
    let diff = if is_first {
        Diff::new(Name::default(), side("HEAD")?.name)
    } else {
        let scope = Scope {
            only: args.only.clone(),
            threshold: args.threshold,
            rates: config.as_ref().map(rates).unwrap_or_default(),
        };
        compare(&side(&args.old)?, &side(&args.new)?, &scope)?
    };
    terminal::print(&rendered(&diff, options.format)?)?;
    Ok(if args.exit_code && !diff.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn rendered(diff: &Diff, format: Format) -> Result<String> {
    Ok(match format {
        Format::Json => serde_json::to_string_pretty(diff)? + "\n",
        Format::Md => markdown::render(&Page::new(diff)),
        Format::Html => html::render(&Page::new(diff)),
        _ => terminal::escaped(&text::render(&Page::new(diff))).into_owned(),
    })
}

/// A kept revision, a folder, or what git keeps. `HEAD` is git's only where nothing is kept here.
fn resolved(name: &str, store: &Store, config: Option<&Config>) -> Result<Side> {
    let workspace = config.map(|config| config.workspace.as_path()).unwrap_or(Path::new("."));
    if let Some(revision) = name.strip_prefix("git:") {
        return Side::git(workspace, revision)?.ok_or_else(|| no_such_side(name));
    }
    let asked = match store.resolve(name) {
        Ok(revision) => return Side::kept(store, &revision),
        Err(StoreError::UnknownRevision { asked }) => asked,
        Err(error) => return Err(error.into()),
    };
    if let Some(side) = Side::folder(Path::new(name))? {
        return Ok(side);
    }
    let nothing_kept = store.revisions()?.is_empty();
    if (nothing_kept || !name.starts_with("HEAD"))
        && let Some(side) = Side::git(workspace, name)?
    {
        return Ok(side);
    }
    if nothing_kept {
        let why = "nothing has been published here yet: `pipeline run` does";
        return Err(Failure::Usage(format!("no revision is called `{asked}`: {why}")).into());
    }
    Err(StoreError::UnknownRevision { asked }.into())
}

fn no_such_side(name: &str) -> anyhow::Error {
    Failure::Usage(format!(
        "`{name}` is no folder with published tables, and no revision is known here by that name"
    ))
    .into()
}

fn rates(config: &Config) -> Vec<String> {
    let sheets = config.sheets.iter().filter(|sheet| sheet.mapping.kind == SheetKind::Rates);
    sheets.map(|sheet| sheet.file.clone()).collect()
}

/// What a publication changed, as it is told and kept.
pub(crate) struct Told {
    /// One line for the log.
    pub(crate) line: String,
    /// A few lines for the terminal.
    pub(crate) short: String,
    /// `out/changes.md`.
    pub(crate) markdown: String,
    /// The comparison, for a summary; null for the first publication.
    pub(crate) counts: serde_json::Value,
}

/// What a publication changed against the one before.
///
/// # Errors
/// A table of one of them cannot be read.
pub(crate) fn told(
    store: &Store,
    config: &Config,
    before: Option<&Revision>,
    now: &Revision,
) -> Result<Told> {
    /// Causes told on the terminal; the rest are in `out/changes.md`.
    const SHORT: usize = 10;
    /// Figures and promises told of each.
    const EACH: usize = 3;
    let Some(before) = before else {
        let diff = Diff::new(Name::default(), Side::kept(store, now)?.name);
        return Ok(Told {
            line: "the first publication".to_owned(),
            short: format!("{}\n", page::FIRST),
            markdown: markdown::render(&Page::new(&diff)),
            counts: serde_json::Value::Null,
        });
    };
    let scope = Scope { rates: rates(config), ..Scope::default() };
    let diff = compare(&Side::kept(store, before)?, &Side::kept(store, now)?, &scope)?;
    let page = Page::new(&diff);
    let line = diff.counts.in_words().unwrap_or_else(|| "no figure".to_owned());
    let mut short = format!("what changed: {line}\n");
    for section in page.sections.iter().take(SHORT) {
        short.push_str(&format!("  {}\n", text::heading(section)));
        let of_note = section.lines.iter().filter(|line| line.sign == '~' && line.row_word != "claim");
        for line in of_note.take(EACH) {
            short.push_str(&format!("    {} {}: {}\n", line.row_word, line.id, line.text));
        }
    }
    if page.sections.len() > SHORT {
        short.push_str(&format!("  … and {} more causes: see out/changes.md\n", page.sections.len() - SHORT));
    }
    Ok(Told { line, short, markdown: markdown::render(&page), counts: serde_json::to_value(diff.counts)? })
}
