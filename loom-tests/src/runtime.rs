//! What is underneath: loom, shuttle or the real machine.
//!
//! Each has the same: threads and channels, the order that the oracle assumes of calls, the searches for a program,
//! and [`explore`], which runs a model as often as a search says.

#[cfg_attr(loom, path = "runtime/with_loom.rs")]
#[cfg_attr(shuttle, path = "runtime/with_shuttle.rs")]
#[cfg_attr(not(any(loom, shuttle)), path = "runtime/with_std.rs")]
mod backend;
#[cfg_attr(any(loom, shuttle), path = "runtime/hooks_in_models.rs")]
#[cfg_attr(not(any(loom, shuttle)), path = "runtime/hooks_in_std.rs")]
mod hooks;
mod panics;
// Sanitizers watch these calls themselves.
#[cfg(all(loom, target_os = "linux", not(pooldeque_sanitized)))]
mod stacks;
mod threads;

use crate::limits::Ending;

#[cfg(shuttle)]
pub use backend::states;
pub use backend::{
    MOST_EXECUTIONS, NAME, ORDER, enumerated, explore, searches, searches_of_every_pool_program,
    searches_of_every_program,
};
pub use hooks::{
    begin_execution, begin_execution_without_fences, collect, hidden_in, is_known, leave_pools, note_call,
    note_end, note_return, note_step, note_step_answer, note_step_call, note_value, rings_freed, shared_in,
    with_small_rings,
};
pub use threads::{Disconnected, JoinHandle, Receiver, Sender, StartBarrier, channel, spawn};

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
    /// The schedule that failed, where it is known.
    pub schedule: Option<String>,
}
