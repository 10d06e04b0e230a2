//! Values that are moved only once, straight from source to destination: a pool's values may be larger than the stack.

use super::PoolDequeue;

impl<T> PoolDequeue<T> {
    /// As [`push_head`](Self::push_head), with the value at `value`. `false` if the ring is full.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head). There is a value at `value`, and if this is `true` the caller does not
    /// use it again.
    #[inline]
    pub(crate) unsafe fn push_head_from(&self, value: *const T) -> bool {
        // SAFETY: the caller is the only producer.
        let Some(slot) = (unsafe { self.head_slot() }) else { return false };
        // SAFETY: the slot is vacant, the caller is the producer and does not use the value again.
        unsafe { slot.fill_from(value) };
        // SAFETY: the slot at the head has just been filled.
        unsafe { self.publish(1) };
        true
    }

    /// As [`pop_head`](Self::pop_head), straight to `out`. `false` if the ring is empty.
    ///
    /// # Safety
    ///
    /// As [`pop_head`](Self::pop_head). `out` is valid for writes.
    #[inline]
    pub(crate) unsafe fn pop_head_into(&self, out: *mut T) -> bool {
        // SAFETY: the caller is the only producer.
        let Some(claim) = (unsafe { self.claim_head(1) }) else { return false };
        // SAFETY: the slot has just been claimed, and its value is taken once, here.
        unsafe { self.slot(claim.oldest()).take_into(out) };
        true
    }

    /// As [`take_and_release`](Self::take_and_release), straight to `out`.
    ///
    /// # Safety
    ///
    /// As [`take_and_release`](Self::take_and_release). `out` is valid for writes.
    #[inline]
    pub(crate) unsafe fn take_and_release_into(&self, index: u32, out: *mut T) {
        // SAFETY: by its claim the caller owns the slot, which is filled; this takes the value once.
        unsafe { self.slot(index).take_and_release_into(out) };
    }
}
