//! Clean tables, each spoiled in one way at one place, thousands of times: what is read must be the table it was.
//!
//! A case is bytes and the table they must become. Its score is the mean of three F1 measures: of the names in the
//! header, of the rows, of the cells. Each kind of spoiling has a floor that it must reach; a kind that now reads
//! better gets a higher floor.

#[path = "pollution/dialect.rs"]
mod dialect;
#[path = "pollution/places.rs"]
mod places;
#[path = "pollution/score.rs"]
mod score;
#[path = "pollution/tables.rs"]
mod tables;
#[path = "pollution/whole.rs"]
mod whole;

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Names, then rows.
type Grid = Vec<Vec<String>>;

/// A spoiled file and what it must become.
struct Case {
    /// What was done to it: `stray quote`, `row cut by another delimiter`.
    kind: &'static str,
    /// Where: `trade, row 3, column 2`.
    place: String,
    bytes: Vec<u8>,
    /// The table; its first row is the header where it has one.
    wanted: Grid,
}

/// What a kind of spoiling must reach, in thousandths; 1000 means that every case is read as it must be.
const FLOORS: [(&str, u32); 6] = [
    // Cells of several lines in the other quote are beyond a row read again.
    ("row cut by another delimiter", 998),
    ("row in another quote", 998),
    ("two quotes in turn", 989),
    // A quote, a comma and a blank in the middle of a cell look like its end.
    ("stray quote within", 999),
    ("stray quotes around a word", 999),
    // In a table of words, words below the names may be a row.
    ("two header rows", 912),
];

#[test]
fn spoiled_files_are_read_as_what_they_were() {
    let mut cases = Vec::new();
    for table in tables::all() {
        whole::add(&table, &mut cases);
        dialect::add(&table, &mut cases);
        places::add(&table, &mut cases);
    }
    let mut kinds: BTreeMap<&str, (f64, usize, usize)> = BTreeMap::new();
    let mut worst = Vec::new();
    for case in &cases {
        let read = score::read(&case.bytes);
        let score = score::of(&read, &case.wanted);
        let kind = kinds.entry(case.kind).or_default();
        kind.0 += score;
        kind.1 += 1;
        kind.2 += usize::from(score > 0.999_999);
        if score < 0.999_999 {
            worst.push((score, case, read));
        }
    }
    let mut told = String::new();
    let mut failed = Vec::new();
    for (kind, (sum, count, whole)) in &kinds {
        let mean = sum / *count as f64;
        let floor = FLOORS.iter().find(|floor| floor.0 == *kind).map_or(1000, |floor| floor.1);
        let _ = writeln!(told, "{:6.3}  {whole:4} of {count:4} whole  {kind}", 10.0 * mean);
        if mean < f64::from(floor) / 1000.0 - 1e-9 {
            failed.push(*kind);
        }
    }
    let mean = kinds.values().map(|kind| kind.0).sum::<f64>() / cases.len() as f64;
    let _ = writeln!(told, "{:6.3}  all {} cases", 10.0 * mean, cases.len());
    println!("{told}");
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    let shown = std::env::var("SHOWN").ok().and_then(|shown| shown.parse().ok()).unwrap_or(3);
    for kind in &failed {
        for (score, case, read) in worst.iter().filter(|(_, case, _)| case.kind == *kind).take(shown) {
            println!("##### {kind}: {}, {:.3}", case.place, 10.0 * score);
            println!("{}", score::first_difference(read, case));
        }
    }
    assert!(failed.is_empty(), "below the floor: {failed:?}");
}
