//! Names that are mistyped: what the table beside this file lists, letters that are doubled wrongly ("Morrocco",
//! "Филипины"), words cut in two or run together ("Swit zerland", "saudiarabia"), and one slip within one long word
//! ("Kazakhtsan", "Repulic of Korea"). Likeness alone does not count: a name that two slips lead to another place is no name, and
//! so is one that is a name of something else ("Columbia") or a word made of the place's ("Australian").

use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::FixedState;
use model::place::PlaceId;

use super::key::{fold_characters, is_common, key};

/// Letters of the shortest name in which doubled letters and lost or added spaces are folded: what is shorter may be another
/// word.
const SHORTEST: usize = 6;

/// Letters of the shortest word in which a slip is undone: by itself, and beside another one that tells a place.
const SHORTEST_WORD: usize = 7;
const SHORTEST_BESIDE: usize = 5;

/// Letters of the longest word that is looked at, and of the shortest that tells a place beside another one.
const LONGEST_WORD: usize = 24;
const TELLING: usize = 4;

/// The longest name of a state has ten words; what is longer is no name.
const MOST_WORDS: usize = 16;

/// Mistyped names by their key.
#[derive(Debug, Clone, Default)]
pub(super) struct Misspellings {
    listed: HashMap<String, PlaceId, FixedState>,
    /// The known names that have doubled letters, with these once; `None` where those of several places fall together.
    undoubled: HashMap<String, Option<PlaceId>, FixedState>,
    /// The known names of several words without their spaces; `None` as above.
    unspaced: HashMap<String, Option<PlaceId>, FixedState>,
    /// The words of the known names, and of what is like one and is none. Nothing depends on their order.
    words: HashMap<String, Word, FixedState>,
}

/// What is seen of a word of a name at once.
#[derive(Debug, Clone, Copy)]
struct Word {
    initial: char,
    length: usize,
    /// One bit for each kind of letter in it.
    letters: u64,
    /// Whether a slip may be undone to it; else it only keeps another one from that.
    is_expected: bool,
}

impl Misspellings {
    /// From the keys of the known names, those in other languages, the known names as they are written, and what `place_of`
    /// makes of the codes that the table gives.
    pub(super) fn of<'n>(
        names: impl Iterator<Item = (&'n str, PlaceId)>,
        others: impl Iterator<Item = &'n str>,
        spelt: impl Iterator<Item = (&'n str, PlaceId)>,
        place_of: impl Fn(&str) -> Option<PlaceId>,
    ) -> Self {
        let namesakes: Vec<String> = super::rows(include_str!("namesakes.tsv")).map(key).collect();
        let mut misspellings = Self::default();
        let mut words = HashMap::<&str, bool, FixedState>::default();
        for (key, place) in names {
            let undoubled = without_doubles(key);
            if undoubled != key {
                hold(&mut misspellings.undoubled, undoubled, place);
            }
            words.extend(key.split(' ').map(|word| (word, true)));
        }
        for key in others {
            key.split(' ').for_each(|word| _ = words.entry(word).or_insert(false));
        }
        for key in &namesakes {
            key.split(' ').for_each(|word| _ = words.entry(word).or_insert(false));
        }
        misspellings.words = words
            .into_iter()
            .map(|(word, is_expected)| (word.to_owned(), Word::of(word, is_expected)))
            .collect();
        for (name, place) in spelt.filter(|(name, _)| name.contains([' ', '-'])) {
            hold(&mut misspellings.unspaced, without_spaces(name), place);
        }
        for [name, code] in super::columns(include_str!("misspellings.tsv")) {
            if let Some(place) = place_of(code) {
                misspellings.listed.insert(key(name), place);
            }
        }
        misspellings
    }

    /// The place whose name is mistyped so; `known` tells the place of a key.
    pub(super) fn find(&self, name: &str, known: impl Fn(&str) -> Option<PlaceId>) -> Option<PlaceId> {
        let key = key(name);
        if let Some(&place) = self.listed.get(&key) {
            return Some(place);
        }
        let folded =
            |names: &HashMap<_, Option<PlaceId>, _>, folded: String| match names.get(&folded).copied() {
                _ if folded.chars().count() < SHORTEST => None,
                Some(held) => held.filter(|held| known(&folded).is_none_or(|known| known == *held)),
                None => known(&folded),
            };
        if let Some(place) = folded(&self.undoubled, without_doubles(&key)) {
            return Some(place);
        }
        let words: Vec<&str> = key.split(' ').take(MOST_WORDS + 1).collect();
        if words.len() > MOST_WORDS || words.iter().all(|word| self.words.contains_key(*word)) {
            return None;
        }
        let is_spaced_only = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
        let joined = is_spaced_only.then(|| folded(&self.unspaced, without_spaces(name))).flatten();
        joined.or_else(|| self.corrected(&words, &known))
    }

    /// The place of a name that has one slip in its one unknown word, where no other place is two slips away.
    fn corrected(&self, words: &[&str], known: impl Fn(&str) -> Option<PlaceId>) -> Option<PlaceId> {
        let mut unknown = words.iter().enumerate().filter(|(_, word)| !self.words.contains_key(**word));
        let (Some((at, word)), None) = (unknown.next(), unknown.next()) else { return None };
        let tells = |(other, word): (usize, &&str)| other != at && word.len() >= TELLING && !is_common(word);
        let is_beside = words.iter().enumerate().any(tells);
        let seen = Word::of(word, false);
        let shortest = if is_beside { SHORTEST_BESIDE } else { SHORTEST_WORD };
        if !(shortest..=LONGEST_WORD).contains(&seen.length) {
            return None;
        }
        let alike = || self.words.iter().filter(|(_, other)| seen.may_be_like(other));
        let place_with = |other: &str| known(&with_word(words, at, other));
        let is_near = |(other, traits): &(&String, &Word)| {
            traits.is_expected
                && traits.initial == seen.initial
                && strsim::osa_distance(word, other) == 1
                && is_slip_within(word, other)
        };
        let place = alike().filter(is_near).find_map(|(other, _)| place_with(other))?;
        let is_other = |other: &str| {
            strsim::osa_distance(word, other) <= 2 && place_with(other).is_some_and(|other| other != place)
        };
        let is_alone = !alike().any(|(other, _)| is_other(other));
        is_alone.then_some(place)
    }
}

impl Word {
    fn of(text: &str, is_expected: bool) -> Self {
        let initial = text.chars().next().unwrap_or_default();
        let (mut length, mut letters) = (0, 0);
        for c in text.chars() {
            length += 1;
            letters |= 1 << (u32::from(c) % 64);
        }
        Self { initial, length, letters, is_expected }
    }

    /// Whether two slips may make one word of the other: each adds a letter, takes one or both.
    fn may_be_like(&self, other: &Self) -> bool {
        let are_few = |letters: u64| letters.count_ones() <= 2;
        self.length.abs_diff(other.length) <= 2
            && are_few(self.letters & !other.letters)
            && are_few(other.letters & !self.letters)
    }
}

/// Whether the slip that made `word` of `other` left its first letter and its ending alone, where other words of the place
/// differ: `Australian`, `Украинка`. Letters that change places make no other word of the place.
fn is_slip_within(word: &str, other: &str) -> bool {
    let ending = if word.chars().count() < other.chars().count() { 1 } else { 2 };
    let ending = |word: &str| word.chars().rev().take(ending).collect::<Vec<_>>();
    let sorted = |word: &str| word.chars().collect::<BinaryHeap<_>>().into_sorted_vec();
    word.chars().next() == other.chars().next()
        && (ending(word) == ending(other) || sorted(word) == sorted(other))
}

/// The key of `words` with another word at a place.
fn with_word(words: &[&str], at: usize, word: &str) -> String {
    let mut words = words.to_vec();
    words[at] = word;
    words.sort_unstable();
    words.join(" ")
}

/// Lets `place` hold a name, or nobody where another one does.
fn hold(names: &mut HashMap<String, Option<PlaceId>, FixedState>, name: String, place: PlaceId) {
    let held = names.entry(name).or_insert(Some(place));
    *held = held.filter(|held| *held == place);
}

/// A key with each run of one letter as one.
fn without_doubles(key: &str) -> String {
    let mut single = String::with_capacity(key.len());
    for c in key.chars() {
        if !(single.ends_with(c) && c.is_alphabetic()) {
            single.push(c);
        }
    }
    single
}

/// A name's letters.
fn without_spaces(name: &str) -> String {
    let mut letters = fold_characters(name);
    letters.retain(|c| c != ' ');
    letters
}

#[cfg(test)]
mod tests {
    use model::place::PlaceId;

    use super::Misspellings;

    #[test]
    fn slips_are_undone_where_one_place_is_left() {
        let names = [
            ("morocco", PlaceId(1)),
            ("philippines", PlaceId(2)),
            ("mannar", PlaceId(3)),
            ("manar", PlaceId(4)),
            ("kazakhstan", PlaceId(6)),
            ("north testland", PlaceId(7)),
            ("south testland", PlaceId(8)),
            ("testlund", PlaceId(9)),
            ("testlands", PlaceId(10)),
        ];
        let place_of = |code: &str| (code == "VEN").then_some(PlaceId(5));
        let spelt = [("Two Words", PlaceId(11))];
        let misspellings =
            Misspellings::of(names.into_iter(), std::iter::empty(), spelt.into_iter(), place_of);
        let known = |key: &str| names.iter().find(|(name, _)| *name == key).map(|(_, place)| *place);
        let cases = [
            ("morrocco", Some(1)),
            ("moroco", Some(1)),
            ("phillipines", Some(2)),
            ("venezula", Some(5)),
            ("venezulla", None),
            ("mannarr", None),
            ("morucco", Some(1)),
            ("moruco", None),
            ("morokko", None),
            ("moroccan", None),
            ("moroccos", None),
            ("lorocco", None),
            ("kazakhtsan", Some(6)),
            ("kazahkstan", Some(6)),
            ("kazkhastan", None),
            ("kazakhsta", None),
            ("kazakhstna", Some(6)),
            ("testlond", None),
            ("north tesstland", Some(7)),
            ("north testlend", Some(7)),
            ("nroth testland", Some(7)),
            ("nouth testland", None),
            ("testlandian", None),
            ("east testlend", None),
            ("two words", Some(11)),
            ("twowords", Some(11)),
            ("two wo rds", Some(11)),
            ("two, words", None),
            ("", None),
        ];
        for (key, expected) in cases {
            assert_eq!(misspellings.find(key, known), expected.map(PlaceId), "{key}");
        }
    }

    #[test]
    fn no_row_is_another_place_s_name() {
        let places = super::super::Places::builtin();
        for [name, code] in super::super::columns::<2>(include_str!("misspellings.tsv")) {
            assert_eq!(places.find(name).map(|id| places.get(id).code.as_str()), Some(code), "{name}");
        }
        for name in super::super::rows(include_str!("namesakes.tsv")) {
            assert_eq!(places.find(name), None, "{name}");
        }
        for [name, code] in super::super::columns::<2>(include_str!("other_languages.tsv")) {
            assert_eq!(places.find(name).map(|id| places.get(id).code.as_str()), Some(code), "{name}");
        }
    }
}
