//! Units of two units: amounts in two of them ("5 ft 10 in", "5 dollars and 20 cents") as one, and one
//! unit over another ("g/kWh", "people per square kilometre"). Which go together is told by the
//! tables of units.

use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::Amount;
use crate::quantity::meaning::{Meaning, Role, Sorts, UnitKind, UnitWord};
use crate::quantity::numeral::{Form, Lead, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// The unit at `at` and what it is divided by: "t/ha", "kilograms per square metre".
    pub(super) fn compound_unit(&self, at: usize) -> Option<(usize, UnitWord)> {
        let (end, unit) = self.longest_of(Sorts::UNIT, at, |meaning| match meaning {
            Meaning::Unit(index) => {
                Some(self.lexicon.unit(index)).filter(|unit| unit.kind != UnitKind::Before)
            }
            _ => None,
        })?;
        if unit.kind.is_money() || unit.kind == UnitKind::Share {
            return Some((end, unit));
        }
        match self.denominator(end, unit.unit) {
            Some((behind, over)) => Some((behind, UnitWord { unit: over, kind: UnitKind::Physical, ..unit })),
            None => Some((end, unit)),
        }
    }

    /// "per hectare", "/га", "a day" at `at`, over which `unit` makes another: the token behind.
    pub(super) fn denominator(&self, at: usize, unit: Unit) -> Option<(usize, Unit)> {
        let by_article = || self.role(at, Role::Article).filter(|time| !self.has_elapsed(*time));
        let below = match self.slice(at) {
            "/" => at + 1,
            _ => self.role(at, Role::Per).or_else(by_article).filter(|_| !self.is_time_of_step(at))?,
        };
        let below = below + usize::from(self.slice(below) == "1");
        let named = |meaning| match meaning {
            Meaning::Unit(index) => self.lexicon.over(unit, self.lexicon.unit(index).unit),
            _ => None,
        };
        self.longest(below, named).or_else(|| {
            // "m3/a": the year's code is no word.
            let over = self.lexicon.over_code(unit, self.slice(below)).filter(|_| self.slice(at) == "/")?;
            Some((below + 1, over))
        })
    }

    /// "сократились на 2 млн баррелей за неделю": the time of a step at `at` says how long it took, and is no rate.
    fn is_time_of_step(&self, at: usize) -> bool {
        const REACH: usize = 6;
        let counts = |at: usize| self.kind(at) == Some(Kind::Number) || self.cardinal(at).is_some();
        let is_step = |by: usize| self.role(by, Role::By).is_some_and(counts);
        self.role(at, Role::Throughout).is_some()
            && self.speaks_of_change(at)
            && (at.saturating_sub(REACH)..at).any(is_step)
    }

    /// Whether the time at `at` lies between two moments: "16 tons a year earlier" is no rate.
    fn has_elapsed(&self, at: usize) -> bool {
        self.unit(at).is_some_and(|(end, _)| self.role(end, Role::Elapsed).is_some())
    }

    /// An amount with a lesser unit of the same kind behind it, in that unit: "5 ft 10 in" is 70
    /// inches; of money in the greater: "5 руб. 30 коп.".
    pub(super) fn with_lesser_unit(&self, amount: Amount) -> Amount {
        let Some(unit) = amount.unit else { return self.feet_and_inches(amount).unwrap_or(amount) };
        if let Some(halves) = self.and_a_half(amount, unit) {
            return halves;
        }
        if unit.kind.is_money() {
            return self.with_sub_unit(amount, unit).unwrap_or(amount);
        }
        // "1 hour, 15 minutes and 30 seconds"
        let mut amount = amount;
        for _ in 0..3 {
            match amount.unit.and_then(|unit| self.with_part(amount, unit)) {
                Some(more) => amount = more,
                None => break,
            }
        }
        amount
    }

    /// "a dollar and a half", "two hours and a half".
    fn and_a_half(&self, amount: Amount, unit: UnitWord) -> Option<Amount> {
        let plain = amount.numeral.factor == Decimal::ONE && unit.factor == Decimal::ONE;
        let part = Numeral { end: amount.end, ..amount.numeral };
        let sum = self.and_fraction(part).filter(|_| plain && amount.numeral.value.is_integer())?;
        Some(Amount { end: sum.end, numeral: sum, ..amount })
    }

    fn with_part(&self, amount: Amount, unit: UnitWord) -> Option<Amount> {
        if unit.factor != Decimal::ONE
            || amount.numeral.factor != Decimal::ONE
            || !self.lexicon.has_parts(unit.unit)
        {
            return None;
        }
        // "1 hour, 15 minutes", but "2 hours 23 minutes, 40 seconds behind".
        let is_first = amount.numeral.end < amount.end;
        let is_listed = is_first && unit.kind == UnitKind::Time && self.slice(amount.end) == ",";
        let listed = amount.end + usize::from(is_listed);
        let at = self.role(listed, Role::And).or_else(|| self.hyphened_part(amount.end));
        let at = at.unwrap_or(listed);
        let count = self.numeral(at, Lead::Plain).filter(|count| count.factor == Decimal::ONE)?;
        let named = |meaning| match meaning {
            Meaning::Unit(index) => {
                let lesser = self.lexicon.unit(index);
                self.lexicon.parts(unit.unit, lesser.unit).map(|ratio| (lesser, ratio))
            }
            _ => None,
        };
        let (end, (lesser, ratio)) = match self.longest(self.behind_hyphen(count.end), named) {
            Some(named) => named,
            None => (count.end, self.bare_part(amount, count, unit)?),
        };
        let whole = amount.numeral.value.is_integer() && count.value < ratio;
        if is_listed && end == count.end {
            return None;
        }
        // "10 years 5 months" tells one length, "in 5 h 3 in" two things.
        let tells_on = self.kind(end) == Some(Kind::Word) && self.role(end, Role::Extent).is_none();
        let apart = lesser.kind == UnitKind::Letter && tells_on && !self.is_glued(count.end);
        if !whole || apart {
            return None;
        }
        let value = amount.numeral.value.checked_mul(ratio)?.checked_add(count.value)?;
        Some(Amount {
            end,
            numeral: Numeral { end, value, step: count.step, ..amount.numeral },
            unit: Some(lesser),
            ..amount
        })
    }

    /// "6 feet 2", "12 stone 6": the lesser units that people leave out are those of their own height
    /// and weight.
    fn bare_part(&self, amount: Amount, count: Numeral, unit: UnitWord) -> Option<(UnitWord, Decimal)> {
        let in_words = amount.numeral.form == Form::Words && count.form == Form::Words;
        let is_hyphened = self.hyphened_part(amount.end).is_some();
        let goes_on = match self.kind(count.end) {
            _ if is_hyphened => false,
            Some(Kind::Word) if in_words => self.noun(count.end).is_some() || self.unit(count.end).is_some(),
            Some(Kind::Word) => self.role(count.end, Role::Stop).is_none(),
            kind => kind == Some(Kind::Number),
        };
        let ends = !goes_on && self.dash(count.end).is_none();
        let is_next = in_words
            || is_hyphened
            || self.kind(amount.end) == Some(Kind::Number) && count.form == Form::Plain;
        let of_people = ["[in_i]", "[lb_av]"].into_iter().filter_map(|code| self.lexicon.unit_of(code));
        let mut parts =
            of_people.filter_map(|lesser| Some((lesser, self.lexicon.parts(unit.unit, lesser.unit)?)));
        parts.next().filter(|_| ends && is_next)
    }

    /// The number behind "six-foot-" of "six-foot-two", at `at` its second hyphen.
    fn hyphened_part(&self, at: usize) -> Option<usize> {
        let hyphen = |at: usize| self.dash(at).filter(|next| self.is_glued(at) && self.is_glued(*next));
        hyphen(at.checked_sub(2)?).and_then(|_| hyphen(at))
    }

    /// `5'10"`.
    fn feet_and_inches(&self, amount: Amount) -> Option<Amount> {
        let at = amount.end;
        let is_foot = matches!(self.slice(at), "'" | "’" | "′") && self.is_glued(at) && self.is_glued(at + 1);
        let inches = self.literal(at + 1).filter(|inches| is_foot && *inches < Decimal::from(12))?;
        let closes = matches!(self.slice(at + 2), "\"" | "”" | "″") && self.is_glued(at + 2);
        // "5'9 tall"
        let of_people = amount.numeral.value >= Decimal::from(4) && amount.numeral.value <= Decimal::from(7);
        let ends = closes || of_people && (!self.is_glued(at + 2) || self.closes(at + 2));
        let unit = self.lexicon.unit_of("[in_i]").filter(|_| ends && amount.numeral.form == Form::Plain)?;
        let end = at + 2 + usize::from(closes);
        let value = amount.numeral.value.checked_mul(Decimal::from(12))?.checked_add(inches)?;
        Some(Amount { end, numeral: Numeral { end, value, ..amount.numeral }, unit: Some(unit), ..amount })
    }

    /// "5 dollars and 20 cents", "£3.50p", "two dollars fifty".
    fn with_sub_unit(&self, amount: Amount, unit: UnitWord) -> Option<Amount> {
        if unit.factor != Decimal::ONE {
            return None;
        }
        if let Some((end, part)) = self.unit(amount.end)
            && part.kind == UnitKind::Sub
            && part.unit == unit.unit
            && self.is_glued(amount.end)
            && amount.numeral.value.scale() == 2
        {
            return Some(Amount { end, ..amount });
        }
        let mut at = amount.end;
        if self.slice(at) == "," {
            at += 1;
        }
        at = self.role(at, Role::And).unwrap_or(at);
        let count = self.numeral(at, Lead::Plain).filter(|count| count.value < Decimal::ONE_HUNDRED)?;
        let Some((end, part)) = self.sub_unit(self.behind_hyphen(count.end), unit.unit) else {
            let names = self.unit(self.behind_hyphen(count.end)).is_some();
            return self.with_bare_cents(amount, count).filter(|_| at == amount.end && !names);
        };
        let value = amount.numeral.value.checked_add(count.value.checked_mul(part.factor)?)?;
        Some(Amount { end, numeral: Numeral { end, value, step: part.factor, ..amount.numeral }, ..amount })
    }

    /// The part of `money` named at `at`: its own, one of many moneys ("centavos"), or "cents", which are
    /// hundredths of whatever stands before them.
    fn sub_unit(&self, at: usize, money: Unit) -> Option<(usize, UnitWord)> {
        let part = |fits: &dyn Fn(UnitWord) -> bool| {
            self.longest(at, |meaning| match meaning {
                Meaning::Unit(index) => {
                    Some(self.lexicon.unit(index)).filter(|unit| unit.kind == UnitKind::Sub && fits(*unit))
                }
                _ => None,
            })
        };
        part(&|unit| unit.unit == money).or_else(|| part(&|unit| unit.is_generic()))
    }

    /// "a buck fifty", "two dollars fifty": all in words, and nothing counted behind.
    fn with_bare_cents(&self, amount: Amount, count: Numeral) -> Option<Amount> {
        let in_words = matches!(amount.numeral.form, Form::Words | Form::One) && count.form == Form::Words;
        let counts = self.noun(count.end).is_some() || count.value < Decimal::TEN;
        let plain = count.factor == Decimal::ONE && amount.numeral.factor == Decimal::ONE;
        if !in_words || counts || !plain || self.kind(amount.end) != Some(Kind::Word) {
            return None;
        }
        let step = Decimal::new(1, 2);
        let value = amount.numeral.value.checked_add(count.value.checked_mul(step)?)?;
        let end = count.end;
        Some(Amount { end, numeral: Numeral { end, value, step, ..amount.numeral }, ..amount })
    }
}
