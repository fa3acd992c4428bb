//! Tables that are parts of another one: written along with it, they come out as they do by themselves.

use std::error::Error;
use std::io::Cursor;
use std::ops::Range;

use model::table::{ColumnSchema, ColumnType, TableSchema};
use polars::prelude::{DataFrame, ParquetReader, SerReader};
use report::table::{Column, Part, Table};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const fn column(name: &'static str, column_type: ColumnType) -> ColumnSchema {
    ColumnSchema { name, column_type, unit: "", description: "", required: false }
}

const fn schema(name: &'static str, columns: &'static [ColumnSchema]) -> TableSchema {
    TableSchema { name, title: "", description: "", key: &["id"], foreign_keys: &[], columns }
}

static WHOLE: TableSchema = schema(
    "whole",
    &[column("id", ColumnType::Code), column("value", ColumnType::Number), column("note", ColumnType::Text)],
);

static EVEN: TableSchema = schema("even", LABELLED);
static ODD: TableSchema = schema("odd", LABELLED);

const LABELLED: &[ColumnSchema] = &[
    column("id", ColumnType::Code),
    column("label", ColumnType::Text),
    column("length", ColumnType::Integer),
    column("value", ColumnType::Number),
    column("note", ColumnType::Text),
];

/// A row by its number in the whole: an id, a number that is sometimes none, and a note that wants quotes.
fn shared<'a>(row_of: impl Fn(usize) -> usize + Copy + Send + Sync + 'a) -> [Column<'a>; 3] {
    [
        Column::made(move |row, text| text.push_str(&format!("id-{}", row_of(row)))),
        Column::number(
            move |row| if row_of(row).is_multiple_of(7) { f64::NAN } else { row_of(row) as f64 / 8.0 },
        ),
        Column::made(move |row, text| text.push_str(["=1", "", "a, b"][row_of(row) % 3])),
    ]
}

/// The whole, then its parts: those of the stretches at even places, and at odd ones. Every third is in neither.
fn tables(stretches: &[usize]) -> Vec<Table<'static>> {
    let mut parts: [Vec<Range<usize>>; 2] = Default::default();
    let mut end = 0;
    for (place, &length) in stretches.iter().enumerate() {
        let rows = end..end + length;
        end = rows.end;
        if place % 3 < 2 && length > 0 {
            parts[place % 2].push(rows);
        }
    }
    let mut tables = vec![Table { schema: &WHOLE, columns: shared(|row| row).into(), rows: end, part: None }];
    for (schema, rows) in [&EVEN, &ODD].into_iter().zip(parts) {
        let held: &'static [usize] = rows.iter().cloned().flatten().collect::<Vec<_>>().leak();
        let [id, value, note] = shared(|row| held[row]);
        let label = Column::made(|row, text| text.push_str(&format!("row {row}; \"{}\"", held[row])));
        let length = Column::integer(|row| (!held[row].is_multiple_of(5)).then_some(row as i64));
        let columns = vec![id, label, length, value, note];
        tables.push(Table { schema, columns, rows: held.len(), part: Some(Part { own: 1..3, rows }) });
    }
    tables
}

fn frame(bytes: Vec<u8>) -> Outcome<DataFrame> {
    Ok(ParquetReader::new(Cursor::new(bytes)).finish()?)
}

/// All stretches there are to be had: none, short ones, ones beyond a chunk of CSV and beyond a row group of Parquet.
const STRETCHES: [&[usize]; 7] = [
    &[],
    &[0, 0, 5],
    &[3, 1, 4, 1, 5, 9, 2, 6],
    &[20_000],
    &[9_000, 5_000, 10_000, 12_000],
    &[140_000, 9_000, 1, 30_000, 270_000],
    &[1, 0, 200_000],
];

#[test]
fn parts_come_out_as_by_themselves() -> Outcome {
    for stretches in STRETCHES {
        let tables = tables(stretches);
        let mut together = vec![Vec::new(); tables.len()];
        report::csv::write_together(&tables, &mut together)?;
        for (table, together) in tables.iter().zip(together) {
            let mut alone = Vec::new();
            report::csv::write(table, &mut alone)?;
            assert!(together == alone, "{} of {stretches:?} as CSV", table.schema.name);
        }
        let mut together = vec![Vec::new(); tables.len()];
        report::parquet::write_together(&tables, &mut together)?;
        for (table, together) in tables.iter().zip(together) {
            let mut alone = Vec::new();
            report::parquet::write(table, &mut alone)?;
            assert!(
                frame(together)?.equals_missing(&frame(alone)?),
                "{} of {stretches:?} as Parquet",
                table.schema.name
            );
        }
    }
    Ok(())
}

#[test]
fn many_short_stretches_make_no_short_row_groups() -> Outcome {
    let tables = tables(&[500; 400]);
    let mut together = vec![Vec::new(); tables.len()];
    report::parquet::write_together(&tables, &mut together)?;
    for (table, together) in tables.iter().zip(together) {
        let groups = ParquetReader::new(Cursor::new(together)).get_metadata()?.row_groups.len();
        assert_eq!(groups, table.rows.div_ceil(1 << 17), "{}", table.schema.name);
    }
    Ok(())
}
