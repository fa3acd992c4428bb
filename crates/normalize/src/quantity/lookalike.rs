//! What only looks like a figure: dates, times, years, ordinals, phone numbers. Numbers that name lie in
//! `names.rs`, scores, hours and the like in `notation.rs`.

use rust_decimal::Decimal;

use crate::language::Language;
use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::literal::{Grouping, Literal};
use crate::quantity::meaning::{Meaning, Role, UnitKind};
use crate::quantity::numeral::{DOZEN, Form, Lead};
use crate::quantity::phrase::{Hedged, Named};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

impl Reader<'_> {
    /// Digits that are a date, a time, an ordinal, a version or a phone number: the token behind.
    pub(super) fn not_a_figure(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.phone(at).or_else(|| self.role(at, Role::Saying)) {
            return Some(end);
        }
        if self.kind(at) != Some(Kind::Number) {
            return self.told_hour(at).or_else(|| self.told_year(at));
        }
        if self.tokens[at].literal == Literal::Malformed
            || self.is_tail_of_name(at)
            || self.is_pointed_time(at)
            || self.is_pointed_date(at)
            || self.is_calibre(at)
            || self.is_serial(at)
            || self.is_mill_lane(at)
            || self.follows_abbreviation(at)
        {
            return Some(at + 1);
        }
        let noted = self.coordinate(at).or_else(|| self.locants(at)).or_else(|| self.digit_run(at));
        noted.or_else(|| self.ordinal(at)).or_else(|| self.parts(at))
    }

    /// "25th", "5-й", "1990-х" at `at`: the token behind.
    fn ordinal(&self, at: usize) -> Option<usize> {
        let end = at + 1;
        let hyphen =
            matches!(self.slice(end), "-" | "‑" | "‐") && self.is_glued(end) && self.is_glued(end + 1);
        let is_joined = self.is_glued(end) && self.case_ending(end).is_none() && !self.weighs_in_parts(end);
        self.role(if hyphen { end + 1 } else { end }, Role::Ordinal).filter(|_| is_joined)
    }

    /// Digits in parts, "14:30", "555-0123", "12-05-2024": the token behind.
    fn parts(&self, at: usize) -> Option<usize> {
        let (mut end, mut parts, mut time) = (at + 1, 1, false);
        while self.is_glued(end)
            && self.is_glued(end + 1)
            && self.kind(end + 1) == Some(Kind::Number)
            && matches!(self.slice(end), "-" | "/" | ":" | "." | "–" | "‑")
        {
            let next = self.slice(end + 1);
            time |= self.slice(end) == ":" || self.slice(end) == "-" && next.len() > 2 && is_code(next);
            (end, parts) = (end + 2, parts + 1);
        }
        let ratio = || self.numeral(at, Lead::Plain).is_some_and(|numeral| numeral.end > at + 2);
        let no_fraction = parts == 2 && self.slice(at + 1) == "/" && !ratio();
        (parts > 2 || time || no_fraction).then_some(end)
    }

    /// A unit at `at` with a number of its lesser one behind: "st 4lb" of "12st 4lb", which is no ordinal.
    pub(super) fn weighs_in_parts(&self, at: usize) -> bool {
        let Some((end, unit)) = self.unit(at) else { return false };
        let lesser = |meaning| match meaning {
            Meaning::Unit(index) => self.lexicon.parts(unit.unit, self.lexicon.unit(index).unit),
            _ => None,
        };
        self.kind(end) == Some(Kind::Number) && self.longest(end + 1, lesser).is_some()
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
        let of_time = self.role(end, Role::Of).is_some_and(|of| self.names_time(of));
        // "за 2 часа", "за 10 лет" say how long, "за 9 месяцев" when.
        let tells_length =
            amount.unit.is_some_and(|unit| matches!(unit.unit.code(), "h" | "min" | "s" | "d" | "wk" | "a"));
        // No year has thirty months.
        let is_over_a_year =
            amount.unit.is_some_and(|unit| unit.unit.code() == "mo") && amount.numeral.value > DOZEN;
        let is_length = (tells_length || is_over_a_year)
            && self.role_before(start, Role::Throughout)
            && !self.role_before(start.wrapping_sub(1), Role::Unseen);
        let spans = self.role_before(start, Role::Span) && !is_length;
        year_behind || of_time || spans
    }

    /// Whether the phrase at `at` names a time: "2024", "the year", "fiscal 2024", "last July".
    fn names_time(&self, at: usize) -> bool {
        let is_time = |at: &usize| {
            self.is_year_at(*at)
                || [Role::Month, Role::YearPart].into_iter().any(|role| self.role(*at, role).is_some())
        };
        let goes_on = |at: &usize| self.kind(*at) == Some(Kind::Word) && self.role(*at, Role::Time).is_none();
        let is_article = |at: usize| self.role(at, Role::Definite).is_some();
        let first = if is_article(at) { at + 1 } else { at };
        (first..first + 3).find(|at| is_time(at) || !goes_on(at)).is_some_and(|at| is_time(&at))
    }

    pub(super) fn is_name(&self, start: usize, end: usize, amount: &Amount) -> bool {
        let hedged = Hedged { start, comparator: None, goal: false, change: None, amount: *amount };
        !self.is_whole(start, end) && self.is_no_count(&hedged, Named::Nothing)
    }

    /// Whether a number without unit counts nothing: a date, a year, an ordinal, a part of a name.
    pub(super) fn is_no_count(&self, hedged: &Hedged, named: Named) -> bool {
        let amount = &hedged.amount;
        let (at, behind) = (amount.number_at, amount.numeral.end);
        let form = amount.numeral.form;
        form == Form::One
            || form == Form::Fraction && amount.numeral.value == Decimal::ONE
            || self.follows_label(at)
            || self.is_date_part(at, behind)
            || match named {
                Named::Nothing => self.is_bare_name(hedged),
                Named::Noun => self.is_title(hedged),
                Named::Unit => false,
            }
            || form == Form::Plain && self.is_plain_name(hedged, named)
            // "9M 2024"
            || behind > at + 1 && self.is_glued(behind - 1) && self.is_year_at(behind)
            || self.follows_name(amount, named)
    }

    /// Whether a number of nothing is an hour, an address, a year or another name by what stands around it.
    fn is_bare_name(&self, hedged: &Hedged) -> bool {
        let amount = &hedged.amount;
        let (at, behind) = (amount.number_at, amount.numeral.end);
        // "in 1284"
        let is_early_year =
            amount.numeral.form == Form::Plain && self.slice(at).len() == 4 && self.role_before(at, Role::In);
        // "45", "221B"
        let is_number = matches!(self.tokens[at].literal, Literal::Exact(_, Grouping::Plain))
            && (behind == at + 1 || behind == at + 2 && self.is_glued(at + 1));
        is_early_year
            || self.is_hour(hedged)
            || self.is_picture_width(amount)
            || self.is_numbered(amount)
            || self.is_quoted_digit(amount)
            || self.is_cited(amount)
            || is_number && self.is_house_number(at, behind)
    }

    /// Whether plain digits name, also before a noun: a rank, a code, a year.
    fn is_plain_name(&self, hedged: &Hedged, named: Named) -> bool {
        let amount = &hedged.amount;
        let (at, behind) = (amount.number_at, amount.numeral.end);
        // "5 этаж", "в 306 кабинете"
        let is_rank = self.role(self.behind_letter(behind), Role::Ranked).is_some()
            || self.role_before(at, Role::Time) && self.is_oblique(behind, 0);
        let is_lettered = self.kind(behind) == Some(Kind::Word)
            && self.is_glued(behind)
            && self.role(behind, Role::Plural).is_none();
        // "0800 123 456", "007"
        let is_coded = self.slice(at).len() > 2 && self.slice(at).starts_with('0');
        // "более 1900 из 2050 депутатов"
        let of = self
            .role(behind, Role::OutOf)
            .or_else(|| self.role(self.role(behind, Role::Of)?, Role::Definite));
        let is_of_more = of.is_some_and(|end| self.kind(end) == Some(Kind::Number));
        let is_year = is_year_number(amount.numeral.value)
            && !is_of_more
            && !(named == Named::Noun && self.is_count_like_year(hedged));
        is_rank || is_lettered || is_coded || is_year
    }

    /// "S&P 500", "USB 3.0 ports".
    fn follows_name(&self, amount: &Amount, named: Named) -> bool {
        let (at, form) = (amount.number_at, amount.numeral.form);
        let is_initial = at > 1 && self.is_glued(at - 1) && self.slice(at - 1).len() == 1;
        // "Ocean's Eleven"
        let is_owner = at > 2 && self.slice(at - 1) == "s" && self.is_glued(at - 1) && self.is_glued(at - 2);
        let name = at.wrapping_sub(if is_owner { 3 } else { 1 });
        let follows_name = at > 0
            && self.kind(name) == Some(Kind::Word)
            && self.slice(name).chars().any(char::is_uppercase)
            && (self.longest(name, Some).is_none() || is_initial || self.is_maker(name))
            && (matches!(form, Form::Plain | Form::Digits) || form == Form::Words && self.is_capital(at));
        let is_version = self.slice(at).contains('.') && amount.numeral.factor == Decimal::ONE;
        // "EBITDA 890 million"
        let by_word = amount.numeral.factor != Decimal::ONE && !self.is_glued(amount.numeral.end - 1);
        follows_name && !by_word && (named != Named::Noun || is_version)
    }

    /// "14 Mill Lane": a house in a street whose name begins with a short form of a magnitude.
    fn is_mill_lane(&self, at: usize) -> bool {
        const LONGEST: usize = 4;
        self.is_capital(at + 1)
            && self.slice(at + 1).len() <= LONGEST
            && self.magnitude(at + 1).is_some()
            && self.is_house_number(at, at + 1)
    }

    /// "001Р", "0702": a zero before other digits, and letters or more digits behind.
    fn is_serial(&self, at: usize) -> bool {
        const LEAST: usize = 3;
        let digits = self.slice(at);
        let goes_on = self.kind(at + 1) == Some(Kind::Word) && self.is_glued(at + 1);
        let is_zero = digits.bytes().all(|digit| digit == b'0');
        is_code(digits) && !is_zero && (digits.len() > 1 && goes_on || digits.len() >= LEAST)
    }

    /// "182 1 01 02010 01 1000 110", "8 800 555 35 35": numbers in a row of which one begins with a zero, or
    /// which have the digits of a phone: the token behind.
    fn digit_run(&self, at: usize) -> Option<usize> {
        const LEAST: usize = 3;
        const PHONE: usize = 11;
        const MOST: usize = 12;
        let end = (at..at + MOST).find(|at| self.kind(*at) != Some(Kind::Number))?;
        if end < at + LEAST || (at + 1..end).any(|at| self.is_glued(at)) {
            return None;
        }
        let has_code = (at..end).any(|at| self.slice(at).len() > 1 && is_code(self.slice(at)));
        let digits = |at: usize| self.slice(at).bytes().filter(u8::is_ascii_digit).count();
        let is_phone =
            (at..end).map(digits).sum::<usize>() == PHONE && self.slice(at).starts_with(['7', '8']);
        (has_code || is_phone).then_some(end)
    }

    /// "HP 85A": the number of a model.
    pub(super) fn follows_maker(&self, at: usize) -> bool {
        let is_maker = |name: usize| self.kind(name) == Some(Kind::Word) && self.is_maker(name);
        let counted = at > 1 && self.kind(at - 2) == Some(Kind::Number);
        at > 0 && !self.is_glued(at) && !counted && is_maker(at - 1)
    }

    /// "HP 1102": capitals that behind a number would be a unit.
    fn is_maker(&self, at: usize) -> bool {
        let unit = self.unit(at).filter(|(end, unit)| *end == at + 1 && !unit.kind.is_money());
        unit.is_some() && self.slice(at).len() > 1 && self.slice(at).chars().all(char::is_uppercase)
    }

    /// Whether a number that looks like a year counts the noun behind it all the same.
    fn is_count_like_year(&self, hedged: &Hedged) -> bool {
        let at = hedged.amount.number_at;
        // "Q3 2024 sales"
        let is_dated = at > 0 && self.kind(at - 1) == Some(Kind::Number) && self.is_tail_of_name(at - 1);
        !is_dated
            && !self.is_capital(hedged.amount.end)
            && self.role(hedged.amount.end, Role::YearOf).is_none()
            && self.role(hedged.amount.end, Role::Year).is_none()
            && (hedged.comparator.is_some() && !self.role_before(at, Role::Definite)
                || !self.role_before(at, Role::Time)
                || self.is_capacity(at, hedged.amount.end)
                || self.counts_by_noun(at, hedged.amount.end))
    }

    /// Whether the noun behind a number that looks like a year, and stands behind a word that leads to one, shows a
    /// count: by its case ("в 1900 школах"), as those for whom something is ("for 1500 pupils"), or as the second of
    /// two things ("300 children and 1800 adults").
    fn counts_by_noun(&self, number: usize, behind: usize) -> bool {
        let Some(noun) = self.noun(behind) else { return false };
        let joins = number > 1
            && self.role_before(number, Role::And)
            && self.kind(number - 2) == Some(Kind::Word)
            && [Role::Month, Role::Year].into_iter().all(|role| !self.role_before(number - 1, role));
        let is_russian = Language::by_script(self.slice(noun)) == Language::Ru;
        joins || (is_russian || self.role_before(number, Role::Towards)) && self.shows_count(noun)
    }

    /// Whether a noun by itself tells that a number before it is no year: what is never cut, and in Russian the cases
    /// of a plural.
    pub(super) fn shows_count(&self, noun: usize) -> bool {
        const PLURAL: [&str; 9] = ["ах", "ях", "ами", "ями", "ам", "ям", "ов", "ев", "ей"];
        let word = self.slice(noun);
        self.role(noun, Role::Whole).is_some()
            || Language::by_script(word) == Language::Ru && PLURAL.iter().any(|ending| word.ends_with(ending))
    }

    /// "на 1800 мест": what is counted behind "на", where no word of another part of the sentence follows.
    fn is_capacity(&self, number: usize, behind: usize) -> bool {
        const OTHER: [&str; 9] = ["но", "ен", "ена", "ены", "ет", "ит", "ют", "ят", "ся"];
        let word = self.slice(behind);
        Language::by_script(word) == Language::Ru
            && self.role_before(number, Role::By)
            && !OTHER.iter().any(|ending| word.ends_with(ending))
            && self.change_word(behind).is_none()
    }

    /// A phone number: the token behind. Its digits stand in groups behind a plus, or around one in
    /// parentheses: "+996 (312) 55-57-77", "(555) 123-4567", "8 (495) 123-45-67".
    fn phone(&self, at: usize) -> Option<usize> {
        let is_plus = self.slice(at) == "+" && self.is_glued(at + 1);
        let opens = |at| {
            self.slice(at) == "(" && self.kind(at + 1) == Some(Kind::Number) && self.slice(at + 2) == ")"
        };
        let is_opened = opens(at) || self.slice(at).len() == 1 && opens(at + 1);
        let is_code = self
            .tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Number && token.end - token.start > 2)
            && self.slice(at).starts_with('0')
            && self.slice(at).bytes().all(|byte| byte.is_ascii_digit());
        if !is_plus && !is_opened && !is_code {
            return None;
        }
        let first = at + usize::from(is_plus);
        let (mut end, mut digits, mut groups, mut hyphens) = (first, 0, 0, 0);
        for next in first..first + 14 {
            match self.kind(next) {
                Some(Kind::Number) if !matches!(self.tokens[next].literal, Literal::Malformed) => {
                    let slice = self.slice(next);
                    digits += slice.bytes().filter(u8::is_ascii_digit).count();
                    groups += 1 + slice.matches(' ').count();
                    end = next + 1;
                }
                Some(Kind::Symbol) if matches!(self.slice(next), "(" | ")") => {}
                Some(Kind::Symbol) if matches!(self.slice(next), "-" | "–" | "‑") && self.is_glued(next) =>
                {
                    hyphens += 1;
                }
                _ => break,
            }
        }
        let is_long = (9..=15).contains(&digits);
        let is_phone = if is_code {
            is_long && (groups > 2 || groups > 1 && digits > 9)
        } else if is_plus {
            is_long && (groups > 1 || digits > 10)
        } else {
            is_long && hyphens > 0
        };
        is_phone.then_some(end)
    }

    /// Whether a number is named and counts nothing, even where it is all that is written: "2024 г.",
    /// "123-ФЗ", "12B".
    pub(super) fn is_labelled(&self, amount: &Amount, named: Named) -> bool {
        let (at, behind) = (amount.number_at, amount.numeral.end);
        let plain = amount.numeral.form == Form::Plain;
        let glued_word = |at| self.kind(at) == Some(Kind::Word) && self.is_glued(at);
        // "20шт" counts pieces.
        let counts = self.role(behind, Role::Plural).is_some();
        let lettered =
            plain && amount.end == behind && glued_word(behind) && !counts && self.after(behind).1.is_none();
        let hyphen = matches!(self.slice(behind), "-" | "‑" | "–") && self.is_glued(behind);
        let coded = plain
            && hyphen
            && glued_word(behind + 1)
            && self.slice(behind + 1).chars().all(char::is_uppercase);
        let is_year =
            plain && is_year_number(amount.numeral.value) && self.role(behind, Role::Year).is_some()
                || self.is_short_year(amount);
        lettered
            || coded
            || is_year
            || named == Named::Nothing && (self.follows_label(at) || self.slice(at.wrapping_sub(1)) == "'")
    }

    /// Whether a year stands at `at`.
    pub(super) fn is_year_at(&self, at: usize) -> bool {
        let literal = self.tokens.get(at).map(|token| token.literal);
        matches!(literal, Some(Literal::Exact(value, Grouping::Plain)) if is_year_number(value))
            || self.role(at, Role::Year).is_some()
    }

    /// Beside a month, or a year or its part by their words.
    fn is_date_part(&self, at: usize, behind: usize) -> bool {
        // "с 1 по 15 мая"
        let joined = self.role(behind, Role::Time).or_else(|| self.dash(behind));
        let joins_date = joined.is_some_and(|second| {
            self.kind(second) == Some(Kind::Number) && self.role(second + 1, Role::Month).is_some()
        });
        // "25 годом ранее"
        let is_earlier = |end| self.role(behind, Role::Stop).is_some_and(|stop| stop > end);
        joins_date && self.kind(at) == Some(Kind::Number)
            || self.role_before(at, Role::Month)
            || self.role(self.behind_hyphen(behind), Role::Month).is_some()
            || behind == at + 1
                && self.role(behind, Role::Year).is_some_and(|end| !is_earlier(end))
                && self.kind(at) == Some(Kind::Number)
            || self.role(behind, Role::YearPart).is_some_and(|end| self.is_year_at(end))
    }
}

/// Digits that are no number: "0123".
fn is_code(digits: &str) -> bool {
    digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}
