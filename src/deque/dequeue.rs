//! The ring: Go's `poolDequeue`.
//!
//! One producer pushes and pops at the head; any number of consumers pop at the tail. Both indexes share one 64-bit
//! word, so a single compare-and-swap proves that neither has moved: that settles the race between the producer and a
//! thief for the last value.
//!
//! The cycle of a slot: the producer owns it while it is vacant, fills it, and hands it to the consumers by moving the
//! head over it. A thief that moves the tail over it has claimed it, and owns it until it has taken the value out and
//! cleared the slot's flag: only then does the producer own it again. The producer may also claim it back, by moving
//! the head back over it.

use alloc::boxed::Box;
use core::fmt;
use core::panic::{RefUnwindSafe, UnwindSafe};

use crossbeam_utils::CachePadded;

use crate::deque::claim::Claim;
use crate::deque::full::Full;
use crate::deque::index::Indices;
use crate::deque::slot::{Slot, slot_of};
use crate::drop_each::drop_each;
use crate::orderings;
use crate::sync::{AtomicU64, UnsafeCell};

mod batch;
#[cfg(feature = "std")]
mod in_place;

/// The producer's private state.
struct ProducerSide {
    /// The head, where the next value goes. No other thread moves it.
    ///
    /// `seen` contains it too, but depends on the last read-modify-write: a push that took its slot from `seen` could
    /// not store the value before that was done, and the next one would wait for the store.
    head: u32,
    // docs: last seen word
    /// The word as the producer last saw it. Its head is exact; its tail may be behind, so a ring that
    /// is empty here is empty.
    seen: Indices,
    // docs: end
    /// The producer owns the slots from the head up to this index, whatever their flags say: it has seen them vacant,
    /// or has taken them back itself.
    vacant_until: u32,
}

/// A fixed-size lock-free ring: one producer at the head, many consumers at the tail. Go's `poolDequeue`.
///
/// This is the port itself, under Go's names. Its producer half is `unsafe`, because the type cannot guarantee that
/// there is only one producer; [`bounded`](crate::bounded()) gives the same ring safe handles that do.
///
/// Source: `poolDequeue` in Go's `sync/poolqueue.go`.
///
/// # Examples
///
/// ```
/// use pooldeque::PoolDequeue;
///
/// let ring = PoolDequeue::new(4);
/// // SAFETY: this thread is the only producer.
/// unsafe { ring.push_head(1) }.unwrap();
/// // SAFETY: as above.
/// unsafe { ring.push_head(2) }.unwrap();
/// assert_eq!(ring.pop_tail(), Some(1));
/// // SAFETY: as above.
/// assert_eq!(unsafe { ring.pop_head() }, Some(2));
/// ```
pub struct PoolDequeue<T> {
    /// Head and tail. All threads change it, so it has a cache line to itself.
    word: CachePadded<AtomicU64>,
    /// The producer's state, on a cache line that no thief touches.
    producer: CachePadded<UnsafeCell<ProducerSide>>,
    /// The ring. An index's slot is `index & (capacity - 1)`.
    slots: Box<[Slot<T>]>,
}

// SAFETY: values pass from the producer to consumers on other threads, by value and never by reference, so `T: Send` is
// enough. The producer's side is accessible only through `unsafe` methods whose callers promise to be the only
// producer.
unsafe impl<T: Send> Sync for PoolDequeue<T> {}

// Only a value's own destructor can panic, and by then the ring is already consistent.
impl<T> UnwindSafe for PoolDequeue<T> {}
impl<T> RefUnwindSafe for PoolDequeue<T> {}

/// Whether the producer owns the slot of `index`, as it owns those from the head up to it. Updates `vacant_until`.
#[inline(always)]
fn is_producers<T>(slot: &Slot<T>, index: u32, vacant_until: &mut u32) -> bool {
    // docs: whose slot
    if index == *vacant_until {
        // When the ring is full its head slot is its tail slot, so the flag alone proves room.
        if !slot.is_vacant() {
            return false;
        }
        *vacant_until = index.wrapping_add(1);
    }
    true
    // docs: end
}

impl<T> PoolDequeue<T> {
    /// The largest capacity of a ring: 2^30 slots.
    ///
    /// The distance of two wrapping 32-bit indexes must distinguish a full ring from an empty one with room
    /// to spare. Source: Go's `dequeueLimit`.
    pub const MAX_CAPACITY: usize = 1 << 30;

    /// An empty ring of `capacity` slots.
    ///
    /// # Panics
    ///
    /// Unless `capacity` is a power of two in `1..=`[`MAX_CAPACITY`](Self::MAX_CAPACITY).
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::<u64>::new(8);
    /// assert_eq!(ring.capacity(), 8);
    /// ```
    pub fn new(capacity: usize) -> Self {
        Self::with_start_index(capacity, 0)
    }

    /// An empty ring whose head and tail both start at `start`, for instance just below the wrap at 2^32.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::with_start_index(2, u32::MAX);
    /// // SAFETY: this thread is the only producer.
    /// unsafe { ring.push_head('a') }.unwrap();
    /// assert_eq!(ring.indices(), (0, u32::MAX));
    /// assert_eq!(ring.pop_tail(), Some('a'));
    /// ```
    pub fn with_start_index(capacity: usize, start: u32) -> Self {
        assert_capacity(capacity);
        let seen = Indices::empty_at(start);
        Self {
            word: CachePadded::new(AtomicU64::new(seen.pack())),
            producer: CachePadded::new(UnsafeCell::new(ProducerSide {
                head: start,
                seen,
                vacant_until: start,
            })),
            slots: Slot::ring_of(capacity),
        }
    }

    /// Adds a value at the head, as its newest.
    ///
    /// Wait-free: a load, a store and one `fetch_add`. Source: `pushHead`.
    ///
    /// # Errors
    ///
    /// [`Full`], with the value, when `capacity` values are in the ring, and also while a consumer that claimed the
    /// slot a lap ago has not yet taken its value out: a single stalled consumer can make the push fail although the
    /// ring holds fewer values.
    ///
    /// # Safety
    ///
    /// The caller is the only producer: no other call of `push_head` or `pop_head` on this ring runs
    /// at the same time, and all earlier ones happen before this one.
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::new(1);
    /// // SAFETY: this thread is the only producer.
    /// assert!(unsafe { ring.push_head("a") }.is_ok());
    /// // SAFETY: as above.
    /// assert_eq!(unsafe { ring.push_head("b") }.unwrap_err().into_inner(), "b");
    /// ```
    #[inline]
    pub unsafe fn push_head(&self, value: T) -> Result<(), Full<T>> {
        // SAFETY: passed on.
        unsafe { self.push(value) }.map(|_before| ())
    }

    /// As [`push_head`](Self::push_head); returns the indexes just before the push, at no cost.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline]
    pub(crate) unsafe fn push(&self, value: T) -> Result<Indices, Full<T>> {
        // SAFETY: the caller is the only producer.
        let Some(slot) = (unsafe { self.head_slot() }) else {
            return Err(Full(value));
        };
        // SAFETY: the slot is vacant and the caller is the producer.
        unsafe { slot.fill(value) };
        // SAFETY: the slot at the head has just been filled.
        Ok(unsafe { self.publish(1) })
    }

    /// The slot at the head, if the producer owns it.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline(always)]
    unsafe fn head_slot(&self) -> Option<&Slot<T>> {
        self.producer.with_mut(|side| {
            // SAFETY: only the producer touches its side.
            let side = unsafe { &mut *side };
            let slot = self.slot(side.head);
            is_producers(slot, side.head, &mut side.vacant_until).then_some(slot)
        })
    }

    /// Moves the head over `count` filled slots, which offers them to the consumers.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and the `count` slots from the head on have been filled.
    #[inline]
    unsafe fn publish(&self, count: u32) -> Indices {
        // docs: publishing
        // Release: pairs with STEAL_CLAIM.
        let word = self.word.fetch_add(Indices::head_step(count), orderings::PUSH_PUBLISH.get());
        let before = Indices::unpack(word);
        // docs: end
        self.producer.with_mut(|side| {
            // SAFETY: only the producer touches its side.
            let side = unsafe { &mut *side };
            side.head = side.head.wrapping_add(count);
            side.seen = before.pushed(count);
        });
        before
    }

    /// Removes the newest value, from the head.
    ///
    /// Lock-free: it retries only after a consumer has taken a value, so at most once per value. One compare-and-swap
    /// without contention; an empty ring costs no shared access at all. `None` means that the ring was empty at some
    /// moment of the call. Source: `popHead`.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::new(2);
    /// // SAFETY: this thread is the only producer.
    /// unsafe { ring.push_head(1) }.unwrap();
    /// // SAFETY: as above.
    /// assert_eq!(unsafe { ring.pop_head() }, Some(1));
    /// // SAFETY: as above.
    /// assert_eq!(unsafe { ring.pop_head() }, None);
    /// ```
    #[inline]
    pub unsafe fn pop_head(&self) -> Option<T> {
        // SAFETY: the caller is the only producer.
        let claim = unsafe { self.claim_head(1) }?;
        // SAFETY: the slot has just been claimed, and its value is taken once, here.
        Some(unsafe { self.take_claimed(claim.oldest()) })
    }

    /// Claims the newest values, at most `max`, with one compare-and-swap; `None` if there are none.
    ///
    /// The producer owns the slots again at once, because no push can run before the caller has taken the values out: a
    /// caller that never does leaks them but blocks no slot.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and the values are taken out before the next push.
    #[inline]
    pub(crate) unsafe fn claim_head(&self, max: u32) -> Option<Claim> {
        // SAFETY: only the producer touches its side.
        let mut seen = self.producer.with_mut(|side| unsafe { (*side).seen });
        let claim = loop {
            let len = seen.len().min(max);
            if len == 0 {
                break None;
            }
            let after = seen.popped_at_head(len);
            // docs: claim at the head
            match self.word.compare_exchange(
                seen.pack(),
                after.pack(),
                // Relaxed: the producer wrote those values itself, and no thief can have claimed them.
                orderings::POP_CLAIM.get(),
                // Relaxed: only the tail's new place is learned, and the producer reads no slot a thief has claimed.
                orderings::POP_RETRY.get(),
            ) {
                // docs: end
                Ok(_) => {
                    seen = after;
                    break Some(Claim::new(after.head(), len));
                }
                Err(now) => seen = Indices::unpack(now),
            }
        };
        self.producer.with_mut(|side| {
            // SAFETY: only the producer touches its side.
            let side = unsafe { &mut *side };
            side.head = seen.head();
            side.seen = seen;
        });
        claim
    }

    /// Removes the oldest value, from the tail. Any thread may call it.
    ///
    /// Lock-free: it retries only because another call has pushed or popped. One compare-and-swap without contention.
    /// `None` means that the ring was empty at some moment of the call. Source: `popTail`.
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::new(2);
    /// // SAFETY: this thread is the only producer.
    /// unsafe { ring.push_head(1) }.unwrap();
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| assert_eq!(ring.pop_tail(), Some(1)));
    /// });
    /// assert_eq!(ring.pop_tail(), None);
    /// ```
    #[inline]
    pub fn pop_tail(&self) -> Option<T> {
        let claim = self.claim_tail(1)?;
        // SAFETY: the slot has just been claimed, and its value is taken once, here.
        Some(unsafe { self.take_and_release(claim.oldest()) })
    }

    /// Claims the oldest values, at most `max`, with one compare-and-swap; `None` if there are none.
    ///
    /// The caller owns the slots until [`take_and_release`](Self::take_and_release) empties them.
    #[inline]
    pub(crate) fn claim_tail(&self, max: u32) -> Option<Claim> {
        self.claim_share(|len| len.min(max))
    }

    /// Claims the older half of the values, rounded up, at most `limit`, with one compare-and-swap; `None` if there are
    /// none.
    #[inline]
    pub(crate) fn claim_tail_half(&self, limit: u32) -> Option<Claim> {
        self.claim_share(|len| len.div_ceil(2).min(limit))
    }

    /// Claims the oldest values; `share` maps the length to the number to claim.
    #[inline(always)]
    fn claim_share(&self, share: impl Fn(u32) -> u32) -> Option<Claim> {
        // Acquire: pairs with STEAL_CLAIM.
        let mut word = self.word.load(orderings::STEAL_LOOK.get());
        loop {
            let seen = Indices::unpack(word);
            let len = share(seen.len());
            if len == 0 {
                return None;
            }
            match self.word.compare_exchange(
                word,
                seen.popped_at_tail(len).pack(),
                // AcqRel: pairs with PUSH_PUBLISH, STEAL_LOOK.
                orderings::STEAL_CLAIM.get(),
                // Acquire: pairs with STEAL_CLAIM.
                orderings::STEAL_RETRY.get(),
            ) {
                Ok(_) => return Some(Claim::new(seen.tail(), len)),
                Err(now) => word = now,
            }
        }
    }

    /// Takes the value at `index` out of a claimed slot that need not be released: the producer already owns it, or
    /// there is no producer any more.
    ///
    /// # Safety
    ///
    /// The caller's claim covers `index`, and its value was not taken since.
    #[inline]
    pub(crate) unsafe fn take_claimed(&self, index: u32) -> T {
        // SAFETY: by its claim the caller owns the slot, which is filled; this takes the value once.
        unsafe { self.slot(index).take() }
    }

    /// Takes the value at `index` out of a slot claimed from the tail, and releases the slot.
    ///
    /// # Safety
    ///
    /// [`claim_tail`](Self::claim_tail) claimed `index`, and its value was not taken since.
    #[inline]
    pub(crate) unsafe fn take_and_release(&self, index: u32) -> T {
        // SAFETY: by its claim the caller owns the slot, which is filled; this takes the value once.
        unsafe { self.slot(index).take_and_release() }
    }

    /// Both indexes, `(head, tail)`, as they were at one moment. Wait-free.
    ///
    /// They wrap around at 2^32. Either may have moved before the caller sees them.
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::new(2);
    /// // SAFETY: this thread is the only producer.
    /// unsafe { ring.push_head(()) }.unwrap();
    /// assert_eq!(ring.indices(), (1, 0));
    /// ```
    pub fn indices(&self) -> (u32, u32) {
        let now = self.snapshot();
        (now.head(), now.tail())
    }

    /// The number of values that the ring held at one moment of the call. Wait-free, one load.
    ///
    /// Values that a consumer has claimed but not yet taken out are not counted, although their slots are not free yet:
    /// `len() < capacity()` does not guarantee that a push finds room.
    ///
    /// # Examples
    ///
    /// ```
    /// let ring = pooldeque::PoolDequeue::new(2);
    /// // SAFETY: this thread is the only producer.
    /// unsafe { ring.push_head('a') }.unwrap();
    /// assert_eq!(ring.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.snapshot().len() as usize
    }

    /// Whether the ring was empty at one moment of the call. Wait-free, one load.
    ///
    /// For the producer `true` stays true until its next push; for a consumer either result may be stale.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(pooldeque::PoolDequeue::<u8>::new(2).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.snapshot().is_empty()
    }

    /// Whether the ring is empty, for the producer after it has published a value in another ring.
    ///
    /// A read-modify-write instead of a load. If it finds values, it comes before the claim of the last of them, so the
    /// thief that makes that claim acquires everything that the producer did before.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn is_empty_after_publishing(&self) -> bool {
        // Release: pairs with STEAL_LOOK, STEAL_CLAIM.
        Indices::unpack(self.word.fetch_add(0, orderings::OLDER_RING_LOOK.get())).is_empty()
    }

    /// The number of slots.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(pooldeque::PoolDequeue::<u8>::new(16).capacity(), 16);
    /// ```
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    fn snapshot(&self) -> Indices {
        // Relaxed: the answer promises nothing about memory, only that both indexes stood there at one moment.
        Indices::unpack(self.word.load(orderings::INDICES_LOOK.get()))
    }

    /// The slots, whose number is a power of two.
    #[inline(always)]
    pub(crate) fn slots(&self) -> &[Slot<T>] {
        &self.slots
    }

    #[inline(always)]
    fn slot(&self, index: u32) -> &Slot<T> {
        // SAFETY: the slots belong to a ring.
        unsafe { slot_of(&self.slots, index) }
    }
}

/// Panics unless a ring can have `capacity` slots.
pub(crate) const fn assert_capacity(capacity: usize) {
    assert!(
        capacity.is_power_of_two() && capacity <= PoolDequeue::<()>::MAX_CAPACITY,
        "the capacity must be a power of two from 1 to 1073741824 (2^30)"
    );
}

impl<T> Drop for PoolDequeue<T> {
    /// Drops the values still in the ring, oldest first. Claimed values belong to their consumers.
    fn drop(&mut self) {
        let Some(mut rest) = self.claim_tail(u32::MAX) else { return };
        drop_each(|| {
            let index = rest.next_oldest()?;
            // SAFETY: the claim covers the index, and yields it once.
            Some(unsafe { self.take_claimed(index) })
        });
    }
}

impl<T> fmt::Debug for PoolDequeue<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.indices();
        formatter
            .debug_struct("PoolDequeue")
            .field("head", &head)
            .field("tail", &tail)
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}
