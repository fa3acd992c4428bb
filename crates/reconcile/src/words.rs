//! Figures in words for messages and reasons, hedged as their sources hedge them.

use model::figure::Comparator;
use model::observation::{Interval, Observation};

use crate::scaled::{in_full, in_short};

/// What is known of an observation, with hedge and unit: "more than 3 billion USD".
pub(crate) fn figure(observation: &Observation) -> String {
    let value =
        if observation.formula.is_some() { in_short(observation.value) } else { in_full(observation.value) };
    let hedged = hedged(observation.comparator, value, &observation.interval);
    with_unit(hedged, observation.series.unit.code())
}

/// A figure with its hedge; a range is told by its ends.
pub(crate) fn hedged(comparator: Comparator, value: String, interval: &Interval) -> String {
    match comparator {
        Comparator::Equal => value,
        Comparator::Range => format!("between {} and {}", in_short(interval.lower), in_short(interval.upper)),
        hedged => format!("{} {value}", hedged.hedge()),
    }
}

/// The figure with its unit; counted things have none to show.
pub(crate) fn with_unit(figure: String, unit: &str) -> String {
    match unit {
        "1" => figure,
        "%" => format!("{figure} %"),
        unit => format!("{figure} {unit}"),
    }
}
