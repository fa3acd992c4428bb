//! What is known, one line each, as the case files write it.

use model::facts::{Facts, Knowledge};
use model::observation::{Formula, Interval, Observation, Vintage};

/// Every line that a case may expect: observations, conflicts, vintages, progress, totals, findings.
pub(crate) fn lines(facts: &Facts, known: &Knowledge) -> Vec<String> {
    let claim = |claim: u32| facts.claims.claim_id.get(claim as usize);
    let mut lines = Vec::new();
    for observation in known.observations.iter() {
        lines.push(observation_line(facts, known, &observation));
    }
    for conflict in &known.conflicts {
        let id = id(facts, &known.observations.get(conflict.observation));
        let (a, b) = (claim(conflict.claim_a), claim(conflict.claim_b));
        lines.push(format!("conflict {id} {a} {b} {} {} %", conflict.gap, short(conflict.gap_percent)));
    }
    for vintage in vintages(known) {
        let id = id(facts, &known.observations.get(vintage.observation));
        let end = vintage.realtime_end.map_or_else(String::new, |day| day.to_string());
        let (best, value) = (claim(vintage.best_claim), figure(vintage.comparator.as_str(), vintage.value));
        let interval = interval(&vintage.interval);
        lines.push(format!("vintage {id} {value} {interval} {best} {}..{end}", vintage.realtime_start));
    }
    progress(facts, known, &mut lines);
    totals(facts, known, &mut lines);
    for finding in &known.findings {
        let (code, id, arithmetic) = (finding.code, &finding.id, &finding.arithmetic);
        lines.push(format!("{} {code} {id}: {arithmetic}", finding.severity));
    }
    lines
}

/// All vintages, by observation and day.
pub(crate) fn vintages(known: &Knowledge) -> impl Iterator<Item = Vintage> {
    (0..known.observations.len() as u32).flat_map(|observation| known.vintages_of(observation))
}

pub(crate) fn id(facts: &Facts, observation: &Observation) -> String {
    format!("{}:{}", facts.series_id(&observation.series), observation.period.label())
}

fn observation_line(facts: &Facts, known: &Knowledge, observation: &Observation) -> String {
    let claims: Vec<&str> =
        known.claims_of(observation).iter().map(|&claim| facts.claims.claim_id.get(claim as usize)).collect();
    let how = match (&observation.formula, observation.reason) {
        (Some(Formula::BaseFromGrowth { .. }), _) => "base_from_growth".to_owned(),
        (Some(Formula::LevelFromGrowth { .. }), _) => "level_from_growth".to_owned(),
        (Some(Formula::GrowthFromLevels { .. }), _) => "growth_from_levels".to_owned(),
        (None, Some(reason)) => reason.to_string(),
        (None, None) => "undecided".to_owned(),
    };
    let conflict = if observation.conflict { " conflict" } else { "" };
    format!(
        "observation {} {} {} {} {} {how}{conflict}",
        id(facts, observation),
        figure(observation.comparator.as_str(), observation.value),
        interval(&observation.interval),
        claims.join(";"),
        observation.witnesses,
    )
}

fn progress(facts: &Facts, known: &Knowledge, lines: &mut Vec<String>) {
    for (commitment, progress) in facts.commitments.iter().zip(&known.progress) {
        let mut line = format!("progress {} {}", commitment.commitment_id, progress.verdict);
        if let Some(status) = progress.status {
            line += &format!(" {status}");
        }
        if let Some(latest) = progress.latest {
            line += &format!(" latest={}", known.observations.get(latest).period.label());
        }
        let measures = [
            ("share", &progress.share_reached),
            ("gap", &progress.gap),
            ("required", &progress.required_growth),
            ("observed", &progress.observed_growth),
        ];
        for (name, measured) in measures {
            if let Some(measured) = measured {
                let point = measured.point.map_or_else(|| "-".to_owned(), short);
                line += &format!(" {name}={point}{}", interval_short(&measured.interval));
            }
        }
        if let Some(day) = progress.projected {
            line += &format!(" projected={day}");
        }
        lines.push(line);
        lines.push(format!("because {}: {}", commitment.commitment_id, progress.verdict_reason));
    }
}

fn totals(facts: &Facts, known: &Knowledge, lines: &mut Vec<String>) {
    for total in &known.totals {
        let ids = |indices: &[u32]| -> String {
            let ids = indices.iter().map(|&index| facts.commitments[index as usize].commitment_id.as_str());
            ids.collect::<Vec<_>>().join(";")
        };
        let converted = total.converted.map_or_else(|| "-".to_owned(), |sum| sum.normalize().to_string());
        lines.push(format!(
            "total {}={} {} {} of [{}] without [{}] in dollars {converted}",
            total.grouping,
            total.group,
            total.amount.normalize(),
            total.currency,
            ids(&total.commitments),
            ids(&total.left_out),
        ));
    }
}

fn figure(comparator: &str, value: f64) -> String {
    if value.is_nan() { comparator.to_owned() } else { format!("{comparator}{value}") }
}

fn interval(interval: &Interval) -> String {
    bounds(interval, |bound| bound.to_string())
}

fn interval_short(interval: &Interval) -> String {
    bounds(interval, short)
}

fn bounds(interval: &Interval, number: impl Fn(f64) -> String) -> String {
    let lower = match interval.lower {
        f64::NEG_INFINITY => "(..".to_owned(),
        bound if interval.lower_open => format!("({}", number(bound)),
        bound => format!("[{}", number(bound)),
    };
    let upper = match interval.upper {
        f64::INFINITY => "..)".to_owned(),
        bound if interval.upper_open => format!("{})", number(bound)),
        bound => format!("{}]", number(bound)),
    };
    format!("{lower},{upper}")
}

/// Three decimals, as the worked examples are written.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
