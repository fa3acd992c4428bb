//! `pipeline cat`: any input as plain UTF-8 CSV, as ingest reads it, or what its dialect is.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use clap::Args;
use ingest::as_csv;
use ingest::csv::{self, Csv, Parsed};
use ingest::error::Error;
use ingest::flaw::{Code, Flaw};
use ingest::kind::{HEAD, Kind};
use ingest::settings::Settings;
use ingest::workbook::Sheet;
use model::cell::{Batch, SheetName};
use model::finding::{Finding, Location, Severity};

use crate::cli::Options;
use crate::config::Caps;
use crate::failure::Failure;
use crate::terminal::Progress;
use crate::{diagnostics, open, terminal, workbook_process};

/// Cells of blank rows that are printed; a sheet with more has none of them printed.
const BLANK_CELLS: usize = 10_000_000;

/// Bytes of a CSV that is read once more for its longest row.
const READ_TWICE: u64 = 64 << 20;

/// Arguments of `pipeline cat`.
#[derive(Debug, Args)]
pub(crate) struct CatArgs {
    /// A CSV or a workbook
    file: PathBuf,
    /// The sheet of a workbook, by name or by number from 1 [default: the first that is shown]
    #[arg(long, value_name = "S")]
    sheet: Option<String>,
    /// Say what the dialect is, as one JSON object
    #[arg(long)]
    dialect: bool,
}

/// Prints what can be read; the findings go to standard error, and an error among them makes the exit code 1.
pub(crate) fn cat(args: &CatArgs, options: &Options) -> Result<ExitCode> {
    let name = args.file.display().to_string();
    let mut head = Vec::new();
    let file = File::open(&args.file).with_context(|| format!("cannot read {name}"))?;
    file.take(HEAD as u64).read_to_end(&mut head).with_context(|| format!("cannot read {name}"))?;
    let kind = Kind::of(&name, &head).map_err(|error| Failure::Refused(format!("{name}: {error}")))?;
    let out = &mut BufWriter::with_capacity(1 << 16, io::stdout());
    // A file may be looked at anywhere; where there is a configuration, its caps hold.
    let caps = options.configuration().map(|config| config.caps).unwrap_or_default();
    let mut told = Told { sheet: SheetName { file: name.clone(), sheet: None }, options, caps, errors: 0 };
    match (kind.is_workbook(), args.dialect) {
        (true, _) => cat_workbook(args, &mut told, out)?,
        (false, _) if args.sheet.as_deref().is_some_and(|sheet| sheet != "1") => {
            let message = format!("{name} is a CSV and has one sheet: `--sheet` is for workbooks");
            return Err(Failure::Usage(message).into());
        }
        (false, false) => cat_csv(&args.file, &mut told, out)?,
        (false, true) => csv_dialect(&args.file, &told, out)?,
    }
    terminal::quietly(out.flush()).context("cannot write standard output")?;
    Ok(if told.errors > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The findings of a sheet, shown as they come: a large sheet may have millions.
struct Told<'a> {
    sheet: SheetName,
    options: &'a Options,
    caps: Caps,
    errors: usize,
}

impl Told<'_> {
    fn tell(&mut self, flaws: &[Flaw]) {
        self.show(flaws.iter().map(|flaw| flaw.finding(&self.sheet)).collect());
    }

    fn show(&mut self, findings: Vec<Finding>) {
        self.errors += findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let must_read = |finding: &Finding| !self.options.quiet || finding.severity == Severity::Error;
        let shown: Vec<Finding> = findings.into_iter().filter(must_read).collect();
        let (format, coloured) = (self.options.format, self.options.coloured());
        terminal::complain_raw(&diagnostics::render(&shown, format, coloured));
    }
}

/// A file that counts what was read of it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A CSV that says how far it was read.
struct Open {
    csv: Csv<Counted>,
    read: Arc<AtomicU64>,
    progress: Option<Progress>,
}

fn open_csv(path: &Path, told: &Told<'_>) -> Result<Open> {
    let name = &told.sheet.file;
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let size = file.metadata().with_context(|| format!("cannot read {name}"))?.len();
    let progress = Progress::of(size).filter(|_| !told.options.quiet);
    let read = Arc::new(AtomicU64::new(0));
    let csv = csv::open(Counted { file, read: Arc::clone(&read) }, &Settings::default(), &told.caps.on_csv())
        .map_err(|error| Failure::unread(name, &error))?;
    Ok(Open { csv, read, progress })
}

impl Open {
    /// Hands what `map` makes of each chunk to `sink`, in order, and shows how far that is.
    fn for_each<T: Send>(
        &mut self,
        name: &str,
        map: impl Fn(Parsed) -> T + Sync,
        mut sink: impl FnMut(T) -> io::Result<()> + Send,
    ) -> Result<()> {
        let ended = csv::for_each(&mut self.csv, map, |item| {
            sink(item)?;
            if let Some(progress) = &mut self.progress {
                progress.show(self.read.load(Ordering::Relaxed));
            }
            Ok::<(), anyhow::Error>(())
        });
        if let Some(progress) = &mut self.progress {
            progress.clear();
        }
        ended.or_else(|error| match error.downcast::<Error>() {
            Ok(error) => Err(Failure::unread(name, &error).into()),
            Err(error) => {
                terminal::quietly(Err(error.downcast::<io::Error>()?)).context("cannot write standard output")
            }
        })
    }
}

/// Writes batch by batch; a reader that has gone ends it quietly.
fn cat_csv(path: &Path, told: &mut Told<'_>, out: &mut (impl Write + Send)) -> Result<()> {
    let widest = widest_row(path, told)?;
    let mut open = open_csv(path, told)?;
    let header = &open.csv.header;
    let mut text = String::new();
    let own = if header.row.is_some() { header.names.len() } else { open.csv.dialect.columns };
    let width = own.max(widest);
    if header.row.is_some() {
        let padding = std::iter::repeat_n("", width - header.names.len());
        as_csv::write_row(header.names.iter().map(String::as_str).chain(padding), &mut text);
    }
    told.tell(&open.csv.flaws);
    terminal::quietly(out.write_all(text.as_bytes())).context("cannot write standard output")?;
    let name = told.sheet.file.clone();
    open.for_each(
        &name,
        |parsed| {
            let mut text = String::new();
            as_csv::write_batch(&parsed.batch, width, &mut text);
            (text, parsed.flaws)
        },
        |(text, flaws)| {
            told.tell(&flaws);
            out.write_all(text.as_bytes())
        },
    )
}

/// Cells of the longest row, for which the header is padded: all records of RFC 4180 have one width. 0 for what can be
/// read only once, or is so large that reading it twice takes long: its longer rows stay as they are, and are told of.
fn widest_row(path: &Path, told: &Told<'_>) -> Result<usize> {
    let name = &told.sheet.file;
    let about = std::fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
    if !about.is_file() || about.len() > READ_TWICE {
        return Ok(0);
    }
    let mut widest = 0;
    open_csv(path, told)?.for_each(
        name,
        |parsed| as_csv::width(&parsed.batch),
        |width| {
            widest = widest.max(width);
            Ok(())
        },
    )?;
    Ok(widest)
}

fn csv_dialect(path: &Path, told: &Told<'_>, out: &mut (impl Write + Send)) -> Result<()> {
    let mut open = open_csv(path, told)?;
    let (mut rows, mut quoted) = (0, 0);
    open.for_each(
        &told.sheet.file,
        |parsed| (parsed.batch.len() as u64, parsed.quoted),
        |counts| {
            rows += counts.0;
            quoted += counts.1;
            Ok(())
        },
    )?;
    let dialect = open.csv.dialect.clone();
    let dialect = if quoted > 0 { dialect.with_quotes() } else { dialect };
    let written = writeln!(out, "{}", dialect.json(rows));
    terminal::quietly(written).context("cannot write standard output")
}

/// Prints a sheet as it lies there: row 14 of the sheet is record 14 of the CSV.
fn cat_workbook(args: &CatArgs, told: &mut Told<'_>, out: &mut (impl Write + Send)) -> Result<()> {
    let name = told.sheet.file.clone();
    let book = workbook_process::read(&args.file, &name, &told.caps)?;
    let sheet = match &args.sheet {
        Some(sheet) => &book[open::find_sheet(&book, sheet, &name)?],
        None => first_shown(&book).ok_or_else(|| Failure::Refused(format!("{name}: it has no sheet")))?,
    };
    told.sheet.sheet = Some(sheet.name.clone());
    told.tell(&sheet.flaws);
    if args.dialect {
        let written = writeln!(out, "{}", workbook_dialect(sheet));
        return terminal::quietly(written).context("cannot write standard output");
    }
    let columns = width(&sheet.batches);
    let rows: usize = sheet.batches.iter().map(Batch::len).sum();
    let last = sheet.batches.last().and_then(|batch| batch.rows.last()).map_or(0, |&row| row as usize);
    let keeps_gaps = (last - rows).saturating_mul(columns) <= BLANK_CELLS;
    if !keeps_gaps {
        let message = format!("{} blank rows are left out", last - rows);
        let place = Location { sheet: told.sheet.clone(), cell: String::new() };
        let finding = Finding::new("blank-rows", Severity::Note, "", message)
            .hint("delete what stands far below or far to the right of the table")
            .at(place);
        told.show(vec![finding]);
    }
    let mut next = 1;
    for batch in &sheet.batches {
        let mut text = String::new();
        for row in 0..batch.len() {
            for _ in next..batch.rows[row] {
                if keeps_gaps {
                    as_csv::write_row(std::iter::repeat_n("", columns), &mut text);
                }
            }
            next = batch.rows[row] + 1;
            as_csv::write_row((0..columns).map(|column| batch.get(row, column)), &mut text);
        }
        terminal::quietly(out.write_all(text.as_bytes())).context("cannot write standard output")?;
    }
    Ok(())
}

/// The first sheet that is shown and holds cells; the first one where there is none.
fn first_shown(book: &[Sheet]) -> Option<&Sheet> {
    let is_grid = |sheet: &&Sheet| sheet.flaws.iter().all(|flaw| flaw.code != Code::NotAGrid);
    book.iter().filter(is_grid).find(|sheet| !sheet.hidden).or_else(|| book.first())
}

/// The one JSON object of `--dialect`: where the table lies is found as in a run without settings.
fn workbook_dialect(sheet: &Sheet) -> serde_json::Value {
    let table = ingest::sheet::table(sheet.clone(), &Settings::default());
    serde_json::json!({
        "encoding": null, "delimiter": null, "quote": null, "escape": null, "terminator": null,
        "header_row": table.header.row,
        "rows": table.batches.iter().map(Batch::len).sum::<usize>(),
        "columns": width(&table.batches).max(table.header.names.len()),
    })
}

fn width(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.width).max().unwrap_or(0)
}
