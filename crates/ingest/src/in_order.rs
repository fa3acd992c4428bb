//! Items that are made on all cores and handed on in their order. Nobody waits for a neighbour: whoever is done takes
//! the next, and whoever finds the next one made hands it on.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Takes `items` one at a time, makes something of each on all cores, and hands it to `sink` in their order. So many lie
/// between the two at most as `ahead` says.
///
/// The threads are its own: one of rayon's that waits for its turn may be in the midst of what it waits for.
///
/// # Errors
/// The first of `make` or `sink` in that order, after all that came before it was handed on.
pub(crate) fn for_each<I: Send, T: Send, E: Send>(
    items: impl Iterator<Item = I> + Send,
    ahead: usize,
    make: impl Fn(I) -> Result<T, E> + Sync,
    mut sink: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let mut items = items.fuse();
    let first: Vec<I> = items.by_ref().take(2).collect();
    if first.len() < 2 || rayon::current_num_threads() == 1 {
        return first.into_iter().chain(items).try_for_each(|item| sink(make(item)?));
    }
    let line = Line {
        source: Mutex::new((0, first.into_iter().chain(items))),
        made: Mutex::new(Made { waiting: BTreeMap::new(), next: 0, error: None, is_abandoned: false }),
        handed_on: Condvar::new(),
        sink: Mutex::new(sink),
        ahead,
    };
    thread::scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            // Where no thread is to be had, the others do its work.
            let _ = thread::Builder::new().spawn_scoped(scope, || line.work(&make));
        }
        line.work(&make);
    });
    let made = line.made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.error.map_or(Ok(()), Err)
}

/// What the workers share.
struct Line<N, T, S, E> {
    /// How many items were taken, and the others.
    source: Mutex<(usize, N)>,
    made: Mutex<Made<T, E>>,
    /// Told where something was handed on, or will never be.
    handed_on: Condvar,
    sink: Mutex<S>,
    ahead: usize,
}

/// What is made and not handed on yet, by place.
struct Made<T, E> {
    waiting: BTreeMap<usize, Result<T, E>>,
    /// The place that is handed on next.
    next: usize,
    /// What ended it all.
    error: Option<E>,
    /// Whether a worker panicked: what it had taken will never come.
    is_abandoned: bool,
}

impl<T, E> Made<T, E> {
    /// The one whose turn it is, if it is there.
    fn take_next(&mut self) -> Option<Result<T, E>> {
        let item = self.waiting.remove(&self.next).filter(|_| !self.is_over())?;
        self.next += 1;
        Some(item)
    }

    /// Whether nothing more is handed on.
    fn is_over(&self) -> bool {
        self.error.is_some() || self.is_abandoned
    }
}

/// Tells the others where its holder panics, so that they do not wait for ever.
struct Alarm<'l, T, E> {
    made: &'l Mutex<Made<T, E>>,
    handed_on: &'l Condvar,
}

impl<T, E> Drop for Alarm<'_, T, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(self.made).is_abandoned = true;
            self.handed_on.notify_all();
        }
    }
}

impl<I, N, T, S, E> Line<N, T, S, E>
where
    N: Iterator<Item = I>,
    S: FnMut(T) -> Result<(), E>,
{
    fn work(&self, make: impl Fn(I) -> Result<T, E>) {
        let _alarm = Alarm { made: &self.made, handed_on: &self.handed_on };
        while let Some((place, item)) = self.take() {
            let item = make(item);
            lock(&self.made).waiting.insert(place, item);
            self.hand_on();
        }
    }

    /// The next item with its place, once few enough are ahead of what is handed on.
    fn take(&self) -> Option<(usize, I)> {
        let mut source = lock(&self.source);
        let (taken, items) = &mut *source;
        let mut made = lock(&self.made);
        while *taken >= made.next + self.ahead && !made.is_over() {
            made = self.handed_on.wait(made).unwrap_or_else(PoisonError::into_inner);
        }
        let ended = made.is_over();
        drop(made);
        let item = if ended { None } else { items.next() }?;
        *taken += 1;
        Some((*taken - 1, item))
    }

    /// Hands on what is there in order, unless somebody does so already, who will find what came meanwhile.
    fn hand_on(&self) {
        loop {
            // Nothing is handed to a sink that panicked.
            let Ok(mut sink) = self.sink.try_lock() else { return };
            while let Some(item) = self.taken_in_turn() {
                if let Err(error) = item.and_then(&mut *sink) {
                    lock(&self.made).error = Some(error);
                }
                self.handed_on.notify_all();
            }
            drop(sink);
            let made = lock(&self.made);
            if made.is_over() || !made.waiting.contains_key(&made.next) {
                return;
            }
        }
    }

    fn taken_in_turn(&self) -> Option<Result<T, E>> {
        lock(&self.made).take_next()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;

    /// What comes out of `count` items on some threads, of which those at `fails` are errors.
    fn run(threads: usize, count: usize, ahead: usize, fails: &[usize]) -> (Vec<usize>, Result<(), usize>) {
        let mut out = Vec::new();
        let make = |item: usize| {
            // The first of each ten takes long: those behind it wait.
            let turns = if item.is_multiple_of(10) { 20_000 } else { 10 };
            std::hint::black_box((0..turns).fold(item, |sum, turn| sum ^ turn));
            if fails.contains(&item) { Err(item) } else { Ok(item) }
        };
        let sink = |item| {
            out.push(item);
            Ok(())
        };
        let ended = run_on(threads, || for_each(0..count, ahead, make, sink));
        (out, ended.unwrap_or(Err(usize::MAX)))
    }

    fn run_on<T: Send>(threads: usize, job: impl FnOnce() -> T + Send) -> Option<T> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()?;
        Some(pool.install(job))
    }

    #[test]
    fn order_and_the_first_error_stay() {
        for threads in [1, 2, 8] {
            for ahead in [1, 3, 64] {
                assert_eq!(run(threads, 500, ahead, &[]), ((0..500).collect(), Ok(())));
                assert_eq!(run(threads, 500, ahead, &[321, 40]), ((0..40).collect(), Err(40)));
                assert_eq!(run(threads, 0, ahead, &[]), (Vec::new(), Ok(())));
            }
        }
    }

    #[test]
    fn a_panic_ends_it() {
        let panics_at = |place: usize, item: usize| assert!(item != place, "at {place}");
        let ended = |make_panics: usize, sink_panics: usize| {
            let make = |item: usize| {
                panics_at(make_panics, item);
                Ok::<_, ()>(item)
            };
            let sink = |item: usize| {
                panics_at(sink_panics, item);
                Ok(())
            };
            panic::catch_unwind(|| run_on(4, || for_each(0..100, 4, make, sink)))
        };
        assert!(ended(3, usize::MAX).is_err());
        assert!(ended(usize::MAX, 3).is_err());
        assert_eq!(ended(usize::MAX, usize::MAX).ok(), Some(Some(Ok(()))));
    }

    #[test]
    fn an_error_of_the_sink_ends_it() {
        let mut out = Vec::new();
        let sink = |item| {
            out.push(item);
            if item == 7 { Err("full") } else { Ok(()) }
        };
        assert_eq!(for_each(0.., 4, Ok, sink), Err("full"));
        assert_eq!(out, (0..=7).collect::<Vec<u64>>());
    }
}
