//! The JSON Schema of `pipeline.toml`, made from the contract and the keys that a configuration may
//! have. It is published as `pipeline.schema.json`; a test holds the file to this declaration.
//!
//! To renew the file: `BLESS=1 cargo test -p pipeline schema`.

use model::contract::SheetKind;
use model::source::SourceKind;
use normalize::language::Language;
use serde_json::{Map, Value, json};

use super::RawConfig;

/// The published file, from this crate's folder.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pipeline.schema.json");

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pipeline.toml",
        "description": "What to read, how to map it, what to publish.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "corridor": { "type": "object", "additionalProperties": false, "properties": corridor() },
            "settings": { "type": "object", "additionalProperties": false, "properties": settings() },
            "sheet": { "type": "array", "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["file", "kind"],
                "properties": sheet(),
                "allOf": SheetKind::ALL.iter().map(|kind| by_kind(*kind)).collect::<Vec<_>>(),
            } },
        },
    })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn object(entries: Vec<(&str, Value)>) -> Map<String, Value> {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn corridor() -> Map<String, Value> {
    object(vec![
        ("name", text("Name of the data package: lower-case letters, digits, - . _")),
        ("title", text("Title of the reports.")),
        ("description", text("One paragraph for the data package.")),
        ("licence", text("Licence of the published tables: an SPDX or Open Definition id.")),
    ])
}

fn settings() -> Map<String, Value> {
    let percent =
        |what: &str| json!({ "type": "number", "minimum": 0, "exclusiveMaximum": 100, "description": what });
    let languages = Language::ALL.map(Language::as_str);
    object(vec![
        (
            "languages",
            json!({ "type": "array", "items": { "enum": languages }, "description": "Word tables to read cells and texts with." }),
        ),
        (
            "on_error",
            json!({ "enum": ["refuse", "quarantine"], "description": "Whether refused rows refuse the run, or are set aside in out/rejects.csv." }),
        ),
        ("articles", text("Folder of the sources' texts, <source_id>.txt.")),
        ("lock", text("File of verified evidence.")),
        ("nearly_percent", percent("How far below a figure \"nearly\" reaches.")),
        ("about_percent", percent("How far around a figure \"about\" reaches.")),
        (
            "authority",
            json!({ "type": "array", "items": { "enum": SourceKind::WORDS }, "description": "Kinds of sources, most authoritative first." }),
        ),
        ("keep", json!({ "type": "integer", "minimum": 2, "description": "Revisions that are kept." })),
        (
            "keep_days",
            json!({ "type": "integer", "minimum": 0, "description": "Days for which revisions are kept, besides the latest ones." }),
        ),
        (
            "max_age",
            json!({
                "type": "object",
                "propertyNames": { "enum": SourceKind::WORDS },
                "additionalProperties": { "type": "integer", "minimum": 0 },
                "description": "Kind of source = days after which its newest text on a topic is too old, seen from --today.",
            }),
        ),
        (
            "limits",
            json!({ "type": "object", "additionalProperties": false, "properties": limits(), "description": "Caps of reading; the error that one raises names it." }),
        ),
    ])
}

fn limits() -> Map<String, Value> {
    let whole = |what: &str| json!({ "type": "integer", "minimum": 1, "description": what });
    object(vec![
        ("rows", whole("Lines of a CSV, rows of a worksheet.")),
        ("columns", whole("Columns of a row.")),
        ("cell_bytes", whole("Bytes of one cell.")),
        ("cells", whole("Cells of a workbook, counted with the gaps between them.")),
        ("inflated_bytes", whole("Bytes of a zipped workbook's parts, inflated.")),
        ("memory_bytes", whole("Bytes of memory for reading a workbook; otherwise as its size allows.")),
        ("seconds", whole("Seconds for reading a workbook; otherwise as its size allows.")),
    ])
}

fn sheet() -> Map<String, Value> {
    let whole = |least: u32, what: &str| json!({ "type": "integer", "minimum": least, "description": what });
    let boolean = |what: &str| json!({ "type": "boolean", "description": what });
    let languages = Language::ALL.map(Language::as_str);
    object(vec![
        ("file", text("A CSV or workbook below this folder; its name may have * and ?.")),
        ("kind", json!({ "enum": SheetKind::WORDS, "description": "What its rows are." })),
        (
            "sheets",
            json!({ "type": "array", "items": { "type": ["string", "integer"] }, "description": "Sheets of a workbook by name, pattern or number from 1; all that are not hidden, where this is left out." }),
        ),
        ("range", text("The part of a worksheet that is read: B5:H40, or the name of a table.")),
        ("header", whole(0, "The line or row of the header; 0 where there is none and columns are A, B, C.")),
        (
            "header_rows",
            json!({ "type": "integer", "minimum": 1, "maximum": 20, "description": "How many rows make a name together, joined with blanks." }),
        ),
        ("skip", whole(0, "Lines or rows at the top that are no part of the table.")),
        (
            "columns",
            json!({ "type": "object", "description": "Header in the sheet = column of the contract." }),
        ),
        (
            "constants",
            json!({ "type": "object", "description": "Column = value of every row; {name} is the row's cell of a column or header, {row}, {sheet}, {file} where it stands." }),
        ),
        ("id", text("How ids are made: {indicator}-{reporter}-{period}.")),
        (
            "values",
            json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": { "type": "string" } }, "description": "Column: what its cells say = what is read." }),
        ),
        ("ignore", texts("Headers that are left out; * and ? as in a shell.")),
        ("null", texts("Cells that mean nothing here.")),
        (
            "skip_rows_where",
            json!({ "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }, "description": "Column or header = texts of rows that are left out; * and ? as in a shell, \"\" is an empty cell." }),
        ),
        ("fill_down", texts("Columns whose empty cells repeat the one above.")),
        ("fill_merged", boolean("Whether all cells of a merged area have the text of the first.")),
        (
            "hidden",
            json!({ "enum": ["read", "skip"], "description": "What is done with hidden rows, columns and sheets." }),
        ),
        (
            "unpivot",
            json!({
                "type": "object",
                "additionalProperties": false,
                "required": ["columns", "to"],
                "description": "Columns that become rows.",
                "properties": object(vec![
                    ("columns", texts("Their headers; * and ? as in a shell, 2015..2024 a range.")),
                    ("to", text("The column that a header goes to, or a pattern of several: {indicator} {period}.")),
                    ("cell", text("The column that a cell goes to; value where this is left out.")),
                ]),
            }),
        ),
        (
            "unit_from_header",
            boolean(
                "Whether the unit in the header of `value` is that of its cells; true where this is left out.",
            ),
        ),
        (
            "decimal",
            json!({ "enum": [".", ","], "description": "The decimal mark of numbers that are written as text." }),
        ),
        ("day_first", boolean("Whether 01/02/2024 is 1 February.")),
        ("encoding", text("WHATWG name of a CSV's encoding, where it is not detected.")),
        ("delimiter", text("What separates a CSV's fields, where it is not detected.")),
        ("quote", text("What encloses a CSV's fields; empty where nothing does.")),
        ("comment", text("The character that starts lines which are no rows.")),
        (
            "languages",
            json!({ "type": "array", "items": { "enum": languages }, "description": "Word tables for this sheet alone." }),
        ),
    ])
}

/// Which columns a mapping of one kind may name.
fn by_kind(kind: SheetKind) -> Value {
    let columns: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
    let described: Map<String, Value> = kind
        .columns()
        .iter()
        .map(|column| (column.name.to_owned(), json!({ "description": column.description })))
        .collect();
    json!({
        "if": { "properties": { "kind": { "const": kind.as_str() } } },
        "then": { "properties": {
            "columns": { "additionalProperties": { "enum": columns } },
            "constants": { "additionalProperties": false, "properties": described },
            "values": { "propertyNames": { "enum": columns } },
        } },
    })
}

#[test]
fn the_published_schema_is_current() -> Result<(), Box<dyn std::error::Error>> {
    let current = serde_json::to_string_pretty(&schema())? + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(FILE, &current)?;
    }
    assert!(std::fs::read_to_string(FILE)? == current, "renew it: BLESS=1 cargo test -p pipeline schema");
    Ok(())
}

/// What serde says of a key that nobody knows: all that it does know.
fn known_keys(toml: &str) -> Vec<String> {
    let message =
        toml::from_str::<RawConfig>(toml).err().map(|error| error.message().to_owned()).unwrap_or_default();
    let expected = message.split("expected").nth(1).unwrap_or_default().to_owned();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_schema_has_the_keys_that_are_read() {
    let sorted = |mut keys: Vec<String>| {
        keys.sort();
        keys
    };
    for (toml, keys) in [
        ("[corridor]\nnobody = 1", corridor()),
        ("[settings]\nnobody = 1", settings()),
        ("[settings.limits]\nnobody = 1", limits()),
        ("[[sheet]]\nnobody = 1", sheet()),
    ] {
        assert_eq!(sorted(keys.keys().cloned().collect()), sorted(known_keys(toml)), "{toml}");
    }
}
