//! Drafts: the figures of a text as rows of a claims sheet, for a person to finish. What a row
//! measures is left to that person; what stands beside the figure is proposed and may be wrong.

mod named;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use model::claim::Measure;
use model::contract::SheetKind;
use model::figure::Quantity;
use model::period::{Period, Role};
use model::place::PlaceId;
use model::unit::Unit;
use rust_decimal::Decimal;

use self::named::NamedPlaces;
use crate::evidence::{self, Figure, Subject, Text};
use crate::place::Places;
use crate::quantity::{self, Change, Course, Mention, Relative};

/// A phrase of evidence has at most this many words.
const PHRASE_WORDS: usize = 12;
/// Words before the figure that a phrase begins with, where its sentence has them.
const LEAD_WORDS: usize = 3;
/// Words behind the figure that a phrase ends with, where none leads to it.
const TAIL_WORDS: usize = 6;
/// Letters of words that say little by themselves: "of", "the", "для".
const SHORT_WORD: usize = 3;
/// How far back a word is looked for that says what a period is there for.
const BASE_WORDS: usize = 4;

/// What words of a text tell: kind and word.
static WORDS: LazyLock<HashSet<(&str, &str), FixedState>> = LazyLock::new(|| {
    let rows = include_str!("draft/words.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t')).collect()
});

/// Whether a word is of a kind of the table.
fn is(kind: &str, word: &str) -> bool {
    WORDS.contains(&(kind, word.to_lowercase().as_str()))
}

/// A candidate for a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftClaim {
    /// The source's id and the figure's number in the text.
    pub claim_id: String,
    /// The source.
    pub source_id: String,
    /// Code of the place that the figure is of: the nearest that is no other side, else what the text is about.
    pub reporter: Option<String>,
    /// Code of the other side: "from", "to" or "with" which place, or the second of two.
    pub partner: Option<String>,
    /// The figure in its words.
    pub stated: String,
    /// The figure as read from them.
    pub quantity: Quantity,
    /// A level, unless the sentence says by how much something changed.
    pub measure: Measure,
    /// The period named nearest, in its words where they can be read by themselves.
    pub period: String,
    /// The phrase that carries the figure, at most 12 words.
    pub evidence: String,
    /// The line of the figure, from 1.
    pub line: usize,
    /// What a person should look at.
    pub note: String,
}

/// A candidate for each figure of a text, in their order. Linear in the text but for the search of
/// each phrase, which is extended until it stands in one place only.
pub fn draft(text: &Text, places: &Places) -> Vec<DraftClaim> {
    let sentences = sentences(text.as_str(), text.figures());
    let named = NamedPlaces::find(text, places, &sentences);
    let mut periods = text.periods();
    periods.retain(|(period, span)| !is_base_period(text.as_str(), period.as_ref(), span));
    let mut drafts = Vec::with_capacity(text.figures().len());
    for (index, figure) in text.figures().iter().enumerate() {
        let Some(number) = text.number(index) else { continue };
        let sentence = sentences.partition_point(|sentence| sentence.end <= figure.span.start);
        let Some(sentence) = sentences.get(sentence) else { continue };
        let mut notes = Vec::new();
        let (reporter, partner) = named.nearest(text, figure, sentence, &mut notes);
        let measure = measure(figure, &mut notes);
        let code = |place: Option<PlaceId>| place.map(|place| places.get(place).code.clone());
        let (period, named_period) = period(text, &periods, figure, sentence, &mut notes);
        let quantity = meant(&figure.mention, measure).into_owned();
        let read_period = text.reading().period(&period);
        let agrees = |phrase: &str| {
            let subject = Subject {
                table: SheetKind::Claims.as_str(),
                id: "",
                source_id: text.source_id(),
                phrase,
                stated: Some(&quantity),
                unit: quantity.unit,
                count: None,
                measure,
                period: read_period.as_ref(),
            };
            evidence::agrees(&subject, text)
        };
        let evidence = phrase(text, index, sentence, named_period, agrees);
        drafts.push(DraftClaim {
            claim_id: format!("{}-{:02}", text.source_id(), number + 1),
            source_id: text.source_id().to_owned(),
            reporter: code(reporter),
            partner: code(partner),
            stated: stated(text, figure, sentence, measure),
            quantity,
            measure,
            period,
            evidence,
            line: text.position(&figure.span).line,
            note: notes.join("; "),
        });
    }
    drafts
}

/// Drafts as a CSV of the claims contract. What the text does not tell is empty.
pub fn fact_sheet(drafts: &[DraftClaim]) -> String {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let columns = SheetKind::Claims.columns();
    // Writing to memory cannot fail, and every record is as long as the header.
    let _ = sheet.write_record(columns.iter().map(|column| column.name));
    for draft in drafts {
        let _ = sheet.write_record(columns.iter().map(|column| draft.cell(column.name)));
    }
    sheet.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

impl DraftClaim {
    fn cell(&self, column: &str) -> String {
        let code = |place: &Option<String>| place.clone().unwrap_or_default();
        match column {
            "claim_id" => self.claim_id.clone(),
            "source" => self.source_id.clone(),
            "reporter" => code(&self.reporter),
            "partner" => code(&self.partner),
            "stated" => self.stated.clone(),
            "period" => self.period.clone(),
            "evidence" => self.evidence.clone(),
            "measure" => self.measure.to_string(),
            "locator" => format!("line {}", self.line),
            "note" => self.note.clone(),
            "value" => self.quantity.value().map_or_else(String::new, written),
            "unit" => self.quantity.unit.map_or("", Unit::code).to_owned(),
            "comparator" => self.quantity.comparator.to_string(),
            _ => String::new(),
        }
    }
}

/// A value for a cell. One that no decimal writes out, like a third, is rounded.
fn written(value: Decimal) -> String {
    const LONGEST: u32 = 15;
    let is_long = value.normalize().scale() > LONGEST;
    let rounded = if is_long { value.round_dp(4) } else { value };
    rounded.normalize().to_string()
}

/// The figure's own words, where they say all of it: "276" does not in "from 276 to 410 million". Nor does "13 %" in
/// "fell by 13 %", and takes the words that do.
fn stated(text: &Text, figure: &Figure, sentence: &Range<usize>, measure: Measure) -> String {
    const BEFORE: usize = 4;
    const BEHIND: usize = 2;
    let meaning = meant(&figure.mention, measure);
    let reads_back = |words: &String| {
        text.reading().figure(words).is_some_and(|read| {
            let read = meant(&read, measure);
            read.stated == meaning.stated
                && read.unit == meaning.unit
                && read.comparator == meaning.comparator
        })
    };
    let of = |start: usize, end: usize| joined(&text.as_str()[start..end]);
    let own = &figure.span;
    let words = words(text.as_str(), &neighbourhood(text.as_str(), own, sentence));
    let before = words[..words.partition_point(|word| word.end <= own.start)].iter().rev().take(BEFORE);
    let behind = words[words.partition_point(|word| word.start < own.end)..].iter().take(BEHIND);
    let mut wordings = std::iter::once(of(own.start, own.end))
        .chain(before.map(|word| of(word.start, own.end)))
        .chain(behind.map(|word| of(own.start, word.end)));
    wordings.find(reads_back).unwrap_or_else(|| quantity::print(&meaning))
}

/// The figure in the unit of its measure: a growth is in percent.
fn meant(mention: &Mention, measure: Measure) -> Cow<'_, Quantity> {
    let unit = if measure == Measure::Growth { Some(Unit::PERCENT) } else { mention.quantity.unit };
    mention.measured(measure, unit)
}

fn measure(figure: &Figure, notes: &mut Vec<&'static str>) -> Measure {
    let Mention { change, course, relative, ref quantity, .. } = figure.mention;
    if relative == Some(Relative::Times) && course == Course::Up {
        return Measure::Growth;
    }
    match (change, quantity.unit) {
        (Some(Change::By), None) if relative == Some(Relative::Part) => Measure::Growth,
        (Some(Change::By), Some(Unit::PERCENT)) => Measure::Growth,
        (Some(Change::By), _) => Measure::Change,
        (Some(Change::From), _) => {
            notes.push("the level before a change: of which period?");
            Measure::Level
        }
        (Some(Change::To) | None, _) => Measure::Level,
    }
}

/// The period nearest to a figure in its sentence; otherwise the last one named before in its
/// paragraph that later figures may be of, which is an inference. Also where it stands in the sentence.
fn period<'p>(
    text: &Text,
    periods: &'p [(Option<Period>, Range<usize>)],
    figure: &Figure,
    sentence: &Range<usize>,
    notes: &mut Vec<&'static str>,
) -> (String, Option<&'p Range<usize>>) {
    let first = periods.partition_point(|(_, span)| span.start < sentence.start);
    let behind = periods.partition_point(|(_, span)| span.start < sentence.end);
    let is_before_change = figure.mention.change == Some(Change::From);
    let is_compared = is_before_change || is_base(text.as_str(), &figure.span);
    let named = periods[first..behind].iter().filter(|(_, span)| match is_compared {
        true => span.start >= figure.span.end && between(text, &figure.span, span).is_empty(),
        false => !is_another_s(text, span, figure, sentence, |gap| {
            let opening = gap.rsplit([',', ';']).next().and_then(|opening| opening.split_whitespace().next());
            opening.is_some_and(|word| is("opening", word))
        }),
    });
    let nearest = named.min_by_key(|(_, span)| remoteness(text, span, figure));
    if is_compared && nearest.is_none() {
        if !is_before_change {
            notes.push("what a figure is compared with: of which period?");
        }
        return (String::new(), None);
    }
    let before = || {
        let paragraph = paragraph_start(text.as_str(), sentence.start);
        let of_paragraph = periods[..first].iter().rev().take_while(|(_, span)| span.start >= paragraph);
        of_paragraph.into_iter().find(|(period, _)| period.as_ref().is_some_and(goes_on))
    };
    let Some((period, span)) = nearest.or_else(before) else {
        notes.push("no period is named");
        return (String::new(), None);
    };
    let Some(period) = period else {
        notes.push("its period depends on the text's date: give --published");
        return (String::new(), None);
    };
    if text.reading().anchor.is_some_and(|anchor| period.end.is_some_and(|end| end > anchor)) {
        notes.push("it ends after the text's date: a forecast, or a commitment?");
    }
    let words = joined(&text.as_str()[span.clone()]).trim_end_matches(['.', ',']).to_owned();
    let named = if text.reading().period(&words) == Some(*period) { words } else { period.label() };
    match nearest {
        Some((_, span)) => (named, Some(span)),
        None => (format!("{named} (inferred)"), None),
    }
}

/// The figures that stand between two spans.
fn between<'t>(text: &'t Text, before: &Range<usize>, behind: &Range<usize>) -> &'t [Figure] {
    let figures = text.figures();
    let first = figures.partition_point(|figure| figure.span.start < before.end);
    let end = figures.partition_point(|figure| figure.span.end <= behind.start);
    figures.get(first..end).unwrap_or_default()
}

/// Whether what is named behind a figure is of a later one: it stands in the clause of that ("5 in May, and in June 6"),
/// as `opens` tells of the words between them, behind it and a semicolon ("$5; 4 of them in June"), or is of what the
/// figure is compared with ("5, against 4 in June").
fn is_another_s(
    text: &Text,
    named: &Range<usize>,
    figure: &Figure,
    sentence: &Range<usize>,
    opens: impl Fn(&str) -> bool,
) -> bool {
    let Some(gap) = text.as_str().get(figure.span.end..named.start) else { return false };
    let next = text.figures().partition_point(|later| later.span.end <= named.end);
    let leads = text.figures().get(next).is_some_and(|later| later.span.start < sentence.end);
    let is_of_compared =
        || between(text, &figure.span, named).iter().any(|later| is_base(text.as_str(), &later.span));
    let is_apart = || {
        let clause = gap.rfind(';').map(|mark| figure.span.end + mark..figure.span.end + mark + 1);
        clause.is_some_and(|clause| !between(text, &clause, named).is_empty())
    };
    (gap.contains([',', ';']) && leads && opens(gap)) || is_of_compared() || is_apart()
}

/// Whether a period is what a figure is compared with: "less than in 2022", "7 % on 2019", "on the same months of 2023",
/// "twice as many as in 2022", "above the 2019 level".
fn is_base_period(text: &str, period: Option<&Period>, span: &Range<usize>) -> bool {
    const SAME_WORDS: usize = 3;
    let named = &text[span.clone()];
    let is_year = named.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = period.is_some_and(|period| period.start == period.end);
    let mut before = words_before(text, span.start);
    let (last, one_before) = (before.next().unwrap_or_default(), before.next().unwrap_or_default());
    let behind = text[span.end..].split_whitespace().next().unwrap_or_default();
    // "On" stands before a day of its own, too.
    let is_on = is("base_year", last) && is_year || is("base_span", last) && !is_day;
    let is_pair = is("base_pair", one_before) && is("pair", last);
    let near = named.split_whitespace().count() + SAME_WORDS;
    let mut words = named.split_whitespace().rev().chain(words_before(text, span.start));
    let is_same = words.by_ref().take(near).any(|word| is("same", word));
    let is_on_same = is_same && words.take(2).any(|word| is("on_same", word));
    is_on || is_pair || is_on_same || is("base_level", behind) || is_base(text, span)
}

/// Whether a figure or a period stands behind a word that compares another one with it: "against 4 million".
fn is_base(text: &str, named: &Range<usize>) -> bool {
    words_before(text, named.start).take(BASE_WORDS).any(|word| is("base", word))
}

/// The words before a place in a text, the last first, as far as no number or mark ends what they say.
fn words_before(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let goes_on = |word: &&str| !word.contains(|c: char| c.is_numeric() || ".,;:".contains(c));
    text[..at].split_whitespace().rev().take_while(goes_on)
}

/// Whether the sentences behind a period go on to speak of it: of the day of a statement, or of a deadline,
/// they do not.
fn goes_on(period: &Period) -> bool {
    let is_day = period.start.is_some() && period.start == period.end;
    match period.role {
        Role::During => !is_day,
        Role::AsOf => true,
        Role::Since | Role::By => false,
    }
}

/// How far what is named is from a figure. What follows in another clause is the next figure's, and what
/// stands before a semicolon the one's before.
fn remoteness(text: &Text, named: &Range<usize>, figure: &Figure) -> usize {
    const NEXT_CLAUSE: usize = 200;
    const OTHER_SENTENCE: usize = 300;
    let text = text.as_str();
    let behind = text.get(figure.span.end..named.start).unwrap_or_default();
    let before = text.get(named.end..figure.span.start).unwrap_or_default();
    let clause = if behind.contains([',', ';', '—', '(']) { NEXT_CLAUSE } else { 0 };
    let sentence = if before.contains(';') { OTHER_SENTENCE } else { 0 };
    distance(named, &figure.span) + clause + sentence
}

/// Where the paragraph of a place in a text begins.
fn paragraph_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line_end| line_end + 1)
}

/// The words around a figure: some that lead to it, and more until the phrase stands once only. Where those that lead
/// to it are of another figure ("2022 to $4 million"), so that the phrase would not bear the row out, they are left. The
/// figure's period is taken in where it stands near, so that it is checked too.
fn phrase(
    text: &Text,
    index: usize,
    sentence: &Range<usize>,
    period: Option<&Range<usize>>,
    agrees: impl Fn(&str) -> bool,
) -> String {
    let figure = &text.figures()[index];
    let words = words(text.as_str(), &neighbourhood(text.as_str(), &figure.span, sentence));
    let mut first = words.partition_point(|word| word.end <= figure.span.start);
    let mut last = words.partition_point(|word| word.start < figure.span.end);
    let of = |first: usize, last: usize| match words.get(first..last) {
        Some([only]) => joined(&text.as_str()[only.clone()]),
        Some([start, .., end]) => joined(&text.as_str()[start.start..end.end]),
        _ => String::new(),
    };
    if let (Some(Change::From), Some(to)) = (figure.mention.change, text.figures().get(index + 1)) {
        // The level before a change often leaves its magnitude and unit to the level after.
        last = last.max(words.partition_point(|word| word.start < to.span.end));
    }
    last = last.min(first + PHRASE_WORDS);
    let own = first;
    let lead = LEAD_WORDS.min(first).min(PHRASE_WORDS - (last - first));
    (first, last) = match clause(text, index, &words, first..last) {
        Some(clause) if bears_out(text, figure, &of(clause.start, clause.end)) => (clause.start, clause.end),
        _ => (first - lead, last),
    };
    first = (first..=own).find(|first| agrees(&of(*first, last))).unwrap_or(first);
    if let Some(period) = period {
        let from = words.partition_point(|word| word.end <= period.start).min(first);
        let to = words.partition_point(|word| word.start < period.end).max(last);
        let figures = |words: &[Range<usize>]| match words {
            [start, .., end] => text.figures_within(&(start.start..end.end)).len(),
            _ => 1,
        };
        let is_near = to - from <= PHRASE_WORDS && figures(&words[from..to]) <= figures(&words[first..last]);
        if is_near && agrees(&of(from, to)) {
            (first, last) = (from, to);
        }
    }
    while last - first < PHRASE_WORDS && text.stands_again(&of(first, last)) {
        match (first, last < words.len()) {
            (_, true) => last += 1,
            (0, false) => break,
            (_, false) => first -= 1,
        }
    }
    of(first, last)
}

/// The words of a figure with some of its clause: those that lead to it, or where none does, those behind it.
/// `None` where the figure is all of its clause.
fn clause(text: &Text, index: usize, words: &[Range<usize>], own: Range<usize>) -> Option<Range<usize>> {
    const MARKS: [char; 6] = [',', ';', ':', '—', '–', ')'];
    let is_apart = |one: usize, other: usize| {
        words.get(other).is_none_or(|other| text.as_str()[words[one].end..other.start].contains(MARKS))
    };
    let is_other = |word: &Range<usize>| {
        let mut within = text.figures_within(word);
        within.any(|within| within != index)
    };
    let leads = |word: &usize| !is_apart(*word, *word + 1) && !is_other(&words[*word]);
    let lead = (0..own.start).rev().take(LEAD_WORDS.min(PHRASE_WORDS - own.len())).take_while(leads).count();
    let says = |word: &Range<usize>| text.as_str()[word.clone()].chars().count() > SHORT_WORD;
    if lead > 0 {
        let lead = own.start - lead..own.start;
        return words[lead.clone()].iter().any(says).then_some(lead.start..own.end);
    }
    let room = TAIL_WORDS.min(PHRASE_WORDS - own.len());
    let follows = |word: &usize| !is_apart(*word - 1, *word) && !is_other(&words[*word]);
    let tail = (own.end..words.len()).take(room).take_while(follows).count();
    let tail = words[own.end..own.end + tail].iter().rposition(says).map_or(0, |last| last + 1);
    (tail > 0).then_some(own.start..own.end + tail)
}

/// Whether the words alone say what the figure does in its sentence.
fn bears_out(text: &Text, figure: &Figure, words: &str) -> bool {
    text.reading().figures(words).iter().any(|read| read.mention == figure.mention)
}

/// The words of a span of a text, without the marks around them.
fn words(text: &str, within: &Range<usize>) -> Vec<Range<usize>> {
    let is_mark = |c: char| c.is_whitespace() || ",.;:!?()\"“”«»„".contains(c);
    let mut words = Vec::new();
    let mut start = within.start;
    for piece in text[within.clone()].split_inclusive(char::is_whitespace) {
        let word = piece.trim_start_matches(is_mark);
        let first = start + piece.len() - word.len();
        let word = word.trim_end_matches(is_mark);
        if !word.is_empty() {
            words.push(first..first + word.len());
        }
        start += piece.len();
    }
    words
}

/// A span around a figure that is wide enough for any phrase, cut at words.
fn neighbourhood(text: &str, figure: &Range<usize>, sentence: &Range<usize>) -> Range<usize> {
    const BYTES: usize = 400;
    let start = text.floor_char_boundary(figure.start.saturating_sub(BYTES));
    let end = text.ceil_char_boundary(figure.end.saturating_add(BYTES).min(text.len()));
    let cut_start = text[start..figure.start].find(char::is_whitespace).map_or(figure.start, |at| start + at);
    let cut_end = text[figure.end..end].rfind(char::is_whitespace).map_or(figure.end, |at| figure.end + at);
    let start = if start <= sentence.start { sentence.start } else { cut_start };
    let end = if end >= sentence.end { sentence.end.max(figure.end) } else { cut_end };
    start..end
}

/// The sentences of a text: they end with a line, or with a stop before a capital, a digit or a
/// quote. The dot behind an initial is no stop, behind the unit of a figure it is: "5 т. Экспорт".
fn sentences(text: &str, figures: &[Figure]) -> Vec<Range<usize>> {
    let ends_figure = |at: usize| {
        let next = figures.partition_point(|figure| figure.span.end < at);
        figures
            .get(next)
            .is_some_and(|figure| figure.span.end <= at + 1 && figure.mention.quantity.unit.is_some())
    };
    let mut sentences = Vec::new();
    let mut start = 0;
    let (mut stopped, mut spaced, mut letters) = (false, false, 0);
    for (at, c) in text.char_indices() {
        let begins = c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '«' | '„');
        if (stopped && spaced && begins) || text[..at].ends_with('\n') {
            sentences.push(start..at);
            start = at;
        }
        match c {
            '!' | '?' | '…' => stopped = true,
            '.' => stopped = letters != 1 || ends_figure(at),
            '"' | '”' | '»' | ')' | '’' if !spaced => {}
            _ if c.is_whitespace() => {}
            _ => stopped = false,
        }
        spaced = c.is_whitespace();
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
    }
    sentences.push(start..text.len());
    sentences
}

fn distance(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.start.saturating_sub(other.end).max(other.start.saturating_sub(one.end))
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
