//! The series of a run: its observations gathered by indicator, pair of places and kind, so that a
//! report can choose what to show without putting anything into words.

use std::ops::Range;

use model::claim::{ClaimKind, Measure};
use model::facts::{Facts, Knowledge};
use model::observation::{Formula, Observation};
use model::observations::Row;
use model::period::{Period, Role};
use model::place::PlaceId;
use model::unit::Unit;

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
    /// How many observations it has.
    pub(crate) rows: usize,
    /// Where its runs stand in the index.
    runs: Range<usize>,
}

/// Observations of one indicator, counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) series: usize,
    pub(crate) stated: usize,
    pub(crate) derived: usize,
    /// Stated ones whose claims cannot all be true.
    pub(crate) disputed: usize,
    /// Stated ones with one witness.
    pub(crate) alone: usize,
}

/// All series, by indicator, places and kind.
///
/// Observations of one series and measure stand together, so one pass finds their runs; only the runs are sorted, and
/// there are far fewer of them than observations.
#[derive(Debug, Default)]
pub(crate) struct SeriesIndex {
    series: Vec<Series>,
    runs: Vec<Run>,
    tallies: Vec<Tally>,
}

/// Consecutive observations of one series and measure, all stated or all derived.
#[derive(Debug)]
struct Run {
    key: SeriesKey,
    measure: Measure,
    unit: Unit,
    claims: u32,
    range: Range<u32>,
}

impl SeriesIndex {
    /// The series of what is known.
    pub(crate) fn new(facts: &Facts, knowledge: &Knowledge) -> Self {
        let mut tallies = vec![Tally::default(); facts.indicators.len()];
        let mut runs: Vec<Run> = Vec::new();
        let observations = &knowledge.observations;
        for range in observations.runs() {
            let rows = &observations.rows[range.start as usize..range.end as usize];
            let series = observations.series_of(&rows[0]);
            rows.iter().for_each(|row| tallies[series.indicator as usize].add(row));
            let stated = rows.iter().filter(|row| row.is_stated());
            let claims = stated.fold(0u32, |sum, row| sum.saturating_add(row.claims.end - row.claims.start));
            runs.push(Run {
                key: (series.indicator, series.reporter, series.partner, series.kind),
                measure: series.measure,
                unit: series.unit,
                claims,
                range,
            });
        }
        runs.sort_by_key(|run| (run.key, run.measure, run.unit, run.range.start));
        let mut series: Vec<Series> = Vec::new();
        let mut start = 0;
        for together in runs.chunk_by(|a, b| a.key == b.key) {
            let (indicator, reporter, partner, kind) = together[0].key;
            let claims = together.iter().fold(0u32, |sum, run| sum.saturating_add(run.claims));
            let rows = together.iter().map(|run| run.range.len()).sum();
            let range = start..start + together.len();
            start = range.end;
            tallies[indicator as usize].series += 1;
            series.push(Series { indicator, reporter, partner, kind, claims, rows, runs: range });
        }
        Self { series, runs, tallies }
    }

    /// Every series, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Series> {
        self.series.iter()
    }

    /// The observations of a series: levels first, then growths and changes, each by period, and what is stated before
    /// what is derived.
    pub(crate) fn observations(&self, knowledge: &Knowledge, series: &Series) -> Vec<u32> {
        let runs = &self.runs[series.runs.clone()];
        let mut all = Vec::with_capacity(series.rows);
        for alike in runs.chunk_by(|a, b| (a.measure, a.unit) == (b.measure, b.unit)) {
            let start = all.len();
            all.extend(alike.iter().flat_map(|run| run.range.clone()));
            all[start..].sort_by_cached_key(|&index| {
                let Observation { period, base_period, formula, .. } = knowledge.observations.get(index);
                (period.order(), base_period.as_ref().map(Period::order), formula.is_some())
            });
        }
        all
    }

    /// What is counted of each indicator, in their order.
    pub(crate) fn tallies(&self) -> &[Tally] {
        &self.tallies
    }
}

type SeriesKey = (u32, PlaceId, Option<PlaceId>, ClaimKind);

impl Series {
    /// A series by its key alone, without observations.
    pub(crate) fn bare(indicator: u32, reporter: PlaceId, partner: Option<PlaceId>, kind: ClaimKind) -> Self {
        Self { indicator, reporter, partner, kind, claims: 0, rows: 0, runs: 0..0 }
    }
}

impl Tally {
    fn add(&mut self, row: &Row) {
        if !row.is_stated() {
            self.derived += 1;
            return;
        }
        self.stated += 1;
        self.disputed += usize::from(row.conflict);
        self.alone += usize::from(row.witnesses <= 1);
    }

    /// Adds what another counted.
    pub(crate) fn merge(&mut self, other: &Tally) {
        self.series += other.series;
        self.stated += other.stated;
        self.derived += other.derived;
        self.disputed += other.disputed;
        self.alone += other.alone;
    }
}

/// The `most` series that most claims rest on, those of more claims first.
pub(crate) fn leading<'a>(series: impl Iterator<Item = &'a Series>, most: usize) -> Vec<&'a Series> {
    foremost(series, most, |a, b| b.claims.cmp(&a.claims)).0
}

/// The first `most` items by an order, without sorting the rest, and how many items there are. Equal
/// ones keep their order.
pub(crate) fn foremost<T>(
    items: impl Iterator<Item = T>,
    most: usize,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> (Vec<T>, usize) {
    let mut kept: Vec<T> = Vec::new();
    let mut count = 0;
    for item in items {
        count += 1;
        // Most items come after all that are kept: one comparison decides.
        if kept.len() == most && kept.last().is_none_or(|last| order(last, &item).is_le()) {
            continue;
        }
        let place = kept.partition_point(|other| order(other, &item).is_le());
        kept.insert(place, item);
        kept.truncate(most);
    }
    (kept, count)
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
    let observations = observations.iter().copied();
    let at = |index: u32| knowledge.observations.get(index);
    let stated = |index: &u32| at(*index).formula.is_none();
    let base_unit = |o: &Observation| o.series.unit == facts.indicators[o.series.indicator as usize].unit;
    let latest = |candidates: &mut dyn Iterator<Item = u32>| {
        candidates.max_by_key(|&index| {
            let o = at(index);
            (is_whole(&o), base_unit(&o), o.period.end, o.period.months(), std::cmp::Reverse(index))
        })
    };
    let is = |measure: Measure| move |index: &u32| at(*index).series.measure == measure;
    let level = latest(&mut observations.clone().filter(stated).filter(is(Measure::Level)));
    let Some(main) = level else {
        let other = latest(&mut observations.clone().filter(stated));
        return Headline { main: other, ..Headline::default() };
    };
    let span = |index: u32| (at(index).period.start, at(index).period.end);
    let growths = || observations.clone().filter(is(Measure::Growth));
    let growth = growths()
        .filter(|&index| span(index) == span(main))
        .min_by_key(|index| (!stated(index), at(*index).base_period, *index));
    let implied_from = growth.and_then(|index| match at(index).formula {
        Some(Formula::GrowthFromLevels { base, .. }) => Some(base),
        _ => None,
    });
    let previous = observations
        .clone()
        .filter(stated)
        .filter(is(Measure::Level))
        .filter(|&index| {
            at(index).series.unit == at(main).series.unit && at(index).period.end < at(main).period.end
        })
        .filter(|&index| is_whole(&at(index)) == is_whole(&at(main)))
        .max_by_key(|&index| (at(index).period.end, at(index).period.months()));
    let earlier = implied_from.or(if growth.is_none() { previous } else { None });
    let later = observations
        .clone()
        .filter(stated)
        .filter(|&index| at(index).period.end > at(main).period.end)
        .max_by_key(|&index| (at(index).period.end, at(index).series.measure == Measure::Level));
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
