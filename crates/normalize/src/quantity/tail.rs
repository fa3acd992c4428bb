//! What stands behind an amount: a comparator ("or more"), a unit behind that, the noun of what is
//! counted, and what that is divided by.

use model::figure::Comparator;
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::Amount;
use crate::quantity::meaning::{Meaning, Role, UnitWord};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// An amount with all that stands behind it.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    /// The token behind the last.
    pub(super) end: usize,
    /// The number, with a magnitude that stands behind the comparator.
    pub(super) numeral: Numeral,
    /// The unit, that of counting where there is a noun.
    pub(super) unit: Option<Unit>,
    /// Whether the unit counts downwards: "degrees below zero".
    pub(super) below_zero: bool,
    /// What is counted.
    pub(super) noun: Option<String>,
    /// The comparator.
    pub(super) comparator: Option<Comparator>,
}

impl Reader<'_> {
    /// What stands behind an amount, from token `end` on.
    pub(super) fn tail(&self, amount: &Amount, end: usize) -> Option<Tail> {
        // "$20 plus tax"
        let adds = amount.unit.is_some() && self.adds(end);
        let (mut end, mut comparator) = if adds { (end, None) } else { self.after(end) };
        let mut numeral = amount.numeral;
        // "сто с лишним тысяч"
        if let Some((behind, factor)) = self.magnitude(end).filter(|_| comparator.is_some()) {
            (end, numeral) = (behind, numeral.times(factor)?);
        }
        if numeral.open {
            comparator = Some(Comparator::GreaterOrEqual);
        }
        let mut unit = amount.unit;
        // "миллион с лишним рублей", "20-odd dollars"
        if let Some((behind, named)) = self.plain_unit(end).filter(|_| comparator.is_some() && unit.is_none())
        {
            (end, unit) = (behind, Some(named));
        }
        let below_zero = unit.is_some_and(|unit| unit.factor < Decimal::ZERO);
        let tail =
            Tail { end, numeral, unit: unit.map(|unit| unit.unit), below_zero, noun: None, comparator };
        Some(if unit.is_some() { tail } else { self.with_noun(tail, amount) })
    }

    /// Whether "plus" at `at` adds what is told behind it.
    fn adds(&self, at: usize) -> bool {
        // "$20+tax", but "10+ years"
        let is_sign = self.slice(at) == "+"
            && self.kind(at + 1) == Some(Kind::Word)
            && self.is_glued(at) == self.is_glued(at + 1);
        let behind = self.role(at, Role::Adds);
        is_sign || behind.is_some_and(|behind| matches!(self.kind(behind), Some(Kind::Word | Kind::Number)))
    }

    fn plain_unit(&self, at: usize) -> Option<(usize, UnitWord)> {
        self.compound_unit(at).filter(|(_, unit)| !unit.is_generic() && unit.factor == Decimal::ONE)
    }

    /// The same with the noun that the number counts, and what that is divided by.
    fn with_noun(&self, tail: Tail, amount: &Amount) -> Tail {
        let (mut end, mut comparator) = (tail.end, tail.comparator);
        let numeral = &tail.numeral;
        // "two thirds of exports" counts nothing.
        let is_part = numeral.form == Form::Fraction && numeral.value.abs() < Decimal::ONE;
        let mut found = if is_part { (end, None) } else { self.noun_behind(end) };
        if found.1.is_none()
            && (numeral.value == Decimal::ONE
                || numeral.value == Decimal::new(5, 1) && numeral.form == Form::Words)
            && let Some(at) = self.singular_noun(end)
        {
            found = (at + 1, Some(self.slice(at).to_owned()));
        }
        // "17 times 23" multiplies.
        let multiplies = found.1.as_ref().is_some_and(|noun| self.lexicon.is_times(noun))
            && (self.kind(found.0) == Some(Kind::Number) || self.cardinal(found.0).is_some());
        let (behind, noun) = if multiplies { (end, None) } else { found };
        if behind > end {
            end = behind;
            // "three lemons plus a bag of sugar"
            if comparator.is_none() && !self.adds(end) {
                (end, comparator) = self.after(end);
            }
        }
        let Some(noun) = noun.or_else(|| self.inverted_noun(amount)) else {
            return Tail { end, comparator, ..tail };
        };
        let divides = self.slice(end + 1) == "/" || self.role(end + 1, Role::Per).is_some();
        let glued_dot = usize::from(self.slice(end) == "." && divides);
        let density = self.denominator(end + glued_dot, Unit::COUNT);
        let (end, unit) = density.unwrap_or((end, Unit::COUNT));
        Tail { end, unit: Some(unit), noun: Some(noun), comparator, ..tail }
    }

    /// The noun of "человек тридцать", which stands before its number.
    fn inverted_noun(&self, amount: &Amount) -> Option<String> {
        let scales =
            |meaning| matches!(meaning, Meaning::Magnitude(..) | Meaning::Multiple(..)).then_some(());
        let is_noun = amount.number_at > amount.start
            && self.role(amount.start, Role::Inverted).is_some()
            && self.longest(amount.start, scales).is_none();
        is_noun.then(|| self.slice(amount.start).to_owned())
    }

    /// A comparator behind its figure.
    pub(super) fn after(&self, at: usize) -> (usize, Option<Comparator>) {
        let found = self.longest(self.behind_hyphen(at), |meaning| match meaning {
            Meaning::After(comparator) => Some(comparator),
            _ => None,
        });
        match found {
            // "5 minimum 3": the word belongs to what follows.
            // "15 or more than 20": the same.
            Some((end, comparator)) if self.kind(end) != Some(Kind::Number) && !self.hedges_on(at, end) => {
                (end, Some(comparator))
            }
            _ => (at, None),
        }
    }

    /// Whether the last word before `end` begins a hedge of what follows.
    fn hedges_on(&self, at: usize, end: usize) -> bool {
        let last = end - 1;
        let hedge = self.longest(last, |meaning| matches!(meaning, Meaning::Before(_)).then_some(()));
        last > at && hedge.is_some_and(|(behind, ())| behind > end)
    }

    /// The head noun of what a number ending before `at` counts, and the token behind it.
    pub(super) fn noun_behind(&self, at: usize) -> (usize, Option<String>) {
        let first =
            self.role(at, Role::Of).filter(|_| self.magnitude(at.saturating_sub(1)).is_some()).unwrap_or(at);
        let first = self.role(first, Role::Further).unwrap_or(first);
        match self.noun(first) {
            Some(noun) => (noun + 1, Some(self.slice(noun).to_owned())),
            None => (at, None),
        }
    }
}
