//! Where the time of a command goes, stage by stage: told on the terminal, kept out of every output.

use std::fmt;
use std::time::{Duration, Instant};

/// Measures stages that follow one another.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    laps: Vec<(&'static str, Duration)>,
    last: Instant,
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self { laps: Vec::new(), last: Instant::now() }
    }
}

impl Stopwatch {
    /// Ends a stage: the next one begins now.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push((stage, now - self.last));
        self.last = now;
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (stage, time)) in self.laps.iter().enumerate() {
            let separator = if place > 0 { "\n" } else { "" };
            write!(f, "{separator}{:>9.1} ms  {stage}", time.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}
