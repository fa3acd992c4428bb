//! Tables as Parquet: strings, 64-bit floats and integers, booleans and days, nulls where a value
//! is absent, text as it is.
//!
//! A table goes out in row groups of a fixed number of rows, each encoded and compressed column by
//! column on all cores while the one before it is written, so that neither the bytes nor the memory
//! depend on the number of threads. Columns of codes become dictionary pages of the strings that the
//! row group uses; to every reader they are plain strings.

mod array;

use std::io::Write;
use std::ops::Range;

use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, FileWriter, ParquetType,
    StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator,
};
use rayon::prelude::*;

use crate::table::Table;
use array::Values;
use model::table::ColumnType;

/// Rows in a row group: enough for dictionaries to pay, few enough for two to lie in memory.
const ROW_GROUP: usize = 1 << 17;

/// Rows of which all columns are gathered before the next: what they are gathered from stays near.
const BLOCK: usize = 1 << 10;

/// A table could not be written as Parquet.
#[derive(Debug, thiserror::Error)]
#[error("cannot write table `{table}` as Parquet")]
pub struct Error {
    /// The table's name.
    pub table: &'static str,
    /// What the encoder or the output said.
    pub source: polars::error::PolarsError,
}

/// Writes the table. Gives the number of bytes.
///
/// # Errors
/// What `out` says, and what Parquet cannot hold: a row group of a column beyond two gigabytes.
pub fn write<W: Write + Send + ?Sized>(table: &Table<'_>, out: &mut W) -> Result<u64, Error> {
    write_groups(table, out).map_err(|source| Error { table: table.schema.name, source })
}

type Outcome<T> = Result<T, polars::error::PolarsError>;

/// The pages of one row group, by column.
type Group = Vec<Vec<CompressedPage>>;

fn write_groups<W: Write + Send + ?Sized>(table: &Table<'_>, out: &mut W) -> Outcome<u64> {
    let options = options()?;
    let mut file = FileWriter::try_new(out, schema(table), options)?;
    let fields = file.parquet_schema().fields().to_vec();
    let mut ready: Option<(usize, Group)> = None;
    for start in (0..table.rows).step_by(ROW_GROUP) {
        let rows = start..(start + ROW_GROUP).min(table.rows);
        let (next, written) = rayon::join(
            || encode(table, &fields, rows.clone(), options),
            || write_ready(&mut file, ready.take()),
        );
        written?;
        ready = Some((rows.len(), next?));
    }
    write_ready(&mut file, ready)?;
    // Without Arrow's own schema in the footer readers take the plain types that Parquet declares.
    file.end(Some(Vec::new()))
}

/// Nothing here is left to the environment: the same table gives the same bytes.
fn options() -> Outcome<WriteOptions> {
    let statistics = StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: Some(64),
    };
    Ok(WriteOptions {
        statistics,
        version: Version::V1,
        compression: CompressionOptions::Zstd(Some(ZstdLevel::try_new(1)?)),
        data_page_size: Some(1 << 20),
    })
}

fn schema(table: &Table<'_>) -> ArrowSchema {
    let field = |column: &model::table::ColumnSchema| {
        let data_type = match column.column_type {
            ColumnType::Code | ColumnType::Id | ColumnType::Word(_) | ColumnType::Text => {
                ArrowDataType::LargeUtf8
            }
            ColumnType::Number => ArrowDataType::Float64,
            ColumnType::Integer => ArrowDataType::Int64,
            ColumnType::Boolean => ArrowDataType::Boolean,
            ColumnType::Date => ArrowDataType::Date32,
        };
        Field::new(column.name.into(), data_type, true)
    };
    table.schema.columns.iter().map(|column| (column.name.into(), field(column))).collect()
}

fn encode(
    table: &Table<'_>,
    fields: &[ParquetType],
    rows: Range<usize>,
    options: WriteOptions,
) -> Outcome<Group> {
    let mut values: Vec<Values<'_>> =
        table.columns.iter().map(|column| Values::of(column, rows.len())).collect();
    for start in rows.clone().step_by(BLOCK) {
        let block = start..(start + BLOCK).min(rows.end);
        values.iter_mut().for_each(|values| values.fill(block.clone()));
    }
    let columns = values.into_par_iter().zip(fields);
    columns.map(|(values, field)| encode_column(values, field, options)).collect()
}

fn encode_column(
    values: Values<'_>,
    field: &ParquetType,
    options: WriteOptions,
) -> Outcome<Vec<CompressedPage>> {
    let (array, encoding) = values.array()?;
    let mut compressed = Vec::new();
    for pages in array_to_columns(array, field.clone(), options, &[encoding])? {
        for page in pages {
            compressed.push(compress(page?, Vec::new(), options.compression)?);
        }
    }
    Ok(compressed)
}

fn write_ready<W: Write>(file: &mut FileWriter<W>, group: Option<(usize, Group)>) -> Outcome<()> {
    let Some((rows, columns)) = group else {
        return Ok(());
    };
    let columns = columns.iter().map(|pages| {
        let pages = pages.iter().map(Outcome::Ok);
        Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
    });
    file.write(rows as u64, DynIter::new(columns))
}
