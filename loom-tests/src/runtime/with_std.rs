//! The real machine: the same programs, over and over.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

#[path = "signals.rs"]
pub(super) mod mpsc;

pub use std::thread::{JoinHandle, spawn};

use pooldeque::Pool;

use super::panics::catch;
use super::{Explored, Failure};
use crate::enumeration::Family;
use crate::history::CallOrder;
use crate::limits::{Ending, Limits};
use crate::search::{EverySchedule, Preemptions, Search};
use crate::tier::Tier;

/// The runtime's name.
pub const NAME: &str = "std";
/// Reading the clock orders memory, so who returned first came first.
pub const ORDER: CallOrder = CallOrder::RealTime;

/// No program runs so often.
pub const MOST_EXECUTIONS: u64 = u64::MAX;

/// Call it first in each execution.
pub fn begin_execution() {}

/// The kernel refuses nothing here: tests of the library make it do so in processes of their own.
pub fn begin_execution_without_fences() {}

/// A thread's end does so by itself, and `join` waits for it.
pub fn leave_pools() {}

/// Nobody counts freed rings on the real machine.
#[must_use]
pub fn rings_freed() -> usize {
    0
}

/// A pool as it is.
pub fn pool<T, F: Fn() -> T>(create: F) -> Pool<T, F> {
    Pool::new(create)
}

/// How many values lie in the shared parts of a pool: on the real machine nobody looks into one.
#[must_use]
pub fn shared_in<T, F>(_pool: &Pool<T, F>) -> Option<usize> {
    None
}

/// How many of them nobody but their slot's holder would find: nobody looks.
#[must_use]
pub fn hidden_in<T, F>(_pool: &Pool<T, F>) -> Option<usize> {
    None
}

/// On the real machine the epoch moves on by itself.
pub fn collect() {}

/// Where threads wait until all are there, for a program is shorter than the start of a thread.
#[derive(Clone, Debug)]
pub struct StartLine(Arc<AtomicUsize>);

impl StartLine {
    /// A line for so many threads.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(threads)))
    }

    /// Waits for the others.
    pub fn wait(&self) {
        self.0.fetch_sub(1, SeqCst);
        let mut turns = 0;
        while self.0.load(SeqCst) != 0 {
            turns += 1;
            // There may be fewer processors than threads.
            if turns % 64 == 0 { std::thread::yield_now() } else { std::hint::spin_loop() }
        }
    }
}

/// What to run for a program.
#[must_use]
pub fn searches(_preemptions: Preemptions, _every: EverySchedule, tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 2_000,
        Tier::Ordinary => 10_000,
        Tier::Deep => 1_000_000,
    })]
}

/// What to run for each program of a family.
#[must_use]
pub fn searches_of_every_program(_family: &Family, tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 200,
        Tier::Ordinary => 500,
        Tier::Deep => 10_000,
    })]
}

/// What to run for each small program over a pool.
#[must_use]
pub fn searches_of_every_pool_program(tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 50,
        Tier::Ordinary => 200,
        Tier::Deep => 5_000,
    })]
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If the real machine knows no such search.
pub fn explore(
    search: &Search,
    limits: Limits,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    let Search::Repeat(times) = search else { panic!("the real machine knows no such search: {search}") };
    let executions = AtomicU64::new(0);
    let outcome = catch(|| {
        for _ in 0..*times {
            if limits.is_over() {
                return Ending::OutOfTime;
            }
            executions.fetch_add(1, SeqCst);
            model();
        }
        Ending::Finished
    });
    let executions = executions.load(SeqCst);
    match outcome {
        Ok(ending) => Ok(Explored { executions, complete: false, ending }),
        Err(message) => Err(Failure { message, execution: executions, schedule: None }),
    }
}
