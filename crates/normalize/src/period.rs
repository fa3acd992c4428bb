//! Which days a phrase speaks of: years, quarters, months, days, seasons, decades, fiscal and
//! academic years and spans of them, in the words of each language's table. What a figure does in
//! its period is told by `Role`; figures themselves are not read here.
//!
//! Where usage differs, one reading is fixed:
//! - "By", "until" and "before" leave the start open; `Period::as_flow` gives the unit that is named.
//! - "Since" and "after" end at the text's date, where it is given, and are open where it is not.
//! - "End of" is a stretch, as "late" is: "end of 2024" its second half, "end of June 2024" from the 16th.
//!   It is the point 31 December, or 30 June, only where a word or a hyphen makes it one: "at the end of
//!   2024", "as of the end of 2024", "end-2024", "year-end 2024", "на конец 2024 года".
//!   "The end of 2022 – the beginning of 2023", without "from", is a stretch of both halves.
//!   The end of a decade is always a stretch: "from the end of the 1990s" is from 1997 on.
//! - A fiscal year of one number (`FY2024`) is the calendar year, since nothing tells another; two
//!   numbers (`FY2023/24`) tell that it runs over two calendar years, and it is July to June. A stated
//!   last day ("fiscal year ended 31 March 2024") goes before both.
//! - An academic year is September to August; a winter belongs to the year in which it ends.
//! - "The same period last year" is the period before it in its sentence, a year earlier; where none
//!   stands there, it is none. "The same period of 2023" is the year 2023 then.
//! - The 21st century is 2001 to 2100, and `'90s` the 1990s.
//! - A unit without a year is the latest that had begun at the text's date; for a deadline, the next.
//! - "The past three years" end at the text's date; "last year" is a calendar year, "last May" the latest
//!   that is over, and "the year" of "by the end of the year" that of the text's date.
//! - `2023/24` alone is refused: it may be a fiscal, an academic or a crop year, or both years; so is a part
//!   of it (`Q3 2023/24`). Of a season, and written in full (`2023/2024`), it is both years.
//! - A part of several years is a part of each: "2024" of "in May 2023 and 2024" is its May.
//! - "From 2024" is a year, and "since" where it lasts: "valid from 1 May 2024", "applies from 2025".
//! - "На 22 мая" is as of that day, and during it behind what is planned for a day or happens on it.
//! - The last two words of a year are of the last century from thirty on: "в сорок первом году" is 1941.
//! - `I–IX 2025` are months; `I–III 2024` may be quarters as well, and is refused.
//! - `May-24` is the month of a year, as spreadsheets write it, and `2024-S1` a half.
//! - A half year without a number is the first; "autumn and winter 2024" go on into 2025.
//! - Days in digits with dots stand before their month; with other marks their order must show itself.
//! - "The turn of 2024" and "two weeks after 1 May 2024" lie beside what they name, and are refused.
//! - A quarter or half of a fiscal year over two calendar years is counted from its July.
//!
//! The words of a period go from the first to the last that tell its days or its role:
//! - The word of its role is one of them ("since", "by the end of", "as of", "from … to", "с", "до", "на
//!   конец"), and so are a time of day between them ("by 17:00 on"), an article that the unit takes ("the
//!   first quarter"), a weekday before its date, an era, and what says that all of it is meant ("the whole
//!   of", "inclusive").
//! - A word that only says "within" is none of them ("in", "during", "for the period", "в", "за", "по итогам"), nor
//!   is a hedge before it ("around", "примерно"; but "circa" and "ок." are written as a part of dates), a
//!   quotation mark or a bracket around it.
//! - The dot of an abbreviation at its end is ("2024 г.", "III кв."), the dot of the sentence is not.
//! - Of periods that share a unit or a year each has its own words: "January | February | March 2024".

mod grammar;
mod point;
mod resolve;
mod span;
mod words;

use chrono::NaiveDate;
use model::period::{Period, Precision};

use self::grammar::Grammar;
use self::point::{Again, Points};
use self::span::Reading;
use self::words::{Kind, Role, Token};
use crate::found::Found;
use crate::language::Languages;

pub(crate) use self::words::load as load_words;

/// Why a cell states no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Nothing in it is a period.
    #[error("no period is stated")]
    NoPeriod,
    /// More than one period is stated.
    #[error("several periods are stated")]
    Several,
    /// Beside the period stands something that could change it.
    #[error("a period and something else are stated")]
    Unread,
    /// The period ends before it starts.
    #[error("the period ends on {end}, before it starts on {start}")]
    EndsBeforeStart {
        /// The first day as stated.
        start: NaiveDate,
        /// The last day as stated.
        end: NaiveDate,
    },
    /// The calendar does not have the day: 30 February.
    #[error("there is no such date")]
    NoSuchDate,
    /// The words count from the text's date, which is not given: "last year".
    #[error("the period is told against the date of its text, which is not given")]
    NeedsAnchor,
    /// The words have more than one reading: `01/02/2024`, `2023/24`.
    #[error("the period has more than one reading")]
    Ambiguous,
}

/// The order of day and month in dates of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `17/05/2024`.
    DayFirst,
    /// `05/17/2024`.
    MonthFirst,
    /// Only dates that show their order are read.
    Unknown,
}

/// Every period of a running text, in its order. Periods that need `anchor`, the date of the text,
/// are left out where it is not given, and so is what has more than one reading.
pub fn find(text: &str, languages: Languages, anchor: Option<NaiveDate>) -> Vec<Found<Period>> {
    let tokens = words::tokens(text, languages);
    let mut found = Vec::new();
    for_each_period(&tokens, anchor, |first, behind, period| {
        if let Ok(value) = period {
            found.push(Found { start: tokens[first].start, end: tokens[behind - 1].end, value });
        }
    });
    found
}

/// The one period that a cell states. "(inferred)" beside it makes its precision `Inferred`.
///
/// # Errors
/// The cell states no period, several, or one that cannot be told.
pub fn parse(cell: &str, languages: Languages, anchor: Option<NaiveDate>) -> Result<Period, PeriodError> {
    if let Some(open) = open_interval(cell, languages) {
        return open;
    }
    let tokens = words::tokens(cell, languages);
    let mut stated = None;
    let mut behind_last = 0;
    let (mut several, mut unread, mut inferred) = (false, false, false);
    for_each_period(&tokens, anchor, |first, behind, period| {
        several |= stated.replace(period).is_some();
        unread |= leaves_unread(&tokens[behind_last..first], &mut inferred);
        behind_last = behind;
    });
    unread |= leaves_unread(&tokens[behind_last..], &mut inferred);
    match stated {
        None => Err(PeriodError::NoPeriod),
        Some(_) if several => Err(PeriodError::Several),
        Some(Ok(_)) if unread => Err(PeriodError::Unread),
        Some(Ok(period)) if inferred => Ok(Period { precision: Precision::Inferred, ..period }),
        Some(period) => period,
    }
}

/// The day that a date cell states, with the precision it is stated in: of a month or year it is
/// the last day, since an imprecise date counts as its last possible day.
///
/// # Errors
/// The cell states no date, a date that does not exist, or one whose order is unknown.
pub fn parse_date(cell: &str, day_order: DayOrder) -> Result<(NaiveDate, Precision), PeriodError> {
    let cell = without_time(cell);
    if let Some(date) = date_in_known_order(cell, day_order) {
        return date.map(|date| (date, Precision::Day));
    }
    let period = parse(cell, Languages::ALL, None)?;
    match (period.start, period.end) {
        (Some(start), Some(end)) if start == end || period.precision != Precision::Day => {
            Ok((end, period.precision))
        }
        _ => Err(PeriodError::NoPeriod),
    }
}

/// A cell without the time of day that exports write behind a date: `2024-05-17T00:00:00Z`.
fn without_time(cell: &str) -> &str {
    let cell = cell.trim();
    let Some((date, time)) = cell.split_once(['T', ' ']) else { return cell };
    let is_date =
        date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || b"-./".contains(&byte));
    let is_time = time.len() >= 5
        && time.bytes().take(2).all(|byte| byte.is_ascii_digit())
        && time.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte))
        && time.contains(':');
    if is_date && is_time { date } else { cell }
}

/// Calls `each` with every period: its first token, the token behind it, and its days.
fn for_each_period(
    tokens: &[Token],
    anchor: Option<NaiveDate>,
    mut each: impl FnMut(usize, usize, Result<Period, PeriodError>),
) {
    let grammar = Grammar::new(tokens);
    let points = Points::new(tokens);
    let mut at = 0;
    // The period that "the same period" would mean, and the token behind it.
    let mut earlier: Option<(Period, usize)> = None;
    // The period before as it is said, and the token behind it.
    let mut before: Option<(Reading, usize)> = None;
    while at < tokens.len() {
        if let Some((again, mut behind)) = points.again(at) {
            let told = earlier.filter(|(_, end)| points.is_one_sentence(*end, at));
            match told.and_then(|(period, _)| again.of(&period)) {
                Some(period) => each(at, behind, Ok(period)),
                // A year that is named stands for itself.
                None if matches!(again, Again::In(_)) => behind = at + 1,
                None => {}
            }
            at = behind;
            continue;
        }
        match grammar.period(at) {
            Some((reading, behind)) if behind > at => {
                let reading = before
                    .and_then(|before| grammar.in_another_year(before, &reading, (at, behind)))
                    .unwrap_or(reading);
                before = Some((reading, behind));
                let period = resolve::resolve(&reading, anchor);
                earlier = period.ok().map(|period| (period, behind)).or(earlier);
                each(at, behind, period);
                at = behind;
            }
            _ => at += 1,
        }
    }
}

/// Whether `tokens` hold more than words and marks that leave a period as it is.
fn leaves_unread(tokens: &[Token], inferred: &mut bool) -> bool {
    tokens.iter().any(|token| match token.kind {
        Kind::Word(Role::Inferred, _) => {
            *inferred = true;
            false
        }
        Kind::Word(role, _) => !matches!(role, Role::In | Role::The | Role::Filler | Role::Of | Role::On),
        Kind::Mark(mark) => {
            !matches!(mark, '(' | ')' | '[' | ']' | '.' | ',' | ';' | ':' | '"' | '«' | '»' | '*')
        }
        Kind::Number(..) | Kind::Unknown => true,
    })
}

/// A label with an open side: `2014-01-01/..`, `../2030-12-31`.
fn open_interval(cell: &str, languages: Languages) -> Option<Result<Period, PeriodError>> {
    use model::period::Role;
    let (start, end) = cell.trim().split_once('/')?;
    let side = |text: &str| parse(text, languages, None);
    match (start.trim(), end.trim()) {
        ("..", "..") => Some(Err(PeriodError::NoPeriod)),
        (start, "..") => Some(side(start).map(|period| Period { end: None, role: Role::Since, ..period })),
        ("..", end) => Some(side(end).map(|period| Period { start: None, role: Role::By, ..period })),
        _ => None,
    }
}

/// A date of three numbers that ends with the year, read in a known order.
fn date_in_known_order(cell: &str, day_order: DayOrder) -> Option<Result<NaiveDate, PeriodError>> {
    if day_order == DayOrder::Unknown {
        return None;
    }
    let mut parts = cell.split(['/', '-', '.']);
    let (Some(first), Some(second), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let digits = |part: &str, most: usize| {
        let plain = !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (first, second) = (digits(first, 2)?, digits(second, 2)?);
    let year = i32::try_from(digits(year, 4).filter(|_| year.len() == 4)?).ok()?;
    let (day, month) = if day_order == DayOrder::DayFirst { (first, second) } else { (second, first) };
    Some(NaiveDate::from_ymd_opt(year, month, day).ok_or(PeriodError::NoSuchDate))
}
