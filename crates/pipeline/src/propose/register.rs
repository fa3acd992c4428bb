//! A register: each row is a thing with a name, a day and a status. It becomes commitments, with their coming into force
//! as events where there is no status, or a list of sources.

use std::collections::BTreeSet;

use normalize::header_unit;
use normalize::place::Places;
use normalize::quantity;
use rust_decimal::Decimal;

use super::column::{Column, Seems};
use super::entry::{Entry, braced, quoted};
use super::words::{self, says};
use super::{Foreign, Proposal};

/// The mapping of a register, or of a list of sources; none where the table is neither.
pub(super) fn propose(table: &Foreign<'_>, columns: &[Column], places: &Places) -> Option<Proposal> {
    let title = title(columns)?;
    let find = |seems: Seems, words: &[&str]| {
        (0..columns.len()).find(|&at| columns[at].seems == seems && says(&columns[at].name, words))
    };
    let has_dates = columns.iter().any(|column| column.seems == Seems::Period);
    let publisher = find(Seems::Text, &words::PUBLISHERS);
    if let (Some(publisher), true) = (publisher, has_dates) {
        return Some(sources(table, columns, title, publisher));
    }
    let has_status = find(Seems::Text, &words::STATUSES).is_some();
    if !has_dates && !has_status {
        return None;
    }
    Some(
        Register { entry: Entry::new(table, columns, "commitments"), places, bodies: BTreeSet::new() }
            .proposal(title),
    )
}

/// The column of names: texts, most of them different, under a header that says so. Where rows have numbers of their
/// own, names may come again.
fn title(columns: &[Column]) -> Option<usize> {
    let is_key = |column: &Column| {
        words::is_number_name(&column.name) && column.filled > 1 && column.distinct == column.filled
    };
    let least = if columns.iter().any(is_key) { 10 } else { 2 };
    let is_title = |column: &Column, word: &str| {
        column.seems == Seems::Text
            && column.filled > 1
            && column.distinct * least > column.filled
            && says(&column.name, &[word])
            && !says(&column.name, &words::STATUSES)
            && !words::is_code(&column.name)
    };
    words::TITLES.iter().find_map(|word| (0..columns.len()).find(|&at| is_title(&columns[at], word)))
}

fn sources(table: &Foreign<'_>, columns: &[Column], title: usize, publisher: usize) -> Proposal {
    let mut entry = Entry::new(table, columns, "sources");
    entry.constants.clear();
    entry.taken.extend([(title, "title"), (publisher, "publisher")]);
    let is_free =
        |entry: &Entry<'_>, at: usize, seems: Seems| entry.is_free(at) && columns[at].seems == seems;
    for (seems, column) in
        [(Seems::Period, "published_on"), (Seems::Address, "url"), (Seems::Id, "source_id")]
    {
        let found = (0..columns.len()).find(|&at| is_free(&entry, at, seems));
        entry.taken.extend(found.map(|at| (at, column)));
    }
    for (column, words) in [("language", ["language", "язык"]), ("note", ["note", "примечан"])] {
        let found = (0..columns.len()).find(|&at| entry.is_free(at) && says(&columns[at].name, &words));
        entry.taken.extend(found.map(|at| (at, column)));
    }
    if !entry.has("source_id") {
        entry.constant("source_id", format!("{}-{{row}}", table.source));
    }
    entry.constant("kind", "press");
    entry.to_do.push("what sort of texts are these? Give `kind`: official_statistics, official_statement, wire, press, press_release or aggregator.".to_owned());
    let toml = format!("{}{}", entry.described(), entry.toml());
    Proposal { toml, ..Proposal::default() }
}

struct Register<'a> {
    entry: Entry<'a>,
    places: &'a Places,
    /// Names that stand where places do and are none.
    bodies: BTreeSet<String>,
}

impl Register<'_> {
    fn proposal(mut self, title: usize) -> Proposal {
        self.entry.taken.insert(title, "title");
        self.take_id();
        self.take_parties();
        let in_force = self.take_dates();
        self.take_status();
        self.state_amount();
        self.take("note", |column| says(&column.name, words::OF_CLAIMS[6].1));
        let kind = self.kind();
        self.entry.constant("kind", kind);
        for (column, question) in [("party", "who promises?"), ("announced_on", "when was it announced?")] {
            if !self.entry.has(column) {
                let line = format!("{question} Give `{column}` under `columns` or `constants`.");
                self.entry.to_do.push(line);
            }
        }
        let mut toml = format!("{}{}", self.entry.described(), self.entry.toml());
        if let Some(on) = in_force.filter(|_| !self.entry.has("status")) {
            toml.push_str(&self.events(on));
        }
        Proposal { toml, is_stated: true, bodies: self.bodies, ..Proposal::default() }
    }

    /// The first free column that fits gives the contract column.
    fn take(&mut self, column: &'static str, fits: impl Fn(&Column) -> bool) -> Option<usize> {
        let found = (0..self.entry.columns.len())
            .find(|&at| self.entry.is_free(at) && fits(&self.entry.columns[at]))
            .filter(|_| !self.entry.has(column))?;
        self.entry.taken.insert(found, column);
        Some(found)
    }

    /// The first free column that fits the earliest word.
    fn take_by_words(
        &mut self,
        column: &'static str,
        words: &[&str],
        fits: impl Fn(&Column) -> bool,
    ) -> Option<usize> {
        words.iter().find_map(|word| self.take(column, |found| fits(found) && says(&found.name, &[word])))
    }

    fn take_id(&mut self) {
        let is_key =
            |column: &Column| column.filled > 0 && column.distinct == column.filled && !column.has_gaps;
        let is_number =
            |column: &Column| column.texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let named = |column: &Column| words::is_number_name(&column.name) && is_key(column);
        // A bare number is no name that other sheets could use.
        if let Some(at) = (0..self.entry.columns.len()).find(|&at| named(&self.entry.columns[at])) {
            let column = &self.entry.columns[at];
            if !is_number(column) {
                self.entry.taken.insert(at, "commitment_id");
                return;
            }
            if let Some(name) = braced(&column.name) {
                self.entry.used.insert(at, "commitment_id");
                let id = format!("{}-{name}", self.entry.table.source);
                self.entry.constant("commitment_id", id);
                return;
            }
        }
        let id = format!("{}-{{row}}", self.entry.table.source);
        self.entry.constant("commitment_id", id);
    }

    /// Who promises, and to whom. Organisations that stand there are declared as places.
    fn take_parties(&mut self) {
        let is_place = |column: &Column| column.seems == Seems::Place && !words::is_code(&column.name);
        let is_body = |column: &Column| {
            matches!(column.seems, Seems::Text | Seems::Place)
                && says(&column.name, &words::GIVERS)
                && column.strangers.len() <= words::BODIES
                && column.strangers.iter().all(|name| name.chars().count() <= 80)
        };
        self.take_by_words("counterparty", &words::COUNTERPARTIES, is_place);
        if let Some(at) = self.take_by_words("party", &words::GIVERS, is_body) {
            self.declare(at);
        }
        self.take_by_words("party", &words::PARTIES, is_place);
        self.take("party", is_place);
        self.take("counterparty", is_place);
        // Where the giver is not known, it is the one it is given to who reports it.
        if !self.entry.has("party")
            && let Some(at) = self.entry.at("counterparty")
        {
            self.entry.taken.insert(at, "party");
        }
    }

    /// Organisations in the column; where several parties stand in a cell, they are parted by `;`.
    fn declare(&mut self, at: usize) {
        let mut parted = Vec::new();
        for cell in &self.entry.columns[at].strangers {
            let names = words::split_parties(cell);
            let is_known =
                |name: &&str| self.places.find(name).is_some() || words::is_body(name, self.places);
            if names.len() > 1 && !names.iter().all(is_known) {
                continue;
            }
            let bodies = names.iter().filter(|name| words::is_body(name, self.places));
            self.bodies.extend(bodies.map(|name| (*name).to_owned()));
            if names.len() > 1 && !cell.contains(';') {
                parted.push((cell.clone(), names.join("; ")));
            }
        }
        if !parted.is_empty() {
            self.entry.values.push(("party", parted));
        }
    }

    /// The day it was announced and the one it is due; the one on which it came into force is given back.
    fn take_dates(&mut self) -> Option<usize> {
        let is_date = |column: &Column| column.seems == Seems::Period;
        let columns = self.entry.columns;
        let in_force = (0..columns.len()).find(|&at| {
            self.entry.is_free(at) && is_date(&columns[at]) && says(&columns[at].name, &words::IN_FORCE)
        });
        let is_other = |column: &Column| is_date(column) && !says(&column.name, &words::IN_FORCE);
        self.take_by_words("deadline", &words::DEADLINES, is_other);
        self.take_by_words("announced_on", &words::ANNOUNCED, is_other);
        self.take("announced_on", is_date);
        in_force.filter(|&at| self.entry.is_free(at))
    }

    fn take_status(&mut self) {
        let is_status = |column: &Column| column.seems == Seems::Text && says(&column.name, &words::STATUSES);
        let Some(at) = self.take("status", is_status) else { return };
        let meaning = |text: &String| {
            let folded = text.to_lowercase();
            let known = words::STATUS_WORDS.iter().find(|(word, _)| folded.starts_with(word));
            known
                .filter(|(_, status)| *status != text.as_str())
                .map(|(_, status)| (text.clone(), (*status).to_owned()))
        };
        let meanings: Vec<(String, String)> =
            self.entry.columns[at].texts.iter().filter_map(meaning).collect();
        if !meanings.is_empty() {
            self.entry.values.push(("status", meanings));
        }
    }

    /// The figure in words: the cell alone, or with the unit that its header, a column or the title gives.
    fn state_amount(&mut self) {
        let is_amount = |column: &Column| column.seems == Seems::Figure && !column.is_percent;
        let columns = self.entry.columns;
        let free = |at: &usize| self.entry.is_free(*at) && is_amount(&columns[*at]);
        let by_word =
            |word: &&str| (0..columns.len()).filter(free).find(|&at| says(&columns[at].name, &[word]));
        let Some(at) = words::AMOUNTS.iter().find_map(by_word) else { return };
        let column = &columns[at];
        if column.cell_unit.is_some() {
            self.entry.taken.insert(at, "stated");
            return;
        }
        let heading = header_unit::split(&column.name).unit;
        let own = heading.or_else(|| self.entry.table.unit_above());
        let currency =
            (0..columns.len()).find(|&at| columns[at].seems == Seems::Unit && self.entry.is_free(at));
        let unit = match (own.as_deref().and_then(in_words), currency) {
            (Some(unit), _) => Some(unit),
            (None, Some(at)) => braced(&columns[at].name),
            (None, None) => None,
        };
        let (Some(name), Some(unit)) = (braced(&column.name), unit) else {
            let name = quoted(&column.name);
            self.entry.to_do.push(format!(
                "{name} holds figures; of which unit? Give `stated` under `constants`, with {name} in braces."
            ));
            return;
        };
        self.entry.used.insert(at, "stated");
        if unit.starts_with('{') {
            self.entry.used.extend(currency.map(|at| (at, "stated")));
        }
        self.entry.constant("stated", format!("{name} {unit}"));
    }

    /// What sort of promise the register holds.
    fn kind(&self) -> &'static str {
        let mut names: Vec<&str> = self.entry.columns.iter().map(|column| column.name.as_str()).collect();
        names.extend(self.entry.table.sheets.iter().map(String::as_str));
        names.push(self.entry.table.file);
        words::KINDS
            .iter()
            .find(|(word, _)| names.iter().any(|name| says(name, &[word])))
            .map_or("plan", |(_, kind)| kind)
    }

    /// Their coming into force, from the same rows.
    fn events(&self, on: usize) -> String {
        let mut entry = Entry::new(self.entry.table, self.entry.columns, "events");
        entry.taken.insert(on, "on");
        match self.entry.at("commitment_id") {
            Some(at) => drop(entry.taken.insert(at, "commitment_id")),
            None => entry.constants.extend(
                self.entry.constants.iter().filter(|(column, _)| *column == "commitment_id").cloned(),
            ),
        }
        entry.constant("status", "in_force");
        format!("\n{}", entry.toml())
    }
}

/// A unit as it stands behind a number: "USD million" as "million USD".
fn in_words(unit: &str) -> Option<String> {
    let (named, factor) = quantity::scaled_unit(unit)?;
    let code = named?.code();
    let magnitude = [
        ("", 1),
        ("thousand ", 1_000),
        ("million ", 1_000_000),
        ("billion ", 1_000_000_000),
        ("trillion ", 1_000_000_000_000_i64),
    ]
    .into_iter()
    .find(|(_, size)| factor == Decimal::from(*size))?
    .0;
    Some(format!("{magnitude}{code}"))
}
