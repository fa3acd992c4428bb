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

/// Where a block begins in memory: at a multiple of what most disks want. The others take the bytes in the ordinary way.
const ALIGNMENT: usize = 1 << 12;

/// How many bytes of a block are taken into use at first: most files are small.
const FIRST: usize = 1 << 16;

/// How many full blocks wait while one is being written.
const WAITING: usize = 1;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Outflow {
    file: File,
    block: Block,
    /// From the first full block on; it has the file to itself until it ends.
    writer: Option<Writer>,
    /// Whether a block was sent, and whether one was refused: then the file has a gap.
    is_large: bool,
    is_broken: bool,
}

impl Outflow {
    /// A new file.
    ///
    /// # Errors
    /// There is one already, or the disk's.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self::of(File::create_new(path)?))
    }

    fn of(file: File) -> Self {
        Self { file, block: Block::new(), writer: None, is_large: false, is_broken: false }
    }

    /// Writes what is left, and gives the time of waiting for the disk. A small file is not durable yet.
    ///
    /// # Errors
    /// What the disk said of any part of the file. It says so once and to those who hold the file: a later sync may not
    /// hear of it.
    pub(super) fn finish(mut self) -> io::Result<Duration> {
        if self.is_broken {
            return Err(io::Error::other("a part of the file was not written"));
        }
        let started = Instant::now();
        if let Some(writer) = self.writer.take() {
            writer.end()?;
        }
        self.file.write_all(self.block.bytes())?;
        if self.is_large {
            self.file.sync_data()?;
        }
        Ok(if self.is_large { started.elapsed() } else { Duration::ZERO })
    }

    /// Where the next bytes may be put: never empty. [`Outflow::advance`] says how many they were.
    ///
    /// # Errors
    /// What the disk said of any part of the file before.
    pub(super) fn room(&mut self) -> io::Result<&mut [u8]> {
        if self.block.length == BLOCK {
            self.is_large = true;
            self.send().inspect_err(|_| self.is_broken = true)?;
        }
        Ok(self.block.room())
    }

    /// Takes the first `count` bytes that were put where there was room.
    pub(super) fn advance(&mut self, count: usize) {
        debug_assert!(count <= BLOCK - self.block.length);
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

/// Writes blocks past the system's memory, which is a mark of the open file and goes when they are written. Where the file
/// system refuses that, they go in the ordinary way.
fn write_each(mut file: &File, blocks: &Receiver<Block>, written: &SyncSender<Block>) -> io::Result<()> {
    let mut is_direct = fcntl_setfl(file, OFlags::DIRECT).is_ok();
    for mut block in blocks {
        let mut left = block.bytes();
        while !left.is_empty() {
            match file.write(left) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_direct && is_refusal(&error) => {
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

/// Whether the file system does not take or give bytes so.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
}

/// Bytes on their way to the disk, which wants them aligned.
#[derive(Debug)]
struct Block {
    /// Room for all of a block, which is taken into use as it fills: memory costs when it is touched.
    memory: Vec<u8>,
    start: usize,
    length: usize,
}

impl Block {
    fn new() -> Self {
        let mut memory = Vec::<u8>::with_capacity(BLOCK + ALIGNMENT);
        let address = memory.as_ptr().addr();
        let start = address.next_multiple_of(ALIGNMENT) - address;
        memory.resize(start, 0);
        Self { memory, start, length: 0 }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.length]
    }

    /// What is in use and not filled, or else as much again as is filled.
    fn room(&mut self) -> &mut [u8] {
        let end = self.start + self.length;
        if end == self.memory.len() {
            self.memory.resize(end + self.length.max(FIRST).min(BLOCK - self.length), 0);
        }
        &mut self.memory[end..]
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
        // A small file most often lies in memory.
        let is_direct = file.metadata()?.len() > BLOCK as u64 && fcntl_setfl(&file, OFlags::DIRECT).is_ok();
        Ok(Self { file, is_direct })
    }
}

impl Read for Inflow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.file.read(buffer) {
            Err(error) if self.is_direct && is_refusal(&error) => {
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

    /// Writes some blocks and a bit, and reads them back as they are copied.
    fn written_and_read(first: fn() -> Block) -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("large");
        let bytes: Vec<u8> = (0..BLOCK * 5 / 2 + 1).map(|byte| (byte % 251) as u8).collect();
        let mut outflow = Outflow { block: first(), ..Outflow::create(&path)? };
        for piece in bytes.chunks(1_000_003) {
            outflow.write_all(piece)?;
        }
        assert!(outflow.writer.is_some(), "the file is written while it grows");
        outflow.finish()?;
        let (mut inflow, mut back) = (Inflow::open(&path)?, Vec::new());
        loop {
            let mut block = first();
            let count = inflow.read(block.room())?;
            back.extend_from_slice(&block.room()[..count]);
            if count == 0 {
                break;
            }
        }
        assert!(back == bytes);
        assert!(Outflow::create(&path).is_err(), "what is there is not written over");
        Ok(())
    }

    #[test]
    fn a_file_of_several_blocks_comes_back_whole() -> io::Result<()> {
        written_and_read(Block::new)
    }

    #[test]
    fn a_block_that_the_disk_does_not_take_as_it_lies_is_written_all_the_same() -> io::Result<()> {
        written_and_read(|| {
            let mut block = Block::new();
            block.memory.push(0);
            block.start += 1;
            block
        })
    }

    #[test]
    fn what_the_disk_refuses_is_told() -> io::Result<()> {
        // It is full from the first byte on.
        let file = File::options().write(true).open("/dev/full")?;
        let mut outflow = Outflow::of(file);
        let block = vec![0; BLOCK];
        let refused = (0..8).find_map(|_| outflow.write_all(&block).err());
        assert_eq!(refused.map(|error| error.kind()), Some(ErrorKind::StorageFull));
        assert!(outflow.finish().is_err(), "it has a gap");
        Ok(())
    }
}
