//! Cuts a text into numbers, words and marks, and gives each word or phrase its role in the grammar
//! from the languages' tables. What the roles mean together is the grammar's.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::labels::{expanded, labels};
use crate::language::{Language, Languages};
use crate::quantity::physical_units;

/// Declares the roles with their names in the tables.
macro_rules! roles {
    ($($role:ident = $name:literal,)+) => {
        /// What a word does in the grammar of periods.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Role { $($role,)+ }

        impl Role {
            fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Role::$role),)+ _ => None }
            }
        }
    };
}

roles! {
    Month = "month", Season = "season", SeasonIfYear = "season_us", Weekday = "weekday",
    Ordinal = "ordinal", Cardinal = "cardinal", Roman = "roman",
    Day = "day", Week = "week", MonthUnit = "month_unit", Quarter = "quarter", Half = "half",
    Year = "year", Decade = "decade", Century = "century",
    QuarterLetter = "quarter_letter", HalfLetter = "half_letter", MonthLetter = "month_letter",
    Fiscal = "fiscal", FiscalYear = "fiscal_year", AcademicYear = "academic_year",
    Of = "of", The = "the", From = "from", Since = "since", To = "to", Until = "until", By = "by",
    Before = "before", After = "after", Between = "between", And = "and", Onwards = "onwards",
    AsOf = "as_of", On = "on", In = "in", Start = "start", Middle = "middle", End = "end",
    Early = "early", Mid = "mid", Late = "late", Last = "last", This = "this", Next = "next",
    Ago = "ago", BeforeLast = "before_last", AfterNext = "after_next", Rest = "rest", ToDate = "to_date", YearToDate = "year_to_date", Today = "today", Tens = "tens",
    Suffix = "suffix", Inferred = "inferred", Filler = "filler", Era = "era",
    ThisYear = "this_year", YearBase = "year_base", Backwards = "backwards", Ending = "ending", TenDays = "ten_days",
    Third = "third", Dated = "dated", Compared = "compared", YearEnding = "year_ending", WeekLetter = "week_letter", MonthOrVerb = "month_or_verb",
    Circa = "circa", CommonEra = "common_era", Clock = "clock", TimeOfDay = "time_of_day", Street = "street", Weekend = "weekend",
    Lasting = "lasting", Scheduled = "scheduled", Campaign = "campaign", Dating = "dating", Plain = "plain", Possessive = "possessive", NamedQuarter = "named_quarter", Estimate = "estimate", Same = "same",
    Quantity = "quantity", Counted = "counted",
}

/// Declares the traits with their names in the tables, and their codes above every number.
macro_rules! traits {
    ($($sort:ident = $name:literal,)+) => {
        /// What a word says besides its role; the heads of the tables tell what each means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Trait { $($sort,)+ }

        impl Trait {
            fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Trait::$sort),)+ _ => None }
            }

            /// What stands for it in a token, where a number may stand too.
            pub(super) const fn code(self) -> u8 {
                HIGHEST_NUMBER + 1 + self as u8
            }
        }
    };
}

/// The highest number that a word of the tables has is 90.
const HIGHEST_NUMBER: u8 = 99;

traits! {
    Plural = "plural", Abbreviated = "abbreviated", Since = "since", Until = "until", AsOfDay = "as_of_day",
    Onwards = "onwards", Letter = "letter", Century = "century", ThisYear = "this_year", NoStart = "no_start",
    NoDeadline = "no_deadline", NoLength = "no_length", DuringMonths = "during_months", LastDay = "last_day",
    NamesYear = "names_year", FirstAlone = "first_alone", SecondAlone = "second_alone", UpToToday = "up_to_today", BeforeLast = "before_last",
    DecadeToo = "decade_too", DecadeOnly = "decade_only", Inclusive = "inclusive", Whole = "whole",
    Currency = "currency", YearBefore = "year_before", BehindPeriod = "behind_period",
    Hedge = "hedge", BeforeDay = "before_day", Elapsed = "elapsed", Begins = "begins", Ends = "ends",
    Counting = "counting", Genitive = "genitive", Dialled = "dialled", OfYear = "of_year", ByMeasure = "by_measure", Tallying = "tallying",
}

/// What stands at one place of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Up to nine digits: their value and how many they are.
    Number(u32, u8),
    /// A word or phrase of the tables, with its number or the code of its trait; 0 where it has none.
    Word(Role, u8),
    /// A word that the tables do not hold.
    Unknown,
    /// A mark, every hyphen and underscore as `-` and every apostrophe as `'`; `–` for the longer dashes.
    Mark(char),
}

/// One piece of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset behind its last character.
    pub(super) end: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether its first character is one of ASCII.
    pub(super) ascii: bool,
}

/// What a form means in a language: its role, and its number or the code of its trait.
type Meaning = (Role, u8);

/// The words and phrases of both languages.
struct Tables {
    /// The meaning of a form in each language.
    meanings: HashMap<&'static str, [Option<Meaning>; Language::ALL.len()], FixedState>,
    /// How many words the longest phrase has that begins with a word; nothing where none does.
    longest: HashMap<&'static str, u8, FixedState>,
    /// How words end that digits before them count.
    counted_endings: Vec<(&'static str, Language)>,
}

/// Makes the tables, if they are not made yet.
pub(crate) fn load() {
    LazyLock::force(&TABLES);
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        meanings: HashMap::with_capacity_and_hasher(EXPECTED_FORMS, FixedState::default()),
        longest: HashMap::default(),
        counted_endings: Vec::new(),
    };
    for (language, table) in [(Language::En, include_str!("en.tsv")), (Language::Ru, include_str!("ru.tsv"))]
    {
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let mut cells = row.split('\t');
            let (Some(words), Some(role)) = (cells.next(), cells.next()) else { continue };
            if role == COUNTED_ENDING {
                tables.counted_endings.extend(words.split(';').map(|ending| (ending, language)));
                continue;
            }
            let (Some(role), Some(number)) = (Role::parse(role), number_of(cells.next())) else { continue };
            for form in forms(words) {
                tables.add(form, language, (role, number));
            }
        }
    }
    tables.add_labels();
    tables.add_units();
    tables
});

impl Tables {
    /// Gives a form its meaning; the first row of a language says it.
    fn add(&mut self, form: &'static str, language: Language, meaning: Meaning) {
        let held = &mut self.meanings.entry(form).or_default()[language as usize];
        *held = held.or(Some(meaning));
        self.measure(form);
    }

    /// The labels of numbers that are no words of time; a letter alone may be a preposition.
    fn add_labels(&mut self) {
        for (language, form) in labels() {
            self.add_unless_held(&form, Role::Quantity, language);
        }
    }

    /// The physical units of the grammar of figures, which count: "2010 km", "1985 ккал". Of several words
    /// they could hold words of time: "м кв." of "3-м кв. 2024".
    fn add_units(&mut self) {
        for (language, form) in physical_units() {
            self.add_unless_held(&form, Role::Counted, language);
        }
    }

    /// Gives a form of another table its role, unless it is a word of time.
    fn add_unless_held(&mut self, form: &str, role: Role, language: Language) {
        let words = form.trim_end_matches('.').to_lowercase();
        // Marks that are not of ASCII stand in no word of a text either.
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii() || byte == b' ';
        let is_word = words.chars().nth(1).is_some() && words.bytes().all(is_letter);
        let is_held = self.meanings.get(&*words).is_some_and(|held| held[language as usize].is_some());
        if is_word && !is_held {
            self.add(words.leak(), language, (role, 0));
        }
    }

    /// Remembers how long a phrase is.
    fn measure(&mut self, words: &'static str) {
        let Some((first, rest)) = words.split_once(' ') else { return };
        let count = u8::try_from(rest.split(' ').count() + 1).unwrap_or(u8::MAX);
        let longest = self.longest.entry(first).or_insert(1);
        *longest = count.max(*longest);
    }
}

/// The words and phrases of a cell of the tables: `;` stands between them, alternatives in braces.
fn forms(cell: &'static str) -> Vec<&'static str> {
    let mut forms = Vec::new();
    for pattern in cell.split(';') {
        match pattern.split_once('{') {
            None => forms.push(pattern),
            Some((stem, endings)) => match endings.split_once('}') {
                Some((endings, "")) => forms.extend(endings.split(',').map(|ending| joined(stem, ending))),
                _ => forms.extend(expanded(pattern).map(|form| &*form.leak())),
            },
        }
    }
    forms
}

/// A form that lives as long as the tables do.
fn joined(stem: &str, ending: &str) -> &'static str {
    let mut form = String::with_capacity(stem.len() + ending.len());
    form.push_str(stem);
    form.push_str(ending);
    form.leak()
}

/// What the third cell of a row says: a number, the name of one, or the code of a trait.
fn number_of(cell: Option<&str>) -> Option<u8> {
    let Some(cell) = cell else { return Some(0) };
    let named = || NAMED_NUMBERS.iter().find(|(name, _)| *name == cell).map(|(_, number)| *number);
    cell.parse().ok().or_else(named).or_else(|| Trait::parse(cell).map(Trait::code))
}

/// Numbers that the tables name: seasons, days around today, and centuries by their first two digits.
const NAMED_NUMBERS: [(&str, u8); 12] = [
    ("winter", 0),
    ("spring", 1),
    ("summer", 2),
    ("autumn", 3),
    ("same_day", 0),
    ("day_before", 1),
    ("day_after", 2),
    ("two_days_before", 3),
    ("two_days_after", 4),
    ("1800", 18),
    ("1900", 19),
    ("2000", 20),
];

/// Room for the forms of both languages.
const EXPECTED_FORMS: usize = 4500;

/// The role in the tables of an ending, which is no word.
const COUNTED_ENDING: &str = "counted_ending";

/// Letters that must stand before the ending of a counted word.
const SHORTEST_STEM: usize = 3;

/// Longer words are in no table.
const LONGEST_WORD: usize = 40;

/// The tokens of `text`.
pub(super) fn tokens(text: &str, languages: Languages) -> Vec<Token> {
    let cut = cut(text);
    name(&cut, languages)
}

/// A text cut into pieces, words without their roles.
struct Cut {
    tokens: Vec<Token>,
    /// The words in lower case with single spaces between them, so that a phrase is one slice.
    lower: String,
    /// Where each token stands in `lower`; empty for tokens that are no words.
    places: Vec<(u32, u32)>,
}

fn cut(text: &str) -> Cut {
    let mut cut = Cut {
        tokens: Vec::with_capacity(text.len() / 4 + 2),
        lower: String::with_capacity(text.len() + 8),
        places: Vec::with_capacity(text.len() / 4 + 2),
    };
    let mut spaced = true;
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}') {
            spaced = true;
            continue;
        }
        let mut end = start + c.len_utf8();
        let place = cut.lower.len();
        let kind = if c.is_ascii_digit() {
            let (mut value, mut digits) = (u32::from(c as u8 - b'0'), 1_u8);
            while let Some((at, next)) = rest.next_if(|(_, next)| next.is_ascii_digit()) {
                end = at + 1;
                value = value.wrapping_mul(10).wrapping_add(u32::from(next as u8 - b'0'));
                digits = digits.saturating_add(1);
            }
            if digits <= 9 { Kind::Number(value, digits) } else { Kind::Unknown }
        } else if c.is_alphabetic() {
            push_lower(c, &mut cut.lower);
            while let Some((at, next)) = rest.next_if(|(_, next)| next.is_alphabetic() || is_joiner(*next)) {
                end = at + next.len_utf8();
                push_lower(next, &mut cut.lower);
            }
            cut.lower.push(' ');
            Kind::Unknown
        } else {
            mark(c)
        };
        let length = cut.lower.len().saturating_sub(place + 1);
        cut.places.push((place as u32, length as u32));
        cut.tokens.push(Token { start, end, kind, spaced, capital: c.is_uppercase(), ascii: c.is_ascii() });
        spaced = false;
    }
    cut
}

/// Soft hyphens and combining marks are inside of words.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}')
}

fn push_lower(c: char, lower: &mut String) {
    match c {
        'ё' | 'Ё' => lower.push('е'),
        _ if is_joiner(c) => {}
        _ if c.is_ascii() => lower.push(c.to_ascii_lowercase()),
        _ => lower.extend(c.to_lowercase()),
    }
}

fn mark(c: char) -> Kind {
    Kind::Mark(match c {
        '-' | '_' | '\u{2010}' | '\u{2011}' | '\u{2043}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2012}'..='\u{2015}' | '\u{2212}' | '~' | '\u{2e3a}' | '\u{2e3b}' => '–',
        '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
        other => other,
    })
}

/// Gives words their roles; the tokens of a phrase become one.
fn name(cut: &Cut, languages: Languages) -> Vec<Token> {
    let tables = &*TABLES;
    let mut named = Vec::with_capacity(cut.tokens.len());
    let mut at = 0;
    while let Some(token) = cut.tokens.get(at) {
        let (place, length) = cut.places[at];
        let word = &cut.lower[place as usize..(place + length) as usize];
        if word.is_empty() || word.len() > LONGEST_WORD {
            named.push(*token);
            at += 1;
            continue;
        }
        let longest = tables.longest.get(word).copied().unwrap_or(0);
        let phrase = (longest > 1).then(|| phrase(cut, at, longest, languages)).flatten();
        let (last, kind) = phrase.unwrap_or_else(|| (at, meaning(word, languages)));
        let kind = match kind {
            Kind::Word(Role::MonthOrVerb, month)
                if token.capital || in_date(&named, cut.tokens.get(at + 1)) =>
            {
                Kind::Word(Role::Month, month)
            }
            Kind::Word(Role::MonthOrVerb, _) => Kind::Unknown,
            Kind::Unknown if is_counted(&named, token, word, languages) => Kind::Word(Role::Counted, 0),
            kind => kind,
        };
        named.push(Token { end: cut.tokens[last].end, kind, ..*token });
        at = last + 1;
    }
    named
}

/// Whether `word` ends as words do that the digits right before them count: "в 2024 школах".
fn is_counted(before: &[Token], token: &Token, word: &str, languages: Languages) -> bool {
    let behind_digits = matches!(before.last(), Some(Token { kind: Kind::Number(..), spaced: true, .. }));
    let ends = |(ending, language): &(&str, Language)| {
        let stem = word.strip_suffix(ending).filter(|_| languages.contains(*language));
        stem.is_some_and(|stem| stem.chars().count() >= SHORTEST_STEM)
    };
    behind_digits && !token.capital && TABLES.counted_endings.iter().any(ends)
}

/// Whether a word between what was named before it and `next` can be a month without its capital.
fn in_date(before: &[Token], next: Option<&Token>) -> bool {
    let leads = before.last().is_none_or(|token| match token.kind {
        Kind::Number(..) | Kind::Mark(_) => true,
        Kind::Word(role, _) => {
            !matches!(role, Role::Last | Role::This | Role::Next | Role::Filler | Role::Counted)
        }
        Kind::Unknown => false,
    });
    leads || next.is_some_and(|token| matches!(token.kind, Kind::Number(..)))
}

/// The longest phrase of the tables that begins at `at`, of up to `longest` words: its last token
/// and its role. Hyphens may stand between its words.
fn phrase(cut: &Cut, at: usize, longest: u8, languages: Languages) -> Option<(usize, Kind)> {
    let start = cut.places[at].0 as usize;
    let mut found = None;
    let mut words = 0;
    for (index, token) in cut.tokens.iter().enumerate().skip(at).take(2 * usize::from(longest)) {
        let (place, length) = cut.places[index];
        match token.kind {
            _ if length > 0 => words += 1,
            Kind::Mark('-' | '.' | '/') if !token.spaced => continue,
            _ => break,
        }
        if words > longest {
            break;
        }
        if words > 1 {
            let kind = meaning(&cut.lower[start..(place + length) as usize], languages);
            if kind != Kind::Unknown {
                found = Some((index, kind));
            }
        }
    }
    found
}

fn meaning(words: &str, languages: Languages) -> Kind {
    let held = TABLES.meanings.get(words);
    let mut spoken = Language::ALL.into_iter().filter(|language| languages.contains(*language));
    held.and_then(|held| spoken.find_map(|language| held[language as usize]))
        .map_or(Kind::Unknown, |(role, number)| Kind::Word(role, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        for table in [include_str!("en.tsv"), include_str!("ru.tsv")] {
            let is_word = |row: &&str| !row.starts_with('#') && !row.contains(COUNTED_ENDING);
            for row in table.lines().filter(is_word) {
                for words in forms(row.split('\t').next().unwrap_or_default()) {
                    assert_ne!(meaning(words, Languages::ALL), Kind::Unknown, "{row}");
                }
            }
        }
    }

    #[test]
    fn phrases_are_one_token() {
        let kinds = |text| tokens(text, Languages::ALL).iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("Year-to-date"), [Kind::Word(Role::YearToDate, 0)]);
        assert_eq!(kinds("по состоянию на"), [Kind::Word(Role::AsOf, 0)]);
        assert_eq!(
            kinds("1Q24"),
            [Kind::Number(1, 1), Kind::Word(Role::QuarterLetter, 0), Kind::Number(24, 2)]
        );
    }
}
