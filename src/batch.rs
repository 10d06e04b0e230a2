//! Values claimed together, taken out one by one.

use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;

use crate::dequeue::{Claim, PoolDequeue};
use crate::drop_each::drop_each;
use crate::reclaim::{Guard, Protected};

/// Values claimed from a deque all at once, to be taken out one at a time.
///
/// The values belong to the batch from the moment it is made; nobody else sees them any more.
/// [`steal_batch`] hands them out oldest first, [`pop_batch`] newest first. Each value's slot is
/// freed for the producer as the value is taken.
///
/// Dropping a batch drops the values left in it and frees their slots; should a value's destructor
/// panic, the others are dropped all the same (without the `std` feature: leaked) and the panic goes
/// on. Forgetting a batch leaks its values. A stolen batch that is forgotten also keeps its slots, so
/// that a bounded deque refuses further pushes when it comes round to them, and, if stolen from an
/// unbounded deque, keeps the memory of emptied rings from being freed.
///
/// Taking a value is wait-free: a read and a store.
///
/// # Examples
///
/// ```
/// let (mut worker, stealer) = pooldeque::bounded(8);
/// worker.push_batch(&mut (0..6));
/// let mut batch = stealer.steal_batch(4);
/// assert_eq!(batch.len(), 4);
/// assert_eq!(batch.next(), Some(0));
/// drop(batch); // drops 1, 2 and 3
/// assert_eq!(stealer.steal(), Some(4));
/// ```
///
/// [`steal_batch`]: crate::bounded::Stealer::steal_batch
/// [`pop_batch`]: crate::bounded::Worker::pop_batch
#[must_use = "dropping a batch drops the values in it"]
pub struct Batch<'a, T> {
    /// The values that come next.
    current: Option<Segment<'a, T>>,
    /// What comes after them, the last first.
    rest: Vec<Segment<'a, T>>,
    end: End,
    /// Keeps the rings that the segments lie in; declared last, to be dropped last.
    _guard: Option<Guard>,
}

/// Claims on their way into a batch, in the order they are made.
pub(crate) struct Segments<'a, T> {
    first: Option<Segment<'a, T>>,
    rest: Vec<Segment<'a, T>>,
    /// How many more values are wanted.
    wanted: usize,
}

/// What was claimed from one ring.
struct Segment<'a, T> {
    ring: Protected<'a, PoolDequeue<T>>,
    claim: Claim,
}

impl<'a, T> Segments<'a, T> {
    /// Nothing yet of the `max` values wanted.
    #[inline(always)]
    pub(crate) fn new(max: usize) -> Self {
        Self { first: None, rest: Vec::new(), wanted: max }
    }

    /// How many values the next claim should be for, at most.
    #[inline(always)]
    pub(crate) fn wanted(&self) -> u32 {
        u32::try_from(self.wanted).unwrap_or(u32::MAX)
    }

    /// Whether a ring that gave `claim` when asked for all that was wanted has given all it had.
    #[inline(always)]
    pub(crate) fn still_wanted_after(&self, claim: Option<Claim>) -> bool {
        claim.map_or(0, |claim| claim.len()) < self.wanted()
    }

    /// Adds what a ring gave, if anything.
    #[inline(always)]
    pub(crate) fn push(&mut self, ring: Protected<'a, PoolDequeue<T>>, claim: Option<Claim>) {
        let Some(claim) = claim else { return };
        self.wanted -= claim.len() as usize;
        let segment = Segment { ring, claim };
        if self.first.is_none() {
            self.first = Some(segment);
        } else {
            self.rest.push(segment);
        }
    }
}

/// The end of the deque that a batch was claimed from.
#[derive(Clone, Copy)]
enum End {
    /// By the producer, whose slots they are again: newest first.
    Head,
    /// By a thief, who owes the producer each slot: oldest first.
    Tail,
}

impl<'a, T> Batch<'a, T> {
    /// What a thief claimed.
    ///
    /// # Safety
    ///
    /// Each claim was made by [`PoolDequeue::claim_tail`] on its ring and is used for nothing else.
    /// A ring that `'a` does not keep is kept by `guard`.
    #[inline(always)]
    pub(crate) unsafe fn stolen(segments: Segments<'a, T>, guard: Option<Guard>) -> Self {
        Self::new(End::Tail, segments, guard)
    }

    /// What the producer claimed.
    ///
    /// # Safety
    ///
    /// Each claim was made by [`PoolDequeue::claim_head`] on its ring and is used for nothing else,
    /// and nothing is pushed while the batch lives. A ring that `'a` does not keep is kept by `guard`.
    #[inline(always)]
    pub(crate) unsafe fn popped(segments: Segments<'a, T>, guard: Option<Guard>) -> Self {
        Self::new(End::Head, segments, guard)
    }

    #[inline(always)]
    fn new(end: End, segments: Segments<'a, T>, guard: Option<Guard>) -> Self {
        let Segments { first, mut rest, .. } = segments;
        rest.reverse();
        Self { current: first, rest, end, _guard: guard }
    }
}

impl<T> Segment<'_, T> {
    #[inline(always)]
    fn next(&mut self, end: End) -> Option<T> {
        match end {
            End::Tail => {
                let index = self.claim.next_oldest()?;
                // SAFETY: the claim covers the index, and hands it out once.
                Some(unsafe { self.ring.take_and_release(index) })
            }
            End::Head => {
                let index = self.claim.next_newest()?;
                // SAFETY: the claim covers the index, and hands it out once.
                Some(unsafe { self.ring.take_claimed(index) })
            }
        }
    }
}

impl<T> Iterator for Batch<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(value) = self.current.as_mut()?.next(self.end) {
                return Some(value);
            }
            self.current = self.rest.pop();
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let segments = self.current.iter().chain(&self.rest);
        let len = segments.map(|segment| segment.claim.len() as usize).sum();
        (len, Some(len))
    }
}

impl<T> ExactSizeIterator for Batch<'_, T> {}

impl<T> FusedIterator for Batch<'_, T> {}

impl<T> Drop for Batch<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if self.len() != 0 {
            drop_each(|| self.next());
        }
    }
}

impl<T> fmt::Debug for Batch<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Batch").field("len", &self.len()).finish_non_exhaustive()
    }
}
