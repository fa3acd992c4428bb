//! A figure that is off by a power of ten: against its own series, or against a claim on the same
//! observation. A magnitude word or a decimal sign has slipped.
//!
//! Against a series: the figures of equally long periods, without this one, lie within a factor of five
//! of each other, and this one would lie among them (within a factor of 1.5) if it were divided by ten,
//! a hundred, a thousand …. It takes two others to tell which one is off.

use model::finding::{Finding, Severity};
use model::observation::{Conflict, Observation};
use model::period::Role;
use rayon::prelude::*;

use super::Material;
use crate::scaled::in_full;
use crate::words::figure;

/// How far apart the other figures of a series may lie for an outlier to be told from them.
const STEADY: f64 = 5.0;

/// How far beyond the others a figure may lie once it is put right.
const AMONG: f64 = 1.5;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        material.level_series().flat_map_iter(|series| outliers(material, &series)).collect();
    findings.par_extend(material.known.conflicts.par_iter().filter_map(|pair| slipped_claim(material, pair)));
    findings
}

fn outliers(material: &Material, series: &[&Observation]) -> Vec<Finding> {
    let mut comparable: Vec<(Option<i32>, f64, &Observation)> = series
        .iter()
        .filter(|observation| observation.value > 0.0)
        .map(|observation| (length(observation), observation.value, *observation))
        .collect();
    comparable.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut findings = Vec::new();
    for alike in comparable.chunk_by(|a, b| a.0 == b.0) {
        // Only the least and the greatest can stand alone.
        if let [least, others @ ..] = alike {
            findings.extend(outlier(material, least.2, others));
        }
        if let [others @ .., greatest] = alike {
            findings.extend(outlier(material, greatest.2, others));
        }
    }
    findings
}

/// Months of a flow; stocks compare with each other.
fn length(observation: &Observation) -> Option<i32> {
    if observation.period.role == Role::AsOf { Some(0) } else { observation.period.months() }
}

fn outlier(
    material: &Material,
    suspect: &Observation,
    others: &[(Option<i32>, f64, &Observation)],
) -> Option<Finding> {
    let [least, .., greatest] = others else { return None };
    if greatest.1 / least.1 > STEADY {
        return None;
    }
    let middle = others[others.len() / 2];
    let power = (suspect.value / middle.1).log10().round() as i32;
    let mended = suspect.value / 10f64.powi(power);
    if power == 0 || mended < least.1 / AMONG || mended > greatest.1 * AMONG {
        return None;
    }
    let message = format!(
        "{} is {}, {} times what its own series lets expect",
        material.id(suspect),
        figure(suspect),
        times(power),
    );
    Some(
        material
            .on_observation("power-of-ten", Severity::Warning, suspect, message)
            .arithmetic(format!(
                "{} against {} to {}",
                in_full(suspect.value),
                in_full(least.1),
                in_full(greatest.1)
            ))
            .claims(material.best_claims(&[suspect, middle.2]))
            .hint("see whether a magnitude word (thousand, million, billion) or a decimal sign slipped"),
    )
}

/// Two claims in conflict whose numbers differ by a power of ten and hardly else.
fn slipped_claim(material: &Material, pair: &Conflict) -> Option<Finding> {
    let value = |claim: u32| material.facts.claims.figure.value[claim as usize];
    let (low, high) = (value(pair.claim_a), value(pair.claim_b));
    if low.is_nan() || high.is_nan() || low <= 0.0 {
        return None;
    }
    let exponent = (high / low).log10();
    let power = exponent.round();
    if power < 1.0 || (exponent - power).abs() > 0.02 {
        return None;
    }
    let observation = material.observation(pair.observation);
    let message = format!(
        "{}: {} is {} times {}",
        material.id(observation),
        material.stated(pair.claim_b),
        times(power as i32),
        material.stated(pair.claim_a),
    );
    Some(
        Finding::new("power-of-ten", Severity::Warning, "claims", message)
            .id(material.claim_id(pair.claim_b))
            .at(material.claim_cell(pair.claim_b))
            .arithmetic(format!("{} / {} = {}", in_full(high), in_full(low), in_full(high / low)))
            .claims(material.claim_ids([pair.claim_a, pair.claim_b]))
            .hint("see whether a magnitude word (thousand, million, billion) or a decimal sign slipped"),
    )
}

/// "1,000" for 3, "1/10" for -1.
fn times(power: i32) -> String {
    let factor = in_full(10f64.powi(power.abs()));
    if power < 0 { format!("1/{factor}") } else { factor }
}
