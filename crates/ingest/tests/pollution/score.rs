//! Reads a spoiled file as `pipeline cat` does, and says how much of the table came through.

use std::collections::BTreeMap;

use ingest::csv;
use ingest::settings::{Limits, Settings};

use super::{Case, Grid};

/// The table as it is read: its header first, where it has one. Trailing empty cells say nothing.
pub(crate) fn read(bytes: &[u8]) -> Grid {
    let Ok(mut read) = csv::open(bytes, &Settings::default(), &Limits::default()) else { return Vec::new() };
    let mut grid = Vec::new();
    if read.header.row.is_some() {
        grid.push(read.header.names.clone());
    }
    let rows = csv::for_each(
        &mut read,
        |parsed| parsed.batch,
        |batch| {
            for row in 0..batch.len() {
                grid.push((0..batch.width).map(|column| batch.get(row, column).to_owned()).collect());
            }
            Ok::<_, ingest::error::Error>(())
        },
    );
    assert!(rows.is_ok());
    grid
}

fn trimmed(row: &[String]) -> &[String] {
    let cells = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    &row[..cells]
}

/// The mean of the F1 of names, rows and cells.
pub(crate) fn of(read: &Grid, wanted: &Grid) -> f64 {
    let names = |grid: &Grid| grid.first().map(|row| trimmed(row).to_vec()).unwrap_or_default();
    let rows = |grid: &Grid| grid.iter().skip(1).map(|row| trimmed(row).to_vec()).collect::<Vec<_>>();
    let cells = |grid: &Grid| grid.iter().skip(1).flat_map(|row| trimmed(row).to_vec()).collect::<Vec<_>>();
    (f1(names(read), names(wanted)) + f1(rows(read), rows(wanted)) + f1(cells(read), cells(wanted))) / 3.0
}

/// Of two bags: twice what they share, of all.
fn f1<T: Ord>(read: Vec<T>, wanted: Vec<T>) -> f64 {
    let all = read.len() + wanted.len();
    let mut left: BTreeMap<T, usize> = BTreeMap::new();
    for item in wanted {
        *left.entry(item).or_default() += 1;
    }
    let mut shared = 0;
    for item in read {
        if let Some(count) = left.get_mut(&item).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    if all == 0 { 1.0 } else { 2.0 * f64::from(shared) / all as f64 }
}

/// The first row that was read otherwise, for a person to look at.
pub(crate) fn first_difference(read: &Grid, case: &Case) -> String {
    let rows = read.len().max(case.wanted.len());
    let row = |grid: &Grid, row: usize| grid.get(row).map(|row| trimmed(row).to_vec());
    let Some(at) = (0..rows).find(|&at| row(read, at) != row(&case.wanted, at)) else { return String::new() };
    let text = String::from_utf8_lossy(&case.bytes);
    let head: Vec<&str> = text.lines().skip(at.saturating_sub(1)).take(3).collect();
    format!(
        "{} rows for {}\nrow {at}\n  read   {:?}\n  wanted {:?}\n  text   {head:#?}",
        read.len(),
        case.wanted.len(),
        row(read, at),
        row(&case.wanted, at)
    )
}
