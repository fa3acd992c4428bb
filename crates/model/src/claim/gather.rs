//! Claims of many batches brought into one order, column by column.

use rayon::prelude::*;

use super::{ABSENT, Claims, Figures};
use crate::column::Texts;

/// Where a claim lies among parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The part.
    pub part: u32,
    /// The claim's index in it.
    pub row: u32,
}

impl Claims {
    /// The claims of `parts` at `order`, in that order. A column of the parts is given back as soon as
    /// it is gathered, so that few of them ever lie in memory twice.
    pub fn gathered(mut parts: Vec<Claims>, order: &[At]) -> Claims {
        let mut claims = Claims::default();
        for part in &mut parts {
            claims.adopt_codes(part);
        }
        let mut columns = Columns { parts, order };
        let [claim_id, stated, supersedes, evidence, locator, note] = columns.texts([
            |claims| &mut claims.claim_id,
            |claims| &mut claims.stated,
            |claims| &mut claims.supersedes,
            |claims| &mut claims.evidence,
            |claims| &mut claims.locator,
            |claims| &mut claims.note,
        ]);
        Claims {
            claim_id,
            source: columns.gather(|claims| &mut claims.source),
            indicator: columns.gather(|claims| &mut claims.indicator),
            measure: columns.gather(|claims| &mut claims.measure),
            reporter: columns.gather(|claims| &mut claims.reporter),
            partner: columns.gather(|claims| &mut claims.partner),
            kind: columns.gather(|claims| &mut claims.kind),
            stated,
            figure: Figures {
                comparator: columns.gather(|claims| &mut claims.figure.comparator),
                value: columns.gather(|claims| &mut claims.figure.value),
                lower: columns.gather(|claims| &mut claims.figure.lower),
                upper: columns.gather(|claims| &mut claims.figure.upper),
                lower_open: columns.gather(|claims| &mut claims.figure.lower_open),
                upper_open: columns.gather(|claims| &mut claims.figure.upper_open),
            },
            unit: columns.gather(|claims| &mut claims.unit),
            period: columns.gather(|claims| &mut claims.period),
            base_period: columns.gather(|claims| &mut claims.base_period),
            rank: columns.gather(|claims| &mut claims.rank),
            rank_reason: columns.gather(|claims| &mut claims.rank_reason),
            asserted_by: columns.gather(|claims| &mut claims.asserted_by),
            supersedes,
            evidence,
            evidence_status: columns.gather(|claims| &mut claims.evidence_status),
            cell: columns.gather(|claims| &mut claims.cell),
            locator,
            note,
            ..claims
        }
    }

    /// Keeps the claims at `order`, in that order. The dictionaries stay as they are.
    pub fn select(&mut self, order: &[u32]) {
        let order: Vec<At> = order.iter().map(|&row| At { part: 0, row }).collect();
        *self = Claims::gathered(vec![std::mem::take(self)], &order);
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

/// The columns of all parts that are not gathered yet.
struct Columns<'a> {
    parts: Vec<Claims>,
    order: &'a [At],
}

impl Columns<'_> {
    fn gather<T: Copy + Send + Sync>(&mut self, of: fn(&mut Claims) -> &mut Vec<T>) -> Vec<T> {
        let columns: Vec<Vec<T>> = self.parts.iter_mut().map(|part| std::mem::take(of(part))).collect();
        self.order.par_iter().map(|at| columns[at.part as usize][at.row as usize]).collect()
    }

    fn texts<const N: usize>(&mut self, of: [fn(&mut Claims) -> &mut Texts; N]) -> [Texts; N] {
        let columns = of.map(|of| self.parts.iter_mut().map(|part| std::mem::take(of(part))).collect());
        let mut gathered = columns.map(|columns: Vec<Texts>| (columns, Texts::default()));
        gathered.par_iter_mut().for_each(|(columns, texts)| {
            let columns = std::mem::take(columns);
            let bytes = columns.iter().map(Texts::bytes).sum();
            *texts = Texts::with_capacity(self.order.len(), bytes);
            for at in self.order {
                texts.push(columns[at.part as usize].get(at.row as usize));
            }
        });
        gathered.map(|(_, texts)| texts)
    }
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
