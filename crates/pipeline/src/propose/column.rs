//! What the cells of a column are, as far as they agree.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use model::cell::{Batch, CellType};
use model::unit::Unit;
use normalize::language::Languages;
use normalize::period::{self, DayOrder};
use normalize::place::Places;
use normalize::quantity::{self, Convention};

/// Rows that are looked at.
pub(super) const LOOKED_AT: usize = 2000;

/// Distinct texts that are kept of a column.
const KEPT: usize = 200;

/// What the cells of a column are, as far as they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seems {
    Empty,
    Figure,
    Unit,
    Period,
    Place,
    Address,
    Id,
    Text,
}

impl Seems {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Figure => "figures",
            Self::Unit => "units",
            Self::Period => "periods",
            Self::Place => "places",
            Self::Address => "addresses",
            Self::Id => "ids",
            Self::Text => "text",
        }
    }
}

/// A column, looked at.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) seems: Seems,
    /// Different texts, at most [`KEPT`].
    pub(super) texts: BTreeSet<String>,
    /// Texts of a column of figures that are none: marks of what is missing.
    pub(super) missing: BTreeSet<String>,
    /// Names that are no place.
    pub(super) strangers: BTreeSet<String>,
    /// Cells with text, and how many of them differ.
    pub(super) filled: usize,
    pub(super) distinct: usize,
    pub(super) has_gaps: bool,
    pub(super) is_percent: bool,
    /// The unit that most of its cells give themselves.
    pub(super) cell_unit: Option<Unit>,
    /// Whether its dates start with the day or the month, where one of them tells.
    pub(super) day_first: Option<bool>,
    /// Whether a date that starts so or so is among them.
    pub(super) has_open_dates: bool,
}

/// The cells of a column in the rows that are looked at.
pub(super) fn cells(batches: &[Batch], at: usize) -> impl Iterator<Item = (&str, CellType)> {
    let of = move |batch: &'_ Batch, row| (batch.rows[row], row);
    let rows =
        batches.iter().flat_map(move |batch| (0..batch.len()).map(move |row| (batch, of(batch, row).1)));
    rows.map(move |(batch, row)| (batch.get(row, at).trim(), batch.cell_type(row, at))).take(LOOKED_AT)
}

/// What one cell is.
fn kind_of(text: &str, cell_type: CellType, places: &Places) -> Seems {
    let is_year = text.len() == 4 && text.parse().is_ok_and(|year: u16| (1800..2200).contains(&year));
    match () {
        () if cell_type == CellType::Date || is_year => Seems::Period,
        () if cell_type == CellType::Number || is_numeral(text) => Seems::Figure,
        () if text.starts_with("http://") || text.starts_with("https://") => Seems::Address,
        () if text.split(';').all(|name| places.find(name).is_some()) => Seems::Place,
        () if quantity::scaled_unit(text).is_some() => Seems::Unit,
        () if period::parse(text, Languages::ALL, None).is_ok()
            || period::parse_date(text, DayOrder::DayFirst).is_ok()
            || period::parse_date(text, DayOrder::MonthFirst).is_ok() =>
        {
            Seems::Period
        }
        () => Seems::Text,
    }
}

pub(super) fn look_at(name: &str, at: usize, batches: &[Batch], places: &Places) -> Column {
    let mut column = Column {
        name: name.to_owned(),
        seems: Seems::Empty,
        texts: BTreeSet::new(),
        missing: BTreeSet::new(),
        strangers: BTreeSet::new(),
        filled: 0,
        distinct: 0,
        has_gaps: false,
        is_percent: false,
        cell_unit: None,
        day_first: None,
        has_open_dates: false,
    };
    let mut counts = [0_usize; 8];
    let mut distinct: HashSet<&str> = HashSet::new();
    let mut percent = 0;
    for (text, cell_type) in cells(batches, at) {
        if text.is_empty() {
            column.has_gaps = true;
            continue;
        }
        column.filled += 1;
        if distinct.insert(text) && column.texts.len() < KEPT {
            column.texts.insert(text.to_owned());
        }
        percent += usize::from(text.ends_with('%'));
        let kind = kind_of(text, cell_type, places);
        counts[kind as usize] += 1;
        match kind {
            Seems::Text => {
                if column.strangers.len() < KEPT {
                    column.strangers.insert(text.to_owned());
                }
                if text.chars().count() <= 4 || text.eq_ignore_ascii_case("no data") {
                    column.missing.insert(text.to_owned());
                }
            }
            Seems::Period if cell_type != CellType::Date => column.look_at_order(text),
            _ => {}
        }
    }
    column.distinct = distinct.len();
    column.is_percent = percent * 2 > column.filled;
    column.seems = settled(name, column.filled, &counts);
    if column.seems == Seems::Figure || column.seems == Seems::Text {
        column.cell_unit = usual_unit(&column.texts);
        // "more than $1 billion": figures in their words.
        if column.cell_unit.is_some() && column.texts.len() > 1 {
            column.seems = Seems::Figure;
        }
    }
    column
}

/// What most cells are.
fn settled(name: &str, filled: usize, counts: &[usize; 8]) -> Seems {
    let is_id = super::words::is_number_name(name);
    let most = |seems: Seems| counts[seems as usize] * 10 >= filled * 6;
    let order = [Seems::Address, Seems::Period, Seems::Figure, Seems::Place, Seems::Unit]
        .into_iter()
        .find(|&s| most(s));
    match order {
        _ if filled == 0 => Seems::Empty,
        Some(seems @ (Seems::Place | Seems::Unit)) => seems,
        _ if is_id => Seems::Id,
        Some(seems) => seems,
        None => Seems::Text,
    }
}

/// The unit that most texts give beside their number.
fn usual_unit(texts: &BTreeSet<String>) -> Option<Unit> {
    let mut counts: BTreeMap<&'static str, (usize, Unit)> = BTreeMap::new();
    for text in texts {
        let read = quantity::parse(text, Languages::ALL, Convention::RunningText).ok();
        if let Some(unit) = read.and_then(|read| read.unit) {
            counts.entry(unit.code()).or_insert((0, unit)).0 += 1;
        }
    }
    let (count, unit) = counts.into_values().max_by_key(|(count, _)| *count)?;
    (count * 2 > texts.len()).then_some(unit)
}

impl Column {
    /// `31/01/2024` tells that the day comes first.
    fn look_at_order(&mut self, text: &str) {
        let reads = |order| period::parse_date(text, order).is_ok();
        if reads(DayOrder::Unknown) || period::parse(text, Languages::ALL, None).is_ok() {
            return;
        }
        match (reads(DayOrder::DayFirst), reads(DayOrder::MonthFirst)) {
            (true, false) => self.day_first = Some(true),
            (false, true) => self.day_first = Some(false),
            _ => self.has_open_dates = true,
        }
    }
}

/// A number alone, however it is grouped, or a bound: no word beside it.
fn is_numeral(text: &str) -> bool {
    let text = text.trim_start_matches(['<', '>', '≤', '≥', '~', '≈', '=']);
    let is_mark = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(c, '.' | ',' | '-' | '−' | '%' | '(' | ')' | '\'' | '$' | '€' | '+')
    };
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(is_mark)
        && quantity::parse(text, Languages::ALL, Convention::RunningText).is_ok()
}
