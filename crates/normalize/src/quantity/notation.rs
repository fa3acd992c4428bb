//! Numbers in a notation of their own, which measure nothing: scores and votes, odds, coordinates,
//! hours, sizes of pictures. Dates, labels and names lie in `lookalike.rs`.

use rust_decimal::Decimal;

use crate::quantity::amount::Amount;
use crate::quantity::literal::Separator;
use crate::quantity::meaning::{Meaning, Role, UnitKind};
use crate::quantity::numeral::{DOZEN, Form};
use crate::quantity::phrase::Hedged;
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// "a 3-2 win", "17-of-28": a number joined to one that is no end of a range, unless a cell begins
    /// with it, which then has its ends swapped.
    pub(super) fn score(&self, amount: &Amount) -> Option<usize> {
        let odds = self.hyphened(amount.end, Role::To).or_else(|| self.hyphened(amount.end, Role::Of));
        let dash = || self.dash(amount.end).filter(|next| self.is_glued(amount.end) && self.is_glued(*next));
        let joined = odds.or_else(dash)?;
        let is_number =
            self.kind(joined) == Some(Kind::Number) || odds.is_some() && self.cardinal(joined).is_some();
        (!self.begins_with(amount) && is_number).then_some(joined + 1)
    }

    /// "passed 217 to 210", "the odds were 7 to 2": two bare numbers of which the second is the lesser,
    /// where no change leads from one to the other: the token behind.
    pub(super) fn votes(&self, first: &Hedged, second: &Hedged) -> Option<usize> {
        let is_bare = |amount: &Amount| {
            amount.unit.is_none()
                && amount.numeral.factor == Decimal::ONE
                && matches!(amount.numeral.form, Form::Plain | Form::Words)
        };
        let (for_it, against) = (&first.amount, &second.amount);
        let falls = for_it.numeral.value > against.numeral.value;
        let is_pair = is_bare(for_it) && is_bare(against) && falls;
        let stands_alone = !self.begins_with(for_it) && !self.change_before(first.start);
        (is_pair && stands_alone).then_some(against.end)
    }

    /// Whether the text begins with an amount.
    fn begins_with(&self, amount: &Amount) -> bool {
        self.written.is_some_and(|(first, _)| first == amount.start)
    }

    /// "6-4, 3-6, 7-5": one of several pairs of which some go down, which are scores.
    pub(super) fn is_among_scores(&self, start: usize, end: usize) -> bool {
        let goes_down = |at: usize| {
            let ends = self.literal(at).zip(self.literal(at + 2));
            self.dash(at + 1) == Some(at + 2) && ends.is_some_and(|(first, second)| first > second)
        };
        let follows = start > 3 && self.slice(start - 1) == "," && goes_down(start - 4);
        follows || self.slice(end) == "," && goes_down(end + 1)
    }

    /// "5 p.m.", "в пять утра", "7.30pm".
    pub(super) fn is_time_of_day(&self, amount: &Amount) -> bool {
        let hours = amount.numeral.value <= Decimal::from(24)
            && (amount.numeral.value.is_integer() || is_pointed(self.slice(amount.number_at)));
        // "by 1430 GMT"
        let is_military = self.slice(amount.number_at).len() == 4 && amount.numeral.form == Form::Plain;
        // "в 9 часов вышел"
        let by_hours = amount.numeral.value.is_integer()
            && amount.unit.is_some_and(|unit| unit.unit.code() == "h")
            && amount.numeral.form == Form::Plain
            && self.role_before(amount.start, Role::At)
            && (self.role(amount.end, Role::Stop).is_some() || self.lexicon.is_verb(self.slice(amount.end)));
        (hours || is_military) && self.role(amount.numeral.end, Role::Clock).is_some() || hours && by_hours
    }

    /// "half past six", "quarter to nine", "без четверти девять", "в половине шестого": the token behind
    /// the hour.
    pub(super) fn told_hour(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.role(at, Role::Without) {
            let minutes = self.two_digits(end).or_else(|| self.fraction_word(end));
            return minutes.and_then(|(end, _)| self.hour(end));
        }
        // "twenty past four"
        let minutes = self.two_digits(at).and_then(|(end, _)| self.role(end, Role::Past));
        if let Some(end) = minutes.and_then(|past| self.hour(past)) {
            return Some(end);
        }
        let (end, parts) = self.fraction_word(at)?;
        let past = self.role(end, Role::Past).or_else(|| {
            let is_quarter = parts == Decimal::from(4) && !self.role_before(at, Role::Article);
            self.role(end, Role::To).filter(|_| is_quarter)
        });
        let ordinal = || self.role(end, Role::OrdinalWord).filter(|_| parts <= Decimal::from(4));
        let is_second =
            || self.longest(end, |meaning| matches!(meaning, Meaning::Unit(_)).then_some(())).is_some();
        past.and_then(|past| self.hour(past))
            .or_else(|| ordinal().filter(|end| !is_second() && self.noun(*end).is_none()))
    }

    /// "nineteen eighty-four", "twenty twenty-five": a year as it is spoken: the token behind.
    pub(super) fn told_year(&self, at: usize) -> Option<usize> {
        let (middle, century) = self.cardinal(at)?;
        let is_century = century >= Decimal::from(15) && century <= Decimal::from(20);
        let (end, year) = self.two_digits(middle).filter(|_| is_century && !self.is_glued(middle))?;
        let counts = self.unit(self.behind_hyphen(end)).is_some()
            || self.magnitude(end).is_some()
            || self.noun(end).is_some();
        (year >= Decimal::TEN && !counts && self.role(end, Role::Point).is_none()).then_some(end)
    }

    /// An hour at `at`, where nothing is counted: the token behind.
    fn hour(&self, at: usize) -> Option<usize> {
        let digits = || Some((at + 1, self.literal(at).filter(|_| self.kind(at) == Some(Kind::Number))?));
        let (end, hour) = self.two_digits(at).or_else(digits)?;
        let counts = self.unit(end).is_some() || self.noun(end).is_some() || self.magnitude(end).is_some();
        (hour >= Decimal::ONE && hour <= DOZEN && !counts).then_some(end)
    }

    /// "10:30": no end of a range.
    pub(super) fn is_clock_time(&self, at: usize) -> bool {
        self.slice(at + 1) == ":"
            && self.is_glued(at + 1)
            && self.is_glued(at + 2)
            && self.slice(at + 2).len() == 2
    }

    /// "в 19.30": hours and minutes behind a point, where a comma would be decimal.
    pub(super) fn is_pointed_time(&self, at: usize) -> bool {
        is_pointed(self.slice(at))
            && self.role_before(at, Role::At)
            && self.decimal_mark(at) == Separator::Comma
            && (self.kind(at + 1) != Some(Kind::Word)
                || self.unit(at + 1).is_none()
                    && self.magnitude(at + 1).is_none()
                    && self.noun(at + 1).is_none())
    }

    /// "годен до 06.2027", "на 25.10": a month of a year, and a day of a month where a comma would be
    /// decimal, nothing is counted and no change is told.
    pub(super) fn is_pointed_date(&self, at: usize) -> bool {
        let Some((first, second)) = self.slice(at).split_once('.') else { return false };
        let is_within = |digits: &str, last: u32| {
            digits.len() == 2 && digits.parse::<u32>().is_ok_and(|value| (1..=last).contains(&value))
        };
        let is_year = second.len() == 4 && (second.starts_with("19") || second.starts_with("20"));
        let counts = || {
            self.is_glued(at + 1) && !self.closes(at + 1)
                || self.unit(at + 1).is_some()
                || self.magnitude(at + 1).is_some()
                || first != second && self.noun(at + 1).is_some()
        };
        // "на распродаже 11.11", "11.11 скидки"
        let is_told = first == second || self.role_before(at, Role::Time);
        is_within(first, 12) && is_year
            || is_within(first, 31)
                && is_within(second, 12)
                && self.decimal_mark(at) == Separator::Comma
                && is_told
                && !self.speaks_of_change(at)
                && !counts()
    }

    /// "a .38", "the .45": how wide a barrel is, behind an article.
    pub(super) fn is_calibre(&self, at: usize) -> bool {
        let is_width = self.slice(at).len() == 3 && self.slice(at).starts_with('.');
        is_width
            && [Role::Article, Role::Definite].into_iter().any(|role| self.role_before(at, role))
            && self.unit(at + 1).is_none()
            && self.magnitude(at + 1).is_none()
    }

    /// "[12, с. 45]": a source by its number.
    pub(super) fn is_cited(&self, amount: &Amount) -> bool {
        let (at, end) = (amount.start, amount.end);
        at > 0
            && end == at + 1
            && self.slice(at - 1) == "["
            && self.is_glued(at)
            && matches!(self.slice(end), "]" | "," | ";")
            && self.is_glued(end)
    }

    /// "кнопку «2»": bare digits in quotation marks of their own.
    pub(super) fn is_quoted_digit(&self, amount: &Amount) -> bool {
        let (at, end) = (amount.start, amount.end);
        at > 0
            && end == at + 1
            && self.kind(at) == Some(Kind::Number)
            && matches!(self.slice(at - 1), "«" | "\"" | "“" | "„" | "‘")
            && matches!(self.slice(end), "»" | "\"" | "”" | "“" | "’")
            && self.is_glued(at)
            && self.is_glued(end)
    }

    /// "news at 7", "в 9": a bare hour, where nothing is counted and no change is told.
    pub(super) fn is_hour(&self, hedged: &Hedged) -> bool {
        let amount = &hedged.amount;
        let ends = || match self.kind(amount.end) {
            None => true,
            Some(Kind::Symbol) => self.closes(amount.end),
            Some(Kind::Word) => {
                self.role(amount.end, Role::Stop).is_some() || self.lexicon.is_verb(self.slice(amount.end))
            }
            Some(Kind::Number) => false,
        };
        let last = || if self.decimal_mark(amount.number_at) == Separator::Comma { 24 } else { 12 };
        matches!(amount.numeral.form, Form::Plain | Form::Words)
            && amount.start > 1
            && amount.numeral.value >= Decimal::ONE
            && [Role::At, Role::Until].into_iter().any(|role| self.role_before(amount.start, role))
            && ends()
            && amount.numeral.value <= Decimal::from(last())
            && (self.role(amount.start - 2, Role::Stop).is_none()
                || self.lexicon.is_verb(self.slice(amount.end)))
            && !self.speaks_of_change(amount.start)
    }

    /// Degrees and minutes of a place, "51°30′N", "42.87° N": the token behind.
    pub(super) fn coordinate(&self, at: usize) -> Option<usize> {
        let is_degree = self.slice(at + 1) == "°" && self.is_glued(at + 1);
        let mut end = if is_degree && self.kind(at) == Some(Kind::Number) { at + 2 } else { return None };
        for marks in [["'", "’", "′"], ["\"", "”", "″"]] {
            if self.kind(end) == Some(Kind::Number) && marks.contains(&self.slice(end + 1)) {
                end += 2;
            }
        }
        matches!(self.slice(end), "N" | "S" | "E" | "W").then_some(end + 1).or_else(|| {
            let by_name = self.role(end, Role::Hemisphere);
            by_name.or_else(|| (end > at + 2).then_some(end))
        })
    }

    /// "1,2-dichloroethane": places in a molecule: the token behind.
    pub(super) fn locants(&self, at: usize) -> Option<usize> {
        let is_named = matches!(self.slice(at + 1), "-" | "‑")
            && self.is_glued(at + 1)
            && self.is_glued(at + 2)
            && self.kind(at + 2) == Some(Kind::Word)
            && !self.is_known(at + 2);
        let is_listed =
            self.slice(at).contains(',') && self.slice(at).split(',').all(|place| place.len() == 1);
        (is_named && is_listed).then_some(at + 3)
    }

    /// "a 4K TV", "shot in 8K": how wide a picture is, by a number below ten and its letter.
    pub(super) fn is_picture_width(&self, amount: &Amount) -> bool {
        let (at, end) = (amount.number_at, amount.end);
        let is_lettered = self.slice(at).len() == 1 && end == at + 2 && self.slice(at + 1) == "K";
        let closes = end >= self.tokens.len() || self.closes(end);
        is_lettered
            && self.is_glued(at + 1)
            && (self.role(end, Role::Picture).is_some() || closes && self.role_before(at, Role::In))
    }

    /// "the '68 protests": a year of two digits.
    pub(super) fn is_short_year(&self, amount: &Amount) -> bool {
        let at = amount.number_at;
        let is_opened = at > 0 && matches!(self.slice(at - 1), "'" | "’") && self.is_glued(at);
        let is_quoted = (at + 1..at + 12).any(|at| matches!(self.slice(at), "'" | "’" | "‘"));
        is_opened
            && !is_quoted
            && !self.is_glued(at - 1)
            && self.slice(at).len() == 2
            && amount.numeral.form == Form::Plain
    }

    /// Whether a number of seconds is a decade: "the 1990s", "the '90s", "in the low 40s".
    pub(super) fn is_decade(&self, value: Decimal, at: usize, kind: UnitKind) -> bool {
        let is_opened =
            [Role::Filler, Role::Definite, Role::Decade].into_iter().any(|role| self.role_before(at, role))
                || matches!(self.slice(at.wrapping_sub(1)), "'" | "’" | "-");
        kind == UnitKind::Letter
            && self.slice(at + 1) == "s"
            && self.is_glued(at + 1)
            && is_opened
            && (value % Decimal::TEN).is_zero()
    }
}

/// "19.30": hours and minutes behind a point.
pub(super) fn is_pointed(digits: &str) -> bool {
    let below = |digits: &str, limit: u32| digits.parse::<u32>().is_ok_and(|value| value < limit);
    digits
        .split_once('.')
        .is_some_and(|(hours, minutes)| minutes.len() == 2 && below(hours, 24) && below(minutes, 60))
}
