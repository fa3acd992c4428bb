//! Finding observations: where the stated ones of a series stand, and which of them are of one period.

use std::ops::Range;

use model::observation::Series;
use model::observations::{Observations, Row};
use model::period::Period;

/// Where the stated observations of a series stand.
pub(crate) fn stated_of(observations: &Observations, series: &Series) -> Range<u32> {
    let stated = &observations.rows[..observations.stated()];
    let distinct = stated.last().map_or(0, |last| last.series as usize + 1);
    let Ok(code) = observations.series[..distinct].binary_search(series) else { return 0..0 };
    let start = stated.partition_point(|row| (row.series as usize) < code);
    let length = stated[start..].partition_point(|row| row.series as usize == code);
    start as u32..(start + length) as u32
}

/// Those of one period among stated observations of one series.
pub(crate) fn at_period(
    observations: &Observations,
    series: Range<u32>,
    period: &Period,
) -> impl Iterator<Item = u32> + use<> {
    let key = period.order();
    let rows = &observations.rows[series.start as usize..series.end as usize];
    let key_of = |row: &Row| observations.period_of(row).order();
    let start = rows.partition_point(|row| key_of(row) < key);
    let length = rows[start..].partition_point(|row| key_of(row) == key);
    let start = series.start + start as u32;
    start..start + length as u32
}
