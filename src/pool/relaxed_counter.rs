//! Relaxed counters, written by one thread at a time and read by any.

use core::sync::atomic::AtomicUsize;

use crate::order;

/// A relaxed counter. It is not a model-checked atomic, because no correctness decision depends on its value, or it is
/// used under a lock.
#[derive(Debug, Default)]
pub(crate) struct RelaxedCounter(AtomicUsize);

impl RelaxedCounter {
    pub(crate) const fn new(number: usize) -> Self {
        Self(AtomicUsize::new(number))
    }

    /// The number. It may be out of date.
    #[inline(always)]
    pub(crate) fn get(&self) -> usize {
        // Relaxed: no correctness decision depends on its value, which may be out of date.
        self.0.load(order::RELAXED_COUNTER_READ.get())
    }

    /// One thread at a time may call it.
    #[inline(always)]
    pub(crate) fn set(&self, number: usize) {
        // Relaxed: as RELAXED_COUNTER_READ.
        self.0.store(number, order::RELAXED_COUNTER_WRITE.get());
    }

    /// Counts `more`, and returns the new count. One thread at a time may call it.
    #[inline(always)]
    pub(crate) fn add(&self, more: usize) -> usize {
        let count = self.get().wrapping_add(more);
        self.set(count);
        count
    }
}
