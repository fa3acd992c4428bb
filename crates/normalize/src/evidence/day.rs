//! Days of events: whether the phrase of a step names a day or month, and the row says another. The phrase tells by
//! itself; no text is asked. It may name the day of something else, so this is no refusal.

use chrono::{Datelike, NaiveDate};
use model::finding::{Finding, Severity};
use model::period::{Precision, Role};

use super::{Reading, clean};

/// The finding where each day or month that a phrase of an event names is another than the row's, as it is `written`
/// there: the last possible day, and how finely it is stated.
pub(crate) fn contradicted_day(
    id: &str,
    phrase: &str,
    (on, precision): (NaiveDate, Precision),
    written: &str,
    reading: Reading,
) -> Option<Finding> {
    let first = match precision {
        Precision::Day => on,
        Precision::Month => on.with_day(1)?,
        Precision::Quarter | Precision::Year | Precision::Inferred => return None,
    };
    let phrase = clean(phrase).text;
    let mut named = reading.dated_periods(&phrase);
    named.retain(|(named, _)| {
        named.role == Role::During && matches!(named.precision, Precision::Day | Precision::Month)
    });
    let (other, span) = named.first()?;
    let is_meant = |start: Option<NaiveDate>, end: Option<NaiveDate>| {
        start.is_none_or(|start| start <= on) && end.is_none_or(|end| first <= end)
    };
    if named.iter().any(|(named, _)| is_meant(named.start, named.end)) {
        return None;
    }
    let message = format!(
        "the phrase names {} (\"{}\"), `on` says {}",
        other.label(),
        &phrase[span.clone()],
        written.trim()
    );
    let finding = Finding::new("evidence-differs", Severity::Warning, "events", message)
        .id(id)
        .hint("correct the day, or give the phrase that names it");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::contradicted_day;
    use crate::evidence::Reading;
    use crate::period::{DayOrder, parse_date};

    #[test]
    fn another_day_than_the_phrase_s_is_told() {
        let cases = [
            ("signed on 3 September 2025", "2024-09-03", Some("names 2025-09-03")),
            ("подписано 3 сентября 2025 года", "2025-09-13", Some("`on` says 2025-09-13")),
            ("opened in March 2024", "2024-05-02", Some("2024-03")),
            ("signed on 3 September 2025", "2025-10", Some("`on` says 2025-10")),
            ("signed on 3 September 2025", "2025-09-03", None),
            ("signed on 3 September 2025", "2025-09", None),
            ("opened in March 2024", "2024-03-31", None),
            ("the agreement of 5 May 2019 was ratified on 3 September 2025", "2025-09-03", None),
            ("the 2019 agreement was ratified", "2025-09-03", None),
            ("construction began in 2024", "2023-05-02", None),
            ("to be built by 1 June 2027", "2024-05-02", None),
            ("signed on Wednesday", "2024-05-02", None),
            ("signed on 3 September 2025", "2024", None),
            ("", "2024-05-02", None),
        ];
        for (phrase, on, expected) in cases {
            let Ok(day) = parse_date(on, DayOrder::Unknown) else { panic!("{on} is no date") };
            let found = contradicted_day("c", phrase, day, on, Reading::default());
            let says = found.as_ref().map(|finding| finding.message.as_str());
            assert_eq!(says.is_some(), expected.is_some(), "{phrase}: {says:?}");
            assert!(says.unwrap_or_default().contains(expected.unwrap_or_default()), "{phrase}: {says:?}");
        }
    }
}
