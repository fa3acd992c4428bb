//! Published tables from small facts: the header and the schema, every value, both formats.

#[path = "published/facts.rs"]
mod facts;
#[path = "published/knowledge.rs"]
mod knowledge;

use std::error::Error;
use std::io::Cursor;

use facts::{Stated, claim, facts, year};
use knowledge::{knowledge, noted};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::table::{ColumnSchema, ColumnType, PLACES, TABLES};
use polars::prelude::{AnyValue, ParquetReader, SerReader};
use proptest::prelude::*;
use report::datapackage::{self, FileDigest, License, Package, Written};
use report::table::{Column, Table, Value};
use report::tables::{self, Names};

type Outcome = Result<(), Box<dyn Error>>;

fn csv(table: &Table<'_>) -> Result<String, Box<dyn Error>> {
    let mut bytes = Vec::new();
    report::csv::write(table, &mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}

fn parquet(table: &Table<'_>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    report::parquet::write(table, &mut bytes)?;
    Ok(bytes)
}

/// A table of one column of free text.
fn names_table(texts: &[String]) -> Table<'_> {
    Table {
        schema: &PLACES,
        rows: texts.len(),
        part: None,
        columns: vec![
            Column::text(texts.iter().map(|_| "XXX")),
            Column::text(texts.iter().map(|_| "")),
            Column::text(texts),
        ],
    }
}

/// Every table of facts and knowledge where each column has a value somewhere.
fn with_all_tables(check: impl FnOnce(Vec<Table<'_>>, &Facts) -> Outcome) -> Outcome {
    let facts = knowledge::full_facts();
    let knowledge = knowledge(&facts);
    let names = Names::new(&facts, &knowledge);
    let findings = noted();
    let findings: Vec<_> = findings.iter().collect();
    let mut all = tables::stated(&facts);
    all.extend(tables::known(&facts, &knowledge, &names, &findings));
    check(all, &facts)
}

#[test]
fn header_and_columns_come_from_the_declaration() -> Outcome {
    with_all_tables(|tables, _| {
        let declared: Vec<_> = TABLES.iter().map(|schema| schema.name).collect();
        assert_eq!(tables.iter().map(|table| table.schema.name).collect::<Vec<_>>(), declared);
        for table in &tables {
            let header: Vec<_> = table.schema.columns.iter().map(|column| column.name).collect();
            assert_eq!(csv(table)?.lines().next(), Some(header.join(",").as_str()));
            assert_eq!(table.columns.len(), header.len(), "{}", table.schema.name);
        }
        Ok(())
    })
}

/// What a part shares with the table before it is declared alike: its bytes are the same.
#[test]
fn parts_declare_what_they_share_as_the_whole_does() -> Outcome {
    with_all_tables(|tables, _| {
        for family in tables.chunk_by(|_, table| table.part.is_some()).filter(|family| family.len() > 1) {
            let mut held = 0;
            for table in &family[1..] {
                let part = table.part.as_ref().ok_or("a part")?;
                let columns = table.schema.columns.iter().enumerate();
                let shared = columns.filter(|(at, _)| !part.own.contains(at));
                let shape = |column: &ColumnSchema| (column.name, column.column_type, column.required);
                let shared: Vec<_> = shared.map(|(_, column)| shape(column)).collect();
                let whole: Vec<_> = family[0].schema.columns.iter().map(shape).collect();
                assert_eq!(shared, whole, "{}", table.schema.name);
                held += part.rows.iter().map(|rows| rows.len()).sum::<usize>();
            }
            assert_eq!((family.len(), held), (4, family[0].rows), "each row is of one topic");
        }
        Ok(())
    })
}

/// Every value fits the type and the vocabulary of its column, and a required one is there.
#[test]
fn values_fit_the_declaration() -> Outcome {
    with_all_tables(|tables, _| {
        for table in &tables {
            for (schema, column) in table.schema.columns.iter().zip(&table.columns) {
                for row in 0..table.rows {
                    let (value, at) = (column.value(row), format!("{}.{}", table.schema.name, schema.name));
                    let fits = match (&value, schema.column_type) {
                        (Value::Null, _) => !schema.required,
                        (Value::Text(text), ColumnType::Word(words)) => words.contains(&text.as_str()),
                        (Value::Text(_), ColumnType::Code | ColumnType::Id | ColumnType::Text) => true,
                        (Value::Number(_), ColumnType::Number) => true,
                        (Value::Integer(_), ColumnType::Integer) => true,
                        (Value::Boolean(_), ColumnType::Boolean) => true,
                        (Value::Date(_), ColumnType::Date) => true,
                        _ => false,
                    };
                    assert!(fits, "{at}[{row}] is {value:?}");
                }
            }
        }
        Ok(())
    })
}

#[test]
fn rows_are_sorted_by_a_key_that_is_unique() -> Outcome {
    with_all_tables(|tables, _| {
        for table in &tables {
            let place = |name: &str| table.schema.columns.iter().position(|column| column.name == name);
            let key: Vec<usize> = table.schema.key.iter().filter_map(|name| place(name)).collect();
            let spelt = |row: usize| -> Vec<String> {
                key.iter().map(|&at| as_text(&table.columns[at].value(row))).collect()
            };
            let keys: Vec<_> = (0..table.rows).map(spelt).collect();
            assert!(table.rows > 1, "{} has rows to compare", table.schema.name);
            assert!(keys.is_sorted_by(|a, b| a < b), "{}: {keys:#?}", table.schema.name);
        }
        Ok(())
    })
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Date(day) => day.to_string(),
    }
}

#[test]
fn parquet_holds_what_the_table_holds() -> Outcome {
    with_all_tables(|tables, _| {
        for table in &tables {
            let frame = ParquetReader::new(Cursor::new(parquet(table)?)).finish()?;
            assert_eq!(frame.height(), table.rows);
            for (schema, column) in table.schema.columns.iter().zip(&table.columns) {
                let series = frame.column(schema.name)?;
                for row in 0..table.rows {
                    let read = match series.get(row)? {
                        AnyValue::Null => Value::Null,
                        AnyValue::String(text) => Value::Text(text.to_owned()),
                        AnyValue::Float64(number) => Value::Number(number),
                        AnyValue::Int64(number) => Value::Integer(number),
                        AnyValue::Boolean(boolean) => Value::Boolean(boolean),
                        AnyValue::Date(days) => {
                            Value::Date(chrono::NaiveDate::default() + chrono::Days::new(days as u64))
                        }
                        other => return Err(format!("{} is {other:?}", schema.name).into()),
                    };
                    assert_eq!(read, column.value(row), "{}.{}[{row}]", table.schema.name, schema.name);
                }
            }
        }
        Ok(())
    })
}

#[test]
fn csv_holds_what_the_table_holds() -> Outcome {
    with_all_tables(|tables, _| {
        for table in &tables {
            let text = csv(table)?;
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            for (row, record) in reader.records().enumerate() {
                for (cell, (schema, column)) in
                    record?.iter().zip(table.schema.columns.iter().zip(&table.columns))
                {
                    let at = format!("{}.{}[{row}]", table.schema.name, schema.name);
                    match column.value(row) {
                        Value::Number(number) => assert_eq!(cell.parse::<f64>()?, number, "{at}"),
                        value => assert_eq!(cell.trim_start_matches('\''), as_text(&value), "{at}"),
                    }
                }
            }
        }
        Ok(())
    })
}

/// No cell of any column but numbers and closed vocabularies begins like a formula.
#[test]
fn no_id_or_name_of_the_sheets_runs_in_a_spreadsheet() -> Outcome {
    let mut facts = facts();
    facts.sheets[0].file = "raw/=x.csv".into();
    facts.sheets[1].sheet = Some("=Facts".into());
    facts.sources[0].source_id = "@ein".into();
    facts.indicators[2].indicator = "-turnover".into();
    let cell = model::cell::CellRef { sheet: 1, column: 2, row: 14 };
    claim(
        &mut facts,
        &Stated { id: "=c1", stated: "+4", evidence: "-5", note: "@x", cell, ..Stated::default() },
    );
    let line = csv(&tables::claims(&facts))?;
    let line = line.lines().nth(1).unwrap_or_default();
    assert!(
        line.starts_with("'=c1,'@ein,'-turnover,trade,level,KGZ,RUS,actual,'+4,=,4100000000.0,"),
        "{line}"
    );
    assert!(line.ends_with(",'-5,verified,,raw/investment.xlsx,'=Facts,C14,'@x"), "{line}");
    Ok(())
}

#[test]
fn cells_of_text() -> Outcome {
    let unescape = |text: &str| {
        text.replace("\\\\", "\0")
            .replace("\\t", "\t")
            .replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace('\0', "\\")
    };
    let cases = include_str!("data/csv_cells.txt")
        .lines()
        .filter(|line| !line.starts_with('#') || line.starts_with("#REF"));
    let mut checked = 0;
    for line in cases {
        let (text, cell) = line.split_once(" => ").ok_or(line)?;
        let texts = [unescape(text)];
        let expected = format!("code,alpha2,name\nXXX,,{}\n", unescape(cell));
        assert_eq!(csv(&names_table(&texts))?, expected, "{line}");
        let frame = ParquetReader::new(Cursor::new(parquet(&names_table(&texts))?)).finish()?;
        assert_eq!(frame.column("name")?.get(0)?, AnyValue::String(&texts[0]), "Parquet is raw: {line}");
        checked += 1;
    }
    assert!(checked > 30);
    Ok(())
}

#[test]
fn nothing_is_not_zero() -> Outcome {
    let mut facts = facts();
    let zero = Stated { id: "a", value: 0.0, lower: 0.0, upper: 0.0, partner: None, ..Stated::default() };
    claim(&mut facts, &zero);
    let open = Stated {
        id: "b",
        comparator: Comparator::Greater,
        value: f64::NAN,
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
        ..Stated::default()
    };
    claim(&mut facts, &open);
    let table = tables::claims(&facts);
    let text = csv(&table)?;
    assert!(text.contains(",=,0.0,0.0,false,0.0,false,USD,2024,"), "{text}");
    assert!(text.contains(",>,,,true,,false,USD,2024,"), "{text}");
    let frame = ParquetReader::new(Cursor::new(parquet(&table)?)).finish()?;
    for column in ["value", "lower", "upper"] {
        assert_eq!(frame.column(column)?.get(0)?, AnyValue::Float64(0.0));
        assert_eq!(frame.column(column)?.get(1)?, AnyValue::Null);
    }
    assert_eq!(frame.column("partner")?.get(0)?, AnyValue::Null);
    Ok(())
}

/// More rows than one chunk of CSV and one row group of Parquet, on one thread and on several.
#[test]
fn bytes_do_not_depend_on_threads() -> Outcome {
    let mut facts = facts();
    for row in 0..300_000u32 {
        let id = format!("c{row:06}");
        let figure = f64::from(row);
        let partner = (row % 4 != 0).then_some((row % 3) as u16);
        let period = year(1900 + (row / 3_000) as i32);
        let value = if row % 5 == 0 { f64::NAN } else { figure };
        claim(
            &mut facts,
            &Stated { id: &id, note: &id[..(row % 7) as usize], value, period, partner, ..Stated::default() },
        );
    }
    let table = tables::claims(&facts);
    let (text, bytes) = (csv(&table)?, parquet(&table)?);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let same = pool.install(|| -> Result<bool, String> {
            let text_again = csv(&table).map_err(|error| error.to_string())?;
            let bytes_again = parquet(&table).map_err(|error| error.to_string())?;
            Ok(text_again == text && bytes_again == bytes)
        })?;
        assert!(same, "{threads} threads");
    }
    let frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
    for (row, line) in text.lines().skip(1).enumerate().step_by(997) {
        let id = table.columns[0].value(row);
        assert_eq!(Value::Text(line.split(',').next().unwrap_or_default().to_owned()), id);
        assert_eq!(frame.column("claim_id")?.get(row)?, AnyValue::String(&as_text(&id)));
        let label = table.columns[16].value(row);
        assert_eq!(frame.column("period_label")?.get(row)?, AnyValue::String(&as_text(&label)));
    }
    Ok(())
}

#[test]
fn formulas_are_read_and_never_run() -> Outcome {
    with_all_tables(|tables, _| {
        let table = &tables[4];
        let text = csv(table)?;
        assert!(text.contains(",level(2024) / (1 + growth(2024) / 100),"), "{text}");
        Ok(())
    })
}

#[test]
fn whole_numbers_are_floats_to_a_reader_that_guesses() -> Outcome {
    let cases = [
        (4.1e9, "4100000000.0"),
        (0.0, "0.0"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
        (3_609_154_929.58, "3609154929.58"),
        (1e15, "1000000000000000.0"),
    ];
    for (number, spelt) in cases {
        assert_eq!(spell_number(number)?, spelt);
    }
    Ok(())
}

fn spell_number(number: f64) -> Result<String, Box<dyn Error>> {
    let mut facts = facts();
    claim(&mut facts, &Stated { value: number, ..Stated::default() });
    let text = csv(&tables::claims(&facts))?;
    let line = text.lines().nth(1).ok_or("a row")?.to_owned();
    Ok(line.split(',').nth(10).unwrap_or_default().to_owned())
}

proptest! {
    #[test]
    fn floats_read_back_the_same(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
        let spelt = spell_number(number).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(spelt.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        prop_assert!(spelt.contains(['.', 'e']));
    }

    #[test]
    fn any_text_reads_back_the_same(text in "(?s)[=+@'\",\r\n\ta-zа-я＝-]{0,12}") {
        let texts = [text.clone()];
        let written = csv(&names_table(&texts)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut reader = ::csv::Reader::from_reader(written.as_bytes());
        let record = reader.records().next().ok_or_else(|| TestCaseError::fail("a row"))?;
        let cell = record.map_err(|error| TestCaseError::fail(error.to_string()))?[2].to_owned();
        let guarded = text.starts_with(report::csv::GUARDED);
        prop_assert_eq!(cell, if guarded { format!("'{text}") } else { text });
    }
}

/// Writes the whole package where an independent validator can read it.
#[test]
fn the_package_describes_the_files() -> Outcome {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    std::fs::create_dir_all(&folder)?;
    with_all_tables(|tables, facts| {
        let mut written = Vec::new();
        for table in &tables {
            let (text, bytes) = (csv(table)?, parquet(table)?);
            let name = table.schema.name;
            std::fs::write(folder.join(format!("{name}.csv")), &text)?;
            std::fs::write(folder.join(format!("{name}.parquet")), &bytes)?;
            written.push(Written {
                schema: table.schema,
                rows: table.rows as u64,
                csv: FileDigest { bytes: text.len() as u64, sha256: knowledge::sha256(text.as_bytes()) },
                parquet: FileDigest { bytes: bytes.len() as u64, sha256: knowledge::sha256(&bytes) },
            });
        }
        let license =
            License { name: "CC-BY-4.0", title: "", path: "https://creativecommons.org/licenses/by/4.0/" };
        let json = datapackage::json(&Package {
            name: "corridor",
            title: "A corridor",
            description: "",
            licenses: &[license],
            sources: &facts.sources,
            tables: &written,
        });
        std::fs::write(folder.join("datapackage.json"), &json)?;
        let package: serde_json::Value = serde_json::from_slice(&json)?;
        let claims = &package["resources"][3];
        assert_eq!(claims["path"], "claims.csv");
        assert_eq!(claims["schema"]["primaryKey"][0], "claim_id");
        assert_eq!(claims["schema"]["fields"][9]["constraints"]["enum"][0], "=");
        assert_eq!(claims["schema"]["fields"][9]["spreadsheetGuard"], serde_json::Value::Null);
        assert_eq!(claims["schema"]["fields"][8]["spreadsheetGuard"], true);
        assert_eq!(package["resources"][4]["schema"]["primaryKey"], serde_json::Value::Null);
        Ok(())
    })
}

#[test]
fn a_table_without_rows_is_still_a_table() -> Outcome {
    let facts = Facts::default();
    let knowledge = Knowledge::default();
    let names = Names::new(&facts, &knowledge);
    for table in tables::stated(&facts).iter().chain(&tables::known(&facts, &knowledge, &names, &[])) {
        assert_eq!(csv(table)?.lines().count(), 1);
        let frame = ParquetReader::new(Cursor::new(parquet(table)?)).finish()?;
        assert_eq!((frame.height(), frame.width()), (0, table.schema.columns.len()));
    }
    Ok(())
}
