//! Commitments with their progress, and the steps they took.

use model::commitment::{Commitment, CommitmentKind, Measured, Progress, Status, Verdict};
use model::facts::{Facts, Knowledge};
use model::figure::Comparator;
use model::place::PlaceId;
use model::table::{COMMITMENT_EVENTS, COMMITMENTS};

use super::{joined, position_columns, through};
use crate::table::{Column, Table};

/// What was promised, and how far it got.
pub fn commitments<'a>(facts: &'a Facts, knowledge: &'a Knowledge) -> Table<'a> {
    let rows = &facts.commitments;
    let mut columns = promised_columns(facts);
    columns.extend(status_columns(facts, knowledge));
    columns.extend(progress_columns(knowledge));
    let [file, sheet, cell] = position_columns(facts, |row| rows[row].cell);
    columns.extend([
        Column::text(rows.iter().map(|commitment| &commitment.evidence)),
        Column::text(rows.iter().map(|commitment| commitment.evidence_status.as_str())),
        file,
        sheet,
        cell,
        Column::text(rows.iter().map(|commitment| &commitment.note)),
    ]);
    Table { schema: &COMMITMENTS, columns, rows: rows.len(), part: None }
}

/// From `commitment_id` to `deadline`.
fn promised_columns(facts: &Facts) -> Vec<Column<'_>> {
    let rows = &facts.commitments;
    let places = |places: &[PlaceId]| joined(places.iter().map(|&place| facts.place_code(place)));
    let indicator = |commitment: &Commitment| match commitment.indicator {
        Some(indicator) => facts.indicators[indicator as usize].indicator.as_str(),
        None => "",
    };
    let value = |row: usize| {
        rows[row].promised.map_or(f64::NAN, |promised| model::claim::nearest_float(&promised.value))
    };
    vec![
        Column::text(rows.iter().map(|commitment| &commitment.commitment_id)),
        through(facts.sources.iter().map(|source| &source.source_id), |row| rows[row].source as usize),
        Column::text(rows.iter().map(|commitment| places(&commitment.party))),
        Column::text(rows.iter().map(|commitment| places(&commitment.counterparty))),
        Column::words(CommitmentKind::WORDS, |row| Some(rows[row].kind as u32)),
        Column::text(rows.iter().map(|commitment| &commitment.title)),
        Column::text(rows.iter().map(|commitment| &commitment.topic)),
        Column::text(rows.iter().map(indicator)),
        Column::text(rows.iter().map(|commitment| &commitment.stated)),
        Column::words(Comparator::WORDS, |row| rows[row].promised.map(|promised| promised.comparator as u32)),
        Column::number(value),
        Column::text(rows.iter().map(|commitment| commitment.promised.map_or("", |p| p.unit.code()))),
        Column::integer(|row| rows[row].count),
        Column::dates(rows.iter().map(|commitment| Some(commitment.announced_on))),
        Column::dates(rows.iter().map(|commitment| commitment.deadline.and_then(|period| period.end))),
    ]
}

/// From `status` to `counts_in_totals`.
fn status_columns<'a>(facts: &'a Facts, knowledge: &'a Knowledge) -> [Column<'a>; 5] {
    let rows = &facts.commitments;
    let progress = &knowledge.progress;
    [
        Column::words(Status::WORDS, |row| progress.get(row)?.status.map(|status| status as u32)),
        Column::dates((0..rows.len()).map(|row| progress.get(row)?.status_on)),
        Column::text(rows.iter().map(|commitment| &commitment.parent)),
        Column::text(rows.iter().map(|commitment| &commitment.same_as)),
        Column::boolean(|row| rows[row].counts_in_totals),
    ]
}

/// From `latest_value` to `verdict_reason`.
fn progress_columns(knowledge: &Knowledge) -> Vec<Column<'_>> {
    let progress = &knowledge.progress;
    let latest = |row: usize| Some(knowledge.observations.get(progress.get(row)?.latest?));
    let mut columns = vec![
        Column::number(move |row| latest(row).map_or(f64::NAN, |observation| observation.value)),
        Column::made(move |row, text| {
            if let Some(observation) = latest(row) {
                text.push_str(&observation.period.label());
            }
        }),
    ];
    let measures: [fn(&Progress) -> Option<Measured>; 4] =
        [|p| p.share_reached, |p| p.gap, |p| p.required_growth, |p| p.observed_growth];
    for measure in measures {
        let measured = move |row: usize| progress.get(row).and_then(measure);
        columns.extend([
            Column::number(move |row| measured(row).and_then(|m| m.point).unwrap_or(f64::NAN)),
            Column::number(move |row| measured(row).map_or(f64::NAN, |m| m.interval.lower)),
            Column::number(move |row| measured(row).map_or(f64::NAN, |m| m.interval.upper)),
        ]);
    }
    columns.extend([
        Column::dates(progress.iter().map(|progress| progress.projected)),
        Column::words(Verdict::WORDS, |row| Some(progress.get(row)?.verdict as u32)),
        Column::text(progress.iter().map(|progress| &progress.verdict_reason)),
    ]);
    columns
}

/// The steps of commitments.
pub fn commitment_events(facts: &Facts) -> Table<'_> {
    let mut events: Vec<_> = facts.events.iter().collect();
    let source_id = |source: u32| facts.sources[source as usize].source_id.as_str();
    events.sort_by_cached_key(|event| {
        let location = facts.locate(event.cell);
        let step = (event.commitment_id.clone(), event.on, event.status.as_str(), source_id(event.source));
        (step, location)
    });
    let cells: Vec<_> = events.iter().map(|event| event.cell).collect();
    let [file, sheet, cell] = {
        let cells = std::sync::Arc::new(cells);
        position_columns(facts, move |row| cells[row])
    };
    Table {
        schema: &COMMITMENT_EVENTS,
        rows: events.len(),
        part: None,
        columns: vec![
            Column::text(events.iter().map(|event| &event.commitment_id)),
            Column::dates(events.iter().map(|event| Some(event.on))),
            Column::text(events.iter().map(|event| event.status.as_str())),
            Column::text(events.iter().map(|event| source_id(event.source))),
            Column::text(events.iter().map(|event| &event.evidence)),
            Column::text(events.iter().map(|event| event.evidence_status.as_str())),
            file,
            sheet,
            cell,
            Column::text(events.iter().map(|event| &event.note)),
        ],
    }
}
