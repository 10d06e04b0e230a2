//! The seam over the real machine.

pub(crate) use alloc::sync::Arc;
#[cfg(feature = "stats")]
pub(crate) use core::sync::atomic::AtomicU64 as PlainAtomicU64;
#[cfg(feature = "std")]
pub(crate) use core::sync::atomic::AtomicUsize as PlainAtomicUsize;
pub(crate) use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};
#[cfg(feature = "std")]
pub(crate) use core::sync::atomic::{AtomicU8, AtomicUsize};

#[cfg(feature = "std")]
pub(crate) use super::asymmetric::{fence, fence_after_rmw, heavy_fence, light_fence};
pub(crate) use super::cell::{UnsafeCell, init_vacant};
#[cfg(feature = "std")]
pub(crate) use super::fork::{Lock, LockGuard, lock, try_lock};

/// The number of thread slots in a block: the bits of a word.
#[cfg(feature = "std")]
pub(crate) const SLOTS_A_BLOCK: usize = 64;

/// The maximum number of rows of blocks, each twice as long as the one before: slots for 2^26 threads.
#[cfg(feature = "std")]
pub(crate) const ROWS_OF_BLOCKS: usize = 20;

/// The number of atomics of bits for thread slots, 64 slots each.
#[cfg(feature = "std")]
pub(crate) const WORDS_OF_SLOTS: usize = 1024;

/// Words with all bits clear.
#[cfg(feature = "std")]
pub(crate) const fn no_bits() -> [AtomicU64; WORDS_OF_SLOTS] {
    [const { AtomicU64::new(0) }; WORDS_OF_SLOTS]
}

/// Declares a value that all threads share.
#[cfg(feature = "std")]
macro_rules! global {
    ($(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty = $init:expr;) => {
        $(#[$attribute])*
        $visibility static $name: crate::sync::Global<$type> = crate::sync::Global::new($init);
    };
}
#[cfg(feature = "std")]
pub(crate) use global;

/// A value that all threads share.
#[cfg(feature = "std")]
pub(crate) struct Global<T>(T);

#[cfg(feature = "std")]
impl<T> Global<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value.
    pub(crate) fn with<R>(&'static self, action: impl FnOnce(&T) -> R) -> R {
        action(&self.0)
    }
}

/// Declares a value for each thread. Without a destructor it costs one load, and is never destroyed.
#[cfg(feature = "std")]
macro_rules! per_thread {
    ($(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty = $init:expr;) => {
        std::thread_local! {
            $(#[$attribute])*
            $visibility static $name: $type = const { $init };
        }
    };
}
#[cfg(feature = "std")]
pub(crate) use per_thread;

/// Runs a unit test, unchanged.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    body();
}
