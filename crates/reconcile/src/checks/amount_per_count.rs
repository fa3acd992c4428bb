//! A promise of so many things for so much money, against what such things have cost before.
//!
//! "Before" is a running total of the promise's topic, between the same places, that one source gives
//! both as a count and as an amount: 3,500 projects, more than 760 million.

use std::collections::BTreeMap;

use model::claim::Measure;
use model::commitment::{Commitment, Promised};
use model::finding::{Finding, Severity};
use model::observation::{Observation, Series};
use model::unit::Unit;

use super::Material;
use crate::scaled::{in_full, in_short};

/// How many times dearer or cheaper the things promised may be before it is said.
const NOTABLE: f64 = 10.0;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let counted: Vec<(&Commitment, Promised, f64)> = material
        .facts
        .commitments
        .iter()
        .filter_map(|one| Some((one, one.promised?, one.count.filter(|&count| count > 0)? as f64)))
        .collect();
    if counted.is_empty() {
        return Vec::new();
    }
    let totals = running_totals(material);
    counted
        .iter()
        .filter_map(|&(commitment, promised, count)| {
            let amount = model::claim::nearest_float(&promised.value);
            let of_topic = totals.get(commitment.topic.as_str())?;
            let mut found = of_topic.iter().filter(|total| {
                total.amount.series.unit == promised.unit && between_its_parties(commitment, &total.amount)
            });
            found.find_map(|total| compare(material, commitment, amount, count, total))
        })
        .collect()
}

/// What one source gives both as a count and as an amount of money.
struct RunningTotal {
    count: Observation,
    amount: Observation,
}

/// The running totals of each topic.
fn running_totals<'a>(material: &Material<'a>) -> BTreeMap<&'a str, Vec<RunningTotal>> {
    let indicators = &material.facts.indicators;
    let levels = |wanted: fn(Unit) -> bool| {
        let fits = move |series: &Series| {
            let indicator = &indicators[series.indicator as usize];
            indicator.cumulative && wanted(indicator.unit) && series.measure == Measure::Level
        };
        let fitting = material.stated.iter().filter(move |(series, _)| fits(series));
        let observations =
            fitting.flat_map(|(_, range)| range.clone()).map(|index| material.observation(index));
        observations.filter(|one| one.value > 0.0)
    };
    let topic = |one: &Observation| indicators[one.series.indicator as usize].topic.as_str();
    let key = |one: &Observation| {
        let Series { reporter, partner, kind, .. } = one.series;
        (topic(one), reporter, partner, kind, one.period.start, one.period.end)
    };
    let mut counts: BTreeMap<_, Vec<Observation>> = BTreeMap::new();
    for count in levels(|unit| unit == Unit::COUNT) {
        counts.entry(key(&count)).or_default().push(count);
    }
    let mut totals: BTreeMap<&str, Vec<RunningTotal>> = BTreeMap::new();
    for amount in levels(Unit::is_currency) {
        let alike = counts.get(&key(&amount)).map_or(&[][..], Vec::as_slice);
        let found = alike.iter().filter(|count| from_one_source(material, count, &amount));
        let found = found.map(|count| RunningTotal { count: count.clone(), amount: amount.clone() });
        totals.entry(topic(&amount)).or_default().extend(found);
    }
    totals
}

fn from_one_source(material: &Material, a: &Observation, b: &Observation) -> bool {
    let source = |claim: &u32| material.facts.claims.source[*claim as usize];
    let of_b = material.known.claims_of(b);
    material.known.claims_of(a).iter().any(|claim| of_b.iter().any(|other| source(other) == source(claim)))
}

fn between_its_parties(commitment: &Commitment, total: &Observation) -> bool {
    [Some(total.series.reporter), total.series.partner]
        .into_iter()
        .flatten()
        .all(|place| commitment.party.contains(&place) || commitment.counterparty.contains(&place))
}

fn compare(
    material: &Material,
    commitment: &Commitment,
    amount: f64,
    count: f64,
    total: &RunningTotal,
) -> Option<Finding> {
    let (each, before) = (amount / count, total.amount.value / total.count.value);
    let ratio = each / before;
    if (1.0 / NOTABLE..=NOTABLE).contains(&ratio) {
        return None;
    }
    let message = format!(
        "{} promises {} each, against {} each before",
        commitment.commitment_id,
        in_short(each),
        in_short(before)
    );
    let arithmetic = format!(
        "{} / {} = {} each, against {} / {} = {} each before",
        in_full(amount),
        in_full(count),
        in_short(each),
        in_full(total.amount.value),
        in_full(total.count.value),
        in_short(before),
    );
    Some(
        Finding::new("count-against-total", Severity::Note, "commitments", message)
            .id(&commitment.commitment_id)
            .at(material.facts.locate(commitment.cell))
            .arithmetic(arithmetic)
            .claims(material.best_claims(&[&total.amount, &total.count]))
            .hint("see whether count and amount speak of the same things"),
    )
}
