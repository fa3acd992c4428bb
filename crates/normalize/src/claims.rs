//! How a row of a claims sheet becomes a claim. This file reads top to bottom as that story.

use chrono::NaiveDate;
use hashbrown::HashMap;
use model::cell::Batch;
use model::claim::{ABSENT, ClaimKind, Claims, EvidenceStatus, Measure, Rank};
use model::figure::{Bounds, Quantity, Tolerances};
use model::finding::{Finding, Severity};
use model::indicator::{FlowOrStock, Indicator};
use model::period::{Period, Precision, Role};
use model::unit::Unit;

use crate::codelists::Codelists;
use crate::corrections::Corrections;
use crate::evidence::{self, Aspect, Evidence, LockEntry, Subject};
use crate::figures::{FigureMemo, FigureSlots, in_unit};
use crate::mapping::{BoundSheet, Slot};
use crate::memo::Memo;
use crate::period::{self, PeriodError};
use crate::row::Row;

/// What claims of one sheet are read with.
pub struct ClaimReader<'a> {
    sheet: &'a BoundSheet,
    codelists: &'a Codelists,
    corrections: &'a Corrections,
    evidence: &'a Evidence,
    tolerances: Tolerances,
    figure: FigureSlots,
    slots: Slots,
    figures: FigureMemo,
    periods: Memo<Result<Period, PeriodError>>,
}

/// The claims of one batch, and what there is to say about them.
#[derive(Debug, Default)]
pub struct ClaimBatch {
    /// The claims that were read.
    pub claims: Claims,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the evidence check adds to the lock.
    pub verified: Vec<LockEntry>,
    /// How many rows were refused.
    pub refused: usize,
    /// How many rows were blank.
    pub blank: usize,
}

macro_rules! slots {
    ($($name:ident),+) => {
        #[derive(Debug, Clone, Copy)]
        struct Slots { $($name: Slot),+ }

        impl Slots {
            fn of(sheet: &BoundSheet) -> Self {
                Self { $($name: sheet.slot(stringify!($name))),+ }
            }
        }
    };
}

slots!(
    claim_id,
    source,
    indicator,
    reporter,
    partner,
    period,
    base_period,
    evidence,
    asserted_by,
    measure,
    kind,
    rank,
    rank_reason,
    supersedes,
    locator,
    note
);

impl<'a> ClaimReader<'a> {
    /// A reader of `sheet`.
    pub fn new(
        sheet: &'a BoundSheet,
        codelists: &'a Codelists,
        corrections: &'a Corrections,
        evidence: &'a Evidence,
        tolerances: Tolerances,
    ) -> Self {
        let (figure, slots) = (FigureSlots::of(sheet), Slots::of(sheet));
        let (figures, periods) = (FigureMemo::default(), Memo::default());
        Self { sheet, codelists, corrections, evidence, tolerances, figure, slots, figures, periods }
    }

    /// Reads the rows of one batch. Batches are independent of each other.
    pub fn read(&self, batch: &Batch) -> ClaimBatch {
        let mut out = ClaimBatch::default();
        let mut codes = PeriodCodes::default();
        for index in 0..batch.len() {
            let mut row = Row::new(self.sheet, batch, index, self.slots.claim_id, self.corrections);
            if row.is_blank() {
                out.blank += 1;
                continue;
            }
            row.check_filled();
            self.read_row(&mut row, &mut codes, &mut out);
            out.refused += usize::from(row.is_refused());
            out.findings.append(&mut row.findings);
        }
        out
    }

    /// Reads every cell before it gives up, so that all of a row's findings are shown at once.
    fn read_row(&self, row: &mut Row<'_>, codes: &mut PeriodCodes, out: &mut ClaimBatch) {
        let slots = &self.slots;
        let source = self.codelists.source(row, "source", slots.source);
        let indicator = self.codelists.indicator(row, "indicator", slots.indicator);
        let reporter = self.codelists.place(row, "reporter", slots.reporter);
        let partner = self.codelists.place(row, "partner", slots.partner);
        let measure = row.word_at("measure", slots.measure, Measure::parse, Measure::WORDS);
        let kind = row.word_at("kind", slots.kind, ClaimKind::parse, ClaimKind::WORDS);
        let rank = row.word_at("rank", slots.rank, Rank::parse, Rank::WORDS);
        let measure = measure.unwrap_or(Measure::Level);
        let figure = self.figures.figure(row, &self.figure);
        let published = source.map(|source| self.codelists.sources[source as usize].published_on);
        let period = self.period(row, "period", slots.period, published);
        let base = self.period(row, "base_period", slots.base_period, published);
        let (Some(source), Some(indicator_code), Some(reporter), Some(figure), Some(period)) =
            (source, indicator, reporter, figure, period)
        else {
            return;
        };
        let indicator = &self.codelists.indicators[indicator_code as usize];
        if partner == Some(reporter) {
            let message = format!("`{}` reports of itself", row.text("reporter"));
            row.refuse("partner", "same-place", message, "name the other place, or leave the partner empty");
        }
        check_base(row, measure, &period, base.as_ref());
        let (column, cell_slot) = self.figure.column(row);
        let expected = expected_unit(indicator, measure);
        let meant = figure.measured(measure, Some(expected));
        let Some(unit) = settle_unit(row, column, &meant, indicator, measure) else { return };
        let period = in_role(period, indicator);
        let base = match measure {
            Measure::Level => None,
            Measure::Growth | Measure::Change => {
                base.map(|base| in_role(base, indicator)).or(period.shifted_by_years(-1))
            }
        };
        let quantity = in_unit(&figure, measure, unit);
        let bounds = quantity.bounds(&self.tolerances);
        let is_bounded = measure == Measure::Level && unit == indicator.unit;
        let bounds = if is_bounded { clamped(bounds, indicator) } else { bounds };
        let evidence_text = row.text_at("evidence", slots.evidence);
        let subject = Subject {
            table: "claims",
            id: row.id(),
            source_id: &self.codelists.sources[source as usize].source_id,
            phrase: evidence_text,
            stated: Some(&quantity),
            unit: Some(unit),
            count: None,
            measure,
            period: Some(&period),
        };
        let mut outcome = self.evidence.verify(&subject);
        if outcome.status == EvidenceStatus::NoText && !evidence_text.is_empty() {
            let differs = || evidence::contradiction(&subject, row.text_at(column, cell_slot));
            outcome.finding = outcome.finding.take().or_else(differs);
        }
        if let Some((aspect, finding)) = outcome.finding {
            let column = match aspect {
                Aspect::Phrase => "evidence",
                Aspect::Figure => column,
                Aspect::Period => "period",
            };
            row.push(column, finding);
        }
        out.verified.extend(outcome.entry);
        if row.is_refused() {
            return;
        }

        let claims = &mut out.claims;
        let (reporter, partner) = match partner {
            Some(partner) if indicator.symmetric && partner < reporter => (partner, Some(reporter)),
            other => (reporter, other),
        };
        claims.claim_id.push(row.id());
        claims.source.push(source);
        claims.indicator.push(indicator_code);
        claims.measure.push(measure);
        claims.reporter.push(reporter);
        claims.partner.push(partner);
        claims.kind.push(kind.unwrap_or(ClaimKind::Actual));
        claims.stated.push(&self.figure.words(row), evidence_text);
        claims.figure.push(&quantity, &bounds);
        let unit_code = position_or_push(&mut claims.units, unit);
        claims.unit.push(unit_code);
        let period_code = codes.code(&mut claims.periods, period);
        claims.period.push(period_code);
        let base_code = base.map_or(ABSENT, |base| codes.code(&mut claims.periods, base));
        claims.base_period.push(base_code);
        claims.rank.push(rank.unwrap_or(Rank::Normal));
        let mut code = |text: &str| if text.is_empty() { ABSENT } else { claims.words.code(text) };
        claims.rank_reason.push(code(row.text_at("rank_reason", slots.rank_reason)));
        claims.asserted_by.push(code(row.text_at("asserted_by", slots.asserted_by)));
        claims.locator.push(code(row.text_at("locator", slots.locator)));
        claims.supersedes.push(row.text_at("supersedes", slots.supersedes));
        claims.evidence.push(evidence_text);
        claims.evidence_status.push(outcome.status);
        claims.cell.push(row.cell(cell_slot));
        claims.note.push(row.text_at("note", slots.note));
    }

    /// A period in words; relative words are read against the source's date, the rest once.
    fn period(
        &self,
        row: &mut Row<'_>,
        column: &str,
        slot: Slot,
        published: Option<NaiveDate>,
    ) -> Option<Period> {
        let text = row.text_at(column, slot);
        if text.is_empty() {
            return None;
        }
        let languages = self.sheet.mapping.languages;
        let read = self.periods.of(text, || period::parse(text, languages, None));
        let relative = match &read {
            Err(PeriodError::NeedsAnchor) => true,
            Ok(period) => period.end.is_none(),
            Err(_) => false,
        };
        let read = if relative { period::parse(text, languages, published) } else { read };
        match read {
            Ok(period) => Some(period),
            Err(error) => {
                row.refuse_period(column, text, &error);
                None
            }
        }
    }
}

/// The periods of one batch, by their place among its distinct ones.
#[derive(Default)]
struct PeriodCodes(HashMap<Period, u32, foldhash::fast::FixedState>);

impl PeriodCodes {
    fn code(&mut self, periods: &mut Vec<Period>, period: Period) -> u32 {
        *self.0.entry(period).or_insert_with(|| {
            periods.push(period);
            periods.len() as u32 - 1
        })
    }
}

fn position_or_push(units: &mut Vec<Unit>, unit: Unit) -> u16 {
    let position = units.iter().position(|known| *known == unit).unwrap_or_else(|| {
        units.push(unit);
        units.len() - 1
    });
    position as u16
}

/// A base period belongs to a growth or change, and lies before what is measured against it.
fn check_base(row: &mut Row<'_>, measure: Measure, period: &Period, base: Option<&Period>) {
    let Some(base) = base else { return };
    if measure == Measure::Level {
        let message = "a level has no base period".to_owned();
        let hint = "leave it empty, or say measure = growth or change".to_owned();
        row.find(Severity::Warning, "base_period", "base-of-a-level", message, hint);
    } else if base.end >= period.end {
        let message = format!("the base period {} is not before {}", base.label(), period.label());
        row.refuse("base_period", "base-not-before", message, "swap the two, or correct one of them");
    }
}

/// The unit of figures that name none: a growth is in percent.
fn expected_unit(indicator: &Indicator, measure: Measure) -> Unit {
    if measure == Measure::Growth { Unit::PERCENT } else { indicator.unit }
}

/// The unit of a figure: its own where it names one, otherwise the indicator's. A level in a unit
/// that is not the indicator's is refused, unless both are currencies.
pub(crate) fn settle_unit(
    row: &mut Row<'_>,
    column: &str,
    quantity: &Quantity,
    indicator: &Indicator,
    measure: Measure,
) -> Option<Unit> {
    let expected = expected_unit(indicator, measure);
    let unit = quantity.unit.unwrap_or(expected);
    let points = measure == Measure::Change && expected == Unit::PERCENT && unit == Unit::PERCENTAGE_POINT;
    if unit == expected || points || (unit.is_currency() && expected.is_currency()) {
        return Some(unit);
    }
    let what = if measure == Measure::Growth { "a growth" } else { indicator.indicator.as_str() };
    let message = format!("the figure is in {unit}, and {what} is measured in {expected}");
    let hint = if unit == Unit::PERCENT {
        "a percent change is measure = growth"
    } else {
        "correct the unit, or give the figure an indicator of its own"
    };
    row.refuse(column, "unit-mismatch", message, hint);
    None
}

/// The bounds of a level, ended at the least and greatest value its indicator can have. A figure
/// that lies beyond them keeps its own: that is a finding of the whole.
fn clamped(bounds: Bounds, indicator: &Indicator) -> Bounds {
    let mut inside = bounds;
    if let Some(minimum) = indicator.minimum
        && bounds.lower.is_none_or(|lower| lower < minimum)
    {
        (inside.lower, inside.lower_open) = (Some(minimum), false);
    }
    if let Some(maximum) = indicator.maximum
        && bounds.upper.is_none_or(|upper| upper > maximum)
    {
        (inside.upper, inside.upper_open) = (Some(maximum), false);
    }
    let is_empty = match (inside.lower, inside.upper) {
        (Some(lower), Some(upper)) if lower == upper => inside.lower_open || inside.upper_open,
        (Some(lower), Some(upper)) => lower > upper,
        _ => false,
    };
    if is_empty { bounds } else { inside }
}

/// The period in the role that its indicator gives it: a stock stands at the end of its period, and
/// "by the end of 2024" said of a flow is the year 2024.
fn in_role(period: Period, indicator: &Indicator) -> Period {
    match (indicator.flow_or_stock, period.role) {
        (Some(FlowOrStock::Stock), Role::During) => Period { role: Role::AsOf, ..period },
        (Some(FlowOrStock::Stock), Role::By) => {
            Period { start: period.end, role: Role::AsOf, precision: Precision::Day, ..period }
        }
        (_, Role::By) => period.as_flow(),
        _ => period,
    }
}
