//! Times of day between a word that leads to a date and the date: "by 17:00 on 30 June", "до 18:00
//! 31 мая". Days are the finest unit of a period, so that a time says nothing more.

use super::super::span::{Point, Unit};
use super::super::words::Role;
use super::Points;

/// The most words that follow the digits of a time: "9 часов утра по московскому времени".
const MOST_WORDS: usize = 3;

impl Points<'_> {
    /// The token of the date behind a time of day at `at`; `at` itself where no time and date stand there.
    pub(in super::super) fn behind_time(&self, at: usize) -> usize {
        let Some(mut next) = self.time(at) else { return at };
        if self.mark(next) == Some(',') {
            next += 1;
        }
        for skipped in [&[Role::On, Role::Of, Role::In][..], &[Role::The]] {
            if self.role(next).is_some_and(|role| skipped.contains(&role)) {
                next += 1;
            }
        }
        match self.point(next) {
            Some((day, _)) if is_day(&day) => next,
            _ => at,
        }
    }

    /// Whether the word at `at` joins two times of one day: "с 19.00 до 21.00 3 мая".
    pub(in super::super) fn ends_hours(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let is_hour = matches!(self.role(before), Some(Role::Clock | Role::TimeOfDay))
            || self.small(before).is_some_and(|hour| hour < 60);
        is_hour && self.behind_time(at + 1) > at + 1
    }

    /// The token behind a time of day: "17:00", "17.30", "5 p.m.", "noon", "9 часов утра".
    fn time(&self, at: usize) -> Option<usize> {
        let start = if self.role(at) == Some(Role::The) { at + 1 } else { at };
        let is_named = self.role(start) == Some(Role::TimeOfDay);
        let (mut next, mut is_time) = if is_named { (start + 1, true) } else { self.hour(start)? };
        for _ in 0..MOST_WORDS {
            let is_word = |at| matches!(self.role(at), Some(Role::Clock | Role::TimeOfDay));
            let has_minutes = self.small(next).is_some() && is_word(next + 1);
            if !has_minutes && !is_word(next) {
                break;
            }
            (next, is_time) = (self.dot(next + 1 + usize::from(has_minutes)), true);
        }
        is_time.then_some(next)
    }

    /// The token behind an hour and its minutes, and whether its digits alone show that it is one.
    fn hour(&self, at: usize) -> Option<(usize, bool)> {
        self.small(at).filter(|hour| *hour <= 24)?;
        let mut next = at + 1;
        while self.mark(next) == Some(':') && self.two_glued(next + 1).is_some() && next < at + 5 {
            next += 2;
        }
        if next == at + 1
            && self.mark(next) == Some('.')
            && self.two_glued(next + 1).is_some_and(|minutes| minutes == 0 || (13..60).contains(&minutes))
        {
            next += 2;
        }
        Some((next, next > at + 1))
    }
}

/// Whether a side is one day.
pub(super) fn is_day(point: &Point) -> bool {
    match point.unit {
        Unit::Days(_, first, last) => first == last,
        Unit::Fixed(span) => span.start == span.end,
        _ => false,
    }
}
