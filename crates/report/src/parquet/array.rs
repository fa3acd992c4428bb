//! The values of a column for the rows of one row group, as an array with the encoding that suits it.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use model::claim::ABSENT;
use model::column::Texts;
use polars_arrow::array::{Array, BinaryArray, BooleanArray, DictionaryArray, PrimitiveArray};
use polars_arrow::bitmap::{Bitmap, BitmapBuilder};
use polars_arrow::datatypes::{ArrowDataType, IntegerType};
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::types::NativeType;
use polars_parquet::write::Encoding;

use super::Outcome;
use crate::table::{Column, Fill, Spell};

/// The values of one column for the rows of a row group, gathered block by block.
pub(super) enum Values<'a> {
    Text(Strings, &'a Texts),
    Made(Strings, &'a Spell<'a>),
    Coded(Vec<u32>, &'a Fill<'a, u32>, &'a Texts),
    Date(Vec<u32>, &'a Fill<'a, u32>, &'a [Option<NaiveDate>]),
    Number(Vec<f64>, &'a Fill<'a, f64>),
    Integer(Vec<Option<i64>>, &'a Fill<'a, Option<i64>>),
    Boolean(Vec<bool>, &'a Fill<'a, bool>),
}

impl<'a> Values<'a> {
    /// No values yet, with room for `count`.
    pub(super) fn of(column: &'a Column<'a>, count: usize) -> Self {
        match column {
            Column::Text(texts) => Values::Text(Strings::with_capacity(count), texts),
            Column::Made(spell) => Values::Made(Strings::with_capacity(count), spell),
            Column::Coded { codes, values } => Values::Coded(Vec::with_capacity(count), codes, values),
            Column::Date { codes, days } => Values::Date(Vec::with_capacity(count), codes, days),
            Column::Number(fill) => Values::Number(Vec::with_capacity(count), fill),
            Column::Integer(fill) => Values::Integer(Vec::with_capacity(count), fill),
            Column::Boolean(fill) => Values::Boolean(Vec::with_capacity(count), fill),
        }
    }

    /// Appends the values of `rows`.
    pub(super) fn fill(&mut self, rows: Range<usize>) {
        match self {
            Values::Text(strings, texts) => rows.for_each(|row| strings.push(texts.get(row))),
            Values::Made(strings, spell) => rows.for_each(|row| {
                spell(row, &mut strings.bytes);
                strings.end();
            }),
            Values::Coded(codes, fill, _) | Values::Date(codes, fill, _) => fill(rows, codes),
            Values::Number(values, fill) => fill(rows, values),
            Values::Integer(values, fill) => fill(rows, values),
            Values::Boolean(values, fill) => fill(rows, values),
        }
    }

    /// The values as an array, and how they are encoded.
    pub(super) fn array(self) -> Outcome<(Box<dyn Array>, Encoding)> {
        let plain = |array| Ok((array, Encoding::Plain));
        match self {
            Values::Text(strings, _) | Values::Made(strings, _) => plain(strings.array()?),
            Values::Coded(codes, _, values) => {
                let local = Local::new(codes, values.len(), |code| values.get(code as usize).is_empty());
                let text = |code: u32| if code == ABSENT { "" } else { values.get(code as usize) };
                local.array(|codes| strings(codes.iter().map(|&code| text(code))))
            }
            Values::Date(codes, _, days) => {
                let local = Local::new(codes, days.len(), |code| days[code as usize].is_none());
                let day = |code: u32| days.get(code as usize).copied().flatten();
                local.array(|codes| Ok(dates(codes.iter().map(|&code| day(code)))))
            }
            Values::Number(values, _) => {
                let validity = values.iter().map(|value| value.is_finite()).collect();
                plain(numbers(ArrowDataType::Float64, values, validity))
            }
            Values::Integer(values, _) => {
                let validity = values.iter().map(Option::is_some).collect();
                // Parquet stores nothing for a null; the zero is only a place in memory.
                let stored = values.iter().map(|value| value.map_or(0, |value| value)).collect();
                plain(numbers::<i64>(ArrowDataType::Int64, stored, validity))
            }
            Values::Boolean(values, _) => {
                let bits: Bitmap = values.into_iter().collect();
                plain(BooleanArray::new(ArrowDataType::Boolean, bits, None).boxed())
            }
        }
    }
}

/// An array of strings; an empty one is null.
fn strings<'t>(texts: impl Iterator<Item = &'t str>) -> Outcome<Box<dyn Array>> {
    let mut strings = Strings::with_capacity(texts.size_hint().0);
    texts.for_each(|text| strings.push(text));
    strings.array()
}

/// Strings on their way into an array, one behind the other; an empty one is null.
pub(super) struct Strings {
    bytes: String,
    /// Where each string ends, behind a zero.
    ends: Vec<i64>,
    present: BitmapBuilder,
}

impl Strings {
    fn with_capacity(count: usize) -> Self {
        let mut ends = Vec::with_capacity(count + 1);
        ends.push(0);
        Self { bytes: String::new(), ends, present: BitmapBuilder::with_capacity(count) }
    }

    fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.end();
    }

    /// Ends the string that was appended to `bytes`.
    fn end(&mut self) {
        let end = self.bytes.len() as i64;
        self.present.push(self.ends.last() != Some(&end));
        self.ends.push(end);
    }

    /// The Parquet schema says that the bytes are UTF-8.
    fn array(self) -> Outcome<Box<dyn Array>> {
        let offsets = OffsetsBuffer::try_from(self.ends)?;
        let (bytes, validity) = (self.bytes.into_bytes().into(), some_null(self.present.freeze()));
        Ok(BinaryArray::<i64>::try_new(ArrowDataType::LargeBinary, offsets, bytes, validity)?.boxed())
    }
}

fn dates(days: impl Iterator<Item = Option<NaiveDate>>) -> Box<dyn Array> {
    /// Days from 0000-12-31 to 1970-01-01, where Parquet's days start.
    const EPOCH: i32 = 719_163;
    let days: Vec<Option<NaiveDate>> = days.collect();
    let validity = days.iter().map(Option::is_some).collect();
    let stored = days.iter().map(|day| day.map_or(0, |day| day.num_days_from_ce() - EPOCH)).collect();
    numbers::<i32>(ArrowDataType::Date32, stored, validity)
}

fn numbers<T: NativeType>(data_type: ArrowDataType, values: Vec<T>, validity: Bitmap) -> Box<dyn Array> {
    PrimitiveArray::new(data_type, values.into(), some_null(validity)).boxed()
}

/// The validity, where there is a null at all.
fn some_null(validity: Bitmap) -> Option<Bitmap> {
    (validity.unset_bits() > 0).then_some(validity)
}

/// Codes of a row group mapped onto the few values that it uses.
struct Local {
    /// Codes into `used`; of a null 0, which is not stored.
    keys: Vec<u32>,
    /// Which rows have a value.
    validity: Bitmap,
    /// The codes in use, in the order of first use.
    used: Vec<u32>,
}

impl Local {
    fn new(codes: Vec<u32>, count: usize, is_null: impl Fn(u32) -> bool) -> Self {
        const NULL: u32 = ABSENT - 1;
        let mut local = vec![ABSENT; count];
        let mut used = Vec::new();
        let mut present = Vec::with_capacity(codes.len());
        let mut keys = codes;
        for key in &mut keys {
            let mapped = match local.get_mut(*key as usize) {
                None => NULL,
                Some(mapped) => {
                    if *mapped == ABSENT {
                        *mapped = if is_null(*key) { NULL } else { used.len() as u32 };
                        if *mapped != NULL {
                            used.push(*key);
                        }
                    }
                    *mapped
                }
            };
            present.push(mapped != NULL);
            *key = if mapped == NULL { 0 } else { mapped };
        }
        Local { keys, validity: present.into_iter().collect(), used }
    }

    /// A dictionary of the used values, or the values themselves where few of them repeat or there
    /// is none. `values` gives the array of some codes, null for [`ABSENT`].
    fn array(
        self,
        values: impl Fn(&[u32]) -> Outcome<Box<dyn Array>>,
    ) -> Outcome<(Box<dyn Array>, Encoding)> {
        if self.used.is_empty() || self.used.len() > self.keys.len() / 2 + 1 {
            let code = |(&key, valid)| if valid { self.used[key as usize] } else { ABSENT };
            let codes: Vec<u32> = self.keys.iter().zip(self.validity.iter()).map(code).collect();
            return Ok((values(&codes)?, Encoding::Plain));
        }
        let distinct = values(&self.used)?;
        let validity = some_null(self.validity);
        let keys = PrimitiveArray::new(ArrowDataType::UInt32, self.keys.into(), validity);
        let data_type =
            ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(distinct.dtype().clone()), false);
        let array = DictionaryArray::<u32>::try_new(data_type, keys, distinct)?;
        Ok((array.boxed(), Encoding::RleDictionary))
    }
}
