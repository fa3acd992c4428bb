//! Names as they stand in a sentence: "в Киргизии", "с Республикой Казахстан". The endings of the cases
//! and the words that lead up to a name are data; which place the words then name is told elsewhere.

use std::sync::LazyLock;

use super::key;

/// Letters that must stand before an ending.
const SHORTEST_STEM: usize = 3;

/// The longest name of a state has ten words; what is longer is no name.
const MOST_WORDS: usize = 16;

/// The most readings of a name that are looked up.
const MOST: usize = 256;

struct Inflections {
    /// Endings in a sentence, and by itself.
    endings: Vec<(String, String)>,
    prepositions: Vec<String>,
}

static INFLECTIONS: LazyLock<Inflections> = LazyLock::new(|| {
    let mut inflections = Inflections { endings: Vec::new(), prepositions: Vec::new() };
    for [kind, form, base] in super::columns(include_str!("inflections.tsv")) {
        match kind {
            "ending" => inflections.endings.push((form.to_owned(), base.to_owned())),
            _ => inflections.prepositions.push(form.to_owned()),
        }
    }
    inflections
});

/// The keys under which a name may be known that stands in a sentence, each once. Empty where no word
/// of it has an ending of the table and no preposition stands before it.
pub(super) fn keys(name: &str) -> Vec<String> {
    let inflections = &*INFLECTIONS;
    let folded = key::fold_characters(name);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let led = words.len() > 1 && inflections.prepositions.iter().any(|word| word == words[0]);
    if led {
        words.remove(0);
    }
    if words.len() > MOST_WORDS {
        return Vec::new();
    }
    let mut readings: Vec<Vec<String>> = vec![Vec::new()];
    for word in &words {
        let bases = inflections.bases(word);
        if readings.len() * bases.len() > MOST {
            return Vec::new();
        }
        readings = readings
            .iter()
            .flat_map(|reading| {
                bases.iter().map(|base| [reading.as_slice(), std::slice::from_ref(base)].concat())
            })
            .collect();
    }
    let plain = key::key(name);
    let mut keys: Vec<String> = readings.iter().map(|reading| key::key(&reading.join(" "))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| *key != plain);
    keys
}

impl Inflections {
    /// What a word may be by itself; the word as it is comes first.
    fn bases(&self, word: &str) -> Vec<String> {
        let mut bases = vec![word.to_owned()];
        for (form, base) in &self.endings {
            if let Some(stem) = word.strip_suffix(form.as_str())
                && stem.chars().count() >= SHORTEST_STEM
            {
                bases.push(format!("{stem}{base}"));
            }
        }
        bases.sort_unstable();
        bases.dedup();
        bases
    }
}
