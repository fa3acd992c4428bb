//! One source that states two figures of one thing which cannot both be true.

use model::finding::{Finding, Severity};
use model::observation::Conflict;
use rayon::prelude::*;

use super::{Material, TOLD, tell};
use crate::scaled::in_short;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let source = |claim: u32| material.facts.claims.source[claim as usize];
    let pairs = material.known.conflicts.par_iter();
    let found: Vec<&Conflict> = pairs.filter(|pair| source(pair.claim_a) == source(pair.claim_b)).collect();
    tell(found, TOLD, "source-contradicts-itself", "claims", |pair| finding(material, pair))
}

fn finding(material: &Material, pair: &Conflict) -> Finding {
    let source = material.facts.claims.source[pair.claim_a as usize];
    let observation = material.observation(pair.observation);
    let message = format!(
        "{} states both {} and {} of {}",
        material.facts.sources[source as usize].source_id,
        material.stated(pair.claim_a),
        material.stated(pair.claim_b),
        material.id(&observation),
    );
    Finding::new("source-contradicts-itself", Severity::Warning, "claims", message)
        .id(material.claim_id(pair.claim_b))
        .at(material.claim_cell(pair.claim_b))
        .arithmetic(format!("the figures lie {} apart", in_short(pair.gap)))
        .claims(material.claim_ids([pair.claim_a, pair.claim_b]))
        .hint("read the text again: the figures may be of different things, periods or places")
}
