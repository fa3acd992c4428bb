//! Names that are mistyped: what the table beside this file lists, and letters that are doubled wrongly ("Morrocco",
//! "Phillipines", "Филипины"). Likeness does not count: a slip that no row has is no name.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::place::PlaceId;

use super::key::key;

/// Letters of the shortest name in which doubled letters are folded: what is shorter may be another word.
const SHORTEST: usize = 6;

/// Mistyped names by their key.
#[derive(Debug, Clone, Default)]
pub(super) struct Misspellings {
    listed: HashMap<String, PlaceId, FixedState>,
    /// The known names with each letter once where it is doubled; `None` where those of several places fall together.
    undoubled: HashMap<String, Option<PlaceId>, FixedState>,
}

impl Misspellings {
    /// From the keys of the known names, and what `place_of` makes of the codes that the table gives.
    pub(super) fn of<'n>(
        names: impl Iterator<Item = (&'n str, PlaceId)>,
        place_of: impl Fn(&str) -> Option<PlaceId>,
    ) -> Self {
        let mut misspellings = Self::default();
        for (key, place) in names {
            let held = misspellings.undoubled.entry(without_doubles(key)).or_insert(Some(place));
            *held = held.filter(|held| *held == place);
        }
        for [name, code] in super::columns(include_str!("misspellings.tsv")) {
            if let Some(place) = place_of(code) {
                misspellings.listed.insert(key(name), place);
            }
        }
        misspellings
    }

    /// The place whose name is mistyped so.
    pub(super) fn find(&self, key: &str) -> Option<PlaceId> {
        if let Some(&place) = self.listed.get(key) {
            return Some(place);
        }
        let single = without_doubles(key);
        if single.chars().count() < SHORTEST { None } else { self.undoubled.get(&single).copied()? }
    }
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

#[cfg(test)]
mod tests {
    use model::place::PlaceId;

    use super::Misspellings;

    #[test]
    fn doubled_letters_are_one_where_one_place_is_left() {
        let names = [
            ("morocco", PlaceId(1)),
            ("philippines", PlaceId(2)),
            ("mannar", PlaceId(3)),
            ("manar", PlaceId(4)),
        ];
        let names = Misspellings::of(names.into_iter(), |code| (code == "VEN").then_some(PlaceId(5)));
        let cases = [
            ("morrocco", Some(1)),
            ("moroco", Some(1)),
            ("phillipines", Some(2)),
            ("venezula", Some(5)),
            ("venezulla", None),
            ("mannarr", None),
            ("morucco", None),
            ("", None),
        ];
        for (key, expected) in cases {
            assert_eq!(names.find(key), expected.map(PlaceId), "{key}");
        }
    }

    #[test]
    fn no_row_is_another_place_s_name() {
        let places = super::super::Places::builtin();
        for [name, code] in super::super::columns::<2>(include_str!("misspellings.tsv")) {
            assert_eq!(places.find(name).map(|id| places.get(id).code.as_str()), Some(code), "{name}");
        }
    }
}
