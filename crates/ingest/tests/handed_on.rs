//! What is handed on of a CSV that is read in chunks, and in which order, where reading or taking fails.

use ingest::csv::{self, Parsed};
use ingest::error::Error;
use ingest::settings::{Limits, Settings};

/// A hundred rows below a header.
fn sheet() -> String {
    let rows = (1..=100).map(|row| format!("{row},text\n"));
    "id,note\n".to_owned() + &rows.collect::<String>()
}

/// Why it ended.
#[derive(Debug)]
enum End {
    Read,
    Taken,
}

impl From<Error> for End {
    fn from(_: Error) -> Self {
        End::Read
    }
}

/// The ids that were taken, on so many threads, until `most` of them were.
fn taken(threads: usize, limits: &Limits, most: usize) -> (Vec<String>, Option<End>) {
    let sheet = sheet();
    let mut taken = Vec::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let Ok(pool) = pool else { panic!("no threads") };
    let Ok(csv) = csv::open(sheet.as_bytes(), &Settings::default(), limits) else { panic!("it opens") };
    let mut csv = csv.in_chunks_of(16);
    let ids = |parsed: Parsed| -> Vec<String> {
        (0..parsed.batch.len()).map(|row| parsed.batch.get(row, 0).to_owned()).collect()
    };
    let ended = pool.install(|| {
        csv::for_each(&mut csv, ids, |ids| {
            if taken.len() >= most {
                return Err(End::Taken);
            }
            taken.extend(ids);
            Ok(())
        })
    });
    (taken, ended.err())
}

#[test]
fn rows_come_in_the_order_of_the_file() {
    for threads in [1, 4] {
        let (taken, ended) = taken(threads, &Limits::default(), usize::MAX);
        assert!(ended.is_none());
        assert_eq!(taken, (1..=100).map(|row| row.to_string()).collect::<Vec<_>>());
    }
}

#[test]
fn what_comes_before_a_cap_is_handed_on() {
    for threads in [1, 4] {
        let limits = Limits { rows: 60, ..Limits::default() };
        let (taken, ended) = taken(threads, &limits, usize::MAX);
        assert!(matches!(ended, Some(End::Read)), "{ended:?}");
        assert!(taken.len() > 50 && taken.len() <= 60, "{}", taken.len());
        assert!(taken.iter().zip(1..).all(|(id, row)| *id == row.to_string()));
    }
}

#[test]
fn nothing_is_handed_on_after_a_refusal() {
    for threads in [1, 4] {
        let (taken, ended) = taken(threads, &Limits::default(), 10);
        assert!(matches!(ended, Some(End::Taken)), "{ended:?}");
        assert!(taken.len() >= 10 && taken.len() < 20, "{}", taken.len());
    }
}
