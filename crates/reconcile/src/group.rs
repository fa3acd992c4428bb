//! Claims brought together by what they speak of: sorted by one packed integer each.
//!
//! A claim's key packs indicator, measure, reporter, partner, unit, kind, period and base period, from
//! the highest bits down, each as its rank in the order of the published table; the claim's index fills
//! the lowest bits. Sorting the integers sorts the claims, and equal keys are one observation. Periods
//! that meet share a rank, whatever their labels.

use model::claim::{ClaimKind, Claims, Measure, Rank};
use model::facts::Facts;
use model::observation::Series;
use model::period::Period;
use model::place::PlaceId;
use model::unit::Unit;
use rayon::prelude::*;

/// The claims that are not deprecated, in the order of the observations they belong to.
pub(crate) struct Grouped {
    keys: Vec<u128>,
    layout: Layout,
}

impl Grouped {
    /// Sorts the claims of `facts` by what they speak of, then by claim.
    pub(crate) fn new(facts: &Facts) -> Self {
        let claims = &facts.claims;
        let layout = Layout::new(facts);
        let mut keys: Vec<u128> = (0..claims.len())
            .into_par_iter()
            .filter(|&claim| claims.rank[claim] != Rank::Deprecated)
            .map(|claim| layout.key(claims, claim))
            .collect();
        keys.par_sort_unstable();
        Self { keys, layout }
    }

    /// The groups of a part, each as its claims in ascending order.
    pub(crate) fn groups<'a>(&'a self, part: &'a [u128]) -> impl Iterator<Item = &'a [u128]> {
        part.chunk_by(|a, b| a >> self.layout.index_bits == b >> self.layout.index_bits)
    }

    /// The claim of a key.
    pub(crate) fn claim(&self, key: u128) -> u32 {
        lowest(key, self.layout.index_bits) as u32
    }

    /// The series of a part, each as the keys of its claims.
    pub(crate) fn series<'a>(&'a self, part: &'a [u128]) -> impl Iterator<Item = &'a [u128]> {
        let bits = self.layout.bits_below_series();
        part.chunk_by(move |a, b| a >> bits == b >> bits)
    }

    /// The series of a key: reading it off costs no look at the columns.
    pub(crate) fn series_of(&self, key: u128) -> Series {
        self.layout.series(key)
    }

    /// Parts of about `size` claims that split no group.
    pub(crate) fn parts(&self, size: usize) -> Vec<&[u128]> {
        let mut parts = Vec::with_capacity(self.keys.len() / size + 1);
        let mut rest = self.keys.as_slice();
        while !rest.is_empty() {
            let mut end = size.min(rest.len());
            let group = |key: u128| key >> self.layout.index_bits;
            while end < rest.len() && group(rest[end]) == group(rest[end - 1]) {
                end += 1;
            }
            let (part, others) = rest.split_at(end);
            parts.push(part);
            rest = others;
        }
        parts
    }
}

/// Bits for level, growth or change.
const MEASURE_BITS: u32 = 2;

/// How a key is packed: as many bits for each part as its greatest rank needs.
struct Layout {
    place_bits: u32,
    unit_bits: u32,
    period_bits: u32,
    index_bits: u32,
    unit_rank: Vec<u32>,
    unit_of_rank: Vec<Unit>,
    period_rank: Vec<u32>,
}

impl Layout {
    fn new(facts: &Facts) -> Self {
        let claims = &facts.claims;
        let mut unit_of_rank = claims.units.clone();
        unit_of_rank.sort_unstable();
        unit_of_rank.dedup();
        Self {
            unit_of_rank,
            place_bits: bits(facts.places.len() + 1),
            unit_bits: bits(claims.units.len()),
            period_bits: bits(claims.periods.len() + 1),
            index_bits: bits(claims.len()),
            unit_rank: ranks(&claims.units, |unit| unit.code()),
            period_rank: ranks(&claims.periods, Period::order),
        }
    }

    /// Fits: 32 bits of claim, twice 16 of place, 16 of unit and 3 leave 45 for the indicator and two
    /// periods, so a run may hold a hundred indicators in 500,000 distinct periods.
    fn key(&self, claims: &Claims, claim: usize) -> u128 {
        let forecast = claims.kind[claim] == ClaimKind::Forecast;
        let base = self.period_rank.get(claims.base_period[claim] as usize);
        let parts = [
            (claims.measure[claim] as u128, MEASURE_BITS),
            (u128::from(claims.reporter[claim].0), self.place_bits),
            (claims.partner[claim].map_or(0, |place| u128::from(place.0) + 1), self.place_bits),
            (u128::from(self.unit_rank[usize::from(claims.unit[claim])]), self.unit_bits),
            (u128::from(forecast), 1),
            (u128::from(self.period_rank[claims.period[claim] as usize]), self.period_bits),
            (base.map_or(0, |&rank| u128::from(rank) + 1), self.period_bits),
            (claim as u128, self.index_bits),
        ];
        parts.iter().fold(u128::from(claims.indicator[claim]), |key, &(part, width)| (key << width) | part)
    }

    /// Bits of the periods and the claim.
    fn bits_below_series(&self) -> u32 {
        self.index_bits + 2 * self.period_bits
    }

    /// What [`Layout::key`] packed, from the lowest bits up.
    fn series(&self, key: u128) -> Series {
        let mut rest = key >> self.bits_below_series();
        let mut take = |width: u32| {
            let part = lowest(rest, width);
            rest >>= width;
            part
        };
        let kind = if take(1) == 1 { ClaimKind::Forecast } else { ClaimKind::Actual };
        let unit = self.unit_of_rank[take(self.unit_bits) as usize];
        let partner = take(self.place_bits).checked_sub(1).map(|place| PlaceId(place as u16));
        let reporter = PlaceId(take(self.place_bits) as u16);
        let measure = Measure::ALL[take(MEASURE_BITS) as usize];
        Series { indicator: rest as u32, measure, reporter, partner, unit, kind }
    }
}

/// The `width` lowest bits.
fn lowest(key: u128, width: u32) -> u128 {
    key & ((1u128 << width) - 1)
}

/// The bits that `count` different numbers from 0 need.
fn bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// For each value the rank of its key among the distinct keys.
fn ranks<T, K: Ord + Copy>(values: &[T], key: impl Fn(&T) -> K) -> Vec<u32> {
    let mut keys: Vec<(K, u32)> = values.iter().map(&key).zip(0..).collect();
    keys.sort_unstable();
    let mut ranks = vec![0; values.len()];
    let mut rank = 0;
    for (position, &(key, index)) in keys.iter().enumerate() {
        if position > 0 && keys[position - 1].0 != key {
            rank += 1;
        }
        ranks[index as usize] = rank;
    }
    ranks
}
