//! Which place a name names: a country or territory of ISO 3166-1, or a group or other place that is
//! declared. Spelling is folded, likeness is not: an unknown or ambiguous name is no place, never a
//! guess. The names lie in the tables beside this file.

mod abbreviation;
mod inflection;
mod key;
mod lookup;
mod misread;
mod misspelling;
mod mojibake;
mod notes;
mod relation;
mod script;
mod years;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use model::place::{Place, PlaceId};

use self::abbreviation::FullNames;
use self::key::key;
use self::misspelling::Misspellings;

/// What a name names, as long as it is not contradicted.
#[derive(Debug, Clone, Copy)]
enum Holder {
    One(PlaceId),
    /// Holds only where the name is written in capitals.
    InCapitals(PlaceId),
}

/// A part of a state that has no code of its own.
#[derive(Debug, Clone, Copy)]
struct Part {
    state: PlaceId,
    /// Whether a name that leaves it out is the state's all the same.
    may_be_left_out: bool,
    /// Whether a name that takes it in is the state's.
    may_be_taken_in: bool,
}

/// Why a declared name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlacesError {
    /// The name says nothing that could tell a place.
    #[error("the name \"{name}\" of {code} holds no word")]
    Empty {
        /// The code that it was declared for.
        code: String,
        /// The name.
        name: String,
    },
    /// The name is another place's already.
    #[error("\"{name}\" is declared for {code}, but names {other}")]
    Taken {
        /// The code that it was declared for.
        code: String,
        /// The name.
        name: String,
        /// The code of the place that has the name.
        other: String,
    },
    /// More places than an index holds.
    #[error("more than 65,536 places are declared")]
    TooMany,
}

impl PlacesError {
    /// The code and the name of the row that it speaks of.
    pub fn row(&self) -> Option<(&str, &str)> {
        match self {
            Self::Empty { code, name } | Self::Taken { code, name, .. } => Some((code, name)),
            Self::TooMany => None,
        }
    }
}

/// The known places and all their names.
#[derive(Debug, Clone)]
pub struct Places {
    /// Sorted by code; a `PlaceId` is an index here.
    places: Vec<Place>,
    /// Codes of two and three letters and groups' codes, exactly as they are written.
    codes: HashMap<String, PlaceId, FixedState>,
    /// Names by their folded key.
    names: HashMap<String, Holder, FixedState>,
    /// Names exactly as the tables write them: most cells do too, and need no folding.
    spelt: HashMap<String, PlaceId, FixedState>,
    /// Names in other languages by their folded key, made when the first name asks that is none of those.
    other_languages: OnceLock<HashMap<String, PlaceId, FixedState>>,
    /// Names as abbreviated ones are looked up in, made when the first one asks.
    full_names: OnceLock<FullNames>,
    /// Mistyped names, made when the first one asks.
    misspellings: OnceLock<Misspellings>,
    /// The state that a territory may be named with.
    states: HashMap<PlaceId, PlaceId, FixedState>,
    /// Short forms of states behind their territories, by their folded key.
    short_states: HashMap<String, PlaceId, FixedState>,
    /// Parts of states, by their folded key.
    parts: HashMap<String, Part, FixedState>,
    /// The first year of a state's present borders, where these are young.
    borders: HashMap<PlaceId, i32, FixedState>,
}

impl Places {
    /// The built-in countries, territories and groups.
    #[expect(clippy::expect_used, reason = "the built-in tables are fixed, and tests read them whole")]
    pub fn builtin() -> Self {
        Self::with(std::iter::empty()).expect("no built-in name names two places")
    }

    /// The built-in places with `declared` pairs of code and name. A code that is not built in
    /// declares a group, whose name is the first one declared.
    ///
    /// # Errors
    /// A declared name that is empty or names another place.
    pub fn with<'a>(declared: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, PlacesError> {
        let declared: Vec<(&str, &str)> = declared.into_iter().collect();
        let mut by_code: BTreeMap<&'a str, Place> =
            countries().map(|[code, alpha2, name, ..]| (code, place(code, Some(alpha2), name))).collect();
        for (code, name) in builtin_groups::<'a>().chain(declared.iter().copied()) {
            by_code.entry(code).or_insert_with(|| place(code, None, name));
        }
        if by_code.len() > usize::from(u16::MAX) {
            return Err(PlacesError::TooMany);
        }
        let mut places = Self::of(by_code.into_values().collect());
        places.name_builtin()?;
        places.describe_builtin();
        for (code, name) in declared {
            places.name(name, code)?;
        }
        Ok(places)
    }

    /// The place that `name` names; `None` where it is unknown or ambiguous. Codes count only in
    /// the case they are defined in: `US` is a country, `us` is not. Footnote marks do not count, and
    /// neither does the case in which a sentence puts a name. Words may be cut short where one place
    /// alone has such a name.
    pub fn find(&self, name: &str) -> Option<PlaceId> {
        let whole = name;
        let name = name.trim();
        if let Some(&id) = self.codes.get(name).or_else(|| self.spelt.get(name)) {
            return Some(id);
        }
        self.find_folded(name)
            .or_else(|| self.find_folded(&lookup::with_spaces(name)?))
            .or_else(|| self.find_folded(&script::unmixed(name)?))
            .or_else(|| mojibake::undone(whole).iter().find_map(|name| self.find_written(name)))
            .or_else(|| misread::readings(name).find_map(|name| self.find_written(&name)))
    }

    /// The place of an id that this list gave.
    ///
    /// # Panics
    /// Where the id is of another list.
    pub fn get(&self, id: PlaceId) -> &Place {
        &self.places[usize::from(id.0)]
    }

    /// Whether a table writes a name so, in the nominative.
    pub(crate) fn is_spelt(&self, name: &str) -> bool {
        self.spelt.contains_key(name)
    }

    /// Every place, by code.
    pub fn all(&self) -> &[Place] {
        &self.places
    }

    /// Up to three places whose names are most like `name`, the likest first.
    pub fn nearest(&self, name: &str) -> Vec<&Place> {
        let key = key(name);
        // A name in one script is like none in another: half of the names need no look.
        let has_latin = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let is_latin = has_latin(&key);
        let mut best: BTreeMap<PlaceId, f64> = BTreeMap::new();
        for (known, holder) in self.names.iter().filter(|(known, _)| has_latin(known) == is_latin) {
            let (Holder::One(id) | Holder::InCapitals(id)) = *holder;
            if !may_be_like(&key, known) {
                continue;
            }
            let likeness = strsim::jaro_winkler(&key, known);
            if likeness >= LIKE {
                let kept = best.entry(id).or_insert(likeness);
                *kept = kept.max(likeness);
            }
        }
        let mut best: Vec<(PlaceId, f64)> = best.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.iter().take(3).map(|(id, _)| self.get(*id)).collect()
    }

    /// The list without names; `places` are sorted by code.
    fn of(places: Vec<Place>) -> Self {
        Self {
            places,
            codes: HashMap::default(),
            names: HashMap::default(),
            spelt: HashMap::default(),
            other_languages: OnceLock::new(),
            full_names: OnceLock::new(),
            misspellings: OnceLock::new(),
            states: HashMap::default(),
            short_states: HashMap::default(),
            parts: HashMap::default(),
            borders: HashMap::default(),
        }
    }

    fn name_builtin(&mut self) -> Result<(), PlacesError> {
        for (index, place) in (0_u16..).zip(&self.places) {
            self.codes.insert(place.code.clone(), PlaceId(index));
            if let Some(alpha2) = &place.alpha2 {
                self.codes.insert(alpha2.clone(), PlaceId(index));
            }
        }
        for [code, _, names @ ..] in countries() {
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                self.name(name, code)?;
            }
        }
        for (code, name) in builtin_groups() {
            self.name(name, code)?;
        }
        for [name, code, _, kind] in columns::<4>(include_str!("place/aliases.tsv")) {
            match kind {
                "capitals" => self.name_as(name, code, Holder::InCapitals)?,
                _ => self.name(name, code)?,
            }
        }
        for [named, state] in columns(include_str!("place/territories.tsv")) {
            let Some(&state) = self.codes.get(state) else { continue };
            match self.codes.get(named) {
                Some(&territory) => self.states.insert(territory, state),
                None => self.short_states.insert(key(named), state),
            };
        }
        Ok(())
    }

    /// What is known of parts and borders of the states.
    fn describe_builtin(&mut self) {
        for [name, state, kind] in columns(include_str!("place/parts.tsv")) {
            let Some(&state) = self.codes.get(state) else { continue };
            let (may_be_left_out, may_be_taken_in) = (kind != "part", kind != "apart");
            self.parts.insert(key(name), Part { state, may_be_left_out, may_be_taken_in });
        }
        for [state, year] in columns(include_str!("place/borders.tsv")) {
            if let (Some(&state), Ok(year)) = (self.codes.get(state), year.parse()) {
                self.borders.insert(state, year);
            }
        }
    }

    fn name(&mut self, name: &str, code: &str) -> Result<(), PlacesError> {
        self.name_as(name, code, Holder::One)
    }

    /// Gives `code` a name. An unknown code is left out: every caller has declared its codes.
    fn name_as(&mut self, name: &str, code: &str, holder: fn(PlaceId) -> Holder) -> Result<(), PlacesError> {
        let Some(&id) = self.codes.get(code) else { return Ok(()) };
        let key = key(name);
        if key.is_empty() {
            return Err(PlacesError::Empty { code: code.to_owned(), name: name.to_owned() });
        }
        let held = *self.names.entry(key).or_insert(holder(id));
        let (Holder::One(known) | Holder::InCapitals(known)) = held;
        if known == id {
            if matches!(held, Holder::One(_)) {
                self.spelt.insert(name.to_owned(), id);
            }
            return Ok(());
        }
        let other = self.get(known).code.clone();
        Err(PlacesError::Taken { code: code.to_owned(), name: name.to_owned(), other })
    }
}

/// The likeness (Jaro and Winkler's) from which on a name is proposed for another.
const LIKE: f64 = 0.8;

/// Whether two names may be that much alike: without a common beginning their likeness is no more than a third of two and
/// the quotient of their lengths.
fn may_be_like(one: &str, other: &str) -> bool {
    let [short, long] = {
        let (a, b) = (one.chars().count(), other.chars().count());
        [a.min(b) as f64, a.max(b) as f64]
    };
    one.chars().next() == other.chars().next() || 2.0 * long + short >= 3.0 * LIKE * long
}

fn place(code: &str, alpha2: Option<&str>, name: &str) -> Place {
    Place { code: code.to_owned(), alpha2: alpha2.map(str::to_owned), name: name.to_owned() }
}

/// The countries: code, alpha-2 code, then common and official names in English and in Russian,
/// empty where there is none.
fn countries() -> impl Iterator<Item = [&'static str; 6]> {
    columns(include_str!("place/countries.tsv"))
}

/// The built-in groups: code and name, several rows for several names.
fn builtin_groups<'a>() -> impl Iterator<Item = (&'a str, &'a str)> {
    columns(include_str!("place/groups.tsv")).map(|[code, name, _language]| (code, name))
}

/// The rows of a built-in table, cut at tabs; cells that a row does not have are empty.
fn columns<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    rows(table).map(|row| {
        let mut cells = row.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

/// The rows of a built-in table without its comments.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::{LIKE, may_be_like};

    #[test]
    fn no_like_name_is_left_out() {
        let names =
            ["chad", "mali", "republic of mali", "a", "ab", "bc", "xaxbxcxdxe", "axbxc", "oman", "woman", ""];
        for one in names {
            for other in names {
                let is_like = strsim::jaro_winkler(one, other) >= LIKE;
                assert!(!is_like || may_be_like(one, other), "{one} {other}");
            }
        }
        assert!(!may_be_like("chad", "republic of mali"));
    }
}
