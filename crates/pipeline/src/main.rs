//! `pipeline`: hand-curated fact sheets to checked, reconciled and published tables and reports.
//!
//! The binary is a thin edge: it parses the command line, resolves the configuration, and hands
//! values from stage to stage. [`run`] is the main job and reads top to bottom as the story.

mod annotate;
mod check;
mod cli;
mod config;
mod diagnostics;
mod diff;
mod draft;
mod evaluate;
mod explain;
mod failure;
mod freshness;
mod history;
mod init;
mod inputs;
mod load;
mod open;
mod outputs;
mod parse;
mod plain;
mod propose;
mod quarantine;
mod run;
mod signals;
mod stopwatch;
mod store;
mod template;
mod terminal;
mod verify;
mod workbook_process;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => failure::report(&error),
    }
}
