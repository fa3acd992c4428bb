//! `pipeline run`: the main job, from the sheets to one published revision.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::Args;
use model::claim::Claims;
use model::commitment::Grouping;
use model::finding::{Finding, Severity};
use report::datapackage;
use serde_json::{Value, json};

use crate::cli::{Options, day};
use crate::config::Config;
use crate::evaluate::{self, Evaluation};
use crate::failure::Failure;
use crate::freshness::{self, Newest};
use crate::inputs::{self, Inputs};
use crate::quarantine::REJECTS_CSV;
use crate::stopwatch::Stopwatch;
use crate::store::{
    Digest, Draft, FileEntry, Guard, Journal, Keep, Outcome, Published, RUN_JSON, ReadBack, Store, StoreError,
};
use crate::{diagnostics, diff, failure, history, outputs, signals, terminal};

/// Arguments of `pipeline run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Only what had been published by this day [default: the latest publication]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<NaiveDate>,
    /// Say which topics have no text as new as `max_age` wants on this day; no output depends on it
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    /// Write how it ended to this file, as one line of JSON
    #[arg(long, value_name = "FILE")]
    summary_json: Option<PathBuf>,
    /// Say how long each stage took
    #[arg(long)]
    timings: bool,
}

/// Files larger than this are read back by `pipeline verify`, not by every run.
const READ_BACK_LIMIT: u64 = 8 << 20;

/// Where a run leaves word of what it evaluated last.
const EVALUATED: &str = ".pipeline/evaluated";

/// Reads, checks, reconciles and publishes; where an error refuses the run, nothing changes.
pub(crate) fn run(args: &RunArgs, options: &Options) -> Result<ExitCode> {
    let started = Instant::now();
    let mut watch = Stopwatch::default();
    let ended = attempt(args, options, started, &mut watch);
    if args.timings {
        options.say(&watch.to_string());
    }
    if let Some(file) = &args.summary_json {
        let mut summary = match &ended {
            Ok(ended) => ended.summary.clone(),
            Err(error) => json!({ "outcome": "failed", "error": failure::in_words(error) }),
        };
        let code = ended.as_ref().map_or_else(failure::exit_code, |ended| ended.code);
        summary["exit_code"] = code.into();
        summary["milliseconds"] = (started.elapsed().as_millis() as u64).into();
        // The file is the caller's, wherever it lies: no part of the workspace.
        std::fs::write(file, format!("{summary}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(ExitCode::from(ended?.code))
}

/// How a run ended that did not fail.
struct Ended {
    code: u8,
    /// For `--summary-json`.
    summary: Value,
}

fn attempt(args: &RunArgs, options: &Options, started: Instant, watch: &mut Stopwatch) -> Result<Ended> {
    let config = options.configuration()?;
    let store = Store::open(&config.workspace)?.stopped_by(signals::heeded()?);
    let guard = store.lock(&history::now())?;
    history::tell_healed(&store.heal(&guard)?, options);
    let evaluated = evaluated_head(&config, &store, args)?;
    watch.lap("look for what is new");
    if let Some((head, newest)) = evaluated {
        options.say("nothing new: the inputs are those of the published revision");
        let mut summary = json!({ "outcome": "nothing_new", "revision": head });
        tell_stale(&newest, &config, args, options, &mut summary)?;
        return Ok(Ended { code: 0, summary });
    }

    let inputs = Inputs::copied(&config, &store)?;
    watch.lap("copy the inputs");
    let mut evaluation = evaluate::read(&config, &inputs, args.as_of)?;
    watch.lap("read and check the sheets");
    let draft = store.draft(&guard)?;
    let stated = reconcile(&config, &mut evaluation, &draft);
    watch.lap("reconcile, and write what is stated");
    let findings = evaluate::by_place(&evaluation.findings, &evaluation.knowledge);
    let show = || {
        diagnostics::show(&evaluation.strays, options)?;
        diagnostics::show(findings.iter().copied(), options)
    };
    if evaluation.is_refused() {
        show()?;
        terminal::complain(&format!(
            "refused: {}; nothing was published",
            diagnostics::counts(evaluation.shown())
        ));
        return Ok(Ended {
            code: 1,
            summary: json!({ "outcome": "refused", "findings": severities(&evaluation) }),
        });
    }

    let stated = stated?;
    let lock = evaluation.lock.print();
    let (shown, reported) =
        rayon::join(show, || outputs::write_reports(&config, &evaluation, &findings, &draft));
    shown?;
    reported?;
    watch.lap("write the reports");
    evaluation.facts.claims.drop_phrases();
    let journal = write_known(&config, &inputs, &evaluation, &findings, stated, args.as_of, &draft)?;
    let read_back = ReadBack { limit: READ_BACK_LIMIT, open: &read_back };
    watch.lap("write the other tables");
    let outcome = draft.publish(journal, &retention(&config), &read_back)?;
    watch.lap("sync, read back, check out");

    let aftermath = Aftermath { config: &config, store: &store, guard: &guard };
    let mut summary = match &outcome {
        Outcome::NothingNew(revision) => {
            options.say("nothing new: the same tables and reports as published");
            json!({ "outcome": "nothing_new", "revision": revision.id })
        }
        Outcome::Published(published) => {
            options.say(&told(published, &evaluation, started));
            json!({
                "outcome": "published",
                "revision": published.revision.id,
                "before": published.before.as_ref().map(|before| before.id),
                "files": published.changed.len(),
            })
        }
    };
    summary["findings"] = severities(&evaluation);
    if let Some(told) = aftermath.tell(&outcome) {
        if let Outcome::Published(_) = outcome {
            options.say(told.short.trim_end());
        }
        summary["changes"] = told.counts;
    }
    if let Some(set_aside) = aftermath.set_aside(&inputs, &evaluation) {
        terminal::complain(&set_aside);
        summary["set_aside"] = evaluation.rejects.len().into();
    }
    let newest = freshness::newest(&evaluation.facts, &config.settings.max_age);
    tell_stale(&newest, &config, args, options, &mut summary)?;
    aftermath.keep(&inputs, &lock, args, &newest);
    watch.lap("tell what changed");
    // The process ends here: giving back the memory of each row takes time, and serves nobody.
    std::mem::forget(evaluation);
    Ok(Ended { code: signals::exit_code().unwrap_or(0), summary })
}

/// Says which topics have no text as new as they should, where a day is given.
fn tell_stale(
    newest: &[Newest],
    config: &Config,
    args: &RunArgs,
    options: &Options,
    summary: &mut Value,
) -> Result<()> {
    let Some(today) = args.today else { return Ok(()) };
    let max_age = &config.settings.max_age;
    let stale = freshness::stale(newest, max_age, today);
    let told = stale.iter().map(|(text, days)| {
        json!({ "topic": text.topic, "kind": text.kind, "source": text.source_id, "days": days })
    });
    summary["stale"] = told.collect();
    Ok(diagnostics::show_all(&freshness::findings(&stale, max_age, today), options)?)
}

/// Which revisions are kept, beside the published one and the one before it.
fn retention(config: &Config) -> Keep {
    match config.settings.keep_days {
        None => Keep::Revisions(config.settings.keep),
        Some(days) => Keep::Since(history::days_ago(days)),
    }
}

/// What follows a publication. It stands already: what fails here is a warning, and the next run makes up
/// for it.
struct Aftermath<'a> {
    config: &'a Config,
    store: &'a Store,
    guard: &'a Guard,
}

impl Aftermath<'_> {
    /// Writes what changed against the revision before, and gives it.
    fn tell(&self, outcome: &Outcome) -> Option<diff::Told> {
        let (before, revision) = match outcome {
            Outcome::Published(published) => {
                if let Some(error) = &published.not_pruned {
                    terminal::complain(&format!("warning: older revisions were not removed: {error}"));
                }
                (published.before.clone(), &published.revision)
            }
            Outcome::NothingNew(revision) => {
                let kept = self.store.revisions().unwrap_or_default();
                let before = kept.into_iter().find(|older| Some(older.number) == revision.parent);
                if before.is_none() && revision.parent.is_some() {
                    return None;
                }
                (before, revision)
            }
        };
        let told = diff::told(self.store, self.config, before.as_ref(), revision);
        let told = told.inspect_err(|error| warn(diff::CHANGES, error)).ok()?;
        let written = self.store.replace_file(self.guard, diff::CHANGES, told.markdown.as_bytes());
        let _ = written.inspect_err(|error| warn(diff::CHANGES, error));
        let line = told.line.clone();
        let noted = history::note(self.store, self.guard, revision.number, line);
        let _ = noted.inspect_err(|error| warn(history::LINES, error));
        Some(told)
    }

    /// Writes the rows that were set aside to `out/rejects.csv`, or takes those of an earlier run out of
    /// it, and says how many there are.
    fn set_aside(&self, inputs: &Inputs, evaluation: &Evaluation) -> Option<String> {
        let count = evaluation.rejects.len();
        if count > 0 || self.config.workspace.join(REJECTS_CSV).exists() {
            let written = evaluation
                .rejects
                .csv(self.config, inputs)
                .and_then(|csv| Ok(self.store.replace_file(self.guard, REJECTS_CSV, csv.as_bytes())?));
            let _ = written.inspect_err(|error| warn(REJECTS_CSV, error));
        }
        let rows = report::words::count(count, "row", "rows");
        (count > 0).then(|| format!("{rows} set aside in {REJECTS_CSV}; {}", evaluation.rows))
    }

    /// Rewrites the lock where it changed, and leaves word of what was evaluated.
    fn keep(&self, inputs: &Inputs, lock: &str, args: &RunArgs, newest: &[Newest]) {
        let path = &self.config.settings.lock;
        if !lock.is_empty() || inputs.has(path) {
            let written = self.store.replace_file(self.guard, path, lock.as_bytes());
            let _ = written.inspect_err(|error| warn(path, error));
        }
        let _ = self.remember(inputs, lock, args, newest).inspect_err(|error| warn(EVALUATED, error));
    }

    /// Leaves word of what was evaluated: the copies that were read, whatever became of the originals since,
    /// and the lock as this run leaves it.
    fn remember(&self, inputs: &Inputs, lock: &str, args: &RunArgs, newest: &[Newest]) -> Result<()> {
        let (config, store) = (self.config, self.store);
        inputs.remember(store, self.guard)?;
        let Some(head) = store.head()? else { return Ok(()) };
        let mut files = inputs.entries();
        files.retain(|file| file.path != config.settings.lock);
        if !lock.is_empty() || inputs.has(&config.settings.lock) {
            files.push(lock_entry(config, lock));
        }
        files.sort();
        let newest = serde_json::to_string(newest)?;
        let word = evaluated(config, &files, args, head.id) + &newest;
        Ok(store.replace_file(self.guard, EVALUATED, word.as_bytes())?)
    }
}

fn warn(path: &str, error: &impl std::fmt::Display) {
    terminal::complain(&format!("warning: published, but {path} was not written: {error:#}"));
}

/// The published revision, if the last evaluation read these very bytes with this very program, and the
/// newest texts that it found.
fn evaluated_head(config: &Config, store: &Store, args: &RunArgs) -> Result<Option<(Digest, Vec<Newest>)>> {
    let Ok(last) = std::fs::read_to_string(config.workspace.join(EVALUATED)) else { return Ok(None) };
    let Some(head) = store.head()? else { return Ok(None) };
    let files = match store.fingerprint(&Inputs::paths(config)?) {
        Ok(files) => files,
        Err(StoreError::Io { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let newest = last.strip_prefix(&evaluated(config, &files, args, head.id));
    let newest = newest.and_then(|newest| serde_json::from_str(newest).ok());
    Ok(newest.map(|newest| (head.id, newest)))
}

/// The lock as an input of the next run.
fn lock_entry(config: &Config, lock: &str) -> FileEntry {
    let (sha256, bytes) = (Digest::of(lock.as_bytes()), lock.len() as u64);
    FileEntry { path: config.settings.lock.clone(), sha256, bytes }
}

/// What an evaluation depends on, and the revision it led to.
fn evaluated(config: &Config, files: &[FileEntry], args: &RunArgs, head: Digest) -> String {
    let as_of = args.as_of.map(|day| day.to_string()).unwrap_or_default();
    let mut text = format!("{head}\n{}\n{as_of}\n", program());
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
        listed.push(lock_entry(config, lock));
    }
    listed.sort();
    listed
}

/// The files of a revision that these inputs give, to take one or the other of.
///
/// # Errors
/// An input that cannot be read, or the sheets are refused.
pub(crate) fn drafted<'a>(
    config: &Config,
    store: &'a Store,
    guard: &'a Guard,
    inputs: &Inputs,
    as_of: Option<NaiveDate>,
) -> Result<Draft<'a>> {
    let mut evaluation = evaluate::read(config, inputs, as_of)?;
    let draft = store.draft(guard)?;
    let stated = reconcile(config, &mut evaluation, &draft);
    if evaluation.is_refused() {
        return Err(Failure::Refused(diagnostics::counts(evaluation.shown())).into());
    }
    let findings = evaluate::by_place(&evaluation.findings, &evaluation.knowledge);
    outputs::write_reports(config, &evaluation, &findings, &draft)?;
    write_known(config, inputs, &evaluation, &findings, stated?, as_of, &draft)?;
    Ok(draft)
}

/// Reconciles what the sheets state. Its tables are written at the same time, unless it is refused already.
fn reconcile(
    config: &Config,
    evaluation: &mut Evaluation,
    draft: &Draft<'_>,
) -> Result<Vec<datapackage::Written>> {
    let refused = evaluation.is_refused();
    let (written, knowledge) = rayon::join(
        || if refused { Ok(Vec::new()) } else { outputs::write_stated(&evaluation.facts, draft) },
        || evaluation.reconciled(config),
    );
    evaluation.knowledge = knowledge;
    written
}

/// Writes the tables of what is known and what names every file, and gives the journal of the publication.
fn write_known(
    config: &Config,
    inputs: &Inputs,
    evaluation: &Evaluation,
    findings: &[&Finding],
    stated: Vec<datapackage::Written>,
    given: Option<NaiveDate>,
    draft: &Draft<'_>,
) -> Result<Journal> {
    outputs::write_known(config, evaluation, findings, stated, draft)?;
    let listed = listed_inputs(config, inputs, &evaluation.lock.print());
    write_manifest(&listed, evaluation, given, draft)
}

/// Writes `out/run.json`, which names every other file, and gives the journal of the publication.
fn write_manifest(
    listed: &[FileEntry],
    evaluation: &Evaluation,
    given: Option<NaiveDate>,
    draft: &Draft<'_>,
) -> Result<Journal> {
    let as_of = evaluation.knowledge.as_of.map(|day| day.to_string()).unwrap_or_default();
    let program = format!("pipeline {}", env!("CARGO_PKG_VERSION"));
    let mut manifest = json!({
        "program": program,
        "revision": draft.id(),
        "as_of": as_of,
        "as_of_given": given.is_some(),
        "counts": counts(evaluation),
        "inputs": listed,
        "outputs": draft.files(),
    });
    let promised = promised(evaluation);
    if !promised.is_empty() {
        manifest["promised"] = Value::Object(promised);
    }
    let corrections = corrections(evaluation);
    if !corrections.is_empty() {
        manifest["corrections"] = corrections.into();
    }
    draft.write(RUN_JSON, |out| -> Result<()> {
        serde_json::to_writer_pretty(&mut *out, &manifest)?;
        Ok(std::io::Write::write_all(out, b"\n")?)
    })?;
    Ok(Journal {
        when: history::now(),
        program,
        as_of,
        inputs: listed.to_vec(),
        summary: summary(evaluation),
    })
}

/// Promised money in all, by currency, with the rates that make dollars of it: no table holds them, and
/// `pipeline diff` tells what became of them.
fn promised(evaluation: &Evaluation) -> serde_json::Map<String, Value> {
    let (facts, knowledge) = (&evaluation.facts, &evaluation.knowledge);
    let in_all = knowledge.totals.iter().filter(|total| total.grouping == Grouping::All);
    let told = in_all.map(|total| {
        let rates = total.rates.iter().map(|&rate| {
            let rate = &facts.rates[rate as usize];
            let name = format!("{} {}", rate.currency, rate.period.label());
            (name, rate.per_usd.normalize().to_string().into())
        });
        let sum = json!({
            "amount": total.amount.normalize().to_string(),
            "in_dollars": total.converted.map(|dollars| dollars.normalize().to_string()).unwrap_or_default(),
            "rates": rates.collect::<serde_json::Map<_, _>>(),
        });
        (total.currency.code().to_owned(), sum)
    });
    told.collect()
}

/// The corrections as they were read, so that `pipeline diff` tells them from other changes.
fn corrections(evaluation: &Evaluation) -> Vec<Value> {
    let told = evaluation.corrections.iter().map(|(sheet, id, correction)| {
        json!({
            "sheet": sheet.to_string(),
            "id": id,
            "column": correction.column,
            "expect": correction.expect,
            "value": correction.value,
            "reason": correction.reason,
        })
    });
    told.collect()
}

/// How many findings of each severity.
fn severities(evaluation: &Evaluation) -> Value {
    let all = || evaluation.findings.iter().chain(&evaluation.knowledge.findings);
    let count = |severity| all().filter(|finding| finding.severity == severity).count();
    let counts = Severity::ALL.iter().map(|severity| (severity.to_string(), count(*severity).into()));
    Value::Object(counts.collect())
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
        "findings": evaluation.findings.len() + knowledge.findings.len(),
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
    let short = history::short(&published.revision);
    let files = published.changed.len();
    format!(
        "published revision {short}: {}; {}\n{files} file{} changed in curated/ and out/; {} ms, besides {} ms of waiting for the disk and {} ms of check-out",
        summary(evaluation),
        diagnostics::counts(evaluation.shown()),
        if files == 1 { "" } else { "s" },
        worked.as_millis(),
        waited.as_millis(),
        timings.checkout.as_millis(),
    )
}
