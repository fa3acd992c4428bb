//! Values that follow from stated ones: a growth with one level implies the other level, two levels a
//! year apart imply a growth.
//!
//! A forecast growth over an actual level implies a forecast of the later one. One step only: nothing is
//! derived from what is derived. Levels are taken in the indicator's own unit, for growth is the percent
//! change of that. A derived value stands in a row of its own, carries the best claims it follows from
//! and those that set a bound, and is rounded to 12 significant digits.

use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::claim::{ABSENT, ClaimKind, Measure};
use model::facts::Facts;
use model::figure::Comparator;
use model::observation::{Formula, Interval, Series};
use model::observations::{Basis, Observations, Row};
use model::period::{Period, Role};
use model::unit::Unit;
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::interval::{increasing, is_bounded, product, quotient, rounded, to_twelve_digits};
use crate::observe::interval_of;
use crate::series::{at_period, stated_of};

/// Stated observations that one core takes at a time.
const PART: usize = 1 << 15;

/// Adds what follows from the stated observations, which must be all that there are; `witness` gives the witness of each
/// source.
pub(crate) fn derive(facts: &Facts, witness: &[u32], observations: &mut Observations) {
    derive_by_parts(facts, witness, observations, PART);
}

fn derive_by_parts(facts: &Facts, witness: &[u32], observations: &mut Observations, size: usize) {
    let sources = sources(facts, observations);
    let periods = Periods::new(&sources, observations);
    for wave in parts(&sources, size).chunks(rayon::current_num_threads() * 4) {
        let derivation = Derivation { facts, observations, periods: &periods, witness };
        let derived: Vec<Observations> = wave.par_iter().map(|part| derivation.of_part(part)).collect();
        derived.into_iter().for_each(|mut part| observations.append(&mut part));
    }
}

/// A series of stated observations from which those of another one follow.
struct Source {
    /// Where it stands.
    rows: Range<u32>,
    /// The code of the series that follows: growths from levels, levels from growths.
    target: u32,
}

/// The series from which others follow, in the order of those; the latter are added where nothing is stated of them.
fn sources(facts: &Facts, observations: &mut Observations) -> Vec<Source> {
    let runs: Vec<Range<u32>> = observations.runs().collect();
    let series = &mut observations.series;
    let stated = series.len();
    let mut sources = Vec::new();
    for (code, rows) in runs.into_iter().enumerate() {
        let own = series[code];
        let unit = facts.indicators[own.indicator as usize].unit;
        let target = match own.measure {
            Measure::Level if own.unit == unit => {
                Series { measure: Measure::Growth, unit: Unit::PERCENT, ..own }
            }
            Measure::Growth if own.unit == Unit::PERCENT => Series { measure: Measure::Level, unit, ..own },
            Measure::Level | Measure::Growth | Measure::Change => continue,
        };
        let known = series[..stated].binary_search(&target);
        let target = known.unwrap_or_else(|_| {
            series.push(target);
            series.len() - 1
        });
        sources.push(Source { rows, target: target as u32 });
    }
    sources.sort_unstable_by_key(|source| series[source.target as usize]);
    sources
}

/// The sources in parts of about `size` observations.
fn parts(sources: &[Source], size: usize) -> Vec<&[Source]> {
    let mut parts = Vec::new();
    let (mut start, mut rows) = (0, 0);
    for (index, source) in sources.iter().enumerate() {
        rows += source.rows.len();
        if rows >= size || index + 1 == sources.len() {
            parts.push(&sources[start..=index]);
            (start, rows) = (index + 1, 0);
        }
    }
    parts
}

/// What is asked of the periods of many observations, found once for each.
struct Periods {
    /// The same span a year earlier.
    year_before: Vec<Option<Period>>,
    /// The code of the base period of a growth, for a level: in the role of the growth's own period.
    base: HashMap<(u32, Role), u32, FixedState>,
}

impl Periods {
    /// Adds the periods that levels before a growth have and nothing else.
    fn new(sources: &[Source], observations: &mut Observations) -> Self {
        let year_before = observations.periods.iter().map(|period| period.shifted_by_years(-1)).collect();
        let Observations { series, periods, rows, .. } = observations;
        let mut codes: HashMap<Period, u32, FixedState> = periods.iter().copied().zip(0..).collect();
        let mut base = HashMap::default();
        let growths =
            sources.iter().flat_map(|source| &rows[source.rows.start as usize..source.rows.end as usize]);
        for growth in growths.filter(|row| series[row.series as usize].measure == Measure::Growth) {
            if growth.base_period == ABSENT {
                continue;
            }
            let role = periods[growth.period as usize].role;
            base.entry((growth.base_period, role)).or_insert_with(|| {
                let period = Period { role, ..periods[growth.base_period as usize] };
                *codes.entry(period).or_insert_with(|| {
                    periods.push(period);
                    periods.len() as u32 - 1
                })
            });
        }
        Self { year_before, base }
    }
}

/// Finds what follows. Derived observations of a part are those of its own claims, and of all series and periods.
struct Derivation<'a> {
    facts: &'a Facts,
    observations: &'a Observations,
    periods: &'a Periods,
    witness: &'a [u32],
}

impl Derivation<'_> {
    fn of_part(&self, sources: &[Source]) -> Observations {
        let mut derived = Observations::default();
        for source in sources {
            match self.series(source.rows.start).measure {
                Measure::Level => self.growths(source, &mut derived),
                Measure::Growth | Measure::Change => self.levels(source, &mut derived),
            }
        }
        derived
    }

    fn row(&self, index: u32) -> &Row {
        &self.observations.rows[index as usize]
    }

    fn series(&self, index: u32) -> &Series {
        self.observations.series_of(self.row(index))
    }

    /// The growths between levels of one series that lie a year apart.
    fn growths(&self, source: &Source, derived: &mut Observations) {
        for level in source.rows.clone() {
            let row = self.row(level);
            if !matches!(self.observations.period_of(row).role, Role::During | Role::AsOf) {
                continue;
            }
            let Some(earlier) = self.periods.year_before[row.period as usize] else { continue };
            for base in at_period(self.observations, source.rows.start..level, &earlier) {
                self.growth_from_levels(source.target, level, base, derived);
            }
        }
    }

    fn growth_from_levels(&self, target: u32, level: u32, base: u32, derived: &mut Observations) {
        let percent = |ratio: f64| (ratio - 1.0) * 100.0;
        let (later, before) = (self.row(level), self.row(base));
        let Some(ratio) = quotient(&later.interval(), &before.interval()) else { return };
        let growth = Found {
            series: target,
            period: later.period,
            base_period: before.period,
            value: percent(later.value / before.value),
            interval: increasing(&ratio, percent),
        };
        self.add(growth, Formula::GrowthFromLevels { level, base }, derived);
    }

    /// The levels that the growths of one series imply with the stated levels of their kind, or over the actual
    /// ones: a forecast grows from what is known, where it is.
    fn levels(&self, source: &Source, derived: &mut Observations) {
        let levels = self.observations.series[source.target as usize];
        let actual = Series { kind: ClaimKind::Actual, ..levels };
        let [levels, actual] = [levels, actual].map(|series| stated_of(self.observations, &series));
        if levels.is_empty() && actual.is_empty() {
            return;
        }
        let at = |range: &Range<u32>, period: u32| {
            let period = &self.observations.periods[period as usize];
            at_period(self.observations, range.clone(), period).next()
        };
        for growth in source.rows.clone() {
            let row = self.row(growth);
            let role = self.observations.period_of(row).role;
            let Some(&base_period) = self.periods.base.get(&(row.base_period, role)) else { continue };
            if let Some(level) = at(&levels, row.period) {
                self.base_from_growth(source.target, level, growth, base_period, derived);
            }
            if let Some(base) = at(&actual, base_period).or_else(|| at(&levels, base_period)) {
                self.level_from_growth(source.target, base, growth, derived);
            }
        }
    }

    fn base_from_growth(
        &self,
        target: u32,
        level: u32,
        growth: u32,
        period: u32,
        derived: &mut Observations,
    ) {
        let (later, change) = (self.row(level), self.row(growth));
        let Some(interval) = quotient(&later.interval(), &self.factor(growth)) else { return };
        let value = later.value / (1.0 + change.value / 100.0);
        let base = Found { series: target, period, base_period: ABSENT, value, interval };
        self.add(base, Formula::BaseFromGrowth { level, growth }, derived);
    }

    fn level_from_growth(&self, target: u32, base: u32, growth: u32, derived: &mut Observations) {
        let factor = self.factor(growth);
        if factor.lower < 0.0 {
            return;
        }
        let (before, change) = (self.row(base), self.row(growth));
        let level = Found {
            series: target,
            period: change.period,
            base_period: ABSENT,
            value: before.value * (1.0 + change.value / 100.0),
            interval: product(&before.interval(), &factor),
        };
        self.add(level, Formula::LevelFromGrowth { base, growth }, derived);
    }

    /// 1 + growth / 100. Of what cannot be negative it is not negative either.
    fn factor(&self, growth: u32) -> Interval {
        let factor = increasing(&self.row(growth).interval(), |percent| 1.0 + percent / 100.0);
        let minimum = self.facts.indicators[self.series(growth).indicator as usize].minimum;
        if factor.lower < 0.0 && minimum.is_some_and(|minimum| minimum >= Decimal::ZERO) {
            return Interval { lower: 0.0, lower_open: false, ..factor };
        }
        factor
    }

    /// Adds a derived value with the claims it rests on, unless no bound of it is known.
    fn add(&self, found: Found, formula: Formula, derived: &mut Observations) {
        if !is_bounded(&found.interval) {
            return;
        }
        let inputs = formula.inputs().map(|index| self.row(index));
        let start = derived.members.len();
        for claim in inputs.iter().flat_map(|input| self.supporting(input)).flatten() {
            if !derived.members[start..].contains(&claim) {
                derived.members.push(claim);
            }
        }
        let value = if found.value.is_finite() { to_twelve_digits(found.value) } else { f64::NAN };
        let interval = rounded(&found.interval);
        derived.rows.push(Row {
            value,
            lower: interval.lower,
            upper: interval.upper,
            series: found.series,
            period: found.period,
            base_period: found.base_period,
            claims: start as u32..derived.members.len() as u32,
            witnesses: self.count_witnesses(&derived.members[start..]),
            basis: Basis::Derived(formula),
            comparator: comparator(value, &interval, inputs),
            lower_open: interval.lower_open,
            upper_open: interval.upper_open,
            conflict: false,
        });
    }

    /// How many witnesses stand behind a few claims.
    fn count_witnesses(&self, claims: &[u32]) -> u32 {
        let witness = |claim: u32| self.witness[self.facts.claims.source[claim as usize] as usize];
        let is_new = |&(place, &claim): &(usize, &u32)| {
            claims[..place].iter().all(|&other| witness(other) != witness(claim))
        };
        claims.iter().enumerate().filter(is_new).count() as u32
    }

    /// The best claim of an observation, and those that set its bounds where the best does not.
    fn supporting(&self, row: &Row) -> [Option<u32>; 3] {
        let claims = self.observations.claims_of(row);
        let best = claims.first().copied();
        if claims.len() == 1 {
            return [best, None, None];
        }
        let bound = |sets: &dyn Fn(&Interval) -> bool| {
            claims.iter().copied().find(|&claim| sets(&interval_of(&self.facts.claims, claim as usize)))
        };
        let lower = bound(&|of| of.lower == row.lower && of.lower_open == row.lower_open);
        let upper = bound(&|of| of.upper == row.upper && of.upper_open == row.upper_open);
        [best, lower, upper]
    }
}

/// A derived value before it is rounded.
struct Found {
    series: u32,
    period: u32,
    base_period: u32,
    value: f64,
    interval: Interval,
}

/// The hedge that a derived value's bounds and inputs leave: without a bound on one side, or with the
/// number itself as a bound, it is "more than" or "less than"; otherwise an input that is not plainly
/// stated makes it "about".
fn comparator(value: f64, interval: &Interval, inputs: [&Row; 2]) -> Comparator {
    match (interval.lower.is_finite(), interval.upper.is_finite()) {
        (true, false) if interval.lower_open => Comparator::Greater,
        (true, false) => Comparator::GreaterOrEqual,
        (false, true) if interval.upper_open => Comparator::Less,
        (false, true) => Comparator::LessOrEqual,
        _ if value.is_nan() => Comparator::Range,
        _ if inputs.iter().all(|input| input.comparator == Comparator::Equal) => Comparator::Equal,
        _ if value <= interval.lower && interval.lower_open => Comparator::Greater,
        _ if value >= interval.upper && interval.upper_open => Comparator::Less,
        _ => Comparator::About,
    }
}
