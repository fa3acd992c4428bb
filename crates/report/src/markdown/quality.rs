//! `quality.md`: how far the phrases were checked, which figures of the texts no row uses, what
//! contradicts, what was inferred, and how much is known of each topic.

use std::collections::BTreeMap;

use model::claim::EvidenceStatus;
use model::finding::{Finding, Severity};
use model::period::Precision;

use super::disagreement::{conflicts, in_plain_words};
use super::escape::{code, text};
use super::page::Page;
use super::series::{Tally, foremost};
use super::topic::heading;
use super::{Coverage, View};
use crate::words;

/// Items of the list of inferred periods.
const MOST_INFERRED: usize = 50;

/// The report.
pub(crate) fn write(view: &View<'_>) -> String {
    let mut page = Page::new(view, &format!("Quality of the material: {}", text(view.settings.title)));
    page.list(&in_five_lines(view));
    evidence(&mut page);
    sources(&mut page);
    topics(&mut page);
    disputed(&mut page);
    found(&mut page);
    inferred(&mut page);
    page.finish()
}

/// The quality of the material in five lines: sources, evidence, coverage, agreement, inference.
pub(crate) fn in_five_lines(view: &View<'_>) -> Vec<String> {
    vec![
        sources_line(view),
        evidence_line(view),
        coverage_line(view),
        agreement_line(view),
        inference_line(view),
    ]
}

fn sources_line(view: &View<'_>) -> String {
    let known: Vec<_> = (0..).zip(&view.facts.sources).filter(|(index, _)| view.is_known(*index)).collect();
    if known.is_empty() {
        return "**Sources:** none.".to_owned();
    }
    let mut kinds = BTreeMap::new();
    for (_, source) in &known {
        *kinds.entry(source.kind).or_insert(0) += 1;
    }
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(kind, count)| format!("{} {}", words::whole(count), words::plain(kind.as_str())))
        .collect();
    let days = || known.iter().map(|(_, source)| source.published_on);
    let span = match (days().min(), days().max()) {
        (Some(first), Some(last)) if first != last => {
            format!(", published from {} to {}", words::day(first), words::day(last))
        }
        (Some(day), _) => format!(", published on {}", words::day(day)),
        _ => String::new(),
    };
    format!("**Sources:** {} ({}){span}.", words::whole(known.len()), words::list(&kinds))
}

/// Rows by the state of their evidence.
#[derive(Default)]
struct States([usize; 4]);

impl States {
    fn of(states: impl Iterator<Item = EvidenceStatus>) -> Self {
        let mut counts = Self::default();
        for state in states {
            counts.0[state as usize] += 1;
        }
        counts
    }

    fn total(&self) -> usize {
        self.0.iter().sum()
    }

    fn count(&self, state: EvidenceStatus) -> usize {
        self.0[state as usize]
    }
}

fn evidence_states(view: &View<'_>) -> [(&'static str, States); 3] {
    let claims = &view.facts.claims;
    let known_claims = claims.source.iter().zip(&claims.evidence_status);
    let claims = known_claims.filter(|(source, _)| view.is_known(**source)).map(|(_, &state)| state);
    let commitments = view.commitments().map(|(_, commitment, _)| commitment.evidence_status);
    let events = view.facts.events.iter().filter(|event| view.is_known(event.source));
    [
        ("Figures", States::of(claims)),
        ("Promises", States::of(commitments)),
        ("Steps of promises", States::of(events.map(|event| event.evidence_status))),
    ]
}

fn evidence_line(view: &View<'_>) -> String {
    let states = evidence_states(view);
    let verified: usize = states.iter().map(|(_, states)| states.count(EvidenceStatus::Verified)).sum();
    let total: usize = states.iter().map(|(_, states)| states.total()).sum();
    let (verified, total) = (words::whole(verified), words::whole(total));
    format!(
        "**Evidence:** {verified} of {total} phrases were found in the texts and agree with the figures and promises \
         that rest on them."
    )
}

fn coverage_line(view: &View<'_>) -> String {
    let sum = |part: fn(&Coverage) -> usize| known_coverage(view).map(part).sum::<usize>();
    if known_coverage(view).next().is_none() {
        return "**Coverage:** not known: no text was read.".to_owned();
    }
    let texts = words::count(known_coverage(view).count(), "text holds", "texts hold");
    let (figures, uncovered) = (sum(|c| c.figures), sum(|c| c.uncovered));
    let left = match uncovered {
        0 => "every one is used".to_owned(),
        1 => "1 is not used by any row".to_owned(),
        many => format!("{} are not used by any row", words::whole(many)),
    };
    format!("**Coverage:** {texts} {}; {left}.", words::count(figures, "figure", "figures"))
}

fn known_coverage<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Coverage> {
    view.coverage.iter().filter(|coverage| view.is_known(coverage.source))
}

fn agreement_line(view: &View<'_>) -> String {
    let mut all = Tally::default();
    view.series.tallies().iter().for_each(|tally| all.merge(tally));
    let conflict = match all.disputed {
        0 => "none is in conflict".to_owned(),
        1 => "1 is in conflict".to_owned(),
        many => format!("{} are in conflict", words::whole(many)),
    };
    format!(
        "**Agreement:** of {}, {conflict} and {} on one witness alone; {} by arithmetic.",
        words::count(all.stated, "stated value", "stated values"),
        words::count(all.alone, "rests", "rest"),
        words::count(all.derived, "more follows", "more follow"),
    )
}

fn inference_line(view: &View<'_>) -> String {
    let periods = inferred_claims(view).count();
    let imprecise = |(index, source): &(u32, &model::source::Source)| {
        view.is_known(*index) && source.date_precision != Precision::Day
    };
    let dates = (0..).zip(&view.facts.sources).filter(imprecise).count();
    let count = |severity| view.findings.iter().filter(|finding| finding.severity == severity).count();
    format!(
        "**Inferred and noted:** {} of figures and {} of sources were inferred or are imprecise; {}, {}.",
        words::count(periods, "period", "periods"),
        words::count(dates, "date", "dates"),
        words::count(count(Severity::Warning), "warning", "warnings"),
        words::count(count(Severity::Note), "note", "notes"),
    )
}

/// Claims whose period the curator inferred.
fn inferred_claims<'a>(view: &View<'a>) -> impl Iterator<Item = u32> {
    let claims = &view.facts.claims;
    let inferred: Vec<bool> =
        claims.periods.iter().map(|period| period.precision == Precision::Inferred).collect();
    let known: Vec<bool> = (0..view.facts.sources.len() as u32).map(|source| view.is_known(source)).collect();
    (0..).zip(claims.period.iter().zip(&claims.source)).filter_map(move |(index, (&period, &source))| {
        let shown = inferred.get(period as usize).copied().unwrap_or(false) && known[source as usize];
        shown.then_some(index)
    })
}

fn evidence(page: &mut Page<'_, '_>) {
    page.section("Evidence");
    page.paragraph(
        "Each row carries the phrase of its source. *Verified* means that the phrase was found in the text and that \
         the figure read from it agrees.",
    );
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (name, states) in evidence_states(page.view) {
        let counts = EvidenceStatus::ALL.iter().map(|&state| words::whole(states.count(state)));
        rows.push([name.to_owned(), words::whole(states.total())].into_iter().chain(counts).collect());
    }
    let states = EvidenceStatus::WORDS.iter().map(|word| format!("{}:", words::capitalised(word)));
    let headers: Vec<String> = ["Rows".to_owned(), "All:".to_owned()].into_iter().chain(states).collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    page.table(&headers, &rows);
}

fn sources(page: &mut Page<'_, '_>) {
    let view = page.view;
    page.section("Sources and coverage");
    page.paragraph(
        "*Figures in the text* are numbers that the program reads in it; *not used* are those that no row rests on \
         – dates of meetings, ages and the like among them. `pipeline check --uncovered` lists them.",
    );
    let mut claims = vec![0usize; view.facts.sources.len()];
    for &source in &view.facts.claims.source {
        claims[source as usize] += 1;
    }
    let mut covered: Vec<Option<&Coverage>> = vec![None; view.facts.sources.len()];
    for coverage in view.coverage {
        if let Some(slot) = covered.get_mut(coverage.source as usize) {
            *slot = Some(coverage);
        }
    }
    let known: Vec<_> =
        (0u32..).zip(&view.facts.sources).filter(|(index, _)| view.is_known(*index)).collect();
    let rows: Vec<Vec<String>> = known
        .iter()
        .take(view.settings.most_rows)
        .map(|&(index, source)| {
            let count = |part: fn(&Coverage) -> usize| {
                covered[index as usize].map_or_else(|| "–".to_owned(), |c| words::whole(part(c)))
            };
            vec![
                code(&source.source_id),
                text(&source.publisher),
                words::date(source.published_on, source.date_precision),
                words::plain(source.kind.as_str()),
                words::whole(claims[index as usize]),
                count(|c| c.figures),
                count(|c| c.claimed),
                count(|c| c.uncovered),
            ]
        })
        .collect();
    let headers =
        ["Source", "Publisher", "Published", "Kind", "Claims:", "Figures in the text:", "Used:", "Not used:"];
    page.table(&headers, &rows);
    page.cut_at(rows.len(), known.len(), "sources.csv");
}

fn topics(page: &mut Page<'_, '_>) {
    let view = page.view;
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (indicator, tally) in view.facts.indicators.iter().zip(view.series.tallies()) {
        if tally.series > 0 {
            tallies.entry(&indicator.topic).or_default().merge(tally);
        }
    }
    let rows: Vec<Vec<String>> = tallies
        .into_iter()
        .map(|(topic, tally)| {
            let counts = [tally.series, tally.stated, tally.derived, tally.disputed, tally.alone];
            std::iter::once(heading(topic)).chain(counts.map(words::whole)).collect()
        })
        .collect();
    page.section("What is known of each topic");
    page.table(&["Topic", "Series:", "Stated:", "Derived:", "In conflict:", "One witness:"], &rows);
}

fn disputed(page: &mut Page<'_, '_>) {
    page.section("Conflicts");
    let most = page.view.settings.most_rows;
    let items = conflicts(page, |_| true, most);
    if items.shown.is_empty() {
        page.paragraph("None: no two figures contradict each other.");
        return;
    }
    page.list(&items.shown);
    page.cut_at(items.shown.len(), items.shown.len() + items.more, "conflicts.csv");
}

fn found(page: &mut Page<'_, '_>) {
    let view = page.view;
    page.section("Findings");
    let order = |a: &&Finding, b: &&Finding| {
        (a.severity, a.code, &a.id, &a.message).cmp(&(b.severity, b.code, &b.id, &b.message))
    };
    let (gravest, total) = foremost(view.findings.iter().copied(), view.settings.most_rows, order);
    if total == 0 {
        page.paragraph("None.");
        return;
    }
    let rows: Vec<Vec<String>> = gravest.into_iter().map(|finding| finding_row(page, finding)).collect();
    page.table(&["Severity", "Code", "What", "Arithmetic", "Where"], &rows);
    page.cut_at(rows.len(), total, "findings.csv");
}

fn finding_row(page: &mut Page<'_, '_>, finding: &Finding) -> Vec<String> {
    let notes = page.cite_claim_ids(&finding.claims, 4);
    let place = match &finding.location {
        Some(location) => code(&location.to_string()),
        None if finding.id.is_empty() => finding.table.to_owned(),
        None => code(&finding.id),
    };
    vec![
        finding.severity.as_str().to_owned(),
        format!("`{}`", finding.code),
        format!("{}{notes}", words::capitalised_first(&in_plain_words(page.view, finding))),
        text(&finding.arithmetic),
        place,
    ]
}

fn inferred(page: &mut Page<'_, '_>) {
    let view = page.view;
    page.section("Inferred dates and periods");
    let imprecise = |(index, source): &(u32, &model::source::Source)| {
        view.is_known(*index) && source.date_precision != Precision::Day
    };
    let sources: Vec<_> = (0..).zip(&view.facts.sources).filter(imprecise).collect();
    let mut items: Vec<String> = sources
        .iter()
        .take(MOST_INFERRED)
        .map(|(_, source)| {
            let date = words::date(source.published_on, source.date_precision);
            let note =
                if source.note.is_empty() { String::new() } else { format!(" – {}", text(&source.note)) };
            format!("Source {}: {date}{note}", code(&source.source_id))
        })
        .collect();
    let claims: Vec<u32> = inferred_claims(view).take(MOST_INFERRED).collect();
    for claim in claims {
        let (index, facts) = (claim as usize, view.facts);
        let note = match text(facts.claims.note.get(index)) {
            none if none.is_empty() => none,
            note => format!(" – {note}"),
        };
        let (id, period) = (facts.claims.claim_id.get(index), words::period(facts.claims.period_of(index)));
        items.push(format!("Figure {}: period {period}{}{note}", code(id), page.cite_claim(claim)));
    }
    if items.is_empty() {
        page.paragraph("None.");
    }
    let total = sources.len() + inferred_claims(view).count();
    page.list(&items);
    page.cut_at(items.len(), total, "claims.csv");
}
