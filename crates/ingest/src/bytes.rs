//! Little-endian numbers in the binary parts of workbooks.

/// Little-endian values; none past the end.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(crate) fn u16(self, at: usize) -> Option<u16> {
        self.0.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(self, at: usize) -> Option<u32> {
        self.0.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub(crate) fn f64(self, at: usize) -> Option<f64> {
        self.0.get(at..at + 8)?.try_into().ok().map(f64::from_le_bytes)
    }

    /// What lies from `at` on.
    pub(crate) fn from(self, at: usize) -> Self {
        Self(self.0.get(at..).unwrap_or_default())
    }

    /// Up to so many bytes from the start.
    pub(crate) fn take(self, length: usize) -> &'a [u8] {
        &self.0[..length.min(self.0.len())]
    }
}
