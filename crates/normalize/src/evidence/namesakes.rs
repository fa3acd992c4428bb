//! Money by a name that several states give theirs: "12 million rupees" bears out Indian rupees and Pakistani ones,
//! "12 million Indian rupees" only the first. The names are data.

use std::sync::LazyLock;

use model::unit::Unit;
use rust_decimal::Decimal;

use super::Reading;

struct Row {
    read_as: Unit,
    forms: Vec<&'static str>,
    others: Vec<Unit>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = include_str!("namesakes.tsv").lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| {
        let (read_as, rest) = row.split_once('\t')?;
        let (forms, others) = rest.split_once('\t')?;
        Some(Row {
            read_as: Unit(read_as),
            forms: forms.split(' ').collect(),
            others: others.split(' ').map(Unit).collect(),
        })
    })
    .collect()
});

/// The other units that the words of a figure may mean, which is read in `unit`.
pub(super) fn namesakes(words: &str, unit: Option<Unit>, reading: Reading) -> &'static [Unit] {
    let mut rows = ROWS.iter().filter(|row| Some(row.read_as) == unit);
    rows.find(|row| has_bare_name(words, row, reading)).map_or(&[], |row| &row.others)
}

/// Whether the words hold the name of the money, and none before it that says whose it is.
fn has_bare_name(words: &str, row: &Row, reading: Reading) -> bool {
    let is_name = |word: &str| {
        let word = word.to_lowercase();
        row.forms.iter().any(|form| match form.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == *form,
        })
    };
    let mut pieces: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).collect();
    pieces.retain(|piece| !piece.is_empty());
    let Some(at) = pieces.iter().position(|piece| is_name(piece)) else { return false };
    let before =
        at.checked_sub(1).map(|before| pieces[before]).filter(|word| word.starts_with(char::is_alphabetic));
    let is_magnitude = |word: &str| {
        let one = reading.figure(&format!("1 {word} {}", pieces[at]));
        one.and_then(|one| one.quantity.value()).is_some_and(|value| value != Decimal::ONE)
    };
    before.is_none_or(is_magnitude)
}
