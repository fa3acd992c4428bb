//! Indicators: what is measurable, and how its figures behave.

use rust_decimal::Decimal;

use crate::cell::CellRef;
use crate::unit::Unit;
use crate::vocabulary;

vocabulary! {
    /// Whether a figure accumulates over its period or stands at its end.
    FlowOrStock {
        Flow = "flow": "accumulates over a period: turnover of a year",
        Stock = "stock": "stands at a moment: accumulated investment",
    }
}

vocabulary! {
    /// Which direction of change is wanted.
    Better {
        Higher = "higher": "more is better: a target is reached from below",
        Lower = "lower": "less is better: a target is reached from above",
        Neither = "none": "no direction is better",
    }
}

/// Something measurable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its id, unique: `trade_turnover`.
    pub indicator: String,
    /// Its label for people.
    pub label: String,
    /// Its topic: `trade`, `investment`, or any other word.
    pub topic: String,
    /// The unit its levels are measured in.
    pub unit: Unit,
    /// Flow or stock, where it is declared.
    pub flow_or_stock: Option<FlowOrStock>,
    /// Whether a later level includes the earlier ones.
    pub cumulative: bool,
    /// Whether the value for A with B is the value for B with A.
    pub symmetric: bool,
    /// The indicator by which the partner reports the same flow.
    pub mirror: String,
    /// The indicator of the total that it is a part of.
    pub part_of: String,
    /// The least value that is possible.
    pub minimum: Option<Decimal>,
    /// The greatest value that is possible.
    pub maximum: Option<Decimal>,
    /// The wanted direction.
    pub better: Better,
    /// What it measures, in words.
    pub description: String,
    /// Its row.
    pub cell: CellRef,
}
