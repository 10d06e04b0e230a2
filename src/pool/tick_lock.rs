//! The tick lock: one thread at a time cleans a pool.
//!
//! User code runs under it: the destructors of the values that a tick drops. They may do anything to any pool,
//! so a thread that is cleaning some pool never waits to clean another: two such threads would wait for each
//! other. What it cannot have at once is being cleaned by another thread anyway.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::sync::{Mutex, MutexGuard, lock, per_thread, try_lock};

per_thread! {
    /// How many tick locks this thread holds.
    static HELD: Cell<usize> = Cell::new(0);
}

/// Lets one thread at a time clean a pool.
pub(super) struct TickLock(Mutex<()>);

/// The right to clean a pool, until it is dropped.
pub(super) struct Turn<'a> {
    _lock: MutexGuard<'a, ()>,
    /// It is counted on its thread.
    _not_send: PhantomData<*mut ()>,
}

impl TickLock {
    pub(super) fn new() -> Self {
        Self(Mutex::new(()))
    }

    /// Locks; waits for another thread that holds the lock. `None` if that would have to wait and this thread
    /// must not: it is [cleaning](is_cleaning) a pool, or the holder stayed behind in the parent process.
    pub(super) fn lock(&self) -> Option<Turn<'_>> {
        if is_cleaning() { self.try_lock() } else { lock(&self.0).map(Turn::begin) }
    }

    /// Locks if nobody holds the lock.
    pub(super) fn try_lock(&self) -> Option<Turn<'_>> {
        try_lock(&self.0).map(Turn::begin)
    }
}

impl<'a> Turn<'a> {
    fn begin(lock: MutexGuard<'a, ()>) -> Self {
        let _ = HELD.try_with(|held| held.set(held.get() + 1));
        Self { _lock: lock, _not_send: PhantomData }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let _ = HELD.try_with(|held| held.set(held.get() - 1));
    }
}

/// Whether this thread is cleaning a pool, and so may be running the destructor of one of its values.
pub(super) fn is_cleaning() -> bool {
    HELD.try_with(|held| held.get() != 0).unwrap_or(false)
}
