//! What is written to the terminal: quiet where the reader has gone, colours only where wanted, and
//! nothing in a cell or name that a terminal would obey.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// Where the output is a terminal and NO_COLOR is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to colour standard error.
    pub(crate) fn is_wanted(self) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::env::var_os("NO_COLOR").is_none() && io::stderr().is_terminal(),
        }
    }
}

/// Bytes of a file from which on its reader sees how far it is.
const LARGE: u64 = 64 << 20;

/// How much of a large file was read, in a line of standard error that is written over.
pub(crate) struct Progress {
    bytes: u64,
    percent: u64,
}

impl Progress {
    /// None where the file is soon read, nobody looks, or the output itself goes to the terminal.
    pub(crate) fn of(bytes: u64) -> Option<Self> {
        let is_seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        (bytes >= LARGE && is_seen).then_some(Self { bytes, percent: 0 })
    }

    /// Shows that `read` bytes were read, where that is a percent more.
    pub(crate) fn show(&mut self, read: u64) {
        let percent = read.saturating_mul(100) / self.bytes;
        if percent > self.percent {
            self.percent = percent;
            let _ = write!(io::stderr().lock(), "\r{percent:3} % of {} MB", self.bytes / 1_000_000);
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&mut self) {
        if self.percent > 0 {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Writes to standard output. A reader that has gone (`| head`) is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    quietly(io::stdout().lock().write_all(text.as_bytes()))
}

/// Writes a line to standard error, whatever becomes of it.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", escaped(line));
}

/// Writes text that is safe already to standard error, whatever becomes of it.
pub(crate) fn complain_raw(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A broken pipe is no failure: the reader has what it wanted.
pub(crate) fn quietly(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// The text with control characters and bidirectional controls shown as escapes; line feeds stay.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => safe.push('\n'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                safe.extend(character.escape_unicode());
            }
            _ if character.is_control() => safe.extend(character.escape_default()),
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(escaped("a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escaped("x\u{202e}y\tz\n"), "x\\u{202e}y\\tz\n");
        assert_eq!(escaped("a\x7f b~\n"), "a\\u{7f} b~\n");
        assert_eq!(escaped("сом 3 млрд"), "сом 3 млрд");
    }
}
