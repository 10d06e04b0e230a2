//! loom: weak memory, tracked cells, all executions up to a number of preemptions.

use std::sync::Arc;
use std::sync::atomic::{self, Ordering::Relaxed};

use loom::model::Builder;
use loom::sync::mpsc;

pub use loom::sync::atomic::{AtomicBool, AtomicU64};
pub use loom::thread::{JoinHandle, spawn};

use super::panics::catch;
use super::{Explored, Failure, Search};
use crate::history::CallOrder;
use crate::scenarios::{EverySchedule, Preemptions};
use crate::tier::Tier;

/// The runtime's name.
pub const NAME: &str = "loom";
/// A weak memory model owes nothing to the order in which it happens to run threads.
pub const ORDER: CallOrder = CallOrder::HappensBefore;

/// The sending end of a [`channel`].
pub type Sender = mpsc::Sender<()>;
/// The receiving end of a [`channel`].
pub type Receiver = mpsc::Receiver<()>;

/// A channel of signals.
#[must_use]
pub fn channel() -> (Sender, Receiver) {
    mpsc::channel()
}

/// More than any program here comes to; a model that takes more is stuck.
const MOST_BRANCHES: usize = 20_000;

/// Call it first in each execution.
pub fn begin_execution() {
    pooldeque::model::start();
}

/// How many rings this thread of the machine has freed so far.
#[must_use]
pub fn rings_freed() -> usize {
    pooldeque::model::rings_freed()
}

/// Threads need not wait for each other: loom tries every order.
#[derive(Clone, Debug)]
pub struct StartLine;

impl StartLine {
    /// A line for so many threads.
    #[must_use]
    pub fn new(_threads: usize) -> Self {
        Self
    }

    /// Goes on.
    pub fn wait(&self) {}
}

/// What to run for a program.
#[must_use]
pub fn searches(preemptions: Preemptions, _every: EverySchedule, tier: Tier) -> Vec<Search> {
    vec![Search::Preemptions(preemptions.in_tier(tier))]
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If loom knows no such search.
pub fn explore(search: &Search, model: impl Fn() + Send + Sync + 'static) -> Result<Explored, Failure> {
    let Search::Preemptions(bound) = search else { panic!("loom knows no such search: {search}") };
    let executions = Arc::new(atomic::AtomicU64::new(0));
    let count = Arc::clone(&executions);
    let mut builder = Builder::new();
    builder.preemption_bound = *bound;
    builder.max_branches = MOST_BRANCHES;
    // Each of these can end an exploration early, and green. What the environment says of them is
    // not for a gate.
    builder.max_duration = None;
    builder.max_permutations = None;
    builder.checkpoint_file = None;
    let outcome = catch(move || {
        builder.check(move || {
            count.fetch_add(1, Relaxed);
            model();
        });
    });
    let executions = executions.load(Relaxed);
    match outcome {
        // loom leaves out some executions even without a bound (tokio-rs/loom#166).
        Ok(()) => Ok(Explored { executions, complete: false }),
        Err(message) => Err(Failure { message, execution: executions, schedule: None }),
    }
}
