//! Names whose words are cut short: "Papua N. Guinea", "Jordan, H.K.", "Сауд. Аравия". A word with a dot
//! stands for each longer word that begins with it; a name counts where all that it may be are one place.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::place::PlaceId;

use super::key;

/// The most words of a name that are cut short.
const MOST_CUT: usize = 6;

/// Letters that a cut word needs to tell a place without any whole word: `Kor.` of `Rep. Kor.`.
const TELLING: usize = 3;

/// Letters that a cut word needs to tell a place alone.
const ALONE: usize = 5;

/// A name by its folded words.
#[derive(Debug, Clone)]
struct Known {
    words: Vec<Word>,
    place: PlaceId,
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    /// Initials are not cut shorter: `SR Vietnam` does not make a name of "S. Vietnam".
    is_initials: bool,
}

/// The names whose words are written out, by each of their words.
#[derive(Debug, Clone, Default)]
pub(super) struct FullNames {
    by_word: HashMap<String, Vec<Known>, FixedState>,
}

/// The words of a name, whole and cut short.
#[derive(Debug, Default)]
struct Words {
    whole: Vec<String>,
    cut: Vec<String>,
}

impl FullNames {
    /// Keeps those of `names` that are not cut short themselves.
    pub(super) fn of<'n>(names: impl Iterator<Item = (&'n str, PlaceId)>) -> Self {
        let mut full = Self::default();
        for (name, place) in names.filter(|(name, _)| !name.contains('.')) {
            let initials: Vec<String> = name
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| are_initials(word))
                .map(key::fold_characters)
                .collect();
            let key = key::key(name);
            let word =
                |text: &str| Word { text: text.to_owned(), is_initials: initials.iter().any(|i| i == text) };
            let words: Vec<Word> = key.split(' ').map(word).collect();
            for word in &words {
                let known = Known { words: words.clone(), place };
                full.by_word.entry(word.text.clone()).or_default().push(known);
            }
        }
        full
    }

    /// The place of a name with words that are cut short; `None` where no word is, or several places
    /// have such a name.
    pub(super) fn find(&self, name: &str) -> Option<PlaceId> {
        let words = Words::of(name)?;
        if let ([], [word]) = (&words.whole[..], &words.cut[..]) {
            return self.find_one(word);
        }
        let rarest = words
            .whole
            .iter()
            .map(|word| self.by_word.get(word))
            .min_by_key(|known| known.map_or(0, Vec::len))??;
        let mut agreed = None;
        for known in rarest.iter().filter(|known| words.may_be(&known.words)) {
            if agreed.is_some_and(|agreed| agreed != known.place) {
                return None;
            }
            agreed = Some(known.place);
        }
        agreed
    }
}

impl FullNames {
    /// The place of a single word that is cut short, "Великобрит.": one place has a name of one such word, and no other
    /// place has such a word in its names.
    fn find_one(&self, cut: &str) -> Option<PlaceId> {
        if cut.chars().count() < ALONE {
            return None;
        }
        let begun = self.by_word.iter().filter(|(word, _)| word.starts_with(cut));
        let mut names = begun.flat_map(|(_, names)| names).peekable();
        let place = names.peek()?.place;
        let mut is_name = false;
        for name in names {
            if name.place != place {
                return None;
            }
            is_name |= name.words.len() == 1 && !name.words[0].is_initials;
        }
        is_name.then_some(place)
    }
}

impl Words {
    /// `None` where no word is cut short, or too many are, or none tells a place.
    fn of(name: &str) -> Option<Self> {
        if !name.contains('.') {
            return None;
        }
        let mut words = Self::default();
        let mut pieces = name.split('.').peekable();
        while let Some(piece) = pieces.next() {
            let folded = key::fold_characters(piece);
            let mut rest = folded.split_whitespace().peekable();
            while let Some(word) = rest.next() {
                let has_dot = rest.peek().is_none() && pieces.peek().is_some();
                match key::read_as(word) {
                    Some("") => {}
                    Some(read_as) => words.whole.push(read_as.to_owned()),
                    None if has_dot || is_capital(word, piece) => words.cut.push(word.to_owned()),
                    None => words.whole.push(word.to_owned()),
                }
            }
        }
        let tells = words.whole.iter().any(|word| !key::is_common(word))
            || words.cut.iter().any(|word| word.chars().count() >= TELLING);
        (tells && (1..=MOST_CUT).contains(&words.cut.len())).then_some(words)
    }

    /// Whether a name of the words `known` may be cut short to these.
    fn may_be(&self, known: &[Word]) -> bool {
        if known.len() != self.whole.len() + self.cut.len() {
            return false;
        }
        let mut rest: Vec<&Word> = known.iter().collect();
        for word in &self.whole {
            match rest.iter().position(|known| known.text == *word) {
                Some(at) => rest.swap_remove(at),
                None => return false,
            };
        }
        may_begin(&self.cut, &rest)
    }
}

/// Whether each of `cut` begins another one of `words`, which are as many.
fn may_begin(cut: &[String], words: &[&Word]) -> bool {
    let Some((first, others)) = cut.split_first() else { return true };
    let begins = |word: &Word| !word.is_initials && word.text.starts_with(first.as_str());
    (0..words.len()).filter(|&at| begins(words[at])).any(|at| {
        let rest = [&words[..at], &words[at + 1..]].concat();
        may_begin(others, &rest)
    })
}

/// Whether a folded word of `piece` is a capital letter there: a small one is a mark, as in `Korea, Rep. (p)`.
fn is_capital(word: &str, piece: &str) -> bool {
    word.chars().nth(1).is_none()
        && piece.split(|c: char| !c.is_alphanumeric()).any(|written| {
            let mut letters = written.chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_none()
                && key::fold_characters(written) == word
        })
}

/// Whether a word of a name is written in capitals only.
fn are_initials(word: &str) -> bool {
    word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase)
}
