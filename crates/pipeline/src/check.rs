//! `pipeline check`: everything but publishing, and all findings.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;
use model::finding::Finding;

use crate::annotate::annotate;
use crate::cli::{Options, day};
use crate::config::Config;
use crate::evaluate::{Evaluation, evaluate};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::stopwatch::Stopwatch;
use crate::{diagnostics, freshness, terminal};

/// Arguments of `pipeline check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Show only findings about these files or folders [default: all]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// List the figures of the texts that no claim uses
    #[arg(long)]
    uncovered: bool,
    /// Write the rows of every input as a workbook into this folder, with the findings as comments and colours
    #[arg(long, value_name = "DIR")]
    annotate: Option<PathBuf>,
    /// Only what had been published by this day [default: the latest publication]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<NaiveDate>,
    /// Say which topics have no text as new as `max_age` wants on this day; no output depends on it
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    /// Say how long each stage took
    #[arg(long)]
    timings: bool,
}

/// Evaluates the sheets as they lie there, and shows what there is to say.
pub(crate) fn check(args: &CheckArgs, options: &Options) -> Result<ExitCode> {
    let mut watch = Stopwatch::default();
    let config = options.configuration()?;
    let evaluation = evaluate(&config, &Inputs::in_place(&config)?, args.as_of, &mut watch)?;
    if args.uncovered {
        terminal::print(&terminal::escaped(&uncovered(&evaluation, &config.settings.articles)))?;
    }
    let mut shown = chosen(&evaluation.findings, &config, &args.paths)?;
    diagnostics::show(&evaluation.strays, options)?;
    diagnostics::show(&shown, options)?;
    if let Some(today) = args.today {
        let max_age = &config.settings.max_age;
        let newest = freshness::newest(&evaluation.facts, max_age);
        let stale = freshness::findings(&freshness::stale(&newest, max_age, today), max_age, today);
        let stale = chosen(&stale, &config, &args.paths)?;
        diagnostics::show_all(&stale, options)?;
        shown.extend(stale);
    }
    if let Some(folder) = &args.annotate {
        let folder = std::env::current_dir()?.join(folder);
        let count = annotate(&config, &Inputs::in_place(&config)?, &shown, &folder)?;
        if !options.quiet {
            terminal::complain(&format!("{count} annotated in {}", folder.display()));
        }
    }
    if !options.quiet {
        let set_aside = match evaluation.rejects.len() {
            0 => String::new(),
            count => format!("; {count} to be set aside in out/rejects.csv"),
        };
        terminal::complain(&format!("{}{set_aside}; {}", evaluation.rows, diagnostics::counts(&shown)));
    }
    watch.lap("show the findings");
    if args.timings {
        options.say(&watch.to_string());
    }
    let refused = evaluation.refuses(&shown);
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The findings about the given files; all where none is given.
fn chosen(findings: &[Finding], config: &Config, paths: &[PathBuf]) -> Result<Vec<Finding>> {
    if paths.is_empty() {
        return Ok(findings.to_vec());
    }
    let folder = std::env::current_dir()?;
    let wanted: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
    for (path, asked) in wanted.iter().zip(paths) {
        if !config.sheets.iter().any(|sheet| config.workspace.join(&sheet.file).starts_with(path)) {
            let asked = asked.display();
            return Err(
                Failure::Usage(format!("{asked} is no sheet of {} and holds none", config.file)).into()
            );
        }
    }
    let is_wanted = |file: &str| {
        let file: &Path = &config.workspace.join(file);
        wanted.iter().any(|path| file.starts_with(path))
    };
    let about = |finding: &&Finding| {
        finding.location.as_ref().is_some_and(|location| is_wanted(&location.sheet.file))
    };
    Ok(findings.iter().filter(about).cloned().collect())
}

/// The figures of each text that no claim uses, one a line: `file:line:column: figure`.
fn uncovered(evaluation: &Evaluation, articles: &str) -> String {
    let mut lines = String::new();
    for source in &evaluation.facts.sources {
        let Some(text) = evaluation.evidence.text(&source.source_id) else { continue };
        for figure in text.uncovered(&evaluation.lock.claimed(&source.source_id)) {
            let at = figure.position;
            // Writing to a String cannot fail.
            let _ = writeln!(
                lines,
                "{articles}/{}.txt:{}:{}: {}",
                source.source_id, at.line, at.column, figure.text
            );
        }
    }
    if lines.is_empty() {
        lines.push_str("no figure of the texts at hand is left unused\n");
    }
    lines
}
