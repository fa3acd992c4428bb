//! The comparison itself: table by table in an order in which each one's causes are known by then.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use model::table::{CLAIMS, COMMITMENT_EVENTS, COMMITMENTS, INDICATORS, OBSERVATIONS, SOURCES, TableSchema};

use super::causes::{Causes, Observed, Whole, spelt};
use super::change::{Action, CauseKind, Change, Diff, Field, Table};
use super::rows::{Row, Rows, Sides, Step};
use super::side::Side;
use super::words;

/// Columns of an observation whose change is told.
const OF_OBSERVATION: [&str; 8] =
    ["comparator", "value", "lower", "lower_open", "upper", "upper_open", "conflict", "best_claim"];

/// Columns of a commitment whose change is told: the promise, its status and its progress.
const OF_PROMISE: [&str; 7] = ["stated", "comparator", "value", "unit", "count", "deadline", "title"];
const OF_STATUS: [&str; 2] = ["status", "status_on"];
const OF_PROGRESS: [&str; 16] = [
    "latest_value",
    "latest_period",
    "share_reached",
    "share_reached_lower",
    "share_reached_upper",
    "gap",
    "gap_lower",
    "gap_upper",
    "required_growth",
    "required_growth_lower",
    "required_growth_upper",
    "observed_growth",
    "observed_growth_lower",
    "observed_growth_upper",
    "projected",
    "verdict",
];

/// Where a row stands, not what it says.
const POSITION: [&str; 3] = ["file", "sheet", "cell"];

/// What to tell of the differences.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// Only changes of these tables; empty: all.
    pub(crate) only: Vec<Table>,
    /// Leave out changes of numbers that are smaller than this many percent.
    pub(crate) threshold: Option<f64>,
    /// Files of sheets with exchange rates, where the configuration is at hand.
    pub(crate) rates: Vec<String>,
}

/// Compares two sides.
///
/// # Errors
/// A table that cannot be read, or is not in the order of its key.
pub(crate) fn compare(old: &Side, new: &Side, scope: &Scope) -> Result<Diff> {
    let mut comparison = Comparison {
        old,
        new,
        causes: Causes::new(old, new, &scope.rates),
        diff: Diff::new(old.name.clone(), new.name.clone()),
    };
    let whole = comparison.causes.of_everything();
    comparison.sources()?;
    comparison.indicators()?;
    comparison.claims()?;
    comparison.events()?;
    comparison.observations()?;
    comparison.commitments()?;
    if let Some(whole) = whole {
        for change in &mut comparison.diff.changes {
            change.causes = vec![whole];
        }
    }
    comparison.finished(scope)
}

struct Comparison<'a> {
    old: &'a Side,
    new: &'a Side,
    causes: Causes<'a>,
    diff: Diff,
}

impl Comparison<'_> {
    fn sides(&self, schema: &'static TableSchema) -> Result<Sides> {
        Sides::open(schema, self.old.table(schema.name)?, self.new.table(schema.name)?)
    }

    fn sources(&mut self) -> Result<()> {
        const WATCHED: [&str; 5] = ["published_on", "kind", "origin", "title", "publisher"];
        let mut sides = self.sides(&SOURCES)?;
        while let Some(step) = sides.next()? {
            let (id, whole) = match step {
                Step::Added(row) => (
                    row.get("source_id").to_owned(),
                    Whole::Added(self.causes.of_source(&row, CauseKind::NewSource)),
                ),
                Step::Withdrawn(row) => {
                    let cause = self.causes.of_source(&row, CauseKind::WithdrawnSource);
                    (row.get("source_id").to_owned(), Whole::Withdrawn(cause))
                }
                Step::Changed(old, new) => {
                    let fields = Field::changed(&old, &new, &WATCHED);
                    if fields.is_empty() {
                        continue;
                    }
                    let id = new.get("source_id").to_owned();
                    let cause =
                        self.causes.number(CauseKind::SourceChanged, &id, spelt(&fields), String::new());
                    (id, Whole::Changed(cause))
                }
            };
            self.causes.sources.insert(id, whole);
        }
        Ok(())
    }

    fn indicators(&mut self) -> Result<()> {
        let watched: Vec<&'static str> = columns(&INDICATORS, &["indicator"]);
        let mut sides = self.sides(&INDICATORS)?;
        while let Some(step) = sides.next()? {
            let (id, why) = match step {
                Step::Added(row) => (row.get("indicator").to_owned(), "a new indicator".to_owned()),
                Step::Withdrawn(row) => {
                    (row.get("indicator").to_owned(), "the indicator was taken out".to_owned())
                }
                Step::Changed(old, new) => {
                    (new.get("indicator").to_owned(), spelt(&Field::changed(&old, &new, &watched)))
                }
            };
            let cause = self.causes.number(CauseKind::Vocabulary, &id, why, String::new());
            self.causes.indicators.insert(id, cause);
        }
        Ok(())
    }

    fn claims(&mut self) -> Result<()> {
        let watched = columns(&CLAIMS, &["claim_id", "file", "sheet", "cell"]);
        let mut sides = self.sides(&CLAIMS)?;
        let (mut added, mut withdrawn) = (Vec::new(), Vec::new());
        while let Some(step) = sides.next()? {
            match step {
                Step::Added(row) => added.push(row),
                Step::Withdrawn(row) => withdrawn.push(row),
                Step::Changed(old, new) => {
                    let fields = Field::changed(&old, &new, &watched);
                    if fields.is_empty() {
                        self.diff.counts.moved += usize::from(!moved(&old, &new).is_empty());
                        continue;
                    }
                    let id = new.get("claim_id").to_owned();
                    let cause = self.causes.of_changed_row("claims", &id, (&old, &new), &fields);
                    let change = change_of(Table::Claims, Action::Changed, &new, fields, vec![cause]);
                    if bears(&change) {
                        self.causes.claims.insert(id, cause);
                    }
                    self.diff.changes.push(change);
                }
            }
        }
        self.renamed(Table::Claims, "claim_id", &watched, &mut added, &mut withdrawn);
        for (rows, action, kind) in [
            (added, Action::Added, CauseKind::NewClaim),
            (withdrawn, Action::Withdrawn, CauseKind::WithdrawnClaim),
        ] {
            for row in rows {
                let cause = self.causes.of_row(&row, row.get("claim_id"), kind);
                self.causes.claims.insert(row.get("claim_id").to_owned(), cause);
                self.diff.changes.push(change_of(Table::Claims, action, &row, Vec::new(), vec![cause]));
            }
        }
        Ok(())
    }

    /// Takes the pairs out of both lists that say the same under another id.
    fn renamed(
        &mut self,
        table: Table,
        key: &str,
        watched: &[&'static str],
        added: &mut Vec<Row>,
        withdrawn: &mut Vec<Row>,
    ) {
        // The lock verifies a row by its id: under another one it is not verified yet.
        let telling: Vec<&str> =
            watched.iter().copied().filter(|column| *column != "evidence_status").collect();
        let said =
            |row: &Row| -> Vec<String> { telling.iter().map(|column| row.get(column).to_owned()).collect() };
        let mut by_words: BTreeMap<Vec<String>, Vec<Row>> = BTreeMap::new();
        if added.is_empty() || withdrawn.is_empty() {
            return;
        }
        for row in withdrawn.drain(..).rev() {
            by_words.entry(said(&row)).or_default().push(row);
        }
        added.retain(|row| {
            let Some(old) = by_words.get_mut(&said(row)).and_then(Vec::pop) else { return true };
            let (old_id, id) = (old.get(key).to_owned(), row.get(key).to_owned());
            let cause = self.causes.number(CauseKind::Renamed, &id, format!("{old_id} → {id}"), row.place());
            let mut change = change_of(table, Action::Renamed, row, Vec::new(), vec![cause]);
            change.old_id = Some(old_id.clone());
            self.diff.changes.push(change);
            self.causes.renamed.insert(old_id, id);
            false
        });
        withdrawn.extend(by_words.into_values().flatten());
        withdrawn.sort_by(|one, other| one.get(key).cmp(other.get(key)));
    }

    /// Steps of commitments, by what they say: their key holds the cell, which may move.
    fn events(&mut self) -> Result<()> {
        let mut sides = self.sides(&COMMITMENT_EVENTS)?;
        let mut balance: BTreeMap<[String; 4], (i64, Option<Row>)> = BTreeMap::new();
        while let Some(step) = sides.next()? {
            let (row, by) = match step {
                Step::Added(row) => (row, 1),
                Step::Withdrawn(row) => (row, -1),
                Step::Changed(..) => continue,
            };
            let key = ["commitment_id", "on", "status", "source_id"].map(|column| row.get(column).to_owned());
            let entry = balance.entry(key).or_default();
            entry.0 += by;
            entry.1 = Some(row);
        }
        for ([commitment, on, status, _], (by, row)) in balance {
            let Some(row) = row.filter(|_| by != 0) else { continue };
            let kind = if by > 0 { CauseKind::NewEvent } else { CauseKind::WithdrawnEvent };
            let cause = self.causes.of_row(&row, &format!("{commitment}: {status} on {on}"), kind);
            self.causes.events.insert(commitment, cause);
        }
        Ok(())
    }

    fn observations(&mut self) -> Result<()> {
        let mut sides = self.sides(&OBSERVATIONS)?;
        while let Some(step) = sides.next()? {
            let change = match step {
                Step::Added(row) => self.observation(Action::Added, None, Some(&row)),
                Step::Withdrawn(row) => self.observation(Action::Withdrawn, Some(&row), None),
                Step::Changed(old, new) => self.observation(Action::Changed, Some(&old), Some(&new)),
            };
            self.diff.changes.extend(change);
        }
        Ok(())
    }

    fn observation(&mut self, action: Action, old: Option<&Row>, new: Option<&Row>) -> Option<Change> {
        let row = new.or(old)?;
        let mut fields = match (old, new) {
            (Some(old), Some(new)) => Field::changed(old, new, &OF_OBSERVATION),
            _ => Vec::new(),
        };
        let is_renamed = |field: &Field| self.causes.renamed.get(&field.old) == Some(&field.new);
        fields.retain(|field| field.column != "best_claim" || !is_renamed(field));
        if action == Action::Changed && fields.is_empty() {
            return None;
        }
        let claims = |row: Option<&Row>| -> Vec<String> {
            let ids =
                row.map(|row| row.get("claims")).unwrap_or_default().split(';').filter(|id| !id.is_empty());
            ids.map(|id| self.causes.renamed.get(id).map_or(id, String::as_str).to_owned()).collect()
        };
        let (before, after) = (claims(old), claims(new));
        let indicator = row.get("indicator").to_owned();
        let mut causes = self.causes.of_observation(&indicator, &before, &after);
        if causes.is_empty() {
            causes.push(match fields.iter().any(|field| field.column == "best_claim") {
                true => self.causes.of_preference(),
                false => self.causes.of_the_whole(),
            });
        }
        if row.get("derived") != "true" {
            self.causes.observed.entry(indicator).or_default().push(Observed {
                places: ["reporter", "partner"].map(|column| row.get(column).to_owned()),
                period_label: row.get("period_label").to_owned(),
                causes: causes.clone(),
            });
        }
        let mut change = change_of(Table::Observations, action, row, fields, causes);
        // Until they are looked up: the claims whose cells stand behind it.
        change.cells = if action == Action::Withdrawn { before } else { after };
        Some(change)
    }

    fn commitments(&mut self) -> Result<()> {
        let watched = columns(&COMMITMENTS, &["commitment_id", "file", "sheet", "cell"]);
        let mut sides = self.sides(&COMMITMENTS)?;
        let (mut added, mut withdrawn) = (Vec::new(), Vec::new());
        while let Some(step) = sides.next()? {
            match step {
                Step::Added(row) => added.push(row),
                Step::Withdrawn(row) => withdrawn.push(row),
                Step::Changed(old, new) => {
                    let change = self.changed_commitment(&old, &new);
                    self.diff.changes.extend(change);
                }
            }
        }
        self.renamed(Table::Commitments, "commitment_id", &watched, &mut added, &mut withdrawn);
        for (rows, action, kind) in [
            (added, Action::Added, CauseKind::NewCommitment),
            (withdrawn, Action::Withdrawn, CauseKind::WithdrawnCommitment),
        ] {
            for row in rows {
                let cause = self.causes.of_row(&row, row.get("commitment_id"), kind);
                self.diff.changes.push(change_of(Table::Commitments, action, &row, Vec::new(), vec![cause]));
            }
        }
        Ok(())
    }

    fn changed_commitment(&mut self, old: &Row, new: &Row) -> Option<Change> {
        let promise = Field::changed(old, new, &OF_PROMISE);
        let status = Field::changed(old, new, &OF_STATUS);
        let progress = Field::changed(old, new, &OF_PROGRESS);
        if promise.is_empty() && status.is_empty() && progress.is_empty() {
            self.diff.counts.moved += usize::from(!moved(old, new).is_empty());
            return None;
        }
        let id = new.get("commitment_id");
        let mut causes = Vec::new();
        if !promise.is_empty() {
            causes.push(self.causes.of_changed_row("commitments", id, (old, new), &promise));
        }
        if !status.is_empty() {
            causes.push(match self.causes.events.get(id) {
                Some(&cause) => cause,
                None => self.causes.of_changed_row("commitments", id, (old, new), &status),
            });
        }
        if !progress.is_empty() && causes.is_empty() {
            causes = self.causes.of_progress(new);
            if causes.is_empty() {
                causes.push(self.causes.of_the_whole());
            }
        }
        causes.dedup();
        let fields = [promise, status, progress].concat();
        Some(change_of(Table::Commitments, Action::Changed, new, fields, causes))
    }

    /// Looks up the cells behind the observations, applies the scope, and counts.
    fn finished(mut self, scope: &Scope) -> Result<Diff> {
        let is_wanted = |change: &Change| scope.only.is_empty() || scope.only.contains(&change.table);
        self.diff.changes.retain(is_wanted);
        if let Some(percent) = scope.threshold {
            let before = self.diff.changes.len();
            self.diff.changes.retain(|change| !change.is_below(percent));
            self.diff.counts.below_threshold = before - self.diff.changes.len();
        }
        self.cells()?;
        self.diff.changes.sort_by(|one, other| (one.table, &one.id).cmp(&(other.table, &other.id)));
        for change in &self.diff.changes {
            self.diff.counts.of(change.table).add(change.action);
        }
        self.number_causes();
        Ok(self.diff)
    }

    /// Replaces the claims behind each observation by their cells.
    fn cells(&mut self) -> Result<()> {
        for (side, withdrawn) in [(self.new, false), (self.old, true)] {
            let is_of_side = |change: &&mut Change| {
                change.table == Table::Observations && (change.action == Action::Withdrawn) == withdrawn
            };
            let asked: BTreeSet<String> = self
                .diff
                .changes
                .iter_mut()
                .filter(is_of_side)
                .flat_map(|change| change.cells.clone())
                .collect();
            if asked.is_empty() {
                continue;
            }
            let mut rows = Rows::open(&CLAIMS, side.table(CLAIMS.name)?)?;
            let mut places: BTreeMap<String, String> = BTreeMap::new();
            for id in asked {
                if let Some(row) = rows.seek(&id)? {
                    places.insert(id, row.place());
                }
            }
            for change in self.diff.changes.iter_mut().filter(is_of_side) {
                change.cells = change.cells.iter().filter_map(|id| places.get(id).cloned()).collect();
            }
        }
        Ok(())
    }

    /// Keeps the causes that explain something, those that explain most first.
    fn number_causes(&mut self) {
        let mut explained: BTreeMap<usize, usize> = BTreeMap::new();
        for change in &self.diff.changes {
            for (place, cause) in change.causes.iter().enumerate() {
                *explained.entry(*cause).or_default() += usize::from(place == 0);
            }
        }
        let mut order: Vec<usize> = explained.keys().copied().collect();
        order.sort_by(|one, other| {
            let rank = |cause: &usize| (std::cmp::Reverse(explained[cause]), &self.causes.all[*cause]);
            rank(one).cmp(&rank(other))
        });
        let renumbered: BTreeMap<usize, usize> =
            order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        self.diff.causes = order.iter().map(|cause| self.causes.all[*cause].clone()).collect();
        for change in &mut self.diff.changes {
            for cause in &mut change.causes {
                *cause = renumbered[cause];
            }
        }
    }
}

/// The columns of a table but some.
fn columns(schema: &'static TableSchema, but: &[&str]) -> Vec<&'static str> {
    schema.columns.iter().map(|column| column.name).filter(|name| !but.contains(name)).collect()
}

fn moved(old: &Row, new: &Row) -> Vec<Field> {
    Field::changed(old, new, &POSITION)
}

/// Whether a changed claim can change what is known: its note cannot.
fn bears(change: &Change) -> bool {
    const TOLD_ONLY: [&str; 7] =
        ["stated", "evidence", "evidence_status", "locator", "note", "asserted_by", "rank_reason"];
    change.fields.iter().any(|field| !TOLD_ONLY.contains(&field.column))
}

fn change_of(table: Table, action: Action, row: &Row, fields: Vec<Field>, causes: Vec<usize>) -> Change {
    Change {
        table,
        action,
        id: match table {
            Table::Claims => row.get("claim_id").to_owned(),
            Table::Commitments => row.get("commitment_id").to_owned(),
            Table::Observations => words::observation_id(row),
        },
        old_id: None,
        says: words::says(table, row),
        comparator: row.get("comparator").to_owned(),
        unit: row.get("unit").to_owned(),
        fields,
        causes,
        cells: if table == Table::Observations { Vec::new() } else { vec![row.place()] },
    }
}
