//! A published table in columns: what the writers of CSV, Parquet and JSON share. Which values a
//! table holds is in [`tables`](crate::tables); how they are spelt is the writers' business.
//!
//! A column lends what the facts already hold and computes the rest batch by batch, so that a table
//! of ten million rows costs next to nothing beyond the facts themselves.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::claim::ABSENT;
use model::column::Texts;
use model::table::TableSchema;

/// A table ready to be written: its declared schema and a column of values for each declared column.
pub struct Table<'a> {
    /// The declaration that every form of the table follows.
    pub schema: &'static TableSchema,
    /// One for each column of the schema, in its order.
    pub columns: Vec<Column<'a>>,
    /// The number of rows.
    pub rows: usize,
    /// Where the table holds rows of another one, which stands before it: the writers spell and encode them once.
    pub part: Option<Part>,
}

/// How a table is a part of a whole one: it holds some of its rows, in their order, and all of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The columns that the whole does not have, one behind the other.
    pub own: Range<usize>,
    /// The rows of the whole that the part holds: ascending, and in no other part.
    pub rows: Vec<Range<usize>>,
}

impl Table<'_> {
    /// The columns that the whole does not have of which the table is a part.
    pub(crate) fn own_columns(&self) -> Range<usize> {
        self.part.as_ref().map_or(0..0, |part| part.own.clone())
    }
}

/// A stretch of rows of a whole table that one of its parts holds, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The rows of the whole.
    pub(crate) rows: Range<usize>,
    /// Which of the tables behind the whole one holds them, and the first of them there.
    pub(crate) part: Option<(usize, usize)>,
}

/// The rows of the first table in stretches of `most` rows at most, each in one of the `tables` that are parts of it.
pub(crate) fn stretches(tables: &[Table<'_>], most: usize) -> Vec<Stretch> {
    let mut held: Vec<Stretch> = Vec::new();
    for (part, table) in tables.iter().enumerate().skip(1) {
        let mut first = 0;
        for rows in table.part.iter().flat_map(|part| &part.rows) {
            held.push(Stretch { rows: rows.clone(), part: Some((part, first)) });
            first += rows.len();
        }
    }
    held.sort_unstable_by_key(|stretch| stretch.rows.start);
    let rows = tables.first().map_or(0, |whole| whole.rows);
    held.push(Stretch { rows: rows..rows, part: None });
    let mut cut = Vec::new();
    let mut end = 0;
    for stretch in held {
        cut.extend(Stretch { rows: end..stretch.rows.start, part: None }.cut(most));
        end = stretch.rows.end;
        cut.extend(stretch.cut(most));
    }
    cut
}

impl Stretch {
    fn cut(self, most: usize) -> impl Iterator<Item = Stretch> {
        let Stretch { rows, part } = self;
        rows.clone().step_by(most).map(move |start| Stretch {
            rows: start..(start + most).min(rows.end),
            part: part.map(|(part, first)| (part, first + start - rows.start)),
        })
    }
}

/// Gives the values of a range of rows: appends one value a row.
pub type Fill<'a, T> = Box<dyn Fn(Range<usize>, &mut Vec<T>) + Send + Sync + 'a>;

/// Gives the text of one row: appends it.
pub type Spell<'a> = Box<dyn Fn(usize, &mut String) + Send + Sync + 'a>;

/// The values of one column.
pub enum Column<'a> {
    /// Strings; an empty one is null.
    Text(Cow<'a, Texts>),
    /// Strings that are made as they are written; an empty one is null.
    Made(Spell<'a>),
    /// Few distinct strings, by code; [`ABSENT`] and the code of an empty string are null.
    Coded {
        /// The code of each row: an index into `values`.
        codes: Fill<'a, u32>,
        /// The distinct strings.
        values: Cow<'a, Texts>,
    },
    /// Days, by code; [`ABSENT`] and the code of `None` are null.
    Date {
        /// The code of each row: an index into `days`.
        codes: Fill<'a, u32>,
        /// The days.
        days: Vec<Option<NaiveDate>>,
    },
    /// 64-bit floats; one that is not finite is null.
    Number(Fill<'a, f64>),
    /// 64-bit integers.
    Integer(Fill<'a, Option<i64>>),
    /// Booleans, none of them null.
    Boolean(Fill<'a, bool>),
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Absent.
    Null,
    /// A string, not empty.
    Text(String),
    /// A finite float.
    Number(f64),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
}

impl<'a> Column<'a> {
    /// Strings that the column owns.
    pub fn text<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        Column::Text(Cow::Owned(values.into_iter().collect()))
    }

    /// Strings made row by row.
    pub fn made(spell: impl Fn(usize, &mut String) + Send + Sync + 'a) -> Self {
        Column::Made(Box::new(spell))
    }

    /// Codes into distinct strings.
    pub fn coded(code: impl Fn(usize) -> u32 + Send + Sync + 'a, values: Cow<'a, Texts>) -> Self {
        Column::Coded { codes: each(code), values }
    }

    /// Words of a closed vocabulary, by their place in it.
    pub fn words(
        words: &'static [&'static str],
        code: impl Fn(usize) -> Option<u32> + Send + Sync + 'a,
    ) -> Self {
        Column::coded(move |row| code(row).unwrap_or(ABSENT), Cow::Owned(words.iter().collect()))
    }

    /// Codes into days.
    pub fn days(code: impl Fn(usize) -> u32 + Send + Sync + 'a, days: Vec<Option<NaiveDate>>) -> Self {
        Column::Date { codes: each(code), days }
    }

    /// A day for each row, of which many are the same.
    pub fn dates(days: impl IntoIterator<Item = Option<NaiveDate>>) -> Self {
        let mut distinct = Vec::new();
        let mut seen = HashMap::with_hasher(FixedState::default());
        let mut code = |day| {
            *seen.entry(day).or_insert_with(|| {
                distinct.push(day);
                distinct.len() as u32 - 1
            })
        };
        let codes: Vec<u32> = days.into_iter().map(&mut code).collect();
        Column::days(move |row| codes[row], distinct)
    }

    /// Floats.
    pub fn number(value: impl Fn(usize) -> f64 + Send + Sync + 'a) -> Self {
        Column::Number(each(value))
    }

    /// Integers.
    pub fn integer(value: impl Fn(usize) -> Option<i64> + Send + Sync + 'a) -> Self {
        Column::Integer(each(value))
    }

    /// Booleans.
    pub fn boolean(value: impl Fn(usize) -> bool + Send + Sync + 'a) -> Self {
        Column::Boolean(each(value))
    }

    /// The value of `row`: for a few rows; the writers go by batches.
    pub fn value(&self, row: usize) -> Value {
        match self {
            Column::Text(texts) => text_value(texts.get(row)),
            Column::Made(spell) => {
                let mut text = String::new();
                spell(row, &mut text);
                text_value(&text)
            }
            Column::Coded { codes, values } => match one(codes, row) {
                Some(code) if code != ABSENT => text_value(values.get(code as usize)),
                _ => Value::Null,
            },
            Column::Date { codes, days } => {
                let day = one(codes, row).and_then(|code| days.get(code as usize).copied().flatten());
                day.map_or(Value::Null, Value::Date)
            }
            Column::Number(values) => {
                let finite = one(values, row).filter(|value| value.is_finite());
                finite.map_or(Value::Null, Value::Number)
            }
            Column::Integer(values) => one(values, row).flatten().map_or(Value::Null, Value::Integer),
            Column::Boolean(values) => one(values, row).map_or(Value::Null, Value::Boolean),
        }
    }
}

/// A fill that asks for each row by itself.
fn each<'a, T: 'a>(value: impl Fn(usize) -> T + Send + Sync + 'a) -> Fill<'a, T> {
    Box::new(move |rows, values| values.extend(rows.map(&value)))
}

fn one<T>(fill: &Fill<'_, T>, row: usize) -> Option<T> {
    let mut values = Vec::with_capacity(1);
    fill(row..row + 1, &mut values);
    values.pop()
}

fn text_value(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) }
}
