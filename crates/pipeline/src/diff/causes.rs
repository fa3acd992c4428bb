//! Why a row changed, told from what the two revisions say of themselves: which sources, claims and
//! inputs are new, which cells were corrected, and what of configuration, day and program differs.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Cause, CauseKind, Field};
use super::rows::Row;
use super::side::{Corrected, Promised, Side};

/// What is known of the step from one revision to the next, filled table by table.
pub(super) struct Causes<'a> {
    old: &'a Side,
    new: &'a Side,
    /// Files of sheets with exchange rates, as far as the configuration is at hand.
    rates: &'a [String],
    /// Every cause, in the order of its finding.
    pub(super) all: Vec<Cause>,
    numbers: BTreeMap<Cause, usize>,
    pub(super) sources: BTreeMap<String, Whole>,
    /// Changed indicators.
    pub(super) indicators: BTreeMap<String, usize>,
    /// Claims that appeared, went or say something else, and why.
    pub(super) claims: BTreeMap<String, usize>,
    /// New ids of renamed claims by the old ones.
    pub(super) renamed: BTreeMap<String, String>,
    /// New ids of sources and indicators, and the cause that says so, by the column that refers to them and
    /// the old id.
    pub(super) references: BTreeMap<(&'static str, String), (String, usize)>,
    /// Changed observations, by indicator.
    pub(super) observed: BTreeMap<String, Vec<Observed>>,
    /// Why the steps of a commitment changed.
    pub(super) events: BTreeMap<String, usize>,
}

/// A changed observation, as far as commitments are measured by it.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) places: [String; 2],
    pub(super) period_label: String,
    pub(super) causes: Vec<usize>,
}

/// What became of a row that other tables refer to.
#[derive(Debug, Clone)]
pub(super) enum Whole {
    /// It is new.
    Added(usize),
    /// It is gone.
    Withdrawn(usize),
    /// It says something else.
    Changed(usize),
}

/// Columns of claims and commitments that are computed, not written in a sheet.
const COMPUTED: [&str; 12] = [
    "comparator",
    "value",
    "lower",
    "lower_open",
    "upper",
    "upper_open",
    "unit",
    "topic",
    "base_period",
    "evidence_status",
    "published_on",
    "counts_in_totals",
];

impl<'a> Causes<'a> {
    pub(super) fn new(old: &'a Side, new: &'a Side, rates: &'a [String]) -> Self {
        Self {
            old,
            new,
            rates,
            all: Vec::new(),
            numbers: BTreeMap::new(),
            sources: BTreeMap::new(),
            indicators: BTreeMap::new(),
            claims: BTreeMap::new(),
            renamed: BTreeMap::new(),
            references: BTreeMap::new(),
            observed: BTreeMap::new(),
            events: BTreeMap::new(),
        }
    }

    /// The number of a cause, each once.
    pub(super) fn number(&mut self, kind: CauseKind, about: &str, why: String, place: String) -> usize {
        let cause = Cause { kind, about: about.to_owned(), why, place };
        if let Some(number) = self.numbers.get(&cause) {
            return *number;
        }
        let number = self.all.len();
        self.all.push(cause.clone());
        self.numbers.insert(cause, number);
        number
    }

    /// The new id of a source or an indicator, where it has another one, and the cause that says so.
    pub(super) fn new_name(&self, column: &'static str, old: &str) -> Option<(&str, usize)> {
        self.references.get(&(column, old.to_owned())).map(|(name, cause)| (name.as_str(), *cause))
    }

    /// The new ids of what a column refers to.
    pub(super) fn new_names(&self, column: &str) -> BTreeSet<String> {
        let of_column = self.references.iter().filter(|((known, _), _)| *known == column);
        of_column.map(|(_, (name, _))| name.clone()).collect()
    }

    /// The cause of a row that merely refers to the same source and indicator by their new ids.
    fn of_references(&self, fields: &[Field]) -> Option<usize> {
        let mut causes = Vec::new();
        for field in fields.iter().filter(|field| field.column != "evidence_status") {
            let (name, cause) = self.new_name(field.column, &field.old)?;
            causes.extend((name == field.new).then_some(cause));
        }
        let all = causes.len() == fields.iter().filter(|field| field.column != "evidence_status").count();
        causes.first().copied().filter(|_| all)
    }

    /// The rates that changed between two sums in one currency.
    pub(super) fn of_rates(&mut self, old: &Promised, new: &Promised) -> Vec<usize> {
        let file = self.rates.first().cloned().unwrap_or_default();
        let mut causes = Vec::new();
        for (rate, is) in &new.rates {
            let why = match old.rates.get(rate) {
                Some(was) if was == is => continue,
                Some(was) => format!("{was} → {is} for one dollar"),
                None => format!("{is} for one dollar, not used before"),
            };
            causes.push(self.number(CauseKind::Rates, rate, why, file.clone()));
        }
        for (rate, was) in old.rates.iter().filter(|(rate, _)| !new.rates.contains_key(*rate)) {
            let why = format!("{was} for one dollar, no longer used");
            causes.push(self.number(CauseKind::Rates, rate, why, file.clone()));
        }
        causes
    }

    /// Where not one sheet changed, the one thing that explains every difference.
    pub(super) fn of_everything(&mut self) -> Option<usize> {
        let (old, new) = (self.old.run.sheets(), self.new.run.sheets());
        (!old.is_empty() && old == new).then(|| self.of_the_whole())
    }

    /// The differences that touch all rows, the likeliest first.
    pub(super) fn of_the_whole(&mut self) -> usize {
        match self.as_of() {
            Some(as_of) => as_of,
            None => self.of_reading(),
        }
    }

    /// What makes the same cells say something else: no day does.
    fn of_reading(&mut self) -> usize {
        let (old, new) = (&self.old.run, &self.new.run);
        if old.program != new.program && !old.program.is_empty() && !new.program.is_empty() {
            return self.program();
        }
        if differ(old.configuration(), new.configuration()) {
            return self.number(
                CauseKind::Configuration,
                "pipeline.toml",
                "a setting changed".to_owned(),
                String::new(),
            );
        }
        if let Some(file) = self.rates.iter().find(|file| differ(old.hash(file), new.hash(file))) {
            return self.number(CauseKind::Rates, file, "exchange rates changed".to_owned(), file.clone());
        }
        self.program()
    }

    fn as_of(&mut self) -> Option<usize> {
        let (old, new) = (&self.old.name.as_of, &self.new.name.as_of);
        let (old, new) = (old.clone()?, new.clone()?);
        (old != new).then(|| self.number(CauseKind::AsOf, "", format!("{old} → {new}"), String::new()))
    }

    fn program(&mut self) -> usize {
        let told = |name: &Option<String>| name.clone().unwrap_or_else(|| "unknown".to_owned());
        let (old, new) = (told(&self.old.name.program), told(&self.new.name.program));
        let why = if old == new {
            format!("{new}, built anew, reads the same cells differently")
        } else {
            format!("{old} → {new} reads the same cells differently")
        };
        self.number(CauseKind::Program, "", why, String::new())
    }

    /// Why a source appeared or went.
    pub(super) fn of_source(&mut self, row: &Row, kind: CauseKind) -> usize {
        let published_on = row.get("published_on");
        if self.is_beyond_a_given_day(published_on)
            && let Some(as_of) = self.as_of()
        {
            return as_of;
        }
        let why = format!("{}, {published_on}: {}", row.get("publisher"), row.get("title"));
        self.number(kind, row.get("source_id"), why, String::new())
    }

    /// Whether a run was told to know nothing of what was published on this day.
    fn is_beyond_a_given_day(&self, day: &str) -> bool {
        [self.old, self.new].iter().any(|side| side.run.as_of_given && day > side.run.as_of.as_str())
    }

    /// Why a row that a source states appeared or went.
    pub(super) fn of_row(&mut self, row: &Row, id: &str, kind: CauseKind) -> usize {
        match self.sources.get(row.get("source_id")) {
            Some(Whole::Added(cause) | Whole::Withdrawn(cause)) => return *cause,
            _ if self.sheet_is_the_same(row) => return self.of_the_whole(),
            _ => {}
        }
        if self.is_beyond_a_given_day(row.get("published_on"))
            && let Some(as_of) = self.as_of()
        {
            return as_of;
        }
        self.number(kind, id, String::new(), row.place())
    }

    /// Why a row of a fact sheet says something else.
    pub(super) fn of_changed_row(
        &mut self,
        sheet: &str,
        id: &str,
        (old, new): (&Row, &Row),
        fields: &[Field],
    ) -> usize {
        if let Some(cause) = self.corrected(sheet, id, new.place()) {
            return cause;
        }
        if let Some(cause) = self.of_references(fields) {
            return cause;
        }
        let only = |columns: &[&str]| fields.iter().all(|field| columns.contains(&field.column));
        match self.sources.get(new.get("source_id")) {
            Some(Whole::Changed(cause))
                if only(&["published_on", "announced_on", "period_end", "period_label"]) =>
            {
                return *cause;
            }
            _ => {}
        }
        if only(&COMPUTED)
            && let Some(cause) = self.indicators.get(new.get("indicator"))
        {
            return *cause;
        }
        if only(&["evidence_status"]) {
            return self.number(
                CauseKind::Evidence,
                id,
                "the text or the lock changed".to_owned(),
                new.place(),
            );
        }
        let is_written = !old.get("stated").is_empty() && only(&COMPUTED);
        if self.sheet_is_the_same(new) || (is_written && self.is_read_differently()) {
            return self.of_reading();
        }
        let kind = if fields.iter().any(|field| field.column == "rank") {
            CauseKind::Preferred
        } else {
            CauseKind::CellChanged
        };
        self.number(kind, id, spelt(fields), new.place())
    }

    fn is_read_differently(&self) -> bool {
        let (old, new) = (&self.old.run, &self.new.run);
        old.program != new.program || differ(old.configuration(), new.configuration())
    }

    /// Whether the row's sheet is known to be the same bytes on both sides.
    fn sheet_is_the_same(&self, row: &Row) -> bool {
        let file = row.get("file");
        let hashes = self.old.run.hash(file).zip(self.new.run.hash(file));
        hashes.is_some_and(|(old, new)| old == new)
    }

    fn corrected(&mut self, sheet: &str, id: &str, place: String) -> Option<usize> {
        let of_row = |side: &'a Side| -> Vec<&'a Corrected> {
            side.run
                .corrections
                .iter()
                .filter(|correction| correction.sheet == sheet && correction.id == id)
                .collect()
        };
        let (old, new) = (of_row(self.old), of_row(self.new));
        if old == new {
            return None;
        }
        let why = match new.iter().find(|correction| !old.contains(correction)) {
            Some(correction) => {
                format!("{} is {}: {}", correction.column, correction.value, correction.reason)
            }
            None => "a correction was taken out".to_owned(),
        };
        Some(self.number(CauseKind::Corrected, id, why, place))
    }

    /// Why an observation changed: the changes of its claims, those that came or went first.
    pub(super) fn of_observation(&mut self, indicator: &str, old: &[String], new: &[String]) -> Vec<usize> {
        let came = new.iter().filter(|claim| !old.contains(claim));
        let went = old.iter().filter(|claim| !new.contains(claim));
        let stayed = new.iter().filter(|claim| old.contains(claim));
        let mut found: Vec<usize> = Vec::new();
        for claim in came.chain(went).chain(stayed) {
            if let Some(&cause) = self.claims.get(claim.as_str())
                && !found.contains(&cause)
            {
                found.push(cause);
            }
        }
        if found.is_empty() {
            found.extend(self.indicators.get(indicator));
        }
        found
    }

    /// Why a derived observation changed: the observations of the same indicator and places whose periods its
    /// formula names.
    pub(super) fn of_formula(&self, derived: &Row) -> Vec<usize> {
        let observed = self.observed.get(derived.get("indicator")).map_or(&[][..], Vec::as_slice);
        let places = ["reporter", "partner"].map(|column| derived.get(column));
        let is_input = |observed: &&Observed| {
            observed.places == places
                && derived.get("formula").contains(&format!("({})", observed.period_label))
        };
        let mut causes = Vec::new();
        for cause in observed.iter().filter(is_input).flat_map(|observed| &observed.causes) {
            if !causes.contains(cause) {
                causes.push(*cause);
            }
        }
        causes
    }

    /// Why a commitment's progress changed: the observations it is measured by, of its latest period where
    /// that one changed.
    pub(super) fn of_progress(&self, commitment: &Row) -> Vec<usize> {
        let parties = [commitment.get("party"), commitment.get("counterparty")].join(";");
        let parties: Vec<&str> = parties.split(';').collect();
        let observed = self.observed.get(commitment.get("indicator")).map_or(&[][..], Vec::as_slice);
        let of_parties = |observed: &&Observed| {
            observed.places.iter().all(|place| place.is_empty() || parties.contains(&place.as_str()))
        };
        let measuring: Vec<&Observed> = observed.iter().filter(of_parties).collect();
        let of_latest = |observed: &&&Observed| observed.period_label == commitment.get("latest_period");
        let latest: Vec<&Observed> = measuring.iter().filter(of_latest).copied().collect();
        let chosen = if latest.is_empty() { measuring } else { latest };
        let mut causes = Vec::new();
        for cause in chosen.into_iter().flat_map(|observed| &observed.causes) {
            if !causes.contains(cause) {
                causes.push(*cause);
            }
        }
        causes
    }

    /// Why another claim is preferred although no claim changed.
    pub(super) fn of_preference(&mut self) -> usize {
        let is_weighed =
            |cause: &&Cause| cause.kind == CauseKind::SourceChanged && cause.why.contains("kind ");
        if let Some(cause) = self.all.iter().position(|cause| is_weighed(&cause)) {
            return cause;
        }
        let (old, new) = (self.old.run.configuration(), self.new.run.configuration());
        if differ(old, new) {
            let why = "the order of authority in pipeline.toml changed".to_owned();
            return self.number(CauseKind::Preferred, "", why, String::new());
        }
        self.of_the_whole()
    }
}

/// Whether both are known and differ.
fn differ(old: Option<&str>, new: Option<&str>) -> bool {
    old.zip(new).is_some_and(|(old, new)| old != new)
}

/// What the sheet says now, of the cells that people write; of the others where there is none.
pub(super) fn spelt(fields: &[Field]) -> String {
    let written: Vec<&Field> = fields.iter().filter(|field| !COMPUTED.contains(&field.column)).collect();
    let told: Vec<&Field> = if written.is_empty() { fields.iter().collect() } else { written };
    let or_nothing =
        |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
    let told = told.iter().take(3);
    let told: Vec<String> = told
        .map(|field| format!("{} {} → {}", field.column, or_nothing(&field.old), or_nothing(&field.new)))
        .collect();
    told.join(", ")
}
