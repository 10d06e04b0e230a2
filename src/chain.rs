//! The chain: Go's `poolChain`.
//!
//! Rings of doubling size, linked both ways. The producer pushes to the newest and largest, the head
//! ring; when that is full it links one twice as large. Consumers pop from the oldest, the tail ring,
//! and unlink it once it can never hold a value again: when it is empty and already had a successor
//! when it was found so, for then the producer pushes to it no more.
//!
//! Who keeps which ring: the head ring has no successor, so nobody unlinks it, and the producer may
//! use it without a guard. Every other ring may be retired at any moment, so whoever looks at one
//! holds a guard, from before it finds the ring until it has emptied the slot it claimed there.

use alloc::vec::Vec;
use core::fmt;
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::ptr::{self, NonNull};

use crossbeam_utils::CachePadded;

use crate::Full;
use crate::batch::{Batch, End, Segment};
use crate::dequeue::{Claim, PoolDequeue, assert_capacity, claimable};
use crate::drop_each::drop_each;
use crate::order;
use crate::reclaim::{Guard, Node, Protected, pin};
use crate::sync::{AtomicPtr, UnsafeCell, const_unless_loom};

/// A ring and its place in the chain.
struct Ring<T> {
    dequeue: PoolDequeue<T>,
    /// The next larger ring. Written once, by the producer; from then on it pushes to this ring no more.
    next: AtomicPtr<Node<Ring<T>>>,
    /// The next smaller ring, for the producer's pops. Cleared by the consumer that unlinks that ring.
    prev: AtomicPtr<Node<Ring<T>>>,
}

/// What the producer knows without asking; nobody else touches it.
struct ProducerSide<T> {
    /// The ring that takes the pushes, once there is one.
    head: Option<NonNull<Node<Ring<T>>>>,
    /// How many slots the first ring gets.
    first_capacity: usize,
}

/// An unbounded lock-free deque of doubling rings: one producer at the head, many consumers at the
/// tail. Go's `poolChain`.
///
/// This is the port itself, in Go's names. Its producer half is `unsafe`, because the type cannot
/// know that there is one producer only; [`unbounded`](crate::unbounded()) gives the same chain safe
/// handles that do.
///
/// Emptied rings are reclaimed by crossbeam-epoch. The values never are: each is dropped where it
/// was taken out, or with the chain.
///
/// Source: `poolChain` in Go's `sync/poolqueue.go`.
///
/// # Examples
///
/// ```
/// use pooldeque::PoolChain;
///
/// static CHAIN: PoolChain<u32> = PoolChain::new();
/// for value in 0..10 {
///     // SAFETY: this thread is the only producer.
///     unsafe { CHAIN.push_head(value) };
/// }
/// assert_eq!(CHAIN.rings(), [(8, 8), (16, 2)]);
/// assert_eq!(CHAIN.pop_tail(), Some(0));
/// // SAFETY: as above.
/// assert_eq!(unsafe { CHAIN.pop_head() }, Some(9));
/// ```
pub struct PoolChain<T> {
    /// The producer's alone, on a line that no thief touches.
    producer: CachePadded<UnsafeCell<ProducerSide<T>>>,
    /// The oldest ring. Null until the first push.
    tail: CachePadded<AtomicPtr<Node<Ring<T>>>>,
}

// SAFETY: as for the ring: values pass between threads by value, and the producer's side is reached
// only through `unsafe` methods whose callers promise to be the only producer.
unsafe impl<T: Send> Sync for PoolChain<T> {}
// SAFETY: the chain owns its rings and the values in them.
unsafe impl<T: Send> Send for PoolChain<T> {}

// A panic can only come out of a value's own destructor, at which point the chain is already whole.
impl<T> UnwindSafe for PoolChain<T> {}
impl<T> RefUnwindSafe for PoolChain<T> {}

/// A place in the chain, not looked at yet.
type Link<T> = NonNull<Node<Ring<T>>>;

impl<T> Ring<T> {
    /// The ring that took over from this one, if it is there yet.
    #[inline(always)]
    fn successor(&self) -> Option<Link<T>> {
        NonNull::new(self.next.load(order::NEXT_READ.get()))
    }

    /// The ring this one took over from, unless it was unlinked.
    #[inline(always)]
    fn predecessor(&self) -> Option<Link<T>> {
        NonNull::new(self.prev.load(order::PREV_READ.get()))
    }
}

/// Values claimed from a ring, and the successor it already had before.
struct TailClaim<'g, T> {
    ring: Protected<'g, Ring<T>>,
    link: Link<T>,
    claim: Claim,
    successor: Option<Link<T>>,
}

impl<T> Ring<T> {
    /// The rings before this one, as far as they are not unlinked.
    fn older<'g>(&self, guard: &'g Guard) -> impl Iterator<Item = Protected<'g, Self>>
    where
        T: 'g,
    {
        let mut link = self.predecessor();
        core::iter::from_fn(move || {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link?, guard) };
            link = ring.predecessor();
            Some(ring)
        })
    }
}

impl<T> PoolChain<T> {
    const_unless_loom! {
        /// An empty chain. It allocates nothing until the first push, whose ring has 8 slots.
        ///
        /// # Examples
        ///
        /// ```
        /// static CHAIN: pooldeque::PoolChain<String> = pooldeque::PoolChain::new();
        /// assert!(CHAIN.rings().is_empty());
        /// ```
        pub fn new() -> Self {
            Self::with_capacity(8)
        }
    }

    const_unless_loom! {
        /// An empty chain whose first ring will have `capacity` slots. It allocates nothing until the
        /// first push.
        ///
        /// # Panics
        ///
        /// Unless `capacity` is a power of two in `1..=`[`PoolDequeue::<T>::MAX_CAPACITY`](PoolDequeue::MAX_CAPACITY).
        ///
        /// # Examples
        ///
        /// ```
        /// let chain = pooldeque::PoolChain::with_capacity(1024);
        /// // SAFETY: this thread is the only producer.
        /// unsafe { chain.push_head('a') };
        /// assert_eq!(chain.rings(), [(1024, 1)]);
        /// ```
        pub fn with_capacity(capacity: usize) -> Self {
            assert_capacity(capacity);
            Self {
                producer: CachePadded::new(UnsafeCell::new(ProducerSide {
                    head: None,
                    first_capacity: capacity,
                })),
                tail: CachePadded::new(AtomicPtr::new(ptr::null_mut())),
            }
        }
    }

    /// Adds a value at the head, as its newest.
    ///
    /// Wait-free but for the allocation of a ring when the last is full: then it costs time in
    /// proportion to the new ring's size, constant when spread over the pushes that fill it. No epoch
    /// is entered. A ring also counts as full while a consumer has yet to take out the value it
    /// claimed a lap ago. Source: `pushHead`.
    ///
    /// # Safety
    ///
    /// The caller is the only producer: no other call of `push_head` or `pop_head` on this chain runs
    /// at the same time, and all earlier ones happen before this one.
    ///
    /// # Examples
    ///
    /// ```
    /// let chain = pooldeque::PoolChain::new();
    /// // SAFETY: this thread is the only producer.
    /// unsafe { chain.push_head("newest") };
    /// assert_eq!(chain.pop_tail(), Some("newest"));
    /// ```
    #[inline]
    pub unsafe fn push_head(&self, value: T) {
        // SAFETY: passed on.
        unsafe { self.push(value) };
    }

    /// As [`push_head`](Self::push_head); tells whether the ring it pushed to was empty.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline]
    pub(crate) unsafe fn push(&self, value: T) -> bool {
        // SAFETY: the caller is the only producer.
        let pushed = match unsafe { self.head_ring() } {
            // SAFETY: the caller is the only producer.
            Some(head) => unsafe { head.dequeue.push(value) },
            None => Err(Full(value)),
        };
        match pushed {
            Ok(before) => before.is_empty(),
            // SAFETY: the caller is the only producer.
            Err(Full(value)) => unsafe { self.push_to_new_ring(value) },
        }
    }

    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[cold]
    unsafe fn push_to_new_ring(&self, value: T) -> bool {
        // SAFETY: the caller is the only producer.
        let ring = unsafe { self.grow() };
        // SAFETY: the caller is the only producer.
        let pushed = unsafe { ring.dequeue.push(value) };
        debug_assert!(pushed.is_ok(), "a new ring has room");
        true
    }

    /// Pushes all that `values` hands out, with one `fetch_add` a ring. Tells how many.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head). `values` must not reach the producer's half of this chain.
    pub(crate) unsafe fn push_batch(&self, values: &mut impl Iterator<Item = T>) -> usize {
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
            let mut values = core::iter::once(value).chain(values.by_ref());
            // SAFETY: the caller is the only producer.
            pushed += unsafe { ring.dequeue.push_batch(&mut values) };
        }
        pushed
    }

    /// Makes a ring twice as large as the head ring, or the first one, to take the pushes from now on.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    unsafe fn grow(&self) -> Protected<'_, Ring<T>> {
        // SAFETY: the caller is the only producer.
        let capacity = match unsafe { self.head_ring() } {
            Some(head) => (head.dequeue.capacity() * 2).min(PoolDequeue::<T>::MAX_CAPACITY),
            // SAFETY: only the producer touches its side.
            None => self.producer.with_mut(|side| unsafe { (*side).first_capacity }),
        };
        // SAFETY: the caller is the only producer.
        unsafe { self.add_head_ring(capacity) }
    }

    /// Makes a ring of `capacity` slots and puts it at the head of the chain.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    unsafe fn add_head_ring(&self, capacity: usize) -> Protected<'_, Ring<T>> {
        // SAFETY: only the producer touches its side.
        let old_head = self.producer.with_mut(|side| unsafe { (*side).head });
        let new_head = Node::allocate(Ring {
            dequeue: PoolDequeue::new(capacity),
            next: AtomicPtr::new(ptr::null_mut()),
            prev: AtomicPtr::new(old_head.map_or(ptr::null_mut(), NonNull::as_ptr)),
        });
        // SAFETY: only the producer touches its side.
        self.producer.with_mut(|side| unsafe { (*side).head = Some(new_head) });
        match old_head {
            Some(old_head) => {
                // SAFETY: the old head ring has no successor before the next line, so it is not retired.
                let old_head = unsafe { Protected::new(old_head) };
                old_head.next.store(new_head.as_ptr(), order::NEXT_LINK.get());
            }
            None => self.tail.store(new_head.as_ptr(), order::TAIL_PLACE.get()),
        }
        // SAFETY: the head ring is never retired.
        unsafe { Protected::new(new_head) }
    }

    /// The ring that takes the pushes, if there is one yet.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline(always)]
    unsafe fn head_ring(&self) -> Option<Protected<'_, Ring<T>>> {
        // SAFETY: only the producer touches its side.
        let head = self.producer.with_mut(|side| unsafe { (*side).head })?;
        // SAFETY: a ring is retired only once it has a successor, and then it is not the head ring.
        Some(unsafe { Protected::new(head) })
    }

    /// Removes the newest value, from the head.
    ///
    /// Lock-free: it retries only after a consumer has taken a value. One compare-and-swap when the
    /// newest ring holds a value; it enters an epoch only to look for one in older rings. `None`
    /// means that the chain was empty at some moment of the call. Source: `popHead`.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    ///
    /// # Examples
    ///
    /// ```
    /// let chain = pooldeque::PoolChain::new();
    /// // SAFETY: this thread is the only producer.
    /// unsafe { chain.push_head(1) };
    /// // SAFETY: as above.
    /// assert_eq!(unsafe { chain.pop_head() }, Some(1));
    /// // SAFETY: as above.
    /// assert_eq!(unsafe { chain.pop_head() }, None);
    /// ```
    #[inline]
    pub unsafe fn pop_head(&self) -> Option<T> {
        // SAFETY: the caller is the only producer.
        let head = unsafe { self.head_ring() }?;
        // SAFETY: the caller is the only producer.
        match unsafe { head.dequeue.pop_head() } {
            Some(value) => Some(value),
            // SAFETY: the caller is the only producer.
            None => unsafe { self.pop_older(&head) },
        }
    }

    /// Removes the newest value of the rings before the head ring.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    #[inline(never)]
    unsafe fn pop_older(&self, head: &Ring<T>) -> Option<T> {
        // Whether there are older rings can be seen without a guard; which ones cannot.
        head.predecessor()?;
        let guard = pin();
        // SAFETY: the caller is the only producer.
        head.older(&guard).find_map(|ring| unsafe { ring.dequeue.pop_head() })
    }

    /// Claims the newest values, `max` at most, with one compare-and-swap a ring.
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
            let guard = guard.insert(pin());
            // SAFETY: the caller is the only producer.
            rest = unsafe { Self::claim_older(&head, wanted, guard) };
        }
        let first = Segment::new(head.part(|ring| &ring.dequeue), claim);
        // SAFETY: the producer claimed the segments, and the caller pushes nothing meanwhile.
        unsafe { Batch::new(End::Head, first, rest, guard) }
    }

    /// Claims the newest values of the rings before the head ring. The last claim comes first.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head), and whoever keeps the segments keeps the guard.
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
            let segment = Segment::new(ring.part(|ring| &ring.dequeue), claim);
            wanted -= segment.len();
            segments.push(segment);
        }
        segments.reverse();
        segments
    }

    /// Removes the oldest value, from the tail. Any thread may call it.
    ///
    /// Lock-free: it retries only because another call has pushed, popped or unlinked a ring. It
    /// enters an epoch once; otherwise one compare-and-swap when nobody interferes. `None` means that
    /// the chain was empty at some moment of the call, which Go's does not promise. Source: `popTail`.
    ///
    /// # Examples
    ///
    /// ```
    /// let chain = pooldeque::PoolChain::new();
    /// // SAFETY: this thread is the only producer.
    /// unsafe { chain.push_head(1) };
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| assert_eq!(chain.pop_tail(), Some(1)));
    /// });
    /// assert_eq!(chain.pop_tail(), None);
    /// ```
    #[inline]
    pub fn pop_tail(&self) -> Option<T> {
        let guard = pin();
        let tail = self.tail_link()?;
        let TailClaim { ring, mut claim, .. } = self.claim_from(tail, 1, &guard)?;
        // SAFETY: the claim covers the index, and hands it out once.
        claim.next_oldest().map(|index| unsafe { ring.dequeue.take_and_release(index) })
    }

    /// Claims the oldest values, `max` at most, with one compare-and-swap a ring.
    #[inline(always)]
    pub(crate) fn steal_batch(&self, max: usize) -> Batch<'_, T> {
        let guard = pin();
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
    /// Whoever keeps the segments keeps the guard, which was taken before `link` was found.
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

    /// Claims the oldest values of one ring, the first from `link` on that has any. Should that leave
    /// it drained and more be wanted, unlinks it and tells its successor.
    ///
    /// # Safety
    ///
    /// Whoever keeps the segment keeps the guard, which was taken before `link` was found.
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
        (Segment::new(ring.part(|ring| &ring.dequeue), Some(found.claim)), drained)
    }

    /// Claims the oldest values, `max` at most, of the first ring from `link` on that has any.
    /// Unlinks the rings on the way that will never have any again.
    #[inline]
    fn claim_from<'g>(&'g self, mut link: Link<T>, max: u32, guard: &'g Guard) -> Option<TailClaim<'g, T>> {
        loop {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link, guard) };
            // The successor must be looked up first: only a ring that already had one when it was
            // found empty stays empty.
            let successor = ring.successor();
            if let Some(claim) = ring.dequeue.claim_tail(max) {
                return Some(TailClaim { ring, link, claim, successor });
            }
            match successor {
                Some(successor) => {
                    // SAFETY: the ring was empty after it had its successor.
                    unsafe { self.unlink_drained(link, successor, guard) };
                    link = successor;
                }
                // The chain grew between the two looks, and the value that made it grow may have been
                // there all along: Go reports a false empty here. Look at this ring again.
                None if ring.successor().is_some() => {}
                None => return None,
            }
        }
    }

    /// Moves the tail from a drained ring to its successor and retires the ring, unless another
    /// consumer does so first.
    ///
    /// # Safety
    ///
    /// The ring at `drained` will never hold a value again, `successor` is its successor, and `guard`
    /// was taken before they were found.
    unsafe fn unlink_drained(&self, drained: Link<T>, successor: Link<T>, guard: &Guard) {
        let won = self.tail.compare_exchange(
            drained.as_ptr(),
            successor.as_ptr(),
            order::TAIL_ADVANCE.get(),
            order::TAIL_ADVANCE_LOST.get(),
        );
        if won.is_ok() {
            // SAFETY: found after the guard was taken.
            let new_tail = unsafe { protect(successor, guard) };
            // The last way to the drained ring must be gone before it is retired.
            new_tail.prev.store(ptr::null_mut(), order::PREV_CLEAR.get());
            // SAFETY: this consumer alone has unlinked the ring. It is empty, so that its destructor
            // looks at no value.
            unsafe { guard.retire(drained) };
        }
    }

    /// The oldest ring, if there is one yet. Look at it only with a guard taken before.
    #[inline(always)]
    fn tail_link(&self) -> Option<Link<T>> {
        NonNull::new(self.tail.load(order::TAIL_READ.get()))
    }

    /// The rings from the tail to the head.
    fn from_tail<'g>(&self, guard: &'g Guard) -> impl Iterator<Item = Protected<'g, Ring<T>>>
    where
        T: 'g,
    {
        let mut link = self.tail_link();
        core::iter::from_fn(move || {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link?, guard) };
            link = ring.successor();
            Some(ring)
        })
    }

    /// Each ring's capacity and length, `(capacity, length)`, tail ring first.
    ///
    /// Each length is exact at one moment of the call, but each at another. It enters an epoch and
    /// takes a load or two a ring.
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
        self.from_tail(&pin()).map(|ring| (ring.dequeue.capacity(), ring.dequeue.len())).collect()
    }

    /// How many values the chain holds, counted ring by ring.
    ///
    /// With nobody else at work it is exact. Otherwise it is the sum of lengths that were true one
    /// after the other, and may be a number of values that were never there together. It enters an
    /// epoch and takes a load or two a ring.
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
        self.from_tail(&pin()).map(|ring| ring.dequeue.len()).sum()
    }

    /// Whether no ring holds a value.
    ///
    /// To the producer `true` stays true until its next push; to a consumer neither answer lasts,
    /// and `true` may be told of a chain that was growing at the time: only a pop that returns `None`
    /// proves that the chain was empty. It enters an epoch and takes a load or two a ring.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(pooldeque::PoolChain::<u8>::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.from_tail(&pin()).all(|ring| ring.dequeue.is_empty())
    }

    /// Whether the producer would find nothing in the rings before the head ring.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn is_empty_before_head(&self) -> bool {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return true };
        head.predecessor().is_none() || head.older(&pin()).all(|ring| ring.dequeue.is_empty())
    }

    /// Lets pushes go to a new ring of `capacity` slots if the head ring is larger, and unlinks the
    /// rings that are drained.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn shrink_to(&self, capacity: usize) {
        // SAFETY: the caller is the only producer.
        let Some(head) = (unsafe { self.head_ring() }) else { return };
        if head.dequeue.capacity() > capacity {
            // SAFETY: the caller is the only producer.
            unsafe { self.add_head_ring(capacity) };
        }
        let guard = pin();
        while let Some(link) = self.tail_link() {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link, &guard) };
            match ring.successor() {
                Some(successor) if ring.dequeue.is_empty() => {
                    // SAFETY: the ring was empty after it had its successor.
                    unsafe { self.unlink_drained(link, successor, &guard) };
                }
                _ => break,
            }
        }
    }
}

/// Looks at a ring for as long as `guard` lasts.
///
/// # Safety
///
/// The ring was found after `guard` was taken.
#[inline(always)]
unsafe fn protect<T>(link: Link<T>, _guard: &Guard) -> Protected<'_, Ring<T>> {
    // SAFETY: the guard keeps every ring that can be found after it was taken.
    unsafe { Protected::new(link) }
}

impl<T> Drop for PoolChain<T> {
    /// Drops the values still in the chain, oldest first, and frees the rings.
    fn drop(&mut self) {
        let mut link = self.tail_link();
        let mut rest = Claim::none();
        drop_each(|| {
            while let Some(oldest) = link {
                {
                    // SAFETY: nobody else is left, and the ring is freed only below.
                    let ring = unsafe { Protected::new(oldest) };
                    if rest.len() == 0 {
                        rest = ring.dequeue.claim_tail(u32::MAX).unwrap_or(rest);
                    }
                    if let Some(index) = rest.next_oldest() {
                        // SAFETY: the claim covers the index, and hands it out once.
                        return Some(unsafe { ring.dequeue.take_claimed(index) });
                    }
                    link = ring.successor();
                }
                // SAFETY: nobody else is left, and that was the last look at the ring.
                unsafe { Node::free(oldest) };
            }
            None
        });
    }
}

impl<T> Default for PoolChain<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for PoolChain<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PoolChain").field("rings", &self.rings()).finish_non_exhaustive()
    }
}
