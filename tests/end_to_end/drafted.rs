//! What `draft` writes of a text, `check` takes as soon as a person has named the indicators.

use std::collections::BTreeMap;

use crate::workspace::Workspace;

const CORRIDOR: &str = "[corridor]\nname = \"drafted\"\ntitle = \"Drafted\"\nlicence = \"CC0-1.0\"\n\n\
    [[sheet]]\nfile = \"raw/sources.csv\"\nkind = \"sources\"\n\n\
    [[sheet]]\nfile = \"raw/indicators.csv\"\nkind = \"indicators\"\n\n\
    [[sheet]]\nfile = \"raw/facts.csv\"\nkind = \"claims\"\n";
const SOURCES: &str =
    "source_id,title,publisher,published_on,kind\npress,Figures,The press,2025-03-10,press\n";

/// A draft as a person finishes it: each unit an indicator of its own, one place and year where none was proposed.
/// The sheet of facts and that of indicators.
fn finished(draft: &str) -> (String, String) {
    let mut reader = csv::Reader::from_reader(draft.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let (indicator, unit, measure) = (column("indicator"), column("unit"), column("measure"));
    let (reporter, partner, period) = (column("reporter"), column("partner"), column("period"));
    let mut units: BTreeMap<String, String> = BTreeMap::new();
    let mut facts = csv::Writer::from_writer(Vec::new());
    facts.write_record(&header).expect("a row");
    for record in reader.records() {
        let mut cells: Vec<String> = record.expect("a row").iter().map(str::to_owned).collect();
        let of = match (cells[measure].as_str(), cells[unit].as_str()) {
            ("growth", _) | (_, "") => "1",
            ("change", "pp") => "%",
            (_, unit) => unit,
        };
        let next = format!("of_unit_{}", units.len());
        cells[indicator] = units.entry(of.to_owned()).or_insert(next).clone();
        let or = |cell: &str, other: &str| if cell.is_empty() { other.to_owned() } else { cell.to_owned() };
        cells[reporter] = or(cells[reporter].split(';').next().unwrap_or_default(), "KEN");
        cells[period] = or(&cells[period], "2024");
        if cells[partner] == cells[reporter] {
            cells[partner].clear();
        }
        facts.write_record(&cells).expect("a row");
    }
    let facts = String::from_utf8(facts.into_inner().expect("the rows")).expect("text");
    let rows = units.iter().map(|(unit, name)| format!("{name},Of {unit},trade,{unit},flow\n"));
    (facts, "indicator,label,topic,unit,flow_or_stock\n".to_owned() + &rows.collect::<String>())
}

#[test]
fn no_drafted_row_is_refused() {
    for text in [include_str!("../cases/drafted.en.txt"), include_str!("../cases/drafted.ru.txt")] {
        let workspace = Workspace::empty();
        std::fs::create_dir_all(workspace.path("raw/articles")).expect("a folder");
        workspace.write("raw/articles/press.txt", text);
        let drafted = ["draft", "raw/articles/press.txt", "--source", "press", "--published", "2025-03-10"];
        let draft = workspace.pipeline(&drafted);
        draft.exits(0);
        let (facts, indicators) = finished(&draft.stdout);
        assert!(facts.lines().count() > 80, "{facts}");
        workspace.write("pipeline.toml", CORRIDOR);
        workspace.write("raw/sources.csv", SOURCES);
        workspace.write("raw/facts.csv", &facts);
        workspace.write("raw/indicators.csv", &indicators);
        workspace.pipeline(&["check"]).exits(0);
    }
}
