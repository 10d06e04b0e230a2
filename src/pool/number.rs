//! A number that is written by one thread at a time and read by any.

use core::sync::atomic::AtomicUsize;

use crate::order;

/// Such a number. No model checker follows it: no value hangs on what it tells.
#[derive(Default)]
pub(super) struct Number(AtomicUsize);

impl Number {
    pub(super) const fn new(number: usize) -> Self {
        Self(AtomicUsize::new(number))
    }

    /// The number, as old as it may be.
    #[inline(always)]
    pub(super) fn get(&self) -> usize {
        self.0.load(order::NUMBER_READ.get())
    }

    /// To be called by one thread at a time.
    #[inline(always)]
    pub(super) fn set(&self, number: usize) {
        self.0.store(number, order::NUMBER_WRITE.get());
    }
}
