//! What was made of texts that repeat, for all workers at once.

use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use compact_str::CompactString;
use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Values by the text they were read from. It stays small: a shard that is full takes no more, until it has refused
/// so many texts that those it knows are of another part of the sheet; then it starts anew.
#[derive(Debug)]
pub(crate) struct Memo<V: Send + 'static> {
    shards: Vec<Mutex<Shard<V>>>,
    hasher: FixedState,
}

#[derive(Debug)]
struct Shard<V> {
    entries: HashTable<Entry<V>>,
    /// Texts that were refused since the shard was full.
    refused: usize,
}

/// A text with what was made of it: short texts lie in the entry itself. The hash saves reading texts again when a shard
/// grows.
#[derive(Debug)]
struct Entry<V> {
    hash: u64,
    text: CompactString,
    value: V,
}

/// Parts of a memo that workers lock one at a time.
const SHARDS: usize = 64;

/// Texts that a part remembers.
const ENTRIES: usize = 1 << 12;

/// Texts that a full part refuses before it starts anew. Remembering a text costs half of what reading it does, and most
/// are never seen again.
const REFUSED: usize = 16 * ENTRIES;

impl<V: Send + 'static> Default for Memo<V> {
    fn default() -> Self {
        let shards =
            (0..SHARDS).map(|_| Mutex::new(Shard { entries: HashTable::new(), refused: 0 })).collect();
        Self { shards, hasher: FixedState::default() }
    }
}

impl<V: Clone + Send + 'static> Memo<V> {
    /// The value of `text`, which is read where it is not remembered.
    pub(crate) fn of(&self, text: impl AsRef<str>, read: impl FnOnce() -> V) -> V {
        let hash = self.hasher.hash_one(text.as_ref());
        // Bits by which the shard's own table tells nothing apart.
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        let lock = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |entry: &Entry<V>| entry.hash == hash && entry.text == text.as_ref();
        if let Some(entry) = lock().entries.find(hash, is_same) {
            return entry.value.clone();
        }
        let value = read();
        let mut shard = lock();
        if shard.entries.len() >= ENTRIES {
            shard.refused += 1;
            if shard.refused < REFUSED {
                return value;
            }
            shard.refused = 0;
            shard.entries.clear();
        }
        // Where another worker has read it meanwhile, it lies there twice.
        let entry = Entry { hash, text: CompactString::new(text), value: value.clone() };
        shard.entries.insert_unique(hash, entry, |entry| entry.hash);
        value
    }
}

impl<V: Send + 'static> Drop for Memo<V> {
    /// A quarter of a million texts are given back by whoever has time.
    fn drop(&mut self) {
        let shards = std::mem::take(&mut self.shards);
        rayon::spawn(move || drop(shards));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_while_there_is_room() {
        let memo = Memo::default();
        let mut reads = 0;
        for text in ["a", "b", "a", "a"] {
            let length = memo.of(text, || {
                reads += 1;
                text.len()
            });
            assert_eq!(length, 1);
        }
        assert_eq!(reads, 2);
        let kept = |memo: &Memo<usize>| -> usize {
            memo.shards.iter().filter_map(|shard| shard.lock().ok()).map(|shard| shard.entries.len()).sum()
        };
        for number in 0..2 * SHARDS * ENTRIES {
            memo.of(number.to_string(), || number);
        }
        assert_eq!(kept(&memo), SHARDS * ENTRIES);
        assert_eq!(memo.of("a", || unreachable!("it is remembered")), 1);
    }

    #[test]
    fn a_part_that_is_full_starts_anew_in_the_end() {
        let memo = Memo::default();
        for number in 0..SHARDS * (ENTRIES + REFUSED) * 2 {
            memo.of(number.to_string(), || number);
        }
        let mut reads = 0;
        memo.of("0", || {
            reads += 1;
            0
        });
        assert_eq!(reads, 1);
    }
}
