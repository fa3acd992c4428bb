//! What a comparison finds: changes by key, each with its causes. These types are the stable schema of
//! `--format json`.

use rust_decimal::Decimal;
use serde::Serialize;

use super::rows::Row;
use super::side::Name;

/// The version of the schema below, which `diff.schema.json` publishes.
const SCHEMA: &str = "pipeline-diff/1";

/// All that differs between two revisions.
#[derive(Debug, Serialize)]
pub(crate) struct Diff {
    schema: &'static str,
    /// The side compared against.
    pub(crate) old: Name,
    /// The side compared.
    pub(crate) new: Name,
    /// How many rows of each table changed, and how.
    pub(super) counts: Counts,
    /// Why, each once, the one that explains most first.
    pub(super) causes: Vec<Cause>,
    /// What, by table and key.
    pub(super) changes: Vec<Change>,
}

impl Diff {
    pub(super) fn new(old: Name, new: Name) -> Self {
        Self { schema: SCHEMA, old, new, counts: Counts::default(), causes: Vec::new(), changes: Vec::new() }
    }

    /// Whether nothing differs. Rows that merely stand in other cells do not.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// How many rows changed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    pub(super) claims: Count,
    pub(super) observations: Count,
    pub(super) commitments: Count,
    pub(super) totals: Count,
    /// Rows that stand in another cell and are otherwise the same.
    pub(super) moved: usize,
    /// Changes smaller than `--threshold`, left out.
    pub(super) below_threshold: usize,
}

impl Counts {
    pub(super) fn of(&mut self, table: Table) -> &mut Count {
        match table {
            Table::Claims => &mut self.claims,
            Table::Observations => &mut self.observations,
            Table::Commitments => &mut self.commitments,
            Table::Totals => &mut self.totals,
        }
    }

    /// `2 claims added, 1 withdrawn; 3 observations changed`, or none where nothing did.
    pub(super) fn in_words(&self) -> Option<String> {
        let of_table = |count: Count, name: &str| {
            let ways = [
                (count.added, "added"),
                (count.withdrawn, "withdrawn"),
                (count.changed, "changed"),
                (count.renamed, "renamed"),
            ];
            let told: Vec<String> =
                ways.iter().filter(|(n, _)| *n > 0).map(|(n, way)| format!("{n} {way}")).collect();
            (!told.is_empty()).then(|| format!("{name} {}", told.join(", ")))
        };
        let tables = [
            of_table(self.claims, "claims:"),
            of_table(self.observations, "observations:"),
            of_table(self.commitments, "commitments:"),
            of_table(self.totals, "totals:"),
        ];
        let told: Vec<String> = tables.into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// How many rows of one table changed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Count {
    pub(super) added: usize,
    pub(super) withdrawn: usize,
    pub(super) changed: usize,
    pub(super) renamed: usize,
}

impl Count {
    pub(super) fn add(&mut self, action: Action) {
        *match action {
            Action::Added => &mut self.added,
            Action::Withdrawn => &mut self.withdrawn,
            Action::Changed => &mut self.changed,
            Action::Renamed => &mut self.renamed,
        } += 1;
    }
}

/// The tables whose changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Table {
    /// Figures as stated.
    Claims,
    /// What is known.
    Observations,
    /// Promises.
    Commitments,
    /// Promised money in all, by currency, and in dollars.
    Totals,
}

impl Table {
    /// One row of it.
    pub(super) fn row_word(self) -> &'static str {
        match self {
            Self::Claims => "claim",
            Self::Observations => "observation",
            Self::Commitments => "commitment",
            Self::Totals => "total",
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Withdrawn,
    /// It has the same key and says something else.
    Changed,
    /// It has another key and says the same.
    Renamed,
}

impl Action {
    /// The sign before a line.
    pub(super) fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Withdrawn => '-',
            Self::Changed => '~',
            Self::Renamed => '=',
        }
    }
}

/// One changed row.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) table: Table,
    pub(super) action: Action,
    /// The key: an id, or `series_id:period_label`, with what tells two of them apart.
    pub(super) id: String,
    /// The id before, of a renamed row.
    pub(super) old_id: Option<String>,
    /// What the row says, in a few words: of an added or withdrawn one.
    pub(super) says: String,
    /// The hedge of its figure.
    pub(super) comparator: String,
    /// The unit of its numbers.
    pub(super) unit: String,
    /// For people: the steps to which a derived value may be rounded before and after.
    #[serde(skip)]
    pub(super) steps: [Option<f64>; 2],
    /// The columns that changed, in the order of the table; of an added or withdrawn row none.
    pub(super) fields: Vec<Field>,
    /// Indices into the causes, the deciding one first.
    pub(super) causes: Vec<usize>,
    /// The cells behind it, as they stand in the new revision (in the old one, of a withdrawn row).
    pub(super) cells: Vec<String>,
}

impl Change {
    /// The column, if it changed.
    pub(super) fn field(&self, column: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.column == column)
    }

    /// Whether it is about a derived value.
    pub(super) fn is_derived(&self) -> bool {
        self.steps.iter().any(Option::is_some)
    }

    /// The relative change of its figure in percent, without its sign.
    pub(super) fn relative_size(&self) -> f64 {
        let sizes = self.fields.iter().filter_map(|field| field.relative_percent).map(f64::abs);
        sizes.fold(0.0, f64::max)
    }

    /// Whether numbers alone changed, and none by as much as this many percent.
    pub(super) fn is_below(&self, percent: f64) -> bool {
        const DECIDE: [&str; 8] =
            ["conflict", "status", "verdict", "unit", "indicator", "reporter", "partner", "period_label"];
        let mut sizes =
            self.fields.iter().filter_map(|field| field.relative_percent.map(f64::abs)).peekable();
        self.action == Action::Changed
            && sizes.peek().is_some()
            && sizes.all(|size| size < percent)
            && !DECIDE.iter().any(|column| self.field(column).is_some())
    }
}

/// A column that changed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field {
    pub(super) column: &'static str,
    /// Its text before; empty for none.
    pub(super) old: String,
    /// Its text now; empty for none.
    pub(super) new: String,
    /// New less old, of numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) absolute: Option<f64>,
    /// The same in percent of old; none where old is zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) relative_percent: Option<f64>,
}

impl Field {
    /// The columns of `watched` in which two rows differ.
    pub(super) fn changed(old: &Row, new: &Row, watched: &[&'static str]) -> Vec<Field> {
        let found = old.differing(new);
        let differs = |column: &&&'static str| match &found {
            Some(found) => found.contains(*column),
            None => !old.agrees(new, column),
        };
        let differing = watched.iter().filter(differs);
        differing.map(|column| Self::new(column, old.get(column), new.get(column))).collect()
    }

    pub(super) fn new(column: &'static str, old: &str, new: &str) -> Self {
        let difference = if is_measured(column) { difference(old, new) } else { None };
        Self {
            column,
            old: old.to_owned(),
            new: new.to_owned(),
            absolute: difference.map(|(absolute, _)| absolute),
            relative_percent: difference.and_then(|(_, relative)| relative),
        }
    }
}

/// Whether a column holds numbers: ids and labels may look like some.
fn is_measured(column: &str) -> bool {
    use model::table::{CLAIMS, COMMITMENTS, ColumnType, OBSERVATIONS};
    if matches!(column, "amount" | "in_dollars") {
        return true;
    }
    let columns = [CLAIMS.columns, OBSERVATIONS.columns, COMMITMENTS.columns].into_iter().flatten();
    columns
        .filter(|known| known.name == column)
        .any(|known| matches!(known.column_type, ColumnType::Number | ColumnType::Integer))
}

/// New less old, exact where both are exact decimals, and the same in percent of old.
fn difference(old: &str, new: &str) -> Option<(f64, Option<f64>)> {
    let (old_number, new_number): (f64, f64) = (old.parse().ok()?, new.parse().ok()?);
    let exact = |text: &str| text.parse::<Decimal>().ok();
    let absolute = exact(old)
        .zip(exact(new))
        .and_then(|(old, new)| new.checked_sub(old))
        .and_then(|difference| f64::try_from(difference).ok())
        .unwrap_or(new_number - old_number);
    let relative = (old_number != 0.0).then(|| rounded(absolute / old_number.abs() * 100.0));
    Some((absolute, relative))
}

/// To 12 significant digits: what follows is noise of the division.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// Why something changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Cause {
    pub(super) kind: CauseKind,
    /// The source, claim, commitment or indicator that it is about; empty where it is about all.
    pub(super) about: String,
    /// In words.
    pub(super) why: String,
    /// The cell to look at, where there is one.
    pub(super) place: String,
}

/// The kinds of causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CauseKind {
    /// A source that the old revision did not have.
    NewSource,
    /// A source that the new revision does not have.
    WithdrawnSource,
    /// What the sheets say of a source: its day, its kind, what it repeats.
    SourceChanged,
    /// A claim of a source that was known already.
    NewClaim,
    /// A claim that was taken out of its sheet.
    WithdrawnClaim,
    /// A promise of a source that was known already.
    NewCommitment,
    /// A promise that was taken out of its sheet.
    WithdrawnCommitment,
    /// A step of a commitment.
    NewEvent,
    /// A step that was taken out of its sheet.
    WithdrawnEvent,
    /// A row of the corrections.
    Corrected,
    /// A cell of a fact sheet says something else.
    CellChanged,
    /// The same under another id.
    Renamed,
    /// Another claim is preferred: a rank, or the order of authority.
    Preferred,
    /// The phrase was found, or not, in the source's text.
    Evidence,
    /// Indicators, places.
    Vocabulary,
    /// Exchange rates.
    Rates,
    /// What is known is told as of another day.
    AsOf,
    /// `pipeline.toml`.
    Configuration,
    /// The program reads or computes the same otherwise.
    Program,
}

impl CauseKind {
    /// In words, as a heading begins.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::NewSource => "new source",
            Self::WithdrawnSource => "withdrawn source",
            Self::SourceChanged => "source changed",
            Self::NewClaim => "new claim",
            Self::WithdrawnClaim => "withdrawn claim",
            Self::NewCommitment => "new commitment",
            Self::WithdrawnCommitment => "withdrawn commitment",
            Self::NewEvent => "new event",
            Self::WithdrawnEvent => "withdrawn event",
            Self::Corrected => "corrected by the curator",
            Self::CellChanged => "sheet cell changed",
            Self::Renamed => "renamed",
            Self::Preferred => "another claim preferred",
            Self::Evidence => "evidence",
            Self::Vocabulary => "vocabulary",
            Self::Rates => "rates",
            Self::AsOf => "as-of date",
            Self::Configuration => "configuration",
            Self::Program => "program version",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_exact_and_relative_to_what_was() {
        let cases = [
            ("4100000000.0", "4200000000.0", Some((1e8, Some(2.43902439024)))),
            ("0.1", "0.3", Some((0.2, Some(200.0)))),
            ("-50", "-25", Some((25.0, Some(50.0)))),
            ("0", "5", Some((5.0, None))),
            ("", "5", None),
        ];
        for (old, new, expected) in cases {
            assert_eq!(difference(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn labels_that_look_like_numbers_are_not_subtracted() {
        assert_eq!(Field::new("period_label", "2023", "2024").absolute, None);
        assert_eq!(Field::new("value", "2023", "2024").absolute, Some(1.0));
    }
}
