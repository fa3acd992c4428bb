//! Parts and multiples of something: "one in five", "9 out of 10", "half of exports", "каждый пятый",
//! "doubled", "втрое". A part is its fraction, a multiple its factor; neither says of what.

use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::Amount;
use crate::quantity::fraction::{fraction_step, last_digit};
use crate::quantity::meaning::{Meaning, Naming, Role, UnitKind, UnitWord};
use crate::quantity::numeral::{DOZEN, Form, Lead, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// The first number over the second: "one in five", "90 out of 100", "9 из 10". Only over numbers
    /// that people divide by: "36 из 52 проектов" counts 36.
    pub(super) fn share_of(&self, part: Numeral) -> Option<Numeral> {
        let (small, words) =
            (part.value.is_integer() && part.factor == Decimal::ONE, part.form != Form::Plain);
        let counted = self.counted_of(&part);
        let at = counted.unwrap_or(part.end);
        let (end, strict) = match self.role(at, Role::OutOf) {
            Some(end) => (end, false),
            // "a 1-in-5 chance"
            None => {
                (self.role(at, Role::In).or_else(|| self.hyphened(at, Role::In)).filter(|_| small)?, true)
            }
        };
        let whole = self.whole(end)?;
        let is_known = [2, 3, 4, 5, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000]
            .map(Decimal::from)
            .contains(&whole.value);
        // "one in eight adults"
        let is_known = is_known
            || strict && part.value == Decimal::ONE && whole.value.is_integer() && whole.value <= DOZEN;
        let of_ten = whole.value >= Decimal::TEN;
        let is_idiom = !strict || part.value == Decimal::ONE || of_ten || words && whole.form == Form::Words;
        let has_unit = self.unit(whole.end).is_some_and(|(_, unit)| unit.kind != UnitKind::Letter);
        let counts_apart = counted.is_some() && self.noun(whole.end).is_some();
        if !small
            || !is_known
            || !is_idiom
            || has_unit
            || counts_apart
            || part.value >= whole.value
            || part.value.is_zero()
        {
            return None;
        }
        let value = part.value.checked_div(whole.value)?;
        Some(Numeral { end: whole.end, value, step: last_digit(value), form: Form::Fraction, ..part })
    }

    /// The token behind the noun of "one worker in ten", "один шанс из пяти".
    fn counted_of(&self, part: &Numeral) -> Option<usize> {
        let at = part.end;
        let is_one = part.form == Form::One && self.kind(at) == Some(Kind::Word);
        let is_noun = is_one && self.role(at, Role::Stop).is_none() && self.unit(at).is_none();
        let opens = [Role::In, Role::OutOf].into_iter().any(|role| self.role(at + 1, role).is_some());
        (is_noun && opens).then_some(at + 1)
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
        let (end, (denominator, naming)) = self.longest(first, |meaning| match meaning {
            Meaning::Share(denominator, naming) => Some((denominator, naming)),
            _ => None,
        })?;
        // "third" alone is an ordinal, "a third" is not.
        // "of which a third", "из них половина"
        let among = self.role_before(at, Role::Among);
        if naming == Naming::Article && article.is_none()
            || lead == Lead::Plain && !among && self.follows_order(at)
        {
            return None;
        }
        let case = naming == Naming::Case;
        let by = self.role_before(at, Role::By)
            && (case || self.speaks_of_change(at) || self.is_whole(at.saturating_sub(1), end));
        let of = match naming {
            // "половина экспорта", "половина из них"
            Naming::Case => {
                self.kind(end) == Some(Kind::Word)
                    && (self.role(end, Role::Stop).is_none() || self.role(end, Role::OutOf).is_some())
            }
            Naming::Article => self.role(end, Role::Of).is_some(),
            Naming::Bare => [Role::Of, Role::Definite].iter().any(|role| self.role(end, *role).is_some()),
        };
        let opens = [Role::From, Role::Between, Role::To].into_iter().any(|role| self.role_before(at, role));
        // "between a half and three quarters", "между четвертью и половиной"
        let pairs = self.role_before(at, Role::And) && (!case || at > 1 && self.names_part(at - 2));
        // "between half and three quarters"
        let is_first = || [Role::And, Role::To].into_iter().any(|role| self.role(end, role).is_some());
        let paired = (case || article.is_some() || naming == Naming::Bare && is_first()) && (opens || pairs);
        // "a third or more"
        let joins = [Role::Or, Role::And].into_iter().any(|role| self.role(end, role).is_some());
        let bounded = joins && self.after(end).1.is_some();
        (lead == Lead::Hedge || by || of || among || paired || bounded || self.is_whole(at, end))
            .then(|| part_of(end, denominator))
            .flatten()
    }

    /// Whether a part is named at `at`: "треть".
    fn names_part(&self, at: usize) -> bool {
        self.longest(at, |meaning| matches!(meaning, Meaning::Share(..)).then_some(())).is_some()
    }

    /// Whether the word before makes a fraction one of several in order: "the first half", "во второй
    /// половине", "the third of May".
    pub(super) fn follows_order(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let word = self.slice(before);
        match self.kind(before) {
            Some(Kind::Number) => true,
            Some(Kind::Word) => {
                self.lexicon.is_adjective(word) && self.role(before, Role::Filler).is_none()
                    || [Role::Span, Role::OrdinalWord, Role::Definite]
                        .into_iter()
                        .any(|role| self.role(before, role).is_some())
            }
            _ => false,
        }
    }

    /// "doubled", "twofold", "втрое": how many times.
    pub(super) fn factor(&self, at: usize) -> Option<Amount> {
        let (end, value) = self.longest(at, |meaning| match meaning {
            Meaning::Factor(value) => Some(value),
            _ => None,
        })?;
        let (step, factor) = (Decimal::ONE, Decimal::ONE);
        let numeral = Numeral { end, value, step, factor, form: Form::Words, open: false };
        let unit = Some(UnitWord { unit: Unit::COUNT, factor, kind: UnitKind::Times });
        Some(Amount { start: at, end, numeral, unit, number_at: at, tolerance: None })
    }
}

fn part_of(end: usize, denominator: Decimal) -> Option<Numeral> {
    let value = Decimal::ONE.checked_div(denominator)?;
    let (step, factor) = (fraction_step(denominator), Decimal::ONE);
    Some(Numeral { end, value, step, factor, form: Form::Fraction, open: false })
}
