//! Several names in one: what is left out ("China (excluding Hong Kong)") or taken in, what is joined ("China and
//! Hong Kong"), and another name of the same place ("Myanmar (formerly Burma)"). Only their parts are told
//! here; which places these are is told elsewhere.

use std::sync::LazyLock;

use super::key;

/// Marks that join names as words do.
const JOINING_MARKS: [char; 2] = ['&', '+'];

struct Relations {
    excluding: Vec<&'static str>,
    including: Vec<&'static str>,
    /// With the spaces around them.
    joints: Vec<String>,
    renaming: Vec<&'static str>,
    notes: Vec<&'static str>,
    years: Vec<&'static str>,
    dates: Vec<&'static str>,
}

static RELATIONS: LazyLock<Relations> = LazyLock::new(|| {
    let (excluding, including, joints, renaming, notes, years, dates) = Default::default();
    let mut relations = Relations { excluding, including, joints, renaming, notes, years, dates };
    for [kind, words] in super::columns(include_str!("relations.tsv")) {
        match kind {
            "excluding" => relations.excluding.push(words),
            "including" => relations.including.push(words),
            "renaming" => relations.renaming.push(words),
            "note" => relations.notes.push(words),
            "year" => relations.years.push(words),
            "date" => relations.dates.push(words),
            _ => relations.joints.push(format!(" {words} ")),
        }
    }
    // "also known as" comes before "also".
    for list in [&mut relations.excluding, &mut relations.including, &mut relations.renaming] {
        list.sort_by_key(|words| std::cmp::Reverse(words.len()));
    }
    relations
});

/// The name before words that leave others out, and what stands behind them.
pub(super) fn left_out(name: &str) -> Option<(&str, &str)> {
    at_words(name, &RELATIONS.excluding)
}

/// The name before words that take others in, and what stands behind them.
pub(super) fn taken_in(name: &str) -> Option<(&str, &str)> {
    at_words(name, &RELATIONS.including)
}

/// The two names on each side of words that say that they are of one place.
pub(super) fn renamed(name: &str) -> Option<(&str, &str)> {
    at_words(name, &RELATIONS.renaming)
}

/// The names of a list: "Hong Kong, Macao and Taiwan".
pub(super) fn listed(names: &str) -> Vec<&str> {
    let mut names: Vec<&str> = names.split([',', '&', '/', ';']).collect();
    for joint in &RELATIONS.joints {
        names = names.into_iter().flat_map(|piece| piece.split(joint.as_str())).collect();
    }
    names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// The two names on each side of everything that joins.
pub(super) fn joined(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let by_words = RELATIONS.joints.iter().filter_map(move |joint| split_at_words(name, joint));
    let by_marks = JOINING_MARKS.into_iter().filter_map(move |mark| name.split_once(mark));
    by_words.chain(by_marks).map(|(one, other)| (one.trim(), other.trim()))
}

/// Whether a word leads up to a footnote's mark.
pub(super) fn says_note(word: &str) -> bool {
    RELATIONS.notes.contains(&word)
}

/// Whether a word of a note only dates it.
pub(super) fn dates_note(word: &str) -> bool {
    RELATIONS.dates.contains(&word)
}

/// Whether a word leads up to a year from which on something holds, and is read as none of a period.
pub(super) fn leads_to_year(word: &str) -> bool {
    RELATIONS.years.contains(&word)
}

/// What stands before and behind the first of `words`, without the brackets around them.
fn at_words<'n>(name: &'n str, words: &[&str]) -> Option<(&'n str, &'n str)> {
    const MARKS: [char; 6] = [' ', '(', ',', '[', ';', '-'];
    let notes = name.match_indices(MARKS).map(|(at, mark)| (at, &name[at + mark.len()..]));
    notes.filter(|(at, note)| *at > 0 && !note.starts_with(MARKS)).find_map(|(at, note)| {
        let initial = note.chars().next()?.to_lowercase().next()?;
        let begun = words.iter().filter(|words| words.starts_with(initial));
        let named = begun.into_iter().find_map(|words| behind(note, words))?;
        let named = named.trim_end_matches([')', ']']).trim();
        (!named.is_empty()).then(|| (name[..at].trim_end_matches(MARKS), named))
    })
}

/// The two sides of `words`, which are in lower case, whatever their case in `name`.
fn split_at_words<'n>(name: &'n str, words: &str) -> Option<(&'n str, &'n str)> {
    let length = words.chars().count();
    let is_here = |start: &str| start.chars().flat_map(char::to_lowercase).take(length).eq(words.chars());
    let (at, _) = name.match_indices(' ').find(|&(at, _)| is_here(&name[at..]))?;
    let end = name[at..].char_indices().nth(length).map_or(name.len(), |(length, _)| at + length);
    Some((&name[..at], &name[end..]))
}

/// What stands behind `words` at the start of `note`, whatever their case.
fn behind<'n>(note: &'n str, words: &str) -> Option<&'n str> {
    let (at, _) = note.char_indices().nth(words.chars().count())?;
    let (start, rest) = note.split_at(at);
    let ends = rest.starts_with(|c: char| !c.is_alphabetic());
    (ends && key::fold_characters(start) == words).then(|| rest.trim_start_matches(['.', ' ', ':', '-']))
}

#[cfg(test)]
mod tests {
    use super::{joined, left_out, listed, renamed};

    #[test]
    fn what_is_left_out_is_told() {
        let cases = [
            ("China (excl. Hong Kong)", Some(("China", "Hong Kong"))),
            ("China, EXCLUDING Hong Kong and Macao", Some(("China", "Hong Kong and Macao"))),
            ("China excl. Hong Kong", Some(("China", "Hong Kong"))),
            ("China ex-Hong Kong", None),
            ("Китай (без Гонконга и Макао)", Some(("Китай", "Гонконга и Макао"))),
            ("China (Hong Kong)", None),
            ("China (excl.)", None),
            ("China (exclaims x)", None),
            ("excl. China", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(left_out(name), expected, "{name}");
        }
        assert_eq!(listed("Hong Kong, Macao and Taiwan"), ["Hong Kong", "Macao", "Taiwan"]);
    }

    #[test]
    fn both_names_of_one_place_are_told() {
        let cases = [
            ("Myanmar (former Burma)", Some(("Myanmar", "Burma"))),
            ("Мьянма (бывш. Бирма)", Some(("Мьянма", "Бирма"))),
            ("Ivory Coast a.k.a. Côte d'Ivoire", Some(("Ivory Coast", "Côte d'Ivoire"))),
            ("Burma", None),
            ("Burma (former)", None),
            ("Burma (formerlyBurma)", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(renamed(name), expected, "{name}");
        }
    }

    #[test]
    fn both_sides_of_a_joint_are_told() {
        assert_eq!(joined("China and Hong Kong").collect::<Vec<_>>(), [("China", "Hong Kong")]);
        assert_eq!(joined("Китай и Макао").collect::<Vec<_>>(), [("Китай", "Макао")]);
        assert_eq!(joined("CHINA AND HONG KONG").collect::<Vec<_>>(), [("CHINA", "HONG KONG")]);
        assert_eq!(joined("Bosnia&Herzegovina").collect::<Vec<_>>(), [("Bosnia", "Herzegovina")]);
        assert_eq!(joined("Andorra").count(), 0);
    }
}
