//! Operations that pools need: each value is moved only once, straight from its source to its destination.

use super::{PoolChain, TailClaim};

impl<T> PoolChain<T> {
    /// As [`push_head`](Self::push_head), with the value at `value`.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head). There is a value at `value`, and the caller does not use it again.
    #[inline]
    pub(crate) unsafe fn push_head_from(&self, value: *const T) {
        // SAFETY: the caller is the only producer.
        let head = unsafe { self.head_ring() };
        // SAFETY: the caller is the only producer; the value is used again only if it was not pushed.
        if !head.is_some_and(|head| unsafe { head.dequeue.push_head_from(value) }) {
            // SAFETY: passed on.
            unsafe { self.push_to_new_ring_from(value) };
        }
    }

    /// # Safety
    ///
    /// As [`push_head_from`](Self::push_head_from).
    #[cold]
    unsafe fn push_to_new_ring_from(&self, value: *const T) {
        // SAFETY: the caller is the only producer.
        let ring = unsafe { self.grow() };
        // SAFETY: passed on.
        let is_pushed = unsafe { ring.dequeue.push_head_from(value) };
        debug_assert!(is_pushed, "a new ring has room");
    }

    /// As [`pop_head`](Self::pop_head), straight to `out`. `false` if the chain is empty.
    ///
    /// # Safety
    ///
    /// As [`pop_head`](Self::pop_head). `out` is valid for writes.
    #[inline]
    pub(crate) unsafe fn pop_head_into(&self, out: *mut T) -> bool {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return false };
        // SAFETY: the caller is the only producer.
        if unsafe { head.dequeue.pop_head_into(out) } {
            return true;
        }
        // The producer can check without a guard whether there are older rings, but not access them.
        if head.predecessor().is_none() {
            return false;
        }
        let guard = self.pin();
        // SAFETY: the caller is the only producer.
        head.older(&guard).any(|ring| unsafe { ring.dequeue.pop_head_into(out) })
    }

    /// As [`pop_tail`](Self::pop_tail), straight to `out`. `false` if the chain was empty at some moment.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    #[inline]
    pub(crate) unsafe fn pop_tail_into(&self, out: *mut T) -> bool {
        let guard = self.pin();
        let Some(tail) = self.tail_link() else { return false };
        let Some(TailClaim { ring, claim, .. }) = self.claim_from(tail, 1, &guard) else { return false };
        // SAFETY: the slot has just been claimed, and its value is taken once, here.
        unsafe { ring.dequeue.take_and_release_into(claim.oldest(), out) };
        true
    }

    /// The number of values that the producer would find: exact if no consumer is at work. It pins the epoch only if
    /// there are rings before the head ring.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn len_for_producer(&self) -> usize {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return 0 };
        let newest = head.dequeue.len();
        if head.predecessor().is_none() {
            return newest;
        }
        newest + head.older(&self.pin()).map(|ring| ring.dequeue.len()).sum::<usize>()
    }

    /// Whether the head ring has more than `capacity` slots, or there are rings before it.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn has_grown_beyond(&self, capacity: usize) -> bool {
        // SAFETY: the caller is the only producer.
        let head = unsafe { self.head_ring() };
        head.is_some_and(|head| head.dequeue.capacity() > capacity || head.predecessor().is_some())
    }
}
