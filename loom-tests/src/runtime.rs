//! What is underneath: loom, shuttle or the real machine.
//!
//! Each offers the same: threads and channels, the order it owes to calls, the searches it knows for
//! a program, and [`explore`], which runs a model as often as a search says.

#[cfg(loom)]
#[path = "runtime/with_loom.rs"]
mod underneath;
#[cfg(shuttle)]
#[path = "runtime/with_shuttle.rs"]
mod underneath;
#[cfg(not(any(loom, shuttle)))]
#[path = "runtime/with_std.rs"]
mod underneath;

#[cfg(any(loom, shuttle))]
mod in_models;
mod panics;

use std::fmt;

use crate::limits::Ending;

#[cfg(any(loom, shuttle))]
pub use in_models::{
    StartLine, begin_execution, begin_execution_without_fences, collect, hidden_in, leave_pools, pool,
    rings_freed, shared_in,
};
pub use underneath::{
    JoinHandle, MOST_EXECUTIONS, NAME, ORDER, explore, searches, searches_of_every_pool_program,
    searches_of_every_program, spawn,
};
#[cfg(not(any(loom, shuttle)))]
pub use underneath::{
    StartLine, begin_execution, begin_execution_without_fences, collect, hidden_in, leave_pools, pool,
    rings_freed, shared_in,
};

/// The sending end of a [`channel`].
pub type Sender = underneath::mpsc::Sender<()>;
/// The receiving end of a [`channel`].
pub type Receiver = underneath::mpsc::Receiver<()>;

/// A channel of signals.
#[must_use]
pub fn channel() -> (Sender, Receiver) {
    underneath::mpsc::channel()
}

/// A way to go through the executions of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// All executions that the model checker tells apart, with so many preemptions at most, or with
    /// any number.
    Preemptions(Option<usize>),
    /// Every schedule.
    Exhaustive,
    /// So many schedules with priorities that change at so many random moments.
    Pct {
        /// How many moments, plus one.
        depth: usize,
        /// How many schedules.
        schedules: usize,
    },
    /// So many random schedules.
    Random {
        /// How many.
        schedules: usize,
    },
    /// One schedule, as a failure printed it.
    Replay(String),
    /// So many times, as it comes.
    Repeat(usize),
}

/// What a search went through.
#[derive(Clone, Copy, Debug)]
pub struct Explored {
    /// How many times the model ran.
    pub executions: u64,
    /// Whether it provably saw every execution there is.
    pub complete: bool,
    /// How it ended.
    pub ending: Ending,
}

/// A model failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What it said.
    pub message: String,
    /// The execution that failed, counted from 1.
    pub execution: u64,
    /// How to make it run the same way again, where that can be told.
    pub schedule: Option<String>,
}

impl Search {
    /// Its name in a report.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Preemptions(_) => "explored".into(),
            Self::Exhaustive => "exhaustive".into(),
            Self::Pct { depth, .. } => format!("pct{depth}"),
            Self::Random { .. } => "random".into(),
            Self::Replay(_) => "replay".into(),
            Self::Repeat(_) => "repeated".into(),
        }
    }

    /// How many executions it must come to if it is to run to its end, where that is known before.
    #[must_use]
    pub fn fixed_executions(&self) -> Option<u64> {
        match self {
            Self::Preemptions(_) | Self::Exhaustive => None,
            Self::Pct { schedules: count, .. } | Self::Random { schedules: count } | Self::Repeat(count) => {
                Some(*count as u64)
            }
            Self::Replay(_) => Some(1),
        }
    }
}

impl fmt::Display for Search {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preemptions(Some(bound)) => write!(formatter, "{bound} preemptions"),
            Self::Preemptions(None) => formatter.write_str("no bound"),
            Self::Exhaustive => formatter.write_str("every schedule"),
            Self::Pct { depth, schedules } => write!(formatter, "{schedules} schedules of depth {depth}"),
            Self::Random { schedules } => write!(formatter, "{schedules} random schedules"),
            Self::Replay(_) => formatter.write_str("one schedule"),
            Self::Repeat(times) => write!(formatter, "{times} times"),
        }
    }
}
