//! The bounded deque: one [`Worker`], any number of [`Stealer`]s, one ring of fixed capacity.
//!
//! The worker pushes and pops at the head, newest first; stealers take the oldest values, from the
//! tail. Nothing is allocated after [`bounded`] returns.
//!
//! The constructor has the name of its module. Import it together with the types:
//!
//! ```
//! use pooldeque::bounded::{Stealer, Worker, bounded};
//!
//! let (worker, stealer): (Worker<u8>, Stealer<u8>) = bounded(8);
//! # drop((worker, stealer));
//! ```
//!
//! (`use pooldeque::bounded::{self}` imports the module alone; the function is `bounded::bounded` then.)

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use super::batch::Batch;
use super::dequeue::PoolDequeue;
use super::full::Full;
use crate::sync::Arc;

/// Makes a deque of `capacity` slots.
///
/// # Panics
///
/// Unless `capacity` is a power of two in `1..=`[`PoolDequeue::<T>::MAX_CAPACITY`](PoolDequeue::MAX_CAPACITY).
///
/// # Examples
///
/// ```
/// let (worker, stealer) = pooldeque::bounded(4);
/// worker.push("old").unwrap();
/// worker.push("new").unwrap();
/// std::thread::spawn(move || assert_eq!(stealer.steal(), Some("old"))).join().unwrap();
/// assert_eq!(worker.pop(), Some("new"));
/// ```
#[must_use]
pub fn bounded<T>(capacity: usize) -> (Worker<T>, Stealer<T>) {
    handles(PoolDequeue::new(capacity))
}

/// The handles of a ring that the caller owns exclusively.
pub(crate) fn handles<T>(dequeue: PoolDequeue<T>) -> (Worker<T>, Stealer<T>) {
    let worker = Worker { dequeue: Arc::new(dequeue), _not_sync: PhantomData };
    let stealer = worker.stealer();
    (worker, stealer)
}

/// The owner's handle: pushes and pops at the head. There is one per deque.
///
/// It can be sent to another thread but not shared or cloned, which makes its owner the only producer. Calls take
/// `&self`, except those that run a user's iterator and those that return a [`Batch`].
pub struct Worker<T> {
    dequeue: Arc<PoolDequeue<T>>,
    _not_sync: PhantomData<Cell<()>>,
}

/// A thief's handle: takes the oldest values, from the tail. Clone it for as many threads as needed.
///
/// Stealers may outlive the worker and continue to take the values it left.
pub struct Stealer<T> {
    dequeue: Arc<PoolDequeue<T>>,
}

impl<T> Worker<T> {
    /// Adds a value as the newest.
    ///
    /// Wait-free: one `fetch_add`.
    ///
    /// # Errors
    ///
    /// [`Full`], with the value, when the deque holds `capacity` values, and also while a thief that claimed the slot a
    /// lap ago has not yet taken its value out: one stalled thief can make the push fail although the deque holds fewer
    /// values. A forgotten stolen [`Batch`] acts like a thief that stays stalled.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded(1);
    /// assert!(worker.push(1).is_ok());
    /// assert_eq!(worker.push(2).unwrap_err().into_inner(), 2);
    /// ```
    #[inline]
    pub fn push(&self, value: T) -> Result<(), Full<T>> {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.dequeue.push_head(value) }
    }

    /// Adds a value as the newest, and returns whether the deque was empty at the moment it was added.
    ///
    /// The result is exact and costs nothing: the push itself returns it. A scheduler needs to wake sleeping thieves
    /// only on `true`, because after `false` a thief that takes the last of the other values sees this one.
    ///
    /// After `true`, put a `fence(SeqCst)` between the push and the check for sleepers; a thief puts one between
    /// announcing that it sleeps and its last look at the deque. Without both fences each side can miss the other
    /// (store buffering), and the thief sleeps although there is a value.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push).
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded(2);
    /// assert!(worker.push_was_empty('a').unwrap());
    /// assert!(!worker.push_was_empty('b').unwrap());
    /// ```
    #[inline]
    pub fn push_was_empty(&self, value: T) -> Result<bool, Full<T>> {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.dequeue.push(value) }.map(|before| before.is_empty())
    }

    /// Removes the newest value.
    ///
    /// Lock-free: it retries only after a thief has taken a value, at most once per value. One compare-and-swap without
    /// contention, no shared access when the deque is known to be empty. `None` means that the deque is empty, and
    /// stays so until the next push.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded(2);
    /// worker.push(1).unwrap();
    /// worker.push(2).unwrap();
    /// assert_eq!(worker.pop(), Some(2));
    /// ```
    #[inline]
    pub fn pop(&self) -> Option<T> {
        // SAFETY: there is one worker, on one thread, and no user code runs inside.
        unsafe { self.dequeue.pop_head() }
    }

    /// Adds values in turn while there is room, and returns how many. Values that do not fit stay in the iterator.
    ///
    /// Thieves see all values at once, when the call returns: one `fetch_add`, and a load and two stores per value. If
    /// the iterator panics, the values that it had yielded are in the deque.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, _stealer) = pooldeque::bounded(4);
    /// let mut values = 0..6;
    /// assert_eq!(worker.push_batch(&mut values), 4);
    /// assert_eq!(values.next(), Some(4));
    /// ```
    #[inline]
    pub fn push_batch(&mut self, values: &mut impl Iterator<Item = T>) -> usize {
        // SAFETY: `&mut self` on the only worker, which the iterator therefore cannot reach.
        unsafe { self.dequeue.push_batch(values) }
    }

    /// Claims the newest values, at most `max`, to be taken out of the [`Batch`] newest first.
    ///
    /// Lock-free like [`pop`](Self::pop), with one compare-and-swap for all of them. It claims exactly `min(len, max)`
    /// values, where `len` is the length at that moment.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, _stealer) = pooldeque::bounded(4);
    /// worker.push_batch(&mut (1..=4));
    /// assert!(worker.pop_batch(3).eq([4, 3, 2]));
    /// ```
    #[inline]
    pub fn pop_batch(&mut self, max: usize) -> Batch<'_, T> {
        // SAFETY: `&mut self` on the only worker, which the batch borrows, so nothing is pushed meanwhile.
        unsafe { self.dequeue.pop_batch(max) }
    }

    /// A handle for a thief.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _) = pooldeque::bounded(2);
    /// let stealer = worker.stealer();
    /// worker.push('a').unwrap();
    /// assert_eq!(stealer.steal(), Some('a'));
    /// ```
    #[must_use]
    pub fn stealer(&self) -> Stealer<T> {
        Stealer { dequeue: Arc::clone(&self.dequeue) }
    }

    /// The number of values that the deque held at one moment of the call. Wait-free, one load.
    ///
    /// Thieves may have taken some by the time the call returns. Less than the capacity does not promise
    /// that a [`push`](Self::push) finds room: see there.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded(2);
    /// worker.push('a').unwrap();
    /// assert_eq!(worker.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.dequeue.len()
    }

    /// Whether the deque was empty at one moment of the call. Wait-free, one load.
    ///
    /// `true` stays true until the next push; thieves may make a `false` untrue at any moment.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded::<u8>(2);
    /// assert!(worker.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dequeue.is_empty()
    }

    /// The number of values that can be pushed without an error.
    ///
    /// At least so many pushes succeed: thieves can make room, but only the owner can fill it. It may be less than
    /// `capacity() - len()`, because a slot has room again only when its thief has taken the value out. Wait-free; at
    /// most one load per slot.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, stealer) = pooldeque::bounded(4);
    /// worker.push('a').unwrap();
    /// assert_eq!(worker.spare_capacity(), 3);
    /// let stolen = stealer.steal_batch(1);
    /// assert_eq!((worker.len(), worker.spare_capacity()), (0, 3));
    /// drop(stolen);
    /// assert_eq!(worker.spare_capacity(), 4);
    /// ```
    #[must_use]
    pub fn spare_capacity(&self) -> usize {
        // SAFETY: there is one worker, on one thread.
        unsafe { self.dequeue.room(usize::MAX) }
    }

    /// The number of slots.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded::<u8>(2);
    /// assert_eq!(worker.capacity(), 2);
    /// ```
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.dequeue.capacity()
    }
}

impl<T> Stealer<T> {
    /// Removes the oldest value.
    ///
    /// Lock-free: it retries internally, and only because another call has pushed or taken a value; there is nothing
    /// for the caller to retry. One compare-and-swap without contention. `None` means that the deque was empty at some
    /// moment of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, stealer) = pooldeque::bounded(2);
    /// worker.push(1).unwrap();
    /// worker.push(2).unwrap();
    /// assert_eq!(stealer.steal(), Some(1));
    /// ```
    #[inline]
    pub fn steal(&self) -> Option<T> {
        self.dequeue.pop_tail()
    }

    /// Claims the oldest values, at most `max`, to be taken out of the [`Batch`] oldest first.
    ///
    /// Lock-free like [`steal`](Self::steal), with one compare-and-swap for all of them. It claims exactly
    /// `min(len, max)` values, where `len` is the length at that moment. Each slot returns to the producer when its
    /// value is taken out: take them soon.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut worker, stealer) = pooldeque::bounded(4);
    /// worker.push_batch(&mut (1..=4));
    /// assert!(stealer.steal_batch(3).eq([1, 2, 3]));
    /// ```
    #[inline]
    pub fn steal_batch(&self, max: usize) -> Batch<'_, T> {
        self.dequeue.steal_batch(max)
    }

    /// Moves the oldest values, at most `max` and no more than `dest` has room for, to the head of `dest` in their
    /// order. Returns how many.
    ///
    /// Lock-free: one compare-and-swap claims the values, one `fetch_add` publishes them, and each is copied once.
    /// Between the two they are in neither deque.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut busy, stealer) = pooldeque::bounded(4);
    /// let (idle, _) = pooldeque::bounded(2);
    /// busy.push_batch(&mut (1..=4));
    /// assert_eq!(stealer.steal_into(&idle, 3), 2);
    /// assert_eq!(idle.pop(), Some(2));
    /// ```
    pub fn steal_into(&self, dest: &Worker<T>, max: usize) -> usize {
        // SAFETY: there is one worker of `dest`, on one thread.
        let room = unsafe { dest.dequeue.room(max) };
        let mut batch = self.steal_batch(room);
        // SAFETY: as above, and the batch cannot reach the producer half.
        unsafe { dest.dequeue.push_batch(&mut batch) }
    }

    /// Takes the older half of the values: returns the oldest and moves the others to the head of `dest` in their
    /// order.
    ///
    /// It takes exactly half of the length at one moment, rounded up, but at most `limit` values including the returned
    /// one, and no more than `dest` has room for in addition to that one. `None` means that the deque was empty at some
    /// moment of the call, or that `limit` is 0.
    ///
    /// Lock-free: one compare-and-swap claims the values, one `fetch_add` publishes them, and each is copied once.
    /// Between the two they are in neither deque. crossbeam-deque's `steal_batch_with_limit_and_pop` and st3's
    /// `steal_and_pop` are similar, but may return the newest of the stolen values.
    ///
    /// # Examples
    ///
    /// ```
    /// let (mut busy, stealer) = pooldeque::bounded(8);
    /// let (idle, _) = pooldeque::bounded(8);
    /// busy.push_batch(&mut (1..=6));
    /// assert_eq!(stealer.steal_half_into(&idle, 32), Some(1));
    /// assert_eq!((idle.pop(), idle.pop(), idle.pop()), (Some(3), Some(2), None));
    /// assert_eq!(busy.len(), 3);
    /// ```
    pub fn steal_half_into(&self, dest: &Worker<T>, limit: usize) -> Option<T> {
        // SAFETY: there is one worker of `dest`, on one thread.
        let limit = unsafe { dest.dequeue.room(limit.checked_sub(1)?) } + 1;
        let mut batch = self.dequeue.steal_half(limit);
        let oldest = batch.next()?;
        // SAFETY: as above, and the batch cannot reach the producer half.
        unsafe { dest.dequeue.push_batch(&mut batch) };
        Some(oldest)
    }

    /// The number of values that the deque held at one moment of the call. Wait-free, one load.
    ///
    /// The worker and other thieves may have changed it by the time the call returns.
    ///
    /// # Examples
    ///
    /// ```
    /// let (_worker, stealer) = pooldeque::bounded::<u8>(2);
    /// assert_eq!(stealer.len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.dequeue.len()
    }

    /// Whether the deque was empty at one moment of the call. Wait-free, one load.
    ///
    /// The worker and other thieves may have changed it by the time the call returns.
    ///
    /// # Examples
    ///
    /// ```
    /// let (_worker, stealer) = pooldeque::bounded::<u8>(2);
    /// assert!(stealer.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dequeue.is_empty()
    }

    /// The number of slots.
    ///
    /// # Examples
    ///
    /// ```
    /// let (_worker, stealer) = pooldeque::bounded::<u8>(2);
    /// assert_eq!(stealer.capacity(), 2);
    /// ```
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.dequeue.capacity()
    }
}

impl<T> Clone for Stealer<T> {
    fn clone(&self) -> Self {
        Self { dequeue: Arc::clone(&self.dequeue) }
    }
}

impl<T> fmt::Debug for Worker<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Worker").field(&*self.dequeue).finish()
    }
}

impl<T> fmt::Debug for Stealer<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Stealer").field(&*self.dequeue).finish()
    }
}
