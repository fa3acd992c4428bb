//! Kills a publication at every file-changing system call and lets each of them fail, with strace's
//! injection: it needs no special rights where processes may be traced at all. Where strace is missing the tests
//! say so on standard error; kills at random moments, signals and full disks are tried without it.

use std::collections::BTreeMap;

use crate::step::{Outcome, Step, Threads, head, published};
use crate::subject::{BEFORE, all_faults, strace_works};

/// How many calls a test hits without `FAULTS=all`.
const SAMPLE: usize = 7;

/// The calls that a test hits, each with how often it is made: all, or some of them evenly spread and the
/// last renames, among which is the commit.
fn hits(counts: &BTreeMap<String, usize>) -> Vec<(String, usize, usize)> {
    let every: Vec<(String, usize, usize)> =
        counts.iter().flat_map(|(call, count)| (1..=*count).map(|nth| (call.clone(), nth, *count))).collect();
    if all_faults() {
        return every;
    }
    let step = (every.len() / SAMPLE).max(1);
    let is_late_rename = |(call, nth, count): &(String, usize, usize)| call == "rename" && nth + 3 > *count;
    let chosen = every.iter().enumerate().filter(|(at, hit)| at % step == step / 2 || is_late_rename(hit));
    chosen.map(|(_, hit)| hit.clone()).collect()
}

fn killed_at_each_call(before: &[&str]) -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let step = Step::prepare(before)?;
    let (mut kills, mut kept_old) = (0, 0);
    for threads in [Threads::Main, Threads::All] {
        for (call, nth, count) in hits(&step.counts(threads)?) {
            let what = format!("killed at {call} {nth} of {count} ({threads:?})");
            let (ended, _) = step.disturbed(threads, &format!("{call}:signal=KILL:when={nth}"))?;
            kills += usize::from(!ended.success());
            kept_old += usize::from(head(&step.work) == step.old.0);
            step.nothing_torn(&what)?;
            step.recovers(&what)?;
        }
    }
    eprintln!("{kills} kills, {kept_old} before the commit point, 0 torn, 0 lost");
    assert!(kills > 5 && kept_old > 0 && kept_old < kills, "the kills did not hit: {kills}, {kept_old}");
    Ok(())
}

#[test]
fn a_kill_at_any_call_leaves_the_old_or_the_new_revision() -> Outcome {
    killed_at_each_call(&BEFORE)
}

#[test]
fn a_kill_at_any_call_of_the_first_publication_leaves_nothing_or_all() -> Outcome {
    killed_at_each_call(&[])
}

/// A signal that comes while it commits is heeded when that is done: nothing is left to the next command.
#[test]
fn a_signal_at_any_rename_leaves_nothing_half_done() -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let step = Step::prepare(&BEFORE)?;
    let mut counts = step.counts(Threads::Main)?;
    counts.retain(|call, _| call == "rename");
    let (mut stopped, mut kept_old) = (0, 0);
    for (call, nth, count) in hits(&counts) {
        let what = format!("SIGTERM at {call} {nth} of {count}");
        let (ended, _) = step.disturbed(Threads::Main, &format!("{call}:signal=TERM:when={nth}"))?;
        assert!(matches!(ended.code(), Some(0 | 143)), "{what}: {ended}");
        stopped += usize::from(ended.code() == Some(143));
        kept_old += usize::from(head(&step.work) == step.old.0);
        step.is_whole(&what)?;
        step.recovers(&what)?;
    }
    eprintln!("{stopped} stopped, {kept_old} before the commit point, 0 half done");
    assert!(stopped > 2, "the signals did not hit: {stopped}");
    Ok(())
}

/// Calls that need room on the disk; renames, removals and syncs do not.
const TAKING_ROOM: [&str; 5] = ["write", "pwrite64", "copy_file_range", "mkdir", "mkdirat"];

/// `from_there_on` is strace's: with nothing one call fails, with `+` all from there on. Unless one failure
/// comes upon another, the old revision must stand as it was before any other command has run.
fn failing(errno: &str, from_there_on: &str, calls: &[&str]) -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let step = Step::prepare(&BEFORE)?;
    let (mut faults, mut refused) = (0, 0);
    for threads in [Threads::Main, Threads::All] {
        let mut counts = step.counts(threads)?;
        counts.insert("read".to_owned(), 40);
        counts.retain(|call, _| calls.is_empty() || calls.contains(&call.as_str()));
        for (call, nth, count) in hits(&counts) {
            let what = format!("{errno} at {call} {nth}{from_there_on} of {count} ({threads:?})");
            let injection = format!("{call}:error={errno}:when={nth}{from_there_on}");
            let (ended, hit) = step.disturbed(threads, &injection)?;
            faults += usize::from(hit > 0);
            if ended.success() {
                assert!(published(&step.work)? == step.new.1, "{what}: exit 0, but not published");
            } else {
                refused += 1;
                // 127: the system's loader could not open a library; the program never began.
                let code = ended.code();
                assert!(
                    code == Some(74) || (code == Some(127) && matches!(&*call, "openat" | "read")),
                    "{what}: {ended}"
                );
                step.nothing_torn(&what)?;
                if hit == 1 || !calls.is_empty() {
                    assert_eq!(head(&step.work), step.old.0, "{what}: HEAD moved");
                    let standing = published(&step.work)?;
                    assert!(standing == step.old.1, "{what}: the old revision is not as it was");
                }
            }
            step.recovers(&what)?;
        }
    }
    eprintln!("{errno}{from_there_on}: {faults} faults, {refused} refused with 74, 0 torn, 0 lost");
    assert!(faults > 5 && refused > 3, "the faults did not hit");
    Ok(())
}

#[test]
fn a_full_disk_at_any_call_leaves_the_old_revision() -> Outcome {
    failing("ENOSPC", "", &[])
}

#[test]
fn a_disk_that_is_full_from_any_call_on_leaves_the_old_revision() -> Outcome {
    failing("ENOSPC", "+", &TAKING_ROOM)
}

#[test]
fn a_failing_disk_at_any_call_leaves_the_old_revision() -> Outcome {
    failing("EIO", "", &[])
}

#[test]
fn a_refusal_at_any_call_leaves_the_old_revision() -> Outcome {
    failing("EACCES", "", &[])
}

#[test]
fn a_disk_that_fails_from_any_call_on_is_recovered_from() -> Outcome {
    failing("EIO", "+", &[])
}
