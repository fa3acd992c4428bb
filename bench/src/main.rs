//! `fact-sheets FOLDER`: writes a generated workspace.

use std::path::PathBuf;

use bench::{Format, Settings};
use clap::Parser;

/// Writes a workspace of generated fact sheets: the same arguments give the same bytes.
#[derive(Parser)]
struct Arguments {
    /// The folder, which is made
    folder: PathBuf,
    /// Claims
    #[arg(long, default_value_t = 2_000_000)]
    rows: u64,
    /// Another seed is another corridor
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rows of a thousand that cannot be read
    #[arg(long, default_value_t = 0, value_name = "PERMILLE")]
    bad: u64,
    /// The form of the sheet of claims
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
}

fn main() -> std::io::Result<()> {
    let Arguments { folder, rows, seed, bad, format } = Arguments::parse();
    bench::write(&folder, &Settings { rows, seed, bad_permille: bad, format })
}
