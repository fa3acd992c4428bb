//! The evidence lock: which rows were found to agree with which texts, so that a run without the
//! texts publishes the same bytes as a run with them. The file is plain text, one row a line, in
//! the order of its keys, so that branches merge line by line.
//!
//! ```text
//! claims  <id>  <source>  <phrase>  <stated>  <unit>  <measure>  <period>  <text>  <line:column>  <figures>
//! texts   <source>  <sha256>  <figures>
//! ```
//!
//! Fields are parted by tabs. `phrase` and `text` are the first 16 digits of a SHA-256; a text's
//! figures are numbered from 0, and a row's `figures` are those that it claims. How many figures of
//! a text are claimed is not written down: it would change with every row, and it follows from them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use foldhash::fast::FixedState;

/// Tables whose rows have evidence, in the order of the file.
const TABLES: [&str; 3] = ["claims", "commitments", "events"];

const HEADER: &str = "# Which rows were found to agree with which texts. Written by `pipeline run`; \
                      not for editing. After a merge keep the lines of both sides.\n";

/// What was verified, by row and by text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    rows: [HashMap<String, LockEntry, FixedState>; TABLES.len()],
    texts: HashMap<String, TextEntry, FixedState>,
}

/// One verified row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// Its table: `claims`, `commitments` or `events`.
    pub table: &'static str,
    /// Its id.
    pub id: String,
    /// What was verified.
    pub print: Fingerprint,
    /// The beginning of the text's SHA-256.
    pub text: String,
    /// The line of the phrase, from 1.
    pub line: usize,
    /// Its column in Unicode scalars, from 1.
    pub column: usize,
    /// The figures of the text that the row claims, by number from 0, ascending.
    pub figures: Vec<usize>,
}

/// What of a row its verification rests on: where one field changes, the lock vouches no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The source.
    pub source_id: String,
    /// The beginning of the phrase's SHA-256.
    pub phrase: String,
    /// Comparator and number, and the count of a commitment: `>3000000000`; `165000000 36`.
    pub stated: String,
    /// The unit's code; empty where there is none.
    pub unit: String,
    /// Level, growth or change.
    pub measure: String,
    /// Label, role and precision of the period; empty where there is none.
    pub period: String,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEntry {
    /// The source whose text it is.
    pub source_id: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// How many figures it holds.
    pub figures: usize,
}

/// A line of a lock that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockFlaw {
    /// What git leaves where two sides changed the same lines.
    #[error("line {line} is a conflict marker")]
    ConflictMarker {
        /// The line, from 1.
        line: usize,
    },
    /// Two lines for one row or text.
    #[error("line {line} speaks of {table} {id} again, after line {first}")]
    Duplicate {
        /// The later line, from 1.
        line: usize,
        /// The earlier line.
        first: usize,
        /// The table, or `texts`.
        table: &'static str,
        /// The id.
        id: String,
    },
    /// Anything else.
    #[error("line {line} is no line of a lock: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl LockFlaw {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::ConflictMarker { line } | Self::Duplicate { line, .. } | Self::Malformed { line, .. } => {
                *line
            }
        }
    }
}

enum Line {
    Row(LockEntry),
    Text(TextEntry),
}

impl Lock {
    /// Reads a lock. A line that cannot be used is a flaw, and its row is vouched for no longer; of
    /// two lines for one row the first counts. The order of lines does not matter.
    pub fn parse(text: &str) -> (Self, Vec<LockFlaw>) {
        let mut lock = Self::default();
        let mut flaws = Vec::new();
        let mut seen: HashMap<(&str, String), usize, FixedState> = HashMap::default();
        for (line, content) in text.lines().enumerate().map(|(index, content)| (index + 1, content)) {
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| content.starts_with(marker)) {
                flaws.push(LockFlaw::ConflictMarker { line });
                continue;
            }
            let parsed = match Line::parse(content) {
                Ok(parsed) => parsed,
                Err(reason) => {
                    flaws.push(LockFlaw::Malformed { line, reason });
                    continue;
                }
            };
            let (table, id) = match &parsed {
                Line::Row(entry) => (entry.table, entry.id.clone()),
                Line::Text(entry) => ("texts", entry.source_id.clone()),
            };
            if let Some(&first) = seen.get(&(table, id.clone())) {
                flaws.push(LockFlaw::Duplicate { line, first, table, id });
                continue;
            }
            seen.insert((table, id), line);
            match parsed {
                Line::Row(entry) => lock.insert(entry),
                Line::Text(entry) => drop(lock.texts.insert(entry.source_id.clone(), entry)),
            }
        }
        (lock, flaws)
    }

    /// The lock as a file: sorted, one row a line. Reading it gives the same lock.
    pub fn print(&self) -> String {
        let mut lines: Vec<String> = self.rows.iter().flat_map(HashMap::values).map(print_row).collect();
        lines.extend(self.texts.values().map(print_text));
        lines.sort_unstable();
        let mut text = HEADER.to_owned();
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// Whether nothing was ever verified.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.rows.iter().all(HashMap::is_empty)
    }

    /// The entry of a row.
    pub fn find(&self, table: &str, id: &str) -> Option<&LockEntry> {
        let rows = &self.rows[TABLES.iter().position(|known| *known == table)?];
        // Millions of claims ask, and most corridors have no text for them.
        if rows.is_empty() { None } else { rows.get(id) }
    }

    /// The entry of a source's text.
    pub fn text(&self, source_id: &str) -> Option<&TextEntry> {
        self.texts.get(source_id)
    }

    /// The texts that the lock knows, by source.
    pub fn texts(&self) -> Vec<&TextEntry> {
        let mut texts: Vec<_> = self.texts.values().collect();
        texts.sort_unstable_by(|a, b| a.source_id.cmp(&b.source_id));
        texts
    }

    /// The figures of a source's text that rows claim, by number.
    pub fn claimed(&self, source_id: &str) -> BTreeSet<usize> {
        self.claimed_by_source().remove(source_id).unwrap_or_default()
    }

    /// The same of every source that has a row.
    pub(super) fn claimed_by_source(&self) -> BTreeMap<&str, BTreeSet<usize>> {
        let mut claimed: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for entry in self.rows.iter().flat_map(HashMap::values) {
            claimed.entry(&entry.print.source_id).or_default().extend(&entry.figures);
        }
        claimed
    }

    /// The lock of a run: its verified rows, which are all it vouches for; the texts that were at
    /// hand; and of the texts that were not what this lock knows, as long as `is_source` knows them.
    pub fn updated(
        &self,
        verified: impl IntoIterator<Item = LockEntry>,
        texts: impl IntoIterator<Item = TextEntry>,
        is_source: impl Fn(&str) -> bool,
    ) -> Self {
        let mut lock = Self::default();
        for entry in verified {
            lock.insert(entry);
        }
        let kept = self.texts.values().filter(|entry| is_source(&entry.source_id)).cloned();
        lock.texts = kept.chain(texts).map(|entry| (entry.source_id.clone(), entry)).collect();
        lock
    }

    fn insert(&mut self, entry: LockEntry) {
        if let Some(table) = TABLES.iter().position(|table| *table == entry.table) {
            self.rows[table].insert(entry.id.clone(), entry);
        }
    }
}

fn print_row(entry: &LockEntry) -> String {
    let print = &entry.print;
    let mut line = entry.table.to_owned();
    let fields = [
        &entry.id,
        &print.source_id,
        &print.phrase,
        &print.stated,
        &print.unit,
        &print.measure,
        &print.period,
        &entry.text,
    ];
    for field in fields {
        line.push('\t');
        escape(field, &mut line);
    }
    // Writing to a string cannot fail.
    let _ = write!(line, "\t{}:{}\t", entry.line, entry.column);
    for (index, figure) in entry.figures.iter().enumerate() {
        let _ = write!(line, "{}{figure}", if index == 0 { "" } else { " " });
    }
    line
}

fn print_text(entry: &TextEntry) -> String {
    let mut line = "texts\t".to_owned();
    escape(&entry.source_id, &mut line);
    let _ = write!(line, "\t{}\t{}", entry.sha256, entry.figures);
    line
}

impl Line {
    fn parse(content: &str) -> Result<Self, &'static str> {
        let fields: Vec<String> = content.split('\t').map(unescape).collect();
        match &fields[..] {
            [table, source_id, sha256, figures] if table == "texts" => Ok(Line::Text(TextEntry {
                source_id: source_id.clone(),
                sha256: sha256.clone(),
                figures: figures.parse().map_err(|_| "its count of figures is no number")?,
            })),
            [table, id, source_id, phrase, stated, unit, measure, period, text, position, figures] => {
                let table = TABLES.iter().find(|known| *known == table).ok_or("it is of no known table")?;
                let (line, column) = position.split_once(':').ok_or("its position has no colon")?;
                let number = |digits: &str| digits.parse().map_err(|_| "a number in it is none");
                Ok(Line::Row(LockEntry {
                    table,
                    id: id.clone(),
                    print: Fingerprint {
                        source_id: source_id.clone(),
                        phrase: phrase.clone(),
                        stated: stated.clone(),
                        unit: unit.clone(),
                        measure: measure.clone(),
                        period: period.clone(),
                    },
                    text: text.clone(),
                    line: number(line)?,
                    column: number(column)?,
                    figures: figures.split_whitespace().map(number).collect::<Result<_, _>>()?,
                }))
            }
            _ => Err("it has another number of fields"),
        }
    }
}

fn escape(field: &str, line: &mut String) {
    for c in field.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            _ => line.push(c),
        }
    }
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut characters = field.chars();
    while let Some(c) = characters.next() {
        match (c, c == '\\') {
            (_, true) => match characters.next() {
                Some('t') => text.push('\t'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(table: &'static str, id: &str) -> LockEntry {
        LockEntry {
            table,
            id: id.to_owned(),
            print: Fingerprint {
                source_id: "mill-2020".to_owned(),
                phrase: "0123456789abcdef".to_owned(),
                stated: ">12000".to_owned(),
                unit: "t".to_owned(),
                measure: "level".to_owned(),
                period: "2020 during year".to_owned(),
            },
            text: "fedcba9876543210".to_owned(),
            line: 3,
            column: 14,
            figures: vec![0, 2],
        }
    }

    fn text(source_id: &str) -> TextEntry {
        TextEntry { source_id: source_id.to_owned(), sha256: "00ff".to_owned(), figures: 4 }
    }

    fn lock() -> Lock {
        let rows = [
            entry("events", "b\tc\\d\ne"),
            entry("claims", "z"),
            entry("claims", "a"),
            entry("commitments", ""),
        ];
        Lock::default().updated(rows, [text("mill-2020")], |_| false)
    }

    #[test]
    fn printing_and_reading_again_gives_the_same_lock() {
        let printed = lock().print();
        let (read, flaws) = Lock::parse(&printed);
        assert_eq!(flaws, []);
        assert_eq!(read, lock());
        assert_eq!(read.print(), printed);
        let rows: Vec<_> = printed.lines().filter_map(|line| line.split('\t').next()).skip(1).collect();
        assert_eq!(rows, ["claims", "claims", "commitments", "events", "texts"]);
    }

    #[test]
    fn the_order_of_lines_does_not_matter() {
        let printed = lock().print();
        let turned: Vec<_> = printed.lines().rev().collect();
        assert_eq!(Lock::parse(&turned.join("\r\n")).0.print(), printed);
    }

    #[test]
    fn lines_that_cannot_be_used_are_named() {
        let printed = Lock::default().updated([entry("claims", "a")], [text("x")], |_| false).print();
        let row = printed.lines().nth(1).unwrap_or_default();
        let text = format!(
            "{printed}<<<<<<< ours\n=======\n{row}\n>>>>>>> theirs\nclaims\tb\nplaces\t1\t2\t3\t4\t5\t6\t7\t8\t9:9\t\ntexts\ty\tz\tmany\n"
        );
        let (lock, flaws) = Lock::parse(&text);
        let flaws: Vec<_> = flaws.iter().map(ToString::to_string).collect();
        assert_eq!(
            flaws,
            [
                "line 4 is a conflict marker",
                "line 5 is a conflict marker",
                "line 6 speaks of claims a again, after line 2",
                "line 7 is a conflict marker",
                "line 8 is no line of a lock: it has another number of fields",
                "line 9 is no line of a lock: it is of no known table",
                "line 10 is no line of a lock: its count of figures is no number",
            ]
        );
        assert!(lock.find("claims", "a").is_some());
    }

    #[test]
    fn a_run_keeps_what_it_verified_and_texts_of_known_sources() {
        let updated = lock().updated([entry("claims", "z")], [text("new")], |source| source == "mill-2020");
        assert!(updated.find("claims", "a").is_none());
        assert!(updated.find("claims", "z").is_some());
        assert_eq!(
            updated.texts().iter().map(|text| text.source_id.as_str()).collect::<Vec<_>>(),
            ["mill-2020", "new"]
        );
        assert_eq!(updated.claimed("mill-2020"), BTreeSet::from([0, 2]));
    }
}
