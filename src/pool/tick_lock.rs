//! The tick lock: one thread at a time cleans a pool.
//!
//! User code runs under it: the destructors of the values that a tick drops. They may do anything to any pool,
//! so a thread that is cleaning some pool never waits to clean another: two such threads would wait for each
//! other. What it cannot have at once is being cleaned by another thread anyway.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::sync::{Lock, LockGuard, lock, per_thread, try_lock};

per_thread! {
    /// How many pools this thread is cleaning, one inside another.
    static DEPTH: Cell<usize> = Cell::new(0);
}

/// Lets one thread at a time clean a pool.
pub(super) struct TickLock(Lock<()>);

/// The right to clean a pool, until it is dropped.
pub(super) struct TickGuard<'a> {
    _lock: LockGuard<'a, ()>,
    _cleaning: CleaningMark,
}

/// This thread is cleaning a pool, until this is dropped.
pub(super) struct CleaningMark {
    /// It is counted on its thread.
    _not_send: PhantomData<*mut ()>,
}

impl TickLock {
    pub(super) fn new() -> Self {
        Self(Lock::new(()))
    }

    /// Locks; waits for another thread that holds the lock. `None` if that would have to wait and this thread
    /// must not: it is [cleaning](is_cleaning) a pool, or the holder stayed behind in the parent process.
    pub(super) fn lock(&self) -> Option<TickGuard<'_>> {
        if is_cleaning() { self.try_lock() } else { lock(&self.0).map(TickGuard::begin) }
    }

    /// Locks if nobody holds the lock.
    pub(super) fn try_lock(&self) -> Option<TickGuard<'_>> {
        try_lock(&self.0).map(TickGuard::begin)
    }
}

impl<'a> TickGuard<'a> {
    fn begin(lock: LockGuard<'a, ()>) -> Self {
        Self { _lock: lock, _cleaning: CleaningMark::begin() }
    }
}

impl CleaningMark {
    pub(super) fn begin() -> Self {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        Self { _not_send: PhantomData }
    }
}

impl Drop for CleaningMark {
    fn drop(&mut self) {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
    }
}

/// Whether this thread is cleaning a pool, and so may be running the destructor of one of its values.
pub(super) fn is_cleaning() -> bool {
    DEPTH.try_with(|depth| depth.get() != 0).unwrap_or(false)
}
