//! A promise that is said to be announced after the text was published that states it.

use model::finding::{Finding, Severity};

use super::Material;
use crate::progress::may_be_by;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let late = material.facts.commitments.iter().filter_map(|commitment| {
        let source = &material.facts.sources[commitment.source as usize];
        let (announced, published) = (commitment.announced_on, source.published_on);
        (!may_be_by(announced, published)).then_some((commitment, source))
    });
    late.map(|(commitment, source)| {
        let (announced, published) = (commitment.announced_on, source.published_on);
        let message = format!(
            "{} is said to be announced on {announced}, after {} told of it",
            commitment.commitment_id, source.source_id
        );
        Finding::new("announced-after-source", Severity::Warning, "commitments", message)
            .id(&commitment.commitment_id)
            .at(material.facts.locate(commitment.cell))
            .arithmetic(format!("{announced} > {published}"))
            .hint("correct announced_on, or the day of the source")
    })
    .collect()
}
