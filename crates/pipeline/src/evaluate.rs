//! Everything but publishing: sheets to facts, evidence checked, facts reconciled. `run` and
//! `check`, `explain` and `draft` all start here.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use model::cell::SheetName;
use model::contract::SheetKind;
use model::facts::{Facts, Knowledge};
use model::finding::{Finding, Location, Severity};
use model::source::Source;
use normalize::corrections::Corrections;
use normalize::evidence::{Evidence, Lock};
use normalize::nearest::nearest;
use rayon::prelude::*;

use crate::config::{Config, OnError};
use crate::inputs::Inputs;
use crate::load::{self, RowCounts};
use crate::quarantine::Rejects;
use crate::stopwatch::Stopwatch;

/// What the sheets state, what follows, and what there is to say about it.
pub(crate) struct Evaluation {
    pub(crate) facts: Facts,
    /// Empty until the facts are reconciled.
    pub(crate) knowledge: Knowledge,
    /// Findings of reading; those of reconciling are with what is known.
    pub(crate) findings: Vec<Finding>,
    /// The lock as it stands after this evaluation.
    pub(crate) lock: Lock,
    pub(crate) rows: RowCounts,
    /// Rows that were set aside.
    pub(crate) rejects: Rejects,
    /// The cells that the curator overrides.
    pub(crate) corrections: Corrections,
    /// The sources' texts that are at hand.
    pub(crate) evidence: Evidence,
    /// Texts that belong to no source. They are no part of what is published: a run without the texts has none.
    pub(crate) strays: Vec<Finding>,
    on_error: OnError,
    /// The day as of which everything holds; none where no source is known.
    day: Option<NaiveDate>,
}

impl Evaluation {
    /// What follows from the facts.
    pub(crate) fn reconciled(&self, config: &Config) -> Knowledge {
        let settings = reconcile::Settings { authority: config.settings.authority.clone() };
        self.day.map(|day| reconcile::reconcile(&self.facts, day, &settings)).unwrap_or_default()
    }

    /// All findings that a person is shown, in no order.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Finding> + Clone {
        self.strays.iter().chain(&self.findings).chain(&self.knowledge.findings)
    }

    /// Whether an error refuses the run.
    pub(crate) fn is_refused(&self) -> bool {
        self.refuses(self.findings.iter().chain(&self.knowledge.findings))
    }

    /// Whether an error among some findings refuses the run: one whose row is not set aside.
    pub(crate) fn refuses<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> bool {
        let is_set_aside =
            |finding: &Finding| self.on_error == OnError::Quarantine && self.rejects.can_take(finding);
        findings.into_iter().any(|finding| finding.severity == Severity::Error && !is_set_aside(finding))
    }
}

/// Findings of reading and of reconciling, by place.
pub(crate) fn by_place<'f>(reading: &'f [Finding], knowledge: &'f Knowledge) -> Vec<&'f Finding> {
    let mut findings: Vec<&Finding> = reading.iter().chain(&knowledge.findings).collect();
    findings.par_sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

/// Evaluates the configured sheets as of a day, or of the latest publication.
///
/// # Errors
/// Those of [`read`].
pub(crate) fn evaluate(
    config: &Config,
    inputs: &Inputs,
    as_of: Option<NaiveDate>,
    watch: &mut Stopwatch,
) -> Result<Evaluation> {
    let mut evaluation = read(config, inputs, as_of)?;
    watch.lap("read and check the sheets");
    evaluation.knowledge = evaluation.reconciled(config);
    watch.lap("reconcile");
    Ok(evaluation)
}

/// What the configured sheets state as of a day, or of the latest publication, before it is reconciled.
///
/// # Errors
/// A file that cannot be read, a sheet of sources that has no row by that day.
pub(crate) fn read(config: &Config, inputs: &Inputs, as_of: Option<NaiveDate>) -> Result<Evaluation> {
    let (lock, mut findings) = read_lock(&config.settings.lock, inputs)?;
    let loaded = load::load(config, inputs, read_texts(inputs)?, lock)?;
    let is_source =
        |id: &str| loaded.facts.sources.binary_search_by(|source| source.source_id.as_str().cmp(id)).is_ok();
    let lock = loaded.evidence.updated_lock(loaded.verified, is_source);
    let strays = stray_texts(inputs, &loaded.facts.sources);
    let day = as_of.or(loaded.facts.latest_publication());
    let facts = match as_of {
        Some(day) => reconcile::published_by(loaded.facts, day),
        None => loaded.facts,
    };
    findings.extend(loaded.findings);
    // An as-of run is a run without the later sources: their rows are not spoken of.
    findings.retain(|finding| finding.severity == Severity::Error || is_known(finding, &facts));
    if !config.sheets.iter().any(|sheet| sheet.mapping.kind == SheetKind::Sources) {
        findings.push(
            Finding::new("no-sources", Severity::Error, "sources", "no sheet of sources is configured")
                .hint("add a [[sheet]] with kind = \"sources\" to pipeline.toml"),
        );
    }
    Ok(Evaluation {
        facts,
        knowledge: Knowledge::default(),
        findings,
        lock,
        rows: loaded.rows,
        rejects: loaded.rejects,
        corrections: loaded.corrections,
        evidence: loaded.evidence,
        strays,
        on_error: config.settings.on_error,
        day,
    })
}

/// Texts whose name is no source's id: no evidence is looked for in them.
fn stray_texts(inputs: &Inputs, sources: &[Source]) -> Vec<Finding> {
    let is_stray =
        |(id, _): &&(String, String)| sources.binary_search_by(|source| source.source_id.cmp(id)).is_err();
    let told = inputs.texts().iter().filter(is_stray).map(|(id, path)| {
        let near = nearest(id, sources.iter().map(|source| source.source_id.as_str()));
        let meant = near.map_or_else(String::new, |near| format!(": did you mean {near}.txt?"));
        Finding::new("stray-text", Severity::Warning, "sources", format!("no source is called `{id}`"))
            .hint(format!("name a text by the id of its source{meant}"))
            .at(Location { sheet: SheetName { file: path.clone(), sheet: None }, cell: String::new() })
    });
    told.collect()
}

/// Whether the row that a finding speaks of is among the facts.
fn is_known(finding: &Finding, facts: &Facts) -> bool {
    match finding.table {
        _ if finding.id.is_empty() => true,
        "claims" => facts.claims.find(&finding.id).is_some(),
        "commitments" => facts.commitments.iter().any(|commitment| commitment.commitment_id == finding.id),
        "sources" => facts.sources.iter().any(|source| source.source_id == finding.id),
        _ => true,
    }
}

/// The texts that are at hand, by source id, from whatever encoding they were saved in.
fn read_texts(inputs: &Inputs) -> Result<Vec<(String, String)>> {
    let read = |(source_id, path): &(String, String)| {
        let bytes = std::fs::read(inputs.file(path)?).with_context(|| format!("cannot read {path}"))?;
        Ok((source_id.clone(), ingest::encoding::decode(&bytes).into_owned()))
    };
    inputs.texts().iter().map(read).collect()
}

/// The lock, empty where there is none yet. What is wrong with its lines are findings.
fn read_lock(name: &str, inputs: &Inputs) -> Result<(Lock, Vec<Finding>)> {
    if !inputs.has(name) {
        return Ok((Lock::default(), Vec::new()));
    }
    let text = std::fs::read_to_string(inputs.file(name)?).with_context(|| format!("cannot read {name}"))?;
    let (lock, flaws) = Lock::parse(&text);
    let sheet = SheetName { file: name.to_owned(), sheet: None };
    let findings = flaws.iter().map(|flaw| {
        Finding::new("lock-line", Severity::Warning, "", flaw.to_string())
            .hint("the line is left out: run once with the texts at hand to renew it")
            .at(Location { sheet: sheet.clone(), cell: format!("{}:1", flaw.line()) })
    });
    Ok((lock, findings.collect()))
}
