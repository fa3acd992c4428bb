//! Says what was detected of each file, a JSON object a line: `cargo run --example dialects -- FILE…`.
#![expect(clippy::print_stdout, reason = "an example speaks")]

use ingest::settings::{Limits, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let file = std::fs::File::open(&path)?;
        let mut csv = ingest::csv::open(file, &Settings::default(), &Limits::default())?;
        let mut rows = 0;
        for chunk in csv.by_ref() {
            rows += chunk?.parse()?.batch.len() as u64;
        }
        println!("{}", csv.dialect.json(rows));
    }
    Ok(())
}
