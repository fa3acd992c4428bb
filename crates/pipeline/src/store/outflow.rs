//! Large files on their way to the disk: past the system's memory, where the file system can. So gigabytes neither wait
//! for the disk at the end nor push everything else out of memory, and take a tenth of the system's time.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_setfl};

/// How many bytes go to the disk at once.
const BLOCK: usize = 1 << 20;

/// Where a block begins in memory: at a multiple of what any disk wants.
const ALIGNMENT: usize = 1 << 12;

/// How many full blocks wait while one is being written.
const WAITING: usize = 1;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Outflow {
    file: File,
    block: Block,
    writer: Option<Writer>,
}

impl Outflow {
    /// A new file.
    ///
    /// # Errors
    /// There is one already, or the disk's.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create_new(path)?, block: Block::new(), writer: None })
    }

    /// Writes what is left, and gives the time of waiting for what is on its way. The file is not durable yet.
    ///
    /// # Errors
    /// What the disk said of any part of the file.
    pub(super) fn finish(mut self) -> io::Result<Duration> {
        let started = Instant::now();
        if let Some(writer) = self.writer.take() {
            writer.end()?;
        }
        let waited = started.elapsed();
        self.file.write_all(self.block.bytes())?;
        Ok(waited)
    }

    /// Where the next bytes may be put: never empty. [`Outflow::advance`] says how many they were.
    ///
    /// # Errors
    /// What the disk said of any part of the file before.
    pub(super) fn room(&mut self) -> io::Result<&mut [u8]> {
        if self.block.length == BLOCK {
            self.send()?;
        }
        Ok(self.block.room())
    }

    /// Takes the first `count` bytes that were put where there was room.
    pub(super) fn advance(&mut self, count: usize) {
        self.block.length += count;
    }

    /// Has the full block written, and takes an empty one.
    fn send(&mut self) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Writer::of(&self.file).ok();
        }
        let Some(writer) = &self.writer else {
            // There is no thread to be had.
            self.file.write_all(self.block.bytes())?;
            self.block.length = 0;
            return Ok(());
        };
        let empty = writer.empty.try_recv().unwrap_or_else(|_| Block::new());
        let full = std::mem::replace(&mut self.block, empty);
        if writer.full.send(full).is_ok() {
            return Ok(());
        }
        // It ended before its time: the disk refused.
        let ended = self.writer.take().map_or(Ok(()), Writer::end);
        ended.and_then(|()| Err(io::Error::other("the thread that writes the file ended")))
    }
}

impl Write for Outflow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room()?;
        let count = bytes.len().min(room.len());
        room[..count].copy_from_slice(&bytes[..count]);
        self.advance(count);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A thread that waits for the disk, so that whoever fills the blocks need not.
#[derive(Debug)]
struct Writer {
    full: SyncSender<Block>,
    /// Blocks that were written, to be filled again.
    empty: Receiver<Block>,
    thread: JoinHandle<io::Result<()>>,
}

impl Writer {
    fn of(file: &File) -> io::Result<Self> {
        let file = file.try_clone()?;
        let (full, blocks) = sync_channel(WAITING);
        let (written, empty) = sync_channel(WAITING + 2);
        let write = move || write_each(&file, &blocks, &written);
        let thread = thread::Builder::new().name("write".to_owned()).spawn(write)?;
        Ok(Self { full, empty, thread })
    }

    /// Waits for the last block.
    fn end(self) -> io::Result<()> {
        drop(self.full);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that writes the file died")))
    }
}

/// Writes blocks past the system's memory. Where the file system refuses that, they go as any other bytes do.
fn write_each(mut file: &File, blocks: &Receiver<Block>, written: &SyncSender<Block>) -> io::Result<()> {
    let mut is_direct = fcntl_setfl(file, OFlags::DIRECT).is_ok();
    for mut block in blocks {
        let mut left = block.bytes();
        while !left.is_empty() {
            match file.write(left) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::InvalidInput && is_direct => {
                    fcntl_setfl(file, OFlags::empty())?;
                    is_direct = false;
                }
                Err(error) => return Err(error),
            }
        }
        block.length = 0;
        // Nobody takes the last ones.
        let _ = written.try_send(block);
    }
    // The end of the file fills no block.
    Ok(fcntl_setfl(file, OFlags::empty())?)
}

/// Bytes on their way to the disk, which wants them aligned.
#[derive(Debug)]
struct Block {
    memory: Vec<u8>,
    start: usize,
    length: usize,
}

impl Block {
    fn new() -> Self {
        let memory = vec![0; BLOCK + ALIGNMENT];
        let address = memory.as_ptr().addr();
        Self { memory, start: address.next_multiple_of(ALIGNMENT) - address, length: 0 }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.length]
    }

    fn room(&mut self) -> &mut [u8] {
        &mut self.memory[self.start + self.length..self.start + BLOCK]
    }
}

/// A file that is read from its start to its end, past the system's memory as well.
#[derive(Debug)]
pub(super) struct Inflow {
    file: File,
    is_direct: bool,
}

impl Inflow {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // A small file was just written, and lies in memory.
        let is_direct = file.metadata()?.len() > BLOCK as u64 && fcntl_setfl(&file, OFlags::DIRECT).is_ok();
        Ok(Self { file, is_direct })
    }
}

impl Read for Inflow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.file.read(buffer) {
            Err(error) if error.kind() == ErrorKind::InvalidInput && self.is_direct => {
                fcntl_setfl(&self.file, OFlags::empty())?;
                self.is_direct = false;
                self.file.read(buffer)
            }
            read => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes some blocks and a bit, and reads them back.
    fn written_and_read(first: Block) -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("large");
        let bytes: Vec<u8> = (0..BLOCK * 5 / 2 + 1).map(|byte| (byte % 251) as u8).collect();
        let mut outflow = Outflow { block: first, ..Outflow::create(&path)? };
        for piece in bytes.chunks(1_000_003) {
            outflow.write_all(piece)?;
        }
        assert!(outflow.writer.is_some(), "the file is written while it grows");
        outflow.finish()?;
        let mut back = Vec::new();
        Inflow::open(&path)?.read_to_end(&mut back)?;
        assert!(back == bytes);
        assert!(Outflow::create(&path).is_err(), "what is there is not written over");
        Ok(())
    }

    #[test]
    fn a_file_of_several_blocks_comes_back_whole() -> io::Result<()> {
        written_and_read(Block::new())
    }

    #[test]
    fn a_block_that_the_disk_does_not_take_as_it_lies_is_written_all_the_same() -> io::Result<()> {
        let aligned = Block::new();
        written_and_read(Block { start: aligned.start ^ 1, ..aligned })
    }

    #[test]
    fn what_the_disk_refuses_is_told() -> io::Result<()> {
        // It is full from the first byte on.
        let file = File::options().write(true).open("/dev/full")?;
        let mut outflow = Outflow { file, block: Block::new(), writer: None };
        let block = vec![0; BLOCK];
        let refused = (0..8).find_map(|_| outflow.write_all(&block).err());
        assert_eq!(refused.map(|error| error.kind()), Some(ErrorKind::StorageFull));
        Ok(())
    }
}
