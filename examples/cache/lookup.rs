//! Queries about documents, and their answers.

use std::io;
use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Duration;

use cpu_time::ThreadTime;
use fastrand::Rng;
use pooldeque::Pool;
use pooldeque::pool::Stats;
use quick_cache::sync::Cache;

use crate::allocations::{self, Allocations};
use crate::crew;
use crate::library::{Library, Scratch};

/// Answers queries, each of which needs the whole text of a document.
pub(crate) struct Lookup<'a> {
    library: &'a Library,
    /// Answers by document number.
    cache: Option<Cache<usize, Arc<Answer>>>,
    scratch: Option<Pool<Scratch>>,
}

/// Facts about a document.
pub(crate) struct Answer {
    lines: u64,
    longest: String,
}

/// The work that threads did, and its cost.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) queries: u64,
    /// Documents that were decompressed.
    pub(crate) read: u64,
    /// Sum over all answers, to check that every run computes the same.
    pub(crate) lines: u64,
    pub(crate) time: Duration,
    pub(crate) allocations: Allocations,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(library: &'a Library, capacity: Option<usize>, has_pool: bool) -> Self {
        let pool = || Pool::new(Scratch::new as fn() -> Scratch).with_reset(Scratch::reset);
        Self { library, cache: capacity.map(Cache::new), scratch: has_pool.then(pool) }
    }

    pub(crate) fn has_cache(&self) -> bool {
        self.cache.is_some()
    }

    pub(crate) fn pool_stats(&self) -> Option<Stats> {
        self.scratch.as_ref().map(Pool::stats)
    }

    /// Runs the same queries each time, on this many threads.
    ///
    /// # Errors
    ///
    /// A document cannot be read, or a thread cannot be started.
    pub(crate) fn run(&self, threads: u32, queries: u32) -> io::Result<Work> {
        let mut work = Work::default();
        let run = |seed: u32| self.run_here(queries, Rng::with_seed(seed.into()));
        for its_work in crew::on_each(threads, run)? {
            work += its_work?;
        }
        Ok(work)
    }

    fn run_here(&self, queries: u32, mut rng: Rng) -> io::Result<Work> {
        let mut work = Work { queries: queries.into(), ..Work::default() };
        let start = ThreadTime::now();
        let (result, allocations) = allocations::during(|| {
            for _ in 0..queries {
                // Document N is queried about twice as often as document 2 N.
                let number = (self.library.len() as f64).powf(rng.f64()) as usize - 1;
                let answer = self.answer(number, &mut work.read)?;
                work.lines += answer.lines + answer.longest.len() as u64;
            }
            Ok(())
        });
        result.map(|()| Work { time: start.elapsed(), allocations, ..work })
    }

    /// From the cache, or computed from the document.
    fn answer(&self, number: usize, read: &mut u64) -> io::Result<Arc<Answer>> {
        let mut compute = || {
            *read += 1;
            self.compute(number).map(Arc::new)
        };
        match &self.cache {
            // If several threads miss the same key at once, one computes the answer and the others wait for it.
            Some(cache) => cache.get_or_insert_with(&number, compute),
            None => compute(),
        }
    }

    fn compute(&self, number: usize) -> io::Result<Answer> {
        match &self.scratch {
            Some(pool) => self.compute_with(number, &mut pool.get()),
            None => self.compute_with(number, &mut Scratch::new()),
        }
    }

    fn compute_with(&self, number: usize, scratch: &mut Scratch) -> io::Result<Answer> {
        let text = self.library.read(number, scratch)?;
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let longest = text.split(|&byte| byte == b'\n').max_by_key(|line| line.len()).unwrap_or_default();
        Ok(Answer { lines, longest: String::from_utf8_lossy(longest).into_owned() })
    }
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.queries += other.queries;
        self.read += other.read;
        self.lines += other.lines;
        self.time += other.time;
        self.allocations += other.allocations;
    }
}
