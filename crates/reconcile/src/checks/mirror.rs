//! The same flow as each side reports it: exports of one, imports of the other. Both stand; where they
//! cannot both be true the discrepancy is told.

use model::claim::Measure;
use model::finding::{Finding, Severity};
use model::observation::Observation;

use super::{Material, TOLD, tell};
use crate::interval::meet;
use crate::scaled::{in_full, in_short};
use crate::series::{Series, at_period};
use crate::words::figure;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let observations = &material.known.observations;
    let indicators = &material.facts.indicators;
    let mut found = Vec::new();
    for (own, indicator) in indicators.iter().enumerate().filter(|(_, one)| !one.mirror.is_empty()) {
        let Ok(mirror) = indicators.binary_search_by(|one| one.indicator.cmp(&indicator.mirror)) else {
            continue;
        };
        let start = observations.partition_point(|other| (other.indicator as usize) < own);
        let levels = observations[start..]
            .iter()
            .take_while(|other| other.indicator as usize == own)
            .filter(|other| other.measure == Measure::Level && other.formula.is_none());
        for observation in levels {
            if let Some(mirrored) = mirrored(material, observation, mirror as u32)
                && !meet(&observation.interval, &mirrored.interval)
            {
                found.push((observation, mirrored));
            }
        }
    }
    tell(found, TOLD, "mirror-differs", "observations", |(a, b)| finding(material, a, b))
}

/// What the partner reports of the same flow. Each pair is found once: where both indicators name each
/// other, from the lesser one, and within one indicator from the lesser reporter.
fn mirrored<'a>(material: &Material<'a>, observation: &Observation, mirror: u32) -> Option<&'a Observation> {
    let partner = observation.partner?;
    let indicators = &material.facts.indicators;
    let own = &indicators[observation.indicator as usize].indicator;
    let mutual = indicators[mirror as usize].mirror == *own;
    if mutual && (mirror, partner) < (observation.indicator, observation.reporter) {
        return None;
    }
    let series = Series {
        indicator: mirror,
        reporter: partner,
        partner: Some(observation.reporter),
        ..Series::of(observation)
    };
    let range = series.range(&material.known.observations);
    let found = at_period(&material.known.observations[range.clone()], &observation.period).next()?;
    material.known.observations.get(range.start + found)
}

fn finding(material: &Material, a: &Observation, b: &Observation) -> Finding {
    let message =
        format!("{} is {}, and the partner's {} is {}", material.id(a), figure(a), material.id(b), figure(b));
    let (difference, base) = (b.value - a.value, a.value);
    let share = if base == 0.0 {
        String::new()
    } else {
        format!(", {} %", in_short(difference / base.abs() * 100.0))
    };
    let arithmetic = format!("{} - {} = {}{share}", in_full(b.value), in_full(base), in_short(difference));
    material
        .on_observation("mirror-differs", Severity::Note, a, message)
        .arithmetic(arithmetic)
        .claims(material.best_claims(&[a, b]))
        .hint("both stand: valuation, timing and transit make mirrored figures differ")
}
