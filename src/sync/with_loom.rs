//! The seam over loom: weak memory, tracked cells, bounded exploration.

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

/// Runs a unit test: a model of one thread.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    loom::model(body);
}
