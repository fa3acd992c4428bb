//! `pipeline cat`: any input as plain UTF-8 CSV, as ingest reads it, or what its dialect is.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use ingest::as_csv;
use ingest::csv;
use ingest::flaw::{Code, Flaw};
use ingest::kind::{HEAD, Kind};
use ingest::settings::{Limits, Settings};
use ingest::workbook::Sheet;
use model::cell::{Batch, SheetName};
use model::finding::{Finding, Location, Severity};

use crate::cli::Options;
use crate::config::Caps;
use crate::failure::Failure;
use crate::{diagnostics, open, terminal, workbook_process};

/// Cells of blank rows that are printed; a sheet with more has none of them printed.
const BLANK_CELLS: usize = 10_000_000;

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
    let out = &mut BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let findings = match (kind.is_workbook(), args.dialect) {
        (false, false) => cat_csv(&args.file, &name, out)?,
        (false, true) => csv_dialect(&args.file, &name, out)?,
        (true, _) => cat_workbook(args, &name, out)?,
    };
    terminal::quietly(out.flush()).context("cannot write standard output")?;
    terminal::complain_raw(&diagnostics::render(&findings, options.format, options.coloured()));
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn open_csv(path: &Path, name: &str) -> Result<csv::Csv<File>> {
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    csv::open(file, &Settings::default(), &Limits::default())
        .map_err(|error| Failure::Refused(format!("{name}: {error}")).into())
}

/// Writes batch by batch; a reader that has gone ends it quietly.
fn cat_csv(path: &Path, name: &str, out: &mut impl Write) -> Result<Vec<Finding>> {
    let mut csv = open_csv(path, name)?;
    let mut flaws = csv.flaws.clone();
    let mut text = String::new();
    if csv.header.row.is_some() {
        as_csv::write_row(csv.header.names.iter().map(String::as_str), &mut text);
    }
    let width = csv.dialect.columns;
    let mut sink = out.write_all(text.as_bytes());
    let ended = csv::for_each(
        &mut csv,
        |parsed| {
            let mut text = String::new();
            as_csv::write_batch(&parsed.batch, width, &mut text);
            (text, parsed.flaws)
        },
        |(text, found)| {
            flaws.extend(found);
            if sink.is_ok() {
                sink = out.write_all(text.as_bytes());
            }
            Ok::<(), ingest::error::Error>(())
        },
    );
    terminal::quietly(sink).context("cannot write standard output")?;
    let sheet = SheetName { file: name.to_owned(), sheet: None };
    let findings = as_findings(&flaws, &sheet);
    ended.map(|()| findings).map_err(|error| Failure::Refused(format!("{name}: {error}")).into())
}

fn csv_dialect(path: &Path, name: &str, out: &mut impl Write) -> Result<Vec<Finding>> {
    let mut csv = open_csv(path, name)?;
    let mut rows = 0;
    csv::for_each(
        &mut csv,
        |parsed| parsed.batch.len() as u64,
        |count| {
            rows += count;
            Ok::<(), ingest::error::Error>(())
        },
    )
    .map_err(|error| Failure::Refused(format!("{name}: {error}")))?;
    let written = writeln!(out, "{}", csv.dialect.json(rows));
    terminal::quietly(written).context("cannot write standard output")?;
    Ok(Vec::new())
}

/// Prints a sheet as it lies there: row 14 of the sheet is record 14 of the CSV.
fn cat_workbook(args: &CatArgs, name: &str, out: &mut impl Write) -> Result<Vec<Finding>> {
    let book = workbook_process::read(&args.file, name, &Caps::default())?;
    let sheet = match &args.sheet {
        Some(sheet) => open::find_sheet(&book, sheet, name)?,
        None => first_shown(&book).ok_or_else(|| Failure::Refused(format!("{name}: it has no sheet")))?,
    };
    let sheet_name = SheetName { file: name.to_owned(), sheet: Some(sheet.name.clone()) };
    let mut findings = as_findings(&sheet.flaws, &sheet_name);
    if args.dialect {
        let written = writeln!(out, "{}", workbook_dialect(sheet));
        terminal::quietly(written).context("cannot write standard output")?;
        return Ok(findings);
    }
    let columns = width(&sheet.batches);
    let rows: usize = sheet.batches.iter().map(Batch::len).sum();
    let last = sheet.batches.last().and_then(|batch| batch.rows.last()).map_or(0, |&row| row as usize);
    let keeps_gaps = (last - rows).saturating_mul(columns) <= BLANK_CELLS;
    if !keeps_gaps {
        let message = format!("{} blank rows are left out", last - rows);
        let place = Location { sheet: sheet_name, cell: String::new() };
        findings.push(
            Finding::new("blank-rows", Severity::Note, "", message)
                .hint("delete what stands far below or far to the right of the table")
                .at(place),
        );
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
    Ok(findings)
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

fn as_findings(flaws: &[Flaw], sheet: &SheetName) -> Vec<Finding> {
    flaws.iter().map(|flaw| flaw.finding(sheet)).collect()
}
