//! Relaxed counters, written by one thread at a time and read by any.

use core::sync::atomic::AtomicUsize;

use crate::order;

/// A relaxed counter. It is not a model-checked atomic, because no correctness decision depends on its value.
#[derive(Debug, Default)]
pub(super) struct Number(AtomicUsize);

impl Number {
    pub(super) const fn new(number: usize) -> Self {
        Self(AtomicUsize::new(number))
    }

    /// The number. It may be out of date.
    #[inline(always)]
    pub(super) fn get(&self) -> usize {
        self.0.load(order::NUMBER_READ.get())
    }

    /// One thread at a time may call it.
    #[inline(always)]
    pub(super) fn set(&self, number: usize) {
        self.0.store(number, order::NUMBER_WRITE.get());
    }

    /// Counts `more`, and returns the new count. One thread at a time may call it.
    #[inline(always)]
    pub(super) fn add(&self, more: usize) -> usize {
        let count = self.get().wrapping_add(more);
        self.set(count);
        count
    }
}
