//! `pipeline log` and `restore`: the kept revisions, listed and brought back.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use chrono::{SecondsFormat, Utc};
use clap::Args;
use serde_json::json;

use crate::cli::Options;
use crate::diagnostics::Format;
use crate::store::{Guard, Healed, Journal, Revision, Store, StoreError};
use crate::{diff, signals, terminal};

/// Arguments of `pipeline log`.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// At most this many, the newest
    #[arg(long, short = 'n', value_name = "N")]
    number: Option<usize>,
}

/// Arguments of `pipeline restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// HEAD~1, an id, a prefix of one, or a date
    #[arg(value_name = "REV")]
    revision: String,
}

/// What each kept publication changed, in one line by its number: a cache for the log.
pub(crate) const LINES: &str = ".pipeline/changes.json";

/// Notes what a publication changed.
///
/// # Errors
/// The disk's.
pub(crate) fn note(store: &Store, guard: &Guard, number: u64, line: String) -> Result<(), StoreError> {
    let mut lines = lines(store);
    lines.insert(number, line);
    let oldest = store.revisions()?.last().map_or(0, |revision| revision.number);
    let lines = lines.split_off(&oldest);
    let json = serde_json::to_string(&lines).unwrap_or_default();
    store.replace_file(guard, LINES, json.as_bytes())
}

fn lines(store: &Store) -> BTreeMap<u64, String> {
    let text = std::fs::read_to_string(store.root().join(LINES)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The time, for a journal: the clock enters no output.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The time so many days ago, in the form of [`now`].
pub(crate) fn days_ago(days: u32) -> String {
    let then = Utc::now().checked_sub_days(chrono::Days::new(days.into()));
    then.map(|then| then.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}

/// Lists the kept revisions, newest first.
pub(crate) fn log(args: &LogArgs, options: &Options) -> Result<ExitCode> {
    let config = options.configuration()?;
    let store = Store::open(&config.workspace)?;
    let mut revisions = store.revisions()?;
    revisions.truncate(args.number.unwrap_or(usize::MAX));
    let lines = lines(&store);
    let revisions: Vec<Logged<'_>> = revisions
        .iter()
        .map(|revision| Logged { revision, changes: lines.get(&revision.number).map_or("", String::as_str) })
        .collect();
    let text = match options.format {
        Format::Json => {
            serde_json::to_string_pretty(&revisions.iter().map(as_json).collect::<Vec<_>>())? + "\n"
        }
        Format::Csv => as_csv(&revisions)?,
        _ => terminal::escaped(&revisions.iter().map(as_text).collect::<String>()).into_owned(),
    };
    if revisions.is_empty() && !options.quiet {
        terminal::complain("nothing has been published here yet");
    }
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A revision and what it changed, as far as that was noted.
struct Logged<'a> {
    revision: &'a Revision,
    changes: &'a str,
}

fn as_text(logged: &Logged<'_>) -> String {
    let (revision, journal) = (logged.revision, &logged.revision.journal);
    let changes = if logged.changes.is_empty() { "no record of what changed" } else { logged.changes };
    let inputs = report::words::count(journal.inputs.len(), "input", "inputs");
    format!(
        "{}  {}  {changes}\n    {}; {}, {inputs}, as of {}\n",
        short(revision),
        journal.when,
        journal.summary,
        journal.program,
        journal.as_of
    )
}

fn as_json(logged: &Logged<'_>) -> serde_json::Value {
    let (revision, journal) = (logged.revision, &logged.revision.journal);
    json!({
        "number": revision.number,
        "id": revision.id,
        "parent": revision.parent,
        "when": journal.when,
        "changes": logged.changes,
        "summary": journal.summary,
        "program": journal.program,
        "as_of": journal.as_of,
        "inputs": journal.inputs,
        "files": revision.files.len(),
    })
}

fn as_csv(revisions: &[Logged<'_>]) -> Result<String> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record([
        "number", "id", "parent", "when", "changes", "summary", "program", "as_of", "inputs", "files",
    ])?;
    for logged in revisions {
        let (revision, journal) = (logged.revision, &logged.revision.journal);
        writer.write_record([
            &revision.number.to_string(),
            &revision.id.to_string(),
            &revision.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            &journal.when,
            logged.changes,
            &journal.summary,
            &journal.program,
            &journal.as_of,
            &journal.inputs.len().to_string(),
            &revision.files.len().to_string(),
        ])?;
    }
    Ok(String::from_utf8_lossy(&writer.into_inner()?).into_owned())
}

/// Publishes an older revision again, as it was.
pub(crate) fn restore(args: &RestoreArgs, options: &Options) -> Result<ExitCode> {
    let config = options.configuration()?;
    let store = Store::open(&config.workspace)?.stopped_by(signals::heeded()?);
    let guard = store.lock(&now())?;
    tell_healed(&store.heal(&guard)?, options);
    let older = store.resolve(&args.revision)?;
    let before = store.head()?;
    let journal = Journal {
        when: now(),
        summary: format!("restored {} of {}", short(&older), older.journal.when),
        ..older.journal.clone()
    };
    let revision = store.restore(&guard, &older, journal)?;
    if before.as_ref().is_some_and(|before| before.number == revision.number) {
        options.say("nothing new: this is the published revision");
        return Ok(ExitCode::SUCCESS);
    }
    options.say(&format!(
        "published revision {} again, as of {}; the next `pipeline run` publishes what the sheets say",
        short(&revision),
        revision.journal.as_of
    ));
    let told = diff::told(&store, &config, before.as_ref(), &revision).and_then(|told| {
        store.replace_file(&guard, diff::CHANGES, told.markdown.as_bytes())?;
        Ok(note(&store, &guard, revision.number, told.line)?)
    });
    if let Err(error) = told {
        terminal::complain(&format!("warning: restored, but {} was not written: {error:#}", diff::CHANGES));
    }
    Ok(signals::exit_code().map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// Says what a command that came before this one had left undone.
pub(crate) fn tell_healed(healed: &Healed, options: &Options) {
    if let Some(id) = healed.adopted {
        options.say(&format!("adopted the published revision {}", &id.to_string()[..12]));
    }
    match healed.restored.as_slice() {
        [] => {}
        [path] => options.say(&format!("put {path} back as it was published")),
        paths => {
            options.say(&format!("put {} files back as they were published: {}, …", paths.len(), paths[0]))
        }
    }
}

/// The first 12 digits of an id.
pub(crate) fn short(revision: &Revision) -> String {
    revision.id.to_string().chars().take(12).collect()
}
