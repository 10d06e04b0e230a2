//! Locks in a process that was forked.
//!
//! A child process has one thread, and a copy of every lock as it was: one that another thread of the parent
//! held stays locked in the child, with nobody to unlock it. So a lock of this crate is never waited for in a
//! forked child for longer than a moment.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;
use std::{process, thread};

/// The process in which pools were used first; 0 before.
static ORIGIN: AtomicU32 = AtomicU32::new(0);

/// How long a forked child tries a lock, in case one of its own threads holds it.
const PATIENCE_IN_A_CHILD: Duration = Duration::from_micros(200);

/// Remembers the process, if it is the first to use a pool.
pub(crate) fn note_process() {
    let _ = ORIGIN.compare_exchange(0, process::id(), Ordering::Relaxed, Ordering::Relaxed);
}

fn is_forked_child() -> bool {
    ![0, process::id()].contains(&ORIGIN.load(Ordering::Relaxed))
}

/// Locks. `None` in a forked child whose parent held the lock in another thread.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    if let Some(guard) = try_lock(mutex) {
        return Some(guard);
    }
    if !is_forked_child() {
        return Some(mutex.lock().unwrap_or_else(PoisonError::into_inner));
    }
    let began = Instant::now();
    while began.elapsed() < PATIENCE_IN_A_CHILD {
        thread::yield_now();
        if let Some(guard) = try_lock(mutex) {
            return Some(guard);
        }
    }
    None
}

/// Locks, unless that would have to wait. A panic under a lock of this crate leaves nothing half done.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
