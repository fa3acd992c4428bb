//! Two amounts as one figure or two: ranges in their many wordings, and the levels before and after
//! a change.

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::meaning::{Meaning, Role, UnitKind};
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::phrase::{Hedged, Phrase, magnitude};
use crate::quantity::reader::Reader;
use crate::quantity::{Change, Course, Mention};

impl Reader<'_> {
    /// "between X and Y", "from X to Y"; under a word of change the latter are two levels.
    pub(super) fn pair(&self, at: usize, opened: usize, opener: Role) -> Option<Phrase> {
        let first = self.hedged(opened)?;
        let behind = self.behind_noun(&first);
        let second = self.joined(behind)?;
        let course = self.course_before(at).map_or(Course::Unsaid, |word| word.course);
        if self.are_hours(at, &first.amount, &second.amount) {
            return Some(Phrase::Other(second.amount.end));
        }
        let spread = self.spread(first.amount, second.amount);
        let ranges = self.role(at, Role::Ranging).is_some() && spread.is_some();
        let are_levels = opener == Role::From && self.is_governed(at) && !ranges;
        let (low, high) = if are_levels { levels(first.amount, second.amount, course)? } else { spread? };
        if are_years(&low, &high) && !self.are_counts(&low, &high) {
            return Some(Phrase::Other(high.end));
        }
        if are_levels {
            return self.two_levels(Hedged { amount: low, ..first }, Hedged { amount: high, ..second });
        }
        self.range(at, low, high)
    }

    /// "1500–1800 человек", "rose from 1850 to 2010 pupils": ends like years, but round ones or of what changed, and
    /// something is counted.
    fn are_counts(&self, low: &Amount, high: &Amount) -> bool {
        let is_round = |amount: &Amount| (amount.numeral.value % Decimal::from(50)).is_zero();
        let Some(noun) = self.noun(high.end) else { return false };
        let changes = self.is_governed(low.start) && self.shows_count(noun);
        (is_round(low) && is_round(high) || changes)
            && [Role::Year, Role::YearOf].into_iter().all(|role| self.role(noun, role).is_none())
    }

    /// The amount behind what stands between the ends of a pair: "to", "and", a dash, "up to".
    fn joined(&self, at: usize) -> Option<Hedged> {
        let by_word = [Role::To, Role::And, Role::Through].into_iter().find_map(|role| self.role(at, role));
        let second = by_word.or_else(|| self.dash(at)).and_then(|behind| self.hedged(behind));
        second.filter(|second| {
            matches!(second.comparator, None | Some(Comparator::LessOrEqual | Comparator::About))
        })
    }

    /// "open from 9 to 5", "работаем с 9 до 18": bare hours, by a word close before them.
    fn are_hours(&self, at: usize, first: &Amount, second: &Amount) -> bool {
        const LAST: u32 = 24;
        let is_hour = |amount: &Amount| {
            amount.unit.is_none()
                && amount.numeral.form == Form::Plain
                && amount.numeral.value <= Decimal::from(LAST)
                && self.noun(amount.end).is_none()
        };
        is_hour(first)
            && is_hour(second)
            && (at.saturating_sub(4)..at).any(|at| self.role(at, Role::Hours).is_some())
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
        if from.end > to.start {
            return None;
        }
        from.value.change = Some(Change::From);
        to.value.change = Some(Change::To);
        if from.value.quantity.unit.is_none() {
            from.value.quantity.unit = to.value.quantity.unit;
            from.value.quantity.noun.clone_from(&to.value.quantity.noun);
        }
        Some(Phrase::Figures(vec![from, to], end))
    }

    /// "X–Y", "X to Y", "X or Y".
    pub(super) fn open_range(&self, first: &Hedged) -> Option<Phrase> {
        if let Some(range) = self.two_sided(first) {
            return Some(range);
        }
        let at = self.behind_suspended_hyphen(first.amount.end);
        let (joined, second) = self.second_end(at)?;
        let by_to = self.role(at, Role::To) == Some(joined);
        let by_through = self.role(at, Role::Through) == Some(joined);
        if let Some(end) = self.votes(first, &second).filter(|_| by_to) {
            return Some(Phrase::Other(end));
        }
        let is_step = (by_to || by_through) && self.is_step_to(first, &second);
        if second.comparator.is_some() || is_step || self.are_apart(&first.amount, &second.amount) {
            return None;
        }
        let by_dash = self.dash(at).is_some();
        if by_dash && self.is_joined_name(&first.amount, &second.amount)
            || !by_dash && self.are_hours(first.start, &first.amount, &second.amount)
        {
            return Some(Phrase::Other(second.amount.end));
        }
        let (low, high) = self.spread(self.lettered_like(first.amount, &second.amount), second.amount)?;
        if are_years(&low, &high) && !self.are_counts(&low, &high) {
            return Some(Phrase::Other(high.end));
        }
        self.hedged_range(first, low, high)
    }

    /// What stands behind a dash or a word at `at` that joins the ends of a range: its token, and the amount.
    fn second_end(&self, at: usize) -> Option<(usize, Hedged)> {
        let by_word = || {
            let to = || self.role(at, Role::To).or_else(|| self.role(at, Role::Through));
            self.hyphened_to(at).or_else(to).or_else(|| self.role(at, Role::Or))
        };
        let joined = self.dash(at).or_else(by_word).filter(|second| !self.is_clock_time(*second))?;
        let second = self.hedged(joined).or_else(|| self.hedged(self.hyphened_to(at)?))?;
        Some((joined, second))
    }

    /// "fell by X to Y": a step and a level, no range.
    fn is_step_to(&self, first: &Hedged, second: &Hedged) -> bool {
        let is_step = self.role_before(first.start, Role::By) && self.speaks_of_change(first.start)
            || self.change_before(first.start) && first.amount.unit.is_some();
        is_step && !shares_unit(&first.amount, &second.amount) || self.is_bare_step(first, second)
    }

    /// Whether two amounts tell of different things: a year and its figure, an amount and a day, a name
    /// and an amount ("on Count 2 to 18 months").
    fn are_apart(&self, first: &Amount, second: &Amount) -> bool {
        let is_named = first.unit.is_none() && second.unit.is_some() && self.follows_label(first.start);
        is_named || tells_of_year(first, second) || self.ends_in_date(first, second)
    }

    /// A range behind the comparator of its first end.
    fn hedged_range(&self, first: &Hedged, low: Amount, high: Amount) -> Option<Phrase> {
        // "до 10–15 градусов мороза" goes down from zero.
        let goes_down = high.unit.is_some_and(|unit| unit.factor < Decimal::ZERO);
        let (near, far) = if goes_down { (high.numeral, low.numeral) } else { (low.numeral, high.numeral) };
        match first.comparator {
            // A range says itself how far it reaches.
            None
            | Some(Comparator::About | Comparator::NearlyBelow | Comparator::Equal | Comparator::Range) => {
                self.range(first.start, low, high)
            }
            // "вырастает до 20–25 см": the goal of a change.
            Some(_) if first.goal && self.change_before(first.start) => self.range(low.start, low, high),
            // "more than 20–30": more than the lesser; "up to 20–30": up to the greater.
            Some(Comparator::Greater | Comparator::GreaterOrEqual) => {
                let amount = Amount { numeral: near, end: high.end, unit: high.unit.or(low.unit), ..low };
                self.single(Hedged { amount, ..*first })
            }
            Some(Comparator::Less | Comparator::LessOrEqual) => {
                self.single(Hedged { amount: Amount { numeral: far, ..high }, ..*first })
            }
        }
    }

    /// The first end with the letter of the second one as the same magnitude: "1.1m to 1.3m people".
    fn lettered_like(&self, first: Amount, second: &Amount) -> Amount {
        let numeral = Numeral { end: first.numeral.end, ..first.numeral };
        let letter = self.suffix(numeral.end).filter(|(end, factor)| {
            *end == first.end && *factor == second.numeral.factor && self.is_glued(numeral.end)
        });
        let is_magnitude = second.unit.is_none() && numeral.factor == Decimal::ONE;
        let scaled = letter.filter(|_| is_magnitude).and_then(|(_, factor)| numeral.times(factor));
        scaled.map_or(first, |scaled| Amount {
            numeral: Numeral { end: first.end, ..scaled },
            unit: None,
            ..first
        })
    }

    /// "10- to 15-percent": the hyphen joins what only the second end has.
    fn behind_suspended_hyphen(&self, at: usize) -> usize {
        let is_suspended =
            matches!(self.slice(at), "-" | "‑" | "‐") && self.is_glued(at) && !self.is_glued(at + 1);
        let joins = [Role::To, Role::Or].into_iter().any(|role| self.role(at + 1, role).is_some());
        if is_suspended && joins { at + 1 } else { at }
    }

    /// "15-to-20".
    pub(super) fn hyphened_to(&self, at: usize) -> Option<usize> {
        self.hyphened(at, Role::To)
    }

    /// The token behind a word between two hyphens: "15-to-20", "17-of-28".
    pub(super) fn hyphened(&self, at: usize, joint: Role) -> Option<usize> {
        let word = self.dash(at).filter(|word| self.is_glued(at) && self.is_glued(*word))?;
        let end = self.role(word, joint)?;
        self.dash(end).filter(|behind| self.is_glued(end) && self.is_glued(*behind))
    }

    /// "12 % до 31 мая", "5 лет до 2020 года": an amount and a day or a year.
    fn ends_in_date(&self, first: &Amount, second: &Amount) -> bool {
        let is_year = second.numeral.form == Form::Plain
            && is_year_number(second.numeral.value)
            && (self.role(second.end, Role::Year).is_some()
                || first.unit.is_some_and(|unit| unit.kind == UnitKind::Time));
        first.unit.is_some()
            && second.unit.is_none()
            && (is_year || self.role(second.end, Role::Month).is_some())
    }

    /// "5W-30", "7-Eleven", "three-fifty": joined by a hyphen, and no ends of a range. The last is a price or
    /// an hour as it is spoken, which may be 3.50 or 350.
    fn is_joined_name(&self, first: &Amount, second: &Amount) -> bool {
        let at = first.end;
        if !self.is_glued(at) || !self.is_glued(at + 1) || second.unit.is_some() {
            return false;
        }
        let by_letter = first.unit.is_some_and(|unit| unit.kind == UnitKind::Letter);
        let in_words = second.numeral.form == Form::Words;
        let by_capital = first.numeral.form == Form::Plain && in_words && self.is_capital(at + 1);
        let (low, high) = (first.numeral.value, second.numeral.value);
        let is_apart = low < Decimal::TEN && high > Decimal::TEN && high < Decimal::ONE_HUNDRED;
        let is_spoken = first.numeral.form == Form::Words
            && in_words
            && is_apart
            && second.end == second.start + 1
            && self.noun(second.end).is_none();
        by_letter || by_capital || is_spoken
    }

    /// "fell 3 1/4 to 27 7/8": right behind a verb of change a step and a level, where neither has a unit.
    fn is_bare_step(&self, first: &Hedged, second: &Hedged) -> bool {
        let governs = |at: usize| self.change_word(at).is_some_and(|(end, _)| end == first.start);
        let is_bare = |amount: &Amount| amount.unit.is_none() && self.noun(amount.end).is_none();
        (first.start.saturating_sub(2)..first.start).any(governs)
            && is_bare(&first.amount)
            && is_bare(&second.amount)
    }

    /// "at least X and no more than Y", "less than Y but more than X".
    fn two_sided(&self, first: &Hedged) -> Option<Phrase> {
        let is_floor =
            |comparator| matches!(comparator, Some(Comparator::Greater | Comparator::GreaterOrEqual));
        let is_ceiling = |comparator| matches!(comparator, Some(Comparator::Less | Comparator::LessOrEqual));
        let (mut behind, mut comparator) = (self.behind_noun(first), first.comparator);
        if comparator.is_none() {
            (behind, comparator) = self.after(behind);
        }
        let rises = is_floor(comparator);
        if !rises && !is_ceiling(comparator) {
            return None;
        }
        let at = behind + usize::from(self.slice(behind) == ",");
        let by_word = self.role(at, Role::And).or_else(|| self.role(at, Role::But));
        // "at least 3, at most 5", but "more than 5 towns, less than 10 villages".
        let joined = by_word.unwrap_or(if behind == first.amount.number_at + 1 { at } else { behind });
        let second = self.hedged(joined)?;
        let (low, high) = match rises {
            true if is_ceiling(second.comparator) => self.spread(first.amount, second.amount)?,
            false if is_floor(second.comparator) => {
                let (low, high) = self.spread(second.amount, first.amount)?;
                (low, Amount { end: second.amount.end, ..high })
            }
            _ => return None,
        };
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

    /// The two ends of a range with one unit and one magnitude: "$3–4 billion", "10-15 %". `None` where
    /// they cannot be ends of one range: "10 to 5 billion" is neither 10 nor 10 billion to 5 billion.
    fn spread(&self, first: Amount, second: Amount) -> Option<(Amount, Amount)> {
        let (mut low, high) = in_one_unit(first, second)?;
        if let Some(scaled) = in_magnitude_of(&low, &high)
            && !reaches_magnitude(&low, &high)
        {
            low.numeral = scaled;
        }
        if let Some(multiple) = self.shared_multiple(&low, &high) {
            low.numeral = multiple;
        }
        // "from -5 to -10 °C" goes away from zero.
        if high.numeral.value < low.numeral.value && low.numeral.value < Decimal::ZERO {
            return Some((Amount { numeral: high.numeral, ..low }, Amount { numeral: low.numeral, ..high }));
        }
        (low.numeral.value <= high.numeral.value).then_some((low, high))
    }

    /// "two to three hundred", "полтора-два десятка": the multiple of the upper end is the lower one's
    /// too, where the two are neighbours ("one to five hundred" may be either).
    fn shared_multiple(&self, low: &Amount, high: &Amount) -> Option<Numeral> {
        // "одна-две сотни"
        let words = matches!(low.numeral.form, Form::Words | Form::One) && high.numeral.form == Form::Words;
        let multiple = |numeral: &Numeral| {
            let last = self.longest(numeral.end - 1, |meaning| match meaning {
                Meaning::Multiple(factor, _) => Some(factor),
                _ => None,
            });
            last.map(|(_, factor)| factor)
        };
        let factor = multiple(&high.numeral).filter(|_| words && multiple(&low.numeral).is_none())?;
        let scaled = low.numeral.value.checked_mul(factor)?;
        let above = high.numeral.value.checked_sub(scaled)?;
        let near = above > Decimal::ZERO && above <= factor + factor;
        let single = low.numeral.value < Decimal::TEN && high.numeral.value < Decimal::ONE_THOUSAND;
        (near && single).then_some(Numeral { value: scaled, ..low.numeral })
    }

    fn range(&self, start: usize, low: Amount, high: Amount) -> Option<Phrase> {
        let unit = high.unit.or(low.unit);
        let (end, noun) = if unit.is_some() { (high.end, None) } else { self.noun_behind(high.end) };
        let quantity = Quantity {
            comparator: Comparator::Range,
            stated: Stated::Range { lower: low.numeral.value, upper: high.numeral.value },
            unit: unit.map(|unit| unit.unit).or(noun.as_ref().map(|_| Unit::COUNT)),
            noun,
        };
        let bare = quantity.unit.is_none();
        let is_name = || self.is_name(start, end, &low) || self.is_name(start, end, &high);
        // "a 50-50 split"
        let is_split = bare && low.numeral.value == high.numeral.value && !self.is_whole(start, end);
        let is_score = bare && self.is_among_scores(start, end);
        // "9–11 классы"
        let is_rank = quantity.noun.is_some()
            && [Role::Ranked, Role::RankedRange]
                .into_iter()
                .any(|role| self.role(end - 1, role) == Some(end));
        if is_split
            || is_score
            || is_rank
            || self.is_period(&high, start, end)
            || self.is_time_of_day(&high)
            || bare && is_name()
        {
            return Some(Phrase::Other(end));
        }
        let change = self.change(start, &quantity);
        let course = self.course(start, end, &low);
        let magnitude = magnitude(&high.numeral);
        Some(Phrase::Figures(
            vec![self.found(start, end, Mention { quantity, change, course, magnitude, relative: None })],
            end,
        ))
    }
}

/// "by 15 to 20 percent": the second number says of what the first is too, so that both are steps.
fn shares_unit(first: &Amount, second: &Amount) -> bool {
    let says_unit = second.unit.is_some() && second.number_at == second.start;
    let may_share = first.numeral.form != Form::Fraction && first.numeral.factor == Decimal::ONE;
    first.unit.is_none() && may_share && says_unit
}

/// "2023 – $3.4bn": a year and its figure, no range.
fn tells_of_year(first: &Amount, second: &Amount) -> bool {
    let is_year =
        first.unit.is_none() && first.numeral.form == Form::Plain && is_year_number(first.numeral.value);
    let leads_with_money = second.number_at > second.start && second.unit.is_some();
    is_year && (leads_with_money || second.numeral.factor > Decimal::ONE)
}

/// "1990–1994", "2024-25": years, not a range of figures.
fn are_years(low: &Amount, high: &Amount) -> bool {
    let is_year = |amount: &Amount| {
        amount.unit.is_none() && amount.numeral.form == Form::Plain && is_year_number(amount.numeral.value)
    };
    is_year(low) && (is_year(high) || high.unit.is_none() && high.numeral.value < Decimal::ONE_HUNDRED)
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
            low.numeral.step = low.numeral.step.checked_mul(unit.factor.abs())?;
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

/// "from five hundred to a thousand": the first number comes near the magnitude of the second by
/// itself, and in that magnitude would be beyond it.
fn reaches_magnitude(low: &Amount, high: &Amount) -> bool {
    let is_one = high.numeral.value == high.numeral.factor;
    let near = low.numeral.value.checked_mul(Decimal::TEN).is_some_and(|ten| ten >= high.numeral.value);
    is_one && near && low.numeral.value < high.numeral.value
}
