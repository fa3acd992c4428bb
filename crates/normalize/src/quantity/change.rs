//! The part of a figure in a change, and which way the change goes, by the words around it.

use model::figure::Quantity;
use model::unit::Unit;

use crate::quantity::amount::Amount;
use crate::quantity::meaning::Role;
use crate::quantity::reader::Reader;
use crate::quantity::{Change, Course};

impl Reader<'_> {
    /// How the words before govern the figure, in a sentence that speaks of change.
    pub(super) fn change(&self, start: usize, quantity: &Quantity) -> Option<Change> {
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
    pub(super) fn course(&self, start: usize, end: usize, amount: &Amount) -> Course {
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
}
