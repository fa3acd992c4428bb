//! Names with letters that a scanner or a hand put for others that look like them: "lndia", "Ch1na", "Arrnenia", "Бра3илия".

/// What is written, and what it may stand for. Each row is tried by itself, on all its places in the name.
const ALIKE: [&[(char, char)]; 3] = [
    &[('0', 'o'), ('1', 'l'), ('5', 's'), ('|', 'l')],
    &[('0', 'o'), ('1', 'i'), ('|', 'i')],
    &[('0', 'о'), ('3', 'з'), ('6', 'б')],
];

/// What `name` may be where letters of it are misread.
pub(super) fn readings(name: &str) -> impl Iterator<Item = String> {
    let digits = ALIKE.into_iter().filter_map(|alike| with_letters(name, alike));
    // "Ornan" is a name.
    let is_long = name.len() > "Ornan".len();
    digits.chain(with_capitals(name)).chain((is_long && name.contains("rn")).then(|| name.replace("rn", "m")))
}

/// A name with letters for the marks that stand beside letters: "Ch1na", but not "France 10".
fn with_letters(name: &str, alike: &[(char, char)]) -> Option<String> {
    let stands_for = |c: char| alike.iter().find(|(mark, _)| *mark == c).map(|(_, letter)| *letter);
    let chars: Vec<char> = name.chars().collect();
    let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    let read = |(at, &c): (usize, &char)| match stands_for(c) {
        Some(letter) if is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) => letter,
        Some(letter) if at == 0 && is_letter(Some(1)) => letter,
        _ => c,
    };
    let letters: String = chars.iter().enumerate().map(read).collect();
    (letters != name).then_some(letters)
}

/// A name with "l" for "I" within words of small letters, and "I" for an "l" that begins a word.
fn with_capitals(name: &str) -> Option<String> {
    if !name.contains(['l', 'I']) {
        return None;
    }
    let mut read = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        read.push(match c {
            'I' if before.is_alphabetic() => 'l',
            'l' if !before.is_alphabetic() => 'I',
            _ => c,
        });
        before = c;
    }
    let is_small = name.contains(char::is_lowercase);
    (is_small && read != name).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn letters_that_look_alike_are_told() {
        let cases = [
            ("lndia", "India"),
            ("Ch1na", "China"),
            ("AngoIa", "Angola"),
            ("Ango1a", "Angola"),
            ("Arrnenia", "Armenia"),
            ("Бра3илия", "Бразилия"),
            ("ltaly", "Italy"),
            ("Côte d'lvoire", "Côte d'Ivoire"),
        ];
        for (misread, sound) in cases {
            let found: Vec<String> = readings(misread).collect();
            let is_found = found.iter().any(|name| name.to_lowercase() == sound.to_lowercase());
            assert!(is_found, "{misread}: {found:?}");
        }
        for sound in ["France", "France 10", "EU27", "Oman 1", ""] {
            assert_eq!(readings(sound).next(), None, "{sound}");
        }
    }
}
