//! An event dated after the as-of day: it is awaited, and no step of its commitment yet.

use model::finding::{Finding, Severity};

use super::Material;
use crate::progress::may_be_by;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let as_of = material.as_of;
    let awaited = material.facts.events.iter().filter(|event| !may_be_by(event.on, as_of));
    awaited
        .map(|event| {
            let message = format!(
                "{} is said to be {} on {}, after the as-of day: it gives no status yet",
                event.commitment_id, event.status, event.on
            );
            Finding::new("event-in-the-future", Severity::Note, "events", message)
                .id(&event.commitment_id)
                .at(material.facts.locate(event.cell))
                .arithmetic(format!("{} > {as_of}", event.on))
                .hint("see whether the year is right; what is planned for that day is a deadline")
        })
        .collect()
}
