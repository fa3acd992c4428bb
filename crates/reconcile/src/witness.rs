//! Which sources are one witness: a text that repeats another adds no second one.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::source::Source;

use crate::chain::Chains;

/// For each source, sorted by id, the code of its witness. Sources share a witness where their chains of `origin`
/// end in the same text or name; a chain that bites its tail is one witness.
pub(crate) fn witnesses(sources: &[Source]) -> Vec<u32> {
    let mut codes: HashMap<&str, u32, FixedState> = HashMap::default();
    roots(sources)
        .into_iter()
        .map(|root| {
            let next = codes.len() as u32;
            *codes.entry(root).or_insert(next)
        })
        .collect()
}

/// For each source the name in which its chain ends. Of a circle it is the least id on it.
fn roots(sources: &[Source]) -> Vec<&str> {
    let next = sources.iter().map(|source| {
        let found = sources.binary_search_by(|other| other.source_id.cmp(&source.origin));
        found.ok().map(|index| index as u32)
    });
    let chains = Chains::new(next.collect());
    let root = |end: u32| {
        let source = &sources[end as usize];
        // An origin that leads to no source is a name that sources share: a speech, a bulletin.
        let is_own = source.origin.is_empty() || chains.is_circular(end);
        if is_own { source.source_id.as_str() } else { source.origin.as_str() }
    };
    chains.ends().into_iter().map(root).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::cell::CellRef;
    use model::period::Precision;
    use model::source::SourceKind;

    use super::*;

    #[test]
    fn chains_end_in_one_witness() {
        // Each case: sources with their origin, and which of them share a witness, as letters.
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[("a", ""), ("b", "")], "ab"),
            (&[("a", ""), ("b", "a"), ("c", "b")], "aaa"),
            (&[("a", "speech"), ("b", "speech"), ("c", "")], "aac"),
            (&[("a", "b"), ("b", "a"), ("c", "a"), ("d", "")], "aaad"),
            (&[("a", "a"), ("b", "a")], "aa"),
            (&[("a", "b"), ("b", "talk"), ("c", "talk"), ("d", "c")], "aaaa"),
        ];
        for (sources, expected) in cases {
            let sources: Vec<Source> = sources.iter().map(|&(id, origin)| source(id, origin)).collect();
            let codes = witnesses(&sources);
            let letters: Vec<u8> = expected.bytes().collect();
            for a in 0..codes.len() {
                for b in 0..codes.len() {
                    assert_eq!(codes[a] == codes[b], letters[a] == letters[b], "{expected}: {a} and {b}");
                }
            }
        }
    }

    fn source(id: &str, origin: &str) -> Source {
        Source {
            source_id: id.to_owned(),
            title: String::new(),
            publisher: String::new(),
            published_on: NaiveDate::MIN,
            date_precision: Precision::Day,
            url: String::new(),
            language: String::new(),
            kind: SourceKind::Press,
            origin: origin.to_owned(),
            note: String::new(),
            cell: CellRef { sheet: 0, column: 0, row: 1 },
        }
    }
}
