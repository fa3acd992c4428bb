//! The figure of a claim or commitment: from `stated` alone, or from the cells of a sheet that
//! splits it into value, unit, comparator and scale. Read once for each distinct wording.

use std::borrow::Cow;
use std::sync::Arc;

use model::claim::Measure;
use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::language::Languages;
use crate::mapping::{BoundSheet, Slot};
use crate::memo::Memo;
use crate::quantity::{self, Convention, Mention, QuantityError, Relative};
use crate::row::Row;

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
    #[error("`{cell}` says `{text}`, which is not what `{beside}` says")]
    Differs { cell: &'static str, text: String, beside: &'static str },
    #[error("`comparator` says a range, and there is one number")]
    OneNumber,
    #[error("the figure is too large")]
    TooLarge,
}

impl FigureError {
    const fn code(&self) -> &'static str {
        match self {
            Self::Quantity(QuantityError::SeveralFigures(_)) => "several-figures",
            Self::Quantity(QuantityError::Ambiguous(_)) => "ambiguous-figure",
            Self::Quantity(QuantityError::NoFigure(_)) => "no-figure",
            Self::Quantity(QuantityError::EndsSwapped(_)) => "ends-swapped",
            Self::Quantity(QuantityError::MagnitudeApart { .. }) => "magnitude-apart",
            Self::Quantity(_) | Self::TooLarge => "figure-out-of-range",
            Self::Unit(_) => "unknown-unit",
            Self::Scale(_) => "unknown-scale",
            Self::Comparator(_) => "unknown-comparator",
            Self::Differs { .. } | Self::OneNumber => "figure-differs",
        }
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::Quantity(QuantityError::SeveralFigures(_)) => "give each figure a row of its own",
            Self::Quantity(QuantityError::Ambiguous(_)) => {
                "say decimal = \".\" or \",\" for this sheet in pipeline.toml"
            }
            Self::Quantity(QuantityError::NoFigure(_)) => "write one figure: exceeded 3 billion US dollars",
            Self::Quantity(QuantityError::EndsSwapped(_)) => {
                "write the lesser first, each with its magnitude: 5 to 10 billion"
            }
            Self::Quantity(QuantityError::MagnitudeApart { .. }) => {
                "write the magnitude right behind its number: 5 million USD"
            }
            Self::Quantity(_) | Self::TooLarge => "check the number of digits",
            Self::Unit(_) => {
                "write an ISO 4217 code (USD), % or pp, a UCUM code (m3, kW.h), or 1 for counted things"
            }
            Self::Scale(_) => "write thousand, million, billion, or leave it empty",
            Self::Comparator(_) => "write =, >, >=, <, <=, <~ (nearly), ~ (about), or the words",
            Self::Differs { .. } => "correct one of the two cells, or empty one",
            Self::OneNumber => "write both ends: 5 to 7",
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
    pub(crate) fn words<'a>(&self, row: &Row<'a>) -> Cow<'a, str> {
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

/// What was made of each wording.
#[derive(Debug, Default)]
pub(crate) struct FigureMemo(Memo<Result<Arc<Mention>, Box<FigureError>>>);

impl FigureMemo {
    /// The figure of a row; `None` where its cells are refused.
    pub(crate) fn figure(&self, row: &mut Row<'_>, slots: &FigureSlots) -> Option<Arc<Mention>> {
        let wording = Wording::of(row, slots);
        if wording.stated.is_empty() && wording.value.is_empty() {
            // That a required cell is empty has been said.
            return None;
        }
        let languages = row.sheet().mapping.languages;
        match self.0.of(wording.key(), || wording.read(languages).map(Arc::new).map_err(Box::new)) {
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

/// Between the cells of a key.
const SEPARATOR: char = '\u{1f}';

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

    /// What tells wordings apart: mostly the cell `stated` itself. The unit separator begins no figure.
    fn key(&self) -> Cow<'a, str> {
        let others = [self.value, self.unit, self.comparator, self.scale];
        let conventions = [self.stated_convention, self.value_convention];
        if others.iter().all(|cell| cell.is_empty())
            && conventions.iter().all(|&convention| convention != Convention::DecimalPoint)
            && !self.stated.starts_with(SEPARATOR)
        {
            return self.stated.into();
        }
        let mut key = String::with_capacity(self.stated.len() + self.value.len() + 16);
        for cell in [self.stated].iter().chain(&others) {
            key.push(SEPARATOR);
            key.push_str(cell);
        }
        for convention in conventions {
            key.push(if convention == Convention::DecimalPoint { '.' } else { ',' });
        }
        key.into()
    }

    fn read(&self, languages: Languages) -> Result<Mention, FigureError> {
        let read = |text, convention| quantity::mention(text, languages, convention);
        let of_value = || self.scaled_value(read(self.value, self.value_convention)?);
        if self.stated.is_empty() {
            return of_value();
        }
        let stated = read(self.stated, self.stated_convention)?;
        let is_bare = stated.quantity.unit.is_none() && stated.magnitude.is_none();
        let stated = if is_bare { self.completed(stated, "stated")? } else { stated };
        if self.value.is_empty() {
            return if is_bare { Ok(stated) } else { self.confirmed(stated, "stated") };
        }
        self.joined(stated, &of_value()?.quantity)
    }

    /// A number in a cell of its own. A magnitude in words beside it is no second one.
    fn scaled_value(&self, value: Mention) -> Result<Mention, FigureError> {
        if value.magnitude.is_some() {
            self.confirmed(value, "value")
        } else {
            self.completed(value, "value")
        }
    }

    /// A number to which scale, unit and comparator are given by their cells.
    fn completed(&self, mention: Mention, beside: &'static str) -> Result<Mention, FigureError> {
        let mut mention = self.compared(mention, beside)?;
        let relative = mention.relative;
        let quantity = &mut mention.quantity;
        let mut factor = Decimal::ONE;
        if let Some((unit, scale)) = self.read_scale()? {
            quantity.unit = quantity.unit.or(unit);
            factor = scale;
        }
        if !self.unit.is_empty() && !self.is_noun(quantity) {
            let (unit, scale) = self.unit_beside(relative)?;
            if quantity.unit.is_some() && unit.is_some() && quantity.unit != unit {
                return Err(differs("unit", self.unit, beside));
            }
            quantity.unit = quantity.unit.or(unit);
            factor = factor.checked_mul(scale).ok_or(FigureError::TooLarge)?;
        }
        let is_rounded = factor != Decimal::ONE || quantity.unit.is_some_and(|unit| unit != Unit::COUNT);
        if is_rounded {
            quantity.stated = rounded(quantity.stated);
        }
        quantity.stated = scaled(quantity.stated, factor).ok_or(FigureError::TooLarge)?;
        if factor != Decimal::ONE {
            mention.magnitude = Some(factor);
        } else if quantity.unit == Some(Unit::COUNT) {
            quantity.stated = exact_count(quantity.stated);
        }
        Ok(mention)
    }

    /// A figure in words, which the cells beside it must not contradict. A unit that the words leave
    /// out is taken from its cell.
    fn confirmed(&self, mention: Mention, beside: &'static str) -> Result<Mention, FigureError> {
        let words = if beside == "stated" { self.stated } else { self.value };
        let is_said = |cell: &str, factor: Decimal| {
            factor == Decimal::ONE || mention.magnitude == Some(factor) || words.contains(cell)
        };
        let mut unit = mention.quantity.unit;
        if let Some((named, factor)) = self.read_scale()? {
            if !is_said(self.scale, factor) || named.is_some() && unit.is_some() && named != unit {
                return Err(differs("scale", self.scale, beside));
            }
            unit = unit.or(named);
        }
        if !self.unit.is_empty() && !self.is_noun(&mention.quantity) {
            let (named, factor) = self.unit_beside(mention.relative)?;
            if !is_said(self.unit, factor) || named.is_some() && unit.is_some() && named != unit {
                return Err(differs("unit", self.unit, beside));
            }
            unit = unit.or(named);
        }
        let comparator = mention.quantity.comparator;
        if self.read_comparator()?.is_some_and(|cell| cell != comparator) {
            return Err(differs("comparator", self.comparator, beside));
        }
        let quantity = Quantity { unit, ..mention.quantity };
        Ok(Mention { quantity, ..mention })
    }

    /// The figure of `stated`, where `value` and its cells give the same: with or without the sign
    /// that the words of `stated` tell, and a part or a multiple in percent too.
    fn joined(&self, stated: Mention, value: &Quantity) -> Result<Mention, FigureError> {
        let unit = value.unit.filter(|unit| stated.relative.is_some() && *unit == Unit::PERCENT);
        let signed = if unit.is_some() { Measure::Growth } else { Measure::Change };
        let mut readings = [signed, Measure::Level].map(|measure| stated.measured(measure, unit)).into_iter();
        let fits = |read: &Quantity| unit.is_none() || read.unit == unit;
        let Some(read) = readings.find(|read| fits(read) && agree(value, read, stated.relative)) else {
            return Err(differs("value", self.value, "stated"));
        };
        if value.unit.is_some() && read.unit.is_some() && value.unit != read.unit {
            return Err(differs("unit", self.unit, "stated"));
        }
        if !self.comparator.is_empty() && value.comparator != read.comparator {
            return Err(differs("comparator", self.comparator, "stated"));
        }
        let beside = value.unit.filter(|_| unit.is_none());
        let quantity = Quantity { unit: stated.quantity.unit.or(beside), ..stated.quantity.clone() };
        Ok(Mention { quantity, ..stated })
    }

    /// A number with the comparator of its cell, where its words give none.
    fn compared(&self, mention: Mention, beside: &'static str) -> Result<Mention, FigureError> {
        let Some(comparator) = self.read_comparator()? else { return Ok(mention) };
        let read = mention.quantity.comparator;
        let is_open = read == Comparator::Equal && comparator != Comparator::Range;
        if read != comparator && !is_open {
            return Err(match comparator {
                Comparator::Range => FigureError::OneNumber,
                _ => differs("comparator", self.comparator, beside),
            });
        }
        let quantity = Quantity { comparator, ..mention.quantity };
        Ok(Mention { quantity, ..mention })
    }

    /// Whether the unit's cell repeats what the words count: "projects".
    fn is_noun(&self, quantity: &Quantity) -> bool {
        quantity.noun.as_ref().is_some_and(|noun| noun.to_lowercase() == self.unit.to_lowercase())
    }

    fn read_comparator(&self) -> Result<Option<Comparator>, FigureError> {
        if self.comparator.is_empty() {
            return Ok(None);
        }
        let unknown = || FigureError::Comparator(self.comparator.to_owned());
        quantity::comparator(self.comparator).ok_or_else(unknown).map(Some)
    }

    fn read_scale(&self) -> Result<Option<(Option<Unit>, Decimal)>, FigureError> {
        if self.scale.is_empty() {
            return Ok(None);
        }
        let unknown = || FigureError::Scale(self.scale.to_owned());
        quantity::scaled_unit(self.scale).ok_or_else(unknown).map(Some)
    }

    /// The unit of the cell beside a figure. Percent beside a part or a multiple say what it is measured in, and are
    /// no unit of its own number: "a quarter" is 25 of them.
    fn unit_beside(&self, relative: Option<Relative>) -> Result<(Option<Unit>, Decimal), FigureError> {
        let (unit, factor) = self.read_unit()?;
        Ok((unit.filter(|unit| relative.is_none() || *unit != Unit::PERCENT), factor))
    }

    fn read_unit(&self) -> Result<(Option<Unit>, Decimal), FigureError> {
        if self.unit == Unit::COUNT.code() {
            return Ok((Some(Unit::COUNT), Decimal::ONE));
        }
        let coded = || quantity::unit(self.unit).map(|unit| (Some(unit), Decimal::ONE));
        quantity::scaled_unit(self.unit).or_else(coded).ok_or_else(|| FigureError::Unit(self.unit.to_owned()))
    }
}

/// The figure of a claim of `measure`, in the unit that it is settled in: signed as its words say. A
/// bare whole number of counted things is exact, of anything else it is known to half a unit.
pub(crate) fn in_unit(figure: &Mention, measure: Measure, unit: Unit) -> Cow<'_, Quantity> {
    let measured = figure.measured(measure, Some(unit));
    if measured.unit == Some(unit) {
        return measured;
    }
    let mut quantity = measured.into_owned();
    if quantity.unit.replace(unit).is_none() {
        quantity.stated = match (unit, figure.magnitude) {
            (Unit::COUNT, None) => exact_count(quantity.stated),
            (Unit::COUNT, Some(_)) => quantity.stated,
            _ => rounded(quantity.stated),
        };
    }
    Cow::Owned(quantity)
}

fn differs(cell: &'static str, text: &str, beside: &'static str) -> FigureError {
    FigureError::Differs { cell, text: text.to_owned(), beside }
}

/// Whether a value is the number read. A part that no decimal writes out may be rounded: 33.33 is a third in percent.
fn agree(value: &Quantity, read: &Quantity, relative: Option<Relative>) -> bool {
    let (written, meant) = (numbers(value), numbers(read));
    let rounded = |written: Decimal, meant: Decimal| {
        !written.is_integer() && meant.round_dp(written.scale()) == written
    };
    written == meant
        || relative == Some(Relative::Part) && rounded(written.0, meant.0) && rounded(written.1, meant.1)
}

/// The number, or both ends of a range.
fn numbers(quantity: &Quantity) -> (Decimal, Decimal) {
    match quantity.stated {
        Stated::Point { value, .. } => (value, value),
        Stated::Range { lower, upper } => (lower, upper),
    }
}

/// A multiple that is no larger than a figure may be.
fn scaled(stated: Stated, factor: Decimal) -> Option<Stated> {
    let times =
        |number: Decimal| number.checked_mul(factor).filter(|product| product.abs() <= quantity::LARGEST);
    Some(match stated {
        Stated::Point { value, half_unit } => {
            Stated::Point { value: times(value)?, half_unit: times(half_unit)? }
        }
        Stated::Range { lower, upper } => Stated::Range { lower: times(lower)?, upper: times(upper)? },
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
fn exact_count(stated: Stated) -> Stated {
    match stated {
        Stated::Point { value, .. } if value.is_integer() => {
            Stated::Point { value, half_unit: Decimal::ZERO }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use model::figure::Tolerances;

    use super::*;

    /// The cells `stated | value | comparator | scale | unit`, and how their figure prints with its
    /// bounds, or what the error says.
    const CASES: [(&str, &str); 67] = [
        ("3 | | | | bn USD", "3 billion USD [2500000000, 3500000000]"),
        ("3 | | | billion | USD", "3 billion USD [2500000000, 3500000000]"),
        ("3 | | | million | ", "3 million [2500000, 3500000]"),
        ("3 | | | | USD", "3 USD [2.5, 3.5]"),
        ("3 | | > | billion | USD", "more than 3 billion USD [3000000000, ]"),
        ("about 3 | | | billion | USD", "about 3 billion USD [2500000000, 3500000000]"),
        ("36 | | | | 1", "36 1 [36, 36]"),
        ("3 USD | | > | | ", "`comparator` says `>`"),
        ("3 USD | | | billion | ", "`scale` says `billion`"),
        ("3 billion rubles | | | | USD", "`unit` says `USD`"),
        ("3 billion USD | | | million | ", "`scale` says `million`"),
        ("3 billion USD | | | billion | USD", "3 billion USD [2500000000, 3500000000]"),
        ("3 billion USD | | = | | bn USD", "3 billion USD [2500000000, 3500000000]"),
        ("3 billion USD | | | | mn USD", "`unit` says `mn USD`"),
        ("3 billion | | | | USD", "3 billion USD [2500000000, 3500000000]"),
        ("more than 3 billion USD | | > | | ", "more than 3 billion USD [3000000000, ]"),
        ("more than 3 billion USD | | = | | ", "`comparator` says `=`"),
        ("more than 3 billion USD | | < | | ", "`comparator` says `<`"),
        ("36 projects | | | | projects", "36 projects [36, 36]"),
        ("36 projects | | | | 1", "36 projects [36, 36]"),
        ("36 projects | | | | t", "`unit` says `t`"),
        ("more than 3 billion USD | 3 | > | billion | USD", "more than 3 billion USD [3000000000, ]"),
        ("more than 3 billion USD | 3 | | billion | USD", "more than 3 billion USD [3000000000, ]"),
        ("more than 3 billion USD | 3 | ~ | billion | USD", "`comparator` says `~`"),
        ("3 billion USD | 4 | | billion | USD", "`value` says `4`"),
        ("3 billion USD | 3 | | billion | EUR", "`unit` says `EUR`"),
        ("10 to 5 billion USD | | | | ", "swapped"),
        ("between 10 and 5 million USD | | | | ", "swapped"),
        ("10-5 USD | | | | ", "swapped"),
        ("from 7 to 5 USD | | | | ", "swapped"),
        ("10 and 5 USD | | | | ", "2 figures"),
        ("78.3 USD million | | | | ", "78.3 million USD [78250000, 78350000]"),
        ("78.3 (in USD million) | | | | ", "78.3 million USD [78250000, 78350000]"),
        ("million USD: 78.3 | | | | ", "78.3 million USD [78250000, 78350000]"),
        ("$500 million, over five years | | | | ", "500 million USD [499500000, 500500000]"),
        ("a $3.4 billion bill | | | | ", "3.4 billion USD"),
        ("5 to 7 USD | 6 to 8 | | | USD", "`value` says `6 to 8`"),
        ("fell by 13 % | -13 | | | %", "13 % [12.5, 13.5]"),
        ("fell by 13 % | 13 | | | %", "13 % [12.5, 13.5]"),
        ("about a quarter | 25 | ~ | | %", "about 0.25 ["),
        ("a third | 33.33 | | | %", "0.333333"),
        ("two thirds | 0.6667 | | | ", "0.666666"),
        ("a quarter | 20 | | | %", "`value` says `20`"),
        ("a quarter | 0.25 | | | %", "`value` says `0.25`"),
        ("a quarter | | | | %", "0.25 ["),
        ("grew 2.5 times | 150 | | | %", "2.5 times"),
        ("grew 2.5 times | 2.5 | | | ", "2.5 times"),
        ("grew 2.5 times | 250 | | | %", "`value` says `250`"),
        (" | 4.5 | | | US$'000", "4.5 thousand USD"),
        (" | 4.5 | | '000 | USD", "4.5 thousand USD"),
        ("10 years | 10 | = | | a", "10 year ["),
        ("4 t/ha | 4 | = | | t/har", "4 tonne/har ["),
        (" | 3 | | million | USD", "3 million USD [2500000, 3500000]"),
        (" | 3.0 | | million | USD", "3.0 million USD [2950000, 3050000]"),
        (" | $3 | | billion | ", "3 billion USD [2500000000, 3500000000]"),
        (" | 12.345 | | thousand | 1", "12345 1 [12344.5, 12345.5]"),
        (" | 12.345 thousand | | | 1", "12345 1 [12344.5, 12345.5]"),
        (" | 3 million | | million | USD", "3 million USD [2500000, 3500000]"),
        (" | 3 million | | billion | USD", "`scale` says `billion`"),
        (" | 5 EUR | | | USD", "`unit` says `USD`"),
        (" | >3 | < | | USD", "`comparator` says `<`"),
        (" | 5 to 7 | > | | USD", "`comparator` says `>`"),
        (" | 5 to 7 | range | | USD", "between 5 and 7 USD [5, 7]"),
        (" | 5 | range | | USD", "`comparator` says a range"),
        (" | 79000 | ~ | trillion | trillion USD", "too large"),
        (" | 999999999999 | ~ | trillion | USD", "about 999999999999 trillion USD"),
        (" | 0 | = | trillion | trillion trillion USD", "too large"),
    ];

    fn told(cells: &str) -> String {
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        let [stated, value, comparator, scale, unit] = cells[..] else { return "not five cells".to_owned() };
        let wording = Wording {
            stated,
            value,
            unit,
            comparator,
            scale,
            stated_convention: Convention::DecimalPoint,
            value_convention: Convention::DecimalPoint,
        };
        match wording.read(Languages::ALL) {
            Err(error) => error.to_string(),
            Ok(mention) => {
                let bounds = mention.quantity.bounds(&Tolerances::default());
                let end = |end: Option<Decimal>| end.map_or(String::new(), |end| end.normalize().to_string());
                let text = quantity::print(&mention.quantity);
                format!("{text} [{}, {}]", end(bounds.lower), end(bounds.upper))
            }
        }
    }

    #[test]
    fn cells_that_agree_give_their_figure_and_others_are_named() {
        let wrong: Vec<String> = CASES
            .iter()
            .map(|(cells, expected)| (told(cells), cells, expected))
            .filter(|(told, _, expected)| !told.contains(**expected))
            .map(|(told, cells, expected)| format!("{cells}: {told}, not {expected}"))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_figure_is_settled_in_its_unit() {
        let dollar = model::unit::Unit("USD");
        for (words, measure, unit, expected) in [
            ("fell by 13 %", Measure::Growth, Unit::PERCENT, "-13 %"),
            ("fell by more than 13 %", Measure::Growth, Unit::PERCENT, "less than -13 %"),
            ("fell by nearly 13 %", Measure::Growth, Unit::PERCENT, "nearly -13 %"),
            ("fell by 13 %", Measure::Level, Unit::PERCENT, "13 %"),
            ("fell by -13 %", Measure::Growth, Unit::PERCENT, "-13 %"),
            ("fell to 13 %", Measure::Growth, Unit::PERCENT, "13 %"),
            ("fell by 5 to 7 %", Measure::Growth, Unit::PERCENT, "between -7 and -5 %"),
            ("a fall of 5–7 %", Measure::Growth, Unit::PERCENT, "between -7 and -5 %"),
            ("dropped by $500 million", Measure::Change, dollar, "-500 million USD"),
            ("12.345 thousand", Measure::Level, Unit::COUNT, "12345 1"),
            ("12", Measure::Level, Unit::COUNT, "12 1"),
            ("12", Measure::Level, dollar, "12 USD"),
        ] {
            let mention = quantity::mention(words, Languages::ALL, Convention::DecimalPoint);
            let Ok(mention) = mention else { panic!("{words}: {mention:?}") };
            assert_eq!(quantity::print(&in_unit(&mention, measure, unit)), expected, "{words}");
        }
        let counted = quantity::mention("12.345 thousand", Languages::ALL, Convention::DecimalPoint);
        let half = counted.map(|counted| in_unit(&counted, Measure::Level, Unit::COUNT).stated);
        assert_eq!(half, Ok(Stated::Point { value: Decimal::new(12345, 0), half_unit: Decimal::new(5, 1) }));
    }
}
