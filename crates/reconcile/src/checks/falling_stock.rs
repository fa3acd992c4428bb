//! A stock that is surely lower than stated for an earlier day: worth a note, for stocks are revalued.
//! A running total cannot fall, so there it is a warning.

use model::finding::{Finding, Severity};
use model::indicator::FlowOrStock;
use model::observation::Observation;
use model::period::Role;
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
    series.sort_by_key(|observation| (observation.period.end, observation.period.start));
    series
        .windows(2)
        .filter(|pair| comparable(pair[0], pair[1]) && surely_below(&pair[1].interval, &pair[0].interval))
        .map(|pair| (severity, pair[0], pair[1]))
        .collect()
}

/// Running totals are compared from one start, stocks at different ends.
fn comparable(earlier: &Observation, later: &Observation) -> bool {
    let one_start = earlier.period.role != Role::Since || earlier.period.start == later.period.start;
    earlier.period.role == later.period.role && earlier.period.end < later.period.end && one_start
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
