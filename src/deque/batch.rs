//! Values claimed together, taken out one by one.

use alloc::vec::Vec;
use core::fmt;
use core::iter::{self, FusedIterator};
use core::mem::{self, ManuallyDrop};

use crate::deque::claim::Claim;
use crate::deque::slot::{Slot, slot_of};
use crate::drop_each::drop_each;
use crate::reclaim::{Guard, Protected};

/// Values claimed from a deque all at once, to be taken out one at a time.
///
/// The values belong to the batch from the moment it is made; no other thread sees them any more. [`steal_batch`]
/// yields them oldest first, [`pop_batch`] newest first. Each value's slot is released to the producer as the value is
/// taken.
///
/// Dropping a batch drops the values left in it and releases their slots. If a value's destructor panics, the others
/// are still dropped (without the `std` feature: leaked); then the panic resumes. Forgetting a batch leaks its values.
/// A stolen batch that is forgotten also keeps its slots, so a bounded deque refuses further pushes when its head
/// reaches them.
///
/// A batch stolen from an unbounded deque, or popped from several rings of one, keeps the deques' epoch pinned until it
/// is dropped. Meanwhile no ring of any unbounded deque in the process is freed: deques that grow and drain need more
/// and more memory. If the batch is forgotten, that lasts as long as the process. Pools and other users of
/// crossbeam-epoch are not affected. Destructors run after the batch has unpinned the epoch.
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
/// [`steal_batch`]: crate::deque::bounded::Stealer::steal_batch
/// [`pop_batch`]: crate::deque::bounded::Worker::pop_batch
#[must_use = "dropping a batch drops the values in it"]
pub struct Batch<'a, T> {
    /// The values that come next.
    current: Segment<'a, T>,
    end: End,
    /// Only `drop` takes it, moving the rest out of the batch instead of borrowing it, so that a loop over a batch can
    /// run in registers.
    later: ManuallyDrop<Later<'a, T>>,
}

/// The part of a batch that is used once the current segment is exhausted. Nearly always empty.
struct Later<'a, T> {
    /// The segments still to come, the next one last.
    segments: Vec<Segment<'a, T>>,
    /// Keeps the rings that the segments are in; declared last, to be dropped last.
    guard: Option<Guard>,
}

/// The values claimed from one ring that are not yet taken.
pub(crate) struct Segment<'a, T> {
    /// The slots of the claimed ring, kept here instead of the ring so that they are looked up once; `None` if nothing
    /// was claimed.
    slots: Option<Protected<'a, [Slot<T>]>>,
    claim: Claim,
}

/// The end of the deque that a batch was claimed from.
#[derive(Clone, Copy)]
pub(crate) enum End {
    /// By the producer, which owns the slots again: newest first.
    Head,
    /// By a thief, which must release each slot to the producer: oldest first.
    Tail,
}

impl<'a, T> Segment<'a, T> {
    /// The part of a ring's slots that `claim` covers.
    #[inline(always)]
    pub(crate) fn new(slots: Protected<'a, [Slot<T>]>, claim: Option<Claim>) -> Self {
        match claim {
            Some(claim) => Self { slots: Some(slots), claim },
            None => Self::nothing(),
        }
    }

    /// No claim.
    #[inline(always)]
    pub(crate) fn nothing() -> Self {
        Self { slots: None, claim: Claim::none() }
    }

    /// The number of values left in the segment.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.claim.len()
    }

    #[inline(always)]
    fn next(&mut self, end: End) -> Option<T> {
        match end {
            End::Tail => {
                let index = self.claim.next_oldest()?;
                // SAFETY: the slots belong to a ring.
                let slot = unsafe { slot_of(self.slots.as_ref()?, index) };
                // SAFETY: the claim covers the index, and yields it once.
                Some(unsafe { slot.take_and_release() })
            }
            End::Head => {
                let index = self.claim.next_newest()?;
                // SAFETY: the slots belong to a ring.
                let slot = unsafe { slot_of(self.slots.as_ref()?, index) };
                // SAFETY: the claim covers the index, and yields it once.
                Some(unsafe { slot.take() })
            }
        }
    }
}

impl<'a, T> Batch<'a, T> {
    /// No values.
    pub(crate) fn empty() -> Self {
        let later = Later { segments: Vec::new(), guard: None };
        Self { current: Segment::nothing(), end: End::Tail, later: ManuallyDrop::new(later) }
    }

    /// The claims made at `end`: `first`, then `rest`, whose next claim is last.
    ///
    /// # Safety
    ///
    /// Each claim was made at that end of its ring and is used only here. If at the head, nothing is pushed while the
    /// batch lives. `guard` keeps every ring that `'a` does not keep.
    #[inline(always)]
    pub(crate) unsafe fn new(
        end: End,
        first: Segment<'a, T>,
        rest: Vec<Segment<'a, T>>,
        guard: Option<Guard>,
    ) -> Self {
        let later = Later { segments: rest, guard };
        Self { current: first, end, later: ManuallyDrop::new(later) }
    }
}

impl<T> Iterator for Batch<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(value) = self.current.next(self.end) {
                return Some(value);
            }
            self.current = self.later.segments.pop()?;
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let later = self.later.segments.iter().map(Segment::len);
        let len = self.current.len() + later.sum::<usize>();
        (len, Some(len))
    }
}

impl<T> ExactSizeIterator for Batch<'_, T> {}

impl<T> FusedIterator for Batch<'_, T> {}

impl<T> Drop for Batch<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        let current = mem::replace(&mut self.current, Segment::nothing());
        // SAFETY: it is taken once, here, and not used afterwards.
        let later = unsafe { ManuallyDrop::take(&mut self.later) };
        if current.len() == 0 && later.segments.is_empty() {
            // Exhausted, as most batches are by now. The guard is dropped last.
            let _ = (current, later);
        } else {
            drop_rest(later, self.end, current);
        }
    }
}

/// Drops the values of a batch that is not exhausted.
///
/// With a guard the values are first all taken out, and the guard is dropped: a destructor may run for long, or use
/// other deques. Without one they need only the memory of their slots.
#[cold]
#[inline(never)]
fn drop_rest<'a, T>(later: Later<'a, T>, end: End, current: Segment<'a, T>) {
    let Later { segments, guard } = later;
    // Declared after the guard, to be dropped before it.
    let (mut segments, mut current) = (segments, current);
    let left = current.len() + segments.iter().map(Segment::len).sum::<usize>();
    let mut next = || {
        loop {
            if let Some(value) = current.next(end) {
                return Some(value);
            }
            current = segments.pop()?;
        }
    };
    if guard.is_none() || !mem::needs_drop::<T>() {
        return drop_each(next);
    }
    let mut values = Vec::with_capacity(left);
    values.extend(iter::from_fn(&mut next));
    drop((current, segments));
    drop(guard);
    let mut values = values.into_iter();
    drop_each(|| values.next());
}

impl<T> fmt::Debug for Batch<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Batch").field("len", &self.len()).finish_non_exhaustive()
    }
}
