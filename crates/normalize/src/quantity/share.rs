//! Parts and multiples of something: "one in five", "9 out of 10", "half of exports", "каждый пятый",
//! "doubled", "втрое". A part is its fraction, a multiple its factor; neither says of what.

use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::meaning::{Meaning, Role, UnitKind, UnitWord};
use crate::quantity::numeral::{Form, Lead, Numeral, fraction_step, last_digit};
use crate::quantity::reader::{Reader, is_cyrillic};
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// The first number over the second: "one in five", "90 out of 100", "9 из 10". Only over numbers
    /// that people divide by: "36 из 52 проектов" counts 36.
    pub(super) fn share_of(&self, part: Numeral) -> Option<Numeral> {
        let (small, words) =
            (part.value.is_integer() && part.factor == Decimal::ONE, part.form != Form::Plain);
        let at = part.end;
        let (end, strict) = match self.role(at, Role::OutOf) {
            Some(end) => (end, false),
            None => (self.role(at, Role::In).filter(|_| small)?, true),
        };
        let whole = self.whole(end)?;
        let is_known = [2, 3, 4, 5, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000]
            .map(Decimal::from)
            .contains(&whole.value);
        let of_ten = whole.value >= Decimal::TEN;
        let is_idiom = !strict || part.value == Decimal::ONE || of_ten || words && whole.form == Form::Words;
        let has_unit = self.unit(whole.end).is_some_and(|(_, unit)| unit.kind != UnitKind::Letter);
        if !small || !is_known || !is_idiom || has_unit || part.value >= whole.value || part.value.is_zero() {
            return None;
        }
        let value = part.value.checked_div(whole.value)?;
        Some(Numeral { end: whole.end, value, step: last_digit(value), form: Form::Fraction, ..part })
    }

    /// The number at `at` without what may stand behind it.
    fn whole(&self, at: usize) -> Option<Numeral> {
        if self.kind(at)? == Kind::Word {
            return self.words(at, Lead::Plain);
        }
        let value = self.literal(at)?;
        let (step, factor) = (Decimal::ONE, Decimal::ONE);
        Some(Numeral { end: at + 1, value, step, factor, form: Form::Plain, open: false })
    }

    /// "half of exports", "a third of the budget", "на треть", "каждый пятый".
    pub(super) fn part_alone(&self, at: usize, lead: Lead) -> Option<Numeral> {
        let each = |meaning| match meaning {
            Meaning::Each(denominator) => Some(denominator),
            _ => None,
        };
        if let Some((end, denominator)) = self.longest(at, each) {
            return part_of(end, denominator);
        }
        let article = self.role(at, Role::Article);
        let first = article.unwrap_or(at);
        let (end, denominator) = self.longest(first, |meaning| match meaning {
            Meaning::Share(denominator) => Some(denominator),
            _ => None,
        })?;
        let half = denominator == Decimal::TWO;
        let cyrillic = is_cyrillic(self.slice(first));
        // "third" alone is an ordinal, "a third" is not.
        let names_part = cyrillic || half || article.is_some();
        if !names_part || self.follows_order(at) {
            return None;
        }
        let by = self.role_before(at, Role::By) && (cyrillic || self.speaks_of_change(at));
        let of = if cyrillic {
            self.kind(end) == Some(Kind::Word)
                && is_cyrillic(self.slice(end))
                && self.role(end, Role::Stop).is_none()
        } else {
            self.role(end, Role::Of).is_some()
                || half && matches!(self.slice(end), "the" | "its" | "their" | "all")
        };
        let opens = [Role::From, Role::Between, Role::To].into_iter().any(|role| self.role_before(at, role));
        let joins = !cyrillic && self.role_before(at, Role::And);
        let paired = (cyrillic || article.is_some()) && (opens || joins);
        (lead == Lead::Hedge || by || of || paired || self.is_whole(at, end))
            .then(|| part_of(end, denominator))
            .flatten()
    }

    /// Whether the word before makes a fraction one of several in order: "the first half", "во второй
    /// половине", "the third of May".
    pub(super) fn follows_order(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let word = self.slice(before);
        match self.kind(before) {
            Some(Kind::Number) => true,
            Some(Kind::Word) => {
                is_cyrillic(word) && self.lexicon.is_adjective(word)
                    || self.role(before, Role::Span).is_some()
                    || self.role(before, Role::OrdinalWord).is_some()
                    || !is_cyrillic(word)
                        && self.role(before, Role::Filler).is_some()
                        && self.role(before, Role::Article).is_none()
            }
            _ => false,
        }
    }

    /// "doubled", "twofold", "втрое": how many times, and the token behind.
    pub(super) fn factor(&self, at: usize) -> Option<(Numeral, UnitWord)> {
        let (end, value) = self.longest(at, |meaning| match meaning {
            Meaning::Factor(value) => Some(value),
            _ => None,
        })?;
        let (step, factor) = (Decimal::ONE, Decimal::ONE);
        let numeral = Numeral { end, value, step, factor, form: Form::Words, open: false };
        Some((numeral, UnitWord { unit: Unit::COUNT, factor, kind: UnitKind::Times }))
    }
}

fn part_of(end: usize, denominator: Decimal) -> Option<Numeral> {
    let value = Decimal::ONE.checked_div(denominator)?;
    let (step, factor) = (fraction_step(denominator), Decimal::ONE);
    Some(Numeral { end, value, step, factor, form: Form::Fraction, open: false })
}
