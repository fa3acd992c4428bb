//! Phrases: amounts with their comparators, as ranges and as changes, and what only looks like one.

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::found::Found;
use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::lexicon::{Meaning, Role, UnitKind};
use crate::quantity::literal::{Grouping, Literal};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;
use crate::quantity::{Change, Course, Mention};

/// An amount behind its comparator.
#[derive(Debug, Clone, Copy)]
struct Hedged {
    /// The first token: of the comparator, or of the amount.
    start: usize,
    comparator: Option<Comparator>,
    /// Whether the comparator may also be the goal of a change: "до 5 млрд".
    goal: bool,
    /// The part in a change that a word behind the comparator gives: "более чем на 46 %".
    change: Option<Change>,
    amount: Amount,
}

/// What stands at a token.
enum Phrase {
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
                Some(Phrase::Figures(found, end)) => {
                    figures.extend(found);
                    at = end.max(at + 1);
                }
                Some(Phrase::Other(end)) => at = end.max(at + 1),
                None => at += 1,
            }
        }
        self.account(&mut figures);
        figures
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
        for (opener, joiner) in [(Role::Between, Role::And), (Role::From, Role::To)] {
            if let Some(end) = self.role(at, opener)
                && let Some(pair) = self.pair(at, end, opener, joiner)
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

    /// "between X and Y", "from X to Y"; under a word of change the latter are two levels.
    fn pair(&self, at: usize, opened: usize, opener: Role, joiner: Role) -> Option<Phrase> {
        let first = self.hedged(opened)?;
        let behind = self.behind_noun(&first);
        let second = self.hedged(self.joiner(behind, joiner)?)?;
        let course = self.course_before(at).map_or(Course::Unsaid, |word| word.course);
        let are_levels = opener == Role::From && self.speaks_of_change(at);
        let (low, high) = if are_levels {
            levels(first.amount, second.amount, course)?
        } else {
            spread(first.amount, second.amount)?
        };
        if are_years(&low, &high) {
            return Some(Phrase::Other(high.end));
        }
        if are_levels {
            return self.two_levels(Hedged { amount: low, ..first }, Hedged { amount: high, ..second });
        }
        self.range(at, low, high)
    }

    /// The token behind the word between the ends of a pair.
    fn joiner(&self, at: usize, joiner: Role) -> Option<usize> {
        self.role(at, joiner).or_else(|| self.dash(at))
    }

    /// A noun between the ends of a pair: "from 700 places to 1,000".
    fn behind_noun(&self, first: &Hedged) -> usize {
        let end = first.amount.end;
        if first.amount.unit.is_some() {
            return end;
        }
        self.noun(end).map_or(end, |noun| noun + 1)
    }

    fn two_levels(&self, first: Hedged, second: Hedged) -> Option<Phrase> {
        let (mut from, _) = self.mention(&first, first.amount.end)?;
        let (mut to, end) = self.mention(&second, second.amount.end)?;
        from.value.change = Some(Change::From);
        to.value.change = Some(Change::To);
        if from.value.quantity.unit.is_none() {
            from.value.quantity.unit = to.value.quantity.unit;
            from.value.quantity.noun.clone_from(&to.value.quantity.noun);
        }
        Some(Phrase::Figures(vec![from, to], end))
    }

    /// "X–Y", "X to Y", "X or Y".
    fn open_range(&self, first: &Hedged) -> Option<Phrase> {
        if let Some(range) = self.two_sided(first) {
            return Some(range);
        }
        if !matches!(first.comparator, None | Some(Comparator::About)) {
            return None;
        }
        let at = first.amount.end;
        // "fell by X to Y": a step and a level, no range.
        let is_step = self.role_before(first.start, Role::By)
            || self.change_before(first.start) && first.amount.unit.is_some();
        let by_word = || self.role(at, Role::To).filter(|_| !is_step).or_else(|| self.role(at, Role::Or));
        let joined = self.dash(at).or_else(by_word)?;
        let second = self.hedged(joined)?;
        if second.comparator.is_some() {
            return None;
        }
        let (low, high) = spread(first.amount, second.amount)?;
        if are_years(&low, &high) {
            return Some(Phrase::Other(high.end));
        }
        self.range(first.start, low, high)
    }

    /// "at least X and no more than Y".
    fn two_sided(&self, first: &Hedged) -> Option<Phrase> {
        if !matches!(first.comparator, Some(Comparator::Greater | Comparator::GreaterOrEqual)) {
            return None;
        }
        let at = first.amount.end + usize::from(self.slice(first.amount.end) == ",");
        let joined = self.role(at, Role::And).or_else(|| self.role(at, Role::But))?;
        let second = self.hedged(joined)?;
        if !matches!(second.comparator, Some(Comparator::Less | Comparator::LessOrEqual)) {
            return None;
        }
        let (low, high) = spread(first.amount, second.amount)?;
        self.range(first.start, low, high)
    }

    /// The token behind a dash between two numbers.
    pub(super) fn dash(&self, at: usize) -> Option<usize> {
        match self.slice(at) {
            "-" | "–" | "—" | "‐" | "‑" | "‒" | "−" | "~" | "～" | "…" | "÷" => Some(at + 1),
            "." if self.slice(at + 1) == "." => Some(if self.slice(at + 2) == "." { at + 3 } else { at + 2 }),
            _ => None,
        }
    }

    fn range(&self, start: usize, low: Amount, high: Amount) -> Option<Phrase> {
        let unit = high.unit.or(low.unit);
        let (end, noun) = self.noun_behind(high.end, unit.is_some());
        let quantity = Quantity {
            comparator: Comparator::Range,
            stated: Stated::Range { lower: low.numeral.value, upper: high.numeral.value },
            unit: unit.map(|unit| unit.unit).or(noun.as_ref().map(|_| Unit::COUNT)),
            noun,
        };
        let bare = quantity.unit.is_none();
        if self.is_period(&high, start, end) || bare && self.is_name(start, end, &high) {
            return Some(Phrase::Other(end));
        }
        let change = self.change(start, &quantity, false);
        let course = self.course(start, end, &low);
        let magnitude = magnitude(&high.numeral);
        Some(Phrase::Figures(
            vec![self.found(start, end, Mention { quantity, change, course, magnitude })],
            end,
        ))
    }

    fn single(&self, hedged: Hedged) -> Option<Phrase> {
        let amount = hedged.amount;
        let mut hedged = hedged;
        let is_goal = hedged.goal && self.change_before(hedged.start);
        if is_goal {
            (hedged.comparator, hedged.start) = (None, amount.start);
        }
        let (mut found, end) = self.mention(&hedged, amount.end)?;
        let bare = found.value.quantity.unit.is_none();
        let counted = found.value.quantity.unit == Some(Unit::COUNT);
        if self.is_period(&amount, hedged.start, end) {
            return Some(Phrase::Other(end));
        }
        let lettered = amount.numeral.form == Form::Plain
            && self.kind(amount.numeral.end) == Some(Kind::Word)
            && self.is_glued(amount.numeral.end);
        let labelled =
            bare && self.role_before(amount.number_at, Role::Label) || (bare || counted) && lettered;
        let whole = self.is_whole(hedged.start, end) && !labelled;
        if !whole && (bare || counted) && self.is_no_count(&hedged, end, counted) {
            return Some(Phrase::Other(amount.end));
        }
        found.value.change = match hedged.change {
            Some(change) if self.speaks_of_change(hedged.start) => Some(change),
            _ => self.change(hedged.start, &found.value.quantity, is_goal),
        };
        Some(Phrase::Figures(vec![found], end))
    }

    /// The comparators and fillers at `at`, and the amount behind them.
    fn hedged(&self, at: usize) -> Option<Hedged> {
        let before = |at| {
            self.longest(at, |meaning| match meaning {
                Meaning::Before(comparator) => Some(comparator),
                _ => None,
            })
        };
        // "C$5" is money, though "c." says about.
        let is_money = |end| self.unit(at).is_some_and(|(behind, unit)| unit.kind.is_money() && behind > end);
        // "меньше на 13 %" is a step, "меньше 13 %" and "меньше чем на 13 %" are bounds.
        let is_step = |end| {
            self.change_word(at).is_some_and(|(behind, _)| behind == end)
                && self.role(end, Role::By).is_some()
        };
        let Some((mut pos, first)) = before(at).filter(|&(end, _)| !is_money(end) && !is_step(end)) else {
            let amount = self.amount(at, false)?;
            return Some(Hedged { start: at, comparator: None, goal: false, change: None, amount });
        };
        let mut comparator = first;
        let mut goal = self.role(at, Role::To) == Some(pos);
        let mut change = None;
        for _ in 0..6 {
            if self.slice(pos) == "." && self.is_glued(pos) && !self.is_glued(pos + 1) {
                pos += 1;
            }
            if let Some(amount) = self.amount(pos, true) {
                return Some(Hedged { start: at, comparator: Some(comparator), goal, change, amount });
            }
            if !goal
                && self.role(pos, Role::To).is_some_and(|end| before(pos).is_some_and(|(to, _)| to == end))
            {
                // "почти до 3 млрд": the goal keeps the hedge before it.
                pos = self.role(pos, Role::To)?;
                change = Some(Change::To);
            } else if let Some((end, next)) = before(pos) {
                (pos, comparator, goal) = (end, next, false);
            } else if let Some(end) = self.role(pos, Role::By) {
                (pos, change) = (end, Some(Change::By));
            } else {
                pos = self.role(pos, Role::Filler)?;
            }
        }
        None
    }

    /// The quantity of a hedged amount, with what stands behind it: "or more", and the noun.
    fn mention(&self, hedged: &Hedged, end: usize) -> Option<(Found<Mention>, usize)> {
        let numeral = hedged.amount.numeral;
        let (mut end, mut after) = self.after(end);
        if numeral.open {
            after = Some(Comparator::GreaterOrEqual);
        }
        let unit = hedged.amount.unit;
        let named = unit.is_some();
        // "two thirds of exports" counts nothing.
        let (mut behind, mut noun) = self.noun_behind(end, named || numeral.form == Form::Fraction);
        if !named && noun.is_none() && numeral.value == Decimal::ONE {
            noun = self.singular_noun(end).map(|at| self.slice(at).to_owned());
            behind = self.singular_noun(end).map_or(behind, |at| at + 1);
        }
        if behind > end {
            end = behind;
            if after.is_none() {
                (end, after) = self.after(end);
            }
        }
        let unit = unit.map(|unit| unit.unit).or(noun.as_ref().map(|_| Unit::COUNT));
        // "3.0" of nobody knows what has one decimal, and 3.0 projects are three.
        let is_whole = match unit {
            Some(Unit::COUNT) => numeral.value.is_integer(),
            None => numeral.value.is_integer() && numeral.step >= Decimal::ONE,
            Some(_) => false,
        };
        let exact = is_whole && numeral.factor == Decimal::ONE;
        let half_unit = if exact { Decimal::ZERO } else { numeral.step.checked_div(Decimal::TWO)? };
        let vague = (numeral.form == Form::Vague).then_some(Comparator::About);
        let quantity = Quantity {
            comparator: hedged.comparator.or(after).or(vague).unwrap_or(Comparator::Equal),
            stated: Stated::Point { value: numeral.value, half_unit: half_unit.normalize() },
            unit,
            noun,
        };
        let course = self.course(hedged.start, end, &hedged.amount);
        let mention = Mention { quantity, change: None, course, magnitude: magnitude(&numeral) };
        Some((self.found(hedged.start, end, mention), end))
    }

    /// A comparator behind its figure.
    fn after(&self, at: usize) -> (usize, Option<Comparator>) {
        let found = self.longest(at, |meaning| match meaning {
            Meaning::After(comparator) => Some(comparator),
            _ => None,
        });
        match found {
            // "5 minimum 3": the word belongs to what follows.
            Some((end, comparator)) if self.kind(end) != Some(Kind::Number) => (end, Some(comparator)),
            _ => (at, None),
        }
    }

    fn noun_behind(&self, at: usize, named: bool) -> (usize, Option<String>) {
        if named {
            return (at, None);
        }
        let first =
            self.role(at, Role::Of).filter(|_| self.magnitude(at.saturating_sub(1)).is_some()).unwrap_or(at);
        match self.noun(first) {
            Some(noun) => (noun + 1, Some(self.slice(noun).to_owned())),
            None => (at, None),
        }
    }

    fn found(&self, start: usize, end: usize, value: Mention) -> Found<Mention> {
        Found { start: self.tokens[start].start, end: self.tokens[end - 1].end, value }
    }

    /// How the words before govern the figure, in a sentence that speaks of change.
    fn change(&self, start: usize, quantity: &Quantity, is_goal: bool) -> Option<Change> {
        if is_goal {
            return Some(Change::To);
        }
        if !self.speaks_of_change(start) {
            return None;
        }
        if self.role_before(start, Role::By) {
            return Some(Change::By);
        }
        if !self.change_before(start) {
            return None;
        }
        if self.role_before(start, Role::To) && !self.role_before(start, Role::Amounts) {
            return Some(Change::To);
        }
        if self.role_before(start, Role::From) {
            return Some(Change::From);
        }
        let share = matches!(quantity.unit.map(Unit::code), Some("%" | "pp"));
        let near = (start.saturating_sub(3)..start).any(|at| self.change_word(at).is_some());
        (share && near).then_some(Change::By)
    }

    /// Which way the words around a figure say that something went: the word that governs it ("fell
    /// by"), else one right behind it, else the last one before it in the sentence.
    fn course(&self, start: usize, end: usize, amount: &Amount) -> Course {
        if self.slice(amount.start) == "+" {
            return Course::Up;
        }
        let before = self.course_before(start);
        let mut governed = start;
        for _ in 0..3 {
            let joins = [Role::By, Role::Of, Role::Article, Role::Filler]
                .into_iter()
                .any(|role| self.role_before(governed, role));
            if before.is_some_and(|word| word.end == governed) || !joins {
                break;
            }
            governed -= 1;
        }
        let governs = before.filter(|word| word.end >= governed).map(|word| word.course);
        governs
            .or_else(|| self.course_behind(end))
            .or(before.map(|word| word.course))
            .unwrap_or(Course::Unsaid)
    }

    /// Whether nothing but punctuation stands around the tokens.
    fn is_whole(&self, start: usize, end: usize) -> bool {
        self.written.is_some_and(|(first, last)| start <= first && last < end)
    }

    /// A length of time that is a period: "the first nine months", "10 months of 2024".
    fn is_period(&self, amount: &Amount, start: usize, end: usize) -> bool {
        if amount.unit.is_none_or(|unit| unit.kind != UnitKind::Time) {
            return false;
        }
        let year_behind = self
            .tokens
            .get(end)
            .is_some_and(|token| matches!(token.literal, Literal::Exact(value, _) if is_year_number(value)));
        year_behind || self.role_before(start, Role::Span) || self.role(end, Role::Of).is_some()
    }

    fn is_name(&self, start: usize, end: usize, amount: &Amount) -> bool {
        let hedged = Hedged { start, comparator: None, goal: false, change: None, amount: *amount };
        !self.is_whole(start, end) && self.is_no_count(&hedged, end, false)
    }

    /// Whether a number without unit counts nothing: a date, a year, an ordinal, a part of a name.
    fn is_no_count(&self, hedged: &Hedged, end: usize, counted: bool) -> bool {
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

    /// Digits that are a date, a time, an ordinal, a version or a phone number: the token behind.
    fn not_a_figure(&self, at: usize) -> Option<usize> {
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
}

/// The magnitude that is written beside a number.
fn magnitude(numeral: &Numeral) -> Option<Decimal> {
    (numeral.factor != Decimal::ONE).then_some(numeral.factor)
}

/// "1990–1994", "2024-25": years, not a range of figures.
fn are_years(low: &Amount, high: &Amount) -> bool {
    let is_year = |amount: &Amount| {
        amount.unit.is_none() && amount.numeral.form == Form::Plain && is_year_number(amount.numeral.value)
    };
    is_year(low) && (is_year(high) || high.unit.is_none() && high.numeral.value < Decimal::ONE_HUNDRED)
}

/// The two ends of a range with one unit and one magnitude: "$3–4 billion", "10-15 %". `None` where
/// they cannot be ends of one range: "10 to 5 billion" is neither 10 nor 10 billion to 5 billion.
fn spread(first: Amount, second: Amount) -> Option<(Amount, Amount)> {
    let (mut low, high) = in_one_unit(first, second)?;
    if let Some(scaled) = in_magnitude_of(&low, &high) {
        low.numeral = scaled;
    }
    if let Some(hundreds) = shared_hundred(&low, &high) {
        low.numeral = hundreds;
    }
    (low.numeral.value <= high.numeral.value).then_some((low, high))
}

/// The levels before and after a change with one unit and one magnitude: "fell from 10 to 5 billion".
/// "Rose from 900 to 1 million" leaves the first as it is.
fn levels(first: Amount, second: Amount, course: Course) -> Option<(Amount, Amount)> {
    let (mut from, to) = in_one_unit(first, second)?;
    if let Some(scaled) = in_magnitude_of(&from, &to)
        && (course == Course::Down || scaled.value <= to.numeral.value)
    {
        from.numeral = scaled;
    }
    Some((from, to))
}

/// Two amounts, of which one takes the other's unit; `None` where they have two.
fn in_one_unit(first: Amount, second: Amount) -> Option<(Amount, Amount)> {
    let (mut low, mut high) = (first, second);
    match (low.unit, high.unit) {
        (Some(a), Some(b)) if a.unit != b.unit => return None,
        (None, Some(unit)) => {
            low.unit = Some(unit);
            low.numeral.value = low.numeral.value.checked_mul(unit.factor)?;
            low.numeral.step = low.numeral.step.checked_mul(unit.factor)?;
        }
        (Some(unit), None) => high.unit = Some(unit),
        _ => {}
    }
    Some((low, high))
}

/// The first number in the magnitude of the second, where it has none of its own. Thousands share it
/// only with thousands: "1,141 and 1,143 billion", and not "1,500 to 2 million".
fn in_magnitude_of(low: &Amount, high: &Amount) -> Option<Numeral> {
    let factor = high.numeral.factor;
    if low.numeral.factor != Decimal::ONE || factor <= Decimal::ONE {
        return None;
    }
    let is_short = low.numeral.value.abs() < Decimal::ONE_THOUSAND;
    let are_long = high.numeral.value.checked_div(factor)?.abs() >= Decimal::ONE_THOUSAND;
    if is_short || are_long { low.numeral.times(factor) } else { None }
}

/// "two to three hundred": the hundred of the upper end is the lower one's too, where the two are
/// neighbours ("one to five hundred" may be either).
fn shared_hundred(low: &Amount, high: &Amount) -> Option<Numeral> {
    let words = low.numeral.form == Form::Words && high.numeral.form == Form::Words;
    let scaled = low.numeral.value.checked_mul(Decimal::ONE_HUNDRED)?;
    let above = high.numeral.value.checked_sub(scaled)?;
    let step = Decimal::from(200);
    let near = above > Decimal::ZERO && above <= step && (above % Decimal::ONE_HUNDRED).is_zero();
    let single = low.numeral.value < Decimal::TEN && high.numeral.value < Decimal::ONE_THOUSAND;
    (words && near && single).then_some(Numeral { value: scaled, ..low.numeral })
}
