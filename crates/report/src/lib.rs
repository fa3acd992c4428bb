//! Tables to the bytes of CSV, Parquet, Markdown and JSON. Where the bytes go is not known here.

pub mod csv;
pub mod parquet;
pub mod table;
pub mod tables;
