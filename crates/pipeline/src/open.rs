//! Opening the configured sheets: each file is opened, the header is found, and the sheet is
//! arranged as the mapping says. Its rows are still to come.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use ingest::csv::{self, Csv};
use ingest::flaw::Flaw;
use ingest::kind::{self, Kind};
use ingest::policy;
use ingest::settings::{HeaderAt, Settings};
use ingest::sheet::{self, Header};
use ingest::workbook::Sheet;
use model::cell::{Batch, SheetName, column_letters};
use model::contract::SheetKind;
use model::finding::{Finding, Location, Severity};
use normalize::arrange::{Arrangement, arrange, known_names, unused_entries};
use normalize::mapping::Mapping;
use normalize::wildcard;
use rayon::prelude::*;

use crate::config::{Caps, Hidden, Merged, Range, SheetConfig};
use crate::failure::{self, Failure};
use crate::inputs::Inputs;
use crate::workbook_process;

/// Rows in which a header is looked for.
const LOOKED_AT: usize = 200;

/// Rows above a header that are looked at for a title.
const ABOVE: usize = 20;

/// An opened sheet: arranged for the contract, its rows still to come.
pub(crate) struct OpenSheet {
    pub(crate) arrangement: Arrangement,
    pub(crate) name: SheetName,
    /// The line or row of the header; rows of facts are below it.
    pub(crate) header_row: u32,
    pub(crate) rows: Rows,
    pub(crate) flaws: Vec<Flaw>,
}

/// The rows of a sheet.
pub(crate) enum Rows {
    /// Read and parsed in chunks, on all cores.
    Stream(Box<Csv<File>>),
    /// At hand: a workbook's.
    Batches(Vec<Batch>),
}

impl Rows {
    fn is_empty(&self) -> bool {
        match self {
            Rows::Stream(csv) => csv.dialect.columns == 0,
            Rows::Batches(batches) => batches.iter().all(Batch::is_empty),
        }
    }
}

/// Opens files, each workbook once.
pub(crate) struct Opener<'a> {
    inputs: &'a Inputs,
    /// Every sheet that was opened.
    pub(crate) names: Vec<SheetName>,
    pub(crate) findings: Vec<Finding>,
    books: BTreeMap<String, Vec<Sheet>>,
    /// How many entries read of each file.
    entries: BTreeMap<String, usize>,
    /// Entries of the mappings that no sheet has used so far, by the place of their `[[sheet]]`.
    unused: BTreeMap<String, Vec<String>>,
}

/// A table before it is mapped: what `cat` prints and a mapping starts from.
pub(crate) struct Table {
    pub(crate) name: SheetName,
    pub(crate) header: Header,
    pub(crate) rows: Rows,
    pub(crate) flaws: Vec<Flaw>,
    /// What stands above the header of a worksheet.
    pub(crate) above: Vec<String>,
    /// What the workbook hides and merges.
    notes: Vec<Finding>,
}

impl<'a> Opener<'a> {
    pub(crate) fn new(inputs: &'a Inputs) -> Self {
        Self {
            inputs,
            names: Vec::new(),
            findings: Vec::new(),
            books: BTreeMap::new(),
            entries: BTreeMap::new(),
            unused: BTreeMap::new(),
        }
    }

    /// Reads the workbooks of all entries, each once, side by side: most of the time goes into starting
    /// the processes that read them.
    pub(crate) fn read_workbooks(&mut self, configs: &[SheetConfig]) -> Result<()> {
        let files: BTreeMap<&str, &Caps> =
            configs.iter().map(|config| (config.file.as_str(), &config.caps)).collect();
        for config in configs {
            *self.entries.entry(config.file.clone()).or_default() += 1;
        }
        let read = |(&file, &caps): (&&str, &&Caps)| {
            let path = self.inputs.file(file)?;
            let is_workbook = file_kind(path, file)?.is_workbook();
            Ok(if is_workbook { Some(workbook_process::read(path, file, caps)?) } else { None })
        };
        let books: Vec<Result<Option<Vec<Sheet>>>> = files.par_iter().map(read).collect();
        let books = all_or_every_failure(books)?;
        let named = files.into_keys().zip(books);
        self.books.extend(named.filter_map(|(file, book)| Some((file.to_owned(), book?))));
        Ok(())
    }

    /// The sheets of one entry that could be mapped; of the others there are findings.
    pub(crate) fn sheets(&mut self, config: &SheetConfig) -> Result<Vec<OpenSheet>> {
        let tables = self.tables(config)?;
        let mut opened = Vec::new();
        for table in tables {
            opened.extend(self.arranged(config, table)?);
        }
        Ok(opened)
    }

    /// The tables of one entry, as they stand.
    pub(crate) fn tables(&mut self, config: &SheetConfig) -> Result<Vec<Table>> {
        let path = self.inputs.file(&config.file)?;
        if file_kind(path, &config.file)?.is_workbook() {
            return self.worksheets(config, path);
        }
        if config.range.is_some() || !config.sheets.is_empty() {
            let key = if config.range.is_some() { "range" } else { "sheets" };
            let message = format!("{}: `{key}` is for workbooks, and {} is none", config.at, config.file);
            return Err(Failure::Usage(message).into());
        }
        let csv = open_csv(config, path)?;
        let name = SheetName { file: config.file.clone(), sheet: None };
        let (header, flaws) = (named(csv.header.clone(), csv.dialect.columns, config), csv.flaws.clone());
        Ok(vec![Table {
            name,
            header,
            rows: Rows::Stream(Box::new(csv)),
            flaws,
            above: Vec::new(),
            notes: Vec::new(),
        }])
    }

    fn worksheets(&mut self, config: &SheetConfig, path: &Path) -> Result<Vec<Table>> {
        if !self.books.contains_key(&config.file) {
            self.books.insert(config.file.clone(), workbook_process::read(path, &config.file, &config.caps)?);
        }
        let Some(book) = self.books.get_mut(&config.file) else { return Ok(Vec::new()) };
        let chosen = chosen(book, config)?;
        let sheets: Vec<Sheet> =
            if self.entries.get(&config.file) == Some(&1) && chosen.is_sorted_by(|a, b| a < b) {
                // Nobody else reads of them: a large sheet need not be copied.
                chosen.iter().map(|&sheet| std::mem::take(&mut book[sheet])).collect()
            } else {
                chosen.iter().map(|&sheet| book[sheet].clone()).collect()
            };
        sheets.into_iter().map(|sheet| worksheet(sheet, config)).collect()
    }

    /// Maps the header onto the contract; a sheet whose header cannot be mapped gives findings alone.
    fn arranged(&mut self, config: &SheetConfig, table: Table) -> Result<Option<OpenSheet>> {
        let Table { name, header, mut rows, mut flaws, notes, .. } = table;
        let index = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        self.names.push(name.clone());
        let kind = config.mapping.kind;
        if header.names.is_empty() && rows.is_empty() {
            // One finding says it; that each column is missing follows.
            self.findings.push(empty_sheet(name, kind));
            return Ok(None);
        }
        self.findings.extend(notes.into_iter().map(|note| Finding { table: kind.as_str(), ..note }));
        let unused = unused_entries(&config.mapping, &header.names);
        let so_far = self.unused.entry(config.at.clone()).or_insert_with(|| unused.clone());
        so_far.retain(|entry| unused.contains(entry));
        let header_row = header.row.unwrap_or(0);
        match arrange(index, name.clone(), &config.mapping, &header.names, header_row) {
            Ok(mut arrangement) => {
                self.findings.append(&mut arrangement.notes);
                if arrangement.fill_down.is_needed() {
                    let batches = collected(rows, &name, &mut flaws)?;
                    rows = Rows::Batches(
                        batches.iter().map(|batch| arrangement.fill_down.fill(batch)).collect(),
                    );
                }
                Ok(Some(OpenSheet { arrangement, name, header_row, rows, flaws }))
            }
            Err(findings) => {
                self.findings.extend(flaws.iter().map(|flaw| flaw_finding(flaw, &name, kind)));
                self.findings.extend(findings);
                Ok(None)
            }
        }
    }

    /// Fails where a mapping has entries that none of its sheets uses.
    pub(crate) fn check_mappings(&self) -> Result<()> {
        let lines: Vec<String> = self
            .unused
            .iter()
            .flat_map(|(at, entries)| entries.iter().map(move |entry| format!("{at}: no sheet has {entry}")))
            .collect();
        if lines.is_empty() { Ok(()) } else { Err(Failure::Usage(lines.join("\n")).into()) }
    }
}

/// All values, or every failure in order, a line each: what is said does not depend on which thread was first. The
/// first failure decides the exit code.
fn all_or_every_failure<T>(results: Vec<Result<T>>) -> Result<Vec<T>> {
    let mut values = Vec::with_capacity(results.len());
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(failure) => failures.push(failure),
        }
    }
    match failures.len() {
        0 => Ok(values),
        1 => Err(failures.remove(0)),
        _ => {
            let lines: Vec<String> = failures.iter().map(failure::in_words).collect();
            Err(failure::with_words(&failures[0], lines.join("\n")))
        }
    }
}

/// All rows at once, for what needs to see them in order.
pub(crate) fn collected(rows: Rows, name: &SheetName, flaws: &mut Vec<Flaw>) -> Result<Vec<Batch>> {
    match rows {
        Rows::Batches(batches) => Ok(batches),
        Rows::Stream(mut stream) => {
            let mut batches = Vec::new();
            csv::for_each(
                &mut stream,
                |parsed| parsed,
                |parsed| {
                    batches.push(parsed.batch);
                    flaws.extend(parsed.flaws);
                    Ok::<(), ingest::error::Error>(())
                },
            )
            .map_err(|error| Failure::unread(&name.file, &error))?;
            Ok(batches)
        }
    }
}

/// What a file is, by its first bytes.
pub(crate) fn file_kind(path: &Path, name: &str) -> Result<Kind> {
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    file.take(kind::HEAD as u64).read_to_end(&mut head).with_context(|| format!("cannot read {name}"))?;
    Kind::of(name, &head).map_err(|error| Failure::Refused(format!("{name}: {error}")).into())
}

/// The place of a sheet by its name, or by its number from 1.
pub(crate) fn find_sheet(book: &[Sheet], name: &str, file: &str) -> Result<usize> {
    let by_number = || {
        let number = name.parse::<usize>().ok()?.checked_sub(1)?;
        (number < book.len()).then_some(number)
    };
    book.iter().position(|sheet| sheet.name == name).or_else(by_number).ok_or_else(|| {
        let names: Vec<_> = book.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
        Failure::Usage(format!("{file} has no sheet `{name}`: it has {}", names.join(", "))).into()
    })
}

fn empty_sheet(sheet: SheetName, kind: SheetKind) -> Finding {
    Finding::new("empty-sheet", Severity::Error, kind.as_str(), "the sheet is empty: no header and no rows")
        .hint("export or copy it again, or take its [[sheet]] out of pipeline.toml")
        .at(Location { sheet, cell: String::new() })
}

/// What a flaw says, of a sheet of some kind.
pub(crate) fn flaw_finding(flaw: &Flaw, name: &SheetName, kind: SheetKind) -> Finding {
    Finding { table: kind.as_str(), ..flaw.finding(name) }
}

/// A CSV with its header where the mapping says, or where most names are known, or where it looks like one.
fn open_csv(config: &SheetConfig, path: &Path) -> Result<Csv<File>> {
    let open = |header: Option<HeaderAt>| -> Result<Csv<File>> {
        let file = File::open(path).with_context(|| format!("cannot read {}", config.file))?;
        let reading = Settings { header, ..config.reading.clone() };
        csv::open(file, &reading, &config.caps.on_csv())
            .map_err(|error| Failure::unread(&config.file, &error).into())
    };
    if config.reading.header.is_some() {
        return open(config.reading.header);
    }
    let mut csv = open(Some(HeaderAt::Row(config.reading.skip + 1)))?;
    let names = csv.header.names.iter().filter(|name| !name.trim().is_empty()).count();
    let is_known = names > 0 && known_names(&config.mapping, &csv.header.names) == names;
    if is_known && config.header_rows.unwrap_or(1) == 1 {
        return Ok(csv);
    }
    let mut rows: Vec<(u32, Vec<String>)> =
        csv.header.row.map(|row| (row, csv.header.names.clone())).into_iter().collect();
    let chunk = csv.next().transpose().and_then(|chunk| chunk.map(|chunk| chunk.parse()).transpose());
    if let Some(parsed) = chunk.map_err(|error| Failure::unread(&config.file, &error))? {
        rows.extend(first_rows(&parsed.batch));
    }
    open(header_at(&rows, config))
}

/// The first rows of a batch as texts, each with its line or row.
fn first_rows(batch: &Batch) -> impl Iterator<Item = (u32, Vec<String>)> + '_ {
    let texts = |row| (0..batch.width).map(|column| batch.get(row, column).to_owned()).collect();
    (0..batch.len().min(LOOKED_AT)).map(move |row| (batch.rows[row], texts(row)))
}

/// The row with the most names that the contract or the mapping knows; none where no row has one.
fn header_at(rows: &[(u32, Vec<String>)], config: &SheetConfig) -> Option<HeaderAt> {
    let count = config.header_rows.unwrap_or(1) as usize;
    let mut best = None;
    let mut most = 0;
    for window in rows.windows(count) {
        let texts: Vec<Vec<String>> = window.iter().map(|row| row.1.clone()).collect();
        let known = known_names(&config.mapping, &sheet::joined(&texts));
        if known > most {
            (most, best) = (known, Some(window[0].0));
        }
    }
    best.map(|row| HeaderAt::Rows(row, count as u32))
}

/// A header whose columns have names: letters, where the sheet has none.
fn named(header: Header, columns: usize, config: &SheetConfig) -> Header {
    if config.reading.header != Some(HeaderAt::Nowhere) {
        return header;
    }
    let letters = (0..columns).map(|column| column_letters(column as u16));
    Header { names: letters.collect(), ..header }
}

/// Which sheets of a workbook an entry means.
fn chosen(book: &[Sheet], config: &SheetConfig) -> Result<Vec<usize>> {
    if let (Some(Range::Table(table)), true) = (&config.range, config.sheets.is_empty()) {
        let holder = book.iter().position(|sheet| sheet.tables.iter().any(|(name, _)| name == table));
        return holder.map(|sheet| vec![sheet]).ok_or_else(|| no_table(table, book.iter(), config));
    }
    let is_shown = |&sheet: &usize| !book[sheet].hidden || config.hidden == Some(Hidden::Read);
    if config.sheets.is_empty() {
        return Ok((0..book.len()).filter(is_shown).collect());
    }
    let mut chosen = Vec::new();
    for name in &config.sheets {
        let is_meant = |sheet: &usize| wildcard::matches(name, &book[*sheet].name);
        let matching: Vec<usize> = (0..book.len()).filter(is_meant).collect();
        if wildcard::is_pattern(name) && !matching.is_empty() {
            chosen.extend(matching.into_iter().filter(is_shown));
        } else {
            chosen.push(find_sheet(book, name, &config.file)?);
        }
    }
    Ok(chosen)
}

fn no_table<'b>(table: &str, sheets: impl Iterator<Item = &'b Sheet>, config: &SheetConfig) -> anyhow::Error {
    let names: Vec<String> =
        sheets.flat_map(|sheet| sheet.tables.iter().map(|(name, _)| format!("`{name}`"))).collect();
    let has =
        if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
    Failure::Usage(format!("{}: {} has no table `{table}`: {has}", config.at, config.file)).into()
}

/// A worksheet as a table: only its range, without what is hidden, merged cells as declared.
fn worksheet(mut sheet: Sheet, config: &SheetConfig) -> Result<Table> {
    let name = SheetName { file: config.file.clone(), sheet: Some(sheet.name.clone()) };
    match &config.range {
        Some(Range::Cells(area)) => sheet = policy::within(sheet, *area),
        Some(Range::Table(table)) => {
            let area = sheet.tables.iter().find(|(name, _)| name == table).map(|(_, area)| *area);
            let area = area.ok_or_else(|| no_table(table, std::iter::once(&sheet), config))?;
            sheet = policy::within(sheet, area);
        }
        None => {}
    }
    let mut notes = Vec::new();
    notes.extend(hidden_note(&sheet, config, &name));
    if config.hidden == Some(Hidden::Skip) {
        sheet = policy::without_hidden(sheet);
    }
    let merged = sheet.merged.clone();
    if config.merged == Merged::Filled {
        sheet = policy::fill_merged(sheet, &config.caps.on_csv())
            .map_err(|error| Failure::unread(&config.file, &error))?;
    }
    let mut reading = config.reading.clone();
    if reading.header.is_none() {
        let rows = sheet.batches.iter().flat_map(first_rows).filter(|row| row.0 > reading.skip);
        reading.header = header_at(&rows.take(LOOKED_AT).collect::<Vec<_>>(), config);
    }
    let columns = sheet.batches.iter().map(|batch| batch.width).max().unwrap_or(0);
    let top: Vec<(u32, Vec<String>)> =
        sheet.batches.first().into_iter().flat_map(first_rows).take(ABOVE).collect();
    let table = sheet::table(sheet, &reading);
    let header = named(table.header, columns, config);
    let below = merged.iter().filter(|area| area.last_row > header.row.unwrap_or(0)).count();
    if below > 0 && config.merged == Merged::AsWritten && config.mapping.fill_down.is_empty() {
        let message = format!("{}: only the first cell of each has its text", counted(below, "merged area"));
        notes.push(
            Finding::new("merged-cells", Severity::Note, "", message)
                .hint("fill_merged = true gives their text to all their cells")
                .at(Location { sheet: name.clone(), cell: String::new() }),
        );
    }
    let first = header.row.map_or(0, |row| (row + 1).saturating_sub(header.rows.len() as u32));
    let above = top.into_iter().filter(|row| row.0 < first).flat_map(|row| row.1);
    let above = above.filter(|text| !text.trim().is_empty()).collect();
    Ok(Table { name, header, rows: Rows::Batches(table.batches), flaws: table.flaws, above, notes })
}

/// Says what the sheet hides, and what becomes of it.
fn hidden_note(sheet: &Sheet, config: &SheetConfig, name: &SheetName) -> Option<Finding> {
    let mut parts = Vec::new();
    if sheet.hidden {
        parts.push("the sheet is hidden".to_owned());
    }
    for (count, word) in
        [(sheet.hidden_rows.len(), "hidden row"), (sheet.hidden_columns.len(), "hidden column")]
    {
        if count > 0 {
            parts.push(counted(count, word));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let (what, hint) = match config.hidden {
        Some(Hidden::Skip) => ("left out", "hidden = \"read\" reads what is hidden"),
        _ => ("read", "hidden = \"skip\" leaves out what is hidden"),
    };
    let message = format!("{}: {what}", parts.join(", "));
    let location = Location { sheet: name.clone(), cell: String::new() };
    Some(Finding::new("hidden-cells", Severity::Note, "", message).hint(hint).at(location))
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A mapping of nothing, for a look at a sheet that nobody has mapped.
pub(crate) fn unmapped(file: &str, sheets: Vec<String>) -> SheetConfig {
    SheetConfig {
        file: file.to_owned(),
        sheets,
        at: String::new(),
        reading: Settings::default(),
        header_rows: None,
        range: None,
        hidden: None,
        merged: Merged::AsWritten,
        mapping: Mapping::plain(SheetKind::Claims),
        caps: Caps::default(),
    }
}
