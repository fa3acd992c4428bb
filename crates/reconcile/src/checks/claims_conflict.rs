//! Claims on one observation that cannot all be true.

use model::finding::{Finding, Severity};
use model::observation::Conflict;
use rayon::prelude::*;

use super::Material;
use crate::observe::interval_of;
use crate::scaled::{in_full, in_short};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    material
        .known
        .conflicts
        .par_chunk_by(|a, b| a.observation == b.observation)
        .filter_map(|pairs| finding(material, pairs))
        .collect()
}

/// One finding an observation, on the pair that lies farthest apart.
fn finding(material: &Material, pairs: &[Conflict]) -> Option<Finding> {
    let widest = pairs.iter().reduce(|widest, pair| if pair.gap > widest.gap { pair } else { widest })?;
    let observation = material.observation(widest.observation);
    let (best, reason) = (observation.best_claim?, observation.reason?);
    let (a, b) = (widest.claim_a, widest.claim_b);
    let message = format!(
        "{}: {} and {} cannot both be true; {} stands ({reason})",
        material.facts.series_id(observation),
        material.stated(a),
        material.stated(b),
        material.claim_id(best),
    );
    let claims = &material.facts.claims;
    let (upper, lower) = (interval_of(claims, a as usize).upper, interval_of(claims, b as usize).lower);
    let share = if widest.gap_percent.is_nan() {
        String::new()
    } else {
        format!(", {} % of the lower", in_short(widest.gap_percent))
    };
    let arithmetic = format!("{} - {} = {}{share}", in_full(lower), in_full(upper), in_short(widest.gap));
    let members = material.known.claims_of(observation).iter().copied();
    Some(
        material
            .on_observation("claims-conflict", Severity::Warning, observation, message)
            .arithmetic(arithmetic)
            .claims(material.claim_ids(members))
            .hint("prefer one with rank and rank_reason, or correct the cell that is wrong"),
    )
}
