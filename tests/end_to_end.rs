//! End-to-end cases: the built binary, driven as its users drive it. One file a promise.

#![expect(clippy::expect_used, reason = "a test says what it expected by failing")]

#[path = "end_to_end/bad_input.rs"]
mod bad_input;
#[path = "end_to_end/causes.rs"]
mod causes;
#[path = "end_to_end/commands.rs"]
mod commands;
#[path = "end_to_end/damage.rs"]
mod damage;
#[path = "end_to_end/drafted.rs"]
mod drafted;
#[path = "end_to_end/faults.rs"]
mod faults;
#[path = "end_to_end/foreign.rs"]
mod foreign;
#[path = "end_to_end/freshness.rs"]
mod freshness;
#[path = "end_to_end/full_disk.rs"]
mod full_disk;
#[path = "end_to_end/large.rs"]
mod large;
#[path = "end_to_end/moments.rs"]
mod moments;
#[path = "end_to_end/newcomer.rs"]
mod newcomer;
#[path = "end_to_end/power_cut.rs"]
mod power_cut;
#[path = "end_to_end/revisions.rs"]
mod revisions;
#[path = "end_to_end/second_corridor.rs"]
mod second_corridor;
#[path = "end_to_end/shipped.rs"]
mod shipped;
#[path = "end_to_end/step.rs"]
mod step;
#[path = "end_to_end/subject.rs"]
mod subject;
#[path = "end_to_end/worked.rs"]
mod worked;
#[path = "end_to_end/workspace.rs"]
mod workspace;
