//! Numbers that name: behind a label ("article 5"), an abbreviation or a word that counts nothing ("bus
//! 38"), in an address, inside a word ("COVID-19").

use rust_decimal::Decimal;

use crate::language::Language;
use crate::quantity::amount::Amount;
use crate::quantity::meaning::{Role, UnitKind};
use crate::quantity::notation::is_pointed;
use crate::quantity::numeral::Form;
use crate::quantity::phrase::Hedged;
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// The most letters of a carrier's or a series' code.
const LONGEST_CODE: usize = 3;

impl Reader<'_> {
    /// Whether a capital with up to two letters and a dot before token `at` names it: "Chr. 21", "K. 525".
    pub(super) fn follows_abbreviation(&self, at: usize) -> bool {
        let Some(word) = at.checked_sub(2) else { return false };
        let mut letters = self.slice(word).chars();
        self.slice(at - 1) == "."
            && self.is_glued(at - 1)
            && !self.is_known(word)
            && letters.next().is_some_and(char::is_uppercase)
            && letters.clone().all(char::is_lowercase)
            && letters.count() < LONGEST_CODE
    }

    /// Whether a number that counts nothing is a name by the word before it, "bus 38", a postal code,
    /// "NY 10001", or another word: "на семью".
    pub(super) fn is_numbered(&self, amount: &Amount) -> bool {
        let at = amount.number_at;
        let state = self.slice(at.wrapping_sub(1));
        let is_postal = amount.numeral.form == Form::Plain
            && self.slice(at).len() == 5
            && state.len() == 2
            && state.bytes().all(|byte| byte.is_ascii_uppercase());
        // "Euro 6 engine"
        let is_class = amount.numeral.form == Form::Plain
            && amount.number_at == amount.start
            && amount.numeral.value < Decimal::TEN
            && at > 0
            && self.is_capital(at - 1)
            && self.unit(at - 1).is_some_and(|(_, unit)| unit.kind == UnitKind::Money);
        let is_homonym = amount.end == at + 1 && self.role(at, Role::Homonym).is_some();
        // "401(k)"
        let is_lettered = self.slice(amount.end) == "("
            && self.is_glued(amount.end)
            && self.slice(amount.end + 1).len() == 1
            && self.kind(amount.end + 1) == Some(Kind::Word)
            && self.slice(amount.end + 2) == ")";
        // "гараж 7 тыс", but "домофон 14К"
        let by_word = amount.numeral.factor != Decimal::ONE && !self.is_glued(amount.numeral.end - 1);
        is_postal
            || is_lettered
            || is_class
            || is_homonym
            || !by_word && self.follows_numbered(at)
            // "паспорт 4510 123456"
            || at > 1 && self.kind(at - 1) == Some(Kind::Number) && self.role_before(at - 1, Role::Numbered)
            || (matches!(amount.numeral.form, Form::Plain | Form::Fraction) || is_pointed(self.slice(at)))
                && self.role(amount.end, Role::NumberedLast).is_some()
    }

    /// "«Двенадцать стульев»": a number word with a capital and what it counts, and nothing else, in
    /// quotation marks.
    pub(super) fn is_title(&self, hedged: &Hedged) -> bool {
        let amount = &hedged.amount;
        // "Group 4 Logistics"
        let is_firm = amount.numeral.form == Form::Plain
            && amount.start > 0
            && self.is_capital(amount.start - 1)
            && self.is_capital(amount.end)
            && self.role_before(amount.start, Role::Numbered);
        if is_firm {
            return true;
        }
        let (at, counted) = (amount.start, self.noun(amount.end));
        let closes = |end: usize| matches!(self.slice(end), "»" | "”" | "\"" | "’") && self.is_glued(end);
        hedged.start == at
            && at > 0
            && amount.numeral.form == Form::Words
            && self.is_capital(at)
            && self.is_glued(at)
            && matches!(self.slice(at - 1), "«" | "“" | "\"" | "„" | "‘")
            && counted.is_some_and(|noun| closes(noun + 1))
    }

    /// The token behind a letter in quotation marks: "7 «Б» классе".
    pub(super) fn behind_letter(&self, at: usize) -> usize {
        let is_quoted = matches!(self.slice(at), "«" | "\"" | "“" | "„")
            && self.slice(at + 1).chars().count() == 1
            && self.is_glued(at + 1)
            && self.is_glued(at + 2);
        if is_quoted { at + 3 } else { at }
    }

    /// "ул. Ленина, 45", "10 Downing Street".
    pub(super) fn is_house_number(&self, at: usize, behind: usize) -> bool {
        let is_name = |at: &usize| self.is_capital(*at) || matches!(self.slice(*at), "," | ".");
        let names = |at: &usize, role| self.kind(*at) == Some(Kind::Word) && self.role(*at, role).is_some();
        let first = (at.saturating_sub(5)..at).rev().find(|at| names(at, Role::Street) || !is_name(at));
        let last = (behind..behind + 4).find(|at| names(at, Role::StreetLast) || !self.is_capital(*at));
        first.is_some_and(|at| names(&at, Role::Street))
            || last.is_some_and(|at| at > behind && self.is_capital(at) && names(&at, Role::StreetLast))
    }

    /// Whether a word before the number at `at` says that it names: "seat 14C", "bus 14A".
    pub(super) fn follows_name_word(&self, at: usize) -> bool {
        self.follows_label(at) || self.role_before(at, Role::Numbered)
    }

    /// Behind a word before which numbers that count nothing are names, or behind such a number: "bus 38", "days 1
    /// and 8".
    fn follows_numbered(&self, at: usize) -> bool {
        const LONGEST: usize = 6;
        let first = (0..LONGEST).map(|step| at.saturating_sub(2 * step)).find(|at| !self.joins_names(*at));
        first.is_some_and(|first| self.role_before(first, Role::Numbered))
    }

    /// Behind a label, or behind a number that is: "articles 5 and 6", "ст. 5, 6".
    pub(super) fn follows_label(&self, at: usize) -> bool {
        let mut at = at;
        // "рейс SU 1881"
        let is_code = at > 0
            && self.kind(at - 1) == Some(Kind::Word)
            && self.slice(at - 1).chars().count() <= LONGEST_CODE
            && self.slice(at - 1).chars().all(char::is_uppercase);
        if is_code && self.role_before(at - 1, Role::Label) {
            return true;
        }
        for _ in 0..6 {
            // "с 48 пассажирами": a letter is a label with its dot only.
            let is_letter =
                at > 0 && self.slice(at - 1).chars().count() == 1 && self.kind(at - 1) == Some(Kind::Word);
            if !is_letter && self.role_before(at, Role::Label) {
                return true;
            }
            // "СНИЛС 112-233-445 95"
            if at > 1 && self.kind(at - 1) == Some(Kind::Number) && !self.is_glued(at) {
                at -= 1;
                continue;
            }
            if !self.joins_names(at) || self.counts_apart(at) {
                return false;
            }
            at -= 2;
        }
        false
    }

    /// Whether the number at `at` goes on a list or a range that the number two tokens before begins: "5 and 6",
    /// "5, 6".
    fn joins_names(&self, at: usize) -> bool {
        at > 1
            && self.kind(at - 2) == Some(Kind::Number)
            && (matches!(self.slice(at - 1), "," | "-" | "–")
                || [Role::And, Role::Of, Role::OutOf].into_iter().any(|role| self.role(at - 1, role).is_some())
                // "школа № 5 на 500 мест"
                || self.role(at - 1, Role::By).is_some() && self.noun(at + 1).is_none())
    }

    /// "Under Decree No. 417, 35 villages", "согласно приказу № 212, 43 школы": behind the comma of one name
    /// another thing is counted. A list says "nos." or goes on behind its second number.
    fn counts_apart(&self, at: usize) -> bool {
        let of_one = at > 2 && self.slice(at - 1) == "," && self.role_before(at - 2, Role::NumberSign);
        let counted = self.noun(at + 1).filter(|_| of_one);
        counted.is_some_and(|noun| match Language::by_script(self.slice(noun)) {
            Language::En => true,
            Language::Ru => self.agrees(at, noun),
        })
    }

    /// Whether a Russian noun has the ending that digits before it ask for: "43 школы", "35 школ".
    fn agrees(&self, number: usize, noun: usize) -> bool {
        let digits = self.slice(number).as_bytes();
        let last = digits.last().copied().unwrap_or_default();
        let is_teen = digits.len() > 1 && digits[digits.len() - 2] == b'1';
        let few = !is_teen && matches!(last, b'2'..=b'4');
        let singular = self.slice(noun).ends_with(['а', 'я', 'ы', 'и']);
        few == singular
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
                && !self.is_joint(at - 2)
                && !self.measures_again(at)
            || matches!(self.slice(at - 1), "#" | "№" | "@" | "_")
            // "GMT+6", "C++17"
            || self.slice(at - 1) == "+"
                && self.is_glued(at - 1)
                && at > 1
                && (self.kind(at - 2) == Some(Kind::Word) || self.slice(at - 2) == "+" && self.is_glued(at - 2))
            || self.slice(at - 1) == "("
                && self.is_glued(at - 1)
                && at > 1
                && self.kind(at - 2) == Some(Kind::Number)
    }

    /// "36 months/82 games", "10 km/6 miles": behind the slash another amount stands, as before it.
    fn measures_again(&self, at: usize) -> bool {
        let counts = |at: usize| self.unit(at).is_some() || self.noun(at) == Some(at);
        self.slice(at - 1) == "/"
            && at > 2
            && self.kind(at - 3) == Some(Kind::Number)
            && !self.is_glued(at - 2)
            && counts(at - 2)
            && counts(at + 1)
            && !self.is_glued(at + 1)
    }

    /// Whether the word at `at` joins two numbers by hyphens: "by" of "2-by-4 feet".
    fn is_joint(&self, at: usize) -> bool {
        at > 1
            && self.role(at, Role::By).is_some()
            && self.dash(at - 1) == Some(at)
            && self.is_glued(at)
            && self.is_glued(at - 1)
            && self.kind(at - 2) == Some(Kind::Number)
    }
}
