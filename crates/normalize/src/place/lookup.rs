//! How a name is looked up among the known ones: as it stands, without its notes, inflected, cut short, or with
//! what says more of the same place. Which names there are is told by the tables; how each is cut into its parts,
//! by the modules beside this one.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use model::place::PlaceId;

use super::abbreviation::FullNames;
use super::key::{self, key};
use super::misspelling::Misspellings;
use super::years::{self, Years};
use super::{Holder, Part, Places, inflection, notes, relation};
use crate::evidence::clean;

impl Places {
    /// The place of a name by all ways but the exact one.
    pub(super) fn find_folded(&self, name: &str) -> Option<PlaceId> {
        let readable = clean(name).text;
        let name = readable.as_ref();
        if self.joins_places(name) {
            return None;
        }
        let bare = notes::without_notes(name);
        self.find_name(name)
            .or_else(|| self.find_agreeing(name))
            .or_else(|| {
                let noted = bare != name;
                noted.then(|| self.find_name(bare).or_else(|| self.find_agreeing(bare))).flatten()
            })
            .or_else(|| self.find_inflected(bare))
            .or_else(|| self.find_abbreviated(bare))
            .or_else(|| self.find_without_others(bare))
            .or_else(|| self.find_with_parts(bare))
            .or_else(|| self.find_renamed(bare))
            .or_else(|| self.find_dated(bare))
            .or_else(|| self.find_misspelt(bare))
    }

    /// The place of a name that may be another one's spoilt: no more is undone in it.
    pub(super) fn find_written(&self, name: &str) -> Option<PlaceId> {
        if self.joins_places(name) {
            return None;
        }
        self.find_name(name).or_else(|| self.find_agreeing(name))
    }

    fn find_name(&self, name: &str) -> Option<PlaceId> {
        match self.holder(&key(name))? {
            Holder::One(id) => Some(id),
            Holder::InCapitals(id) => is_in_capitals(name).then_some(id),
        }
    }

    /// What a folded key names.
    fn holder(&self, key: &str) -> Option<Holder> {
        let in_other_language = || self.other_languages().get(key).copied().map(Holder::One);
        self.names.get(key).copied().or_else(in_other_language)
    }

    fn other_languages(&self) -> &HashMap<String, PlaceId, FixedState> {
        self.other_languages.get_or_init(|| {
            let rows = super::columns(include_str!("other_languages.tsv"));
            rows.filter_map(|[name, code]| Some((key(name), *self.codes.get(code)?))).collect()
        })
    }

    /// Whether a name joins two places: "China and Hong Kong" is more than Hong Kong, China.
    fn joins_places(&self, name: &str) -> bool {
        let known = |name: &str| self.codes.get(name).copied().or_else(|| self.find_name(name));
        relation::joined(name)
            .filter_map(|(one, other)| Some((known(one)?, known(other)?)))
            .any(|(a, b)| a != b)
    }

    /// The place of a name with words that are cut short: `Papua N. Guinea`.
    fn find_abbreviated(&self, name: &str) -> Option<PlaceId> {
        let names = || FullNames::of(self.spelt.iter().map(|(name, id)| (name.as_str(), *id)));
        if !name.contains('.') {
            return None;
        }
        self.full_names.get_or_init(names).find(name)
    }

    /// The place of a name that leaves other places out, each of which has a name of its own here: what
    /// is left is what its code means. So is what the state's own statistics leave out: `Ukraine (excl. Crimea)`, but
    /// `France (excl. Corsica)` is less than that.
    fn find_without_others(&self, name: &str) -> Option<PlaceId> {
        let (whole, left_out) = relation::left_out(name)?;
        let whole = self.find_name(whole)?;
        let is_other = |name: &str| {
            let other = self.find_name(name).or_else(|| self.find_inflected(name));
            let is_uncounted =
                || self.part(name).is_some_and(|part| part.state == whole && part.may_be_left_out);
            other.map_or_else(is_uncounted, |other| other != whole)
        };
        let are_others = is_other(left_out) || relation::listed(left_out).into_iter().all(is_other);
        (are_others && self.get(whole).alpha2.is_some()).then_some(whole)
    }

    /// The place of a name that takes parts of it in, which it has anyway: `Spain (incl. Canary Islands)`.
    fn find_with_parts(&self, name: &str) -> Option<PlaceId> {
        let (whole, taken_in) = relation::taken_in(name)?;
        let whole = self.find_name(whole)?;
        let is_part =
            |name: &str| self.part(name).is_some_and(|part| part.state == whole && part.may_be_taken_in);
        let are_parts = is_part(taken_in) || relation::listed(taken_in).into_iter().all(is_part);
        are_parts.then_some(whole)
    }

    /// The place of a name with years in which its borders were those of today: `Germany (1990-)`, `Kenya, 2014`.
    fn find_dated(&self, name: &str) -> Option<PlaceId> {
        years::dated(name).find_map(|(name, years)| {
            let place = self.find_name(name).or_else(|| self.find_agreeing(name))?;
            (self.is_of_today(place, years) && self.get(place).alpha2.is_some()).then_some(place)
        })
    }

    /// Whether a state had the borders of today in some years.
    fn is_of_today(&self, place: PlaceId, years: Years) -> bool {
        let first = self.borders.get(&place).copied().unwrap_or(years::EARLIEST);
        match years {
            Years::From(year) => year >= first,
            Years::Until(year) => year > first + 1,
        }
    }

    /// The place of a name that is mistyped: `Morrocco`, `Venezula`, `Swit zerland`.
    fn find_misspelt(&self, name: &str) -> Option<PlaceId> {
        let place_of = |code: &str| self.codes.get(code).copied();
        let make = || {
            let names = self.names.iter().filter_map(|(key, holder)| match holder {
                Holder::One(id) => Some((key.as_str(), *id)),
                Holder::InCapitals(_) => None,
            });
            let spelt = self.spelt.iter().map(|(name, id)| (name.as_str(), *id));
            Misspellings::of(names, spelt, place_of)
        };
        let known = |key: &str| match self.holder(key)? {
            Holder::One(id) => Some(id),
            Holder::InCapitals(_) => None,
        };
        self.misspellings.get_or_init(make).find(name, known)
    }

    /// The part of a state that a name names, also as it stands in a sentence.
    fn part(&self, name: &str) -> Option<Part> {
        let plain = self.parts.get(&key(name));
        plain.or_else(|| inflection::keys(name).iter().find_map(|key| self.parts.get(key))).copied()
    }

    /// The place of a name that gives a second one, and says that it does: `Myanmar (former Burma)`.
    fn find_renamed(&self, name: &str) -> Option<PlaceId> {
        let same = |(one, other): (&str, &str)| {
            self.find_name(one)
                .filter(|&place| self.find_name(other) == Some(place) && key(one) != key(other))
        };
        relation::renamed(name).and_then(same).or_else(|| {
            let (one, other, years) = years::renamed(name)?;
            same((one, other)).filter(|&place| self.is_of_today(place, years))
        })
    }

    /// The place of a name that gives two names of one place, a code and a name, or a territory with
    /// its state: `Myanmar (Burma)`, `Czechia/Czech Republic`, `FR - France`, `Gibraltar (UK)`.
    fn find_agreeing(&self, name: &str) -> Option<PlaceId> {
        if let Some(id) = self.find_with_code(name) {
            return Some(id);
        }
        let marks = ['(', ')', '/', '[', ']', ',', ':', '|'];
        let name = [" - ", " – ", " — "].iter().fold(name.to_owned(), |name, dash| name.replace(dash, "/"));
        if !name.contains(marks) {
            return None;
        }
        let behind = name.strip_suffix([')', ']']).and_then(|name| name.rsplit_once(['(', '[']));
        if let Some((before, note)) = behind
            && let Some(place) = self.find_name(before)
            && self.agrees(place, note)
        {
            return Some(place);
        }
        let mut parts = name.split(marks).map(str::trim).filter(|part| !part.is_empty());
        let place = self.find_part(parts.next()?)?;
        parts.all(|part| self.agrees(place, part)).then_some(place)
    }

    /// Whether `part` of a name names `place` too, or the state of this territory.
    fn agrees(&self, place: PlaceId, part: &str) -> bool {
        let known = self.find_part(part);
        let state = self.states.get(&place).copied();
        known == Some(place)
            || state.is_some_and(|state| {
                known.or_else(|| self.short_states.get(&key(part)).copied()) == Some(state)
            })
    }

    /// The place of a part of a name: a code, a name or an abbreviated one.
    fn find_part(&self, part: &str) -> Option<PlaceId> {
        let known = self.codes.get(part).copied().or_else(|| self.find_name(part));
        known.or_else(|| self.find_abbreviated(part))
    }

    /// A name with its own code before or behind it: `FR France`, `Korea, Rep. (KOR)`, `FR_France`.
    fn find_with_code(&self, name: &str) -> Option<PlaceId> {
        let marks = [' ', '(', ')', '[', ']', '/', '_', ',', ':', ';', '|', '-', '–', '—', '.'];
        let whole = name.trim_end_matches([')', ']', '.']);
        let sides = [name.split_once(marks), whole.rsplit_once(marks).map(|(name, code)| (code, name))];
        sides.into_iter().flatten().find_map(|(code, name)| {
            let id = *self.codes.get(code)?;
            (self.find_name(name) == Some(id)).then_some(id)
        })
    }

    /// The place of a name in the case of a sentence, where all its readings that are known agree. It
    /// has its capital there: "самое" is a word, and no form of Самоа.
    fn find_inflected(&self, name: &str) -> Option<PlaceId> {
        if name.is_ascii() || !name.contains(char::is_uppercase) {
            return None;
        }
        let mut agreed = None;
        for key in inflection::keys(name) {
            let Some(&Holder::One(id)) = self.names.get(&key) else { continue };
            if agreed.is_some_and(|agreed| agreed != id) {
                return None;
            }
            agreed = Some(id);
        }
        agreed
    }
}

/// Whether the words of a name that tell a place are in capitals: `the US`.
fn is_in_capitals(name: &str) -> bool {
    let has_small = |word: &&str| word.contains(char::is_lowercase);
    let tells = |word: &str| key::read_as(&key::fold_characters(word)) != Some("");
    !name.split_whitespace().filter(has_small).any(tells)
}

/// A name with spaces between its joined words: `SouthAfrica`; `None` where none are joined.
pub(super) fn with_spaces(name: &str) -> Option<String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_uppercase() && spaced.ends_with(char::is_lowercase) {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    (spaced.len() > name.len()).then_some(spaced)
}
