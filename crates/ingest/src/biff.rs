//! The records of an XLS stream and the texts in them, from Excel 2 to 2003 (MS-XLS, and what OpenOffice.org wrote down
//! of its forebears). What the records mean is [`xls`](crate::xls)'s part.

use encoding_rs::Encoding;

use crate::bytes::Bytes;

/// The generation of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// Excel 2.
    Two,
    /// Excel 3.
    Three,
    /// Excel 4.
    Four,
    /// Excel 5 and 95.
    Five,
    /// Excel 97 to 2003.
    Eight,
}

impl Version {
    /// The version that the first record of a stream says.
    pub(crate) fn of(record: &Record<'_>) -> Option<Self> {
        match (record.kind, record.head().u16(0)?) {
            (0x0009, _) => Some(Self::Two),
            (0x0209, _) => Some(Self::Three),
            (0x0409, _) => Some(Self::Four),
            (0x0809, 0x0500) => Some(Self::Five),
            (0x0809, _) => Some(Self::Eight),
            _ => None,
        }
    }
}

/// A record with those that continue it.
pub(crate) struct Record<'a> {
    pub(crate) kind: u16,
    /// Its bytes, piece by piece.
    pub(crate) pieces: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The bytes of its first piece.
    pub(crate) fn head(&self) -> Bytes<'a> {
        Bytes(self.pieces.first().copied().unwrap_or_default())
    }
}

/// The records of a stream from its start on; the last one may be cut off.
pub(crate) struct Records<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        const CONTINUE: u16 = 0x003c;
        let (kind, piece) = self.piece()?;
        let mut pieces = vec![piece];
        while Bytes(self.rest).u16(0) == Some(CONTINUE) {
            pieces.extend(self.piece().map(|(_, piece)| piece));
        }
        Some(Record { kind, pieces })
    }
}

impl<'a> Records<'a> {
    fn piece(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (Bytes(self.rest).u16(0)?, usize::from(Bytes(self.rest).u16(2)?));
        let end = (4 + length).min(self.rest.len());
        let piece = &self.rest[4..end];
        self.rest = &self.rest[end..];
        Some((kind, piece))
    }
}

/// Reads texts across the pieces of a record.
pub(crate) struct Texts<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
    version: Version,
    /// Of texts before Excel 97.
    encoding: &'static Encoding,
}

/// How long a text's length is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// One byte.
    Short,
    /// Two bytes.
    Long,
}

impl<'a> Texts<'a> {
    /// From the byte `at` of the record's first piece on.
    pub(crate) fn of(record: &Record<'a>, at: usize, version: Version, encoding: &'static Encoding) -> Self {
        Self { pieces: record.pieces.clone(), piece: 0, at, version, encoding }
    }

    /// The next text; none where the record ends before it does.
    pub(crate) fn next(&mut self, length: Length) -> Option<String> {
        let length = match length {
            Length::Short => usize::from(self.byte()?),
            Length::Long => usize::from(self.byte()?) | usize::from(self.byte()?) << 8,
        };
        if self.version < Version::Eight {
            let bytes: Vec<u8> = (0..length).map_while(|_| self.byte()).collect();
            return Some(self.encoding.decode_without_bom_handling(&bytes).0.into_owned());
        }
        let flags = self.byte()?;
        let runs =
            if flags & 8 == 0 { 0 } else { usize::from(self.byte()?) | usize::from(self.byte()?) << 8 };
        let more = if flags & 4 == 0 { 0 } else { self.long()? as usize };
        let text = self.units(length, flags & 1 == 1)?;
        self.skip(runs * 4 + more);
        Some(text)
    }

    /// So many characters; where they go on in another piece, its first byte says how wide they are there.
    fn units(&mut self, length: usize, mut wide: bool) -> Option<String> {
        let mut units: Vec<u16> = Vec::with_capacity(length);
        while units.len() < length {
            if self.at >= self.pieces.get(self.piece)?.len() {
                self.piece += 1;
                self.at = 1;
                wide = self.pieces.get(self.piece)?.first()? & 1 == 1;
            }
            let rest = Bytes(self.pieces[self.piece]).from(self.at);
            let wanted = length - units.len();
            if wide {
                let chunk = rest.take(wanted * 2);
                units.extend(chunk.as_chunks::<2>().0.iter().map(|&unit| u16::from_le_bytes(unit)));
                // A character that is cut in two ends its piece.
                self.at += chunk.len().max(1);
            } else {
                let chunk = rest.take(wanted);
                units.extend(chunk.iter().map(|&unit| u16::from(unit)));
                self.at += chunk.len().max(1);
            }
        }
        Some(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect())
    }

    /// Whether every byte is read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.piece + 1 >= self.pieces.len() && self.pieces.last().is_none_or(|piece| self.at >= piece.len())
    }

    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.pieces.get(self.piece)?.len() {
            self.piece += 1;
            self.at = 0;
        }
        let byte = self.pieces[self.piece][self.at];
        self.at += 1;
        Some(byte)
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut length: usize) {
        while let Some(piece) = self.pieces.get(self.piece) {
            let step = length.min(piece.len().saturating_sub(self.at));
            self.at += step;
            length -= step;
            if length == 0 {
                return;
            }
            self.piece += 1;
            self.at = 0;
        }
    }
}

/// The encoding of a code page; that of Western Windows where it is none that we know.
pub(crate) fn code_page(number: u16) -> &'static Encoding {
    let label: &[u8] = match number {
        866 => b"ibm866",
        874 => b"windows-874",
        932 => b"shift_jis",
        936 => b"gbk",
        949 => b"euc-kr",
        950 => b"big5",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1253 => b"windows-1253",
        1254 => b"windows-1254",
        1255 => b"windows-1255",
        1256 => b"windows-1256",
        1257 => b"windows-1257",
        1258 => b"windows-1258",
        10000 | 32768 => b"macintosh",
        10007 => b"x-mac-cyrillic",
        20866 => b"koi8-r",
        65001 => b"utf-8",
        _ => b"windows-1252",
    };
    Encoding::for_label(label).unwrap_or(encoding_rs::WINDOWS_1252)
}
