//! The unit behind a number: where it may stand, and what only looks like one.

use rust_decimal::Decimal;

use crate::language::Language;
use crate::quantity::amount::is_year_number;
use crate::quantity::meaning::{Meaning, Role, UnitKind, UnitWord};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// How far before a quotation mark the one that it closes is looked for.
const QUOTED: usize = 24;

impl Reader<'_> {
    /// The unit of a numeral with its place: behind it, or `prefix`.
    pub(super) fn unit_behind(
        &self,
        numeral: Numeral,
        prefix: Option<UnitWord>,
    ) -> (usize, Option<UnitWord>) {
        let none = (numeral.end, prefix);
        if self.is_each(numeral) {
            return none;
        }
        if let Some((end, unit)) = self.of_one_unit(numeral).filter(|_| prefix.is_none()) {
            return (end, Some(unit));
        }
        let at = self.unit_start(numeral);
        if let Some(inch) = self.inch_mark(at).filter(|_| prefix.is_none()) {
            return (at + 1, Some(inch));
        }
        let named = self.compound_unit(at).filter(|(_, unit)| !unit.is_generic());
        let Some((end, unit)) = named else { return none };
        let (end, unit) = match prefix {
            None => self.as_weight(numeral, at, end, unit),
            Some(_) => (end, unit),
        };
        if self.is_no_unit(numeral, at, end, unit) {
            return none;
        }
        match prefix {
            None => (end, Some(unit)),
            Some(before) if !unit.kind.is_money() || !meets(before, unit) => none,
            Some(before) => (end, Some(finer(Some(before), unit))),
        }
    }

    /// "каждый пятый рубль": a share of them, and none of its own.
    fn is_each(&self, numeral: Numeral) -> bool {
        let each = |meaning| matches!(meaning, Meaning::Each(_)).then_some(());
        let first = numeral.end.checked_sub(2).filter(|_| numeral.form == Form::Fraction);
        first.and_then(|at| self.longest(at, each)).is_some_and(|(end, ())| end == numeral.end)
    }

    /// The inch of `27"`, where the sign closes no quotation.
    fn inch_mark(&self, at: usize) -> Option<UnitWord> {
        let mark = self.slice(at);
        let is_mark = matches!(mark, "\"" | "”") && self.is_glued(at);
        let opens = |at: usize| {
            (self.slice(at) == mark || mark == "”" && matches!(self.slice(at), "“" | "„"))
                && !(self.is_glued(at) && self.kind(at.wrapping_sub(1)) == Some(Kind::Number))
        };
        let is_quoted = || (at.saturating_sub(QUOTED)..at).any(opens);
        if is_mark && !is_quoted() { self.lexicon.unit_of("[in_i]") } else { None }
    }

    /// The token at which the unit of a numeral would begin: behind a hyphen, and behind the "of" of
    /// "millions of dollars".
    fn unit_start(&self, numeral: Numeral) -> usize {
        let at = self.behind_hyphen(numeral.end);
        let of = self.role(at, Role::Of).filter(|_| numeral.factor > Decimal::ONE);
        let names_unit = |of: &usize| self.unit(*of).is_some_and(|(_, unit)| unit.kind != UnitKind::Time);
        of.filter(names_unit).unwrap_or(at)
    }

    /// The unit of weight where a name of money is one: "a 5-pound bag", "5 pounds of flour", "weighs 5
    /// pounds".
    fn as_weight(&self, numeral: Numeral, at: usize, end: usize, unit: UnitWord) -> (usize, UnitWord) {
        let told = || (at.saturating_sub(5)..at).any(|at| self.role(at, Role::Weighs).is_some());
        // "two pounds four ounces"
        let part = |end: usize| {
            let behind = self.cardinal(end).map_or(end + 1, |(end, _)| end);
            let lesser = self.measure(behind).zip(self.measure(at));
            lesser
                .is_some_and(|((_, lesser), (_, unit))| self.lexicon.parts(unit.unit, lesser.unit).is_some())
        };
        let is_hyphened = at > numeral.end && self.role(end, Role::Cash).is_none();
        let weighs = || is_hyphened || self.role(end, Role::Of).is_some() || told() || part(end);
        let may_weigh = numeral.factor == Decimal::ONE && unit.kind == UnitKind::Money;
        let weight = if may_weigh { self.measure(at) } else { None };
        weight.filter(|_| weighs()).unwrap_or((end, unit))
    }

    /// Whether what stands from `at` to `end` only looks like the unit of a numeral.
    fn is_no_unit(&self, numeral: Numeral, at: usize, end: usize, unit: UnitWord) -> bool {
        let is_hyphened = at > numeral.end;
        // "форма № 1-ТР"
        let is_named = is_hyphened && self.follows_label(numeral.end - 1);
        // "5 литровых банок" are five of them.
        let is_adjective = unit.kind == UnitKind::Joined && !is_hyphened && !self.is_glued(at);
        // "$5 100 €" starts another amount; a sign belongs to the number that it is glued to.
        let opens_next = unit.kind == UnitKind::Sign
            && (is_hyphened || self.is_glued(end) && !self.is_glued(at))
            && self.kind(end) == Some(Kind::Number);
        // "ст. 15 ч. 2"
        let is_label = self.kind(end) == Some(Kind::Number)
            && self.role(at, Role::Label).is_some()
            && self.follows_label(numeral.end - 1);
        is_named
            || is_label
            || is_adjective
            || opens_next
            || self.is_moment(numeral, at, end, unit)
            || self.is_other_letter(numeral, at, end, unit)
            || self.is_year(numeral, at, unit)
    }

    /// "1,9 млрд год назад", "350 неделю назад": a moment of its own, by a time in a form that its number cannot have.
    fn is_moment(&self, numeral: Numeral, at: usize, end: usize, unit: UnitWord) -> bool {
        let is_back = unit.kind == UnitKind::Time && self.role(end, Role::Back).is_some();
        if !is_back || Language::by_script(self.slice(at)) != Language::Ru {
            return false;
        }
        let is_single = self.role(at, Role::Single) == Some(end);
        let is_of_few = self.slice(at).ends_with(['а', 'и']);
        let last = numeral.value % Decimal::TEN;
        let is_teen = numeral.value % Decimal::ONE_HUNDRED == last + Decimal::TEN;
        let fits = numeral.factor == Decimal::ONE
            && (!numeral.value.is_integer() || !is_teen && (is_of_few || last == Decimal::ONE));
        is_single && !fits
    }

    /// Whether a unit of one letter is a part of a name, or another word.
    fn is_other_letter(&self, numeral: Numeral, at: usize, end: usize, unit: UnitWord) -> bool {
        let is_hyphened = at > numeral.end;
        let by_letter = unit.kind == UnitKind::Letter;
        let is_one_letter =
            end == at + 1 && self.slice(at).chars().count() == 1 && self.kind(at) == Some(Kind::Word);
        let by_part = is_one_letter && unit.kind == UnitKind::Sub;
        // "Form 10-K", "seat 14C"
        let is_named = by_letter
            && (is_hyphened
                || self.goes_on_in_letters(at, end)
                || self.is_plural_of_name(numeral, at)
                || self.is_glued(at) && self.follows_maker(numeral.end - 1)
                || self.follows_name_word(numeral.end - 1));
        // "распоряжение № 77-р"
        let is_coded = is_one_letter && is_hyphened && unit.kind.is_money();
        let is_apart = (by_letter || by_part)
            && !self.is_glued(at)
            && !(numeral.factor == Decimal::ONE && self.stands_apart(at, end, unit));
        is_named || is_coded || is_apart || by_part && is_frame_height(numeral)
    }

    /// "4x4", "90Sr", "Laptop 14s-dq5"; but "4h30m" goes on with the lesser unit.
    fn goes_on_in_letters(&self, at: usize, end: usize) -> bool {
        let is_joined = self.dash(end) == Some(end + 1)
            && self.is_glued(end + 1)
            && self.kind(end + 1) == Some(Kind::Word);
        let is_glued = matches!(self.kind(end), Some(Kind::Word | Kind::Number)) && !self.weighs_in_parts(at);
        self.is_glued(end) && (is_glued || is_joined)
    }

    /// "Boeing 787s"
    fn is_plural_of_name(&self, numeral: Numeral, at: usize) -> bool {
        let name = numeral.end.wrapping_sub(2);
        self.slice(at) == "s"
            && self.kind(name) == Some(Kind::Word)
            && self.is_capital(name)
            && numeral.value >= Decimal::ONE_HUNDRED
    }

    /// "two thirds of a percent", "half of 1 percent": a part of one.
    fn of_one_unit(&self, part: Numeral) -> Option<(usize, UnitWord)> {
        let of = self
            .role(part.end, Role::Of)
            .filter(|_| part.factor == Decimal::ONE && part.value < Decimal::ONE)?;
        let is_one =
            |at: &usize| self.literal(*at) == Some(Decimal::ONE) && self.kind(*at) == Some(Kind::Number);
        let one = self.cardinal(of).filter(|(_, value)| *value == Decimal::ONE).map(|(end, _)| end);
        let at = self.role(of, Role::Article).or(one).or(Some(of).filter(is_one).map(|at| at + 1))?;
        self.unit(at).filter(|(_, unit)| !unit.kind.is_money())
    }

    /// Whether a unit of one letter that is not glued to its number can be nothing else: "220 V", "60 W
    /// lamps", "5 s".
    fn stands_apart(&self, at: usize, end: usize, unit: UnitWord) -> bool {
        let by_letter = unit.kind == UnitKind::Letter;
        let ends = match self.kind(end) {
            None => true,
            // "at 5 V / 2 A"
            Some(Kind::Symbol) => self.closes(end) || self.slice(end) == "/" && !self.is_glued(end),
            Some(Kind::Word) if Language::by_script(self.slice(at)) == Language::Ru => {
                // "300 В при", but "в 5 А классе"
                self.is_capital(at)
                    && !self.is_capital(end)
                    && !self.tokens[at].line_start
                    && self.role(end, Role::Ranked).is_none()
            }
            // "for 12 h under argon"
            Some(Kind::Word) => {
                let is_alone = end == at + 1 && self.slice(at).len() == 1;
                let stops = is_alone && self.role(end, Role::Stop).is_some();
                !self.is_capital(end) && (self.is_capital(at) || stops)
            }
            Some(Kind::Number) => self.lexicon.has_parts(unit.unit),
        };
        by_letter && ends && !self.follows_label(at.saturating_sub(1))
    }

    /// "2024 года", "в 1991 г.": four digits before a word for the year.
    fn is_year(&self, numeral: Numeral, at: usize, unit: UnitWord) -> bool {
        let looks = numeral.form == Form::Plain && is_year_number(numeral.value);
        let decade = at == numeral.end && self.is_decade(numeral.value, at - 1, unit.kind);
        // "at 2000 hours"
        let is_clock = || unit.unit.code() == "h" && self.role_before(at - 1, Role::At);
        let is_time = unit.kind == UnitKind::Letter || unit.kind == UnitKind::Time && is_clock();
        let is_dated = numeral.form == Form::Plain && self.role(at, Role::Dated).is_some();
        decade || is_dated || looks && (is_time || self.role(at, Role::Year).is_some())
    }
}

/// Whether a number tells the lines of a moving picture, "1080p", which are no pence.
fn is_frame_height(numeral: Numeral) -> bool {
    const HEIGHTS: [i64; 7] = [360, 480, 720, 1080, 1440, 2160, 4320];
    numeral.form == Form::Plain && HEIGHTS.iter().any(|height| numeral.value == Decimal::from(*height))
}

/// Of two names for the money of one amount the one that says more: any other than a plain `$`.
pub(super) fn finer(first: Option<UnitWord>, second: UnitWord) -> UnitWord {
    match first {
        Some(first) if first.unit.code() != "USD" => first,
        _ => second,
    }
}

/// Whether two names of money can name the same: one of them a plain `$`, or both the same.
pub(super) fn meets(before: UnitWord, behind: UnitWord) -> bool {
    before.unit == behind.unit || before.unit.code() == "USD" && behind.unit.code().ends_with('D')
}
