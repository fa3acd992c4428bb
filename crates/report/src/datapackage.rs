//! `datapackage.json`: what the published tables are, for programs. Data Package v2
//! (<https://datapackage.org/standard/data-package/>).
//!
//! A table is one resource: its CSV, with the Parquet of the same rows named beside it. A key whose
//! columns always have a value is the primary key; one with a column that may be empty is a unique
//! key, as the standard wants it. No time of day or year stands in it.

use model::source::Source;
use model::table::{ColumnSchema, ColumnType, TableSchema};
use serde_json::{Map, Value, json};

use crate::csv::{GUARDED, is_guarded};

/// The package as a whole: what the configuration says of it, and its tables.
pub struct Package<'a> {
    /// Its identifier: lower case, digits, `.`, `_`, `-`, `/`.
    pub name: &'a str,
    /// Its title for people.
    pub title: &'a str,
    /// What it holds; may be empty.
    pub description: &'a str,
    /// The terms it is published under.
    pub licenses: &'a [License<'a>],
    /// The texts that the figures are from.
    pub sources: &'a [Source],
    /// The written tables in order.
    pub tables: &'a [Written],
}

/// A licence.
pub struct License<'a> {
    /// Its Open Definition or SPDX identifier.
    pub name: &'a str,
    /// Its title; may be empty.
    pub title: &'a str,
    /// Its address; may be empty.
    pub path: &'a str,
}

/// A table with its two files, which lie beside the package.
pub struct Written {
    /// The table.
    pub schema: &'static TableSchema,
    /// Its rows.
    pub rows: u64,
    /// `<name>.csv`.
    pub csv: FileDigest,
    /// `<name>.parquet`.
    pub parquet: FileDigest,
}

/// The size and hash of a written file.
pub struct FileDigest {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// The bytes of `datapackage.json`.
pub fn json(package: &Package<'_>) -> Vec<u8> {
    let mut descriptor = Map::new();
    descriptor.insert("$schema".into(), "https://datapackage.org/profiles/2.0/datapackage.json".into());
    descriptor.insert("name".into(), package.name.into());
    insert_text(&mut descriptor, "title", package.title);
    insert_text(&mut descriptor, "description", package.description);
    if !package.licenses.is_empty() {
        descriptor.insert("licenses".into(), package.licenses.iter().map(license).collect());
    }
    if !package.sources.is_empty() {
        descriptor.insert("sources".into(), package.sources.iter().map(source).collect());
    }
    descriptor.insert("spreadsheetGuard".into(), spreadsheet_guard());
    descriptor.insert("resources".into(), package.tables.iter().map(resource).collect());
    format!("{:#}\n", Value::Object(descriptor)).into_bytes()
}

fn insert_text(object: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        object.insert(name.into(), text.into());
    }
}

fn license(license: &License<'_>) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), license.name.into());
    insert_text(&mut object, "path", license.path);
    insert_text(&mut object, "title", license.title);
    Value::Object(object)
}

fn source(source: &Source) -> Value {
    let mut object = Map::new();
    object.insert("title".into(), source.title.as_str().into());
    // The standard wants an address that a program may fetch; anything else stays in the table.
    if source.url.starts_with("https://") || source.url.starts_with("http://") {
        object.insert("path".into(), source.url.as_str().into());
    }
    Value::Object(object)
}

fn spreadsheet_guard() -> Value {
    json!({
        "prefix": "'",
        "before": GUARDED.map(String::from),
        "description": "In the CSV files a cell of a field with `spreadsheetGuard` that begins with one \
            of these characters has the prefix before it, so that no spreadsheet runs it as a formula. \
            The Parquet files hold the text as it is.",
    })
}

fn resource(table: &Written) -> Value {
    let schema = table.schema;
    json!({
        "name": schema.name,
        "type": "table",
        "path": format!("{}.csv", schema.name),
        "title": schema.title,
        "description": schema.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.bytes,
        "hash": format!("sha256:{}", table.csv.sha256),
        "rows": table.rows,
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": "\"",
            "doubleQuote": true,
            "header": true,
        },
        "parquet": {
            "path": format!("{}.parquet", schema.name),
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "bytes": table.parquet.bytes,
            "hash": format!("sha256:{}", table.parquet.sha256),
        },
        "schema": table_schema(schema),
    })
}

fn table_schema(schema: &TableSchema) -> Value {
    let mut object = Map::new();
    object.insert("fields".into(), schema.columns.iter().map(field).collect());
    object.insert("missingValues".into(), json!([""]));
    if schema.key_is_required() {
        object.insert("primaryKey".into(), json!(schema.key));
    } else {
        object.insert("uniqueKeys".into(), json!([schema.key]));
    }
    if !schema.foreign_keys.is_empty() {
        let keys = schema.foreign_keys.iter().map(|key| {
            json!({
                "fields": [key.column],
                "reference": { "resource": key.table, "fields": [key.reference] },
            })
        });
        object.insert("foreignKeys".into(), keys.collect());
    }
    Value::Object(object)
}

fn field(column: &ColumnSchema) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), column.name.into());
    let data_type = match column.column_type {
        ColumnType::Code | ColumnType::Id | ColumnType::Word(_) | ColumnType::Text => "string",
        ColumnType::Number => "number",
        ColumnType::Integer => "integer",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
    };
    object.insert("type".into(), data_type.into());
    object.insert("description".into(), column.description.into());
    insert_text(&mut object, "unit", column.unit);
    if is_guarded(column) {
        object.insert("spreadsheetGuard".into(), true.into());
    }
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".into(), true.into());
    }
    if let ColumnType::Word(words) = column.column_type {
        constraints.insert("enum".into(), json!(words));
    }
    if !constraints.is_empty() {
        object.insert("constraints".into(), Value::Object(constraints));
    }
    Value::Object(object)
}
