//! How fast the grammars read, on the phrases of their own cases: `cargo bench -p normalize`.

use divan::Bencher;
use divan::counter::ItemsCount;
use normalize::language::Languages;
use normalize::place::Places;
use normalize::quantity::Convention;
use normalize::{period, quantity};

fn main() {
    normalize::load_words();
    divan::main();
}

/// The first column of every table of cases in a folder of the tests, without the marks of what is found.
fn phrases(folder: &str) -> Vec<String> {
    let folder = format!("{}/tests/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut phrases = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let rows = text.lines().filter(|row| !row.starts_with('#') && !row.is_empty());
        phrases.extend(rows.filter_map(|row| Some(row.split('\t').next()?.replace(['{', '}'], ""))));
    }
    phrases.sort();
    phrases
}

#[divan::bench]
fn quantities(bencher: Bencher<'_, '_>) {
    let phrases = phrases("quantity");
    let read = |phrase: &String| quantity::find(phrase, Languages::ALL, Convention::RunningText).len();
    bencher.counter(ItemsCount::new(phrases.len())).bench_local(|| phrases.iter().map(read).sum::<usize>());
}

#[divan::bench]
fn periods(bencher: Bencher<'_, '_>) {
    let phrases = phrases("period");
    let read = |phrase: &String| period::find(phrase, Languages::ALL, None).len();
    bencher.counter(ItemsCount::new(phrases.len())).bench_local(|| phrases.iter().map(read).sum::<usize>());
}

#[divan::bench]
fn places(bencher: Bencher<'_, '_>) {
    let (phrases, places) = (phrases("place"), Places::builtin());
    bencher
        .counter(ItemsCount::new(phrases.len()))
        .bench_local(|| phrases.iter().filter(|phrase| places.find(phrase).is_some()).count());
}
