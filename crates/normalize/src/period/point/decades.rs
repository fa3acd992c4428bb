//! Decades and centuries, and the parts of a century.

use chrono::Datelike;

use super::super::span::{Point, Unit, YearOf};
use super::super::words::{Kind, Role, Trait};
use super::Points;
use super::context::leads_to_year;
use super::weekdays::LAST;
use super::years::years;

/// Years in four digits that are the first of a decade.
const DECADES: std::ops::RangeInclusive<u32> = 1000..=2990;

/// The last century, as decades without their century are read.
const LAST_CENTURY: u8 = 20;

impl Points<'_> {
    /// `1990s`, `1990's`, `1990-е годы`.
    pub(super) fn decade(&self, at: usize) -> Option<(Point, usize)> {
        let (value, digits) = self.digits(at)?;
        if let Some(decades) = self.decades_in_short(at) {
            return Some(decades);
        }
        if digits != 4 || !value.is_multiple_of(10) || !DECADES.contains(&value) {
            return None;
        }
        let end = self.decade_ending(at + 1)?;
        let first = i32::try_from(value).ok()?;
        Some((span(first, first + 9)?, end))
    }

    /// `1920–30-е годы`: two decades, the last in two digits.
    fn decades_in_short(&self, at: usize) -> Option<(Point, usize)> {
        let (value, 4) = self.digits(at).filter(|(value, _)| value.is_multiple_of(10))? else { return None };
        let joined = matches!(self.mark(at + 1), Some('-' | '–')) && !self.spaced(at + 1);
        let tens = self.two_glued(at + 2).filter(|tens| joined && tens.is_multiple_of(10))?;
        let end = self.decade_ending(at + 3)?;
        let first = i32::try_from(value).ok()?;
        let last = first - first.rem_euclid(100) + i32::from(tens);
        (first < last).then(|| Some((span(first, last + 9)?, end)))?
    }

    /// The token behind the ending of a decade.
    fn decade_ending(&self, at: usize) -> Option<usize> {
        let next = if matches!(self.mark(at), Some('-' | '\'')) { at + 1 } else { at };
        let ending = self.role(next) == Some(Role::Suffix)
            && (self.says(next, Trait::DecadeToo) || self.says(next, Trait::DecadeOnly));
        if !ending || self.spaced(at) || self.spaced(next) {
            return None;
        }
        Some(self.year_noun(next + 1))
    }

    /// `'90s`, `80–90-е годы`, and `90s` or `90-е годы` where a word shows that they are years.
    pub(super) fn short_decade(&self, at: usize) -> Option<(Point, usize)> {
        let quoted = self.mark(at) == Some('\'');
        if self.is_age(at) {
            return None;
        }
        let digits = if quoted { at + 1 } else { at };
        let is_range = matches!(self.mark(digits + 1), Some('-' | '–')) && self.small(digits + 2).is_some();
        let last = if is_range { digits + 2 } else { digits };
        let tens = |at| self.small(at).filter(|tens| tens.is_multiple_of(10)).map(|tens| tens / 10);
        let (first, last, end) = (tens(digits)?, tens(last)?, self.decade_ending(last + 1)?);
        if let Some((century, end)) = self.of_century(end) {
            return Some((tens_span(first, last, Some(century))?, end));
        }
        let before = at.checked_sub(1).and_then(|before| self.role(before));
        // "В 90-е", "из 90-х".
        let is_led = before.is_some_and(leads_to_year)
            && !matches!(self.kind(end), Some(Kind::Unknown | Kind::Word(Role::Counted, _)));
        let shown = quoted
            || is_led && self.says(end - 1, Trait::DecadeToo)
            || self.role(end - 1) == Some(Role::Year)
            || self.mark(end - 1) == Some('.')
            || matches!(
                before,
                Some(
                    Role::The
                        | Role::Early
                        | Role::Mid
                        | Role::Late
                        | Role::Start
                        | Role::Middle
                        | Role::End
                        | Role::Half
                )
            );
        shown.then(|| tens_span(first, last, None).map(|point| (point, end))).flatten()
    }

    /// "Eighties", "восьмидесятые годы".
    pub(super) fn tens(&self, at: usize, tens: u8) -> Option<(Point, usize)> {
        if self.is_age(at) {
            return None;
        }
        let end = self.year_noun(at + 1);
        let (century, end) = self.of_century(end).map_or((None, end), |(century, end)| (Some(century), end));
        tens_span(tens, tens, century).map(|point| (point, end))
    }

    /// "Nineteen-twenties", "eighteen sixties".
    pub(super) fn tens_of_hundreds(&self, at: usize) -> Option<(Point, usize)> {
        let hundreds = Some(self.number(at)).filter(|hundreds| (16..=20).contains(hundreds))?;
        let tens = if self.mark(at + 1) == Some('-') { at + 2 } else { at + 1 };
        let is_tens = self.role(tens) == Some(Role::Tens) && self.number(tens) < 10;
        let point =
            tens_span(self.number(tens), self.number(tens), Some(hundreds + 1)).filter(|_| is_tens)?;
        Some((point, self.year_noun(tens + 1)))
    }

    /// Whether the decade at `at` is somebody's age: "in his late 30s".
    fn is_age(&self, at: usize) -> bool {
        let is_shade = |role| matches!(role, Some(Role::Early | Role::Mid | Role::Late));
        let lead = at.checked_sub(1).filter(|&lead| self.mark(lead) == Some('-')).unwrap_or(at);
        let shade = lead.checked_sub(1).filter(|&shade| is_shade(self.role(shade))).unwrap_or(lead);
        shade.checked_sub(1).is_some_and(|owner| self.role(owner) == Some(Role::Possessive))
    }

    /// "Of the 20th century": its number.
    fn of_century(&self, at: usize) -> Option<(u8, usize)> {
        let mut next = at;
        for skipped in [Role::Of, Role::The] {
            if self.role(next) == Some(skipped) {
                next += 1;
            }
        }
        let (century, next) = match self.role(next) {
            Some(Role::Last) => (LAST_CENTURY, next + 1),
            Some(Role::This) => (LAST_CENTURY + 1, next + 1),
            _ => self.ordinal(next)?,
        };
        match self.role(next) {
            Some(Role::Century) => Some((century, self.behind_unit(next))),
            Some(Role::In) if self.is_short_century(next - 1, next) => Some((century, next + 2)),
            _ => None,
        }
    }

    /// "Late 16th" of "late 16th–early 17th century": ordinals whose century is told by the side behind
    /// what joins them.
    pub(super) fn century_of_list(&self, at: usize) -> Option<(Point, usize)> {
        let (ordinal, end) = self.ordinal(at).filter(|(ordinal, _)| *ordinal <= LAST_CENTURY + 1)?;
        if self.digits(at).is_some() && end == at + 1 {
            return None;
        }
        let joined = matches!(self.mark(end), Some('-' | '–' | '/' | ','))
            || matches!(self.role(end), Some(Role::To | Role::Until | Role::And));
        // "Sixteenth- and seventeenth-century".
        let later = if self.mark(end) == Some('-') && self.role(end + 1) == Some(Role::And) {
            end + 2
        } else {
            end + 1
        };
        let (later, _) = self.point(later).filter(|_| joined)?;
        let Unit::Fixed(centuries) = later.unit else { return None };
        let first = i32::from(ordinal) * 100 - 99;
        let is_century = (centuries.end.year() - centuries.start.year()) % 100 == 99;
        (is_century && first < centuries.end.year()).then_some((span(first, first + 99)?, end))
    }

    /// The centuries from one number to the other: the 21st is 2001 to 2100.
    pub(super) fn centuries(&self, first: u8, last: u8, end: usize) -> Option<(Point, usize)> {
        let centuries = span(i32::from(first) * 100 - 99, i32::from(last) * 100)?;
        self.in_era(centuries, end)
    }

    /// "Decade of the 21st century" and "quarter of the 20th century" with their ordinal, or
    /// `LAST`.
    pub(super) fn part_of_century(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let (length, parts) = match self.role(at)? {
            Role::Decade => (10, 10),
            Role::Quarter => (25, 4),
            _ => return None,
        };
        let (century, end) = self.of_century(self.dot(at + 1))?;
        let ordinal = if ordinal == LAST { parts } else { ordinal };
        let first = i32::from(century) * 100 - 99 + (i32::from(ordinal) - 1) * length;
        (ordinal <= parts).then(|| span(first, first + length - 1)).flatten().map(|point| (point, end))
    }

    /// "Of the 19th century" behind a third of it, with its ordinal.
    pub(super) fn third_of_century(&self, ordinal: u8, at: usize) -> Option<(Point, usize)> {
        let (century, end) = self.of_century(at)?;
        let before = (i32::from(century) - 1) * 100;
        let first = before + 33 * (i32::from(ordinal) - 1) + 1;
        let last = if ordinal == 3 { before + 100 } else { first + 32 };
        span(first, last).map(|point| (point, end))
    }
}

fn span(first: i32, last: i32) -> Option<Point> {
    Some(Point::new(Unit::Fixed(years(first, last)?), YearOf::Missing))
}

/// The decades of so many tens. Where no century is told, 20 and less are of this one, more of the
/// last; 10 tens are its first decade.
fn tens_span(first: u8, last: u8, century: Option<u8>) -> Option<Point> {
    let year = |tens: u8| match (century, tens) {
        (Some(century), _) => (i32::from(century) - 1) * 100 + i32::from(tens % 10) * 10,
        (None, 0 | 10) => 2000,
        (None, 1 | 2) => 2000 + i32::from(tens) * 10,
        (None, _) => 1900 + i32::from(tens) * 10,
    };
    span(year(first), year(last) + 9).filter(|_| year(first) <= year(last))
}
