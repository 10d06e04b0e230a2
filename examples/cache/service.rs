//! Questions about documents, and their answers.

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

/// Answers questions, each of which takes a whole document.
pub(crate) struct Service<'a> {
    library: &'a Library,
    /// Answers by the document's number.
    cache: Option<Cache<usize, Arc<Answer>>>,
    scratch: Option<Pool<Scratch>>,
}

/// What one would like to know of a document.
pub(crate) struct Answer {
    lines: u64,
    longest: String,
}

/// What threads did, and what it took.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) questions: u64,
    /// Documents that had to be read.
    pub(crate) read: u64,
    /// The lines of all documents that were requested: proof that the answers are right.
    pub(crate) lines: u64,
    pub(crate) time: Duration,
    pub(crate) allocations: Allocations,
}

impl<'a> Service<'a> {
    pub(crate) fn new(library: &'a Library, room: Option<usize>, has_pool: bool) -> Self {
        let pool = || Pool::new(Scratch::new as fn() -> Scratch).with_reset(Scratch::reset);
        Self { library, cache: room.map(Cache::new), scratch: has_pool.then(pool) }
    }

    pub(crate) fn has_cache(&self) -> bool {
        self.cache.is_some()
    }

    pub(crate) fn pool_stats(&self) -> Option<Stats> {
        self.scratch.as_ref().map(Pool::stats)
    }

    /// Answers the same questions each time, on `threads` threads.
    ///
    /// # Errors
    ///
    /// A document cannot be read, or a thread cannot be started.
    pub(crate) fn run(&self, threads: u32, questions: u32) -> io::Result<Work> {
        let mut work = Work::default();
        let run = |seed: u32| self.run_here(questions, Rng::with_seed(seed.into()));
        for its_work in crew::on_each(threads, run)? {
            work += its_work?;
        }
        Ok(work)
    }

    fn run_here(&self, questions: u32, mut rng: Rng) -> io::Result<Work> {
        let mut work = Work { questions: questions.into(), ..Work::default() };
        let start = ThreadTime::now();
        let (answered, allocations) = allocations::during(|| {
            for _ in 0..questions {
                // The document of number N is requested about twice as often as that of number 2 N.
                let number = (self.library.len() as f64).powf(rng.f64()) as usize - 1;
                let answer = self.answer(number, &mut work.read)?;
                work.lines += answer.lines + answer.longest.len() as u64;
            }
            Ok(())
        });
        answered.map(|()| Work { time: start.elapsed(), allocations, ..work })
    }

    /// From the cache, or by reading the document.
    fn answer(&self, number: usize, read: &mut u64) -> io::Result<Arc<Answer>> {
        let mut find_out = || {
            *read += 1;
            self.find_out(number).map(Arc::new)
        };
        match &self.cache {
            // Of threads that miss the same answer at once, one reads, and the others wait for it.
            Some(cache) => cache.get_or_insert_with(&number, find_out),
            None => find_out(),
        }
    }

    fn find_out(&self, number: usize) -> io::Result<Answer> {
        match &self.scratch {
            Some(pool) => self.look_into(number, &mut pool.get()),
            None => self.look_into(number, &mut Scratch::new()),
        }
    }

    fn look_into(&self, number: usize, scratch: &mut Scratch) -> io::Result<Answer> {
        let text = self.library.read(number, scratch)?;
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let longest = text.split(|&byte| byte == b'\n').max_by_key(|line| line.len()).unwrap_or_default();
        Ok(Answer { lines, longest: String::from_utf8_lossy(longest).into_owned() })
    }
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.questions += other.questions;
        self.read += other.read;
        self.lines += other.lines;
        self.time += other.time;
        self.allocations += other.allocations;
    }
}
