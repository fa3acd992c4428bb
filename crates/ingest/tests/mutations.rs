//! Bytes that nobody means: whatever is done to a file, reading it ends, in time and without a panic.

use std::time::{Duration, Instant};

use ingest::csv::{self, Parsed};
use ingest::flaw::{Code, Flaw};
use ingest::settings::{Limits, Settings};
use ingest::workbook;

/// A small generator, so that a failure comes again (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

fn mutated(bytes: &[u8], alphabet: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + dice.throw(8) {
        let at = dice.throw(bytes.len() + 1);
        let byte = alphabet[dice.throw(alphabet.len())];
        match dice.throw(4) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => bytes[at] = byte,
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let to = (at + dice.throw(20)).min(bytes.len());
                let copy = bytes[at..to].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    bytes
}

/// Each row with its line, and the flaws.
type Told = (Vec<(u32, Vec<String>)>, Vec<Flaw>);

/// What is read in chunks of this size; none where a cap is reached.
fn read_csv(bytes: &[u8], chunk: usize) -> Option<Told> {
    let limits = Limits { columns: 200, ..Limits::default() };
    let csv = csv::open(bytes, &Settings::default(), &limits).ok()?.in_chunks_of(chunk);
    let (mut rows, mut flaws) = (Vec::new(), Vec::new());
    for chunk in csv {
        let Parsed { batch, flaws: more, .. } = chunk.and_then(|chunk| chunk.parse()).ok()?;
        assert_eq!(batch.ends.len(), batch.len() * batch.width);
        for row in 0..batch.len() {
            let mut cells: Vec<String> =
                (0..batch.width).map(|column| batch.get(row, column).to_owned()).collect();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            rows.push((batch.rows[row], cells));
        }
        flaws.extend(more);
    }
    assert!(rows.is_sorted_by_key(|row| row.0));
    Some((rows, flaws))
}

#[test]
fn mutated_csv() {
    let alphabet = b",;\t|\"'\\\n\r \0a1\xff\xd0\xfe:";
    let seed = b"place,\"the, value\",year\nKGZ,\"1 \"\"and\"\" 2\",2023\nRUS,'3',2024\n\"a\nb\",4,2025\n";
    let mut dice = Dice(42);
    let start = Instant::now();
    for round in 0..3000 {
        let bytes = if round % 6 == 0 {
            (0..dice.throw(300)).map(|_| alphabet[dice.throw(alphabet.len())]).collect()
        } else {
            mutated(&seed.repeat(1 + round % 4), alphabet, &mut dice)
        };
        let Some(whole) = read_csv(&bytes, 1 << 20) else { continue };
        let Some(parts) = read_csv(&bytes, 1 + round % 40) else { continue };
        let told = |flaws: &[Flaw]| flaws.iter().any(|flaw| flaw.code == Code::Footnote);
        if !told(&whole.1) && !told(&parts.1) {
            assert_eq!(whole, parts, "{}", String::from_utf8_lossy(&bytes));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(120));
}

#[test]
fn long_lines_of_marks_end_in_time() {
    for pattern in [
        &b"\""[..],
        b"\"\"\n",
        b"\"\n",
        b",\"\n",
        b"\",\"x",
        b"\"a\n",
        b",",
        b"\n",
        b"\\\"",
        b" \"",
        b"a,\"b\nc\n",
        b"'\"",
        b"\0",
    ] {
        let start = Instant::now();
        read_csv(&pattern.repeat((1 << 20) / pattern.len()), 1 << 18);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}: {:?}", pattern, start.elapsed());
    }
}

#[test]
fn mutated_workbooks() -> Result<(), Box<dyn std::error::Error>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "place")?;
    sheet.write(1, 0, 1.5)?;
    sheet.write_formula(2, 0, "=A2*2")?;
    let seed = book.save_to_buffer()?;
    let all: Vec<u8> = (0..=255).collect();
    let mut dice = Dice(7);
    for _ in 0..1500 {
        drop(workbook::read(&mutated(&seed, &all, &mut dice), &Limits::default()));
    }
    Ok(())
}
