//! Rows that are set aside: which they are, why, and how `out/rejects.csv` shows them. The run goes
//! on without them.

use std::collections::BTreeMap;

use anyhow::Result;
use ingest::as_csv;
use model::cell::SheetName;
use model::finding::{Finding, Location, Severity};

use crate::config::Config;
use crate::inputs::Inputs;
use crate::open::{Opener, collected};

/// Where the rows that were set aside are shown.
pub(crate) const REJECTS_CSV: &str = "out/rejects.csv";

/// A line or row of a sheet.
type Place = (SheetName, u32);

/// Rows that were set aside, with their reasons.
#[derive(Debug, Default)]
pub(crate) struct Rejects {
    /// The header's line or row of each sheet that was read.
    headers: BTreeMap<SheetName, u32>,
    rows: BTreeMap<Place, Vec<Reason>>,
    /// Rows that went because of another one, with their ids.
    companions: Vec<(Place, String)>,
}

/// Why a row was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reason {
    code: &'static str,
    message: String,
}

impl Rejects {
    /// No rows yet, of sheets whose headers stand at these lines or rows.
    pub(crate) fn new(headers: BTreeMap<SheetName, u32>) -> Self {
        Self { headers, ..Self::default() }
    }

    /// How many lines or rows were set aside.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the finding speaks of a row that could be set aside, and not of a header or a whole sheet.
    pub(crate) fn can_take(&self, finding: &Finding) -> bool {
        finding.location.as_ref().and_then(|location| self.place(location)).is_some()
    }

    /// Takes the rows that errors speak of.
    pub(crate) fn take(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
            let Some(place) = finding.location.as_ref().and_then(|location| self.place(location)) else {
                continue;
            };
            let reason = Reason { code: finding.code, message: finding.message.clone() };
            let reasons = self.rows.entry(place).or_default();
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        for (place, id) in std::mem::take(&mut self.companions) {
            let message = format!("another row has the id `{id}` too");
            self.rows.entry(place).or_insert_with(|| vec![Reason { code: "duplicate-id", message }]);
        }
    }

    /// Takes rows that went because of another one: nothing else may be wrong with them.
    pub(crate) fn take_companions(&mut self, removed: Vec<(Location, String)>) {
        for (location, id) in removed {
            self.companions.extend(self.place(&location).map(|place| (place, id)));
        }
    }

    fn place(&self, location: &Location) -> Option<Place> {
        let row = location.row()?;
        let header = *self.headers.get(&location.sheet)?;
        (row > header).then(|| (location.sheet.clone(), row))
    }

    /// `out/rejects.csv`: file, sheet, row, codes, messages, and the row's cells as they stand. The
    /// files are read once more for the cells.
    pub(crate) fn csv(&self, config: &Config, inputs: &Inputs) -> Result<String> {
        let cells = self.cells(config, inputs)?;
        let width = cells.values().map(Vec::len).max().unwrap_or(0);
        let mut csv = String::new();
        let names: Vec<String> = (1..=width).map(|cell| format!("cell_{cell}")).collect();
        let fixed = ["file", "sheet", "row", "codes", "messages"];
        as_csv::write_row(fixed.into_iter().chain(names.iter().map(String::as_str)), &mut csv);
        for (place, reasons) in &self.rows {
            let mut codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
            codes.dedup();
            let messages: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
            let (sheet, row) = place;
            let mut texts = vec![
                guarded(&sheet.file),
                guarded(sheet.sheet.as_deref().unwrap_or_default()),
                row.to_string(),
                codes.join("; "),
                guarded(&messages.join("; ")),
            ];
            let own = cells.get(place).map_or(&[][..], Vec::as_slice);
            texts.extend((0..width).map(|cell| own.get(cell).map_or(String::new(), |text| guarded(text))));
            as_csv::write_row(texts.iter().map(String::as_str), &mut csv);
        }
        Ok(csv)
    }

    /// The cells of the rows that were set aside.
    fn cells(&self, config: &Config, inputs: &Inputs) -> Result<BTreeMap<Place, Vec<String>>> {
        let mut opener = Opener::new(inputs);
        let mut cells = BTreeMap::new();
        let concerned = |file: &str| self.rows.keys().any(|(sheet, _)| sheet.file == file);
        for sheet in config.sheets.iter().filter(|sheet| concerned(&sheet.file)) {
            for table in opener.tables(sheet)? {
                for batch in collected(table.rows, &table.name, &mut Vec::new())? {
                    for (index, &row) in batch.rows.iter().enumerate() {
                        let place = (table.name.clone(), row);
                        if self.rows.contains_key(&place) {
                            let texts = (0..batch.width).map(|column| batch.get(index, column).to_owned());
                            cells.insert(place, texts.collect());
                        }
                    }
                }
            }
        }
        Ok(cells)
    }
}

/// Text that no spreadsheet runs as a formula.
fn guarded(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    if text.starts_with(report::csv::GUARDED) && !is_number { format!("'{text}") } else { text.to_owned() }
}
