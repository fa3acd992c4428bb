//! Powers behind a number, as programs and scientists write them: `1.5e6`, `10^6`, `1.5 × 10⁹`.

use rust_decimal::Decimal;

use crate::quantity::fraction::last_digit;
use crate::quantity::literal::{Grouping, Literal};
use crate::quantity::numeral::{Form, LARGEST, Numeral};
use crate::quantity::reader::Reader;

impl Reader<'_> {
    /// `1.5e6`, `1.5E+06`, as programs write numbers.
    pub(super) fn exponent_behind(&self, mantissa: Numeral) -> Option<Numeral> {
        let at = mantissa.end;
        if !matches!(self.slice(at), "e" | "E") || !self.is_glued(at) || !self.is_glued(at + 1) {
            return None;
        }
        let sign = self.slice(at + 1);
        let digits = if matches!(sign, "+" | "-") { at + 2 } else { at + 1 };
        let literal = self.tokens.get(digits).filter(|token| token.glued)?.literal;
        let Literal::Exact(exponent, Grouping::Plain) = literal else { return None };
        let exponent = u32::try_from(exponent.mantissa()).ok().filter(|exponent| *exponent <= 24)?;
        let power = if sign == "-" {
            Decimal::try_new(1, exponent).ok()?
        } else {
            Decimal::try_from_i128_with_scale(10i128.checked_pow(exponent)?, 0).ok()?
        };
        let value = mantissa.value.checked_mul(power)?;
        let step = mantissa.step.checked_mul(power)?;
        Some(Numeral { end: digits + 1, value, step, form: Form::Digits, ..mantissa })
    }

    /// `10^6`, `2⁵`, `1.5 × 10^9`.
    pub(super) fn power_behind(&self, number: Numeral) -> Option<Numeral> {
        let at = number.end;
        if !matches!(self.slice(at), "×" | "x" | "х" | "·" | "⋅" | "*") {
            let (end, exponent) = self.exponent(at)?;
            let value = power(number.value, exponent).filter(|value| *value <= LARGEST)?;
            let step = if exponent < 0 { last_digit(value) } else { number.step };
            return Some(Numeral { end, value, step, form: Form::Digits, ..number });
        }
        let base = self.literal(at + 1).filter(|base| *base == Decimal::TEN)?;
        let (end, exponent) = self.exponent(at + 2)?;
        let factor = power(base, exponent)?;
        let value = number.value.checked_mul(factor).filter(|value| *value <= LARGEST)?;
        Some(Numeral { end, value, step: number.step.checked_mul(factor)?, form: Form::Digits, ..number })
    }

    /// An exponent at `at`, `^6`, `^-3` or `⁶`: the token behind it.
    fn exponent(&self, at: usize) -> Option<(usize, i64)> {
        if !self.is_glued(at) {
            return None;
        }
        if self.slice(at) == "^" {
            let sign = matches!(self.slice(at + 1), "-" | "−");
            let digits = if sign { at + 2 } else { at + 1 };
            let Literal::Exact(value, Grouping::Plain) = self.tokens.get(digits)?.literal else {
                return None;
            };
            let value = i64::try_from(value.mantissa()).ok().filter(|value| *value <= 28)?;
            return Some((digits + 1, if sign { -value } else { value }));
        }
        let is_negative = self.slice(at) == "⁻";
        let first = at + usize::from(is_negative);
        let (mut end, mut value) = (first, 0);
        while let Some(digit) = superscript(self.slice(end)).filter(|_| self.is_glued(end) && end < first + 3)
        {
            (end, value) = (end + 1, value * 10 + digit);
        }
        (end > first && value <= 28).then_some((end, if is_negative { -value } else { value }))
    }
}

/// A number to the power of a whole one.
fn power(base: Decimal, exponent: i64) -> Option<Decimal> {
    let mut value = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs() {
        value = value.checked_mul(base)?;
    }
    if exponent < 0 { Decimal::ONE.checked_div(value) } else { Some(value) }
}

fn superscript(sign: &str) -> Option<i64> {
    ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"].iter().position(|s| *s == sign)?.try_into().ok()
}
