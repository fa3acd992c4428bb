//! A figure beyond what its indicator allows: a share above 100 %.

use model::claim::{Measure, Rank};
use model::finding::{Finding, Severity};
use rayon::prelude::*;
use rust_decimal::Decimal;

use super::{Material, TOLD, tell};
use crate::scaled::in_full;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let bound = |bound: Option<Decimal>, absent: f64| {
        bound.map_or(absent, |bound| model::claim::nearest_float(&bound))
    };
    let allowed: Vec<(f64, f64)> = material
        .facts
        .indicators
        .iter()
        .map(|one| (bound(one.minimum, f64::NEG_INFINITY), bound(one.maximum, f64::INFINITY)))
        .collect();
    let claims = &material.facts.claims;
    let found: Vec<(u32, (&str, f64))> = (0..claims.len())
        .into_par_iter()
        .filter(|&claim| claims.measure[claim] == Measure::Level && claims.rank[claim] != Rank::Deprecated)
        .filter_map(|claim| {
            let indicator = claims.indicator[claim] as usize;
            let (minimum, maximum) = allowed[indicator];
            let value = claims.figure.value[claim];
            let unit = material.facts.indicators[indicator].unit;
            let limit = if value > maximum {
                ("above", maximum)
            } else if value < minimum {
                ("below", minimum)
            } else {
                return None;
            };
            (claims.unit_of(claim) == unit).then_some((claim as u32, limit))
        })
        .collect();
    tell(found, TOLD, "beyond-bounds", "claims", |&(claim, limit)| finding(material, claim, limit))
}

fn finding(material: &Material, claim: u32, (side, limit): (&str, f64)) -> Finding {
    let claims = &material.facts.claims;
    let indicator = &material.facts.indicators[claims.indicator[claim as usize] as usize];
    let message = format!(
        "{} is {side} {}, the declared bound of {}",
        material.stated(claim),
        in_full(limit),
        indicator.indicator
    );
    let sign = if side == "above" { '>' } else { '<' };
    let value = claims.figure.value[claim as usize];
    Finding::new("beyond-bounds", Severity::Warning, "claims", message)
        .id(material.claim_id(claim))
        .at(material.claim_cell(claim))
        .arithmetic(format!("{} {sign} {}", in_full(value), in_full(limit)))
        .claims(material.claim_ids([claim]))
        .hint("correct the figure, or the indicator's minimum and maximum")
}
