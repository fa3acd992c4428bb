//! Claims that a later claim supersedes.
//!
//! A superseded claim stays in the table of claims and is a member of no observation once the claim
//! that supersedes it is published; until then it counts, so vintages show it. A deprecated claim
//! supersedes nothing, for it changes nothing but its own row, and claims that supersede each other in
//! a circle leave one another as they are.

use chrono::NaiveDate;
use model::claim::Rank;
use model::facts::Facts;

/// The superseded claims, each with the day from which it no longer counts; ascending by claim.
#[derive(Debug, Default)]
pub(crate) struct Superseded(Vec<(u32, NaiveDate)>);

impl Superseded {
    /// The claims of `facts` that others supersede.
    pub(crate) fn among(facts: &Facts) -> Self {
        let claims = &facts.claims;
        if claims.supersedes.iter().all(str::is_empty) {
            return Self::default();
        }
        let target = |claim: u32| -> Option<u32> {
            let name = claims.supersedes.get(claim as usize);
            if name.is_empty() || claims.rank[claim as usize] == Rank::Deprecated {
                return None;
            }
            position(facts, name).filter(|&found| found != claim)
        };
        let edges: Vec<(u32, u32)> =
            (0..claims.len() as u32).filter_map(|claim| Some((claim, target(claim)?))).collect();
        let circular = on_circles(&edges);
        let mut superseded: Vec<(u32, NaiveDate)> = edges
            .iter()
            .zip(circular)
            .filter(|(_, circular)| !circular)
            .map(|(&(by, claim), _)| (claim, facts.sources[claims.source[by as usize] as usize].published_on))
            .collect();
        superseded.sort_unstable();
        superseded.dedup_by_key(|entry| entry.0);
        Self(superseded)
    }

    /// Whether no claim is superseded.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The day from which `claim` no longer counts, or `None` where it still does.
    pub(crate) fn since(&self, claim: u32) -> Option<NaiveDate> {
        let at = self.0.binary_search_by_key(&claim, |entry| entry.0).ok()?;
        Some(self.0[at].1)
    }
}

/// The claim with this id; claims are sorted by it.
pub(crate) fn position(facts: &Facts, claim_id: &str) -> Option<u32> {
    let ids = &facts.claims.claim_id;
    let (mut low, mut high) = (0, ids.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match ids.get(middle).cmp(claim_id) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle as u32),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// For each edge (ascending by its start, at most one a start) whether it lies on a circle.
fn on_circles(edges: &[(u32, u32)]) -> Vec<bool> {
    let next = |edge: usize| edges.binary_search_by_key(&edges[edge].1, |&(from, _)| from).ok();
    let mut walk_of = vec![usize::MAX; edges.len()];
    let mut circular = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut current = Some(start);
        while let Some(edge) = current {
            if walk_of[edge] != usize::MAX {
                break;
            }
            walk_of[edge] = start;
            current = next(edge);
        }
        // A walk that ends on an edge of its own has closed a circle there.
        while let Some(edge) = current.filter(|&edge| walk_of[edge] == start && !circular[edge]) {
            circular[edge] = true;
            current = next(edge);
        }
    }
    circular
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_tails_are_not() {
        let cases = [
            (vec![(1, 2), (2, 3)], vec![false, false]),
            (vec![(1, 2), (2, 1)], vec![true, true]),
            (vec![(0, 1), (1, 2), (2, 3), (3, 1)], vec![false, true, true, true]),
            (vec![(1, 0), (2, 1), (5, 2)], vec![false, false, false]),
        ];
        for (edges, expected) in cases {
            assert_eq!(on_circles(&edges), expected, "{edges:?}");
        }
    }
}
