//! Writes a made-up claims table of N rows and says how long it took:
//! `cargo run --release -p report --example claims -- 2000000 DIR`,
//! or nowhere for the folder `-`.

#[path = "../tests/published/facts.rs"]
mod facts;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use facts::{Stated, claim, facts, year};
use model::cell::CellRef;
use report::tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: u32 = arguments.next().unwrap_or_default().parse()?;
    let folder = std::path::PathBuf::from(arguments.next().unwrap_or_default());
    let mut facts = facts();
    for row in 0..rows {
        let figure = f64::from(row.wrapping_mul(2_654_435_761) % 100_000) * 1e4;
        let (id, stated) = (format!("c{row:08}"), format!("over {:.2} million US dollars", figure / 1e6));
        let evidence =
            format!("trade between the two sides reached {:.2} million dollars, he said", figure / 1e6);
        claim(
            &mut facts,
            &Stated {
                id: &id,
                stated: &stated,
                evidence: &evidence,
                note: if row % 20 == 0 { "a note, with a comma" } else { "" },
                source: row % 2,
                indicator: row % 3,
                partner: Some((row % 3) as u16),
                value: figure,
                lower: figure - 5e3,
                upper: figure + 5e3,
                period: year(1900 + (row / 7 % 150) as i32),
                cell: CellRef { sheet: 0, column: 5, row: row + 2 },
                ..Stated::default()
            },
        );
    }
    let table = tables::claims(&facts);
    for round in 0..3 {
        let start = Instant::now();
        report::csv::write(&table, &mut *output(&folder, "claims.csv")?)?;
        let csv = start.elapsed();
        let start = Instant::now();
        report::parquet::write(&table, &mut *output(&folder, "claims.parquet")?)?;
        let parquet = start.elapsed();
        println!("{round}: csv {csv:.2?}, parquet {parquet:.2?}");
    }
    Ok(())
}

/// A file in the folder; nowhere for the folder `-`.
fn output(folder: &Path, name: &str) -> std::io::Result<Box<dyn Write + Send>> {
    if folder == Path::new("-") {
        return Ok(Box::new(std::io::sink()));
    }
    Ok(Box::new(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?)))
}
