//! `pipeline check`: everything but publishing, and all findings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;
use model::finding::Finding;
use normalize::evidence::Position;
use serde::Serialize;

use crate::annotate::annotate;
use crate::cli::{Options, day};
use crate::config::Config;
use crate::diagnostics::Format;
use crate::evaluate::{self, Evaluation, evaluate};
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
        let unused = uncovered(&evaluation, &config.settings.articles);
        match options.format {
            Format::Json => terminal::print(&as_json_lines(&unused)?)?,
            _ => terminal::print(&terminal::escaped(&as_lines(&unused)))?,
        }
    }
    let mut shown = evaluate::by_place(&evaluation.findings, &evaluation.knowledge);
    choose(&mut shown, &config, &args.paths)?;
    diagnostics::show(&evaluation.strays, options)?;
    diagnostics::show(shown.iter().copied(), options)?;
    let mut stale = Vec::new();
    if let Some(today) = args.today {
        let max_age = &config.settings.max_age;
        let newest = freshness::newest(&evaluation.facts, max_age);
        stale = freshness::findings(&freshness::stale(&newest, max_age, today), max_age, today);
    }
    let mut stale: Vec<&Finding> = stale.iter().collect();
    choose(&mut stale, &config, &args.paths)?;
    diagnostics::show_all(stale.iter().copied(), options)?;
    shown.extend(stale);
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
        terminal::complain(&format!(
            "{}{set_aside}; {}",
            evaluation.rows,
            diagnostics::counts(evaluation.strays.iter().chain(shown.iter().copied()))
        ));
    }
    watch.lap("show the findings");
    if args.timings {
        options.say(&watch.to_string());
    }
    let refused = evaluation.refuses(shown);
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Keeps the findings about the given files; all where none is given.
fn choose(findings: &mut Vec<&Finding>, config: &Config, paths: &[PathBuf]) -> Result<()> {
    if paths.is_empty() {
        return Ok(());
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
    findings
        .retain(|finding| finding.location.as_ref().is_some_and(|location| is_wanted(&location.sheet.file)));
    Ok(())
}

/// A figure of a text that no claim uses.
#[derive(Debug, Serialize)]
struct Unused<'a> {
    source: &'a str,
    file: String,
    /// From 1; columns are counted in Unicode scalars.
    line: usize,
    column: usize,
    text: String,
}

/// The figures of each text that no claim uses.
fn uncovered<'e>(evaluation: &'e Evaluation, articles: &str) -> Vec<Unused<'e>> {
    let mut unused = Vec::new();
    for source in &evaluation.facts.sources {
        let Some(text) = evaluation.evidence.text(&source.source_id) else { continue };
        for figure in text.uncovered(&evaluation.lock.claimed(&source.source_id)) {
            let Position { line, column, .. } = figure.position;
            let (source, text) = (source.source_id.as_str(), figure.text);
            unused.push(Unused { source, file: format!("{articles}/{source}.txt"), line, column, text });
        }
    }
    unused
}

/// One a line: `file:line:column: figure`.
fn as_lines(unused: &[Unused<'_>]) -> String {
    if unused.is_empty() {
        return "no figure of the texts at hand is left unused\n".to_owned();
    }
    let line = |one: &Unused<'_>| format!("{}:{}:{}: {}\n", one.file, one.line, one.column, one.text);
    unused.iter().map(line).collect()
}

/// One JSON object a line; the findings that follow have a `code`, and these have none.
fn as_json_lines(unused: &[Unused<'_>]) -> Result<String> {
    let mut lines = String::new();
    for one in unused {
        lines.push_str(&serde_json::to_string(one)?);
        lines.push('\n');
    }
    Ok(lines)
}
