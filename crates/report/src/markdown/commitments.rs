//! `commitments.md`: what was promised, how far each promise got, its steps, and what the promises
//! add up to.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::commitment::{Commitment, CommitmentKind, Measured, Progress, Status, Verdict};
use model::place::PlaceId;
use model::unit::Unit;

use super::View;
use super::disagreement::findings;
use super::escape::{code, text};
use super::page::Page;
use super::totals;
use crate::{figures, words};

/// Rows of the summary's table.
const MOST_AT_A_GLANCE: usize = 25;
/// Items of the lists of steps, of repeated announcements and of findings.
const MOST_ITEMS: usize = 100;

/// A commitment with its index and its progress.
#[derive(Clone, Copy)]
struct Promise<'a> {
    index: u32,
    commitment: &'a Commitment,
    progress: &'a Progress,
}

impl Promise<'_> {
    fn is_measured(&self) -> bool {
        self.progress.verdict != Verdict::NotMeasurable
    }

    fn has_figure(&self) -> bool {
        self.commitment.promised.is_some() || self.commitment.count.is_some()
    }

    /// Whether this text announces what another has announced before.
    fn is_repeated(&self) -> bool {
        !self.commitment.same_as.is_empty()
    }

    /// Whether it was due before the as-of date, and no source says how it ended.
    fn is_past(&self, view: &View<'_>) -> bool {
        let ended = matches!(
            self.progress.status,
            Some(Status::Met | Status::Missed | Status::Cancelled | Status::Superseded)
        );
        self.is_late(view) && !ended && self.progress.verdict != Verdict::Met
    }

    /// Whether it was due before the as-of date.
    fn is_late(&self, view: &View<'_>) -> bool {
        self.due().zip(view.knowledge.as_of).is_some_and(|(due, as_of)| due < as_of)
    }

    fn due(&self) -> Option<chrono::NaiveDate> {
        self.commitment.deadline.and_then(|deadline| deadline.end)
    }
}

/// All promises, those with the gravest verdict first, then by deadline and id.
fn promises<'a>(view: &View<'a>) -> Vec<Promise<'a>> {
    let all = view.commitments();
    let mut promises: Vec<Promise<'a>> =
        all.map(|(index, commitment, progress)| Promise { index, commitment, progress }).collect();
    promises.sort_by_key(|promise| {
        (gravity(promise.progress.verdict), promise.due().is_none(), promise.due(), promise.index)
    });
    promises
}

fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Overdue => 0,
        Verdict::Behind => 1,
        Verdict::Uncertain => 2,
        Verdict::OnTrack => 3,
        Verdict::NoDeadline => 4,
        Verdict::Met => 5,
        Verdict::NotMeasurable => 6,
    }
}

/// Promises whose date moved, by id, each with its latest announcement that names a date. What announces an
/// announcement again announces the first of them.
fn moved<'a>(all: &[Promise<'a>]) -> BTreeMap<&'a str, Promise<'a>> {
    let by_id: BTreeMap<&str, &Promise<'a>> =
        all.iter().map(|promise| (promise.commitment.commitment_id.as_str(), promise)).collect();
    let mut latest: BTreeMap<&str, Promise<'a>> = BTreeMap::new();
    for again in all.iter().filter(|promise| promise.is_repeated() && promise.due().is_some()) {
        let before = |promise: &&Promise<'a>| by_id.get(promise.commitment.same_as.as_str()).copied();
        // No more steps than there are promises: a ring of announcements has no first.
        let chain = std::iter::successors(before(&again), before).take(all.len());
        let Some(first) = chain.last().filter(|first| !first.is_repeated()) else { continue };
        let stands = latest.entry(&first.commitment.commitment_id).or_insert(*again);
        let order = |promise: &Promise<'_>| (promise.commitment.announced_on, promise.index);
        if order(again) > order(stands) {
            *stands = *again;
        }
    }
    latest.retain(|id, again| by_id.get(id).is_some_and(|first| first.due() != again.due()));
    latest
}

/// The summary's table of promises with a figure or a date, and their verdicts.
pub(crate) fn promises_at_a_glance(page: &mut Page<'_, '_>) {
    let all = promises(page.view);
    let moved = moved(&all);
    let promises: Vec<_> = all.iter().filter(|promise| !promise.is_repeated()).collect();
    if promises.is_empty() {
        return;
    }
    page.section("Promises");
    let tells = |promise: &&&Promise<'_>| promise.has_figure() || promise.commitment.deadline.is_some();
    let headers = ["Promise", "Who", "Promised", "Due", "Status", "Reached", "Verdict"];
    let rows: Vec<Vec<String>> = promises
        .iter()
        .filter(tells)
        .take(MOST_AT_A_GLANCE)
        .map(|promise| {
            let again = moved.get(promise.commitment.commitment_id.as_str());
            let mut row = identity(page, promise, again);
            row.push(reached(page, promise));
            let past = match again {
                _ if !promise.is_past(page.view) => "",
                Some(again) if !again.is_late(page.view) => ", past its first date",
                _ => ", past its date",
            };
            row.push(format!("{}{past}", words::plain(promise.progress.verdict.as_str())));
            row
        })
        .collect();
    if !rows.is_empty() {
        page.table(&headers, &rows);
    }
    let telling = promises.iter().filter(tells).count();
    let more =
        [(telling - rows.len(), ""), (promises.len() - telling, ", which name no figure and no date,")];
    let more = more.iter().filter(|(count, _)| *count > 0);
    let more: Vec<String> = more.map(|&(count, of)| format!("{} more{of}", words::whole(count))).collect();
    let more = if more.is_empty() { "The".to_owned() } else { format!("{} and the", more.join(", ")) };
    page.paragraph(&format!(
        "{more} reasons of the verdicts are in [commitments.md](commitments.md). *Reached* is the latest figure \
         as a share of the promised one; a promise without a linked figure is *not measurable*."
    ));
}

/// The report.
pub(crate) fn write(view: &View<'_>) -> String {
    let mut page = Page::new(view, &format!("Commitments: {}", text(view.settings.title)));
    let all = promises(view);
    if all.is_empty() {
        page.paragraph("No promise is known.");
        return page.finish();
    }
    introduction(&mut page, &all);
    by_kind_and_status(&mut page, &all);
    measured(&mut page, &all);
    overdue(&mut page, &all);
    let rest = || all.iter().filter(|promise| !promise.is_measured());
    let dated = |promise: &&Promise<'_>| promise.commitment.deadline.is_some();
    let with_figure: Vec<_> = rest().filter(|promise| promise.has_figure()).copied().collect();
    let with_date: Vec<_> = rest().filter(|p| !p.has_figure()).filter(dated).copied().collect();
    let bare: Vec<_> = rest().filter(|p| !p.has_figure()).filter(|p| !dated(p)).copied().collect();
    listed(&mut page, "Promises with a figure that nothing measures yet", &with_figure);
    listed(&mut page, "Promises with a date and no figure", &with_date);
    listed(&mut page, "Promises without a figure or a date", &bare);
    steps(&mut page);
    totals::write(&mut page);
    announced_again(&mut page, &all);
    disagreements(&mut page);
    page.finish()
}

fn introduction(page: &mut Page<'_, '_>, all: &[Promise<'_>]) {
    let repeated = all.iter().filter(|promise| promise.is_repeated()).count();
    let as_of = page
        .view
        .knowledge
        .as_of
        .map_or_else(String::new, |day| format!(" Statuses and verdicts are as of {}.", words::day(day)));
    let again = match repeated {
        0 => String::new(),
        1 => ", 1 of them an announcement of a promise made before".to_owned(),
        many => format!(", {} of them announcements of promises made before", words::whole(many)),
    };
    let count = words::count(all.len(), "promise", "promises");
    page.paragraph(&format!("{count} on record{again}.{as_of} A footnote gives phrase, source and cell."));
}

fn by_kind_and_status(page: &mut Page<'_, '_>, all: &[Promise<'_>]) {
    let mut kinds: BTreeMap<CommitmentKind, BTreeMap<Option<Status>, usize>> = BTreeMap::new();
    for promise in all.iter().filter(|promise| !promise.is_repeated()) {
        let statuses = kinds.entry(promise.commitment.kind).or_default();
        *statuses.entry(promise.progress.status).or_default() += 1;
    }
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|(kind, statuses)| {
            let told: Vec<String> = statuses
                .iter()
                .map(|(status, &count)| format!("{} {}", words::whole(count), status_in_words(*status)))
                .collect();
            let kind_in_words = format!("{} – {}", words::capitalised(kind.as_str()), kind.meaning());
            vec![kind_in_words, words::whole(statuses.values().sum()), told.join(", ")]
        })
        .collect();
    page.section("By kind and status");
    page.table(&["Kind", "Promises:", "Status"], &rows);
}

fn measured(page: &mut Page<'_, '_>, all: &[Promise<'_>]) {
    let measured: Vec<_> = all.iter().filter(|promise| promise.is_measured()).collect();
    if measured.is_empty() {
        return;
    }
    page.section("Promises measured");
    page.paragraph(
        "*Reached* is the latest stated figure as a share of the promised one, *needed* the growth a year that \
         would reach it in time, *seen* the latest growth stated \
         of a period as long as the promised one. A span is what the hedges of the sources leave open.",
    );
    let headers = [
        "Promise", "Who", "Promised", "Due", "Status", "Latest", "Reached", "Gap", "Needed", "Seen",
        "Verdict",
    ];
    let most = page.view.settings.most_rows;
    let rows: Vec<Vec<String>> = measured.iter().take(most).map(|p| measured_row(page, p)).collect();
    page.table(&headers, &rows);
    page.cut_at(rows.len(), measured.len(), "commitments.csv");
    let verdicts: Vec<String> = measured.iter().take(most).map(|promise| verdict(promise)).collect();
    page.paragraph("Why each verdict:");
    page.list(&verdicts);
}

fn measured_row(page: &mut Page<'_, '_>, promise: &Promise<'_>) -> Vec<String> {
    let progress = promise.progress;
    let unit = promise.commitment.promised.map_or(Unit::COUNT, |promised| promised.unit);
    let mut row = identity(page, promise, None);
    row.push(latest(page, promise));
    row.push(measure(progress.share_reached.as_ref(), Unit::PERCENT));
    row.push(measure(progress.gap.as_ref(), unit));
    row.push(measure(progress.required_growth.as_ref(), Unit::PERCENT));
    row.push(measure(progress.observed_growth.as_ref(), Unit::PERCENT));
    row.push(words::plain(progress.verdict.as_str()));
    row
}

fn verdict(promise: &Promise<'_>) -> String {
    let title = text(&promise.commitment.title);
    let verdict = words::plain(promise.progress.verdict.as_str());
    let reason = text(&promise.progress.verdict_reason);
    let reason = reason.trim_end_matches('.');
    let projected = match promise.progress.projected {
        Some(day) => {
            format!(" If the growth seen last goes on, it is reached by {}.", words::day(day))
        }
        None => String::new(),
    };
    let reason = if reason.is_empty() { String::new() } else { format!(" – {reason}") };
    format!("**{title}:** {verdict}{reason}.{projected}")
}

fn overdue(page: &mut Page<'_, '_>, all: &[Promise<'_>]) {
    let moved = moved(all);
    let items: Vec<String> = all
        .iter()
        .filter(|promise| promise.is_past(page.view))
        .take(page.view.settings.most_rows)
        .map(|promise| {
            let title = text(&promise.commitment.title);
            let due = due_and_moved(promise, moved.get(promise.commitment.commitment_id.as_str()));
            let status = status_in_words(promise.progress.status);
            let note = page.cite_commitment(promise.index);
            format!("**{title}**{note}: due {due}, last known status: {status}.")
        })
        .collect();
    page.section("Past their date");
    if items.is_empty() {
        page.paragraph("None: no open promise was due before the as-of date.");
        return;
    }
    page.paragraph("Due before the as-of date, and no source says that they were met:");
    page.list(&items);
}

fn listed(page: &mut Page<'_, '_>, title: &str, promises: &[Promise<'_>]) {
    if promises.is_empty() {
        return;
    }
    page.section(title);
    let headers = ["Promise", "Who", "Promised", "Due", "Status", "Kind", "Announced"];
    let rows: Vec<Vec<String>> = promises
        .iter()
        .take(page.view.settings.most_rows)
        .map(|promise| {
            let mut row = identity(page, promise, None);
            let again = if promise.is_repeated() { " (announced again)" } else { "" };
            row.push(format!("{}{again}", promise.commitment.kind));
            row.push(promise.commitment.announced_on.to_string());
            row
        })
        .collect();
    page.table(&headers, &rows);
    page.cut_at(rows.len(), promises.len(), "commitments.csv");
}

/// The cells that every table of promises starts with: title, who, figure, deadline (and the one that it was
/// announced `again` with), status.
fn identity(page: &mut Page<'_, '_>, promise: &Promise<'_>, again: Option<&Promise<'_>>) -> Vec<String> {
    let note = page.cite_commitment(promise.index);
    let commitment = promise.commitment;
    vec![
        format!("{}{note}", text(&commitment.title)),
        who(page.view, commitment),
        promised(commitment),
        due_and_moved(promise, again),
        status_in_words(promise.progress.status),
    ]
}

/// Who promises, and to whom: `Russia to Kyrgyzstan`, `Kazakhstan and Kyrgyzstan`.
fn who(view: &View<'_>, commitment: &Commitment) -> String {
    let names = |places: &[PlaceId]| {
        let names: Vec<String> = places.iter().map(|&place| view.place_name(place)).collect();
        words::list(&names)
    };
    match &commitment.counterparty[..] {
        [] => names(&commitment.party),
        others => format!("{} to {}", names(&commitment.party), names(others)),
    }
}

/// The promised figure and count, hedged: `up to $5 billion`, `$165 million, 36 in number`.
pub(crate) fn promised(commitment: &Commitment) -> String {
    let figure = commitment.promised.map(|promised| {
        let value = model::claim::nearest_float(&promised.value);
        words::hedged(promised.comparator, &figures::amount(value, None, promised.unit))
    });
    let count = commitment.count.map(|count| format!("{} in number", figures::number(count as f64, None)));
    let same = commitment.promised.is_some_and(|promised| promised.unit == Unit::COUNT);
    match (figure, count) {
        (Some(figure), Some(count)) if !same => format!("{figure}, {count}"),
        (Some(figure), _) => figure,
        (None, Some(count)) => count,
        (None, None) => "no figure".to_owned(),
    }
}

fn due(promise: &Promise<'_>) -> String {
    promise.commitment.deadline.as_ref().map_or_else(|| "no date".to_owned(), words::due)
}

/// The deadline, and where it moved to: `first 2028, now 2030`.
fn due_and_moved(promise: &Promise<'_>, again: Option<&Promise<'_>>) -> String {
    match again {
        Some(again) => format!("first {}, now {}", due(promise), due(again)),
        None => due(promise),
    }
}

fn status_in_words(status: Option<Status>) -> String {
    status.map_or_else(|| "not stated".to_owned(), |status| words::plain(status.as_str()))
}

/// The latest stated figure of the series that measures a promise.
fn latest(page: &mut Page<'_, '_>, promise: &Promise<'_>) -> String {
    match promise.progress.latest {
        Some(index) => super::sentence::cited(page, index),
        None => "–".to_owned(),
    }
}

fn reached(page: &mut Page<'_, '_>, promise: &Promise<'_>) -> String {
    match promise.progress.latest {
        Some(index) if promise.progress.share_reached.is_some() => {
            let share = measure(promise.progress.share_reached.as_ref(), Unit::PERCENT);
            format!("{share}{}", page.cite_figure(index))
        }
        _ => "–".to_owned(),
    }
}

/// A measured quantity: its point with the interval behind it, or the interval alone where the point
/// is one of its ends.
pub(crate) fn measure(measured: Option<&Measured>, unit: Unit) -> String {
    let Some(Measured { point, interval }) = measured else { return "–".to_owned() };
    let step = figures::bounds_step(interval);
    let span = figures::span(interval, step, unit);
    let width = interval.upper - interval.lower;
    match point {
        Some(point) if width == 0.0 => figures::amount(*point, None, unit),
        Some(point)
            if width.is_finite()
                && point - interval.lower > width / 10.0
                && interval.upper - point > width / 10.0 =>
        {
            let shown = figures::amount(*point, figures::supported_step(*point, interval), unit);
            format!("{shown} ({span})")
        }
        _ => span,
    }
}

/// The dated steps of each promise, the latest moves first.
fn steps(page: &mut Page<'_, '_>) {
    let view = page.view;
    let mut ladders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (index, event) in (0..).zip(&view.facts.events).filter(|(_, event)| view.is_known(event.source)) {
        ladders.entry(&event.commitment_id).or_default().push(index);
    }
    if ladders.is_empty() {
        return;
    }
    let total = ladders.len();
    let mut ladders: Vec<(&str, Vec<u32>)> = ladders.into_iter().collect();
    let latest = |ladder: &[u32]| ladder.last().map(|&index| view.facts.events[index as usize].on);
    ladders.sort_by_key(|(_, ladder)| Reverse(latest(ladder)));
    ladders.truncate(MOST_ITEMS);
    let items: Vec<String> =
        ladders.into_iter().map(|(id, ladder)| ladder_sentence(page, id, &ladder)).collect();
    page.section("Steps so far");
    page.list(&items);
    page.cut_at(items.len(), total, "commitment_events.csv");
}

fn ladder_sentence(page: &mut Page<'_, '_>, id: &str, ladder: &[u32]) -> String {
    let view = page.view;
    let title = view.commitment_title(id).map_or_else(|| code(id), text);
    let steps: Vec<String> = ladder
        .iter()
        .map(|&index| {
            let event = &view.facts.events[index as usize];
            let note = page.cite_event(index);
            format!("{} {}{note}", words::plain(event.status.as_str()), words::day(event.on))
        })
        .collect();
    format!("**{title}:** {}.", steps.join(" → "))
}

/// Promises that another text announces again, and what drifted.
fn announced_again(page: &mut Page<'_, '_>, all: &[Promise<'_>]) {
    let by_id: BTreeMap<&str, &Promise<'_>> =
        all.iter().map(|promise| (promise.commitment.commitment_id.as_str(), promise)).collect();
    let mut pairs: Vec<(&Promise<'_>, &Promise<'_>)> = all
        .iter()
        .filter_map(|again| Some((*by_id.get(again.commitment.same_as.as_str())?, again)))
        .collect();
    if pairs.is_empty() {
        return;
    }
    pairs.sort_by_key(|(first, again)| (first.index, again.commitment.announced_on, again.index));
    let total = pairs.len();
    let items: Vec<String> = pairs
        .into_iter()
        .take(MOST_ITEMS)
        .map(|(first, again)| {
            let notes = (page.cite_commitment(first.index), page.cite_commitment(again.index));
            let (title, one) = (text(&first.commitment.title), first.commitment.announced_on);
            let drift = drift(first, again);
            format!(
                "**{title}:** announced {}{}, again {}{}: {drift}.",
                words::day(one),
                notes.0,
                words::day(again.commitment.announced_on),
                notes.1
            )
        })
        .collect();
    page.section("Announced again");
    page.list(&items);
    page.cut_at(items.len(), total, "commitments.csv");
}

fn drift(first: &Promise<'_>, again: &Promise<'_>) -> String {
    let mut drifted = Vec::new();
    let (figure, later) = (promised(first.commitment), promised(again.commitment));
    if figure != later {
        drifted.push(format!("first {figure}, then {later}"));
    }
    if first.due() != again.due() {
        drifted.push(format!("first due {}, then {}", due(first), due(again)));
    }
    if drifted.is_empty() { "same figure and date".to_owned() } else { drifted.join("; ") }
}

fn disagreements(page: &mut Page<'_, '_>) {
    let on_promises = |finding: &model::finding::Finding, _| {
        ["commitments", "commitment_events", "events"].contains(&finding.table)
    };
    let found = findings(page, on_promises, MOST_ITEMS);
    if found.shown.is_empty() {
        return;
    }
    page.section("What stands out");
    page.list(&found.shown);
    page.cut_at(found.shown.len(), found.shown.len() + found.more, "findings.csv");
}
