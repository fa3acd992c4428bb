//! Large files on their way to the disk: what has been written goes out while the rest is still being made, and its
//! pages go back to the system. So gigabytes neither wait for the disk at the end nor push everything else out of
//! memory, and pages that were touched before are touched again: fresh ones cost several times as much.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};

/// How many bytes of a file go out at once.
const STRIDE: u64 = 32 << 20;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Outflow {
    file: File,
    /// Bytes written since the last stride.
    pending: u64,
    syncing: Option<Syncing>,
}

/// A thread that waits for the disk, so that the writer need not.
#[derive(Debug)]
struct Syncing {
    strides: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Outflow {
    /// A new file.
    ///
    /// # Errors
    /// There is one already, or the disk's.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create_new(path)?, pending: 0, syncing: None })
    }

    /// Waits for what is on its way, and gives the time that took. The file's end is not durable yet.
    ///
    /// # Errors
    /// What the disk said of any part of the file: it says so once, and a later sync may not hear of it.
    pub(super) fn finish(self) -> io::Result<Duration> {
        let started = Instant::now();
        if let Some(Syncing { strides, thread }) = self.syncing {
            drop(strides);
            thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that syncs the file died")))?;
        }
        Ok(started.elapsed())
    }

    /// Has what was written so far synced. Where the disk is still busy with the stride before, the next one takes
    /// both; where there is no thread to be had, the last sync of the file takes all.
    fn send(&mut self) {
        self.pending = 0;
        if self.syncing.is_none() {
            self.syncing = Syncing::of(&self.file);
        }
        if let Some(syncing) = &self.syncing {
            // A full channel has a wish waiting already, and a closed one its error for the end.
            let _ = syncing.strides.try_send(());
        }
    }
}

impl Syncing {
    fn of(file: &File) -> Option<Self> {
        let file = file.try_clone().ok()?;
        let (strides, wanted) = sync_channel(1);
        let named = thread::Builder::new().name("sync".to_owned());
        let thread = named.spawn(move || sync_each(&file, &wanted)).ok()?;
        Some(Self { strides, thread })
    }
}

impl Write for Outflow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.pending += written as u64;
        if self.pending >= STRIDE {
            self.send();
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sync_each(file: &File, wanted: &Receiver<()>) -> io::Result<()> {
    for () in wanted {
        file.sync_data()?;
        let_go(file);
    }
    Ok(())
}

/// Gives the pages back of what the disk has. Only advice: a system that does not take it keeps them.
fn let_go(file: &File) {
    let _ = fadvise(file, 0, None, Advice::DontNeed);
}

/// A file that is read once, from its start to its end.
#[derive(Debug)]
pub(super) struct Inflow {
    file: File,
    /// Bytes read since pages were given back.
    pending: u64,
}

impl Inflow {
    pub(super) fn new(file: File) -> Self {
        Self { file, pending: 0 }
    }
}

impl Read for Inflow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.pending += read as u64;
        if self.pending >= STRIDE {
            self.pending = 0;
            let_go(&self.file);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_several_strides_comes_back_whole() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("large");
        let piece: Vec<u8> = (0..1 << 20).map(|byte: u32| (byte % 251) as u8).collect();
        let mut outflow = Outflow::create(&path)?;
        let pieces = STRIDE as usize / piece.len() * 5 / 2;
        for _ in 0..pieces {
            outflow.write_all(&piece)?;
        }
        assert!(outflow.syncing.is_some(), "the file is synced while it grows");
        outflow.finish()?;
        let mut inflow = Inflow::new(File::open(&path)?);
        let mut back = vec![0; piece.len()];
        for _ in 0..pieces {
            inflow.read_exact(&mut back)?;
            assert!(back == piece);
        }
        assert_eq!(inflow.read(&mut back)?, 0);
        assert!(Outflow::create(&path).is_err(), "what is there is not written over");
        Ok(())
    }

    #[test]
    fn what_the_disk_refuses_is_told_at_the_end() -> io::Result<()> {
        // It takes every byte, and cannot be synced.
        let file = File::options().write(true).open("/dev/null")?;
        let mut outflow = Outflow { file, pending: 0, syncing: None };
        outflow.write_all(&vec![0; STRIDE as usize])?;
        assert!(outflow.finish().is_err());
        Ok(())
    }
}
