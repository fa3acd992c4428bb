//! Tables to the bytes of CSV, Parquet, Markdown and JSON. Where the bytes go is not known here.

pub mod csv;
pub mod datapackage;
pub mod figures;
pub mod markdown;
pub mod parquet;
pub mod read_back;
pub mod table;
pub mod tables;
pub mod words;
