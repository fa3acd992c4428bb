//! `pipeline explain`: a figure's whole journey, from the phrase and the cell that state it to what
//! follows from it, and back.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Component, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use model::cell::CellRef;
use model::facts::{Facts, Knowledge};
use model::observation::Observation;
use report::tables::Names;
use report::{figures, words};

use crate::cli::Options;
use crate::config::Config;
use crate::evaluate::{Evaluation, evaluate};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::stopwatch::Stopwatch;
use crate::terminal;

/// Explains `id`: a claim, an observation, a series, an indicator, a commitment, a source, or a cell.
///
/// # Errors
/// An id that nothing has, with the nearest ones.
pub(crate) fn explain(id: &str, as_of: Option<NaiveDate>, options: &Options) -> Result<ExitCode> {
    let config = options.configuration()?;
    let evaluation = evaluate(&config, &Inputs::in_place(&config)?, as_of, &mut Stopwatch::default())?;
    let names = Names::new(&evaluation.facts, &evaluation.knowledge);
    let story = Story { facts: &evaluation.facts, knowledge: &evaluation.knowledge, names: &names };
    let text = story.of(id).or_else(|| story.of_cell(&below_workspace(id, &config)?));
    let text = text.ok_or_else(|| Failure::Usage(unknown(id, &evaluation)))?;
    terminal::print(&terminal::escaped(&text))?;
    Ok(ExitCode::SUCCESS)
}

/// A cell's address as seen from the current folder, seen from the workspace.
fn below_workspace(address: &str, config: &Config) -> Option<String> {
    let workspace = config.workspace.canonicalize().ok()?;
    let mut path = PathBuf::new();
    for step in std::env::current_dir().ok()?.join(address).components() {
        match step {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            step => path.push(step),
        }
    }
    path.strip_prefix(workspace).ok()?.to_str().map(str::to_owned)
}

fn unknown(id: &str, evaluation: &Evaluation) -> String {
    let facts = &evaluation.facts;
    let observed = &evaluation.knowledge.observations;
    let observations = observed.iter().map(|observation| observation_id(facts, &observation));
    // Some distinct series have no observation.
    let series = observed.runs().map(|run| observed.series_of(&observed.rows[run.start as usize]));
    let mut known: Vec<String> =
        facts.claims.claim_id.iter().map(str::to_owned).chain(observations).collect();
    known.extend(facts.commitments.iter().map(|commitment| commitment.commitment_id.clone()));
    known.extend(facts.sources.iter().map(|source| source.source_id.clone()));
    known.extend(facts.indicators.iter().map(|indicator| indicator.indicator.clone()));
    known.extend(series.map(|series| facts.series_id(series)));
    let near = normalize::nearest::nearest(id, known.iter().map(String::as_str));
    let hint = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
    format!("`{id}` is no claim, observation, series, indicator, commitment, source or cell{hint}")
}

fn observation_id(facts: &Facts, observation: &Observation) -> String {
    format!("{}:{}", facts.series_id(&observation.series), observation.period.label())
}

/// The hedged point; of a derived one the digits that its interval supports.
fn hedged(observation: &Observation) -> Option<String> {
    let interval = &observation.interval;
    let supported =
        || figures::supported_step(observation.value, interval).or_else(|| figures::bounds_step(interval));
    let step = observation.formula.and_then(|_| supported());
    let amount = || figures::amount(observation.value, step, observation.series.unit);
    (!observation.value.is_nan()).then(|| words::hedged(observation.comparator, &amount()))
}

fn interval(observation: &Observation) -> String {
    let step = observation.formula.and_then(|_| figures::bounds_step(&observation.interval));
    figures::bounds(&observation.interval, step)
}

/// What is told about one id. Lines are indented under the thing that they speak of.
struct Story<'a> {
    facts: &'a Facts,
    knowledge: &'a Knowledge,
    names: &'a Names,
}

// Writing to a String cannot fail; the results are dropped below for that reason.
impl Story<'_> {
    /// The observations in the order of their table.
    fn observations(&self) -> impl Iterator<Item = (u32, Observation)> {
        self.names.order().iter().map(|&index| (index, self.knowledge.observations.get(index)))
    }

    fn of(&self, id: &str) -> Option<String> {
        let mut text = String::new();
        if let Some(claim) = self.facts.claims.find(id) {
            self.claim(claim, &mut text);
            self.uses_of_claim(claim, &mut text);
            return Some(text);
        }
        if let Some(index) =
            self.facts.commitments.iter().position(|commitment| commitment.commitment_id == id)
        {
            self.commitment(index, &mut text);
            return Some(text);
        }
        if let Some(index) = self.facts.sources.iter().position(|source| source.source_id == id) {
            self.source(index, &mut text);
            return Some(text);
        }
        for (index, observation) in self.observations() {
            if observation_id(self.facts, &observation) == id {
                self.observation(index, &mut text);
            }
        }
        if text.is_empty() {
            self.series(id, &mut text);
        }
        if let Some(index) = self.facts.indicators.iter().position(|indicator| indicator.indicator == id) {
            self.indicator(index, &mut text);
        }
        if text.is_empty() { self.of_cell(id) } else { Some(text) }
    }

    /// Everything that is known of a series, by period.
    fn series(&self, id: &str, text: &mut String) {
        for (index, observation) in self.observations() {
            if self.facts.series_id(&observation.series) != id {
                continue;
            }
            if text.is_empty() {
                let indicator = &self.facts.indicators[observation.series.indicator as usize];
                let _ = writeln!(text, "series {id}");
                let _ = writeln!(text, "  indicator  {} ({})", indicator.indicator, indicator.label);
            }
            let word = if observation.formula.is_some() { "derived" } else { "known" };
            let _ = writeln!(text, "  {word:<10} {}", self.in_short(index));
        }
    }

    /// `series_id:period_label: about $4 billion: [3.8 billion, 4.2 billion], in conflict`
    fn in_short(&self, index: u32) -> String {
        let observation = &self.knowledge.observations.get(index);
        let mut text = observation_id(self.facts, observation);
        if let Some(base) = observation.base_period {
            let _ = write!(text, " against {}", base.label());
        }
        if let Some(amount) = hedged(observation) {
            let _ = write!(text, ": {amount}");
        }
        let _ = write!(text, ": {}", interval(observation));
        if observation.conflict {
            text.push_str(", in conflict");
        }
        text
    }

    /// What an indicator is, and its series.
    fn indicator(&self, index: usize, text: &mut String) {
        let indicator = &self.facts.indicators[index];
        let _ = writeln!(text, "indicator {}", indicator.indicator);
        let _ = writeln!(text, "  label      {}", indicator.label);
        let _ = writeln!(text, "  topic      {}", indicator.topic);
        let _ = writeln!(text, "  unit       {}", indicator.unit);
        let _ = writeln!(text, "  cell       {}", self.facts.locate(indicator.cell));
        let observations = &self.knowledge.observations;
        let all = observations.rows.iter().map(|row| observations.series_of(row));
        let mut series: BTreeMap<String, usize> = BTreeMap::new();
        for of_indicator in all.filter(|one| one.indicator as usize == index) {
            *series.entry(self.facts.series_id(of_indicator)).or_default() += 1;
        }
        for (id, count) in series {
            let count = words::count(count, "observation", "observations");
            let _ = writeln!(text, "  series     {id}: {count}");
        }
        for commitment in self.facts.commitments.iter().filter(|one| one.indicator == Some(index as u32)) {
            let _ = writeln!(text, "  commitment {}: {}", commitment.commitment_id, commitment.title);
        }
    }

    fn claim(&self, index: usize, text: &mut String) {
        let claims = &self.facts.claims;
        let source = &self.facts.sources[claims.source[index] as usize];
        let indicator = &self.facts.indicators[claims.indicator[index] as usize];
        let _ = writeln!(text, "claim {}", claims.claim_id.get(index));
        let location = self.facts.locate(claims.cell[index]);
        let _ = writeln!(text, "  cell       {location}");
        let _ = writeln!(text, "  stated     {}", claims.stated_of(index));
        let _ = writeln!(text, "  read as    {}", self.figure(index));
        let _ = writeln!(
            text,
            "  measures   {} ({}, {})",
            indicator.indicator, indicator.label, claims.measure[index]
        );
        let places = [Some(claims.reporter[index]), claims.partner[index]];
        let places: Vec<_> = places.into_iter().flatten().map(|place| self.facts.place_code(place)).collect();
        let _ = writeln!(text, "  places     {}", places.join(" with "));
        let period = claims.period_of(index);
        let _ = writeln!(text, "  period     {} ({}, {})", period.label(), period.role, period.precision);
        if let Some(base) = claims.base_period_of(index) {
            let _ = writeln!(text, "  against    {}", base.label());
        }
        let _ = writeln!(
            text,
            "  evidence   “{}” ({})",
            claims.evidence.get(index),
            claims.evidence_status[index]
        );
        let _ = writeln!(
            text,
            "  source     {}: {}, {}, {}",
            source.source_id,
            source.title,
            source.publisher,
            words::date(source.published_on, source.date_precision)
        );
        let asserted_by = claims.word(claims.asserted_by[index]);
        for (label, value) in [
            ("said by", asserted_by),
            ("where", claims.word(claims.locator[index])),
            ("note", claims.note.get(index)),
        ] {
            if !value.is_empty() {
                let _ = writeln!(text, "  {label:<10} {value}");
            }
        }
        let superseding = claims.supersedes.get(index);
        if !superseding.is_empty() {
            let _ = writeln!(text, "  supersedes {superseding}");
        }
        self.superseded(claims.claim_id.get(index), text);
        if claims.rank[index] != model::claim::Rank::Normal {
            let reason = claims.word(claims.rank_reason[index]);
            let before = if reason.is_empty() { "" } else { ": " };
            let _ = writeln!(text, "  rank       {}{before}{reason}", claims.rank[index]);
        }
    }

    /// The claims that supersede one. A deprecated claim supersedes nothing.
    fn superseded(&self, id: &str, text: &mut String) {
        let claims = &self.facts.claims;
        for (index, superseded) in claims.supersedes.iter().enumerate() {
            if superseded == id && claims.rank[index] != model::claim::Rank::Deprecated {
                let published = self.facts.sources[claims.source[index] as usize].published_on;
                let by = claims.claim_id.get(index);
                let _ =
                    writeln!(text, "  superseded by {by}, published {published}: counted until then only");
            }
        }
    }

    /// The hedged figure, and the interval that its words leave open.
    fn figure(&self, index: usize) -> String {
        let figure = &self.facts.claims.figure;
        let interval = model::observation::Interval {
            lower: figure.lower[index],
            lower_open: figure.lower_open[index],
            upper: figure.upper[index],
            upper_open: figure.upper_open[index],
        };
        let unit = self.facts.claims.unit_of(index);
        if figure.value[index].is_nan() {
            return format!("{}: {}", figures::span(&interval, None, unit), figures::bounds(&interval, None));
        }
        let amount = figures::amount(figure.value[index], None, unit);
        format!("{}: {}", words::hedged(figure.comparator[index], &amount), figures::bounds(&interval, None))
    }

    fn uses_of_claim(&self, claim: usize, text: &mut String) {
        for (index, observation) in self.observations() {
            let stated = observation.formula.is_none();
            if stated && self.knowledge.claims_of(&observation).contains(&(claim as u32)) {
                text.push('\n');
                self.observation(index, text);
            }
        }
    }

    fn observation(&self, index: u32, text: &mut String) {
        let observation = &self.knowledge.observations.get(index);
        let _ = writeln!(text, "observation {}", observation_id(self.facts, observation));
        if let Some(amount) = hedged(observation) {
            let _ = writeln!(text, "  value      {amount}");
        }
        let _ = writeln!(text, "  interval   {}", interval(observation));
        if observation.formula.is_some() {
            let observations = &self.knowledge.observations;
            let formula = self.names.formula(observations, &observations.rows[index as usize]);
            let _ = writeln!(text, "  derived    {formula}");
        }
        if let (Some(best), Some(reason)) = (observation.best_claim, observation.reason) {
            let best = self.facts.claims.claim_id.get(best as usize);
            let _ = writeln!(text, "  best       {best} ({reason}: {})", reason.meaning());
        }
        let _ = writeln!(
            text,
            "  witnesses  {}{}",
            observation.witnesses,
            if observation.conflict { ", in conflict" } else { "" }
        );
        for &claim in self.knowledge.claims_of(observation) {
            let claim = claim as usize;
            let claims = &self.facts.claims;
            let source = &self.facts.sources[claims.source[claim] as usize].source_id;
            let location = self.facts.locate(claims.cell[claim]);
            let _ = writeln!(text, "  claim      {}: {}", claims.claim_id.get(claim), self.figure(claim));
            let _ =
                writeln!(text, "             “{}” in {source}, cell {location}", claims.evidence.get(claim));
        }
        self.vintages(index, text);
        self.uses_of_observation(index, text);
    }

    fn vintages(&self, index: u32, text: &mut String) {
        let vintages: Vec<_> = self.knowledge.vintages_of(index).collect();
        if vintages.len() < 2 {
            return;
        }
        for vintage in vintages {
            let until = vintage.realtime_end.map_or("now".to_owned(), |day| day.to_string());
            let known = figures::bounds(&vintage.interval, None);
            let claim = self.facts.claims.claim_id.get(vintage.best_claim as usize);
            let _ = writeln!(text, "  known      {} to {until}: {known}, by {claim}", vintage.realtime_start);
        }
    }

    fn uses_of_observation(&self, index: u32, text: &mut String) {
        for (_, derived) in self.observations() {
            if derived.formula.is_some_and(|formula| formula.inputs().contains(&index)) {
                let _ = writeln!(
                    text,
                    "  gives      {} = {}",
                    observation_id(self.facts, &derived),
                    figures::bounds(&derived.interval, figures::bounds_step(&derived.interval))
                );
            }
        }
        for (commitment, progress) in self.facts.commitments.iter().zip(&self.knowledge.progress) {
            if progress.latest == Some(index) {
                let _ = writeln!(text, "  measures   {}: {}", commitment.commitment_id, progress.verdict);
            }
        }
    }

    fn commitment(&self, index: usize, text: &mut String) {
        let commitment = &self.facts.commitments[index];
        let source = &self.facts.sources[commitment.source as usize];
        let _ = writeln!(text, "commitment {}", commitment.commitment_id);
        let _ = writeln!(text, "  title      {} ({})", commitment.title, commitment.kind);
        let _ = writeln!(text, "  cell       {}", self.facts.locate(commitment.cell));
        if let Some(promised) = &commitment.promised {
            let amount = figures::amount(model::claim::nearest_float(&promised.value), None, promised.unit);
            let _ = writeln!(
                text,
                "  stated     {} ({})",
                commitment.stated,
                words::hedged(promised.comparator, &amount)
            );
        }
        let _ = writeln!(text, "  evidence   “{}” ({})", commitment.evidence, commitment.evidence_status);
        let _ = writeln!(
            text,
            "  source     {}: {}, {}",
            source.source_id,
            source.title,
            words::date(source.published_on, source.date_precision)
        );
        let _ = writeln!(text, "  announced  {}", commitment.announced_on);
        if let Some(deadline) = commitment.deadline.and_then(|deadline| deadline.end) {
            let _ = writeln!(text, "  deadline   {deadline}");
        }
        for event in self.facts.events.iter().filter(|event| event.commitment_id == commitment.commitment_id)
        {
            let _ = writeln!(
                text,
                "  event      {} {} ({})",
                event.on,
                event.status,
                self.facts.locate(event.cell)
            );
        }
        let Some(progress) = self.knowledge.progress.get(index) else { return };
        let _ = writeln!(text, "  verdict    {}: {}", progress.verdict, progress.verdict_reason);
        if let Some(latest) = progress.latest {
            text.push('\n');
            self.observation(latest, text);
        }
    }

    fn source(&self, index: usize, text: &mut String) {
        let source = &self.facts.sources[index];
        let _ = writeln!(text, "source {}", source.source_id);
        let _ = writeln!(text, "  title      {}", source.title);
        let _ = writeln!(text, "  publisher  {} ({})", source.publisher, source.kind);
        let _ = writeln!(text, "  published  {}", words::date(source.published_on, source.date_precision));
        let _ = writeln!(text, "  cell       {}", self.facts.locate(source.cell));
        for (label, value) in [("repeats", &source.origin), ("address", &source.url), ("note", &source.note)]
        {
            if !value.is_empty() {
                let _ = writeln!(text, "  {label:<10} {value}");
            }
        }
        let claims = &self.facts.claims;
        for claim in (0..claims.len()).filter(|&claim| claims.source[claim] as usize == index) {
            let _ =
                writeln!(text, "  claim      {}: {}", claims.claim_id.get(claim), claims.stated_of(claim));
        }
        for commitment in
            self.facts.commitments.iter().filter(|commitment| commitment.source as usize == index)
        {
            let _ = writeln!(text, "  commitment {}: {}", commitment.commitment_id, commitment.title);
        }
    }

    /// Everything that a row states, found by any cell of it: `FILE!SHEET!C14` or `FILE:14:6`.
    fn of_cell(&self, address: &str) -> Option<String> {
        let (sheet, row) = self.row_of(address)?;
        let mut text = String::new();
        let is_here = |cell: CellRef| usize::from(cell.sheet) == sheet && cell.row == row;
        for claim in (0..self.facts.claims.len()).filter(|&claim| is_here(self.facts.claims.cell[claim])) {
            self.claim(claim, &mut text);
            self.uses_of_claim(claim, &mut text);
        }
        for index in
            (0..self.facts.commitments.len()).filter(|&index| is_here(self.facts.commitments[index].cell))
        {
            self.commitment(index, &mut text);
        }
        for index in (0..self.facts.sources.len()).filter(|&index| is_here(self.facts.sources[index].cell)) {
            self.source(index, &mut text);
        }
        for index in
            (0..self.facts.indicators.len()).filter(|&index| is_here(self.facts.indicators[index].cell))
        {
            self.indicator(index, &mut text);
        }
        (!text.is_empty()).then_some(text)
    }

    /// The sheet's index and the row of an address.
    fn row_of(&self, address: &str) -> Option<(usize, u32)> {
        self.facts.sheets.iter().enumerate().find_map(|(index, name)| {
            let rest = address.strip_prefix(&name.file)?;
            let row = match &name.sheet {
                Some(sheet) => {
                    let cell = rest.strip_prefix('!')?.strip_prefix(sheet.as_str())?.strip_prefix('!')?;
                    cell.trim_start_matches(|letter: char| letter.is_ascii_alphabetic())
                }
                None => rest.strip_prefix(':')?.split(':').next()?,
            };
            Some((index, row.parse().ok()?))
        })
    }
}
