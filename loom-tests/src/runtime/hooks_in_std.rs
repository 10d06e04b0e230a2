//! The crate on real threads: nothing in it needs a call.

use std::fmt::Display;

use pooldeque::Pool;

use crate::history::{Action, Request};

/// Call it first in each execution.
pub fn begin_execution() {}

/// The kernel refuses nothing here: tests of the library make it do so in processes of their own.
pub fn begin_execution_without_fences() {}

/// A thread's end does so by itself, and `join` waits for it.
pub fn leave_pools() {}

/// Freed rings are not counted on the real machine.
#[must_use]
pub fn rings_freed() -> usize {
    0
}

/// The pool as it is.
pub fn with_small_rings<T, F>(pool: Pool<T, F>) -> Pool<T, F> {
    pool
}

/// How many values are in the shared queues of a pool: unknown on the real machine.
#[must_use]
pub fn shared_in<T, F>(_pool: &Pool<T, F>) -> Option<usize> {
    None
}

/// How many of them only their slot's owner would find: unknown as well.
#[must_use]
pub fn hidden_in<T, F>(_pool: &Pool<T, F>) -> Option<usize> {
    None
}

/// On the real machine the epoch moves on by itself.
pub fn collect() {}

/// No states are recorded on the real machine.
pub fn note_call(_thread: u8, _request: &Request, _allowed: impl FnOnce() -> Option<u128>) {}

/// Nor here.
pub fn note_return(_thread: u8, _action: &Action, _allowed: impl FnOnce() -> Option<u128>) {}

/// No trace either.
pub fn note_step_call(_thread: u8, _call: &dyn Display) {}

/// Nor here.
pub fn note_step_answer(_thread: u8, _answer: &dyn Display) {}

/// Nor here.
pub fn note_step(_thread: u8, _result: Option<u8>) {}

/// Nor here.
pub fn note_value(_id: u8, _is_alive: bool) {}

/// Nor here.
pub fn note_end() {}

/// Each execution is judged.
#[must_use]
pub fn is_known() -> bool {
    false
}
