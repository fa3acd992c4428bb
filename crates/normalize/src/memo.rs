//! What was made of texts that repeat, for all workers at once.

use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Values by the text they were read from. It stays small: a shard that is full starts anew.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    shards: Vec<Mutex<Shard<V>>>,
    hasher: FixedState,
}

type Shard<V> = HashTable<Entry<V>>;

/// A text with what was made of it. The hash saves reading texts again when a shard grows.
#[derive(Debug)]
struct Entry<V> {
    hash: u64,
    text: String,
    value: V,
}

/// Parts of a memo that workers lock one at a time.
const SHARDS: usize = 64;

/// Texts that a part remembers.
const ENTRIES: usize = 1 << 12;

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: FixedState::default() }
    }
}

impl<V: Clone> Memo<V> {
    /// The value of `text`, which is read where it is not remembered.
    pub(crate) fn of(&self, text: impl AsRef<str> + Into<String>, read: impl FnOnce() -> V) -> V {
        let hash = self.hasher.hash_one(text.as_ref());
        // Bits by which the shard's own table tells nothing apart.
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        let lock = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = lock().find(hash, |entry| entry.hash == hash && entry.text == text.as_ref()) {
            return entry.value.clone();
        }
        let value = read();
        let mut shard = lock();
        if shard.len() >= ENTRIES {
            shard.clear();
        }
        // Where another worker has read it meanwhile, it lies there twice.
        let entry = Entry { hash, text: text.into(), value: value.clone() };
        shard.insert_unique(hash, entry, |entry| entry.hash);
        value
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
        for number in 0..2 * SHARDS * ENTRIES {
            memo.of(number.to_string(), || number);
        }
        let kept: usize =
            memo.shards.iter().filter_map(|shard| shard.lock().ok()).map(|shard| shard.len()).sum();
        assert!(kept <= SHARDS * ENTRIES, "{kept}");
    }
}
