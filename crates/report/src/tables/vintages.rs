//! Vintages: what was known when.

use std::borrow::Cow;
use std::sync::Arc;

use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::observation::Vintage;
use model::observations::Row;
use model::period::Role;
use model::table::VINTAGES;

use super::Names;
use crate::table::{Column, Table};

/// One row is one value that an observation had, while it had it.
pub fn vintages<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    let vintages = &knowledge.vintages;
    let rows = Rows { knowledge, order: order(knowledge, names).into() };
    let (series, unit, period, start, end, base) = (
        rows.observation(),
        rows.observation(),
        rows.observation(),
        rows.observation(),
        rows.observation(),
        rows.observation(),
    );
    let (role, current) = (rows.observation(), rows.observation());
    let claim = rows.vintage();
    let (comparator, value, lower, upper) = (rows.vintage(), rows.vintage(), rows.vintage(), rows.vintage());
    let (from, to) = (rows.order.iter(), rows.order.iter());
    let observations = &knowledge.observations;
    let labels = || Cow::Owned(names.labels.iter().collect());
    Table {
        schema: &VINTAGES,
        rows: vintages.len(),
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
            Column::words(Comparator::WORDS, move |row| Some(comparator(row).comparator as u32)),
            Column::number(move |row| value(row).value),
            Column::number(move |row| lower(row).interval.lower),
            Column::number(move |row| upper(row).interval.upper),
            Column::made(move |row, text| {
                let (vintage, observation) = (claim(row), current(row));
                text.push_str(match names.best_claim(observations, observation) {
                    Some(best) if observations.best_claim_of(observation) == Some(vintage.best_claim) => best,
                    _ => facts.claims.claim_id.get(vintage.best_claim as usize),
                });
            }),
            Column::dates(from.map(|&index| Some(vintages[index as usize].realtime_start))),
            Column::dates(to.map(|&index| vintages[index as usize].realtime_end)),
        ],
    }
}

/// The vintages by the published key of their observations, and by day: those of one observation stand together, and in
/// that order.
fn order(knowledge: &Knowledge, names: &Names) -> Vec<u32> {
    let mut ends = vec![0; knowledge.observations.len() + 1];
    for (vintage, end) in knowledge.vintages.iter().zip(1..) {
        ends[vintage.observation as usize + 1] = end;
    }
    // An observation without any ends where the one before it does.
    let mut last = 0;
    for end in &mut ends {
        last = last.max(*end);
        *end = last;
    }
    let of = |&observation: &u32| ends[observation as usize]..ends[observation as usize + 1];
    names.order().iter().flat_map(of).collect()
}

/// The vintages in the table's order.
struct Rows<'a> {
    knowledge: &'a Knowledge,
    order: Arc<[u32]>,
}

impl<'a> Rows<'a> {
    fn vintage(&self) -> impl Fn(usize) -> &'a Vintage + Send + Sync + use<'a> {
        let (order, vintages) = (self.order.clone(), &self.knowledge.vintages);
        move |row| &vintages[order[row] as usize]
    }

    fn observation(&self) -> impl Fn(usize) -> &'a Row + Send + Sync + use<'a> {
        let (vintage, rows) = (self.vintage(), &self.knowledge.observations.rows);
        move |row| &rows[vintage(row).observation as usize]
    }
}
