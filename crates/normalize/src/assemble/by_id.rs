//! The order of claims by their ids, compared as bytes; the cell decides between claims of one id.
//!
//! Ids share long beginnings, and comparing them one with another jumps about in memory. So they are
//! sorted by some bytes at a time, held beside each claim: those that agree so far are sorted by the
//! next ones.

use model::cell::CellRef;
use model::claim::Claims;
use rayon::prelude::*;

/// The order of the claims by their ids; `None` where they are in it.
pub(super) fn order(claims: &Claims) -> Option<Vec<u32>> {
    let rows = 0..claims.len() as u32;
    if rows.clone().is_sorted_by_key(|row| key(claims, row)) {
        return None;
    }
    let mut keyed: Vec<(Bytes, u32)> = rows.into_par_iter().map(|row| (bytes(claims, row, 0), row)).collect();
    sort(claims, &mut keyed, 0);
    Some(keyed.into_par_iter().map(|(_, row)| row).collect())
}

/// As many bytes as most ids have, as numbers that compare as they do.
type Bytes = [u64; 3];

/// Sorts claims whose ids agree before `depth` and that are keyed by the bytes from there.
fn sort(claims: &Claims, keyed: &mut [(Bytes, u32)], depth: usize) {
    keyed.par_sort_unstable();
    keyed.par_chunk_by_mut(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1).for_each(|alike| {
        let ends_here = alike[0].0[2] & 0xFF == 0;
        if ends_here || alike.len() < FEW || depth > DEEPEST {
            alike.sort_unstable_by(|a, b| key(claims, a.1).cmp(&key(claims, b.1)));
        } else {
            let next = depth + size_of::<Bytes>();
            alike.iter_mut().for_each(|(held, row)| *held = bytes(claims, *row, next));
            sort(claims, alike, next);
        }
    });
}

/// Below this many, comparing whole ids costs less than another round.
const FEW: usize = 16;

/// Beyond so many bytes ids are no longer cut, however long they are.
const DEEPEST: usize = 1 << 10;

fn key(claims: &Claims, row: u32) -> (&str, CellRef) {
    (claims.claim_id.get(row as usize), claims.cell[row as usize])
}

/// The bytes of an id from `depth`; zeros where it has ended.
fn bytes(claims: &Claims, row: u32, depth: usize) -> Bytes {
    let id = claims.claim_id.get(row as usize).as_bytes();
    let rest = id.get(depth..).unwrap_or_default();
    let mut held = [0; size_of::<Bytes>()];
    let taken = rest.len().min(held.len());
    held[..taken].copy_from_slice(&rest[..taken]);
    let (words, _) = held.as_chunks();
    std::array::from_fn(|word| u64::from_be_bytes(words[word]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_text_then_by_cell() {
        let stem = "a-rather-long-common-beginning-";
        let mut ids: Vec<String> = (0..400).map(|n| format!("{stem}{}", n * 7919 % 400)).collect();
        ids.extend(["".into(), "b".into(), "a".into(), stem.into(), "й".into(), "b".into()]);
        let mut claims = Claims::default();
        for (row, id) in ids.iter().enumerate() {
            claims.source.push(0);
            claims.claim_id.push(id);
            claims.cell.push(CellRef { sheet: 0, column: 0, row: (ids.len() - row) as u32 });
        }
        let order = order(&claims).unwrap_or_default();
        let sorted: Vec<(&str, u32)> =
            order.iter().map(|&row| key(&claims, row)).map(|(id, cell)| (id, cell.row)).collect();
        let mut expected: Vec<(&str, u32)> =
            ids.iter().enumerate().map(|(row, id)| (id.as_str(), (ids.len() - row) as u32)).collect();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
    }
}
