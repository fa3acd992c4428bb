//! `pipeline run`: the main job, from the sheets to one published revision.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use chrono::{NaiveDate, Utc};
use clap::Args;
use model::claim::Claims;
use serde_json::json;

use crate::cli::Options;
use crate::config::Config;
use crate::evaluate::{Evaluation, evaluate};
use crate::inputs::{self, Inputs};
use crate::quarantine::REJECTS_CSV;
use crate::store::{
    Digest, Draft, FileEntry, Guard, Journal, Keep, Outcome, Published, RUN_JSON, ReadBack, Store, StoreError,
};
use crate::{diagnostics, outputs, terminal};

/// Arguments of `pipeline run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Only what had been published by this day [default: the latest publication]
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
}

/// Files larger than this are read back by `pipeline verify`, not by every run.
const READ_BACK_LIMIT: u64 = 64 << 20;

/// Where a run leaves word of what it evaluated last.
const EVALUATED: &str = ".pipeline/evaluated";

/// Reads, checks, reconciles and publishes; where an error refuses the run, nothing changes.
pub(crate) fn run(args: &RunArgs, options: &Options) -> Result<ExitCode> {
    let started = Instant::now();
    let config = options.configuration()?;
    let store = Store::open(&config.workspace)?;
    let guard = store.lock(&Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))?;
    store.heal(&guard)?;
    if is_evaluated(&config, &store, args)? {
        say(options, "nothing new: the inputs are those of the published revision");
        return Ok(ExitCode::SUCCESS);
    }

    let inputs = Inputs::copied(&config, &store)?;
    let evaluation = evaluate(&config, &inputs, args.as_of)?;
    diagnostics::show(&evaluation.findings, options)?;
    if evaluation.is_refused() {
        say(options, &format!("refused: {}; nothing was published", diagnostics::counts(&evaluation.findings)));
        return Ok(ExitCode::from(1));
    }

    let lock = evaluation.lock.print();
    let draft = store.draft(&guard)?;
    outputs::write_all(&config, &evaluation, &draft)?;
    let listed = listed_inputs(&config, &inputs, &lock);
    let journal = write_manifest(&listed, &evaluation, args, &draft)?;
    let read_back = ReadBack { limit: READ_BACK_LIMIT, open: &read_back };
    let outcome = draft.publish(journal, &Keep::Revisions(config.settings.keep), &read_back)?;

    if !(lock.is_empty() && !inputs.has(&config.settings.lock)) {
        store.replace_file(&guard, &config.settings.lock, lock.as_bytes())?;
    }
    let set_aside = show_rejects(&config, &inputs, &evaluation, &store, &guard)?;
    remember(&config, &store, &guard, &inputs, args)?;
    match outcome {
        Outcome::NothingNew(_) => say(options, "nothing new: the same tables and reports as published"),
        Outcome::Published(published) => say(options, &told(&published, &evaluation, started)),
    }
    if let Some(set_aside) = set_aside {
        say(options, &set_aside);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the rows that were set aside to `out/rejects.csv`, or takes those of an earlier run out of
/// it, and says how many there are.
fn show_rejects(
    config: &Config,
    inputs: &Inputs,
    evaluation: &Evaluation,
    store: &Store,
    guard: &Guard,
) -> Result<Option<String>> {
    let count = evaluation.rejects.len();
    if count > 0 || config.workspace.join(REJECTS_CSV).exists() {
        let csv = evaluation.rejects.csv(config, inputs)?;
        store.replace_file(guard, REJECTS_CSV, csv.as_bytes())?;
    }
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    Ok((count > 0).then(|| format!("{rows} set aside in {REJECTS_CSV}; {}", evaluation.rows)))
}

fn say(options: &Options, line: &str) {
    if !options.quiet {
        terminal::complain(line);
    }
}

/// Whether the last evaluation read these very bytes with this very program.
fn is_evaluated(config: &Config, store: &Store, args: &RunArgs) -> Result<bool> {
    let Some(head) = store.head()? else { return Ok(false) };
    let Ok(last) = std::fs::read_to_string(config.workspace.join(EVALUATED)) else { return Ok(false) };
    let files = match store.fingerprint(&Inputs::paths(config)?) {
        Ok(files) => files,
        Err(StoreError::Io { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    Ok(last == evaluated(config, &files, args, head.id))
}

/// Leaves word of what was evaluated. The lock may have been rewritten by this very run.
fn remember(config: &Config, store: &Store, guard: &Guard, inputs: &Inputs, args: &RunArgs) -> Result<()> {
    inputs.remember(store, guard)?;
    let Some(head) = store.head()? else { return Ok(()) };
    let files = store.fingerprint(&Inputs::paths(config)?)?;
    store.replace_file(guard, EVALUATED, evaluated(config, &files, args, head.id).as_bytes())?;
    Ok(())
}

/// What an evaluation depends on, and the revision it led to.
fn evaluated(config: &Config, files: &[FileEntry], args: &RunArgs, head: Digest) -> String {
    let mut text = format!("{head}\n{}\n{}\n", program(), args.as_of.map(|day| day.to_string()).unwrap_or_default());
    for file in files.iter().chain([&inputs::config_entry(config)]) {
        text.push_str(&format!("{} {}\n", file.sha256, file.path));
    }
    text
}

/// The program's version, and how its file looks: a program that was built anew is another one.
fn program() -> String {
    let built = std::env::current_exe().and_then(std::fs::metadata).ok();
    let look = built.map(|file| (file.len(), file.modified().ok()));
    format!("pipeline {} {look:?}", env!("CARGO_PKG_VERSION"))
}

/// The inputs that a revision names: the configuration, the sheets, and the lock as it stands after
/// the run. The texts are none: their hashes stand in the lock.
fn listed_inputs(config: &Config, inputs: &Inputs, lock: &str) -> Vec<FileEntry> {
    let is_text = |path: &str| inputs.texts().iter().any(|(_, text)| text == path);
    let mut listed = inputs.entries();
    listed.retain(|file| !is_text(&file.path) && file.path != config.settings.lock);
    listed.push(inputs::config_entry(config));
    if !lock.is_empty() {
        let (sha256, bytes) = (Digest::of(lock.as_bytes()), lock.len() as u64);
        listed.push(FileEntry { path: config.settings.lock.clone(), sha256, bytes });
    }
    listed.sort();
    listed
}

/// Writes `out/run.json`, which names every other file, and gives the journal of the publication.
fn write_manifest(
    listed: &[FileEntry],
    evaluation: &Evaluation,
    args: &RunArgs,
    draft: &Draft<'_>,
) -> Result<Journal> {
    let as_of = evaluation.knowledge.as_of.map(|day| day.to_string()).unwrap_or_default();
    let program = format!("pipeline {}", env!("CARGO_PKG_VERSION"));
    let manifest = json!({
        "program": program,
        "revision": draft.id(),
        "as_of": as_of,
        "as_of_given": args.as_of.is_some(),
        "counts": counts(evaluation),
        "inputs": listed,
        "outputs": draft.files(),
    });
    draft.write(RUN_JSON, |out| -> Result<()> {
        serde_json::to_writer_pretty(&mut *out, &manifest)?;
        Ok(std::io::Write::write_all(out, b"\n")?)
    })?;
    Ok(Journal {
        when: Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        program,
        as_of,
        inputs: listed.to_vec(),
        summary: summary(evaluation),
    })
}

fn counts(evaluation: &Evaluation) -> serde_json::Value {
    let (facts, knowledge) = (&evaluation.facts, &evaluation.knowledge);
    json!({
        "rows": evaluation.rows,
        "sources": facts.sources.len(),
        "indicators": facts.indicators.len(),
        "claims": Claims::len(&facts.claims),
        "observations": knowledge.observations.len(),
        "conflicts": knowledge.conflicts.len(),
        "commitments": facts.commitments.len(),
        "events": facts.events.len(),
        "vintages": knowledge.vintages.len(),
        "findings": evaluation.findings.len(),
    })
}

fn summary(evaluation: &Evaluation) -> String {
    let (facts, knowledge) = (&evaluation.facts, &evaluation.knowledge);
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    [
        counted(facts.claims.len(), "claim"),
        counted(knowledge.observations.len(), "observation"),
        counted(knowledge.conflicts.len(), "conflict"),
        counted(facts.commitments.len(), "commitment"),
    ]
    .join(", ")
}

/// A Parquet file must open as a table before it is published.
fn read_back(path: &str, file: &Path) -> Result<(), String> {
    if !path.ends_with(".parquet") {
        return Ok(());
    }
    let file = std::fs::File::open(file).map_err(|error| error.to_string())?;
    report::read_back::parquet(file).map_err(|error| error.to_string())
}

fn told(published: &Published, evaluation: &Evaluation, started: Instant) -> String {
    let timings = &published.timings;
    let waited = timings.waited.time;
    let worked = started.elapsed().saturating_sub(waited).saturating_sub(timings.checkout);
    let short: String = published.revision.id.to_string().chars().take(12).collect();
    let files = published.changed.len();
    format!(
        "published revision {short}: {}; {}\n{files} file{} changed in curated/ and out/; {} ms, besides {} ms of waiting for the disk and {} ms of check-out",
        summary(evaluation),
        diagnostics::counts(&evaluation.findings),
        if files == 1 { "" } else { "s" },
        worked.as_millis(),
        waited.as_millis(),
        timings.checkout.as_millis(),
    )
}
