//! SIGINT and SIGTERM: a run ends at once, except while it commits; then it ends when that is done. What a
//! run had not published by then is swept away by the next command.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;

use crate::store::Stop;

/// The signal that asked this process to stop, or 0.
static ASKED: AtomicI32 = AtomicI32::new(0);

/// Starts to heed signals, and gives what passes between them and the store.
///
/// # Errors
/// The handler cannot be set up.
pub(crate) fn heeded() -> Result<Stop> {
    let stop = Stop::default();
    let told = stop.clone();
    // Heeded and passed over: a file beyond a limit is an error of the write, which says which file.
    signal_hook::flag::register(SIGXFSZ, Arc::default()).context("cannot heed signals")?;
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot heed signals")?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                let is_first = ASKED.swap(signal, Ordering::SeqCst) == 0;
                told.asked.store(true, Ordering::SeqCst);
                // The store ends what it has begun to commit; whoever asks twice does not wait.
                if !is_first || !told.committing.load(Ordering::SeqCst) {
                    crate::terminal::complain("stopped by a signal");
                    std::process::exit(code(signal));
                }
            }
        })
        .context("cannot heed signals")?;
    Ok(stop)
}

/// The exit code of a process that a signal asked to stop, if one did.
pub(crate) fn exit_code() -> Option<u8> {
    match ASKED.load(Ordering::SeqCst) {
        0 => None,
        signal => u8::try_from(code(signal)).ok(),
    }
}

/// As shells tell it: 130 for SIGINT, 143 for SIGTERM.
fn code(signal: i32) -> i32 {
    128 + signal
}
