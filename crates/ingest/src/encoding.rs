//! Bytes to UTF-8: which encoding a text is in, and decoding it as it streams. Knows nothing of fields.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{
    CoderResult, Decoder, Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257, X_MAC_CYRILLIC,
};

use crate::error::Error;

/// What a text's first bytes say of its encoding.
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// Length of the byte order mark.
    pub(crate) mark: usize,
    /// Where the first byte is that made the encoding a guess, where few did.
    pub(crate) doubt: Option<usize>,
}

/// Bytes outside ASCII that say surely which encoding they are in.
const SURE: usize = 12;

/// The encoding of a text that starts with `sample`.
///
/// A mark decides; then zero bytes (UTF-16); then whether all is valid UTF-8, but for stray bytes; then the letters.
pub(crate) fn detect(sample: &[u8]) -> Found {
    let sure = |encoding, mark| Found { encoding, mark, doubt: None };
    if let Some((encoding, length)) = Encoding::for_bom(sample) {
        let marks = sample.chunks(length).take_while(|chunk| *chunk == &sample[..length]).count();
        return sure(encoding, length * marks);
    }
    if let Some(encoding) = utf_16_without_mark(sample) {
        return sure(encoding, 0);
    }
    let (characters, strays) = utf_8(sample);
    if strays * 2 <= characters || strays == 0 {
        return sure(UTF_8, 0);
    }
    match single_byte(sample) {
        // A byte that is a letter in no encoding costs its own cell, not the others.
        None => sure(UTF_8, 0),
        Some(encoding) => {
            let high = |byte: &u8| !byte.is_ascii();
            let is_few = sample.iter().filter(|byte| high(byte)).take(SURE).count() < SURE;
            let doubt = if is_few { sample.iter().position(high) } else { None };
            Found { encoding, mark: 0, doubt }
        }
    }
}

/// A whole text that is no table, in the encoding that it shows; bytes that are no text in it become
/// U+FFFD. Text in UTF-8 stays as it is, with its mark.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let Found { encoding, mark, .. } = detect(&bytes[..bytes.len().min(SAMPLE)]);
    if encoding == UTF_8 {
        return String::from_utf8_lossy(bytes);
    }
    encoding.decode_without_bom_handling(&bytes[mark..]).0
}

/// Bytes of a text that tell its encoding.
const SAMPLE: usize = 1 << 20;

/// The encoding of a WHATWG label: `utf-8`, `windows-1251`, `koi8-r`, `x-mac-cyrillic`.
pub fn labelled(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| Error::Setting {
        setting: "encoding",
        reason: format!("`{label}` is no WHATWG encoding label such as utf-8, windows-1251 or koi8-r"),
    })
}

/// How many characters outside ASCII are valid UTF-8, and how many stretches of bytes are not; one that is cut off
/// at the sample's end counts for neither.
fn utf_8(sample: &[u8]) -> (usize, usize) {
    let mut counts = (0, 0);
    if sample.is_ascii() {
        return counts;
    }
    let mut chunks = sample.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        counts.0 += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        let stray = chunk.invalid();
        let is_cut = chunks.peek().is_none()
            && std::str::from_utf8(stray).is_err_and(|error| error.error_len().is_none());
        counts.1 += usize::from(!stray.is_empty() && !is_cut);
    }
    counts
}

/// Text in UTF-16 has many zero bytes at every other place, or (Cyrillic) many 0x04.
fn utf_16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let sample = &sample[..sample.len().min(4096)];
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let high = |byte: &&u8| matches!(**byte, 0 | 4);
    let first = sample.iter().step_by(2).filter(high).count();
    let second = sample.iter().skip(1).step_by(2).filter(high).count();
    let zeros = memchr::memchr_iter(0, sample).count();
    let encoding = if second * 10 >= pairs * 7 && first * 10 < pairs * 3 {
        UTF_16LE
    } else if first * 10 >= pairs * 7 && second * 10 < pairs * 3 {
        UTF_16BE
    } else {
        return None;
    };
    (zeros > 0).then_some(encoding)
}

/// One of the encodings with a byte a letter (or, as chardetng has it, an East Asian one).
///
/// chardetng knows no Mac encodings and takes KOI8-U for KOI8-R, so what it says is weighed against its kin by how
/// the letters outside ASCII stand in their words. None where they are no letters in any of these.
fn single_byte(sample: &[u8]) -> Option<&'static Encoding> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Allow);
    let cyrillic = [WINDOWS_1251, KOI8_R, X_MAC_CYRILLIC, IBM866, ISO_8859_5, KOI8_U];
    let latin = [WINDOWS_1252, MACINTOSH];
    let kin: &[&'static Encoding] = if cyrillic.contains(&guess) {
        &cyrillic
    } else if latin.contains(&guess)
        || guess == WINDOWS_1250
        || guess == WINDOWS_1254
        || guess == WINDOWS_1257
    {
        &latin
    } else {
        return Some(guess);
    };
    let sample = &sample[..sample.len().min(64 << 10)];
    let mut best = (guess, i64::MIN);
    for &encoding in kin.iter().chain(std::iter::once(&guess)) {
        let fit = letters_fit(&encoding.decode_without_bom_handling(sample).0);
        if fit > best.1 {
            best = (encoding, fit);
        }
    }
    (best.1 > 0).then_some(best.0)
}

/// How well the letters outside ASCII stand in their words: letters that are common count for, capitals within a
/// word and signs between letters count against.
fn letters_fit(text: &str) -> i64 {
    let mut fit = 0;
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_ascii() {
            let after = characters.peek().copied().unwrap_or(' ');
            fit += weight(character);
            if character.is_uppercase() && before.is_lowercase() {
                fit -= 4;
            }
            // Curly quotes and dashes of Windows are accented letters to a Mac, where no word has them.
            let begins = character.is_lowercase() && !before.is_alphabetic();
            if begins && "ìñòù".contains(character) {
                fit -= 6;
            }
            let splits = !character.is_alphabetic() && !"’‘–—-°".contains(character);
            if splits && before.is_alphabetic() && after.is_alphabetic() {
                fit -= 4;
            }
        }
        before = character;
    }
    fit
}

fn weight(character: char) -> i64 {
    match character {
        'о' | 'е' | 'а' | 'и' | 'н' | 'т' | 'с' | 'р' | 'в' | 'л' | 'к' => 3,
        'а'..='я' | 'ё' => 2,
        'А'..='Я' | 'Ё' => 1,
        _ if "éèêëàâäçñöüßôûùîïíóáúåøæœ".contains(character) => 3,
        _ if "ÉÈÀÂÄÇÑÖÜÔÎÅØÆŒ’‘“”–—«»…€£°№\u{a0}".contains(character) => {
            1
        }
        _ if character.is_alphabetic() => 0,
        '\u{80}'..='\u{9f}' | '\u{fffd}' => -6,
        _ => -2,
    }
}

/// A text that streams in, as UTF-8. What cannot be decoded becomes U+FFFD, but for bytes of a text that is said
/// to be UTF-8: those pass as they are.
pub(crate) struct Source<R> {
    reader: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    ended: bool,
}

/// Bytes read at once.
const BLOCK: usize = 256 << 10;

impl<R: Read> Source<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, decoder: None, raw: Vec::new(), ended: false }
    }

    /// Reads up to `length` bytes as they are.
    pub(crate) fn head(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut head = Vec::new();
        self.reader.by_ref().take(length as u64).read_to_end(&mut head)?;
        self.ended = head.len() < length;
        Ok(head)
    }

    /// Decodes what [`Source::head`] read, and all that follows, from `encoding`.
    pub(crate) fn decode_as(&mut self, encoding: &'static Encoding, head: Vec<u8>, mark: usize) -> Vec<u8> {
        let mut text = Vec::new();
        if encoding == UTF_8 {
            text = head;
            text.drain(..mark);
        } else {
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
            self.decode(&head[mark..], &mut text);
        }
        text
    }

    /// Whether all was read.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Appends text until `text` holds `length` bytes, or all was read.
    pub(crate) fn fill(&mut self, text: &mut Vec<u8>, length: usize) -> Result<(), Error> {
        while text.len() < length && !self.ended {
            let wanted = (length - text.len()).clamp(4096, BLOCK);
            if self.decoder.is_some() {
                let mut raw = std::mem::take(&mut self.raw);
                raw.clear();
                self.ended = self.reader.by_ref().take(wanted as u64).read_to_end(&mut raw)? < wanted;
                self.decode(&raw, text);
                self.raw = raw;
            } else {
                self.ended = self.reader.by_ref().take(wanted as u64).read_to_end(text)? < wanted;
            }
        }
        Ok(())
    }

    fn decode(&mut self, raw: &[u8], text: &mut Vec<u8>) {
        let Some(decoder) = &mut self.decoder else { return };
        let mut raw = raw;
        loop {
            let start = text.len();
            let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
            text.resize(start + room, 0);
            let (result, read, written, _) = decoder.decode_to_utf8(raw, &mut text[start..], self.ended);
            text.truncate(start + written);
            raw = &raw[read..];
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_R, WINDOWS_1251, WINDOWS_1252};

    use super::decode;

    #[test]
    fn a_text_is_read_in_the_encoding_that_it_shows() {
        let russian = "Товарооборот «вырос» до 3 млрд сомов, а экспорт — на 13,6 %.";
        for encoding in [WINDOWS_1251, KOI8_R] {
            let russian = russian.replace('—', "-").replace(['«', '»'], "\"");
            assert_eq!(decode(&encoding.encode(&russian).0), russian, "{}", encoding.name());
        }
        assert_eq!(decode(&WINDOWS_1251.encode(russian).0), russian);
        let english = "The café’s loans grew – by £3 million – and the “green” ones most.";
        assert_eq!(decode(&WINDOWS_1252.encode(english).0), english);
        let wide: Vec<u8> = russian.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide), russian);
        assert_eq!(decode(russian.as_bytes()), russian);
        assert_eq!(decode("\u{feff}3 сома".as_bytes()), "\u{feff}3 сома");
    }

    #[test]
    fn a_damaged_letter_does_not_change_the_encoding() {
        let mut bytes = "Товарооборот вырос до 3 млрд сомов".as_bytes().to_vec();
        bytes[3] = 0xff;
        assert!(decode(&bytes).ends_with("оборот вырос до 3 млрд сомов"));
        assert_eq!(decode(b""), "");
    }
}
