//! Vintages: what was known when.

use std::borrow::Cow;
use std::sync::Arc;

use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::observations::Row;
use model::period::Role;
use model::table::VINTAGES;
use model::vintages::Earlier;
use rayon::prelude::*;

use super::Names;
use crate::table::{Column, Table};

/// One row is one value that an observation had, while it had it.
pub fn vintages<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    let rows = Rows { knowledge, order: order(knowledge, names).into() };
    let [series, unit, period, start, end, base, role] = std::array::from_fn(|_| rows.observation());
    let [comparator, value, lower, upper, claim, since] = std::array::from_fn(|_| rows.known());
    let vintages = &knowledge.vintages;
    let until: Vec<_> = rows.order.par_iter().map(|&vintage| vintages.end(vintage)).collect();
    let all = 0..rows.order.len();
    let observations = &knowledge.observations;
    let labels = || Cow::Owned(names.labels.iter().collect());
    Table {
        schema: &VINTAGES,
        rows: all.len(),
        part: None,
        columns: vec![
            Column::coded(
                move |row| names.series_of[series(row).series as usize],
                Cow::Borrowed(&names.series),
            ),
            Column::coded(move |row| names.unit_of[unit(row).series as usize], Cow::Borrowed(&names.units)),
            Column::coded(move |row| names.period(period(row).period), labels()),
            Column::days(
                move |row| names.period(start(row).period),
                names.periods.iter().map(|period| period.start).collect(),
            ),
            Column::days(
                move |row| names.period(end(row).period),
                names.periods.iter().map(|period| period.end).collect(),
            ),
            Column::words(Role::WORDS, move |row| Some(observations.period_of(role(row)).role as u32)),
            Column::coded(move |row| names.period(base(row).base_period), labels()),
            Column::words(Comparator::WORDS, move |row| {
                Some(match comparator(row) {
                    Known::Before(earlier) => earlier.comparator as u32,
                    Known::Now(_, row) => row.comparator as u32,
                })
            }),
            Column::number(move |row| match value(row) {
                Known::Before(earlier) => earlier.value,
                Known::Now(_, row) => row.value,
            }),
            Column::number(move |row| match lower(row) {
                Known::Before(earlier) => earlier.lower,
                Known::Now(_, row) => row.lower,
            }),
            Column::number(move |row| match upper(row) {
                Known::Before(earlier) => earlier.upper,
                Known::Now(_, row) => row.upper,
            }),
            Column::made(move |row, text| {
                text.push_str(match claim(row) {
                    Known::Before(earlier) => facts.claims.claim_id.get(earlier.best_claim as usize),
                    Known::Now(_, row) => names.best_claim(row).unwrap_or_default(),
                });
            }),
            Column::dates(all.map(|row| {
                Some(match since(row) {
                    Known::Before(earlier) => earlier.realtime_start,
                    Known::Now(observation, _) => vintages.since[observation],
                })
            })),
            Column::dates(until),
        ],
    }
}

/// The vintages by the published key of their observations, and by day.
fn order(knowledge: &Knowledge, names: &Names) -> Vec<u32> {
    let vintages = &knowledge.vintages;
    // Where the earlier ones of each observation end; those of one without any, where those of the one before it do.
    let mut ends = vec![0; vintages.since.len() + 1];
    for (earlier, end) in vintages.earlier.iter().zip(1..) {
        ends[earlier.observation as usize + 1] = end;
    }
    let mut last = 0;
    for end in &mut ends {
        last = last.max(*end);
        *end = last;
    }
    let present = vintages.earlier.len() as u32;
    let stated = names.order().iter().filter(|&&observation| (observation as usize) < vintages.since.len());
    let of = |&observation: &u32| {
        let earlier = ends[observation as usize]..ends[observation as usize + 1];
        earlier.chain(std::iter::once(present + observation))
    };
    let mut order = Vec::with_capacity(vintages.len());
    order.extend(stated.flat_map(of));
    order
}

/// The vintages in the table's order.
struct Rows<'a> {
    knowledge: &'a Knowledge,
    order: Arc<[u32]>,
}

/// What a row tells: a value that its observation had before, or the present one, which the observation holds.
enum Known<'a> {
    Before(&'a Earlier),
    Now(usize, &'a Row),
}

impl<'a> Rows<'a> {
    fn known(&self) -> impl Fn(usize) -> Known<'a> + Send + Sync + use<'a> {
        let (order, knowledge) = (self.order.clone(), self.knowledge);
        let (earlier, rows) = (&knowledge.vintages.earlier, &knowledge.observations.rows);
        move |row| {
            let vintage = order[row] as usize;
            let present = || Known::Now(vintage - earlier.len(), &rows[vintage - earlier.len()]);
            earlier.get(vintage).map_or_else(present, Known::Before)
        }
    }

    fn observation(&self) -> impl Fn(usize) -> &'a Row + Send + Sync + use<'a> {
        let (known, rows) = (self.known(), &self.knowledge.observations.rows);
        move |row| match known(row) {
            Known::Before(earlier) => &rows[earlier.observation as usize],
            Known::Now(_, row) => row,
        }
    }
}
