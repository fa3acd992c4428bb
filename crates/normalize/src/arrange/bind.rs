//! A header and a mapping to the slots of the contract. What is wrong with either is a finding.

use model::cell::{CellRef, SheetName};
use model::contract::{CellContent, Need, SheetKind};
use model::finding::{Finding, Location, Severity};

use super::make::{Made, Part, Piece, Spelling, as_id, parts};
use super::{Arrangement, Face, FillDown};
use crate::header_unit;
use crate::language::Languages;
use crate::mapping::{BoundSheet, HeaderUnit, Mapping, Slot, contract_index, folded};
use crate::nearest::nearest;
use crate::period;
use crate::wildcard;

/// Ways to cut a header that are looked at.
const WAYS: usize = 64;

/// What a column of the sheet is to the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    /// Left out.
    Ignored,
    /// The contract column of this index.
    Column(usize),
    /// One of the columns that become rows.
    Across,
}

/// What the binding of one sheet works with.
pub(super) struct Binder<'a> {
    index: u16,
    name: SheetName,
    mapping: &'a Mapping,
    header: Vec<String>,
    header_row: u32,
    roles: Vec<Role>,
    findings: Vec<Finding>,
    notes: Vec<Finding>,
}

impl<'a> Binder<'a> {
    pub(super) fn new(
        index: u16,
        name: SheetName,
        mapping: &'a Mapping,
        header: &[String],
        header_row: u32,
    ) -> Self {
        let header: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let mut binder = Self {
            index,
            name,
            mapping,
            header,
            header_row,
            roles: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
        };
        binder.roles = (0..binder.header.len()).map(|column| binder.role(column)).collect();
        binder
    }

    pub(super) fn arrangement(mut self) -> Result<Arrangement, Vec<Finding>> {
        let across: Vec<usize> =
            (0..self.roles.len()).filter(|&column| self.roles[column] == Role::Across).collect();
        let columns: Vec<Option<usize>> =
            if across.is_empty() { vec![None] } else { across.into_iter().map(Some).collect() };
        let faces: Vec<Face> = columns.into_iter().map(|column| self.face(column)).collect();
        let fill_down = self.mapping.fill_down.iter().filter_map(|name| self.column_named(name)).collect();
        if self.findings.is_empty() {
            let fill_down = FillDown { columns: fill_down, above: Vec::new() };
            Ok(Arrangement { faces, fill_down, notes: self.notes })
        } else {
            // Each face finds what is wrong with the whole sheet.
            let mut findings: Vec<Finding> = Vec::new();
            for finding in self.findings {
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
            Err(findings)
        }
    }

    fn role(&mut self, column: usize) -> Role {
        let (kind, header) = (self.mapping.kind, self.header[column].clone());
        if header.is_empty() || self.mapping.ignore.iter().any(|ignored| folded(ignored) == header) {
            return Role::Ignored;
        }
        if let Some((_, to)) = self.mapping.columns.iter().find(|(from, _)| folded(from) == header)
            && let Some(index) = contract_index(kind, to)
        {
            return Role::Column(index);
        }
        let across = self.mapping.unpivot.as_ref().map_or(&[][..], |unpivot| unpivot.columns.as_slice());
        let is_across = across.iter().any(|pattern| goes_across(pattern, &header));
        match contract_index(kind, &header) {
            Some(index) if !is_across || !across.contains(&header) => Role::Column(index),
            _ if is_across => Role::Across,
            _ if self.mapping.ignore.iter().any(|ignored| wildcard::matches(ignored, &header)) => {
                Role::Ignored
            }
            _ => {
                let finding = unmapped(kind, &header).at(self.header_cell(column));
                self.findings.push(finding);
                Role::Ignored
            }
        }
    }

    /// The sheet as seen from the column that becomes rows.
    fn face(&mut self, across: Option<usize>) -> Face {
        let kind = self.mapping.kind;
        let mut sheet = BoundSheet {
            index: self.index,
            name: self.name.clone(),
            mapping: self.mapping.clone(),
            slots: vec![Slot::Absent; kind.columns().len()],
            width: self.header.len(),
            made_from: Vec::new(),
            in_header: Vec::new(),
        };
        sheet.mapping.constants.clear();
        let mut made = Vec::new();
        self.place_columns(&mut sheet);
        if let (Some(column), Some(unpivot)) = (across, &self.mapping.unpivot) {
            self.place_across(column, unpivot, &mut sheet);
        }
        self.place_header_unit(&mut sheet);
        self.translate(&mut sheet, &mut made);
        self.place_constants(across, &mut sheet, &mut made);
        self.check_required(&sheet);
        let skip = self.mapping.skip_rows_where.iter();
        let skip = skip.filter_map(|(name, texts)| Some((self.column_named(name)?, texts.clone()))).collect();
        Face { sheet, across, skip, made }
    }

    fn place_columns(&mut self, sheet: &mut BoundSheet) {
        for column in 0..self.roles.len() {
            let Role::Column(index) = self.roles[column] else { continue };
            if sheet.slots[index] != Slot::Absent {
                self.find_duplicate(column, self.mapping.kind.columns()[index].name);
            }
            sheet.slots[index] = Slot::Cell(column as u16);
        }
    }

    /// What the header of a column that becomes rows says, and where its cells go.
    fn place_across(&mut self, column: usize, unpivot: &crate::mapping::Unpivot, sheet: &mut BoundSheet) {
        let kind = self.mapping.kind;
        let header = &self.header[column];
        let heading = match self.mapping.header_unit {
            HeaderUnit::Read => header_unit::split(header),
            HeaderUnit::Ignored => header_unit::Heading { name: header.clone(), unit: None },
        };
        let name = if heading.name.is_empty() { header } else { &heading.name };
        let captures = captured(&unpivot.to, name).or_else(|| captured(&unpivot.to, header));
        let Some(captures) = captures else {
            let message = format!("`{header}` does not fit the pattern `{}`", unpivot.to);
            let finding = Finding::new("unpivot-mismatch", Severity::Error, kind.as_str(), message)
                .hint("correct `to` of `unpivot`, or leave the column out under `ignore`")
                .at(self.header_cell(column));
            self.findings.push(finding);
            return;
        };
        for (name, text) in captures {
            if name == "period" && text.trim_end().ends_with(is_footnote_mark) {
                self.notes.push(self.marked_header(column));
            }
            let text = self.mapping.translated(&name, &text).to_owned();
            self.place_constant(sheet, &name, text, Some(column));
        }
        if let Some(index) = contract_index(kind, &unpivot.cell) {
            sheet.slots[index] = Slot::Cell(column as u16);
        }
    }

    /// A footnote's mark in a header says something of each figure below it, which no row of it tells.
    fn marked_header(&self, column: usize) -> Finding {
        let message =
            format!("the mark of `{}` is not read: what it says of the figures is lost", self.header[column]);
        Finding::new("marked-header", Severity::Note, self.mapping.kind.as_str(), message)
            .hint("where it stands for estimates or forecasts, give these columns a sheet entry with `kind` among its constants")
            .at(self.header_cell(column))
    }

    /// The unit in the header of the column that gives `value`.
    fn place_header_unit(&mut self, sheet: &mut BoundSheet) {
        let kind = self.mapping.kind;
        let gives = |column: &str| {
            self.mapping.constants.iter().any(|(name, _)| name == column)
                || contract_index(kind, column).is_some_and(|index| sheet.slots[index] != Slot::Absent)
        };
        let value = contract_index(kind, "value").map(|index| sheet.slots[index]);
        let (Some(Slot::Cell(column)), HeaderUnit::Read) = (value, self.mapping.header_unit) else { return };
        if gives("unit") || gives("scale") {
            return;
        }
        let column = usize::from(column);
        if let Some(unit) = header_unit::split(&self.header[column]).unit {
            self.place_constant(sheet, "unit", unit, Some(column));
        }
    }

    /// Columns whose cells the mapping words otherwise.
    fn translate(&mut self, sheet: &mut BoundSheet, made: &mut Vec<Made>) {
        for (name, _) in &self.mapping.values {
            let Some(index) = contract_index(self.mapping.kind, name) else { continue };
            if let Slot::Cell(from) = sheet.slots[index] {
                let column = self.mapping.kind.columns()[index].name;
                sheet.slots[index] = Slot::Cell((sheet.width + made.len()) as u16);
                sheet.made_from.push(from);
                made.push(Made::Translated { from: usize::from(from), column });
            }
        }
    }

    fn place_constants(&mut self, across: Option<usize>, sheet: &mut BoundSheet, made: &mut Vec<Made>) {
        let kind = self.mapping.kind;
        // Names in a template are those of the sheet, not of other templates.
        let known = sheet.clone();
        for (name, template) in &self.mapping.constants {
            let Some(index) = contract_index(kind, name) else { continue };
            if known.slots[index] != Slot::Absent {
                let column = known.cell(known.slots[index], self.header_row).column;
                self.find_duplicate(usize::from(column), name);
                continue;
            }
            let spelling = match kind.columns()[index].content {
                CellContent::Id => Spelling::Id,
                _ => Spelling::Plain,
            };
            match self.pieces(template, &known) {
                Ok(pieces) => match fixed(&pieces) {
                    Some(text) => {
                        let is_template = text != *template;
                        let text = if is_template && spelling == Spelling::Id { as_id(&text) } else { text };
                        self.place_constant(sheet, name, text, None);
                    }
                    None => {
                        sheet.slots[index] = Slot::Cell((sheet.width + made.len()) as u16);
                        sheet.made_from.push(stands_for(&pieces, across, &known));
                        made.push(Made::Template { pieces, spelling });
                    }
                },
                Err(message) => {
                    let finding = Finding::new("unknown-name", Severity::Error, kind.as_str(), message)
                        .hint("name a column of the contract, a header, or row, sheet or file")
                        .at(self.sheet_location());
                    self.findings.push(finding);
                }
            }
        }
    }

    fn pieces(&self, template: &str, known: &BoundSheet) -> Result<Vec<Piece>, String> {
        let parts = parts(template).map_err(|reason| format!("`{template}`: {reason}"))?;
        let piece = |part: &Part<'_>| match part {
            Part::Text(text) => Ok(Piece::Text((*text).to_owned())),
            Part::Name(name) => {
                self.piece(name, known).ok_or_else(|| format!("`{template}`: the sheet has no `{name}`"))
            }
        };
        parts.iter().map(piece).collect()
    }

    /// What a name in a template stands for.
    fn piece(&self, name: &str, known: &BoundSheet) -> Option<Piece> {
        match contract_index(self.mapping.kind, name).map(|index| known.slots[index]) {
            Some(Slot::Cell(column)) => {
                let column = usize::from(column);
                return Some(match column.checked_sub(known.width) {
                    Some(made) => Piece::Made(made),
                    None => Piece::Cell(column),
                });
            }
            Some(Slot::Constant(constant)) => {
                return Some(Piece::Text(known.mapping.constants[usize::from(constant)].1.clone()));
            }
            Some(Slot::Absent) | None => {}
        }
        if let Some((_, text)) =
            self.mapping.constants.iter().find(|(column, text)| column == name && !text.contains('{'))
        {
            return Some(Piece::Text(text.clone()));
        }
        if let Some(column) = self.header.iter().position(|header| *header == folded(name)) {
            return Some(Piece::Cell(column));
        }
        match name {
            "row" => Some(Piece::Row),
            "sheet" => Some(Piece::Text(self.name.sheet.clone().unwrap_or_default())),
            "file" => {
                let file = self.name.file.rsplit('/').next().unwrap_or_default();
                Some(Piece::Text(file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()))
            }
            _ => None,
        }
    }

    fn place_constant(&self, sheet: &mut BoundSheet, name: &str, text: String, header: Option<usize>) {
        let Some(index) = contract_index(self.mapping.kind, name) else { return };
        let constant = sheet.mapping.constants.len() as u16;
        sheet.mapping.constants.push((name.to_owned(), text));
        if let Some(column) = header {
            let cell = CellRef { sheet: self.index, column: column as u16, row: self.header_row.max(1) };
            sheet.in_header.push((constant, cell));
        }
        sheet.slots[index] = Slot::Constant(constant);
    }

    fn check_required(&mut self, sheet: &BoundSheet) {
        let kind = self.mapping.kind;
        let is_given = |column: &str| sheet.slot(column) != Slot::Absent;
        for column in kind.columns() {
            let split = kind == SheetKind::Claims && column.name == "stated" && is_given("value");
            if column.need == Need::Optional || is_given(column.name) || split {
                continue;
            }
            let free = (0..self.header.len())
                .filter(|&at| !matches!(self.roles[at], Role::Column(_) | Role::Across));
            let near =
                nearest(column.name, free.map(|at| self.header[at].as_str()).filter(|name| !name.is_empty()));
            let hint = match (near, column.content) {
                (Some(near), _) => format!("map it: columns = {{ \"{near}\" = \"{}\" }}", column.name),
                (None, CellContent::Id) => format!(
                    "map one to it under `columns`, or make one: id = \"{}\"",
                    if kind == SheetKind::Claims {
                        "{indicator}-{reporter}-{partner}-{period}"
                    } else {
                        "{file}-{row}"
                    }
                ),
                (None, _) => format!(
                    "add the column, map one to `{}` under `columns`, or give it under `constants`",
                    column.name
                ),
            };
            let message = format!("the sheet of {kind} has no column `{}`", column.name);
            let finding = Finding::new("missing-column", Severity::Error, kind.as_str(), message);
            self.findings.push(finding.hint(hint).at(self.sheet_location()));
        }
    }

    fn find_duplicate(&mut self, column: usize, name: &str) {
        let header = &self.header[column];
        let message = format!("`{header}` gives the column `{name}`, which the sheet already has");
        let finding = Finding::new("duplicate-column", Severity::Error, self.mapping.kind.as_str(), message)
            .hint("keep one of them, and name the other under `ignore`")
            .at(self.header_cell(column));
        self.findings.push(finding);
    }

    /// The sheet's column of a header or a contract column.
    fn column_named(&self, name: &str) -> Option<usize> {
        column_named(name, &self.header, self.mapping)
    }

    fn header_cell(&self, column: usize) -> Location {
        let cell = CellRef { sheet: self.index, column: column as u16, row: self.header_row.max(1) };
        Location { sheet: self.name.clone(), cell: cell.address(self.name.sheet.is_some()) }
    }

    fn sheet_location(&self) -> Location {
        Location { sheet: self.name.clone(), cell: String::new() }
    }
}

/// The whole text, where no part of it is a cell.
fn fixed(pieces: &[Piece]) -> Option<String> {
    pieces
        .iter()
        .map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None })
        .collect()
}

/// The column that a template's text is shown at: the one that becomes rows, or the first in it.
fn stands_for(pieces: &[Piece], across: Option<usize>, known: &BoundSheet) -> u16 {
    let first = pieces.iter().find_map(|piece| match piece {
        Piece::Cell(column) => Some(*column as u16),
        Piece::Made(made) => known.made_from.get(*made).copied(),
        Piece::Text(_) | Piece::Row => None,
    });
    across.map(|column| column as u16).or(first).unwrap_or(0)
}

/// What a header says, column by column, where it fits the pattern: a contract column's name alone,
/// or text with names in braces. Where it can be cut in several ways, a period is as long as it can be
/// and still be one; otherwise a name takes as little as it can, the last one the rest.
fn captured(pattern: &str, header: &str) -> Option<Vec<(String, String)>> {
    if !pattern.contains('{') {
        return Some(vec![(pattern.to_owned(), header.to_owned())]);
    }
    let mut ways = Vec::new();
    cut(&parts(pattern).ok()?, header, &mut Vec::new(), &mut ways);
    let length = |way: &Vec<(String, String)>| {
        let (_, text) = way.iter().find(|(name, _)| name == "period")?;
        period::parse(text, Languages::ALL, None).is_ok().then_some(text.len())
    };
    let longest =
        ways.iter().enumerate().filter_map(|(index, way)| Some((length(way)?, std::cmp::Reverse(index))));
    let chosen = longest.max().map_or(0, |(_, index)| index.0);
    (chosen < ways.len()).then(|| ways.swap_remove(chosen))
}

/// Every way in which `rest` fits the parts, the one with the shortest names first.
fn cut(
    parts: &[Part<'_>],
    rest: &str,
    so_far: &mut Vec<(String, String)>,
    ways: &mut Vec<Vec<(String, String)>>,
) {
    let Some((part, later)) = parts.split_first() else {
        if rest.is_empty() {
            ways.push(so_far.clone());
        }
        return;
    };
    let ends: Vec<usize> = match (part, later.first()) {
        (Part::Text(text), _) => {
            if let Some(rest) = rest.strip_prefix(text) {
                cut(later, rest, so_far, ways);
            }
            return;
        }
        (Part::Name(_), None) => vec![rest.len()],
        (Part::Name(_), Some(Part::Text(next))) => rest.match_indices(next).map(|(at, _)| at).collect(),
        (Part::Name(_), Some(Part::Name(_))) => return,
    };
    let Part::Name(name) = part else { return };
    for end in ends {
        let text = rest[..end].trim();
        if !text.is_empty() && ways.len() < WAYS {
            so_far.push(((*name).to_owned(), text.to_owned()));
            cut(later, &rest[end..], so_far, ways);
            so_far.pop();
        }
    }
}

/// Whether a header is one of the columns that become rows: a name, a pattern, or `2015..2024`.
fn goes_across(pattern: &str, header: &str) -> bool {
    let range = pattern.split_once("..").and_then(|(first, last)| {
        Some((first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?))
    });
    match range {
        Some((first, last)) => {
            let number = header.split_whitespace().next().unwrap_or_default();
            number.trim_end_matches(',').parse().is_ok_and(|number: i64| (first..=last).contains(&number))
        }
        None => wildcard::matches(&folded(pattern), header),
    }
}

fn column_named(name: &str, header: &[String], mapping: &Mapping) -> Option<usize> {
    let name = folded(name);
    let by_header = header.iter().position(|header| folded(header) == name);
    by_header.or_else(|| {
        let (from, _) = mapping.columns.iter().find(|(_, to)| *to == name)?;
        header.iter().position(|header| folded(header) == folded(from))
    })
}

/// The mapping's entries that name no header of the sheet, each as it is written in the
/// configuration: an entry that none of its sheets uses is a mistake there.
pub fn unused_entries(mapping: &Mapping, header: &[String]) -> Vec<String> {
    let header: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let has = |name: &str| header.contains(&folded(name));
    let matched = |pattern: &str| header.iter().any(|header| wildcard::matches(&folded(pattern), header));
    let named = |name: &str| column_named(name, &header, mapping).is_some();
    let mut unused = Vec::new();
    let near = |name: &str| {
        let near = nearest(name, header.iter().map(String::as_str).filter(|header| !header.is_empty()));
        near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    };
    for (from, _) in mapping.columns.iter().filter(|(from, _)| !has(from)) {
        unused.push(format!("`{from}` under `columns`{}", near(from)));
    }
    for name in mapping.ignore.iter().filter(|name| !matched(name)) {
        unused.push(format!("`{name}` under `ignore`{}", near(name)));
    }
    for name in mapping.fill_down.iter().filter(|name| !named(name)) {
        unused.push(format!("`{name}` under `fill_down`{}", near(name)));
    }
    for (name, _) in mapping.skip_rows_where.iter().filter(|(name, _)| !named(name)) {
        unused.push(format!("`{name}` under `skip_rows_where`{}", near(name)));
    }
    for pattern in mapping.unpivot.iter().flat_map(|unpivot| &unpivot.columns) {
        if !header.iter().any(|header| goes_across(pattern, header)) {
            unused.push(format!("`{pattern}` under `unpivot`{}", near(pattern)));
        }
    }
    unused
}

/// How many cells of a row are names that the contract or the mapping knows: the header has most.
pub fn known_names(mapping: &Mapping, cells: &[String]) -> usize {
    let across = mapping.unpivot.as_ref().map_or(&[][..], |unpivot| unpivot.columns.as_slice());
    let knows = |cell: &String| {
        let cell = folded(cell);
        // A lone `*` knows everything, and so tells nothing.
        let is_named =
            |name: &String| folded(name) == cell || (name != "*" && wildcard::matches(&folded(name), &cell));
        !cell.is_empty()
            && (contract_index(mapping.kind, &cell).is_some()
                || mapping.columns.iter().any(|(from, _)| folded(from) == cell)
                || mapping.ignore.iter().any(is_named)
                || across.iter().any(|pattern| goes_across(pattern, &cell)))
    };
    cells.iter().filter(|cell| knows(cell)).count()
}

fn unmapped(kind: SheetKind, header: &str) -> Finding {
    let near = nearest(header, kind.columns().iter().map(|column| column.name));
    let leave = format!("or leave it out: ignore = [\"{header}\"]");
    let hint = match near {
        Some(near) => format!("map it: columns = {{ \"{header}\" = \"{near}\" }}, {leave}"),
        None => format!("map it under `columns`, {leave}"),
    };
    let message = format!("`{header}` is no column of a sheet of {kind}");
    Finding::new("unmapped-header", Severity::Error, kind.as_str(), message).hint(hint)
}

/// Whether a character marks a footnote behind a period: `2024*`, `2024¹`.
fn is_footnote_mark(c: char) -> bool {
    matches!(c, '*' | '†' | '‡' | '#' | '¹' | '²' | '³' | '⁴'..='⁹')
}

#[cfg(test)]
mod tests {
    use super::{captured, goes_across};

    #[test]
    fn patterns_of_headers() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(captured("period", "2019"), Some(vec![pair("period", "2019")]));
        assert_eq!(
            captured("{indicator} {period}", "Экспорт 2019"),
            Some(vec![pair("indicator", "Экспорт"), pair("period", "2019")])
        );
        assert_eq!(captured("{period} г.", "2019 г."), Some(vec![pair("period", "2019")]));
        for (pattern, header, indicator, period) in [
            ("{indicator} {period}", "FDI inflows 2020", "FDI inflows", "2020"),
            ("{indicator} {period}", "Exports January–June 2024", "Exports", "January–June 2024"),
            ("{period} {indicator}", "2022 год экспорт товаров", "экспорт товаров", "2022 год"),
            ("{period} {indicator}", "январь-сентябрь 2024 г. импорт", "импорт", "январь-сентябрь 2024 г."),
            ("{indicator} {period}", "of no time", "of", "no time"),
        ] {
            let mut captures = captured(pattern, header).unwrap_or_default();
            captures.sort();
            assert_eq!(captures, [pair("indicator", indicator), pair("period", period)], "{header}");
        }
        assert_eq!(captured("{indicator}: {period}", "Экспорт 2019"), None);
        assert!(goes_across("2015..2024", "2019"));
        assert!(goes_across("2015..2024", "2019, млн долл."));
        assert!(!goes_across("2015..2024", "2014"));
        assert!(goes_across("Экспорт *", "Экспорт 2019"));
    }
}
