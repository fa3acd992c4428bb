//! Names whose bytes of UTF-8 were taken for Windows-1252 on the way: `CÃ´te dâ€™Ivoire`.

/// The characters that Windows-1252 has for the bytes 80 to 9F; the five that it leaves out stand for
/// themselves, as browsers have it (WHATWG Encoding Standard, index windows-1252).
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What `name` was before its bytes were misread; `None` where its characters are no such bytes.
pub(super) fn undone(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = name.chars().map(byte).collect();
    String::from_utf8(bytes?).ok()
}

/// The byte that Windows-1252 reads as `c`.
fn byte(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{7f}' | '\u{a0}'..='\u{ff}' => u8::try_from(c).ok(),
        _ => HIGH.iter().position(|&high| high == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::undone;

    #[test]
    fn misread_bytes_are_read_again() {
        assert_eq!(undone("CÃ´te dâ€™Ivoire").as_deref(), Some("Côte d’Ivoire"));
        assert_eq!(undone("TÃ¼rkiye").as_deref(), Some("Türkiye"));
        assert_eq!(undone("Ð¢ÑƒÑ€Ñ†Ð¸Ñ\u{8f}").as_deref(), Some("Турция"));
        for sound in ["Côte d’Ivoire", "Türkiye", "Турция", "France", ""] {
            assert_eq!(undone(sound), None, "{sound}");
        }
    }
}
