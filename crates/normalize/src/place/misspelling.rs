//! Names that are mistyped: what the table beside this file lists, letters that are doubled wrongly ("Morrocco",
//! "Филипины"), words cut in two or run together ("Swit zerland", "saudiarabia"). Likeness does not count:
//! what else a slip may have made of a name is proposed, and never taken for it.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::place::PlaceId;

use super::key::{fold_characters, key};

/// Letters of the shortest name in which doubled letters and lost or added spaces are folded: what is shorter may be another
/// word.
const SHORTEST: usize = 6;

/// Mistyped names by their key.
#[derive(Debug, Clone, Default)]
pub(super) struct Misspellings {
    listed: HashMap<String, PlaceId, FixedState>,
    /// The known names that have doubled letters, with these once; `None` where those of several places fall together.
    undoubled: HashMap<String, Option<PlaceId>, FixedState>,
    /// The known names of several words without their spaces; `None` as above.
    unspaced: HashMap<String, Option<PlaceId>, FixedState>,
}

impl Misspellings {
    /// From the keys of the known names, the known names as they are written, and what `place_of` makes of the codes that the
    /// table gives.
    pub(super) fn of<'n>(
        names: impl Iterator<Item = (&'n str, PlaceId)>,
        spelt: impl Iterator<Item = (&'n str, PlaceId)>,
        place_of: impl Fn(&str) -> Option<PlaceId>,
    ) -> Self {
        let mut misspellings = Self::default();
        for (key, place) in names {
            let undoubled = without_doubles(key);
            if undoubled != key {
                hold(&mut misspellings.undoubled, undoubled, place);
            }
        }
        for (name, place) in spelt.filter(|(name, _)| is_of_whole_words(name)) {
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
        let is_spaced_only = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
        is_spaced_only.then(|| folded(&self.unspaced, without_spaces(name))).flatten()
    }
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

/// Whether a name has several words, and none is cut short to a letter: "Sarabia" is no "S. Arabia".
fn is_of_whole_words(name: &str) -> bool {
    let mut words = name.split([' ', '-']);
    name.contains([' ', '-']) && words.all(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1)
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
        let misspellings = Misspellings::of(names.into_iter(), spelt.into_iter(), place_of);
        let known = |key: &str| names.iter().find(|(name, _)| *name == key).map(|(_, place)| *place);
        let cases = [
            ("morrocco", Some(1)),
            ("moroco", Some(1)),
            ("phillipines", Some(2)),
            ("venezula", Some(5)),
            ("venezulla", None),
            ("mannarr", None),
            ("morucco", None),
            ("moruco", None),
            ("morokko", None),
            ("moroccan", None),
            ("moroccos", None),
            ("lorocco", None),
            ("kazakhtsan", None),
            ("kazahkstan", None),
            ("kazkhastan", None),
            ("kazakhsta", None),
            ("kazakhstna", None),
            ("testlond", None),
            ("north tesstland", Some(7)),
            ("north testlend", None),
            ("nroth testland", None),
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
        for [name, code] in super::super::columns::<2>(include_str!("other_languages.tsv")) {
            assert_eq!(places.find(name).map(|id| places.get(id).code.as_str()), Some(code), "{name}");
        }
    }
}
