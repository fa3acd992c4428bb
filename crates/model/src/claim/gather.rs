//! Claims of many batches brought together, and into one order, column by column.

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
            evidence_status,
            cell
        );
        $texts!(claim_id, stated, supersedes, evidence, locator, note);
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
    }

    /// Keeps the claims at `order`, in that order. The dictionaries stay as they are.
    pub fn select(&mut self, order: &[u32]) {
        macro_rules! codes {
            ($($($column:ident).+),+) => { $(self.$($column).+ = picked(take(&mut self.$($column).+), order);)+ };
        }
        macro_rules! texts {
            ($($column:ident),+) => {
                [$(&mut self.$column),+].into_par_iter().for_each(|texts| *texts = take(texts).select(order));
            };
        }
        each_column!(codes, texts);
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
