//! What tables write around a name that is no part of it: footnote marks and the number of a line.

use super::relation;

/// The most marks that are taken off one name.
const MOST: usize = 6;

/// `name` without the number before it and the footnote marks behind it: `1. France`, `France 1/`,
/// `Germany*`, `India (a)`, `Norway (1, 2)`.
pub(super) fn without_notes(name: &str) -> &str {
    let mut rest = without_number(name.trim());
    for _ in 0..MOST {
        match without_last_note(rest) {
            Some(shorter) => rest = shorter.trim_end(),
            None => break,
        }
    }
    rest
}

/// `12. France`, `12) France`, `• France`.
fn without_number(name: &str) -> &str {
    let behind = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - behind.len();
    match behind.strip_prefix(['.', ')']) {
        Some(behind) if (1..=3).contains(&digits) => behind.trim_start(),
        _ => name.trim_start_matches(['•', '·', '*', '-', '–', '—', ' ']),
    }
}

fn without_last_note(name: &str) -> Option<&str> {
    let is_mark = |c: char| {
        matches!(
            c,
            '*' | '†' | '‡' | '#' | '^' | '~' | '§' | '¹' | '²' | '³' | '⁴'
                ..='⁹' | 'ᵃ' | 'ᵇ' | 'ᶜ' | 'ᵈ' | 'ᵉ'
        )
    };
    if let Some(rest) = name.strip_suffix(is_mark) {
        return Some(rest);
    }
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((rest, note)) = name.strip_suffix(close).and_then(|name| name.rsplit_once(open)) {
            return is_note(note).then_some(rest);
        }
    }
    if let Some(rest) = name.strip_suffix(['/', ')']) {
        let (rest, note) = rest.rsplit_once([' ', ',']).unwrap_or_else(|| split_digits(rest));
        return is_note(note).then_some(rest);
    }
    let says_note = |&(at, mark): &(usize, &str)| {
        let note = name[at + mark.len()..].trim_start();
        note.split(' ').next().is_some_and(|word| word.chars().count() >= SHORTEST) && is_note(note)
    };
    let marks = name.match_indices([',', ';', ':', '–', '—']);
    if let Some((at, _)) = marks.chain(name.match_indices(" - ")).find(says_note) {
        return Some(&name[..at]);
    }
    if let Some((rest, note)) = name.rsplit_once('^') {
        return is_note(note).then_some(rest);
    }
    // A bare digit is a note behind a word, "24" may be part of a name.
    let (rest, digit) = split_digits(name);
    let rest = if digit.len() == 1 { rest.trim_end_matches([',', ' ']) } else { rest };
    (digit.len() == 1 && rest.trim_end().chars().count() >= SHORTEST).then_some(rest)
}

/// Letters of the shortest name that a digit may stand right behind, `G7` is none, and of a note behind a comma.
const SHORTEST: usize = 4;

/// The digits at the end of a name.
fn split_digits(name: &str) -> (&str, &str) {
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.split_at(rest.len())
}

/// Whether the text in brackets is a note: one or two digits, or a letter that notes are marked with, or several
/// of these; also with words that say so, as in "see note 3", and what dates them, as in "EU member since 2013".
fn is_note(note: &str) -> bool {
    let is_year = |mark: &str| mark.len() == 4 && mark.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |mark: &str| matches!(mark.as_bytes(), [b'a'..=b'h' | b'p' | b'r' | b'x'..=b'z']);
    let is_number = |mark: &str| mark.len() <= 2 && mark.bytes().all(|byte| byte.is_ascii_digit());
    let (mut says, mut counts, mut dates, mut led) = (false, false, false, false);
    for mark in note.split([',', ' ', ';', '/', '-']).filter(|mark| !mark.is_empty()) {
        let word = mark.trim_end_matches('.');
        match () {
            () if is_letter(mark) || relation::says_note(word) => says = true,
            () if is_number(mark) => counts = true,
            () if relation::dates_note(word) || led && is_year(mark) => dates = true,
            () => return false,
        }
        led = relation::dates_note(word);
    }
    // Years alone tell which state is meant.
    says || (counts && !dates)
}

#[cfg(test)]
mod tests {
    use super::without_notes;

    #[test]
    fn marks_are_taken_off_and_names_are_not() {
        let cases = [
            ("France 1/", "France"),
            ("France1/", "France"),
            ("Germany*", "Germany"),
            ("Germany **", "Germany"),
            ("India (a)", "India"),
            ("India a/", "India"),
            ("Norway (1, 2)", "Norway"),
            ("Japan 2)", "Japan"),
            ("Japan [a]", "Japan"),
            ("Sweden 3 4", "Sweden"),
            ("China 2, 3", "China"),
            ("Cyprus 1,2", "Cyprus"),
            ("Russia ^a", "Russia"),
            ("France1", "France"),
            ("France [note 1]", "France"),
            ("France (see note 3)", "France"),
            ("Франция (прим. 2)", "Франция"),
            ("Spain†", "Spain"),
            ("Spain, total", "Spain"),
            ("Россия – всего", "Россия"),
            ("Spain; revised", "Spain"),
            ("Spain: rural, 2014", "Spain: rural, 2014"),
            ("Germany, total 1985", "Germany, total 1985"),
            ("Spain (euro since 1999)", "Spain"),
            ("Spain (1999)", "Spain (1999)"),
            ("Spain, 1999", "Spain, 1999"),
            ("Kenya ᵃ", "Kenya"),
            ("Guinea; Bissau", "Guinea; Bissau"),
            ("Spain, a", "Spain, a"),
            ("Ghana; revised", "Ghana"),
            ("Croatia (EU member since 2013)", "Croatia"),
            ("Чили (с 2013 г. член ОЭСР)", "Чили"),
            ("Sudan (since 1990)", "Sudan (since 1990)"),
            ("Kenya (2015/16)", "Kenya (2015/16)"),
            ("France - rural", "France"),
            ("1. France", "France"),
            ("12) France", "France"),
            ("• France", "France"),
            ("Congo (K)", "Congo (K)"),
            ("France 24", "France 24"),
            ("EU27", "EU27"),
            ("G7", "G7"),
            ("Samoa (American)", "Samoa (American)"),
            ("()", "()"),
            ("*", ""),
            ("/", "/"),
            (")", ")"),
            ("1", "1"),
        ];
        for (name, bare) in cases {
            assert_eq!(without_notes(name), bare, "{name}");
        }
    }
}
