//! Columns of text that cost no allocation a value.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A column of strings in one buffer; an absent value is the empty string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    ends: Vec<u64>,
}

impl Texts {
    /// The number of values.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Appends a value.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
    }

    /// The value at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Appends all values of `other`.
    pub fn append(&mut self, other: &Texts) {
        let base = self.bytes.len() as u64;
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| base + end));
    }

    /// The values at `order`, in that order.
    pub fn select(&self, order: &[u32]) -> Texts {
        let mut selected =
            Texts { bytes: String::with_capacity(self.bytes.len()), ends: Vec::with_capacity(order.len()) };
        for &index in order {
            selected.push(self.get(index as usize));
        }
        selected
    }
}

impl<S: AsRef<str>> FromIterator<S> for Texts {
    fn from_iter<I: IntoIterator<Item = S>>(values: I) -> Self {
        let mut texts = Texts::default();
        for value in values {
            texts.push(value.as_ref());
        }
        texts
    }
}

/// Distinct strings, each with a code: its place in the order of first sight.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    values: Texts,
    index: HashTable<u32>,
    hasher: FixedState,
}

impl Dictionary {
    /// The code of `text`, which is added where it is new.
    pub fn code(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        let Self { values, index, hasher } = self;
        let entry = index.entry(
            hash,
            |&code| values.get(code as usize) == text,
            |&code| hasher.hash_one(values.get(code as usize)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(found) => *found.get(),
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                let code = values.len() as u32;
                vacant.insert(code);
                self.values.push(text);
                code
            }
        }
    }

    /// The code of `text`, or `None` where it was never added.
    pub fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.index.find(hash, |&code| self.values.get(code as usize) == text).copied()
    }

    /// The string of `code`.
    #[inline]
    pub fn get(&self, code: u32) -> &str {
        self.values.get(code as usize)
    }

    /// The number of distinct strings.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no string.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The strings by code.
    pub fn values(&self) -> &Texts {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_first_sight() {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = ["b", "a", "b", ""].iter().map(|text| dictionary.code(text)).collect();
        assert_eq!(codes, [0, 1, 0, 2]);
        assert_eq!(dictionary.get(1), "a");
        assert_eq!(dictionary.find("c"), None);
    }

    #[test]
    fn texts_select_and_append() {
        let mut texts: Texts = ["x", "", "yz"].into_iter().collect();
        texts.append(&["w"].into_iter().collect());
        let picked: Vec<_> = texts.select(&[3, 2, 1, 0]).iter().map(str::to_owned).collect();
        assert_eq!(picked, ["w", "yz", "", "x"]);
    }
}
