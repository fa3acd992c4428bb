//! Whether four digits are a year: what stands around them tells a year from a count, a piece of a
//! longer number, and a name.

use super::super::words::{Kind, Role, Trait};
use super::Points;
use super::years::YEARS;

/// Numbers that are read as years where no word says so.
pub(super) const LIKELY_YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// No years with a slash between them are further apart.
const LONGEST_WITH_SLASH: u32 = 30;

/// No life or reign that is written as two years is longer.
const LONGEST_AGE: u32 = 120;

/// In brackets two years may be those of a state or a dynasty.
const LONGEST_RULE: u32 = 700;

/// Numbers that are a year where they stand by themselves between marks: "Hamlet (1603)", "menu cards, 1893;".
const PRINTED_YEARS: std::ops::RangeInclusive<u32> = 1400..=1899;

/// The most years of a list before the one that shows what they are.
const MOST_LISTED_YEARS: usize = 6;

/// Tokens of a phone number before its last group.
const LONGEST_PHONE: usize = 10;

impl Points<'_> {
    /// Whether the four digits at `at` are no year; `end` is behind a year's word, if they have one.
    pub(super) fn is_no_year(&self, at: usize, end: usize) -> bool {
        let has_word = end > at + 1;
        let is_ago = self.role(at + 1) == Some(Role::Year) && self.role(at + 2) == Some(Role::Ago);
        if self.is_piece_of_name(at) || is_ago || self.begins_count(at) {
            return true;
        }
        if has_word && self.are_grams(at, end) {
            return true;
        }
        if has_word || self.role(at + 1) == Some(Role::Dated) {
            return false;
        }
        let counts = self.is_counting(at) && !self.is_led_into_sentence(at) && !self.is_of_its_noun(at);
        if counts
            || self.is_house_number(at)
            || self.is_glued_to_word(at + 1)
            || self.begins_longer_number(at)
        {
            return true;
        }
        match at.checked_sub(1) {
            Some(before) => self.is_told_as_number(at, self.word_before(before)),
            None => self.is_unlikely(at),
        }
    }

    /// Whether the four digits at `at` are no year where nothing around them says so.
    fn is_unlikely(&self, at: usize) -> bool {
        self.digits(at).is_none_or(|(value, _)| !LIKELY_YEARS.contains(&value))
            && !self.stands_between_marks(at)
            && !self.leads_to_listed_year(at)
            && !self.is_of_a_name(at)
            && !self.begins_years(at)
            && !at.checked_sub(2).is_some_and(|first| self.begins_years(first))
    }

    /// The word that the mark at `before` follows, if it is its dot or the colon behind a label; else `before`.
    fn word_before(&self, before: usize) -> usize {
        let word = if self.mark(before) == Some('.') && !self.spaced(before) {
            before.saturating_sub(1)
        } else {
            before
        };
        // "Код подтверждения: 1941".
        if self.mark(word) == Some(':') { self.label_before(word) } else { word }
    }

    /// Whether the word at `before` makes a number of the digits at `at`.
    fn is_told_as_number(&self, at: usize, before: usize) -> bool {
        let unlikely = self.is_unlikely(at);
        let is_between = self.role(before) == Some(Role::And)
            && before.checked_sub(2).is_some_and(|first| self.role(first) == Some(Role::Between));
        let is_told_in_unit = before + 2 == at && self.role(before) == Some(Role::Counted);
        let is_signed = matches!(self.mark(before), Some('№' | '#' | '$' | '€' | '£' | '₽'));
        match self.role(before) {
            _ if is_between => false,
            _ if is_signed || is_told_in_unit => true,
            Some(Role::Estimate) if self.mark(at - 1) == Some('.') => true,
            Some(Role::Counted) if self.says(before, Trait::Currency) => true,
            Some(Role::Counted) if before + 1 < at && !self.is_number_before(before) => true,
            _ if self.says(before, Trait::Tallying) && self.is_plain_word(at + 1) => true,
            Some(Role::Dating) => unlikely && self.goes_on_in_words(at),
            Some(Role::Quantity) if self.says(before, Trait::NoDeadline) => unlikely,
            Some(Role::Quantity) if self.says(before, Trait::Hedge) => {
                unlikely || !self.is_time_before(before) && !self.stands_as_year(self.behind_range(at))
            }
            Some(Role::Quantity) => {
                let led = before.checked_sub(1).and_then(|lead| self.role(lead)).is_some_and(leads_to_year);
                unlikely || !led
            }
            Some(role) if leads_to_year(role) => {
                self.is_share(at) || self.is_round_count(at) || self.ends_labelled_range(at)
            }
            _ => {
                unlikely
                    || self.counts_by_script(at)
                    || self.ends_labelled_range(at)
                    || self.is_serial(at)
                    || self.is_group(at)
            }
        }
    }

    /// Whether a word before the one at `at` is of time alone: "since about 2016".
    fn is_time_before(&self, at: usize) -> bool {
        let lead = at.checked_sub(1).and_then(|lead| self.role(lead));
        matches!(lead, Some(Role::Since | Role::Until | Role::Before | Role::After))
    }

    /// Whether words follow that the number may count: "built 1789 miles of".
    fn goes_on_in_words(&self, at: usize) -> bool {
        matches!(self.kind(at + 1), Some(Kind::Unknown | Kind::Number(..) | Kind::Word(Role::Counted, _)))
    }

    /// Whether the letter behind the number at `at` is of grams: "возьмите 2000 г муки".
    fn are_grams(&self, at: usize, end: usize) -> bool {
        let is_letter = end == at + 2 && self.is_abbreviation(at + 1) && self.says(at + 1, Trait::NoDeadline);
        let is_round = self.digits(at).is_some_and(|(value, _)| value.is_multiple_of(100));
        let is_led = at > 0 && self.role(at - 1).is_some_and(leads_to_year);
        is_letter && is_round && !is_led && self.is_plain_word(end)
    }

    /// The label before a colon, and before one word more that is not of ASCII; else the colon.
    fn label_before(&self, colon: usize) -> usize {
        let is_label = |at: usize| match self.role(at) {
            Some(Role::Quantity) => !self.says_more(at),
            role => role == Some(Role::Dating),
        };
        let word = colon.saturating_sub(1);
        let is_genitive = self.kind(word) == Some(Kind::Unknown) && !self.is_ascii(word);
        match word.checked_sub(1).filter(|&label| is_genitive && is_label(label)) {
            Some(label) => label,
            None if is_label(word) || self.is_unit_of_number(word) => word,
            None => colon,
        }
    }

    /// Whether the word before a colon is the unit of the one number behind: "tonnes: 1931". A list may
    /// be of years.
    fn is_unit_of_number(&self, unit: usize) -> bool {
        let is_listed = self.mark(unit + 3) == Some(',') && self.spaced(unit + 4);
        let has_value = self.digits(unit + 3).is_some();
        self.role(unit) == Some(Role::Counted) && !is_listed && !has_value
    }

    /// Whether a number of so many is told: "15 of 2000 voters".
    fn is_share(&self, at: usize) -> bool {
        let is_of = at > 1 && self.role(at - 1) == Some(Role::Of) && self.spaced(at - 2);
        is_of && self.digits(at - 2).is_some() && self.is_plain_word(at + 1)
    }

    /// Whether a round number stands before a word in another script than Latin: "в 2000 слов".
    fn is_round_count(&self, at: usize) -> bool {
        let is_round = self.digits(at).is_some_and(|(value, _)| value.is_multiple_of(100));
        is_round && self.counts_by_script(at)
    }

    /// Whether a word of no other use here stands at `at`, and no name.
    fn is_plain_word(&self, at: usize) -> bool {
        let is_small = self.tokens.get(at).is_some_and(|word| !word.capital);
        is_small && matches!(self.kind(at), Some(Kind::Unknown | Kind::Word(Role::Counted, _)))
    }

    fn is_number_before(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.digits(before).is_some())
    }

    /// The last of a range of two numbers at `at`, or the only one.
    fn behind_range(&self, at: usize) -> usize {
        let is_range = matches!(self.mark(at + 1), Some('-' | '–'));
        if is_range && self.digits(at + 2).is_some_and(|(_, digits)| digits == 4) { at + 2 } else { at }
    }

    /// Whether the number at `at` is not followed by what it may count: "around 2010", and no round number.
    fn stands_as_year(&self, at: usize) -> bool {
        let is_round = self.digits(at).is_none_or(|(value, _)| value.is_multiple_of(100));
        let goes_on = match self.kind(at + 1) {
            Some(Kind::Number(..) | Kind::Unknown) => true,
            Some(Kind::Word(role, _)) => matches!(role, Role::Counted | Role::Quantity),
            Some(Kind::Mark(mark)) => matches!(mark, '%' | '$' | '€' | '£' | '₽' | '°'),
            None => false,
        };
        !is_round && !goes_on
    }

    /// Whether the range that ends at `at` is of what is numbered: "pp. 1985–1999", "строки 1990-1995".
    fn ends_labelled_range(&self, at: usize) -> bool {
        let Some(mut label) = at.checked_sub(3) else { return false };
        if self.mark(label) == Some('.') && label > 0 {
            label -= 1;
        }
        let joined = matches!(self.mark(at - 1), Some('-' | '–'))
            || matches!(self.role(at - 1), Some(Role::To | Role::Until));
        let is_range = joined && self.digits(at - 2).is_some();
        let is_label = self.role(label) == Some(Role::Quantity) && !self.says(label, Trait::Hedge);
        let is_money = matches!(self.mark(at - 3), Some('$' | '€' | '£' | '₽' | '№' | '#'));
        is_range && (is_label || is_money || self.role(label) == Some(Role::Counted))
    }

    /// Whether a long number follows: "паспорт 2010 123456".
    fn is_serial(&self, at: usize) -> bool {
        self.spaced(at + 1) && self.digits(at + 1).is_some_and(|(_, digits)| digits > 4)
    }

    /// Whether the digits at `at` are of a phone number, which is written in groups: "+7 495 2019 2020".
    pub(super) fn is_dialled(&self, at: usize) -> bool {
        let mut group = at;
        for before in (at.saturating_sub(LONGEST_PHONE)..at).rev() {
            match self.kind(before) {
                Some(Kind::Number(_, digits)) if digits <= 4 => group = before,
                Some(Kind::Mark('-' | '(' | ')' | '.' | ':' | '/')) => {}
                Some(Kind::Mark('+')) => {
                    return !self.spaced(group) && self.digits(group).is_some_and(|(_, digits)| digits <= 3);
                }
                _ => return self.says(before, Trait::Dialled),
            }
        }
        false
    }

    /// Whether shorter groups of digits stand around the number at `at`: "8 800 2000 600", "0161 496 2020".
    fn is_group(&self, at: usize) -> bool {
        let digits = |at: usize| self.digits(at).filter(|_| self.spaced(at)).map_or(0, |(_, digits)| digits);
        let begins_with_zero = |at: usize| matches!(self.digits(at), Some((0..=99, 3..)));
        at > 1
            && digits(at - 1) > 2
            && (digits(at - 1) == 3 && (digits(at + 1) > 1 || digits(at - 2) > 0) || begins_with_zero(at - 2))
    }

    /// Whether the number of a house begins at `at`: "1985 Main Street".
    fn is_house_number(&self, at: usize) -> bool {
        let is_name = |at: usize| {
            self.kind(at) == Some(Kind::Unknown) && self.tokens.get(at).is_some_and(|word| word.capital)
        };
        let street = if is_name(at + 2) { at + 3 } else { at + 2 };
        is_name(at + 1) && self.role(street) == Some(Role::Street)
    }

    /// Whether "in" stands before digits that are no round number: "In 2024 companies exported more".
    fn is_led_into_sentence(&self, at: usize) -> bool {
        let is_round = self.digits(at).is_none_or(|(value, _)| value.is_multiple_of(100));
        let led = at.checked_sub(1).and_then(|before| self.role(before)) == Some(Role::In);
        let is_word = self.role(at + 1) == Some(Role::Counted);
        led && is_word && !is_round && self.tokens.get(at + 1).is_some_and(|word| word.ascii)
    }

    /// Whether the number between an article and a noun is the noun's year: "the 2022 accounts".
    fn is_of_its_noun(&self, at: usize) -> bool {
        let is_round = self.digits(at).is_none_or(|(value, _)| value.is_multiple_of(100));
        let has_article = at > 0 && self.role(at - 1) == Some(Role::The);
        has_article && !is_round && self.says(at + 1, Trait::OfYear)
    }

    /// Whether a word in another script than Latin stands behind digits that nothing leads up to: such
    /// texts put the word "year" behind a year, and what else stands there is counted.
    fn counts_by_script(&self, at: usize) -> bool {
        let is_unknown = self.kind(at + 1) == Some(Kind::Unknown);
        is_unknown && self.tokens.get(at + 1).is_some_and(|word| !word.ascii && !word.capital)
    }

    /// Whether more digits follow that make no later year: `2023-4567`, `2016/679`.
    fn begins_longer_number(&self, at: usize) -> bool {
        if self.is_number_of_act(at) || at.checked_sub(2).is_some_and(|first| self.is_number_of_act(first)) {
            return true;
        }
        let goes_on = self.mark(at + 1) == Some('-') && !self.spaced(at + 1) && !self.spaced(at + 2);
        goes_on
            && self.digits(at + 2).is_some_and(|(last, digits)| {
                digits == 3 || digits == 4 && !LIKELY_YEARS.contains(&last) && !self.begins_years(at)
            })
    }

    /// Whether the number of an act begins at `at`, of which one part is its year: `2016/679`, `1907/2006`.
    fn is_number_of_act(&self, at: usize) -> bool {
        let joined = self.mark(at + 1) == Some('/') && !self.spaced(at + 1) && !self.spaced(at + 2);
        self.digits(at).zip(self.digits(at + 2)).is_some_and(|((first, _), (last, digits))| {
            let is_year = digits == 4 && last.abs_diff(first) <= LONGEST_WITH_SLASH;
            joined && (digits == 3 || digits > 3 && !is_year)
        })
    }

    /// Whether a range of a count begins: "от 1950 до 2050 тонн".
    fn begins_count(&self, at: usize) -> bool {
        let is_between = at > 0 && self.role(at - 1) == Some(Role::Between);
        let joined = matches!(self.mark(at + 1), Some('-' | '–'))
            || matches!(self.role(at + 1), Some(Role::To | Role::Until))
            || is_between && self.role(at + 1) == Some(Role::And);
        // "2014 — 17 %, 2022 — 20 %" tells what was in each year.
        let is_key = self.spaced(at + 1)
            && self.digits(at).zip(self.digits(at + 2)).is_some_and(|((first, _), (last, _))| last < first);
        let is_led = at > 0 && self.role(at - 1) == Some(Role::In);
        let is_long = self.digits(at + 2).is_some_and(|(_, digits)| digits > 2 || !is_led);
        joined && !is_key && is_long && self.is_counting(at + 2)
    }

    /// Whether the number between an article and a name is the year of what is named: "the 1601 Poor Law".
    fn is_of_a_name(&self, at: usize) -> bool {
        let is_printed = self.digits(at).is_some_and(|(value, _)| PRINTED_YEARS.contains(&value));
        let is_named = self.tokens.get(at + 1).is_some_and(|word| word.capital);
        is_printed && is_named && at > 0 && self.role(at - 1) == Some(Role::The)
    }

    /// Whether brackets stand around the tokens from `at` to `end`.
    fn is_in_brackets(&self, at: usize, end: usize) -> bool {
        at > 0 && self.mark(at - 1) == Some('(') && self.mark(end) == Some(')')
    }

    /// Whether a number stands by itself in brackets, or between a comma behind a word and another mark, as
    /// a year does; a round number behind a comma may be an amount.
    fn stands_between_marks(&self, at: usize) -> bool {
        let Some((value, _)) = self.digits(at).filter(|(value, _)| PRINTED_YEARS.contains(value)) else {
            return false;
        };
        let is_of_word = at > 1
            && self.is_word_or_number(at - 2)
            && self.digits(at - 2).is_none()
            && self.role(at - 2) != Some(Role::Month);
        let ends = matches!(self.mark(at + 1), Some(';' | ',' | '.' | ')')) || self.kind(at + 1).is_none();
        let is_listed = self.spaced(at) && self.mark(at.saturating_sub(1)) == Some(',') && ends;
        is_of_word && (self.is_in_brackets(at, at + 1) || is_listed && !value.is_multiple_of(10))
    }

    /// Whether greater numbers of four digits follow behind commas, up to a year: "1845, 1890, 2002".
    fn leads_to_listed_year(&self, at: usize) -> bool {
        let mut last = self.digits(at).map_or(0, |(value, _)| value);
        // "Рисунки 1504 и 1505 годов".
        if self.role(at + 1) == Some(Role::And) && self.role(at + 3) == Some(Role::Year) {
            return self.digits(at + 2).is_some_and(|(value, digits)| digits == 4 && value > last);
        }
        for next in (at + 2..at + 2 + 2 * MOST_LISTED_YEARS).step_by(2) {
            let listed = self.mark(next - 1) == Some(',') && self.spaced(next);
            match self.digits(next).filter(|(value, digits)| listed && *digits == 4 && *value > last) {
                Some((value, _)) if LIKELY_YEARS.contains(&value) => return !self.is_counting(next),
                Some((value, _)) => last = value,
                None => return false,
            }
        }
        false
    }

    /// Whether a later year follows behind a dash: `1879–1955`, `1682–1725`.
    fn begins_years(&self, at: usize) -> bool {
        let later = self.digits(at).zip(self.digits(at + 2)).is_some_and(|((first, _), (last, digits))| {
            let is_round = first.is_multiple_of(50) && last.is_multiple_of(50);
            let longest = if self.is_in_brackets(at, at + 3) { LONGEST_RULE } else { LONGEST_AGE };
            let is_near = YEARS.contains(&last) && last.abs_diff(first) < longest && !is_round;
            digits == 4 && first < last && (LIKELY_YEARS.contains(&last) || is_near)
        });
        later && matches!(self.mark(at + 1), Some('-' | '–')) && !self.is_counting(at + 2)
    }

    /// Whether the number at `at` counts what follows it.
    pub(super) fn is_counting(&self, at: usize) -> bool {
        matches!(self.role(at + 1), Some(Role::Counted | Role::Clock))
            || self.is_watt(at + 1)
            || self.role(at + 1) == Some(Role::MonthLetter)
                && self.spaced(at + 1)
                && (self.digits(at + 2).is_none() || self.is_power(at + 1))
                && self.digits(at).is_some_and(|(_, digits)| digits == 4)
            || matches!(self.mark(at + 1), Some('%' | '$' | '€' | '₽' | '£'))
    }

    /// Whether the abbreviated weekday at `at` is a unit of power: "2000 Вт".
    fn is_watt(&self, at: usize) -> bool {
        self.role(at) == Some(Role::Weekday)
            && self.is_abbreviation(at)
            && self.tokens.get(at).is_some_and(|word| word.capital && !word.ascii)
    }

    /// Whether the letter at `at` is a unit of area or volume: `2024 m2`.
    fn is_power(&self, at: usize) -> bool {
        let is_small = self.tokens.get(at).is_some_and(|letter| !letter.capital);
        is_small && !self.spaced(at + 1) && matches!(self.digits(at + 1), Some((2 | 3, 1)))
    }

    /// Whether letters stand right behind a number, or a hyphen and an unknown word: `2024km`,
    /// `2024-page`. The letter of a quarter or half may.
    fn is_glued_to_word(&self, at: usize) -> bool {
        if self.spaced(at) {
            return false;
        }
        match self.kind(at) {
            Some(Kind::Unknown) => true,
            Some(Kind::Word(Role::Estimate | Role::Filler, _)) => {
                self.behind_estimate(at) == at || !self.spaced(at + 1)
            }
            Some(Kind::Word(Role::QuarterLetter | Role::HalfLetter, _)) => self.digits(at + 1).is_none(),
            Some(Kind::Word(..)) => true,
            // "GDP_2010-2022_final".
            Some(Kind::Mark('-')) => {
                let in_file_name = at > 3 && self.mark(at - 4) == Some('-') && self.begins_years(at - 3);
                !in_file_name
                    && !self.spaced(at + 1)
                    && matches!(
                        self.kind(at + 1),
                        Some(
                            Kind::Unknown
                                | Kind::Word(
                                    Role::Quantity
                                        | Role::Counted
                                        | Role::Dating
                                        | Role::Lasting
                                        | Role::Plain,
                                    _
                                )
                        )
                    )
            }
            _ => false,
        }
    }

    /// Whether the digits are a piece of what stands right before them: `ISO-2015`, `L2024`, `$2024`.
    fn is_piece_of_name(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        if self.spaced(at) {
            return false;
        }
        match self.kind(before) {
            Some(Kind::Mark('→' | '>' | '+')) if self.is_behind_year(before) => false,
            // "GDP_2010-2022".
            Some(Kind::Mark('-')) if self.begins_years(at) => false,
            Some(Kind::Mark('.' | ',' | '/' | '-')) => {
                !self.spaced(before) && before.checked_sub(1).is_some_and(|before| self.is_name_part(before))
            }
            Some(Kind::Mark('–' | '(' | '[' | '"' | '«' | '“' | '„' | '…' | ';' | '\'' | '|' | '=')) => {
                false
            }
            Some(Kind::Word(role, _)) => !leads_to_year(role),
            _ => true,
        }
    }

    /// Whether a year stands before the mark at `at`, or before the two marks there: "2020→2021", "2020=>2021".
    fn is_behind_year(&self, at: usize) -> bool {
        let first = if at > 0 && self.mark(at - 1).is_some() { at - 1 } else { at };
        first.checked_sub(1).is_some_and(|year| self.ends_year(year))
    }

    /// Whether the token at `at` makes `token-2024` a name: a number that is no year, or a word of
    /// no other use here.
    fn is_name_part(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Number(value, digits)) => digits != 4 || !(1000..=2999).contains(&value),
            Some(Kind::Unknown) => true,
            Some(Kind::Word(role, _)) => !leads_to_year(role),
            _ => false,
        }
    }
}

/// Whether digits behind such a word are a year.
pub(super) fn leads_to_year(role: Role) -> bool {
    matches!(
        role,
        Role::In
            | Role::Circa
            | Role::Of
            | Role::By
            | Role::Since
            | Role::From
            | Role::Until
            | Role::To
            | Role::Before
            | Role::After
            | Role::AsOf
            | Role::Between
            | Role::Year
            | Role::Month
            | Role::Quarter
            | Role::Half
            | Role::FiscalYear
            | Role::AcademicYear
            | Role::Early
            | Role::Mid
            | Role::Late
            | Role::Start
            | Role::Middle
            | Role::End
    )
}
