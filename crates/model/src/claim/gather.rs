//! Claims of many batches brought together, and into one order, column by column.

use std::cmp::Reverse;
use std::mem::take;

use rayon::prelude::*;

use super::{ABSENT, Claims};

/// Does the same with each column of codes or numbers, and with each column of text.
macro_rules! each_column {
    ($codes:ident, $texts:ident) => {
        $codes!(
            source,
            indicator,
            measure,
            reporter,
            partner,
            kind,
            figure.comparator,
            figure.value,
            figure.lower,
            figure.upper,
            figure.lower_open,
            figure.upper_open,
            unit,
            period,
            base_period,
            rank,
            rank_reason,
            asserted_by,
            locator,
            evidence_status,
            cell
        );
        $texts!(claim_id, supersedes, evidence, note);
    };
}

impl Claims {
    /// Appends the claims of `part`.
    ///
    /// Into columns that grow, rather than beside each other until all are read: a large column moves without being
    /// copied, and goes back to the system when it is put in order.
    pub fn append(&mut self, mut part: Claims) {
        self.adopt_codes(&mut part);
        macro_rules! codes {
            ($($($column:ident).+),+) => { $(self.$($column).+.extend_from_slice(&part.$($column).+);)+ };
        }
        macro_rules! texts {
            ($($column:ident),+) => { $(self.$column.append(&part.$column);)+ };
        }
        each_column!(codes, texts);
        self.stated.append(&part.stated);
    }

    /// Keeps the claims at `order`, in that order. The dictionaries stay as they are.
    pub fn select(&mut self, order: &[u32]) {
        macro_rules! codes {
            ($($($column:ident).+),+) => { $(self.$($column).+ = picked(take(&mut self.$($column).+), order);)+ };
        }
        macro_rules! texts {
            ($($column:ident),+) => {
                let mut columns = [$(&mut self.$column),+];
                // The largest first, so that the cores end together.
                columns.sort_unstable_by_key(|texts| Reverse(texts.bytes()));
                columns.into_par_iter().with_max_len(1).for_each(|texts| *texts = take(texts).select(order));
            };
        }
        each_column!(codes, texts);
        self.stated = take(&mut self.stated).select(order);
    }

    /// Takes over the distinct periods, units and words of `part`, whose codes become those of `self`.
    fn adopt_codes(&mut self, part: &mut Claims) {
        let periods = merge(&mut self.periods, &part.periods);
        let units = merge(&mut self.units, &part.units);
        let words: Vec<u32> = part.words.values().iter().map(|word| self.words.code(word)).collect();
        let recode = |codes: &mut [u32], map: &[u32]| {
            for code in codes {
                *code = map.get(*code as usize).copied().unwrap_or(ABSENT);
            }
        };
        recode(&mut part.period, &periods);
        recode(&mut part.base_period, &periods);
        recode(&mut part.rank_reason, &words);
        recode(&mut part.asserted_by, &words);
        recode(&mut part.locator, &words);
        for unit in &mut part.unit {
            *unit = units[usize::from(*unit)] as u16;
        }
    }
}

fn picked<T: Copy + Send + Sync>(column: Vec<T>, order: &[u32]) -> Vec<T> {
    order.par_iter().map(|&row| column[row as usize]).collect()
}

/// Adds the values of `other` that `distinct` lacks, and gives each one's index in `distinct`.
fn merge<T: Copy + Eq + std::hash::Hash>(distinct: &mut Vec<T>, other: &[T]) -> Vec<u32> {
    let mut index: hashbrown::HashMap<T, u32, foldhash::fast::FixedState> =
        distinct.iter().zip(0..).map(|(&value, code)| (value, code)).collect();
    other
        .iter()
        .map(|&value| {
            *index.entry(value).or_insert_with(|| {
                distinct.push(value);
                distinct.len() as u32 - 1
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::cell::CellRef;
    use crate::claim::{ClaimKind, EvidenceStatus, Figures, Measure, Rank};
    use crate::column::Texts;
    use crate::figure::Comparator;
    use crate::period::Period;
    use crate::place::PlaceId;
    use crate::unit::Unit;

    /// A batch of its own dictionaries: id, value, unit, year, base year and who said it, the last two perhaps empty.
    type Row = (&'static str, u32, &'static str, i32, Option<i32>, &'static str);

    fn batch(rows: &[Row]) -> Claims {
        let mut claims = Claims::default();
        for &(id, value, unit, year, base, speaker) in rows {
            claims.claim_id.push(id);
            claims.stated.push(&value.to_string(), "");
            for texts in [&mut claims.supersedes, &mut claims.evidence, &mut claims.note] {
                texts.push(if value % 2 == 0 { id } else { "" });
            }
            claims.source.push(value);
            claims.indicator.push(value);
            claims.measure.push(Measure::Level);
            claims.reporter.push(PlaceId(value as u16));
            claims.partner.push(None);
            claims.kind.push(ClaimKind::Actual);
            let value = crate::claim::nearest_float(&Decimal::from(value));
            let figure = &mut claims.figure;
            figure.comparator.push(Comparator::Equal);
            [&mut figure.value, &mut figure.lower, &mut figure.upper]
                .into_iter()
                .for_each(|column| column.push(value));
            [&mut figure.lower_open, &mut figure.upper_open]
                .into_iter()
                .for_each(|column| column.push(false));
            claims.units.push(Unit(unit));
            claims.unit.push(claims.units.len() as u16 - 1);
            claims.periods.extend(Period::year(year));
            claims.period.push(claims.periods.len() as u32 - 1);
            claims.periods.extend(base.and_then(Period::year));
            claims.base_period.push(base.map_or(ABSENT, |_| claims.periods.len() as u32 - 1));
            claims.rank.push(Rank::Normal);
            claims.rank_reason.push(ABSENT);
            claims.asserted_by.push(if speaker.is_empty() { ABSENT } else { claims.words.code(speaker) });
            claims.locator.push(claims.words.code(id));
            claims.evidence_status.push(EvidenceStatus::NoText);
            claims.cell.push(CellRef { sheet: 0, column: 0, row: 1 });
        }
        claims
    }

    /// What was put in, read out again.
    fn row(claims: &Claims, index: usize) -> (&str, u32, &str, String, String, &str) {
        let base = claims.base_period_of(index).map(Period::label).unwrap_or_default();
        (
            claims.claim_id.get(index),
            claims.figure.value[index] as u32,
            claims.unit_of(index).code(),
            claims.period_of(index).label(),
            base,
            claims.word(claims.asserted_by[index]),
        )
    }

    /// The length of every column. A field that is new does not compile before it stands here, and in `each_column`.
    fn lengths(claims: &Claims) -> Vec<usize> {
        let Claims {
            claim_id,
            source,
            indicator,
            measure,
            reporter,
            partner,
            kind,
            stated,
            figure,
            unit,
            period,
            base_period,
            rank,
            rank_reason,
            asserted_by,
            supersedes,
            evidence,
            evidence_status,
            cell,
            locator,
            note,
            periods: _,
            units: _,
            words: _,
        } = claims;
        let Figures { comparator, value, lower, upper, lower_open, upper_open } = figure;
        let texts = [claim_id, supersedes, evidence, note].map(Texts::len);
        let codes = [source, indicator, period, base_period, rank_reason, asserted_by, locator].map(Vec::len);
        let floats = [value, lower, upper].map(Vec::len);
        let others = [
            measure.len(),
            reporter.len(),
            partner.len(),
            kind.len(),
            comparator.len(),
            lower_open.len(),
            upper_open.len(),
            unit.len(),
            rank.len(),
            evidence_status.len(),
            cell.len(),
            stated.len(),
        ];
        [texts.as_slice(), &codes, &floats, &others].concat()
    }

    #[test]
    fn batches_of_different_dictionaries_come_together_and_into_order() {
        let first: [Row; 2] =
            [("b", 2, "USD", 2024, None, ""), ("d", 4, "t", 2023, Some(2022), "a minister")];
        let second: [Row; 2] =
            [("a", 1, "t", 2022, Some(2021), "a minister"), ("c", 3, "KGS", 2024, None, "a bank")];
        let mut claims = batch(&first);
        claims.append(batch(&second));
        assert!(lengths(&claims).iter().all(|&length| length == 4));
        claims.select(&[2, 0, 3, 1]);
        assert!(lengths(&claims).iter().all(|&length| length == 4));
        let year = |year: i32| year.to_string();
        let expected = [
            ("a", 1, "t", year(2022), year(2021), "a minister"),
            ("b", 2, "USD", year(2024), String::new(), ""),
            ("c", 3, "KGS", year(2024), String::new(), "a bank"),
            ("d", 4, "t", year(2023), year(2022), "a minister"),
        ];
        let read: Vec<_> = (0..4).map(|index| row(&claims, index)).collect();
        assert_eq!(read, expected);
        assert_eq!((claims.note.get(0), claims.note.get(1)), ("", "b"));
        assert_eq!((claims.word(claims.locator[0]), claims.word(claims.locator[3])), ("a", "d"));
        claims.select(&[3]);
        assert_eq!(row(&claims, 0), expected[3]);
    }
}
