//! Commitments: what somebody promised, the steps it took, and how far it got.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::cell::CellRef;
use crate::claim::EvidenceStatus;
use crate::figure::Comparator;
use crate::observation::Interval;
use crate::period::Period;
use crate::place::PlaceId;
use crate::unit::Unit;
use crate::vocabulary;

vocabulary! {
    /// What sort of promise it is.
    CommitmentKind {
        Target = "target": "a figure to be reached",
        Pledge = "pledge": "something one party will give or do",
        Agreement = "agreement": "a binding text between parties",
        Memorandum = "memorandum": "a text of intent between parties",
        Roadmap = "roadmap": "agreed steps towards an end",
        Programme = "programme": "agreed work over some years",
        Plan = "plan": "work announced for a time",
        Intention = "intention": "a wish without date or figure",
    }
}

vocabulary! {
    /// The ladder of statuses.
    Status {
        Proposed = "proposed": "put forward by one side",
        Announced = "announced": "declared in public",
        Signed = "signed": "signed",
        InForce = "in_force": "in force",
        UnderWay = "under_way": "being carried out",
        PartiallyMet = "partially_met": "met in part",
        Met = "met": "met",
        Missed = "missed": "not met in time",
        Suspended = "suspended": "halted for now",
        Cancelled = "cancelled": "given up",
        Superseded = "superseded": "replaced by another promise",
    }
}

vocabulary! {
    /// What the linked series says of a promise, the first that holds.
    Verdict {
        NotMeasurable = "not_measurable": "no indicator or no figure",
        Met = "met": "the latest stated figure surely reaches the target",
        Overdue = "overdue": "the deadline lies before the as-of date",
        NoDeadline = "no_deadline": "no date to be measured against",
        OnTrack = "on_track": "growth seen is surely enough",
        Behind = "behind": "growth seen is surely not enough",
        Uncertain = "uncertain": "what is stated does not decide it",
    }
}

/// The exact figure of a promise: `lower = upper = value`; the hedge is kept and not computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    /// The hedge.
    pub comparator: Comparator,
    /// The figure in base units; the upper end of a range.
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
}

/// Something promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Its id, unique.
    pub commitment_id: String,
    /// Index into the run's sources: the text that states it.
    pub source: u32,
    /// Who promises.
    pub party: Vec<PlaceId>,
    /// To whom.
    pub counterparty: Vec<PlaceId>,
    /// What sort of promise it is.
    pub kind: CommitmentKind,
    /// What is promised, in a few words.
    pub title: String,
    /// Its topic.
    pub topic: String,
    /// Index into the run's indicators: the series that measures it.
    pub indicator: Option<u32>,
    /// The figure in its words; may be empty.
    pub stated: String,
    /// The figure as read.
    pub promised: Option<Promised>,
    /// How many things are promised: 36 projects.
    pub count: Option<i64>,
    /// The day it was announced; of an imprecise date the last possible day.
    pub announced_on: NaiveDate,
    /// The period by whose end it is due.
    pub deadline: Option<Period>,
    /// The stated status, where it has no events.
    pub status: Option<Status>,
    /// The commitment that this one is a part of.
    pub parent: String,
    /// The commitment that this text announces again.
    pub same_as: String,
    /// Whether totals count it; parents and repeated announcements are left out besides.
    pub counts_in_totals: bool,
    /// The phrase that states it.
    pub evidence: String,
    /// Whether the phrase was found and agrees.
    pub evidence_status: EvidenceStatus,
    /// The curator's note.
    pub note: String,
    /// Its row: the `stated` cell, or the title's where nothing is stated.
    pub cell: CellRef,
}

/// A dated step of a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The commitment.
    pub commitment_id: String,
    /// The day; of an imprecise date the last possible day.
    pub on: NaiveDate,
    /// The status it brought.
    pub status: Status,
    /// Index into the run's sources.
    pub source: u32,
    /// The phrase that states it.
    pub evidence: String,
    /// Whether the phrase was found.
    pub evidence_status: EvidenceStatus,
    /// The curator's note.
    pub note: String,
    /// Its row.
    pub cell: CellRef,
}

/// A measured quantity with what its claims leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The value at the stated figures.
    pub point: Option<f64>,
    /// The interval over all that the claims allow.
    pub interval: Interval,
}

/// How far a commitment got, by the series it is tied to. One a commitment, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Status of the latest event, or the stated one.
    pub status: Option<Status>,
    /// Day of the latest event.
    pub status_on: Option<NaiveDate>,
    /// Index into the observations: the latest stated actual as long as the target's period.
    pub latest: Option<u32>,
    /// Latest over target, percent.
    pub share_reached: Option<Measured>,
    /// Target less latest, in the target's unit.
    pub gap: Option<Measured>,
    /// Growth a year that reaches the target in time, percent.
    pub required_growth: Option<Measured>,
    /// Growth stated last, percent.
    pub observed_growth: Option<Measured>,
    /// The end of the first period that reaches the target if the growth stated last goes on.
    pub projected: Option<NaiveDate>,
    /// What follows.
    pub verdict: Verdict,
    /// Why, in words.
    pub verdict_reason: String,
}

vocabulary! {
    /// By what promised money is added up.
    Grouping {
        Party = "party": "by who promises; a joint promise counts for each",
        Kind = "kind": "by the sort of promise",
        Topic = "topic": "by topic",
        Deadline = "deadline": "by the year in which it is due",
        All = "all": "everything promised",
    }
}

/// Promised money of one group in one currency. What a parent or another announcement already
/// counts is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// By what it is grouped.
    pub grouping: Grouping,
    /// The group: a place's code, a kind, a topic, a year; empty where there is none.
    pub group: String,
    /// ISO 4217 code of the sum.
    pub currency: Unit,
    /// The sum in the currency.
    pub amount: Decimal,
    /// Indices of the commitments that it adds up, ascending.
    pub commitments: Vec<u32>,
    /// Indices of commitments of the group with an amount in the currency that it leaves out, ascending.
    pub left_out: Vec<u32>,
    /// The sum in US dollars, where rates of the right periods cover every addend.
    pub converted: Option<Decimal>,
    /// Indices of the rates that were used, ascending.
    pub rates: Vec<u32>,
}
