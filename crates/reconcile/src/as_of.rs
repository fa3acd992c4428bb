//! The facts as they were known on a day: what later sources state is not there.

use chrono::NaiveDate;
use model::facts::Facts;

/// The facts that had been published by `day`: later sources are left out, and with them their claims,
/// commitments and events, and events of commitments that are not known yet. What refers to a source
/// by its index refers to it still.
pub fn published_by(mut known: Facts, day: NaiveDate) -> Facts {
    if known.sources.iter().all(|source| source.published_on <= day) {
        return known;
    }
    let mut next = 0;
    let kept: Vec<Option<u32>> = known
        .sources
        .iter()
        .map(|source| {
            (source.published_on <= day).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    let new_source = |source: u32| kept[source as usize];
    known.sources.retain(|source| source.published_on <= day);
    let claims: Vec<u32> = (0..known.claims.len() as u32)
        .filter(|&claim| new_source(known.claims.source[claim as usize]).is_some())
        .collect();
    known.claims.select(&claims);
    for source in &mut known.claims.source {
        *source = new_source(*source).unwrap_or(*source);
    }
    known.commitments.retain_mut(|commitment| match new_source(commitment.source) {
        Some(source) => {
            commitment.source = source;
            true
        }
        None => false,
    });
    let commitments = &known.commitments;
    known.events.retain_mut(|event| {
        let announced =
            commitments.binary_search_by(|one| one.commitment_id.as_str().cmp(&event.commitment_id)).is_ok();
        match new_source(event.source) {
            Some(source) if announced => {
                event.source = source;
                true
            }
            _ => false,
        }
    });
    known
}
