//! Tables as Parquet: strings, 64-bit floats and integers, booleans and days, nulls where a value
//! is absent, text as it is.
//!
//! A table goes out in row groups of at most a fixed number of rows, each encoded and compressed column by
//! column on all cores while the one before it is written, so that the bytes do not depend
//! on the number of threads, and memory neither where a table is large. Columns of codes become dictionary pages of the strings that the
//! row group uses; to every reader they are plain strings.

mod array;

use std::io::Write;
use std::ops::Range;

use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, FileWriter, ParquetType,
    RowGroupIterColumns, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator,
};
use rayon::prelude::*;

use crate::table::{Stretch, Table, stretches};
use array::Values;
use model::table::ColumnType;

/// Rows in a row group: enough for dictionaries to pay, few enough for two to lie in memory.
const ROW_GROUP: usize = 1 << 17;

/// Rows of which all columns are gathered before the next: what they are gathered from stays near.
const BLOCK: usize = 1 << 10;

/// Columns of a block that one core gathers, at least: less is not worth sharing.
const SIDE_BY_SIDE: usize = 8;

/// Rows that row groups hold on average, at least, where they end with the stretches of parts.
const WORTHWHILE: usize = 1 << 13;

/// A table could not be written as Parquet.
#[derive(Debug, thiserror::Error)]
#[error("cannot write table `{table}` as Parquet")]
pub struct Error {
    /// The table's name.
    pub table: &'static str,
    /// What the encoder or the output said.
    pub source: polars::error::PolarsError,
}

/// Writes the table.
///
/// # Errors
/// What `out` says, and what Parquet cannot hold: a row group of a column beyond two gigabytes.
pub fn write<W: Write + Send + ?Sized>(table: &Table<'_>, out: &mut W) -> Result<(), Error> {
    write_together(std::slice::from_ref(table), &mut [out])
}

/// Writes a table and those behind it that are parts of it, each to its own output.
///
/// Where the parts hold long stretches of rows, row groups end where those do: what a part shares with the whole table is
/// then encoded and compressed once, and both files hold the same pages.
///
/// # Errors
/// Those of [`write`].
pub fn write_together<W: Write + Send>(tables: &[Table<'_>], outs: &mut [W]) -> Result<(), Error> {
    let groups = stretches(tables, ROW_GROUP);
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    if groups.len() * WORTHWHILE <= rows {
        return write_groups(tables, &groups, outs);
    }
    let alone = |(table, out): (&Table<'_>, &mut W)| {
        let table = std::slice::from_ref(table);
        write_groups(table, &stretches(table, ROW_GROUP), std::slice::from_mut(out))
    };
    tables.par_iter().zip(outs).try_for_each(alone)
}

fn write_groups<W: Write + Send>(
    tables: &[Table<'_>],
    groups: &[Stretch],
    outs: &mut [W],
) -> Result<(), Error> {
    let table = tables.first().map_or("", |table| table.schema.name);
    try_write_groups(tables, groups, outs).map_err(|source| Error { table, source })
}

type Outcome<T> = Result<T, polars::error::PolarsError>;

/// A row group: the pages of each column of the whole table, then of those that its part has of its own.
struct Group<'s> {
    stretch: &'s Stretch,
    columns: Vec<Vec<CompressedPage>>,
}

fn try_write_groups<W: Write + Send>(
    tables: &[Table<'_>],
    groups: &[Stretch],
    outs: &mut [W],
) -> Outcome<()> {
    let options = options()?;
    let mut files = Vec::with_capacity(tables.len());
    for (table, out) in tables.iter().zip(outs) {
        files.push(FileWriter::try_new(out, schema(table), options)?);
    }
    let fields: Vec<Vec<ParquetType>> =
        files.iter().map(|file| file.parquet_schema().fields().to_vec()).collect();
    let mut ready: Option<Group<'_>> = None;
    for stretch in groups {
        let (next, written) = rayon::join(
            || encode(tables, &fields, stretch, options),
            || write_ready(tables, &mut files, ready.take()),
        );
        written?;
        ready = Some(next?);
    }
    write_ready(tables, &mut files, ready)?;
    // Without Arrow's own schema in the footer readers take the plain types that Parquet declares.
    files.iter_mut().try_for_each(|file| file.end(Some(Vec::new())).map(drop))
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

fn encode<'s>(
    tables: &[Table<'_>],
    fields: &[Vec<ParquetType>],
    stretch: &'s Stretch,
    options: WriteOptions,
) -> Outcome<Group<'s>> {
    let of_table = |table: usize, columns: Range<usize>, first: usize| {
        let fields = &fields[table][columns.clone()];
        tables[table].columns[columns].iter().zip(fields).map(move |(column, field)| (column, field, first))
    };
    let whole = of_table(0, 0..tables[0].columns.len(), stretch.rows.start);
    let own = stretch.part.map(|(part, first)| of_table(part, tables[part].own_columns(), first));
    let columns: Vec<_> = whole.chain(own.into_iter().flatten()).collect();
    let count = stretch.rows.len();
    let mut values: Vec<Values<'_>> = columns.iter().map(|(column, ..)| Values::of(column, count)).collect();
    for start in (0..count).step_by(BLOCK) {
        let end = (start + BLOCK).min(count);
        let each = values.par_iter_mut().zip(&columns).with_min_len(SIDE_BY_SIDE);
        each.for_each(|(values, (.., first))| values.fill(first + start..first + end));
    }
    let columns = values.into_par_iter().zip(&columns);
    let columns = columns.map(|(values, (_, field, _))| encode_column(values, field, options));
    Ok(Group { stretch, columns: columns.collect::<Outcome<_>>()? })
}

fn encode_column(
    values: Values<'_>,
    field: &ParquetType,
    options: WriteOptions,
) -> Outcome<Vec<CompressedPage>> {
    let (array, encoding) = values.array()?;
    let pages = array_to_columns(array, field.clone(), options, &[encoding])?.into_iter().flatten();
    // The pages of a column of long texts take as long as all others together.
    let pages = pages.collect::<Outcome<Vec<_>>>()?.into_par_iter();
    pages.map(|page| Ok(compress(page, Vec::new(), options.compression)?)).collect()
}

/// Writes a row group to the file of the whole table, and to that of its part.
fn write_ready<W: Write>(
    tables: &[Table<'_>],
    files: &mut [FileWriter<W>],
    group: Option<Group<'_>>,
) -> Outcome<()> {
    let Some(Group { stretch, columns }) = group else { return Ok(()) };
    let rows = stretch.rows.len() as u64;
    let (whole, own) = columns.split_at(tables[0].columns.len());
    files[0].write(rows, each_page(whole))?;
    let Some((part, _)) = stretch.part else { return Ok(()) };
    let (before, behind) = whole.split_at(tables[part].own_columns().start);
    files[part].write(rows, each_page(before.iter().chain(own).chain(behind)))
}

fn each_page<'p>(
    columns: impl IntoIterator<Item = &'p Vec<CompressedPage>, IntoIter: Send + Sync + 'p>,
) -> RowGroupIterColumns<'p, polars::error::PolarsError> {
    let columns = columns.into_iter().map(|pages| {
        let pages = pages.iter().map(Outcome::Ok);
        Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
    });
    DynIter::new(columns)
}
