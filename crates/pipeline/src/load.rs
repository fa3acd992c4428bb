//! From files to facts: every configured sheet is opened, its header mapped onto the contract, its
//! rows read. Code lists come first, since claims and commitments refer to them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use ingest::csv;
use ingest::flaw::{Code, Flaw};
use model::cell::{Batch, SheetName};
use model::contract::SheetKind;
use model::facts::Facts;
use model::finding::{Finding, Location, Severity};
use normalize::arrange::{Arranged, Arrangement, Face};
use normalize::assemble::{self, Parts, Refused, assemble};
use normalize::claims::{ClaimBatch, ClaimReader};
use normalize::codelists::{self, Codelists, ORPHAN};
use normalize::commitments::{self, CommitmentReader};
use normalize::corrections::Corrections;
use normalize::evidence::{Evidence, Lock, LockEntry, Reading as TextReading, Text};
use normalize::mapping::BoundSheet;
use normalize::place::Places;
use normalize::quantity::Convention;
use rayon::prelude::*;

use crate::config::{Config, OnError};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::open::{OpenSheet, Opener, Rows, collected, flaw_finding};
use crate::quarantine::Rejects;

/// The facts of all sheets, and what reading them had to say.
pub(crate) struct Loaded {
    pub(crate) facts: Facts,
    pub(crate) findings: Vec<Finding>,
    /// What the evidence check saw, for the lock.
    pub(crate) verified: Vec<LockEntry>,
    pub(crate) rows: RowCounts,
    /// Rows that were set aside, where the configuration has them set aside.
    pub(crate) rejects: Rejects,
    /// The cells that the curator overrides.
    pub(crate) corrections: Corrections,
    /// The texts at hand and the lock, as the rows were checked against.
    pub(crate) evidence: Evidence,
}

/// Where every row went: `read = published + refused + skipped + blank`. A row whose columns become
/// rows counts once for each.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct RowCounts {
    /// Rows below the headers.
    pub(crate) read: usize,
    /// Rows of claims, commitments, events and code lists that went on.
    pub(crate) published: usize,
    /// Rows that an error refused.
    pub(crate) refused: usize,
    /// Rows that a rule of the mapping leaves out.
    pub(crate) skipped: usize,
    /// Rows without a filled cell.
    pub(crate) blank: usize,
}

impl std::fmt::Display for RowCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { read, published, refused, skipped, blank } = self;
        write!(f, "{read} rows: {published} read, {refused} refused, {skipped} skipped, {blank} blank")
    }
}

/// Reads every sheet of the configuration; `texts` are the sources' texts by source id.
///
/// # Errors
/// A file that cannot be read at all. What is wrong with its cells are findings.
pub(crate) fn load(
    config: &Config,
    inputs: &Inputs,
    texts: Vec<(String, String)>,
    lock: Lock,
) -> Result<Loaded> {
    // The tables of words are made while sheets are opened and code lists read; who needs one before waits for it.
    rayon::spawn(normalize::load_words);
    let mut opener = Opener::new(inputs);
    opener.read_workbooks(&config.sheets)?;
    let mut by_kind: BTreeMap<SheetKind, Vec<OpenSheet>> = BTreeMap::new();
    let mut headers = BTreeMap::new();
    for sheet in &config.sheets {
        for opened in opener.sheets(sheet)? {
            headers.insert(opened.name.clone(), opened.header_row);
            by_kind.entry(sheet.mapping.kind).or_default().push(opened);
        }
    }
    opener.check_mappings()?;
    let mut reading = Reading {
        by_kind,
        names: opener.names,
        findings: opener.findings,
        rows: RowCounts::default(),
        on_error: config.settings.on_error,
        rejects: Rejects::new(headers),
    };
    let (codelists, corrections) = reading.codelists()?;
    let evidence = Evidence::new(folded_texts(config, &codelists, texts), lock);
    reading.facts(config, codelists, corrections, evidence)
}

/// The texts of known sources, folded for search; relative words are read against the source's day.
fn folded_texts(config: &Config, codelists: &Codelists, texts: Vec<(String, String)>) -> Vec<Text> {
    let source = |id: &str| codelists.sources.iter().find(|source| source.source_id == id);
    let folded = texts.into_iter().filter_map(|(id, text)| {
        let reading = TextReading {
            languages: config.settings.languages,
            convention: Convention::RunningText,
            anchor: Some(source(&id)?.published_on),
        };
        Some(Text::new(&id, &text, reading))
    });
    folded.collect()
}

/// The opened sheets by kind, read one kind after the other.
struct Reading {
    by_kind: BTreeMap<SheetKind, Vec<OpenSheet>>,
    names: Vec<SheetName>,
    findings: Vec<Finding>,
    rows: RowCounts,
    on_error: OnError,
    rejects: Rejects,
}

impl Reading {
    /// Places, sources and indicators, and the corrections that apply to sources already.
    fn codelists(&mut self) -> Result<(Codelists, Corrections)> {
        let mut corrections = Corrections::default();
        self.each(SheetKind::Corrections, |sheet, batch| corrections.read(sheet, batch))?;
        let declared = self.each(SheetKind::Places, codelists::read_places)?;
        let places = Places::with(declared.iter().map(|(code, name, _)| (code.as_str(), name.as_str())));
        let places = places.unwrap_or_else(|error| {
            let finding = Finding::new("place-name-taken", Severity::Error, "places", error.to_string())
                .hint("one name stands for one place: take the row out, or correct its code");
            let row = error.row().and_then(|(code, name)| {
                declared.iter().find(|row| (row.0.as_str(), row.1.as_str()) == (code, name))
            });
            let place = row.and_then(|(.., cell)| {
                let sheet = self.names.get(usize::from(cell.sheet))?.clone();
                let cell = cell.address(sheet.sheet.is_some());
                Some(Location { sheet, cell })
            });
            self.findings.push(place.map_or(finding.clone(), |place| finding.at(place)));
            Places::builtin()
        });
        let sources = self
            .each(SheetKind::Sources, |sheet, batch| codelists::read_sources(sheet, batch, &corrections))?;
        let indicators = self.each(SheetKind::Indicators, codelists::read_indicators)?;
        let mut lists = Facts { sheets: self.names.clone(), sources, indicators, ..Facts::default() };
        if self.on_error == OnError::Quarantine {
            // Claims hold places in these lists, so what goes must go before claims are read.
            lists.sources.sort_by(|a, b| (&a.source_id, a.cell).cmp(&(&b.source_id, b.cell)));
            lists.indicators.sort_by(|a, b| (&a.indicator, a.cell).cmp(&(&b.indicator, b.cell)));
            let findings = assemble::check(&lists, &Refused::of(&self.findings));
            self.set_aside(&mut lists, findings);
        }
        let mut codelists = Codelists::new(places, lists.sources, lists.indicators);
        let is_refused = |kind: &SheetKind| {
            let of_kind =
                |finding: &Finding| finding.table == kind.as_str() && finding.severity == Severity::Error;
            self.findings.iter().any(of_kind)
        };
        let lists = [SheetKind::Places, SheetKind::Sources, SheetKind::Indicators];
        codelists.incomplete = lists.into_iter().filter(is_refused).collect();
        Ok((codelists, corrections))
    }

    fn facts(
        mut self,
        config: &Config,
        codelists: Codelists,
        corrections: Corrections,
        evidence: Evidence,
    ) -> Result<Loaded> {
        let mut parts = Parts::default();
        let mut verified = Vec::new();
        for sheet in self.by_kind.remove(&SheetKind::Claims).unwrap_or_default() {
            let readers = ClaimReaders {
                config,
                codelists: &codelists,
                corrections: &corrections,
                evidence: &evidence,
            };
            self.claims(sheet, &readers, &mut parts, &mut verified)?;
        }
        let reader =
            CommitmentReader { codelists: &codelists, corrections: &corrections, evidence: &evidence };
        parts.commitments = self.each(SheetKind::Commitments, |sheet, batch| {
            let rows = reader.commitments(sheet, batch);
            verified.extend(rows.verified);
            (rows.values, rows.findings)
        })?;
        parts.events = self.each(SheetKind::Events, |sheet, batch| {
            let rows = reader.events(sheet, batch);
            verified.extend(rows.verified);
            (rows.values, rows.findings)
        })?;
        parts.rates = self.each(SheetKind::Rates, commitments::read_rates)?;
        parts.sheets = std::mem::take(&mut self.names);
        let (mut facts, findings) = assemble(parts, codelists, &Refused::of(&self.findings));
        self.findings.retain(|finding| is_shown(finding, self.on_error));
        match self.on_error {
            OnError::Refuse => self.findings.extend(findings),
            OnError::Quarantine => self.set_aside(&mut facts, findings),
        }
        self.findings.extend(corrections.outdated(|cell| facts.locate(cell)));
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        // The faces of a sheet share cells, and find the same there.
        let is_same = |a: &Finding, b: &Finding| {
            a.location.is_some() && (&a.location, a.code, &a.message) == (&b.location, b.code, &b.message)
        };
        self.findings.dedup_by(|a, b| is_same(a, b));
        if self.on_error == OnError::Quarantine {
            self.rejects.take(&self.findings);
        }
        let Self { findings, rows, rejects, .. } = self;
        Ok(Loaded { facts, findings, verified, rows, rejects, corrections, evidence })
    }

    /// Takes out the rows that errors between rows speak of, and those that refer to them in turn.
    fn set_aside(&mut self, facts: &mut Facts, mut findings: Vec<Finding>) {
        loop {
            let removed = assemble::set_aside(facts, &findings);
            self.findings.append(&mut findings);
            if removed.is_empty() {
                return;
            }
            self.rows.published = self.rows.published.saturating_sub(removed.len());
            self.rows.refused += removed.len();
            self.rejects.take_companions(removed);
            findings = assemble::check(facts, &Refused::of(&self.findings));
        }
    }

    /// Claims, batch by batch on all cores.
    fn claims(
        &mut self,
        sheet: OpenSheet,
        readers: &ClaimReaders<'_>,
        parts: &mut Parts,
        verified: &mut Vec<LockEntry>,
    ) -> Result<()> {
        let OpenSheet { arrangement, name, rows, flaws, .. } = sheet;
        let on_error = self.on_error;
        let faces: Vec<(&Face, ClaimReader<'_>)> =
            arrangement.faces.iter().map(|face| (face, readers.reader(&face.sheet))).collect();
        let read = |batch: &Batch, flaws: &[Flaw]| -> Vec<(RowCounts, ClaimBatch)> {
            let refused = refused_rows(flaws, on_error);
            let read = faces.iter().map(|(face, reader)| {
                let arranged = face.rows(batch, &|row| refused.contains(&row));
                let claims = reader.read(&arranged.batch);
                let mut rows = counts(batch, &arranged);
                rows.refused += claims.refused;
                rows.blank += claims.blank;
                rows.published += claims.claims.len();
                (rows, claims)
            });
            read.collect()
        };
        let mut take = |read: Vec<(RowCounts, ClaimBatch)>| {
            for (rows, mut batch) in read {
                self.rows.add(rows);
                self.findings.extend(batch.findings.drain(..).filter(|finding| is_shown(finding, on_error)));
                verified.extend(batch.verified);
                parts.claims.append(batch.claims);
            }
        };
        let mut all_flaws = flaws;
        match rows {
            Rows::Batches(batches) => {
                all_flaws = of_rows_read(all_flaws, &arrangement, &batches);
                let read: Vec<_> =
                    batches.par_iter().with_max_len(1).map(|batch| read(batch, &all_flaws)).collect();
                read.into_iter().for_each(&mut take);
            }
            Rows::Stream(mut stream) => csv::for_each(
                &mut stream,
                |parsed| {
                    let batch = std::slice::from_ref(&parsed.batch);
                    let flaws = of_rows_read(parsed.flaws, &arrangement, batch);
                    (read(&parsed.batch, &flaws), flaws)
                },
                |(batches, found)| {
                    take(batches);
                    all_flaws.extend(found);
                    Ok::<(), ingest::error::Error>(())
                },
            )
            .map_err(|error| Failure::unread(&name.file, &error))?,
        }
        self.findings.extend(all_flaws.iter().map(|flaw| flaw_finding(flaw, &name, SheetKind::Claims)));
        Ok(())
    }

    /// Every row of the sheets of one kind, in the order of the configuration.
    fn each<T>(
        &mut self,
        kind: SheetKind,
        mut read: impl FnMut(&BoundSheet, &Batch) -> (Vec<T>, Vec<Finding>),
    ) -> Result<Vec<T>> {
        let mut values = Vec::new();
        for sheet in self.by_kind.remove(&kind).unwrap_or_default() {
            let OpenSheet { arrangement, name, rows, mut flaws, .. } = sheet;
            let batches = collected(rows, &name, &mut flaws)?;
            let flaws = of_rows_read(flaws, &arrangement, &batches);
            let refused = refused_rows(&flaws, self.on_error);
            self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &name, kind)));
            for (face, batch) in
                arrangement.faces.iter().flat_map(|face| batches.iter().map(move |batch| (face, batch)))
            {
                let arranged = face.rows(batch, &|row| refused.contains(&row));
                let (read, findings) = read(&face.sheet, &arranged.batch);
                let mut rows = counts(batch, &arranged);
                let blank = blank_rows(&arranged.batch);
                rows.blank += blank;
                rows.published += read.len();
                rows.refused += (arranged.batch.len() - blank).saturating_sub(read.len());
                self.rows.add(rows);
                values.extend(read);
                self.findings.extend(findings);
            }
        }
        Ok(values)
    }
}

/// What claims of all sheets are read with.
struct ClaimReaders<'a> {
    config: &'a Config,
    codelists: &'a Codelists,
    corrections: &'a Corrections,
    evidence: &'a Evidence,
}

impl<'a> ClaimReaders<'a> {
    fn reader(&self, sheet: &'a BoundSheet) -> ClaimReader<'a> {
        let tolerances = self.config.settings.tolerances;
        ClaimReader::new(sheet, self.codelists, self.corrections, self.evidence, tolerances)
    }
}

impl RowCounts {
    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.published += other.published;
        self.refused += other.refused;
        self.skipped += other.skipped;
        self.blank += other.blank;
    }
}

/// What arranging a batch leaves to be told of its rows.
fn counts(batch: &Batch, arranged: &Arranged<'_>) -> RowCounts {
    let Arranged { skipped, blank, refused, .. } = *arranged;
    RowCounts { read: batch.len(), skipped, blank, refused, published: 0 }
}

fn blank_rows(batch: &Batch) -> usize {
    let is_blank = |&row: &usize| (0..batch.width).all(|column| batch.get(row, column).trim().is_empty());
    (0..batch.len()).filter(is_blank).count()
}

/// The flaws but for those of rows that the mapping leaves out: nobody reads them. A cell whose end was not found may
/// have taken rows into itself that are not to be left out.
fn of_rows_read(mut flaws: Vec<Flaw>, arrangement: &Arrangement, batches: &[Batch]) -> Vec<Flaw> {
    let may_hold_rows = |code: Code| matches!(code, Code::UnterminatedQuote | Code::CellTooLong);
    if flaws.iter().any(|flaw| flaw.row > 0 && !may_hold_rows(flaw.code)) {
        let skipped: BTreeSet<u32> = batches.iter().flat_map(|batch| arrangement.skipped(batch)).collect();
        flaws.retain(|flaw| may_hold_rows(flaw.code) || !skipped.contains(&flaw.row));
    }
    flaws
}

/// Rows that the reader could not read whole: they are set aside, or refuse the run by their flaw.
fn refused_rows(flaws: &[Flaw], on_error: OnError) -> BTreeSet<u32> {
    match on_error {
        OnError::Refuse => BTreeSet::new(),
        OnError::Quarantine => {
            let errors = flaws.iter().filter(|flaw| flaw.code.severity() == Severity::Error && flaw.row > 0);
            errors.map(|flaw| flaw.row).collect()
        }
    }
}

/// A reference to a refused row needs no word where that row refuses the run.
fn is_shown(finding: &Finding, on_error: OnError) -> bool {
    on_error == OnError::Quarantine || finding.code != ORPHAN
}
