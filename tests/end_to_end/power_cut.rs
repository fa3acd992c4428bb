//! Cuts the power after every file-changing call of a publication. The calls are recorded with strace and
//! replayed on a model of a disk that keeps nothing it was not told to sync: neither the bytes of a file nor
//! the names in a folder. At each cut three disks are laid out: one that kept only what was synced, and two
//! that kept some of the rest by chance. On each the next command must find the old or the new revision, whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::subject::{
    BEFORE, NEW, all_faults, heal, prepare, publish, published as publishes, strace_works, succeeds, verify,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// What is below a folder: files with their bytes, folders with none.
fn tree(folder: &Path, root: &Path, found: &mut Tree) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root).map_err(io::Error::other)?.to_path_buf();
        if path.is_dir() {
            found.insert(name, None);
            tree(&path, root, found)?;
        } else {
            found.insert(name, Some(fs::read(&path)?));
        }
    }
    Ok(())
}

fn tree_of(root: &Path) -> io::Result<Tree> {
    let mut found = Tree::new();
    tree(root, root, &mut found)?;
    Ok(found)
}

fn published(tree: &Tree) -> Tree {
    let of_revision = |path: &Path| {
        (path.starts_with("curated") || path.starts_with("out")) && !path.ends_with("out/changes.md")
    };
    tree.iter()
        .filter(|(path, bytes)| of_revision(path) && bytes.is_some())
        .map(|(p, b)| (p.clone(), b.clone()))
        .collect()
}

/// A call that changes files.
#[derive(Debug, Clone)]
enum Call {
    Create(PathBuf),
    Change(PathBuf),
    MakeFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    Sync(PathBuf),
}

/// Reads strace's log: `PID call(args) = result`, with calls of several threads cut in two.
fn calls(log: &str, root: &Path) -> Vec<Call> {
    let mut begun: BTreeMap<&str, String> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let whole = if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, start.to_owned());
            continue;
        } else if rest.starts_with("<... ") {
            let end = rest.split_once("resumed>").map_or("", |(_, end)| end);
            begun.remove(thread).unwrap_or_default() + end
        } else {
            rest.to_owned()
        };
        calls.extend(call(&whole, root));
    }
    calls
}

fn call(line: &str, root: &Path) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let quoted: Vec<&str> = arguments.split('"').skip(1).step_by(2).collect();
    let angled: Vec<&str> =
        arguments.split('<').skip(1).filter_map(|text| text.split_once('>').map(|(path, _)| path)).collect();
    let inside = |path: &str| Path::new(path).strip_prefix(root).ok().map(Path::to_path_buf);
    match name {
        "openat" if arguments.contains("O_CREAT") => {
            let path = inside(quoted.first()?)?;
            Some(if arguments.contains("O_TRUNC") { Call::Change(path) } else { Call::Create(path) })
        }
        "write" | "ftruncate" => Some(Call::Change(inside(angled.first()?)?)),
        "copy_file_range" => Some(Call::Change(inside(angled.get(1)?)?)),
        "fsync" | "fdatasync" => Some(Call::Sync(inside(angled.first()?)?)),
        "mkdir" => Some(Call::MakeFolder(inside(quoted.first()?)?)),
        "rename" => Some(Call::Rename(inside(quoted.first()?)?, inside(quoted.get(1)?)?)),
        "unlink" | "rmdir" => Some(Call::Remove(inside(quoted.first()?)?)),
        "unlinkat" => {
            let path = Path::new(quoted.first()?);
            let full =
                if path.is_absolute() { path.to_path_buf() } else { Path::new(angled.first()?).join(path) };
            Some(Call::Remove(inside(full.to_str()?)?))
        }
        "openat" => None,
        other => panic!("the model does not know {other}: {line}"),
    }
}

/// A file or folder, whatever its name is by now.
#[derive(Debug, Clone)]
struct Inode {
    /// None for a folder. Of a file that the publication makes: what it holds in the end.
    bytes: Option<Vec<u8>>,
    synced: bool,
}

/// What a program sees, and what the disk has kept of the names.
#[derive(Debug, Clone, Default)]
struct Disk {
    inodes: Vec<Inode>,
    seen: BTreeMap<PathBuf, usize>,
    kept: BTreeMap<PathBuf, usize>,
}

impl Disk {
    fn new(start: &Tree) -> Self {
        let mut disk = Self::default();
        for (path, bytes) in start {
            disk.inodes.push(Inode { bytes: bytes.clone(), synced: true });
            disk.seen.insert(path.clone(), disk.inodes.len() - 1);
        }
        disk.kept = disk.seen.clone();
        disk
    }

    fn apply(&mut self, call: &Call) {
        match call {
            Call::Create(path) | Call::Change(path) | Call::MakeFolder(path) => {
                let folder = matches!(call, Call::MakeFolder(_));
                let inode = *self.seen.entry(path.clone()).or_insert_with(|| {
                    self.inodes.push(Inode { bytes: (!folder).then(Vec::new), synced: folder });
                    self.inodes.len() - 1
                });
                if matches!(call, Call::Change(_)) {
                    self.inodes[inode].synced = false;
                }
            }
            Call::Rename(from, to) => {
                let Some(inode) = self.seen.remove(from) else { panic!("{} was never made", from.display()) };
                self.seen.insert(to.clone(), inode);
            }
            Call::Remove(path) => drop(self.seen.remove(path)),
            Call::Sync(path) => {
                let file = self.seen.get(path).copied().filter(|inode| self.inodes[*inode].bytes.is_some());
                match file {
                    Some(inode) => self.inodes[inode].synced = true,
                    None => self.keep_names(path),
                }
            }
        }
    }

    fn keep_names(&mut self, folder: &Path) {
        self.kept.retain(|path, _| path.parent() != Some(folder));
        let named = self.seen.iter().filter(|(path, _)| path.parent() == Some(folder));
        self.kept.extend(named.map(|(path, inode)| (path.clone(), *inode)));
    }

    /// Lays out what a power cut leaves; `lucky` says of each folder and file whether the disk has kept what
    /// it need not.
    fn lay_out(&self, root: &Path, mut lucky: impl FnMut() -> bool) -> io::Result<()> {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        fs::create_dir(root)?;
        let mut disk = self.clone();
        let folders: BTreeSet<PathBuf> = disk
            .seen
            .keys()
            .chain(disk.kept.keys())
            .filter_map(|path| path.parent().map(Path::to_path_buf))
            .collect();
        for folder in folders {
            if lucky() {
                disk.keep_names(&folder);
            }
        }
        for (path, inode) in &disk.kept {
            let (full, inode) = (root.join(path), &disk.inodes[*inode]);
            if !full.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match &inode.bytes {
                None => fs::create_dir(&full)?,
                Some(bytes) if inode.synced || lucky() => fs::write(&full, bytes)?,
                Some(_) => fs::write(&full, "")?,
            }
        }
        Ok(())
    }
}

/// Numbers that look random and are the same every time (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn coin(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 & 4 == 0
    }
}

#[test]
fn a_power_cut_at_any_call_leaves_the_old_or_the_new_revision() -> Outcome {
    if !strace_works() {
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let root = fs::canonicalize(dir.path())?;
    let (work, log, cut) = (root.join("work"), root.join("log"), root.join("cut"));
    fs::create_dir(&work)?;
    for content in BEFORE {
        assert!(publishes(&work, content)?);
    }
    prepare(&work, NEW)?;
    let start = tree_of(&work)?;
    let run = publish(&work);
    let mut traced = Command::new("strace");
    let set = "trace=openat,write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,copy_file_range,sendfile,link,linkat,symlink";
    traced.args(["-f", "-qq", "-y", "-s", "4096", "-e", set, "-o"]).arg(&log);
    traced.arg(run.get_program()).args(run.get_args());
    assert!(succeeds(traced)?, "the undisturbed run fails");
    let end = tree_of(&work)?;
    let calls = calls(&fs::read_to_string(&log)?, &work);
    let disks = replayed(&start, &end, &calls);
    let head = |tree: &Tree| tree.get(Path::new(".pipeline/HEAD")).cloned().flatten();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut cuts, mut old) = (0, 0);
    // Without FAULTS=all some of the cuts, evenly spread, and the last.
    let step = if all_faults() { 1 } else { (disks.len() / 20).max(1) };
    let chosen = disks.iter().enumerate().filter(|(at, _)| at % step == 0 || *at == calls.len());
    for (at, disk) in chosen {
        for kind in ["nothing more", "some more", "some more again"] {
            disk.lay_out(&cut, || kind != "nothing more" && chance.coin())?;
            let what = format!(
                "cut after call {at} {:?}, the disk kept {kind}",
                at.checked_sub(1).map(|at| &calls[at])
            );
            if at == calls.len() {
                assert!(published(&tree_of(&cut)?) == published(&end), "{what}: told, but not durable");
            }
            let healed = heal(&cut).output()?;
            assert!(healed.status.success(), "{what}: {}", String::from_utf8_lossy(&healed.stderr));
            let found = tree_of(&cut)?;
            let expected = if head(&found) == head(&start) { &start } else { &end };
            assert_eq!(head(&found), head(expected), "{what}: HEAD");
            assert!(published(&found) == published(expected), "{what}: the folders are not whole");
            assert!(succeeds(verify(&cut))?, "{what}: a kept revision is not whole");
            cuts += 1;
            old += usize::from(head(&found) == head(&start));
            if cuts % 5 == 0 {
                assert!(succeeds(publish(&cut))?, "{what}: the next run fails");
            }
        }
    }
    eprintln!("{} calls, {cuts} cuts, {old} left the old revision", calls.len());
    assert!(calls.len() > 50 && old > 0 && old < cuts);
    Ok(())
}

/// The disk before the first call and after each. A file that the calls make holds, once it is synced, what
/// it holds in the end: no file is changed after it was synced.
fn replayed(start: &Tree, end: &Tree, calls: &[Call]) -> Vec<Disk> {
    let mut disk = Disk::new(start);
    let made = disk.inodes.len();
    let mut disks = vec![disk.clone()];
    for call in calls {
        disk.apply(call);
        disks.push(disk.clone());
    }
    let last = disks.last().cloned().unwrap_or_default();
    for (path, inode) in &last.seen {
        for disk in &mut disks {
            if *inode >= made && *inode < disk.inodes.len() && disk.inodes[*inode].bytes.is_some() {
                disk.inodes[*inode].bytes = end.get(path).cloned().flatten();
            }
        }
    }
    disks
}
