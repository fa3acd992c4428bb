//! An actual figure published before its period began, or before it ended: it cannot have been counted.
//!
//! A stock is compared with the start of its period, for "as of November" may be said in November. An
//! estimate or a forecast may be early.

use chrono::NaiveDate;
use model::claim::{ClaimKind, Rank};
use model::finding::{Finding, Severity};
use model::period::{Period, Role};
use rayon::prelude::*;

use super::{Material, TOLD, tell};

pub(super) fn check(material: &Material) -> Vec<Finding> {
    let claims = &material.facts.claims;
    let found: Vec<(u32, Severity)> = (0..claims.len())
        .into_par_iter()
        .filter(|&claim| claims.kind[claim] == ClaimKind::Actual && claims.rank[claim] != Rank::Deprecated)
        .filter_map(|claim| {
            let published = material.facts.sources[claims.source[claim] as usize].published_on;
            Some((claim as u32, severity(published, claims.period_of(claim))?))
        })
        .collect();
    let (before_start, before_end): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(_, severity)| *severity == Severity::Warning);
    let finding = |&(claim, severity): &(u32, Severity)| finding(material, claim, severity);
    let mut findings = tell(before_start, TOLD, BEFORE_START, "claims", finding);
    findings.extend(tell(before_end, TOLD, BEFORE_END, "claims", finding));
    findings
}

const BEFORE_START: &str = "claim-before-period";
const BEFORE_END: &str = "claim-before-period-end";

fn severity(published: NaiveDate, period: &Period) -> Option<Severity> {
    if period.start.is_some_and(|start| published < start) {
        Some(Severity::Warning)
    } else if period.role == Role::During && period.end.is_some_and(|end| published < end) {
        Some(Severity::Note)
    } else {
        None
    }
}

fn finding(material: &Material, claim: u32, severity: Severity) -> Finding {
    let claims = &material.facts.claims;
    let source = &material.facts.sources[claims.source[claim as usize] as usize];
    let period = claims.period_of(claim as usize);
    let published = source.published_on;
    let (code, message, bound) = match severity {
        Severity::Note => (BEFORE_END, "before the period was over", period.end),
        _ => (BEFORE_START, "before the period began", period.start),
    };
    let message = format!(
        "{} of {} is stated as actual by {}, {message}",
        material.stated(claim),
        period.label(),
        source.source_id,
    );
    let day = bound.map_or_else(String::new, |day| day.to_string());
    Finding::new(code, severity, "claims", message)
        .id(material.claim_id(claim))
        .at(material.claim_cell(claim))
        .arithmetic(format!("published {published} < {day}"))
        .claims(material.claim_ids([claim]))
        .hint("see whether the figure is an estimate or a forecast, or of an earlier period")
}
