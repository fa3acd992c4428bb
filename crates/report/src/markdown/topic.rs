//! The report of a topic: its headlines, its table of figures, what disagrees, and what newer
//! publications changed.

use model::observation::Observation;
use model::period::Precision;

use super::View;
use super::disagreement::{Items, compares_claims, conflicts, findings, revisions};
use super::escape::text;
use super::page::Page;
use super::sentence::headline_sentence;
use super::series::{Series, leading};
use crate::{figures, words};

/// The topic of `trade.md`; the table of the same name holds it.
pub(crate) const TRADE: &str = "trade";
/// The topic of `investment.md`; the table of the same name holds it.
pub(crate) const INVESTMENT: &str = "investment";

/// Headlines of one topic.
const MOST_HEADLINES: usize = 12;
/// Items of the lists of disagreements and of revisions.
const MOST_ITEMS: usize = 50;
/// Footnotes behind one row of a table.
const NOTES_A_ROW: usize = 4;

/// The report of one topic.
pub(crate) fn write(view: &View<'_>, topic: &str) -> String {
    let mut page = Page::new(view, &format!("{}: {}", words::capitalised(topic), text(view.settings.title)));
    let csv = format!("{topic}.csv");
    introduction(&mut page);
    if count_rows(view, |series| topic_of(view, series) == topic) == 0 {
        page.paragraph("No figure is known.");
        return page.finish();
    }
    page.section("Headlines");
    headlines(&mut page, topic);
    page.section("Figures");
    figures_table(&mut page, |series| topic_of(view, series) == topic, view.settings.most_rows, &csv);
    reading_the_table(&mut page);
    closing(&mut page, |name| name == topic);
    page.finish()
}

/// The report of all topics but trade and investment, a section each.
pub(crate) fn cooperation(view: &View<'_>) -> String {
    let mut page = Page::new(view, &format!("Cooperation: {}", text(view.settings.title)));
    introduction(&mut page);
    let topics: Vec<&str> = other_topics(view);
    let mut left = view.settings.most_rows;
    for &topic in &topics {
        page.section(&heading(topic));
        headlines(&mut page, topic);
        let of_topic = |series: &Series| topic_of(view, series) == topic;
        left -= figures_table(&mut page, of_topic, left, "cooperation.csv");
    }
    if topics.is_empty() {
        page.paragraph("No figure is known.");
        return page.finish();
    }
    reading_the_table(&mut page);
    closing(&mut page, |name| name != TRADE && name != INVESTMENT);
    page.finish()
}

/// The topics with observations besides trade and investment, by name.
pub(crate) fn other_topics<'a>(view: &View<'a>) -> Vec<&'a str> {
    let mut indicators: Vec<u32> = view.series.iter().map(|series| series.indicator).collect();
    indicators.dedup();
    let topics = indicators.into_iter().map(|index| view.facts.indicators[index as usize].topic.as_str());
    let mut topics: Vec<&str> = topics.filter(|&topic| topic != TRADE && topic != INVESTMENT).collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// The topic of a series.
pub(crate) fn topic_of<'a>(view: &View<'a>, series: &Series) -> &'a str {
    &view.facts.indicators[series.indicator as usize].topic
}

/// A topic as a heading; a topic without a name is "Other".
pub(crate) fn heading(topic: &str) -> String {
    if topic.is_empty() { "Other".to_owned() } else { text(&words::capitalised(topic)) }
}

fn introduction(page: &mut Page<'_, '_>) {
    let Some(as_of) = page.view.knowledge.as_of else {
        page.paragraph("No source is known.");
        return;
    };
    page.paragraph(&format!(
        "What sources published up to {} say. Each figure keeps the hedge of its source – “nearly”, \
         “more than”, “up to” – and its footnote gives the phrase, the source and the cell.",
        words::day(as_of)
    ));
}

fn headlines(page: &mut Page<'_, '_>, topic: &str) {
    let view = page.view;
    let of_topic = || view.series.iter().filter(|series| topic_of(view, series) == topic);
    let chosen = leading(of_topic(), MOST_HEADLINES);
    let items: Vec<String> =
        chosen.into_iter().filter_map(|series| headline_sentence(page, series)).collect();
    page.list(&items);
    let more = of_topic().count().saturating_sub(MOST_HEADLINES);
    if more > 0 {
        page.paragraph(&format!("{} more in the table.", words::count(more, "series", "series")));
    }
}

fn count_rows(view: &View<'_>, of: impl Fn(&Series) -> bool) -> usize {
    view.series.iter().filter(|series| of(series)).map(|series| series.rows).sum()
}

/// The table of figures of some series, cut at `most` rows; gives how many rows it has.
fn figures_table(page: &mut Page<'_, '_>, of: impl Fn(&Series) -> bool, most: usize, csv: &str) -> usize {
    let view = page.view;
    let chosen = view.series.iter().filter(|series| of(series));
    let indices = chosen.flat_map(|series| {
        view.series.observations(view.knowledge, series).into_iter().map(move |index| (series, index))
    });
    let rows: Vec<Vec<String>> =
        indices.take(most).map(|(series, index)| figure_row(page, series, index)).collect();
    let headers = ["Series", "Period", "Figure", "Interval", "Who says so", "Witnesses:", "Flags"];
    let shown = rows.len();
    if shown > 0 {
        page.table(&headers, &rows);
    }
    page.cut_at(shown, count_rows(view, of), csv);
    shown
}

fn figure_row(page: &mut Page<'_, '_>, series: &Series, index: u32) -> Vec<String> {
    let view = page.view;
    let observation = &view.observation(index);
    let derived = observation.formula.is_some();
    let step = if derived { figures::bounds_step(&observation.interval) } else { None };
    vec![
        view.subject(series),
        words::capitalised_first(&words::period(&observation.period)),
        view.figure_alone(observation),
        figures::bounds(&observation.interval, step),
        who_says_so(page, index),
        if derived { String::new() } else { words::whole(observation.witnesses as usize) },
        flags(view, observation).join("; "),
    ]
}

/// The publishers of an observation's claims, best first, each with its footnote.
fn who_says_so(page: &mut Page<'_, '_>, index: u32) -> String {
    let view = page.view;
    let claims = view.knowledge.claims_of(&view.observation(index));
    let mut said: Vec<(u32, String)> = Vec::new();
    for &claim in claims.iter().take(NOTES_A_ROW) {
        let source = view.facts.claims.source[claim as usize];
        let note = page.cite_claim(claim);
        match said.last_mut() {
            Some((last, notes)) if *last == source => notes.push_str(&note),
            _ => said.push((source, note)),
        }
    }
    let publisher = |source: u32| text(&view.facts.sources[source as usize].publisher);
    let mut said: Vec<String> =
        said.into_iter().map(|(source, notes)| format!("{}{notes}", publisher(source))).collect();
    let more = claims.len().saturating_sub(NOTES_A_ROW);
    if more > 0 {
        said.push(format!("{} more", words::whole(more)));
    }
    said.join("; ")
}

fn flags(view: &View<'_>, observation: &Observation) -> Vec<String> {
    let mut flags = Vec::new();
    if observation.conflict {
        flags.push("conflict".to_owned());
    }
    if let Some(formula) = &observation.formula {
        flags.push(format!("derived: {}", view.derivation(formula)));
    }
    if observation.period.precision == Precision::Inferred {
        flags.push("period inferred".to_owned());
    }
    flags
}

fn reading_the_table(page: &mut Page<'_, '_>) {
    page.paragraph(
        "*Interval* is what all sources together leave open: a square bracket includes its bound, a round \
         one does not. *Witnesses* counts sources that do not repeat one another. *Derived* values follow \
         by arithmetic from the figures named, and replace none.",
    );
}

/// What disagrees and what changed, for the topics that `of` keeps.
fn closing(page: &mut Page<'_, '_>, of: impl Fn(&str) -> bool) {
    let view = page.view;
    // Topics are texts: each is asked for once, and not once an observation.
    let kept: Vec<bool> = view.facts.indicators.iter().map(|indicator| of(&indicator.topic)).collect();
    let observations = &view.knowledge.observations;
    let observed =
        |index: u32| kept[observations.series_of(&observations.rows[index as usize]).indicator as usize];
    let found = |indicator: Option<u32>| indicator.is_some_and(|indicator| kept[indicator as usize]);
    page.section("What disagrees");
    let disputed = conflicts(page, observed, MOST_ITEMS);
    let shown = findings(page, |finding, of| found(of) && compares_claims(finding), MOST_ITEMS);
    let nothing = disputed.shown.is_empty() && shown.shown.is_empty();
    list_with_rest(page, disputed, "conflicts.csv");
    list_with_rest(page, shown, "findings.csv");
    if nothing {
        page.paragraph("Nothing: no two figures contradict each other.");
    }
    let alone = findings(page, |finding, of| found(of) && !compares_claims(finding), MOST_ITEMS);
    if !alone.shown.is_empty() {
        page.section("Remarks on single figures");
        list_with_rest(page, alone, "findings.csv");
    }
    page.section("What newer publications changed");
    let revised = revisions(page, observed, MOST_ITEMS);
    if revised.shown.is_empty() {
        page.paragraph("Nothing: each figure stands as it was first published.");
    }
    list_with_rest(page, revised, "vintages.csv");
}

fn list_with_rest(page: &mut Page<'_, '_>, items: Items, csv: &str) {
    page.list(&items.shown);
    if items.more > 0 {
        let more = words::whole(items.more);
        page.paragraph(&format!("{more} more in [curated/{csv}](../curated/{csv})."));
    }
}
