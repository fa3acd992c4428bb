//! Vintages: what was known when.

use std::borrow::Cow;
use std::sync::Arc;

use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::observation::{Observation, Vintage};
use model::period::Role;
use model::table::VINTAGES;

use super::Names;
use crate::table::{Column, Table};

/// One row is one value that an observation had, while it had it.
pub fn vintages<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    let vintages = &knowledge.vintages;
    let key = |index: &u32| {
        let vintage = &vintages[*index as usize];
        (names.position[vintage.observation as usize], vintage.realtime_start)
    };
    let mut order: Vec<u32> = (0..vintages.len() as u32).collect();
    if !order.is_sorted_by_key(key) {
        order.sort_by_key(key);
    }
    let rows = Rows { knowledge, order: order.into() };
    let (series, period, start, end) = (rows.index(), rows.index(), rows.index(), rows.index());
    let (unit, base) = (rows.index(), rows.index());
    let (role, current) = (rows.observation(), rows.observation());
    let claim = rows.vintage();
    let (comparator, value, lower, upper) = (rows.vintage(), rows.vintage(), rows.vintage(), rows.vintage());
    let (from, to) = (rows.order.iter(), rows.order.iter());
    Table {
        schema: &VINTAGES,
        rows: vintages.len(),
        part: None,
        columns: vec![
            Column::coded(move |row| names.series_of[series(row)], Cow::Borrowed(&names.series)),
            Column::coded(move |row| names.unit_of[unit(row)], Cow::Borrowed(&names.units)),
            Column::coded(move |row| names.period_of[period(row)], Cow::Owned(names.labels.iter().collect())),
            Column::days(
                move |row| names.period_of[start(row)],
                names.periods.iter().map(|period| period.start).collect(),
            ),
            Column::days(
                move |row| names.period_of[end(row)],
                names.periods.iter().map(|period| period.end).collect(),
            ),
            Column::words(Role::WORDS, move |row| Some(role(row).period.role as u32)),
            Column::coded(move |row| names.base_of[base(row)], Cow::Owned(names.labels.iter().collect())),
            Column::words(Comparator::WORDS, move |row| Some(comparator(row).comparator as u32)),
            Column::number(move |row| value(row).value),
            Column::number(move |row| lower(row).interval.lower),
            Column::number(move |row| upper(row).interval.upper),
            Column::made(move |row, text| {
                let (vintage, observation) = (claim(row), current(row));
                text.push_str(match names.best_claim(knowledge, observation) {
                    Some(best) if observation.best_claim == Some(vintage.best_claim) => best,
                    _ => facts.claims.claim_id.get(vintage.best_claim as usize),
                });
            }),
            Column::dates(from.map(|&index| Some(vintages[index as usize].realtime_start))),
            Column::dates(to.map(|&index| vintages[index as usize].realtime_end)),
        ],
    }
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

    fn index(&self) -> impl Fn(usize) -> usize + Send + Sync + use<'a> {
        let vintage = self.vintage();
        move |row| vintage(row).observation as usize
    }

    fn observation(&self) -> impl Fn(usize) -> &'a Observation + Send + Sync + use<'a> {
        let (index, observations) = (self.index(), &self.knowledge.observations);
        move |row| &observations[index(row)]
    }
}
