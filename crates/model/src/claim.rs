//! Claims: figures as sources state them, in columns.
//!
//! Millions of claims are held at once, so a claim is a row across columns of small codes, not a
//! struct: an index into `Claims` is the claim.

mod gather;

use crate::cell::CellRef;
use crate::column::{Dictionary, Excerpts, Texts};
use crate::figure::{Bounds, Comparator, Quantity};
use crate::period::Period;
use crate::place::PlaceId;
use crate::unit::Unit;
use crate::vocabulary;

vocabulary! {
    /// What a claim states of its indicator.
    Measure {
        Level = "level": "the value itself",
        Growth = "growth": "its percent change against the base period",
        Change = "change": "its signed difference from the base period",
    }
}

vocabulary! {
    /// How firm the figure is meant to be.
    ClaimKind {
        Actual = "actual": "what was counted",
        Estimate = "estimate": "what was reckoned in place of a count",
        Forecast = "forecast": "what is expected",
    }
}

vocabulary! {
    /// The curator's preference among claims on one observation.
    Rank {
        Preferred = "preferred": "taken before all others",
        Normal = "normal": "weighed with the others",
        Deprecated = "deprecated": "kept and published, and otherwise ignored",
    }
}

vocabulary! {
    /// Whether the evidence phrase was found in the source's text, and agrees with the figure.
    EvidenceStatus {
        Verified = "verified": "found, and the figure read from it agrees, now or by the lock",
        Mismatch = "mismatch": "found, and the figure read from it differs",
        NotFound = "not_found": "the text does not hold the phrase",
        NoText = "no_text": "the text is not at hand, and the lock does not vouch for the row",
    }
}

/// A code that stands for "absent" in columns of codes.
pub const ABSENT: u32 = u32::MAX;

/// Stated figures in columns, as 64-bit floats nearest to the exact decimals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// The hedge.
    pub comparator: Vec<Comparator>,
    /// The stated number in base units; NaN for a range.
    pub value: Vec<f64>,
    /// The lower bound; minus infinity where there is none.
    pub lower: Vec<f64>,
    /// The upper bound; infinity where there is none.
    pub upper: Vec<f64>,
    /// Whether the lower bound is excluded.
    pub lower_open: Vec<bool>,
    /// Whether the upper bound is excluded.
    pub upper_open: Vec<bool>,
}

impl Figures {
    /// Appends a figure with the interval that its words leave open.
    pub fn push(&mut self, quantity: &Quantity, bounds: &Bounds) {
        let float = |decimal: rust_decimal::Decimal| nearest_float(&decimal);
        self.comparator.push(quantity.comparator);
        self.value.push(quantity.value().map_or(f64::NAN, float));
        self.lower.push(bounds.lower.map_or(f64::NEG_INFINITY, float));
        self.upper.push(bounds.upper.map_or(f64::INFINITY, float));
        self.lower_open.push(bounds.lower_open);
        self.upper_open.push(bounds.upper_open);
    }
}

/// The 64-bit float nearest to an exact decimal.
pub fn nearest_float(decimal: &rust_decimal::Decimal) -> f64 {
    // 2^53: below it an integer mantissa and a power of ten up to 10^22 are exact floats, so one
    // division rounds correctly (Clinger 1990). Beyond, the printed form decides.
    let mantissa = decimal.mantissa();
    let scale = decimal.scale();
    if mantissa.unsigned_abs() < 1 << 53 && scale <= 22 {
        mantissa as f64 / 10f64.powi(scale as i32)
    } else {
        decimal.to_string().parse().unwrap_or(f64::NAN)
    }
}

/// All claims of a run, in columns of one length.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// The claim's id, unique.
    pub claim_id: Texts,
    /// Index into [`Facts::sources`](crate::facts::Facts).
    pub source: Vec<u32>,
    /// Index into [`Facts::indicators`](crate::facts::Facts).
    pub indicator: Vec<u32>,
    /// Level, growth or change.
    pub measure: Vec<Measure>,
    /// Who reports. Of a symmetric indicator the lesser code of the pair.
    pub reporter: Vec<PlaceId>,
    /// With whom. Of a symmetric indicator the greater code of the pair.
    pub partner: Vec<Option<PlaceId>>,
    /// How firm the figure is meant to be.
    pub kind: Vec<ClaimKind>,
    /// The figure in its words, which mostly stand in the evidence: see [`Claims::stated_of`].
    pub stated: Excerpts,
    /// The figure as read, clamped to its indicator's bounds.
    pub figure: Figures,
    /// Index into `units`.
    pub unit: Vec<u16>,
    /// Index into `periods`.
    pub period: Vec<u32>,
    /// Index into `periods`, or [`ABSENT`] for a level.
    pub base_period: Vec<u32>,
    /// The curator's preference.
    pub rank: Vec<Rank>,
    /// Code in `words`, or [`ABSENT`]: why.
    pub rank_reason: Vec<u32>,
    /// Code in `words`, or [`ABSENT`]: who said it.
    pub asserted_by: Vec<u32>,
    /// Index of the claim that this one supersedes, by id; empty where there is none.
    pub supersedes: Texts,
    /// The shortest phrase of the source that carries the figure.
    pub evidence: Texts,
    /// Whether the phrase was found and agrees.
    pub evidence_status: Vec<EvidenceStatus>,
    /// The cell that states the figure.
    pub cell: Vec<CellRef>,
    /// Code in `words`, or [`ABSENT`]: where in the source.
    pub locator: Vec<u32>,
    /// The curator's note.
    pub note: Texts,
    /// The distinct periods.
    pub periods: Vec<Period>,
    /// The distinct units.
    pub units: Vec<Unit>,
    /// The distinct words of the columns that repeat.
    pub words: Dictionary,
}

impl Claims {
    /// The number of claims.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Gives back the memory of the longest texts: `stated`, `evidence` and `note` of every claim. What is left tells
    /// everything that follows from the claims.
    pub fn drop_phrases(&mut self) {
        self.stated = Excerpts::default();
        [&mut self.evidence, &mut self.note].into_iter().for_each(|texts| *texts = Texts::default());
    }

    /// The figure of claim `index` in its words.
    pub fn stated_of(&self, index: usize) -> &str {
        self.stated.get(index, self.evidence.get(index))
    }

    /// Whether there is no claim.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// The period of claim `index`.
    pub fn period_of(&self, index: usize) -> &Period {
        &self.periods[self.period[index] as usize]
    }

    /// The base period of claim `index`: the period that its growth or change is against.
    pub fn base_period_of(&self, index: usize) -> Option<&Period> {
        self.periods.get(self.base_period[index] as usize)
    }

    /// The word of a code; empty for [`ABSENT`].
    pub fn word(&self, code: u32) -> &str {
        if code == ABSENT { "" } else { self.words.get(code) }
    }

    /// The unit of claim `index`.
    pub fn unit_of(&self, index: usize) -> Unit {
        self.units[usize::from(self.unit[index])]
    }

    /// The index of the claim `claim_id`, where the claims are sorted by id.
    pub fn find(&self, claim_id: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.claim_id.get(middle).cmp(claim_id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn floats_are_the_nearest() {
        for text in
            ["4.1", "0.1", "4050000000", "13.55", "123456789012345678.9", "-0.000123", "9007199254740993"]
        {
            let decimal: Decimal = text.parse().unwrap_or_default();
            assert_eq!(nearest_float(&decimal), text.parse::<f64>().unwrap_or(f64::NAN), "{text}");
        }
    }
}
