//! Reading back what was written, before anybody relies on it.

use std::fs::File;

use polars::prelude::{ParquetReader, PolarsError, SerReader};

/// Reads a whole Parquet file as a table.
///
/// # Errors
/// Where the file is no whole Parquet file.
pub fn parquet(file: File) -> Result<(), PolarsError> {
    ParquetReader::new(file).finish().map(drop)
}
