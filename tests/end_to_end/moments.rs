//! Kills and signals at random moments of a publication: no tracing is needed, and none of the program's calls
//! is known to the test.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::step::{Outcome, Step, head, status};
use crate::subject::{BEFORE, all_faults, heal, publish};

/// How long an undisturbed publication takes here.
fn whole(step: &Step) -> Result<Duration, Box<dyn std::error::Error>> {
    step.reset()?;
    let started = Instant::now();
    assert!(status(publish(&step.work))?.success());
    Ok(started.elapsed())
}

/// 1,000 with `FAULTS=all`.
#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_revision() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let whole = whole(&step)?;
    let kills: u32 = if all_faults() { 1000 } else { 20 };
    let (mut killed, mut kept_old) = (0, 0);
    for kill in 0..kills {
        step.reset()?;
        let mut run = publish(&step.work).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        thread::sleep(whole * kill / kills);
        run.kill()?;
        killed += u32::from(!run.wait()?.success());
        let what = format!("killed at moment {kill} of {kills}");
        kept_old += u32::from(head(&step.work) == step.old.0);
        step.nothing_torn(&what)?;
        step.recovers(&what)?;
    }
    eprintln!("{killed} kills, {kept_old} before the commit point, 0 torn, 0 lost");
    assert!(killed > 0 && kept_old > 0, "no kill came while the program was at work");
    Ok(())
}

/// Whoever mends may be killed too.
#[test]
fn a_kill_of_the_command_that_mends_is_mended_by_the_next() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let whole = whole(&step)?;
    let kills: u32 = if all_faults() { 100 } else { 10 };
    for kill in 0..kills {
        step.reset()?;
        for mut command in [publish(&step.work), heal(&step.work)] {
            let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
            thread::sleep(whole / 2 + whole * kill / kills / 2);
            run.kill()?;
            run.wait()?;
        }
        let what = format!("killed twice at moment {kill} of {kills}");
        step.nothing_torn(&what)?;
        step.recovers(&what)?;
    }
    Ok(())
}

/// A signal leaves nothing to the next command: what HEAD names is what the folders hold. 200 of each with
/// `FAULTS=all`.
#[test]
fn a_signal_at_any_moment_leaves_nothing_half_done() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let whole = whole(&step)?;
    let signals: u32 = if all_faults() { 200 } else { 10 };
    let (mut stopped, mut kept_old) = (0, 0);
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        for signal in 0..signals {
            step.reset()?;
            let mut run = publish(&step.work).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
            thread::sleep(whole * signal / signals);
            Command::new("kill").args([name, &run.id().to_string()]).stderr(Stdio::null()).status()?;
            let ended = run.wait()?;
            let what = format!("{name} at moment {signal} of {signals}");
            // None: it came before the program heeds signals, and the system ended it.
            assert!(matches!(ended.code(), None | Some(0)) || ended.code() == Some(code), "{what}: {ended}");
            stopped += u32::from(ended.code() == Some(code));
            kept_old += u32::from(head(&step.work) == step.old.0);
            step.is_whole(&what)?;
            step.recovers(&what)?;
        }
    }
    eprintln!("{stopped} of {} stopped, {kept_old} before the commit point, 0 half done", signals * 2);
    assert!(stopped > 0, "no signal came while the program was at work");
    Ok(())
}
