//! Which place a name names: a country or territory of ISO 3166-1, Kosovo, or a group that is
//! declared. Spelling is folded, likeness is not: an unknown or ambiguous name is no place, never a
//! guess. The names lie in the tables beside this file.

mod abbreviation;
mod inflection;
mod key;
mod mojibake;
mod notes;
mod relation;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use model::place::{Place, PlaceId};

use self::abbreviation::FullNames;
use self::key::key;
use crate::evidence::clean;

/// What a name names, as long as it is not contradicted.
#[derive(Debug, Clone, Copy)]
enum Holder {
    One(PlaceId),
    /// Holds only where the name is written in capitals.
    InCapitals(PlaceId),
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
    /// Names as abbreviated ones are looked up in, made when the first one asks.
    full_names: OnceLock<FullNames>,
    /// The state that a territory may be named with.
    states: HashMap<PlaceId, PlaceId, FixedState>,
    /// Short forms of states behind their territories, by their folded key.
    short_states: HashMap<String, PlaceId, FixedState>,
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
        let name = name.trim();
        if let Some(&id) = self.codes.get(name).or_else(|| self.spelt.get(name)) {
            return Some(id);
        }
        self.find_folded(name)
            .or_else(|| self.find_folded(&mojibake::undone(name)?))
            .or_else(|| self.find_folded(&with_spaces(name)?))
    }

    fn find_folded(&self, name: &str) -> Option<PlaceId> {
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
            .or_else(|| self.find_renamed(bare))
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
            let likeness = strsim::jaro_winkler(&key, known);
            if likeness >= 0.8 {
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
            full_names: OnceLock::new(),
            states: HashMap::default(),
            short_states: HashMap::default(),
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

    fn find_name(&self, name: &str) -> Option<PlaceId> {
        match *self.names.get(&key(name))? {
            Holder::One(id) => Some(id),
            Holder::InCapitals(id) if is_in_capitals(name) => Some(id),
            Holder::InCapitals(_) => None,
        }
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
    /// is left is what its code means. `Ukraine (excl. Crimea)` is less than that.
    fn find_without_others(&self, name: &str) -> Option<PlaceId> {
        let (whole, left_out) = relation::left_out(name)?;
        let whole = self.find_name(whole)?;
        let is_other = |name: &str| {
            let other = self.find_name(name).or_else(|| self.find_inflected(name));
            other.is_some_and(|other| other != whole)
        };
        let are_others = is_other(left_out) || relation::listed(left_out).into_iter().all(is_other);
        (are_others && self.get(whole).alpha2.is_some()).then_some(whole)
    }

    /// The place of a name that gives a second one, and says that it does: `Myanmar (former Burma)`.
    fn find_renamed(&self, name: &str) -> Option<PlaceId> {
        let (one, other) = relation::renamed(name)?;
        self.find_name(one).filter(|&place| self.find_name(other) == Some(place) && key(one) != key(other))
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
fn with_spaces(name: &str) -> Option<String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_uppercase() && spaced.ends_with(char::is_lowercase) {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    (spaced.len() > name.len()).then_some(spaced)
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
