//! The cases that curators keep: every phrase of `quantity/*.tsv` reads as its line says.

use std::fmt::Write as _;
use std::path::Path;

use model::figure::{Comparator, Quantity, Stated};
use model::unit::Unit;
use normalize::found::Found;
use normalize::language::Languages;
use normalize::quantity::{Convention, Course, Mention, comparator, find, parse, print, scaled_unit, unit};
use rust_decimal::Decimal;

/// A line of a case file.
struct Case {
    place: String,
    text: String,
    spans: Vec<(usize, usize)>,
    readings: Vec<String>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quantity");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "tsv")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            cases.push(case(format!("{name}:{}", number + 1), line));
        }
    }
    cases
}

/// Takes the braces out of a phrase, which mark its figures.
fn case(place: String, line: &str) -> Case {
    let (phrase, readings) = line.split_once('\t').unwrap_or((line, ""));
    let readings: Vec<String> =
        readings.split(" | ").map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned).collect();
    let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for c in phrase.chars() {
        match c {
            '{' => start = text.len(),
            '}' => spans.push((start, text.len())),
            _ => text.push(c),
        }
    }
    if spans.is_empty() && !readings.is_empty() {
        spans.push((0, text.len()));
    }
    Case { place, text, spans, readings }
}

/// A figure in the words of the case files, as far as `like` says it.
fn reading(mention: &Mention, like: &str) -> String {
    let quantity = &mention.quantity;
    let mut text = String::new();
    let plain = |value: Decimal| value.round_sf(15).unwrap_or(value).normalize();
    if !matches!(quantity.comparator, Comparator::Equal | Comparator::Range) {
        let _ = write!(text, "{} ", quantity.comparator);
    }
    match quantity.stated {
        Stated::Point { value, half_unit } => {
            let _ = write!(text, "{}", plain(value));
            if like.contains('±') {
                let _ = write!(text, " ±{}", half_unit.normalize());
            }
        }
        Stated::Range { lower, upper } => {
            let _ = write!(text, "{}..{}", plain(lower), plain(upper));
        }
    }
    if let Some(unit) = quantity.unit {
        let _ = write!(text, " {unit}");
    }
    if let Some(noun) = &quantity.noun {
        let _ = write!(text, " {noun}");
    }
    if like.contains(['↑', '↓', '→']) {
        text.push_str(match mention.course {
            Course::Up => " ↑",
            Course::Down => " ↓",
            Course::Unsaid => " →",
        });
    }
    text
}

/// A reading of a case file with its numbers written out: `5e6` is `5000000`.
fn written_out(reading: &str) -> String {
    let number = |text: &str| {
        let value = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text));
        value.map_or_else(|_| text.to_owned(), |value| value.normalize().to_string())
    };
    let words = reading.split(' ').filter(|word| *word != "-").map(|word| match word.split_once("..") {
        Some((low, high)) => format!("{}..{}", number(low), number(high)),
        None if word.starts_with('±') => format!("±{}", number(word.trim_start_matches('±'))),
        None => number(word),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn differences(case: &Case, found: &[Found<Mention>]) -> Option<String> {
    let wanted: Vec<String> = case
        .readings
        .iter()
        .zip(&case.spans)
        .map(|(reading, &(start, end))| format!("{} [{}]", written_out(reading), &case.text[start..end]))
        .collect();
    let read: Vec<String> = found
        .iter()
        .enumerate()
        .map(|(index, figure)| {
            let like = case.readings.get(index).map_or("", String::as_str);
            format!("{} [{}]", reading(&figure.value, like), &case.text[figure.start..figure.end])
        })
        .collect();
    (wanted != read)
        .then(|| format!("{}: {}\n    wanted {wanted:?}\n    read   {read:?}", case.place, case.text))
}

#[test]
fn every_phrase_reads_as_its_line_says() {
    let cases = cases();
    assert!(cases.len() > 500, "only {} cases", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| differences(case, &find(&case.text, Languages::ALL, Convention::RunningText)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Texts of random pieces: figures, words, signs and characters from all over Unicode.
fn random_texts(count: usize) -> Vec<String> {
    const PIECES: [&str; 60] = [
        "1",
        "23",
        "456",
        "7890",
        "1,234",
        "1.234,5",
        "12,5",
        "1 000 000",
        "½",
        "0",
        "99999999999999999999",
        "$",
        "€",
        "%",
        "million",
        "млрд",
        "two",
        "hundred",
        "and",
        "a",
        "half",
        "twenty",
        "полтора",
        "тысяч",
        "пять",
        "с",
        "до",
        "от",
        "from",
        "to",
        "between",
        "more than",
        "nearly",
        "or more",
        "+",
        "-",
        "–",
        "—",
        "/",
        ".",
        ",",
        "(",
        ")",
        ":",
        "USD",
        "руб.",
        "коп.",
        "cents",
        "cubic meters",
        "projects",
        "проектов",
        "2024",
        "May",
        "\u{301}",
        "\u{202e}",
        "🎉",
        "٣",
        "ﷺ",
        "\u{200b}",
        "й",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    (0..count)
        .map(|_| {
            let mut text = String::new();
            for _ in 0..random(14) {
                match random(12) {
                    0 => text.extend(char::from_u32(random(0x2_ffff) as u32)),
                    _ => text.push_str(PIECES[random(PIECES.len())]),
                }
                if random(3) > 0 {
                    text.push(' ');
                }
            }
            text
        })
        .collect()
}

#[test]
fn any_text_is_read_without_a_panic_and_spans_lie_in_order() {
    for text in random_texts(4_000) {
        for convention in [Convention::RunningText, Convention::DecimalComma, Convention::Undecided] {
            let mut end = 0;
            for figure in find(&text, Languages::ALL, convention) {
                assert!(figure.start >= end && figure.end > figure.start, "{text:?}");
                assert!(text.get(figure.start..figure.end).is_some(), "{text:?}");
                if let Stated::Range { lower, upper } = figure.value.quantity.stated {
                    assert!(lower <= upper, "{text:?}");
                }
                end = figure.end;
            }
            let _ = parse(&text, Languages::ALL, convention);
        }
        let _ = scaled_unit(&text);
        let _ = comparator(&text);
    }
}

#[test]
fn the_work_is_linear_in_the_text() {
    let texts = [
        "1".repeat(1 << 18),
        "1,".repeat(1 << 17),
        "1 ".repeat(1 << 17),
        "1-".repeat(1 << 17),
        "more than the ".repeat(1 << 14),
        "from 1 ".repeat(1 << 17),
        "one million and ".repeat(1 << 14),
        "два с половиной ".repeat(1 << 15),
        "$".repeat(1 << 18),
        "(".repeat(1 << 18),
        "a".repeat(1 << 18),
        "36 joint ".repeat(1 << 14),
        "\u{301}".repeat(1 << 17),
        "one in ".repeat(1 << 13),
        "half of ".repeat(1 << 13),
        "5 ± ".repeat(1 << 14),
        "10^".repeat(1 << 14),
        "5 ft ".repeat(1 << 14),
        "$1-".repeat(1 << 14),
        "+1 (".repeat(1 << 14),
        "at least 5 ".repeat(1 << 13),
        "one thousand, ".repeat(1 << 13),
        "USD. ".repeat(1 << 14),
        "a dollar and ".repeat(1 << 13),
        "№ 5, ".repeat(1 << 14),
        "6-4, ".repeat(1 << 14),
        "тысяч десять ".repeat(1 << 13),
        "лет ".repeat(1 << 14),
        "ул. Мира, ".repeat(1 << 13),
        "4h".repeat(1 << 14),
        "3-1/4".repeat(1 << 13),
    ];
    for text in texts {
        let start = std::time::Instant::now();
        let _ = find(&text, Languages::ALL, Convention::RunningText);
        // A debug build on a busy machine; quadratic work on these would take hours.
        assert!(start.elapsed().as_secs() < 60, "{} took {:?}", &text[..8.min(text.len())], start.elapsed());
    }
}

/// The cases whose whole text is one figure, with that figure.
fn single_figures() -> impl Iterator<Item = (Case, Quantity)> {
    cases().into_iter().filter_map(|case| {
        let mut found = find(&case.text, Languages::ALL, Convention::RunningText);
        let whole = found.len() == 1 && case.spans == [(0, case.text.len())];
        whole.then(|| (case, found.remove(0).value.quantity))
    })
}

#[test]
fn a_printed_figure_reads_as_the_same_figure() {
    let mut wrong = Vec::new();
    for (case, quantity) in single_figures() {
        // How many times as much ("doubled") has no noun and no unit to print; "working days" print as
        // days.
        let is_factor = quantity.unit == Some(Unit::COUNT) && quantity.noun.is_none();
        if is_factor || quantity.noun.as_deref().is_some_and(|noun| unit(noun).is_some()) {
            continue;
        }
        let endless = match quantity.stated {
            Stated::Point { value, .. } => value.scale() > 12,
            Stated::Range { lower, upper } => lower.scale().max(upper.scale()) > 12,
        };
        let text = print(&quantity);
        let again = parse(&text, Languages::ALL, Convention::DecimalPoint);
        if !endless && again.as_ref() != Ok(&quantity) {
            wrong.push(format!("{} {}: {text}: {again:?}, not {quantity:?}", case.place, case.text));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_qualifier_changes_the_comparator_and_nothing_else() {
    const QUALIFIERS: [(&str, &str, Comparator); 12] = [
        ("en", "more than ", Comparator::Greater),
        ("en", "at least ", Comparator::GreaterOrEqual),
        ("en", "nearly ", Comparator::NearlyBelow),
        ("en", "up to ", Comparator::LessOrEqual),
        ("en", "less than ", Comparator::Less),
        ("en", "roughly ", Comparator::About),
        ("ru", "почти ", Comparator::NearlyBelow),
        ("ru", "не менее ", Comparator::GreaterOrEqual),
        ("ru", "менее ", Comparator::Less),
        ("ru", "свыше ", Comparator::Greater),
        ("ru", "не более ", Comparator::LessOrEqual),
        ("ru", "около ", Comparator::About),
    ];
    let mut wrong = Vec::new();
    for (case, quantity) in single_figures() {
        let accounting = case.text.starts_with('(');
        // "5 degrees below zero": more of them are less.
        let below_zero = matches!(quantity.stated, Stated::Point { value, .. } if value < Decimal::ZERO)
            && case.text.starts_with(|c: char| c.is_ascii_digit());
        for (language, words, comparator) in QUALIFIERS {
            let fits = case.place.contains(&format!(".{language}.")) && !accounting && !below_zero;
            if !fits || quantity.comparator != Comparator::Equal {
                continue;
            }
            let text = format!("{words}{}", case.text);
            let wanted = Quantity { comparator, ..quantity.clone() };
            let read = find(&text, Languages::ALL, Convention::RunningText);
            if read.len() != 1
                || read[0].value.quantity != wanted
                || read[0].end - read[0].start != text.len()
            {
                wrong.push(format!("{}: {text}: {read:?}", case.place));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Single figures that stand for themselves: with a unit, and no pronoun ("один") or article ("a
/// dollar", which in a sentence is what something costs each).
fn framed_figures() -> impl Iterator<Item = (Case, Quantity)> {
    single_figures().filter(|(case, quantity)| {
        let one = case.text.starts_with("a ") && case.text.split(' ').count() < 4;
        quantity.unit.is_some() && !case.text.starts_with('(') && !case.text.starts_with("один ") && !one
    })
}

#[test]
fn surrounding_text_changes_no_figure_that_has_a_unit() {
    const FRAMES: [(&str, &str, &str); 8] = [
        ("en", "The ministry said on Monday that ", ", according to the report."),
        ("en", "In short (", "), and nothing else."),
        ("en", "“It was ", "”, he said."),
        ("en", "Result: ", "; next: none."),
        ("ru", "Показатель — ", "; это итог."),
        ("ru", "По словам министра, это «", "», но не больше."),
        ("ru", "Как сообщили в министерстве, ", ", отметил он."),
        ("ru", "Всего (", "), и точка."),
    ];
    let mut wrong = Vec::new();
    for (case, quantity) in framed_figures() {
        for (_, before, after) in
            FRAMES.iter().filter(|(language, ..)| case.place.contains(&format!(".{language}.")))
        {
            let text = format!("{before}{}{after}", case.text);
            let read = find(&text, Languages::ALL, Convention::RunningText);
            if read.len() != 1 || read[0].value.quantity != quantity || read[0].start != before.len() {
                wrong.push(format!(
                    "{}: {text}: {:?}",
                    case.place,
                    read.iter().map(|f| &f.value).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
