//! A sheet as XLSX: the parts that a reader needs, and no more.

use std::fmt::Write;

use model::cell::column_letters;

use super::{Failure, Made, Value, escaped, zipped};

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) fn write(made: &Made) -> Result<Vec<u8>, Failure> {
    let state = if made.is_hidden { " state=\"hidden\"" } else { "" };
    let epoch = u8::from(made.is_1904);
    let book = format!(
        "<workbook xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"{epoch}\"/><sheets><sheet name=\"Facts\"{state} r:id=\"r1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"[h]:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";
    let (mut strings, mut count) = (String::new(), 0);
    let sheet = worksheet(made, &mut strings, &mut count)?;
    zipped(&[
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", links.into()),
        ("xl/styles.xml", styles.into()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").into()),
        ("xl/worksheets/sheet1.xml", sheet.into()),
    ])
}

fn worksheet(made: &Made, strings: &mut String, count: &mut usize) -> Result<String, Failure> {
    let mut xml = "<worksheet><cols>".to_owned();
    for column in &made.hidden_columns {
        write!(xml, "<col min=\"{0}\" max=\"{0}\" hidden=\"1\"/>", column + 1)?;
    }
    xml.push_str("</cols><sheetData>");
    let mut rows: Vec<u32> =
        made.cells.iter().map(|cell| cell.0).chain(made.hidden_rows.iter().copied()).collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let hidden = if made.hidden_rows.contains(&row) { " hidden=\"1\"" } else { "" };
        write!(xml, "<row r=\"{row}\"{hidden}>")?;
        for (_, column, value) in made.cells.iter().filter(|cell| cell.0 == row) {
            write!(xml, "<c r=\"{}{row}\"{}</c>", column_letters(*column), cell(value, strings, count))?;
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData><mergeCells>");
    for area in &made.merged {
        let (first, last) = (column_letters(area.first_column), column_letters(area.last_column));
        write!(xml, "<mergeCell ref=\"{first}{}:{last}{}\"/>", area.first_row, area.last_row)?;
    }
    xml.push_str("</mergeCells></worksheet>");
    Ok(xml)
}

/// The attributes and the content of a cell.
fn cell(value: &Value, strings: &mut String, count: &mut usize) -> String {
    match value {
        Value::Text(text) => {
            strings.push_str(&format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text)));
            *count += 1;
            format!(" t=\"s\"><v>{}</v>", *count - 1)
        }
        Value::Number(number) => format!("><v>{number:?}</v>"),
        Value::Percent(number) => format!(" s=\"1\"><v>{number:?}</v>"),
        Value::Date(number) => format!(" s=\"2\"><v>{number:?}</v>"),
        Value::Elapsed(number) => format!(" s=\"3\"><v>{number:?}</v>"),
        Value::Truth(truth) => format!(" t=\"b\"><v>{}</v>", u8::from(*truth)),
        Value::Error(name) => format!(" t=\"e\"><v>{name}</v>"),
        Value::Uncalculated => "><f>1+1</f>".to_owned(),
        Value::Formula(value) => match value.as_ref() {
            Value::Text(text) => format!(" t=\"str\"><f>A1</f><v>{}</v>", escaped(text)),
            other => cell(other, strings, count).replacen('>', "><f>A1</f>", 1),
        },
    }
}
