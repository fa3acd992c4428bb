//! Deadlines: whether the phrase of a promise says by when it is due, and the row says another day. The phrase
//! tells by itself; no text is asked.

use std::ops::Range;

use model::finding::{Finding, Severity};
use model::period::{Period, Precision, Role};

use super::{Reading, clean};

/// The finding where each deadline that a phrase of a commitment names is another than its row's.
pub(crate) fn contradicted_deadline(
    id: &str,
    phrase: &str,
    deadline: &Period,
    reading: Reading,
) -> Option<Finding> {
    if deadline.precision == Precision::Inferred {
        return None;
    }
    let phrase = clean(phrase).text;
    let mut named = reading.dated_periods(&phrase);
    named.retain(|(named, _)| named.role == Role::By);
    let (other, span) = named.first()?;
    if named.iter().any(|(named, span)| is_meant(named, &phrase[span.clone()], deadline)) {
        return None;
    }
    let message = format!(
        "the phrase says by {} (\"{}\"), `deadline` says {}",
        other.as_flow().label(),
        &phrase[Range::clone(span)],
        deadline.as_flow().label()
    );
    let finding = Finding::new("evidence-mismatch", Severity::Error, "commitments", message)
        .id(id)
        .hint("correct the deadline, or give the phrase of the promise that is meant");
    Some(finding)
}

/// Whether a deadline in words may be the row's: they share a day, or it is the day "before 2030" speaks of.
fn is_meant(named: &Period, words: &str, deadline: &Period) -> bool {
    let (named, deadline) = (named.as_flow(), deadline.as_flow());
    let (Some(due), Some(until)) = (named.end, deadline.end) else { return true };
    let (from, since) = (named.start.unwrap_or(due), deadline.start.unwrap_or(until));
    let is_day_before = due.succ_opt() == Some(since) && words.contains(&since.format("%Y").to_string());
    (from <= until && since <= due) || is_day_before
}

#[cfg(test)]
mod tests {
    use super::contradicted_deadline;
    use crate::evidence::Reading;
    use crate::language::Languages;
    use crate::period;

    #[test]
    fn another_deadline_than_the_phrase_s_is_told() {
        let cases = [
            ("to reach $5 billion by 2030", "2035", Some("by 2030 (\"by 2030\"), `deadline` says 2035")),
            ("довести до 5 млрд долларов к 2030 году", "2025", Some("2030")),
            ("to build it by June 2027", "2027-12", Some("2027-06")),
            ("to reach $5 billion by 2030", "2030", None),
            ("to reach $5 billion by 2030", "2030-12-31", None),
            ("to reach $5 billion by the end of 2030", "2030-12", None),
            ("before 2030", "2030", None),
            ("by 2029", "2030", Some("2029")),
            ("by 2027 and fully by 2030", "2030", None),
            ("signed in 2024, in force until 2030", "2030", None),
            ("trade of $4.1 billion in 2024", "2030", None),
            ("by the end of the year", "2030", None),
            ("to reach $5 billion by 2030", "2035 (inferred)", None),
            ("", "2030", None),
        ];
        for (phrase, deadline, expected) in cases {
            let Ok(deadline) = period::parse(deadline, Languages::ALL, None) else {
                panic!("{deadline} is no period")
            };
            let found = contradicted_deadline("c", phrase, &deadline, Reading::default());
            let says = found.as_ref().map(|finding| finding.message.as_str());
            assert_eq!(says.is_some(), expected.is_some(), "{phrase}: {says:?}");
            assert!(says.unwrap_or_default().contains(expected.unwrap_or_default()), "{phrase}: {says:?}");
        }
    }
}
