//! Draws of numbers that depend on a seed and a place alone, so that any row can be made by itself.

/// What is drawn for: two purposes never share a sequence.
pub(crate) const CLAIMS: u64 = 1;
pub(crate) const SERIES: u64 = 2;
pub(crate) const SOURCES: u64 = 3;
pub(crate) const COMMITMENTS: u64 = 4;

/// A sequence of numbers: SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The sequence of the thing `index`.
    pub(crate) fn new(seed: u64, purpose: u64, index: u64) -> Self {
        let mut draw = Self(seed.rotate_left(32) ^ purpose.rotate_left(56) ^ index);
        Self(draw.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(count)) >> 64) as u64
    }

    /// A number from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True so many times of a thousand.
    pub(crate) fn permille(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of some values, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len() as u64) as usize]
    }
}
