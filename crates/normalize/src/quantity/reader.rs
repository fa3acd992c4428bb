//! A text as looked-up tokens, and the questions that the grammar asks of it.

use model::figure::Comparator;
use rust_decimal::Decimal;

use crate::language::{Language, Languages};
use crate::quantity::lexicon::{Entry, Lexicon, ROOT, lexicon};
use crate::quantity::literal::Separator;
use crate::quantity::meaning::{Meaning, Role, Sorts, UnitWord};
use crate::quantity::token::{Kind, Token, tokens};
use crate::quantity::{Convention, Course};

/// A text under the grammar.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) languages: Languages,
    pub(super) convention: Convention,
    pub(super) lexicon: &'static Lexicon,
    /// The first and the last token that is no symbol.
    pub(super) written: Option<(usize, usize)>,
    /// Its sentences, one behind the other.
    sentences: Vec<Sentence>,
    /// For each token where it stands.
    places: Vec<Place>,
}

/// What a sentence says of change.
#[derive(Debug, Clone, Copy, Default)]
struct Sentence {
    /// The first token that speaks of it.
    change: Option<usize>,
    /// Whether a verb or noun of change governs the sentence, and not "больше" alone.
    governed: bool,
}

/// Where a token stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The index of its sentence.
    sentence: u32,
    /// The last word of the sentence, before the token, that tells the way of a change.
    course: Option<CourseWord>,
}

/// A word that tells the way of a change.
#[derive(Debug, Clone, Copy)]
pub(super) struct CourseWord {
    /// The token behind it.
    pub(super) end: usize,
    /// The way.
    pub(super) course: Course,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, languages: Languages, convention: Convention) -> Self {
        let lexicon = lexicon();
        let tokens = tokens(text, lexicon);
        let is_written = |token: &Token| token.kind != Kind::Symbol;
        let written = tokens.iter().position(is_written).zip(tokens.iter().rposition(is_written));
        let mut reader = Self {
            text,
            tokens,
            languages,
            convention,
            lexicon,
            written,
            sentences: Vec::new(),
            places: Vec::new(),
        };
        reader.find_sentences();
        reader
    }

    fn find_sentences(&mut self) {
        self.places.reserve(self.tokens.len());
        let mut sentence = Sentence::default();
        let mut course: Option<CourseWord> = None;
        for at in 0..self.tokens.len() {
            if at > 0 && self.ends_sentence(at - 1) {
                self.sentences.push(std::mem::take(&mut sentence));
                course = None;
            }
            self.places.push(Place { sentence: self.sentences.len() as u32, course });
            if !self.is_known(at) {
                continue;
            }
            if !sentence.governed
                && let Some((end, _)) = self.change_word(at)
                && !self.is_hedge(at, end)
            {
                sentence.change.get_or_insert(at);
                sentence.governed =
                    self.longest(at, |meaning| matches!(meaning, Meaning::Before(_)).then_some(())).is_none();
            }
            // "growth" in "negative growth" has been read.
            if course.is_none_or(|word| word.end <= at) {
                course = self.course_word(at).or(course);
            }
        }
        self.sentences.push(sentence);
    }

    /// The sentence of token `at`.
    fn sentence(&self, at: usize) -> Option<&Sentence> {
        self.places.get(at).map(|place| &self.sentences[place.sentence as usize])
    }

    /// The verb or noun of change at `at`, and the token behind it.
    pub(super) fn change_word(&self, at: usize) -> Option<(usize, Course)> {
        self.longest_of(Sorts::CHANGE, at, |meaning| match meaning {
            Meaning::Change(course) => Some(course),
            _ => None,
        })
    }

    /// The word at `at` that tells the way of a change. "Up" in "up to" tells none.
    fn course_word(&self, at: usize) -> Option<CourseWord> {
        let sorts = Sorts::CHANGE.or(Sorts::COURSE);
        let (end, course) = self.longest_of(sorts, at, |meaning| match meaning {
            Meaning::Change(course) | Meaning::Course(course) => Some(course),
            _ => None,
        })?;
        (course != Course::Unsaid && !self.is_hedge(at, end)).then_some(CourseWord { end, course })
    }

    /// Whether the word of change from `at` to `end` begins a hedge: "up" in "up to".
    fn is_hedge(&self, at: usize, end: usize) -> bool {
        let hedge = self.longest_of(Sorts::BEFORE, at, |meaning| {
            (meaning == Meaning::Before(Comparator::LessOrEqual)).then_some(())
        });
        hedge.is_some_and(|(behind, ())| behind > end)
    }

    /// The last word of the sentence before token `at` that tells the way of a change.
    pub(super) fn course_before(&self, at: usize) -> Option<CourseWord> {
        self.places.get(at).and_then(|place| place.course).filter(|word| word.end <= at)
    }

    /// The way that a word right behind a figure tells: "13 % lower", "a 13 % drop", "на 13 % ниже".
    /// One word may stand between: "a 13 % annual drop".
    pub(super) fn course_behind(&self, end: usize) -> Option<Course> {
        let tells = |at| {
            let found = self.longest(at, |meaning| match meaning {
                Meaning::Change(course) | Meaning::Course(course) | Meaning::Compared(course) => Some(course),
                _ => None,
            });
            found.map(|(_, course)| course).filter(|course| *course != Course::Unsaid)
        };
        let at = self.behind_hyphen(end);
        let joins = [Role::And, Role::Stop, Role::Time, Role::Span];
        let is_between = self.kind(at) == Some(Kind::Word)
            && Language::by_script(self.slice(at)) == Language::En
            && joins.into_iter().all(|role| self.role(at, role).is_none());
        let mut behind = at + 1;
        // "a 13 % year-on-year drop"
        while matches!(self.slice(behind), "-" | "‑" | "‐") && self.is_glued(behind + 1) {
            behind += 2;
        }
        tells(at).or_else(|| if is_between { tells(behind) } else { None })
    }

    /// Whether a sentence ends with token `at`: by its sign, and a dot by what follows.
    fn ends_sentence(&self, at: usize) -> bool {
        let Some(next) = self.tokens.get(at + 1) else { return true };
        match self.slice(at) {
            "!" | "?" | ";" => true,
            "." => !next.glued && (next.line_start || self.is_capital(at + 1)),
            _ => next.line_start,
        }
    }

    /// Whether a word of change stands in the sentence of token `at`.
    pub(super) fn speaks_of_change(&self, at: usize) -> bool {
        self.sentence(at).is_some_and(|sentence| sentence.change.is_some())
    }

    /// Whether a verb or noun of change stands in the sentence of token `at`, so that "from X to Y" are
    /// two levels.
    pub(super) fn is_governed(&self, at: usize) -> bool {
        self.sentence(at).is_some_and(|sentence| sentence.governed)
    }

    /// Whether token `at` is a sign behind which no phrase goes on.
    pub(super) fn closes(&self, at: usize) -> bool {
        matches!(self.slice(at), "." | "," | ";" | ")" | "!" | "?" | ":" | "»" | "”" | "“" | "\"" | "…" | "]")
    }

    /// Whether a word of change stands in the sentence of token `at`, before it.
    pub(super) fn change_before(&self, at: usize) -> bool {
        self.sentence(at).and_then(|sentence| sentence.change).is_some_and(|first| first < at)
    }

    /// The text of token `at`; empty behind the last.
    pub(super) fn slice(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    /// The kind of token `at`.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether token `at` stands right behind the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    /// Whether token `at` begins with a capital letter.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.slice(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether some form begins with token `at`.
    pub(super) fn is_known(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.node != ROOT)
    }

    /// The longest form at token `at` that `pick` takes: the token behind it, and what was picked.
    pub(super) fn longest<T>(&self, at: usize, pick: impl Fn(Meaning) -> Option<T>) -> Option<(usize, T)> {
        let mut node = self.tokens.get(at)?.node;
        if node == ROOT {
            return None;
        }
        let mut end = at + 1;
        let mut best = None;
        loop {
            if let Some((entry, picked)) = self.pick(node, at, end, &pick) {
                best = Some((self.with_dot(entry, end), picked));
            }
            match self.step(node, end) {
                Some((next, behind)) => (node, end) = (next, behind),
                None => return best,
            }
        }
    }

    /// The same where what `pick` takes is of some sorts alone, which is soon known not to be there.
    #[inline]
    pub(super) fn longest_of<T>(
        &self,
        sorts: Sorts,
        at: usize,
        pick: impl Fn(Meaning) -> Option<T>,
    ) -> Option<(usize, T)> {
        if self.may_mean(sorts, at) { self.longest(at, pick) } else { None }
    }

    /// Whether forms that begin with token `at` may mean something of these sorts.
    #[inline]
    fn may_mean(&self, sorts: Sorts, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.reach.meets(sorts))
    }

    fn pick<T>(
        &self,
        node: u32,
        at: usize,
        end: usize,
        pick: &impl Fn(Meaning) -> Option<T>,
    ) -> Option<(&'static Entry, T)> {
        let mut best = None;
        for entry in self.lexicon.entries(node) {
            if !entry.languages.meets(self.languages) {
                continue;
            }
            if entry.exact.as_deref().is_some_and(|exact| !self.is_spelled(exact, at, end)) {
                continue;
            }
            let exacter = |found: &(&Entry, T)| entry.exact.is_some() && found.0.exact.is_none();
            if best.as_ref().is_none_or(exacter) {
                best = pick(entry.meaning).map(|picked| (entry, picked)).or(best);
            }
        }
        best
    }

    /// The node behind `node` along the token at `end`, and the token behind it. Dots and glued
    /// hyphens between words may be there or not; digits must be glued ("m3"), but for the
    /// hundreds of "per 100 km".
    fn step(&self, node: u32, end: usize) -> Option<(u32, usize)> {
        let token = self.tokens.get(end)?;
        let is_hundred = token.end - token.start > 2;
        if token.kind == Kind::Number && !token.glued && !is_hundred {
            return None;
        }
        if let Some(next) = self.lexicon.step(node, token.word) {
            return Some((next, end + 1));
        }
        if !token.glued || !matches!(self.slice(end), "." | "-" | "‑" | "‐" | "·" | "⋅" | "*" | "×") {
            return None;
        }
        let behind = self.tokens.get(end + 1)?;
        if behind.kind == Kind::Number || (!behind.glued && self.slice(end) != ".") {
            return None;
        }
        Some((self.lexicon.step(node, behind.word)?, end + 2))
    }

    /// Compares letters and signs; white space, dots and hyphens are free, but behind a first letter
    /// alone: "A $5 note" is no Australian money.
    fn is_spelled(&self, exact: &str, at: usize, end: usize) -> bool {
        let significant = |c: &char| !c.is_whitespace() && !matches!(c, '.' | '-');
        let text = &self.text[self.tokens[at].start..self.tokens[end - 1].end];
        let mut letters = exact.chars();
        let by_letter = letters.next().is_some_and(char::is_alphabetic)
            && letters.next().is_some_and(|c| !c.is_alphanumeric() && !matches!(c, '.' | ' '));
        text == exact || !by_letter && text.chars().filter(significant).eq(exact.chars().filter(significant))
    }

    /// The token behind an abbreviation's dot. A dot that may end an English sentence is left: one
    /// before a capital that opens no unit ("mln. USD").
    fn with_dot(&self, entry: &Entry, end: usize) -> usize {
        if !(entry.dot && self.slice(end) == "." && self.is_glued(end)) {
            return end;
        }
        let ends = match self.tokens.get(end + 1) {
            None => true,
            Some(next) => next.line_start || self.is_capital(end + 1) && !self.opens_unit(end + 1),
        };
        let inner_dot = end > 1 && self.slice(end - 2) == ".";
        // "млн", "млрд" have none of their own, as "тыс." and "руб." have.
        let is_clipped =
            matches!(entry.meaning, Meaning::Magnitude(factor, _) if factor > Decimal::ONE_THOUSAND);
        let is_russian = Language::by_script(self.slice(end - 1)) == Language::Ru;
        let keeps_last = is_russian && !is_clipped || inner_dot;
        if keeps_last || !ends { end + 1 } else { end }
    }

    /// Whether token `at` by itself names a unit.
    fn opens_unit(&self, at: usize) -> bool {
        let node = self.tokens.get(at).map_or(ROOT, |token| token.node);
        let names = |entry: &Entry| {
            matches!(entry.meaning, Meaning::Unit(_))
                && entry.exact.as_deref().is_none_or(|exact| self.is_spelled(exact, at, at + 1))
        };
        self.lexicon.entries(node).iter().any(names)
    }

    /// The token behind the longest form at `at` with that role. It is asked of every token, and most have none.
    #[inline]
    pub(super) fn role(&self, at: usize, role: Role) -> Option<usize> {
        if self.may_mean(Sorts::of_role(role), at) { self.form_with_role(at, role) } else { None }
    }

    fn form_with_role(&self, at: usize, role: Role) -> Option<usize> {
        self.longest(at, |meaning| (meaning == Meaning::Role(role)).then_some(())).map(|(end, ())| end)
    }

    /// Whether the token before `at` is a word with that role; a dot behind it is skipped.
    pub(super) fn role_before(&self, at: usize, role: Role) -> bool {
        let Some(last) = at.checked_sub(1) else { return false };
        let word = if self.slice(last) == "." && last > 0 { last - 1 } else { last };
        self.role(word, role).is_some_and(|end| end == at || end == last)
            || word > 0 && self.role(word - 1, role) == Some(at)
    }

    /// The unit named at `at`, and the token behind it.
    pub(super) fn unit(&self, at: usize) -> Option<(usize, UnitWord)> {
        self.longest_of(Sorts::UNIT, at, |meaning| match meaning {
            Meaning::Unit(index) => Some(self.lexicon.unit(index)),
            _ => None,
        })
    }

    /// The unit named at `at` by a form that also names money, and the token behind it.
    pub(super) fn measure(&self, at: usize) -> Option<(usize, UnitWord)> {
        self.longest_of(Sorts::UNIT, at, |meaning| match meaning {
            Meaning::Unit(index) => Some(self.lexicon.unit(index)).filter(|unit| !unit.kind.is_money()),
            _ => None,
        })
    }

    /// The magnitude named at `at`, and the token behind it.
    pub(super) fn magnitude(&self, at: usize) -> Option<(usize, Decimal)> {
        self.longest_of(Sorts::MAGNITUDE, at, |meaning| match meaning {
            Meaning::Magnitude(factor, _) => Some(factor),
            _ => None,
        })
    }

    /// Skips a hyphen that joins two words.
    pub(super) fn behind_hyphen(&self, at: usize) -> usize {
        let joins = matches!(self.slice(at), "-" | "‑" | "‐") && self.is_glued(at) && self.is_glued(at + 1);
        if joins && self.kind(at + 1) == Some(Kind::Word) { at + 1 } else { at }
    }

    /// What the language of the nearest word behind token `at`, or else before it, writes before
    /// decimals, as its script tells.
    pub(super) fn decimal_mark(&self, at: usize) -> Separator {
        let word = |at: &usize| self.kind(*at) == Some(Kind::Word);
        let near = (at + 1..at + 4).find(word).or_else(|| (at.saturating_sub(3)..at).rev().find(word));
        let language = match near {
            Some(at) => Language::by_script(self.slice(at)),
            None if self.languages.contains(Language::En) => Language::En,
            None => Language::Ru,
        };
        match language {
            Language::En => Separator::Point,
            Language::Ru => Separator::Comma,
        }
    }
}
