//! A publication that is disturbed, and what must hold after it. The check knows nothing of the store but
//! `HEAD` and the two folders: it compares them with what the same commands leave in a workspace that nothing
//! disturbs.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::subject::{NEW, heal, prepare, publish, published as publishes, verify};

pub(crate) type Outcome = Result<(), Box<dyn Error>>;
pub(crate) type Tree = BTreeMap<PathBuf, Vec<u8>>;

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

/// The threads whose calls are counted and hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// The first alone: it commits, and each of its calls is hit exactly.
    Main,
    /// All, those that write and sync among them: the first to come so far is hit.
    All,
}

/// Runs quietly.
pub(crate) fn status(mut command: Command) -> io::Result<ExitStatus> {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()
}

/// The files of the two folders.
pub(crate) fn published(workspace: &Path) -> io::Result<Tree> {
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
pub(crate) fn head(workspace: &Path) -> String {
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
pub(crate) struct Step {
    _dir: tempfile::TempDir,
    start: PathBuf,
    /// Where it is disturbed.
    pub(crate) work: PathBuf,
    log: PathBuf,
    /// The id and the files of the revision before.
    pub(crate) old: (String, Tree),
    /// Those of the revision that is published.
    pub(crate) new: (String, Tree),
}

impl Step {
    /// From the contents before (none: from an empty workspace) to the new one.
    pub(crate) fn prepare(before: &[&str]) -> Result<Self, Box<dyn Error>> {
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

    /// Puts everything where it was before the publication.
    pub(crate) fn reset(&self) -> io::Result<()> {
        copy_tree(&self.start, &self.work)
    }

    /// How often each call is made on these threads: strace counts by thread, so that of several threads
    /// the one that makes it most often tells.
    pub(crate) fn counts(&self, threads: Threads) -> Result<BTreeMap<String, usize>, Box<dyn Error>> {
        self.reset()?;
        let run = publish(&self.work);
        let expression = format!("trace={}", CHANGING.join(","));
        assert!(status(self.traced(&run, Threads::All, &expression))?.success());
        let log = fs::read_to_string(&self.log)?;
        let main = log.split(' ').next().unwrap_or_default().to_owned();
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in log.lines() {
            let (thread, rest) = line.split_once(' ').unwrap_or_default();
            let is_asked = threads == Threads::All || thread == main;
            if let Some((call, _)) = rest.trim_start().split_once('(').filter(|_| is_asked) {
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

    fn traced(&self, run: &Command, threads: Threads, expression: &str) -> Command {
        let mut command = Command::new("strace");
        if threads == Threads::All {
            command.arg("-f");
        }
        command.args(["-qq", "-o"]).arg(&self.log).args(["-e", expression]);
        command.arg(run.get_program()).args(run.get_args());
        command
    }

    /// Publishes while strace disturbs, and says how that ended and how many calls were hit: one for each
    /// thread that came so far.
    pub(crate) fn disturbed(
        &self,
        threads: Threads,
        injection: &str,
    ) -> Result<(ExitStatus, usize), Box<dyn Error>> {
        self.reset()?;
        let run = publish(&self.work);
        let ended = status(self.traced(&run, threads, &format!("inject={injection}")))?;
        let hits = fs::read_to_string(&self.log)?.matches("(INJECTED)").count();
        Ok((ended, hits))
    }

    /// Which revision HEAD names, and that the folders hold it: nothing is half done.
    pub(crate) fn is_whole(&self, what: &str) -> Outcome {
        let expected = if head(&self.work) == self.old.0 { &self.old } else { &self.new };
        assert_eq!(head(&self.work), expected.0, "{what}: HEAD");
        assert!(published(&self.work)? == expected.1, "{what}: the folders are not what HEAD names");
        Ok(())
    }

    /// No file of the folders is anything but a whole file of the old or the new revision.
    pub(crate) fn nothing_torn(&self, what: &str) -> Outcome {
        for (path, bytes) in published(&self.work)? {
            let whole = [&self.old.1, &self.new.1].iter().any(|tree| tree.get(&path) == Some(&bytes));
            assert!(whole, "{what}: {} is torn", path.display());
        }
        Ok(())
    }

    /// The next command brings the folders to what HEAD names, old or new; then the new one can be published.
    pub(crate) fn recovers(&self, what: &str) -> Outcome {
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
