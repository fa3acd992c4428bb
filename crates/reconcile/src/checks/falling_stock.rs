//! A stock that is surely lower than stated for an earlier day: worth a note, for stocks are revalued.
//! A running total cannot fall, so there it is a warning.
//!
//! Each figure is compared with the highest before it, whatever vaguer ones were stated in between. A
//! fall is told once: what follows is compared with the figures from then on.

use std::cmp::Ordering;

use chrono::NaiveDate;
use model::finding::{Finding, Severity};
use model::indicator::FlowOrStock;
use model::observation::Observation;
use model::period::{Period, Role};
use rayon::prelude::*;

use super::{Material, TOLD, tell};
use crate::interval::surely_below;
use crate::words::figure;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let found: Vec<Fall> = material.level_series().flat_map_iter(|series| falls(material, series)).collect();
    tell(found, TOLD, "stock-fell", "observations", |&(severity, earlier, later)| {
        finding(material, severity, earlier, later)
    })
}

/// How grave it is, the earlier figure and the later, lower one.
type Fall<'a> = (Severity, &'a Observation, &'a Observation);

fn falls<'a>(material: &Material<'a>, mut series: Vec<&'a Observation>) -> Vec<Fall<'a>> {
    let Some(first) = series.first() else { return Vec::new() };
    let indicator = &material.facts.indicators[first.indicator as usize];
    let severity = match indicator.flow_or_stock {
        _ if indicator.cumulative => Severity::Warning,
        Some(FlowOrStock::Stock) => Severity::Note,
        _ => return Vec::new(),
    };
    series.retain(|observation| observation.period.end.is_some());
    series.sort_by_key(|observation| (comparable(observation), observation.period.end));
    let mut falls = Vec::new();
    for alike in series.chunk_by(|a, b| comparable(a) == comparable(b)) {
        let mut highest: Option<&Observation> = None;
        for day in alike.chunk_by(|a, b| a.period.end == b.period.end) {
            let before = falls.len();
            if let Some(earlier) = highest {
                let fell = day.iter().filter(|later| surely_below(&later.interval, &earlier.interval));
                falls.extend(fell.map(|&later| (severity, earlier, later)));
            }
            let since = highest.filter(|_| falls.len() == before);
            highest = since.into_iter().chain(day.iter().copied()).max_by(|a, b| by_lower_bound(a, b));
        }
    }
    falls
}

/// What figures share that may be compared: their role, and running totals their start.
fn comparable(observation: &Observation) -> (Role, Option<NaiveDate>) {
    let Period { role, start, .. } = observation.period;
    (role, start.filter(|_| role == Role::Since))
}

/// By what each surely exceeds; an excluded bound is the higher of two equal ones.
fn by_lower_bound(a: &Observation, b: &Observation) -> Ordering {
    let (a, b) = (&a.interval, &b.interval);
    a.lower.total_cmp(&b.lower).then(a.lower_open.cmp(&b.lower_open))
}

fn finding(material: &Material, severity: Severity, earlier: &Observation, later: &Observation) -> Finding {
    let (code, hint) = match severity {
        Severity::Note => ("stock-fell", "stocks are revalued; see whether both figures cover the same"),
        _ => ("total-fell", "a running total does not fall: see what each figure covers"),
    };
    let message = format!(
        "{}: {} as of {}, after {} as of {}",
        material.facts.series_id(later),
        figure(later),
        later.period.label(),
        figure(earlier),
        earlier.period.label(),
    );
    material
        .on_observation(code, severity, later, message)
        .arithmetic(format!("{} < {}", figure(later), figure(earlier)))
        .claims(material.best_claims(&[later, earlier]))
        .hint(hint)
}
