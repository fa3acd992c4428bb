//! Amounts: a sign, a numeral and its unit, the unit before or behind.

use model::unit::Unit;
use rust_decimal::Decimal;

use crate::language::Language;
use crate::quantity::meaning::{Meaning, Role, Suffix, UnitKind, UnitWord};
use crate::quantity::numeral::{Form, Lead, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;
use crate::quantity::unit_behind::finer;

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
    /// How far the true number may lie from it, where the words say so: "5 ± 0.1".
    pub(super) tolerance: Option<Decimal>,
}

impl Reader<'_> {
    /// The amount at token `at` behind `lead`.
    pub(super) fn amount(&self, at: usize, lead: Lead) -> Option<Amount> {
        if let Some(amount) = self.factor(at).or_else(|| self.inverted(at)) {
            return Some(amount);
        }
        let (mut pos, mut negative) = self.sign(at);
        let (behind, prefix, scale) = self.money_before(pos);
        pos = behind;
        if prefix.is_some() && !negative {
            (pos, negative) = self.sign(pos);
        }
        let mut numeral = self.numeral(pos, lead).or_else(|| self.one_of_unit(pos, lead))?;
        if prefix.is_some_and(|money| self.is_no_money(at, pos, money, &numeral, lead)) {
            return None;
        }
        numeral = match scale {
            Some(factor) => numeral.times(factor)?,
            None => self.suffixed(numeral, pos, prefix),
        };
        let number_at = pos;
        let (end, unit) = self.unit_behind(numeral, prefix);
        let mut amount = Amount { start: at, end, numeral, unit, number_at, tolerance: None };
        if let Some(said) = self.with_bracketed_unit(amount).or_else(|| self.in_money(amount)) {
            amount = said;
        }
        amount = self.scaled_to_code(self.scaled_behind(amount)?)?;
        amount = self.with_lesser_unit(amount);
        amount = self.with_tolerance(amount).unwrap_or(amount);
        if negative {
            amount.numeral.value = -amount.numeral.value;
        }
        Some(amount)
    }

    /// "fifteen grand in US dollars": a magnitude and the money that it is in.
    fn in_money(&self, amount: Amount) -> Option<Amount> {
        let is_bare = amount.unit.is_none() && amount.numeral.factor > Decimal::ONE;
        let at = self.role(amount.end, Role::In).filter(|_| is_bare)?;
        let (end, unit) = self.unit(at).filter(|(_, unit)| unit.kind == UnitKind::Money)?;
        (self.kind(end) != Some(Kind::Number) && !unit.is_generic()).then_some(Amount {
            end,
            unit: Some(unit),
            ..amount
        })
    }

    /// Whether the money from `at` to the number at `pos` is another word: a letter of a name, or a title.
    fn is_no_money(&self, at: usize, pos: usize, money: UnitWord, numeral: &Numeral, lead: Lead) -> bool {
        let (is_plain, is_named) = (numeral.form == Form::Plain, money.kind == UnitKind::Money);
        // "R5 million" is money, "N95" is not.
        let is_letter = pos == at + 1
            && self.slice(at).chars().count() == 1
            && is_plain
            && self.kind(at) == Some(Kind::Word)
            && !(lead == Lead::Hedge && self.slice(pos).len() > 2
                || self.is_priced_by_letter(at, pos, numeral));
        // "Euro 2024", "SDG 7"
        let is_title = is_plain
            && (is_named && is_year_number(numeral.value)
                || self.role(at, Role::Label) == Some(pos) && numeral.value < Decimal::ONE_HUNDRED);
        // "Euro 6 engine"
        let is_class = is_named
            && is_plain
            && numeral.value < Decimal::TEN
            && self.kind(numeral.end) == Some(Kind::Word)
            && !self.is_known(numeral.end);
        // "Swiss francs 500", but "in francs 500 people".
        let counts =
            is_named && at > 0 && (self.unit(numeral.end).is_some() || self.noun(numeral.end).is_some());
        is_letter || is_title || is_class || counts
    }

    /// Whether a letter before a number is the sign of money all the same: "for R150", "R500 a month".
    fn is_priced_by_letter(&self, at: usize, number_at: usize, numeral: &Numeral) -> bool {
        let is_long = self.slice(number_at).len() > 2 && numeral.end == number_at + 1;
        let per = || self.role(numeral.end, Role::Per).or_else(|| self.role(numeral.end, Role::Article));
        let is_rate =
            || per().and_then(|time| self.unit(time)).is_some_and(|(_, unit)| unit.kind == UnitKind::Time);
        is_long
            && self.is_glued(number_at)
            && (self.is_whole(at, numeral.end) || self.role_before(at, Role::Priced) || is_rate())
    }

    /// Money before a number at `at`, said once or in several ways ("USD", "US $"), with its magnitude
    /// ("USD mn", "млн руб.:"): the number's token.
    fn money_before(&self, at: usize) -> (usize, Option<UnitWord>, Option<Decimal>) {
        if let Some((pos, money, factor)) = self.money_label(at) {
            return (pos, Some(money), Some(factor));
        }
        let (mut pos, mut prefix) = (at, None);
        // "EUR/USD 1.0854" is the quote of a pair.
        let is_quote = at > 1
            && self.slice(at - 1) == "/"
            && self.is_glued(at)
            && self.unit(at - 2).is_some_and(|(_, unit)| unit.kind.is_money());
        if is_quote {
            return (at, None, None);
        }
        for _ in 0..3 {
            let Some((end, unit)) = self.prefix_unit(pos) else { break };
            prefix = Some(finer(prefix, unit));
            pos = end + usize::from(self.slice(end) == ":");
        }
        let scale = if prefix.is_some() { self.scale_before(pos) } else { None };
        match scale {
            Some((behind, factor)) => (behind, prefix, Some(factor)),
            None => (pos, prefix, None),
        }
    }

    /// "тысяч десять", "лет двадцать", "миллиона три тенге": what is counted stands before its number,
    /// which so is not meant exactly. Money before digits is plain: "рублей 100".
    fn inverted(&self, at: usize) -> Option<Amount> {
        let behind = self.role(at, Role::Inverted).filter(|_| !self.continues_number(at))?;
        // "часов на пять", "раза в три"
        let joint = [Role::By, Role::At].into_iter().find_map(|role| self.role(behind, role));
        let number_at = joint.unwrap_or(behind);
        let numeral =
            self.numeral(number_at, Lead::Plain).filter(|numeral| numeral.factor == Decimal::ONE)?;
        let in_words = matches!(numeral.form, Form::Words | Form::One);
        if joint.is_some() && (numeral.form != Form::Words || at > 0 && self.role_before(at, Role::By)) {
            return None;
        }
        let end = numeral.end;
        let vague = Numeral { form: Form::Vague, ..numeral };
        let multiple = |meaning| match meaning {
            Meaning::Magnitude(factor, _) | Meaning::Multiple(factor, _) => Some(factor),
            _ => None,
        };
        if let Some((_, factor)) = self.longest(at, multiple) {
            // "миллиона семисот" counts on from one million.
            if factor > Decimal::ONE_THOUSAND && numeral.value >= Decimal::ONE_HUNDRED {
                return None;
            }
            let numeral = vague.times(factor)?;
            let (end, unit) = self.unit_behind(numeral, None);
            let amount = Amount { start: at, end, numeral, unit, number_at, tolerance: None };
            return self.scaled_to_code(amount);
        }
        let unit = self.unit(at).filter(|(end, _)| *end == behind).map(|(_, unit)| unit);
        let counts_on = self.unit(end).is_some()
            || self.noun(end).is_some()
            || self.is_glued(end) && self.kind(end) == Some(Kind::Word);
        let is_plain =
            numeral.form == Form::Plain && !counts_on && !unit.is_some_and(|unit| unit.kind.is_money());
        let holds = if in_words { unit.is_some() || !counts_on } else { is_plain };
        let amount = Amount { start: at, end, numeral: vague, unit, number_at, tolerance: None };
        if holds { self.scaled_to_code(amount) } else { None }
    }

    /// Whether token `at` belongs to a number or a length of time before it: "пять тысяч", "последних лет".
    pub(super) fn continues_number(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let counts = |meaning| {
            let counts = matches!(
                meaning,
                Meaning::Cardinal(_)
                    | Meaning::Multiple(..)
                    | Meaning::Magnitude(..)
                    | Meaning::Vague(_)
                    | Meaning::Fraction(_)
                    | Meaning::Role(Role::Span | Role::Many)
            );
            counts.then_some(())
        };
        self.kind(before) == Some(Kind::Number)
            || self.longest(before, counts).is_some()
            || self.kind(before) == Some(Kind::Word)
                && self.role(before, Role::Stop).is_none()
                && self.lexicon.is_adjective(self.slice(before))
    }

    /// A magnitude between money and its digits: "USD mn 500", "USD million: 500".
    fn scale_before(&self, at: usize) -> Option<(usize, Decimal)> {
        // "USD'000: 4,500"
        let thousands = || if self.kind(at) == Some(Kind::Symbol) { self.zeros(at) } else { None };
        let (end, factor) = self.magnitude(at).or_else(|| self.suffix(at)).or_else(thousands)?;
        let end = end + usize::from(self.slice(end) == ":");
        let is_last = self.magnitude(end + 1).is_none() && self.suffix(end + 1).is_none();
        (self.kind(end) == Some(Kind::Number) && is_last).then_some((end, factor))
    }

    /// A magnitude behind money: "500 USD mn", "12 долл. млн", "5 dollars (million)", "5 € m".
    fn scaled_behind(&self, amount: Amount) -> Option<Amount> {
        let is_scalable = amount.numeral.factor == Decimal::ONE
            && amount
                .unit
                .is_some_and(|unit| matches!(unit.kind, UnitKind::Sign | UnitKind::Money | UnitKind::Behind));
        let Some((end, factor)) = self.magnitude_behind(amount.end).filter(|_| is_scalable) else {
            return Some(amount);
        };
        let counts =
            self.noun(end).is_some() || self.unit(end).is_some() || self.kind(end) == Some(Kind::Number);
        if counts || amount.end == amount.numeral.end {
            return Some(amount);
        }
        Some(Amount {
            end,
            numeral: Numeral { end: amount.numeral.end, ..amount.numeral.times(factor)? },
            ..amount
        })
    }

    /// The magnitude that stands at `at` by its word, in parentheses too, or by its letter where the
    /// phrase ends behind it.
    fn magnitude_behind(&self, at: usize) -> Option<(usize, Decimal)> {
        if self.slice(at) == "(" {
            let (end, factor) = self.magnitude(at + 1)?;
            return (self.slice(end) == ")").then_some((end + 1, factor));
        }
        let ends = |end: usize| end >= self.tokens.len() || self.closes(end);
        self.magnitude(at).or_else(|| self.suffix(at).filter(|(end, _)| ends(*end)))
    }

    /// "a dollar", "a buck fifty", "an hour and a half": one of a unit by its name, where it is no
    /// price's "a dollar" and no rate's "an hour".
    fn one_of_unit(&self, at: usize, lead: Lead) -> Option<Numeral> {
        let article = self.role(at, Role::Article);
        if let Some(one) = self.hedged_unit(article.unwrap_or(at)).filter(|_| lead == Lead::Hedge) {
            return Some(one);
        }
        let end = article?;
        let (behind, unit) = self.unit(end).filter(|(_, unit)| !unit.is_generic())?;
        let and = self.role(behind, Role::And);
        let half =
            and.and_then(|and| self.role(and, Role::Article)).and_then(|half| self.fraction_word(half));
        let of_money = matches!(unit.kind, UnitKind::Money | UnitKind::Sub)
            && (lead == Lead::Hedge
                // "a tenner"
                || unit.factor > Decimal::ONE
                || and.is_some()
                || self.two_digits(behind).is_some()
                || self.is_whole(at, behind))
            && self.role(behind, Role::Of).is_none();
        let (value, step, factor) = (Decimal::ONE, Decimal::ONE, Decimal::ONE);
        let numeral = Numeral { end, value, step, factor, form: Form::Words, open: false };
        let of_share = unit.kind == UnitKind::Share && (lead == Lead::Hedge || self.is_whole(at, behind));
        (of_money || of_share || half.is_some()).then_some(numeral)
    }

    /// The one of "under an hour", "более часа" at the unit, behind the article: its name is in the
    /// singular, and no other word.
    fn hedged_unit(&self, at: usize) -> Option<Numeral> {
        let by_article = at > 0 && self.role(at - 1, Role::Article) == Some(at);
        let (behind, unit) = self.unit(at)?;
        let is_measure = matches!(unit.kind, UnitKind::Time | UnitKind::Physical | UnitKind::Share);
        let is_one = if by_article {
            self.role(at, Role::Ordinary).is_none() && self.slice(at).len() > 2
        } else {
            self.role(at, Role::Single) == Some(behind) && self.role(at, Role::Clock).is_none()
        };
        let (value, step, factor) = (Decimal::ONE, Decimal::ONE, Decimal::ONE);
        // "lower than a year before"
        let is_point = self.role(behind, Role::Back).is_some();
        (is_measure && is_one && !is_point).then_some(Numeral {
            end: at,
            value,
            step,
            factor,
            form: Form::Words,
            open: false,
        })
    }

    /// "5 ± 0.1 kg", "55 % plus or minus 3 points": the unit of one is the other's; percent of
    /// anything else are its hundredths.
    fn with_tolerance(&self, amount: Amount) -> Option<Amount> {
        let at = self.role(amount.end, Role::Within)?;
        let reach = self.numeral(at, Lead::Plain)?;
        let (end, unit) = self.unit_behind(reach, None);
        let factor = unit.map_or(Decimal::ONE, |unit| unit.factor);
        let mut value = reach.value.checked_mul(factor)?;
        let mut own = amount.numeral;
        match (amount.unit, unit) {
            (None, Some(unit)) => own = Numeral { value: own.value.checked_mul(unit.factor)?, ..own },
            (Some(named), Some(unit)) if named.unit == unit.unit => {}
            (Some(named), Some(unit))
                if unit.unit == Unit::PERCENT && named.unit != Unit::PERCENTAGE_POINT =>
            {
                value = own.value.abs().checked_mul(value)?.checked_div(Decimal::ONE_HUNDRED)?;
            }
            (Some(named), Some(unit))
                if named.unit == Unit::PERCENT && unit.unit == Unit::PERCENTAGE_POINT => {}
            (Some(_), Some(_)) => return None,
            (_, None) => {}
        }
        Some(Amount { end, numeral: own, unit: amount.unit.or(unit), tolerance: Some(value), ..amount })
    }

    /// A minus at `at`: a word, or a sign glued to what follows and to nothing before. A plus is
    /// skipped.
    fn sign(&self, at: usize) -> (usize, bool) {
        // "three thousand minus seven hundred" takes off.
        let takes_off = || {
            self.continues_number(at)
                || (at.saturating_sub(2)..at).any(|word| self.unit(word).is_some_and(|(end, _)| end == at))
        };
        if let Some(end) = self.role(at, Role::Minus).filter(|_| !takes_off()) {
            return (end, true);
        }
        // "to plus five degrees", but "$20, plus $5".
        let is_sign = || {
            Language::by_script(self.slice(at)) == Language::Ru
                || at == 0
                || [Role::To, Role::From].into_iter().any(|role| self.role_before(at, role))
        };
        if let Some(end) = self.role(at, Role::Plus).filter(|_| is_sign() && !self.continues_number(at)) {
            return (end, false);
        }
        let is_free = !self.is_glued(at) || self.opens(at.wrapping_sub(1));
        if !is_free || !self.is_glued(at + 1) {
            return (at, false);
        }
        match self.slice(at) {
            "-" | "−" | "–" | "‒" | "‑" | "—" | "﹣" | "－" => (at + 1, true),
            "+" => (at + 1, false),
            _ => (at, false),
        }
    }

    /// Whether a sign may begin a number behind token `at`: "(-5", "$-5", "«-5", "..-5".
    fn opens(&self, at: usize) -> bool {
        let closes = matches!(
            self.slice(at),
            ")" | "]" | "}" | "%" | "»" | "”" | "’" | "-" | "–" | "—" | "−" | "/" | "+" | "_" | "*"
        );
        let decimal = self.slice(at) == "." && self.slice(at.wrapping_sub(1)) != ".";
        self.kind(at) == Some(Kind::Symbol) && !closes && !decimal
    }

    /// Money before its number.
    pub(super) fn prefix_unit(&self, pos: usize) -> Option<(usize, UnitWord)> {
        let is_prefix =
            |unit: &UnitWord| matches!(unit.kind, UnitKind::Sign | UnitKind::Before | UnitKind::Money);
        self.unit(pos).filter(|(_, unit)| is_prefix(unit))
    }

    /// Whether the number at `at` is the second end of a range of money: "$10-20m".
    fn joins_money(&self, at: usize) -> bool {
        let Some(joint) = at.checked_sub(1) else { return false };
        let joins = self.dash(joint) == Some(at) || self.role(joint, Role::To) == Some(at);
        let first =
            (joint.saturating_sub(2)..joint).rev().find(|first| self.kind(*first) == Some(Kind::Number));
        let sign = first.filter(|_| joins).and_then(|first| Some((first.checked_sub(1)?, first)));
        sign.is_some_and(|(sign, first)| {
            self.unit(sign).is_some_and(|(end, unit)| end == first && unit.kind.is_money())
        })
    }

    /// The numeral of token `number_at` with a magnitude letter glued to it: "5k", "$3.5m".
    fn suffixed(&self, numeral: Numeral, number_at: usize, prefix: Option<UnitWord>) -> Numeral {
        if !matches!(numeral.form, Form::Plain | Form::Digits) || numeral.factor != Decimal::ONE {
            return numeral;
        }
        let at = numeral.end;
        let leads_money = prefix.is_some() || self.joins_money(number_at);
        // "12 k EUR"
        let scales_money = || {
            let is_unit = self.unit(at).is_some_and(|(end, _)| end > at + 1);
            let letter = self.suffix(at).filter(|_| self.slice(at).len() == 1 && !is_unit);
            letter.and_then(|(end, _)| self.unit(end)).is_some_and(|(_, unit)| unit.kind.is_money())
        };
        if !(self.is_glued(at) || leads_money || scales_money() || self.scales_count(at)) {
            return numeral;
        }
        let Some((end, (factor, suffix))) = self.longest(at, |meaning| match meaning {
            Meaning::Suffix(factor, suffix) => Some((factor, suffix)),
            _ => None,
        }) else {
            return numeral;
        };
        let behind = end + usize::from(self.slice(end) == "(");
        let money = leads_money || self.unit(behind).is_some_and(|(_, unit)| unit.kind.is_money());
        let glued_more = self.is_glued(end) && matches!(self.kind(end), Some(Kind::Word | Kind::Number));
        let holds = match suffix {
            _ if money => true,
            _ if glued_more => false,
            Suffix::Any => true,
            // "2m x 3m"
            Suffix::Count if matches!(self.slice(number_at.wrapping_sub(1)), "x" | "X" | "×" | "х") => {
                false
            }
            Suffix::Count => {
                end >= self.tokens.len()
                    || self.slice(end) == "(" && self.tells_no_length(end + 1)
                    || self.noun(end).is_some_and(|_| self.role(end, Role::Extent).is_none())
                    || self.scales_count(at)
            }
            Suffix::Money => false,
        };
        match numeral.times(factor) {
            Some(times) if holds => Numeral { end, ..times },
            _ => numeral,
        }
    }

    /// Whether the letter at `at` is a magnitude by what stands behind it: "2.5 m tons", "1.2 m people".
    fn scales_count(&self, at: usize) -> bool {
        let is_letter = self.kind(at) == Some(Kind::Word) && self.slice(at).len() == 1;
        let behind = at + 1;
        let roles = [Role::Ordinary, Role::Extent];
        let is_other = || roles.into_iter().any(|role| self.role(behind, role).is_some());
        let measures = || self.unit(behind).is_some_and(|(_, unit)| unit.kind == UnitKind::Physical);
        let are_people =
            || [Role::Whole, Role::Plural].into_iter().all(|role| self.role(behind, role).is_some());
        is_letter
            && self.kind(behind) == Some(Kind::Word)
            && !self.is_glued(behind)
            && !is_other()
            && self.suffix(at).is_some()
            && (measures() || are_people())
    }

    /// Whether what a parenthesis says from `at` on is of a count, and not of a length: a year, a share.
    fn tells_no_length(&self, at: usize) -> bool {
        let is_share = |at: usize| self.unit(at).is_some_and(|(_, unit)| unit.kind == UnitKind::Share);
        self.is_year_at(at) || (at + 1..at + 3).any(is_share)
    }

    fn scaled_to_code(&self, amount: Amount) -> Option<Amount> {
        let Some(unit) = amount.unit.filter(|unit| unit.factor != Decimal::ONE) else { return Some(amount) };
        let numeral = Numeral {
            value: amount.numeral.value.checked_mul(unit.factor)?,
            step: amount.numeral.step.checked_mul(unit.factor.abs())?,
            ..amount.numeral
        };
        Some(Amount { numeral, ..amount })
    }
}

/// Whether a number may be a year of our time.
pub(super) fn is_year_number(value: Decimal) -> bool {
    value.scale() == 0 && value >= Decimal::from(1500) && value <= Decimal::from(2100)
}
