//! Claims: the one table that may hold ten million rows, so every column lends or looks up.

use std::borrow::Cow;

use model::claim::{ABSENT, ClaimKind, EvidenceStatus, Measure, Rank};
use model::facts::Facts;
use model::figure::Comparator;
use model::period::{Precision, Role};
use model::place::PlaceId;
use model::table::CLAIMS;

use super::{names, position_columns, published_on, through};
use crate::table::{Column, Table};

/// The figures as stated.
pub fn claims(facts: &Facts) -> Table<'_> {
    let claims = &facts.claims;
    let indicators = &facts.indicators;
    let place = |place: PlaceId| u32::from(place.0);
    let indicator = |row: usize| claims.indicator[row] as usize;
    let period = |row: usize| claims.period[row];
    let [file, sheet, cell] = position_columns(facts, |row| claims.cell[row]);
    Table {
        schema: &CLAIMS,
        rows: claims.len(),
        part: None,
        columns: vec![
            Column::Text(Cow::Borrowed(&claims.claim_id)),
            through(facts.sources.iter().map(|source| &source.source_id), |row| claims.source[row] as usize),
            through(indicators.iter().map(|indicator| &indicator.indicator), indicator),
            through(indicators.iter().map(|indicator| &indicator.topic), indicator),
            Column::words(Measure::WORDS, |row| Some(claims.measure[row] as u32)),
            Column::coded(move |row| place(claims.reporter[row]), Cow::Owned(names::places(facts))),
            Column::coded(
                move |row| claims.partner[row].map_or(ABSENT, place),
                Cow::Owned(names::places(facts)),
            ),
            Column::words(ClaimKind::WORDS, |row| Some(claims.kind[row] as u32)),
            Column::made(|row, text| text.push_str(claims.stated_of(row))),
            Column::words(Comparator::WORDS, |row| Some(claims.figure.comparator[row] as u32)),
            Column::number(|row| claims.figure.value[row]),
            Column::number(|row| claims.figure.lower[row]),
            Column::boolean(|row| claims.figure.lower_open[row]),
            Column::number(|row| claims.figure.upper[row]),
            Column::boolean(|row| claims.figure.upper_open[row]),
            through(claims.units.iter().map(|unit| unit.code()), |row| claims.unit[row].into()),
            through(claims.periods.iter().map(|period| period.label()), move |row| period(row) as usize),
            Column::days(period, claims.periods.iter().map(|period| period.start).collect()),
            Column::days(period, claims.periods.iter().map(|period| period.end).collect()),
            Column::words(Role::WORDS, |row| Some(claims.period_of(row).role as u32)),
            Column::words(Precision::WORDS, |row| Some(claims.period_of(row).precision as u32)),
            through(claims.periods.iter().map(|period| period.label()), |row| {
                claims.base_period[row] as usize
            }),
            Column::words(Rank::WORDS, |row| Some(claims.rank[row] as u32)),
            Column::coded(|row| claims.rank_reason[row], Cow::Borrowed(claims.words.values())),
            Column::Text(Cow::Borrowed(&claims.supersedes)),
            Column::coded(|row| claims.asserted_by[row], Cow::Borrowed(claims.words.values())),
            Column::days(|row| claims.source[row], published_on(facts)),
            Column::Text(Cow::Borrowed(&claims.evidence)),
            Column::words(EvidenceStatus::WORDS, |row| Some(claims.evidence_status[row] as u32)),
            Column::coded(|row| claims.locator[row], Cow::Borrowed(claims.words.values())),
            file,
            sheet,
            cell,
            Column::Text(Cow::Borrowed(&claims.note)),
        ],
    }
}
