//! Words that make the number behind them a name, "article 12", "стр. 2024": neither a figure nor a
//! year. The grammars of figures and of periods share them; what a form means in each is theirs.

use crate::language::Language;

/// The table: language, forms.
const TABLE: &str = include_str!("labels.tsv");

/// Every form with its language, as the table spells it: with its dot and its capitals.
pub(crate) fn labels() -> impl Iterator<Item = (Language, String)> {
    rows().flat_map(|(language, forms)| expanded(forms).map(move |form| (language, form)))
}

fn rows() -> impl Iterator<Item = (Language, &'static str)> {
    let rows = TABLE.lines().filter_map(|row| row.split_once('\t'));
    rows.filter_map(|(tag, forms)| Some((Language::parse(tag)?, forms)))
}

/// The forms of a cell of any table of words: `;` stands between forms, alternatives in braces.
pub(crate) fn expanded(forms: &str) -> impl Iterator<Item = String> {
    forms.split(';').flat_map(|form| expand(form.trim()))
}

/// The forms of a pattern with alternatives in braces: `dollar{,s}` is `dollar` and `dollars`.
fn expand(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(length) = pattern[open..].find('}') else { return vec![pattern.to_owned()] };
    let (head, rest) = (&pattern[..open], &pattern[open + length + 1..]);
    let tails = expand(rest);
    pattern[open + 1..open + length]
        .split(',')
        .flat_map(|choice| tails.iter().map(move |tail| [head, choice, tail.as_str()].concat()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_alternatives() {
        assert_eq!(expand("dollar{,s}"), ["dollar", "dollars"]);
        assert_eq!(expand("{a,b} {c,d}"), ["a c", "a d", "b c", "b d"]);
    }

    #[test]
    fn no_label_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for (language, form) in labels() {
            assert!(!form.is_empty(), "an empty form");
            assert!(seen.insert((language, form.clone())), "`{form}` stands twice");
        }
    }
}
