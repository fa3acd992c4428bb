//! Promised money added up: by party, kind, topic and year of deadline, each currency apart.
//!
//! A total leaves out what it would count twice or what is not promised money: a promise that another
//! announcement (`same_as`) or its parent already counts, one that its sheet leaves out of totals, one
//! that was cancelled or superseded, and targets, which are levels to be reached. Sums in another
//! currency are converted only where a rate covers the period of each announcement.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use model::commitment::{Commitment, CommitmentKind, Grouping, Progress, Status, Total};
use model::facts::Facts;
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::chain::Chains;

/// The currency of rates.
const DOLLAR: Unit = Unit("USD");

/// Parents and announcements that are followed from one commitment: many more than any text names, and
/// few enough that a hostile sheet costs no time.
const LONGEST_CHAIN: usize = 1000;

/// The totals of all promised money, by grouping, group and currency.
pub(crate) fn totals(facts: &Facts, progress: &[Progress]) -> Vec<Total> {
    let counted = counted(facts, progress);
    let mut groups: BTreeMap<(Grouping, String, Unit), Vec<u32>> = BTreeMap::new();
    for (commitment, index) in facts.commitments.iter().zip(0..) {
        let Some(currency) =
            commitment.promised.map(|promised| promised.unit).filter(|unit| unit.is_currency())
        else {
            continue;
        };
        for (grouping, group) in groups_of(facts, commitment) {
            groups.entry((grouping, group, currency)).or_default().push(index);
        }
    }
    groups
        .into_iter()
        .filter_map(|((grouping, group, currency), members)| {
            let (commitments, left_out): (Vec<u32>, Vec<u32>) =
                members.into_iter().partition(|&index| counted[index as usize]);
            if commitments.is_empty() {
                return None;
            }
            let amount = amount(facts, &commitments)?;
            let (converted, rates) = converted(facts, currency, &commitments, amount);
            Some(Total { grouping, group, currency, amount, commitments, left_out, converted, rates })
        })
        .collect()
}

/// The groups that a commitment belongs to.
fn groups_of(facts: &Facts, commitment: &Commitment) -> Vec<(Grouping, String)> {
    let deadline = commitment.deadline.and_then(|deadline| deadline.end);
    let mut groups: Vec<(Grouping, String)> =
        commitment.party.iter().map(|&party| (Grouping::Party, facts.place_code(party).to_owned())).collect();
    groups.push((Grouping::Kind, commitment.kind.as_str().to_owned()));
    groups.push((Grouping::Topic, commitment.topic.clone()));
    groups.push((Grouping::Deadline, deadline.map_or_else(String::new, |due| due.year().to_string())));
    groups.push((Grouping::All, String::new()));
    groups
}

/// For each commitment whether its amount is added up.
fn counted(facts: &Facts, progress: &[Progress]) -> Vec<bool> {
    let commitments = &facts.commitments;
    let find = |id: &str| commitments.binary_search_by(|one| one.commitment_id.as_str().cmp(id)).ok();
    let has_amount = |index: usize| {
        let one = &commitments[index];
        let given_up = matches!(
            progress.get(index).and_then(|progress| progress.status),
            Some(Status::Cancelled | Status::Superseded)
        );
        one.counts_in_totals
            && one.kind != CommitmentKind::Target
            && !given_up
            && one.promised.is_some_and(|promised| promised.unit.is_currency())
    };
    let counted_by = |chains: &Chains, start: u32| {
        // A circle counts the least of its members that has an amount.
        let may_count = |other: u32| !chains.is_circular(start) || other < start;
        let mut others = chains.after(start).take(LONGEST_CHAIN);
        others.any(|other| may_count(other) && has_amount(other as usize))
    };
    let chains = |next: fn(&Commitment) -> &str| {
        let found = commitments.iter().map(|one| find(next(one)).map(|index| index as u32));
        Chains::new(found.collect())
    };
    let (announcements, parents) = (chains(|one| &one.same_as), chains(|one| &one.parent));
    (0..commitments.len() as u32)
        .map(|index| {
            has_amount(index as usize) && !counted_by(&announcements, index) && !counted_by(&parents, index)
        })
        .collect()
}

/// The sum of the promised amounts; `None` where it is beyond what a decimal holds.
fn amount(facts: &Facts, commitments: &[u32]) -> Option<Decimal> {
    commitments.iter().try_fold(Decimal::ZERO, |sum, &index| {
        let promised = facts.commitments[index as usize].promised?;
        sum.checked_add(promised.value)
    })
}

/// The sum in dollars with the rates that it took, or nothing where a rate is missing.
fn converted(
    facts: &Facts,
    currency: Unit,
    commitments: &[u32],
    amount: Decimal,
) -> (Option<Decimal>, Vec<u32>) {
    if currency == DOLLAR {
        return (Some(amount), Vec::new());
    }
    let mut rates = Vec::new();
    let sum = commitments.iter().try_fold(Decimal::ZERO, |sum, &index| {
        let commitment = &facts.commitments[index as usize];
        let rate = rate_on(facts, currency, commitment.announced_on)?;
        rates.push(rate);
        let dollars = commitment.promised?.value.checked_div(facts.rates[rate as usize].per_usd)?;
        sum.checked_add(dollars)
    });
    rates.sort_unstable();
    rates.dedup();
    match sum {
        Some(sum) => (sum.round_sf(12), rates),
        None => (None, Vec::new()),
    }
}

/// The rate of a currency whose period holds `day`: of the shortest such period, of several as short the
/// one that began last. Of two rates of one period the lesser, whatever rows they stand in.
fn rate_on(facts: &Facts, currency: Unit, day: NaiveDate) -> Option<u32> {
    let covering = (0..facts.rates.len() as u32).filter_map(|index| {
        let rate = &facts.rates[index as usize];
        let (start, end) = (rate.period.start?, rate.period.end?);
        let covers = rate.currency == currency.code() && start <= day && day <= end;
        covers.then(|| ((end - start, Reverse(start), rate.per_usd, rate.source.as_str()), index))
    });
    covering.min().map(|(_, index)| index)
}
