//! The published tables, declared once: the CSV header, the Parquet schema, the data package, the
//! workbook and the documentation of tables all come from here.

use crate::claim::{ClaimKind, EvidenceStatus, Measure, Rank};
use crate::commitment::{CommitmentKind, Status, Verdict};
use crate::figure::Comparator;
use crate::finding::Severity;
use crate::indicator::{Better, FlowOrStock};
use crate::observation::Reason;
use crate::period::{Precision, Role};
use crate::source::SourceKind;

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Codes that this program gives: units, labels of periods, cells.
    Code,
    /// Ids and names that the sheets give. Well-formed ones are published as they are; one that a
    /// spreadsheet would run is guarded as text is.
    Id,
    /// A word of a closed vocabulary.
    Word(&'static [&'static str]),
    /// Free text from the sheets. In CSV a leading `'` keeps a spreadsheet from running it.
    Text,
    /// 64-bit float.
    Number,
    /// 64-bit integer.
    Integer,
    /// Boolean.
    Boolean,
    /// Calendar date.
    Date,
}

/// One column of a published table.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSchema {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub column_type: ColumnType,
    /// The unit of its values, where all share one; `""` where none.
    pub unit: &'static str,
    /// What it means, in one sentence.
    pub description: &'static str,
    /// Whether every row has a value.
    pub required: bool,
}

impl ColumnSchema {
    const fn required(self) -> Self {
        ColumnSchema { required: true, ..self }
    }
}

impl TableSchema {
    /// Whether no column of the key is ever empty, so that it is a primary key to any reader.
    pub fn key_is_required(&self) -> bool {
        self.key.iter().all(|name| self.columns.iter().any(|c| c.name == *name && c.required))
    }
}

/// A reference from columns of one table to the key of another.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKey {
    /// The referring column.
    pub column: &'static str,
    /// The table referred to.
    pub table: &'static str,
    /// The column referred to.
    pub reference: &'static str,
}

/// A published table.
#[derive(Debug, Clone, Copy)]
pub struct TableSchema {
    /// Its name, that of its files.
    pub name: &'static str,
    /// Its title for people.
    pub title: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// The columns that identify a row, by which rows are sorted.
    pub key: &'static [&'static str],
    /// References to other tables.
    pub foreign_keys: &'static [ForeignKey],
    /// Its columns in order.
    pub columns: &'static [ColumnSchema],
}

use ColumnType::{Boolean, Code, Date, Id, Integer, Number, Text, Word};

const fn column(name: &'static str, column_type: ColumnType, description: &'static str) -> ColumnSchema {
    ColumnSchema { name, column_type, unit: "", description, required: false }
}

const fn in_unit(name: &'static str, unit: &'static str, description: &'static str) -> ColumnSchema {
    ColumnSchema { name, column_type: Number, unit, description, required: false }
}

const fn refers(column: &'static str, table: &'static str, reference: &'static str) -> ForeignKey {
    ForeignKey { column, table, reference }
}

/// Every published table, in the order of the documentation.
pub const TABLES: &[&TableSchema] = &[
    &SOURCES,
    &INDICATORS,
    &PLACES,
    &CLAIMS,
    &OBSERVATIONS,
    &TRADE,
    &INVESTMENT,
    &COOPERATION,
    &COMMITMENTS,
    &COMMITMENT_EVENTS,
    &CONFLICTS,
    &FINDINGS,
    &VINTAGES,
];

/// The texts that state figures.
pub const SOURCES: TableSchema = TableSchema {
    name: "sources",
    title: "Sources",
    description: "One row is a text that states figures.",
    key: &["source_id"],
    foreign_keys: &[],
    columns: &[
        column("source_id", Id, "Id of the source.").required(),
        column("title", Text, "Title of the text."),
        column("publisher", Text, "Who published it."),
        column("published_on", Date, "Day of publication; of an imprecise date the last possible day.")
            .required(),
        column("date_precision", Word(Precision::WORDS), "How precisely the date is known.").required(),
        column("url", Text, "Address of the text."),
        column("language", Id, "Language, BCP 47."),
        column("kind", Word(SourceKind::WORDS), "What sort of text it is.").required(),
        column("origin", Text, "The text or speech it repeats."),
        column("claims", Integer, "How many published claims rest on it.").required(),
        column("note", Text, "The curator's note."),
    ],
};

/// What is measurable.
pub const INDICATORS: TableSchema = TableSchema {
    name: "indicators",
    title: "Indicators",
    description: "One row is something measurable.",
    key: &["indicator"],
    foreign_keys: &[],
    columns: &[
        column("indicator", Id, "Id of the indicator.").required(),
        column("label", Text, "Its label for people."),
        column("topic", Id, "Its topic."),
        column("unit", Code, "Unit of its levels: ISO 4217, %, UCUM, or 1 for counted things.").required(),
        column("flow_or_stock", Word(FlowOrStock::WORDS), "Flow over a period, or stock at its end."),
        column("cumulative", Boolean, "Whether a later level includes the earlier ones.").required(),
        column("symmetric", Boolean, "Whether A with B is B with A.").required(),
        column("mirror", Id, "The indicator by which the partner reports the same flow."),
        column("part_of", Id, "The indicator of the total that it is a part of."),
        column("minimum", Number, "Least possible value."),
        column("maximum", Number, "Greatest possible value."),
        column("better", Word(Better::WORDS), "Wanted direction of change.").required(),
        column("description", Text, "What it measures."),
    ],
};

/// The places in use.
pub const PLACES: TableSchema = TableSchema {
    name: "places",
    title: "Places",
    description: "One row is a country or group that the published tables name.",
    key: &["code"],
    foreign_keys: &[],
    columns: &[
        column("code", Id, "ISO 3166-1 alpha-3, or the code of a declared group.").required(),
        column("alpha2", Code, "ISO 3166-1 alpha-2; a group has none."),
        column("name", Text, "Common English name."),
    ],
};

/// The figures as stated.
pub const CLAIMS: TableSchema = TableSchema {
    name: "claims",
    title: "Claims",
    description: "One row is one figure as one source states it.",
    key: &["claim_id"],
    foreign_keys: &[
        refers("source_id", "sources", "source_id"),
        refers("indicator", "indicators", "indicator"),
        refers("reporter", "places", "code"),
        refers("partner", "places", "code"),
    ],
    columns: &[
        column("claim_id", Id, "Id of the claim.").required(),
        column("source_id", Id, "The source that states it.").required(),
        column("indicator", Id, "What is measured.").required(),
        column("topic", Id, "Topic of the indicator."),
        column("measure", Word(Measure::WORDS), "Level, growth in percent, or signed change.").required(),
        column("reporter", Id, "Whose figure it is; of a symmetric pair the lesser code.").required(),
        column("partner", Id, "With whom."),
        column("kind", Word(ClaimKind::WORDS), "Actual, estimate or forecast.").required(),
        column("stated", Text, "The figure in its words."),
        column("comparator", Word(Comparator::WORDS), "The hedge.").required(),
        column("value", Number, "The stated number in base units; a range has none."),
        column("lower", Number, "Lower bound of what the words leave open."),
        column("lower_open", Boolean, "Whether the lower bound is excluded.").required(),
        column("upper", Number, "Upper bound of what the words leave open."),
        column("upper_open", Boolean, "Whether the upper bound is excluded.").required(),
        column("unit", Code, "Unit: ISO 4217, %, UCUM, or 1 for counted things.").required(),
        column("period_label", Code, "Label of the period.").required(),
        column("period_start", Date, "First day of the period."),
        column("period_end", Date, "Last day of the period."),
        column("period_role", Word(Role::WORDS), "How the figure relates to the period.").required(),
        column("period_precision", Word(Precision::WORDS), "How finely the period is stated.").required(),
        column("base_period", Code, "Label of the period that a growth or change is against."),
        column("rank", Word(Rank::WORDS), "The curator's preference.").required(),
        column("rank_reason", Text, "Why it is preferred or deprecated."),
        column("supersedes", Id, "The claim that it replaces."),
        column("asserted_by", Text, "Who said it."),
        column("published_on", Date, "Day of publication of its source.").required(),
        column("evidence", Text, "The phrase of the source that carries the figure."),
        column("evidence_status", Word(EvidenceStatus::WORDS), "Whether the phrase was found and agrees.")
            .required(),
        column("locator", Text, "Where in the source."),
        column("file", Id, "File of the fact sheet.").required(),
        column("sheet", Id, "Sheet of a workbook."),
        column("cell", Code, "Cell that states the figure: C14 in a workbook, line:field in a CSV.")
            .required(),
        column("note", Text, "The curator's note."),
    ],
};

macro_rules! observation_columns {
    ($($label:expr,)*) => {
        &[
            column("series_id", Id, "indicator.REPORTER.PARTNER, with .growth, .change or .forecast.").required(),
            column("indicator", Id, "What is measured.").required(),
            $($label,)*
            column("topic", Id, "Topic of the indicator."),
            column("measure", Word(Measure::WORDS), "Level, growth in percent, or signed change.").required(),
            column("reporter", Id, "Whose figure it is.").required(),
            column("partner", Id, "With whom."),
            column("kind", Word(ClaimKind::WORDS), "Actual (estimates included) or forecast.").required(),
            column("unit", Code, "Unit: ISO 4217, %, UCUM, or 1 for counted things.").required(),
            column("period_label", Code, "Label of the period.").required(),
            column("period_start", Date, "First day of the period."),
            column("period_end", Date, "Last day of the period."),
            column("period_role", Word(Role::WORDS), "How the figure relates to the period.").required(),
            column("base_period", Code, "Label of the period that a growth or change is against."),
            column("comparator", Word(Comparator::WORDS), "The best claim's hedge, or that of a derived interval.").required(),
            column("value", Number, "The best claim's number, or the derived one."),
            column("lower", Number, "Lower bound of what all claims leave open."),
            column("lower_open", Boolean, "Whether the lower bound is excluded.").required(),
            column("upper", Number, "Upper bound of what all claims leave open."),
            column("upper_open", Boolean, "Whether the upper bound is excluded.").required(),
            column("claims", Id, "Ids of its claims, best first, with ; between them."),
            column("witnesses", Integer, "How many independent sources state it.").required(),
            column("conflict", Boolean, "Whether its claims cannot all be true.").required(),
            column("best_claim", Id, "The claim whose figure stands."),
            column("reason", Word(Reason::WORDS), "The step that decided the best claim."),
            column("derived", Boolean, "Whether it follows from other observations.").required(),
            column("formula", Id, "How it follows."),
            column("as_of", Date, "The day as of which this is what is known."),
        ]
    };
}

const OBSERVATION_KEY: &[&str] = &[
    "series_id",
    "unit",
    "period_label",
    "period_start",
    "period_end",
    "period_role",
    "base_period",
    "derived",
    "formula",
];
const OBSERVATION_REFERENCES: &[ForeignKey] = &[
    refers("indicator", "indicators", "indicator"),
    refers("reporter", "places", "code"),
    refers("partner", "places", "code"),
];

/// What is known of each series in each period.
pub const OBSERVATIONS: TableSchema = TableSchema {
    name: "observations",
    title: "Observations",
    description: "One row is what all claims together say of one series in one period.",
    key: OBSERVATION_KEY,
    foreign_keys: OBSERVATION_REFERENCES,
    columns: observation_columns!(),
};

const LABELLED: &[ColumnSchema] = observation_columns!(
    column("indicator_label", Text, "Label of the indicator."),
    column("reporter_name", Text, "Name of the reporter."),
    column("partner_name", Text, "Name of the partner."),
);

/// Observations on trade, with labels.
pub const TRADE: TableSchema = TableSchema {
    name: "trade",
    title: "Trade",
    description: "Observations on trade with their labels, ready for a pivot table.",
    key: OBSERVATION_KEY,
    foreign_keys: OBSERVATION_REFERENCES,
    columns: LABELLED,
};

/// Observations on investment, with labels.
pub const INVESTMENT: TableSchema = TableSchema {
    name: "investment",
    title: "Investment",
    description: "Observations on investment with their labels, ready for a pivot table.",
    key: OBSERVATION_KEY,
    foreign_keys: OBSERVATION_REFERENCES,
    columns: LABELLED,
};

/// Observations on all other topics, with labels.
pub const COOPERATION: TableSchema = TableSchema {
    name: "cooperation",
    title: "Cooperation",
    description: "Observations on all other topics with their labels, ready for a pivot table.",
    key: OBSERVATION_KEY,
    foreign_keys: OBSERVATION_REFERENCES,
    columns: LABELLED,
};

/// What was promised, and how far it got.
pub const COMMITMENTS: TableSchema = TableSchema {
    name: "commitments",
    title: "Commitments",
    description: "One row is one promise as one text announces it, with its progress.",
    key: &["commitment_id"],
    foreign_keys: &[
        refers("source_id", "sources", "source_id"),
        refers("indicator", "indicators", "indicator"),
    ],
    columns: &[
        column("commitment_id", Id, "Id of the commitment.").required(),
        column("source_id", Id, "The source that states it.").required(),
        column("party", Id, "Who promises; several with ; between them."),
        column("counterparty", Id, "To whom."),
        column("kind", Word(CommitmentKind::WORDS), "What sort of promise it is.").required(),
        column("title", Text, "What is promised."),
        column("topic", Id, "Its topic."),
        column("indicator", Id, "The indicator that measures it."),
        column("stated", Text, "The promised figure in its words."),
        column("comparator", Word(Comparator::WORDS), "The hedge; kept and not computed with."),
        column("value", Number, "The promised figure in base units."),
        column("unit", Code, "Its unit."),
        column("count", Integer, "How many things are promised."),
        column("announced_on", Date, "Day of the announcement.").required(),
        column("deadline", Date, "Last day by which it is due."),
        column("status", Word(Status::WORDS), "Status of the latest event."),
        column("status_on", Date, "Day of that event."),
        column("parent", Id, "The commitment that it is a part of."),
        column("same_as", Id, "The commitment that this text announces again."),
        column("counts_in_totals", Boolean, "Whether totals count it.").required(),
        column("latest_value", Number, "Latest stated actual of the linked series, over a period as long."),
        column("latest_period", Code, "Label of its period."),
        in_unit("share_reached", "%", "Latest value over the target."),
        in_unit("share_reached_lower", "%", "Its lower bound."),
        in_unit("share_reached_upper", "%", "Its upper bound."),
        column("gap", Number, "Target less latest value, in the target's unit."),
        column("gap_lower", Number, "Its lower bound."),
        column("gap_upper", Number, "Its upper bound."),
        in_unit("required_growth", "%", "Growth a year that reaches the target in time."),
        in_unit("required_growth_lower", "%", "Its lower bound."),
        in_unit("required_growth_upper", "%", "Its upper bound."),
        in_unit("observed_growth", "%", "Growth stated last, over a period as long."),
        in_unit("observed_growth_lower", "%", "Its lower bound."),
        in_unit("observed_growth_upper", "%", "Its upper bound."),
        column(
            "projected",
            Date,
            "End of the first period that reaches the target if the growth stated last goes on.",
        ),
        column("verdict", Word(Verdict::WORDS), "What the linked series says of it.").required(),
        column("verdict_reason", Text, "Why, in words."),
        column("evidence", Text, "The phrase of the source that states it."),
        column("evidence_status", Word(EvidenceStatus::WORDS), "Whether the phrase was found and agrees.")
            .required(),
        column("file", Id, "File of the fact sheet.").required(),
        column("sheet", Id, "Sheet of a workbook."),
        column("cell", Code, "Cell that states it.").required(),
        column("note", Text, "The curator's note."),
    ],
};

/// The steps of commitments.
pub const COMMITMENT_EVENTS: TableSchema = TableSchema {
    name: "commitment_events",
    title: "Commitment events",
    description: "One row is a dated step of a commitment.",
    key: &["commitment_id", "on", "status", "source_id", "file", "sheet", "cell"],
    foreign_keys: &[
        refers("commitment_id", "commitments", "commitment_id"),
        refers("source_id", "sources", "source_id"),
    ],
    columns: &[
        column("commitment_id", Id, "The commitment.").required(),
        column("on", Date, "Day of the step; of an imprecise date the last possible day.").required(),
        column("status", Word(Status::WORDS), "The status it brought.").required(),
        column("source_id", Id, "The source that states it.").required(),
        column("evidence", Text, "The phrase of the source that states it."),
        column("evidence_status", Word(EvidenceStatus::WORDS), "Whether the phrase was found.").required(),
        column("file", Id, "File of the fact sheet.").required(),
        column("sheet", Id, "Sheet of a workbook."),
        column("cell", Code, "Cell that states it.").required(),
        column("note", Text, "The curator's note."),
    ],
};

/// Claims that cannot both be true.
pub const CONFLICTS: TableSchema = TableSchema {
    name: "conflicts",
    title: "Conflicts",
    description: "One row is a pair of claims on one observation that cannot both be true.",
    key: &["series_id", "period_label", "claim_a", "claim_b"],
    foreign_keys: &[refers("claim_a", "claims", "claim_id"), refers("claim_b", "claims", "claim_id")],
    columns: &[
        column("series_id", Id, "The series.").required(),
        column("period_label", Code, "Label of the period.").required(),
        column("claim_a", Id, "The claim with the lower interval.").required(),
        column("claim_b", Id, "The claim with the higher interval.").required(),
        column("lower_a", Number, "Lower bound of the first."),
        column("upper_a", Number, "Upper bound of the first."),
        column("lower_b", Number, "Lower bound of the second."),
        column("upper_b", Number, "Upper bound of the second."),
        column("gap", Number, "From the upper bound of the first to the lower bound of the second."),
        in_unit("gap_percent", "%", "The same in percent of the upper bound of the first."),
        column("best_claim", Id, "The claim whose figure stands.").required(),
        column("reason", Word(Reason::WORDS), "The step that decided it."),
    ],
};

/// What the pipeline has to say.
pub const FINDINGS: TableSchema = TableSchema {
    name: "findings",
    title: "Findings",
    description: "One row is one thing to say about the material.",
    key: &["file", "sheet", "cell", "code", "id", "message", "arithmetic", "claims"],
    foreign_keys: &[],
    columns: &[
        column("code", Code, "Stable code of the finding.").required(),
        column("severity", Word(Severity::WORDS), "How grave it is.").required(),
        column("table", Code, "The table it speaks of.").required(),
        column("id", Id, "The row's id."),
        column("message", Text, "What was read and what was expected.").required(),
        column("arithmetic", Text, "The computation behind it."),
        column("claims", Id, "Ids of the claims it rests on, with ; between them."),
        column("file", Id, "File of the fact sheet."),
        column("sheet", Id, "Sheet of a workbook."),
        column("cell", Code, "The cell it points at."),
        column("hint", Text, "How to mend it."),
    ],
};

/// What was known when.
pub const VINTAGES: TableSchema = TableSchema {
    name: "vintages",
    title: "Vintages",
    description: "One row is one value that an observation had, while it had it.",
    key: &[
        "series_id",
        "unit",
        "period_label",
        "period_start",
        "period_end",
        "period_role",
        "base_period",
        "realtime_start",
    ],
    foreign_keys: &[refers("best_claim", "claims", "claim_id")],
    columns: &[
        column("series_id", Id, "The series.").required(),
        column("unit", Code, "Unit of the values.").required(),
        column("period_label", Code, "Label of the period.").required(),
        column("period_start", Date, "First day of the period."),
        column("period_end", Date, "Last day of the period."),
        column("period_role", Word(Role::WORDS), "How the figure relates to the period.").required(),
        column("base_period", Code, "Label of the period that a growth or change is against."),
        column("comparator", Word(Comparator::WORDS), "The hedge of the best claim of that time.").required(),
        column("value", Number, "Its number."),
        column("lower", Number, "Lower bound of what was known."),
        column("upper", Number, "Upper bound of what was known."),
        column("best_claim", Id, "The best claim of that time.").required(),
        column("realtime_start", Date, "First day on which this was what was known.").required(),
        column("realtime_end", Date, "Last such day; empty while it is current."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_references_name_columns() {
        for table in TABLES {
            let has = |name: &str| table.columns.iter().any(|column| column.name == name);
            assert!(table.key.iter().all(|name| has(name)), "key of {}", table.name);
            for foreign in table.foreign_keys {
                let target = TABLES.iter().find(|other| other.name == foreign.table);
                let found = target.is_some_and(|t| t.columns.iter().any(|c| c.name == foreign.reference));
                assert!(has(foreign.column) && found, "{}.{}", table.name, foreign.column);
            }
        }
    }

    #[test]
    fn column_names_are_unique() {
        for table in TABLES {
            let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }
}
