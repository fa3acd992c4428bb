//! How far each commitment got: its status by the latest event, and its target against the series that
//! measures it.
//!
//! A target is measured against the latest stated actual whose period is as long as its own: a year,
//! unless its deadline spans another number of months ("in the first half of 2025"). A stock stands at a
//! moment, and a running total runs, so theirs are of any length; what a flow came to since some year is
//! no year's figure, and measures nothing. The series is the indicator's
//! between the parties, tried in this order: each party with each counterparty, each counterparty with
//! each party, one party with another, a party alone, a counterparty alone.

use chrono::{Datelike, NaiveDate};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::claim::{ClaimKind, Measure};
use model::commitment::{Commitment, Measured, Progress, Promised, Status, Verdict};
use model::facts::{Facts, Knowledge};
use model::indicator::{Better, FlowOrStock, Indicator};
use model::observation::{Interval, Observation, Series};
use model::period::{Period, Role, is_month_end};
use model::place::PlaceId;
use model::unit::Unit;

use crate::chain::Chains;
use crate::interval::{
    decreasing, exactly, increasing, less_from, quotient, rounded, surely_at_most, surely_below,
    to_twelve_digits,
};
use crate::scaled::{in_full, in_short};
use crate::series::stated_of;
use crate::words::{figure, with_unit};

/// Periods beyond which a projection says nothing.
const FARTHEST_PROJECTION: f64 = 100.0;

/// The progress of every commitment, in their order.
pub(crate) fn progress(facts: &Facts, known: &Knowledge, as_of: NaiveDate) -> Vec<Progress> {
    let promises = promises(&facts.commitments);
    let mut announcements: Vec<(u32, u32)> = promises.iter().copied().zip(0..).collect();
    announcements.sort_unstable();
    let announcements: HashMap<u32, Vec<u32>, FixedState> = announcements
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| (same[0].0, same.iter().map(|&(_, index)| index).collect()))
        .collect();
    facts
        .commitments
        .iter()
        .zip(&promises)
        .map(|(commitment, promise)| {
            let same = announcements.get(promise).map_or(&[][..], Vec::as_slice);
            let (status, status_on) = status(facts, same, commitment, as_of);
            let measured = measure(facts, known, commitment);
            let (verdict, verdict_reason) = verdict(facts, known, commitment, as_of, measured.as_ref());
            let measured = measured.unwrap_or_default();
            Progress {
                status,
                status_on,
                latest: measured.latest,
                share_reached: measured.share_reached,
                gap: measured.gap,
                required_growth: measured.required_growth,
                observed_growth: measured.observed_growth,
                projected: measured.projected,
                verdict,
                verdict_reason,
            }
        })
        .collect()
}

/// The status of the latest event of the promise that has happened, whichever announcement the event
/// names, and of several on one day the farthest on the ladder. Without events it is the stated one.
fn status(
    facts: &Facts,
    announcements: &[u32],
    commitment: &Commitment,
    as_of: NaiveDate,
) -> (Option<Status>, Option<NaiveDate>) {
    let events = announcements.iter().flat_map(|&index| {
        let id = facts.commitments[index as usize].commitment_id.as_str();
        let start = facts.events.partition_point(|event| event.commitment_id.as_str() < id);
        facts.events[start..].iter().take_while(move |event| event.commitment_id == id)
    });
    let latest =
        events.filter(|event| may_be_by(event.on, as_of)).max_by_key(|event| (event.on, event.status));
    match latest {
        Some(latest) => (Some(latest.status), Some(latest.on)),
        None => {
            let stated = announcements.iter().map(|&index| &facts.commitments[index as usize]);
            (commitment.status.or_else(|| stated.rev().find_map(|one| one.status)), None)
        }
    }
}

/// Whether something that is dated so may have happened by a day. An imprecise date counts as its last possible
/// day, so a month's end may stand for any day of the month, and a year's for any of the year.
pub(crate) fn may_be_by(dated: NaiveDate, day: NaiveDate) -> bool {
    let earliest = match (dated.month(), dated.day()) {
        (12, 31) => dated.with_ordinal(1),
        _ if is_month_end(dated) => dated.with_day(1),
        _ => None,
    };
    earliest.unwrap_or(dated) <= day
}

/// For each commitment the first announcement of its promise, by `same_as`; of a circle the least.
fn promises(commitments: &[Commitment]) -> Vec<u32> {
    let next = commitments.iter().map(|one| {
        let found = commitments.binary_search_by(|other| other.commitment_id.cmp(&one.same_as));
        found.ok().map(|index| index as u32)
    });
    Chains::new(next.collect()).ends()
}

/// A target against its series. Without an observation nothing is measured.
#[derive(Debug, Default)]
struct Measurement {
    latest: Option<u32>,
    share_reached: Option<Measured>,
    gap: Option<Measured>,
    required_growth: Option<Measured>,
    observed_growth: Option<Measured>,
    projected: Option<NaiveDate>,
}

fn measure(facts: &Facts, known: &Knowledge, commitment: &Commitment) -> Option<Measurement> {
    let indicator = commitment.indicator?;
    let promised = commitment.promised?;
    let months = months_of_target(commitment);
    let (series, latest) = latest_level(facts, known, commitment, indicator, promised.unit)?;
    let observation = known.observations.get(latest);
    let target = target(&promised);
    let growths = Series { measure: Measure::Growth, unit: Unit::PERCENT, ..series };
    let growth = latest_growth(known, &growths, months);
    let steps = commitment
        .deadline
        .and_then(|deadline| deadline.end)
        .zip(observation.period.end)
        .map(|(due, end)| due.year() - end.year())
        .filter(|&steps| steps > 0);
    let level = Level { point: observation.value, observation: &observation };
    Some(Measurement {
        latest: Some(latest),
        share_reached: Some(level.share_of(target)),
        gap: Some(level.gap_to(target)),
        required_growth: steps.and_then(|steps| level.growth_to(target, steps)),
        observed_growth: growth.as_ref().map(|growth| measured(growth.value, growth.interval)),
        projected: growth.and_then(|growth| projected(&observation, growth.value, target)),
    })
}

/// The figure of a promise is exact.
fn target(promised: &Promised) -> f64 {
    model::claim::nearest_float(&promised.value)
}

/// The length of the target's period in months: a year unless the deadline spans another. A month or a
/// quarter alone is a date to be met, not the period of the figure.
fn months_of_target(commitment: &Commitment) -> i32 {
    const MONTH: i32 = 1;
    const QUARTER: i32 = 3;
    const YEAR: i32 = 12;
    let during = commitment.deadline.filter(|deadline| deadline.role == Role::During);
    match during.and_then(|deadline| deadline.months()) {
        None | Some(MONTH | QUARTER) => YEAR,
        Some(months) => months,
    }
}

/// The pairs of places whose series may measure a commitment, the likeliest first.
fn pairs(commitment: &Commitment) -> Vec<(PlaceId, Option<PlaceId>)> {
    let (parties, others) = (&commitment.party, &commitment.counterparty);
    let cross = |from: &[PlaceId], to: &[PlaceId]| -> Vec<(PlaceId, Option<PlaceId>)> {
        from.iter().flat_map(|&a| to.iter().filter(move |&&b| a != b).map(move |&b| (a, Some(b)))).collect()
    };
    let mut pairs = cross(parties, others);
    pairs.extend(cross(others, parties));
    pairs.extend(cross(parties, parties));
    pairs.extend(parties.iter().chain(others).map(|&place| (place, None)));
    pairs
}

/// The latest stated actual level that a target is measured against, with its series.
fn latest_level(
    facts: &Facts,
    known: &Knowledge,
    commitment: &Commitment,
    indicator: u32,
    unit: Unit,
) -> Option<(Series, u32)> {
    let (series, levels) = comparable_levels(facts, known, commitment, indicator, unit)?;
    let latest = levels.into_iter().max_by_key(|&level| {
        let period = known.observations.get(level).period;
        (period.end, period.start)
    })?;
    Some((series, latest))
}

/// The stated actual levels that a target can be measured against, of the first pair of places that
/// has any.
pub(crate) fn comparable_levels(
    facts: &Facts,
    known: &Knowledge,
    commitment: &Commitment,
    indicator: u32,
    unit: Unit,
) -> Option<(Series, Vec<u32>)> {
    let declared = &facts.indicators[indicator as usize];
    let months = months_of_target(commitment);
    pairs(commitment).into_iter().find_map(|(reporter, partner)| {
        let (reporter, partner) = match partner {
            Some(partner) if declared.symmetric && partner < reporter => (partner, Some(reporter)),
            _ => (reporter, partner),
        };
        let series =
            Series { indicator, measure: Measure::Level, reporter, partner, unit, kind: ClaimKind::Actual };
        let period = |index: u32| known.observations.get(index).period;
        let stated = stated_of(&known.observations, &series);
        let levels: Vec<u32> =
            stated.filter(|&level| is_comparable(declared, &period(level), months)).collect();
        (!levels.is_empty()).then_some((series, levels))
    })
}

/// Whether a level of `indicator` in `period` is of the kind that a target of `months` speaks of. What is
/// not declared a flow may stand at a moment: a share does.
fn is_comparable(indicator: &Indicator, period: &Period, months: i32) -> bool {
    let is_flow = indicator.flow_or_stock == Some(FlowOrStock::Flow);
    match period.role {
        Role::By => false,
        Role::AsOf | Role::Since if indicator.cumulative => true,
        Role::AsOf if !is_flow => true,
        Role::AsOf | Role::Since | Role::During => period.months() == Some(months),
    }
}

/// The latest stated growth of a period as long as the target's over the same period a year earlier.
fn latest_growth(known: &Knowledge, series: &Series, months: i32) -> Option<Observation> {
    stated_of(&known.observations, series)
        .map(|index| known.observations.get(index))
        .filter(|growth| is_over_a_year(growth, months))
        .max_by_key(|growth| growth.period.end)
}

fn is_over_a_year(growth: &Observation, months: i32) -> bool {
    let earlier = growth.period.shifted_by_years(-1);
    let over_a_year = growth
        .base_period
        .zip(earlier)
        .is_some_and(|(base, earlier)| base.start == earlier.start && base.end == earlier.end);
    over_a_year && (growth.period.role == Role::AsOf || growth.period.months() == Some(months))
}

/// The latest level, of which the target's progress is computed.
struct Level<'a> {
    point: f64,
    observation: &'a Observation,
}

impl Level<'_> {
    /// Latest over target, percent.
    fn share_of(&self, target: f64) -> Measured {
        let share = |level: f64| level / target * 100.0;
        let interval = &self.observation.interval;
        match target.total_cmp(&0.0) {
            std::cmp::Ordering::Greater => measured(share(self.point), increasing(interval, share)),
            _ if target < 0.0 => measured(share(self.point), decreasing(interval, share)),
            _ => measured(f64::NAN, increasing(interval, |_| f64::NAN)),
        }
    }

    /// Target less latest.
    fn gap_to(&self, target: f64) -> Measured {
        measured(target - self.point, less_from(target, &self.observation.interval))
    }

    /// The growth a year, percent, that leads from the latest to the target in `steps` years; `None`
    /// where the two may differ in sign.
    fn growth_to(&self, target: f64, steps: i32) -> Option<Measured> {
        if target <= 0.0 {
            return None;
        }
        let yearly = |ratio: f64| (ratio.powf(1.0 / f64::from(steps)) - 1.0) * 100.0;
        let ratio = quotient(&exactly(target), &self.observation.interval)?;
        Some(measured(yearly(target / self.point), increasing(&ratio, yearly)))
    }
}

fn measured(point: f64, interval: Interval) -> Measured {
    Measured { point: point.is_finite().then(|| to_twelve_digits(point)), interval: rounded(&interval) }
}

/// The end of the first period, counted in years from the latest, that reaches the target at `growth`
/// percent a year.
fn projected(latest: &Observation, growth: f64, target: f64) -> Option<NaiveDate> {
    let years = (target / latest.value).ln() / (1.0 + growth / 100.0).ln();
    if !(0.0..=FARTHEST_PROJECTION).contains(&years) {
        return None;
    }
    // A hair above a whole number of years is a rounding error of the logarithms, not another year.
    latest.period.shifted_by_years((years - 1e-9).ceil() as i32)?.end
}

/// The first verdict that holds, with its reason.
fn verdict(
    facts: &Facts,
    known: &Knowledge,
    commitment: &Commitment,
    as_of: NaiveDate,
    measured: Option<&Measurement>,
) -> (Verdict, String) {
    let Some(indicator) = commitment.indicator else {
        return (Verdict::NotMeasurable, "no indicator measures it".to_owned());
    };
    let Some(promised) = &commitment.promised else {
        return (Verdict::NotMeasurable, "no figure is promised".to_owned());
    };
    let better = facts.indicators[indicator as usize].better;
    let latest = measured.and_then(|measured| measured.latest);
    let latest = latest.map(|index| known.observations.get(index));
    if let Some(latest) =
        latest.as_ref().filter(|latest| surely_reached(&latest.interval, target(promised), better))
    {
        return (Verdict::Met, format!("{} reaches {}", told(latest), amount(promised)));
    }
    let so_far = match &latest {
        Some(latest) => format!("{} against {}", told(latest), amount(promised)),
        None => "no comparable figure is stated yet".to_owned(),
    };
    match commitment.deadline.and_then(|deadline| deadline.end) {
        None => (Verdict::NoDeadline, format!("{so_far}; no deadline is named")),
        Some(due) if due < as_of => (Verdict::Overdue, format!("{so_far}; it was due by {due}")),
        Some(_) => by_growth(measured, better, so_far),
    }
}

/// What the growth seen says of the growth required.
fn by_growth(measured: Option<&Measurement>, better: Better, so_far: String) -> (Verdict, String) {
    let required = measured.and_then(|measured| measured.required_growth.as_ref());
    let observed = measured.and_then(|measured| measured.observed_growth.as_ref());
    let Some(required) = required else {
        let reason = match measured {
            Some(_) => format!("{so_far}; no full year is left to grow in"),
            None => so_far,
        };
        return (Verdict::Uncertain, reason);
    };
    let Some(observed) = observed else {
        return (
            Verdict::Uncertain,
            format!("{so_far}; it takes {} a year, and no growth is stated", percent(required)),
        );
    };
    let (needed, seen) = (&required.interval, &observed.interval);
    let verdict = match better {
        Better::Higher if surely_at_most(needed, seen) => Verdict::OnTrack,
        Better::Higher if surely_below(seen, needed) => Verdict::Behind,
        Better::Lower if surely_at_most(seen, needed) => Verdict::OnTrack,
        Better::Lower if surely_below(needed, seen) => Verdict::Behind,
        _ => Verdict::Uncertain,
    };
    let reason = format!("{so_far}; it takes {} a year, seen {}", percent(required), percent(observed));
    (verdict, reason)
}

/// Whether every value of the interval reaches the target.
pub(crate) fn surely_reached(known: &Interval, target: f64, better: Better) -> bool {
    match better {
        Better::Higher => known.lower >= target,
        Better::Lower => known.upper <= target,
        Better::Neither => known.lower == target && known.upper == target,
    }
}

/// "more than 3 billion USD (2024)".
fn told(observation: &Observation) -> String {
    format!("{} ({})", figure(observation), observation.period.label())
}

fn amount(promised: &Promised) -> String {
    with_unit(in_full(target(promised)), promised.unit.code())
}

/// "8.45 % (8.45 to 10.8)".
fn percent(measured: &Measured) -> String {
    let Measured { point, interval } = measured;
    let point = match point {
        Some(point) => format!("{} %", in_short(*point)),
        None => "an unknown percentage".to_owned(),
    };
    match (interval.lower.is_finite(), interval.upper.is_finite()) {
        (true, true) if interval.lower == interval.upper => point,
        (true, true) => format!("{point} ({} to {})", in_short(interval.lower), in_short(interval.upper)),
        (true, false) => format!("{point} (at least {})", in_short(interval.lower)),
        (false, true) => format!("{point} (at most {})", in_short(interval.upper)),
        (false, false) => point,
    }
}
