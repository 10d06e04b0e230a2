//! The seam over shuttle: sequential consistency, every schedule or a random sample of them.

use core::sync::atomic::Ordering;

pub(crate) use shuttle::sync::atomic::fence;
pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize};
pub(crate) use shuttle::sync::{Arc, Mutex};

pub(crate) use super::cell::UnsafeCell;
pub(crate) use super::per_execution::{Global, WhileItRuns, start as start_globals};

/// Declares what all threads of an execution share.
macro_rules! global {
    ($(#[$attribute:meta])* static $name:ident: $type:ty = $init:expr;) => {
        $(#[$attribute])*
        static $name: crate::sync::Global<$type> = crate::sync::Global::new(|| $init);
    };
}
pub(crate) use global;

/// Declares what each thread of an execution has for itself.
macro_rules! per_thread {
    ($(#[$attribute:meta])* static $name:ident: $type:ty = $init:expr;) => {
        shuttle::thread_local! {
            $(#[$attribute])*
            static $name: crate::sync::WhileItRuns<$type> = crate::sync::WhileItRuns::new($init);
        }
    };
}
pub(crate) use per_thread;

/// Nothing to get ready.
pub(crate) fn prepare_fences() {}

/// It is a fence like any other.
pub(crate) const fn light_fence_is_enough() -> bool {
    true
}

/// The frequent side of an asymmetric pair of fences: in a model a fence like any other.
pub(crate) fn light_fence(ordering: Ordering) {
    fence(ordering);
}

/// The rare side: a fence like any other.
pub(crate) fn heavy_fence(ordering: Ordering) {
    fence(ordering);
}

/// A fence behind a read-modify-write: a fence like any other.
pub(crate) fn fence_after_rmw(ordering: Ordering) {
    fence(ordering);
}

/// Runs a unit test: a model of one thread.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(body, None);
}
