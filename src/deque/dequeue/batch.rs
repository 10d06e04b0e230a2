//! The ring's batches: one read-modify-write each.

use alloc::vec::Vec;
use core::iter;

use super::{PoolDequeue, is_producers};
use crate::deque::batch::{Batch, End, Segment};
use crate::deque::claim::{Claim, claimable};
use crate::deque::slot::{Slot, slot_of};
use crate::reclaim::Protected;

impl<T> PoolDequeue<T> {
    /// Fills slots from the head on until there is no room or `values` ends, and publishes them with
    /// one `fetch_add`; returns how many.
    ///
    /// If `values` panics, the values that it had yielded are in the ring.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head). `values` must not reach the producer half of this ring.
    #[inline]
    pub(crate) unsafe fn push_batch(&self, values: &mut impl Iterator<Item = T>) -> usize {
        /// Publishes the filled slots, whether the iterator ends or panics.
        struct Publish<'a, T> {
            ring: &'a PoolDequeue<T>,
            filled: u32,
        }
        impl<T> Drop for Publish<'_, T> {
            #[inline]
            fn drop(&mut self) {
                if self.filled != 0 {
                    // SAFETY: the `filled` slots from the head on were filled, by the only producer.
                    let before = unsafe { self.ring.publish(self.filled) };
                    // SAFETY: as above; they were all found vacant.
                    unsafe { self.ring.note_vacant(before.head(), self.filled) };
                }
            }
        }

        // SAFETY: the caller is the only producer.
        let ahead = unsafe { self.ahead() };
        let mut batch = Publish { ring: self, filled: 0 };
        // After a whole lap the loop ends at the first filled slot, which is no longer vacant.
        for slot in ahead {
            let Some(value) = values.next() else { break };
            // SAFETY: the slot is vacant and the caller is the producer.
            unsafe { slot.fill(value) };
            batch.filled += 1;
        }
        batch.filled as usize
    }

    /// Claims the newest values, at most `max`.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and nothing is pushed while the batch lives.
    #[inline]
    pub(crate) unsafe fn pop_batch(&self, max: usize) -> Batch<'_, T> {
        // SAFETY: the caller is the only producer, and pushes nothing before the values are taken out.
        let claim = unsafe { self.claim_head(claimable(max)) };
        // SAFETY: the producer made the claim.
        unsafe { self.batch(End::Head, claim) }
    }

    /// Claims the oldest values, at most `max`.
    #[inline]
    pub(crate) fn steal_batch(&self, max: usize) -> Batch<'_, T> {
        // SAFETY: a consumer makes the claim.
        unsafe { self.batch(End::Tail, self.claim_tail(claimable(max))) }
    }

    /// Claims the older half of the values, rounded up, at most `limit`.
    #[inline]
    pub(crate) fn steal_half(&self, limit: usize) -> Batch<'_, T> {
        // SAFETY: a consumer makes the claim.
        unsafe { self.batch(End::Tail, self.claim_tail_half(claimable(limit))) }
    }

    /// The values of one claim.
    ///
    /// # Safety
    ///
    /// The claim was made at this end and is used only here. If at the head, nothing is pushed while the batch lives.
    #[inline(always)]
    unsafe fn batch(&self, end: End, claim: Option<Claim>) -> Batch<'_, T> {
        let segment = Segment::new(Protected::borrowed(self).part(Self::slots), claim);
        // SAFETY: passed on; the borrow keeps the ring.
        unsafe { Batch::new(end, segment, Vec::new(), None) }
    }

    /// The number of values, at most `max`, that could be pushed now. Only the producer can reduce it.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn room(&self, max: usize) -> usize {
        // SAFETY: the caller is the only producer.
        unsafe { self.ahead() }.take(max.min(self.capacity())).count()
    }

    /// The producer's slots, from the head on, up to the first that is not vacant.
    ///
    /// If none is filled meanwhile the iterator never ends.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline(always)]
    unsafe fn ahead(&self) -> impl Iterator<Item = &Slot<T>> {
        let (mut index, mut vacant_until) = self.producer.with_mut(|side| {
            // SAFETY: only the producer touches its side.
            let side = unsafe { &*side };
            (side.head, side.vacant_until)
        });
        // Looked up once: the compiler must assume that filling a slot could move them.
        let slots = self.slots();
        iter::from_fn(move || {
            // SAFETY: the slots belong to a ring.
            let slot = unsafe { slot_of(slots, index) };
            is_producers(slot, index, &mut vacant_until).then(|| {
                index = index.wrapping_add(1);
                slot
            })
        })
    }

    /// Notes that the `count` slots from index `head` on were found vacant.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and the slots were found vacant.
    #[inline]
    unsafe fn note_vacant(&self, head: u32, count: u32) {
        self.producer.with_mut(|side| {
            // SAFETY: only the producer touches its side.
            let vacant_until = unsafe { &mut (*side).vacant_until };
            if vacant_until.wrapping_sub(head) < count {
                *vacant_until = head.wrapping_add(count);
            }
        });
    }
}
