//! A large worksheet is read in pieces on several threads, and is the same as when it is read as a whole: a last row that
//! ends otherwise than the first has it read so.

use std::io::{Cursor, Write};

use ingest::settings::Limits;
use ingest::workbook::{self, Sheet};
use zip::write::SimpleFileOptions;

/// Rows of the sheets: enough for several pieces, few enough for one batch where all is read as a whole.
const ROWS: u32 = 9_000;

/// The same rows, the last one ended otherwise.
fn as_whole(rows: &str) -> String {
    let (others, last) = rows.rsplit_once("</row>").unwrap_or((rows, ""));
    format!("{others}</row >{last}")
}

/// Two shared strings a row.
fn strings() -> String {
    let text = "of a text that is long enough to fill a piece ".repeat(4);
    let strings: String = (0..=2 * ROWS).map(|index| format!("<si><t>{index} {text}</t></si>")).collect();
    format!("<sst>{strings}</sst>")
}

/// A workbook of one worksheet.
fn workbook(worksheet: &str, strings: &str) -> Vec<u8> {
    let parts = [
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Facts\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"r/worksheet\" Target=\"sheet.xml\"/></Relationships>",
        ),
        ("xl/sharedStrings.xml", strings),
        ("xl/sheet.xml", worksheet),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        let written = zip.start_file(name, SimpleFileOptions::default());
        assert!(written.is_ok() && zip.write_all(part.as_bytes()).is_ok());
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// A row of four cells; of every hundredth the last is a formula without a value, and it is hidden.
fn row(row: u32) -> String {
    let (one, other) = (2 * row - 1, 2 * row);
    let odd = row.is_multiple_of(100);
    let last = if odd { "<f>1+1</f>" } else { "<v>2.5</v>" };
    let hidden = if odd { " hidden=\"1\"" } else { "" };
    format!(
        "<row r=\"{row}\" spans=\"1:40\" customFormat=\"1\" ht=\"15.75\" customHeight=\"1\"{hidden}>\
         <c r=\"A{row}\" t=\"s\"><v>{one}</v></c><c r=\"B{row}\" t=\"s\"><v>{other}</v></c>\
         <c r=\"D{row}\" t=\"inlineStr\"><is><t>a &amp; b, {row}, a text that fills its piece by being long enough \
         to fill a piece with not too many of them, and not too few</t></is></c><c r=\"E{row}\">{last}</c></row>"
    )
}

/// A worksheet of these rows.
fn worksheet(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet><cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols>\
         <sheetData>{rows}</sheetData><mergeCells><mergeCell ref=\"A2:B3\"/></mergeCells></worksheet>"
    )
}

fn rows() -> String {
    (1..=ROWS).map(row).collect()
}

fn read(worksheet: &str, limits: &Limits) -> Result<Sheet, String> {
    sheet_of(worksheet, &strings(), limits)
}

fn sheet_of(worksheet: &str, strings: &str, limits: &Limits) -> Result<Sheet, String> {
    let book = workbook(worksheet, strings);
    let sheets = workbook::read(&book, limits).map_err(|error| error.to_string())?;
    sheets.into_iter().next().ok_or_else(|| "no sheet".to_owned())
}

/// The same sheet in one batch, so that sheets can be compared however they were cut.
fn joined(sheet: Sheet) -> (Vec<(u32, usize, String)>, Sheet) {
    let cells = sheet.batches.iter().flat_map(|batch| {
        (0..batch.len()).flat_map(move |row| {
            (0..batch.width).filter(move |&column| !batch.get(row, column).is_empty()).map(move |column| {
                (
                    batch.rows[row],
                    column,
                    format!("{:?} {}", batch.cell_type(row, column), batch.get(row, column)),
                )
            })
        })
    });
    (cells.collect(), Sheet { batches: Vec::new(), ..sheet })
}

#[test]
fn pieces_give_what_the_whole_gives() -> Result<(), String> {
    let limits = Limits::default();
    let cut = read(&worksheet(&rows()), &limits)?;
    let whole = read(&worksheet(&as_whole(&rows())), &limits)?;
    assert!(cut.batches.len() > 1, "{}", cut.batches.len());
    assert_eq!(whole.batches.len(), 1);
    assert_eq!((cut.hidden_rows.len(), cut.merged.len(), cut.hidden_columns.len()), (90, 1, 1));
    assert_eq!(cut.flaws.len(), 90);
    let (cells, rest) = joined(cut);
    assert_eq!(cells.len(), ROWS as usize * 4 - 90);
    assert!(cells[1].2.starts_with("Text 2 of a text"), "{:?}", cells[1]);
    assert_eq!((cells, rest), joined(whole));
    Ok(())
}

#[test]
fn names_may_have_a_prefix() -> Result<(), String> {
    let prefixed = worksheet(&rows()).replace("<row", "<x:row").replace("</row", "</x:row");
    let cut = read(&prefixed, &Limits::default())?;
    assert!(cut.batches.len() > 1);
    assert_eq!(joined(cut), joined(read(&worksheet(&rows()), &Limits::default())?));
    Ok(())
}

#[test]
fn what_is_no_plain_list_of_rows_is_read_as_a_whole() -> Result<(), String> {
    let half = rows().len() / 2;
    let end_of_row = |at: usize| at + rows()[at..].find("</row>").unwrap_or(0) + "</row>".len();
    let with = |inserted: &str| {
        let mut rows = rows();
        rows.insert_str(end_of_row(half), inserted);
        rows
    };
    let last = ROWS + 1;
    let odd = [
        ("a late row", rows() + &row(5).replace("2.5", "7")),
        ("a late cell", rows().replace("<c r=\"D8500\"", "<c r=\"D8000\"")),
        ("a row without a number", with("<row><c><v>1</v></c></row>")),
        ("no numbers at all", {
            let unnumbered = "<row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c></row>";
            unnumbered.repeat(40_000)
        }),
        ("a comment with the end of a row", with("<!-- </row> -->")),
        ("CDATA", rows() + &format!("<row r=\"{last}\"><c t=\"str\"><v><![CDATA[</row>]]></v></c></row>")),
        ("a tag that is not closed", with("<row r=\"12000\"><c><v>1</c></row>")),
        ("a row in a row", with("<row r=\"4501\"><row r=\"4502\"></row>")),
        ("an end too many", rows() + "</sheetData></row>"),
        ("a last row ended otherwise", as_whole(&rows())),
        ("other names in the end", {
            let last = row(last).replace("<row", "<x:row").replace("</row", "</x:row");
            rows() + &last
        }),
        ("a cell outside of a row", rows() + &format!("<c r=\"A{last}\"><v>1</v></c>")),
        ("a hidden row without a number", rows() + "<row hidden=\"1\"/>"),
        ("a merged area among the rows", with("<mergeCell ref=\"A7:B9\"/>")),
        ("a comment", with("<!-- a comment -->")),
    ];
    for (what, rows) in odd {
        let told = joined(read(&worksheet(&rows), &Limits::default())?);
        let whole = joined(read(&worksheet(&as_whole(&rows)), &Limits::default())?);
        assert!(told == whole, "{what}");
        assert!(told.0.len() > 15_000, "{what}: {}", told.0.len());
    }
    Ok(())
}

#[test]
fn strings_that_are_written_otherwise_are_read_too() -> Result<(), String> {
    let limits = Limits::default();
    let plain = joined(read(&worksheet(&rows()), &limits)?);
    let last = format!("<si><t>{}", 2 * ROWS);
    for (from, to) in [
        ("</si></sst>", "</si ></sst>"),
        ("</si></sst>", "</si><si/></sst>"),
        ("</si></sst>", "</si><!-- a comment </si> --></sst>"),
        (last.as_str(), &last.replace("<si>", "<si><!-- </si> -->")),
    ] {
        let strings = strings();
        assert!(strings.contains(from), "{from}");
        let odd = sheet_of(&worksheet(&rows()), &strings.replacen(from, to, 1), &limits)?;
        assert!(joined(odd) == plain, "{to}");
    }
    Ok(())
}

#[test]
fn rows_of_a_piece_each_keep_their_places() -> Result<(), String> {
    let padding = " ".repeat(1 << 20);
    let row = |number: &str, cells: &str| format!("<row{number}>{padding}{cells}</row>");
    let number = |number: u32| format!("<c r=\"A{number}\"><v>{number}</v></c>");
    let out_of_order: String =
        [3, 1, 2].iter().map(|&at| row(&format!(" r=\"{at}\""), &number(at))).collect();
    let without_number = row(" r=\"7\"", "") + &row("", "<c><v>8</v></c>");
    for (rows, expected) in [(out_of_order, [1, 2, 3].as_slice()), (without_number, &[8])] {
        let (cells, _) = joined(read(&worksheet(&rows), &Limits::default())?);
        let expected: Vec<_> = expected.iter().map(|&row| (row, 0, format!("Number {row}"))).collect();
        assert_eq!(cells, expected);
    }
    Ok(())
}

#[test]
fn caps_hold_across_pieces_and_are_named() {
    let caps = [
        Limits { cells: 40_000, ..Limits::default() },
        Limits { rows: 8_000, ..Limits::default() },
        Limits { columns: 4, ..Limits::default() },
        Limits { inflated_bytes: 6_000_000, ..Limits::default() },
    ];
    for limits in caps {
        let told = read(&worksheet(&rows()), &limits);
        assert!(told.is_err(), "{limits:?}");
        assert_eq!(told, read(&worksheet(&as_whole(&rows())), &limits));
    }
}

#[test]
fn what_is_inflated_twice_counts_once() -> Result<(), String> {
    let worksheet = worksheet(&as_whole(&rows()));
    let (strings, rows) = (strings().len() as u64, worksheet.len() as u64);
    let limits = Limits { inflated_bytes: strings + rows * 3 / 2, ..Limits::default() };
    read(&worksheet, &limits).map(drop)
}
