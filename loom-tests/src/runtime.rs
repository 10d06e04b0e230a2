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
