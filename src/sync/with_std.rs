//! The seam over the real machine.

pub(crate) use alloc::sync::Arc;
pub(crate) use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};
#[cfg(feature = "std")]
pub(crate) use core::sync::atomic::{AtomicU8, AtomicUsize};
#[cfg(feature = "std")]
pub(crate) use std::sync::Mutex;

#[cfg(feature = "std")]
pub(crate) use super::asymmetric::{
    fence, fence_after_rmw, heavy_fence, light_fence, light_fence_is_enough, prepare_fences,
};
pub(crate) use super::cell::UnsafeCell;

/// Declares what all threads share.
#[cfg(feature = "std")]
macro_rules! global {
    ($(#[$attribute:meta])* static $name:ident: $type:ty = $init:expr;) => {
        $(#[$attribute])*
        static $name: crate::sync::Global<$type> = crate::sync::Global::new($init);
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

    /// Lends it.
    pub(crate) fn with<R>(&'static self, action: impl FnOnce(&T) -> R) -> R {
        action(&self.0)
    }
}

/// Declares what each thread has for itself. Without a destructor it costs one load, and never ends.
#[cfg(feature = "std")]
macro_rules! per_thread {
    ($(#[$attribute:meta])* static $name:ident: $type:ty = $init:expr;) => {
        std::thread_local! {
            $(#[$attribute])*
            static $name: $type = const { $init };
        }
    };
}
#[cfg(feature = "std")]
pub(crate) use per_thread;

/// Runs a unit test: as it is.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    body();
}
