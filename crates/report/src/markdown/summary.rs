//! `summary.md`, what people read first: a headline of each topic, the promises in one table, what
//! disagrees, what changed, and how good the material is. Short: each part points to the report that
//! tells all.

use super::View;
use super::commitments::promises_at_a_glance;
use super::disagreement::{compares_claims, conflicts, findings, revisions};
use super::escape::text;
use super::page::Page;
use super::quality::in_five_lines;
use super::sentence::headline_sentence;
use super::series::leading;
use super::topic::{INVESTMENT, TRADE, heading, other_topics, topic_of};
use crate::words;

/// Headlines of one topic.
const MOST_HEADLINES: usize = 4;
/// Topics besides trade and investment.
const MOST_TOPICS: usize = 12;
/// Disagreements, conflicts and findings apart.
const MOST_DISAGREEMENTS: usize = 6;
/// Revisions.
const MOST_REVISIONS: usize = 4;

/// The summary.
pub(crate) fn write(view: &View<'_>) -> String {
    let mut page = Page::new(view, &text(view.settings.title));
    lead(&mut page);
    let others = other_topics(view);
    for (topic, report) in [(TRADE, "trade.md"), (INVESTMENT, "investment.md")] {
        headlines(&mut page, topic, report);
    }
    for topic in others.iter().take(MOST_TOPICS) {
        headlines(&mut page, topic, "cooperation.md");
    }
    if others.len() > MOST_TOPICS {
        let more = words::count(others.len() - MOST_TOPICS, "topic", "topics");
        page.paragraph(&format!("{more} more in [cooperation.md](cooperation.md)."));
    }
    promises_at_a_glance(&mut page);
    disagreements(&mut page);
    changes(&mut page);
    page.section("How good the material is");
    let lines = in_five_lines(view);
    page.list(&lines);
    page.paragraph("More in [quality.md](quality.md).");
    page.finish()
}

fn lead(page: &mut Page<'_, '_>) {
    let view = page.view;
    let Some(as_of) = view.knowledge.as_of else {
        page.paragraph("No source is known.");
        return;
    };
    let known = |source: &u32| view.is_known(*source);
    let sources = (0..view.facts.sources.len() as u32).filter(known).count();
    let figures = view.facts.claims.source.iter().filter(|&source| known(source)).count();
    let says = if sources == 1 { "says" } else { "say" };
    let promises = view.commitments().filter(|(_, commitment, _)| commitment.same_as.is_empty()).count();
    page.paragraph(&format!(
        "What {} published up to {} {says}, in {} and {}. Each figure keeps the hedge of its source – \
         “nearly”, “more than”, “up to” – and its footnote gives the phrase, the source and the cell.",
        words::count(sources, "source", "sources"),
        words::day(as_of),
        words::count(figures, "figure", "figures"),
        words::count(promises, "promise", "promises"),
    ));
}

fn headlines(page: &mut Page<'_, '_>, topic: &str, report: &str) {
    let view = page.view;
    let of_topic = || view.series.iter().filter(|series| topic_of(view, series) == topic);
    let chosen = leading(of_topic(), MOST_HEADLINES);
    if chosen.is_empty() {
        return;
    }
    page.section(&heading(topic));
    let items: Vec<String> =
        chosen.into_iter().filter_map(|series| headline_sentence(page, series)).collect();
    page.list(&items);
    let more = of_topic().count().saturating_sub(MOST_HEADLINES);
    if more > 0 {
        let more = words::whole(more);
        page.paragraph(&format!("{more} more in [{report}]({report})."));
    }
}

fn disagreements(page: &mut Page<'_, '_>) {
    page.section("What disagrees");
    let disputed = conflicts(page, |_| true, MOST_DISAGREEMENTS);
    let found = findings(page, |finding, _| compares_claims(finding), MOST_DISAGREEMENTS);
    let alone = findings(page, |finding, _| !compares_claims(finding), 0);
    let more = disputed.more + found.more;
    let items: Vec<String> = disputed.shown.into_iter().chain(found.shown).collect();
    page.list(&items);
    if items.is_empty() {
        page.paragraph("Nothing: no two figures contradict each other.");
    }
    if more > 0 {
        let more = words::whole(more);
        page.paragraph(&format!("{more} more in [quality.md](quality.md)."));
    }
    if alone.more > 0 {
        let remarks = words::count(alone.more, "remark", "remarks");
        page.paragraph(&format!("{remarks} on single figures and promises in [quality.md](quality.md)."));
    }
}

fn changes(page: &mut Page<'_, '_>) {
    let revised = revisions(page, |_| true, MOST_REVISIONS);
    if revised.shown.is_empty() {
        return;
    }
    page.section("What newer publications changed");
    page.list(&revised.shown);
    if revised.more > 0 {
        let more = words::whole(revised.more);
        page.paragraph(&format!("{more} more in [curated/vintages.csv](../curated/vintages.csv)."));
    }
}
