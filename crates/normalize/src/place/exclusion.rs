//! Names that say what is left out: "China (excluding Hong Kong)". Only their parts are told here; which
//! places these are is told elsewhere.

use std::sync::LazyLock;

use super::key;

static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| super::rows(include_str!("exclusions.tsv")).collect());

/// The name before the words, and each name behind them.
pub(super) fn parts(name: &str) -> Option<(&str, Vec<&str>)> {
    let (whole, note) = name.split_once(['(', ',', '[', ';'])?;
    let note = note.trim_end_matches([')', ']']).trim();
    let left_out = WORDS.iter().find_map(|words| behind(note, words))?;
    let listed = left_out.split([',', '&', '/', ';']).flat_map(|piece| piece.split(" and "));
    let names: Vec<&str> =
        listed.flat_map(|piece| piece.split(" и ")).map(str::trim).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then_some((whole.trim(), names))
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
    use super::parts;

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!(parts("China (excl. Hong Kong)"), Some(("China", vec!["Hong Kong"])));
        assert_eq!(
            parts("China, EXCLUDING Hong Kong, Macao and Taiwan"),
            Some(("China", vec!["Hong Kong", "Macao", "Taiwan"]))
        );
        assert_eq!(parts("Китай (без Гонконга и Макао)"), Some(("Китай", vec!["Гонконга", "Макао"])));
        for other in ["China (Hong Kong)", "China (excl.)", "China (exclaims x)", "excl. China", ""] {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}
