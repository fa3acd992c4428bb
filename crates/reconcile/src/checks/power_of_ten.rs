//! A figure that is off by a power of ten: against its own series, or against a claim on the same
//! observation. A magnitude word or a decimal sign has slipped.
//!
//! Against a series: the figures of equally long periods, without this one, lie within a factor of five
//! of each other, and this one would lie among them (within a factor of 1.5) if it were divided by ten,
//! a hundred, a thousand …. It takes two others to tell which one is off.

use std::ops::Range;

use model::finding::{Finding, Severity};
use model::observation::Conflict;
use model::period::{Period, Role};
use rayon::prelude::*;

use super::{Material, TOLD, tell};
use crate::scaled::in_full;
use crate::words::figure;

/// How far apart the other figures of a series may lie for an outlier to be told from them.
const STEADY: f64 = 5.0;

/// How far beyond the others a figure may lie once it is put right.
const AMONG: f64 = 1.5;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let outliers: Vec<Outlier> =
        material.level_series().flat_map_iter(|series| outliers(material, series)).collect();
    let pairs = material.known.conflicts.par_iter();
    let slips: Vec<(&Conflict, i32)> = pairs.filter_map(|pair| Some((pair, slip(material, pair)?))).collect();
    let mut findings =
        tell(outliers, TOLD, CODE, "observations", |outlier| against_series(material, outlier));
    findings
        .extend(tell(slips, TOLD, CODE, "claims", |&(pair, power)| between_claims(material, pair, power)));
    findings
}

const CODE: &str = "power-of-ten";
const HINT: &str = "see whether a magnitude word (thousand, million, billion) or a decimal sign slipped";

/// A figure that would lie among the others of its series if it were shifted by a power of ten.
struct Outlier {
    suspect: u32,
    least: f64,
    greatest: f64,
    middle: u32,
    power: i32,
}

/// An observation of a series, behind the length of its period and its figure.
type Alike = (Option<i32>, f64, u32);

fn outliers(material: &Material, series: Range<u32>) -> Vec<Outlier> {
    let observations = &material.known.observations;
    let mut comparable: Vec<Alike> = series
        .map(|index| (index, &observations.rows[index as usize]))
        .filter(|(_, row)| row.value > 0.0)
        .map(|(index, row)| (length(observations.period_of(row)), row.value, index))
        .collect();
    comparable.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut found = Vec::new();
    for alike in comparable.chunk_by(|a, b| a.0 == b.0) {
        // Only the least and the greatest can stand alone.
        if let [least, others @ ..] = alike {
            found.extend(outlier(least, others));
        }
        if let [others @ .., greatest] = alike {
            found.extend(outlier(greatest, others));
        }
    }
    found
}

/// Months of a flow; stocks compare with each other.
fn length(period: &Period) -> Option<i32> {
    if period.role == Role::AsOf { Some(0) } else { period.months() }
}

fn outlier(&(_, value, suspect): &Alike, others: &[Alike]) -> Option<Outlier> {
    let &[(_, least, _), .., (_, greatest, _)] = others else { return None };
    if greatest / least > STEADY {
        return None;
    }
    let (_, usual, middle) = others[others.len() / 2];
    let power = (value / usual).log10().round() as i32;
    let mended = value / 10f64.powi(power);
    let fits = mended >= least / AMONG && mended <= greatest * AMONG;
    (power != 0 && fits).then_some(Outlier { suspect, least, greatest, middle, power })
}

fn against_series(material: &Material, outlier: &Outlier) -> Finding {
    let Outlier { least, greatest, power, .. } = *outlier;
    let [suspect, middle] = [outlier.suspect, outlier.middle].map(|index| material.observation(index));
    let message = format!(
        "{} is {}, {} times what its own series lets expect",
        material.id(&suspect),
        figure(&suspect),
        times(power),
    );
    material
        .on_observation(CODE, Severity::Warning, &suspect, message)
        .arithmetic(format!("{} against {} to {}", in_full(suspect.value), in_full(least), in_full(greatest)))
        .claims(material.best_claims(&[&suspect, &middle]))
        .hint(HINT)
}

/// The power of ten by which two claims in conflict differ, where they hardly differ else.
fn slip(material: &Material, pair: &Conflict) -> Option<i32> {
    let value = |claim: u32| material.facts.claims.figure.value[claim as usize];
    let (low, high) = (value(pair.claim_a), value(pair.claim_b));
    if low.is_nan() || high.is_nan() || low <= 0.0 || high < low * 5.0 {
        return None;
    }
    let exponent = (high / low).log10();
    let power = exponent.round();
    ((exponent - power).abs() <= 0.02).then_some(power as i32)
}

fn between_claims(material: &Material, pair: &Conflict, power: i32) -> Finding {
    let value = |claim: u32| material.facts.claims.figure.value[claim as usize];
    let (low, high) = (value(pair.claim_a), value(pair.claim_b));
    let message = format!(
        "{}: {} is {} times {}",
        material.id(&material.observation(pair.observation)),
        material.stated(pair.claim_b),
        times(power),
        material.stated(pair.claim_a),
    );
    Finding::new(CODE, Severity::Warning, "claims", message)
        .id(material.claim_id(pair.claim_b))
        .at(material.claim_cell(pair.claim_b))
        .arithmetic(format!("{} / {} = {}", in_full(high), in_full(low), in_full(high / low)))
        .claims(material.claim_ids([pair.claim_a, pair.claim_b]))
        .hint(HINT)
}

/// "1,000" for 3, "1/10" for -1.
fn times(power: i32) -> String {
    let factor = in_full(10f64.powi(power.abs()));
    if power < 0 { format!("1/{factor}") } else { factor }
}
