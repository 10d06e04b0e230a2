//! The crate under a model checker: what a model calls it for.

use std::fmt::Display;

use pooldeque::Pool;
#[cfg(shuttle)]
use pooldeque::model::recorder;
use pooldeque::model::trace;

use crate::history::{Action, Request};

/// Call it first in each execution.
pub fn begin_execution() {
    pooldeque::model::start();
}

/// The same, where the kernel refuses to fence other threads.
pub fn begin_execution_without_fences() {
    pooldeque::model::start_without_fences();
}

/// Ends this thread's use of pools, so that its `join` waits for that.
pub fn leave_pools() {
    pooldeque::model::leave_pools();
}

/// The pool, whose shared queues begin with rings of one slot, so that they grow soon.
pub fn with_small_rings<T, F>(pool: Pool<T, F>) -> Pool<T, F> {
    pooldeque::model::with_rings_of(1, pool)
}

/// How many values are in the shared queues of a pool that is not in use.
#[must_use]
pub fn shared_in<T, F>(pool: &Pool<T, F>) -> Option<usize> {
    Some(pooldeque::model::shared_in(pool))
}

/// How many of them only their slot's owner would find.
#[must_use]
pub fn hidden_in<T, F>(pool: &Pool<T, F>) -> Option<usize> {
    Some(pooldeque::model::hidden_in(pool))
}

/// How many rings this thread of the machine has freed so far.
#[must_use]
pub fn rings_freed() -> usize {
    pooldeque::model::rings_freed()
}

/// Lets the epoch move on by one step.
pub fn collect() {
    pooldeque::model::collect();
}

/// A thread of a history makes a call. `allowed` is a hash of what the history allows then, if that is known.
pub fn note_call(thread: u8, request: &Request, allowed: impl FnOnce() -> Option<u128>) {
    trace::note_call(thread, request);
    #[cfg(shuttle)]
    if recorder::is_on() {
        recorder::note_call(thread, allowed());
    }
    #[cfg(loom)]
    let _ = allowed;
}

/// Its call returns.
pub fn note_return(thread: u8, action: &Action, allowed: impl FnOnce() -> Option<u128>) {
    trace::note_return(thread, action);
    #[cfg(shuttle)]
    if recorder::is_on() {
        let mut result = Vec::with_capacity(8);
        action.write_to(&mut result);
        // A thief that crashes tells the owner how many values it holds.
        let remembered = if let Action::Crash { held, .. } = action { *held } else { 0 };
        recorder::note_return(thread, &result, remembered.into(), allowed());
    }
    #[cfg(loom)]
    let _ = allowed;
}

/// A thread over a pool makes a call, for the reader of a trace.
pub fn note_step_call(thread: u8, call: &dyn Display) {
    trace::note_call(thread, call);
}

/// What its call returns.
pub fn note_step_answer(thread: u8, answer: &dyn Display) {
    trace::note_return(thread, answer);
}

/// A step of a thread over a pool ends. It has returned this.
pub fn note_step(thread: u8, result: Option<u8>) {
    #[cfg(shuttle)]
    recorder::note_step(thread, result.unwrap_or(u8::MAX), pooldeque::model::thread_slot() as u64);
    #[cfg(loom)]
    let _ = (thread, result);
}

/// A value is alive from now on, or no longer.
pub fn note_value(id: u8, is_alive: bool) {
    #[cfg(shuttle)]
    recorder::note_value(id, is_alive);
    #[cfg(loom)]
    let _ = (id, is_alive);
}

/// The threads of the program are done: what follows is the same in every schedule.
pub fn note_end() {
    #[cfg(shuttle)]
    recorder::finish();
}

/// Whether the execution has come to a state that an earlier one has gone on from.
#[must_use]
pub fn is_known() -> bool {
    #[cfg(shuttle)]
    return recorder::is_stopped();
    #[cfg(loom)]
    return false;
}
