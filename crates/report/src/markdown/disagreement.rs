//! What disagrees and what changed: claims that cannot both be true, what the whole shows, and how
//! newer publications moved what was known.

use std::cmp::Ordering;

use model::claim::ABSENT;
use model::finding::{Finding, Severity};
use model::observation::{Conflict, Observation, Reason, Vintage};

use super::View;
use super::escape::{code, text};
use super::page::Page;
use super::series::foremost;
use crate::{figures, words};

/// Footnotes behind one finding.
const NOTES_A_FINDING: usize = 4;

/// The code of findings that say of a conflict less than the conflict itself.
const CLAIMS_CONFLICT: &str = "claims-conflict";

/// List items, and how many more there are than the list holds.
pub(crate) struct Items {
    pub(crate) shown: Vec<String>,
    pub(crate) more: usize,
}

/// Conflicts between claims, the widest gaps first, on the observations that `on` keeps.
pub(crate) fn conflicts(page: &mut Page<'_, '_>, on: impl Fn(u32) -> bool, most: usize) -> Items {
    let view = page.view;
    let kept = view.knowledge.conflicts.iter().filter(|c| on(c.observation));
    let (widest, count) = foremost(kept, most, |a, b| by_gap(a, b));
    let shown: Vec<String> = widest.into_iter().map(|conflict| conflict_sentence(page, conflict)).collect();
    let more = count - shown.len();
    Items { shown, more }
}

/// The wider gap first; a gap that is no share of anything last.
fn by_gap(a: &Conflict, b: &Conflict) -> Ordering {
    let share = |conflict: &Conflict| {
        let percent = conflict.gap_percent.abs();
        if percent.is_nan() { f64::NEG_INFINITY } else { percent }
    };
    share(b).total_cmp(&share(a))
}

/// Findings of the whole that `on` keeps, by the indicator that they speak of, if any, gravest first; those that tell of a conflict are left out,
/// for the conflict tells more.
pub(crate) fn findings(
    page: &mut Page<'_, '_>,
    on: impl Fn(&Finding, Option<u32>) -> bool,
    most: usize,
) -> Items {
    let view = page.view;
    let all = view.knowledge.findings.iter().zip(&view.spoken_of);
    let kept = all.filter(|&(f, &of)| f.code != CLAIMS_CONFLICT && on(f, of)).map(|(f, _)| f);
    let (gravest, count) = foremost(kept, most, |a, b| a.severity.cmp(&b.severity));
    let shown: Vec<String> = gravest.into_iter().map(|finding| finding_sentence(page, finding)).collect();
    let more = count - shown.len();
    Items { shown, more }
}

/// Whether a finding sets claims against each other, and does not speak of one figure or promise alone.
pub(crate) fn compares_claims(finding: &Finding) -> bool {
    finding.claims.len() > 1
}

/// One conflict: the two figures with their sources, the gap, which one stands and why.
fn conflict_sentence(page: &mut Page<'_, '_>, conflict: &Conflict) -> String {
    let view = page.view;
    let observation = &view.observation(conflict.observation);
    let best = observation.best_claim;
    let (first, second) = match best {
        Some(best) if best == conflict.claim_b => (conflict.claim_b, conflict.claim_a),
        _ => (conflict.claim_a, conflict.claim_b),
    };
    let side = |page: &mut Page<'_, '_>, claim: u32| {
        format!("{} says {}{}", publisher(view, claim), view.claim_figure(claim), page.cite_claim(claim))
    };
    let (one, other) = (side(page, first), side(page, second));
    let subject = view.subject_of(observation);
    let when = view.when(observation);
    let gap = gap(view, conflict);
    let preferred = match best {
        Some(best) if best == first => {
            format!("The report takes {}: {}.", view.claim_figure(best), reason(view, observation, second))
        }
        Some(best) => {
            let note = page.cite_claim(best);
            let why = reason(view, observation, second);
            format!("The report takes {}{note}: {why}.", view.claim_figure(best))
        }
        None => String::new(),
    };
    format!("**{subject}, {when}:** {one}, {other}: {gap}. {preferred}")
}

/// How far two claims are apart: `at least 300 (43 %) apart`.
fn gap(view: &View<'_>, conflict: &Conflict) -> String {
    let figure = &view.facts.claims.figure;
    let exact = |claim: u32| figure.lower[claim as usize] == figure.upper[claim as usize];
    if conflict.gap == 0.0 {
        return "they touch without meeting".to_owned();
    }
    let (size, unit) = (conflict.gap.abs(), view.observation(conflict.observation).series.unit);
    let percent = conflict.gap_percent.abs();
    let (amount, share) = if exact(conflict.claim_a) && exact(conflict.claim_b) {
        (figures::amount(size, None, unit), figures::amount(percent, two_digits(percent), PERCENT))
    } else {
        let amount = figures::at_least(size, 3, unit);
        (format!("at least {amount}"), figures::at_least(percent, 2, PERCENT))
    };
    if percent.is_finite() { format!("{amount} ({share}) apart") } else { format!("{amount} apart") }
}

/// The step that leaves a number two digits: enough to say how far two figures are apart.
fn two_digits(value: f64) -> Option<f64> {
    let size = value.abs();
    (size > 0.0 && size.is_finite()).then(|| 10f64.powf(size.log10().floor() - 1.0))
}

const PERCENT: model::unit::Unit = model::unit::Unit::PERCENT;

/// Why the best claim stands against `other`.
fn reason(view: &View<'_>, observation: &Observation, other: u32) -> String {
    let (Some(best), Some(reason)) = (observation.best_claim, observation.reason) else {
        return "it follows from other figures".to_owned();
    };
    let claims = &view.facts.claims;
    let source = |claim: u32| &view.facts.sources[claims.source[claim as usize] as usize];
    let kind = |claim: u32| source(claim).kind.meaning();
    match reason {
        Reason::Only => "no other claim is left".to_owned(),
        Reason::Rank => match claims.rank_reason[best as usize] {
            ABSENT => "the curator prefers it".to_owned(),
            word => format!("the curator prefers it ({})", text(claims.words.get(word))),
        },
        Reason::Interval => "its words leave the least open".to_owned(),
        Reason::Authority if kind(best) != kind(other) => {
            format!("{} outweighs {}", kind(best), kind(other))
        }
        Reason::Authority => "its kind of source outweighs the others".to_owned(),
        Reason::Published => {
            let date = words::date(source(best).published_on, source(best).date_precision);
            format!("it was published later, {date}")
        }
        Reason::Id => "nothing tells the two apart, so the first id stands".to_owned(),
    }
}

fn publisher(view: &View<'_>, claim: u32) -> String {
    let source = view.facts.claims.source[claim as usize];
    text(&view.facts.sources[source as usize].publisher)
}

/// One finding: its message, the arithmetic, and the claims it rests on.
pub(crate) fn finding_sentence(page: &mut Page<'_, '_>, finding: &Finding) -> String {
    let grave = match finding.severity {
        Severity::Error => "**Error:** ",
        Severity::Warning => "",
        Severity::Note => "*Note:* ",
    };
    let message = in_plain_words(page.view, finding);
    let message = words::capitalised_first(message.trim_end_matches('.'));
    let arithmetic = match text(&finding.arithmetic) {
        none if none.is_empty() => none,
        arithmetic => format!(" ({arithmetic})"),
    };
    let notes = page.cite_claim_ids(&finding.claims, NOTES_A_FINDING);
    let place = match (&finding.location, notes.is_empty()) {
        (Some(location), true) => format!(" Cell {}.", code(&location.to_string())),
        _ => String::new(),
    };
    format!("{grave}{message}{arithmetic}{notes}.{place}")
}

/// The message of a finding with the labels of series and the titles of promises in place of ids.
pub(crate) fn in_plain_words(view: &View<'_>, finding: &Finding) -> String {
    let on_promise = finding.table == "commitments";
    let words: Vec<String> = finding
        .message
        .split_whitespace()
        .map(|word| {
            let bare = word.trim_end_matches([':', ',', '.', ';', ')']);
            let tail = &word[bare.len()..];
            let title = if on_promise { view.commitment_title(bare) } else { None };
            match (title, view.series_in_words(bare)) {
                (Some(title), _) => format!("“{}”{tail}", text(title)),
                (None, Some(series)) if tail == ":" => format!("**{series}:**"),
                (None, Some(series)) => format!("{series}{tail}"),
                (None, None) => text(word),
            }
        })
        .collect();
    words.join(" ")
}

/// What newer publications changed: observations that had more than one value, latest change first.
pub(crate) fn revisions(page: &mut Page<'_, '_>, on: impl Fn(u32) -> bool, most: usize) -> Items {
    let view = page.view;
    let vintages = &view.knowledge.vintages;
    let revised =
        vintages.earlier.chunk_by(|a, b| a.observation == b.observation).map(|run| run[0].observation);
    let since = |observation: &u32| vintages.since[*observation as usize];
    let (latest, count) =
        foremost(revised.filter(|&observation| on(observation)), most, |a, b| since(b).cmp(&since(a)));
    let shown: Vec<String> =
        latest.into_iter().map(|observation| revision_sentence(page, observation)).collect();
    let more = count - shown.len();
    Items { shown, more }
}

/// The values of one observation as publications came in, and whether the latest agrees with the first.
fn revision_sentence(page: &mut Page<'_, '_>, observation: u32) -> String {
    let view = page.view;
    let run: Vec<Vintage> = view.knowledge.vintages_of(observation).collect();
    let observation = &view.observation(observation);
    let values: Vec<String> = run
        .iter()
        .rev()
        .take(MOST_VINTAGES)
        .rev()
        .map(|vintage| {
            let figure = view.claim_figure(vintage.best_claim);
            let since = words::day(vintage.realtime_start);
            format!("{figure}, published {since}{}", page.cite_claim(vintage.best_claim))
        })
        .collect();
    let skipped = run.len() - values.len();
    let skipped = if skipped > 0 {
        format!("({} before) ", words::count(skipped, "value", "values"))
    } else {
        String::new()
    };
    let subject = view.subject_of(observation);
    let when = words::when(&observation.period);
    format!("**{subject}, {when}:** {skipped}{}. {}", values.join(" → "), revision(&run))
}

/// Values of one observation that a sentence tells.
const MOST_VINTAGES: usize = 4;

/// What the step from the first value to the latest means.
fn revision(run: &[Vintage]) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    let (a, b) = (&first.interval, &last.interval);
    if (a.lower, a.upper, a.lower_open, a.upper_open) == (b.lower, b.upper, b.lower_open, b.upper_open) {
        return "The interval is the same; another source now stands for it.".to_owned();
    }
    if b.lower >= a.lower && b.upper <= a.upper {
        return "The newer figure lies within what was known, and is more exact.".to_owned();
    }
    if b.lower > a.upper || b.upper < a.lower {
        let change = (last.value / first.value - 1.0) * 100.0;
        let size = figures::amount(change.abs(), two_digits(change), PERCENT);
        let direction = if change < 0.0 { "down" } else { "up" };
        return if change.is_finite() {
            format!("The newer figure contradicts the older: a revision {direction} by {size}.")
        } else {
            "The newer figure contradicts the older.".to_owned()
        };
    }
    "The two overlap.".to_owned()
}
