//! Coverage: which figures of a text no row claims.

use std::collections::BTreeSet;

use super::lock::{Lock, TextEntry};
use super::text::{Position, Text};

/// How much of a text's figures rows claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The source whose text it is.
    pub source_id: String,
    /// How many figures it holds.
    pub figures: usize,
    /// How many of them rows claim.
    pub claimed: usize,
}

/// A figure of a text that no row claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// Where it stands.
    pub position: Position,
    /// Its words.
    pub text: String,
}

impl Lock {
    /// The coverage of each text that the lock knows, by source; the texts need not be at hand.
    pub fn coverage(&self) -> Vec<Coverage> {
        let claimed = self.claimed_by_source();
        let of = |text: &TextEntry| Coverage {
            source_id: text.source_id.clone(),
            figures: text.figures,
            claimed: claimed
                .get(text.source_id.as_str())
                .map_or(0, |claimed| claimed.range(..text.figures).count()),
        };
        self.texts().into_iter().map(of).collect()
    }
}

impl Text {
    /// The figures that no row claims, in their order. `claimed` is what [`Lock::claimed`] says of
    /// this text's source.
    pub fn uncovered(&self, claimed: &BTreeSet<usize>) -> Vec<Uncovered> {
        let is_left = |index: &usize| self.number(*index).is_some_and(|number| !claimed.contains(&number));
        let left = self.figures().iter().enumerate().filter(|(index, _)| is_left(index));
        left.map(|(_, figure)| Uncovered {
            position: self.position(&figure.span),
            text: self.as_str()[figure.span.clone()].split_whitespace().collect::<Vec<_>>().join(" "),
        })
        .collect()
    }
}
