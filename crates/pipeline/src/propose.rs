//! What each column of a foreign table seems to be, and the `[[sheet]]` that follows from it. A
//! proposal is a beginning: what it leaves open, `pipeline check` names. No file is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ingest::sheet::Header;
use model::cell::{Batch, CellType};
use model::contract::{Need, SheetKind};
use model::unit::Unit;
use normalize::header_unit;
use normalize::language::Languages;
use normalize::mapping::folded;
use normalize::period::{self, DayOrder};
use normalize::place::Places;
use normalize::quantity::{self, Convention};

/// Rows that are looked at.
const LOOKED_AT: usize = 2000;

/// Distinct texts that are kept of a column.
const KEPT: usize = 200;

/// A table that somebody handed us.
#[derive(Clone)]
pub(crate) struct Foreign<'a> {
    /// Its file below the workspace.
    pub(crate) file: &'a str,
    /// Its sheet, in a workbook.
    pub(crate) sheet: Option<&'a str>,
    /// The id of the source that it is.
    pub(crate) source: &'a str,
    pub(crate) header: &'a Header,
    pub(crate) batches: &'a [Batch],
}

/// A proposed `[[sheet]]`, and the indicators that it needs.
pub(crate) struct Proposal {
    /// TOML with comments.
    pub(crate) toml: String,
    /// Ids with the code of their unit.
    pub(crate) indicators: BTreeMap<String, &'static str>,
}

/// What the cells of a column are, as far as they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seems {
    Empty,
    Figure,
    Unit,
    Period,
    Place,
    Address,
    Id,
    Text,
}

impl Seems {
    const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Figure => "figures",
            Self::Unit => "units",
            Self::Period => "periods",
            Self::Place => "places",
            Self::Address => "addresses",
            Self::Id => "ids",
            Self::Text => "text",
        }
    }
}

/// A column, looked at.
struct Column {
    name: String,
    seems: Seems,
    /// Different texts, at most [`KEPT`].
    texts: BTreeSet<String>,
    /// Texts of a column of figures that are none: marks of what is missing.
    missing: BTreeSet<String>,
    has_gaps: bool,
    is_percent: bool,
}

/// Words in headers, in lower case, that tell what a column of claims is for.
const HEADER_WORDS: [(&str, &[&str]); 7] = [
    ("indicator", &["indicator", "series", "measure", "показатель", "индикатор"]),
    ("partner", &["partner", "counterpart", "recipient", "destination", "партн", "контрагент", "получател"]),
    ("reporter", &["reporter", "country", "state", "economy", "donor", "страна", "государств", "регион"]),
    ("period", &["period", "year", "date", "quarter", "month", "период", "год", "дата", "квартал", "месяц"]),
    ("unit", &["unit", "currency", "ед.", "единиц", "валюта"]),
    ("asserted_by", &["said by", "speaker", "кто сказал"]),
    ("note", &["note", "comment", "remark", "примечан", "коммент"]),
];

/// First words of rows that sum up others.
const TOTALS: [&str; 6] = ["Total", "Sum", "Итого", "Всего", "Note", "Примечание"];

/// Looks at a table and proposes how to map it.
pub(crate) fn propose(table: &Foreign<'_>, places: &Places) -> Proposal {
    let mut table = table.clone();
    let header = with_years_below(table.header, table.batches);
    table.header = header.as_ref().unwrap_or(table.header);
    let table = &table;
    let names: Vec<String> = table.header.names.iter().map(|name| folded(name)).collect();
    if let Some(kind) = own_kind(&names) {
        let toml = format!("[[sheet]]\n{}kind = \"{kind}\"\n", origin(table));
        return Proposal { toml, indicators: BTreeMap::new() };
    }
    let columns: Vec<Column> =
        names.iter().enumerate().map(|(at, name)| look_at(name, at, table.batches, places)).collect();
    Draft {
        table,
        columns,
        taken: BTreeMap::new(),
        across: Vec::new(),
        across_to: "indicator",
        constants: Vec::new(),
        indicators: BTreeMap::new(),
    }
    .proposal()
}

/// The header with a row of years that stands below it, where its first row of cells is one.
fn with_years_below(header: &Header, batches: &[Batch]) -> Option<Header> {
    let batch = batches.first().filter(|batch| !batch.is_empty())?;
    let last = header.row?;
    let cells: Vec<String> = (0..batch.width).map(|column| batch.get(0, column).trim().to_owned()).collect();
    let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let is_below = batch.rows[0] == last + 1 && cells.first().is_some_and(String::is_empty);
    if filled.len() < 2 || !is_below || !filled.iter().all(|cell| starts_with_year(cell)) {
        return None;
    }
    let mut rows = header.rows.clone();
    rows.push(cells);
    Some(Header { row: Some(last + 1), names: ingest::sheet::joined(&rows), rows })
}

/// The kind of sheet whose contract all names belong to, with every required column.
fn own_kind(names: &[String]) -> Option<SheetKind> {
    SheetKind::ALL.iter().copied().find(|kind| {
        let required = kind.columns().iter().filter(|column| column.need == Need::Required);
        let mut named = names.iter().filter(|name| !name.is_empty()).peekable();
        named.peek().is_some()
            && named.all(|name| kind.column(name).is_some())
            && required.clone().all(|column| names.iter().any(|name| name == column.name))
    })
}

fn look_at(name: &str, at: usize, batches: &[Batch], places: &Places) -> Column {
    let mut column = Column {
        name: name.to_owned(),
        seems: Seems::Empty,
        texts: BTreeSet::new(),
        missing: BTreeSet::new(),
        has_gaps: false,
        is_percent: false,
    };
    let (mut filled, mut percent) = (0, 0);
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut count = |what: &'static str| *counts.entry(what).or_default() += 1;
    let cells = batches.iter().flat_map(|batch| {
        (0..batch.len()).map(move |row| (batch.get(row, at).trim(), batch.cell_type(row, at)))
    });
    for (text, cell_type) in cells.take(LOOKED_AT) {
        if text.is_empty() {
            column.has_gaps = true;
            continue;
        }
        filled += 1;
        if column.texts.len() < KEPT {
            column.texts.insert(text.to_owned());
        }
        let is_year = text.len() == 4 && text.parse().is_ok_and(|year: u16| (1800..2200).contains(&year));
        let is_number = cell_type == CellType::Number || is_numeral(text);
        percent += usize::from(text.ends_with('%'));
        match () {
            () if cell_type == CellType::Date || is_year => count("period"),
            () if is_number => count("figure"),
            () if text.starts_with("http://") || text.starts_with("https://") => count("address"),
            () if places.find(text).is_some() => count("place"),
            () if quantity::scaled_unit(text).is_some() => count("unit"),
            () if period::parse(text, Languages::ALL, None).is_ok()
                || period::parse_date(text, DayOrder::DayFirst).is_ok() =>
            {
                count("period")
            }
            () => {
                count("text");
                if text.chars().count() <= 4 || text.eq_ignore_ascii_case("no data") {
                    column.missing.insert(text.to_owned());
                }
            }
        }
    }
    let seen = |what: &str| counts.get(what).copied().unwrap_or(0);
    let most = |what: &str| filled > 0 && seen(what) * 10 >= filled * 6;
    let is_id_name = ["id", "code", "№", "no", "no.", "код", "номер"].contains(&name.to_lowercase().as_str());
    column.is_percent = percent * 2 > filled;
    column.seems = match () {
        () if filled == 0 => Seems::Empty,
        () if is_id_name => Seems::Id,
        () if most("address") => Seems::Address,
        () if most("period") => Seems::Period,
        () if most("figure") => Seems::Figure,
        () if most("place") => Seems::Place,
        () if most("unit") => Seems::Unit,
        () => Seems::Text,
    };
    column
}

/// A number alone, however it is grouped: no word beside it.
fn is_numeral(text: &str) -> bool {
    let is_mark = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(c, '.' | ',' | '-' | '−' | '%' | '(' | ')' | '\'' | '$' | '€' | '+')
    };
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(is_mark)
        && quantity::parse(text, Languages::ALL, Convention::RunningText).is_ok()
}

/// A mapping in the making.
struct Draft<'a> {
    table: &'a Foreign<'a>,
    columns: Vec<Column>,
    /// The contract column that each column gives.
    taken: BTreeMap<usize, &'static str>,
    /// Columns that become rows, and where their headers go.
    across: Vec<usize>,
    across_to: &'static str,
    constants: Vec<(&'static str, String)>,
    indicators: BTreeMap<String, &'static str>,
}

impl Draft<'_> {
    fn proposal(mut self) -> Proposal {
        let named = |is: fn(&str) -> bool| -> Vec<usize> {
            (0..self.columns.len()).filter(|&at| is(&self.columns[at].name)).collect()
        };
        let (years, ending) = (named(starts_with_year), named(ends_with_year));
        let figures = self.of(Seems::Figure);
        let is_by_year = years.len() > 1 || ending.len() > 1;
        if years.len() > 1 {
            self.across = years;
            self.across_to = "period";
        } else if ending.len() > 1 {
            self.across = ending;
            self.across_to = "{indicator} {period}";
        } else if figures.len() > 1 {
            self.across = figures;
        } else if let Some(&value) = figures.first() {
            self.taken.insert(value, "value");
        }
        self.take_by_header();
        self.take_by_content(is_by_year);
        let unit = self.unit();
        if self.across.is_empty() || self.across_to == "period" {
            self.name_indicators(unit);
        } else {
            self.name_indicators_across(unit);
        }
        self.constants.push(("source", self.table.source.to_owned()));
        let toml = self.toml();
        Proposal { toml, indicators: self.indicators }
    }

    /// The indicators that the headers of the columns name that become rows.
    fn name_indicators_across(&mut self, unit: Unit) {
        for &at in &self.across {
            let heading = header_unit::split(&self.columns[at].name);
            let own = heading.unit.as_deref().and_then(quantity::scaled_unit).and_then(|unit| unit.0);
            let percent = self.columns[at].is_percent.then_some(Unit::PERCENT);
            let name = if heading.name.is_empty() { &self.columns[at].name } else { &heading.name };
            let name =
                if self.across_to == "indicator" { Some(name.as_str()) } else { name.split(' ').next() };
            self.indicators
                .extend(name.map(|name| (name.to_owned(), own.or(percent).unwrap_or(unit).code())));
        }
    }

    fn of(&self, seems: Seems) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|&at| self.columns[at].seems == seems && !self.columns[at].name.is_empty())
            .collect()
    }

    fn is_free(&self, at: usize, column: &str) -> bool {
        !self.taken.contains_key(&at)
            && !self.across.contains(&at)
            && !self.taken.values().any(|taken| *taken == column)
    }

    /// Columns whose header says what they are, where their cells do not gainsay it.
    fn take_by_header(&mut self) {
        for contract in SheetKind::Claims.columns() {
            let found = (0..self.columns.len())
                .find(|&at| self.columns[at].name == contract.name && self.is_free(at, contract.name));
            self.taken.extend(found.map(|at| (at, contract.name)));
        }
        for (column, words) in HEADER_WORDS {
            let fits = |seems: Seems, name: &str| match column {
                "partner" | "reporter" if is_code(name) => false,
                "partner" | "reporter" => seems == Seems::Place,
                "period" => seems == Seems::Period,
                "unit" => seems == Seems::Unit,
                _ => seems == Seems::Text,
            };
            let found = (0..self.columns.len()).find(|&at| {
                let name = self.columns[at].name.to_lowercase();
                self.is_free(at, column)
                    && fits(self.columns[at].seems, &name)
                    && words.iter().any(|word| name.contains(word))
            });
            self.taken.extend(found.map(|at| (at, column)));
        }
    }

    /// Columns whose cells say what they are.
    fn take_by_content(&mut self, is_by_year: bool) {
        let mut take = |seems: Seems, column: &'static str| {
            let found = self
                .of(seems)
                .into_iter()
                .find(|&at| self.is_free(at, column) && !is_code(&self.columns[at].name));
            self.taken.extend(found.map(|at| (at, column)));
        };
        take(Seems::Place, "reporter");
        take(Seems::Place, "partner");
        take(Seems::Unit, "unit");
        if !is_by_year {
            take(Seems::Period, "period");
        }
        // One column of places beside a figure says whose figure it is.
        if !self.taken.values().any(|column| *column == "reporter") {
            let partner = self.taken.iter().find(|(_, column)| **column == "partner").map(|(at, _)| *at);
            if let Some(at) = partner {
                self.taken.insert(at, "reporter");
            }
        }
    }

    /// The unit that column, header or cells give.
    fn unit(&self) -> Unit {
        let at = |column: &str| {
            self.taken.iter().find(|(_, taken)| **taken == column).map(|(at, _)| &self.columns[*at])
        };
        let in_cells =
            at("unit").and_then(|unit| unit.texts.iter().find_map(|text| quantity::scaled_unit(text)?.0));
        let values = at("value").into_iter().chain(self.across.iter().map(|&at| &self.columns[at]));
        let mut in_headers = values.filter_map(|column| {
            let unit = header_unit::split(&column.name).unit?;
            quantity::scaled_unit(&unit)?.0.or(column.is_percent.then_some(Unit::PERCENT))
        });
        in_cells.or(in_headers.next()).unwrap_or(Unit::COUNT)
    }

    /// The indicators that a column names, or one for the whole table.
    fn name_indicators(&mut self, unit: Unit) {
        let column = self.taken.iter().find(|(_, column)| **column == "indicator").map(|(at, _)| *at);
        match column {
            Some(at) => {
                let texts = self.columns[at].texts.iter().filter(|text| !is_total(text));
                let own = |text: &str| quantity::scaled_unit(&header_unit::split(text).unit?)?.0;
                self.indicators.extend(texts.map(|text| (text.clone(), own(text).unwrap_or(unit).code())));
            }
            None => {
                let name = self.table.sheet.unwrap_or(self.table.source);
                let id =
                    name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase().replace(';', "");
                self.constants.push(("indicator", id.clone()));
                self.indicators.insert(id, unit.code());
            }
        }
    }

    fn has(&self, column: &str) -> bool {
        self.taken.values().any(|taken| *taken == column)
            || self.constants.iter().any(|(constant, _)| *constant == column)
    }

    fn toml(&self) -> String {
        let mut toml = String::new();
        // Writing to a String cannot fail.
        for column in &self.columns {
            let _ = writeln!(toml, "# {}: {}", comment(&column.name), column.seems.words());
        }
        let _ = write!(toml, "[[sheet]]\n{}kind = \"claims\"\n", origin(self.table));
        self.write_header(&mut toml);
        let columns: Vec<String> = self
            .taken
            .iter()
            .filter(|(at, column)| self.columns[**at].name != **column)
            .map(|(at, column)| format!("{} = \"{column}\"", quoted(&self.columns[*at].name)))
            .collect();
        if !columns.is_empty() {
            let _ = writeln!(toml, "columns = {{ {} }}", columns.join(", "));
        }
        if !self.across.is_empty() {
            let names: Vec<String> = self.across.iter().map(|&at| quoted(&self.columns[at].name)).collect();
            let _ = writeln!(
                toml,
                "unpivot = {{ columns = [{}], to = \"{}\" }}",
                names.join(", "),
                self.across_to
            );
        }
        self.write_left_out(&mut toml);
        self.write_constants(&mut toml);
        toml
    }

    fn write_header(&self, toml: &mut String) {
        let header = self.table.header;
        let count = header.rows.len().max(1) as u32;
        match header.row {
            None => toml.push_str("header = 0                                          # no row names the columns: they are A, B, C\n"),
            Some(last) => {
                let _ = writeln!(toml, "header = {}", (last + 1).saturating_sub(count).max(1));
                if count > 1 {
                    let _ = writeln!(toml, "header_rows = {count}");
                }
            }
        }
    }

    /// What is not read, and why.
    fn write_left_out(&self, toml: &mut String) {
        let left: Vec<usize> = (0..self.columns.len())
            .filter(|at| {
                !self.columns[*at].name.is_empty()
                    && !self.taken.contains_key(at)
                    && !self.across.contains(at)
            })
            .collect();
        if !left.is_empty() {
            toml.push_str("ignore = [                                          # left out: no column of the contract seemed to fit\n");
            for at in left {
                let _ = writeln!(
                    toml,
                    "  {}, # {}",
                    quoted(&self.columns[at].name),
                    self.columns[at].seems.words()
                );
            }
            toml.push_str("]\n");
        }
        let missing: BTreeSet<&String> =
            self.across.iter().flat_map(|&at| &self.columns[at].missing).collect();
        if !missing.is_empty() {
            let missing: Vec<String> = missing.into_iter().take(20).map(|text| quoted(text)).collect();
            let _ = writeln!(toml, "null = [{}]", missing.join(", "));
        }
        let summing = self.columns.iter().filter(|column| !column.name.is_empty()).find_map(|column| {
            let found: Vec<String> = TOTALS
                .iter()
                .filter(|total| column.texts.iter().any(|text| text.starts_with(*total)))
                .map(|total| quoted(&format!("{total}*")))
                .collect();
            (!found.is_empty() && matches!(column.seems, Seems::Place | Seems::Text))
                .then_some((column, found))
        });
        let value =
            self.taken.iter().find(|(_, column)| **column == "value").map(|(at, _)| &self.columns[*at]);
        let without_figure = value.filter(|value| value.has_gaps || !value.missing.is_empty()).map(|value| {
            let gaps = value.has_gaps.then(|| quoted(""));
            (value, gaps.into_iter().chain(value.missing.iter().map(|text| quoted(text))).collect::<Vec<_>>())
        });
        let rules: Vec<String> = summing
            .into_iter()
            .chain(without_figure)
            .map(|(column, texts)| format!("{} = [{}]", quoted(&column.name), texts.join(", ")))
            .collect();
        if !rules.is_empty() {
            let _ = writeln!(toml, "skip_rows_where = {{ {} }}", rules.join(", "));
        }
    }

    fn write_constants(&self, toml: &mut String) {
        let has =
            |column: &str| self.has(column) || (!self.across.is_empty() && self.across_to.contains(column));
        let named = |columns: &[&'static str]| -> Vec<String> {
            columns.iter().filter(|column| has(column)).map(|column| format!("{{{column}}}")).collect()
        };
        let mut constants: Vec<String> =
            self.constants.iter().map(|(column, text)| format!("{column} = {}", quoted(text))).collect();
        if !self.has("evidence") {
            let figure = if self.has("stated") { "{stated}" } else { "{value}" };
            let place = named(&["indicator", "reporter", "partner", "period"]).join(", ");
            constants.push(format!("evidence = \"{place}: {figure}\""));
        }
        let _ = writeln!(toml, "constants = {{ {} }}", constants.join(", "));
        for (column, what) in [
            ("reporter", "whose figures are these?"),
            ("period", "of which period?"),
            ("value", "which column holds the figures?"),
        ] {
            if !has(column) && !(column == "value" && (self.has("stated") || !self.across.is_empty())) {
                let _ = writeln!(toml, "# to do: {what} Give `{column}` under `columns` or `constants`.");
            }
        }
        if !self.has("claim_id") {
            let key = named(&["indicator", "reporter", "partner", "period"]);
            let _ = writeln!(
                toml,
                "id = \"{}-{{row}}\"                     # better without {{row}}, where the rest tells rows apart",
                key.join("-")
            );
        }
    }
}

/// Where the table is, as keys of a `[[sheet]]`.
fn origin(table: &Foreign<'_>) -> String {
    let sheets = table.sheet.map(|sheet| format!("sheets = [{}]\n", quoted(sheet))).unwrap_or_default();
    format!("file = {}\n{sheets}", quoted(table.file))
}

fn starts_with_year(name: &str) -> bool {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let heading = header_unit::split(name).name;
    digits.len() == 4
        && digits.parse().is_ok_and(|year: u16| (1800..2200).contains(&year))
        && period::parse(&heading, Languages::ALL, None).is_ok()
}

fn ends_with_year(name: &str) -> bool {
    let name = header_unit::split(name).name;
    name.split(' ').count() == 2 && name.rsplit(' ').next().is_some_and(starts_with_year)
}

/// Whether a column repeats another one in codes.
fn is_code(name: &str) -> bool {
    let name = name.to_lowercase();
    ["code", "iso", "код"].iter().any(|word| name.contains(word))
}

fn is_total(text: &str) -> bool {
    TOTALS.iter().any(|total| text.starts_with(total))
}

/// A TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}

/// A name for a comment: one line, no control characters.
fn comment(name: &str) -> String {
    if name.is_empty() { "(no name)".to_owned() } else { name.chars().filter(|c| !c.is_control()).collect() }
}
