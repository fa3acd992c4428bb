//! The row of a claim: drawn from its number alone. Rivals lie far apart in the sheet, as the sheets
//! of two curators would have them.

use chrono::NaiveDate;

use crate::corridor::{self, INDICATORS, Indicator, PAIRS};
use crate::draw::{self, Draw};
use crate::period::{self, Months};
use crate::{DAYS, FIRST_DAY, Settings, Source, figure};

/// The columns of the sheet.
pub(crate) const COLUMNS: [&str; 17] = [
    "claim_id",
    "source",
    "indicator",
    "reporter",
    "partner",
    "stated",
    "period",
    "measure",
    "base_period",
    "kind",
    "evidence",
    "asserted_by",
    "rank",
    "rank_reason",
    "supersedes",
    "locator",
    "note",
];

/// Keys that the sheet can speak of.
const KEYS: u64 = INDICATORS.len() as u64 * PAIRS * period::COUNT;

const SPEAKERS: [&str; 5] = ["", "the ministry", "the president", "the customs service", "general reporting"];
const NOTES: [&str; 3] = [
    "The text names no base.",
    "Said as last year; the year is the curator's.",
    "Rounded in the title, exact in paragraph 3.",
];

/// What the rows are drawn from.
pub(crate) struct Corridor<'a> {
    pub(crate) settings: Settings,
    pub(crate) sources: &'a [Source],
}

impl Corridor<'_> {
    /// The row at `row`, from 0: one of about 1.6 claims on its key.
    pub(crate) fn claim(&self, row: u64) -> Vec<String> {
        let mut draw = Draw::new(self.settings.seed, draw::CLAIMS, row);
        let keys = (self.settings.rows * 5 / 8).clamp(1, KEYS);
        let key = draw.below(keys);
        let (series, months) = (key / period::COUNT, Months::at(key % period::COUNT));
        let indicator = &INDICATORS[(series % INDICATORS.len() as u64) as usize];
        let pair = series / INDICATORS.len() as u64;
        let (mut reporter, mut partner) = corridor::pair(pair);
        if indicator.is_symmetric && draw.permille(500) {
            (reporter, partner) = (partner, reporter);
        }
        let is_growth = indicator.unit != "%" && months.to <= 12 && draw.permille(80);
        let stated = self.stated(indicator, pair, months, is_growth, &mut draw);
        let period = months.words(&mut draw);
        let source = self.source(months.end(), &mut draw);
        let (reporter, partner) = (*draw.pick(reporter.names), *draw.pick(partner.names));
        let evidence = format!("{} of {reporter} with {partner} {stated}", indicator.label);
        let kind = *draw.pick(&["", "actual", "actual", "actual", "actual", "actual", "actual", "estimate"]);
        let (rank, reason) = match draw.below(100) {
            0 => ("preferred", "the publisher's own revision"),
            1 => ("deprecated", "the publisher withdrew it"),
            _ => ("", ""),
        };
        let cells: [&str; 17] = [
            &format!("{}-{}-{row}", indicator.id, months.year),
            &source.id,
            indicator.id,
            reporter,
            partner,
            &stated,
            &period,
            if is_growth { "growth" } else { "level" },
            "",
            kind,
            &evidence,
            *draw.pick(&SPEAKERS),
            rank,
            reason,
            "",
            &format!("paragraph {}", draw.below(30) + 1),
            if draw.permille(100) { *draw.pick(&NOTES) } else { "" },
        ];
        self.spoiled(cells.map(str::to_owned).into(), &mut draw)
    }

    fn stated(
        &self,
        indicator: &Indicator,
        pair: u64,
        months: Months,
        is_growth: bool,
        draw: &mut Draw,
    ) -> String {
        let series = self.series(indicator, pair);
        if is_growth {
            return figure::growth(series.growth * 100.0, draw);
        }
        let mut value = series.value(indicator, months);
        if draw.permille(10) {
            value *= if draw.permille(500) { 0.75 } else { 1.3 };
        }
        let value = if indicator.unit == "%" { value.clamp(1.0, 97.0) } else { value.max(1.0) };
        figure::words(value, indicator.unit, indicator.noun, draw)
    }

    /// A part grows with its total.
    fn series(&self, indicator: &Indicator, pair: u64) -> Series {
        let whole = indicator.part_of.map_or(indicator, |whole| &INDICATORS[whole]);
        let index = INDICATORS.iter().position(|known| known.id == whole.id).map_or(0, |index| index as u64);
        let mut draw = Draw::new(self.settings.seed, draw::SERIES, index * PAIRS + pair);
        let (least, most) = whole.size;
        let share = if indicator.part_of.is_some() { 0.5 } else { 1.0 };
        let growth = if indicator.unit == "%" { 0.01 } else { 0.01 + 0.12 * draw.unit() };
        Series { first: share * 10f64.powf(least + (most - least) * draw.unit()), growth }
    }

    /// A source published within two years and a half of the day.
    fn source(&self, end: NaiveDate, draw: &mut Draw) -> &Source {
        let count = self.sources.len() as u64;
        let days = (end - FIRST_DAY).num_days().clamp(0, DAYS as i64) as u64;
        let first = (days * count / DAYS + 1).min(count - 1);
        let most = (count - first).min(count / 8 + 1);
        &self.sources[(first + draw.below(most)) as usize]
    }

    /// The row, or what a hasty curator made of it.
    fn spoiled(&self, mut cells: Vec<String>, draw: &mut Draw) -> Vec<String> {
        if draw.permille(self.settings.bad_permille) {
            let (column, cell) = *draw.pick(&[
                (1, "a-source-of-ours"),
                (2, "trade_turnovr"),
                (3, "Atlantis"),
                (5, "a great deal"),
                (6, "sometime soon"),
            ]);
            cells[column] = cell.to_owned();
        }
        cells
    }
}

/// How a series goes: its value in 2006, and its growth a year.
struct Series {
    first: f64,
    growth: f64,
}

impl Series {
    fn value(&self, indicator: &Indicator, months: Months) -> f64 {
        let of_year = self.first * (1.0 + self.growth).powf(months.middle() - 2006.5);
        if indicator.is_stock { of_year } else { of_year * months.years() }
    }
}
