//! Workbooks are read in a process of their own, under limits of memory and time: the reader may
//! abort on hostile bytes, and the run must outlive it.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result};
use ingest::error::Error;
use ingest::workbook::Sheet;
use ingest::{frames, workbook};

use crate::config::Caps;
use crate::failure::Failure;

/// The hidden command by which the binary calls itself.
pub(crate) const COMMAND: &str = "read-workbook";

/// Threads of a reader: each one's memory is reserved by the system in large steps, and counts as address space.
const MOST_THREADS: usize = 4;

/// Bytes of address space that a thread reserves: its stack, and twice the 64 MiB that the C library sets apart for what it
/// allocates.
const RESERVED: u64 = 136 << 20;

/// What the reader of a workbook of some size may take.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    /// Bytes of address space.
    memory: u64,
    /// Seconds of processor time; the parent waits as long by the clock.
    seconds: u64,
}

impl Allowance {
    /// Small workbooks get a fixed allowance, large ones more in proportion.
    fn of(bytes: u64, caps: &Caps) -> Self {
        Self {
            memory: caps.memory_bytes.unwrap_or((512 << 20).max(bytes.saturating_mul(64))),
            seconds: caps.seconds.unwrap_or(10 + (bytes >> 20)),
        }
    }
}

/// The sheets of the workbook at `path`, which is known to people as `name`.
///
/// # Errors
/// A workbook that cannot be read, with the reason; a reader that aborted or ran out of its limits.
pub(crate) fn read(path: &Path, name: &str, caps: &Caps) -> Result<Vec<Sheet>> {
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let size = file.metadata().with_context(|| format!("cannot read {name}"))?.len();
    let binary = std::env::current_exe().context("cannot find this program's own file")?;
    let mut child = Command::new(binary)
        .arg("--jobs")
        .arg(rayon::current_num_threads().min(MOST_THREADS).to_string())
        .arg(COMMAND)
        .arg(size.to_string())
        .arg(serde_json::to_string(caps)?)
        .stdin(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the workbook reader")?;
    let allowance = Allowance::of(size, caps);
    let answer = receive(&mut child, allowance);
    // The reader is ended whatever it was doing: its answer is here, or will not come.
    let _ = child.kill();
    let ended = child.wait();
    answer.map_err(|error| {
        let gave_up = matches!(error, Error::Frame(_)) && ended.is_ok_and(|status| !status.success());
        let why = if gave_up { allowance.to_string() } else { error.to_string() };
        Failure::Refused(format!("{name}: {why}")).into()
    })
}

/// Said of a reader that did not come back with an answer.
impl std::fmt::Display for Allowance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (memory, seconds) = (self.memory >> 20, self.seconds);
        write!(
            f,
            "the workbook cannot be read within {memory} MiB of memory and {seconds} seconds, or makes its reader \
             stop: it holds far more than its size shows, or is damaged; save it again from a spreadsheet program, \
             or raise `memory_bytes` and `seconds` in [settings.limits]"
        )
    }
}

fn receive(child: &mut Child, allowance: Allowance) -> Result<Vec<Sheet>, Error> {
    let Some(stdout) = child.stdout.take() else { return Err(Error::Frame("it gave no answer")) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(frames::read_frames(BufReader::with_capacity(1 << 16, stdout))));
    receiver
        .recv_timeout(Duration::from_secs(allowance.seconds))
        .unwrap_or(Err(Error::Frame("it took too long")))
}

/// The child's side: a workbook on standard input, its sheets on standard output.
pub(crate) fn serve(size: u64, caps: &str, threads: Option<u16>) -> Result<()> {
    let caps: Caps = serde_json::from_str(caps)?;
    limit(Allowance::of(size, &caps), threads.unwrap_or(1));
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let answer = workbook::read(&bytes, &caps.on_workbook(size));
    frames::write_frames(&answer, BufWriter::with_capacity(1 << 16, std::io::stdout().lock()))?;
    Ok(())
}

/// Takes the limits on; what threads reserve comes on top, used or not. Where the system refuses, the parent's patience
/// still bounds the time.
fn limit(allowance: Allowance, threads: u16) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let at_most = |most| Rlimit { current: Some(most), maximum: Some(most) };
    let reserved = RESERVED * u64::from(threads);
    let _ = setrlimit(Resource::As, at_most(allowance.memory.saturating_add(reserved)));
    let _ = setrlimit(Resource::Cpu, at_most(allowance.seconds));
    let _ = setrlimit(Resource::Core, at_most(0));
}
