//! Whether a text bears a row out. The phrase must stand in the text, and a figure read from it
//! must agree with what the row states.
//!
//! A figure is read twice: from the phrase alone, and in its sentence around the phrase. The
//! sentence knows what a phrase may have been cut from ("exceeded", "million", the first digits of
//! "1 700"), and the phrase knows which of a sentence's figures is meant. Where they differ, the
//! sentence is right about what it holds beyond the phrase, and the phrase about the rest.

use std::ops::Range;

use chrono::{Days, NaiveDate};
use model::claim::Measure;
use model::figure::{Comparator, Quantity};
use model::period::{Period, Precision, Role};
use model::unit::Unit;
use rust_decimal::Decimal;

use super::difference::{Difference, Expected, Slip, difference, grouped, reason, show};
use super::text::{Figure, Occurrence, Passage, Phrase, Text};
use super::{Aspect, Subject};
use crate::quantity::{Course, Mention};

/// What a text says to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judgement {
    /// The phrase stands there, and its figures agree.
    Agrees {
        /// The phrase's first place.
        span: Range<usize>,
        /// The numbers of the text's figures that the row claims, ascending.
        figures: Vec<usize>,
    },
    /// The phrase stands there, and its figure differs.
    Differs(Mismatch),
    /// The phrase does not stand there.
    Absent {
        /// What to look at.
        hint: String,
    },
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// Of what of the row.
    pub(super) aspect: Aspect,
    /// In one sentence, for a person.
    pub(super) message: String,
    /// The computation, where there is one.
    pub(super) arithmetic: String,
    /// How to mend it.
    pub(super) hint: String,
}

/// A phrase that stands in more places than this is no evidence; the rest are not looked at.
const MOST_PLACES: usize = 1000;

/// Judges a row by its text. Linear in the text, and in the places of the phrase.
pub(super) fn judge(subject: &Subject<'_>, text: &Text) -> Judgement {
    let phrase = Phrase::new(subject.phrase, text.reading());
    let mut places = text.occurrences(&phrase).take(MOST_PLACES).peekable();
    let Some(first) = places.peek().map(|occurrence| occurrence.span.clone()) else {
        return Judgement::Absent { hint: nearest(text, &phrase) };
    };
    if let Some(mismatch) = contradicted_period(subject, text, &phrase) {
        return Judgement::Differs(mismatch);
    }
    let mut agreed: Option<(Range<usize>, Vec<usize>)> = None;
    let mut differs = None;
    for occurrence in places {
        match judge_place(subject, text, &phrase, &occurrence) {
            Ok(figures) => match &mut agreed {
                Some((_, claimed)) => claimed.extend(figures),
                None => agreed = Some((occurrence.span, figures)),
            },
            Err(mismatch) => differs = differs.or(Some(mismatch)),
        }
    }
    match (agreed, differs) {
        (Some((span, mut figures)), _) => {
            figures.sort_unstable();
            figures.dedup();
            let figures = figures.into_iter().filter_map(|figure| text.number(figure)).collect();
            Judgement::Agrees { span, figures }
        }
        (None, Some(mismatch)) => Judgement::Differs(mismatch),
        (None, None) => Judgement::Agrees { span: first, figures: Vec::new() },
    }
}

/// A figure that could be the stated one, and where it was read.
struct Candidate<'a> {
    figure: &'a Figure,
    words: &'a str,
    place: Place,
    /// Whether the phrase holds all of it.
    is_whole: bool,
    difference: Difference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Phrase,
    Text,
}

/// The figures that the row claims at one place of its phrase, or what differs.
fn judge_place(
    subject: &Subject<'_>,
    text: &Text,
    phrase: &Phrase,
    occurrence: &Occurrence,
) -> Result<Vec<usize>, Mismatch> {
    let within = text.figures_within(&occurrence.span);
    let mut claimed = Vec::new();
    if let Some(quantity) = subject.stated {
        let expected = Expected { quantity, unit: subject.unit, measure: subject.measure };
        claimed = judge_figure(&expected, text, phrase, occurrence, within.clone())?;
    }
    if let Some(count) = subject.count {
        claimed.extend(judge_count(count, text, within, &claimed)?);
    }
    Ok(claimed)
}

fn judge_figure(
    expected: &Expected<'_>,
    text: &Text,
    phrase: &Phrase,
    occurrence: &Occurrence,
    within: Range<usize>,
) -> Result<Vec<usize>, Mismatch> {
    let figures = &text.figures()[within.clone()];
    let agreeing: Vec<usize> =
        within.clone().filter(|&index| difference(expected, &text.figures()[index]).is_none()).collect();
    if !agreeing.is_empty() {
        return Ok(agreeing);
    }
    for (own, words) in &phrase.figures {
        if difference(expected, own).is_some() {
            continue;
        }
        let place = text.words(occurrence.word + words.start..occurrence.word + words.end);
        let place = place.unwrap_or(occurrence.span.clone());
        let rival = within.clone().find(|&index| overlap(&text.figures()[index].span, &place));
        let Some(index) = rival else { return Ok(Vec::new()) };
        let rival = &text.figures()[index];
        let is_cut = rival.span.start < occurrence.span.start || rival.span.end > occurrence.span.end;
        return match difference(expected, rival) {
            Some(difference) if contradicts(difference, &own.mention, &rival.mention, is_cut) => {
                let words = &text.as_str()[rival.span.clone()];
                let rival =
                    Candidate { figure: rival, words, place: Place::Text, is_whole: !is_cut, difference };
                Err(mismatch(expected, phrase, &rival, &[]))
            }
            _ => Ok(vec![index]),
        };
    }
    Err(likest(expected, text, phrase, occurrence, figures))
}

/// Whether the sentence's reading of a figure refutes the phrase's own, which agrees.
fn contradicts(difference: Difference, own: &Mention, in_sentence: &Mention, is_cut: bool) -> bool {
    match difference {
        Difference::Qualifier => in_sentence.quantity.comparator != Comparator::Equal,
        Difference::Unit => is_cut || own.quantity.unit.is_none(),
        Difference::Value(Slip::Sign) => is_cut || own.course == Course::Unsaid,
        Difference::Value(_) | Difference::Both => is_cut,
    }
}

/// The mismatch against the figure of phrase or text that is most like the stated one.
fn likest(
    expected: &Expected<'_>,
    text: &Text,
    phrase: &Phrase,
    occurrence: &Occurrence,
    figures: &[Figure],
) -> Mismatch {
    let is_whole = |figure: &Figure, place: Place| {
        let (span, outer) = (&figure.span, &occurrence.span);
        place == Place::Phrase || outer.start <= span.start && span.end <= outer.end
    };
    let own = phrase.figures.iter().map(|(figure, _)| (figure, phrase.clean.as_str(), Place::Phrase));
    let around = figures.iter().map(|figure| (figure, text.as_str(), Place::Text));
    let mut candidates: Vec<Candidate<'_>> = own
        .chain(around)
        .filter_map(|(figure, source, place)| {
            let difference = difference(expected, figure)?;
            let is_whole = is_whole(figure, place);
            Some(Candidate { figure, words: &source[figure.span.clone()], place, is_whole, difference })
        })
        .collect();
    candidates.sort_by_key(|candidate| (candidate.difference, candidate.place));
    match candidates.first() {
        Some(likest) => mismatch(expected, phrase, likest, &candidates[1..]),
        None => Mismatch {
            aspect: Aspect::Figure,
            message: format!(
                "no figure is read from the phrase, and `stated` says {}",
                show(expected.quantity, expected.unit)
            ),
            arithmetic: String::new(),
            hint: "give the phrase that carries the figure".to_owned(),
        },
    }
}

/// How to mend a row whose phrase holds another figure whole.
const AS_THE_PHRASE: &str = "state the figure as the phrase does, or give the phrase that carries it";

fn mismatch(
    expected: &Expected<'_>,
    phrase: &Phrase,
    likest: &Candidate<'_>,
    others: &[Candidate<'_>],
) -> Mismatch {
    let mention = &likest.figure.mention;
    let read = &*mention.measured(expected.measure, expected.unit);
    let (place, hint) = match (likest.place, likest.difference) {
        (Place::Phrase, _) => ("the phrase", AS_THE_PHRASE),
        // The sign may stand in a word around the figure.
        (Place::Text, Difference::Value(slip)) if likest.is_whole && slip != Slip::Sign => {
            ("the phrase", AS_THE_PHRASE)
        }
        (Place::Text, _) => {
            ("the text around the phrase", "take the whole figure into the phrase, with what qualifies it")
        }
    };
    let words = likest.words.split_whitespace().collect::<Vec<_>>().join(" ");
    let has_unit = |other: &&Candidate<'_>| {
        matches!(other.difference, Difference::Value(_)) && other.figure.mention.quantity.unit.is_some()
    };
    let same_unit = others.iter().find(has_unit);
    let reason = match (likest.difference, same_unit) {
        (Difference::Value(_) | Difference::Both, _) if is_year(expected.quantity, phrase) => {
            "a year is taken for the figure".to_owned()
        }
        (Difference::Unit, Some(other)) if is_money(expected.unit) && is_money(read.unit) => {
            format!("another currency, or \"{}\" of the phrase is meant", other.words)
        }
        (Difference::Unit, Some(other)) => {
            format!("another figure of the phrase is meant: \"{}\"", other.words)
        }
        (difference, _) => reason(difference, expected, mention),
    };
    let arithmetic = match (likest.difference, expected.quantity.value(), read.value()) {
        (Difference::Value(Slip::Factor(_)), Some(stated), Some(read)) => {
            let (large, small) = if read.abs() > stated.abs() { (read, stated) } else { (stated, read) };
            let factor = large.checked_div(small).map_or(String::new(), grouped);
            format!("{} / {} = {factor}", grouped(large), grouped(small))
        }
        _ => String::new(),
    };
    Mismatch {
        aspect: Aspect::Figure,
        message: format!(
            "{place} says {} (\"{words}\"), `stated` says {}: {reason}",
            show(read, None),
            show(expected.quantity, expected.unit)
        ),
        arithmetic,
        hint: hint.to_owned(),
    }
}

fn is_money(unit: Option<Unit>) -> bool {
    unit.is_some_and(Unit::is_currency)
}

/// Whether the stated number is a year of the phrase, which is no figure.
fn is_year(stated: &Quantity, phrase: &Phrase) -> bool {
    let plausible = Decimal::from(1000)..Decimal::from(2200);
    stated
        .value()
        .is_some_and(|value| plausible.contains(&value) && phrase.has_number(&value.normalize().to_string()))
}

/// The figure of the text that is a commitment's count. A phrase need not hold the count; where it
/// counts something else only, the count is wrong.
fn judge_count(
    count: i64,
    text: &Text,
    within: Range<usize>,
    claimed: &[usize],
) -> Result<Option<usize>, Mismatch> {
    let is_count = |index: &usize| {
        let unit = text.figures()[*index].mention.quantity.unit;
        !claimed.contains(index) && unit.is_none_or(|unit| unit == Unit::COUNT)
    };
    let counts: Vec<usize> = within.filter(is_count).collect();
    let value = |index: &usize| text.figures()[*index].mention.quantity.value();
    if let Some(&index) = counts.iter().find(|index| value(index) == Some(count.into())) {
        return Ok(Some(index));
    }
    let Some(&first) = counts.first() else { return Ok(None) };
    let figure = &text.figures()[first];
    Err(Mismatch {
        aspect: Aspect::Figure,
        message: format!(
            "the phrase counts {} (\"{}\"), `count` says {count}",
            show(&figure.mention.quantity, None),
            &text.as_str()[figure.span.clone()]
        ),
        arithmetic: String::new(),
        hint: "state the count as the phrase does, or give the phrase that carries it".to_owned(),
    })
}

/// The mismatch of a phrase that dates its one figure in another year than the row does. Growths
/// may name the year they are against.
fn contradicted_period(subject: &Subject<'_>, text: &Text, phrase: &Phrase) -> Option<Mismatch> {
    let period = subject.period.filter(|period| period.precision != Precision::Inferred)?;
    if phrase.figures.len() > 1 {
        return None;
    }
    let named = text.reading().dated_periods(&phrase.clean);
    let base = match subject.measure {
        Measure::Level => None,
        Measure::Growth | Measure::Change => period.shifted_by_years(-1),
    };
    let is_meant = |named: &Period| meet(named, period) || base.is_some_and(|base| meet(named, &base));
    if named.iter().any(|(named, _)| is_meant(named)) {
        return None;
    }
    let (other, span) = named.first()?;
    Some(Mismatch {
        aspect: Aspect::Period,
        message: format!(
            "the phrase speaks of {} (\"{}\"), `period` says {}",
            other.label(),
            &phrase.clean[span.clone()],
            period.label()
        ),
        arithmetic: String::new(),
        hint: "correct the period, or give the phrase of the year that is meant".to_owned(),
    })
}

/// Whether a period that a phrase names may be the row's: they share a day, and where both are months of a year the row's is
/// the same or a later part of it. A stock "as of 1 January" is that of December's end, so a single day may lie a month off,
/// or a day where the row's is one too.
fn meet(named: &Period, period: &Period) -> bool {
    let is_day = |period: &Period| period.start.is_some() && period.start == period.end;
    let slack = match (is_day(named), is_day(period)) {
        (true, true) => 1,
        (true, false) => 31,
        (false, _) => 0,
    };
    let before = |end: Option<NaiveDate>, start: Option<NaiveDate>| match (end, start) {
        (Some(end), Some(start)) => end.checked_add_days(Days::new(slack)).is_some_and(|end| end < start),
        _ => false,
    };
    if before(named.end, period.start) || before(period.end, named.start) {
        return false;
    }
    let is_part = named.start < period.start && period.end <= named.end;
    let is_same = (named.start, named.end) == (period.start, period.end);
    is_same || is_part || !is_of_months(named) || !is_longer_than_a_month(period)
}

/// Whether a period is several months, and less than a year: "the first nine months of 2025".
fn is_of_months(period: &Period) -> bool {
    let is_short = |(start, end): (NaiveDate, NaiveDate)| (end - start).num_days() < LEAST_DAYS_OF_YEAR;
    period.role == Role::During
        && is_longer_than_a_month(period)
        && period.start.zip(period.end).is_some_and(is_short)
}

fn is_longer_than_a_month(period: &Period) -> bool {
    period.start.zip(period.end).is_some_and(|(start, end)| (end - start).num_days() > 31)
}

/// From the first day of the shortest year to its last: of 52 weeks.
const LEAST_DAYS_OF_YEAR: i64 = 363;

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// What to look at where a phrase does not stand in its text.
fn nearest(text: &Text, phrase: &Phrase) -> String {
    match text.nearest(phrase) {
        Some(Passage { line, one_word: Some((ours, theirs)), .. }) => {
            format!("line {line} of the text has \"{theirs}\" where the phrase has \"{ours}\"")
        }
        Some(Passage { line, words, .. }) => {
            format!("the nearest passage, in line {line} of the text: \"{words}\"")
        }
        None => format!("nothing in the text of {} is like it: is the source right?", text.source_id()),
    }
}
