//! A table of figures: what names the indicator, whose figure it is and of which period, and what stands across.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use model::contract::SheetKind;
use model::unit::Unit;
use normalize::header_unit;
use normalize::language::Languages;
use normalize::period;
use normalize::place::Places;
use normalize::quantity;

use super::column::{Column, LOOKED_AT, Seems, cells};
use super::entry::{Entry, braced};
use super::words::{self, is_code, is_total, says};
use super::{Foreign, Proposal};

/// Indicators that a table may name.
const INDICATORS: usize = 2000;

/// Columns that together name the indicator.
const PARTS: usize = 3;

/// A mapping in the making.
struct Draft<'a> {
    entry: Entry<'a>,
    places: &'a Places,
    indicators: BTreeMap<String, &'static str>,
    bodies: BTreeSet<String>,
}

/// The mapping of a table of figures.
pub(super) fn propose(table: &Foreign<'_>, columns: &[Column], places: &Places) -> Proposal {
    let draft = || Draft {
        entry: Entry::new(table, columns, "claims"),
        places,
        indicators: BTreeMap::new(),
        bodies: BTreeSet::new(),
    };
    let (first, figures) = draft().proposal(None);
    let mut proposal = Proposal { toml: format!("{}{}", described(table, columns), first.toml), ..first };
    // Figures side by side whose rows are told apart by words: a sheet for each.
    for figure in figures {
        let (next, _) = draft().proposal(Some(figure));
        proposal.toml.push('\n');
        proposal.toml.push_str(&next.toml);
        proposal.indicators.extend(next.indicators);
    }
    proposal
}

fn described(table: &Foreign<'_>, columns: &[Column]) -> String {
    Entry::new(table, columns, "claims").described()
}

impl Draft<'_> {
    /// The mapping, for one column of figures where one is given; the columns of figures that need one of their own.
    fn proposal(mut self, figure: Option<usize>) -> (Proposal, Vec<usize>) {
        self.take_figures(figure);
        self.take_by_header();
        self.take_by_content();
        self.take_period_of_sheets();
        let parts = self.parts();
        let mut others = Vec::new();
        if self.entry.across_to == "indicator" && self.entry.across.len() > 1 && !parts.is_empty() {
            let across = std::mem::take(&mut self.entry.across);
            self.entry.taken.insert(across[0], "value");
            others = across[1..].to_vec();
        }
        let is_one_of_several = figure.is_some() || !others.is_empty();
        self.name_indicators(&parts, is_one_of_several);
        self.take_place_above();
        self.constants(&parts);
        let toml = self.entry.toml();
        let proposal = Proposal { toml, indicators: self.indicators, is_stated: true, bodies: self.bodies };
        (proposal, others)
    }

    fn columns(&self) -> &[Column] {
        self.entry.columns
    }

    fn of(&self, seems: Seems) -> Vec<usize> {
        (0..self.columns().len())
            .filter(|&at| self.columns()[at].seems == seems && !self.columns()[at].name.is_empty())
            .collect()
    }

    /// Which columns hold the figures, and what their headers say where there are several.
    fn take_figures(&mut self, figure: Option<usize>) {
        if let Some(figure) = figure {
            self.entry.taken.insert(figure, "value");
            return;
        }
        let named = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
            // A column of few figures and many marks of what is missing seems to be text.
            let holds = |column: &Column| {
                matches!(column.seems, Seems::Figure | Seems::Empty | Seems::Period)
                    || (column.seems == Seems::Text && column.strangers == column.missing)
            };
            let columns = self.columns();
            (0..columns.len()).filter(|&at| holds(&columns[at]) && is(&columns[at].name)).collect()
        };
        let figures = self.of(Seems::Figure);
        let places: Vec<usize> = figures
            .iter()
            .copied()
            .filter(|&at| self.places.find(&self.columns()[at].name).is_some())
            .collect();
        let patterns: [(&'static str, Vec<usize>); 4] = [
            ("period", named(&is_period)),
            ("{indicator} {period}", named(&|name| before_period(name).is_some())),
            ("{period} {indicator}", named(&|name| after_period(name).is_some())),
            ("reporter", places),
        ];
        let several = patterns.into_iter().find(|(_, found)| found.len() > 1);
        match several {
            Some((to, found)) => (self.entry.across_to, self.entry.across) = (to, found),
            None if figures.len() > 1 => self.entry.across = figures,
            None => self.entry.taken.extend(figures.first().map(|&value| (value, "value"))),
        }
    }

    /// Columns whose header says what they are, where their cells do not gainsay it.
    fn take_by_header(&mut self) {
        for contract in SheetKind::Claims.columns() {
            let found = (0..self.columns().len())
                .find(|&at| self.columns()[at].name == contract.name && self.entry.is_free(at));
            if !self.entry.has(contract.name) {
                self.entry.taken.extend(found.map(|at| (at, contract.name)));
            }
        }
        self.take_givers();
        for (column, words) in words::OF_CLAIMS {
            if self.entry.has(column) {
                continue;
            }
            let fits = |found: &Column| match column {
                "partner" | "reporter" => found.seems == Seems::Place && !is_code(&found.name),
                "period" => found.seems == Seems::Period,
                "unit" => found.seems == Seems::Unit,
                _ => found.seems == Seems::Text,
            };
            let columns = self.columns();
            let found = (0..columns.len())
                .find(|&at| self.entry.is_free(at) && fits(&columns[at]) && says(&columns[at].name, words));
            self.entry.taken.extend(found.map(|at| (at, column)));
        }
    }

    /// A column of donors holds organisations beside countries: they are declared as places.
    fn take_givers(&mut self) {
        let is_givers = |column: &Column| {
            matches!(column.seems, Seems::Text | Seems::Place)
                && says(&column.name, &words::GIVERS)
                && column.strangers.len() < column.distinct
                && column.strangers.len() <= words::BODIES
        };
        let columns = self.entry.columns;
        let found = (0..columns.len()).find(|&at| self.entry.is_free(at) && is_givers(&columns[at]));
        let Some(at) = found.filter(|_| !self.entry.has("reporter")) else { return };
        self.entry.taken.insert(at, "reporter");
        let bodies = columns[at].strangers.iter().filter(|name| words::is_body(name, self.places));
        self.bodies.extend(bodies.filter(|name| !is_total(name)).cloned());
    }

    /// Columns whose cells say what they are.
    fn take_by_content(&mut self) {
        for (seems, column) in [
            (Seems::Place, "reporter"),
            (Seems::Place, "partner"),
            (Seems::Unit, "unit"),
            (Seems::Period, "period"),
        ] {
            let found = self
                .of(seems)
                .into_iter()
                .find(|&at| self.entry.is_free(at) && !is_code(&self.columns()[at].name));
            if !self.entry.has(column) {
                self.entry.taken.extend(found.map(|at| (at, column)));
            }
        }
    }

    /// Sheets that are named by years.
    fn take_period_of_sheets(&mut self) {
        let sheets = &self.entry.table.sheets;
        let is_year = |name: &String| period::parse(name, Languages::ALL, None).is_ok();
        if !self.entry.has("period") && !sheets.is_empty() && sheets.iter().all(is_year) {
            self.entry.constant("period", "{sheet}");
        }
    }

    /// A place that the title names: whose figures they are.
    fn take_place_above(&mut self) {
        if self.entry.has("reporter") {
            return;
        }
        let words = self.entry.table.above.iter().flat_map(|line| {
            let words: Vec<&str> =
                line.split([' ', ',', '(', ')', ':', '.', '\u{a0}']).filter(|w| !w.is_empty()).collect();
            let runs = (1..=4)
                .flat_map(move |length| words.windows(length).map(|run| run.join(" ")).collect::<Vec<_>>());
            runs.filter(|run| run.chars().count() > 3).collect::<Vec<_>>()
        });
        let found: BTreeSet<_> = words.filter_map(|words| self.places.find(&words)).collect();
        if let (1, Some(&place)) = (found.len(), found.first()) {
            let code = self.places.get(place).code.clone();
            self.entry.constant("reporter", code);
        }
    }

    /// The columns of words that tell rows of one place and period apart, and those that say which way a flow goes: together
    /// they name the indicator.
    fn parts(&self) -> Vec<usize> {
        if self.entry.has("indicator") && self.entry.across_to != "indicator" {
            return Vec::new();
        }
        let is_part = |at: &usize| {
            let column = &self.columns()[*at];
            matches!(column.seems, Seems::Text | Seems::Id | Seems::Place)
                && self.entry.is_free(*at)
                && !is_code(&column.name)
                && braced(&column.name).is_some()
                && !says(&column.name, words::OF_CLAIMS[6].1)
                && column.texts.iter().all(|text| text.chars().count() <= 120)
                && column.distinct <= INDICATORS / 2
        };
        let mut free: Vec<usize> = (0..self.columns().len()).filter(is_part).collect();
        if self.entry.at("indicator").is_some() {
            return Vec::new();
        }
        let keys = ["reporter", "partner", "period"];
        // Exports and imports are no one indicator, even where no place and year has both.
        let is_direction = |at: &usize| words::is_direction(&self.columns()[*at].texts);
        let mut chosen: Vec<usize> = free.iter().copied().filter(is_direction).collect();
        free.retain(|at| !chosen.contains(at));
        let stated = keys.iter().filter_map(|column| self.entry.at(column));
        let mut key: Vec<usize> = stated.chain(chosen.iter().copied()).collect();
        let rows = self.rows();
        let mut told = self.told_apart(&key);
        while told < rows && chosen.len() < PARTS {
            let with = |at: usize| key.iter().copied().chain([at]).collect::<Vec<_>>();
            let best =
                free.iter().copied().max_by_key(|&at| (self.told_apart(&with(at)), std::cmp::Reverse(at)));
            let Some(best) = best.filter(|&at| self.told_apart(&with(at)) > told) else { break };
            free.retain(|&at| at != best);
            key.push(best);
            chosen.push(best);
            told = self.told_apart(&key);
        }
        chosen.sort_unstable();
        let named: HashSet<Vec<&str>> = self.texts(&chosen).collect();
        if named.len() > INDICATORS { Vec::new() } else { chosen }
    }

    fn rows(&self) -> usize {
        self.entry.table.batches.iter().map(|batch| batch.len()).sum::<usize>().min(LOOKED_AT)
    }

    /// How many rows differ in these columns.
    fn told_apart(&self, key: &[usize]) -> usize {
        if key.is_empty() { 1 } else { self.texts(key).collect::<HashSet<_>>().len() }
    }

    /// The cells of these columns, row by row.
    fn texts<'t>(&'t self, key: &[usize]) -> impl Iterator<Item = Vec<&'t str>> {
        let mut columns: Vec<_> = key.iter().map(|&at| cells(self.entry.table.batches, at)).collect();
        std::iter::from_fn(move || {
            let row: Vec<&str> =
                columns.iter_mut().map_while(|column| column.next().map(|cell| cell.0)).collect();
            (!row.is_empty()).then_some(row)
        })
    }

    /// The unit of the figures of a row's indicator, where its words or the table give one.
    fn unit(&self, column: Option<usize>) -> Unit {
        let of_header = |at: usize| {
            let column = &self.columns()[at];
            let unit = header_unit::split(&column.name).unit;
            unit.and_then(|unit| quantity::scaled_unit(&unit)?.0)
                .or(column.cell_unit)
                .or(column.is_percent.then_some(Unit::PERCENT))
        };
        let in_cells = self
            .entry
            .at("unit")
            .and_then(|at| self.columns()[at].texts.iter().find_map(|text| quantity::scaled_unit(text)?.0));
        let own = column.and_then(of_header);
        let of_values = || self.entry.at("value").and_then(of_header);
        let of_any = || self.entry.across.iter().find_map(|&at| of_header(at));
        let above = || self.entry.table.unit_above().and_then(|unit| quantity::scaled_unit(&unit)?.0);
        own.or(in_cells).or_else(of_values).or_else(of_any).or_else(above).unwrap_or(Unit::COUNT)
    }

    /// The indicators: by columns of words, by the headers of what becomes rows, or one for the whole table.
    fn name_indicators(&mut self, parts: &[usize], is_one_of_several: bool) {
        let usual = self.unit(None);
        if let Some(at) = self.entry.at("indicator") {
            let units = self.entry.at("unit");
            let key: Vec<usize> = [Some(at), units].into_iter().flatten().collect();
            let named: BTreeMap<String, &'static str> = self
                .texts(&key)
                .filter(|row| !row[0].is_empty() && !is_total(row[0]))
                .map(|row| {
                    let split = header_unit::split(row[0]).unit;
                    let own = row.get(1).copied().or(split.as_deref());
                    let own = own.and_then(|own| quantity::scaled_unit(own)?.0);
                    (row[0].to_owned(), own.unwrap_or(usual).code())
                })
                .collect();
            self.indicators.extend(named);
        } else if !parts.is_empty() {
            self.name_by_parts(parts, is_one_of_several, usual);
        } else if self.entry.across.is_empty() || !self.entry.across_to.contains("indicator") {
            let title = self.entry.table.sheets.first().filter(|_| self.entry.table.sheets.len() == 1);
            let name = title.map_or(self.entry.table.source, String::as_str);
            let id = name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase().replace(';', "");
            self.entry.constant("indicator", id.clone());
            self.indicators.insert(id, usual.code());
        } else {
            self.name_across(usual);
        }
    }

    /// The columns of words, and the header of the figures where there are several.
    fn name_by_parts(&mut self, parts: &[usize], is_one_of_several: bool, usual: Unit) {
        let value = self.entry.at("value").filter(|_| is_one_of_several);
        let heading =
            value.map(|at| header_unit::split(&self.columns()[at].name).name).filter(|name| !name.is_empty());
        if let ([only], None) = (parts, &heading) {
            self.entry.taken.insert(*only, "indicator");
            let names = self.texts(parts).map(|row| row[0].to_owned());
            self.indicators = names
                .filter(|name| !name.is_empty() && !is_total(name))
                .map(|name| (name, usual.code()))
                .collect();
            return;
        }
        let template: Vec<String> = parts.iter().filter_map(|&at| braced(&self.columns()[at].name)).collect();
        let ending = heading.map(|name| format!(": {name}")).unwrap_or_default();
        let ending = ending.replace(['{', '}', ';'], "");
        let unit = self.unit(value).code();
        self.indicators =
            self.texts(parts).map(|row| (format!("{}{ending}", row.join(", ")), unit)).collect();
        self.entry.used.extend(parts.iter().map(|&at| (at, "indicator")));
        self.entry.constant("indicator", format!("{}{ending}", template.join(", ")));
    }

    /// The indicators that the headers of what becomes rows name.
    fn name_across(&mut self, usual: Unit) {
        let mut named = BTreeMap::new();
        for &at in &self.entry.across {
            let column = &self.columns()[at];
            let heading = header_unit::split(&column.name);
            let name = if heading.name.is_empty() { &column.name } else { &heading.name };
            let name = match self.entry.across_to {
                "{indicator} {period}" => before_period(name),
                "{period} {indicator}" => after_period(name),
                _ => None,
            }
            .unwrap_or_else(|| name.clone());
            let own = heading.unit.as_deref().and_then(quantity::scaled_unit).and_then(|unit| unit.0);
            let percent = column.is_percent.then_some(Unit::PERCENT);
            let unit = own.or(column.cell_unit).or(percent).unwrap_or(usual);
            named.insert(name, unit.code());
        }
        self.indicators = named;
    }

    /// What every row says, and what is left to say.
    fn constants(&mut self, parts: &[usize]) {
        if let Some(unit) = self.entry.table.unit_above()
            && !self.entry.has("unit")
        {
            let heads = self.entry.at("value").into_iter().chain(self.entry.across.iter().copied());
            let has_own = |at: usize| {
                let column = &self.columns()[at];
                header_unit::split(&column.name).unit.is_some()
                    || column.cell_unit.is_some()
                    || column.is_percent
            };
            if !heads.into_iter().any(has_own) {
                self.entry.constant("unit", unit);
            }
        }
        let named: Vec<String> = ["indicator", "reporter", "partner", "period"]
            .into_iter()
            .filter(|column| self.entry.has(column))
            .map(|column| {
                match self
                    .entry
                    .constants
                    .iter()
                    .find(|(constant, text)| *constant == column && text.contains('{'))
                {
                    // A template names no column that is a template itself.
                    Some((_, template)) if column == "period" => template.clone(),
                    _ => format!("{{{column}}}"),
                }
            })
            .collect();
        // A template cannot name a column that is a template itself: it names what that one does.
        let in_parts: Vec<String> = parts.iter().filter_map(|&at| braced(&self.columns()[at].name)).collect();
        let is_made = parts.len() > 1 || (!parts.is_empty() && self.entry.at("indicator").is_none());
        let key: Vec<String> = if is_made {
            let value = self
                .entry
                .at("value")
                .map(|at| header_unit::split(&self.columns()[at].name).name.replace(['{', '}'], ""));
            in_parts
                .into_iter()
                .chain(value)
                .chain(named.into_iter().filter(|name| name != "{indicator}"))
                .collect()
        } else {
            named
        };
        if !self.entry.has("evidence") {
            let figure = if self.entry.has("stated") { "{stated}" } else { "{value}" };
            self.entry.constant("evidence", format!("{}: {figure}", key.join(", ")));
        }
        for (column, what) in [
            ("reporter", "whose figures are these?"),
            ("period", "of which period?"),
            ("value", "which column holds the figures?"),
        ] {
            let is_given = column == "value" && (self.entry.has("stated") || !self.entry.across.is_empty());
            if !self.entry.has(column) && !is_given {
                self.entry.to_do.push(format!("{what} Give `{column}` under `columns` or `constants`."));
            }
        }
        if !self.entry.has("claim_id") {
            self.entry.constant("claim_id", format!("{}-{{row}}", key.join("-")));
        }
    }
}

/// A header that is a period, a year in it: "2019", "2019, USD million", "I кв. 2023".
pub(super) fn is_period(name: &str) -> bool {
    let heading = header_unit::split(name).name;
    has_year(&heading) && period::parse(&heading, Languages::ALL, None).is_ok()
}

fn has_year(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4 && digits.parse().is_ok_and(|year: u16| (1800..2200).contains(&year)))
}

/// "Exports 2019": what stands before the longest period at its end.
fn before_period(name: &str) -> Option<String> {
    let name = header_unit::split(name).name;
    let cut = name.match_indices(' ').find(|(at, _)| is_period(&name[at + 1..]))?;
    Some(name[..cut.0].to_owned())
}

/// "2019 Exports of goods": what stands behind the longest period at its start.
fn after_period(name: &str) -> Option<String> {
    let name = header_unit::split(name).name;
    let cut = name.rmatch_indices(' ').find(|(at, _)| is_period(&name[..*at]))?;
    Some(name[cut.0 + 1..].to_owned())
}
