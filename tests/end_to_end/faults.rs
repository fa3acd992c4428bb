//! Kills a publication at every file-changing system call and lets each of them fail, with strace's
//! injection: it needs no special rights where processes may be traced at all. Where strace is missing the tests say so.
//!
//! The check knows nothing of the store but `HEAD` and the two folders: it compares them with what the same
//! commands leave in a workspace that nothing disturbs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;

use crate::subject::{
    BEFORE, NEW, all_faults, heal, prepare, publish, published as publishes, strace_works, verify,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// The calls that change files, and the opening that makes them.
const CHANGING: [&str; 16] = [
    "openat",
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fsync",
    "fdatasync",
    "ftruncate",
    "copy_file_range",
    "flock",
];

/// How many calls a test hits without `FAULTS=all`.
const SAMPLE: usize = 14;

/// The calls that a test hits: all, or some of them evenly spread and the last renames, among which is the
/// commit.
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

/// Runs quietly.
fn status(mut command: Command) -> io::Result<ExitStatus> {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()
}

/// The files of the two folders.
fn published(workspace: &Path) -> io::Result<Tree> {
    let mut tree = Tree::new();
    for folder in ["curated", "out"] {
        collect(&workspace.join(folder), &mut tree, workspace)?;
    }
    Ok(tree)
}

fn collect(folder: &Path, tree: &mut Tree, root: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, tree, root)?;
        } else if !path.ends_with("out/changes.md") {
            // What tells of the step from the revision before is no part of a revision.
            tree.insert(path.strip_prefix(root).map_err(io::Error::other)?.to_path_buf(), fs::read(&path)?);
        }
    }
    Ok(())
}

/// The id that HEAD names.
fn head(workspace: &Path) -> String {
    let line = fs::read_to_string(workspace.join(".pipeline/HEAD")).unwrap_or_default();
    line.split(' ').next().unwrap_or_default().to_owned()
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    if copied.success() { Ok(()) } else { Err(io::Error::other("cp failed")) }
}

/// What an undisturbed publication goes from and to.
struct Step {
    _dir: tempfile::TempDir,
    start: PathBuf,
    work: PathBuf,
    log: PathBuf,
    old: (String, Tree),
    new: (String, Tree),
}

impl Step {
    /// From the contents before (none: from an empty workspace) to the new one.
    fn prepare(before: &[&str]) -> Result<Self, Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let (start, work, log) = (dir.path().join("start"), dir.path().join("work"), dir.path().join("log"));
        fs::create_dir(&start)?;
        for content in before {
            assert!(publishes(&start, content)?);
        }
        let before = (head(&start), published(&start)?);
        prepare(&start, NEW)?;
        copy_tree(&start, &work)?;
        assert!(status(publish(&work))?.success());
        let after = (head(&work), published(&work)?);
        assert_ne!(before, after);
        Ok(Self { _dir: dir, start, work, log, old: before, new: after })
    }

    /// How often each call is made by the thread that makes it most: strace counts by thread.
    fn counts(&self) -> Result<BTreeMap<String, usize>, Box<dyn std::error::Error>> {
        copy_tree(&self.start, &self.work)?;
        let run = publish(&self.work);
        assert!(status(self.traced(&run, &format!("trace={}", CHANGING.join(","))))?.success());
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in fs::read_to_string(&self.log)?.lines() {
            let (thread, rest) = line.split_once(' ').unwrap_or_default();
            if let Some((call, _)) = rest.trim_start().split_once('(') {
                *counts.entry((call.to_owned(), thread.to_owned())).or_default() += 1;
            }
        }
        let mut most = BTreeMap::new();
        for ((call, _), count) in counts {
            let entry: &mut usize = most.entry(call).or_default();
            *entry = count.max(*entry);
        }
        Ok(most)
    }

    fn traced(&self, run: &Command, expression: &str) -> Command {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o"]).arg(&self.log).args(["-e", expression]);
        command.arg(run.get_program()).args(run.get_args());
        command
    }

    fn disturbed(&self, injection: &str) -> Result<ExitStatus, Box<dyn std::error::Error>> {
        copy_tree(&self.start, &self.work)?;
        let run = publish(&self.work);
        Ok(status(self.traced(&run, &format!("inject={injection}")))?)
    }

    /// No file of the folders is anything but a whole file of the old or the new revision.
    fn nothing_torn(&self, what: &str) -> Outcome {
        for (path, bytes) in published(&self.work)? {
            let whole = [&self.old.1, &self.new.1].iter().any(|tree| tree.get(&path) == Some(&bytes));
            assert!(whole, "{what}: {} is torn", path.display());
        }
        Ok(())
    }

    /// The next command brings the folders to what HEAD names, old or new; then the new one can be published.
    fn recovers(&self, what: &str) -> Outcome {
        let named = head(&self.work);
        assert!(named == self.old.0 || named == self.new.0, "{what}: HEAD is {named:?}");
        assert!(status(heal(&self.work))?.success(), "{what}: the next command fails");
        assert_eq!(head(&self.work), named, "{what}: healing moved HEAD");
        let expected = if named == self.old.0 { &self.old.1 } else { &self.new.1 };
        assert!(
            published(&self.work)? == *expected,
            "{what}: the folders are not whole after the next command"
        );
        let left = fs::read_dir(self.work.join(".pipeline/tmp")).map(Iterator::count).unwrap_or(0);
        assert_eq!(left, 0, "{what}: temporary files are left");
        assert!(status(verify(&self.work))?.success(), "{what}: a kept revision is not whole");
        assert!(status(publish(&self.work))?.success(), "{what}: the next run fails");
        assert!(
            head(&self.work) == self.new.0 && published(&self.work)? == self.new.1,
            "{what}: not published"
        );
        Ok(())
    }
}

fn killed_at_each_call(before: &[&str]) -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let step = Step::prepare(before)?;
    let (mut kills, mut kept_old) = (0, 0);
    for (call, nth, count) in hits(&step.counts()?) {
        let what = format!("killed at {call} {nth} of {count}");
        let ended = step.disturbed(&format!("{call}:signal=KILL:when={nth}"))?;
        kills += usize::from(!ended.success());
        kept_old += usize::from(head(&step.work) == step.old.0);
        step.nothing_torn(&what)?;
        step.recovers(&what)?;
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

/// Calls that need room on the disk; renames, removals and syncs do not.
const TAKING_ROOM: [&str; 5] = ["write", "pwrite64", "copy_file_range", "mkdir", "mkdirat"];

/// `from_there_on` is strace's: with nothing one call fails, with `+` all from there on. Unless everything
/// fails from there on, the old revision must stand as it was before any other command has run.
fn failing(errno: &str, from_there_on: &str, calls: &[&str]) -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let step = Step::prepare(&BEFORE)?;
    let (mut faults, mut refused) = (0, 0);
    let mut counts = step.counts()?;
    counts.insert("read".to_owned(), 40);
    counts.retain(|call, _| calls.is_empty() || calls.contains(&call.as_str()));
    for (call, nth, count) in hits(&counts) {
        let what = format!("{errno} at {call} {nth}{from_there_on} of {count}");
        let ended = step.disturbed(&format!("{call}:error={errno}:when={nth}{from_there_on}"))?;
        faults += 1;
        if ended.success() {
            assert!(published(&step.work)? == step.new.1, "{what}: exit 0, but not published");
        } else {
            refused += 1;
            assert!(matches!(ended.code(), Some(74 | 127)), "{what}: {ended}");
            step.nothing_torn(&what)?;
            if from_there_on.is_empty() || !calls.is_empty() {
                assert_eq!(head(&step.work), step.old.0, "{what}: HEAD moved");
                assert!(published(&step.work)? == step.old.1, "{what}: the old revision is not as it was");
            }
        }
        step.recovers(&what)?;
    }
    eprintln!("{faults} faults, {refused} refused");
    assert!(refused > 3, "the faults did not hit");
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

/// 1,000 with `FAULTS=all`.
#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_revision() -> Outcome {
    let step = Step::prepare(&BEFORE)?;
    let started = Instant::now();
    copy_tree(&step.start, &step.work)?;
    assert!(status(publish(&step.work))?.success());
    let whole = started.elapsed();
    let kills: u32 = if all_faults() { 1000 } else { 20 };
    let mut kept_old = 0;
    for kill in 0..kills {
        copy_tree(&step.start, &step.work)?;
        let mut run = publish(&step.work).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        thread::sleep(whole * kill / kills);
        run.kill()?;
        run.wait()?;
        let what = format!("killed at moment {kill} of {kills}");
        kept_old += u32::from(head(&step.work) == step.old.0);
        step.nothing_torn(&what)?;
        step.recovers(&what)?;
    }
    eprintln!("{kills} kills, {kept_old} before the commit point, 0 torn, 0 lost");
    Ok(())
}
