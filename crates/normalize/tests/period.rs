//! Reads every case of `tests/period/*.tsv`: a phrase, the label of its period, its role, and the
//! date of the text where the phrase needs one.

use chrono::NaiveDate;
use normalize::language::Languages;
use normalize::period::{DayOrder, find, parse, parse_date};

/// The cases of a file: cells cut at tabs, missing ones empty.
fn cases<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

fn read(text: &str, anchor: Option<NaiveDate>) -> String {
    let found = find(text, Languages::ALL, anchor);
    let told: Vec<String> =
        found.iter().map(|found| format!("{} {}", found.value.label(), found.value.role)).collect();
    told.join("; ")
}

#[test]
fn every_phrase_reads_as_told() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for table in [include_str!("period/english.tsv"), include_str!("period/russian.tsv")] {
        for [phrase, label, role, anchor] in cases::<4>(table) {
            count += 1;
            let role = if role.is_empty() { "during" } else { role };
            let expected = if label == "-" { String::new() } else { format!("{label} {role}") };
            let anchor = anchor.parse().ok();
            for text in [phrase.to_owned(), format!("« {phrase} » .")] {
                let read = read(&text, anchor);
                if read != expected {
                    wrong.push(format!("{text}\n    expected {expected}\n    read     {read}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 5100, "cases went missing: {count}");
}

#[test]
fn a_period_takes_the_words_that_tell_it() {
    let mut wrong = Vec::new();
    for [sentence, expected] in cases::<2>(include_str!("period/spans.tsv")) {
        let found = find(sentence, Languages::ALL, None);
        let words: Vec<&str> = found.iter().map(|found| &sentence[found.start..found.end]).collect();
        if words.join(" | ") != expected {
            wrong.push(format!("{sentence}\n    expected {expected}\n    read     {}", words.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_cell_reads_as_told() {
    let mut wrong = Vec::new();
    for [cell, expected, anchor] in cases::<3>(include_str!("period/cells.tsv")) {
        let read = match parse(cell, Languages::ALL, anchor.parse().ok()) {
            Ok(period) => format!("{} {} {}", period.label(), period.role, period.precision),
            Err(error) => format!("{error:?}").split(' ').next().unwrap_or_default().to_owned(),
        };
        if read != expected {
            wrong.push(format!("{cell}: expected {expected}, read {read}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_date_reads_as_told() {
    let mut wrong = Vec::new();
    for [cell, expected, order] in cases::<3>(include_str!("period/dates.tsv")) {
        let order = match order {
            "day first" => DayOrder::DayFirst,
            "month first" => DayOrder::MonthFirst,
            _ => DayOrder::Unknown,
        };
        let read = match parse_date(cell, order) {
            Ok((date, precision)) => format!("{date} {precision}"),
            Err(error) => format!("{error:?}").split(' ').next().unwrap_or_default().to_owned(),
        };
        if read != expected {
            wrong.push(format!("{cell}: expected {expected}, read {read}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_label_reads_as_its_period() {
    let day = |ordinal: i32| NaiveDate::from_num_days_from_ce_opt(ordinal);
    let mut checked = 0;
    for start in (730_000..740_000).step_by(13) {
        for length in [0, 27, 30, 89, 90, 91, 180, 364, 365, 1000, 3652] {
            let (Some(from), Some(to)) = (day(start), day(start + length)) else { continue };
            let days = format!("{from}/{to}");
            let Ok(period) = parse(&days, Languages::ALL, None) else { panic!("{days}") };
            assert_eq!((period.start, period.end), (Some(from), Some(to)), "{days}");
            let again = parse(&period.label(), Languages::ALL, None);
            let again = again.unwrap_or_else(|error| panic!("{}: {error}", period.label()));
            assert_eq!((again.start, again.end, again.role), (period.start, period.end, period.role));
            checked += 1;
        }
    }
    assert!(checked > 8000);
    for label in [
        "2024",
        "2024-Q1",
        "2024-05",
        "2024-05-17",
        "2024-01/2024-04",
        "AY2024-2025",
        "2014-01-01/..",
        "../2030-12-31",
        "2024-01/2032-12",
        "2024-05-17/2024-06-30",
        "2023-11/2024-02",
    ] {
        let read = parse(label, Languages::ALL, None).map(|period| period.label());
        assert_eq!(read.as_deref(), Ok(label));
    }
}

#[test]
fn odd_text_is_read_in_linear_time() {
    let odd = [
        "FYE ",
        "FY 24 to ",
        "12 months ended ",
        "year to end of ",
        "five years to end of ",
        "the rest of ",
        "год, закончившийся в ",
        "2024-",
        "- ",
        "first ",
        "1-",
        "с ",
        "the ",
        "10 ",
        "January, ",
        "1,",
        "'",
        "\u{301}",
        "🦀",
        "2024–",
        "early ",
        "и ",
        "XIX – ",
        "late 16th–",
        "second half of the XVIII – ",
        "10:00 ",
        "до 18 часов ",
        "2 weeks before ",
        "from about ",
        "2024 (Jan-",
        "1-2.3.",
        "weekend of ",
        "1890–20-е ",
        "№ 2024/",
        "May 5, 6, ",
        "5, 6 and ",
        "tel. 1-",
        "May 2023 and ",
        "сорок первого и ",
        "I–",
        "2014 — 1, ",
        "third and ",
        "from the first to ",
        "May third to ",
        "1.–",
    ];
    for piece in odd {
        let text = piece.repeat(200_000 / piece.len());
        let started = std::time::Instant::now();
        let _ = find(&text, Languages::ALL, None);
        assert!(started.elapsed().as_secs() < 5, "{piece}");
    }
}

/// Numbers and marks that stand among words more often than a table's row would.
const ODD_WORDS: [&str; 33] = [
    "2024", "1", "31", "12", "99", "999", "0", "00", "9999", "1000", "2999", "24", "-", "–", "/", ".", ".",
    ",", "'", "(", ")", "%", "x", "W", "5", "2", "1990", "1900", "30", "2,024", "…", "..", "🦀",
];

/// The forms of a pattern of the tables with alternatives in braces.
fn forms(pattern: &str) -> Vec<String> {
    let Some((head, (choices, tail))) =
        pattern.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?)))
    else {
        return vec![pattern.to_owned()];
    };
    choices.split(',').flat_map(|choice| forms(&format!("{head}{choice}{tail}"))).collect()
}

#[test]
fn no_sequence_of_words_makes_the_reader_fail() {
    let tables = [include_str!("../src/period/en.tsv"), include_str!("../src/period/ru.tsv")];
    let words: Vec<String> = tables
        .iter()
        .flat_map(|table| table.lines().filter(|line| !line.starts_with('#')))
        .filter_map(|line| line.split('\t').next())
        .flat_map(|cell| cell.split(';').flat_map(forms))
        .chain(ODD_WORDS.map(str::to_owned))
        .collect();
    let anchors = [None, "2025-11-25".parse().ok(), "0001-01-01".parse().ok(), "9999-12-31".parse().ok()];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..60_000 {
        let mut text = String::new();
        for _ in 0..=next(9) {
            let short = next(3) == 0;
            let word = if short { words.len() - 1 - next(ODD_WORDS.len()) } else { next(words.len()) };
            text.push_str(&words[word]);
            text.push_str(["", " ", " "][next(3)]);
        }
        for found in find(&text, Languages::ALL, anchors[round % anchors.len()]) {
            assert!(text.is_char_boundary(found.start) && text.is_char_boundary(found.end), "{text}");
            assert!(found.start < found.end, "{text}");
            if let (Some(start), Some(end)) = (found.value.start, found.value.end) {
                assert!(start <= end, "{text}: {start} to {end}");
            }
        }
    }
}
