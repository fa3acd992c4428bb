//! A promise announced again with another amount, count or deadline.

use model::commitment::{Commitment, Promised};
use model::finding::{Finding, Severity};

use super::Material;
use crate::scaled::in_full;
use crate::words::{hedged, with_unit};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let commitments = &material.facts.commitments;
    commitments
        .iter()
        .filter(|again| !again.same_as.is_empty())
        .filter_map(|again| {
            let first = commitments.binary_search_by(|one| one.commitment_id.cmp(&again.same_as)).ok()?;
            compare(material, &commitments[first], again)
        })
        .collect()
}

/// What is stated in both texts and differs; what one of them leaves out is no drift.
fn compare(material: &Material, first: &Commitment, again: &Commitment) -> Option<Finding> {
    let mut drifts = Vec::new();
    if let (Some(before), Some(now)) = (&first.promised, &again.promised)
        && before != now
    {
        drifts.push(format!("{}, before {}", amount(now), amount(before)));
    }
    if let (Some(before), Some(now)) = (first.count, again.count)
        && before != now
    {
        drifts.push(format!("{now} things, before {before}"));
    }
    let end = |one: &Commitment| one.deadline.and_then(|deadline| deadline.end);
    if let (Some(before), Some(now)) = (end(first), end(again))
        && before != now
    {
        drifts.push(format!("due by {now}, before by {before}"));
    }
    if drifts.is_empty() {
        return None;
    }
    let message = format!("{} announces {} again with other terms", again.commitment_id, first.commitment_id);
    Some(
        Finding::new("promise-drifted", Severity::Warning, "commitments", message)
            .id(&again.commitment_id)
            .at(material.facts.locate(again.cell))
            .arithmetic(drifts.join("; "))
            .hint("see whether it is one promise; totals count the announcement that same_as names"),
    )
}

fn amount(promised: &Promised) -> String {
    let value = model::claim::nearest_float(&promised.value);
    let interval = crate::interval::exactly(value);
    with_unit(hedged(promised.comparator, in_full(value), &interval), promised.unit.code())
}
