//! What a newcomer does with sheets of their own: `init --from`, `cat`, `template`, `check --annotate`.

use crate::workspace::Workspace;

/// A file as somebody's program saved it, and what a proposed mapping must hold.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    proposes: &'static [&'static str],
    /// What `pipeline check` says in the new workspace, and its exit code.
    says: &'static str,
    code: i32,
}

/// Russian text as Windows-1251 has it.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |character: char| match character {
        'А'..='я' => (u32::from(character) - 0x410 + 0xC0) as u8,
        'ё' => 0xB8,
        ascii => ascii as u8,
    };
    text.chars().map(byte).collect()
}

fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "semicolons.csv",
            bytes: windows_1251(
                "Отчет о помощи\n\nСтрана;Год;Сумма, млн долл.;Комментарий\nКыргызстан;2021;12,5;ок\n\
                 Казахстан;2021;7,25;\nИтого;2021;19,75;\nКыргызстан;2022;н/д;уточнить\nТаджикистан;2022;9,0;\n",
            ),
            proposes: &[
                "header = 3",
                "\"Сумма, млн долл.\" = \"value\"",
                "\"Страна\" = \"reporter\"",
                "\"Год\" = \"period\"",
                "\"Страна\" = [\"Итого*\"]",
                "\"н/д\"",
            ],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "years.csv",
            bytes: b"Country Name,Country Code,Indicator Name,2019,2020\nKazakhstan,KAZ,Exports (US$),1.5,..\nPeru,PER,Exports (US$),2.5,3.5\n".to_vec(),
            proposes: &[
                "unpivot = { columns = [\"2019\", \"2020\"], to = \"period\" }",
                "\"Indicator Name\" = \"indicator\"",
                "\"Country Code\", # places",
                "null = [\"..\"]",
            ],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "register.csv",
            bytes: b"ID,Project name,Donor,Recipient,Approval date,Amount USD\nP1,Road,China,Kyrgyzstan,2019-05-03,\"12,500,000\"\nP2,Dam,Japan,Kirgizia Repblic,2020-11-30,\"4,000,000\"\nP3,School,Japan,Kyrgyzstan,2021-01-15,\"850,000\"\n".to_vec(),
            proposes: &[
                "kind = \"commitments\"",
                "\"Donor\" = \"party\"",
                "\"Recipient\" = \"counterparty\"",
                "\"Approval date\" = \"announced_on\"",
                "stated = \"{Amount USD} USD\"",
                "\"ID\" = \"commitment_id\"",
            ],
            says: "raw/register.csv:3:4",
            code: 1,
        },
        Case {
            name: "timeless.csv",
            bytes: b"Country,Exports,Imports\nPeru,1.5,2.5\nChile,3.5,4.5\n".to_vec(),
            proposes: &["unpivot = { columns = [\"Exports\", \"Imports\"], to = \"indicator\" }", "# to do: of which period?"],
            says: "has no column `period`",
            code: 1,
        },
        Case {
            name: "treaties.csv",
            bytes: "No.,Title,Parties,Date signed,Entry into force\n\
                    1,Agreement on trade,Peru; Chile,03.05.2019,01.01.2020\n\
                    2,Agreement on visas,Peru and Nepal,14.02.2021,\n\
                    3,Protocol on schools,Peru; World Bank,30.11.2022,01.02.2023\n"
                .into(),
            proposes: &[
                "\"Parties\" = \"party\"",
                "values.party = { \"Peru and Nepal\" = \"Peru; Nepal\" }",
                "id = \"treaties-{No.}\"",
                "kind = \"agreement\"",
                "kind = \"events\"",
                "\"Entry into force\" = \"on\"",
                "skip_rows_where = { \"Entry into force\" = [\"\"] }",
            ],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "pledges.csv",
            bytes: "Donor,Pledge,Announced,Amount,Currency,Deadline,Status\n\
                    Japan,Seed for farms,2024-03-01,5000000,USD,2030,Ongoing\n\
                    World Bank,Rural roads,2023-07-15,12500000,EUR,2035,Not started\n\
                    European Union,Clean water,2022-01-20,,EUR,2031,Completed\n"
                .into(),
            proposes: &[
                "stated = \"{Amount} {Currency}\"",
                "\"Donor\" = \"party\"",
                "\"Deadline\" = \"deadline\"",
                "values.status = { \"Completed\" = \"met\", \"Ongoing\" = \"under_way\" }",
                "file = \"raw/places.csv\"",
            ],
            says: "raw/pledges.csv:3:7",
            code: 1,
        },
        Case {
            name: "bibliography.csv",
            bytes: b"Title,Publisher,Published,URL\nYearbook,Statistics Office,2024-05-01,https://example.org/1\nReview,Central Bank,2023-06-30,https://example.org/2\n".to_vec(),
            proposes: &["kind = \"sources\"", "\"Published\" = \"published_on\"", "\"URL\" = \"url\"", "# to do: what sort of texts"],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "flows.csv",
            bytes: b"country,year,flow,product,value_usd\nPeru,2023,Export,Copper,10\nPeru,2023,Export,Fish,20\nPeru,2023,Import,Copper,30\nChile,2023,Export,Copper,40\n".to_vec(),
            proposes: &["indicator = \"{flow}, {product}\"", "\"country\" = \"reporter\"", "\"flow\", # in `indicator`"],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "directions.csv",
            bytes: b"country,partner,year,flow,value_usd\nPeru,Chile,2023,Export,10\nPeru,Nepal,2023,Import,20\nChile,Peru,2023,Import,30\n".to_vec(),
            proposes: &["\"flow\" = \"indicator\"", "\"country\" = \"reporter\""],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "headings.csv",
            bytes: "Country,FDI inflows 2022,FDI inflows 2023,FDI outflows 2022,FDI outflows 2023\nPeru,1.5,2.5,3.5,4.5\nChile,5.5,6.5,7.5,8.5\n".into(),
            proposes: &["to = \"{indicator} {period}\"", "\"Country\" = \"reporter\""],
            says: "no findings",
            code: 0,
        },
        Case {
            name: "across.csv",
            bytes: "Year,Peru,Chile,Nepal\n2022,1.5,2.5,3.5\n2023,4.5,5.5,6.5\n".into(),
            proposes: &["to = \"reporter\"", "\"Year\" = \"period\""],
            says: "no findings",
            code: 0,
        },
    ]
}

#[test]
fn a_foreign_file_becomes_a_workspace_that_can_be_checked() {
    for case in cases() {
        let workspace = Workspace::empty();
        std::fs::write(workspace.path(case.name), &case.bytes).expect("a writable folder");
        workspace.pipeline(&["init", "new", "--from", case.name]).exits(0);
        let config = workspace.read("new/pipeline.toml");
        for expected in case.proposes {
            assert!(config.contains(expected), "{}: no `{expected}` in:\n{config}", case.name);
        }
        let checked = workspace.pipeline(&["check", "--config", "new/pipeline.toml"]);
        checked.exits(case.code).says(case.says);
        let copied = std::fs::read(workspace.path(&format!("new/raw/{}", case.name))).expect("the copy");
        assert_eq!(copied, case.bytes);
    }
}

#[test]
fn an_empty_workspace_can_be_checked_and_is_not_made_twice() {
    let workspace = Workspace::empty();
    workspace.pipeline(&["init", "new"]).exits(0);
    workspace.pipeline(&["check", "--config", "new/pipeline.toml"]).exits(0);
    workspace.pipeline(&["init", "new"]).exits(2).says("is there already");
}

#[test]
fn a_template_is_read_back_with_the_contracts_header() {
    let workspace = Workspace::shipped();
    for kind in ["sources", "indicators", "claims", "commitments", "events", "places", "rates", "corrections"]
    {
        let file = format!("{kind}.xlsx");
        workspace.pipeline(&["template", kind, "-o", &file]).exits(0);
        let shown = workspace.pipeline(&["cat", &file]);
        shown.exits(0);
        assert_eq!(shown.stdout.lines().count(), 2, "header and example:\n{}", shown.stdout);
    }
    let shown = workspace.pipeline(&["cat", "claims.xlsx"]);
    assert!(shown.stdout.starts_with("claim_id,source,indicator,reporter,partner,stated,period,evidence"));
    let lists = workspace.pipeline(&["cat", "claims.xlsx", "--sheet", "Lists"]);
    assert!(
        lists.stdout.contains("trade_turnover") && lists.stdout.contains("deprecated"),
        "{}",
        lists.stdout
    );
    workspace.pipeline(&["template", "claim", "-o", "x.xlsx"]).exits(2);
    workspace.pipeline(&["template", "claims", "-o", "x.csv"]).exits(2).says("write it to x.xlsx");
}

#[test]
fn annotated_workbooks_hold_the_rows_where_they_stand() {
    let workspace = Workspace::shipped();
    workspace.pipeline(&["check", "--annotate", "mended"]).exits(0).says("annotated");
    let original = workspace.pipeline(&["cat", "raw/investment.xlsx", "--sheet", "Facts"]);
    let annotated = workspace.pipeline(&["cat", "mended/investment.xlsx.annotated.xlsx", "--sheet", "Facts"]);
    annotated.exits(0);
    assert_eq!(annotated.stdout, original.stdout);
    let trade = workspace.pipeline(&["cat", "mended/trade.csv.annotated.xlsx"]);
    assert_eq!(trade.stdout, workspace.pipeline(&["cat", "raw/trade.csv"]).stdout);
    workspace.pipeline(&["check", "--annotate", "out"]).exits(2);
}

#[test]
fn a_comparator_is_no_mark_of_absence() {
    let workspace = Workspace::empty();
    workspace.write(
        "visits.csv",
        "Country,Year,Visits\nPeru,2022,320\nPeru,2023,>330\nChile,2022,n/a\nChile,2023,410\n",
    );
    workspace.pipeline(&["init", "new", "--from", "visits.csv"]).exits(0);
    let config = workspace.read("new/pipeline.toml");
    assert!(config.contains("\"n/a\""), "{config}");
    assert!(!config.contains(">330"), "{config}");
}

#[test]
fn the_mark_of_a_header_is_not_passed_over() {
    let workspace = Workspace::empty();
    workspace.write("visits.csv", "Country,2023,2024*\nPeru,1.5,2.5\nChile,3.5,4.5\n");
    workspace.pipeline(&["init", "new", "--from", "visits.csv"]).exits(0);
    workspace
        .pipeline(&["check", "--config", "new/pipeline.toml"])
        .exits(0)
        .says("note[marked-header]: the mark of `2024*`")
        .says("raw/visits.csv:1:3");
}
