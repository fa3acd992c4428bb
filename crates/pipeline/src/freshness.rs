//! Freshness: whether the newest text of a kind on a topic is older than `max_age` allows, seen from the day
//! that `--today` names. No output knows of that day: these findings are shown and counted in the summary,
//! and what is published is the same with them and without.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::cell::SheetName;
use model::facts::Facts;
use model::finding::{Finding, Location, Severity};
use model::source::SourceKind;
use serde::{Deserialize, Serialize};

/// The days after which the newest text of a kind is too old; a kind that is not there may be of any age.
pub(crate) type MaxAge = BTreeMap<SourceKind, u32>;

/// The newest text of one kind on one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Newest {
    pub(crate) topic: String,
    /// A word of [`SourceKind`].
    pub(crate) kind: String,
    pub(crate) source_id: String,
    /// Of an imprecise date the last possible day.
    published_on: NaiveDate,
    /// Where its row stands: file, sheet of a workbook, cell.
    file: String,
    sheet: Option<String>,
    cell: String,
}

/// The newest text of each kind on each topic that it has a claim or a commitment of, by topic and kind; of the
/// kinds that may not be of any age.
pub(crate) fn newest(facts: &Facts, max_age: &MaxAge) -> Vec<Newest> {
    if max_age.is_empty() {
        return Vec::new();
    }
    let newer = |known: Option<u32>, source: u32| {
        let day = |source: u32| facts.sources[source as usize].published_on;
        // Of several texts of one day the first by its id: sources are sorted by it.
        Some(known.filter(|&known| (day(known), source) >= (day(source), known)).unwrap_or(source))
    };
    let kind_of = |source: u32| facts.sources[source as usize].kind;
    // Claims may be millions, indicators are not.
    let mut of_indicators = vec![[None; SourceKind::ALL.len()]; facts.indicators.len()];
    for (&indicator, &source) in facts.claims.indicator.iter().zip(facts.claims.source.iter()) {
        let known = &mut of_indicators[indicator as usize][kind_of(source) as usize];
        *known = newer(*known, source);
    }
    let of_claims = facts.indicators.iter().zip(&of_indicators);
    let of_claims = of_claims.flat_map(|(indicator, sources)| {
        sources.iter().flatten().map(|&source| (indicator.topic.as_str(), source))
    });
    let of_commitments = facts.commitments.iter().map(|one| (one.topic.as_str(), one.source));
    let mut newest: BTreeMap<(&str, SourceKind), Option<u32>> = BTreeMap::new();
    for (topic, source) in of_claims.chain(of_commitments).filter(|(topic, _)| !topic.is_empty()) {
        let known = newest.entry((topic, kind_of(source))).or_default();
        *known = newer(*known, source);
    }
    newest.retain(|(_, kind), _| max_age.contains_key(kind));
    let told = newest.into_iter().filter_map(|((topic, kind), source)| {
        let source = &facts.sources[source? as usize];
        let Location { sheet, cell } = facts.locate(source.cell);
        Some(Newest {
            topic: topic.to_owned(),
            kind: kind.as_str().to_owned(),
            source_id: source.source_id.clone(),
            published_on: source.published_on,
            file: sheet.file,
            sheet: sheet.sheet,
            cell,
        })
    });
    told.collect()
}

/// The texts that are the newest of their kind on a topic and too old on the day, with their age in days.
pub(crate) fn stale<'n>(newest: &'n [Newest], max_age: &MaxAge, today: NaiveDate) -> Vec<(&'n Newest, i64)> {
    let aged = newest.iter().map(|text| (text, (today - text.published_on).num_days()));
    aged.filter(|(text, days)| allowed(text, max_age).is_some_and(|most| *days > most)).collect()
}

/// A finding for each of those texts, with its topics.
pub(crate) fn findings(stale: &[(&Newest, i64)], max_age: &MaxAge, today: NaiveDate) -> Vec<Finding> {
    let mut by_text: BTreeMap<&str, Vec<&(&Newest, i64)>> = BTreeMap::new();
    for one in stale {
        by_text.entry(&one.0.source_id).or_default().push(one);
    }
    by_text.values().filter_map(|topics| finding(topics, max_age, today)).collect()
}

fn allowed(text: &Newest, max_age: &MaxAge) -> Option<i64> {
    SourceKind::parse(&text.kind).and_then(|kind| max_age.get(&kind)).copied().map(i64::from)
}

fn finding(topics: &[&(&Newest, i64)], max_age: &MaxAge, today: NaiveDate) -> Option<Finding> {
    let (text, days) = topics.first()?;
    let most = allowed(text, max_age)?;
    let Newest { kind, source_id, published_on, .. } = text;
    let topics: Vec<&str> = topics.iter().map(|(text, _)| text.topic.as_str()).collect();
    let message = format!(
        "the newest text of kind {kind} on {} is of {published_on}: {days} days old on {today}, and {most} are allowed",
        topics.join(", ")
    );
    let sheet = SheetName { file: text.file.clone(), sheet: text.sheet.clone() };
    let finding = Finding::new("stale-topic", Severity::Warning, "sources", message)
        .id(source_id.as_str())
        .arithmetic(format!("{today} - {published_on} = {days} > {most}"))
        .hint("look for a newer text, or give the kind more days in `max_age` of pipeline.toml")
        .at(Location { sheet, cell: text.cell.clone() });
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(topic: &str, kind: &str, published_on: NaiveDate) -> Newest {
        let (topic, kind) = (topic.to_owned(), kind.to_owned());
        let (source_id, file, cell) = ("s".to_owned(), "sources.csv".to_owned(), "2:1".to_owned());
        Newest { topic, kind, source_id, published_on, file, sheet: None, cell }
    }

    #[test]
    fn a_text_is_stale_from_the_day_after_its_last() -> Result<(), chrono::ParseError> {
        let max_age = MaxAge::from([(SourceKind::Wire, 30), (SourceKind::Press, 0)]);
        let day = |text: &str| text.parse::<NaiveDate>();
        // Kind, published on, seen from, how many findings.
        let cases = [
            ("wire", "2025-01-01", "2025-01-31", 0),
            ("wire", "2025-01-01", "2025-02-01", 1),
            ("wire", "2025-02-01", "2025-01-01", 0),
            ("press", "2025-01-01", "2025-01-01", 0),
            ("press", "2025-01-01", "2025-01-02", 1),
            ("aggregator", "1999-01-01", "2025-01-01", 0),
        ];
        for (kind, published_on, today, expected) in cases {
            let texts = [text("trade", kind, day(published_on)?)];
            let found = stale(&texts, &max_age, day(today)?);
            assert_eq!(found.len(), expected, "{kind} of {published_on} on {today}");
            assert_eq!(findings(&found, &max_age, day(today)?).len(), expected);
        }
        Ok(())
    }

    #[test]
    fn one_text_on_many_topics_is_one_finding() -> Result<(), chrono::ParseError> {
        let (max_age, today) = (MaxAge::from([(SourceKind::Wire, 30)]), "2025-06-01".parse()?);
        let texts = ["energy", "trade"].map(|topic| text(topic, "wire", NaiveDate::default()));
        let found = findings(&stale(&texts, &max_age, today), &max_age, today);
        assert!(matches!(&found[..], [one] if one.message.contains("on energy, trade is of 1970-01-01")));
        Ok(())
    }
}
