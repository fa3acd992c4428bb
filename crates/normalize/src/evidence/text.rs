//! Source texts, ready to be searched: where a phrase stands, and what stands nearest to one that
//! does not. Which figures a text holds is read here once; whether they agree with a row is not.

use std::ops::Range;

use chrono::NaiveDate;
use memchr::memmem;
use model::period::Period;
use model::unit::Unit;
use sha2::{Digest, Sha256};

use super::Reading;
use super::fold::{Clean, Folded, clean, fold};
use super::lines::Lines;
use super::passage;
use crate::language::{Language, Languages};
use crate::period;
use crate::quantity::Mention;

/// The text of a source.
#[derive(Debug, Clone)]
pub struct Text {
    source_id: String,
    sha256: String,
    reading: Reading,
    lines: Lines,
    /// The text as a reader sees it; spans of words and figures are spans of this.
    clean: Clean<'static>,
    folded: Folded,
    figures: Vec<Figure>,
    /// The number of each figure among those that count.
    numbers: Vec<Option<usize>>,
}

/// A place in a source's text as the file holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The first character, in Unicode scalars from 0.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
    /// The line of the first character, from 1.
    pub line: usize,
    /// Its column in Unicode scalars, from 1.
    pub column: usize,
}

/// A figure that a text states.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// Where it stands in the clean text.
    pub(crate) span: Range<usize>,
    /// What it says.
    pub(crate) mention: Mention,
    /// What else its unit may be: money that several states call by this name.
    pub(crate) namesakes: &'static [Unit],
}

/// A phrase, ready to be looked for.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    folded: Folded,
    /// The figures that are read from it alone, and the words of it in which each stands.
    pub(super) figures: Vec<(Figure, Range<usize>)>,
    /// The phrase as a reader sees it.
    pub(super) clean: String,
}

/// One place of a phrase in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The text's word at which it begins.
    pub(super) word: usize,
    /// Where it stands in the clean text.
    pub(super) span: Range<usize>,
}

/// The passage of a text that is most like a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    /// Its line, from 1.
    pub(super) line: usize,
    /// Its words.
    pub(super) words: String,
    /// Where it differs in one word only: the phrase's word, and the passage's.
    pub(super) one_word: Option<(String, String)>,
}

impl Text {
    /// Makes the text of a source ready. `original` is the file's content; its figures are read
    /// here, once, in time linear in its length.
    pub fn new(source_id: &str, original: &str, reading: Reading) -> Self {
        let clean = clean(original).into_owned();
        let folded = fold(&clean.text);
        let figures = reading.figures(&clean.text);
        let numbers = numbers(&clean.text, &figures, reading.languages);
        Self {
            source_id: source_id.to_owned(),
            sha256: sha256(original),
            reading,
            lines: Lines::new(original),
            clean,
            folded,
            figures,
            numbers,
        }
    }

    /// The source whose text it is.
    pub fn source_id(&self) -> &str {
        &self.source_id
    }

    /// The SHA-256 of the text's bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Where a phrase stands first, whatever its white space, case, quotes and dashes; whole words
    /// only: "3 billion" does not stand in "13 billion". Linear in the text.
    pub fn find(&self, phrase: &str) -> Option<Position> {
        let phrase = Phrase::new(phrase, self.reading);
        self.occurrences(&phrase).next().map(|occurrence| self.position(&occurrence.span))
    }

    /// Every place of a phrase, in order and apart.
    pub(super) fn occurrences(&self, phrase: &Phrase) -> impl Iterator<Item = Occurrence> {
        let length = phrase.folded.words.len();
        let found: Vec<usize> = match length {
            0 => Vec::new(),
            _ => memmem::find_iter(self.folded.text.as_bytes(), phrase.folded.text.as_bytes()).collect(),
        };
        found.into_iter().filter_map(move |at| {
            let word = self.folded.words.binary_search_by_key(&at, |word| word.folded).ok()?;
            Some(Occurrence { word, span: self.words(word..word + length)? })
        })
    }

    /// The span of some words; `None` where there are none.
    pub(super) fn words(&self, words: Range<usize>) -> Option<Range<usize>> {
        Some(self.folded.words.get(words.start)?.start..self.folded.words[..words.end].last()?.end)
    }

    /// The figures of the text, in their order; dates, ordinals and lengths of time are none.
    pub(crate) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// The number of a figure among those that count, from 0; `None` where it only recalls things
    /// already counted: "the two sides".
    pub(crate) fn number(&self, figure: usize) -> Option<usize> {
        self.numbers.get(figure).copied().flatten()
    }

    /// How many figures count.
    pub(crate) fn count(&self) -> usize {
        self.numbers.iter().flatten().count()
    }

    /// The figures that share a character with a span, by their index.
    pub(crate) fn figures_within(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.figures.partition_point(|figure| figure.span.end <= span.start);
        let length = self.figures[first..].iter().take_while(|figure| figure.span.start < span.end).count();
        first..first + length
    }

    /// The periods of the text, in their order; `None` for one that only the text's day would tell, where nobody says
    /// that: "last year".
    pub(crate) fn periods(&self) -> Vec<(Option<Period>, Range<usize>)> {
        let Reading { languages, anchor, .. } = self.reading;
        let find = |anchor| period::find(&self.clean.text, languages, anchor);
        let known = find(anchor);
        let known_at = |span: &Range<usize>| {
            let found = known.get(known.partition_point(|found| found.start < span.start))?;
            (found.start == span.start && found.end == span.end).then_some(found.value)
        };
        // On any day all of them can be read.
        let spans =
            find(anchor.or(Some(NaiveDate::default()))).into_iter().map(|found| found.start..found.end);
        spans.map(|span| (known_at(&span), span)).collect()
    }

    /// Whether a phrase stands in more than one place.
    pub(crate) fn stands_again(&self, phrase: &str) -> bool {
        self.occurrences(&Phrase::new(phrase, self.reading)).nth(1).is_some()
    }

    /// How the text is read.
    pub(crate) fn reading(&self) -> Reading {
        self.reading
    }

    /// The clean text.
    pub(crate) fn as_str(&self) -> &str {
        &self.clean.text
    }

    /// Where a span of the clean text lies in the file.
    pub(crate) fn position(&self, span: &Range<usize>) -> Position {
        self.lines.position(self.clean.original(span.start), self.clean.original(span.end))
    }

    /// The passage that shares most words with a phrase, where it shares at least half of them.
    pub(super) fn nearest(&self, phrase: &Phrase) -> Option<Passage> {
        let found = passage::nearest(&self.folded, &phrase.folded)?;
        let span = self.words(found.words)?;
        let words = self.as_str()[span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Passage { line: self.position(&span).line, words, one_word: found.one_word })
    }
}

/// Words of each language after which a number in words recalls things already counted.
const DETERMINERS: &str = include_str!("determiners.tsv");

/// Numbers the figures that count.
fn numbers(text: &str, figures: &[Figure], languages: Languages) -> Vec<Option<usize>> {
    let rows = DETERMINERS.lines().filter_map(|line| line.split_once('\t'));
    let spoken = |tag: &str| Language::parse(tag).is_some_and(|language| languages.contains(language));
    let determiners: Vec<&str> =
        rows.filter(|(tag, _)| spoken(tag)).flat_map(|(_, words)| words.split_whitespace()).collect();
    let recalls = |figure: &Figure| {
        let before = text[..figure.span.start].trim_end();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        figure.mention.quantity.unit == Some(Unit::COUNT)
            && text[figure.span.clone()].starts_with(char::is_alphabetic)
            && determiners.contains(&word.to_lowercase().as_str())
    };
    let mut next = 0;
    let mut number = |figure| {
        let number = (!recalls(figure)).then_some(next);
        next += usize::from(number.is_some());
        number
    };
    figures.iter().map(&mut number).collect()
}

impl Phrase {
    /// Folds a phrase, and reads its figures.
    pub(super) fn new(phrase: &str, reading: Reading) -> Self {
        let clean = clean(phrase).text.into_owned();
        let folded = fold(&clean);
        let words = |span: &Range<usize>| {
            let first = folded.words.partition_point(|word| word.end <= span.start);
            first..folded.words.partition_point(|word| word.start < span.end)
        };
        let figures = reading.figures(&clean).into_iter().map(|figure| (words(&figure.span), figure));
        let figures = figures.map(|(words, figure)| (figure, words)).collect();
        Self { folded, figures, clean }
    }

    /// Whether a word of the phrase holds a whole number by its digits, as "FY2012" does.
    pub(super) fn has_number(&self, number: &str) -> bool {
        let holds = |word: &str| word.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == number);
        (0..self.folded.words.len()).any(|index| holds(self.folded.word(index)))
    }
}

/// The SHA-256 of a text's bytes, in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    use std::fmt::Write;
    let mut hexadecimal = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}
