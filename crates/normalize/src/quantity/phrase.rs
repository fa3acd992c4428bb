//! Phrases: amounts with their comparators, as ranges and as changes, and what only looks like one.

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::found::Found;
use crate::quantity::amount::Amount;
use crate::quantity::meaning::{Meaning, Role, Sorts, UnitKind};
use crate::quantity::numeral::{DOZEN, Form, Lead, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::tail::Tail;
use crate::quantity::token::Kind;
use crate::quantity::{Change, Mention, Relative, is_currency, mirrored_comparator};

/// An amount behind its comparator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hedged {
    /// The first token: of the comparator, or of the amount.
    pub(super) start: usize,
    /// Its hedge.
    pub(super) comparator: Option<Comparator>,
    /// Whether the comparator may also be the goal of a change: "до 5 млрд".
    pub(super) goal: bool,
    /// The part in a change that a word behind the comparator gives: "более чем на 46 %".
    pub(super) change: Option<Change>,
    pub(super) amount: Amount,
}

/// What a number says that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// Nothing: a bare number.
    Nothing,
    /// A counted noun.
    Noun,
    /// A unit.
    Unit,
}

/// What stands at a token.
pub(super) enum Phrase {
    /// Figures, up to a token.
    Figures(Vec<Found<Mention>>, usize),
    /// Digits that are no figure, up to a token.
    Other(usize),
}

impl Reader<'_> {
    /// All figures of the text, in order.
    pub(super) fn figures(&self) -> Vec<Found<Mention>> {
        let mut figures = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let candidate = self.is_known(at) || self.kind(at) != Some(Kind::Word);
            match if candidate { self.phrase(at) } else { None } {
                // "1 L over 8 hours": the time itself is read behind the word.
                Some(Phrase::Figures(found, _))
                    if is_short_time(&found) && self.is_length_of(at, &found, figures.last()) =>
                {
                    at += 1;
                }
                Some(Phrase::Figures(found, end))
                    if self.is_length_of(at, &found, figures.last())
                        || self.is_base_of_rate(at, &found, figures.last()) =>
                {
                    at = end.max(at + 1);
                }
                Some(Phrase::Figures(found, end)) => {
                    // Most texts have one.
                    if figures.is_empty() {
                        figures = found;
                    } else {
                        figures.extend(found);
                    }
                    at = end.max(at + 1);
                }
                Some(Phrase::Other(end)) => at = end.max(at + 1),
                None => at += 1,
            }
        }
        self.account(&mut figures);
        figures
    }

    /// Whether the phrase at `at` says how long what the figure before it tells of goes on: "€110 million
    /// over seven years", which are not more than seven.
    fn is_length_of(&self, at: usize, phrase: &[Found<Mention>], before: Option<&Found<Mention>>) -> bool {
        let ([length], Some(before)) = (phrase, before) else { return false };
        let is_time = |mention: &Mention| {
            let unit = mention.quantity.unit.and_then(|unit| self.lexicon.unit_of(unit.code()));
            unit.is_some_and(|unit| unit.kind == UnitKind::Time)
        };
        // "over" is the hedge of the length where it has been read as one, and a word before it elsewhere.
        let opens = self.role(at, Role::Throughout).is_some() || self.role_before(at, Role::Throughout);
        let opened = (at.saturating_sub(4)..=at).find(|at| self.role(*at, Role::Throughout).is_some());
        let Some(opened) = opened.filter(|_| opens && is_time(&length.value)) else { return false };
        let between = self.text[before.end..self.tokens[opened].start].trim();
        // "10 километров за 55 минут", "pay within 14 days": a time that short is a figure.
        let by_clock = length.value.quantity.comparator == Comparator::Equal && is_short_time(phrase);
        matches!(between, "" | ",") && !is_time(&before.value) && !by_clock
    }

    /// Whether the phrase at `at` says per how many the figure before it is: "35 случаев на 100 тыс.
    /// населения", "$4.95 a dozen".
    fn is_base_of_rate(&self, at: usize, phrase: &[Found<Mention>], before: Option<&Found<Mention>>) -> bool {
        let ([base], Some(before)) = (phrase, before) else { return false };
        let between = |first: usize| self.text.get(before.end..self.tokens[first].start);
        let is_next = |first: usize| between(first).is_some_and(|between| between.trim().is_empty());
        let per = (at.saturating_sub(2)..at).find(|first| self.role(*first, Role::Per) == Some(at));
        let Some(value) = base.value.quantity.value() else { return false };
        let of_money = before.value.quantity.unit.is_some_and(is_currency);
        if of_money && base.value.quantity.unit.is_none() && [Decimal::TEN, DOZEN].contains(&value) {
            let by_article = self.role(at, Role::Article).is_some() && is_next(at);
            return by_article || per.is_some_and(is_next) && self.kind(at) == Some(Kind::Word);
        }
        let end = self.tokens.partition_point(|token| token.start < base.end);
        per.is_some_and(is_next)
            && is_power_of_ten(value)
            && value >= Decimal::ONE_HUNDRED
            && end > 0
            && self.role(end - 1, Role::Populace).is_some()
    }

    /// A figure alone in parentheses is negative, as accounts write it: "(1,234.5)".
    fn account(&self, figures: &mut [Found<Mention>]) {
        let [figure] = figures else { return };
        let last = self.tokens.len() - 1;
        let encloses = self.slice(0) == "("
            && self.slice(last) == ")"
            && self.is_glued(1)
            && self.is_glued(last)
            && figure.start == self.tokens[1].start
            && figure.end == self.tokens[last - 1].end;
        let Stated::Point { value, .. } = &mut figure.value.quantity.stated else { return };
        let plain = figure.value.quantity.noun.is_none()
            && figure.value.quantity.comparator == Comparator::Equal
            && value.is_sign_positive();
        if encloses && plain && !value.is_zero() {
            *value = -*value;
            (figure.start, figure.end) = (self.tokens[0].start, self.tokens[last].end);
        }
    }

    fn phrase(&self, at: usize) -> Option<Phrase> {
        if let Some(end) = self.not_a_figure(at) {
            return Some(Phrase::Other(end));
        }
        for opener in [Role::Between, Role::From] {
            if let Some(end) = self.role(at, opener)
                && let Some(pair) = self.pair(at, end, opener)
            {
                return Some(pair);
            }
        }
        let first = self.hedged(at)?;
        if let Some(range) = self.open_range(&first) {
            return Some(range);
        }
        self.single(first)
    }

    pub(super) fn single(&self, hedged: Hedged) -> Option<Phrase> {
        let amount = hedged.amount;
        let mut hedged = hedged;
        // "до 13 % снижена ставка"
        let is_told_behind =
            || self.change_word(amount.end).is_some() && self.lexicon.is_verb(self.slice(amount.end));
        let is_goal = hedged.goal && (self.change_before(hedged.start) || is_told_behind());
        if is_goal {
            (hedged.comparator, hedged.start) = (None, amount.start);
        }
        let (mut found, end) = self.mention(&hedged, amount.end)?;
        let named = Named::by(&found.value.quantity);
        if self.is_period(&amount, hedged.start, end) || self.is_time_of_day(&amount) {
            return Some(Phrase::Other(end));
        }
        if let Some(end) = self.score(&amount).filter(|_| named == Named::Nothing) {
            return Some(Phrase::Other(end));
        }
        let whole = self.is_whole(hedged.start, end);
        if named != Named::Unit
            && (self.is_labelled(&amount, named) || !whole && self.is_no_count(&hedged, named))
        {
            return Some(Phrase::Other(amount.end));
        }
        found.value.change = match hedged.change {
            Some(change) if self.speaks_of_change(hedged.start) => Some(change),
            _ if is_goal => Some(Change::To),
            _ => self.change(hedged.start, &found.value.quantity),
        };
        Some(Phrase::Figures(vec![found], end))
    }

    /// The comparators and fillers at `at`, and the amount behind them.
    pub(super) fn hedged(&self, at: usize) -> Option<Hedged> {
        let Some((mut pos, mut comparator)) = self.before(at).filter(|(end, _)| self.is_bound(at, *end))
        else {
            let amount = self.amount(at, Lead::Plain)?;
            return Some(Hedged { start: at, comparator: None, goal: false, change: None, amount });
        };
        let mut goal = self.role(at, Role::To) == Some(pos);
        let mut change = None;
        for _ in 0..6 {
            if self.slice(pos) == "." && self.is_glued(pos) && !self.is_glued(pos + 1) {
                pos += 1;
            }
            // "до 1-го класса", "about 10:30"
            if self.not_a_figure(pos).is_some() {
                return None;
            }
            if let Some(amount) = self.amount(pos, Lead::Hedge) {
                return Some(Hedged { start: at, comparator: Some(comparator), goal, change, amount });
            }
            let next = self.before(pos);
            let leads_on = self.role(pos, Role::To).filter(|end| next.is_some_and(|(to, _)| to == *end));
            if let Some(end) = leads_on.filter(|_| !goal) {
                // "почти до 3 млрд": the goal keeps the hedge before it.
                (pos, change) = (end, Some(Change::To));
            } else if let Some((end, next)) = next {
                (pos, comparator, goal) = (end, next, false);
            } else if let Some(end) = self.role(pos, Role::By) {
                (pos, change) = (end, Some(Change::By));
            } else {
                pos = self.role(pos, Role::Filler)?;
            }
        }
        None
    }

    /// The comparator at `at`, and the token behind it.
    fn before(&self, at: usize) -> Option<(usize, Comparator)> {
        self.longest_of(Sorts::BEFORE, at, |meaning| match meaning {
            Meaning::Before(comparator) => Some(comparator),
            _ => None,
        })
    }

    /// Whether the comparator from `at` to `end` bounds what stands behind it, and is no other word.
    fn is_bound(&self, at: usize, end: usize) -> bool {
        // "C$5" is money, though "c." says about.
        let is_money = || self.unit(at).is_some_and(|(behind, unit)| unit.kind.is_money() && behind > end);
        // "меньше на 13 %" is a step, "меньше 13 %" and "меньше чем на 13 %" are bounds.
        // "passed by 78 votes" is one too.
        let is_step = || {
            self.role(at, Role::By).is_some_and(|by| by > end)
                || self.change_word(at).is_some_and(|(behind, _)| behind == end)
                    && self.role(end, Role::By).is_some()
        };
        // "0,03 % от 150 тыс.": a share of them.
        let share = |at| self.unit(at).is_some_and(|(_, unit)| unit.kind == UnitKind::Share);
        let is_of = || self.role(at, Role::From) == Some(end) && at > 0 && share(at - 1);
        // "gone up to $1,950"
        let is_risen = || at > 0 && self.change_word(at - 1).is_some_and(|(behind, _)| behind == at + 1);
        !is_money() && !is_step() && !is_of() && !is_risen() && !self.tells_from_whom(at, end)
    }

    /// "4,5 млн евро от двух фондов", "заявки от 12 компаний": those from whom something comes, by a word for it
    /// or by how much of it there is. "500 рублей от 5 штук" is a bound.
    fn tells_from_whom(&self, at: usize, end: usize) -> bool {
        const REACH: usize = 5;
        let counts = |at: usize| self.kind(at) == Some(Kind::Number) || self.cardinal(at).is_some();
        let gives = || {
            self.role_before(at, Role::Given)
                || (at.saturating_sub(REACH)..at).any(counts) && self.kind(at - 1) == Some(Kind::Word)
        };
        let from_them = || {
            let amount = self.amount(end, Lead::Plain).filter(|amount| amount.unit.is_none())?;
            self.noun(amount.end).filter(|noun| self.role(*noun, Role::Piece).is_none())
        };
        at > 0 && self.role(at, Role::From) == Some(end) && gives() && from_them().is_some()
    }

    /// The quantity of a hedged amount, with what stands behind it: "or more", and the noun.
    pub(super) fn mention(&self, hedged: &Hedged, end: usize) -> Option<(Found<Mention>, usize)> {
        let Tail { end, numeral, unit, below_zero, noun, comparator: after } =
            self.tail(&hedged.amount, end)?;
        // "3.0" of nobody knows what has one decimal, and 3.0 projects are three.
        let is_whole = match unit {
            Some(Unit::COUNT) => numeral.value.is_integer(),
            None => numeral.value.is_integer() && numeral.step >= Decimal::ONE,
            Some(_) => false,
        };
        let exact = is_whole && numeral.factor == Decimal::ONE;
        let half_unit = if exact { Decimal::ZERO } else { numeral.step.checked_div(Decimal::TWO)? };
        let vague = (numeral.form == Form::Vague).then_some(Comparator::About);
        let comparator = hedged.comparator.or(after).or(vague).unwrap_or(Comparator::Equal);
        let relative = self.relative(&numeral, unit, noun.as_deref());
        let quantity = Quantity {
            comparator: if below_zero { mirrored_comparator(comparator) } else { comparator },
            stated: Stated::Point {
                value: numeral.value,
                half_unit: hedged.amount.tolerance.unwrap_or(half_unit).normalize(),
            },
            unit,
            noun,
        };
        let course = self.course(hedged.start, end, &hedged.amount);
        let mention = Mention { quantity, change: None, course, magnitude: magnitude(&numeral), relative };
        Some((self.found(hedged.start, end, mention), end))
    }

    /// How a number relates to another one, where it is no amount. Times have the unit of counting and no noun but
    /// their own.
    fn relative(&self, numeral: &Numeral, unit: Option<Unit>, noun: Option<&str>) -> Option<Relative> {
        let is_part =
            numeral.form == Form::Fraction && numeral.factor == Decimal::ONE && numeral.value <= Decimal::ONE;
        match unit {
            None if is_part => Some(Relative::Part),
            Some(Unit::COUNT) if noun.is_none_or(|noun| self.lexicon.is_times(noun)) => Some(Relative::Times),
            _ => None,
        }
    }

    pub(super) fn found(&self, start: usize, end: usize, value: Mention) -> Found<Mention> {
        Found { start: self.tokens[start].start, end: self.tokens[end - 1].end, value }
    }

    /// Whether nothing but punctuation stands around the tokens.
    pub(super) fn is_whole(&self, start: usize, end: usize) -> bool {
        self.written.is_some_and(|(first, last)| start <= first && last < end)
    }
}

impl Named {
    fn by(quantity: &Quantity) -> Self {
        match (&quantity.unit, &quantity.noun) {
            (None, _) => Self::Nothing,
            (Some(_), Some(_)) => Self::Noun,
            (Some(_), None) => Self::Unit,
        }
    }
}

/// Whether a phrase is a length of time below a month.
fn is_short_time(phrase: &[Found<Mention>]) -> bool {
    let unit = phrase.first().and_then(|length| length.value.quantity.unit);
    matches!(unit.map(Unit::code), Some("h" | "min" | "s" | "d" | "wk"))
}

fn is_power_of_ten(value: Decimal) -> bool {
    let digits = value.normalize().to_string();
    digits.starts_with('1') && digits.bytes().skip(1).all(|digit| digit == b'0')
}

/// The magnitude that is written beside a number.
pub(super) fn magnitude(numeral: &Numeral) -> Option<Decimal> {
    (numeral.factor != Decimal::ONE).then_some(numeral.factor)
}
