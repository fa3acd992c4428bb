//! What makes two spellings of a place's name the same: case, accents, punctuation, articles, common
//! abbreviations and the order of the words are folded. No likeness beyond that counts.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Words that are written in several ways, and what each is read as.
static FOLDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    super::rows(include_str!("folds.tsv"))
        .map(|row| row.split_once('\t').unwrap_or((row, "")))
        .map(|(word, read_as)| (fold_characters(word), fold_characters(read_as)))
        .collect()
});

/// The words that a fold is read as: kinds of states and lands, which many places have.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| FOLDS.values().map(String::as_str).collect());

/// What a folded word is read as where it is written in several ways; empty where it tells no place.
pub(super) fn read_as(word: &str) -> Option<&'static str> {
    FOLDS.get(word).map(String::as_str)
}

/// Whether a folded word is a kind of land or state, such as "island".
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// The key under which `name` is looked up: its folded words in alphabetical order, so that
/// `Korea, Dem. People's Rep.` and `Democratic People's Republic of Korea` are one. Empty where the
/// name holds no word that tells a place.
pub(super) fn key(name: &str) -> String {
    let folded = fold_characters(name);
    let mut words: Vec<&str> = Vec::with_capacity(8);
    let joined = join_initials(&folded);
    for word in joined.split(' ').filter(|word| !word.is_empty()) {
        match read_as(word) {
            Some("") => {}
            Some(read_as) => words.push(read_as),
            None => words.push(word),
        }
    }
    words.sort_unstable();
    words.join(" ")
}

/// Lower case without accents; letters, digits and single spaces only. Apostrophes vanish
/// (`d'Ivoire` is one word), footnote marks and numbers in square brackets too.
pub(super) fn fold_characters(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        match c {
            '[' => {
                let note = rest.as_str();
                if let Some(end) =
                    note.find(']').filter(|&end| note[..end].bytes().all(|b| b.is_ascii_digit()))
                {
                    rest = note[end + 1..].chars();
                }
                folded.push(' ');
            }
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | 'ʻ' | '\u{ad}' | '\u{300}'..='\u{36f}' => {}
            'a'..='z' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            // Cyrillic is far down in the tables of letters that are searched for all others.
            'а'..='я' => push_without_accent(c, &mut folded),
            _ if matches!(c, 'А'..='Я') || c.is_alphabetic() => {
                c.to_lowercase().for_each(|lower| push_without_accent(lower, &mut folded))
            }
            _ if c.is_ascii_digit() => folded.push(c),
            _ if folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded
}

/// Appends the letter that `lower` is without its accent. `й` and `ё` count as accented, so that
/// composed and decomposed spellings agree.
fn push_without_accent(lower: char, folded: &mut String) {
    folded.push(match lower {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ệ' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ł' | 'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ọ' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        'й' => 'и',
        '\u{300}'..='\u{36f}' => return,
        'ß' => return folded.push_str("ss"),
        'æ' => return folded.push_str("ae"),
        other => other,
    });
}

/// Joins runs of single letters into one word: `u s a` is `usa`.
fn join_initials(folded: &str) -> String {
    let mut joined = String::with_capacity(folded.len());
    let mut after_initial = false;
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let initial = word.chars().nth(1).is_none() && word.chars().all(char::is_alphabetic);
        if !(joined.is_empty() || initial && after_initial) {
            joined.push(' ');
        }
        joined.push_str(word);
        after_initial = initial;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn folds_spelling_and_keeps_words() {
        let same = [
            ("Korea, Dem. People's Rep.", "Democratic People's Republic of Korea"),
            ("Côte d’Ivoire", "COTE D'IVOIRE"),
            ("U.S.A.", "usa"),
            ("Bosnia & Herzegovina", "Bosnia and  Herzegovina"),
            ("St. Lucia [1]", "Saint Lucia"),
            ("о-ва Кука", "Острова Кука"),
            ("Virgin Is. (U.S.)", "US Virgin Islands"),
        ];
        for (one, other) in &same {
            assert_eq!(key(one), key(other));
        }
        assert_eq!(key("Европейский"), key("Европеи\u{306}скии\u{306}"));
        assert_ne!(key("Niger"), key("Nigeria"));
        assert_eq!(key("The"), "");
        assert_eq!(key("[[[ ]]"), "");
    }
}
