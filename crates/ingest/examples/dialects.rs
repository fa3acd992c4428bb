//! Says what was detected of each file, a JSON object a line, and writes the table to `FILE.read`: `cargo run --example dialects -- FILE…`.
#![expect(clippy::print_stdout, reason = "an example speaks")]

use ingest::settings::{Limits, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let file = std::fs::File::open(&path)?;
        let mut csv = ingest::csv::open(file, &Settings::default(), &Limits::default())?;
        let mut table = String::new();
        ingest::as_csv::write_row(csv.header.names.iter().map(String::as_str), &mut table);
        let (mut rows, width) = (0, csv.header.names.len());
        for chunk in csv.by_ref() {
            let batch = chunk?.parse()?.batch;
            ingest::as_csv::write_batch(&batch, width, &mut table);
            rows += batch.len() as u64;
        }
        std::fs::write(format!("{path}.read"), table)?;
        println!("{}", csv.dialect.json(rows));
    }
    Ok(())
}
