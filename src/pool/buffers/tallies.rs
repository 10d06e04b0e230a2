//! What happens in a pool of buffers, counted by the thread it happens on, as `counters.rs` does for one pool.
//!
//! A class's own pool counts a miss whenever a look into it finds nothing, and a call may look into several.
//! So misses are counted here, one for each call.

use crossbeam_utils::CachePadded;

use super::sizes::CLASSES;
#[cfg(feature = "stats")]
use crate::pool::counters::Counter;
use crate::pool::number::Number;
use crate::pool::table::Table;
use crate::pool::thread_slots;

/// What each thread slot counts.
pub(super) struct Tallies {
    slots: Table<CachePadded<Tally>>,
}

/// What the holder of a thread slot counts, by class.
#[derive(Default)]
pub(super) struct Tally {
    /// Calls for which a buffer was made.
    #[cfg(feature = "stats")]
    pub(super) missed: [Counter; CLASSES],
    /// Buffers that came back too large or too small to be kept.
    #[cfg(feature = "stats")]
    pub(super) refused: [Counter; CLASSES],
    /// Buffers that came back, by the smallest class that holds what their users had in them. Counted while the
    /// pool learns, if the return shows the use; never reset.
    pub(super) used: [Number; CLASSES],
    /// The same, by the class that the pool must keep to serve the same use again.
    pub(super) needed: [Number; CLASSES],
}

impl Tallies {
    pub(super) fn new() -> Self {
        Self { slots: Table::new() }
    }

    /// Calls `count` with what this thread counts.
    #[inline]
    pub(super) fn mine<R>(&self, count: impl FnOnce(&Tally) -> R) -> R {
        match self.slots.get(thread_slots::place()) {
            Some(tally) => count(tally),
            None => thread_slots::with_place(|place| {
                count(self.slots.get_or_make(place, |_| CachePadded::default()))
            }),
        }
    }

    /// What every thread slot has counted.
    pub(super) fn all(&self) -> impl Iterator<Item = &Tally> {
        self.slots.iter().map(|(_, tally)| &**tally)
    }
}
