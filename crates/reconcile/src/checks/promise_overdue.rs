//! A promise whose deadline has passed without word that it is met or given up.

use model::commitment::{Commitment, Progress, Status, Verdict};
use model::finding::{Finding, Severity};

use super::Material;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let commitments = material.facts.commitments.iter().zip(&material.known.progress);
    commitments.filter_map(|(commitment, progress)| finding(material, commitment, progress)).collect()
}

fn finding(material: &Material, commitment: &Commitment, progress: &Progress) -> Option<Finding> {
    let due = commitment.deadline?.end.filter(|&due| due < material.as_of)?;
    let settled = matches!(
        progress.status,
        Some(Status::Met | Status::Missed | Status::Cancelled | Status::Superseded)
    );
    if settled || progress.verdict == Verdict::Met {
        return None;
    }
    let status = progress.status.map_or("of no stated status", Status::as_str);
    let message = format!("{} was due by {due} and is {status}", commitment.commitment_id);
    Some(
        Finding::new("promise-overdue", Severity::Warning, "commitments", message)
            .id(&commitment.commitment_id)
            .at(material.facts.locate(commitment.cell))
            .arithmetic(format!("{due} < {}", material.as_of))
            .hint("add the event that tells how it ended"),
    )
}
