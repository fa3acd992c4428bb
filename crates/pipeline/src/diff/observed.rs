//! What follows from claims and commitments: observations, and what promised money comes to.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use model::table::OBSERVATIONS;

use super::causes::Observed;
use super::change::{Action, Change, Field, Table};
use super::compare::{Comparison, change_of};
use super::rows::{Row, Step};
use super::side::Promised;
use super::words;

/// Columns of an observation whose change is told.
const OF_OBSERVATION: [&str; 8] =
    ["comparator", "value", "lower", "lower_open", "upper", "upper_open", "conflict", "best_claim"];

impl Comparison<'_> {
    pub(super) fn observations(&mut self) -> Result<()> {
        let mut sides = self.sides(&OBSERVATIONS)?;
        // Of indicators with another id: by what they would be called now.
        let mut elsewhere: BTreeMap<String, (Option<Row>, Option<Row>)> = BTreeMap::new();
        let new_names: BTreeSet<String> = self.causes.new_names("indicator");
        while let Some(step) = sides.next()? {
            let change = match step {
                Step::Added(row) if new_names.contains(row.get("indicator")) => {
                    let id = words::observation_id(&row);
                    elsewhere.entry(id).or_default().1 = Some(row);
                    continue;
                }
                Step::Withdrawn(row) => match self.causes.new_name("indicator", row.get("indicator")) {
                    Some((name, _)) => {
                        let id = words::observation_id(&row);
                        let rest = id.strip_prefix(row.get("indicator")).unwrap_or(&id);
                        elsewhere.entry(format!("{name}{rest}")).or_default().0 = Some(row);
                        continue;
                    }
                    None => self.observation(Action::Withdrawn, Some(&row), None),
                },
                Step::Added(row) => self.observation(Action::Added, None, Some(&row)),
                Step::Changed(old, new) => self.observation(Action::Changed, Some(&old), Some(&new)),
            };
            self.diff.changes.extend(change);
        }
        for (old, new) in elsewhere.into_values() {
            let change = match (&old, &new) {
                (Some(old), Some(new)) => self.observation_elsewhere(old, new),
                (None, _) => self.observation(Action::Added, None, new.as_ref()),
                (_, None) => self.observation(Action::Withdrawn, old.as_ref(), None),
            };
            self.diff.changes.extend(change);
        }
        self.derived();
        Ok(())
    }

    /// Tells why derived values changed none of whose own claims did: what they are derived from did.
    fn derived(&mut self) {
        let rows = std::mem::take(&mut self.derived);
        let untold = self.diff.changes.iter_mut().filter(|change| change.causes.is_empty());
        for (change, row) in untold.zip(rows) {
            change.causes = self.causes.of_formula(&row);
            if change.causes.is_empty() {
                change.causes.push(self.causes.of_the_whole());
            }
        }
    }

    /// An observation whose indicator has another id: renamed, unless it says something else too.
    fn observation_elsewhere(&mut self, old: &Row, new: &Row) -> Option<Change> {
        let mut change = match self.observation(Action::Changed, Some(old), Some(new)) {
            Some(change) => change,
            None => {
                let (_, cause) = self.causes.new_name("indicator", old.get("indicator"))?;
                let mut change =
                    change_of(Table::Observations, Action::Renamed, new, Vec::new(), vec![cause]);
                change.cells =
                    new.get("claims").split(';').filter(|id| !id.is_empty()).map(str::to_owned).collect();
                change
            }
        };
        change.old_id = Some(words::observation_id(old));
        Some(change)
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
        let is_derived = row.get("derived") == "true";
        if causes.is_empty() && is_derived {
            self.derived.push(row.clone());
        } else if causes.is_empty() {
            causes.push(match fields.iter().any(|field| field.column == "best_claim") {
                true => self.causes.of_preference(),
                false => self.causes.of_the_whole(),
            });
        }
        if !is_derived {
            self.causes.observed.entry(indicator).or_default().push(Observed {
                places: ["reporter", "partner"].map(|column| row.get(column).to_owned()),
                period_label: row.get("period_label").to_owned(),
                causes: causes.clone(),
            });
        }
        let mut change = change_of(Table::Observations, action, row, fields, causes);
        change.steps[0] = old.and_then(words::derived_step);
        // Until they are looked up: the claims whose cells stand behind it.
        change.cells = if action == Action::Withdrawn { before } else { after };
        Some(change)
    }

    /// Promised money in all, by currency: what the rates make of it in dollars.
    pub(super) fn totals(&mut self) {
        let (old, new) = (&self.old.run.promised, &self.new.run.promised);
        let currencies: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
        for currency in currencies {
            let none = Promised::default();
            let was = old.get(currency).unwrap_or(&none);
            let is = new.get(currency).unwrap_or(&none);
            let both = [("amount", &was.amount, &is.amount), ("in_dollars", &was.in_dollars, &is.in_dollars)];
            let differing = both.into_iter().filter(|(_, was, is)| was != is);
            let fields: Vec<Field> = differing.map(|(name, was, is)| Field::new(name, was, is)).collect();
            // Dollars are dollars: no rate enters their sum, and the commitments tell its change.
            if fields.is_empty() || was.rates.is_empty() && is.rates.is_empty() {
                continue;
            }
            let of_currency =
                |change: &&Change| change.table == Table::Commitments && change.unit == currency;
            let promises =
                self.diff.changes.iter().filter(of_currency).flat_map(|change| change.causes.clone());
            let mut causes: Vec<usize> = promises.collect();
            causes.splice(0..0, self.causes.of_rates(was, is));
            if causes.is_empty() {
                causes.push(self.causes.of_the_whole());
            }
            let mut seen = BTreeSet::new();
            causes.retain(|cause| seen.insert(*cause));
            self.diff.changes.push(Change {
                table: Table::Totals,
                action: Action::Changed,
                id: format!("promised in {currency}"),
                old_id: None,
                says: String::new(),
                comparator: String::new(),
                unit: currency.to_owned(),
                steps: [None; 2],
                fields,
                causes,
                cells: Vec::new(),
            });
        }
    }
}
