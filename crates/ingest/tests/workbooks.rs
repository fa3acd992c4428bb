//! Workbooks made by hand, part by part: what their cells become, and what hostile ones are refused for.

use std::io::{Cursor, Write};

use ingest::settings::{HeaderAt, Limits, Settings};
use ingest::workbook::{self, Sheet};
use ingest::{as_csv, frames, kind, policy, sheet};
use model::cell::{CellType, SheetName};
use zip::write::SimpleFileOptions;

type Failure = Box<dyn std::error::Error>;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn zipped(parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Failure> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A workbook of one sheet with this XML; `more` replaces or adds parts.
fn xlsx_of(worksheet: &[u8], more: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    let book = format!(
        r#"<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="Facts" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-409]d\-mmm\-yy"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/><numFmt numFmtId="172" formatCode="[h]:mm"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>"#;
    let strings = "<sst uniqueCount=\"4294967295\"><si><t>name</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_b &amp; c</t></si></sst>";
    let mut parts: Vec<(&str, Vec<u8>)> = vec![
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", links.into()),
        ("xl/styles.xml", styles.into()),
        ("xl/sharedStrings.xml", strings.into()),
        ("xl/worksheets/sheet1.xml", worksheet.to_vec()),
    ];
    for &(name, text) in more {
        parts.retain(|part| part.0 != name);
        parts.push((name, text.into()));
    }
    zipped(&parts)
}

fn rows(cells: &str) -> Vec<u8> {
    format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").into_bytes()
}

fn read_one(bytes: &[u8]) -> Result<Sheet, Failure> {
    let mut sheets = workbook::read(bytes, &Limits::default())?;
    assert_eq!(sheets.len(), 1);
    Ok(sheets.remove(0))
}

/// Each cell with text as `C14=text`, then each flaw as `C14 code`.
fn told(sheet: &Sheet) -> String {
    let name = SheetName { file: String::new(), sheet: Some(sheet.name.clone()) };
    let mut told = Vec::new();
    for batch in &sheet.batches {
        for row in 0..batch.len() {
            for column in (0..batch.width).filter(|&column| batch.cell_type(row, column) != CellType::Empty) {
                let letters = model::cell::column_letters(column as u16);
                let kind = match batch.cell_type(row, column) {
                    CellType::Text => "",
                    CellType::Number => "#",
                    CellType::Date => "@",
                    CellType::Boolean => "?",
                    _ => "!",
                };
                told.push(format!("{letters}{}={kind}{}", batch.rows[row], batch.get(row, column)));
            }
        }
    }
    for flaw in &sheet.flaws {
        let finding = flaw.finding(&name);
        told.push(format!("{} {}", finding.location.map_or(String::new(), |place| place.cell), finding.code));
    }
    told.join("; ")
}

/// What cells become: the cells of a sheet, and what is told of them.
const CELLS: &[(&str, &str, &str)] = &[
    (
        "numbers",
        r#"<row r="1"><c r="A1"><v>123.0</v></c><c r="B1"><v>0.30000000000000004</v></c><c r="C1"><v>1E3</v></c><c><v>-1.50</v></c></row>"#,
        "A1=#123; B1=#0.30000000000000004; C1=#1000; D1=#-1.5",
    ),
    (
        "percent",
        r#"<row r="1"><c r="A1" s="1"><v>0.136</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" s="1"><v>-0.005</v></c></row>"#,
        "A1=#13.6%; B1=#100%; C1=#-0.5%",
    ),
    (
        "dates",
        r#"<row r="1"><c r="A1" s="2"><v>45413</v></c><c r="B1" s="3"><v>45413.5</v></c><c r="C1" s="2"><v>59</v></c><c r="D1" s="2"><v>61</v></c><c r="E1" s="2"><v>0.75</v></c></row>"#,
        "A1=@2024-05-01; B1=@2024-05-01T12:00:00; C1=@1900-02-28; D1=@1900-03-01; E1=@18:00:00",
    ),
    (
        "serial 60 and a negative date",
        r#"<row r="1"><c r="A1" s="2"><v>60</v></c><c r="B1" s="2"><v>-1</v></c></row>"#,
        "A1=#60; B1=#-1; A1 impossible-date; B1 impossible-date",
    ),
    (
        "days are a number",
        r#"<row r="1"><c r="A1" s="4"><v>2.5</v></c><c r="B1" s="5"><v>1.25</v></c></row>"#,
        "A1=#2.5; B1=@30:00:00",
    ),
    (
        "strings",
        r#"<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="inlineStr"><is><t>in &lt;line&gt;</t></is></c><c r="D1" t="str"><f>A1</f><v>made</v></c><c r="E1" t="str"><f>A1</f><v></v></c></row>"#,
        "A1=two runs; B1=a\rb & c; C1=in <line>; D1=made",
    ),
    (
        "a string that is not there",
        r#"<row r="1"><c r="A1" t="s"><v>99</v></c></row>"#,
        "A1=!; A1 missing-text",
    ),
    (
        "truth",
        r#"<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>"#,
        "A1=?true; B1=?false",
    ),
    (
        "errors",
        r#"<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>2</v></c></row>"#,
        "A1=!#SPILL!; B1=#2; A1 error-cell",
    ),
    (
        "a formula without a value",
        r#"<row r="2"><c r="B2"><f>1+1</f></c><c r="C2"><f>1+1</f><v>2</v></c></row>"#,
        "B2=!; C2=#2; B2 formula-without-value",
    ),
    (
        "no addresses",
        r#"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"#,
        "A1=#1; B1=#2; A2=#3",
    ),
    (
        "two cells with one address",
        r#"<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>"#,
        "A1=#1; A1 duplicate-address",
    ),
    (
        "two rows with one number",
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>3</v></c></row><row r="1"><c r="A1"><v>2</v></c><c r="B1"><v>4</v></c></row>"#,
        "A1=#1; B1=#4; A2=#3; A1 duplicate-address",
    ),
    (
        "numbers that are none",
        r#"<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c><c r="C1"><v>12345678901234567890</v></c></row>"#,
        "A1=!1e999; B1=!NaN; C1=#12345678901234567000; A1 impossible-number; B1 impossible-number; C1 too-many-digits",
    ),
    (
        "the corners of a sheet",
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#,
        "A1=#1; XFD1048576=#2",
    ),
    (
        "a row that no sheet has",
        r#"<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>"#,
        " broken-sheet",
    ),
    ("a column that no sheet has", r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#, " broken-sheet"),
    (
        "an entity that is declared nowhere",
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>&xxe;</t></is></c></row>"#,
        "A1=\u{fffd}",
    ),
    ("cut off", r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="#, "A1=#1;  broken-sheet"),
];

#[test]
fn cells_and_their_flaws() -> Result<(), Failure> {
    for (name, cells, wanted) in CELLS {
        let sheet = read_one(&xlsx_of(&rows(cells), &[])?)?;
        assert_eq!(told(&sheet), *wanted, "{name}");
    }
    Ok(())
}

#[test]
fn the_1904_epoch() -> Result<(), Failure> {
    let book = format!(
        r#"<workbook xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets><sheet name="Facts" r:id="rId1"/></sheets></workbook>"#
    );
    let cells = rows(r#"<row r="1"><c r="A1" s="2"><v>43951</v></c><c r="B1" s="2"><v>60</v></c></row>"#);
    let sheet = read_one(&xlsx_of(&cells, &[("xl/workbook.xml", &book)])?)?;
    assert_eq!(told(&sheet), "A1=@2024-05-01; B1=@1904-03-01");
    Ok(())
}

#[test]
fn hidden_and_merged() -> Result<(), Failure> {
    let worksheet = br#"<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="3" hidden="1"><c r="A3"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#;
    let sheet = read_one(&xlsx_of(worksheet, &[])?)?;
    assert_eq!((sheet.hidden_rows, sheet.hidden_columns), (vec![3], vec![1, 2]));
    assert_eq!(
        sheet.merged[0],
        workbook::Area { first_row: 1, last_row: 2, first_column: 0, last_column: 1 }
    );
    Ok(())
}

#[test]
fn sheet_xml_in_utf_16() -> Result<(), Failure> {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData></worksheet>";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(told(&read_one(&xlsx_of(&bytes, &[])?)?), "A1=#7");
    Ok(())
}

fn refusal(bytes: &[u8], limits: &Limits) -> String {
    workbook::read(bytes, limits).map_or_else(|error| error.to_string(), |_| "read".to_owned())
}

#[test]
fn what_is_refused_says_why() -> Result<(), Failure> {
    let whole = xlsx_of(&rows(""), &[])?;
    let limits = Limits { inflated_bytes: 1 << 20, cells: 1000, columns: 100, ..Limits::default() };
    let bomb = xlsx_of(&rows(&" ".repeat(4 << 20)), &[])?;
    assert!(bomb.len() < 10_000);
    let declared = b"<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet/>";
    let far = r#"<row r="1"><c r="DD1"><v>1</v></c></row>"#;
    let tall: String =
        (1..=100).map(|row| format!(r#"<row r="{row}"><c r="Z{row}"><v>1</v></c></row>"#)).collect();
    let ole = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let repeats = r#"<office:document-content><office:body><office:spreadsheet><table:table><table:table-row><table:table-cell table:number-columns-repeated="10000" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let cases: &[(Vec<u8>, &str)] = &[
        (bomb, "inflated_bytes"),
        (xlsx_of(&rows(far), &[])?, "`columns`"),
        (xlsx_of(&rows(&tall), &[])?, "`cells`"),
        (whole[..whole.len() / 2].to_vec(), "cut off"),
        (Vec::new(), "workbook"),
        (zipped(&[("readme.txt", b"hello".to_vec())])?, "a ZIP, not a workbook"),
        (zipped(&[("word/document.xml", b"<w/>".to_vec())])?, "a Word document"),
        (zipped(&[("content.xml", repeats.into())])?, "`cells`"),
        (
            zipped(&[
                ("content.xml", b"<a/>".to_vec()),
                ("META-INF/manifest.xml", b"<m><encryption-data/></m>".to_vec()),
            ])?,
            "password",
        ),
        (ole("EncryptedPackage"), "password"),
        (ole("WordDocument"), "Word"),
    ];
    for (bytes, wanted) in cases {
        let said = refusal(bytes, &limits);
        assert!(said.contains(wanted), "{said} does not say {wanted}");
    }
    let sheet = read_one(&xlsx_of(declared, &[])?)?;
    assert_eq!(told(&sheet), " broken-sheet");
    Ok(())
}

#[test]
fn sheets_cross_to_another_process_unchanged() -> Result<(), Failure> {
    let cells = CELLS[0].1.replace("</row>", r#"<c r="F1" t="e"><v>#REF!</v></c></row>"#);
    let sheets = workbook::read(&xlsx_of(&rows(&cells), &[])?, &Limits::default())?;
    let mut bytes = Vec::new();
    frames::write_frames(&Ok(sheets.clone()), &mut bytes)?;
    assert_eq!(frames::read_frames(bytes.as_slice())?, sheets);
    for length in 0..bytes.len() {
        assert!(frames::read_frames(&bytes[..length]).is_err(), "cut at {length}");
    }
    for at in 0..bytes.len() {
        let mut garbled = bytes.clone();
        garbled[at] ^= 0x40;
        drop(frames::read_frames(garbled.as_slice()));
    }
    Ok(())
}

#[test]
fn a_table_below_a_title() -> Result<(), Failure> {
    let text = |cell: &str, text: &str| format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let cells = format!(
        r#"<row r="1">{}</row><row r="3">{}{}{}</row><row r="4">{}<c r="C4"><v>2023</v></c><c r="D4"><v>1.5</v></c></row><row r="6">{}<c r="C6"><v>2024</v></c><c r="D6"><v>2.5</v></c></row>"#,
        text("A1", "Trade"),
        text("B3", "place"),
        text("C3", "year"),
        text("D3", "value"),
        text("B4", "KGZ"),
        text("B6", "RUS"),
    );
    let sheet = read_one(&xlsx_of(&rows(&cells), &[])?)?;
    let table = sheet::table(sheet.clone(), &Settings::default());
    let mut csv = String::new();
    as_csv::write_row(table.header.names.iter().map(String::as_str), &mut csv);
    table.batches.iter().for_each(|batch| as_csv::write_batch(batch, table.header.names.len(), &mut csv));
    assert_eq!(csv, ",place,year,value\n,KGZ,2023,1.5\n,RUS,2024,2.5\n");
    assert_eq!(table.header.row, Some(3));
    let below = sheet::table(sheet, &Settings { header: Some(HeaderAt::Row(4)), ..Settings::default() });
    assert_eq!(below.header.names, ["", "KGZ", "2023", "1.5"]);
    Ok(())
}

#[test]
fn policies() -> Result<(), Failure> {
    let worksheet = br#"<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData>
        <row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="D1"><v>3</v></c></row>
        <row r="2" hidden="1"><c r="B2"><v>4</v></c></row>
        <row r="3"><c r="B3" t="e"><v>#REF!</v></c><c r="C3"><v>5</v></c></row>
        </sheetData><mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="D1:E1"/></mergeCells></worksheet>"#;
    let sheet = read_one(&xlsx_of(worksheet, &[])?)?;
    let area = workbook::Area::parse("B2:C3").ok_or("an area")?;
    assert_eq!(told(&policy::within(sheet.clone(), area)), "B2=#4; B3=!#REF!; C3=#5; B3 error-cell");
    assert_eq!(told(&policy::without_hidden(sheet.clone())), "A1=#1; D1=#3; C3=#5");
    let filled = policy::fill_merged(sheet.clone(), &Limits::default())?;
    assert_eq!(
        told(&filled),
        "A1=#1; B1=#2; D1=#3; E1=#3; A2=#1; B2=#4; A3=#1; B3=!#REF!; C3=#5; B3 error-cell"
    );
    let few = Limits { cells: 2, ..Limits::default() };
    assert!(policy::fill_merged(sheet, &few).is_err());
    Ok(())
}

#[test]
fn kinds_by_content() {
    let said = |name: &str, head: &[u8]| {
        kind::Kind::of(name, head).map_or_else(|error| error.to_string(), |kind| format!("{kind:?}"))
    };
    assert_eq!(said("a.csv", b"a,b\n"), "Csv");
    assert_eq!(said("a.xlsx", b"PK\x03\x04"), "Zipped");
    assert_eq!(said("a.csv", b"PK\x03\x04"), "Zipped");
    assert!(said("a.xls", b"<html><table>").contains("HTML"));
    assert!(said("a.xlsx", b"a,b\n1,2\n").contains("plain text named .xlsx"));
    assert!(said("a.xlsx", b"").contains("an empty file"));
    assert!(said("a.csv", b"%PDF-1.7").contains("a PDF"));
    assert!(kind::is_lock_file("raw/~$trade.xlsx") && kind::is_lock_file(".~lock.trade.ods#"));
    assert!(!kind::is_lock_file("raw/trade.xlsx"));
}

/// A table that is linked to another file is a sheet; what formulas remember of another file is none.
#[test]
fn a_linked_sheet_of_an_ods_is_read() -> Result<(), Failure> {
    let table = |name: &str| {
        format!(
            "<table:table table:name=\"{name}\"><table:table-source xlink:href=\"../prices.ods\"/>\
             <table:table-row><table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>\
             </table:table-row></table:table>"
        )
    };
    let tables = table("Prices") + &table("'file:///tmp/prices.ods'#Sheet1");
    let xml = format!(
        "<?xml version=\"1.0\"?><office:document><office:body><office:spreadsheet>{tables}</office:spreadsheet>\
         </office:body></office:document>"
    );
    let sheet = read_one(xml.as_bytes())?;
    assert_eq!((sheet.name.as_str(), told(&sheet).as_str()), ("Prices", "A1=x"));
    Ok(())
}

/// The last sector of an OLE2 file names itself as the next that lists sectors, and is too short to list any.
#[test]
fn a_ring_of_sectors_ends() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512, 0xff);
    bytes[30..32].copy_from_slice(&9_u16.to_le_bytes());
    let last = 120_u32;
    bytes[68..72].copy_from_slice(&last.to_le_bytes());
    bytes.resize(512 * (1 + last as usize), 0);
    bytes.extend(last.to_le_bytes());
    assert!(workbook::read(&bytes, &Limits::default()).is_err());
}

/// A record of a sheet that cannot be read is no reason to say nothing of the sheet.
#[test]
fn a_sheet_without_a_readable_record_is_told_of() -> Result<(), Failure> {
    let mut stream = Vec::new();
    for (kind, bytes) in
        [(0x0809_u16, &[0_u8, 6, 5, 0][..]), (0x0085, &[0, 0, 0, 0, 0, 0, 200][..]), (0x000a, &[])]
    {
        stream.extend(kind.to_le_bytes());
        stream.extend((bytes.len() as u16).to_le_bytes());
        stream.extend_from_slice(bytes);
    }
    let sheet = read_one(&stream)?;
    assert_eq!((sheet.name.as_str(), told(&sheet).as_str()), ("sheet 1", " broken-sheet"));
    Ok(())
}
