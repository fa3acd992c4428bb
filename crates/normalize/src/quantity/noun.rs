//! The head noun of counted things, by the shape of words: no dictionary, and silence in doubt.

use crate::language::Language;
use crate::quantity::lexicon::{Meaning, Role};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// How far behind its number a head noun may stand.
const REACH: usize = 7;

impl Reader<'_> {
    /// The token of the head noun of the phrase that begins at `at`: in "36 new joint projects" the
    /// first word that looks like a plural, behind words that could be its adjectives.
    pub(super) fn noun(&self, at: usize) -> Option<usize> {
        let mut at = at;
        for step in 0..REACH {
            if self.kind(at)? != Kind::Word {
                let joins = matches!(self.slice(at), "-" | "‑" | "'" | "’")
                    && self.is_glued(at)
                    && self.is_glued(at + 1);
                if !joins || step == 0 {
                    return None;
                }
                at += 1;
                continue;
            }
            if self.role(at, Role::Plural).is_some() {
                return Some(at);
            }
            let joins_adjectives = step > 0 && self.role(at, Role::And).is_some();
            if self.role(at, Role::Stop).is_some() && !joins_adjectives || self.starts_figure(at) {
                return None;
            }
            let word = self.slice(at);
            let first = word.chars().next()?;
            let found = if matches!(first, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё') {
                self.languages.contains(Language::Ru) && !joins_adjectives && is_russian_noun(word)
            } else {
                self.languages.contains(Language::En) && is_english_plural(word)
            };
            if found {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    fn starts_figure(&self, at: usize) -> bool {
        self.longest(at, |meaning| match meaning {
            Meaning::Cardinal(_) | Meaning::Magnitude(..) | Meaning::Before(_) => Some(()),
            Meaning::Role(Role::Month) => Some(()),
            _ => None,
        })
        .is_some()
    }
}

/// Ends in `s`, but not as "business", "status", "analysis" do.
fn is_english_plural(word: &str) -> bool {
    let lower = word.as_bytes();
    lower.len() > 2
        && word.ends_with('s')
        && !(word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") || word.ends_with("ous"))
}

/// Not shaped like an adjective or a participle.
fn is_russian_noun(word: &str) -> bool {
    const ADJECTIVES: [&str; 24] = [
        "ых", "их", "ый", "ая", "ое", "ые", "ого", "его", "ому", "ему", "ыми", "ими", "кий", "гий", "хий",
        "ший", "щий", "жий", "чий", "кие", "гие", "хие", "ую", "шие",
    ];
    word.chars().count() > 1 && !ADJECTIVES.iter().any(|ending| word.ends_with(ending))
}
