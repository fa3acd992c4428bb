//! Names in which letters of another script stand for those they look like: "Рoссия" with a Latin o.

/// Letters that look alike, Cyrillic and Latin.
const ALIKE: [(char, char); 22] = [
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('к', 'k'),
    ('і', 'i'),
    ('ѕ', 's'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
];

/// `name` in the one script in which it can be written whole; `None` where it is in one already, or in none.
pub(super) fn unmixed(name: &str) -> Option<String> {
    let is_cyrillic = |c: char| matches!(c, 'Ѐ'..='ӿ');
    if name.is_ascii() || !name.contains(is_cyrillic) || !name.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let cyrillic: String =
        name.chars().map(|c| ALIKE.iter().find(|(_, l)| *l == c).map_or(c, |(c, _)| *c)).collect();
    let latin: String =
        name.chars().map(|c| ALIKE.iter().find(|(k, _)| *k == c).map_or(c, |(_, l)| *l)).collect();
    if !cyrillic.contains(|c: char| c.is_ascii_alphabetic()) {
        Some(cyrillic)
    } else {
        (!latin.contains(is_cyrillic)).then_some(latin)
    }
}

#[cfg(test)]
mod tests {
    use super::unmixed;

    #[test]
    fn letters_that_look_alike_are_put_in_one_script() {
        let cases = [
            ("Рoссия", Some("Россия")),
            ("Kаzаkhstan", Some("Kazakhstan")),
            ("CША", Some("США")),
            ("Россия (Russia)", None),
            ("Россия", None),
            ("France", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(unmixed(name).as_deref(), expected, "{name}");
        }
    }
}
