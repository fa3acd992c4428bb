//! The same flow as each side reports it: exports of one, imports of the other. Both stand; where they
//! cannot both be true the discrepancy is told.

use std::ops::Range;

use model::finding::{Finding, Severity};
use model::observation::{Observation, Series};

use super::{Material, TOLD, tell};
use crate::interval::meet;
use crate::scaled::{in_full, in_short};
use crate::series::{at_period, stated_of};
use crate::words::figure;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let observations = &material.known.observations;
    let interval = |index: u32| observations.rows[index as usize].interval();
    let indicators = &material.facts.indicators;
    let mut found = Vec::new();
    for (own, indicator) in (0..).zip(indicators).filter(|(_, one)| !one.mirror.is_empty()) {
        let Ok(mirror) = indicators.binary_search_by(|one| one.indicator.cmp(&indicator.mirror)) else {
            continue;
        };
        for levels in material.levels_of(own) {
            let Some(mirrored) = mirrored(material, levels.start, mirror as u32) else { continue };
            for level in levels {
                let period = observations.period_of(&observations.rows[level as usize]);
                let same = at_period(observations, mirrored.clone(), period).next();
                found.extend(
                    same.filter(|&same| !meet(&interval(level), &interval(same))).map(|same| (level, same)),
                );
            }
        }
    }
    tell(found, TOLD, "mirror-differs", "observations", |&(a, b)| {
        finding(material, &material.observation(a), &material.observation(b))
    })
}

/// Where the partner reports the flow of which one series has this level. Each pair is found once: where both
/// indicators name each other, from the lesser one, and within one indicator from the lesser reporter.
fn mirrored(material: &Material, level: u32, mirror: u32) -> Option<Range<u32>> {
    let series = material.observation(level).series;
    let partner = series.partner?;
    let indicators = &material.facts.indicators;
    let own = &indicators[series.indicator as usize].indicator;
    let mutual = indicators[mirror as usize].mirror == *own;
    if mutual && (mirror, partner) < (series.indicator, series.reporter) {
        return None;
    }
    let mirrored = Series { indicator: mirror, reporter: partner, partner: Some(series.reporter), ..series };
    Some(stated_of(&material.known.observations, &mirrored))
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
