//! Names whose bytes were taken for another encoding on the way: `CÃ´te dâ€™Ivoire`, `Êèòàé`. What they may have been
//! is told here; which of these is a name is told elsewhere.

use encoding_rs::{Encoding, IBM866, KOI8_R, MACINTOSH, UTF_8, WINDOWS_1251, WINDOWS_1252};

/// The longest text that is taken for a misread name, in bytes.
const LONGEST: usize = 400;

/// What bytes were taken for, and what they were.
const MISREADINGS: [(&Encoding, &Encoding); 10] = [
    (WINDOWS_1252, UTF_8),
    (WINDOWS_1251, UTF_8),
    (MACINTOSH, UTF_8),
    (WINDOWS_1252, WINDOWS_1251),
    (IBM866, WINDOWS_1251),
    (KOI8_R, WINDOWS_1251),
    (WINDOWS_1251, KOI8_R),
    (WINDOWS_1251, IBM866),
    (MACINTOSH, WINDOWS_1252),
    (WINDOWS_1252, MACINTOSH),
];

/// What `name` may have been before its bytes were misread, once or twice.
pub(super) fn undone(name: &str) -> impl Iterator<Item = String> {
    let is_misread = !name.is_ascii() && name.len() <= LONGEST;
    let once =
        MISREADINGS.into_iter().filter(move |_| is_misread).filter_map(|reading| reread(name, reading));
    let twice = once.clone().filter_map(|name| reread(&name, MISREADINGS[0]));
    once.chain(twice)
}

/// A text with its bytes taken for what they were; `None` where that is impossible or no other text.
fn reread(text: &str, (taken, was): (&'static Encoding, &'static Encoding)) -> Option<String> {
    let bytes = if taken == WINDOWS_1252 { western_bytes(text)? } else { bytes(text, taken)? };
    let was = was.decode_without_bom_handling_and_without_replacement(&bytes)?;
    (was != text && !was.contains(|c: char| c.is_control() || c == '\u{fffd}')).then(|| was.into_owned())
}

fn bytes(text: &str, taken: &'static Encoding) -> Option<Vec<u8>> {
    let (bytes, _, lossy) = taken.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

/// The bytes of a text in Windows-1252, or in Latin 1 where it has characters of that only.
fn western_bytes(text: &str) -> Option<Vec<u8>> {
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    latin.or_else(|| bytes(text, WINDOWS_1252))
}

#[cfg(test)]
mod tests {
    use super::undone;

    #[test]
    fn misread_bytes_are_read_again() {
        let cases = [
            ("CÃ´te dâ€™Ivoire", "Côte d’Ivoire"),
            ("TÃ¼rkiye", "Türkiye"),
            ("TÃƒÂ¼rkiye", "Türkiye"),
            ("CÃ\u{b4}te dâ\u{80}\u{99}Ivoire", "Côte d’Ivoire"),
            ("Ð¢ÑƒÑ€Ñ†Ð¸Ñ\u{8f}", "Турция"),
            ("РўСѓСЂС†РёСЏ", "Турция"),
            ("Êèòàé", "Китай"),
            ("лЙФБК", "Китай"),
            ("R\u{8e}union", "Réunion"),
            ("RÈunion", "Réunion"),
        ];
        for (misread, sound) in cases {
            assert!(
                undone(misread).any(|name| name == sound),
                "{misread}: {:?}",
                undone(misread).collect::<Vec<_>>()
            );
        }
        assert_eq!(undone("France").count(), 0);
        assert_eq!(undone(&"é".repeat(1000)).count(), 0);
    }
}
