//! What happens in a pool, counted by the thread it happens on.
//!
//! A counter has one writer at a time, so that counting is a load and a store, never a read-modify-write.
//! Whoever asks sums the counters of all thread slots, each as old as it may be. Without the feature
//! `stats` they take no room and no time.

#[cfg(feature = "stats")]
use super::number::Number;

/// A number that one thread at a time counts up, and any thread may read.
#[derive(Default)]
pub(super) struct Counter {
    #[cfg(feature = "stats")]
    count: Number,
}

/// What the holder of a thread slot counts.
#[derive(Default)]
pub(super) struct Counters {
    /// Values taken from the private place.
    pub(super) private: Counter,
    /// Values popped from the own shared part.
    pub(super) own: Counter,
    /// Values taken from another slot's shared part.
    pub(super) stolen: Counter,
    /// Values taken from what the last tick left.
    pub(super) victim: Counter,
    /// Calls that found nothing.
    pub(super) missed: Counter,
    /// Values that came in by a call of the user's.
    pub(super) puts: Counter,
    /// Values made ahead.
    pub(super) prefilled: Counter,
    /// Values that the rule refused.
    pub(super) rejected: Counter,
    /// Values for which there was no room.
    pub(super) full: Counter,
}

/// What ticks count: one ticks at a time.
#[derive(Default)]
pub(super) struct TickCounters {
    pub(super) ticks: Counter,
    /// Values that nobody used for two ticks.
    pub(super) aged: Counter,
    /// Values that were cleared away.
    pub(super) cleared: Counter,
}

impl Counter {
    /// Counts `more`. To be called by one thread at a time.
    #[cfg(feature = "stats")]
    #[inline(always)]
    pub(super) fn add(&self, more: usize) {
        self.count.set(self.count.get().wrapping_add(more));
    }

    #[cfg(not(feature = "stats"))]
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "counts where the feature is on")]
    pub(super) fn add(&self, _more: usize) {}

    /// The count, as old as it may be.
    #[cfg(feature = "stats")]
    pub(super) fn get(&self) -> u64 {
        self.count.get() as u64
    }
}
