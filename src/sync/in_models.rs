//! What the seam has in common over loom and over shuttle.

use core::sync::atomic::Ordering;

pub(crate) use super::per_execution::{Global, WhileItRuns, start as start_globals};
use super::runtime::fence;

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
        crate::sync::checker::thread_local! {
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
