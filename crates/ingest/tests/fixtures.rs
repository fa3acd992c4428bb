//! Every case of `fixtures/*.txt`: a CSV as people write it, the table it must become, and the flaws it must show.
//!
//! A case:
//!
//! ```text
//! === its name | encoding=windows-1251 eol=crlf header=3     (settings of the case, and how its bytes are made)
//! the lines of the CSV, with \t \r \0 \xNN for what an editor does not show, \c at the end of a last line without line end
//! --- table
//! the same as plain CSV
//! --- flaws                                (none where this part is absent)
//! 3:1 ragged-row
//! --- dialect delimiter=; quote=' header=2 columns=3
//! ```
//!
//! `encoding` and `eol` only make the bytes; `set.delimiter`, `set.quote`, `set.header`, … are settings.

use std::fmt::Write as _;
use std::path::Path;

use ingest::settings::{HeaderAt, Limits, Mark, Settings};
use ingest::{as_csv, csv};
use model::cell::SheetName;

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Case {
    name: String,
    options: Vec<(String, String)>,
    input: Vec<String>,
    table: Option<String>,
    flaws: String,
    dialect: Vec<(String, String)>,
}

#[test]
fn csv_fixtures() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut failures = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        for case in cases(&std::fs::read_to_string(&path)?) {
            count += 1;
            let problems = check(&case)?;
            if !problems.is_empty() {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                write!(failures, "\n##### {file}: {}\n{problems}", case.name)?;
            }
        }
    }
    assert!(count > 0, "no cases");
    assert!(failures.is_empty(), "{failures}");
    Ok(())
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), escaped(value))).collect()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut part = "input";
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            let (name, options) = title.split_once(" | ").unwrap_or((title, ""));
            cases.push(Case { name: name.to_owned(), options: pairs(options), ..Case::default() });
            part = "input";
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match line.strip_prefix("--- ") {
            Some("table") => {
                part = "table";
                case.table = Some(String::new());
            }
            Some("flaws") => part = "flaws",
            Some(dialect) if dialect.starts_with("dialect") => case.dialect = pairs(dialect),
            _ => match part {
                "input" => case.input.push(line.to_owned()),
                "table" => case.table.iter_mut().for_each(|table| *table += &format!("{}\n", escaped(line))),
                _ if line.is_empty() => {}
                _ => case.flaws += &format!("{line}\n"),
            },
        }
    }
    for case in &mut cases {
        while case.input.last().is_some_and(String::is_empty) {
            case.input.pop();
        }
        if let Some(table) = &mut case.table {
            *table = table.trim_end_matches('\n').to_owned() + "\n";
        }
    }
    cases
}

/// `\t`, `\r`, `\s` (a space), `\0` and `\\` as characters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let special = match (character, characters.peek()) {
            ('\\', Some('t')) => '\t',
            ('\\', Some('r')) => '\r',
            ('\\', Some('n')) => '\n',
            ('\\', Some('s')) => ' ',
            ('\\', Some('0')) => '\0',
            ('\\', Some('\\')) => '\\',
            _ => {
                out.push(character);
                continue;
            }
        };
        characters.next();
        out.push(special);
    }
    out
}

fn bytes(case: &Case) -> Result<Vec<u8>, Failure> {
    let option =
        |key: &str| case.options.iter().find(|option| option.0 == key).map(|option| option.1.as_str());
    let eol = match option("eol") {
        Some("crlf") => "\r\n",
        Some("cr") => "\r",
        _ => "\n",
    };
    let mut text = String::new();
    for line in &case.input {
        match line.strip_suffix("\\c") {
            Some(line) => text += &escaped(line),
            None => text += &(escaped(line) + eol),
        }
    }
    let mut bytes = match option("encoding") {
        Some("utf-16le") => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Some("utf-16be") => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Some(label) => ingest::encoding::labelled(label)?.encode(&text).0.into_owned(),
        None => text.into_bytes(),
    };
    if let Some(mark) = option("mark") {
        let mark: &[u8] = match mark {
            "utf-16le" => &[0xff, 0xfe],
            "utf-16be" => &[0xfe, 0xff],
            _ => &[0xef, 0xbb, 0xbf],
        };
        bytes.splice(0..0, mark.iter().copied());
    }
    // \xNN is a raw byte, whatever the encoding.
    while let Some(at) = bytes.windows(2).position(|pair| pair == b"\\x") {
        let digits = std::str::from_utf8(bytes.get(at + 2..at + 4).ok_or("two digits")?)?;
        let byte = u8::from_str_radix(digits, 16)?;
        bytes.splice(at..at + 4, [byte]);
    }
    Ok(bytes)
}

fn settings(case: &Case) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    let mark =
        |value: &str| value.chars().next().filter(|_| value != "none").map_or(Mark::Absent, Mark::Char);
    for (key, value) in &case.options {
        match key.as_str() {
            "set.delimiter" => settings.delimiter = Some(value.clone()),
            "set.encoding" => settings.encoding = Some(value.clone()),
            "set.quote" => settings.quote = Some(mark(value)),
            "set.escape" => settings.escape = Some(mark(value)),
            "set.comment" => settings.comment = value.chars().next(),
            "set.header" if value == "none" => settings.header = Some(HeaderAt::Nowhere),
            "set.header" => settings.header = Some(HeaderAt::Row(value.parse()?)),
            "set.skip" => settings.skip = value.parse()?,
            _ => {}
        }
    }
    Ok(settings)
}

fn check(case: &Case) -> Result<String, Failure> {
    let bytes = bytes(case)?;
    let mut read = csv::open(bytes.as_slice(), &settings(case)?, &Limits::default())?;
    let mut table = String::new();
    if read.header.row.is_some() {
        as_csv::write_row(read.header.names.iter().map(String::as_str), &mut table);
    }
    let width = read.header.names.len();
    let mut flaws = read.flaws.clone();
    let mut rows = 0;
    csv::for_each(
        &mut read,
        |parsed| parsed,
        |parsed| {
            as_csv::write_batch(&parsed.batch, width, &mut table);
            rows += parsed.batch.len() as u64;
            flaws.extend(parsed.flaws);
            Ok::<_, ingest::error::Error>(())
        },
    )?;
    let sheet = SheetName { file: String::new(), sheet: None };
    let flaws: String = flaws
        .iter()
        .map(|flaw| flaw.finding(&sheet))
        .map(|finding| {
            format!(
                "{} {}\n",
                finding
                    .location
                    .unwrap_or_else(|| model::finding::Location { sheet: sheet.clone(), cell: String::new() })
                    .cell,
                finding.code
            )
        })
        .collect();
    let mut problems = String::new();
    if case.table.as_ref().is_some_and(|wanted| *wanted != table) {
        write!(problems, "read:\n{table}wanted:\n{}", case.table.as_deref().unwrap_or(""))?;
    }
    if flaws != case.flaws {
        write!(problems, "flaws:\n{flaws}wanted:\n{}", case.flaws)?;
    }
    for (key, value) in &case.dialect {
        let dialect = &read.dialect;
        let found = match key.as_str() {
            "delimiter" => dialect.delimiter.clone().unwrap_or_else(|| "none".to_owned()),
            "quote" => dialect.quote.map_or("none".to_owned(), String::from),
            "escape" => dialect.escape.map_or("none".to_owned(), String::from),
            "terminator" => dialect.terminator.map_or("none", |terminator| terminator.as_str()).to_owned(),
            "header" => dialect.header_row.map_or("none".to_owned(), |row| row.to_string()),
            "columns" => dialect.columns.to_string(),
            "encoding" => dialect.encoding.name().to_owned(),
            "rows" => rows.to_string(),
            other => return Err(format!("{other}: no such part of a dialect").into()),
        };
        if found != *value {
            writeln!(problems, "{key}: {found:?}, wanted {value:?}")?;
        }
    }
    Ok(problems)
}
