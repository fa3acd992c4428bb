//! `pipeline parse`: the grammar as an instrument of its own, lines in, JSON objects out.

use std::borrow::Cow;
use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use model::figure::Tolerances;
use model::unit::Unit;
use normalize::found::Found;
use normalize::language::Languages;
use normalize::place::Places;
use normalize::quantity::{Convention, Mention};
use normalize::{period, quantity};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::cli::{Options, day};
use crate::failure::Failure;
use crate::terminal::{complain, quietly};

/// What to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Grammar {
    /// Figures with their hedge, interval and unit
    Quantity,
    /// Periods with their first and last day
    Period,
    /// Countries and declared groups
    Place,
}

/// Arguments of `pipeline parse`.
#[derive(Debug, Args)]
pub(crate) struct ParseArgs {
    /// What to read
    #[arg(value_enum)]
    grammar: Grammar,
    /// Languages of the lines, by BCP 47 tags
    #[arg(long, default_value = "en,ru", value_name = "TAGS")]
    lang: String,
    /// The day against which "last year" is read
    #[arg(long, value_name = "DATE", value_parser = day)]
    anchor: Option<NaiveDate>,
}

/// Reads each line of standard input; whatever is found, the exit code is 0. A configuration that is named has to be one,
/// though nothing of it counts here.
pub(crate) fn parse(args: &ParseArgs, options: &Options) -> Result<ExitCode> {
    let languages = Languages::parse(&args.lang)
        .map_err(|tag| Failure::Usage(format!("`{tag}` in --lang has no word tables: en, ru")))?;
    let places = Places::builtin();
    if options.names_configuration() {
        options.configuration()?;
        complain(
            "note: parse reads no setting of --config: --lang says in which languages, and places are the built-in ones",
        );
    }
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let mut is_told = false;
    for number in 1u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line).context("cannot read standard input")? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        if matches!(text, Cow::Owned(_)) && !is_told {
            is_told = true;
            complain(&format!(
                "warning: line {number} is no UTF-8: what cannot be read stands as \u{fffd}; convert the input first (iconv, or pipeline cat for tables)"
            ));
        }
        let text = text.trim_end_matches(['\n', '\r']);
        let written = match args.grammar {
            Grammar::Quantity => write_line(&mut out, &quantities(text, languages)),
            Grammar::Period => write_line(&mut out, &periods(text, languages, args.anchor)),
            Grammar::Place => write_line(&mut out, &place(text, &places)),
        };
        if let Err(error) = written {
            quietly(Err(error)).context("cannot write standard output")?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    quietly(out.flush()).context("cannot write standard output")?;
    Ok(ExitCode::SUCCESS)
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Reading<'a, T> {
    input: &'a str,
    found: Vec<T>,
}

#[derive(Serialize)]
struct QuantityJson<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    comparator: &'static str,
    value: Option<serde_json::Number>,
    lower: Option<serde_json::Number>,
    upper: Option<serde_json::Number>,
    unit: Option<&'static str>,
    noun: Option<String>,
}

fn quantities<'a>(line: &'a str, languages: Languages) -> Reading<'a, QuantityJson<'a>> {
    let mentions = quantity::find(line, languages, Convention::RunningText);
    let mut scalars = Scalars::new(line);
    let found = mentions.into_iter().map(|found| {
        let (start, end) = scalars.span(&found);
        let text = &line[found.start..found.end];
        let Mention { quantity, .. } = found.value;
        let bounds = quantity.bounds(&Tolerances::default());
        QuantityJson {
            text,
            start,
            end,
            comparator: quantity.comparator.as_str(),
            value: quantity.value().and_then(number),
            lower: bounds.lower.and_then(number),
            upper: bounds.upper.and_then(number),
            unit: quantity.unit.map(Unit::code),
            noun: quantity.noun,
        }
    });
    Reading { input: line, found: found.collect() }
}

/// The exact decimal as the nearest float; whole numbers as integers.
fn number(decimal: Decimal) -> Option<serde_json::Number> {
    match i64::try_from(decimal) {
        Ok(whole) if decimal.is_integer() => Some(whole.into()),
        _ => serde_json::Number::from_f64(model::claim::nearest_float(&decimal)),
    }
}

#[derive(Serialize)]
struct PeriodJson<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    label: String,
    role: &'static str,
}

fn periods<'a>(
    line: &'a str,
    languages: Languages,
    anchor: Option<NaiveDate>,
) -> Reading<'a, PeriodJson<'a>> {
    let mut scalars = Scalars::new(line);
    let found = period::find(line, languages, anchor).into_iter().map(|found| {
        let (start, end) = scalars.span(&found);
        let period = &found.value;
        PeriodJson {
            text: &line[found.start..found.end],
            start,
            end,
            from: period.start,
            to: period.end,
            label: period.label(),
            role: period.role.as_str(),
        }
    });
    Reading { input: line, found: found.collect() }
}

#[derive(Serialize)]
struct PlaceReading<'a> {
    input: &'a str,
    place: Option<PlaceJson<'a>>,
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    alpha3: Option<&'a str>,
    alpha2: Option<&'a str>,
    name: &'a str,
}

fn place<'a>(line: &'a str, places: &'a Places) -> PlaceReading<'a> {
    let place = places.find(line).map(|id| {
        let place = places.get(id);
        let is_country = place.alpha2.is_some();
        PlaceJson {
            alpha3: is_country.then_some(&place.code),
            alpha2: place.alpha2.as_deref(),
            name: &place.name,
        }
    });
    PlaceReading { input: line, place }
}

/// Byte offsets as counts of Unicode scalars, for offsets that mostly ascend.
struct Scalars<'a> {
    line: &'a str,
    byte: usize,
    scalar: usize,
}

impl<'a> Scalars<'a> {
    fn new(line: &'a str) -> Self {
        Self { line, byte: 0, scalar: 0 }
    }

    fn span<T>(&mut self, found: &Found<T>) -> (usize, usize) {
        (self.at(found.start), self.at(found.end))
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.scalar) = (0, 0);
        }
        self.scalar += self.line[self.byte..byte].chars().count();
        self.byte = byte;
        self.scalar
    }
}
