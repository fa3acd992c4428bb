//! The places that a text names, and which of them a figure is of. What a preposition makes the other
//! side ("imports from Russia") is a partner, a person called Jordan is no place. Words are data.

use std::collections::BTreeMap;
use std::ops::Range;

use model::place::PlaceId;

use super::{is, is_another_s, paragraph_start, remoteness, words};
use crate::evidence::{Figure, Text};
use crate::place::Places;

/// The longest place name that is looked for, in words.
const PLACE_WORDS: usize = 6;

/// How much farther a place is from the figure before it: "Spain invested $5 million in Portugal".
const BEHIND: usize = 40;

/// How much farther a place is from the figure behind its comma: it may be of the figure before.
const COMMA: usize = 60;

/// A place where a text names it.
#[derive(Debug, Clone, Copy)]
struct Named {
    start: usize,
    end: usize,
    place: PlaceId,
    /// What the text is about there, not the other side of it.
    is_subject: bool,
    /// The sentence.
    sentence: usize,
}

/// Where a text names places, in their order.
#[derive(Debug)]
pub(super) struct NamedPlaces {
    named: Vec<Named>,
    /// The place that the whole is about, and the other one where there are two.
    main: (Option<PlaceId>, Option<PlaceId>),
}

impl NamedPlaces {
    /// Looks each run of words that begins with a capital up, the longest first. A code is no name
    /// here, and the country of a currency is not what the text speaks of.
    pub(super) fn find(text: &Text, places: &Places, sentences: &[Range<usize>]) -> Self {
        let (figures, text) = (text.figures(), text.as_str());
        let words = words(text, &(0..text.len()));
        let mut named: Vec<Named> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let next = figures.partition_point(|figure| figure.span.end <= words[at].start);
            let is_figure = figures.get(next).is_some_and(|figure| figure.span.start < words[at].end);
            let found = if is_figure { None } else { longest_name(text, &words, at, places) };
            let Some((length, place)) = found else {
                at += 1;
                continue;
            };
            let (start, end) = (words[at].start, words[at + length - 1].end);
            let sentence = sentences.partition_point(|sentence| sentence.end <= start);
            let is_subject = match named.last() {
                Some(one) if is_joined(text, one.end..start) => false,
                _ => !is_partner(text, &words, at, &text[start..end], places),
            };
            named.push(Named { start, end, place, is_subject, sentence });
            at += length;
        }
        let main = main(&named);
        Self { named, main }
    }

    /// The place that a figure is of, and the other side: of its sentence, of those before it in its
    /// paragraph, or of the whole text.
    pub(super) fn nearest(
        &self,
        text: &Text,
        figure: &Figure,
        sentence: &Range<usize>,
        notes: &mut Vec<&'static str>,
    ) -> (Option<PlaceId>, Option<PlaceId>) {
        let first = self.named.partition_point(|named| named.start < sentence.start);
        let behind = self.named.partition_point(|named| named.start < sentence.end);
        let (reporter, partner) = pair(text, figure, sentence, &self.named[first..behind]);
        if reporter.is_some() {
            return (reporter, partner);
        }
        let paragraph = paragraph_start(text.as_str(), sentence.start);
        let before = self.named[..first].iter().rev().take_while(|named| named.start >= paragraph);
        let last = before.clone().find(|named| named.is_subject && Some(named.place) != partner);
        let of_last = last.map_or(&[][..], |last| {
            let of_sentence = |named: &Named| named.sentence < last.sentence;
            &self.named[self.named.partition_point(of_sentence)..first]
        });
        // Of a list of places none goes on to be what is spoken of.
        let goes_on = last.filter(|last| {
            of_last.iter().all(|named| !named.is_subject || named.place == last.place || of_last.len() == 2)
        });
        let proposed = match goes_on {
            Some(_) => pair(text, figure, sentence, of_last),
            None => self.main,
        };
        let reporter = [proposed.0, proposed.1].into_iter().flatten().find(|place| Some(*place) != partner);
        notes.push(match (partner, reporter) {
            (None, _) => "the sentence names no place: those before it are proposed",
            (Some(_), Some(_)) => "the sentence names one side: the other is proposed",
            (Some(_), None) => "the sentence names one side only",
        });
        (reporter, partner.or(proposed.1).filter(|place| Some(*place) != reporter))
    }
}

/// Of places that stand together the one that a figure is of and the other side, each the nearest. Two
/// subjects are both sides, where there are no more.
fn pair(
    text: &Text,
    figure: &Figure,
    sentence: &Range<usize>,
    named: &[Named],
) -> (Option<PlaceId>, Option<PlaceId>) {
    let is_own = |named: &&Named| !is_another_s(text, &(named.start..named.end), figure, sentence, |_| true);
    let mut order: Vec<&Named> = named.iter().filter(is_own).collect();
    order.sort_by_key(|named| {
        let farther = match text.as_str().get(named.end..figure.span.start) {
            None => BEHIND,
            Some(between) if between.contains(',') => COMMA,
            Some(_) => 0,
        };
        remoteness(text, &(named.start..named.end), figure) + farther
    });
    let first = |is_subject: bool, but: Option<PlaceId>| {
        let fits = |named: &&&Named| named.is_subject == is_subject && Some(named.place) != but;
        order.iter().find(fits).map(|named| named.place)
    };
    let reporter = first(true, None);
    let partner = first(false, reporter).or_else(|| {
        let other = first(true, reporter)?;
        let is_of_two = |named: &&Named| Some(named.place) == reporter || named.place == other;
        named.iter().all(|named| is_of_two(&named)).then_some(other)
    });
    (reporter, partner)
}

/// The place that is the subject most often, where the first sentences count for one more, the first of
/// equals; and the other one, where the text names two.
fn main(named: &[Named]) -> (Option<PlaceId>, Option<PlaceId>) {
    const FIRST: usize = 3;
    let mut counts: BTreeMap<PlaceId, usize> = BTreeMap::new();
    for (index, named) in named.iter().enumerate() {
        let opens = index == 0 && named.sentence < FIRST;
        *counts.entry(named.place).or_default() += usize::from(named.is_subject) + usize::from(opens);
    }
    let count = |named: &&Named| counts.get(&named.place).copied();
    let most = named.iter().rev().max_by_key(count).filter(|named| count(named) > Some(0));
    let reporter = most.map(|named| named.place);
    let mut others = counts.keys().copied().filter(|place| Some(*place) != reporter);
    (reporter, others.next().filter(|_| counts.len() == 2))
}

/// The longest name of a place that begins at a word: how many words, and the place.
fn longest_name(text: &str, words: &[Range<usize>], at: usize, places: &Places) -> Option<(usize, PlaceId)> {
    let is_capital = |word: &Range<usize>| text[word.clone()].starts_with(char::is_uppercase);
    let words_behind = &words[at..];
    if !words_behind.first().is_some_and(is_capital) {
        return None;
    }
    (1..=PLACE_WORDS.min(words_behind.len())).rev().find_map(|length| {
        let span = words_behind[0].start..words_behind[length - 1].end;
        if text[span.clone()].contains('\n') || !is_capital(&words_behind[length - 1]) {
            return None;
        }
        let name = text[span].trim_end_matches("'s").trim_end_matches("’s");
        let place = places.find(name)?;
        let is_code = name.len() < 3 || name == places.get(place).code;
        // "World" is a group, and a part of "World Youth Festival".
        let goes_on = words_behind.get(length).is_some_and(is_capital);
        let is_part = places.get(place).alpha2.is_none() && goes_on;
        let is_person = length == 1 && is_person(text, words, at);
        (!is_code && !is_part && !is_person).then_some((length, place))
    })
}

/// Whether a name of one word is a person's: behind a title, or beside another name where it is one that
/// people bear: "Mr Jordan", "Chad Kroeger", "Michael Jordan".
fn is_person(text: &str, words: &[Range<usize>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    if before.is_some_and(|title| is("title", &text[title.clone()])) {
        return true;
    }
    let is_beside = |one: &Range<usize>, other: &Range<usize>| &text[one.end..other.start] == " ";
    let is_capital = |word: &Range<usize>| text[word.clone()].starts_with(char::is_uppercase);
    let opens =
        |word: &Range<usize>| !text[..word.start].ends_with(|c: char| c == ' ' || c.is_alphanumeric());
    let follows = before.is_some_and(|name| is_capital(name) && is_beside(name, &words[at]) && !opens(name));
    let leads = words.get(at + 1).is_some_and(|name| is_capital(name) && is_beside(&words[at], name));
    is("given", &text[words[at].clone()]) && (follows || leads)
}

/// Whether only a joint stands between two names: the second goes with the first.
fn is_joined(text: &str, between: Range<usize>) -> bool {
    is("joint", text[between].trim())
}

/// Whether a name is the other side of what its sentence is about, by the words before it.
fn is_partner(text: &str, words: &[Range<usize>], at: usize, name: &str, places: &Places) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| &text[word.clone()]);
    let is_beside = |at: usize| text[words[at - 1].end..words[at].start].trim().is_empty();
    let mut led = at;
    while led > 0 && is_beside(led) && is("skipped", word(led - 1)) {
        led -= 1;
    }
    if led == 0 || !is_beside(led) {
        return false;
    }
    let is_cited = led > 1 && is("cited", word(led - 2));
    match word(led - 1) {
        preposition if is("partner", preposition) => !is_cited,
        preposition if is("motion", preposition) => is_accusative(name, places),
        _ => false,
    }
}

/// Whether a Russian name stands in the accusative, as far as its form tells: "в Китай", "в Россию".
fn is_accusative(name: &str, places: &Places) -> bool {
    let last = name.chars().next_back().unwrap_or_default();
    let is_vowel = "аеёиоуыэюя".contains(last.to_lowercase().next().unwrap_or(last));
    if places.is_spelt(name) { !is_vowel } else { matches!(last, 'ю' | 'у') }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Reading;

    /// Reporter and partner of each figure.
    fn sides(original: &str) -> Vec<String> {
        let text = Text::new("case", original, Reading::default());
        let drafts = super::super::draft(&text, &Places::builtin());
        let code = |code: Option<String>| code.unwrap_or("-".to_owned());
        drafts.into_iter().map(|d| format!("{} {}", code(d.reporter), code(d.partner))).collect()
    }

    #[test]
    fn the_sides_of_a_figure_are_told_by_their_words() {
        let cases: &[(&str, &[&str])] = &[
            ("Mongolia's coal exports to China rose to 31.7 million tonnes.", &["MNG CHN"]),
            ("Mongolia is large. Imports from Russia reached $2.6 billion.", &["MNG RUS"]),
            ("Imports from Russia reached $2.6 billion.", &["- RUS"]),
            ("According to Kenya, exports were $5 million.", &["KEN -"]),
            ("Trade between Portugal and Chile was $3 million.", &["PRT CHL"]),
            ("Spain invested $5 million in Portugal.", &["ESP PRT"]),
            ("Mr Jordan led the bank when 36 million tonnes were shipped.", &["- -"]),
            ("Chad Kroeger sings in a band that sold 50 million records.", &["- -"]),
            ("The player Michael Jordan paid $5 million.", &["- -"]),
            ("In Jordan, $5 million was paid.", &["JOR -"]),
            ("Товарооборот Казахстана с Китаем составил 22,1 млрд долларов.", &["KAZ CHN"]),
            ("Узбекистан поставил в Китай 5 млн тонн, в Россию — 3 млн тонн.", &["UZB CHN", "UZB RUS"]),
            ("В Китае добыто 5 млн тонн.", &["CHN -"]),
            (
                "Moldova exports wine: 24 million litres to Romania, 14 million litres to Poland.",
                &["MDA ROU", "MDA POL"],
            ),
            (
                "Peru grew.\nChina invested $5 million, Japan $3 million and Italy $2 million.\n\nPeru spent it.\n\nPower cost $7 million.",
                &["CHN -", "JPN -", "ITA -", "PER -"],
            ),
            (
                "Remittances to Moldova were $5 million.\n\nThe average pension is 200 dollars.",
                &["- MDA", "MDA -"],
            ),
            ("Трансферты Сербии и Кипра выросли.\n\nКомпании вложили в Сербию 5 млн евро.", &["CYP SRB"]),
            ("Moscow and Astana agreed on $30 billion.", &["- -"]),
            (
                "Georgia grew. Imports rose 3 % to $4 million, of which Turkey sent $2 million, Chile $1 million and Peru $1 million.",
                &["GEO -", "GEO -", "TUR -", "CHL -", "PER -"],
            ),
            (
                "Georgia grew.\nPeru took $3 million, Chile $2 million and Kenya $1 million. Fees fell to $5 million.",
                &["PER -", "CHL -", "KEN -", "GEO -"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(sides(text), *expected, "{text}");
        }
    }
}
