//! A stock that is surely lower than stated for an earlier day: worth a note, for stocks are revalued.
//! A running total cannot fall, so there it is a warning.
//!
//! Each figure is compared with the highest before it, whatever vaguer ones were stated in between. A
//! fall is told once: what follows is compared with the figures from then on.

use std::cmp::Ordering;
use std::ops::Range;

use chrono::NaiveDate;
use model::finding::{Finding, Severity};
use model::indicator::FlowOrStock;
use model::observation::Observation;
use model::observations::Row;
use model::period::{Period, Role};
use rayon::prelude::*;

use super::{Material, TOLD, tell};
use crate::interval::surely_below;
use crate::words::figure;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let found: Vec<Fall> = material.level_series().flat_map_iter(|series| falls(material, series)).collect();
    tell(found, TOLD, "stock-fell", "observations", |&(severity, earlier, later)| {
        finding(material, severity, &material.observation(earlier), &material.observation(later))
    })
}

/// How grave it is, the earlier figure and the later, lower one.
type Fall = (Severity, u32, u32);

fn falls(material: &Material, series: Range<u32>) -> Vec<Fall> {
    let observations = &material.known.observations;
    let row = |index: u32| &observations.rows[index as usize];
    let indicator = &material.facts.indicators[observations.series_of(row(series.start)).indicator as usize];
    let severity = match indicator.flow_or_stock {
        _ if indicator.cumulative => Severity::Warning,
        Some(FlowOrStock::Stock) => Severity::Note,
        _ => return Vec::new(),
    };
    let period = |index: u32| observations.period_of(row(index));
    let mut dated: Vec<u32> = series.filter(|&index| period(index).end.is_some()).collect();
    dated.sort_by_key(|&index| (comparable(period(index)), period(index).end));
    let mut falls = Vec::new();
    for alike in dated.chunk_by(|&a, &b| comparable(period(a)) == comparable(period(b))) {
        let mut highest: Option<u32> = None;
        for day in alike.chunk_by(|&a, &b| period(a).end == period(b).end) {
            let before = falls.len();
            if let Some(earlier) = highest {
                let fell = |later: &u32| surely_below(&row(*later).interval(), &row(earlier).interval());
                falls.extend(day.iter().copied().filter(fell).map(|later| (severity, earlier, later)));
            }
            let since = highest.filter(|_| falls.len() == before);
            let candidates = since.into_iter().chain(day.iter().copied());
            highest = candidates.max_by(|&a, &b| by_lower_bound(row(a), row(b)));
        }
    }
    falls
}

/// What figures share that may be compared: their role, and running totals their start.
fn comparable(period: &Period) -> (Role, Option<NaiveDate>) {
    let &Period { role, start, .. } = period;
    (role, start.filter(|_| role == Role::Since))
}

/// By what each surely exceeds; an excluded bound is the higher of two equal ones.
fn by_lower_bound(a: &Row, b: &Row) -> Ordering {
    a.lower.total_cmp(&b.lower).then(a.lower_open.cmp(&b.lower_open))
}

fn finding(material: &Material, severity: Severity, earlier: &Observation, later: &Observation) -> Finding {
    let (code, hint) = match severity {
        Severity::Note => ("stock-fell", "stocks are revalued; see whether both figures cover the same"),
        _ => ("total-fell", "a running total does not fall: see what each figure covers"),
    };
    let message = format!(
        "{}: {} as of {}, after {} as of {}",
        material.facts.series_id(&later.series),
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
