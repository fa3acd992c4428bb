//! A workspace in a temporary folder, and the binary run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// A folder with fact sheets and `pipeline.toml`, deleted with the value.
pub(crate) struct Workspace {
    _folder: TempDir,
    path: PathBuf,
}

impl Workspace {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self::called("workspace")
    }

    /// An empty folder of this name.
    fn called(name: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::create_dir(&path).expect("a folder");
        Self { _folder: folder, path }
    }

    /// The shipped corridor, as a fresh clone has it: without the texts.
    pub(crate) fn shipped() -> Self {
        let workspace = Self::empty();
        let root = repository();
        for entry in ["pipeline.toml", "raw", "curated", "out"] {
            copy(&root.join(entry), &workspace.path(entry));
        }
        let _ = std::fs::remove_dir_all(workspace.path("raw/articles"));
        let _ = std::fs::remove_file(workspace.path("out/changes.md"));
        workspace
    }

    /// A corridor of our own making under `tests/`, its text included.
    pub(crate) fn example(name: &str) -> Self {
        Self::example_in(name, name)
    }

    /// The same, in a folder of another name.
    pub(crate) fn example_in(name: &str, folder: &str) -> Self {
        let workspace = Self::called(folder);
        copy(&repository().join("tests/corridors").join(name), &workspace.path);
        workspace
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.path.join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        let path = self.path(relative);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn write(&self, relative: &str, content: &str) {
        std::fs::write(self.path(relative), content).expect("a writable workspace");
    }

    /// Replaces the one occurrence of `from` in a file.
    pub(crate) fn replace(&self, relative: &str, from: &str, to: &str) {
        let content = self.read(relative);
        assert_eq!(content.matches(from).count(), 1, "`{from}` in {relative}");
        self.write(relative, &content.replacen(from, to, 1));
    }

    /// Runs the binary here.
    pub(crate) fn pipeline(&self, arguments: &[&str]) -> Run {
        self.pipeline_in("", arguments)
    }

    /// Runs the binary in a folder of this workspace.
    pub(crate) fn pipeline_in(&self, folder: &str, arguments: &[&str]) -> Run {
        let output = Command::new(binary()).args(arguments).current_dir(self.path(folder)).output();
        Run::of(&output.expect("the built binary"))
    }

    /// Runs the binary here under an umask, with environment variables of its own.
    pub(crate) fn pipeline_under(&self, umask: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let output = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
            .arg(binary())
            .args(arguments)
            .envs(variables.iter().copied())
            .current_dir(&self.path)
            .output();
        Run::of(&output.expect("the built binary"))
    }

    /// Runs the binary here with `input` on its standard input.
    pub(crate) fn pipeline_reading(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut child = Command::new(binary())
            .args(arguments)
            .current_dir(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built binary");
        child.stdin.take().expect("a pipe").write_all(input.as_ref()).expect("a reader");
        Run::of(&child.wait_with_output().expect("its end"))
    }

    pub(crate) fn append(&self, relative: &str, rows: &str) {
        let content = self.read(relative);
        self.write(relative, &(content + rows));
    }

    /// Copies a folder of another workspace.
    pub(crate) fn copy_from(&self, other: &Workspace, from: &str, to: &str) {
        copy(&other.path(from), &self.path(to));
    }

    /// Every file below `folders` with its bytes, by path; `out/changes.md` is history, and none of them.
    pub(crate) fn files(&self, folders: &[&str]) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for folder in folders {
            collect(&self.path, &self.path(folder), &mut files);
        }
        files.retain(|(name, _)| name != "out/changes.md");
        files.sort();
        files
    }

    /// The rows of a published table, each a map from column to text.
    pub(crate) fn table(&self, name: &str) -> Vec<std::collections::HashMap<String, String>> {
        let path = self.path(&format!("curated/{name}.csv"));
        let mut reader = csv::Reader::from_path(path).expect("a published table");
        reader.deserialize().map(|row| row.expect("a row of the table")).collect()
    }
}

/// What a run of the binary printed and returned.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts the exit code, showing what was printed where it differs.
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error holds `text`.
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "no `{text}` in:\n{}", self.stderr);
        self
    }
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_path_buf()
}

/// The release binary, built once by the cargo that runs the tests.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--release", "--quiet", "--package", "pipeline"])
            .current_dir(repository())
            .status()
            .expect("cargo");
        assert!(built.success(), "the binary does not build");
        // The test binary lies in <target>/release/deps/.
        let own = std::env::current_exe().expect("the test's own file");
        let target = own.ancestors().nth(3).expect("the target folder");
        target.join("release").join("pipeline")
    })
}

/// Copies a file or a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        if from.is_file() {
            std::fs::copy(from, to).expect("a copied file");
        }
        return;
    }
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("an entry");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).expect("a readable file")));
        }
    }
}
