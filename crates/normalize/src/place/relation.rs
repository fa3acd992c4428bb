//! Names of several places in one: what is left out ("China (excluding Hong Kong)") and what is joined
//! ("China and Hong Kong"). Only their parts are told here; which places these are is told elsewhere.

use std::sync::LazyLock;

use super::key;

/// Marks that join names as words do.
const JOINING_MARKS: [char; 2] = ['&', '+'];

struct Relations {
    excluding: Vec<&'static str>,
    /// With the spaces around them.
    joints: Vec<String>,
}

static RELATIONS: LazyLock<Relations> = LazyLock::new(|| {
    let mut relations = Relations { excluding: Vec::new(), joints: Vec::new() };
    for [kind, words] in super::columns(include_str!("relations.tsv")) {
        match kind {
            "excluding" => relations.excluding.push(words),
            _ => relations.joints.push(format!(" {words} ")),
        }
    }
    relations
});

/// The name before words that leave others out, and each name behind them.
pub(super) fn left_out(name: &str) -> Option<(&str, Vec<&str>)> {
    let (whole, note) = name.split_once(['(', ',', '[', ';'])?;
    let note = note.trim_end_matches([')', ']']).trim();
    let behind = RELATIONS.excluding.iter().find_map(|words| behind(note, words))?;
    let mut names: Vec<&str> = behind.split([',', '&', '/', ';']).collect();
    for joint in &RELATIONS.joints {
        names = names.into_iter().flat_map(|piece| piece.split(joint.as_str())).collect();
    }
    let names: Vec<&str> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then_some((whole.trim(), names))
}

/// The two names on each side of everything that joins.
pub(super) fn joined(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let by_words = RELATIONS.joints.iter().filter_map(move |joint| name.split_once(joint.as_str()));
    let by_marks = JOINING_MARKS.into_iter().filter_map(move |mark| name.split_once(mark));
    by_words.chain(by_marks).map(|(one, other)| (one.trim(), other.trim()))
}

/// What stands behind `words` at the start of `note`, whatever their case.
fn behind<'n>(note: &'n str, words: &str) -> Option<&'n str> {
    let (at, _) = note.char_indices().nth(words.chars().count())?;
    let (start, rest) = note.split_at(at);
    let ends = rest.starts_with(|c: char| !c.is_alphabetic());
    (ends && key::fold_characters(start) == words).then(|| rest.trim_start_matches(['.', ' ', ':']))
}

#[cfg(test)]
mod tests {
    use super::{joined, left_out};

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!(left_out("China (excl. Hong Kong)"), Some(("China", vec!["Hong Kong"])));
        assert_eq!(
            left_out("China, EXCLUDING Hong Kong, Macao and Taiwan"),
            Some(("China", vec!["Hong Kong", "Macao", "Taiwan"]))
        );
        assert_eq!(left_out("Китай (без Гонконга и Макао)"), Some(("Китай", vec!["Гонконга", "Макао"])));
        for other in ["China (Hong Kong)", "China (excl.)", "China (exclaims x)", "excl. China", ""] {
            assert_eq!(left_out(other), None, "{other}");
        }
    }

    #[test]
    fn both_sides_of_a_joint_are_told() {
        assert_eq!(joined("China and Hong Kong").collect::<Vec<_>>(), [("China", "Hong Kong")]);
        assert_eq!(joined("Китай и Макао").collect::<Vec<_>>(), [("Китай", "Макао")]);
        assert_eq!(joined("Bosnia&Herzegovina").collect::<Vec<_>>(), [("Bosnia", "Herzegovina")]);
        assert_eq!(joined("Andorra").count(), 0);
    }
}
