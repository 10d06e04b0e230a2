//! The unbounded deque: one [`Worker`], any number of [`Stealer`]s, a chain of doubling rings.
//!
//! The worker pushes and pops at the head, newest first; stealers take the oldest values, from the tail. Once its
//! newest ring is large enough for the load, the deque no longer allocates.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use crate::deque::batch::Batch;
use crate::deque::chain::PoolChain;
use crate::sync::Arc;

/// Makes a deque that grows as needed. It allocates its first ring, of 8 slots, with the first push.
///
/// # Examples
///
/// ```
/// let (worker, stealer) = pooldeque::unbounded();
/// worker.push("old");
/// worker.push("new");
/// std::thread::spawn(move || assert_eq!(stealer.steal(), Some("old"))).join().unwrap();
/// assert_eq!(worker.pop(), Some("new"));
/// ```
#[must_use]
pub fn unbounded<T>() -> (Worker<T>, Stealer<T>) {
    handles(PoolChain::new())
}

/// Makes a deque that grows as needed, from a first ring of `capacity` slots.
///
/// # Panics
///
/// Unless `capacity` is a power of two in `1..=`[`PoolDequeue::<T>::MAX_CAPACITY`](crate::PoolDequeue::MAX_CAPACITY).
///
/// # Examples
///
/// ```
/// let (mut worker, _stealer) = pooldeque::unbounded::with_capacity(1024);
/// worker.push_batch(0..1024); // fills the one ring
/// ```
#[must_use]
pub fn with_capacity<T>(capacity: usize) -> (Worker<T>, Stealer<T>) {
    handles(PoolChain::with_capacity(capacity))
}

fn handles<T>(chain: PoolChain<T>) -> (Worker<T>, Stealer<T>) {
    let worker = Worker { chain: Arc::new(chain), _not_sync: PhantomData };
    let stealer = worker.stealer();
    (worker, stealer)
}

/// The owner's handle: pushes and pops at the head. There is one per deque.
///
/// It can be sent to another thread but not shared or cloned, which makes its owner the only producer. Calls take
/// `&self`, except those that run a user's iterator and those that return a [`Batch`]. A global allocator must not use
/// a worker: the deque allocates.
pub struct Worker<T> {
    chain: Arc<PoolChain<T>>,
    _not_sync: PhantomData<Cell<()>>,
}

/// A thief's handle: takes the oldest values, from the tail. Clone it for as many threads as needed.
///
/// Stealers may outlive the worker and continue to take the values it left.
pub struct Stealer<T> {
    chain: Arc<PoolChain<T>>,
}

impl<T> Worker<T> {
    /// Adds a value as the newest.
    ///
    /// Wait-free, one `fetch_add`, except for the allocation of a ring twice as large when the newest is full; that
    /// costs amortised constant time per value. A ring also counts as full while a thief has not yet taken out a value
    /// that it claimed a lap ago.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::unbounded();
    /// worker.push(1);
    /// assert_eq!(worker.pop(), Some(1));
    /// ```
    #[inline]
    pub fn push(&self, value: T) {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.chain.push_head(value) }
    }

    /// Adds a value as the newest, and returns whether the deque was empty before.
    ///
    /// A scheduler needs to wake sleeping thieves only on `true`. `false` means that other values were there at the
    /// moment this one was added, and that a thief which takes the last of them sees this one. `true` means that there
    /// were none, or that thieves took the last of them during the call. It costs as much as [`push`](Self::push) while
    /// the newest ring holds values; otherwise one more read-modify-write per older ring, with the epoch pinned.
    ///
    /// After `true`, put a `fence(SeqCst)` between the push and the check for sleepers; a thief puts one between
    /// announcing that it sleeps and its last look at the deque. Without both fences each side can miss the other
    /// (store buffering), and the thief sleeps although there is a value. [Checking your own] has the model.
    ///
    /// [Checking your own]: crate::docs::checking_your_own
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::unbounded();
    /// assert!(worker.push_was_empty('a'));
    /// assert!(!worker.push_was_empty('b'));
    /// ```
    #[inline]
    pub fn push_was_empty(&self, value: T) -> bool {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        let ring_was_empty = unsafe { self.chain.push(value) };
        // SAFETY: as above.
        ring_was_empty && unsafe { self.chain.is_empty_before_head() }
    }

    /// Removes the newest value.
    ///
    /// Lock-free: it retries only after a thief has taken a value, at most once per value. One compare-and-swap without
    /// contention if the newest ring holds a value; it pins the epoch only to look into older rings. `None` means that
    /// the deque is empty, and stays so until the next push.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::unbounded();
    /// worker.push(1);
    /// worker.push(2);
    /// assert_eq!(worker.pop(), Some(2));
    /// ```
    #[inline]
    pub fn pop(&self) -> Option<T> {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.chain.pop_head() }
    }

    /// Adds all the values in turn, and returns how many.
    ///
    /// Thieves see all values of a ring at once: one `fetch_add` per ring, and a load and two stores per value. If the
    /// iterator panics, the values that it had yielded are in the deque.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, stealer) = pooldeque::unbounded();
    /// assert_eq!(worker.push_batch(0..100), 100);
    /// assert_eq!(stealer.steal(), Some(0));
    /// ```
    #[inline]
    pub fn push_batch(&mut self, values: impl IntoIterator<Item = T>) -> usize {
        // SAFETY: `&mut self` on the only worker, which the iterator therefore cannot reach.
        unsafe { self.chain.push_batch(values.into_iter()) }
    }

    /// Claims the newest values, at most `max`, to be taken out of the [`Batch`] newest first.
    ///
    /// Lock-free like [`pop`](Self::pop), with one compare-and-swap per ring; nearly always that is one. Fewer than
    /// `max` values means that the deque is now empty.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, _stealer) = pooldeque::unbounded();
    /// worker.push_batch(1..=10);
    /// assert!(worker.pop_batch(3).eq([10, 9, 8]));
    /// ```
    #[inline]
    pub fn pop_batch(&mut self, max: usize) -> Batch<'_, T> {
        // SAFETY: `&mut self` on the only worker, which the batch borrows, so nothing is pushed meanwhile.
        unsafe { self.chain.pop_batch(max) }
    }

    /// Frees memory after a burst: values pushed from now on go to a ring of `capacity` slots, if the newest is larger,
    /// and empty rings are freed.
    ///
    /// They are freed before the call returns, unless a thief is at work on any unbounded deque or a [`Batch`] of one
    /// is held: then a few hundred steals later, or with the next call. A larger ring that still holds values is
    /// unlinked when they have been taken and a thief moves on from it, or by the next call. No value is moved. The
    /// call allocates a ring and checks every thread that has used an unbounded deque a few times.
    ///
    /// # Panics
    ///
    /// As [`with_capacity`].
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, _stealer) = pooldeque::unbounded();
    /// worker.push_batch(0..1_000_000);
    /// drop(worker.pop_batch(1_000_000));
    /// worker.shrink_to(8);
    /// ```
    pub fn shrink_to(&self, capacity: usize) {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.chain.shrink_to(capacity) }
    }

    /// A handle for a thief.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _) = pooldeque::unbounded();
    /// let stealer = worker.stealer();
    /// worker.push('a');
    /// assert_eq!(stealer.steal(), Some('a'));
    /// ```
    #[must_use]
    pub fn stealer(&self) -> Stealer<T> {
        Stealer { chain: Arc::clone(&self.chain) }
    }

    /// The number of values that the deque holds, counted ring by ring.
    ///
    /// Thieves may take some meanwhile: it is never less than the number of values left when it returns. It pins the
    /// epoch and takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::unbounded();
    /// worker.push('a');
    /// assert_eq!(worker.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.chain.len()
    }

    /// Whether the deque is empty.
    ///
    /// `true` stays true until the next push; thieves may make a `false` stale at any moment. It pins the epoch and
    /// takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::unbounded::<u8>();
    /// assert!(worker.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chain.is_empty()
    }
}

impl<T> Stealer<T> {
    /// Removes the oldest value.
    ///
    /// Lock-free: it retries internally, and only because another call has pushed or taken a value or unlinked an
    /// emptied ring; there is nothing for the caller to retry. It pins the epoch, then takes one compare-and-swap
    /// without contention. `None` means that the deque was empty at some moment of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, stealer) = pooldeque::unbounded();
    /// worker.push(1);
    /// worker.push(2);
    /// assert_eq!(stealer.steal(), Some(1));
    /// ```
    #[inline]
    pub fn steal(&self) -> Option<T> {
        self.chain.pop_tail()
    }

    /// Claims the oldest values, at most `max`, to be taken out of the [`Batch`] oldest first.
    ///
    /// Lock-free like [`steal`](Self::steal), with one compare-and-swap per ring; once the deque has grown to its load
    /// that is one. Without concurrent calls it claims exactly `min(len, max)` values.
    ///
    /// The batch keeps the epoch pinned until it is dropped: take the values soon. While it is held, no ring of any
    /// unbounded deque is freed, and if it is forgotten none is freed again; pools and other users of crossbeam-epoch
    /// are not affected.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, stealer) = pooldeque::unbounded();
    /// worker.push_batch(1..=100);
    /// assert!(stealer.steal_batch(50).eq(1..=50));
    /// ```
    #[inline]
    pub fn steal_batch(&self, max: usize) -> Batch<'_, T> {
        self.chain.steal_batch(max)
    }

    /// Moves the oldest values, at most `max`, to the head of `dest` in their order. Returns how many.
    ///
    /// Lock-free except for the growth of `dest`: one compare-and-swap per ring claims the values, one `fetch_add` per
    /// ring publishes them, and each is copied once. Between the two they are in neither deque.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut busy, stealer) = pooldeque::unbounded();
    /// let (idle, _) = pooldeque::unbounded();
    /// busy.push_batch(1..=4);
    /// assert_eq!(stealer.steal_into(&idle, 3), 3);
    /// assert_eq!(idle.pop(), Some(3));
    /// ```
    pub fn steal_into(&self, dest: &Worker<T>, max: usize) -> usize {
        // SAFETY: there is one worker of `dest`, on one thread, and the batch cannot reach the producer half.
        unsafe { dest.chain.push_batch(self.steal_batch(max)) }
    }

    /// Takes the older half of the values: returns the oldest and moves the others to the head of `dest` in their
    /// order.
    ///
    /// Half is rounded up; it takes at most `limit` values including the returned one. It is exactly half without
    /// concurrent calls, and otherwise half of a length that [`len`](Self::len) might return. `None` means that the
    /// deque was empty at some moment of the call, or that `limit` is 0.
    ///
    /// Lock-free except for the growth of `dest`. It pins the epoch once; one compare-and-swap per ring claims the
    /// values, one `fetch_add` per ring publishes them, and each is copied once. Between the two they are in neither
    /// deque.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut busy, stealer) = pooldeque::unbounded();
    /// let (idle, _) = pooldeque::unbounded();
    /// busy.push_batch(1..=6);
    /// assert_eq!(stealer.steal_half_into(&idle, 32), Some(1));
    /// assert_eq!((idle.pop(), idle.pop(), idle.pop()), (Some(3), Some(2), None));
    /// assert_eq!(busy.len(), 3);
    /// ```
    pub fn steal_half_into(&self, dest: &Worker<T>, limit: usize) -> Option<T> {
        let mut batch = self.chain.steal_half(limit);
        let oldest = batch.next()?;
        // SAFETY: there is one worker of `dest`, on one thread, and the batch cannot reach the producer half.
        unsafe { dest.chain.push_batch(batch) };
        Some(oldest)
    }

    /// The number of values that the deque holds, counted ring by ring.
    ///
    /// The worker and other thieves may change it meanwhile, so it may count values that were never there together. A
    /// value that is there throughout the call is counted. It pins the epoch and takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let (_worker, stealer) = pooldeque::unbounded::<u8>();
    /// assert_eq!(stealer.len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.chain.len()
    }

    /// Whether no value was found in the deque.
    ///
    /// The worker and other thieves may have changed it by the time the call returns, and it may return `true` for a
    /// deque that was growing at the time: only a [`steal`](Self::steal) that returns `None` proves that it was empty.
    /// It pins the epoch and takes one or two loads per ring.
    ///
    /// # Examples
    ///
    /// ```
    /// let (_worker, stealer) = pooldeque::unbounded::<u8>();
    /// assert!(stealer.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chain.is_empty()
    }
}

impl<T> Extend<T> for Worker<T> {
    /// As [`push_batch`](Worker::push_batch).
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        self.push_batch(values);
    }
}

impl<T> Clone for Stealer<T> {
    fn clone(&self) -> Self {
        Self { chain: Arc::clone(&self.chain) }
    }
}

impl<T> fmt::Debug for Worker<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Worker").field(&*self.chain).finish()
    }
}

impl<T> fmt::Debug for Stealer<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Stealer").field(&*self.chain).finish()
    }
}
