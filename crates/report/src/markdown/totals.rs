//! What promised money adds up to, by currency, and what each sum leaves out.

use model::commitment::{Grouping, Total};

use super::View;
use super::commitments::promised;
use super::escape::text;
use super::page::Page;
use crate::{figures, words};

/// Promises named as left out of one sum.
const MOST_LEFT_OUT: usize = 20;

/// The section on totals; nothing where no money is promised.
pub(crate) fn write(page: &mut Page<'_, '_>) {
    let view = page.view;
    let totals = &view.knowledge.totals;
    if totals.is_empty() {
        return;
    }
    page.section("What the promised money adds up to");
    page.paragraph(
        "Currencies are kept apart. A promise that a larger one contains, or that a text announces again, is \
         counted once; a joint promise counts for each of its parties.",
    );
    let most = view.settings.most_rows;
    let mut order: Vec<&Total> = totals.iter().collect();
    order.sort_by_key(|total| total.grouping != Grouping::All);
    let rows: Vec<Vec<String>> = order.iter().take(most).map(|total| row(view, total)).collect();
    page.table(&["By", "Group", "Sum", "Promises:", "In dollars", "Left out:"], &rows);
    if rows.len() < totals.len() {
        let (shown, total) = (words::whole(rows.len()), words::whole(totals.len()));
        page.paragraph(&format!("Cut: {shown} of {total} sums are shown."));
    }
    let left_out: Vec<String> =
        order.into_iter().filter(|t| t.grouping == Grouping::All).flat_map(|t| left_out(page, t)).collect();
    if !left_out.is_empty() {
        page.paragraph("Left out of the sums:");
        page.list(&left_out);
    }
}

fn row(view: &View<'_>, total: &Total) -> Vec<String> {
    let sum = model::claim::nearest_float(&total.amount);
    let everything = total.grouping == Grouping::All;
    vec![
        if everything { "everything".to_owned() } else { words::plain(total.grouping.as_str()) },
        group(view, total),
        figures::amount(sum, None, total.currency),
        words::whole(total.commitments.len()),
        converted(view, total),
        words::whole(total.left_out.len()),
    ]
}

fn group(view: &View<'_>, total: &Total) -> String {
    if total.grouping == Grouping::Party {
        let place = view.facts.places.iter().find(|place| place.code == total.group);
        return text(place.map_or(total.group.as_str(), |place| place.name.as_str()));
    }
    match total.group.as_str() {
        "" if total.grouping == Grouping::All => String::new(),
        "" => "none stated".to_owned(),
        group => text(&words::plain(group)),
    }
}

/// The sum in dollars, with the rates and where they are from; empty where no rate covers it.
fn converted(view: &View<'_>, total: &Total) -> String {
    let dollar = model::unit::Unit("USD");
    if total.currency == dollar {
        return String::new();
    }
    let Some(dollars) = total.converted else { return "no rate".to_owned() };
    let dollars = model::claim::nearest_float(&dollars);
    let rates: Vec<String> = total
        .rates
        .iter()
        .filter_map(|&rate| view.facts.rates.get(rate as usize))
        .map(|rate| {
            let source = if rate.source.is_empty() { "no source".to_owned() } else { text(&rate.source) };
            format!("{} {} {}, {source}", rate.per_usd, text(&rate.currency), words::when(&rate.period))
        })
        .collect();
    let shown = figures::amount(dollars, three_digits(dollars), dollar);
    format!("{shown} (at {})", rates.join("; "))
}

/// A converted sum shows three digits: no more than an average rate supports.
fn three_digits(value: f64) -> Option<f64> {
    (value != 0.0).then(|| 10f64.powf(value.abs().log10().floor() - 2.0))
}

/// The promises that a sum leaves out, each with the reason.
fn left_out(page: &mut Page<'_, '_>, total: &Total) -> Vec<String> {
    let view = page.view;
    let mut items: Vec<String> = total
        .left_out
        .iter()
        .take(MOST_LEFT_OUT)
        .filter_map(|&index| Some((index, view.facts.commitments.get(index as usize)?)))
        .map(|(index, commitment)| {
            let because = match (&commitment.same_as, &commitment.parent) {
                (same, _) if !same.is_empty() => format!("announced again: {}", named(view, same)),
                (_, parent) if !parent.is_empty() => format!("part of {}", named(view, parent)),
                _ if !commitment.counts_in_totals => "the curator leaves it out".to_owned(),
                _ => "already counted".to_owned(),
            };
            let (title, note) = (text(&commitment.title), page.cite_commitment(index));
            format!("{title}{note}, {} – {because}.", promised(commitment))
        })
        .collect();
    let more = total.left_out.len().saturating_sub(MOST_LEFT_OUT);
    if more > 0 {
        items.push(format!("{} more.", words::whole(more)));
    }
    items
}

fn named(view: &View<'_>, id: &str) -> String {
    view.commitment_title(id).map_or_else(|| text(id), |title| format!("“{}”", text(title)))
}
