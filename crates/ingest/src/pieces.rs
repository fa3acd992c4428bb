//! A large XML cut into pieces between the elements that it is a list of, so that several threads read it: a
//! worksheet between its rows, shared strings between the strings.
//!
//! A cut is made behind the end of an element. Where that stood in a comment or the like, or an element is within another,
//! the piece before it ends early, which is an error. Of an XML that is wrong anywhere there is nothing here: it is
//! read as a whole, which says what is wrong.

use std::io::{BufRead, Read};

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Bytes of a piece, at least.
const PIECE: usize = 1 << 20;

/// Bytes in which an element must end, and all that comes behind the last.
const LONGEST: usize = 16 * PIECE;

/// Cuts the XML of `part` between its elements of a local name. `read` reads each piece, on all cores; `take` takes
/// what it gave in order. Gives the XML that is left without these elements; none where it cannot be cut, is small,
/// or one of the two gives none.
pub(crate) fn each<T: Send>(
    part: &mut dyn BufRead,
    element: &str,
    read: impl Fn(&[u8]) -> Option<T> + Sync,
    mut take: impl FnMut(T) -> Option<()>,
) -> Option<Vec<u8>> {
    let mut cut = Cut::begin(part, element)?;
    let mut wave = cut.wave()?;
    while !wave.is_empty() {
        let mut values: Vec<Option<T>> = wave.iter().map(|_| None).collect();
        // The next wave is inflated meanwhile.
        let next = rayon::in_place_scope(|scope| {
            for (piece, value) in wave.iter().zip(&mut values) {
                let read = &read;
                scope.spawn(move |_| *value = read(piece));
            }
            cut.wave()
        });
        values.into_iter().try_for_each(|value| take(value?))?;
        wave = next?;
    }
    Some(cut.frame())
}

/// An XML that is being cut.
struct Cut<'a> {
    part: &'a mut dyn BufRead,
    /// What comes before the first element.
    head: Vec<u8>,
    /// The end of an element, as this XML writes it.
    end: Vec<u8>,
    /// What is inflated and belongs to no piece so far; in the end what comes after the last element.
    rest: Vec<u8>,
    is_read: bool,
}

impl<'a> Cut<'a> {
    /// Finds the first element; none where there is none, or all of the XML is one piece.
    fn begin(part: &'a mut dyn BufRead, element: &str) -> Option<Self> {
        let mut cut = Cut { part, head: Vec::new(), end: Vec::new(), rest: Vec::new(), is_read: false };
        cut.inflate()?;
        if cut.is_read {
            return None;
        }
        let mut xml = Reader::from_reader(cut.rest.as_slice());
        let mut start = 0;
        let first = loop {
            match xml.read_event().ok()? {
                Event::Start(first) | Event::Empty(first) if first.local_name().as_ref() == element => {
                    break first;
                }
                Event::Eof | Event::DocType(_) => return None,
                _ => start = usize::try_from(xml.buffer_position()).ok()?,
            }
        };
        cut.end = format!("</{}>", first.name().as_ref()).into_bytes();
        let elements = cut.rest.split_off(start);
        cut.head = std::mem::replace(&mut cut.rest, elements);
        Some(cut)
    }

    /// As many pieces as keep all cores at work while the next are inflated; empty at the end.
    fn wave(&mut self) -> Option<Vec<Vec<u8>>> {
        let mut wave = Vec::new();
        while wave.len() < rayon::current_num_threads() * 2 {
            match self.piece()? {
                Some(piece) => wave.push(piece),
                None => break,
            }
        }
        Some(wave)
    }

    /// The next piece, of whole elements. The outer option is none where the XML is not to be cut.
    fn piece(&mut self) -> Option<Option<Vec<u8>>> {
        loop {
            if self.rest.len() >= PIECE || self.is_read {
                if let Some(at) = memmem::rfind(&self.rest, &self.end) {
                    let rest = self.rest.split_off(at + self.end.len());
                    let piece = std::mem::replace(&mut self.rest, rest);
                    return Some(Some(piece));
                }
                if self.is_read {
                    return Some(None);
                }
                if self.rest.len() > LONGEST {
                    return None;
                }
            }
            self.inflate()?;
        }
    }

    fn inflate(&mut self) -> Option<()> {
        let read = self.part.take(PIECE as u64).read_to_end(&mut self.rest).ok()?;
        self.is_read = read < PIECE;
        Some(())
    }

    /// The XML without the elements.
    fn frame(self) -> Vec<u8> {
        let mut frame = self.head;
        frame.extend(self.rest);
        frame
    }
}
