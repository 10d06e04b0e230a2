//! The part of the seam that loom and shuttle share.

use core::sync::atomic::Ordering;
use std::cell::Cell;

pub(crate) use super::per_execution::{Global, WhileItRuns, start as start_globals};
use super::runtime::{AtomicU64, fence};

/// Declares a value that all threads of an execution share.
macro_rules! global {
    ($(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty = $init:expr;) => {
        $(#[$attribute])*
        $visibility static $name: crate::sync::Global<$type> = crate::sync::Global::new(|| $init);
    };
}
pub(crate) use global;

/// Declares a value for each thread of an execution.
macro_rules! per_thread {
    ($(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty = $init:expr;) => {
        crate::sync::checker::thread_local! {
            $(#[$attribute])*
            $visibility static $name: crate::sync::WhileItRuns<$type> = crate::sync::WhileItRuns::new($init);
        }
    };
}
pub(crate) use per_thread;

/// The number of thread slots in a block: so few that a model of two threads has two blocks.
pub(crate) const SLOTS_A_BLOCK: usize = 1;

/// The maximum number of rows of blocks, each twice as long as the one before.
pub(crate) const ROWS_OF_BLOCKS: usize = 3;

/// The number of atomics of bits for thread slots, 64 slots each.
pub(crate) const WORDS_OF_SLOTS: usize = 1;

super::const_unless_model! {
    /// Words of which no bit is set.
    pub(crate) fn no_bits() -> [AtomicU64; WORDS_OF_SLOTS] {
        [AtomicU64::new(0)]
    }
}

std::thread_local! {
    /// Whether the kernel refuses the heavy fence in this execution.
    static FENCES_ARE_REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// Begins an execution whose kernel performs heavy fences, unless it `refuses`.
pub(crate) fn start_fences(refuses: bool) {
    FENCES_ARE_REFUSED.set(refuses);
}

/// The frequent side of an asymmetric pair of fences: an ordinary fence, which models the effect of the other side's
/// heavy fence on this thread. If the kernel refuses that fence, this does nothing.
pub(crate) fn light_fence(ordering: Ordering) {
    if !FENCES_ARE_REFUSED.get() {
        fence(ordering);
    }
}

/// The rare side: an ordinary fence. `false` if it did not reach the other threads.
pub(crate) fn heavy_fence(ordering: Ordering) -> bool {
    fence(ordering);
    !FENCES_ARE_REFUSED.get()
}

/// A fence after a read-modify-write: an ordinary fence.
pub(crate) fn fence_after_rmw(ordering: Ordering) {
    fence(ordering);
}
