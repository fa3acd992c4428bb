//! Fact sheets of any size, as a curator could have written them: the words of figures, periods and
//! places vary as they do in texts, sources repeat, round and contradict each other.
//!
//! [`write`] makes a workspace on which `pipeline run` works at once. The same settings give the
//! same bytes. What is measured with the sheets, and against what, stands beside this crate.

mod claim;
mod corridor;
mod draw;
mod figure;
mod period;
mod sheet;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use chrono::{Days, NaiveDate};

use claim::{COLUMNS, Corridor};
use draw::Draw;
pub use sheet::Format;

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Rows of the sheet of claims.
    pub rows: u64,
    /// Another seed is another corridor.
    pub seed: u64,
    /// Of a thousand rows of claims, how many cannot be read: an unknown place, source or indicator,
    /// no figure, no period.
    pub bad_permille: u64,
    /// The form of the sheet of claims; the other sheets are CSV.
    pub format: Format,
}

impl Settings {
    /// So many claims as CSV, all of them good.
    pub fn of_rows(rows: u64) -> Self {
        Self { rows, seed: 1, bad_permille: 0, format: Format::Csv }
    }
}

/// A text that states figures.
#[derive(Debug, Clone)]
struct Source {
    id: String,
    publisher: &'static str,
    kind: &'static str,
    published_on: NaiveDate,
}

/// Writes `pipeline.toml` and `raw/` into a folder, and `places.csv`, which says what each name in
/// the sheets stands for to programs that know no places.
///
/// # Errors
/// Where a file cannot be written.
pub fn write(folder: &Path, settings: &Settings) -> io::Result<()> {
    let raw = folder.join("raw");
    fs::create_dir_all(&raw)?;
    let sources = sources(settings);
    let corridor = Corridor { settings: *settings, sources: &sources };
    let claims = match settings.format {
        Format::Csv => "raw/claims.csv",
        Format::Xlsx => "raw/claims.xlsx",
    };
    fs::write(folder.join("pipeline.toml"), configuration(settings, claims))?;
    sheet::write_csv(&raw.join("sources.csv"), &SOURCES, sources.iter().map(source_row))?;
    sheet::write_csv(
        &raw.join("indicators.csv"),
        &INDICATORS,
        corridor::INDICATORS.iter().map(indicator_row),
    )?;
    sheet::write_csv(&folder.join("places.csv"), &["name", "code"], corridor::names())?;
    sheet::write_csv(&raw.join("commitments.csv"), &COMMITMENTS, commitments(settings, &sources))?;
    sheet::write_csv(&raw.join("events.csv"), &EVENTS, events(settings, &sources))?;
    let rows = (0..settings.rows).map(|row| corridor.claim(row));
    match settings.format {
        Format::Csv => sheet::write_csv(&folder.join(claims), &COLUMNS, rows),
        Format::Xlsx => sheet::write_xlsx(&folder.join(claims), &COLUMNS, rows),
    }
}

fn configuration(settings: &Settings, claims: &str) -> Vec<u8> {
    let on_error = if settings.bad_permille == 0 { "refuse" } else { "quarantine" };
    let mut text = Vec::new();
    let _ = write!(
        text,
        "[corridor]\nname = \"generated\"\ntitle = \"A generated corridor\"\nlicence = \"CC0-1.0\"\n\n\
         [settings]\nlanguages = [\"en\", \"ru\"]\non_error = \"{on_error}\"\n"
    );
    let sheets = [
        ("raw/sources.csv", "sources"),
        ("raw/indicators.csv", "indicators"),
        (claims, "claims"),
        ("raw/commitments.csv", "commitments"),
        ("raw/events.csv", "events"),
    ];
    for (file, kind) in sheets {
        let _ = write!(text, "\n[[sheet]]\nfile = \"{file}\"\nkind = \"{kind}\"\n");
    }
    text
}

/// The day of the first source; the last is twenty years later.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2006, 7, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const DAYS: u64 = 20 * 365;

/// Texts in the order of their days, about one for four hundred claims.
fn sources(settings: &Settings) -> Vec<Source> {
    let count = (settings.rows / 400).clamp(40, 25_000);
    let source = |index: u64| {
        let mut draw = Draw::new(settings.seed, draw::SOURCES, index);
        let (publisher, name, kind) = *draw.pick(&corridor::PUBLISHERS);
        let published_on = FIRST_DAY + Days::new((index + 1) * DAYS / count);
        Source { id: format!("{name}-{published_on}-{index}"), publisher, kind, published_on }
    };
    (0..count).map(source).collect()
}

const SOURCES: [&str; 6] = ["source_id", "title", "publisher", "published_on", "date_precision", "kind"];

fn source_row(source: &Source) -> Vec<String> {
    let title = format!("{} of {}", source.publisher, source.published_on);
    let day = source.published_on.to_string();
    vec![source.id.clone(), title, source.publisher.to_owned(), day, "day".to_owned(), source.kind.to_owned()]
}

const INDICATORS: [&str; 10] = [
    "indicator",
    "label",
    "topic",
    "unit",
    "flow_or_stock",
    "symmetric",
    "part_of",
    "minimum",
    "maximum",
    "better",
];

fn indicator_row(indicator: &corridor::Indicator) -> Vec<String> {
    let (minimum, maximum) = if indicator.unit == "%" { ("0", "100") } else { ("", "") };
    let part_of = indicator.part_of.map_or("", |total| corridor::INDICATORS[total].id);
    let is_stock = if indicator.is_stock { "stock" } else { "flow" };
    let is_symmetric = if indicator.is_symmetric { "true" } else { "false" };
    let cells = [
        indicator.id,
        indicator.label,
        indicator.topic,
        indicator.unit,
        is_stock,
        is_symmetric,
        part_of,
        minimum,
        maximum,
        "higher",
    ];
    cells.map(str::to_owned).into()
}

fn commitment_count(settings: &Settings) -> u64 {
    (settings.rows / 5_000).clamp(10, 400)
}

const COMMITMENTS: [&str; 13] = [
    "commitment_id",
    "source",
    "party",
    "counterparty",
    "kind",
    "title",
    "topic",
    "indicator",
    "stated",
    "deadline",
    "announced_on",
    "evidence",
    "note",
];

/// Targets tied to an indicator, and pledges of money.
fn commitments<'a>(settings: &'a Settings, sources: &'a [Source]) -> impl Iterator<Item = Vec<String>> + 'a {
    (0..commitment_count(settings)).map(move |index| {
        let mut draw = Draw::new(settings.seed, draw::COMMITMENTS, index);
        let source = draw.pick(sources);
        let (party, counterparty) = corridor::pair(draw.below(corridor::PAIRS));
        let indicator = draw.pick(&corridor::INDICATORS);
        let amount = draw.below(90) + 10;
        let is_target = indicator.unit == "USD" && draw.permille(500);
        let stated = if draw.permille(800) { format!("${amount} million") } else { String::new() };
        let due = 2020 + draw.below(15);
        vec![
            format!("promise-{index:04}"),
            source.id.clone(),
            party.names[0].to_owned(),
            counterparty.names[0].to_owned(),
            if is_target { "target" } else { "pledge" }.to_owned(),
            format!("{} of {} by {due}", indicator.label, party.names[0]),
            indicator.topic.to_owned(),
            if is_target { indicator.id } else { "" }.to_owned(),
            stated,
            due.to_string(),
            source.published_on.to_string(),
            String::new(),
            String::new(),
        ]
    })
}

const EVENTS: [&str; 4] = ["commitment_id", "on", "status", "source"];

fn events<'a>(settings: &'a Settings, sources: &'a [Source]) -> impl Iterator<Item = Vec<String>> + 'a {
    (0..commitment_count(settings)).map(move |index| {
        let mut draw = Draw::new(settings.seed, draw::COMMITMENTS, index);
        let source = draw.pick(sources);
        let id = format!("promise-{index:04}");
        vec![id, source.published_on.to_string(), "announced".to_owned(), source.id.clone()]
    })
}
