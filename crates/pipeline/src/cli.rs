//! The command line: parsed into one command, which is then carried out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::Config;
use crate::diagnostics::{Coloured, Format};
use crate::failure::Failure;
use crate::terminal::{self, Color};
use crate::{
    check, diff, draft, explain, history, init, parse, plain, run, template, verify, workbook_process,
};

/// Turns hand-curated fact sheets into checked, reconciled and published tables and reports.
///
/// A published figure is a claim: somebody said it, in some words, about some period, on some day.
/// The pipeline keeps the words, computes with "more than" and "nearly", checks each figure against
/// the phrase that states it, keeps every rival claim with the reason why another was preferred, and
/// measures promises against what came of them.
#[derive(Parser)]
#[command(
    name = "pipeline",
    version,
    after_help = "Exit codes: 0 done, 1 data refused, 2 usage or configuration, 74 a file cannot be read or written, 75 another run holds the lock, 130 and 143 stopped by SIGINT or SIGTERM."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

/// What every command understands.
#[derive(Args, Debug, Clone)]
pub(crate) struct Options {
    /// The configuration [default: pipeline.toml in this folder or above]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Threads to work with [default: one a core]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Say only what a person must read
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to colour messages
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    /// The form of findings (text, json, github), of a diff (text, md, html, json) or the log (text, json, csv)
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORM")]
    pub(crate) format: Format,
}

impl Options {
    /// Tells a person something that need not be read.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            terminal::complain(line);
        }
    }

    /// Refuses a form that the command does not speak.
    fn check_format(&self, command: &Command) -> Result<()> {
        let spoken: &[Format] = match command {
            Command::Diff(_) => &[Format::Text, Format::Md, Format::Html, Format::Json],
            Command::Log(_) => &[Format::Text, Format::Json, Format::Csv],
            _ => &[Format::Text, Format::Json, Format::Github],
        };
        if spoken.contains(&self.format) {
            return Ok(());
        }
        let names =
            spoken.iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
        let names: Vec<String> = names.collect();
        Err(Failure::Usage(format!("this command speaks --format {}", names.join(", "))).into())
    }

    /// Whether messages carry colours.
    pub(crate) fn coloured(&self) -> Coloured {
        if self.color.is_wanted() { Coloured::Yes } else { Coloured::No }
    }

    /// Whether the command line names a configuration.
    pub(crate) fn names_configuration(&self) -> bool {
        self.config.is_some()
    }

    /// The configuration that the command works with.
    pub(crate) fn configuration(&self) -> Result<Config> {
        let folder = std::env::current_dir().context("cannot tell the current folder")?;
        Config::load(self.config.as_deref(), &folder)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Read, check, reconcile and publish: the main job
    ///
    /// Reads the sheets that pipeline.toml lists, checks every figure against its evidence, reconciles
    /// the claims and publishes curated/ and out/ as one revision, or refuses and leaves both as they were.
    #[command(
        after_help = "Examples:\n  pipeline run\n  pipeline run --as-of 2025-06-30\n  pipeline run --timings --summary-json run.log"
    )]
    Run(run::RunArgs),
    /// Do everything but publish, and show all findings
    #[command(
        after_help = "Examples:\n  pipeline check\n  pipeline check raw/trade.csv\n  pipeline check --uncovered\n  pipeline check --annotate marked"
    )]
    Check(check::CheckArgs),
    /// Tell a figure's whole journey, from the phrase to what follows from it, or back
    ///
    /// ID is a claim, an observation (series_id:period_label), a series, an indicator, a commitment or a source;
    /// FILE!SHEET!CELL or FILE:LINE:FIELD is a cell of a fact sheet.
    #[command(
        after_help = "Examples:\n  pipeline explain trade_turnover.KGZ.RUS:2024\n  pipeline explain 'raw/investment.xlsx!Facts!C14'"
    )]
    Explain {
        /// A claim, observation, series, indicator, commitment or source, or a cell
        #[arg(value_name = "ID | CELL")]
        id: String,
        /// Only what had been published by this day
        #[arg(long, value_name = "DATE", value_parser = day)]
        as_of: Option<NaiveDate>,
    },
    /// Tell what changed between two revisions, and why
    ///
    /// A row is known by its key: one that only moved has not changed. One cause over many values is
    /// one heading.
    #[command(
        after_help = "Examples:\n  pipeline diff\n  pipeline diff 2026-01-20 HEAD --format html\n  pipeline diff old/curated new/curated --exit-code"
    )]
    Diff(diff::DiffArgs),
    /// List the kept revisions: when, what, from which inputs, by which version
    Log(history::LogArgs),
    /// Publish a kept revision again, as it was
    #[command(after_help = "Examples:\n  pipeline restore HEAD~1\n  pipeline restore 2026-01-20")]
    Restore(history::RestoreArgs),
    /// Check all that is kept and published against its hashes, and mend what is damaged
    Verify,
    /// Begin a workspace, empty or from foreign files with a proposed mapping
    #[command(
        after_help = "Examples:\n  pipeline init corridor\n  pipeline init corridor --from facts.xlsx promises.csv"
    )]
    Init(init::InitArgs),
    /// Write an empty fact sheet with drop-downs from the vocabulary
    #[command(after_help = "Examples:\n  pipeline template claims -o claims.xlsx")]
    Template(template::TemplateArgs),
    /// Read a CSV or a workbook's sheet as the pipeline does, as plain UTF-8 CSV
    #[command(
        after_help = "Examples:\n  pipeline cat facts.xlsx --sheet Trade\n  pipeline cat facts.csv --dialect"
    )]
    Cat(plain::CatArgs),
    /// Read figures, periods or places from the lines of standard input, one JSON object a line
    ///
    /// quantity: {"input", "found": [{"text", "start", "end", "comparator", "value", "lower", "upper", "unit", "noun"}]}.
    /// Offsets count characters, the end excluded; comparators are = > >= < <= <~ (nearly) ~ (about) and range, which
    /// has no value; unit is an ISO 4217 or UCUM code, % or pp, or 1 for counted things, whose noun stands beside it.
    ///
    /// period: {"input", "found": [{"text", "start", "end", "from", "to", "label", "role"}]}: both days included, null
    /// where open. Without --anchor "last year" is none; neither is a date that may be read two ways.
    ///
    /// place: {"input", "place": {"alpha3", "alpha2", "name"}}, one name a line; null where it is none, or several.
    #[command(
        after_help = "Examples:\n  echo 'rose 13.6 % to nearly $4.1 billion' | pipeline parse quantity\n  echo 'за 9 месяцев прошлого года' | pipeline parse period --anchor 2026-01-20\n  pipeline parse place < countries.txt"
    )]
    Parse(parse::ParseArgs),
    /// Propose claims from an article's text, as a fact sheet for a person to finish
    #[command(
        after_help = "Examples:\n  pipeline draft raw/articles/toca-2025-01.txt --published 2025-01-20 > draft.csv"
    )]
    Draft(draft::DraftArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Read a workbook from standard input: the pipeline calls itself so
    #[command(name = workbook_process::COMMAND, hide = true)]
    ReadWorkbook {
        /// Bytes of the workbook
        size: u64,
        /// How much of it is read at most, as JSON
        caps: String,
    },
}

/// Reads a day of the command line.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "no such day: write it as 2025-12-31".to_owned())
}

/// Parses the command line and carries the command out.
pub(crate) fn run() -> Result<ExitCode> {
    let Cli { command, options } = Cli::parse();
    set_threads(options.jobs)?;
    if let Command::ReadWorkbook { size, caps } = &command {
        workbook_process::serve(*size, caps, options.jobs)?;
        return Ok(ExitCode::SUCCESS);
    }
    options.check_format(&command)?;
    match command {
        Command::Run(args) => run::run(&args, &options),
        Command::Check(args) => check::check(&args, &options),
        Command::Explain { id, as_of } => explain::explain(&id, as_of, &options),
        Command::Diff(args) => diff::diff(&args, &options),
        Command::Log(args) => history::log(&args, &options),
        Command::Restore(args) => history::restore(&args, &options),
        Command::Verify => verify::verify(&options),
        Command::Init(args) => init::init(&args, &options),
        Command::Template(args) => template::template(&args, &options),
        Command::Cat(args) => plain::cat(&args, &options),
        Command::Parse(args) => parse::parse(&args, &options),
        Command::Draft(args) => draft::run(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "pipeline", &mut script);
            terminal::print(&String::from_utf8_lossy(&script))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::ReadWorkbook { .. } => Ok(ExitCode::SUCCESS),
    }
}

/// One pool of workers serves every stage.
fn set_threads(jobs: Option<u16>) -> Result<()> {
    let Some(jobs) = jobs else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(jobs))
        .build_global()
        .context("cannot start the workers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_help_is_understood() {
        let mut tried = 0;
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for example in help.lines().filter(|line| line.starts_with("  ")) {
                let (_, call) = example.split_at(example.find("pipeline ").unwrap_or(0));
                let words = call.split(['<', '>']).next().unwrap_or_default().split_whitespace();
                let parsed = Cli::try_parse_from(words.map(|word| word.trim_matches('\'')));
                assert!(
                    parsed.is_ok(),
                    "{example}: {}",
                    parsed.err().map(|error| error.to_string()).unwrap_or_default()
                );
                tried += 1;
            }
        }
        assert!(tried > 15, "{tried}");
    }
}
