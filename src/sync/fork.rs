//! Locks that let a forked child distinguish its own threads' locks from its parent's.
//!
//! A child process begins with one thread and a copy of every lock in its state at the fork. A lock that another thread
//! of the parent held stays locked, and no thread unlocks it. So each lock records the process of its holder: a child
//! waits for its own threads as any process does, and never for those of its parent.
//!
//! Processes are distinguished by their numbers. A child that has its parent's number, as the first process of a nested
//! namespace may, takes the parent's threads for its own.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::{LockResult, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;
use std::{process, thread};

/// The process that used a lock first; 0 before.
static ORIGIN: AtomicU32 = AtomicU32::new(0);

/// The time that a forked child waits for a holder that is not recorded. A thread of the child records itself at once;
/// a thread of the parent, if the fork came just in between, never does.
const TIME_TO_NOTE: Duration = Duration::from_millis(100);

/// A mutual exclusion lock.
pub(crate) struct Lock<T> {
    /// The process whose thread holds the lock; 0 if none does, or if the holder is not recorded yet.
    holder: AtomicU32,
    mutex: Mutex<T>,
}

/// Holds the lock until it is dropped.
pub(crate) struct LockGuard<'a, T> {
    // Dropped before the mutex is unlocked.
    _holder: Holder<'a>,
    value: MutexGuard<'a, T>,
}

/// Records the holder until it is dropped.
struct Holder<'a>(&'a AtomicU32);

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { holder: AtomicU32::new(0), mutex: Mutex::new(value) }
    }

    /// A panic under a lock of this crate leaves no inconsistent state.
    fn hold<'a>(&'a self, process: u32, locked: LockResult<MutexGuard<'a, T>>) -> LockGuard<'a, T> {
        self.holder.store(process, Ordering::Relaxed);
        let value = locked.unwrap_or_else(PoisonError::into_inner);
        LockGuard { _holder: Holder(&self.holder), value }
    }

    fn try_hold(&self, process: u32) -> Option<LockGuard<'_, T>> {
        match self.mutex.try_lock() {
            Ok(value) => Some(self.hold(process, Ok(value))),
            Err(TryLockError::Poisoned(poisoned)) => Some(self.hold(process, Err(poisoned))),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl Drop for Holder<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl<T> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// This process. Called before a lock is taken, so that a child whose parent never called this finds every lock
/// unlocked.
fn own_process() -> u32 {
    let own = process::id();
    if ORIGIN.load(Ordering::Relaxed) == 0 {
        let _ = ORIGIN.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed);
    }
    own
}

/// Locks. `None` in a forked child if a thread of the parent held the lock: then no thread ever unlocks it.
pub(crate) fn lock<T>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    let own = own_process();
    if let Some(guard) = lock.try_hold(own) {
        return Some(guard);
    }
    let began = Instant::now();
    while ORIGIN.load(Ordering::Relaxed) != own {
        match lock.holder.load(Ordering::Relaxed) {
            0 if began.elapsed() > TIME_TO_NOTE => return None,
            0 => thread::yield_now(),
            holder if holder == own => break,
            _ => return None,
        }
        if let Some(guard) = lock.try_hold(own) {
            return Some(guard);
        }
    }
    Some(lock.hold(own, lock.mutex.lock()))
}

/// Locks, unless that would have to wait.
pub(crate) fn try_lock<T>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    lock.try_hold(own_process())
}
