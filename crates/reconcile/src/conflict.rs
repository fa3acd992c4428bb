//! The pairs of claims on one observation that cannot both be true.

use model::observation::{Conflict, Interval};

use crate::interval::surely_below;
use crate::observe::Standing;

/// Up to this many claims every pair is told. Beyond, the number of pairs would grow with the square
/// of the claims, so the best claim is told against each that it excludes, and the two claims that lie
/// farthest apart.
const ALL_PAIRS: usize = 8;

/// Adds the disagreements among the claims of a group, which stand best first, by claim.
pub(crate) fn disagreements(observation: u32, group: &[Standing], conflicts: &mut Vec<Conflict>) {
    let start = conflicts.len();
    let compared_with = if group.len() <= ALL_PAIRS { group.len() } else { 1 };
    for (position, a) in group.iter().enumerate().take(compared_with) {
        for b in &group[position + 1..] {
            conflicts.extend(disagreement(observation, a, b));
        }
    }
    if group.len() > ALL_PAIRS {
        let lowest = group.iter().min_by(|a, b| a.interval.upper.total_cmp(&b.interval.upper));
        let highest = group.iter().max_by(|a, b| a.interval.lower.total_cmp(&b.interval.lower));
        if let (Some(lowest), Some(highest)) = (lowest, highest) {
            conflicts.extend(disagreement(observation, lowest, highest));
        }
    }
    let added = &mut conflicts[start..];
    added.sort_unstable_by_key(|conflict| (conflict.claim_a, conflict.claim_b));
    // The farthest pair may hold the best claim, and then is told already.
    let mut kept = start;
    for index in start..conflicts.len() {
        let pair = |conflict: &Conflict| (conflict.claim_a, conflict.claim_b);
        if index == start || pair(&conflicts[index]) != pair(&conflicts[kept - 1]) {
            conflicts.swap(kept, index);
            kept += 1;
        }
    }
    conflicts.truncate(kept);
}

fn disagreement(observation: u32, a: &Standing, b: &Standing) -> Option<Conflict> {
    let (low, high) = if surely_below(&a.interval, &b.interval) {
        (a, b)
    } else if surely_below(&b.interval, &a.interval) {
        (b, a)
    } else {
        return None;
    };
    let gap = gap(&low.interval, &high.interval);
    let percent = if low.interval.upper == 0.0 { f64::NAN } else { gap / low.interval.upper.abs() * 100.0 };
    Some(Conflict { observation, claim_a: low.claim, claim_b: high.claim, gap, gap_percent: percent })
}

/// From the upper bound of the lower interval to the lower bound of the higher.
fn gap(low: &Interval, high: &Interval) -> f64 {
    high.lower - low.upper
}
