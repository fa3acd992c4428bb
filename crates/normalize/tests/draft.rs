//! A text's draft as a person gets it, and that its phrases bear out its figures.

use chrono::NaiveDate;
use normalize::draft::{draft, fact_sheet};
use normalize::evidence::{Evidence, Lock, Reading, Subject, Text};
use normalize::place::Places;

const TEXT: &str = include_str!("draft/harbour.txt");

fn text(original: &str) -> Text {
    named_text("harbour", original)
}

fn named_text(name: &str, original: &str) -> Text {
    let anchor = NaiveDate::from_ymd_opt(2021, 10, 4);
    Text::new(name, original, Reading { anchor, ..Reading::default() })
}

#[test]
fn a_text_becomes_a_sheet_to_finish() {
    for (name, original, expected) in [
        ("harbour", TEXT, include_str!("draft/harbour.csv")),
        ("loans", include_str!("draft/loans.txt"), include_str!("draft/loans.csv")),
        ("transfers", include_str!("draft/transfers.txt"), include_str!("draft/transfers.csv")),
    ] {
        let sheet = fact_sheet(&draft(&named_text(name, original), &Places::builtin()));
        for (line, (is, should)) in sheet.lines().zip(expected.lines()).enumerate() {
            assert_eq!(is, should, "{name}, line {}", line + 1);
        }
        assert_eq!(sheet, expected, "{name}");
    }
}

#[test]
fn every_drafted_phrase_bears_its_figure_out() {
    let drafts = draft(&text(TEXT), &Places::builtin());
    let evidence = Evidence::new([text(TEXT)], Lock::default());
    for draft in &drafts {
        let outcome = evidence.verify(&Subject {
            table: "claims",
            id: &draft.claim_id,
            source_id: &draft.source_id,
            phrase: &draft.evidence,
            stated: Some(&draft.quantity),
            unit: draft.quantity.unit,
            count: None,
            measure: draft.measure,
            period: None,
        });
        assert_eq!(outcome.finding, None, "{}", draft.evidence);
        assert!(draft.evidence.split(' ').count() <= 12, "{}", draft.evidence);
    }
    assert!(!drafts.is_empty());
}

#[test]
fn any_text_can_be_drafted() {
    let places = Places::builtin();
    let texts = [
        "",
        "3",
        "3 3 3",
        "\n\n.\n",
        "ё&nbsp;3 млн т\u{301}",
        "$5.$6.$7",
        "5 %\r\nиз 7 %",
        &"9 тонн ".repeat(300),
    ];
    for original in texts {
        fact_sheet(&draft(&text(original), &places));
    }
}

#[test]
fn a_period_that_only_the_text_s_day_would_tell_stays_open() {
    let original = "The port was closed in 2019. Last year Turkish firms lent €120 million to Georgia.";
    let periods = |text: &Text| -> Vec<(String, bool)> {
        let drafts = draft(text, &Places::builtin());
        drafts.into_iter().map(|draft| (draft.period, draft.note.contains("--published"))).collect()
    };
    let undated = Text::new("harbour", original, Reading::default());
    assert_eq!(periods(&undated), [(String::new(), true)]);
    let dated = periods(&text(original));
    assert!(dated.iter().all(|(period, is_asked)| !period.is_empty() && !is_asked), "{dated:?}");
}

#[test]
fn each_figure_has_its_own_period_and_phrase() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "In the first quarter of 2021 exports were $9 million. Scrap came to $58 million, against $41 million in 2020.",
            &[
                ("the first quarter of 2021", "the first quarter of 2021 exports were $9 million"),
                ("the first quarter of 2021 (inferred)", "Scrap came to $58 million"),
                ("2020", "against $41 million in 2020"),
            ],
        ),
        (
            "Trade was $2 million in 2020. Exports were $704 million, down 7 per cent on 2019, and rents $5 million.",
            &[
                ("2020", "Trade was $2 million in 2020"),
                ("2020 (inferred)", "Exports were $704 million"),
                ("2020 (inferred)", "down 7 per cent"),
                ("2020 (inferred)", "2019, and rents $5 million"),
            ],
        ),
        (
            "Экспорт составил 310 млн кВт·ч. По соглашению в 2021 году потребление достигнет 86 млн т против 83 млн т годом ранее.",
            &[
                ("", "Экспорт составил 310 млн кВт·ч"),
                ("2021 году", "2021 году потребление достигнет 86 млн т"),
                ("", "против 83 млн т"),
            ],
        ),
    ];
    for (original, expected) in cases {
        let drafts = draft(&text(original), &Places::builtin());
        let drafted: Vec<_> = drafts.iter().map(|d| (d.period.as_str(), d.evidence.as_str())).collect();
        assert_eq!(drafted, *expected, "{original}");
    }
}

#[test]
fn a_figure_is_of_its_own_period_and_not_of_the_one_that_it_is_compared_with() {
    let rows = include_str!("draft/periods.tsv").lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let (sentence, expected) = row.split_once('\t').unwrap_or((row, ""));
        let drafts = draft(&Text::new("case", sentence, Reading::default()), &Places::builtin());
        let periods: Vec<&str> =
            drafts.iter().map(|draft| if draft.period.is_empty() { "-" } else { &draft.period }).collect();
        assert_eq!(periods.join(" | "), expected, "{sentence}");
    }
}
