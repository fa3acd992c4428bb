//! One run at a time: an advisory lock on `.pipeline/lock` that the kernel drops with its holder, however it
//! ends. The file itself stays; what it says of its holder is only for the message of whoever comes second.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::error::{Holder, StoreError, failed};

/// Proof that this process holds the lock, as long as it lives.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The lock goes when the file is closed.
    _file: File,
    /// When the lock was taken, as the caller wrote it.
    pub(super) since: String,
}

/// Takes the lock or says who has it, without waiting.
pub(super) fn take(path: &Path, now: &str) -> Result<Guard, StoreError> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(failed("open the lock", path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::Locked { lock: path.to_path_buf(), holder: holder(&mut file) });
        }
        Err(TryLockError::Error(error)) => return Err(failed("lock", path)(error)),
    }
    let line = format!("process {} since {now}\n", std::process::id());
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(line.as_bytes()))
        .map_err(failed("write", path))?;
    Ok(Guard { _file: file, since: now.to_owned() })
}

fn holder(file: &mut File) -> Holder {
    let mut text = String::new();
    if file.read_to_string(&mut text).is_err() {
        return Holder::default();
    }
    let mut words = text.split_whitespace().skip(1);
    let pid = words.next().and_then(|pid| pid.parse().ok());
    let since = words.nth(1).map(str::to_owned);
    Holder { pid, since }
}
