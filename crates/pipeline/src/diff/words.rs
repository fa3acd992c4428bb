//! Rows and changes in words, for every form that people read.

use model::figure::Comparator;
use model::observation::Interval;
use model::unit::Unit;
use report::figures;

use super::change::{Action, Change, Field, Table};
use super::rows::Row;

/// `series_id:period_label`, with what tells rows of one series and period apart.
pub(super) fn observation_id(row: &Row) -> String {
    let mut id = format!("{}:{}", row.get("series_id"), row.get("period_label"));
    let base = row.get("base_period");
    if !base.is_empty() {
        id.push_str(&format!(" against {base}"));
    }
    if row.get("derived") == "true" {
        id.push_str(&format!(" = {}", row.get("formula")));
    }
    id
}

/// What a row says, in a few words.
pub(super) fn says(table: Table, row: &Row) -> String {
    match table {
        Table::Claims => {
            let series: Vec<&str> = ["indicator", "reporter", "partner"]
                .map(|column| row.get(column))
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            let stated = row.get("stated");
            let said = if stated.is_empty() {
                figure(row.get("comparator"), row.get("value"), row.get("unit"))
            } else {
                format!("“{stated}”")
            };
            let measure = match row.get("measure") {
                "level" => String::new(),
                measure => format!(" ({measure})"),
            };
            format!("{}{measure} {}: {said}", series.join("."), row.get("period_label"))
        }
        Table::Observations => {
            let step = derived_step(row);
            let value = rounded_figure(row.get("comparator"), row.get("value"), step, row.get("unit"));
            let value = if value.is_empty() { figures::bounds(&interval(row), None) } else { value };
            let conflict = if row.get("conflict") == "true" { ", in conflict" } else { "" };
            format!("{value}{conflict}")
        }
        Table::Commitments => {
            let value = figure(row.get("comparator"), row.get("value"), row.get("unit"));
            let figure = if value.is_empty() { value } else { format!(", {value}") };
            let deadline = row.get("deadline");
            let deadline = if deadline.is_empty() { String::new() } else { format!(", by {deadline}") };
            format!("{}{figure}{deadline} ({})", row.get("title"), row.get("status"))
        }
        Table::Totals => String::new(),
    }
}

fn interval(row: &Row) -> Interval {
    let bound = |column: &str, none: f64| row.get(column).parse().unwrap_or(none);
    Interval {
        lower: bound("lower", f64::NEG_INFINITY),
        lower_open: row.get("lower_open") == "true",
        upper: bound("upper", f64::INFINITY),
        upper_open: row.get("upper_open") == "true",
    }
}

/// The step to which a derived value may be rounded: its many digits are those of a division.
pub(super) fn derived_step(row: &Row) -> Option<f64> {
    let interval = interval(row);
    let point = row.get("value").parse().ok();
    let step = point.and_then(|point| figures::supported_step(point, &interval));
    let step = step.or_else(|| figures::bounds_step(&interval));
    step.filter(|_| row.get("derived") == "true")
}

/// A hedged amount with its unit's code: `nearly 2 billion USD`.
fn figure(comparator: &str, value: &str, unit: &str) -> String {
    rounded_figure(comparator, value, None, unit)
}

/// The same, with no digit beyond a step.
fn rounded_figure(comparator: &str, value: &str, step: Option<f64>, unit: &str) -> String {
    let Ok(number) = value.parse::<f64>() else { return String::new() };
    let amount = with_unit(&figures::number(number, step), unit);
    Comparator::parse(comparator)
        .map_or(amount.clone(), |comparator| report::words::hedged(comparator, &amount))
}

fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" | "1" => number.to_owned(),
        unit => format!("{number} {unit}"),
    }
}

/// What changed in a row, one phrase for each thing; of an added or withdrawn one, what it says.
pub(super) fn phrases(change: &Change) -> Vec<String> {
    match change.action {
        Action::Added | Action::Withdrawn => return vec![change.says.clone()],
        Action::Renamed => {
            return vec![format!("was {}; {}", change.old_id.as_deref().unwrap_or_default(), change.says)];
        }
        Action::Changed => {}
    }
    let mut told: Vec<&str> = Vec::new();
    let mut phrases = Vec::new();
    if let Some(value) = change.field("value") {
        phrases.push(value_phrase(change, value));
        told.extend(["value", "comparator", "unit"]);
    }
    let is_bound = |column: &str| matches!(column, "lower" | "lower_open" | "upper" | "upper_open");
    let bounds: Vec<&Field> = change.fields.iter().filter(|field| is_bound(field.column)).collect();
    for field in bounds {
        // Where the value moved, its bounds follow.
        if change.field("value").is_none() && !field.column.ends_with("_open") {
            phrases.push(plain_phrase(field, change));
        }
        told.push(field.column);
    }
    for field in &change.fields {
        let follows = |suffix: &str| {
            field.column.strip_suffix(suffix).is_some_and(|point| change.field(point).is_some())
        };
        if !told.contains(&field.column) && !follows("_lower") && !follows("_upper") {
            phrases.push(plain_phrase(field, change));
        }
    }
    if phrases.is_empty() {
        phrases.extend(change.fields.iter().map(|field| plain_phrase(field, change)));
    }
    phrases
}

/// `4.1 billion → 4.2 billion USD (+100 million, +2.44 %)`.
fn value_phrase(change: &Change, value: &Field) -> String {
    let hedge = change.field("comparator");
    // The same digits on both sides: those of the one that has more, and enough to see the difference.
    let seen = value.absolute.filter(|absolute| *absolute != 0.0).map(|absolute| step_of_digits(absolute, 2));
    let finer = change.steps.into_iter().flatten().reduce(f64::min);
    let finer = finer.map(|finer| seen.map_or(finer, |seen| finer.min(seen)));
    let old_hedge = hedge.map_or(&change.comparator, |hedge| &hedge.old);
    let old = rounded_figure(old_hedge, &value.old, finer, "");
    let new = rounded_figure(&change.comparator, &value.new, finer, "");
    let or_none = |text: String| if text.is_empty() { "no value".to_owned() } else { text };
    format!(
        "{} → {}{}",
        or_none(old),
        with_unit(&or_none(new), &change.unit),
        sizes(value, finer, &change.unit)
    )
}

/// ` (+100 million, +2.44 %)`, of percentages ` (+2.9 pp)`, or nothing.
fn sizes(field: &Field, step: Option<f64>, unit: &str) -> String {
    let Some(absolute) = field.absolute else { return String::new() };
    let absolute_text = signed(&figures::number(absolute, step), absolute);
    if unit == Unit::PERCENT.code() {
        return format!(" ({absolute_text} {})", Unit::PERCENTAGE_POINT.code());
    }
    // From a deficit to a surplus no percentage leads.
    let same_side = field.old.starts_with('-') == field.new.starts_with('-');
    match field.relative_percent.filter(|_| same_side) {
        Some(relative) => format!(" ({absolute_text}, {} %)", signed(&three_digits(relative), relative)),
        None => format!(" ({absolute_text})"),
    }
}

fn signed(number: &str, value: f64) -> String {
    if value > 0.0 { format!("+{number}") } else { number.to_owned() }
}

/// A percentage to three significant digits.
fn three_digits(value: f64) -> String {
    figures::number(value, Some(step_of_digits(value, 3).min(1.0)))
}

/// The step that leaves so many significant digits.
fn step_of_digits(value: f64, digits: i32) -> f64 {
    10f64.powi(value.abs().max(1e-6).log10().floor() as i32 + 1 - digits)
}

fn plain_phrase(field: &Field, change: &Change) -> String {
    let is_percent = ["share_reached", "required_growth", "observed_growth"]
        .iter()
        .any(|name| field.column.starts_with(name));
    let has_unit =
        matches!(field.column, "lower" | "upper" | "gap" | "latest_value" | "amount" | "in_dollars");
    let unit = match (is_percent, has_unit) {
        (true, _) => "%",
        _ if field.column == "in_dollars" => "USD",
        (_, true) => change.unit.as_str(),
        _ => "",
    };
    let shown = |text: &str| match (text, text.parse::<f64>()) {
        ("", _) => "none".to_owned(),
        (_, Ok(number)) if is_percent => with_unit(&three_digits(number), unit),
        (_, Ok(number)) if has_unit => {
            let step = change.is_derived().then(|| step_of_digits(number, 3));
            with_unit(&figures::number(number, step), unit)
        }
        ("true", _) => "yes".to_owned(),
        ("false", _) => "no".to_owned(),
        (text, _) if field.column == "stated" || field.column == "evidence" => format!("“{text}”"),
        (text, _) => text.to_owned(),
    };
    let name = match field.column {
        "projected" => "projected to be met".to_owned(),
        column => column.replace('_', " "),
    };
    let step = field.absolute.filter(|_| change.is_derived()).map(|absolute| step_of_digits(absolute, 3));
    let sizes = if has_unit { sizes(field, step, unit) } else { String::new() };
    format!("{name} {} → {}{sizes}", shown(&field.old), shown(&field.new))
}
