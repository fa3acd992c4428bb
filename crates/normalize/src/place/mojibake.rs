//! Names whose bytes were taken for another encoding on the way: `CÃ´te dâ€™Ivoire`, `Êèòàé`. What they may have been
//! is told here; which of these is a name is told elsewhere.

use std::borrow::Cow;

use encoding_rs::{Encoding, IBM866, KOI8_R, MACINTOSH, UTF_8, WINDOWS_1251, WINDOWS_1252};

/// The longest text that is taken for a misread name, in bytes.
const LONGEST: usize = 400;

/// Letters of the shortest text that is taken for one, and of one that may begin with a small letter.
const SHORTEST: usize = 3;
const LONG: usize = 6;

/// Marks that stand in names.
const MARKS: &str = " -–—.,'’()&";

/// What bytes were taken for, and what they may have been.
const MISREADINGS: [(&Encoding, &[&Encoding]); 5] = [
    (WINDOWS_1252, &[UTF_8, WINDOWS_1251, MACINTOSH]),
    (WINDOWS_1251, &[UTF_8, KOI8_R, IBM866]),
    (MACINTOSH, &[UTF_8, WINDOWS_1252]),
    (IBM866, &[WINDOWS_1251]),
    (KOI8_R, &[WINDOWS_1251]),
];

/// The misreading that happens twice.
const REPEATED: [(&Encoding, &[&Encoding]); 1] = [(WINDOWS_1252, &[UTF_8])];

/// What `name` may have been before its bytes were misread, once or twice.
pub(super) fn undone(name: &str) -> Vec<String> {
    // "лот" is a word, though it would be "КНР" in another encoding.
    let is_sound = || name.chars().all(|c| is_russian(c) || MARKS.contains(c)) && is_case_usual(name);
    if name.is_ascii() || name.len() > LONGEST || is_sound() {
        return Vec::new();
    }
    let mut undone = reread(name, &MISREADINGS);
    let once = reread(name, &REPEATED);
    undone.extend(once.iter().flat_map(|name| reread(name, &REPEATED)));
    undone.retain(|name| is_written_well(name));
    undone
}

/// A text with its bytes taken for each of what they may have been.
fn reread(text: &str, misreadings: &[(&'static Encoding, &[&'static Encoding])]) -> Vec<String> {
    let mut texts = Vec::new();
    for &(taken, were) in misreadings {
        let bytes = if taken == WINDOWS_1252 { western_bytes(text) } else { bytes(text, taken) };
        let Some(bytes) = bytes else { continue };
        let read =
            were.iter().filter_map(|was| was.decode_without_bom_handling_and_without_replacement(&bytes));
        texts.extend(read.filter(|read| read != text).map(Cow::into_owned));
    }
    texts
}

fn is_russian(c: char) -> bool {
    matches!(c, 'А'..='я' | 'Ё' | 'ё')
}

/// Whether no capital stands behind a small letter.
fn is_case_usual(text: &str) -> bool {
    let mut is_small = false;
    text.chars().all(|c| {
        let is_usual = !(is_small && c.is_uppercase());
        is_small = c.is_lowercase();
        is_usual
    })
}

/// Whether a text is written as names are: with letters and few marks, in the usual case. One of two letters may be anything.
fn is_written_well(text: &str) -> bool {
    let length = text.chars().count();
    let begins = text.starts_with(char::is_uppercase) || length >= LONG;
    let ends = text.ends_with(|c: char| c.is_alphabetic() || c == ')');
    let is_of_names = |c: char| c.is_alphabetic() || MARKS.contains(c);
    length >= SHORTEST && begins && ends && text.chars().all(is_of_names) && is_case_usual(text)
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
            let undone = undone(misread);
            assert!(undone.iter().any(|name| name == sound), "{misread}: {undone:?}");
        }
        assert!(undone("France").is_empty());
        assert!(undone(&"é".repeat(1000)).is_empty());
    }
}
