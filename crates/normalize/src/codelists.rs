//! Code lists that claims and commitments refer to: places, sources and indicators. They are read
//! first; a reference to anything else is a finding with the nearest suggestion.

use chrono::{Datelike, NaiveDate};
use hashbrown::HashMap;
use model::cell::{Batch, CellRef};
use model::contract::SheetKind;
use model::finding::Finding;
use model::indicator::{Better, FlowOrStock, Indicator};
use model::period::{Precision, last_of_month};
use model::place::PlaceId;
use model::source::{Source, SourceKind};

use crate::corrections::Corrections;
use crate::mapping::{BoundSheet, Slot};
use crate::nearest::nearest;
use crate::place::Places;
use crate::row::Row;

/// The code of a row whose reference may name a refused row.
pub const ORPHAN: &str = "refused-reference";

/// Places, sources and indicators, each found by id in constant time.
#[derive(Debug)]
pub struct Codelists {
    /// Every known place.
    pub places: Places,
    /// By `source_id`.
    pub sources: Vec<Source>,
    /// By `indicator`.
    pub indicators: Vec<Indicator>,
    /// Lists of which a row or a whole sheet was refused: what they lack may be among those.
    pub incomplete: Vec<SheetKind>,
    source_index: HashMap<String, u32, foldhash::fast::FixedState>,
    indicator_index: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Codelists {
    /// The lists, sorted by id.
    pub fn new(places: Places, mut sources: Vec<Source>, mut indicators: Vec<Indicator>) -> Self {
        sources.sort_by(|a, b| a.source_id.cmp(&b.source_id));
        indicators.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        let source_index = sources.iter().map(|source| source.source_id.clone()).zip(0..).collect();
        let indicator_index =
            indicators.iter().map(|indicator| indicator.indicator.clone()).zip(0..).collect();
        Self { places, sources, indicators, incomplete: Vec::new(), source_index, indicator_index }
    }

    /// The index of the source named in `column`; `None` where the cell is empty or refused.
    pub(crate) fn source(&self, row: &mut Row<'_>, column: &str, slot: Slot) -> Option<u32> {
        let text = row.text_at(column, slot);
        if text.is_empty() {
            return None;
        }
        let found = self.source_index.get(text).copied();
        if found.is_none() && self.incomplete.contains(&SheetKind::Sources) {
            row.refuse_as_orphan(column);
        } else if found.is_none() {
            let ids = self.sources.iter().map(|source| source.source_id.as_str());
            refuse_reference(row, column, "unknown-source", ids, "add its row to the sheet of sources");
        }
        found
    }

    /// The index of the indicator named in `column`; `None` where the cell is empty or refused.
    pub(crate) fn indicator(&self, row: &mut Row<'_>, column: &str, slot: Slot) -> Option<u32> {
        let text = row.text_at(column, slot);
        if text.is_empty() {
            return None;
        }
        let found = self.indicator_index.get(text).copied();
        if found.is_none() && self.incomplete.contains(&SheetKind::Indicators) {
            row.refuse_as_orphan(column);
        } else if found.is_none() {
            let ids = self.indicators.iter().map(|indicator| indicator.indicator.as_str());
            refuse_reference(row, column, "unknown-indicator", ids, "add its row to the sheet of indicators");
        }
        found
    }

    /// The place named in `column`; `None` where the cell is empty or refused.
    pub(crate) fn place(&self, row: &mut Row<'_>, column: &str, slot: Slot) -> Option<PlaceId> {
        let text = row.text_at(column, slot);
        if text.is_empty() { None } else { self.place_named(row, column, text) }
    }

    /// The places named in `column`, with `;` between them.
    pub(crate) fn places(&self, row: &mut Row<'_>, column: &str) -> Vec<PlaceId> {
        let names = row.text(column).split(';').map(str::trim).filter(|name| !name.is_empty());
        names.filter_map(|name| self.place_named(row, column, name)).collect()
    }

    fn place_named(&self, row: &mut Row<'_>, column: &str, name: &str) -> Option<PlaceId> {
        let found = self.places.find(name);
        if found.is_none() {
            let near: Vec<_> = self
                .places
                .nearest(name)
                .iter()
                .take(3)
                .map(|place| format!("{} ({})", place.name, place.code))
                .collect();
            let suggestion =
                if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(", ")) };
            let hint = format!("{suggestion}a name of your own goes into the sheet of places");
            row.refuse(column, "unknown-place", format!("`{name}` is no known place"), hint);
        }
        found
    }
}

/// Refuses a reference that names nothing, with the nearest id.
pub(crate) fn refuse_reference<'a>(
    row: &mut Row<'_>,
    column: &str,
    code: &'static str,
    ids: impl Iterator<Item = &'a str>,
    otherwise: &str,
) {
    let text = row.text(column);
    let near = nearest(text, ids);
    let hint = near
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`? otherwise {otherwise}"));
    row.refuse(column, code, format!("`{text}` in `{column}` names nothing"), hint);
}

/// Reads the rows of a sheet of sources.
pub fn read_sources(
    sheet: &BoundSheet,
    batch: &Batch,
    corrections: &Corrections,
) -> (Vec<Source>, Vec<Finding>) {
    read_rows(sheet, batch, "source_id", corrections, |row| {
        let kind = row.word("kind", SourceKind::parse, SourceKind::WORDS);
        let published = row.date("published_on");
        let precision = row.word("date_precision", Precision::parse, Precision::WORDS);
        let (published_on, date_precision) = as_precise(row, published?, precision)?;
        Some(Source {
            source_id: row.id().to_owned(),
            title: row.text("title").to_owned(),
            publisher: row.text("publisher").to_owned(),
            published_on,
            date_precision,
            url: row.text("url").to_owned(),
            language: row.text("language").to_owned(),
            kind: kind?,
            origin: row.text("origin").to_owned(),
            note: row.text("note").to_owned(),
            cell: row.cell_of("source_id"),
        })
    })
}

/// The last possible day of a date that is known no more precisely than `declared`, and how
/// precisely it is known.
fn as_precise(
    row: &mut Row<'_>,
    (day, stated): (NaiveDate, Precision),
    declared: Option<Precision>,
) -> Option<(NaiveDate, Precision)> {
    let Some(declared) = declared else { return Some((day, stated)) };
    if declared < stated {
        let message = format!("the date is stated to the {stated}, and declared to the {declared}");
        row.refuse("date_precision", "date-precision", message, "write the date as precisely as it is known");
        return None;
    }
    let last_month = match declared {
        Precision::Year => 12,
        Precision::Quarter => day.month0() / 3 * 3 + 3,
        Precision::Month => day.month(),
        Precision::Day | Precision::Inferred => return Some((day, declared)),
    };
    let last = day.with_day(1)?.with_month(last_month).and_then(last_of_month)?;
    Some((last, declared))
}

/// Reads the rows of a sheet of indicators.
pub fn read_indicators(sheet: &BoundSheet, batch: &Batch) -> (Vec<Indicator>, Vec<Finding>) {
    read_rows(sheet, batch, "indicator", &Corrections::default(), |row| {
        let unit = row.unit("unit");
        let (minimum, maximum) = (row.number("minimum"), row.number("maximum"));
        Some(Indicator {
            indicator: row.id().to_owned(),
            label: row.text("label").to_owned(),
            topic: row.text("topic").to_owned(),
            flow_or_stock: row.word("flow_or_stock", FlowOrStock::parse, FlowOrStock::WORDS),
            cumulative: row.boolean("cumulative") == Some(true),
            symmetric: row.boolean("symmetric") == Some(true),
            mirror: row.text("mirror").to_owned(),
            part_of: row.text("part_of").to_owned(),
            minimum,
            maximum,
            better: row.word("better", Better::parse, Better::WORDS).unwrap_or(Better::Neither),
            description: row.text("description").to_owned(),
            cell: row.cell_of("indicator"),
            unit: unit?,
        })
    })
}

/// Reads the rows of a sheet of places: code, name, language.
pub fn read_places(sheet: &BoundSheet, batch: &Batch) -> (Vec<(String, String, CellRef)>, Vec<Finding>) {
    read_rows(sheet, batch, "code", &Corrections::default(), |row| {
        Some((row.id().to_owned(), row.text("name").to_owned(), row.cell_of("name")))
    })
}

/// Reads each row that is not blank; a refused one gives findings and no value.
pub(crate) fn read_rows<T>(
    sheet: &BoundSheet,
    batch: &Batch,
    id: &str,
    corrections: &Corrections,
    read: impl Fn(&mut Row<'_>) -> Option<T>,
) -> (Vec<T>, Vec<Finding>) {
    let (mut values, mut findings) = (Vec::new(), Vec::new());
    for index in 0..batch.len() {
        let mut row = Row::new(sheet, batch, index, sheet.slot(id), corrections);
        if row.is_blank() {
            continue;
        }
        row.check_filled();
        let value = read(&mut row);
        if !row.is_refused() {
            values.extend(value);
        }
        findings.append(&mut row.findings);
    }
    (values, findings)
}
