//! What the faults are let loose on: a small corridor, and the commands that publish it and mend it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace::binary;

const CONFIGURATION: &str = "[settings]
keep = 2

[[sheet]]
file = \"sources.csv\"
kind = \"sources\"

[[sheet]]
file = \"indicators.csv\"
kind = \"indicators\"

[[sheet]]
file = \"claims.csv\"
kind = \"claims\"
";
const SOURCES: &str = "source_id,title,publisher,published_on,kind
one,First,Office,2025-01-20,official_statistics
";
const INDICATORS: &str = "indicator,label,topic,unit
turnover,Turnover,trade,USD
";
const CLAIMS: &str = "claim_id,source,indicator,reporter,partner,stated,period,evidence
";

/// Puts sheets into the workspace from which another revision is published than from other contents.
pub(crate) fn prepare(workspace: &Path, content: &str) -> io::Result<()> {
    fs::write(workspace.join("pipeline.toml"), CONFIGURATION)?;
    fs::write(workspace.join("sources.csv"), SOURCES)?;
    fs::write(workspace.join("indicators.csv"), INDICATORS)?;
    let claim = format!("a,one,turnover,KGZ,KAZ,${content} million,2024,reached {content}\n");
    fs::write(workspace.join("claims.csv"), format!("{CLAIMS}{claim}"))
}

/// The command that publishes what was prepared.
pub(crate) fn publish(workspace: &Path) -> Command {
    pipeline(workspace, &["run", "--quiet", "--jobs", "1"])
}

/// A command that publishes nothing of its own but completes what was left.
pub(crate) fn heal(workspace: &Path) -> Command {
    let is_published = workspace.join(".pipeline/HEAD").exists();
    pipeline(workspace, if is_published { &["restore", "HEAD"] } else { &["verify"] })
}

/// A command that ends well if all that is kept is whole.
pub(crate) fn verify(workspace: &Path) -> Command {
    pipeline(workspace, &["verify"])
}

fn pipeline(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).arg("--config").arg(workspace.join("pipeline.toml"));
    command
}

/// Contents to publish one after the other: enough for the last step to prune.
pub(crate) const BEFORE: [&str; 4] = ["1", "23", "4", "5"];
/// The content whose publication is disturbed.
pub(crate) const NEW: &str = "66";

/// Runs without output and says whether it ended well.
pub(crate) fn succeeds(mut command: Command) -> io::Result<bool> {
    Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
}

/// Prepares and publishes.
pub(crate) fn published(workspace: &Path, content: &str) -> io::Result<bool> {
    prepare(workspace, content)?;
    succeeds(publish(workspace))
}

/// Whether processes may be traced here; where not, says so.
pub(crate) fn strace_works() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let works = works.is_ok_and(|status| status.success());
    if !works {
        // Past the test harness, which keeps what a passing test prints to itself.
        let _ = writeln!(io::stderr(), "strace cannot trace here: faults at system calls NOT TESTED");
    }
    works
}

/// Whether every fault is tried, and not some of them: `FAULTS=all`.
pub(crate) fn all_faults() -> bool {
    std::env::var("FAULTS").is_ok_and(|faults| faults == "all")
}
