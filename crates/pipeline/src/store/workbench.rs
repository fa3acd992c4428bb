//! The workbench: this process's own folder below `.pipeline/tmp`, where files are made before they are
//! renamed to where they belong. It carries a kernel lock, so that whoever sweeps tells the workbench of a dead
//! process from one in use.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::disk;
use super::error::{StoreError, failed};

/// How the names of temporary files begin that must lie outside a workbench.
pub(super) const TEMP_PREFIX: &str = ".pipeline-";

/// A folder of temporary files, gone with its process.
#[derive(Debug)]
pub(super) struct Workbench {
    dir: PathBuf,
    /// The lock on the folder goes when this is closed.
    _hold: File,
}

impl Workbench {
    /// Sets up a workbench of its own below `tmp`.
    pub(super) fn set_up(tmp: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(tmp).map_err(failed("make the folder", tmp))?;
        let dir = disk::fresh(tmp, "workbench");
        if dir.exists() {
            clear(&dir)?;
        }
        fs::create_dir(&dir).map_err(failed("make the folder", &dir))?;
        let hold = File::open(&dir).map_err(failed("open", &dir))?;
        hold.try_lock().map_err(io::Error::from).map_err(failed("lock", &dir))?;
        Ok(Self { dir, _hold: hold })
    }

    /// A fresh name on the workbench.
    pub(super) fn fresh(&self, what: &str) -> PathBuf {
        disk::fresh(&self.dir, what)
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next command.
        drop(fs::remove_dir_all(&self.dir));
    }
}

/// Removes the workbenches of processes that are gone.
pub(super) fn sweep(tmp: &Path) -> Result<(), StoreError> {
    for name in disk::names(tmp)? {
        let path = tmp.join(name);
        let in_use = File::open(&path).is_ok_and(|dir| dir.try_lock().is_err());
        if !in_use {
            clear(&path)?;
        }
    }
    Ok(())
}

fn clear(path: &Path) -> Result<(), StoreError> {
    let cleared = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match cleared {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}
