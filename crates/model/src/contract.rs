//! The contract of the fact sheets: which columns a sheet of each kind has, declared once. Reading,
//! mapping, templates, the configuration's JSON Schema and the documentation come from here.

use crate::claim::{ClaimKind, Measure, Rank};
use crate::commitment::{CommitmentKind, Status};
use crate::indicator::{Better, FlowOrStock};
use crate::period::Precision;
use crate::source::SourceKind;
use crate::vocabulary;

vocabulary! {
    /// What the rows of a sheet are.
    SheetKind {
        Sources = "sources": "texts that state figures",
        Indicators = "indicators": "what is measurable",
        Claims = "claims": "figures, each stated by one source",
        Commitments = "commitments": "what was promised",
        Events = "events": "steps of commitments",
        Places = "places": "other names of places",
        Rates = "rates": "exchange rates",
        Corrections = "corrections": "corrections of cells, each with its reason",
    }
}

/// What a column's cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellContent {
    /// An id of the curator's.
    Id,
    /// The id of a row in a sheet of this kind.
    Reference(SheetKind),
    /// Free text.
    Text,
    /// A word of a closed vocabulary.
    Word(&'static [&'static str]),
    /// A figure in its words.
    Figure,
    /// A plain number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`, yes or no.
    Boolean,
    /// A unit by code or name.
    Unit,
    /// A period in words or by label.
    Period,
    /// A date, possibly imprecise.
    Date,
    /// A place by name or code.
    Place,
    /// Several places, with `;` between them.
    Places,
}

/// Whether every row must fill a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The column must be there and no cell may be empty.
    Required,
    /// The column may be missing and cells may be empty.
    Optional,
}

/// One column of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct SheetColumn {
    /// Its header.
    pub name: &'static str,
    /// Whether it must be filled.
    pub need: Need,
    /// What its cells hold.
    pub content: CellContent,
    /// What it means, in one sentence.
    pub description: &'static str,
}

const fn required(name: &'static str, content: CellContent, description: &'static str) -> SheetColumn {
    SheetColumn { name, need: Need::Required, content, description }
}

const fn optional(name: &'static str, content: CellContent, description: &'static str) -> SheetColumn {
    SheetColumn { name, need: Need::Optional, content, description }
}

use CellContent::{
    Boolean, Date, Figure, Id, Integer, Number, Period, Place, Places, Reference, Text, Unit, Word,
};

impl SheetKind {
    /// The columns of a sheet of this kind, in their usual order.
    pub const fn columns(self) -> &'static [SheetColumn] {
        match self {
            SheetKind::Sources => SOURCES,
            SheetKind::Indicators => INDICATORS,
            SheetKind::Claims => CLAIMS,
            SheetKind::Commitments => COMMITMENTS,
            SheetKind::Events => EVENTS,
            SheetKind::Places => PLACES,
            SheetKind::Rates => RATES,
            SheetKind::Corrections => CORRECTIONS,
        }
    }

    /// The column named `name`.
    pub fn column(self, name: &str) -> Option<&'static SheetColumn> {
        self.columns().iter().find(|column| column.name == name)
    }
}

const SOURCES: &[SheetColumn] = &[
    required("source_id", Id, "The source's id; its text, where at hand, is raw/articles/<source_id>.txt."),
    required("title", Text, "The title of the text."),
    required("publisher", Text, "Who published it."),
    required("published_on", Date, "The day it was published; a month or year where the day is not known."),
    optional("date_precision", Word(Precision::WORDS), "How precisely that date is known."),
    optional("url", Text, "Its address."),
    optional("language", Text, "Its language, BCP 47."),
    required("kind", Word(SourceKind::WORDS), "What sort of text it is."),
    optional("origin", Text, "The text or speech it repeats, so that a copy is no second witness."),
    optional("note", Text, "Anything worth knowing."),
];

const INDICATORS: &[SheetColumn] = &[
    required("indicator", Id, "The indicator's id."),
    required("label", Text, "Its label for people."),
    required("topic", Text, "Its topic: trade, investment, energy, education, or any other word."),
    required("unit", Unit, "The unit of its levels."),
    optional(
        "flow_or_stock",
        Word(FlowOrStock::WORDS),
        "Whether it accumulates over a period or stands at its end.",
    ),
    optional("cumulative", Boolean, "Whether a later level includes the earlier ones."),
    optional("symmetric", Boolean, "Whether the value of A with B is the value of B with A."),
    optional(
        "mirror",
        Reference(SheetKind::Indicators),
        "The indicator by which the partner reports the same flow.",
    ),
    optional("part_of", Reference(SheetKind::Indicators), "The indicator of the total that it is a part of."),
    optional("minimum", Number, "The least value that is possible."),
    optional("maximum", Number, "The greatest value that is possible."),
    optional("better", Word(Better::WORDS), "Which direction of change is wanted."),
    optional("description", Text, "What it measures."),
];

const CLAIMS: &[SheetColumn] = &[
    required("claim_id", Id, "The claim's id."),
    required("source", Reference(SheetKind::Sources), "The source that states it."),
    required("indicator", Reference(SheetKind::Indicators), "What is measured."),
    required("reporter", Place, "Whose figure it is."),
    optional("partner", Place, "With whom."),
    required("stated", Figure, "The figure in its words: exceeded 3 billion US dollars."),
    required("period", Period, "The period it speaks of; (inferred) behind it where the text does not say."),
    required("evidence", Text, "The shortest phrase of the source that carries the figure."),
    optional("asserted_by", Text, "Who said it."),
    optional("measure", Word(Measure::WORDS), "Level, growth or change; level where empty."),
    optional("base_period", Period, "What a growth or change is against; a year earlier where empty."),
    optional("kind", Word(ClaimKind::WORDS), "Actual, estimate or forecast; actual where empty."),
    optional("rank", Word(Rank::WORDS), "The curator's preference; normal where empty."),
    optional("rank_reason", Text, "Why it is preferred or deprecated."),
    optional("supersedes", Reference(SheetKind::Claims), "The claim that it replaces."),
    optional("locator", Text, "Where in the source."),
    optional("note", Text, "Anything worth knowing."),
    optional("value", Number, "The number alone, for sheets that split the figure over cells."),
    optional("unit", Unit, "The unit, for sheets that split the figure over cells."),
    optional("comparator", Text, "The hedge, for sheets that split the figure over cells."),
    optional("scale", Text, "The magnitude, for sheets that split the figure over cells: million."),
];

const COMMITMENTS: &[SheetColumn] = &[
    required("commitment_id", Id, "The commitment's id."),
    required("source", Reference(SheetKind::Sources), "The source that states it."),
    required("party", Places, "Who promises; several with ; for a joint promise."),
    optional("counterparty", Places, "To whom."),
    required("kind", Word(CommitmentKind::WORDS), "What sort of promise it is."),
    required("title", Text, "What is promised, in a few words."),
    optional("topic", Text, "Its topic; that of its indicator where empty."),
    optional("indicator", Reference(SheetKind::Indicators), "The indicator that measures it."),
    optional("stated", Figure, "The promised figure in its words."),
    optional("count", Integer, "How many things are promised."),
    optional("deadline", Period, "When it is due."),
    required("announced_on", Date, "The day it was announced."),
    optional("status", Word(Status::WORDS), "Its status, where it has no events."),
    optional("parent", Reference(SheetKind::Commitments), "The commitment that it is a part of."),
    optional("same_as", Reference(SheetKind::Commitments), "The commitment that this text announces again."),
    optional("counts_in_totals", Boolean, "Whether totals count it; they do where empty."),
    optional("evidence", Text, "The shortest phrase of the source that states it."),
    optional("note", Text, "Anything worth knowing."),
];

const EVENTS: &[SheetColumn] = &[
    required("commitment_id", Reference(SheetKind::Commitments), "The commitment."),
    required("on", Date, "The day of the step."),
    required("status", Word(Status::WORDS), "The status it brought."),
    required("source", Reference(SheetKind::Sources), "The source that states it."),
    optional("evidence", Text, "The shortest phrase of the source that states it."),
    optional("note", Text, "Anything worth knowing."),
];

const PLACES: &[SheetColumn] = &[
    required("code", Id, "ISO 3166-1 alpha-3 code, or the code of a group."),
    required("name", Text, "A name under which sheets know the place."),
    optional("language", Text, "The name's language, BCP 47."),
];

const RATES: &[SheetColumn] = &[
    required("currency", Unit, "ISO 4217 code."),
    required("period", Period, "The period whose average it is, or the day."),
    required("per_usd", Number, "Units of the currency for one US dollar."),
    optional("source", Text, "Where the rate is from."),
];

const CORRECTIONS: &[SheetColumn] = &[
    required(
        "sheet",
        Word(&["claims", "commitments", "events", "sources"]),
        "The kind of sheet it corrects.",
    ),
    required("id", Id, "The row's id."),
    required("column", Text, "The column."),
    required("expect", Text, "The value that it corrects: where the sheet says otherwise, the run says so."),
    required("value", Text, "The corrected value."),
    required("reason", Text, "Why."),
];
