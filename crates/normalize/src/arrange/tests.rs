//! The cases of `cases.txt`: sheets, how they are mapped, and the rows that must come of them.

use model::cell::{Batch, CellType, SheetName};
use model::contract::SheetKind;

use super::{FillDown, arrange};
use crate::mapping::{Mapping, Slot, Unpivot};

/// Constants that every case has, so that no required column is missing.
const USUAL: [&str; 4] = ["source", "indicator", "reporter", "evidence"];

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        pair.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    text.split(';').filter_map(pair).collect()
}

fn names(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().to_owned()).collect()
}

fn set(mapping: &mut Mapping, key: &str, text: &str) {
    match key {
        "columns" => mapping.columns = pairs(text),
        "constants" => mapping.constants.extend(pairs(text)),
        "fill_down" => mapping.fill_down = names(text),
        "skip" => {
            mapping.skip_rows_where = pairs(text).into_iter().map(|(name, text)| (name, vec![text])).collect()
        }
        "values" => {
            let (column, words) = text.split_once(':').unwrap_or_default();
            mapping.values.push((column.trim().to_owned(), pairs(words)));
        }
        "across" => {
            let (columns, to) = text.split_once("->").unwrap_or_default();
            mapping.unpivot =
                Some(Unpivot { columns: names(columns), to: to.trim().to_owned(), cell: "value".to_owned() });
            if to.contains("{indicator}") {
                mapping.constants.retain(|(name, _)| name != "indicator");
            }
        }
        other => panic!("no key `{other}`"),
    }
}

fn cells(line: &str) -> Vec<String> {
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// What the case's sheet gives: its rows, or the codes and places of what is wrong.
fn outcome(mapping: &Mapping, sheet: &[&str]) -> Vec<String> {
    let header = cells(sheet[0]);
    let mut batch = Batch::new(header.len());
    for (row, line) in (2..).zip(&sheet[1..]) {
        for cell in cells(line).iter().chain(std::iter::repeat(&String::new())).take(header.len()) {
            batch.text.push_str(cell);
            batch.ends.push(batch.text.len() as u32);
        }
        batch.rows.push(row);
    }
    let name = SheetName { file: "a.xlsx".to_owned(), sheet: Some("S".to_owned()) };
    let mut arrangement = match arrange(0, name, mapping, &header, 1) {
        Ok(arrangement) => arrangement,
        Err(findings) => {
            let place = |finding: &model::finding::Finding| {
                finding.location.as_ref().map(|at| at.cell.clone()).unwrap_or_default()
            };
            return findings
                .iter()
                .map(|finding| format!("{} {}", finding.code, place(finding)).trim().to_owned())
                .collect();
        }
    };
    let batch = if arrangement.fill_down.is_needed() { arrangement.fill_down.fill(&batch) } else { batch };
    let mut rows = Vec::new();
    for face in &arrangement.faces {
        let arranged = face.rows(&batch, &|_| false);
        let read = arranged.batch.len() + arranged.skipped + arranged.blank + arranged.refused;
        assert_eq!(read, batch.len(), "every row is accounted for");
        for row in 0..arranged.batch.len() {
            rows.push((arranged.batch.rows[row], described(&face.sheet, &arranged.batch, row)));
        }
    }
    rows.sort_by_key(|row| row.0);
    rows.into_iter().map(|row| row.1).collect()
}

fn described(sheet: &crate::mapping::BoundSheet, batch: &Batch, row: usize) -> String {
    let shown = sheet.columns().filter_map(|(column, slot)| {
        let text = match slot {
            Slot::Cell(at) => batch.get(row, usize::from(at)),
            Slot::Constant(constant) => sheet.mapping.constants[usize::from(constant)].1.as_str(),
            Slot::Absent => return None,
        };
        let cell = sheet.cell(slot, batch.rows[row]).address(true);
        (text != "-").then(|| format!("{} {text} {cell}", column.name))
    });
    shown.collect::<Vec<_>>().join(" | ")
}

#[test]
fn cases_come_out_as_written() {
    for case in include_str!("cases.txt").split("\n== ").skip(1) {
        let mut lines = case.lines();
        let title = lines.next().unwrap_or_default();
        let mut mapping = Mapping::plain(SheetKind::Claims);
        mapping.constants = USUAL.iter().map(|name| ((*name).to_owned(), "-".to_owned())).collect();
        let (mut sheet, mut expected) = (Vec::new(), Vec::new());
        let mut part = "mapping";
        for line in lines.filter(|line| !line.is_empty()) {
            match (part, line) {
                (_, "sheet:" | "rows:" | "findings:") => part = line,
                ("mapping", line) => {
                    let (key, text) = line.split_once(':').unwrap_or_default();
                    set(&mut mapping, key, text);
                }
                ("sheet:", line) => sheet.push(line),
                (_, line) => expected.push(line.trim().to_owned()),
            }
        }
        assert_eq!(outcome(&mapping, &sheet), expected, "{title}");
    }
}

#[test]
fn a_batch_that_ends_before_a_filled_column_is_filled_too() {
    let batch = |width, text: &str, ends: &[u32], rows: &[u32]| Batch {
        width,
        text: text.to_owned(),
        ends: ends.to_vec(),
        types: vec![CellType::Text; ends.len()],
        rows: rows.to_vec(),
    };
    let mut fill = FillDown { columns: vec![1], above: Vec::new() };
    let first = fill.fill(&batch(2, "1China", &[1, 6], &[2]));
    let next = fill.fill(&batch(1, "23", &[1, 2], &[3, 4]));
    assert_eq!((first.get(0, 1), next.get(0, 1), next.get(1, 1)), ("China", "China", "China"));
    assert_eq!((next.get(0, 0), next.get(1, 0)), ("2", "3"));
    assert!(next.is_said(1, 1, CellType::Text));
}
