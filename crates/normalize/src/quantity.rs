//! The grammar of figures: what a phrase or a cell says about a number, exactly.
//!
//! [`find`] reads all figures of a running text, [`parse`] the one figure that a cell states. Both
//! read a text once from left to right: tokens, their meanings from the word tables of the
//! languages, and a parser that never looks back further than a few words, so the work is linear in
//! the text. A language is a table (`words.en.tsv`, `words.ru.tsv`, `units.tsv`), not code.
//!
//! # What is a figure, and which part of the text
//!
//! A figure is a number that counts or measures, with everything that says how much: its hedge before
//! or behind, sign, magnitude, unit, and counted noun. A word that only points ("a record", "another",
//! "only") is no part of it. What says per what, where the code of the unit cannot, is none either:
//! `$60` of "$60 per barrel".
//!
//! Digits are no figure in dates, times of day, ordinals, decades, phone numbers, versions, coordinates,
//! scores and votes ("passed 217 to 210"), and behind or inside a name ("article 12", "articles 5 and 6",
//! "No. 5", "A320", "123-ФЗ", "per 1,000"). Words are none without a definite number: "several thousand",
//! "tens of millions", "a few". A scale without a number ("million dollars") is a label of units, no
//! figure; a unit in the singular is one of it behind a hedge: "under an hour", "более часа".
//!
//! # What the words leave open
//!
//! - `$` alone and "dollars" are US dollars, "cents" alone are hundredths of one, "pounds" are pounds
//!   sterling unless a hyphen or "of" makes them a weight, "gallons" and "barrels" are US ones. A name
//!   that many countries share, and none leads with, is a counted noun: "500 dinars", "500 pesos".
//! - "As much as", "as many as", "as high as" are `<=`: newspapers say them of the most that may be.
//!   "As little as", "as few as", "as low as" are `>=` by the same token.
//! - A range says itself how far it reaches: "about 10–12 %" is 10 to 12, and the hedge belongs to its
//!   text. "More than 20–30" is more than the lesser, "up to 20–30" up to the greater, but "rose to 20–30" and
//!   "вырос до 20–30" are 20 to 30.
//! - A bare "±5" is about 5. "5 ± 0.1" is 5, and the 0.1 is its half unit, the reach of its bounds.
//! - How many times as much is a number of unit `1` without a noun: "doubled", "threefold", "3x",
//!   "вдвое", "3,5-кратный". Where a word for times is written, that is the noun: "в 3 раза".
//! - A part is its fraction without a unit: "half of exports", "a third", "на треть", "one in five",
//!   "every fifth", "9 out of 10". Only usual wholes divide (2 to 5, 10, 20, and powers of ten): "36 out
//!   of 52 projects" counts 36.
//! - An amount in two units is one in the lesser, so that it stays exact: "5 ft 10 in" is 70 inches,
//!   "2 hours 30 minutes" 150 minutes. Money stays in its main unit: "5 dollars and 20 cents" is 5.2.
//! - A unit may be an adjective, joined to its number: "двухлитровая", "10-метровый". "5 литровых банок"
//!   are five jars.
//! - What stands below zero is negative: "15 градусов мороза" are -15, and more of them are less.
//! - What is counted before its number is not meant exactly: "лет двадцать", "тысяч десять рублей".
//! - A unit is never converted otherwise: "kt" is UCUM's kt. Basis points are hundredths of `pp`,
//!   per mille tenths of `%`, decades and centuries years by the ten and hundred. `million` as an
//!   initial ("mb/d", "Mtoe", "bcm") is a magnitude.
//! - A point before three digits is decimal, but between thousands of money where a comma would be
//!   decimal ("10.500 рублей"), and before three zeros also of money anywhere and of anything Russian
//!   ("€500.000", "3.000 тонн"). People and what else is never cut are in thousands anywhere: "1.500
//!   человек", but not averages ("2.125 children per woman").
//! - How many months or years something goes on is no figure behind another one: "€110 million over seven
//!   years". A time in weeks or less is one: "within 14 days", "за 55 минут", and so are years that stand alone:
//!   "за 10 лет", but "впервые за 10 лет" is a period. The time that a step took is no rate: "сократились на
//!   2 тонны за неделю".
//! - What stands in brackets behind a number, or before it, is its magnitude and unit: "2450,7 (тыс. долл.)",
//!   "млн руб.: 1250", "mln. USD 345.6". Behind a year it is a header's, and no figure.
//! - A letter that is money before a number ("R150") is, before plain digits, where a price is told: "for R150".
//! - "От" before what is counted is a bound ("от 50 сотрудников"), but no bound where those give something:
//!   "заявки от 12 компаний".
//! - Four digits from 1500 to 2100 behind a word that leads to a year ("in", "на", "and") are one, but where their noun
//!   shows a count: "школа на 1800 мест", "в 1900 школах", "300 children and 1800 adults". Time has units: "2000 часов".
//! - Hundreds behind a million that nobody counted are thousands, as people say them: "миллион двести". "Один
//!   миллион двести" is written out, and means 1,000,200.
//! - A slang word that is also another thing counts only beside money: "три лимона рублей".
//! - In Russian a bare number behind a preposition, with a word in the singular of an oblique case, is one in
//!   order: "в 306 кабинете".

mod amount;
mod change;
mod compound;
mod fraction;
mod lexicon;
mod literal;
mod lookalike;
mod meaning;
mod names;
mod notation;
mod noun;
mod numeral;
mod phrase;
mod power;
mod print;
mod range;
mod reader;
mod share;
mod tail;
mod token;
mod unit_behind;
mod unit_label;
mod words;

use std::borrow::Cow;

use model::claim::Measure;
use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::found::Found;
use crate::language::Languages;
use crate::quantity::literal::Literal;
use crate::quantity::meaning::{Meaning, Role};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

pub(crate) use crate::quantity::lexicon::physical_units;
pub use crate::quantity::print::print;

/// Makes the tables of words, if they are not made yet.
pub(crate) fn load_words() {
    lexicon::lexicon();
}

/// The largest number of a figure: 10^24.
pub(crate) const LARGEST: Decimal = numeral::LARGEST;

/// How `1,234` and `1.234` alone read; any other spelling decides by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// As running text of the language around them: `1,234` is 1234 in English, 1.234 in Russian;
    /// `1.234` is a decimal.
    RunningText,
    /// The point is decimal, the comma groups.
    DecimalPoint,
    /// The comma is decimal, the point groups.
    DecimalComma,
    /// Nobody said: such a cell is [`QuantityError::Ambiguous`], and in a text it is no figure.
    Undecided,
}

/// One figure of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What is stated.
    pub quantity: Quantity,
    /// Its part in a change that the sentence tells of.
    pub change: Option<Change>,
    /// Which way that change goes. The quantity is the number as written all the same.
    pub course: Course,
    /// The magnitude that a word or letter beside the number gives; bare digits have none.
    pub magnitude: Option<Decimal>,
    /// Where the number is no amount but tells how much of another one, or how many times it.
    pub relative: Option<Relative>,
}

/// How a number that is no amount by itself relates to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relative {
    /// A part of it: "a fifth", "на треть".
    Part,
    /// A multiple of it: "doubled", "в 1,5 раза".
    Times,
}

/// Which way a change goes, by the words around its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Course {
    /// "rose by 13 %", "13 % more".
    Up,
    /// "fell by 13 %", "на 13 % меньше".
    Down,
    /// No word tells.
    Unsaid,
}

impl Mention {
    /// The figure as what a claim of `measure` in `unit` states. A growth or change is signed: "fell by more
    /// than 13 %" is less than −13 %. A number that is written with a minus keeps it, and the levels
    /// before and after a change are no steps. In percent "a fifth" is 20, and "doubled" a growth of 100.
    pub fn measured(&self, measure: Measure, unit: Option<Unit>) -> Cow<'_, Quantity> {
        let in_percent = self.relative.filter(|_| unit == Some(Unit::PERCENT)).and_then(|relative| {
            match (relative, measure) {
                (Relative::Part, Measure::Level | Measure::Growth) => {
                    percent_of(&self.quantity, Decimal::ZERO)
                }
                (Relative::Times, Measure::Growth) if self.course != Course::Down => {
                    percent_of(&self.quantity, Decimal::ONE)
                }
                _ => None,
            }
        });
        let quantity = in_percent.map_or(Cow::Borrowed(&self.quantity), Cow::Owned);
        let is_step = measure != Measure::Level && !matches!(self.change, Some(Change::From | Change::To));
        let is_multiple = self.relative == Some(Relative::Times);
        if is_step && !is_multiple && self.course == Course::Down && !is_negative(&quantity) {
            Cow::Owned(mirrored(&quantity))
        } else {
            quantity
        }
    }
}

/// A part or multiple of something in percent of it, `whole` taken off.
fn percent_of(quantity: &Quantity, whole: Decimal) -> Option<Quantity> {
    let percent = |number: Decimal| number.checked_sub(whole)?.checked_mul(Decimal::ONE_HUNDRED);
    let stated = match quantity.stated {
        Stated::Point { value, half_unit } => {
            let half_unit = half_unit.checked_mul(Decimal::ONE_HUNDRED)?;
            Stated::Point { value: percent(value)?.normalize(), half_unit: half_unit.normalize() }
        }
        Stated::Range { lower, upper } => Stated::Range { lower: percent(lower)?, upper: percent(upper)? },
    };
    Some(Quantity { stated, unit: Some(Unit::PERCENT), noun: None, ..quantity.clone() })
}

fn is_negative(quantity: &Quantity) -> bool {
    match quantity.stated {
        Stated::Point { value, .. } => value < Decimal::ZERO,
        Stated::Range { lower, .. } => lower < Decimal::ZERO,
    }
}

/// The same distance on the other side of zero. "Nearly" and "about" reach the same way from zero.
fn mirrored(quantity: &Quantity) -> Quantity {
    let comparator = mirrored_comparator(quantity.comparator);
    let stated = match quantity.stated {
        Stated::Point { value, half_unit } => Stated::Point { value: -value, half_unit },
        Stated::Range { lower, upper } => Stated::Range { lower: -upper, upper: -lower },
    };
    Quantity { comparator, stated, ..quantity.clone() }
}

/// What a comparator says of the number on the other side of zero.
fn mirrored_comparator(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        same @ (Comparator::Equal | Comparator::NearlyBelow | Comparator::About | Comparator::Range) => same,
    }
}

/// The part of a figure in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The level before: "from 276".
    From,
    /// The level after, or to come: "to 410 million".
    To,
    /// The step itself: "by 46 %".
    By,
}

/// Why a cell states no one figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Nothing in it is a figure.
    #[error("no figure in `{0}`")]
    NoFigure(String),
    /// It states more than one.
    #[error("{} figures in one cell: {}", .0.len(), .0.join(", "))]
    SeveralFigures(Vec<String>),
    /// It states a range from the greater number to the lesser.
    #[error("`{0}`: the ends of the range are swapped, or one of them lacks its magnitude")]
    EndsSwapped(String),
    /// A comma or point that may group or be decimal.
    #[error("`{0}` may be grouped or decimal: the contract must say which")]
    Ambiguous(String),
    /// A magnitude stands beside the figure, and is no part of it: its number may be a million times
    /// too small.
    #[error("`{magnitude}` in `{cell}` is not read as part of the figure")]
    MagnitudeApart {
        /// The whole cell.
        cell: String,
        /// The word.
        magnitude: String,
    },
    /// Beyond 10^24, or more than 28 digits.
    #[error("`{0}` is too large a number")]
    TooLarge(String),
}

/// All figures of a running text, in order, each with its place.
pub fn find(text: &str, languages: Languages, convention: Convention) -> Vec<Found<Mention>> {
    Reader::new(text, languages, convention).figures()
}

/// The one figure that a cell states. Words around it are allowed ("a record $4.1 billion").
pub fn parse(cell: &str, languages: Languages, convention: Convention) -> Result<Quantity, QuantityError> {
    mention(cell, languages, convention).map(|mention| mention.quantity)
}

/// The same with what the words around the number say of it.
pub fn mention(cell: &str, languages: Languages, convention: Convention) -> Result<Mention, QuantityError> {
    let reader = Reader::new(cell, languages, convention);
    if let Some(error) = reader.unreadable() {
        return Err(error);
    }
    let mut figures = reader.figures();
    match figures.len() {
        0 => Err(QuantityError::NoFigure(cell.trim().to_owned())),
        1 if dashes_on(&cell[figures[0].end..], languages) => {
            Err(QuantityError::EndsSwapped(cell.trim().to_owned()))
        }
        1 => match reader.magnitude_apart(&figures[0]) {
            Some(magnitude) => Err(QuantityError::MagnitudeApart {
                cell: cell.trim().to_owned(),
                magnitude: magnitude.to_owned(),
            }),
            None => Ok(figures.remove(0).value),
        },
        2 if joins_ends(&figures, cell, languages) => Err(QuantityError::EndsSwapped(cell.trim().to_owned())),
        _ => Err(QuantityError::SeveralFigures(
            figures.iter().map(|found| cell[found.start..found.end].to_owned()).collect(),
        )),
    }
}

/// Whether a number is joined to what stands before: "10-5 USD", of which 10 is not the figure.
fn dashes_on(rest: &str, languages: Languages) -> bool {
    let joined = Reader::new(rest, languages, Convention::Undecided);
    !rest.starts_with(char::is_whitespace)
        && joined.dash(0) == Some(1)
        && joined.is_glued(1)
        && joined.kind(1) == Some(Kind::Number)
}

/// Whether two figures would be a range, were the first the lesser.
fn joins_ends(figures: &[Found<Mention>], cell: &str, languages: Languages) -> bool {
    let [low, high] = figures else { return false };
    let between = Reader::new(&cell[low.end..high.start], languages, Convention::Undecided);
    let joined = between.dash(0).or_else(|| between.role(0, Role::To)).or_else(|| between.role(0, Role::And));
    let opened = Reader::new(&cell[..low.start], languages, Convention::Undecided);
    let is_and = between.role(0, Role::And).is_some();
    let is_opened = (0..opened.tokens.len()).any(|at| opened.role(at, Role::Between).is_some());
    let (low, high) = (&low.value.quantity, &high.value.quantity);
    joined == Some(between.tokens.len())
        && (is_opened || !is_and)
        && (low.unit.is_none() || high.unit.is_none() || low.unit == high.unit)
        && low.value().zip(high.value()).is_some()
}

/// How many digits the stated number or the longer end of a range has: beyond 15 a 64-bit float
/// does not hold it.
pub fn significant_digits(quantity: &Quantity) -> u32 {
    let digits =
        |value: Decimal| value.normalize().mantissa().unsigned_abs().checked_ilog10().map_or(1, |n| n + 1);
    match quantity.stated {
        Stated::Point { value, .. } => digits(value),
        Stated::Range { lower, upper } => digits(lower).max(digits(upper)),
    }
}

/// The unit that a cell names by itself: "USD", "US dollars", "куб. м", or by its code: "t/har", "a". A unit that is not counted
/// one by one ("cents") and a magnitude need [`scaled_unit`].
pub fn unit(text: &str) -> Option<Unit> {
    match scaled_unit(text) {
        Some((Some(unit), factor)) if factor == Decimal::ONE => Some(unit),
        Some(_) => None,
        // "a" is a word, and the code of years.
        None => lexicon::lexicon().coded(text),
    }
}

/// The unit and the multiplier that a cell or a header names: "USD million", "млрд руб.",
/// "thousand tonnes", "in %", "mln". `None` where the text says anything else.
pub fn scaled_unit(text: &str) -> Option<(Option<Unit>, Decimal)> {
    let reader = Reader::new(text, Languages::ALL, Convention::Undecided);
    let (unit, factor) = reader.unit_label(0, reader.tokens.len())?;
    Some((unit.map(|unit| unit.unit), factor))
}

/// Whether a unit is money: an ISO 4217 code.
pub fn is_currency(unit: Unit) -> bool {
    unit.code().len() == 3 && unit.code().bytes().all(|b| b.is_ascii_uppercase())
}

/// The comparator that a cell holds: `>`, "more than", "свыше", "nearly".
pub fn comparator(text: &str) -> Option<Comparator> {
    let text = text.trim();
    if let Some(comparator) = Comparator::parse(text) {
        return Some(comparator);
    }
    let reader = Reader::new(text, Languages::ALL, Convention::Undecided);
    let (end, comparator) = reader.longest(0, |meaning| match meaning {
        Meaning::Before(comparator) | Meaning::After(comparator) => Some(comparator),
        _ => None,
    })?;
    (end == reader.tokens.len()).then_some(comparator)
}

impl Reader<'_> {
    /// The first literal that cannot be read.
    fn unreadable(&self) -> Option<QuantityError> {
        self.tokens.iter().enumerate().find_map(|(at, token)| match token.literal {
            Literal::TooLarge => Some(QuantityError::TooLarge(self.slice(at).to_owned())),
            Literal::Either { .. } if self.convention == Convention::Undecided => {
                Some(QuantityError::Ambiguous(self.slice(at).to_owned()))
            }
            Literal::Exact(value, _) if value > numeral::LARGEST => {
                Some(QuantityError::TooLarge(self.slice(at).to_owned()))
            }
            _ => None,
        })
    }

    /// A word of magnitude beside the one figure of a cell and outside it, with nothing but signs and
    /// units between: "78.3 (in USD million)". "Grand total: 5" holds none.
    fn magnitude_apart(&self, figure: &Found<Mention>) -> Option<&str> {
        let is_magnitude = |at: &usize| self.magnitude(*at).is_some_and(|(_, factor)| factor > Decimal::ONE);
        let joins = |at: &usize| {
            self.kind(*at) == Some(Kind::Symbol)
                || self.unit(*at).is_some()
                || self.role(*at, Role::In).is_some()
                || self.role(*at, Role::Of).is_some()
                || is_magnitude(at)
        };
        let first = self.tokens.iter().position(|token| token.start >= figure.start)?;
        let behind = self.tokens.iter().position(|token| token.start >= figure.end);
        let before = (0..first).rev().take_while(joins).find(is_magnitude);
        let found = behind
            .and_then(|behind| (behind..self.tokens.len()).take_while(joins).find(is_magnitude))
            .or(before);
        found.map(|at| self.slice(at))
    }

    pub(super) fn suffix(&self, at: usize) -> Option<(usize, Decimal)> {
        self.longest(at, |meaning| match meaning {
            Meaning::Suffix(factor, _) => Some(factor),
            _ => None,
        })
    }
}
