//! The state of a numeral in words: what each next word adds, and where the numeral ends.

use rust_decimal::Decimal;

use crate::quantity::fraction::fraction_step;
use crate::quantity::meaning::{Alone, Meaning, Role, UnitKind};
use crate::quantity::numeral::{DOZEN, Form, LARGEST, Lead, Numeral};
use crate::quantity::reader::Reader;

/// The state of a numeral in words, from left to right: closed magnitudes, and an open group below
/// the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    end: usize,
    total: Decimal,
    group: Decimal,
    /// Whether the group holds a word.
    open: bool,
    /// What the next cardinal of the group must be below.
    room: Decimal,
    /// The least magnitude so far.
    magnitude: Option<Decimal>,
    step: Decimal,
    /// Whether the last word multiplies, so that "and" may follow.
    multiplied: bool,
    /// How many words.
    count: u32,
    fraction: bool,
    /// Whether the magnitude stands for one of itself: "миллион".
    implied: bool,
}

impl Words {
    pub(super) fn new(at: usize) -> Self {
        Self {
            end: at,
            total: Decimal::ZERO,
            group: Decimal::ZERO,
            open: false,
            room: Decimal::ONE_THOUSAND,
            magnitude: None,
            step: Decimal::ONE,
            multiplied: false,
            count: 0,
            fraction: false,
            implied: false,
        }
    }

    pub(super) fn take_article(&mut self, end: usize) {
        (self.end, self.group, self.open, self.room) = (end, Decimal::ONE, true, Decimal::ZERO);
    }

    /// The state behind the next word, or `None` where the numeral ends.
    pub(super) fn next(self, reader: &Reader<'_>, lead: Lead) -> Option<Self> {
        let at = reader.behind_hyphen(self.end);
        if let Some((end, value)) = reader.cardinal(at) {
            return self.take_cardinal(end, value);
        }
        let multiple = |meaning| match meaning {
            Meaning::Magnitude(factor, alone) => Some((factor, alone, true)),
            Meaning::Multiple(factor, alone) => Some((factor, alone, false)),
            _ => None,
        };
        if let Some((end, (factor, alone, is_magnitude))) = reader.longest(at, multiple) {
            if alone == Alone::Priced && !reader.is_priced(end) {
                return None;
            }
            let may_stand = matches!(alone, Alone::Always | Alone::Priced)
                || alone == Alone::Compared && lead == Lead::Hedge
                || alone == Alone::Opening && (counts_on(reader, end) || is_share(reader, end));
            let is_first = self.count == 0 && !self.open;
            let words = if may_stand && is_first { self.take_one() } else { self };
            return if is_magnitude {
                words.take_magnitude(end, factor)
            } else {
                words.take_multiple(end, factor)
            };
        }
        if self.count == 0 {
            return None;
        }
        if let Some(words) = self.take_comma(reader) {
            return Some(words);
        }
        self.take_fraction(reader, at)
            .or_else(|| self.take_and(reader))
            .or_else(|| self.take_decimals(reader, at))
    }

    fn take_cardinal(self, end: usize, value: Decimal) -> Option<Self> {
        if value >= self.room || (self.open && value.is_zero()) || self.fraction {
            return None;
        }
        let whole = value.scale() == 0;
        let room = match value {
            _ if !whole => Decimal::ZERO,
            v if v >= Decimal::ONE_HUNDRED => Decimal::ONE_HUNDRED,
            v if v >= Decimal::from(20) => Decimal::TEN,
            _ => Decimal::ZERO,
        };
        let step = if whole { Decimal::ONE } else { Decimal::new(1, 1) };
        let group = self.group.checked_add(value)?;
        Some(Self { end, group, open: true, room, step, multiplied: false, count: self.count + 1, ..self })
    }

    /// The one that a multiple by itself has before it: "тысяча" is one thousand.
    fn take_one(self) -> Self {
        Self { group: Decimal::ONE, open: true, implied: true, ..self }
    }

    /// "миллион двести": hundreds behind a million that nobody counted are thousands, as people say them.
    fn with_spoken_thousands(self) -> Option<Self> {
        const LEAST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
        let is_spoken = self.implied
            && self.open
            && self.magnitude.is_some_and(|least| least == self.total && least >= LEAST)
            && self.group >= Decimal::ONE_HUNDRED
            && (self.group % Decimal::from(50)).is_zero();
        let group = self.group.checked_mul(Decimal::ONE_THOUSAND).filter(|_| is_spoken)?;
        Some(Self { group, ..self })
    }

    fn take_multiple(self, end: usize, factor: Decimal) -> Option<Self> {
        if self.multiplied || self.fraction || !self.open {
            return None;
        }
        let group = self.group.checked_mul(factor)?;
        let room = if factor == Decimal::ONE_HUNDRED { Decimal::ONE_HUNDRED } else { Decimal::ZERO };
        Some(Self {
            end,
            group,
            open: true,
            room,
            step: self.step.max(Decimal::ONE),
            multiplied: true,
            count: self.count + 1,
            ..self
        })
    }

    fn take_magnitude(self, end: usize, factor: Decimal) -> Option<Self> {
        let total = match self.magnitude {
            // "hundred thousand million", "тысяча миллиардов"
            Some(_) if !self.open && self.multiplied => self.total.checked_mul(factor)?,
            Some(least) if self.open && factor < least => {
                self.total.checked_add(self.group.checked_mul(factor)?)?
            }
            None if self.open => self.group.checked_mul(factor)?,
            _ => return None,
        };
        let step = if self.open { self.step } else { self.magnitude.unwrap_or(Decimal::ONE) };
        Some(Self {
            end,
            total,
            group: Decimal::ZERO,
            open: false,
            room: Decimal::ONE_THOUSAND.min(factor),
            magnitude: Some(factor),
            step: step.checked_mul(factor)?,
            multiplied: true,
            count: self.count + 1,
            fraction: false,
            implied: self.implied,
        })
        .filter(|words| words.total <= LARGEST)
    }

    /// "five thousand, two hundred": a hundred or more below the magnitude before the comma.
    fn take_comma(self, reader: &Reader<'_>) -> Option<Self> {
        let least = self.magnitude.filter(|_| !self.open && reader.slice(self.end) == ",")?;
        let at = self.end + 1;
        let (end, count) = reader.two_digits(at)?;
        let multiple = |meaning| match meaning {
            Meaning::Magnitude(factor, _) | Meaning::Multiple(factor, _) => Some(factor),
            _ => None,
        };
        let (_, factor) = reader.longest(reader.behind_hyphen(end), multiple)?;
        let fits = factor >= Decimal::ONE_HUNDRED && count.checked_mul(factor)? < least;
        if fits { Self { end: at, ..self }.next(reader, Lead::Plain) } else { None }
    }

    /// Whether the word behind makes it an ordinal: "twenty-first", "сто пятый".
    fn is_ordinal(&self, reader: &Reader<'_>) -> bool {
        let takes_ones = self.room >= Decimal::TEN;
        takes_ones && reader.role(reader.behind_hyphen(self.end), Role::OrdinalWord).is_some()
    }

    /// "two thirds", "three quarters of a million".
    fn take_fraction(self, reader: &Reader<'_>, at: usize) -> Option<Self> {
        let may_count = self.open && !self.multiplied && !self.fraction && self.magnitude.is_none();
        if !may_count || self.is_ordinal(reader) {
            return None;
        }
        let (end, denominator) = reader.fraction_word(at)?;
        let behind = reader.role(end, Role::Of).unwrap_or(end);
        let behind = reader.role(behind, Role::Article).unwrap_or(behind);
        let end = if reader.magnitude(behind).is_some() { behind } else { end };
        let group = self.group.checked_div(denominator)?;
        Some(Self {
            end,
            group,
            step: fraction_step(denominator),
            fraction: true,
            room: Decimal::ZERO,
            ..self
        })
    }

    /// "two hundred and fifty", "two and a half", "a million and a half".
    fn take_and(self, reader: &Reader<'_>) -> Option<Self> {
        if !self.fraction && (self.open || self.magnitude.is_some()) {
            let numeral = Numeral {
                end: self.end,
                value: if self.open { self.group } else { self.total },
                step: self.step,
                factor: if self.open { self.last_dozen(reader) } else { self.magnitude? },
                form: Form::Words,
                open: false,
            };
            if let Some(sum) = reader.and_fraction(numeral) {
                let words = Self { end: sum.end, step: sum.step, fraction: true, multiplied: false, ..self };
                return Some(if self.open {
                    Self { group: sum.value, ..words }
                } else {
                    Self { total: sum.value, ..words }
                });
            }
        }
        if !self.multiplied {
            return None;
        }
        let at = reader.role(reader.behind_hyphen(self.end), Role::And)?;
        let (end, value) = reader.cardinal(reader.behind_hyphen(at))?;
        let in_place = value < Decimal::ONE_HUNDRED || reader.magnitude(end).is_some();
        if in_place { self.take_cardinal(end, value) } else { None }
    }

    /// What "and a half" is half of behind an open group: of one, but of twelve in "a dozen and a half".
    fn last_dozen(&self, reader: &Reader<'_>) -> Decimal {
        let is_dozen = |meaning| matches!(meaning, Meaning::Multiple(factor, _) if factor == DOZEN);
        let last = self.end.checked_sub(1).filter(|_| self.multiplied);
        let dozen = last.and_then(|last| reader.longest(last, |meaning| is_dozen(meaning).then_some(())));
        dozen.map_or(Decimal::ONE, |_| DOZEN)
    }

    /// "two point five", "две целых пять десятых".
    fn take_decimals(self, reader: &Reader<'_>, at: usize) -> Option<Self> {
        if !self.open || self.fraction {
            return None;
        }
        let mut end = reader.role(at, Role::Point)?;
        end = reader.role(end, Role::And).unwrap_or(end);
        let (end, part, step) = named_decimals(reader, end).or_else(|| spelled_decimals(reader, end))?;
        let group = self.group.checked_add(part)?;
        Some(Self { end, group, step, fraction: true, multiplied: false, room: Decimal::ZERO, ..self })
    }

    pub(super) fn finish(self, reader: &Reader<'_>) -> Option<Numeral> {
        if self.count == 0 || self.is_ordinal(reader) {
            return None;
        }
        if let Some(spoken) = self.with_spoken_thousands() {
            return Self { implied: false, step: Decimal::ONE_THOUSAND, ..spoken }.finish(reader);
        }
        let value = self.total.checked_add(self.group)?;
        let is_one = self.count == 1 && value == Decimal::ONE && self.magnitude.is_none();
        let form = match () {
            () if is_one && !self.fraction => Form::One,
            () if self.fraction && self.magnitude.is_none() => Form::Fraction,
            () => Form::Words,
        };
        let step = if self.open && self.magnitude.is_some() { Decimal::ONE } else { self.step };
        let factor = if self.open { Decimal::ONE } else { self.magnitude.unwrap_or(Decimal::ONE) };
        Some(Numeral { end: self.end, value, step, factor, form, open: false }).filter(|n| n.value <= LARGEST)
    }
}

/// Decimals by their denominator, "сто двадцать пять тысячных", "две третьих": the token behind, their
/// value, and one unit of their last digit.
fn named_decimals(reader: &Reader<'_>, at: usize) -> Option<(usize, Decimal, Decimal)> {
    let (mut end, mut part) = (at, Decimal::ZERO);
    for _ in 0..3 {
        let Some((behind, value)) = reader.cardinal(end) else { break };
        (end, part) = (behind, part.checked_add(value)?);
    }
    let (end, denominator) = reader.fraction_word(end).filter(|_| end > at)?;
    Some((end, part.checked_div(denominator)?, fraction_step(denominator)))
}

/// Decimals digit by digit or in pairs, "one four", "seventy-five": the same.
pub(super) fn spelled_decimals(reader: &Reader<'_>, at: usize) -> Option<(usize, Decimal, Decimal)> {
    let (mut end, mut part, mut scale) = (at, Decimal::ZERO, 0u32);
    let zero = |at| reader.role(at, Role::Zero).map(|behind| (behind, Decimal::ZERO));
    while let Some((behind, value)) = zero(end).or_else(|| reader.two_digits(end)).filter(|_| scale < 12) {
        let width = if value < Decimal::TEN { 1 } else { 2 };
        part = part.checked_mul(Decimal::from(10u32.pow(width)))?.checked_add(value)?;
        (end, scale) = (behind, scale + width);
    }
    let step = Decimal::try_new(1, scale).ok()?;
    Some((end, part.checked_mul(step)?, step)).filter(|_| scale > 0)
}

/// Whether a number is a share: "hundred percent".
fn is_share(reader: &Reader<'_>, at: usize) -> bool {
    reader.unit(at).is_some_and(|(_, unit)| unit.kind == UnitKind::Share)
}

/// Whether a number goes on behind its first word: "hundred and five", "thousand two hundred".
fn counts_on(reader: &Reader<'_>, at: usize) -> bool {
    let below = reader.role(at, Role::And).unwrap_or(at);
    reader.cardinal(below).is_some_and(|(_, value)| value.is_integer() && !value.is_zero())
}
