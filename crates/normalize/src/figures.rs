//! The figure of a claim or commitment: from `stated` alone, or from the cells of a sheet that
//! splits it into value, unit, comparator and scale. Read once for each distinct wording.

use std::sync::Arc;

use hashbrown::HashMap;
use model::figure::{Bounds, Quantity, Stated, Tolerances};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::mapping::{BoundSheet, Mapping, Slot};
use crate::quantity::{self, Convention, QuantityError};
use crate::row::Row;

/// A figure as read, with the interval that its words leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) quantity: Quantity,
    pub(crate) bounds: Bounds,
}

/// Why the cells of a figure were not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum FigureError {
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    #[error("`{0}` is no unit")]
    Unit(String),
    #[error("`{0}` is no magnitude")]
    Scale(String),
    #[error("`{0}` is no comparator")]
    Comparator(String),
    #[error("`stated` and `value` give different figures")]
    Differs,
    #[error("the figure is too large")]
    TooLarge,
}

impl FigureError {
    const fn code(&self) -> &'static str {
        match self {
            Self::Quantity(QuantityError::SeveralFigures(_)) => "several-figures",
            Self::Quantity(QuantityError::Ambiguous(_)) => "ambiguous-figure",
            Self::Quantity(QuantityError::NoFigure(_)) => "no-figure",
            Self::Quantity(_) | Self::TooLarge => "figure-out-of-range",
            Self::Unit(_) => "unknown-unit",
            Self::Scale(_) => "unknown-scale",
            Self::Comparator(_) => "unknown-comparator",
            Self::Differs => "figure-differs",
        }
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::Quantity(QuantityError::SeveralFigures(_)) => "give each figure a row of its own",
            Self::Quantity(QuantityError::Ambiguous(_)) => {
                "say decimal = \".\" or \",\" for this sheet in pipeline.toml"
            }
            Self::Quantity(QuantityError::NoFigure(_)) => "write one figure: exceeded 3 billion US dollars",
            Self::Quantity(_) | Self::TooLarge => "check the number of digits",
            Self::Unit(_) => {
                "write an ISO 4217 code (USD), % or pp, a UCUM code (m3, kW.h), or 1 for counted things"
            }
            Self::Scale(_) => "write thousand, million, billion, or leave it empty",
            Self::Comparator(_) => "write =, >, >=, <, <=, <~ (nearly), ~ (about), or the words",
            Self::Differs => "correct one of the two cells",
        }
    }
}

/// The cells that may state a figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FigureSlots {
    stated: Slot,
    value: Slot,
    unit: Slot,
    comparator: Slot,
    scale: Slot,
}

impl FigureSlots {
    pub(crate) fn of(sheet: &BoundSheet) -> Self {
        let slot = |column| sheet.slot(column);
        Self {
            stated: slot("stated"),
            value: slot("value"),
            unit: slot("unit"),
            comparator: slot("comparator"),
            scale: slot("scale"),
        }
    }

    /// The column that carries the number: `stated` where it is filled, otherwise `value`.
    pub(crate) fn column(&self, row: &Row<'_>) -> (&'static str, Slot) {
        let stated = row.text_at("stated", self.stated);
        if stated.is_empty() && self.value != Slot::Absent {
            ("value", self.value)
        } else {
            ("stated", self.stated)
        }
    }

    /// The figure in its words: the cell `stated`, or the split cells in reading order.
    pub(crate) fn words<'a>(&self, row: &Row<'a>) -> std::borrow::Cow<'a, str> {
        let stated = row.text_at("stated", self.stated);
        if !stated.is_empty() {
            return stated.into();
        }
        let cells = [
            ("comparator", self.comparator),
            ("value", self.value),
            ("scale", self.scale),
            ("unit", self.unit),
        ];
        let value = row.text_at("value", self.value);
        let words: Vec<_> = cells
            .iter()
            .map(|(column, slot)| (*column, row.text_at(column, *slot)))
            // A percent cell has its unit in itself.
            .filter(|(column, text)| !text.is_empty() && (*column != "unit" || !value.ends_with(text)))
            .map(|(_, text)| text)
            .collect();
        words.join(" ").into()
    }
}

/// What was made of each distinct wording.
#[derive(Debug, Default)]
pub(crate) struct FigureMemo {
    read: HashMap<String, Result<Arc<Figure>, FigureError>, foldhash::fast::FixedState>,
    key: String,
}

/// Distinct wordings kept at once; beyond that the memo starts anew, so that it stays small.
const MEMO_ENTRIES: usize = 1 << 16;

impl FigureMemo {
    /// The figure of a row; `None` where its cells are refused.
    pub(crate) fn figure(
        &mut self,
        row: &mut Row<'_>,
        slots: &FigureSlots,
        tolerances: &Tolerances,
    ) -> Option<Arc<Figure>> {
        let wording = Wording::of(row, slots);
        wording.key(&mut self.key);
        let read = match self.read.get(&self.key) {
            Some(read) => read.clone(),
            None => {
                let read = wording.read(&row.sheet().mapping).map(|quantity| {
                    let bounds = quantity.bounds(tolerances);
                    Arc::new(Figure { quantity, bounds })
                });
                if self.read.len() >= MEMO_ENTRIES {
                    self.read.clear();
                }
                self.read.insert(self.key.clone(), read.clone());
                read
            }
        };
        match read {
            Ok(figure) => Some(figure),
            Err(error) => {
                let (column, slot) = slots.column(row);
                let text = row.text_at(column, slot);
                row.refuse(column, error.code(), format!("`{text}`: {error}"), error.hint());
                None
            }
        }
    }
}

/// The cells of one figure, as written.
struct Wording<'a> {
    stated: &'a str,
    value: &'a str,
    unit: &'a str,
    comparator: &'a str,
    scale: &'a str,
    stated_convention: Convention,
    value_convention: Convention,
}

impl<'a> Wording<'a> {
    fn of(row: &Row<'a>, slots: &FigureSlots) -> Self {
        Self {
            stated: row.text_at("stated", slots.stated),
            value: row.text_at("value", slots.value),
            unit: row.text_at("unit", slots.unit),
            comparator: row.text_at("comparator", slots.comparator),
            scale: row.text_at("scale", slots.scale),
            stated_convention: row.convention(slots.stated),
            value_convention: row.convention(slots.value),
        }
    }

    /// What tells wordings apart: the unit separator occurs in no figure.
    fn key(&self, key: &mut String) {
        key.clear();
        key.push_str(self.stated);
        for part in [self.value, self.unit, self.comparator, self.scale] {
            key.push('\u{1f}');
            key.push_str(part);
        }
        for convention in [self.stated_convention, self.value_convention] {
            key.push(if convention == Convention::DecimalPoint { '.' } else { ',' });
        }
    }

    fn read(&self, mapping: &Mapping) -> Result<Quantity, FigureError> {
        if self.stated.is_empty() {
            return self.read_split(mapping);
        }
        let mut quantity = quantity::parse(self.stated, mapping.languages, self.stated_convention)?;
        if quantity.unit.is_none() && !self.unit.is_empty() {
            quantity.unit = self.read_unit()?.0;
        }
        if !self.value.is_empty() && self.read_split(mapping)?.value() != quantity.value() {
            return Err(FigureError::Differs);
        }
        Ok(quantity)
    }

    /// Value, scale, unit and comparator from cells of their own.
    fn read_split(&self, mapping: &Mapping) -> Result<Quantity, FigureError> {
        let mut quantity = quantity::parse(self.value, mapping.languages, self.value_convention)?;
        let mut factor = Decimal::ONE;
        if !self.scale.is_empty() {
            let (unit, scale) =
                quantity::scaled_unit(self.scale).ok_or_else(|| FigureError::Scale(self.scale.to_owned()))?;
            quantity.unit = quantity.unit.or(unit);
            factor = scale;
        }
        if !self.unit.is_empty() {
            let (unit, scale) = self.read_unit()?;
            quantity.unit = quantity.unit.or(unit);
            factor = factor.checked_mul(scale).ok_or(FigureError::TooLarge)?;
        }
        if !self.comparator.is_empty() {
            quantity.comparator = quantity::comparator(self.comparator)
                .ok_or_else(|| FigureError::Comparator(self.comparator.to_owned()))?;
        }
        let is_rounded = factor != Decimal::ONE || quantity.unit.is_some_and(|unit| unit != Unit::COUNT);
        if is_rounded {
            quantity.stated = rounded(quantity.stated);
        }
        quantity.stated = scaled(quantity.stated, factor).ok_or(FigureError::TooLarge)?;
        if quantity.unit == Some(Unit::COUNT) && factor == Decimal::ONE {
            quantity.stated = exact_count(quantity.stated);
        }
        Ok(quantity)
    }

    fn read_unit(&self) -> Result<(Option<Unit>, Decimal), FigureError> {
        quantity::scaled_unit(self.unit).ok_or_else(|| FigureError::Unit(self.unit.to_owned()))
    }
}

fn scaled(stated: Stated, factor: Decimal) -> Option<Stated> {
    Some(match stated {
        Stated::Point { value, half_unit } => {
            Stated::Point { value: value.checked_mul(factor)?, half_unit: half_unit.checked_mul(factor)? }
        }
        Stated::Range { lower, upper } => {
            Stated::Range { lower: lower.checked_mul(factor)?, upper: upper.checked_mul(factor)? }
        }
    })
}

/// A whole number in millions or in a unit is rounded, though its digits alone would be a count.
fn rounded(stated: Stated) -> Stated {
    match stated {
        Stated::Point { value, half_unit } if value.is_integer() && half_unit.is_zero() => {
            Stated::Point { value, half_unit: Decimal::new(5, 1) }
        }
        other => other,
    }
}

/// A whole number of counted things is exact.
pub(crate) fn exact_count(stated: Stated) -> Stated {
    match stated {
        Stated::Point { value, .. } if value.is_integer() => {
            Stated::Point { value, half_unit: Decimal::ZERO }
        }
        other => other,
    }
}
