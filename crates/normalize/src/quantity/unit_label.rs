//! Labels of units, "USD million", "тыс. долл.", "in %": a whole header, or in brackets behind a number
//! of a cell, or before it with a colon. What they say is of the number beside them.

use rust_decimal::Decimal;

use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::meaning::{Role, UnitWord};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;
use crate::quantity::unit_behind::{finer, meets};

/// How many tokens behind a bracket the one that closes it is looked for.
const REACH: usize = 10;

impl Reader<'_> {
    /// The unit and the multiplier that the tokens from `at` to `end` name; `None` where they say anything
    /// else.
    pub(super) fn unit_label(&self, at: usize, end: usize) -> Option<(Option<UnitWord>, Decimal)> {
        let (first, mut at) = (at, at);
        let (mut unit, mut factor) = (None::<UnitWord>, Decimal::ONE);
        while at < end {
            if let Some(behind) = self.role(at, Role::In).or_else(|| self.role(at, Role::Of)) {
                at = behind;
            } else if let Some((behind, named)) = self.unit(at).filter(|_| unit.is_none()) {
                factor = factor.checked_mul(named.factor)?;
                unit = Some(UnitWord { factor: Decimal::ONE, ..named });
                at = behind;
            } else if let Some((behind, magnitude)) =
                self.magnitude(at).or_else(|| self.suffix(at)).or_else(|| self.zeros(at))
            {
                factor = factor.checked_mul(magnitude)?;
                at = behind;
            } else if let Some((behind, _)) =
                self.unit(at).filter(|(_, again)| unit.is_some_and(|unit| unit.unit == again.unit))
            {
                at = behind;
            } else if let Some(behind) = self.role(at, Role::Stop) {
                at = behind;
            } else if matches!(self.slice(at), "," | "(" | ")" | "[" | "]" | "." | ":" | "-" | "'" | "*") {
                at += 1;
            } else {
                return None;
            }
        }
        // "1000" by itself is a number.
        let is_named = || (first..end).any(|at| self.kind(at) == Some(Kind::Word) || self.slice(at) == "'");
        (unit.is_some() || factor != Decimal::ONE && is_named()).then_some((unit, factor))
    }

    /// "'000", "000s", "1,000" at `at`, as headers write thousands: the token behind, and the magnitude.
    pub(super) fn zeros(&self, at: usize) -> Option<(usize, Decimal)> {
        let number = at + usize::from(matches!(self.slice(at), "'" | "’" | "‘" | "`"));
        let digits: Vec<u8> = self.slice(number).bytes().filter(u8::is_ascii_digit).collect();
        let zeros = digits.strip_prefix(b"1").unwrap_or(&digits);
        let is_number = self.kind(number) == Some(Kind::Number) && zeros.iter().all(|digit| *digit == b'0');
        let power = match zeros.len() {
            3 => 1_000,
            6 => 1_000_000,
            9 => 1_000_000_000,
            _ => return None,
        };
        let mut end = number + 1;
        end += usize::from(matches!(self.slice(end), "'" | "’") && self.is_glued(end));
        end += usize::from(matches!(self.slice(end), "s" | "S") && self.is_glued(end));
        is_number.then_some((end, Decimal::from(power)))
    }

    /// "2450,7 (тыс. долл.)", "$1,250 (million)", "350 [kt]": an amount with what brackets behind it say
    /// of its unit. A year behind which they stand is none.
    pub(super) fn with_bracketed_unit(&self, amount: Amount) -> Option<Amount> {
        let opened = amount.end;
        let closing = match self.slice(opened) {
            "(" => ")",
            "[" => "]",
            _ => return None,
        };
        let numeral = amount.numeral;
        let is_year = numeral.form == Form::Plain && is_year_number(numeral.value) && amount.unit.is_none();
        let closed = (opened + 2..opened + REACH).find(|at| self.slice(*at) == closing)?;
        // "5 (m)" may be a remark.
        let says_more = self.tokens[closed].start - self.tokens[opened + 1].start > 1
            || self.kind(opened + 1) == Some(Kind::Symbol);
        if is_year || !says_more {
            return None;
        }
        let (unit, factor) = self.unit_label(opened + 1, closed)?;
        let fits = match (amount.unit, unit) {
            (Some(before), Some(behind)) => meets(before, behind),
            _ => true,
        };
        if !fits || factor != Decimal::ONE && numeral.factor != Decimal::ONE {
            return None;
        }
        let end = closed + 1;
        let numeral = Numeral { end: numeral.end, ..numeral.times(factor)? };
        let unit = unit.map_or(amount.unit, |behind| Some(finer(amount.unit, behind)));
        Some(Amount { end, numeral, unit, ..amount })
    }

    /// "млн руб.: 1250", "million USD: 1,250", "mln. USD 345,6" at `at`: the number's token, the money and the
    /// magnitude. A label begins what it stands in, and without a colon the number says nothing more.
    pub(super) fn money_label(&self, at: usize) -> Option<(usize, UnitWord, Decimal)> {
        let (behind, factor) = self.magnitude(at).filter(|_| !self.continues_number(at))?;
        let behind = self.role(behind, Role::Of).unwrap_or(behind);
        let (end, unit) = self.prefix_unit(behind)?;
        let opens = at == 0 || self.kind(at - 1) == Some(Kind::Symbol) || self.role_before(at, Role::In);
        if self.slice(end) == ":" && self.kind(end + 1) == Some(Kind::Number) && opens {
            return Some((end + 1, unit, factor));
        }
        let counts = self.magnitude(end + 1).is_some()
            || self.suffix(end + 1).is_some()
            || self.unit(end + 1).is_some()
            || self.noun(end + 1).is_some();
        let is_number = self.kind(end) == Some(Kind::Number) && !self.is_glued(end) && !self.is_year_at(end);
        (is_number && !counts).then_some((end, unit, factor))
    }
}
