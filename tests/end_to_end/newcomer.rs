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
            proposes: &["\"Donor\" = \"reporter\"", "\"Recipient\" = \"partner\"", "\"Amount USD\" = \"value\"", "\"Project name\", # text"],
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
