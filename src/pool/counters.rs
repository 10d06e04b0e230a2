//! What happens in a pool, counted by the thread it happens on.
//!
//! A counter has one writer at a time, so counting is a load and a store, never a read-modify-write. A reader sums
//! the counters of all thread slots. Without the feature `stats` they take no room and no time, except those from
//! which an adaptive pool of buffers learns.

use crate::orderings;
#[cfg(feature = "stats")]
use crate::sync::PlainAtomicU64;
use crate::sync::PlainAtomicUsize;

/// Counts for one writer at a time and any number of readers.
#[derive(Default)]
pub(crate) struct Counter {
    #[cfg(feature = "stats")]
    count: PlainAtomicU64,
}

macro_rules! counters {
    ($($(#[$attribute:meta])* $name:ident,)+) => {
        /// What the holder of a thread slot counts.
        #[derive(Default)]
        pub(crate) struct Counters {
            $($(#[$attribute])* pub(crate) $name: Counter,)+
            /// Buffers that came back, in the buffer pool of the smallest size class that holds what their users had
            /// in them, if the return shows the use.
            pub(crate) used: RelaxedCounter,
            /// The same, in the pool of the class that must be kept to serve the same use again.
            pub(crate) needed: RelaxedCounter,
        }

        impl Counters {
            /// Adds what another has counted, whose slot is given up.
            pub(crate) fn absorb(&self, other: &Self) {
                $(self.$name.absorb(&other.$name);)+
                self.used.add(other.used.get());
                self.needed.add(other.needed.get());
            }
        }
    };
}

counters! {
    /// Values taken from the private cell.
    private,
    /// Values popped from the own shared queue.
    own,
    /// Values taken from another slot's shared queue.
    stolen,
    /// Values taken from what the last tick left.
    victim,
    /// Values created because nothing was found.
    created,
    /// Creations that failed.
    failed,
    /// Calls that found nothing and created nothing.
    empty,
    /// Values returned, whether kept or not.
    puts,
    /// Values made ahead.
    prefilled,
    /// Values that a rule rejected.
    rejected,
    /// Values for which there was no room.
    full,
}

/// What ticks count: one thread at a time ticks.
#[derive(Default)]
pub(crate) struct TickCounters {
    pub(crate) ticks: Counter,
    /// Values that were not used for two ticks.
    pub(crate) aged: Counter,
    /// Values that were cleared.
    pub(crate) cleared: Counter,
}

impl Counter {
    /// Counts `more`. One thread at a time may call it.
    #[cfg(feature = "stats")]
    #[inline(always)]
    pub(crate) fn add(&self, more: usize) {
        self.add_u64(more as u64);
    }

    #[cfg(feature = "stats")]
    #[inline(always)]
    fn add_u64(&self, more: u64) {
        // Relaxed: as RELAXED_COUNTER_READ.
        self.count.store(self.get().wrapping_add(more), orderings::COUNT_WRITE.get());
    }

    /// The count. It may be out of date.
    #[cfg(feature = "stats")]
    #[inline(always)]
    pub(crate) fn get(&self) -> u64 {
        // Relaxed: as RELAXED_COUNTER_READ.
        self.count.load(orderings::COUNT_READ.get())
    }

    #[cfg(feature = "stats")]
    fn absorb(&self, other: &Self) {
        self.add_u64(other.get());
    }

    #[cfg(not(feature = "stats"))]
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "counts where the feature is on")]
    pub(crate) fn add(&self, _more: usize) {}

    #[cfg(not(feature = "stats"))]
    #[expect(clippy::unused_self, reason = "counts where the feature is on")]
    fn absorb(&self, _other: &Self) {}
}

// Relaxed counters, written by one thread at a time and read by any.

/// A relaxed counter. It is not a model-checked atomic, because no correctness decision depends on its value, or it is
/// used under a lock.
#[derive(Debug, Default)]
pub(crate) struct RelaxedCounter(PlainAtomicUsize);

impl RelaxedCounter {
    pub(crate) const fn new(number: usize) -> Self {
        Self(PlainAtomicUsize::new(number))
    }

    /// The number. It may be out of date.
    #[inline(always)]
    pub(crate) fn get(&self) -> usize {
        // Relaxed: no correctness decision depends on its value, which may be out of date.
        self.0.load(orderings::RELAXED_COUNTER_READ.get())
    }

    /// One thread at a time may call it.
    #[inline(always)]
    pub(crate) fn set(&self, number: usize) {
        // Relaxed: as RELAXED_COUNTER_READ.
        self.0.store(number, orderings::RELAXED_COUNTER_WRITE.get());
    }

    /// Counts `more`, and returns the new count. One thread at a time may call it.
    #[inline(always)]
    pub(crate) fn add(&self, more: usize) -> usize {
        let count = self.get().wrapping_add(more);
        self.set(count);
        count
    }
}
