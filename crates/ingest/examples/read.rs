//! Reads a CSV or a workbook and says how long it took: `cargo run --release --example read -- FILE [THREADS]`.
#![expect(clippy::print_stdout, reason = "an example speaks")]

use std::time::Instant;

use ingest::settings::{Limits, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("FILE?")?;
    if let Some(threads) = std::env::args().nth(2) {
        rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build_global()?;
    }
    let start = Instant::now();
    let bytes = std::fs::metadata(&path)?.len();
    let (mut rows, mut flaws) = (0, 0);
    if path.ends_with("csv") {
        let file = std::fs::File::open(&path)?;
        let mut csv = ingest::csv::open(file, &Settings::default(), &Limits::default())?;
        println!("{:?} after {:?}", csv.dialect, start.elapsed());
        ingest::csv::for_each(
            &mut csv,
            |parsed| parsed,
            |parsed| {
                rows += parsed.batch.len();
                flaws += parsed.flaws.len();
                Ok::<_, ingest::error::Error>(())
            },
        )?;
    } else {
        for sheet in ingest::workbook::read(&std::fs::read(&path)?, &Limits::of_workbook(bytes))? {
            if bytes < 2_000_000 {
                let mut csv = String::new();
                sheet.batches.iter().for_each(|batch| ingest::as_csv::write_batch(batch, 0, &mut csv));
                println!("{} (hidden: {})\n{csv}{:?}", sheet.name, sheet.hidden, sheet.flaws);
            }
            rows += sheet.batches.iter().map(model::cell::Batch::len).sum::<usize>();
            flaws += sheet.flaws.len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{rows} rows, {flaws} flaws, {seconds:.3} s, {:.0} MB/s", bytes as f64 / 1e6 / seconds);
    Ok(())
}
