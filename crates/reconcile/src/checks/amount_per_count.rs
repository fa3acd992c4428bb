//! A promise of so many things for so much money, against what such things have cost before.
//!
//! "Before" is a running total of the promise's topic, between the same places, that one source gives
//! both as a count and as an amount: 3,500 projects, more than 760 million.

use model::commitment::Commitment;
use model::finding::{Finding, Severity};
use model::observation::Observation;
use model::unit::Unit;

use super::Material;
use crate::scaled::{in_full, in_short};
use crate::series::Series;

/// How many times dearer or cheaper the things promised may be before it is said.
const NOTABLE: f64 = 10.0;

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let totals = running_totals(material);
    material
        .facts
        .commitments
        .iter()
        .filter_map(|commitment| {
            let promised = commitment.promised?;
            let count = commitment.count.filter(|&count| count > 0)? as f64;
            let amount = model::claim::nearest_float(&promised.value);
            let mut found = totals.iter().filter(|total| {
                total.topic == commitment.topic
                    && total.amount.unit == promised.unit
                    && between_its_parties(commitment, total.amount)
            });
            found.find_map(|total| compare(material, commitment, amount, count, total))
        })
        .collect()
}

/// What one source gives both as a count and as an amount of money.
struct RunningTotal<'a> {
    topic: &'a str,
    count: &'a Observation,
    amount: &'a Observation,
}

fn running_totals<'a>(material: &Material<'a>) -> Vec<RunningTotal<'a>> {
    let indicators = &material.facts.indicators;
    let levels = |wanted: &dyn Fn(Unit) -> bool| -> Vec<&'a Observation> {
        let fits = |indicator: u32| {
            let one = &indicators[indicator as usize];
            one.cumulative && wanted(one.unit)
        };
        let observations = material.known.observations.iter();
        observations
            .filter(|one| fits(one.indicator) && one.formula.is_none())
            .filter(|one| one.measure == model::claim::Measure::Level && one.value > 0.0)
            .collect()
    };
    let counts = levels(&|unit| unit == Unit::COUNT);
    let amounts = levels(&crate::totals::is_currency);
    let topic = |one: &Observation| indicators[one.indicator as usize].topic.as_str();
    let mut totals = Vec::new();
    for &amount in &amounts {
        let alike = |count: &&&Observation| {
            let places = |one: &Observation| {
                let series = Series::of(one);
                (series.reporter, series.partner, series.kind)
            };
            topic(count) == topic(amount)
                && places(count) == places(amount)
                && (count.period.start, count.period.end) == (amount.period.start, amount.period.end)
                && from_one_source(material, count, amount)
        };
        let found = counts.iter().filter(alike);
        totals.extend(found.map(|&count| RunningTotal { topic: topic(amount), count, amount }));
    }
    totals
}

fn from_one_source(material: &Material, a: &Observation, b: &Observation) -> bool {
    let source = |claim: &u32| material.facts.claims.source[*claim as usize];
    let of_b = material.known.claims_of(b);
    material.known.claims_of(a).iter().any(|claim| of_b.iter().any(|other| source(other) == source(claim)))
}

fn between_its_parties(commitment: &Commitment, total: &Observation) -> bool {
    [Some(total.reporter), total.partner]
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
            .claims(material.best_claims(&[total.amount, total.count]))
            .hint("see whether count and amount speak of the same things"),
    )
}
