//! The case files in `tests/cases`: each case states rows, and after `->` what must come of them.
//!
//! An expected line must be among those that [`render::lines`](crate::render::lines) gives. The
//! findings must be exactly those expected: a case that expects none is a counter-case. Findings whose
//! arithmetic a case leaves out match by code and id.

use std::path::Path;

use model::claim::{ClaimKind, Measure, Rank};
use model::commitment::Status;
use model::source::SourceKind;
use reconcile::{Settings, published_by, reconcile};

use crate::corridor::{self, Bad, ClaimRow, Corridor, date, decimal, period, unit, word};
use crate::render;

#[test]
fn every_case_gives_what_it_says() -> Result<(), Bad> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    files.sort();
    let mut failures = String::new();
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        for case in text.split("\n== ").skip(1) {
            count += 1;
            let title = case.lines().next().unwrap_or_default();
            if let Err(why) = run(case) {
                failures += &format!("\n{name}: {title}\n{why}\n");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 50, "only {count} cases were found");
    Ok(())
}

fn run(case: &str) -> Result<(), Bad> {
    let (rows, expected) = case.split_once("\n->").ok_or("no -> in the case")?;
    let mut corridor = Corridor::default();
    let mut as_of = None;
    for row in rows.lines().skip(1).map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let words: Vec<&str> = row.split_whitespace().collect();
        match words.as_slice() {
            ["as_of", day] => as_of = Some(date(day)?),
            words => read(&mut corridor, words).map_err(|why| format!("{row}: {why}"))?,
        }
    }
    let facts = corridor.facts()?;
    let as_of = as_of.or(facts.latest_publication()).ok_or("no source")?;
    let facts = published_by(facts, as_of);
    let known = reconcile(&facts, as_of, &Settings::default());
    compare(&render::lines(&facts, &known), expected)
}

fn compare(lines: &[String], expected: &str) -> Result<(), Bad> {
    let is_finding = |line: &str| ["warning ", "note ", "error "].iter().any(|word| line.starts_with(word));
    let mut findings: Vec<&String> = lines.iter().filter(|line| is_finding(line)).collect();
    let mut missing = Vec::new();
    for want in expected.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(unwanted) = want.strip_prefix("no ") {
            if let Some(line) = lines.iter().find(|line| line.starts_with(unwanted)) {
                missing.push(format!("not this one: {line}"));
            }
        } else if is_finding(want) {
            let whole = want.contains(": ");
            let found = findings
                .iter()
                .position(|line| if whole { *line == want } else { line.split(": ").next() == Some(want) });
            match found {
                Some(position) => drop(findings.remove(position)),
                None => missing.push(want.to_owned()),
            }
        } else if !lines.iter().any(|line| line == want) {
            missing.push(want.to_owned());
        }
    }
    if missing.is_empty() && findings.is_empty() {
        return Ok(());
    }
    Err(format!("  missing: {missing:#?}\n  unexpected findings: {findings:#?}\n  all: {lines:#?}"))
}

fn read(corridor: &mut Corridor, words: &[&str]) -> Result<(), Bad> {
    let split = |words: &[&str]| -> Vec<(String, String)> {
        let pairs = words.iter().map(|word| word.split_once('=').unwrap_or((word, "")));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    match words {
        ["indicator", id, cells @ ..] => {
            let cells = split(cells);
            let cells: Vec<(&str, &str)> = cells.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            corridor.indicators.push(corridor::indicator(id, &cells)?);
        }
        ["source", id, day, kind, cells @ ..] => {
            let cells = split(cells);
            let origin = cells.iter().find(|(name, _)| name == "origin").map_or("", |(_, value)| value);
            let kind = word(kind, SourceKind::parse)?;
            corridor.sources.push(corridor::source(id, date(day)?, kind, origin));
        }
        ["claim", id, source, series, span, figure, cells @ ..] => {
            let row = claim(corridor, id, source, series, span, figure, &split(cells))?;
            corridor.claims.push(row);
        }
        ["commitment", id, source, cells @ ..] => {
            corridor.commitments.push(((*id).to_owned(), (*source).to_owned(), split(cells)));
        }
        ["event", commitment, day, status, source] => {
            let event = corridor::event(commitment, date(day)?, word(status, Status::parse)?);
            corridor.events.push(((*source).to_owned(), event));
        }
        ["rate", currency, span, per_usd] => {
            corridor.rates.push(corridor::rate(currency, period(span)?, decimal(per_usd)?));
        }
        _ => return Err("what is this row?".to_owned()),
    }
    Ok(())
}

fn claim(
    corridor: &Corridor,
    id: &str,
    source: &str,
    series: &str,
    span: &str,
    figure: &str,
    cells: &[(String, String)],
) -> Result<ClaimRow, Bad> {
    let cell = |name: &str| cells.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut series = series.split('.');
    let indicator = series.next().unwrap_or_default().to_owned();
    let declared = corridor.indicators.iter().find(|one| one.indicator == indicator);
    let measure = word(cell("measure").unwrap_or("level"), Measure::parse)?;
    let usual = if measure == Measure::Growth { "%" } else { declared.map_or("USD", |one| one.unit.code()) };
    Ok(ClaimRow {
        id: id.to_owned(),
        source: source.to_owned(),
        indicator,
        reporter: series.next().ok_or("no reporter")?.to_owned(),
        partner: series.next().map(str::to_owned),
        measure,
        kind: word(cell("kind").unwrap_or("actual"), ClaimKind::parse)?,
        figure: figure.to_owned(),
        unit: unit(cell("unit").unwrap_or(usual))?,
        period: period(span)?,
        base: cell("base").map(period).transpose()?,
        rank: word(cell("rank").unwrap_or("normal"), Rank::parse)?,
        supersedes: cell("supersedes").unwrap_or("").to_owned(),
    })
}
