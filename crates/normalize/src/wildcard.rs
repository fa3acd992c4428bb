//! Patterns of names as a shell has them: `*` is any run of characters, `?` is one. No names are
//! listed here.

/// Whether `name` is what `pattern` describes. Linear in the name for each `*`.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut in_name) = (0, 0);
    // Where the last `*` stood, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(&expected) if expected == '?' || expected == name[in_name] => {
                at += 1;
                in_name += 1;
            }
            _ => match &mut star {
                Some((stood, taken)) => {
                    *taken += 1;
                    (at, in_name) = (*stood + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&rest| rest == '*')
}

/// Whether the text is a pattern and no plain name.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("2024", "2024", true),
            ("2024", "20245", false),
            ("20??", "2024", true),
            ("20??", "202", false),
            ("*", "", true),
            ("Итого*", "Итого по России", true),
            ("Итого*", "всего", false),
            ("raw/2024-*.xlsx", "raw/2024-05.xlsx", true),
            ("*a*b", "xaabxab", true),
            ("*a*b", "xaabxa", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} on {name}");
        }
    }
}
