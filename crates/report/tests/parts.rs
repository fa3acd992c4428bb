//! Tables that are parts of another one: written along with it, they come out as they do by themselves.

use std::borrow::Cow;
use std::error::Error;
use std::io::Cursor;
use std::ops::Range;

use chrono::NaiveDate;
use model::column::Texts;
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
    &[
        column("id", ColumnType::Code),
        column("value", ColumnType::Number),
        column("note", ColumnType::Text),
        column("colour", ColumnType::Code),
        column("on", ColumnType::Date),
        column("is_large", ColumnType::Boolean),
    ],
);

static SHORT: TableSchema = schema("short", SHORT_COLUMNS);
const SHORT_COLUMNS: &[ColumnSchema] = &[LABELLED[0], LABELLED[3]];
static EVEN: TableSchema = schema("even", LABELLED);
static ODD: TableSchema = schema("odd", LABELLED);

const LABELLED: &[ColumnSchema] = &[
    column("id", ColumnType::Code),
    column("label", ColumnType::Text),
    column("length", ColumnType::Integer),
    column("value", ColumnType::Number),
    column("note", ColumnType::Text),
    column("colour", ColumnType::Code),
    column("on", ColumnType::Date),
    column("is_large", ColumnType::Boolean),
];

/// The same with what the whole does not have in another place.
static FIRST: TableSchema = schema("first", FIRST_COLUMNS);
const FIRST_COLUMNS: &[ColumnSchema] = &[LABELLED[1], LABELLED[2], LABELLED[0], LABELLED[3]];
static LAST: TableSchema = schema("last", LAST_COLUMNS);
const LAST_COLUMNS: &[ColumnSchema] = &[LABELLED[0], LABELLED[3], LABELLED[1], LABELLED[2]];

/// A row by its number in the whole: an id, a number that is sometimes none, a note that wants quotes, one of a few
/// words, a day and whether the number is large.
fn shared<'a>(row_of: impl Fn(usize) -> usize + Copy + Send + Sync + 'a) -> [Column<'a>; 6] {
    let colours: Texts = ["red", "", "blue, and white"].into_iter().collect();
    let days = (1..=28).map(|day| NaiveDate::from_ymd_opt(2024, 2, day));
    [
        Column::made(move |row, text| text.push_str(&format!("id-{}", row_of(row)))),
        Column::number(
            move |row| if row_of(row).is_multiple_of(7) { f64::NAN } else { row_of(row) as f64 / 8.0 },
        ),
        Column::made(move |row, text| text.push_str(["=1", "", "a, b"][row_of(row) % 3])),
        Column::coded(move |row| row_of(row) as u32 % 3, Cow::Owned(colours)),
        Column::days(move |row| row_of(row) as u32 % 28, days.collect()),
        Column::boolean(move |row| row_of(row) > 1000),
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
        let [id, value, note, colour, on, is_large] = shared(|row| held[row]);
        let label = Column::made(|row, text| text.push_str(&format!("row {row}; \"{}\"", held[row])));
        let length = Column::integer(|row| (!held[row].is_multiple_of(5)).then_some(row as i64));
        let columns = vec![id, label, length, value, note, colour, on, is_large];
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

/// What a part has of its own may stand before all that it shares, and behind it.
#[test]
fn own_columns_stand_anywhere() -> Outcome {
    let own = || [Column::text(["a", "b"]), Column::integer(|row| Some(row as i64))];
    let shared = || [Column::text(["x", "y"]), Column::number(|row| row as f64)];
    let part = |schema, columns: Vec<Column<'static>>, own| Table {
        schema,
        columns,
        rows: 2,
        part: Some(Part { own, rows: std::iter::once(0..2).collect() }),
    };
    let first = part(&FIRST, own().into_iter().chain(shared()).collect(), 0..2);
    let last = part(&LAST, shared().into_iter().chain(own()).collect(), 2..4);
    for (table, expected) in [
        (first, "label,length,id,value\na,0,x,0.0\nb,1,y,1.0\n"),
        (last, "id,value,label,length\nx,0.0,a,0\ny,1.0,b,1\n"),
    ] {
        let whole = Table { schema: &SHORT, columns: shared().into(), rows: 2, part: None };
        let mut together = [Vec::new(), Vec::new()];
        report::csv::write_together(&[whole, table], &mut together)?;
        let [whole, part] = together.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!((whole.as_str(), part.as_str()), ("id,value\nx,0.0\ny,1.0\n", expected));
    }
    Ok(())
}

#[test]
fn row_groups_end_with_long_stretches() -> Outcome {
    let tables = tables(&[140_000, 9_000, 30_000]);
    let mut together = vec![Vec::new(); tables.len()];
    report::parquet::write_together(&tables, &mut together)?;
    let groups = together.into_iter().map(|bytes| {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        Ok(reader.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect())
    });
    let groups: Vec<Vec<usize>> = groups.collect::<Outcome<_>>()?;
    let limit = 1 << 17;
    let first = [limit, 140_000 - limit];
    assert_eq!(groups, [vec![first[0], first[1], 9_000, 30_000], first.into(), vec![9_000]]);
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
