//! The series of a run: its observations gathered by indicator, pair of places and kind, so that a
//! report can choose what to show without putting anything into words.

use std::ops::Range;

use model::claim::{ClaimKind, Measure};
use model::facts::{Facts, Knowledge};
use model::observation::{Formula, Observation};
use model::period::Role;
use model::place::PlaceId;

/// The observations on one indicator between two places: levels, growths and changes together.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// Index into the indicators.
    pub(crate) indicator: u32,
    pub(crate) reporter: PlaceId,
    pub(crate) partner: Option<PlaceId>,
    pub(crate) kind: ClaimKind,
    /// How many claims it rests on.
    pub(crate) claims: u32,
    /// Where its observations stand in the index.
    range: Range<usize>,
}

/// All series, by indicator, places and kind.
#[derive(Debug, Default)]
pub(crate) struct SeriesIndex {
    series: Vec<Series>,
    /// Indices of observations, series after series; within one by measure, unit and period.
    order: Vec<u32>,
}

impl SeriesIndex {
    /// The series of what is known.
    pub(crate) fn new(facts: &Facts, knowledge: &Knowledge) -> Self {
        let observations = &knowledge.observations;
        let known = |observation: &Observation| (observation.indicator as usize) < facts.indicators.len();
        let mut order: Vec<u32> =
            (0..).zip(observations).filter(|(_, o)| known(o)).map(|(index, _)| index).collect();
        // A stable sort: what is equal by these keys keeps the published order.
        order.sort_by_key(|&index| {
            let o = &observations[index as usize];
            (series_key(o), o.measure, o.unit, o.period.start, o.period.end, o.period.role)
        });
        let mut series: Vec<Series> = Vec::new();
        for (position, &index) in order.iter().enumerate() {
            let o = &observations[index as usize];
            let claims = if o.formula.is_some() { 0 } else { o.claims.end - o.claims.start };
            match series.last_mut() {
                Some(last) if last.key() == series_key(o) => {
                    last.range.end = position + 1;
                    last.claims = last.claims.saturating_add(claims);
                }
                _ => series.push(Series {
                    indicator: o.indicator,
                    reporter: o.reporter,
                    partner: o.partner,
                    kind: o.kind,
                    claims,
                    range: position..position + 1,
                }),
            }
        }
        Self { series, order }
    }

    /// Every series, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Series> {
        self.series.iter()
    }

    /// The observations of a series: levels first, then growths and changes, each by period.
    pub(crate) fn observations(&self, series: &Series) -> &[u32] {
        &self.order[series.range.clone()]
    }
}

type SeriesKey = (u32, PlaceId, Option<PlaceId>, ClaimKind);

fn series_key(observation: &Observation) -> SeriesKey {
    (observation.indicator, observation.reporter, observation.partner, observation.kind)
}

impl Series {
    fn key(&self) -> SeriesKey {
        (self.indicator, self.reporter, self.partner, self.kind)
    }

    /// A series by its key alone, without observations.
    pub(crate) fn bare(indicator: u32, reporter: PlaceId, partner: Option<PlaceId>, kind: ClaimKind) -> Self {
        Self { indicator, reporter, partner, kind, claims: 0, range: 0..0 }
    }

    /// How many observations it has.
    pub(crate) fn len(&self) -> usize {
        self.range.len()
    }
}

/// The `most` series that most claims rest on, those of more claims first.
pub(crate) fn leading<'a>(series: impl Iterator<Item = &'a Series>, most: usize) -> Vec<&'a Series> {
    foremost(series, most, |a, b| b.claims.cmp(&a.claims))
}

/// The first `most` items by an order, without sorting the rest; equal ones keep their order.
pub(crate) fn foremost<T>(
    items: impl Iterator<Item = T>,
    most: usize,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        let place = kept.partition_point(|other| order(other, &item).is_le());
        if place < most {
            kept.insert(place, item);
            kept.truncate(most);
        }
    }
    kept
}

/// What a headline of a series says: indices of observations.
#[derive(Debug, Default)]
pub(crate) struct Headline {
    /// The level that stands for the series: the latest of a whole year or of a moment, else the
    /// latest of all; a growth or change where no level is stated.
    pub(crate) main: Option<u32>,
    /// The growth over the main level's period.
    pub(crate) growth: Option<u32>,
    /// The stated level before the main one, where no growth tells of it.
    pub(crate) earlier: Option<u32>,
    /// What is stated of a later, shorter period: its level, or else its growth.
    pub(crate) later: Vec<u32>,
}

/// Chooses what a headline says from the observations of one series.
pub(crate) fn headline(knowledge: &Knowledge, facts: &Facts, observations: &[u32]) -> Headline {
    let at = |index: u32| &knowledge.observations[index as usize];
    let stated = |index: &u32| at(*index).formula.is_none();
    let base_unit = |o: &Observation| o.unit == facts.indicators[o.indicator as usize].unit;
    let latest = |candidates: &mut dyn Iterator<Item = u32>| {
        candidates.max_by_key(|&index| {
            let o = at(index);
            (is_whole(o), base_unit(o), o.period.end, o.period.months(), std::cmp::Reverse(index))
        })
    };
    let is = |measure: Measure| move |index: &u32| at(*index).measure == measure;
    let level = latest(&mut observations.iter().copied().filter(stated).filter(is(Measure::Level)));
    let Some(main) = level else {
        let other = latest(&mut observations.iter().copied().filter(stated));
        return Headline { main: other, ..Headline::default() };
    };
    let span = |index: u32| (at(index).period.start, at(index).period.end);
    let growths = || observations.iter().copied().filter(is(Measure::Growth));
    let growth = growths()
        .filter(|&index| span(index) == span(main))
        .min_by_key(|index| (!stated(index), at(*index).base_period, *index));
    let implied_from = growth.and_then(|index| match at(index).formula {
        Some(Formula::GrowthFromLevels { base, .. }) => Some(base),
        _ => None,
    });
    let previous = observations
        .iter()
        .copied()
        .filter(stated)
        .filter(is(Measure::Level))
        .filter(|&index| at(index).unit == at(main).unit && at(index).period.end < at(main).period.end)
        .filter(|&index| is_whole(at(index)) == is_whole(at(main)))
        .max_by_key(|&index| (at(index).period.end, at(index).period.months()));
    let earlier = implied_from.or(if growth.is_none() { previous } else { None });
    let later = observations
        .iter()
        .copied()
        .filter(stated)
        .filter(|&index| at(index).period.end > at(main).period.end)
        .max_by_key(|&index| (at(index).period.end, at(index).measure == Measure::Level));
    let later = later.map_or_else(Vec::new, |found| {
        let growth = growths().filter(stated).find(|&index| index != found && span(index) == span(found));
        std::iter::once(found).chain(growth).collect()
    });
    Headline { main: Some(main), growth, earlier, later }
}

/// Whether an observation speaks of a whole year or more, or of a moment, and not of part of a year.
fn is_whole(observation: &Observation) -> bool {
    observation.period.role != Role::During || observation.period.months().is_none_or(|months| months >= 12)
}
