//! Lengths of the chain. They may be stale when they are returned.

use alloc::vec::Vec;
use core::{fmt, iter};

use super::PoolChain;
use super::ring::{Ring, protect};
use crate::reclaim::{Guard, Protected};

impl<T> PoolChain<T> {
    /// The rings from the tail to the head.
    fn rings_from_tail<'g>(&self, guard: &'g Guard) -> impl Iterator<Item = Protected<'g, Ring<T>>>
    where
        T: 'g,
    {
        let mut link = self.tail_link();
        iter::from_fn(move || {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link?, guard) };
            link = ring.successor();
            Some(ring)
        })
    }

    /// Each ring's capacity and length, `(capacity, length)`, tail ring first.
    ///
    /// Each length is exact at a moment of the call, but at a different one for each ring. It pins the epoch and takes
    /// one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let chain = pooldeque::PoolChain::new();
    /// for value in 0..9 {
    ///     // SAFETY: this thread is the only producer.
    ///     unsafe { chain.push_head(value) };
    /// }
    /// assert_eq!(chain.rings(), [(8, 8), (16, 1)]);
    /// ```
    pub fn rings(&self) -> Vec<(usize, usize)> {
        self.rings_from_tail(&self.pin()).map(|ring| (ring.dequeue.capacity(), ring.dequeue.len())).collect()
    }

    /// The number of values that the chain holds, counted ring by ring.
    ///
    /// Without concurrent calls it is exact. Otherwise it is the sum of lengths that were true one after the other, and
    /// may count values that were never there together. It pins the epoch and takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let chain = pooldeque::PoolChain::new();
    /// // SAFETY: this thread is the only producer.
    /// unsafe { chain.push_head('a') };
    /// assert_eq!(chain.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.len_within(&self.pin())
    }

    /// As [`len`](Self::len), under the pin of `guard`.
    pub(super) fn len_within(&self, guard: &Guard) -> usize {
        self.rings_from_tail(guard).map(|ring| ring.dequeue.len()).sum()
    }

    /// Whether no ring holds a value.
    ///
    /// For the producer `true` stays true until its next push; for a consumer either result may be stale, and it may
    /// return `true` for a chain that was growing at the time: only a pop that returns `None` proves that the chain was
    /// empty. It pins the epoch and takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(pooldeque::PoolChain::<u8>::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.rings_from_tail(&self.pin()).all(|ring| ring.dequeue.is_empty())
    }

    /// Whether there are rings before the head ring, drained or not.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline]
    pub(crate) unsafe fn has_rings_before_head(&self) -> bool {
        // SAFETY: the caller is the only producer.
        unsafe { self.head_ring() }.is_some_and(|head| head.predecessor().is_some())
    }

    /// Whether the producer, after a push, finds no value in the rings before the head ring.
    ///
    /// `false` also guarantees that the thief that takes the last value of those rings sees the push, so it does not
    /// find the chain empty afterwards.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn is_empty_before_head(&self) -> bool {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return true };
        if head.predecessor().is_none() {
            return true;
        }
        let guard = self.pin();
        // SAFETY: the caller is the only producer.
        head.older(&guard).all(|ring| unsafe { ring.dequeue.is_empty_after_publishing() })
    }
}

impl<T> fmt::Debug for PoolChain<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PoolChain").field("rings", &self.rings()).finish_non_exhaustive()
    }
}
