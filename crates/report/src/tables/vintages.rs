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
    let rows = Rows { knowledge, order: order(knowledge, names).into() };
    let [series, unit, period, start, end, base, role, current] = std::array::from_fn(|_| rows.observation());
    let [comparator, value, lower, upper, claim] = std::array::from_fn(|_| rows.vintage());
    let (from, to) = (rows.vintage(), rows.vintage());
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
            Column::dates(all.clone().map(|row| Some(from(row).realtime_start))),
            Column::dates(all.map(|row| to(row).realtime_end)),
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

impl<'a> Rows<'a> {
    fn vintage(&self) -> impl Fn(usize) -> Vintage + Send + Sync + use<'a> {
        let (order, knowledge) = (self.order.clone(), self.knowledge);
        move |row| knowledge.vintages.get(&knowledge.observations, order[row])
    }

    fn observation(&self) -> impl Fn(usize) -> &'a Row + Send + Sync + use<'a> {
        let (order, knowledge) = (self.order.clone(), self.knowledge);
        let earlier = &knowledge.vintages.earlier;
        move |row| {
            let vintage = order[row] as usize;
            let observation =
                earlier.get(vintage).map_or_else(|| vintage - earlier.len(), |one| one.observation as usize);
            &knowledge.observations.rows[observation]
        }
    }
}
