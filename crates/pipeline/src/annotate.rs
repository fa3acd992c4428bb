//! `pipeline check --annotate`: the rows of every input as a workbook, each cell where the file has
//! it, with the findings as comments and colours. The inputs are left as they are.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use ingest::sheet::Header;
use model::cell::{Batch, CellType, SheetName};
use model::finding::{Finding, Severity};
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet};

use crate::config::Config;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::open::{Opener, collected};

/// Rows that a worksheet has; lines below are left out.
const ROWS: u32 = 1_048_576;

/// Characters of a comment.
const COMMENT: usize = 8000;

type Written<T> = std::result::Result<T, rust_xlsxwriter::XlsxError>;

/// Findings by line or row and column, both from 0.
type ByCell<'a> = BTreeMap<(u32, u16), Vec<&'a Finding>>;

/// Writes a workbook for each input file into `folder`, and says how many.
pub(crate) fn annotate(
    config: &Config,
    inputs: &Inputs,
    findings: &[&Finding],
    folder: &Path,
) -> Result<usize> {
    for published in ["curated", "out"] {
        if config.workspace.join(published) == folder {
            return Err(Failure::Usage(format!("{published}/ is for revisions: name another folder")).into());
        }
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut opener = Opener::new(inputs);
    let mut books: BTreeMap<String, BTreeMap<SheetName, Worksheet>> = BTreeMap::new();
    for sheet in &config.sheets {
        for table in opener.tables(sheet)? {
            let sheets = books.entry(sheet.file.clone()).or_default();
            if sheets.contains_key(&table.name) {
                continue;
            }
            let batches = collected(table.rows, &table.name, &mut Vec::new())?;
            let by_cell = by_cell(findings, &table.name);
            let written = worksheet(&table.name, &table.header, &batches, &by_cell);
            let written = written.with_context(|| format!("cannot annotate {}", table.name.file))?;
            sheets.insert(table.name, written);
        }
    }
    let count = books.len();
    for (file, sheets) in books {
        let mut workbook = Workbook::new();
        for sheet in sheets.into_values() {
            workbook.push_worksheet(sheet);
        }
        let bytes = workbook.save_to_buffer().with_context(|| format!("cannot annotate {file}"))?;
        let name = file.strip_prefix("raw/").unwrap_or(&file).replace('/', "-");
        let path = folder.join(format!("{name}.annotated.xlsx"));
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(count)
}

/// The findings about a sheet, by cell; what is about the whole sheet stands at its first cell.
fn by_cell<'a>(findings: &[&'a Finding], name: &SheetName) -> ByCell<'a> {
    let mut by_cell = ByCell::new();
    for finding in findings {
        let Some(location) = finding.location.as_ref().filter(|location| location.sheet == *name) else {
            continue;
        };
        let row = location.row().unwrap_or(1).saturating_sub(1);
        by_cell.entry((row, column(&location.cell))).or_default().push(finding);
    }
    by_cell
}

/// The column of an address, from 0: that of `C14` is 2, that of `14:6` is 5.
fn column(cell: &str) -> u16 {
    if let Some((_, field)) = cell.split_once(':') {
        return field.parse::<u16>().map_or(0, |field| field.saturating_sub(1));
    }
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters
        .fold(0_u32, |number, letter| number.saturating_mul(26).saturating_add(u32::from(letter - b'A') + 1));
    u16::try_from(number.saturating_sub(1)).unwrap_or(0)
}

fn worksheet(
    name: &SheetName,
    header: &Header,
    batches: &[Batch],
    by_cell: &ByCell<'_>,
) -> Written<Worksheet> {
    let mut sheet = Worksheet::new();
    if let Some(name) = &name.sheet {
        sheet.set_name(name)?;
    }
    let bold = Format::new().set_bold();
    let first = header.row.map_or(0, |row| (row as usize).saturating_sub(header.rows.len()));
    for (row, cells) in header.rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            let at = ((first + row) as u32, column as u16);
            let format = coloured(bold.clone(), by_cell.get(&at));
            sheet.write_string_with_format(at.0, at.1, text, &format)?;
        }
    }
    for batch in batches {
        for row in (0..batch.len()).filter(|&row| batch.rows[row] <= ROWS) {
            for column in 0..batch.width {
                let at = (batch.rows[row].saturating_sub(1), column as u16);
                write_cell(
                    &mut sheet,
                    at,
                    batch.get(row, column),
                    batch.cell_type(row, column),
                    by_cell.get(&at),
                )?;
            }
        }
    }
    for (&(row, column), findings) in by_cell.iter().filter(|((row, _), _)| *row < ROWS) {
        let note = Note::new(comment(findings)).set_author("pipeline").set_width(360).set_height(140);
        sheet.insert_note(row, column, &note)?;
    }
    Ok(sheet)
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    cell_type: CellType,
    findings: Option<&Vec<&Finding>>,
) -> Written<()> {
    let format = coloured(Format::new(), findings);
    match (cell_type, text.strip_suffix('%').unwrap_or(text).parse::<f64>()) {
        (CellType::Number, Ok(number)) if text.ends_with('%') => {
            sheet.write_number_with_format(row, column, number / 100.0, &format.set_num_format("0.##%"))?;
        }
        (CellType::Number, Ok(number)) => {
            sheet.write_number_with_format(row, column, number, &format)?;
        }
        _ if text.is_empty() => {
            sheet.write_blank(row, column, &format)?;
        }
        _ => {
            sheet.write_string_with_format(row, column, text, &format)?;
        }
    }
    Ok(())
}

/// The colour of the gravest finding.
fn coloured(format: Format, findings: Option<&Vec<&Finding>>) -> Format {
    match findings.and_then(|findings| findings.iter().map(|finding| finding.severity).min()) {
        Some(Severity::Error) => format.set_background_color(Color::RGB(0x00FF_C7CE)),
        Some(Severity::Warning) => format.set_background_color(Color::RGB(0x00FF_EB9C)),
        Some(Severity::Note) => format.set_background_color(Color::RGB(0x00DD_EBF7)),
        None => format,
    }
}

/// What there is to say of a cell, and how to mend it.
fn comment(findings: &[&Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let hint = if finding.hint.is_empty() { String::new() } else { format!("\n→ {}", finding.hint) };
        format!("{} {}: {}{hint}", finding.severity, finding.code, finding.message)
    });
    lines.collect::<Vec<_>>().join("\n\n").chars().take(COMMENT).collect()
}
