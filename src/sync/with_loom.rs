//! The seam over loom: weak memory, tracked cells, bounded exploration.

use std::cell::Cell;
use std::string::String;
use std::sync::PoisonError;

#[cfg(feature = "stats")]
pub(crate) use core::sync::atomic::AtomicU64 as PlainAtomicU64;
pub(crate) use core::sync::atomic::AtomicUsize as PlainAtomicUsize;
pub(crate) use loom as checker;
pub(crate) use loom::sync::atomic::fence;
pub(crate) use loom::sync::{Arc, Mutex as Lock, MutexGuard as LockGuard};

pub(crate) use super::traced::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, UnsafeCell, init_vacant,
};

/// What the trace wraps.
pub(super) mod untraced {
    use core::mem::MaybeUninit;

    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize};

    /// Initialises a cell in place, without a value.
    ///
    /// # Safety
    ///
    /// `place` is valid for writes.
    pub(crate) unsafe fn init_vacant<T>(place: *mut UnsafeCell<MaybeUninit<T>>) {
        // SAFETY: passed on.
        unsafe { place.write(UnsafeCell::new(MaybeUninit::uninit())) };
    }
}

/// A name of the running thread, unless its thread-locals are being dropped: then loom's own name for it is gone, too.
pub(super) fn thread_name() -> Option<String> {
    std::thread_local! {
        static NEXT: Cell<u64> = const { Cell::new(0) };
    }
    loom::thread_local! {
        static NUMBER: u64 = NEXT.replace(NEXT.get() + 1);
    }
    NUMBER.try_with(|number| std::format!("{number}")).ok()
}

/// Locks. On the real machine a forked child may not get the lock.
pub(crate) fn lock<T>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    Some(lock.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Locks, unless that would have to wait.
pub(crate) fn try_lock<T>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    lock.try_lock().ok()
}

/// Runs a unit test: a model of one thread.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    loom::model(body);
}
