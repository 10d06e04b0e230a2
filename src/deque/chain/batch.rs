//! The chain's batches: one read-modify-write per ring.

use alloc::vec::Vec;
use core::iter;

use super::PoolChain;
use super::ring::{Link, Ring};
use crate::deque::batch::{Batch, End, Segment};
use crate::deque::claim::{Claim, claimable};
use crate::reclaim::Guard;

impl<T> PoolChain<T> {
    /// Pushes all values that `values` yields, with one `fetch_add` per ring, and returns how many.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head). `values` must not reach the producer half of this chain.
    pub(crate) unsafe fn push_batch(&self, values: impl Iterator<Item = T>) -> usize {
        let mut values = values.fuse();
        // SAFETY: the caller is the only producer.
        let mut pushed = match unsafe { self.head_ring() } {
            // SAFETY: the caller is the only producer.
            Some(head) => unsafe { head.dequeue.push_batch(&mut values) },
            None => 0,
        };
        while let Some(value) = values.next() {
            // SAFETY: the caller is the only producer.
            let ring = unsafe { self.grow() };
            let mut values = iter::once(value).chain(values.by_ref());
            // SAFETY: the caller is the only producer.
            pushed += unsafe { ring.dequeue.push_batch(&mut values) };
        }
        pushed
    }

    /// Claims the newest values, at most `max`, with one compare-and-swap per ring.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and nothing is pushed while the batch lives.
    pub(crate) unsafe fn pop_batch(&self, max: usize) -> Batch<'_, T> {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return Batch::empty() };
        // SAFETY: the caller is the only producer.
        let claim = unsafe { head.dequeue.claim_head(claimable(max)) };
        let wanted = max - claim.map_or(0, Claim::len);
        let mut rest = Vec::new();
        let mut guard = None;
        if wanted != 0 && head.predecessor().is_some() {
            let guard = guard.insert(self.pin());
            // SAFETY: the caller is the only producer.
            rest = unsafe { Self::claim_older(&head, wanted, guard) };
        }
        let first = Segment::new(head.part(|ring| ring.dequeue.slots()), claim);
        // SAFETY: the producer claimed the segments, and the caller pushes nothing meanwhile.
        unsafe { Batch::new(End::Head, first, rest, guard) }
    }

    /// Claims the newest values of the rings before the head ring. The last claim comes first.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and the guard is kept as long as the segments.
    #[cold]
    unsafe fn claim_older<'a>(head: &Ring<T>, mut wanted: usize, guard: &Guard) -> Vec<Segment<'a, T>> {
        let mut segments = Vec::new();
        for ring in head.older(guard) {
            if wanted == 0 {
                break;
            }
            // SAFETY: the caller is the only producer.
            let claim = unsafe { ring.dequeue.claim_head(claimable(wanted)) };
            // SAFETY: the guard goes with the segments.
            let ring = unsafe { ring.detached() };
            let segment = Segment::new(ring.part(|ring| ring.dequeue.slots()), claim);
            wanted -= segment.len();
            segments.push(segment);
        }
        segments.reverse();
        segments
    }

    /// Claims the oldest values, at most `max`, with one compare-and-swap per ring.
    #[inline(always)]
    pub(crate) fn steal_batch(&self, max: usize) -> Batch<'_, T> {
        // A claim of no values does not show that a ring is empty.
        if max == 0 {
            return Batch::empty();
        }
        self.steal_batch_within(max, self.pin())
    }

    /// Claims the older half of the values, rounded up, at most `limit`, with one compare-and-swap per ring.
    ///
    /// Without concurrent calls it is exactly half; otherwise half of a length as [`len`](Self::len) counts it.
    pub(crate) fn steal_half(&self, limit: usize) -> Batch<'_, T> {
        if limit == 0 {
            return Batch::empty();
        }
        let guard = self.pin();
        let len = self.len_within(&guard);
        // A chain whose length was counted as 0 need not have been empty at any moment: only a claim proves it.
        self.steal_batch_within(len.div_ceil(2).clamp(1, limit), guard)
    }

    /// As [`steal_batch`](Self::steal_batch), under the pin of `guard`. `max` is not 0.
    #[inline(always)]
    fn steal_batch_within(&self, max: usize, guard: Guard) -> Batch<'_, T> {
        let Some(tail) = self.tail_link() else { return Batch::empty() };
        // SAFETY: the guard goes with the segments.
        let (first, drained) = unsafe { self.claim_segment(tail, max, &guard) };
        let rest = match drained {
            // SAFETY: the guard goes with the segments.
            Some(successor) => unsafe { self.claim_more(successor, max - first.len(), &guard) },
            None => Vec::new(),
        };
        // SAFETY: a thief claimed the segments.
        unsafe { Batch::new(End::Tail, first, rest, Some(guard)) }
    }

    /// Claims the oldest values from the ring at `link` on. The last claim comes first.
    ///
    /// # Safety
    ///
    /// The guard was taken before `link` was found, and is kept as long as the segments.
    #[cold]
    unsafe fn claim_more<'a>(&self, link: Link<T>, mut wanted: usize, guard: &Guard) -> Vec<Segment<'a, T>> {
        let mut segments = Vec::new();
        let mut link = Some(link);
        while let Some(ring) = link {
            // SAFETY: passed on.
            let (segment, drained) = unsafe { self.claim_segment(ring, wanted, guard) };
            wanted -= segment.len();
            segments.push(segment);
            link = drained;
        }
        segments.reverse();
        segments
    }

    /// Claims the oldest values of the first non-empty ring from `link` on: at most `wanted`, which is not 0. If that
    /// drains the ring and more values are wanted, unlinks it and returns its successor.
    ///
    /// # Safety
    ///
    /// The guard was taken before `link` was found, and is kept as long as the segment.
    #[inline]
    unsafe fn claim_segment<'a>(
        &self,
        link: Link<T>,
        wanted: usize,
        guard: &Guard,
    ) -> (Segment<'a, T>, Option<Link<T>>) {
        let Some(found) = self.claim_from(link, claimable(wanted), guard) else {
            return (Segment::nothing(), None);
        };
        let drained = found.successor.filter(|_| found.claim.len() < wanted);
        if let Some(successor) = drained {
            // SAFETY: the claim emptied the ring, which had its successor before.
            unsafe { self.unlink_drained(found.link, successor, guard) };
        }
        // SAFETY: the guard goes with the segment.
        let ring = unsafe { found.ring.detached() };
        (Segment::new(ring.part(|ring| ring.dequeue.slots()), Some(found.claim)), drained)
    }
}
