//! What only looks like a figure: dates, times, years, ordinals, labels, phone numbers, names.

use rust_decimal::Decimal;

use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::lexicon::{Role, UnitKind};
use crate::quantity::literal::{Grouping, Literal};
use crate::quantity::numeral::Form;
use crate::quantity::phrase::Hedged;
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// Digits that are a date, a time, an ordinal, a version or a phone number: the token behind.
    pub(super) fn not_a_figure(&self, at: usize) -> Option<usize> {
        if self.slice(at) == "+" && self.is_phone(at + 1) {
            return Some(at + 2);
        }
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        if self.tokens[at].literal == Literal::Malformed || self.is_tail_of_name(at) {
            return Some(at + 1);
        }
        let mut end = at + 1;
        let hyphen =
            matches!(self.slice(end), "-" | "‑" | "‐") && self.is_glued(end) && self.is_glued(end + 1);
        if self.is_glued(end)
            && self.case_ending(end).is_none()
            && let Some(behind) = self.role(if hyphen { end + 1 } else { end }, Role::Ordinal)
        {
            return Some(behind);
        }
        let mut parts = 1;
        let mut time = false;
        while self.is_glued(end)
            && self.is_glued(end + 1)
            && self.kind(end + 1) == Some(Kind::Number)
            && matches!(self.slice(end), "-" | "/" | ":" | "." | "–" | "‑")
        {
            time |= self.slice(end) == ":";
            (end, parts) = (end + 2, parts + 1);
        }
        let ratio = || self.numeral(at, false).is_some_and(|numeral| numeral.end > at + 2);
        let no_fraction = parts == 2 && self.slice(at + 1) == "/" && !ratio();
        (parts > 2 || time || no_fraction).then_some(end)
    }

    /// A length of time that is a period: "the first nine months", "10 months of 2024".
    pub(super) fn is_period(&self, amount: &Amount, start: usize, end: usize) -> bool {
        if amount.unit.is_none_or(|unit| unit.kind != UnitKind::Time) {
            return false;
        }
        let year_behind = self
            .tokens
            .get(end)
            .is_some_and(|token| matches!(token.literal, Literal::Exact(value, _) if is_year_number(value)));
        year_behind || self.role_before(start, Role::Span) || self.role(end, Role::Of).is_some()
    }

    pub(super) fn is_name(&self, start: usize, end: usize, amount: &Amount) -> bool {
        let hedged = Hedged { start, comparator: None, goal: false, change: None, amount: *amount };
        !self.is_whole(start, end) && self.is_no_count(&hedged, end, false)
    }

    /// Whether a number without unit counts nothing: a date, a year, an ordinal, a part of a name.
    pub(super) fn is_no_count(&self, hedged: &Hedged, end: usize, counted: bool) -> bool {
        let amount = &hedged.amount;
        let (at, behind) = (amount.number_at, amount.numeral.end);
        let form = amount.numeral.form;
        if form == Form::One || form == Form::Fraction && amount.numeral.value == Decimal::ONE {
            return true;
        }
        if self.role_before(at, Role::Label) || self.is_date_part(at, behind) {
            return true;
        }
        if form == Form::Plain && self.kind(behind) == Some(Kind::Word) && self.is_glued(behind) {
            return true;
        }
        if form == Form::Plain
            && is_year_number(amount.numeral.value)
            && !self.is_count_like_year(hedged, counted)
        {
            return true;
        }
        let follows_name = at > 0
            && self.kind(at - 1) == Some(Kind::Word)
            && self.slice(at - 1).chars().any(char::is_uppercase)
            && !self.is_known(at - 1)
            && matches!(form, Form::Plain | Form::Digits);
        let _ = end;
        follows_name && !counted
    }

    /// Whether a number that looks like a year counts something all the same.
    fn is_count_like_year(&self, hedged: &Hedged, counted: bool) -> bool {
        let at = hedged.amount.number_at;
        counted
            && !self.is_capital(hedged.amount.end)
            && self.role(hedged.amount.end, Role::Year).is_none()
            && (hedged.comparator.is_some() || !self.role_before(at, Role::Time))
    }

    /// A country code and groups of digits behind a plus.
    fn is_phone(&self, at: usize) -> bool {
        let literal = self.tokens.get(at).map(|token| token.literal);
        let grouped = matches!(literal, Some(Literal::Exact(_, Grouping::Spaces)));
        self.is_glued(at) && grouped && self.slice(at).len() > 12
    }

    /// Beside a month, or a year by its word.
    fn is_date_part(&self, at: usize, behind: usize) -> bool {
        self.role_before(at, Role::Month)
            || self.role(behind, Role::Month).is_some()
            || self.role(behind, Role::Year).is_some() && self.kind(at) == Some(Kind::Number)
    }
}
