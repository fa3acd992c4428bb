//! The comparison itself: table by table in an order in which each one's causes are known by then.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use model::table::{CLAIMS, COMMITMENT_EVENTS, COMMITMENTS, TableSchema};

use super::causes::Causes;
use super::change::{Action, CauseKind, Change, Diff, Field, Table};
use super::references::same_under_another_id;
use super::rows::{Row, Rows, Sides, Step};
use super::side::Side;
use super::words;

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
        derived: Vec::new(),
    };
    let whole = comparison.causes.of_everything();
    comparison.sources()?;
    comparison.indicators()?;
    comparison.rows_with_ids(&WithIds::CLAIMS)?;
    comparison.events()?;
    comparison.observations()?;
    comparison.rows_with_ids(&WithIds::COMMITMENTS)?;
    comparison.totals();
    if let Some(whole) = whole {
        for change in &mut comparison.diff.changes {
            change.causes = vec![whole];
        }
    }
    comparison.finished(scope)
}

/// A table whose rows have ids that people gave.
struct WithIds {
    table: Table,
    schema: &'static TableSchema,
    key: &'static str,
    /// Why a row appeared, where nothing else explains it.
    came: CauseKind,
    /// Why it went.
    went: CauseKind,
}

impl WithIds {
    const CLAIMS: Self = Self {
        table: Table::Claims,
        schema: &CLAIMS,
        key: "claim_id",
        came: CauseKind::NewClaim,
        went: CauseKind::WithdrawnClaim,
    };
    const COMMITMENTS: Self = Self {
        table: Table::Commitments,
        schema: &COMMITMENTS,
        key: "commitment_id",
        came: CauseKind::NewCommitment,
        went: CauseKind::WithdrawnCommitment,
    };
}

pub(super) struct Comparison<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    pub(super) causes: Causes<'a>,
    pub(super) diff: Diff,
    /// Changed derived observations that have no cause yet, in the order of their changes.
    pub(super) derived: Vec<Row>,
}

impl Comparison<'_> {
    pub(super) fn sides(&self, schema: &'static TableSchema) -> Result<Sides> {
        Sides::open(schema, self.old.table(schema.name)?, self.new.table(schema.name)?)
    }

    /// Walks a table: gives the rows that came and those that went, and shows each that changed.
    pub(super) fn walk(
        &mut self,
        schema: &'static TableSchema,
        mut changed: impl FnMut(&mut Self, &Row, &Row),
    ) -> Result<(Vec<Row>, Vec<Row>)> {
        let mut sides = self.sides(schema)?;
        let (mut added, mut withdrawn) = (Vec::new(), Vec::new());
        while let Some(step) = sides.next()? {
            match step {
                Step::Added(row) => added.push(row),
                Step::Withdrawn(row) => withdrawn.push(row),
                Step::Changed(old, new) => changed(self, &old, &new),
            }
        }
        Ok((added, withdrawn))
    }

    /// A table whose rows have ids that people gave: what says something else, what has another id, what came
    /// and what went.
    fn rows_with_ids(&mut self, of: &WithIds) -> Result<()> {
        let watched = columns(of.schema, &[of.key, "file", "sheet", "cell"]);
        let (mut added, mut withdrawn) = self.walk(of.schema, |comparison, old, new| {
            let change = match of.table {
                Table::Claims => comparison.changed_claim(old, new, &watched),
                _ => comparison.changed_commitment(old, new),
            };
            if change.is_none() {
                comparison.diff.counts.moved += usize::from(!moved(old, new).is_empty());
            }
            comparison.diff.changes.extend(change);
        })?;
        self.renamed(of.table, of.key, &watched, &mut added, &mut withdrawn);
        for (rows, action, kind) in [(added, Action::Added, of.came), (withdrawn, Action::Withdrawn, of.went)]
        {
            for row in rows {
                let cause = self.causes.of_row(&row, row.get(of.key), kind);
                if of.table == Table::Claims {
                    self.causes.claims.insert(row.get(of.key).to_owned(), cause);
                }
                self.diff.changes.push(change_of(of.table, action, &row, Vec::new(), vec![cause]));
            }
        }
        Ok(())
    }

    fn changed_claim(&mut self, old: &Row, new: &Row, watched: &[&'static str]) -> Option<Change> {
        let fields = Field::changed(old, new, watched);
        if fields.is_empty() {
            return None;
        }
        let id = new.get("claim_id").to_owned();
        let cause = self.causes.of_changed_row("claims", &id, (old, new), &fields);
        let change = change_of(Table::Claims, Action::Changed, new, fields, vec![cause]);
        if bears(&change) {
            self.causes.claims.insert(id, cause);
        }
        Some(change)
    }

    /// Tells of the rows that say the same under another id, and takes them out of both lists.
    fn renamed(
        &mut self,
        table: Table,
        key: &str,
        watched: &[&'static str],
        added: &mut Vec<Row>,
        withdrawn: &mut Vec<Row>,
    ) {
        for (old, new) in same_under_another_id(key, watched, added, withdrawn) {
            let (old_id, id) = (old.get(key).to_owned(), new.get(key).to_owned());
            let cause = self.causes.number(CauseKind::Renamed, &id, format!("{old_id} → {id}"), new.place());
            let mut change = change_of(table, Action::Renamed, &new, Vec::new(), vec![cause]);
            change.old_id = Some(old_id.clone());
            self.diff.changes.push(change);
            self.causes.renamed.insert(old_id, id);
        }
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

    fn changed_commitment(&mut self, old: &Row, new: &Row) -> Option<Change> {
        let promise = Field::changed(old, new, &OF_PROMISE);
        let status = Field::changed(old, new, &OF_STATUS);
        let progress = Field::changed(old, new, &OF_PROGRESS);
        if promise.is_empty() && status.is_empty() && progress.is_empty() {
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
pub(super) fn columns(schema: &'static TableSchema, but: &[&str]) -> Vec<&'static str> {
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

pub(super) fn change_of(
    table: Table,
    action: Action,
    row: &Row,
    fields: Vec<Field>,
    causes: Vec<usize>,
) -> Change {
    Change {
        table,
        action,
        id: match table {
            Table::Claims => row.get("claim_id").to_owned(),
            Table::Commitments => row.get("commitment_id").to_owned(),
            Table::Observations => words::observation_id(row),
            Table::Totals => String::new(),
        },
        old_id: None,
        says: words::says(table, row),
        comparator: row.get("comparator").to_owned(),
        unit: row.get("unit").to_owned(),
        steps: [None, words::derived_step(row)],
        fields,
        causes,
        cells: if table == Table::Observations { Vec::new() } else { vec![row.place()] },
    }
}
