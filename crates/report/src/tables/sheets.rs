//! Sources, indicators and places: the tables that the others refer to.

use model::facts::Facts;
use model::table::{INDICATORS, PLACES, SOURCES};
use rust_decimal::Decimal;

use crate::table::{Column, Table};

/// The texts that state figures, with how many claims rest on each.
pub fn sources(facts: &Facts) -> Table<'_> {
    let sources = &facts.sources;
    let mut claims = vec![0i64; sources.len()];
    for &source in &facts.claims.source {
        claims[source as usize] += 1;
    }
    Table {
        schema: &SOURCES,
        rows: sources.len(),
        part: None,
        columns: vec![
            Column::text(sources.iter().map(|source| &source.source_id)),
            Column::text(sources.iter().map(|source| &source.title)),
            Column::text(sources.iter().map(|source| &source.publisher)),
            Column::dates(sources.iter().map(|source| Some(source.published_on))),
            Column::text(sources.iter().map(|source| source.date_precision.as_str())),
            Column::text(sources.iter().map(|source| &source.url)),
            Column::text(sources.iter().map(|source| &source.language)),
            Column::text(sources.iter().map(|source| source.kind.as_str())),
            Column::text(sources.iter().map(|source| &source.origin)),
            Column::integer(move |row| claims.get(row).copied()),
            Column::text(sources.iter().map(|source| &source.note)),
        ],
    }
}

/// What is measurable.
pub fn indicators(facts: &Facts) -> Table<'_> {
    let indicators = &facts.indicators;
    let bound = |bound: &Option<Decimal>| bound.as_ref().map_or(f64::NAN, model::claim::nearest_float);
    Table {
        schema: &INDICATORS,
        rows: indicators.len(),
        part: None,
        columns: vec![
            Column::text(indicators.iter().map(|indicator| &indicator.indicator)),
            Column::text(indicators.iter().map(|indicator| &indicator.label)),
            Column::text(indicators.iter().map(|indicator| &indicator.topic)),
            Column::text(indicators.iter().map(|indicator| indicator.unit.code())),
            Column::text(
                indicators.iter().map(|indicator| indicator.flow_or_stock.map_or("", |word| word.as_str())),
            ),
            Column::boolean(|row| indicators[row].cumulative),
            Column::boolean(|row| indicators[row].symmetric),
            Column::text(indicators.iter().map(|indicator| &indicator.mirror)),
            Column::text(indicators.iter().map(|indicator| &indicator.part_of)),
            Column::number(move |row| bound(&indicators[row].minimum)),
            Column::number(move |row| bound(&indicators[row].maximum)),
            Column::text(indicators.iter().map(|indicator| indicator.better.as_str())),
            Column::text(indicators.iter().map(|indicator| &indicator.description)),
        ],
    }
}

/// The places in use.
pub fn places(facts: &Facts) -> Table<'_> {
    let mut is_named = vec![false; facts.places.len()];
    let claims = &facts.claims;
    let of_claims = claims.reporter.iter().chain(claims.partner.iter().flatten());
    let of_commitments = facts.commitments.iter().flat_map(|one| one.party.iter().chain(&one.counterparty));
    for place in of_claims.chain(of_commitments) {
        is_named[usize::from(place.0)] = true;
    }
    let places: Vec<_> =
        facts.places.iter().zip(is_named).filter_map(|(place, named)| named.then_some(place)).collect();
    Table {
        schema: &PLACES,
        rows: places.len(),
        part: None,
        columns: vec![
            Column::text(places.iter().map(|place| &place.code)),
            Column::text(places.iter().map(|place| place.alpha2.as_deref().unwrap_or_default())),
            Column::text(places.iter().map(|place| &place.name)),
        ],
    }
}
