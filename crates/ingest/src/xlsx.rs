//! The parts of an XLSX that say what its sheets are: workbook, relations, shared strings, number formats.
//! The cells themselves are [`worksheet`](crate::worksheet)'s part.
//!
//! A streaming pass of our own, because calamine lays a sheet out as one dense range, and cannot tell hidden rows,
//! formulas without values, or two cells with one address.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use crate::error::Error;
use crate::flaw::{Code, Flaw};
use crate::format::{self, Epoch, Format};
use crate::package::{Package, Xml, append_text, attribute};
use crate::pieces;
use crate::settings::Limits;
use crate::workbook::Sheet;
use crate::worksheet;

/// What the cells of all sheets refer to.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) epoch: Epoch,
    /// By style index.
    pub(crate) formats: Vec<Format>,
    strings: Strings,
}

/// Texts by their place in the part that holds them.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Shared {
    /// The shared string at `index`.
    pub(crate) fn string(&self, index: usize) -> Option<&str> {
        self.strings.get(index)
    }
}

/// A relation of a part: what kind, and to which part.
pub(crate) struct Relation {
    pub(crate) kind: String,
    pub(crate) target: String,
}

/// A sheet as the workbook names it.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(crate) relation: String,
}

pub(crate) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let book = relations(package, "")?
        .into_values()
        .find(|relation| relation.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
    let mut shared = Shared::default();
    let named = sheets(package, &book, &mut shared)?;
    let relations = relations(package, &book)?;
    let target = |kind: &str| {
        relations.values().find(|relation| relation.kind == kind).map(|found| found.target.as_str())
    };
    read_formats(package, target("styles").unwrap_or("xl/styles.xml"), &mut shared)?;
    read_strings(package, target("sharedStrings").unwrap_or("xl/sharedStrings.xml"), &mut shared, limits)?;
    read_sheets(named, &relations, limits, |relation, limits, sheet| {
        worksheet::read(package, &relation.target, &shared, limits, sheet)?;
        read_tables(package, &relation.target, sheet)
    })
}

/// The sheets that a workbook names, each read from its part; `limits` hold for all of them together.
pub(crate) fn read_sheets(
    named: Vec<Named>,
    relations: &BTreeMap<String, Relation>,
    limits: &Limits,
    mut read: impl FnMut(&Relation, &Limits, &mut Sheet) -> Result<(), Error>,
) -> Result<Vec<Sheet>, Error> {
    let mut found = Vec::with_capacity(named.len());
    let mut limits = limits.clone();
    for named in named {
        let mut sheet = Sheet { name: named.name, hidden: named.hidden, ..Sheet::default() };
        match relations.get(&named.relation) {
            Some(relation) if relation.kind == "worksheet" => {
                read(relation, &limits, &mut sheet)?;
                limits = limits.after(&sheet.batches);
            }
            Some(_) => sheet.flaws.push(Flaw::row(Code::NotAGrid, 0, "")),
            None => sheet.flaws.push(Flaw::row(Code::BrokenSheet, 0, "the workbook names no part for it")),
        }
        found.push(sheet);
    }
    Ok(found)
}

/// The sheets in order, and the epoch.
fn sheets(package: &mut Package<'_>, book: &str, shared: &mut Shared) -> Result<Vec<Named>, Error> {
    let mut xml = package.xml(book)?.ok_or_else(|| Error::NotASheet {
        found: "a ZIP without a workbook in it".to_owned(),
        hint: "export the workbook again",
    })?;
    let mut sheets = Vec::new();
    while let Some(event) = xml.next()? {
        let (Event::Start(element) | Event::Empty(element)) = event else { continue };
        match element.local_name().as_ref() {
            "workbookPr" if matches!(attribute(&element, "date1904").as_deref(), Some("1" | "true")) => {
                shared.epoch = Epoch::Y1904;
            }
            "sheet" => sheets.push(Named {
                name: attribute(&element, "name").unwrap_or_default(),
                hidden: matches!(attribute(&element, "state").as_deref(), Some("hidden" | "veryHidden")),
                relation: attribute(&element, "id").unwrap_or_default(),
            }),
            _ => {}
        }
    }
    Ok(sheets)
}

/// The relations of a part, or of the package itself.
pub(crate) fn relations(package: &mut Package<'_>, part: &str) -> Result<BTreeMap<String, Relation>, Error> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let separator = if folder.is_empty() { "" } else { "/" };
    let Some(mut xml) = package.xml(&format!("{folder}{separator}_rels/{name}.rels"))? else {
        return Ok(BTreeMap::new());
    };
    let mut found = Vec::new();
    while let Some(event) = xml.next()? {
        let (Event::Start(element) | Event::Empty(element)) = event else { continue };
        if element.local_name().as_ref() != "Relationship"
            || attribute(&element, "TargetMode").as_deref() == Some("External")
        {
            continue;
        }
        let kind = attribute(&element, "Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        let target = attribute(&element, "Target").unwrap_or_default();
        found.push((attribute(&element, "Id").unwrap_or_default(), kind, target));
    }
    drop(xml);
    let relation = |(id, kind, target): (String, String, String)| {
        // Some writers name a part from the root, as if it were a path from here.
        let (near, far) = (resolved(folder, &target), resolved("", &target));
        let target = if !package.has(&near) && package.has(&far) { far } else { near };
        (id, Relation { kind, target })
    };
    Ok(found.into_iter().map(relation).collect())
}

/// A target relative to `folder`, as a path within the package.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

fn read_formats(package: &mut Package<'_>, part: &str, shared: &mut Shared) -> Result<(), Error> {
    let Some(mut xml) = package.xml(part)? else { return Ok(()) };
    let mut declared: BTreeMap<u32, Format> = BTreeMap::new();
    let mut in_cells = false;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&element, "formatCode")) {
                        declared.insert(id, format::of_code(&code));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    let format = declared.get(&id).copied().or_else(|| format::built_in(id));
                    shared.formats.push(format.unwrap_or_default());
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cells = false,
            _ => {}
        }
    }
    Ok(())
}

/// Shared strings. The counts that the part promises are not believed.
fn read_strings(
    package: &mut Package<'_>,
    part: &str,
    shared: &mut Shared,
    limits: &Limits,
) -> Result<(), Error> {
    let read = |piece: &[u8]| Strings::read(&mut Xml::of_text(piece), limits, part).ok();
    let is_read = package.tried(part, |xml| {
        let mut strings = Strings::default();
        let take = |next| {
            strings.append(&next);
            (strings.ends.len() <= limits.cells).then_some(())
        };
        let frame = pieces::each(xml, "si", read, take)?;
        // A string that is written in another way than the first one is left over here.
        read(&frame)?.ends.is_empty().then(|| shared.strings = strings)
    })?;
    if !is_read && let Some(mut xml) = package.xml(part)? {
        shared.strings = Strings::read(&mut xml, limits, part)?;
    }
    Ok(())
}

impl Strings {
    /// The strings of some XML, runs joined, phonetic readings left out.
    fn read(xml: &mut Xml<'_>, limits: &Limits, part: &str) -> Result<Self, Error> {
        let mut strings = Strings::default();
        let (mut in_text, mut phonetic) = (false, false);
        while let Some(event) = xml.next()? {
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "t" => in_text = !phonetic,
                    "rPh" => phonetic = true,
                    _ => {}
                },
                Event::Empty(element) if element.local_name().as_ref() == "si" => strings.end(),
                Event::End(element) => match element.local_name().as_ref() {
                    "t" => in_text = false,
                    "rPh" => phonetic = false,
                    "si" => strings.end(),
                    _ => {}
                },
                event if in_text => append_text(event, &mut strings.text),
                _ => {}
            }
            if strings.ends.len() > limits.cells {
                return Err(Error::Limit {
                    setting: "cells",
                    what: "shared strings",
                    limit: limits.cells as u64,
                    place: part.to_owned(),
                });
            }
        }
        Ok(strings)
    }

    /// Ends the string that was begun.
    fn end(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        worksheet::unescape(&mut self.text, start);
        self.ends.push(self.text.len());
    }

    fn append(&mut self, next: &Strings) {
        let start = self.text.len();
        self.text.push_str(&next.text);
        self.ends.extend(next.ends.iter().map(|end| start + end));
    }

    fn get(&self, index: usize) -> Option<&str> {
        let start = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// The named tables of a sheet.
fn read_tables(package: &mut Package<'_>, part: &str, sheet: &mut Sheet) -> Result<(), Error> {
    for relation in relations(package, part)?.into_values().filter(|relation| relation.kind == "table") {
        let Some(mut xml) = package.xml(&relation.target)? else { continue };
        while let Some(event) = xml.next()? {
            let (Event::Start(element) | Event::Empty(element)) = event else { continue };
            if element.local_name().as_ref() == "table" {
                let name = attribute(&element, "displayName")
                    .or_else(|| attribute(&element, "name"))
                    .unwrap_or_default();
                let area = attribute(&element, "ref").and_then(|area| worksheet::area(&area));
                sheet.tables.extend(area.map(|area| (name, area)));
                break;
            }
        }
    }
    sheet.tables.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(())
}
