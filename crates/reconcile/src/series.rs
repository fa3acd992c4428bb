//! Finding observations: the order they stand in, the series they form, and look-ups by key.

use std::cmp::Ordering;
use std::ops::Range;

use model::claim::{ClaimKind, Measure};
use model::observation::Observation;
use model::period::Period;
use model::place::PlaceId;
use model::unit::Unit;

use crate::group::meeting_key;

/// What the observations of one series share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Series {
    pub(crate) indicator: u32,
    pub(crate) measure: Measure,
    pub(crate) reporter: PlaceId,
    pub(crate) partner: Option<PlaceId>,
    pub(crate) unit: Unit,
    pub(crate) kind: ClaimKind,
}

impl Series {
    /// The series of an observation.
    pub(crate) fn of(observation: &Observation) -> Self {
        Self {
            indicator: observation.indicator,
            measure: observation.measure,
            reporter: observation.reporter,
            partner: observation.partner,
            unit: observation.unit,
            kind: observation.kind,
        }
    }

    /// Where its observations stand among all, which are in [`order`].
    pub(crate) fn range(&self, observations: &[Observation]) -> Range<usize> {
        let start = observations.partition_point(|other| Series::of(other) < *self);
        let length = observations[start..].partition_point(|other| Series::of(other) == *self);
        start..start + length
    }
}

/// The order of observations: by series, then period and base period, stated before derived.
pub(crate) fn order(a: &Observation, b: &Observation) -> Ordering {
    let base = |observation: &Observation| observation.base_period.as_ref().map(meeting_key);
    Series::of(a)
        .cmp(&Series::of(b))
        .then_with(|| meeting_key(&a.period).cmp(&meeting_key(&b.period)))
        .then_with(|| base(a).cmp(&base(b)))
        .then_with(|| a.formula.is_some().cmp(&b.formula.is_some()))
}

/// The stated observations of one period among those of one series, as positions in `series`.
pub(crate) fn at_period<'a>(
    series: &'a [Observation],
    period: &Period,
) -> impl Iterator<Item = usize> + use<'a> {
    let key = meeting_key(period);
    let start = series.partition_point(|observation| meeting_key(&observation.period) < key);
    series[start..]
        .iter()
        .take_while(move |observation| meeting_key(&observation.period) == key)
        .enumerate()
        .filter(|(_, observation)| observation.formula.is_none())
        .map(move |(offset, _)| start + offset)
}
