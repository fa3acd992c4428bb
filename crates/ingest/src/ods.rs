//! What an ODS must be asked before calamine reads it: no password, and no repeats that fill the memory.

use quick_xml::events::{BytesStart, Event};

use crate::error::Error;
use crate::package::{Package, attribute};
use crate::settings::Limits;
use crate::workbook::with_password;

/// Refuses an ODS that is encrypted, or that says "this cell, a hundred million times".
pub(crate) fn guard(package: &mut Package<'_>, limits: &Limits) -> Result<(), Error> {
    if let Some(mut xml) = package.xml("META-INF/manifest.xml")? {
        while let Some(event) = xml.next()? {
            if let Event::Start(element) | Event::Empty(element) = event
                && element.local_name().as_ref() == "encryption-data"
            {
                return Err(with_password("an ODS with a password"));
            }
        }
    }
    let cells = count_cells(package)?;
    if cells > limits.cells as u64 {
        return Err(Error::Limit {
            setting: "cells",
            what: "cells, repeats and gaps counted,",
            limit: limits.cells as u64,
            place: "content.xml".to_owned(),
        });
    }
    Ok(())
}

/// Cells up to the last one with content of each row, as often as the row is repeated; rows up to the last one with
/// content.
fn count_cells(package: &mut Package<'_>) -> Result<u64, Error> {
    let Some(mut xml) = package.xml("content.xml")? else { return Ok(0) };
    let (mut total, mut gap) = (0u64, 0u64);
    let (mut width, mut filled, mut row_repeat) = (0u64, 0u64, 1u64);
    let mut in_cell = false;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "table-row" => {
                (width, filled, row_repeat) = (0, 0, repeat(&element, "number-rows-repeated"));
            }
            Event::Start(element) if is_cell(element.local_name().as_ref()) => {
                width = width.saturating_add(repeat(&element, "number-columns-repeated"));
                in_cell = true;
                if attribute(&element, "value-type").is_some() {
                    filled = width;
                }
            }
            Event::Empty(element) if is_cell(element.local_name().as_ref()) => {
                width = width.saturating_add(repeat(&element, "number-columns-repeated"));
            }
            Event::Text(_) if in_cell => filled = width,
            Event::End(element) if is_cell(element.local_name().as_ref()) => in_cell = false,
            Event::End(element) if element.local_name().as_ref() == "table-row" => {
                if filled > 0 {
                    total = total.saturating_add(row_repeat.saturating_mul(filled)).saturating_add(gap);
                    gap = 0;
                } else {
                    gap = gap.saturating_add(row_repeat);
                }
            }
            Event::End(element) if element.local_name().as_ref() == "table" => gap = 0,
            _ => {}
        }
    }
    Ok(total)
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table-cell" | "covered-table-cell")
}

fn repeat(element: &BytesStart<'_>, name: &str) -> u64 {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1)
}
