//! Fractions: in digits ("3 1/2"), in one sign ("2½"), in words ("half a million", "… and a half").

use rust_decimal::Decimal;

use crate::quantity::meaning::{Alone, Meaning, Role, UnitKind};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// `3 1/2`, `1/2`, `2½`.
    pub(super) fn fraction_behind(&self, whole: Numeral) -> Option<Numeral> {
        let at = whole.end;
        if self.slice(at) == "/" && self.is_glued(at) && self.is_glued(at + 1) {
            let value = self.ratio(whole.value, at + 1)?;
            return Some(Numeral {
                end: at + 2,
                value,
                step: last_digit(value),
                form: Form::Fraction,
                ..whole
            });
        }
        // "3-1/4"
        let joined = matches!(self.slice(at), "-" | "‑") && self.is_glued(at) && self.is_glued(at + 1);
        if let Some(part) = self.digit_fraction(at + 1).filter(|_| joined) {
            let value = whole.value.checked_add(part)?;
            return Some(Numeral {
                end: at + 4,
                value,
                step: last_digit(value),
                form: Form::Fraction,
                ..whole
            });
        }
        let (end, part) = match self.kind(at)? {
            Kind::Number if self.slice(at + 1) == "/" && self.is_glued(at + 1) && self.is_glued(at + 2) => {
                (at + 3, self.ratio(self.literal(at)?, at + 2)?)
            }
            Kind::Symbol => (at + 1, vulgar(self.slice(at))?),
            _ => return None,
        };
        let value = whole.value.checked_add(part)?;
        Some(Numeral { end, value, step: last_digit(value), form: Form::Fraction, ..whole })
    }

    /// `3/4` at `at`.
    fn digit_fraction(&self, at: usize) -> Option<Decimal> {
        let joined = self.slice(at + 1) == "/" && self.is_glued(at + 1) && self.is_glued(at + 2);
        let numerator = self.literal(at).filter(|_| joined && self.kind(at) == Some(Kind::Number))?;
        self.ratio(numerator, at + 2)
    }

    /// A proper fraction of small numbers with the denominator at token `at`.
    fn ratio(&self, numerator: Decimal, at: usize) -> Option<Decimal> {
        let denominator = self.literal(at).filter(|_| self.kind(at) == Some(Kind::Number))?;
        let usual = denominator <= Decimal::TEN
            || [12, 16, 20, 25, 32, 50, 64, 100, 1000].map(Decimal::from).contains(&denominator);
        let fits = numerator < denominator && usual && numerator.scale() == 0 && denominator.scale() == 0;
        let next_is_slash = self.slice(at + 1) == "/" && self.is_glued(at + 1);
        if fits && !next_is_slash { numerator.checked_div(denominator) } else { None }
    }

    pub(super) fn vulgar_fraction(&self, at: usize) -> Option<Numeral> {
        let value = vulgar(self.slice(at))?;
        let (step, factor) = (last_digit(value), Decimal::ONE);
        let numeral = Numeral { end: at + 1, value, step, factor, form: Form::Fraction, open: false };
        self.magnitudes(numeral)
    }

    /// "… and a half", "… с половиной".
    pub(super) fn and_fraction(&self, numeral: Numeral) -> Option<Numeral> {
        let mut at = self.behind_hyphen(self.role(self.behind_hyphen(numeral.end), Role::And)?);
        if let Some(part) = self.digit_fraction(at).filter(|_| numeral.value.is_integer()) {
            let value = numeral.value.checked_add(part.checked_mul(numeral.factor)?)?;
            return Some(Numeral {
                end: at + 3,
                value,
                step: last_digit(value),
                form: Form::Words,
                ..numeral
            });
        }
        let mut count = Decimal::ONE;
        if let Some(end) = self.role(at, Role::Article) {
            at = self.behind_hyphen(end);
        } else if let Some((end, value)) = self.cardinal(at) {
            (at, count) = (self.behind_hyphen(end), value);
        }
        let (end, denominator) = self.fraction_word(at)?;
        let part = count.checked_div(denominator)?.checked_mul(numeral.factor)?;
        let step = fraction_step(denominator).checked_mul(numeral.factor)?;
        let value = numeral.value.checked_add(part)?;
        Some(Numeral { end, value, step, form: Form::Words, ..numeral })
    }

    /// The denominator at `at`.
    pub(super) fn fraction_word(&self, at: usize) -> Option<(usize, Decimal)> {
        self.longest(at, |meaning| match meaning {
            Meaning::Fraction(denominator) => Some(denominator),
            _ => None,
        })
    }

    /// "half a million", "a quarter of a million", "треть миллиона".
    pub(super) fn part_of_magnitude(&self, at: usize) -> Option<Numeral> {
        let start = self.role(at, Role::Article).unwrap_or(at);
        let (mut end, denominator) = self.fraction_word(start).filter(|_| !self.follows_order(at))?;
        let is_prefix = self.longest(start, |meaning| (meaning == Meaning::Prefix).then_some(())).is_some();
        end = self.behind_hyphen(end);
        end = self.role(end, Role::Of).unwrap_or(end);
        let article = self.role(end, Role::Article);
        end = article.unwrap_or(end);
        let part = Numeral {
            end,
            value: Decimal::ONE.checked_div(denominator)?,
            step: fraction_step(denominator),
            factor: Decimal::ONE,
            form: Form::Words,
            open: false,
        };
        let multiple = |meaning| match meaning {
            Meaning::Magnitude(factor, alone) | Meaning::Multiple(factor, alone) => Some((factor, alone)),
            _ => None,
        };
        // "пол-лимона" by itself is fruit.
        let is_meant =
            |(end, (_, alone)): &(usize, (Decimal, Alone))| *alone != Alone::Priced || self.is_priced(*end);
        if let Some((end, (factor, _))) = self.longest(end, multiple).filter(is_meant) {
            return Numeral { end, ..part }.times(factor);
        }
        // "half a point"
        let halves_one = || {
            denominator == Decimal::TWO
                && self.singular_noun(end).is_some()
                && self.role(end - 1, Role::Article).is_some()
        };
        if article.is_some() && start == at && self.role(start + 1, Role::Of).is_none() && halves_one() {
            return Some(part);
        }
        // "half an hour", "полпроцента"; but "third second" is an ordinal.
        let joined = article.is_some() || is_prefix || self.is_glued(end);
        let unit = self.unit(end).map(|(_, unit)| unit.kind)?;
        // "a quarter cup", "half mile"
        let is_half = denominator == Decimal::TWO || denominator == Decimal::from(4) && start > at;
        let is_usual = is_half && unit == UnitKind::Physical;
        (joined || unit == UnitKind::Share || is_usual).then_some(part)
    }
}

/// One unit of the last digit of a fraction written out; zero where it has no last digit.
pub(super) fn last_digit(value: Decimal) -> Decimal {
    let scale = value.normalize().scale();
    if scale <= 12 { Decimal::new(1, scale) } else { Decimal::ZERO }
}

/// What one part of a whole says: a half is a tenth's precision, a quarter a hundredth's, a third none.
pub(super) fn fraction_step(denominator: Decimal) -> Decimal {
    Decimal::ONE.checked_div(denominator).map_or(Decimal::ZERO, last_digit)
}

fn vulgar(sign: &str) -> Option<Decimal> {
    let (numerator, denominator) = match sign {
        "½" => (1, 2),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅕" => (1, 5),
        "⅖" => (2, 5),
        "⅗" => (3, 5),
        "⅘" => (4, 5),
        "⅙" => (1, 6),
        "⅛" => (1, 8),
        "⅜" => (3, 8),
        "⅝" => (5, 8),
        "⅞" => (7, 8),
        _ => return None,
    };
    Decimal::from(numerator).checked_div(Decimal::from(denominator))
}
