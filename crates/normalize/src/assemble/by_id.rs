//! The order of claims by their ids, compared as bytes; the cell decides between claims of one id.
//!
//! Ids share long beginnings, and comparing them one with another jumps about in memory. So they are
//! sorted by eight bytes at a time, held beside each claim: those that agree so far are sorted by the
//! next eight.

use model::claim::{At, Claims};
use rayon::prelude::*;

/// The claims of all parts, in the order of their ids.
pub(super) fn order(parts: &[Claims]) -> Vec<At> {
    let indices = parts
        .iter()
        .zip(0..)
        .flat_map(|(claims, part)| (0..claims.len() as u32).map(move |row| At { part, row }));
    let mut order: Vec<At> = indices.collect();
    if !order.is_sorted_by_key(|&at| key(parts, at)) {
        let mut keyed: Vec<(u64, At)> = order.iter().map(|&at| (eight(parts, at, 0), at)).collect();
        sort(parts, &mut keyed, 0);
        order.iter_mut().zip(keyed).for_each(|(at, (_, sorted))| *at = sorted);
    }
    order
}

/// Sorts claims whose ids agree before `depth` and that are keyed by the eight bytes from there.
fn sort(parts: &[Claims], claims: &mut [(u64, At)], depth: usize) {
    claims.par_sort_unstable();
    claims.par_chunk_by_mut(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1).for_each(|alike| {
        let ends_here = alike[0].0 & 0xff == 0;
        if ends_here || alike.len() < FEW || depth > DEEPEST {
            alike.sort_unstable_by(|a, b| key(parts, a.1).cmp(&key(parts, b.1)));
        } else {
            let next = depth + size_of::<u64>();
            alike.iter_mut().for_each(|(eight_bytes, at)| *eight_bytes = eight(parts, *at, next));
            sort(parts, alike, next);
        }
    });
}

/// Below this many, comparing whole ids costs less than another round.
const FEW: usize = 16;

/// Beyond so many bytes ids are no longer cut, however long they are.
const DEEPEST: usize = 1 << 10;

fn key(parts: &[Claims], at: At) -> (&str, model::cell::CellRef) {
    let claims = &parts[at.part as usize];
    (claims.claim_id.get(at.row as usize), claims.cell[at.row as usize])
}

/// The eight bytes of an id from `depth`, as a number of the same order; zeros where it has ended.
fn eight(parts: &[Claims], at: At, depth: usize) -> u64 {
    let id = parts[at.part as usize].claim_id.get(at.row as usize).as_bytes();
    let rest = id.get(depth..).unwrap_or_default();
    let mut bytes = [0; 8];
    let taken = rest.len().min(8);
    bytes[..taken].copy_from_slice(&rest[..taken]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_text_then_by_cell() {
        let stem = "a-rather-long-common-beginning-";
        let mut ids: Vec<String> = (0..400).map(|n| format!("{stem}{}", n * 7919 % 400)).collect();
        ids.extend(["".into(), "b".into(), "a".into(), stem.into(), "й".into(), "b".into()]);
        let mut parts = vec![Claims::default(), Claims::default()];
        for (row, id) in ids.iter().enumerate() {
            let part = &mut parts[row % 2];
            part.source.push(0);
            part.claim_id.push(id);
            part.cell.push(model::cell::CellRef { sheet: 0, column: 0, row: (ids.len() - row) as u32 });
        }
        let sorted: Vec<(&str, u32)> =
            order(&parts).iter().map(|&at| key(&parts, at)).map(|(id, cell)| (id, cell.row)).collect();
        let mut expected: Vec<(&str, u32)> =
            ids.iter().enumerate().map(|(row, id)| (id.as_str(), (ids.len() - row) as u32)).collect();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
    }
}
