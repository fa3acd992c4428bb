//! Amounts: a sign, a numeral and its unit, the unit before or behind.

use rust_decimal::Decimal;

use crate::quantity::lexicon::{Meaning, Role, Suffix, UnitKind, UnitWord};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// A number with its unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    /// Its first token.
    pub(super) start: usize,
    /// The token behind it.
    pub(super) end: usize,
    /// The number, in units of the unit's code, and negative under a minus.
    pub(super) numeral: Numeral,
    /// The unit, where one is named.
    pub(super) unit: Option<UnitWord>,
    /// The token of the number itself.
    pub(super) number_at: usize,
}

impl Reader<'_> {
    /// The amount at token `at`. `compared` tells that a comparator stands before it.
    pub(super) fn amount(&self, at: usize, compared: bool) -> Option<Amount> {
        let (mut pos, mut negative) = self.sign(at);
        let mut prefix = None;
        for _ in 0..3 {
            let Some((end, unit)) = self.prefix_unit(pos) else { break };
            prefix = Some(finer(prefix, unit));
            pos = end;
            if self.slice(pos) == ":" {
                pos += 1;
            }
        }
        if prefix.is_some() && !negative {
            (pos, negative) = self.sign(pos);
        }
        let mut numeral = self.numeral(pos, compared)?;
        // "R5 million" is money, "N95" is not.
        let letter = prefix.is_some() && pos == at + 1 && self.slice(at).len() == 1;
        if letter && numeral.form == Form::Plain && self.kind(at) == Some(Kind::Word) {
            return None;
        }
        // "Swiss francs 500", but "in francs 500 people".
        let named = prefix.is_some_and(|unit| unit.kind == UnitKind::Money);
        if named && at > 0 && (self.unit(numeral.end).is_some() || self.noun(numeral.end).is_some()) {
            return None;
        }
        numeral = self.suffixed(numeral, prefix.is_some());
        let number_at = pos;
        let (end, unit) = self.unit_behind(numeral, prefix);
        let mut amount = Amount { start: at, end, numeral, unit, number_at };
        amount = self.scaled_to_code(amount)?;
        amount = self.with_sub_unit(amount);
        if negative {
            amount.numeral.value = -amount.numeral.value;
        }
        Some(amount)
    }

    /// A minus at `at`: a word, or a sign glued to what follows and to nothing before. A plus is
    /// skipped.
    fn sign(&self, at: usize) -> (usize, bool) {
        if let Some(end) = self.role(at, Role::Minus) {
            return (end, true);
        }
        let is_free =
            !self.is_glued(at) || matches!(self.slice(at.wrapping_sub(1)), "(" | "[" | "$" | "€" | "£");
        if !is_free || !self.is_glued(at + 1) {
            return (at, false);
        }
        match self.slice(at) {
            "-" | "−" | "–" | "‒" | "‑" | "—" | "﹣" | "－" => (at + 1, true),
            "+" => (at + 1, false),
            _ => (at, false),
        }
    }

    /// Money before its number.
    fn prefix_unit(&self, pos: usize) -> Option<(usize, UnitWord)> {
        self.unit(pos).filter(|(_, unit)| matches!(unit.kind, UnitKind::Sign | UnitKind::Money))
    }

    /// Whether the number at `at` belongs to a name: "L2", "COVID-19".
    pub(super) fn is_tail_of_name(&self, at: usize) -> bool {
        if !self.is_glued(at) || at == 0 {
            return false;
        }
        let before = self.kind(at - 1);
        before == Some(Kind::Word)
            || matches!(
                self.slice(at - 1),
                "-" | "‑" | "_" | "/" | "." | ":" | "@" | "=" | "\\" | "#" | "№" | "&" | "–"
            ) && self.is_glued(at - 1)
                && at > 1
                && matches!(self.kind(at - 2), Some(Kind::Word | Kind::Number))
            || matches!(self.slice(at - 1), "#" | "№" | "@" | "_")
    }

    /// The numeral with a magnitude letter glued to it: "5k", "$3.5m".
    fn suffixed(&self, numeral: Numeral, money: bool) -> Numeral {
        if !matches!(numeral.form, Form::Plain | Form::Digits) || numeral.factor != Decimal::ONE {
            return numeral;
        }
        let at = numeral.end;
        if !(self.is_glued(at) || money) {
            return numeral;
        }
        let Some((end, (factor, suffix))) = self.longest(at, |meaning| match meaning {
            Meaning::Suffix(factor, suffix) => Some((factor, suffix)),
            _ => None,
        }) else {
            return numeral;
        };
        let money = money || self.unit(end).is_some_and(|(_, unit)| unit.kind.is_money());
        let glued_more = self.is_glued(end) && matches!(self.kind(end), Some(Kind::Word | Kind::Number));
        let holds = match suffix {
            _ if money => true,
            _ if glued_more => false,
            Suffix::Any => true,
            Suffix::Count => {
                end >= self.tokens.len()
                    || self.noun(end).is_some_and(|_| self.role(end, Role::Extent).is_none())
            }
            Suffix::Money => false,
        };
        match numeral.times(factor) {
            Some(times) if holds => Numeral { end, ..times },
            _ => numeral,
        }
    }

    /// The unit of a numeral with its place: behind it, or `prefix`.
    fn unit_behind(&self, numeral: Numeral, prefix: Option<UnitWord>) -> (usize, Option<UnitWord>) {
        let none = (numeral.end, prefix);
        let mut at = self.behind_hyphen(numeral.end);
        if numeral.factor > Decimal::ONE
            && let Some(of) = self.role(at, Role::Of)
            && self.unit(of).is_some_and(|(_, unit)| unit.kind != UnitKind::Time)
        {
            at = of;
        }
        let parenthesis = self.slice(at) == "(";
        let Some((mut end, mut unit)) = self.unit(if parenthesis { at + 1 } else { at }) else { return none };
        // "a 5-pound bag", "5 pounds of flour": a weight.
        let weighs = at > numeral.end || self.role(end, Role::Of).is_some();
        if weighs && prefix.is_none() && numeral.factor == Decimal::ONE && unit.kind == UnitKind::Money {
            (end, unit) = self.measure(at).unwrap_or((end, unit));
        }
        let single =
            end == at + 1 && self.slice(at).chars().count() == 1 && self.kind(at) == Some(Kind::Word);
        let must_be_glued = unit.kind == UnitKind::Letter || single && unit.kind == UnitKind::Sub;
        if must_be_glued && !self.is_glued(at) || self.is_year(numeral, at, unit) {
            return none;
        }
        if parenthesis {
            let closes = unit.kind.is_money() && self.slice(end) == ")";
            return if closes { (end + 1, Some(finer(prefix, unit))) } else { none };
        }
        // "$5 100 €" starts another amount; a sign belongs to the number that it is glued to.
        let opens_next = unit.kind == UnitKind::Sign && self.is_glued(end) && !self.is_glued(at);
        if opens_next && matches!(self.kind(end), Some(Kind::Number)) {
            return none;
        }
        match prefix {
            None => (end, Some(unit)),
            Some(before) if !unit.kind.is_money() || !meets(before, unit) => none,
            Some(before) => (end, Some(finer(Some(before), unit))),
        }
    }

    /// "2024 года", "в 1991 г.": four digits before a word for the year.
    fn is_year(&self, numeral: Numeral, at: usize, unit: UnitWord) -> bool {
        let looks = numeral.form == Form::Plain && is_year_number(numeral.value);
        let decade = unit.kind == UnitKind::Letter
            && self.role_before(numeral.end - 1, Role::Filler)
            && (numeral.value % Decimal::TEN).is_zero();
        let is_time = matches!(unit.kind, UnitKind::Time | UnitKind::Letter);
        decade || looks && (is_time || self.role(at, Role::Year).is_some())
    }

    fn scaled_to_code(&self, amount: Amount) -> Option<Amount> {
        let Some(unit) = amount.unit.filter(|unit| unit.factor != Decimal::ONE) else { return Some(amount) };
        let numeral = Numeral {
            value: amount.numeral.value.checked_mul(unit.factor)?,
            step: amount.numeral.step.checked_mul(unit.factor)?,
            ..amount.numeral
        };
        Some(Amount { numeral, ..amount })
    }

    /// "5 dollars and 20 cents", "5 руб. 30 коп."
    fn with_sub_unit(&self, amount: Amount) -> Amount {
        let Some(unit) = amount.unit.filter(|unit| unit.kind.is_money() && unit.factor == Decimal::ONE)
        else {
            return amount;
        };
        let mut at = amount.end;
        if self.slice(at) == "," {
            at += 1;
        }
        at = self.role(at, Role::And).unwrap_or(at);
        let Some(sub) = self.numeral(at, false).filter(|sub| sub.value < Decimal::ONE_HUNDRED) else {
            return amount;
        };
        let Some((end, part)) = self.unit(self.behind_hyphen(sub.end)) else { return amount };
        let cents = part.unit.code() == "USD" && unit.unit.code() != "RUB";
        if part.kind != UnitKind::Sub || !(part.unit == unit.unit || cents) {
            return amount;
        }
        let sum = sub.value.checked_mul(part.factor).and_then(|part| amount.numeral.value.checked_add(part));
        match sum {
            Some(value) => {
                let numeral = Numeral { end, value, step: part.factor, ..amount.numeral };
                Amount { end, numeral, ..amount }
            }
            None => amount,
        }
    }
}

/// Whether a number may be a year of our time.
pub(super) fn is_year_number(value: Decimal) -> bool {
    value.scale() == 0 && value >= Decimal::from(1500) && value <= Decimal::from(2100)
}

/// Of two names for the money of one amount the one that says more: any other than a plain `$`.
fn finer(first: Option<UnitWord>, second: UnitWord) -> UnitWord {
    match first {
        Some(first) if first.unit.code() != "USD" => first,
        _ => second,
    }
}

/// Whether two names of money can name the same: one of them a plain `$`, or both the same.
fn meets(before: UnitWord, behind: UnitWord) -> bool {
    before.unit == behind.unit || before.unit.code() == "USD" && behind.unit.code().ends_with('D')
}
