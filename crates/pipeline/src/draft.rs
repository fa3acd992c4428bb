//! `pipeline draft`: a fact sheet of candidate claims from an article's text, for a person to
//! finish. It prints; it never touches `raw/`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::Args;
use ingest::kind::{HEAD, Kind};
use normalize::draft::{draft, fact_sheet};
use normalize::evidence::{Reading, Text};
use normalize::language::Languages;
use normalize::place::Places;

use crate::cli::day;
use crate::failure::Failure;
use crate::terminal;

/// Arguments of `pipeline draft`.
#[derive(Debug, Args)]
pub(crate) struct DraftArgs {
    /// An article as plain text
    text: PathBuf,
    /// The id of its source [default: the file's name without its ending]
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Languages of the text, by BCP 47 tags
    #[arg(long, default_value = "en,ru", value_name = "TAGS")]
    lang: String,
    /// The day it was published, against which "last year" is read
    #[arg(long, value_name = "DATE", value_parser = day)]
    published: Option<NaiveDate>,
}

/// Prints the candidates as a CSV of the claims contract.
pub(crate) fn run(args: &DraftArgs) -> Result<ExitCode> {
    let languages = Languages::parse(&args.lang)
        .map_err(|tag| Failure::Usage(format!("`{tag}` in --lang has no word tables: en, ru")))?;
    let bytes = std::fs::read(&args.text).with_context(|| format!("cannot read {}", args.text.display()))?;
    let text = ingest::encoding::decode(&bytes);
    refuse_binary(args, &bytes, &text)?;
    let stem = || args.text.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let source = args.source.clone().or_else(stem).unwrap_or_default();
    let reading = Reading { languages, anchor: args.published, ..Reading::default() };
    let text = Text::new(&source, &text, reading);
    terminal::print(&fact_sheet(&draft(&text, &Places::builtin())))
        .context("cannot write standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// Fails where the file holds no text: a workbook or document, or bytes that decode to NUL characters.
fn refuse_binary(args: &DraftArgs, bytes: &[u8], text: &str) -> Result<()> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_document = Kind::of("", head).is_ok_and(Kind::is_workbook) || head.starts_with(b"%PDF-");
    if is_document || text.contains('\0') {
        let name = args.text.display();
        let message = format!("{name} is no plain text: save the article as .txt, in UTF-8");
        return Err(Failure::Refused(message).into());
    }
    Ok(())
}
