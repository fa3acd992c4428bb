//! A sheet as OpenDocument, zipped or flat.

use std::fmt::Write;

use super::{Failure, Made, Value, escaped, zipped};

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

pub(super) fn write(made: &Made) -> Result<Vec<u8>, Failure> {
    let content = format!("<office:document-content>{}</office:document-content>", body(made)?);
    zipped(&[("mimetype", MIMETYPE.into()), ("content.xml", content.into())])
}

pub(super) fn write_flat(made: &Made) -> Result<Vec<u8>, Failure> {
    let body = body(made)?;
    Ok(format!(
        "<?xml version=\"1.0\"?>\n<office:document office:mimetype=\"{MIMETYPE}\">{body}</office:document>"
    )
    .into())
}

fn body(made: &Made) -> Result<String, Failure> {
    let mut xml = format!(
        "<office:automatic-styles><style:style style:name=\"t\"><style:table-properties table:display=\"{}\"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name=\"Facts\" table:style-name=\"t\">",
        !made.is_hidden
    );
    for column in 0..8 {
        let visibility =
            if made.hidden_columns.contains(&column) { " table:visibility=\"collapse\"" } else { "" };
        write!(xml, "<table:table-column{visibility}/>")?;
    }
    let last =
        made.cells.iter().map(|cell| cell.0).chain(made.hidden_rows.iter().copied()).max().unwrap_or(0);
    let mut next = 1;
    for row in 1..=last {
        if !made.cells.iter().any(|cell| cell.0 == row) && !made.hidden_rows.contains(&row) {
            continue;
        }
        if row > next {
            let gap = row - next;
            write!(
                xml,
                "<table:table-row table:number-rows-repeated=\"{gap}\"><table:table-cell/></table:table-row>"
            )?;
        }
        next = row + 1;
        let visibility = if made.hidden_rows.contains(&row) { " table:visibility=\"filter\"" } else { "" };
        write!(xml, "<table:table-row{visibility}>")?;
        write_cells(made, row, &mut xml)?;
        xml.push_str("</table:table-row>");
    }
    xml.push_str("<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:spreadsheet></office:body>");
    Ok(xml)
}

fn write_cells(made: &Made, row: u32, xml: &mut String) -> Result<(), Failure> {
    let mut next = 0;
    for (_, column, value) in made.cells.iter().filter(|cell| cell.0 == row) {
        if *column > next {
            write!(xml, "<table:table-cell table:number-columns-repeated=\"{}\"/>", column - next)?;
        }
        next = column + 1;
        let merged = made.merged.iter().find(|area| (area.first_row, area.first_column) == (row, *column));
        let spans = merged.map_or(String::new(), |area| {
            format!(
                " table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"",
                area.last_column - area.first_column + 1,
                area.last_row - area.first_row + 1
            )
        });
        write!(xml, "<table:table-cell{spans}{}</table:table-cell>", cell(value, made.is_1904)?)?;
    }
    Ok(())
}

/// The attributes and the content of a cell.
fn cell(value: &Value, is_1904: bool) -> Result<String, Failure> {
    let shown = |kind: &str, name: &str, value: &str| {
        format!(" office:value-type=\"{kind}\" office:{name}=\"{value}\"><text:p>shown</text:p>")
    };
    Ok(match value {
        Value::Text(text) => format!(" office:value-type=\"string\">{}", paragraphs(text)),
        Value::Number(number) => shown("float", "value", &format!("{number:?}")),
        Value::Percent(number) => shown("percentage", "value", &format!("{number:?}")),
        Value::Date(serial) => {
            let first = if is_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
            let first = chrono::NaiveDate::from_ymd_opt(first.0, first.1, first.2).ok_or("a date")?;
            let day = first + chrono::Days::new(serial.floor() as u64);
            let seconds = (serial.fract() * 86_400.0).round() as u32;
            let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
            shown("date", "date-value", &format!("{day}T{time}"))
        }
        Value::Elapsed(days) => {
            let minutes = (days * 1440.0).round() as u64;
            shown("time", "time-value", &format!("PT{:02}H{:02}M00S", minutes / 60, minutes % 60))
        }
        Value::Truth(truth) => shown("boolean", "boolean-value", &truth.to_string()),
        Value::Error(name) => format!(
            " table:formula=\"of:=[.A1]\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>{name}</text:p>"
        ),
        Value::Formula(value) => format!(" table:formula=\"of:=[.A1]\"{}", cell(value, is_1904)?),
        Value::Uncalculated => " table:formula=\"of:=1+1\">".to_owned(),
    })
}

/// Lines as paragraphs, blanks that white space would swallow as elements.
fn paragraphs(text: &str) -> String {
    let mut xml = String::new();
    for line in text.split('\n') {
        let line = escaped(line).replace("  ", " <text:s/>").replace('\t', "<text:tab/>");
        let line = line.strip_prefix(' ').map_or(line.clone(), |rest| format!("<text:s/>{rest}"));
        xml.push_str(&format!("<text:p>{line}</text:p>"));
    }
    xml
}
