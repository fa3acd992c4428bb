//! The two values that pass between stages: what the sheets state, and what follows from it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::cell::{CellRef, SheetName};
use crate::claim::Claims;
use crate::commitment::{Commitment, Event, Progress, Total};
use crate::finding::{Finding, Location};
use crate::indicator::Indicator;
use crate::observation::{Conflict, Observation, Series, Vintage};
use crate::observations::Observations;
use crate::period::Period;
use crate::place::{Place, PlaceId};
use crate::source::Source;
use crate::vintages::Vintages;

/// The price of a US dollar in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// ISO 4217 code.
    pub currency: String,
    /// The period whose average it is, or the day.
    pub period: Period,
    /// Units of the currency for one US dollar.
    pub per_usd: Decimal,
    /// Where it is from.
    pub source: String,
    /// Its row.
    pub cell: CellRef,
}

/// Everything that the sheets state, each list sorted by its key. Nothing depends on the order of
/// rows, sheets or threads.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Every sheet that was read; a [`CellRef`] points into this list.
    pub sheets: Vec<SheetName>,
    /// Every place in use, by code.
    pub places: Vec<Place>,
    /// By `source_id`.
    pub sources: Vec<Source>,
    /// By `indicator`.
    pub indicators: Vec<Indicator>,
    /// By `claim_id`.
    pub claims: Claims,
    /// By `commitment_id`.
    pub commitments: Vec<Commitment>,
    /// By `commitment_id`, day and status.
    pub events: Vec<Event>,
    /// By currency and period.
    pub rates: Vec<Rate>,
}

impl Facts {
    /// The file, sheet and address of a cell.
    pub fn locate(&self, cell: CellRef) -> Location {
        let sheet = self.sheets[usize::from(cell.sheet)].clone();
        let cell = cell.address(sheet.sheet.is_some());
        Location { sheet, cell }
    }

    /// The code of a place.
    pub fn place_code(&self, place: PlaceId) -> &str {
        &self.places[usize::from(place.0)].code
    }

    /// The day of the latest publication: the as-of date of a run that names none.
    pub fn latest_publication(&self) -> Option<NaiveDate> {
        self.sources.iter().map(|source| source.published_on).max()
    }

    /// The name of a series: `indicator.REPORTER.PARTNER`, with the measure and `.forecast` where
    /// they are not the usual ones. An observation is `series_id:period_label`.
    pub fn series_id(&self, series: &Series) -> String {
        let mut id = self.indicators[series.indicator as usize].indicator.clone();
        for place in [Some(series.reporter), series.partner].into_iter().flatten() {
            id.push('.');
            id.push_str(self.place_code(place));
        }
        if series.measure != crate::claim::Measure::Level {
            id.push('.');
            id.push_str(series.measure.as_str());
        }
        if series.kind == crate::claim::ClaimKind::Forecast {
            id.push_str(".forecast");
        }
        id
    }
}

/// What follows from the facts as of a day.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// The day; `None` where there is no source.
    pub as_of: Option<NaiveDate>,
    /// Stated and derived.
    pub observations: Observations,
    /// By observation, then by claims.
    pub conflicts: Vec<Conflict>,
    /// One for each commitment, in their order.
    pub progress: Vec<Progress>,
    /// Promised money, by grouping, group and currency.
    pub totals: Vec<Total>,
    /// What was known of the stated observations, and when.
    pub vintages: Vintages,
    /// What the whole shows.
    pub findings: Vec<Finding>,
}

impl Knowledge {
    /// The claims of an observation, best first.
    pub fn claims_of(&self, observation: &Observation) -> &[u32] {
        &self.observations.members[observation.claims.start as usize..observation.claims.end as usize]
    }

    /// The values that an observation had, by day, the present one last.
    pub fn vintages_of(&self, observation: u32) -> impl Iterator<Item = Vintage> {
        self.vintages.of(observation).map(|index| self.vintages.get(&self.observations, index))
    }
}
