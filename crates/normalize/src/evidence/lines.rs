//! Lines and characters of a file's text: what an editor calls a byte offset.

use super::text::Position;

/// Every this many bytes the count of characters is noted, so that a position costs a short count
/// wherever it lies.
const STRIDE: usize = 1024;

/// A text with the places of its lines.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    text: String,
    /// Offset of each line's first byte.
    starts: Vec<usize>,
    /// Characters that begin before each multiple of [`STRIDE`].
    counts: Vec<usize>,
}

impl Lines {
    /// Notes where the lines of a text begin: behind each LF, CRLF or lone CR.
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut counts = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut count = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if at % STRIDE == 0 {
                counts.push(count);
            }
            count += usize::from(is_first(byte));
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        counts.push(count);
        Self { text: text.to_owned(), starts, counts }
    }

    /// The position of the bytes from `start` to `end`.
    pub(super) fn position(&self, start: usize, end: usize) -> Position {
        let line = self.starts.partition_point(|&first| first <= start);
        let first = self.count(start);
        Position {
            start: first,
            end: self.count(end),
            line,
            column: first - self.count(self.starts[line - 1]) + 1,
        }
    }

    /// The characters that begin before `offset`.
    fn count(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let offset = offset.min(bytes.len());
        let noted = offset / STRIDE;
        let Some(&count) = self.counts.get(noted) else { return 0 };
        if noted * STRIDE >= bytes.len() {
            return *self.counts.last().unwrap_or(&count);
        }
        count + bytes[noted * STRIDE..offset].iter().filter(|&&byte| is_first(byte)).count()
    }
}

/// Whether a byte begins a character of UTF-8.
fn is_first(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_an_editor() {
        let text = format!("я\r\nб\rв\n{}г", "д".repeat(3000));
        let lines = Lines::new(&text);
        let place = |c: char| {
            let at = text.find(c).unwrap_or(usize::MAX);
            let position = lines.position(at, at + c.len_utf8());
            (position.start, position.end, position.line, position.column)
        };
        assert_eq!(place('я'), (0, 1, 1, 1));
        assert_eq!(place('б'), (3, 4, 2, 1));
        assert_eq!(place('в'), (5, 6, 3, 1));
        assert_eq!(place('д'), (7, 8, 4, 1));
        assert_eq!(place('г'), (3007, 3008, 4, 3001));
    }

    #[test]
    fn a_text_of_whole_strides_ends_right() {
        let lines = Lines::new(&"x".repeat(STRIDE));
        assert_eq!(lines.position(STRIDE, STRIDE).start, STRIDE);
        assert_eq!(Lines::new("").position(0, 0), Position { start: 0, end: 0, line: 1, column: 1 });
    }
}
