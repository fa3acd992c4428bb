//! Claims on one observation that cannot all be true.

use model::finding::{Finding, Severity};
use model::observation::{Conflict, Observation};
use rayon::prelude::*;

use super::{CONFLICTS_TOLD, Material, tell};
use crate::observe::interval_of;
use crate::scaled::{in_full, in_short};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let conflicts = material.known.conflicts.par_chunk_by(|a, b| a.observation == b.observation);
    let found: Vec<&Conflict> = conflicts.filter_map(widest).collect();
    tell(found, CONFLICTS_TOLD, "claims-conflict", "conflicts", |pair| finding(material, pair))
}

/// The pair that lies farthest apart.
fn widest(pairs: &[Conflict]) -> Option<&Conflict> {
    pairs.iter().reduce(|widest, pair| if pair.gap > widest.gap { pair } else { widest })
}

fn finding(material: &Material, widest: &Conflict) -> Finding {
    let observation = material.observation(widest.observation);
    let (a, b) = (widest.claim_a, widest.claim_b);
    let message = format!(
        "{}: {} and {} cannot both be true{}",
        material.id(&observation),
        material.stated(a),
        material.stated(b),
        standing(material, &observation),
    );
    let claims = &material.facts.claims;
    let (upper, lower) = (interval_of(claims, a as usize).upper, interval_of(claims, b as usize).lower);
    let share = if widest.gap_percent.is_nan() {
        String::new()
    } else {
        format!(", {} % of the lower", in_short(widest.gap_percent))
    };
    let arithmetic = format!("{} - {} = {}{share}", in_full(lower), in_full(upper), in_short(widest.gap));
    let members = material.known.claims_of(&observation).iter().copied();
    material
        .on_observation("claims-conflict", Severity::Warning, &observation, message)
        .arithmetic(arithmetic)
        .claims(material.claim_ids(members))
        .hint("prefer one with rank and rank_reason, or correct the cell that is wrong")
}

/// Which claim stands, and why.
fn standing(material: &Material, observation: &Observation) -> String {
    match (observation.best_claim, observation.reason) {
        (Some(best), Some(reason)) => format!("; {} stands ({reason})", material.claim_id(best)),
        _ => String::new(),
    }
}
