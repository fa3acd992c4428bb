//! A million claims go through in bounded memory and time, and none is lost.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::workspace::{Workspace, binary};

const ROWS: u64 = 1_000_000;

/// Kilobytes of address space that the run may reserve: much of it is never touched.
const ADDRESS_SPACE: u64 = 8 << 20;

/// Kilobytes that it may hold at once.
const PEAK: u64 = 1_500_000;

/// Generous: two idle cores need a tenth of it.
const DEADLINE: Duration = Duration::from_secs(120);

#[test]
fn a_million_claims_take_bounded_memory_and_time() {
    let workspace = Workspace::empty();
    bench::write(&workspace.path(""), &bench::Settings::of_rows(ROWS)).expect("a generated workspace");
    let mut run = Command::new("sh")
        .args(["-c", &format!("ulimit -v {ADDRESS_SPACE}; exec \"$0\" run --quiet --jobs 2")])
        .arg(binary())
        .current_dir(workspace.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the built binary");
    let (code, peak) = watched(&mut run);
    assert_eq!(code, Some(0));
    assert!(peak > 0 && peak < PEAK, "{peak} KB at once");

    let manifest: serde_json::Value =
        serde_json::from_str(&workspace.read("out/run.json")).expect("the manifest");
    assert_eq!(manifest["counts"]["claims"].as_u64(), Some(ROWS));
    for report in ["summary", "trade", "investment", "cooperation", "quality"] {
        let bytes = workspace.read(&format!("out/{report}.md")).len();
        assert!(bytes < 2 << 20, "{report}.md has {bytes} bytes");
    }
}

/// The exit code of a run, and the most kilobytes that it held at once.
fn watched(run: &mut Child) -> (Option<i32>, u64) {
    let started = Instant::now();
    let mut peak = 0;
    loop {
        if let Some(status) = run.try_wait().expect("the run's state") {
            return (status.code(), peak);
        }
        peak = peak.max(high_water(run.id()).unwrap_or(0));
        if started.elapsed() > DEADLINE {
            run.kill().expect("a run that can be ended");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The kernel's high-water mark of a process, in kilobytes.
fn high_water(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
