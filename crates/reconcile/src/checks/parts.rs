//! Parts that together exceed their whole, or, where every declared part is stated, fall short of it.

use std::ops::Range;

use model::finding::{Finding, Severity};
use model::observation::{Interval, Observation, Series};
use model::place::PlaceId;

use super::Material;
use crate::interval::{sum, surely_below};
use crate::scaled::{in_full, in_short};
use crate::series::{at_period, stated_of};
use crate::words::figure;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let mut stated = stated_parts(material);
    stated.sort_unstable();
    stated
        .chunk_by(|a, b| (a.whole, a.reporter, a.partner) == (b.whole, b.reporter, b.partner))
        .filter_map(|parts| compare(material, parts))
        .collect()
}

/// A stated part of a stated whole. Two reporters' parts of one symmetric whole are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    whole: u32,
    reporter: PlaceId,
    partner: Option<PlaceId>,
    part: u32,
}

fn stated_parts(material: &Material) -> Vec<Part> {
    let indicators = &material.facts.indicators;
    let observations = &material.known.observations;
    let mut parts = Vec::new();
    for (part, indicator) in (0..).zip(indicators).filter(|(_, one)| !one.part_of.is_empty()) {
        let Ok(whole) = indicators.binary_search_by(|one| one.indicator.cmp(&indicator.part_of)) else {
            continue;
        };
        for levels in material.levels_of(part) {
            let Series { reporter, partner, .. } = material.observation(levels.start).series;
            let wholes = wholes_of(material, levels.start, whole);
            for level in levels {
                let period = observations.period_of(&observations.rows[level as usize]);
                let whole = at_period(observations, wholes.clone(), period).next();
                parts.extend(whole.map(|whole| Part { whole, reporter, partner, part: level }));
            }
        }
    }
    parts
}

/// Where the whole of the same places and unit is stated of which one series has this level.
fn wholes_of(material: &Material, level: u32, whole: usize) -> Range<u32> {
    let part = material.observation(level).series;
    let (reporter, partner) = match part.partner {
        Some(partner) if material.facts.indicators[whole].symmetric && partner < part.reporter => {
            (partner, Some(part.reporter))
        }
        partner => (part.reporter, partner),
    };
    let series = Series { indicator: whole as u32, reporter, partner, ..part };
    stated_of(&material.known.observations, &series)
}

fn compare(material: &Material, parts: &[Part]) -> Option<Finding> {
    let whole = &material.observation(parts[0].whole);
    let parts: Vec<Observation> = parts.iter().map(|part| material.observation(part.part)).collect();
    let (first, others) = parts.split_first()?;
    let together = others.iter().fold(first.interval, |total, part| sum(&total, &part.interval));
    let name = &material.facts.indicators[whole.series.indicator as usize].indicator;
    let declared = material.facts.indicators.iter().filter(|one| one.part_of == *name).count();
    let complete = parts.len() >= 2 && parts.len() == declared;
    if surely_below(&whole.interval, &together) {
        let hint = "see whether parts overlap, or cover more than the whole";
        Some(finding(material, "parts-exceed-whole", Severity::Warning, whole, &parts).hint(hint))
    } else if complete && surely_below(&together, &whole.interval) {
        let hint = "a part may be missing among the indicators that name the whole in part_of";
        Some(finding(material, "parts-below-whole", Severity::Note, whole, &parts).hint(hint))
    } else {
        None
    }
}

fn finding(
    material: &Material,
    code: &'static str,
    severity: Severity,
    whole: &Observation,
    parts: &[Observation],
) -> Finding {
    let addends: Vec<String> = parts.iter().map(addend).collect();
    let total: f64 = parts.iter().map(point).sum();
    let arithmetic = match addends.as_slice() {
        [only] => format!("{only} against {}", addend(whole)),
        _ => format!("{} = {}, stated {}", addends.join(" + "), in_short(total), addend(whole)),
    };
    let against = if severity == Severity::Note { "less" } else { "more" };
    let message = format!(
        "{}: its stated parts come to {against} than the whole, {}",
        material.id(whole),
        figure(whole)
    );
    let mut rest = vec![whole];
    rest.extend(parts);
    material
        .on_observation(code, severity, whole, message)
        .arithmetic(arithmetic)
        .claims(material.best_claims(&rest))
}

fn addend(observation: &Observation) -> String {
    in_full(point(observation))
}

/// The stated number, of a range the end that decides nothing by itself: its middle.
fn point(observation: &Observation) -> f64 {
    let Interval { lower, upper, .. } = observation.interval;
    if observation.value.is_nan() { lower + (upper - lower) / 2.0 } else { observation.value }
}
