//! The passage of a text that is most like a phrase it does not hold: what the curator probably
//! copied from. One pass over the text with a window as long as the phrase.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::fold::Folded;

/// Longer phrases are compared by their beginning: a hint need not be perfect.
const LONGEST: usize = 64;

/// A passage by its words.
#[derive(Debug)]
pub(super) struct Found {
    /// Indices of the text's words.
    pub(super) words: Range<usize>,
    /// Where it differs in one word only: the phrase's word, and the passage's.
    pub(super) one_word: Option<(String, String)>,
}

/// The window of a text that shares most words with a phrase, numbers and long words counting
/// double; `None` where it shares less than half of their weight.
pub(super) fn nearest(text: &Folded, phrase: &Folded) -> Option<Found> {
    let length = phrase.words.len().min(LONGEST).min(text.words.len());
    if length == 0 {
        return None;
    }
    let mut needed: HashMap<&str, i32, FixedState> = HashMap::default();
    for index in 0..length {
        *needed.entry(phrase.word(index)).or_default() += 1;
    }
    let whole: u32 = (0..length).map(|index| weight(phrase.word(index))).sum();
    let aligned = |first: usize| {
        let same = |index: &usize| text.word(first + index) == phrase.word(*index);
        (0..length).filter(same).count()
    };
    let mut score = 0;
    let mut best: Option<(u32, usize, usize)> = None;
    for end in 1..=text.words.len() {
        if end > length
            && let Some(left) = needed.get_mut(text.word(end - length - 1))
        {
            *left += 1;
            score -= if *left > 0 { weight(text.word(end - length - 1)) } else { 0 };
        }
        if let Some(left) = needed.get_mut(text.word(end - 1)) {
            score += if *left > 0 { weight(text.word(end - 1)) } else { 0 };
            *left -= 1;
        }
        if end < length || score * 2 < whole || best.is_some_and(|(least, ..)| score < least) {
            continue;
        }
        let candidate = (score, aligned(end - length), end - length);
        if best.is_none_or(|(score, same, _)| (candidate.0, candidate.1) > (score, same)) {
            best = Some(candidate);
        }
    }
    let (score, same, first) = best.filter(|&(score, ..)| score > 0)?;
    debug_assert!(score <= whole);
    let differing = (0..length).find(|&index| text.word(first + index) != phrase.word(index));
    let one_word = differing
        .filter(|_| same + 1 == length && length == phrase.words.len())
        .map(|index| (index, phrase.word(index), text.word(first + index)))
        .filter(|&(index, ours, theirs)| (1..length - 1).contains(&index) || is_slip(ours, theirs))
        .map(|(_, ours, theirs)| (ours.to_owned(), theirs.to_owned()));
    Some(Found { words: first..first + length, one_word })
}

/// Whether one word may be the other mistyped: likely, or both are numbers.
fn is_slip(ours: &str, theirs: &str) -> bool {
    let is_number = |word: &str| word.starts_with(char::is_numeric);
    (is_number(ours) && is_number(theirs)) || strsim::jaro_winkler(ours, theirs) >= 0.8
}

/// Marks count nothing, short words one, numbers and long words two.
fn weight(word: &str) -> u32 {
    match word.chars().next() {
        Some(first) if !first.is_alphanumeric() => 0,
        Some(first) if first.is_numeric() || word.chars().count() > 3 => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn the_likest_window() {
        let text = fold("In May the deliveries exceeded 3 billion tons, of which little was sold.");
        let cases = [
            ("exceded 3 billion tons", Some(("exceeded 3 billion tons", Some(("exceded", "exceeded"))))),
            ("deliveries exceeded 4 billion", Some(("deliveries exceeded 3 billion", Some(("4", "3"))))),
            ("3 billion tons exceeded", Some(("exceeded 3 billion tons", None))),
            ("the weather was mild, they say", None),
            ("", None),
        ];
        for (phrase, expected) in cases {
            let found = nearest(&text, &fold(phrase));
            let found = found.map(|found| {
                let words: Vec<_> = found.words.map(|index| text.word(index)).collect();
                (words.join(" "), found.one_word)
            });
            let expected = expected
                .map(|(words, pair)| (words.to_owned(), pair.map(|(a, b)| (a.to_owned(), b.to_owned()))));
            assert_eq!(found, expected, "{phrase}");
        }
    }
}
