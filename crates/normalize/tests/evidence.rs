//! Evidence as a curator meets it: every case of `tests/evidence/*.tsv`, and what holds of any text.

use model::claim::{EvidenceStatus, Measure};
use model::unit::Unit;
use normalize::evidence::{Evidence, Lock, Reading, Subject, Text};
use normalize::language::Languages;
use normalize::quantity::{self, Convention};
use normalize::{evidence, period};

const SEARCH: &str = include_str!("evidence/search.tsv");
const FIGURES: [(&str, &str); 6] = [
    ("aid.en", include_str!("evidence/aid.en.tsv")),
    ("descriptions", include_str!("evidence/descriptions.tsv")),
    ("figures.en", include_str!("evidence/figures.en.tsv")),
    ("figures.ru", include_str!("evidence/figures.ru.tsv")),
    ("slips.en", include_str!("evidence/slips.en.tsv")),
    ("slips.ru", include_str!("evidence/slips.ru.tsv")),
];

fn cases(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with('#');
    table.lines().filter(is_case).map(|line| line.split('\t').collect())
}

/// The text that a cell of a case stands for.
fn unescaped(cell: &str) -> String {
    let mut text = cell.replace("\\n", "\n").replace("\\r", "\r");
    while let Some((before, (code, after))) =
        text.split_once("\\u{").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap_or('?');
        text = format!("{before}{c}{after}");
    }
    text
}

#[test]
fn phrases_are_found_where_they_stand() {
    let mut wrong = Vec::new();
    for case in cases(SEARCH) {
        let [text, phrase, expected] = case[..] else { panic!("not three cells: {case:?}") };
        let text = Text::new("case", &unescaped(text), Reading::default());
        let found = text.find(&unescaped(phrase));
        let found = found.map_or("-".to_owned(), |found| format!("{}:{}", found.line, found.column));
        if found != expected {
            wrong.push(format!("{case:?}: found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_is_judged_as_told() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (file, table) in FIGURES {
        let mut text_above = "";
        for mut case in cases(table) {
            case.resize(8, "");
            if case[2].is_empty() {
                case[2] = text_above;
            }
            if case[3].is_empty() {
                case[3] = case[2];
            }
            text_above = case[2];
            count += 1;
            if let Some(complaint) = complaint(&case) {
                wrong.push(format!("{file}: {}: {complaint}", case[2..].join(" | ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 150, "cases went missing: {count}");
}

/// What is wrong with the outcome of a case.
fn complaint(case: &[&str]) -> Option<String> {
    let [status, word, text, phrase, stated, measure, dated, count] = case[..] else {
        return Some("not eight cells".to_owned());
    };
    let measured = Measure::parse(measure).unwrap_or(Measure::Level);
    let read = |stated: &str| {
        quantity::mention(stated, Languages::ALL, Convention::RunningText).map(|mention| {
            mention.measured(measured, (measured == Measure::Growth).then_some(Unit::PERCENT)).into_owned()
        })
    };
    let stated = if stated.is_empty() { None } else { Some(read(stated)) };
    let stated = match stated.transpose() {
        Ok(stated) => stated,
        Err(error) => return Some(format!("stated: {error}")),
    };
    let dated = if dated.is_empty() { None } else { Some(period::parse(dated, Languages::ALL, None)) };
    let dated = match dated.transpose() {
        Ok(dated) => dated,
        Err(error) => return Some(format!("period: {error}")),
    };
    let subject = Subject {
        table: "claims",
        id: "case",
        source_id: "mill",
        phrase,
        stated: stated.as_ref(),
        unit: stated.as_ref().and_then(|stated| stated.unit),
        count: count.parse().ok(),
        measure: measured,
        period: dated.as_ref(),
    };
    let text = Text::new("mill", &unescaped(text), Reading::default());
    let evidence = Evidence::new([text], Lock::default());
    let outcome = evidence.verify(&subject);
    let said = outcome
        .finding
        .map_or(String::new(), |(_, f)| format!("{} [{}] {}", f.message, f.arithmetic, f.hint));
    if outcome.status.as_str() != status {
        return Some(format!("expected {status}, judged {}: {said}", outcome.status));
    }
    if !said.contains(word) {
        return Some(format!("\"{word}\" is not said: {said}"));
    }
    let vouched = match (outcome.status, &outcome.entry) {
        (EvidenceStatus::Verified, Some(entry)) => {
            let lock = Lock::default().updated([entry.clone()], [], |_| true);
            Evidence::new([], lock).verify(&subject).status == EvidenceStatus::Verified
        }
        (EvidenceStatus::Verified, None) => false,
        (_, entry) => entry.is_none(),
    };
    (!vouched).then(|| "the lock does not say what was found".to_owned())
}

/// Numbers that look random and are the same in every run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 36] = [
            " ",
            "\n",
            "\r\n",
            "\t",
            "&nbsp;",
            "&#x2014;",
            "&amp;",
            "&",
            ";",
            "\u{ad}",
            "\u{301}",
            "и\u{306}",
            "“",
            "'",
            "’",
            "–",
            "-",
            "$",
            "%",
            "3",
            "1,000",
            "1.5",
            "billion",
            "млрд",
            "Exceeded",
            "İ",
            "ﬁ",
            "ß",
            "。",
            "中",
            "🜁",
            "e\u{301}",
            "\u{feff}",
            "...",
            "…",
            "\0",
        ];
        let length = self.below(24);
        (0..length).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

#[test]
fn a_text_finds_each_of_its_own_words_where_they_stand() {
    let mut lot = Lot(7);
    for _ in 0..2_000 {
        let original = lot.text();
        let text = Text::new("lot", &original, Reading::default());
        let characters: Vec<char> = original.chars().collect();
        if let Some(found) = text.find(&original) {
            assert!(found.start <= found.end && found.end <= characters.len(), "{original:?}");
            let slice: String = characters[found.start..found.end].iter().collect();
            let again = Text::new("lot", &slice, Reading::default());
            assert!(again.find(&original).is_some(), "{original:?} {slice:?}");
            let lines = characters[..found.start].iter().collect::<String>();
            let breaks = lines.matches('\n').count() + lines.replace("\r\n", "").matches('\r').count();
            assert_eq!(found.line, breaks + 1, "{original:?}");
        } else {
            let holds_words =
                ["3", "Exceeded", "billion", "млрд", "中"].iter().any(|word| original.contains(word));
            assert!(!holds_words, "{original:?}");
        }
    }
}

#[test]
fn a_stranger_s_phrase_harms_nothing() {
    let mut lot = Lot(11);
    for _ in 0..2_000 {
        let (text, phrase) = (lot.text(), lot.text());
        let subject = Subject {
            table: "events",
            id: "lot",
            source_id: "lot",
            phrase: &phrase,
            stated: None,
            unit: None,
            count: None,
            measure: Measure::Level,
            period: None,
        };
        let text = Text::new("lot", &text, Reading::default());
        let found = text.find(&phrase).is_some();
        let outcome = Evidence::new([text], Lock::default()).verify(&subject);
        assert_eq!(outcome.status == EvidenceStatus::Verified, found, "{phrase:?}");
    }
}

#[test]
fn a_phrase_of_another_source_is_told() {
    let texts = [("mill", "It ground flour."), ("press", "It sold bread."), ("wire", "It sold bread.")];
    let texts = texts.map(|(source, text)| Text::new(source, text, Reading::default()));
    let outcome = Evidence::new(texts, Lock::default()).verify(&Subject {
        table: "events",
        id: "bread",
        source_id: "mill",
        phrase: "sold bread",
        stated: None,
        unit: None,
        count: None,
        measure: Measure::Level,
        period: None,
    });
    assert_eq!(outcome.status, EvidenceStatus::NotFound);
    let hint = outcome.finding.map(|(_, finding)| finding.hint);
    assert_eq!(hint.as_deref(), Some("the text of press has it: is the source right?"));
}

#[test]
fn a_changed_row_is_vouched_for_no_longer() {
    let stated = quantity::parse("more than 3 million tons", Languages::ALL, Convention::RunningText).ok();
    let other = quantity::parse("3 million tons", Languages::ALL, Convention::RunningText).ok();
    let subject = Subject {
        table: "claims",
        id: "flour",
        source_id: "mill",
        phrase: "more than 3 million tons",
        stated: stated.as_ref(),
        unit: stated.as_ref().and_then(|stated| stated.unit),
        count: None,
        measure: Measure::Level,
        period: None,
    };
    let text = Text::new("mill", "It ground more than 3 million tons.", Reading::default());
    let outcome = Evidence::new([text], Lock::default()).verify(&subject);
    let lock = Lock::default().updated(outcome.entry, [], |_| true);
    let (lock, flaws) = Lock::parse(&lock.print());
    assert_eq!(flaws, []);
    let evidence = Evidence::new([], lock);
    let status = |subject: &Subject<'_>| evidence.verify(subject).status;
    assert_eq!(status(&subject), EvidenceStatus::Verified);
    for changed in [
        Subject { id: "bread", ..subject },
        Subject { table: "commitments", ..subject },
        Subject { source_id: "press", ..subject },
        Subject { phrase: "more than 3 million tonnes", ..subject },
        Subject { stated: other.as_ref(), ..subject },
        Subject { stated: None, ..subject },
        Subject { unit: None, ..subject },
        Subject { count: Some(3), ..subject },
        Subject { measure: Measure::Change, ..subject },
    ] {
        assert_eq!(status(&changed), EvidenceStatus::NoText, "{changed:?}");
    }
}

#[test]
fn figures_that_no_row_claims_are_listed() {
    let original = "In 2019 the mill ground 3 million tons.\nIts 25th year saw 40 workers hired, and 7% of them left.\n\
                    The two sides praised the 2 mills.";
    let text = Text::new("mill", original, Reading::default());
    let stated = quantity::parse("3 million tons", Languages::ALL, Convention::RunningText).ok();
    let subject = Subject {
        table: "claims",
        id: "flour",
        source_id: "mill",
        phrase: "ground 3 million tons",
        stated: stated.as_ref(),
        unit: None,
        count: None,
        measure: Measure::Level,
        period: None,
    };
    let evidence = Evidence::new([text], Lock::default());
    let lock = evidence.updated_lock(evidence.verify(&subject).entry, |_| true);
    let coverage = lock.coverage();
    let expected = evidence::Coverage { source_id: "mill".to_owned(), figures: 4, claimed: 1 };
    assert_eq!(coverage, [expected]);
    let text = evidence.text("mill");
    let uncovered = text.map(|text| text.uncovered(&lock.claimed("mill"))).unwrap_or_default();
    let listed: Vec<_> =
        uncovered.iter().map(|u| format!("{}:{} {}", u.position.line, u.position.column, u.text)).collect();
    assert_eq!(listed, ["2:19 40 workers", "2:41 7%", "3:27 2 mills"]);
}
