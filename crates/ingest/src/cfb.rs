//! OLE2: a file of files in sectors, chained by tables (MS-CFB). Only what holds a workbook is looked for. A chain is
//! never longer than the file, and one that leads out of it ends there.

use crate::bytes::Bytes;
use crate::error::Error;

/// Numbers of sectors from here on mean "no more" and the like.
const LAST_SECTOR: u32 = 0xffff_fffa;

/// Bytes of a directory entry.
const ENTRY: usize = 128;

/// Bytes of a small sector.
const SMALL: usize = 64;

/// An OLE2 file, its tables and directory read.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector after each.
    next: Vec<u32>,
    /// The small sector after each.
    next_small: Vec<u32>,
    /// All small sectors, one after the other.
    small: Vec<u8>,
    /// Streams below this many bytes lie in small sectors.
    cutoff: usize,
    /// Those of the root come first: an embedded document has streams of its own.
    streams: Vec<Stream>,
}

/// A stream of the directory.
struct Stream {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> Compound<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let sector = match Bytes(bytes).u16(30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(broken("its header is cut off or damaged")),
        };
        let mut file = Self {
            bytes,
            sector,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            cutoff: Bytes(bytes).u32(56).unwrap_or(4096) as usize,
            streams: Vec::new(),
        };
        for table in file.tables()? {
            file.next.extend(numbers(file.sector_at(table)));
        }
        let directory = file.chain(Bytes(bytes).u32(48).unwrap_or(LAST_SECTOR));
        file.streams = streams(directory.as_chunks::<ENTRY>().0);
        // The first entry is the root, whose stream is that of the small sectors.
        let root = directory.get(..ENTRY).map(|root| (Bytes(root).u32(116), Bytes(root).u32(120)));
        let Some((Some(start), Some(_))) = root else { return Err(broken("its directory is missing")) };
        file.small = file.chain(start);
        file.next_small = numbers(&file.chain(Bytes(bytes).u32(60).unwrap_or(LAST_SECTOR))).collect();
        Ok(file)
    }

    /// The bytes of a stream, as far as the file holds them.
    pub(crate) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let stream = self.streams.iter().find(|stream| stream.name.eq_ignore_ascii_case(name))?;
        let is_small = stream.length < self.cutoff;
        let mut bytes = if is_small { self.small_chain(stream.start) } else { self.chain(stream.start) };
        bytes.truncate(stream.length);
        Some(bytes)
    }

    /// The sectors that hold the table of sectors: 109 in the header, the others chained.
    fn tables(&self) -> Result<Vec<u32>, Error> {
        let header = self.bytes.get(76..512).ok_or_else(|| broken("its header is cut off"))?;
        let mut tables: Vec<u32> = numbers(header).collect();
        let mut more = Bytes(self.bytes).u32(68).unwrap_or(LAST_SECTOR);
        // Sectors may name each other in a ring, and the last of the file may be too short to list any.
        for _ in 0..=self.bytes.len() / self.sector {
            if more >= LAST_SECTOR || tables.len() * self.sector > self.bytes.len() {
                break;
            }
            let mut listed: Vec<u32> = numbers(self.sector_at(more)).collect();
            more = listed.pop().unwrap_or(LAST_SECTOR);
            tables.append(&mut listed);
        }
        tables.retain(|&table| table < LAST_SECTOR);
        tables.truncate(self.bytes.len() / self.sector + 1);
        Ok(tables)
    }

    /// A sector; shorter, or empty, where the file ends before it does.
    fn sector_at(&self, index: u32) -> &'a [u8] {
        let start = (index as usize).saturating_add(1).saturating_mul(self.sector);
        let end = start.saturating_add(self.sector).min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn chain(&self, first: u32) -> Vec<u8> {
        let most = self.bytes.len() / self.sector + 1;
        let mut bytes = Vec::new();
        for index in linked(first, &self.next, most) {
            bytes.extend_from_slice(self.sector_at(index));
        }
        bytes
    }

    fn small_chain(&self, first: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        for index in linked(first, &self.next_small, self.small.len() / SMALL + 1) {
            let start = (index as usize).saturating_mul(SMALL);
            let end = (start + SMALL).min(self.small.len());
            bytes.extend_from_slice(self.small.get(start..end).unwrap_or_default());
        }
        bytes
    }
}

/// A chain of sectors from its first one, at most `most` of them.
fn linked(first: u32, next: &[u32], most: usize) -> impl Iterator<Item = u32> {
    let inside = |index: &u32| *index < LAST_SECTOR;
    let follow = move |&index: &u32| next.get(index as usize).copied().filter(inside);
    std::iter::successors(Some(first).filter(inside), follow).take(most)
}

/// All streams of a directory, those that lie in no folder first.
fn streams(entries: &[[u8; ENTRY]]) -> Vec<Stream> {
    let mut order = Vec::new();
    let mut seen = vec![false; entries.len()];
    let mut open = vec![entries.first().and_then(|root| Bytes(root).u32(76)).unwrap_or(u32::MAX)];
    while let Some(index) = open.pop() {
        let (Some(entry), Some(seen)) = (entries.get(index as usize), seen.get_mut(index as usize)) else {
            continue;
        };
        if !std::mem::replace(seen, true) {
            order.push(index as usize);
            // The siblings before and after it.
            open.extend([68, 72].iter().filter_map(|&at| Bytes(entry).u32(at)));
        }
    }
    order.extend((0..entries.len()).filter(|&index| !seen[index]));
    order.into_iter().filter_map(|index| Stream::read(&entries[index])).collect()
}

impl Stream {
    /// None where the entry is empty or a folder.
    fn read(entry: &[u8; ENTRY]) -> Option<Self> {
        let length = usize::from(Bytes(entry).u16(64)?).min(64).saturating_sub(2);
        let units = entry[..length].as_chunks::<2>().0.iter().map(|&unit| u16::from_le_bytes(unit));
        let name = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
        let (start, length) = (Bytes(entry).u32(116)?, Bytes(entry).u32(120)? as usize);
        (entry[66] == 2).then_some(Self { name, start, length })
    }
}

fn broken(why: &str) -> Error {
    Error::Workbook(why.to_owned())
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|&number| u32::from_le_bytes(number))
}
