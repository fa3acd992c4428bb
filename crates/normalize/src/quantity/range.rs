//! Two amounts as one figure or two: ranges in their many wordings, and the levels before and after
//! a change.

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::amount::{Amount, is_year_number};
use crate::quantity::lexicon::Role;
use crate::quantity::numeral::{Form, Numeral};
use crate::quantity::phrase::{Hedged, Phrase, magnitude};
use crate::quantity::reader::Reader;
use crate::quantity::{Change, Course, Mention};

impl Reader<'_> {
    /// "between X and Y", "from X to Y"; under a word of change the latter are two levels.
    pub(super) fn pair(&self, at: usize, opened: usize, opener: Role, joiner: Role) -> Option<Phrase> {
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
    pub(super) fn open_range(&self, first: &Hedged) -> Option<Phrase> {
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
