//! `pipeline template`: an empty fact sheet as a workbook, with drop-downs from the vocabulary and, in
//! a workspace, from what it knows already; a comment on each header and an example row.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;
use model::contract::{CellContent, Need, SheetColumn, SheetKind};
use model::unit::Unit;
use normalize::place::Places;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, Formula, Note, Workbook, Worksheet,
};

use crate::cli::Options;
use crate::config::FILE_NAME;
use crate::evaluate::evaluate;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::stopwatch::Stopwatch;
use crate::terminal;

/// Arguments of `pipeline template`.
#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    /// What the rows of the sheet are
    #[arg(value_parser = PossibleValuesParser::new(SheetKind::WORDS))]
    kind: String,
    /// The workbook to write
    #[arg(short, long, value_name = "FILE.xlsx")]
    output: PathBuf,
}

/// Rows that have drop-downs.
const ROWS: u32 = 2000;

/// The sheet of the words in the drop-downs.
const LISTS: &str = "Lists";

/// What a workspace knows already.
#[derive(Debug, Default)]
struct Known {
    sources: Vec<String>,
    indicators: Vec<String>,
    commitments: Vec<String>,
    units: Vec<String>,
    /// Places in use, by code.
    places: Vec<String>,
}

/// Writes the workbook; one that is there already is replaced.
pub(crate) fn template(args: &TemplateArgs, options: &Options) -> Result<ExitCode> {
    let Some(kind) = SheetKind::parse(&args.kind) else { return Ok(ExitCode::from(2)) };
    if args.output.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("xlsx")) {
        let named = args.output.with_extension("xlsx");
        let message = format!("a template is a workbook: write it to {}", named.display());
        return Err(Failure::Usage(message).into());
    }
    let known = if is_in_workspace(options)? { known(options)? } else { Known::default() };
    let mut workbook = workbook(kind, &known).context("cannot make the workbook")?;
    let bytes = workbook.save_to_buffer().context("cannot make the workbook")?;
    std::fs::write(&args.output, bytes).with_context(|| format!("cannot write {}", args.output.display()))?;
    if !options.quiet {
        terminal::complain(&format!("{}: an empty sheet of {kind}", args.output.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a configuration is named, or lies in this folder or above.
fn is_in_workspace(options: &Options) -> Result<bool> {
    let folder = std::env::current_dir().context("cannot tell the current folder")?;
    Ok(options.names_configuration() || folder.ancestors().any(|folder| folder.join(FILE_NAME).is_file()))
}

fn known(options: &Options) -> Result<Known> {
    let config = options.configuration()?;
    let facts = evaluate(&config, &Inputs::in_place(&config)?, None, &mut Stopwatch::default())?.facts;
    let mut places: Vec<String> =
        facts.claims.reporter.iter().map(|&place| facts.place_code(place).to_owned()).collect();
    places.extend(facts.claims.partner.iter().flatten().map(|&place| facts.place_code(place).to_owned()));
    places.sort();
    places.dedup();
    let mut units: Vec<String> =
        facts.indicators.iter().map(|indicator| indicator.unit.code().to_owned()).collect();
    units.sort();
    units.dedup();
    Ok(Known {
        sources: facts.sources.iter().map(|source| source.source_id.clone()).collect(),
        indicators: facts.indicators.iter().map(|indicator| indicator.indicator.clone()).collect(),
        commitments: facts.commitments.iter().map(|commitment| commitment.commitment_id.clone()).collect(),
        units,
        places,
    })
}

type Written<T> = std::result::Result<T, rust_xlsxwriter::XlsxError>;

fn workbook(kind: SheetKind, known: &Known) -> Written<Workbook> {
    let mut workbook = Workbook::new();
    let mut sheet = Worksheet::new();
    let mut lists = Worksheet::new();
    sheet.set_name(kind.as_str())?;
    lists.set_name(LISTS)?.set_hidden(true);
    let header = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7));
    let optional = Format::new().set_background_color(Color::RGB(0x00F2_F2F2));
    let example = Format::new().set_italic().set_font_color(Color::RGB(0x0080_8080)).set_num_format("@");
    let text = Format::new().set_num_format("@");
    for (position, column) in (0_u16..).zip(kind.columns()) {
        let format = if column.need == Need::Required { &header } else { &optional };
        sheet.write_string_with_format(0, position, column.name, format)?;
        sheet.insert_note(0, position, &Note::new(comment(column)).set_author("pipeline"))?;
        // Text as it is typed: a spreadsheet would make dates and numbers of ids and figures.
        sheet.set_column_format(position, &text)?;
        sheet.set_column_width(position, column.name.len().clamp(12, 24) as f64)?;
        sheet.write_string_with_format(1, position, sample(column, known), &example)?;
        let words = words(column, known);
        if !words.is_empty() {
            add_list(&mut sheet, &mut lists, position, column, &words)?;
        }
    }
    sheet.insert_note(
        1,
        0,
        &Note::new("An example: write over it, or delete the row.").set_author("pipeline"),
    )?;
    sheet.set_freeze_panes(1, 0)?;
    workbook.push_worksheet(sheet);
    workbook.push_worksheet(lists);
    Ok(workbook)
}

/// A drop-down whose words stand in a column of the hidden sheet.
fn add_list(
    sheet: &mut Worksheet,
    lists: &mut Worksheet,
    position: u16,
    column: &SheetColumn,
    words: &[String],
) -> Written<()> {
    lists.write_string(0, position, column.name)?;
    for (row, word) in (1_u32..).zip(words) {
        lists.write_string(row, position, word)?;
    }
    let letters = model::cell::column_letters(position);
    let formula = format!("={LISTS}!${letters}$2:${letters}${}", words.len() + 1);
    // A closed vocabulary refuses other words; lists of ids and places only advise.
    let is_closed = matches!(column.content, CellContent::Word(_) | CellContent::Boolean);
    let style = if is_closed { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Warning };
    let validation = DataValidation::new()
        .allow_list_formula(Formula::new(formula))
        .set_error_style(style)
        .set_error_title(column.name)?
        .set_error_message("Choose a word of the list.")?;
    sheet.add_data_validation(1, position, ROWS, position, &validation)?;
    Ok(())
}

fn comment(column: &SheetColumn) -> String {
    let need = if column.need == Need::Required { "Required." } else { "May be empty." };
    let holds = match column.content {
        CellContent::Word(words) => format!("\nOne of: {}.", words.join(", ")),
        CellContent::Boolean => "\ntrue or false.".to_owned(),
        CellContent::Date => "\nAs 2024-05-17, 2024-05 or 2024.".to_owned(),
        CellContent::Places => "\nSeveral with ; between them.".to_owned(),
        CellContent::Reference(kind) => format!("\nAn id of the sheet of {kind}."),
        _ => String::new(),
    };
    format!("{} {need}{holds}", column.description)
}

fn words(column: &SheetColumn, known: &Known) -> Vec<String> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match column.content {
        CellContent::Word(words) => own(words),
        CellContent::Boolean => own(&["true", "false"]),
        CellContent::Reference(SheetKind::Sources) => known.sources.clone(),
        CellContent::Reference(SheetKind::Indicators) => known.indicators.clone(),
        CellContent::Reference(SheetKind::Commitments) => known.commitments.clone(),
        CellContent::Place => {
            // Those in use come first, then all others by code.
            let all = Places::builtin();
            let others =
                all.all().iter().map(|place| place.code.clone()).filter(|code| !known.places.contains(code));
            known.places.iter().cloned().chain(others).collect()
        }
        CellContent::Unit => {
            let common =
                ["USD", "EUR", Unit::PERCENT.code(), Unit::PERCENTAGE_POINT.code(), Unit::COUNT.code()];
            let others = common.into_iter().map(str::to_owned).filter(|unit| !known.units.contains(unit));
            known.units.iter().cloned().chain(others).collect()
        }
        _ => Vec::new(),
    }
}

fn sample(column: &SheetColumn, known: &Known) -> String {
    let first =
        |ids: &[String], otherwise: &str| ids.first().cloned().unwrap_or_else(|| otherwise.to_owned());
    match column.content {
        CellContent::Id => "example-1".to_owned(),
        CellContent::Reference(SheetKind::Sources) => first(&known.sources, "example-source"),
        CellContent::Reference(SheetKind::Indicators) if column.need == Need::Required => {
            first(&known.indicators, "example-indicator")
        }
        CellContent::Reference(SheetKind::Commitments) if column.need == Need::Required => {
            first(&known.commitments, "example-1")
        }
        _ if column.need == Need::Optional => String::new(),
        CellContent::Figure => "exceeded 3 billion US dollars".to_owned(),
        CellContent::Number => "3.5".to_owned(),
        CellContent::Unit => "USD".to_owned(),
        CellContent::Period => "2024".to_owned(),
        CellContent::Date => "2024-05-17".to_owned(),
        CellContent::Place | CellContent::Places => first(&known.places, "World"),
        CellContent::Word(words) => words.first().copied().unwrap_or_default().to_owned(),
        _ => "…".to_owned(),
    }
}
