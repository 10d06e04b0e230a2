//! The chain: Go's `poolChain`.
//!
//! Rings of doubling size, linked both ways. The producer pushes to the newest and largest, the head ring; when that is
//! full it links one twice as large. Consumers pop from the oldest, the tail ring, and unlink it once it can never hold
//! a value again: when it is found empty and already had a successor, because then the producer no longer pushes to it.
//!
//! Protection of rings: the head ring has no successor, so no thread unlinks it, and the producer may use it without a
//! guard. Every other ring may be retired at any moment, so a thread that looks at one holds a guard, from before it
//! finds the ring until it has emptied the slot it claimed there.

use core::panic::{RefUnwindSafe, UnwindSafe};
use core::ptr::{self, NonNull};

use crossbeam_utils::CachePadded;

use crate::deque::claim::Claim;
use crate::deque::dequeue::PoolDequeue;
use crate::deque::dequeue::assert_capacity;
use crate::deque::full::Full;
use crate::drop_each::drop_each;
use crate::orderings;
use crate::reclaim::{Domain, Guard, Node, Protected, collect_in, pin_in};
use crate::sync::{AtomicPtr, UnsafeCell, const_unless_model};

mod batch;
mod in_place;
mod inspect;
mod ring;

use ring::{Link, Ring, protect};

/// The producer's private state.
struct ProducerSide<T> {
    /// The ring that takes the pushes, once there is one.
    head: Option<NonNull<Node<Ring<T>>>>,
    /// How many slots the first ring gets.
    first_capacity: usize,
}

/// An unbounded lock-free deque of doubling rings: one producer at the head, many consumers at the
/// tail. Go's `poolChain`.
///
/// This is the port itself, under Go's names. Its producer half is `unsafe`, because the type cannot guarantee that
/// there is only one producer; [`unbounded`](crate::unbounded()) gives the same chain safe handles that do.
///
/// crossbeam-epoch reclaims emptied rings, in this crate's own collector. It does not manage the values: each is
/// dropped where it was taken out, or with the chain.
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
    /// The producer's state, on a cache line that no thief touches.
    producer: CachePadded<UnsafeCell<ProducerSide<T>>>,
    /// The consumers' starting point.
    consumers: CachePadded<ConsumerSide<T>>,
}

/// The consumers' starting point; the producer writes to it only with the first push.
struct ConsumerSide<T> {
    /// The oldest ring. Null until the first push.
    tail: AtomicPtr<Node<Ring<T>>>,
    /// Where the chain's rings are reclaimed.
    domain: Domain,
}

// SAFETY: as for the ring: values pass between threads by value, and the producer's side is accessible only through
// `unsafe` methods whose callers promise to be the only producer.
unsafe impl<T: Send> Sync for PoolChain<T> {}
// SAFETY: the chain owns its rings and the values in them.
unsafe impl<T: Send> Send for PoolChain<T> {}

// Only a value's own destructor can panic, and by then the chain is already consistent.
impl<T> UnwindSafe for PoolChain<T> {}
impl<T> RefUnwindSafe for PoolChain<T> {}

/// Values claimed from a ring, and the successor that it had before the claim.
struct TailClaim<'g, T> {
    ring: Protected<'g, Ring<T>>,
    link: Link<T>,
    claim: Claim,
    successor: Option<Link<T>>,
}

impl<T> PoolChain<T> {
    const_unless_model! {
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

    const_unless_model! {
        /// An empty chain whose first ring has `capacity` slots. It allocates nothing until the
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
            Self::with_capacity_in(capacity, Domain::Deques)
        }
    }

    const_unless_model! {
        /// As [`with_capacity`](Self::with_capacity); the rings are reclaimed in `domain`.
        pub(crate) fn with_capacity_in(capacity: usize, domain: Domain) -> Self {
            assert_capacity(capacity);
            Self {
                producer: CachePadded::new(UnsafeCell::new(ProducerSide {
                    head: None,
                    first_capacity: capacity,
                })),
                consumers: CachePadded::new(ConsumerSide {
                    tail: AtomicPtr::new(ptr::null_mut()),
                    domain,
                }),
            }
        }
    }

    /// Adds a value at the head, as its newest.
    ///
    /// Wait-free except for the allocation of a ring when the last is full: then it costs time proportional to the new
    /// ring's size, which is amortised constant time per push. It does not pin the epoch. A ring also counts as full
    /// while a consumer has not yet taken out the value that it claimed a lap ago. Source: `pushHead`.
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

    /// As [`push_head`](Self::push_head); returns whether the ring it pushed to was empty.
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

    /// Makes a ring twice as large as the head ring, or the first one; pushes go there from now on.
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
                // docs: linking
                // SAFETY: the old head ring has no successor before the next line, so it is not retired.
                let old_head = unsafe { Protected::new(old_head) };
                // Release: pairs with NEXT_READ.
                old_head.next.store(new_head.as_ptr(), orderings::NEXT_LINK.get());
                // docs: end
            }
            // Release: pairs with TAIL_READ.
            None => self.consumers.tail.store(new_head.as_ptr(), orderings::TAIL_PLACE.get()),
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
    /// Lock-free: it retries only after a consumer has taken a value. One compare-and-swap when the newest ring holds a
    /// value; it pins the epoch only to look for one in older rings. `None` means that the chain was empty at some
    /// moment of the call. Source: `popHead`.
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
        // docs: looking back
        // The producer can check without a guard whether there are older rings, but not access them.
        head.predecessor()?;
        let guard = self.pin();
        // docs: end
        // SAFETY: the caller is the only producer.
        head.older(&guard).find_map(|ring| unsafe { ring.dequeue.pop_head() })
    }

    /// Removes the oldest value, from the tail. Any thread may call it.
    ///
    /// Lock-free: it retries only because another call has pushed, popped or unlinked a ring. It pins the epoch once
    /// and takes one compare-and-swap without contention. `None` means that the chain was empty at some moment of the
    /// call, which Go's does not promise. Source: `popTail`.
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
        let guard = self.pin();
        let tail = self.tail_link()?;
        let TailClaim { ring, claim, .. } = self.claim_from(tail, 1, &guard)?;
        // SAFETY: the slot has just been claimed, and its value is taken once, here.
        Some(unsafe { ring.dequeue.take_and_release(claim.oldest()) })
    }

    /// Claims the oldest values, at most `max` (not 0), of the first non-empty ring from `link` on. Unlinks the rings
    /// on the way that never holds a value again.
    #[inline]
    fn claim_from<'g>(&'g self, mut link: Link<T>, max: u32, guard: &'g Guard) -> Option<TailClaim<'g, T>> {
        debug_assert!(max != 0, "a claim of no values does not find a ring empty");
        loop {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link, guard) };
            // The successor must be loaded first: only a ring that already had one when it was found empty stays empty.
            // docs: successor first
            let successor = ring.successor();
            if let Some(claim) = ring.dequeue.claim_tail(max) {
                return Some(TailClaim { ring, link, claim, successor });
            }
            // docs: end
            // SAFETY: the ring was found empty after its successor was loaded.
            link = unsafe { self.after_empty(link, successor, guard) }?;
        }
    }

    /// The link at which to continue after the ring at `link` was found empty. Unlinks the ring if it never holds a
    /// value again.
    ///
    /// # Safety
    ///
    /// `successor` was loaded before the ring was found empty, and `guard` was taken before `link` was found.
    #[cold]
    unsafe fn after_empty(
        &self,
        link: Link<T>,
        successor: Option<Link<T>>,
        guard: &Guard,
    ) -> Option<Link<T>> {
        if let Some(successor) = successor {
            // SAFETY: the ring was empty after it had its successor.
            unsafe { self.unlink_drained(link, successor, guard) };
            return Some(successor);
        }
        // SAFETY: found after the guard was taken.
        let ring = unsafe { protect(link, guard) };
        // docs: second look
        // Has the chain grown between the two looks? Then the value that made it grow may have been there
        // all along: Go reports a false empty here. Look at this ring again.
        ring.successor().map(|_| link)
        // docs: end
    }

    /// Moves the tail from a drained ring to its successor and retires the ring, unless another
    /// consumer does so first.
    ///
    /// # Safety
    ///
    /// The ring at `drained` never holds a value again, `successor` is its successor, and `guard`
    /// was taken before they were found.
    unsafe fn unlink_drained(&self, drained: Link<T>, successor: Link<T>, guard: &Guard) {
        let won = self.consumers.tail.compare_exchange(
            drained.as_ptr(),
            successor.as_ptr(),
            // Release: pairs with TAIL_READ.
            orderings::TAIL_ADVANCE.get(),
            // Relaxed: the value read is not used.
            orderings::TAIL_ADVANCE_LOST.get(),
        );
        if won.is_ok() {
            // SAFETY: found after the guard was taken.
            let new_tail = unsafe { protect(successor, guard) };
            // docs: clearing prev
            // The last path to the drained ring must be cleared before it is retired.
            // Relaxed: the epoch orders it.
            new_tail.prev.store(ptr::null_mut(), orderings::PREV_CLEAR.get());
            // docs: end
            // SAFETY: only this consumer has unlinked the ring. It is empty, so its destructor accesses no value.
            unsafe { guard.retire(drained) };
        }
    }

    /// Takes a guard for this chain's rings.
    #[inline(always)]
    fn pin(&self) -> Guard {
        pin_in(self.consumers.domain)
    }

    /// The oldest ring, if there is one yet. Access it only with a guard taken before.
    #[inline(always)]
    fn tail_link(&self) -> Option<Link<T>> {
        // Acquire: pairs with TAIL_PLACE, TAIL_ADVANCE.
        NonNull::new(self.consumers.tail.load(orderings::TAIL_READ.get()))
    }

    /// Directs pushes to a new ring of `capacity` slots if the head ring is larger, and unlinks the drained rings. They
    /// are freed before it returns, unless a thread holds a guard.
    ///
    /// # Panics
    ///
    /// Unless a ring can have `capacity` slots.
    ///
    /// # Safety
    ///
    /// As [`push_head`](Self::push_head).
    pub(crate) unsafe fn shrink_to(&self, capacity: usize) {
        assert_capacity(capacity);
        // SAFETY: the caller is the only producer.
        let head_capacity = unsafe { self.head_ring() }.map(|head| head.dequeue.capacity());
        // No reference to the head ring is kept: once it has a successor, thieves may drain and free it.
        match head_capacity {
            None => return,
            Some(larger) if larger > capacity => {
                // SAFETY: the caller is the only producer.
                unsafe { self.add_head_ring(capacity) };
            }
            Some(_) => {}
        }
        let guard = self.pin();
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
        drop(guard);
        // A ring is freed in a collection after the epoch has advanced twice since it was retired.
        for _ in 0..3 {
            collect_in(self.consumers.domain);
        }
    }
}

impl<T> Drop for PoolChain<T> {
    /// Drops the values still in the chain, oldest first, and frees the rings.
    fn drop(&mut self) {
        let mut link = self.tail_link();
        let mut rest = Claim::none();
        drop_each(|| {
            while let Some(oldest) = link {
                {
                    // SAFETY: no other thread has access, and the ring is freed only below.
                    let ring = unsafe { Protected::new(oldest) };
                    if rest.len() == 0 {
                        rest = ring.dequeue.claim_tail(u32::MAX).unwrap_or(rest);
                    }
                    if let Some(index) = rest.next_oldest() {
                        // SAFETY: the claim covers the index, and yields it once.
                        return Some(unsafe { ring.dequeue.take_claimed(index) });
                    }
                    link = ring.successor();
                }
                // SAFETY: no other thread has access, and that was the last access to the ring.
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
