//! Observations, whole and by topic. The tables by topic are the same rows with labels.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use model::claim::{ABSENT, ClaimKind, Measure};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::observation::{Observation, Reason};
use model::period::Role;
use model::place::PlaceId;
use model::table::{COOPERATION, INVESTMENT, OBSERVATIONS, TRADE, TableSchema};

use super::{Names, through};
use crate::table::{Column, Part, Table};

/// What is known of each series in each period.
pub fn observations<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    Rows { facts, knowledge, names, order: names.order.clone() }.table(&OBSERVATIONS, None)
}

/// Observations on trade.
pub fn trade<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    on(facts, knowledge, names, &TRADE, |topic| topic == "trade")
}

/// Observations on investment.
pub fn investment<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    on(facts, knowledge, names, &INVESTMENT, |topic| topic == "investment")
}

/// Observations on everything else.
pub fn cooperation<'a>(facts: &'a Facts, knowledge: &'a Knowledge, names: &'a Names) -> Table<'a> {
    on(facts, knowledge, names, &COOPERATION, |topic| !matches!(topic, "trade" | "investment"))
}

/// The observations of some topics: a part of all.
fn on<'a>(
    facts: &'a Facts,
    knowledge: &'a Knowledge,
    names: &'a Names,
    schema: &'static TableSchema,
    keep: impl Fn(&str) -> bool,
) -> Table<'a> {
    let keeps: Vec<bool> = facts.indicators.iter().map(|indicator| keep(&indicator.topic)).collect();
    let kept = |index: u32| keeps[knowledge.observations[index as usize].indicator as usize];
    let mut end = 0;
    let runs = names.order.chunk_by(|&a, &b| kept(a) == kept(b)).map(|run| {
        let start = end;
        end += run.len();
        (kept(run[0]), start..end)
    });
    let rows: Vec<Range<usize>> = runs.filter_map(|(kept, rows)| kept.then_some(rows)).collect();
    let order = rows.iter().flat_map(|rows| &names.order[rows.clone()]).copied().collect();
    // The labels stand between the columns of observations.
    let shared = schema.columns.iter().zip(OBSERVATIONS.columns);
    let labels = shared.take_while(|(column, whole)| column.name == whole.name).count();
    let own = labels..labels + schema.columns.len() - OBSERVATIONS.columns.len();
    Rows { facts, knowledge, names, order }.table(schema, Some(Part { own, rows }))
}

/// The observations of one table, in its order.
struct Rows<'a> {
    facts: &'a Facts,
    knowledge: &'a Knowledge,
    names: &'a Names,
    order: Arc<[u32]>,
}

impl<'a> Rows<'a> {
    fn table(&self, schema: &'static TableSchema, part: Option<Part>) -> Table<'a> {
        let columns = schema.columns.iter().map(|column| self.column(column.name)).collect();
        Table { schema, columns, rows: self.order.len(), part }
    }

    /// The index of the observation in a row.
    fn index(&self) -> impl Fn(usize) -> usize + Send + Sync + use<'a> {
        let order = self.order.clone();
        move |row| order[row] as usize
    }

    /// The observation in a row.
    fn row(&self) -> impl Fn(usize) -> &'a Observation + Send + Sync + use<'a> {
        let (order, observations) = (self.order.clone(), &self.knowledge.observations);
        move |row| &observations[order[row] as usize]
    }

    /// The column of a declared name: what both shapes of the table share, and the labels.
    fn column(&self, name: &str) -> Column<'a> {
        let (row, index, names) = (self.row(), self.index(), self.names);
        let period = move |row: usize| names.period_of[index(row)];
        let place = |place: PlaceId| u32::from(place.0);
        let place_names = || Cow::Owned(self.facts.places.iter().map(|place| &place.name).collect());
        match name {
            "series_id" => {
                let index = self.index();
                Column::coded(move |row| names.series_of[index(row)], Cow::Borrowed(&names.series))
            }
            "indicator" => self.indicator(|indicator| &indicator.indicator),
            "indicator_label" => self.indicator(|indicator| &indicator.label),
            "topic" => self.indicator(|indicator| &indicator.topic),
            "reporter" => Column::coded(move |at| place(row(at).reporter), Cow::Borrowed(&names.places)),
            "reporter_name" => Column::coded(move |at| place(row(at).reporter), place_names()),
            "partner" => {
                Column::coded(move |at| row(at).partner.map_or(ABSENT, place), Cow::Borrowed(&names.places))
            }
            "partner_name" => Column::coded(move |at| row(at).partner.map_or(ABSENT, place), place_names()),
            "period_label" => Column::coded(period, Cow::Owned(names.labels.iter().collect())),
            "base_period" => {
                let index = self.index();
                Column::coded(move |row| names.base_of[index(row)], Cow::Owned(names.labels.iter().collect()))
            }
            "period_start" => Column::days(period, names.periods.iter().map(|period| period.start).collect()),
            "period_end" => Column::days(period, names.periods.iter().map(|period| period.end).collect()),
            "unit" => {
                let index = self.index();
                Column::coded(move |row| names.unit_of[index(row)], Cow::Borrowed(&names.units))
            }
            "claims" | "best_claim" | "formula" => self.spelt(name),
            "as_of" => Column::days(|_| 0, vec![self.knowledge.as_of]),
            _ => self.plain(name),
        }
    }

    /// A column of the indicators.
    fn indicator(&self, text: impl Fn(&'a model::indicator::Indicator) -> &'a String) -> Column<'a> {
        let row = self.row();
        through(self.facts.indicators.iter().map(text), move |at| row(at).indicator as usize)
    }

    /// A column of strings that are made as they are written.
    fn spelt(&self, name: &str) -> Column<'a> {
        let (row, names, knowledge) = (self.row(), self.names, self.knowledge);
        match name {
            "claims" => Column::made(move |at, text| {
                for (place, claim) in names.claims(knowledge, row(at)).enumerate() {
                    if place > 0 {
                        text.push(';');
                    }
                    text.push_str(claim);
                }
            }),
            "best_claim" => Column::made(move |at, text| {
                text.push_str(names.best_claim(knowledge, row(at)).unwrap_or_default());
            }),
            _ => Column::made(move |at, text| names.spell_formula(row(at), text)),
        }
    }

    /// A column that an observation holds as it is.
    fn plain(&self, name: &str) -> Column<'a> {
        let row = self.row();
        match name {
            "measure" => Column::words(Measure::WORDS, move |at| Some(row(at).measure as u32)),
            "kind" => Column::words(ClaimKind::WORDS, move |at| Some(row(at).kind as u32)),
            "period_role" => Column::words(Role::WORDS, move |at| Some(row(at).period.role as u32)),
            "comparator" => Column::words(Comparator::WORDS, move |at| Some(row(at).comparator as u32)),
            "value" => Column::number(move |at| row(at).value),
            "lower" => Column::number(move |at| row(at).interval.lower),
            "lower_open" => Column::boolean(move |at| row(at).interval.lower_open),
            "upper" => Column::number(move |at| row(at).interval.upper),
            "upper_open" => Column::boolean(move |at| row(at).interval.upper_open),
            "witnesses" => Column::integer(move |at| Some(row(at).witnesses.into())),
            "conflict" => Column::boolean(move |at| row(at).conflict),
            "reason" => Column::words(Reason::WORDS, move |at| row(at).reason.map(|reason| reason as u32)),
            "derived" => Column::boolean(move |at| row(at).formula.is_some()),
            other => unreachable!("no values for the declared column {other}"),
        }
    }
}
