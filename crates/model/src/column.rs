//! Columns of text that cost no allocation a value.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A column of strings in one buffer; an absent value is the empty string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    /// How many empty values come before those of `ends`.
    leading: usize,
    /// Where each value from the first one that is not empty ends: the lower 32 bits.
    ends: Vec<u32>,
    /// At which of `ends` the upper 32 bits become one more.
    carries: Vec<u32>,
}

impl Texts {
    /// The number of values.
    pub fn len(&self) -> usize {
        self.leading + self.ends.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a value.
    pub fn push(&mut self, text: &str) {
        if text.is_empty() && self.bytes.is_empty() {
            self.leading += 1;
        } else {
            self.bytes.push_str(text);
            self.push_end(self.bytes.len());
        }
    }

    fn push_end(&mut self, end: usize) {
        while end >> 32 > self.carries.len() {
            self.carries.push(self.ends.len() as u32);
        }
        self.ends.push(end as u32);
    }

    /// Where a value ends, by its place in `ends`.
    #[inline]
    fn end(&self, index: usize) -> usize {
        let carried = if self.carries.is_empty() {
            0
        } else {
            self.carries.partition_point(|&at| at as usize <= index)
        };
        carried << 32 | self.ends[index] as usize
    }

    /// Appends all values of `other`.
    pub fn append(&mut self, other: &Texts) {
        let start = self.bytes.len();
        if start == 0 {
            self.leading += other.leading;
        } else {
            (0..other.leading).for_each(|_| self.push_end(start));
        }
        self.bytes.push_str(&other.bytes);
        if self.bytes.len() >> 32 == 0 {
            self.ends.extend(other.ends.iter().map(|end| start as u32 + end));
        } else {
            (0..other.ends.len()).for_each(|index| self.push_end(start + other.end(index)));
        }
    }

    /// The value at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &str {
        let Some(index) = index.checked_sub(self.leading) else { return "" };
        let start = if index == 0 { 0 } else { self.end(index - 1) };
        &self.bytes[start..self.end(index)]
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The number of bytes of all values.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// No values yet, with room for `values` of `bytes` in all.
    pub fn with_capacity(values: usize, bytes: usize) -> Self {
        // A column without a letter takes no room.
        Texts {
            bytes: String::with_capacity(bytes),
            ends: Vec::with_capacity(if bytes == 0 { 0 } else { values }),
            leading: 0,
            carries: Vec::new(),
        }
    }

    /// The values at `order`, in that order.
    ///
    /// They lie anywhere in memory. A few rows at a time are found, then touched, then copied, so that the waits of
    /// each step overlap.
    pub fn select(&self, order: &[u32]) -> Texts {
        let mut selected = Texts::with_capacity(order.len(), self.bytes.len());
        let mut values = [""; 64];
        for rows in order.chunks(values.len()) {
            let found = &mut values[..rows.len()];
            for (value, &row) in found.iter_mut().zip(rows) {
                *value = self.get(row as usize);
            }
            let touched = found.iter().filter_map(|value| value.as_bytes().first());
            std::hint::black_box(touched.fold(0, |sum: u8, &byte| sum.wrapping_add(byte)));
            found.iter().for_each(|value| selected.push(value));
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

/// A column of strings that mostly stand within those of another column, row by row: a figure within the phrase that
/// states it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpts {
    /// Where each begins in the other column's string, and its length in the lower half; or with [`Excerpts::APART`] its
    /// place among `others`.
    places: Vec<u32>,
    /// Those that stand nowhere else.
    others: Texts,
}

impl Excerpts {
    const APART: u32 = 1 << 31;

    /// The number of values.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Appends a value; `whole` is the string beside it.
    pub fn push(&mut self, text: &str, whole: &str) {
        let start = match whole.len().checked_sub(text.len()) {
            // Where most stand: the search is for others.
            Some(tail) if whole.ends_with(text) => Some(tail),
            Some(_) => memchr::memmem::find(whole.as_bytes(), text.as_bytes()),
            None => None,
        };
        let start = start.and_then(|start| u16::try_from(start).ok()).filter(|start| start >> 15 == 0);
        let place = start.zip(u16::try_from(text.len()).ok());
        self.places.push(place.map_or(Self::APART | self.others.len() as u32, |(start, length)| {
            u32::from(start) << 16 | u32::from(length)
        }));
        if place.is_none() {
            self.others.push(text);
        }
    }

    /// The value at `index`; `whole` is the string beside it.
    #[inline]
    pub fn get<'t>(&'t self, index: usize, whole: &'t str) -> &'t str {
        let place = self.places[index];
        if place & Self::APART != 0 {
            return self.others.get((place ^ Self::APART) as usize);
        }
        let start = (place >> 16) as usize;
        &whole[start..start + (place & 0xFFFF) as usize]
    }

    /// Appends all values of `other`.
    pub fn append(&mut self, other: &Excerpts) {
        let before = self.others.len() as u32;
        let moved = |&place: &u32| if place & Self::APART != 0 { place + before } else { place };
        self.places.extend(other.places.iter().map(moved));
        self.others.append(&other.others);
    }

    /// The values at `order`, in that order.
    pub fn select(self, order: &[u32]) -> Excerpts {
        let places = order.iter().map(|&row| self.places[row as usize]).collect();
        Excerpts { places, others: self.others }
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
    fn ends_lie_beyond_four_gigabytes() {
        let ends = [5, (1 << 32) - 1, 1 << 32, (1 << 32) + 7, (4 << 32) + 1, (4 << 32) + 1];
        let mut texts = Texts::default();
        ends.iter().for_each(|&end| texts.push_end(end));
        assert_eq!((0..ends.len()).map(|index| texts.end(index)).collect::<Vec<_>>(), ends);
    }

    #[test]
    fn excerpts_are_found_in_the_string_beside_them_or_kept() {
        let long = format!("{}5 million", "x".repeat(40_000));
        let rows = [
            ("over $3 billion", "trade was over $3 billion"),
            ("$3 billion", "$3 billion in 2024"),
            ("3 млрд", "около 3 млрд долларов"),
            ("4.1", "no figure"),
            ("", "empty"),
            ("longer than what is beside it", ""),
            ("5 million", &long),
        ];
        let mut first = Excerpts::default();
        let mut second = Excerpts::default();
        rows[..4].iter().for_each(|(text, whole)| first.push(text, whole));
        rows[4..].iter().for_each(|(text, whole)| second.push(text, whole));
        let mut all = Excerpts::default();
        all.append(&first);
        all.append(&second);
        assert_eq!(
            all.others.iter().collect::<Vec<_>>(),
            ["4.1", "longer than what is beside it", "5 million"]
        );
        let order = [6, 0, 3, 5, 1, 4, 2, 0];
        let picked = all.select(&order);
        let texts: Vec<&str> =
            order.iter().enumerate().map(|(at, &row)| picked.get(at, rows[row as usize].1)).collect();
        assert_eq!(texts, order.map(|row| rows[row as usize].0));
    }

    #[test]
    fn texts_join_and_select() {
        let texts: Texts = ["", "", "x", "", "yz"].into_iter().collect();
        assert_eq!((texts.len(), texts.get(1), texts.get(2), texts.get(3)), (5, "", "x", ""));
        let mut twice = Texts::default();
        twice.append(&["", ""].into_iter().collect());
        twice.append(&texts);
        twice.append(&texts);
        let all: Vec<&str> = twice.iter().collect();
        assert_eq!(all, ["", "", "", "", "x", "", "yz", "", "", "x", "", "yz"]);
        let picked: Vec<_> = texts.select(&[4, 3, 2, 1, 0]).iter().map(str::to_owned).collect();
        assert_eq!(picked, ["yz", "", "x", "", ""]);
    }
}
