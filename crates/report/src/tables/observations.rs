//! Observations, whole and by topic. The tables by topic are the same rows with labels.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use model::claim::{ABSENT, ClaimKind, Measure};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::observation::{Reason, Series};
use model::observations::Row;
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
    let observations = &knowledge.observations;
    let kept = |index: u32| {
        let series = observations.series_of(&observations.rows[index as usize]);
        keeps[series.indicator as usize]
    };
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

    /// The observation in a row.
    fn row(&self) -> impl Fn(usize) -> &'a Row + Send + Sync + use<'a> {
        let (order, rows) = (self.order.clone(), &self.knowledge.observations.rows);
        move |row| &rows[order[row] as usize]
    }

    /// The series of a row.
    fn series(&self) -> impl Fn(usize) -> &'a Series + Send + Sync + use<'a> {
        let (row, observations) = (self.row(), &self.knowledge.observations);
        move |at| observations.series_of(row(at))
    }

    /// The column of a declared name: what both shapes of the table share, and the labels.
    fn column(&self, name: &str) -> Column<'a> {
        let (row, series, names) = (self.row(), self.series(), self.names);
        let place = |place: PlaceId| u32::from(place.0);
        let place_names = || Cow::Owned(self.facts.places.iter().map(|place| &place.name).collect());
        let labels = || Cow::Owned(names.labels.iter().collect());
        match name {
            "series_id" => Column::coded(
                move |at| names.series_of[row(at).series as usize],
                Cow::Borrowed(&names.series),
            ),
            "indicator" => self.indicator(|indicator| &indicator.indicator),
            "indicator_label" => self.indicator(|indicator| &indicator.label),
            "topic" => self.indicator(|indicator| &indicator.topic),
            "reporter" => Column::coded(move |at| place(series(at).reporter), Cow::Borrowed(&names.places)),
            "reporter_name" => Column::coded(move |at| place(series(at).reporter), place_names()),
            "partner" => Column::coded(
                move |at| series(at).partner.map_or(ABSENT, place),
                Cow::Borrowed(&names.places),
            ),
            "partner_name" => {
                Column::coded(move |at| series(at).partner.map_or(ABSENT, place), place_names())
            }
            "period_label" => Column::coded(move |at| names.period(row(at).period), labels()),
            "base_period" => Column::coded(move |at| names.period(row(at).base_period), labels()),
            "period_start" => Column::days(
                move |at| names.period(row(at).period),
                names.periods.iter().map(|period| period.start).collect(),
            ),
            "period_end" => Column::days(
                move |at| names.period(row(at).period),
                names.periods.iter().map(|period| period.end).collect(),
            ),
            "unit" => {
                Column::coded(move |at| names.unit_of[row(at).series as usize], Cow::Borrowed(&names.units))
            }
            "claims" | "best_claim" | "formula" => self.spelt(name),
            "as_of" => Column::days(|_| 0, vec![self.knowledge.as_of]),
            _ => self.plain(name),
        }
    }

    /// A column of the indicators.
    fn indicator(&self, text: impl Fn(&'a model::indicator::Indicator) -> &'a String) -> Column<'a> {
        let series = self.series();
        through(self.facts.indicators.iter().map(text), move |at| series(at).indicator as usize)
    }

    /// A column of strings that are made as they are written.
    fn spelt(&self, name: &str) -> Column<'a> {
        let (row, names, observations) = (self.row(), self.names, &self.knowledge.observations);
        match name {
            "claims" => Column::made(move |at, text| {
                for (place, claim) in names.claims(observations, row(at)).enumerate() {
                    if place > 0 {
                        text.push(';');
                    }
                    text.push_str(claim);
                }
            }),
            "best_claim" => Column::made(move |at, text| {
                text.push_str(names.best_claim(row(at)).unwrap_or_default());
            }),
            _ => Column::made(move |at, text| names.spell_formula(observations, row(at), text)),
        }
    }

    /// A column of what an observation holds as it is, or its series.
    fn plain(&self, name: &str) -> Column<'a> {
        let (row, series, observations) = (self.row(), self.series(), &self.knowledge.observations);
        match name {
            "measure" => Column::words(Measure::WORDS, move |at| Some(series(at).measure as u32)),
            "kind" => Column::words(ClaimKind::WORDS, move |at| Some(series(at).kind as u32)),
            "period_role" => {
                Column::words(Role::WORDS, move |at| Some(observations.period_of(row(at)).role as u32))
            }
            "comparator" => Column::words(Comparator::WORDS, move |at| Some(row(at).comparator as u32)),
            "value" => Column::number(move |at| row(at).value),
            "lower" => Column::number(move |at| row(at).lower),
            "lower_open" => Column::boolean(move |at| row(at).lower_open),
            "upper" => Column::number(move |at| row(at).upper),
            "upper_open" => Column::boolean(move |at| row(at).upper_open),
            "witnesses" => Column::integer(move |at| Some(row(at).witnesses.into())),
            "conflict" => Column::boolean(move |at| row(at).conflict),
            "reason" => Column::words(Reason::WORDS, move |at| row(at).reason().map(|reason| reason as u32)),
            "derived" => Column::boolean(move |at| !row(at).is_stated()),
            other => unreachable!("no values for the declared column {other}"),
        }
    }
}
