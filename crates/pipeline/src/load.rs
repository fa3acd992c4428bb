//! From files to facts: every configured sheet is opened, its header mapped onto the contract, its
//! rows read. Code lists come first, since claims and commitments refer to them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result};
use ingest::csv::{self, Csv};
use ingest::flaw::Flaw;
use ingest::kind::{self, Kind};
use ingest::settings::Limits;
use ingest::sheet::{self, Header};
use ingest::workbook::Sheet;
use model::cell::{Batch, SheetName};
use model::contract::SheetKind;
use model::facts::Facts;
use model::finding::{Finding, Location, Severity};
use normalize::assemble::{Parts, assemble};
use normalize::claims::{ClaimReader, Memo};
use normalize::codelists::{self, Codelists};
use normalize::commitments::{self, CommitmentReader};
use normalize::corrections::Corrections;
use normalize::evidence::{Evidence, Lock, LockEntry, Reading as TextReading, Text};
use normalize::mapping::{BoundSheet, unused_entries};
use normalize::place::Places;
use normalize::quantity::Convention;

use crate::config::{Config, SheetConfig};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::workbook_process;

/// The facts of all sheets, and what reading them had to say.
pub(crate) struct Loaded {
    pub(crate) facts: Facts,
    pub(crate) findings: Vec<Finding>,
    /// What the evidence check saw, for the lock.
    pub(crate) verified: Vec<LockEntry>,
    pub(crate) rows: RowCounts,
    /// The texts at hand and the lock, as the rows were checked against.
    pub(crate) evidence: Evidence,
}

/// Where every row went: `read = published + refused + blank`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct RowCounts {
    /// Rows below the headers.
    pub(crate) read: usize,
    /// Rows of claims, commitments, events and code lists that went on.
    pub(crate) published: usize,
    /// Rows that an error refused.
    pub(crate) refused: usize,
    /// Rows without a filled cell.
    pub(crate) blank: usize,
}

/// An opened sheet: bound to the contract, its rows still to come.
struct OpenSheet {
    bound: BoundSheet,
    rows: Rows,
    flaws: Vec<Flaw>,
}

/// The rows of a sheet.
enum Rows {
    /// Read and parsed in chunks, on all cores.
    Stream(Box<Csv<File>>),
    /// At hand: a workbook's.
    Batches(Vec<Batch>),
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
    let mut loader = Loader { inputs, names: Vec::new(), findings: Vec::new(), books: BTreeMap::new() };
    let mut by_kind: BTreeMap<SheetKind, Vec<OpenSheet>> = BTreeMap::new();
    for sheet in &config.sheets {
        for opened in loader.sheets(sheet)? {
            by_kind.entry(sheet.mapping.kind).or_default().push(opened);
        }
    }
    let mut reading = Reading { by_kind, names: loader.names, findings: loader.findings, rows: RowCounts::default() };
    let (codelists, corrections) = reading.codelists()?;
    let evidence = Evidence::new(folded_texts(config, &codelists, texts), lock);
    reading.facts(config, codelists, &corrections, evidence)
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

/// Opens files, each workbook once.
struct Loader<'a> {
    inputs: &'a Inputs,
    names: Vec<SheetName>,
    findings: Vec<Finding>,
    books: BTreeMap<String, Vec<Sheet>>,
}

impl Loader<'_> {
    fn sheets(&mut self, config: &SheetConfig) -> Result<Vec<OpenSheet>> {
        let path = self.inputs.file(&config.file)?;
        if file_kind(path, &config.file)?.is_workbook() {
            return self.workbook_sheets(config, path);
        }
        let file = File::open(path).with_context(|| format!("cannot read {}", config.file))?;
        let csv = csv::open(file, &config.reading, &Limits::default())
            .map_err(|error| Failure::Refused(format!("{}: {error}", config.file)))?;
        let name = SheetName { file: config.file.clone(), sheet: None };
        let (header, flaws) = (csv.header.clone(), csv.flaws.clone());
        Ok(self.bind(config, name, &header, Rows::Stream(Box::new(csv)), flaws).into_iter().collect())
    }

    fn workbook_sheets(&mut self, config: &SheetConfig, path: &Path) -> Result<Vec<OpenSheet>> {
        if !self.books.contains_key(&config.file) {
            self.books.insert(config.file.clone(), workbook_process::read(path, &config.file)?);
        }
        let book = &self.books[&config.file];
        let chosen: Vec<Sheet> = if config.sheets.is_empty() {
            book.iter().filter(|sheet| !sheet.hidden).cloned().collect()
        } else {
            config.sheets.iter().map(|name| find_sheet(book, name, &config.file).cloned()).collect::<Result<_>>()?
        };
        let mut opened = Vec::new();
        for sheet in chosen {
            let name = SheetName { file: config.file.clone(), sheet: Some(sheet.name.clone()) };
            let table = sheet::table(sheet, &config.reading);
            opened.extend(self.bind(config, name, &table.header, Rows::Batches(table.batches), table.flaws));
        }
        Ok(opened)
    }

    /// Maps the header onto the contract; a sheet whose header cannot be mapped gives findings alone.
    fn bind(
        &mut self,
        config: &SheetConfig,
        name: SheetName,
        header: &Header,
        rows: Rows,
        flaws: Vec<Flaw>,
    ) -> Option<OpenSheet> {
        let index = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        self.names.push(name.clone());
        let kind = config.mapping.kind;
        for entry in unused_entries(&config.mapping, &header.names) {
            let message = format!("the mapping names `{entry}`, and the sheet has no such header");
            self.findings.push(
                Finding::new("unused-mapping", Severity::Error, kind.as_str(), message)
                    .hint("take it out of pipeline.toml, or correct it")
                    .at(Location { sheet: name.clone(), cell: String::new() }),
            );
        }
        match BoundSheet::bind(index, name.clone(), config.mapping.clone(), &header.names, header.row.unwrap_or(1)) {
            Ok(bound) => Some(OpenSheet { bound, rows, flaws }),
            Err(findings) => {
                self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &name, kind)));
                self.findings.extend(findings);
                None
            }
        }
    }
}

fn file_kind(path: &Path, name: &str) -> Result<Kind> {
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    file.take(kind::HEAD as u64).read_to_end(&mut head).with_context(|| format!("cannot read {name}"))?;
    Kind::of(name, &head).map_err(|error| Failure::Refused(format!("{name}: {error}")).into())
}

/// A sheet by its name, or by its number from 1.
pub(crate) fn find_sheet<'a>(book: &'a [Sheet], name: &str, file: &str) -> Result<&'a Sheet> {
    let by_number = || name.parse::<usize>().ok().and_then(|number| book.get(number.checked_sub(1)?));
    book.iter().find(|sheet| sheet.name == name).or_else(by_number).ok_or_else(|| {
        let names: Vec<_> = book.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
        Failure::Usage(format!("{file} has no sheet `{name}`: it has {}", names.join(", "))).into()
    })
}

fn flaw_finding(flaw: &Flaw, name: &SheetName, kind: SheetKind) -> Finding {
    Finding { table: kind.as_str(), ..flaw.finding(name) }
}

/// The opened sheets by kind, read one kind after the other.
struct Reading {
    by_kind: BTreeMap<SheetKind, Vec<OpenSheet>>,
    names: Vec<SheetName>,
    findings: Vec<Finding>,
    rows: RowCounts,
}

impl Reading {
    /// Places, sources and indicators, and the corrections that apply to sources already.
    fn codelists(&mut self) -> Result<(Codelists, Corrections)> {
        let mut corrections = Corrections::default();
        self.each(SheetKind::Corrections, |sheet, batch| corrections.read(sheet, batch))?;
        let declared = self.each(SheetKind::Places, codelists::read_places)?;
        let places = Places::with(declared.iter().map(|(code, name, _)| (code.as_str(), name.as_str())));
        let places = places.unwrap_or_else(|error| {
            let message = error.to_string();
            self.findings.push(
                Finding::new("place-name-taken", Severity::Error, "places", message)
                    .hint("one name stands for one place: take the row out, or correct its code"),
            );
            Places::builtin()
        });
        let sources = self.each(SheetKind::Sources, |sheet, batch| codelists::read_sources(sheet, batch, &corrections))?;
        let indicators = self.each(SheetKind::Indicators, codelists::read_indicators)?;
        let mut codelists = Codelists::new(places, sources, indicators);
        let is_refused = |kind: &SheetKind| {
            let of_kind = |finding: &Finding| finding.table == kind.as_str() && finding.severity == Severity::Error;
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
        corrections: &Corrections,
        evidence: Evidence,
    ) -> Result<Loaded> {
        let mut parts = Parts::default();
        let mut verified = Vec::new();
        for sheet in self.by_kind.remove(&SheetKind::Claims).unwrap_or_default() {
            self.claims(sheet, config, &codelists, corrections, &evidence, &mut parts, &mut verified)?;
        }
        let reader = CommitmentReader { codelists: &codelists, corrections, evidence: &evidence };
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
        parts.sheets = self.names;
        let (facts, findings) = assemble(parts, codelists);
        self.findings.extend(findings);
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(Loaded { facts, findings: self.findings, verified, rows: self.rows, evidence })
    }

    /// Claims, batch by batch on all cores.
    #[expect(clippy::too_many_arguments, reason = "each is a part of the run; a struct would only rename them")]
    fn claims(
        &mut self,
        sheet: OpenSheet,
        config: &Config,
        codelists: &Codelists,
        corrections: &Corrections,
        evidence: &Evidence,
        parts: &mut Parts,
        verified: &mut Vec<LockEntry>,
    ) -> Result<()> {
        let OpenSheet { bound, rows, flaws } = sheet;
        self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &bound.name, SheetKind::Claims)));
        let reader = ClaimReader::new(&bound, codelists, corrections, evidence, config.settings.tolerances);
        // As many memos as there are workers: each worker borrows one for a batch.
        let memos: Mutex<Vec<Memo>> = Mutex::default();
        let read = |batch: &Batch| {
            let mut memo = memos.lock().ok().and_then(|mut memos| memos.pop()).unwrap_or_default();
            let read = reader.read(batch, &mut memo);
            if let Ok(mut memos) = memos.lock() {
                memos.push(memo);
            }
            (batch.len(), read)
        };
        let mut take = |(rows, batch): (usize, normalize::claims::ClaimBatch)| {
            self.rows.read += rows;
            self.rows.refused += batch.refused;
            self.rows.blank += batch.blank;
            self.rows.published += batch.claims.len();
            self.findings.extend(batch.findings);
            verified.extend(batch.verified);
            parts.claims.push(batch.claims);
        };
        match rows {
            Rows::Batches(batches) => batches.iter().map(read).for_each(&mut take),
            Rows::Stream(mut stream) => {
                let mut flaws = Vec::new();
                csv::for_each(
                    &mut stream,
                    |parsed| (read(&parsed.batch), parsed.flaws),
                    |(batch, found)| {
                        take(batch);
                        flaws.extend(found);
                        Ok::<(), ingest::error::Error>(())
                    },
                )
                .map_err(|error| Failure::Refused(format!("{}: {error}", bound.name.file)))?;
                self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &bound.name, SheetKind::Claims)));
            }
        }
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
            let OpenSheet { bound, rows, mut flaws } = sheet;
            let batches = match rows {
                Rows::Batches(batches) => batches,
                Rows::Stream(mut stream) => {
                    let mut batches = Vec::new();
                    csv::for_each(&mut stream, |parsed| parsed, |parsed| {
                        batches.push(parsed.batch);
                        flaws.extend(parsed.flaws);
                        Ok::<(), ingest::error::Error>(())
                    })
                    .map_err(|error| Failure::Refused(format!("{}: {error}", bound.name.file)))?;
                    batches
                }
            };
            self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &bound.name, kind)));
            for batch in &batches {
                let (read, findings) = read(&bound, batch);
                self.count(batch, read.len());
                values.extend(read);
                self.findings.extend(findings);
            }
        }
        Ok(values)
    }

    fn count(&mut self, batch: &Batch, published: usize) {
        let blank = (0..batch.len()).filter(|&row| {
            (0..batch.width).all(|column| batch.get(row, column).trim().is_empty())
        });
        let blank = blank.count();
        self.rows.read += batch.len();
        self.rows.blank += blank;
        self.rows.published += published;
        self.rows.refused += (batch.len() - blank).saturating_sub(published);
    }
}
