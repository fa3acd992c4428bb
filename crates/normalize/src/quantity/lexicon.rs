//! The words of all languages as one trie, built once from the tables beside this file.
//!
//! A form is cut into tokens like any text; dots and hyphens between its words are optional when it
//! is looked up ("куб. м", "kilowatt-hours"). A form with a capital letter stands for itself alone
//! ("MW", "May"), as does one behind an equals sign ("=cr"); any other for every spelling of case. An `inflect` row makes all endings of a stem
//! one word, so that the forms hold each word once: "шведский" also means "шведских".

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::labels::{expanded, labels};
use crate::language::{Language, Languages};
use crate::quantity::meaning::{Meaning, Role, Sorts, UnitKind, UnitWord, unit_kind, word_meaning};
use crate::quantity::token::{Kind, fold, raw_tokens};

/// The tables: their text, and the language of their words where a row does not say.
const TABLES: [(&str, Languages); 4] = [
    (include_str!("words.en.tsv"), Languages::only(Language::En)),
    (include_str!("words.ru.tsv"), Languages::only(Language::Ru)),
    (include_str!("currencies.tsv"), Languages::ALL),
    (include_str!("units.tsv"), Languages::ALL),
];

/// The words that are physical units, each with its language: no units of several words.
pub(crate) fn physical_units() -> impl Iterator<Item = (Language, String)> {
    let rows = include_str!("units.tsv").lines().filter_map(|row| {
        let mut fields = row.split('\t').skip(3);
        let (kind, language, forms) = (fields.next()?, fields.next()?, fields.next()?);
        (unit_kind(kind) == Some(UnitKind::Physical)).then_some((language, forms))
    });
    rows.flat_map(|(tag, forms)| {
        let is_word = |form: &&str| !form.bytes().any(|byte| byte == b' ' || byte.is_ascii_digit());
        forms.split(';').filter(is_word).flat_map(expanded).map(move |form| {
            let language = Language::parse(tag).unwrap_or_else(|| Language::by_script(&form));
            (language, form)
        })
    })
}

/// One reading of one form.
#[derive(Debug)]
pub(super) struct Entry {
    /// What it means.
    pub(super) meaning: Meaning,
    /// In which languages.
    pub(super) languages: Languages,
    /// The exact spelling, where case matters.
    pub(super) exact: Option<String>,
    /// Whether a dot behind it is part of it: "руб.".
    pub(super) dot: bool,
}

/// Whether case matters in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Where the form holds a capital letter.
    AsWritten,
    /// Always.
    Exact,
}

/// All forms.
pub(super) struct Lexicon {
    words: HashMap<String, u32, FixedState>,
    edges: HashMap<(u32, u32), u32, FixedState>,
    nodes: Vec<Vec<Entry>>,
    /// For each node what the forms through it may mean.
    reach: Vec<Sorts>,
    units: Vec<UnitWord>,
    /// Units over units, and the unit that makes.
    over: HashMap<(Unit, Unit), Unit, FixedState>,
    /// How many of the second unit are one of the first.
    parts: Vec<(Unit, Unit, Decimal)>,
    /// Money that is never written with three decimals.
    whole: Vec<Unit>,
    /// The first form of each unit.
    forms: HashMap<Unit, String, FixedState>,
    /// The folded forms of [`Meaning::Prefix`] and [`Meaning::UnitPrefix`], and whether of the latter.
    prefixes: Vec<(String, bool)>,
    /// Of words that stand before a noun.
    adjective_endings: Endings,
    /// Of words behind which no noun follows.
    verb_endings: Endings,
    /// Of nouns in the plural.
    plural_endings: Endings,
    /// Of words that only look like plurals.
    singular_endings: Endings,
}

/// What words may end with, by the last character: most words end with none.
#[derive(Default)]
struct Endings(HashMap<char, Vec<String>, FixedState>);

impl Endings {
    fn add(&mut self, folded: &str) {
        if let Some(last) = folded.chars().next_back() {
            self.0.entry(last).or_default().push(folded.to_owned());
        }
    }

    /// Whether they end a word, whatever its case.
    fn end(&self, word: &str) -> bool {
        let folded = fold(word);
        let endings = folded.chars().next_back().and_then(|last| self.0.get(&last));
        endings.is_some_and(|endings| endings.iter().any(|ending| folded.ends_with(ending.as_str())))
    }
}

/// About how many forms the tables hold: room that need not grow.
const FORMS: usize = 14_000;

/// Longer words in capitals are words.
const LONGEST_ABBREVIATION: usize = 4;

/// The node of the empty form; no token leads to it.
pub(super) const ROOT: u32 = 0;

/// The lexicon of the built-in tables.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::build(&TABLES));
    &LEXICON
}

impl Lexicon {
    /// The code of a folded word; 0 where no form holds it.
    pub(super) fn word(&self, folded: &str) -> u32 {
        self.words.get(folded).copied().unwrap_or(0)
    }

    /// How many bytes at the start of an unknown word are a [`Meaning::Prefix`] of a known one; of a
    /// long unit, where it is one of [`Meaning::UnitPrefix`]: "стог" is no hundred grams.
    pub(super) fn prefix_length(&self, word: &str) -> Option<usize> {
        const LONG: usize = 10;
        let folded = fold(word);
        self.prefixes.iter().find_map(|(prefix, of_units)| {
            let rest = folded.strip_prefix(prefix.as_str()).filter(|_| folded.len() == word.len())?;
            let node = self.step(ROOT, self.word(rest))?;
            let is_unit = |entry: &Entry| matches!(entry.meaning, Meaning::Unit(_));
            let fits = !of_units || rest.len() >= LONG && self.entries(node).iter().any(is_unit);
            fits.then_some(prefix.len())
        })
    }

    /// Whether a word ends as an adjective does.
    pub(super) fn is_adjective(&self, word: &str) -> bool {
        self.adjective_endings.end(word)
    }

    /// Whether a word ends as a verb does.
    pub(super) fn is_verb(&self, word: &str) -> bool {
        self.verb_endings.end(word)
    }

    /// Whether a word ends as a plural does: "schools", but not "business", "status".
    pub(super) fn is_plural(&self, word: &str) -> bool {
        // "5 GPS" in capitals is an abbreviation, "36 PROJECTS" is not.
        let is_word = word.len() > LONGEST_ABBREVIATION || word.ends_with(char::is_lowercase);
        word.len() > 2 && is_word && self.plural_endings.end(word) && !self.singular_endings.end(word)
    }

    /// The node behind `node` along `word`.
    pub(super) fn step(&self, node: u32, word: u32) -> Option<u32> {
        if word == 0 { None } else { self.edges.get(&(node, word)).copied() }
    }

    /// What the forms through `node` may mean.
    pub(super) fn reach(&self, node: u32) -> Sorts {
        self.reach[node as usize]
    }

    /// The readings that end at `node`.
    pub(super) fn entries(&self, node: u32) -> &[Entry] {
        &self.nodes[node as usize]
    }

    /// Whether a word counts how many times as much: "times", "раза".
    pub(super) fn is_times(&self, word: &str) -> bool {
        let node = self.step(ROOT, self.word(&fold(word))).unwrap_or(ROOT);
        self.entries(node).iter().any(|entry| entry.meaning == Meaning::Role(Role::Times))
    }

    /// The unit of a [`Meaning::Unit`].
    pub(super) fn unit(&self, index: u16) -> UnitWord {
        self.units[usize::from(index)]
    }

    /// Whether money is never written with three decimals.
    pub(super) fn is_whole_money(&self, unit: Unit) -> bool {
        self.whole.contains(&unit)
    }

    /// The unit of a code by its first row.
    pub(super) fn unit_of(&self, code: &str) -> Option<UnitWord> {
        self.units.iter().find(|unit| unit.unit.code() == code).copied()
    }

    /// The unit with that code, which may be one over another: "t/har".
    pub(super) fn coded(&self, code: &str) -> Option<Unit> {
        let is_coded = |unit: &Unit| unit.code() == code && code != "*";
        let single = self.units.iter().map(|row| row.unit).find(is_coded);
        // Whichever pair of one code comes first, the unit is the same.
        single.or_else(|| self.over.values().copied().find(is_coded))
    }

    /// The unit of `above` for each `below`.
    pub(super) fn over(&self, above: Unit, below: Unit) -> Option<Unit> {
        self.over.get(&(above, below)).copied()
    }

    /// The unit of `above` for each unit of the code `below`, where that is one letter.
    pub(super) fn over_code(&self, above: Unit, below: &str) -> Option<Unit> {
        let is_meant = |(first, second): &(Unit, Unit)| *first == above && second.code() == below;
        let found = if below.len() == 1 { self.over.iter().find(|(units, _)| is_meant(units)) } else { None };
        found.map(|(_, unit)| *unit)
    }

    /// How many of `lesser` are one of `unit`, where people write both behind each other.
    pub(super) fn parts(&self, unit: Unit, lesser: Unit) -> Option<Decimal> {
        self.parts.iter().find(|part| (part.0, part.1) == (unit, lesser)).map(|part| part.2)
    }

    /// Whether a lesser unit may stand behind `unit`.
    pub(super) fn has_parts(&self, unit: Unit) -> bool {
        self.parts.iter().any(|part| part.0 == unit)
    }

    /// A form by which a unit without magnitude reads back: its code, or a word where the code is one
    /// letter; of a unit over a unit those of both.
    pub(super) fn form(&self, unit: Unit) -> String {
        let code = unit.code();
        let is_row =
            |row: &UnitWord| row.unit == unit && row.factor == Decimal::ONE && row.kind != UnitKind::Letter;
        let parts = code.split_once('/').filter(|_| !self.units.iter().any(is_row));
        match parts {
            Some((above, below)) => format!("{}/{}", self.form_of(above), self.form_of(below)),
            None => self.form_of(code).to_owned(),
        }
    }

    fn form_of<'a>(&'a self, code: &'a str) -> &'a str {
        let words = self.forms.iter().find(|(unit, _)| unit.code() == code && code.len() == 1);
        words.map_or(code, |(_, form)| form)
    }

    fn build(tables: &[(&'static str, Languages)]) -> Self {
        let mut nodes = Vec::with_capacity(FORMS);
        nodes.push(Vec::new());
        let mut lexicon = Lexicon {
            words: HashMap::with_capacity_and_hasher(FORMS, FixedState::default()),
            edges: HashMap::with_capacity_and_hasher(FORMS, FixedState::default()),
            nodes,
            reach: vec![Sorts::default()],
            units: Vec::new(),
            over: HashMap::default(),
            parts: Vec::new(),
            whole: Vec::new(),
            forms: HashMap::default(),
            prefixes: Vec::new(),
            adjective_endings: Endings::default(),
            verb_endings: Endings::default(),
            plural_endings: Endings::default(),
            singular_endings: Endings::default(),
        };
        for line in tables.iter().flat_map(|(table, _)| rows(table)) {
            lexicon.relate(line);
        }
        for (language, form) in labels() {
            let meaning = Meaning::Role(Role::Label);
            lexicon.add(&form, meaning, Languages::only(language), Spelling::AsWritten);
        }
        for &(table, languages) in tables {
            for line in rows(table).filter(|line| !is_relation(line)) {
                let Some((meaning, languages, forms)) = lexicon.row(line, languages) else {
                    debug_assert!(false, "a row of the word tables that says nothing: {line}");
                    continue;
                };
                for form in expanded(forms) {
                    lexicon.add(&form, meaning, languages, Spelling::AsWritten);
                }
            }
        }
        lexicon
    }

    /// A row that relates words or units: endings and stems (every ending of a stem is the same word),
    /// units over units, and a unit with its parts.
    fn relate(&mut self, line: &'static str) {
        let mut fields = line.split('\t');
        let (Some(relation), Some(first)) = (fields.next(), fields.next()) else { return };
        let second = fields.next().unwrap_or_default();
        match relation {
            "inflect" => self.inflect(first, second),
            "whole" => self.whole.extend(first.split(';').map(Unit)),
            "over" => {
                for above in first.split(';') {
                    for below in second.split(';') {
                        let code: &'static str = format!("{above}/{below}").leak();
                        self.over.insert((Unit(above), Unit(below)), Unit(code));
                    }
                }
            }
            "part" => {
                if let Some(Ok(ratio)) = fields.next().map(str::parse) {
                    self.parts.push((Unit(first), Unit(second), ratio));
                }
            }
            _ => {}
        }
    }

    fn inflect(&mut self, endings: &str, stems: &str) {
        for stem in stems.split(';').map(str::trim) {
            let code = self.words.len() as u32 + 1;
            for ending in endings.split(',') {
                let word = [stem, ending].concat();
                self.words.entry(fold(&word).into_owned()).or_insert(code);
            }
        }
    }

    /// A row: meaning, value, forms; for a unit: `unit`, code, factor, kind, language, forms.
    fn row(
        &mut self,
        line: &'static str,
        languages: Languages,
    ) -> Option<(Meaning, Languages, &'static str)> {
        let fields: Vec<&'static str> = line.split('\t').collect();
        if let ["unit", code, factor, kind, language, forms] = fields[..] {
            let unit = UnitWord { unit: Unit(code), factor: factor.parse().ok()?, kind: unit_kind(kind)? };
            let index = u16::try_from(self.units.len()).ok()?;
            self.units.push(unit);
            if let Some(form) = expanded(forms)
                .next()
                .filter(|_| factor == "1" && unit.kind != UnitKind::Times && code != "1")
            {
                self.forms.entry(unit.unit).or_insert(form);
            }
            // A code of several letters is also a form of its unit; "5 a day" is no length of time.
            if unit.factor == Decimal::ONE
                && code.len() > 1
                && !unit.kind.is_money()
                && unit.kind != UnitKind::Letter
            {
                self.add(code, Meaning::Unit(index), Languages::ALL, Spelling::Exact);
            }
            let languages = if language == "*" { languages } else { Languages::parse(language).ok()? };
            return Some((Meaning::Unit(index), languages, forms));
        }
        let [meaning, value, forms] = fields[..] else { return None };
        Some((word_meaning(meaning, value)?, languages, forms))
    }

    /// The code of a folded word, a new one where no form held it.
    fn word_code(&mut self, folded: &str) -> u32 {
        if let Some(code) = self.words.get(folded) {
            return *code;
        }
        let code = self.words.len() as u32 + 1;
        self.words.insert(folded.to_owned(), code);
        code
    }

    /// The endings to which a form of `meaning` belongs.
    fn endings_of(&mut self, meaning: Meaning) -> Option<&mut Endings> {
        match meaning {
            Meaning::AdjectiveEnding => Some(&mut self.adjective_endings),
            Meaning::VerbEnding => Some(&mut self.verb_endings),
            Meaning::PluralEnding => Some(&mut self.plural_endings),
            Meaning::SingularEnding => Some(&mut self.singular_endings),
            _ => None,
        }
    }

    /// The node at which `form` ends, with those that lead there.
    fn node(&mut self, form: &str, sort: Sorts) -> u32 {
        let mut node = ROOT;
        for token in raw_tokens(form) {
            let text = &form[token.start..token.end];
            if token.kind == Kind::Symbol && matches!(text, "." | "-") && node != ROOT {
                continue;
            }
            let word = self.word_code(&fold(text));
            let next = self.nodes.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(next);
            if node == next {
                self.nodes.push(Vec::new());
                self.reach.push(Sorts::default());
            }
            self.reach[node as usize] = self.reach(node).or(sort);
        }
        node
    }

    fn add(&mut self, form: &str, meaning: Meaning, languages: Languages, spelling: Spelling) {
        let (form, spelling) = match form.strip_prefix('=') {
            Some(exact) if !exact.is_empty() && exact.chars().all(char::is_alphabetic) => {
                (exact, Spelling::Exact)
            }
            _ => (form, spelling),
        };
        let (form, dot) = match form.strip_suffix('.') {
            Some(stem) if !stem.is_empty() => (stem, true),
            _ => (form, false),
        };
        if let Some(endings) = self.endings_of(meaning) {
            endings.add(&fold(form));
            return;
        }
        let node = self.node(form, meaning.sort());
        if matches!(meaning, Meaning::Prefix | Meaning::UnitPrefix) {
            self.prefixes.push((fold(form).into_owned(), meaning == Meaning::UnitPrefix));
        }
        let letter = form.len() == 1 && matches!(meaning, Meaning::Unit(_) | Meaning::Suffix(..));
        let exact = (letter || spelling == Spelling::Exact || form.chars().any(char::is_uppercase))
            .then(|| form.to_owned());
        let entries = &mut self.nodes[node as usize];
        let same = entries
            .iter_mut()
            .find(|entry| entry.meaning == meaning && entry.languages == languages && entry.exact == exact);
        match same {
            Some(entry) => entry.dot |= dot,
            None => entries.push(Entry { meaning, languages, exact, dot }),
        }
    }
}

/// The rows of a table.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a row relates words or units, and gives no form a meaning.
fn is_relation(line: &str) -> bool {
    ["inflect\t", "over\t", "part\t", "whole\t"].iter().any(|relation| line.starts_with(relation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_says_something() {
        let mut lexicon = Lexicon::build(&[]);
        for (table, languages) in TABLES {
            for line in rows(table).filter(|line| !is_relation(line)) {
                assert!(lexicon.row(line, languages).is_some(), "{line}");
            }
        }
    }

    #[test]
    fn no_row_holds_a_form_twice_or_an_empty_one() {
        let mut lexicon = Lexicon::build(&[]);
        for (table, languages) in TABLES {
            for line in rows(table).filter(|line| !is_relation(line)) {
                let forms = lexicon.row(line, languages).map_or("", |(_, _, forms)| forms);
                let mut seen = std::collections::HashSet::new();
                for form in expanded(forms) {
                    assert!(!form.is_empty(), "an empty form: {line}");
                    assert!(seen.insert(form.clone()), "`{form}` stands twice: {line}");
                }
            }
        }
    }
}
