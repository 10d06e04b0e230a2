//! Whose turn it is to tick: one thread at a time.
//!
//! A value's destructor, run by a tick, may tick the same pool again. That is part of the tick that is
//! under way, and does nothing.

use core::sync::atomic::AtomicUsize;
use std::sync::PoisonError;

use super::thread_slots::thread_mark;
use crate::order;
use crate::sync::Mutex;

/// Lets one thread tick at a time.
pub(super) struct Turns {
    lock: Mutex<()>,
    /// The mark of the thread that ticks, or 0. A thread asks only whether it is its own, which nobody else
    /// writes.
    ticking: AtomicUsize,
}

/// The turn ends when this goes.
struct End<'a>(&'a Turns);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.mark(0);
    }
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { lock: Mutex::new(()), ticking: AtomicUsize::new(0) }
    }

    /// Calls `action` when it is this thread's turn: now, unless another thread ticks, and never if this one
    /// does.
    pub(super) fn take<R>(&self, action: impl FnOnce() -> R) -> Option<R> {
        let mark = thread_mark();
        if mark != 0 && self.ticking.load(order::TURN_READ.get()) == mark {
            return None;
        }
        // A destructor's panic has left nothing half done.
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.mark(mark);
        let _end = End(self);
        Some(action())
    }

    fn mark(&self, thread: usize) {
        self.ticking.store(thread, order::TURN_WRITE.get());
    }
}
