//! Claims that a later claim supersedes.
//!
//! A superseded claim stays in the table of claims and is a member of no observation once the claim
//! that supersedes it is published; until then it counts, so vintages show it. A deprecated claim
//! supersedes nothing, for it changes nothing but its own row, and claims that supersede each other in
//! a circle leave one another as they are.

use chrono::NaiveDate;
use model::claim::Rank;
use model::facts::Facts;

use crate::chain::Chains;

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
            claims.find(name).map(|found| found as u32)
        };
        let edges: Vec<(u32, u32)> =
            (0..claims.len() as u32).filter_map(|claim| Some((claim, target(claim)?))).collect();
        let next = |&(_, to): &(u32, u32)| {
            let found = edges.binary_search_by_key(&to, |&(from, _)| from);
            found.ok().map(|edge| edge as u32)
        };
        let chains = Chains::new(edges.iter().map(next).collect());
        let mut superseded: Vec<(u32, NaiveDate)> = (0..)
            .zip(&edges)
            .filter(|&(edge, _)| !chains.is_circular(edge))
            .map(|(_, &(by, claim))| (claim, facts.sources[claims.source[by as usize] as usize].published_on))
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
