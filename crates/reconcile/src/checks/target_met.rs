//! A target that is met, and one that was met already when it was announced.

use model::commitment::{Commitment, Verdict};
use model::finding::{Finding, Severity};
use model::observation::Vintage;

use super::Material;
use crate::progress::{comparable_levels, surely_reached};
use crate::scaled::in_full;
use crate::words::{hedged, with_unit};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let commitments = material.facts.commitments.iter().zip(&material.known.progress);
    commitments
        .filter_map(|(commitment, progress)| {
            if let Some(vintage) = known_at_announcement(material, commitment)
                && reached(material, commitment, &vintage)?
            {
                return Some(met_before(material, commitment, &vintage));
            }
            (progress.verdict == Verdict::Met).then(|| {
                Finding::new("target-met", Severity::Note, "commitments", {
                    format!("{} is met: {}", commitment.commitment_id, progress.verdict_reason)
                })
                .id(&commitment.commitment_id)
                .at(material.facts.locate(commitment.cell))
                .claims(
                    material.claim_ids(
                        progress.latest.and_then(|latest| material.observation(latest).best_claim),
                    ),
                )
            })
        })
        .collect()
}

/// What was known of the latest comparable period on the day of the announcement.
fn known_at_announcement(material: &Material, commitment: &Commitment) -> Option<Vintage> {
    let (indicator, promised) = (commitment.indicator?, commitment.promised?);
    let day = commitment.announced_on;
    let (_, levels) =
        comparable_levels(material.facts, material.known, commitment, indicator, promised.unit)?;
    levels
        .iter()
        .filter_map(|&level| {
            let vintages = material.known.vintages_of(level);
            vintages.take_while(|vintage| vintage.realtime_start <= day).last()
        })
        .max_by_key(|vintage| {
            let period = material.observation(vintage.observation).period;
            (period.end, period.start)
        })
}

fn reached(material: &Material, commitment: &Commitment, vintage: &Vintage) -> Option<bool> {
    let better = material.facts.indicators[commitment.indicator? as usize].better;
    let target = model::claim::nearest_float(&commitment.promised?.value);
    Some(surely_reached(&vintage.interval, target, better))
}

fn met_before(material: &Material, commitment: &Commitment, vintage: &Vintage) -> Finding {
    let observation = material.observation(vintage.observation);
    let value = hedged(vintage.comparator, in_full(vintage.value), &vintage.interval);
    let value = with_unit(value, observation.series.unit.code());
    let target = commitment
        .promised
        .map_or_else(String::new, |promised| in_full(model::claim::nearest_float(&promised.value)));
    let message = format!(
        "{} promises what was reached before it was announced on {}: {value} in {}",
        commitment.commitment_id,
        commitment.announced_on,
        observation.period.label(),
    );
    Finding::new("target-met-when-announced", Severity::Warning, "commitments", message)
        .id(&commitment.commitment_id)
        .at(material.facts.locate(commitment.cell))
        .arithmetic(format!("{value}, promised {target}"))
        .claims(material.claim_ids([vintage.best_claim]))
        .hint("see whether the target speaks of the same indicator, places and period")
}
