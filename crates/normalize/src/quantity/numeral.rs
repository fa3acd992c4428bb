//! Numerals: digits or words, and the magnitudes behind them; no unit, no sign. Fractions lie in
//! `fraction.rs`, what each word adds in `words.rs`.

use rust_decimal::Decimal;

use crate::quantity::Convention;
use crate::quantity::literal::{Grouping, Literal, Separator};
use crate::quantity::meaning::{Alone, Meaning, Role};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;
use crate::quantity::words::{Words, spelled_decimals};

/// What a numeral says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numeral {
    /// The token behind it.
    pub(super) end: usize,
    /// The number, magnitude multiplied out.
    pub(super) value: Decimal,
    /// One unit of the last stated digit; zero for a fraction that has no digits.
    pub(super) step: Decimal,
    /// The magnitude; one where no word or letter names it.
    pub(super) factor: Decimal,
    /// How it is written.
    pub(super) form: Form,
    /// Whether a plus stands between digits and magnitude: "500+ million".
    pub(super) open: bool,
}

/// What stands before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing that makes a number likely.
    Plain,
    /// A comparator, behind which some words are numbers that are none alone: "about a thousand".
    Hedge,
}

/// How a numeral is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Digits without separators, which a year also is.
    Plain,
    /// Digits with separators, decimals, a magnitude or a fraction.
    Digits,
    /// Words.
    Words,
    /// The word "one" alone, which is also a pronoun.
    One,
    /// A fraction in words.
    Fraction,
    /// "A couple".
    Vague,
}

/// The largest value of a figure.
pub(super) const LARGEST: Decimal = Decimal::from_parts(0xA100_0000, 0x1BCE_CCED, 0xD3C2, false, 0);

/// A dozen: prices are by it, like by the ten, and parts of it are told.
pub(super) const DOZEN: Decimal = Decimal::from_parts(12, 0, 0, false, 0);

impl Numeral {
    /// The numeral with another magnitude multiplied in.
    pub(super) fn times(self, factor: Decimal) -> Option<Self> {
        let value = self.value.checked_mul(factor).filter(|value| value.abs() <= LARGEST)?;
        if !is_decimal_magnitude(factor) {
            let step = if value.normalize().scale() == 0 { Decimal::ONE } else { Decimal::ZERO };
            // "a couple of dozen"
            let form = if self.form == Form::Vague { Form::Vague } else { Form::Digits };
            return Some(Self { value, step, form, ..self });
        }
        Some(Self {
            value,
            step: self.step.checked_mul(factor)?,
            factor: self.factor.checked_mul(factor)?,
            form: if self.form == Form::Plain { Form::Digits } else { self.form },
            ..self
        })
    }
}

impl Reader<'_> {
    /// The numeral at token `at` behind `lead`.
    pub(super) fn numeral(&self, at: usize, lead: Lead) -> Option<Numeral> {
        let numeral = match self.kind(at)? {
            Kind::Number => self.digits(at)?,
            Kind::Symbol => self.vulgar_fraction(at)?,
            Kind::Word => self.words(at, lead).or_else(|| self.part_alone(at, lead))?,
        };
        let in_words = matches!(numeral.form, Form::Words | Form::One);
        let mut numeral = numeral;
        if in_words && self.slice(numeral.end) == "(" {
            // "three (3) million"
            numeral = self.magnitudes(self.repeated(numeral))?;
        }
        Some(self.share_of(numeral).unwrap_or(numeral))
    }

    /// The number of the literal at `at`.
    pub(super) fn literal(&self, at: usize) -> Option<Decimal> {
        let literal = self.tokens.get(at)?.literal;
        if let Literal::Either { grouped, separator, .. } = literal
            && self.convention == Convention::RunningText
            && (self.counts_whole(at)
                || separator == Separator::Point && self.is_grouped_by_points(at, grouped))
        {
            return Some(grouped);
        }
        literal.resolve(self.convention, self.decimal_mark(at)).filter(|value| *value <= LARGEST)
    }

    /// Whether `1.234` at `at` is in thousands: of money where a comma would be decimal, and with three
    /// zeros at its end ("3.000 тонн", "€500.000") also of money anywhere. Before a magnitude it is no
    /// thousands: "$7.000 mln".
    fn is_grouped_by_points(&self, at: usize, grouped: Decimal) -> bool {
        if self.magnitude(at + 1).is_some() {
            return false;
        }
        let money = |at: usize, end: usize| {
            self.unit(at).filter(|(behind, unit)| unit.kind.is_money() && (end == 0 || *behind == end))
        };
        // "1.290,- €"
        let no_cents = self.no_cents(at + 1);
        let named = money(at + 1, 0).or_else(|| at.checked_sub(1).and_then(|before| money(before, at)));
        let of_money = no_cents.is_some() || named.is_some();
        if named.is_some_and(|(_, unit)| self.lexicon.is_whole_money(unit.unit)) {
            return true;
        }
        let is_round = (grouped % Decimal::ONE_THOUSAND).is_zero();
        let comma_is_decimal = self.decimal_mark(at) == Separator::Comma;
        no_cents.is_some() || of_money && comma_is_decimal || is_round && (of_money || comma_is_decimal)
    }

    /// Whether the number at `at` counts what is never cut: "1.500 человек". An average of it is:
    /// "2.125 children per woman".
    fn counts_whole(&self, at: usize) -> bool {
        // "1.290 kr": money of no one country.
        let is_next = self.role(at + 1, Role::Whole).map(|_| at + 1);
        let noun =
            is_next.or_else(|| self.noun(at + 1)).filter(|noun| self.role(*noun, Role::Whole).is_some());
        noun.is_some_and(|noun| self.role(noun + 1, Role::Per).is_none())
    }

    fn digits(&self, at: usize) -> Option<Numeral> {
        let value = self.literal(at)?;
        let plain = matches!(self.tokens[at].literal, Literal::Exact(_, Grouping::Plain));
        let mut numeral = Numeral {
            end: at + 1,
            value,
            step: Decimal::try_new(1, value.scale()).ok()?,
            factor: Decimal::ONE,
            form: if plain { Form::Plain } else { Form::Digits },
            open: false,
        };
        if let Some(end) = self.case_ending(at + 1).or_else(|| self.no_cents(at + 1)) {
            numeral.end = end;
        }
        if let Some(money) = self.spaced_decimals(numeral) {
            return Some(money);
        }
        if plain && let Some(mixed) = self.fraction_behind(numeral) {
            numeral = mixed;
        }
        numeral = self.exponent_behind(numeral).or_else(|| self.power_behind(numeral)).unwrap_or(numeral);
        numeral = self.repeated(numeral);
        numeral = self.and_fraction(numeral).unwrap_or(numeral);
        numeral = self.magnitudes(numeral)?;
        numeral = self.repeated(numeral);
        self.compound(numeral)
    }

    /// The ending of a cardinal before what it counts: "2-х млрд", "5-ти процентов"; "90-х" is none.
    pub(super) fn case_ending(&self, at: usize) -> Option<usize> {
        let word = self.behind_hyphen(at);
        let end = self.role(word, Role::CaseEnding).filter(|_| word > at)?;
        let counts = self.magnitude(end).is_some() || self.unit(end).is_some() || self.noun(end).is_some();
        // "от 4-х до 6-ти недель"
        let joins = [Role::To, Role::Or].into_iter().find_map(|role| self.role(end, role));
        let opens_range = joins.is_some_and(|second| self.kind(second) == Some(Kind::Number));
        // "3-х (трёх) штук"
        let is_repeated = self.slice(end) == "(" && self.cardinal(end + 1).is_some();
        let single = self.slice(at - 1).len() == 1;
        ((counts || opens_range || is_repeated) && single || self.magnitude(end).is_some()).then_some(end)
    }

    /// "1 290,- Kč", "29.– CHF": a dash in place of the cents, between digits and their money.
    fn no_cents(&self, at: usize) -> Option<usize> {
        let is_mark = matches!(self.slice(at), "," | ".") && self.is_glued(at) && self.is_glued(at + 1);
        let end = self.dash(at + 1).filter(|_| is_mark)?;
        self.unit(end).filter(|(_, unit)| unit.kind.is_money()).map(|_| end)
    }

    /// `1 599 059, 38 Евро`: decimals behind a comma and a space, before money.
    fn spaced_decimals(&self, whole: Numeral) -> Option<Numeral> {
        let at = whole.end;
        let in_groups = matches!(self.tokens[at - 1].literal, Literal::Exact(_, Grouping::Spaces));
        let follows =
            in_groups && self.slice(at) == "," && self.is_glued(at) && self.slice(at + 1).len() == 2;
        let Literal::Exact(cents, Grouping::Plain) = self.tokens.get(at + 1).filter(|_| follows)?.literal
        else {
            return None;
        };
        self.unit(at + 2).filter(|(_, unit)| unit.kind.is_money())?;
        let step = Decimal::new(1, 2);
        let value = whole.value.checked_add(cents.checked_mul(step)?)?;
        Some(Numeral { end: at + 2, value, step, form: Form::Digits, ..whole })
    }

    /// `6 000 000 (шесть миллионов)`, "fifteen (15)": the same number again.
    fn repeated(&self, numeral: Numeral) -> Numeral {
        let at = numeral.end + 1;
        if self.slice(numeral.end) != "(" {
            return numeral;
        }
        let again = match self.kind(at) {
            Some(Kind::Word) => self.words(at, Lead::Plain).map(|words| (words.end, words.value)),
            Some(Kind::Number) if matches!(numeral.form, Form::Words | Form::One) => {
                self.literal(at).map(|value| (at + 1, value))
            }
            _ => None,
        };
        match again {
            Some((end, value)) if value == numeral.value && self.slice(end) == ")" => {
                Numeral { end: end + 1, form: Form::Digits, ..numeral }
            }
            _ => numeral,
        }
    }

    /// The magnitudes behind a number: "3.5 thousand", "5 hundred million", "2 lakh crore".
    pub(super) fn magnitudes(&self, numeral: Numeral) -> Option<Numeral> {
        let mut numeral = numeral;
        if self.slice(numeral.end) == "+"
            && self.is_glued(numeral.end)
            && self.magnitude(numeral.end + 1).is_some()
        {
            numeral = Numeral { end: numeral.end + 1, open: true, ..numeral };
        }
        for _ in 0..3 {
            let at = self.behind_hyphen(numeral.end);
            let multiple = |meaning| match meaning {
                Meaning::Magnitude(factor, alone) | Meaning::Multiple(factor, alone) => Some((factor, alone)),
                _ => None,
            };
            let Some((end, (factor, alone))) = self.longest(at, multiple) else { break };
            if alone == Alone::Priced && !self.is_priced(end) {
                break;
            }
            numeral = Numeral { end, ..numeral.times(factor)? };
        }
        Some(numeral)
    }

    /// Whether a number that ends before `at` is of money, or all that is written.
    pub(super) fn is_priced(&self, at: usize) -> bool {
        const SHORT: usize = 4;
        self.unit(at).is_some_and(|(_, unit)| unit.kind.is_money())
            || at >= self.tokens.len() && self.tokens.len() <= SHORT
    }

    /// "5 million 200 thousand": a lesser magnitude behind a greater.
    fn compound(&self, numeral: Numeral) -> Option<Numeral> {
        let mut numeral = numeral;
        for _ in 0..4 {
            let at = numeral.end;
            if numeral.factor <= Decimal::ONE || self.kind(at) != Some(Kind::Number) {
                break;
            }
            let Some(value) = self.literal(at) else { break };
            let counts = |at: usize| {
                let hundreds = value >= Decimal::ONE_HUNDRED && numeral.factor == Decimal::ONE_THOUSAND;
                self.unit(at).is_some_and(|(_, unit)| unit.kind.is_money())
                    || hundreds && (at >= self.tokens.len() || self.noun(at).is_some())
            };
            let (end, factor) = match self.magnitude(at + 1) {
                Some(magnitude) => magnitude,
                None if counts(at + 1) => (at + 1, Decimal::ONE),
                None => break,
            };
            // "1 млн 350 т.р.": the money counts thousands.
            let scale = self.unit(end).map_or(Decimal::ONE, |(_, unit)| unit.factor);
            if scale > Decimal::ONE {
                numeral.value = numeral.value.checked_div(scale)?;
            }
            let Some(part) = value.checked_mul(factor) else { break };
            if part >= numeral.factor || factor >= numeral.step {
                break;
            }
            let step = Decimal::try_new(1, value.scale()).ok()?.checked_mul(factor)?;
            numeral = Numeral { end, value: numeral.value.checked_add(part)?, step, factor, ..numeral };
        }
        Some(numeral)
    }

    /// The cardinal at `at`.
    pub(super) fn cardinal(&self, at: usize) -> Option<(usize, Decimal)> {
        self.longest(at, |meaning| match meaning {
            Meaning::Cardinal(value) => Some(value),
            _ => None,
        })
    }

    /// A number below a hundred: "five", "twenty", "twenty-five".
    pub(super) fn two_digits(&self, at: usize) -> Option<(usize, Decimal)> {
        let (end, tens) = self.cardinal(self.behind_hyphen(at))?;
        if tens >= Decimal::ONE_HUNDRED || tens.scale() > 0 {
            return None;
        }
        if tens >= Decimal::from(20)
            && let Some((behind, units)) = self.cardinal(self.behind_hyphen(end))
            && units < Decimal::TEN
            && !units.is_zero()
        {
            return Some((behind, tens.checked_add(units)?));
        }
        Some((end, tens))
    }

    pub(super) fn words(&self, at: usize, lead: Lead) -> Option<Numeral> {
        if !self.is_known(at) {
            return None;
        }
        if let Some(part) = self.part_of_magnitude(at) {
            return Some(part);
        }
        if let Some(vague) = self.vague(at) {
            return Some(vague);
        }
        if let Some(decimals) = self.decimals_alone(at, lead) {
            return Some(decimals);
        }
        let mut words = Words::new(at);
        if let Some(end) = self.role(at, Role::Article) {
            words.take_article(end);
        }
        while let Some(next) = words.next(self, lead) {
            words = next;
        }
        // "a score of 85"
        words.finish(self).filter(|numeral| {
            self.role(numeral.end, Role::Of).is_none_or(|of| self.kind(of) != Some(Kind::Number))
        })
    }

    /// "point five", where it is no "point" of anything: behind a hedge or a sign, or alone.
    fn decimals_alone(&self, at: usize, lead: Lead) -> Option<Numeral> {
        let first = self.role(at, Role::Point)?;
        let (end, value, step) = spelled_decimals(self, first)?;
        let signed = self.role_before(at, Role::Minus) || self.role_before(at, Role::By);
        let numeral = Numeral { end, value, step, factor: Decimal::ONE, form: Form::Fraction, open: false };
        if lead == Lead::Hedge || signed || self.is_whole(at, end) || self.unit(end).is_some() {
            self.magnitudes(numeral)
        } else {
            None
        }
    }

    /// "a couple of million", "пара миллионов".
    fn vague(&self, at: usize) -> Option<Numeral> {
        let start = self.role(at, Role::Article).unwrap_or(at);
        let (end, value) = self.longest(start, |meaning| match meaning {
            Meaning::Vague(value) => Some(value),
            _ => None,
        })?;
        let (step, factor) = (Decimal::ONE, Decimal::ONE);
        let numeral = Numeral { end, value, step, factor, form: Form::Vague, open: false };
        self.magnitudes(numeral)
    }
}

/// Whether a multiple moves the decimal point: a dozen does not.
fn is_decimal_magnitude(factor: Decimal) -> bool {
    factor
        .mantissa()
        .unsigned_abs()
        .checked_ilog10()
        .is_some_and(|log| 10u128.checked_pow(log) == Some(factor.mantissa().unsigned_abs()))
}
