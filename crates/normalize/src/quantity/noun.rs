//! The head noun of counted things, by the shape of words: no dictionary, and silence in doubt.

use crate::language::Language;
use crate::quantity::meaning::{Meaning, Role};
use crate::quantity::reader::Reader;
use crate::quantity::token::Kind;

/// How far behind its number a head noun may stand.
const REACH: usize = 7;

impl Reader<'_> {
    /// The token of the head noun of the phrase that begins at `at`: in "36 new joint projects" the
    /// first word that looks like a plural, behind words that could be its adjectives.
    pub(super) fn noun(&self, at: usize) -> Option<usize> {
        let mut at = at;
        let mut last = None;
        for step in 0..REACH {
            // "2000 рабочих": where no noun follows, the last word shaped like an adjective is one.
            if self.ends_noun_phrase(at) {
                return last;
            }
            if self.kind(at)? != Kind::Word {
                let joins = matches!(self.slice(at), "-" | "‑" | "'" | "’")
                    && self.is_glued(at)
                    && self.is_glued(at + 1);
                if !joins || step == 0 {
                    // "350 рабочих и 40 единиц"
                    return last.filter(|last| self.role(last + 1, Role::And) == Some(at));
                }
                at += 1;
                continue;
            }
            if self.role(at, Role::Plural).is_some() {
                return Some(self.head_of_compound(at));
            }
            if step > 0 && self.role(at, Role::And).is_some() && !self.starts_figure(at) {
                at += 1;
                continue;
            }
            if self.role(at, Role::Stop).is_some() || self.starts_another(at) || self.is_oblique(at, step) {
                return None;
            }
            if self.is_head(at) {
                return Some(at);
            }
            last = Some(at).filter(|at| Language::by_script(self.slice(*at)) == Language::Ru);
            at += 1;
        }
        None
    }

    /// The head behind a collective noun that leads a compound: "members" of "16 crew members".
    fn head_of_compound(&self, at: usize) -> usize {
        let next = at + 1;
        let is_head = Language::by_script(self.slice(at)) == Language::En
            && self.kind(next) == Some(Kind::Word)
            && !self.is_capital(next)
            && self.lexicon.is_plural(self.slice(next))
            && !self.ends_noun_phrase(next)
            && self.change_word(next).is_none()
            && self.role(next, Role::Times).is_none()
            && !self.starts_another(next);
        if is_head { next } else { at }
    }

    /// Whether the Russian word at `at`, `step` words behind its number, is in a case in which nothing is
    /// counted but by one: "в 306 кабинете", "92 вообще". "21 школу" are counted.
    pub(super) fn is_oblique(&self, at: usize, step: usize) -> bool {
        const ENDINGS: [&str; 2] = ["е", "у"];
        const COUNTED: [&str; 4] = ["ие", "ые", "ее", "ье"];
        let word = self.slice(at);
        let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
        let number = at.checked_sub(step + 1).map_or("", |number| self.slice(number));
        let by_one = number.ends_with('1') && !number.ends_with("11");
        let compares = |meaning| {
            matches!(meaning, Meaning::Compared(_) | Meaning::Change(_) | Meaning::Before(_)).then_some(())
        };
        step == 0
            && !self.is_verb(at)
            && self.longest(at, compares).is_none()
            && ends(&ENDINGS)
            && !ends(&COUNTED)
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !by_one
    }

    /// Whether the word at `at` is shaped like what is counted: in English a plural, in Russian no adjective,
    /// and no first part of a word ("койко-мест").
    fn is_head(&self, at: usize) -> bool {
        let word = self.slice(at);
        let language = Language::by_script(word);
        let is_first_part = || {
            matches!(self.slice(at + 1), "-" | "‑")
                && self.is_glued(at + 1)
                && self.is_glued(at + 2)
                && self.kind(at + 2) == Some(Kind::Word)
        };
        self.languages.contains(language)
            && match language {
                Language::Ru => {
                    word.chars().count() > 1 && !self.lexicon.is_adjective(word) && !is_first_part()
                }
                Language::En => self.lexicon.is_plural(word),
            }
    }

    /// The token of the noun behind "1": the last word before the phrase ends.
    pub(super) fn singular_noun(&self, at: usize) -> Option<usize> {
        let word = |at: &usize| {
            self.kind(*at) == Some(Kind::Word)
                && !self.is_glued(*at)
                && !self.is_capital(*at)
                && !self.ends_noun_phrase(*at)
                && !self.starts_figure(*at)
        };
        // "1 ruler and 3 notebooks"
        if word(&at) && self.role(at + 1, Role::And).is_some() {
            return Some(at);
        }
        let last = (at..at + 3).take_while(word).last()?;
        (self.ends_noun_phrase(last + 1) || self.starts_figure(last + 1)).then_some(last)
    }

    fn ends_noun_phrase(&self, at: usize) -> bool {
        match self.kind(at) {
            None => true,
            Some(Kind::Symbol) => self.closes(at),
            Some(Kind::Word) => {
                self.role(at, Role::Stop).is_some() && self.role(at, Role::And).is_none() || self.is_verb(at)
            }
            Some(Kind::Number) => false,
        }
    }

    /// Whether the word at `at` is a verb by its shape: "погибли" of "трое погибли".
    fn is_verb(&self, at: usize) -> bool {
        let word = self.slice(at);
        self.lexicon.is_verb(word) && self.role(at, Role::Plural).is_none()
    }

    /// Whether a figure or a name with a number stands at `at`: "ст. 12" of "пп. 3–5 ст. 12".
    fn starts_another(&self, at: usize) -> bool {
        self.starts_figure(at)
            || self.role(at, Role::Label).is_some_and(|end| self.kind(end) == Some(Kind::Number))
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
