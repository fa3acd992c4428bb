//! Names whose bytes of UTF-8 were taken for Windows-1252 on the way: `CÃ´te dâ€™Ivoire`.

use encoding_rs::WINDOWS_1252;

/// What `name` was before its bytes were misread; `None` where its characters are no such bytes.
pub(super) fn undone(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let (bytes, _, lossy) = WINDOWS_1252.encode(name);
    if lossy { None } else { String::from_utf8(bytes.into_owned()).ok() }
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
