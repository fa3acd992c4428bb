//! The sides of a period: one, or two with what joins them, which may share a year, a month or a word.
//! The words that lead to them and their role are the grammar's.

use super::super::span::{Point, Shade, Unit, YearOf};
use super::super::words::{Role, Trait};
use super::Grammar;

/// How many listed sides may stand before the one that has their year.
const LONGEST_LIST: usize = 12;

/// First side, last side, and the token behind them.
pub(super) type Sides = (Point, Option<Point>, usize);

impl Grammar<'_> {
    /// One side or two behind a word that leads to them, where a time of day may stand first.
    pub(super) fn led_sides(&self, at: usize, joint: Role) -> Option<Sides> {
        self.sides(self.points.behind_time(self.behind_hedge(at)), joint)
    }

    /// The token behind "about" between a word that leads to a period and its year: "from about 2009".
    fn behind_hedge(&self, at: usize) -> usize {
        at + usize::from(self.points.role(at) == Some(Role::Quantity) && self.points.says(at, Trait::Hedge))
    }

    /// One side, or two with a dash, `joint` or a word like it between them.
    pub(super) fn sides(&self, at: usize, joint: Role) -> Option<Sides> {
        let (first, end) = self.points.point(at)?;
        let from_day =
            at > 0 && self.points.role(at - 1) == Some(Role::From) && !matches!(first.unit, Unit::Year);
        let comma =
            from_day && self.points.mark(end) == Some(',') && self.points.role(end + 1) == Some(Role::To);
        // "В ночь с 31 декабря 1999 года на 1 января 2000 года".
        let of_night = at > 1
            && self.points.role(at - 1) == Some(Role::From)
            && self.points.role(at - 2) == Some(Role::Scheduled)
            && self.points.says(end, Trait::AsOfDay);
        let behind_joint =
            if of_night { Some(end + 1) } else { self.joint(if comma { end + 1 } else { end }, joint) };
        let two = behind_joint.and_then(|next| {
            let dated = self.points.behind_time(next);
            // "С 19 до 21 часа 3 мая" are hours of a day.
            if dated > next && matches!(first.unit, Unit::DaysAlone(..)) {
                return None;
            }
            let (last, end) = self.points.point(self.behind_hedge(dated))?;
            let first = in_month_of(self.points.in_shown_order(at, next).unwrap_or(first), &last);
            let last = self.points.in_shown_order(next, at).unwrap_or(last);
            // "9M 2024/9M 2023" sets two periods against each other.
            let are_compared = self.points.mark(next - 1) == Some('/') && is_later_part(&first, &last);
            let (first, last, end) = self
                .over_two_years(&first, &last, end)
                .or_else(|| self.months_of_short_year(&first, next, end))
                .unwrap_or((first, last, end));
            let end = self.behind_bracket(at, end);
            (fits(&first, &last) && !are_compared).then_some((first, Some(last), end))
        });
        match two {
            None if matches!(first.unit, Unit::DaysAlone(..)) => {
                let dated = self.with_listed_year(first, end);
                matches!(dated.unit, Unit::Days(..)).then_some((dated, None, end))
            }
            None => Some((first, None, end)),
            two => two,
        }
    }

    /// The token behind the bracket that closes one between `at` and `end`: "2025 (January–May)".
    fn behind_bracket(&self, at: usize, end: usize) -> usize {
        let points = &self.points;
        let closes = points.mark(end) == Some(')')
            && (at + 1..end).any(|inside| points.mark(inside) == Some('('))
            && !(at + 1..end).any(|inside| points.mark(inside) == Some(')'));
        end + usize::from(closes)
    }

    /// "December–January 2023/24": each month in its year.
    fn over_two_years(&self, first: &Point, last: &Point, end: usize) -> Option<(Point, Point, usize)> {
        let (Unit::Months(from, _), Unit::Months(to, _)) = (first.unit, last.unit) else { return None };
        let (year, end) = self.points.year_and_next(end.checked_sub(1)?)?;
        let dated = |point: &Point, year| Point { year: YearOf::Stated(year), ..*point };
        (first.lacks_year() && from > to).then(|| (dated(first, year), dated(last, year + 1), end))
    }

    /// `Jan-Mar 24`: two digits behind the last of two months are their year.
    fn months_of_short_year(&self, first: &Point, at: usize, end: usize) -> Option<(Point, Point, usize)> {
        let points = &self.points;
        let dash = matches!(points.mark(at - 1), Some('-' | '–'));
        let Unit::Months(from, _) = first.unit else { return None };
        let (to, year, behind) = points.month_and_short_year(at).filter(|_| dash && first.lacks_year())?;
        let dated = |month, year| Point::new(Unit::Months(month, month), YearOf::Stated(year));
        let first_year = if from > to { year - 1 } else { year };
        (end <= behind).then(|| (dated(from, first_year), dated(to, year), behind))
    }

    /// The token behind what joins two sides at `at`.
    fn joint(&self, at: usize, joint: Role) -> Option<usize> {
        let points = &self.points;
        match points.role(at) {
            Some(role) if role == joint => return Some(at + 1),
            Some(Role::To | Role::Until) => return Some(at + 1),
            // "С 2024 года и по 2026 год".
            Some(Role::And)
                if joint == Role::To
                    && (points.says(at + 1, Trait::Until) || points.says(at + 1, Trait::NoLength)) =>
            {
                return Some(at + 2);
            }
            Some(Role::On) if self.is_night(at) => return Some(at + 1),
            Some(_) => return None,
            None => {}
        }
        match points.mark(at)? {
            ',' if points.role(at + 1) == Some(Role::To) && !points.says(at + 1, Trait::Until) => {
                Some(at + 2)
            }
            // "Between Jan 1, 2010, and Dec 31, 2015".
            ',' if joint == Role::And && points.role(at + 1) == Some(Role::And) => Some(at + 2),
            '-' if points.role(at + 1) == Some(joint) && points.mark(at + 2) == Some('-') => Some(at + 3),
            '-' | '–' | '…' => Some(at + 1),
            '/' if !points.spaced(at) && !points.spaced(at + 1) => Some(at + 1),
            '.' if points.mark(at + 1) == Some('.') => {
                Some(if points.mark(at + 2) == Some('.') { at + 3 } else { at + 2 })
            }
            _ => None,
        }
    }

    /// Whether "на" stands between the days of a night: "с 4 на 5 ноября".
    fn is_night(&self, at: usize) -> bool {
        let points = &self.points;
        let from = at.checked_sub(2).and_then(|from| points.role(from)) == Some(Role::From);
        from && points.says(at, Trait::AsOfDay)
            && matches!(points.point(at - 1), Some((day, _)) if matches!(day.unit, Unit::DaysAlone(..)))
    }

    /// `first` with the year of the list that it begins: "January and February 2024".
    pub(super) fn with_listed_year(&self, first: Point, end: usize) -> Point {
        if !first.lacks_year() {
            return first;
        }
        let mut at = end;
        for _ in 0..LONGEST_LIST {
            let Some((next, end)) = self.points.behind_joint(at).and_then(|next| self.points.point(next))
            else {
                break;
            };
            let first = in_month_of(first, &next);
            if std::mem::discriminant(&next.unit) != std::mem::discriminant(&first.unit) {
                break;
            }
            if !next.lacks_year() || matches!(next.unit, Unit::Days(..)) {
                return Point { year: next.year, ..first };
            }
            at = end;
        }
        first
    }
}

/// A day without its month, as a day of the month that the other side is in.
fn in_month_of(first: Point, last: &Point) -> Point {
    match (first.unit, last.unit) {
        (Unit::DaysAlone(from, to), Unit::Days(month, ..)) => {
            Point { unit: Unit::Days(month, from, to), ..first }
        }
        _ => first,
    }
}

/// Whether both sides are of stated years, and the first of the later one.
fn is_later_part(first: &Point, last: &Point) -> bool {
    match (first.year, last.year) {
        (YearOf::Stated(first_year), YearOf::Stated(last_year)) => first_year > last_year,
        _ => false,
    }
}

/// Whether two sides can be the ends of one period.
fn fits(first: &Point, last: &Point) -> bool {
    let refused = |point: &Point| matches!(point.unit, Unit::Refused(_));
    let is_year = |point: &Point| point.unit == Unit::Year;
    match (first.unit, last.unit) {
        (Unit::DaysAlone(..), _) | (_, Unit::DaysAlone(..)) => false,
        (Unit::Rolling(..), _) | (_, Unit::Rolling(..)) => false,
        _ if refused(first) || refused(last) => refused(first) && refused(last),
        _ if is_year(first) && last.lacks_year() => first.shade == Shade::Start,
        _ if is_year(last) && last.shade == Shade::Whole && first.lacks_year() => false,
        _ => true,
    }
}
