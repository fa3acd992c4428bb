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

/// A name by its folded words.
#[derive(Debug, Clone)]
struct Known {
    words: Vec<String>,
    place: PlaceId,
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
    /// Keeps those of `names` that hold no abbreviation themselves.
    pub(super) fn of<'n>(names: impl Iterator<Item = (&'n str, PlaceId)>) -> Self {
        let mut full = Self::default();
        for (name, place) in names.filter(|(name, _)| is_written_out(name)) {
            let words: Vec<String> = key::key(name).split(' ').map(str::to_owned).collect();
            for word in &words {
                let known = Known { words: words.clone(), place };
                full.by_word.entry(word.clone()).or_default().push(known);
            }
        }
        full
    }

    /// The place of a name with words that are cut short; `None` where no word is, or several places
    /// have such a name.
    pub(super) fn find(&self, name: &str) -> Option<PlaceId> {
        let words = Words::of(name)?;
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
                    None if has_dot || is_letter(word) => words.cut.push(word.to_owned()),
                    None => words.whole.push(word.to_owned()),
                }
            }
        }
        let tells = words.whole.iter().any(|word| !key::is_common(word))
            || words.cut.iter().any(|word| word.chars().count() >= TELLING);
        (tells && (1..=MOST_CUT).contains(&words.cut.len())).then_some(words)
    }

    /// Whether a name of the words `known` may be cut short to these.
    fn may_be(&self, known: &[String]) -> bool {
        if known.len() != self.whole.len() + self.cut.len() {
            return false;
        }
        let mut rest: Vec<&str> = known.iter().map(String::as_str).collect();
        for word in &self.whole {
            match rest.iter().position(|known| known == word) {
                Some(at) => rest.swap_remove(at),
                None => return false,
            };
        }
        may_begin(&self.cut, &rest)
    }
}

/// Whether each of `cut` begins another one of `words`, which are as many.
fn may_begin(cut: &[String], words: &[&str]) -> bool {
    let Some((first, others)) = cut.split_first() else { return true };
    (0..words.len()).filter(|&at| words[at].starts_with(first.as_str())).any(|at| {
        let rest = [&words[..at], &words[at + 1..]].concat();
        may_begin(others, &rest)
    })
}

fn is_letter(word: &str) -> bool {
    word.chars().nth(1).is_none() && word.chars().all(char::is_alphabetic)
}

/// Whether a name holds no dot and no initials: `SR Vietnam` would make "S. Vietnam" one of its forms.
fn is_written_out(name: &str) -> bool {
    let are_initials = |word: &str| word.chars().nth(1).is_some() && word.chars().all(|c| c.is_uppercase());
    !name.contains('.') && !name.split(|c: char| !c.is_alphabetic()).any(are_initials)
}
