//! Buffers of every size: a pool for each class of capacities.
//!
//! Ownership: an idle buffer belongs to the pool of its class, one that is in use to its guard. The class that it returns
//! to is decided on its return, by its capacity.

use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "stats")]
use crate::pool::Stats;
use crate::pool::ageing::{Cleanup, clean_together};
use crate::pool::counters::RelaxedCounter;
use crate::pool::rules::Ages;
use crate::pool::{IdleBudget, Pool, PoolGroup};
use crate::sync::const_unless_model;

mod calibration;
mod guard;
mod sizes;

use calibration::{Calibration, Lent};
use sizes::{CLASSES, LAST, capacity_of, class_filled_by, class_for, create};

pub use guard::{Buffer, OwnedBuffer};

/// How many classes above its own a request for a capacity looks into before it makes a buffer: a small request
/// must not pin a large buffer.
const LARGER_CLASSES: usize = 2;

/// The largest class that is kept by default: 1 MiB.
const USUAL_LARGEST: usize = class_for(1 << 20);

/// A pool of byte buffers of all sizes.
///
/// One [`Pool`] of buffers of mixed sizes soon holds large ones only, and each small request pins one. In a buffer pool
/// each power of two from 64 bytes up is a class with a pool of its own, so that a request gets a buffer of
/// about its size. What is larger than a maximum, 1 MiB unless [set](Self::with_max_capacity) or
/// [learned](Self::adaptive), is allocated for its request and dropped when it comes back: one large
/// request does not leave its memory behind.
///
/// Buffers come back by their guards, are cleared, and are filed by the capacity they have *then*: one that has
/// grown goes to a larger class. Idle ones age as in every pool, by [`tick`](Self::tick),
/// [`tick_all`](crate::tick_all), or a [`Janitor`](crate::Janitor).
///
/// # Progress and cost
///
/// | call | cost | progress |
/// |---|---|---|
/// | [`get`](Self::get), [`get_usual`](Self::get_usual) | [`Pool::take`] in one class; where that finds nothing, in up to two more (`get_usual`: in all larger ones), and last an allocation | that of `Pool::take`, but for the allocation |
/// | [`put`](Self::put), a guard's drop | [`Pool::put`] in one class | as [`Pool::put`] |
/// | the same in an [adaptive](Self::adaptive) pool | two more stores to memory that this thread alone writes; after each 1,000 of a thread's returns a look whether to calibrate, and the thread that calibrates waits for threads that add or remove their entries | the same, except for that |
///
/// Nothing is allocated before the first buffer, and nothing for a class that is not used.
///
/// # Panics
///
/// None but those of an allocation that fails.
///
/// Source: the classes and the learning are those of bytebufferpool, by which fasthttp holds its buffers; the
/// maximum is the cap that every long-lived pool of buffers needs.
///
/// # Examples
///
/// ```
/// use pooldeque::BufferPool;
///
/// static BUFFERS: BufferPool = BufferPool::new();
///
/// let mut buffer = BUFFERS.get(1000);
/// assert!(buffer.is_empty() && buffer.capacity() >= 1000);
/// buffer.extend([7; 3000]);
/// drop(buffer);
///
/// // It has grown, and serves a larger request now.
/// assert!(BUFFERS.get(2000).capacity() >= 3000);
/// ```
pub struct BufferPool {
    classes: Classes,
    /// Whether it learns from the buffers that come back.
    is_adaptive: bool,
    /// The largest class that may ever be kept.
    ceiling: usize,
    calibration: Calibration,
}

/// A pool for each class.
type Classes = [Pool<Vec<u8>>; CLASSES];

/// A pool for each class, in a form that also does where none can be made in a constant.
macro_rules! pools {
    ($($class:literal)*) => { [$(Pool::from_fn(create::<$class>)),*] };
}

impl BufferPool {
    const_unless_model! {
        /// A pool that keeps buffers of up to 1 MiB. It allocates nothing.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::BufferPool;
        ///
        /// static BUFFERS: BufferPool = BufferPool::new();
        /// assert_eq!(BUFFERS.max_capacity(), 1 << 20);
        /// ```
        #[must_use]
        pub fn new() -> Self {
            Self {
                classes: pools!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19),
                is_adaptive: false,
                ceiling: USUAL_LARGEST,
                calibration: Calibration::nothing(USUAL_LARGEST),
            }
        }
    }

    const_unless_model! {
        /// A pool that learns from the buffers that come back which sizes are in use.
        ///
        /// It counts returns by class. Once 42,000 have needed one class, it calibrates: the class used most often
        /// becomes the [usual capacity](Self::usual_capacity), and the smallest capacity that was enough for 95 %
        /// of the needs becomes the [maximum](Self::max_capacity) that is kept. Then it counts from zero again, and
        /// so follows its load. Before the first calibration it keeps buffers of up to 1 MiB; it may learn to keep
        /// up to 32 MiB, or up to what [`with_max_capacity`](Self::with_max_capacity) allows.
        ///
        /// A return shows its use and its need as follows.
        ///
        /// | the buffer comes back | used | needed |
        /// |---|---|---|
        /// | with bytes in it | its length | the same |
        /// | larger than it was lent, with fewer bytes in it than the lent one had room for | its capacity | the same |
        /// | empty, as large as it was lent | unknown | its capacity |
        /// | empty and smaller, as after `mem::take` | unknown | unknown |
        ///
        /// A request for a capacity is always needed, whatever was used of it. What is unknown is not counted; the
        /// usual capacity stays as it is if fewer than 5 % of the returns show their use. A buffer that its user has
        /// emptied in part counts with the bytes that are left, which is less than was used: a program that
        /// does so should [request](Self::get) the size that it needs.
        ///
        /// Each thread counts for itself, without a read-modify-write, and calibrates at most 1,000 of its own
        /// returns after it is due. Calibration keeps no other thread waiting. Buffers above a maximum that has sunk
        /// are dropped when they are returned, or age.
        ///
        /// Source: `calibrate` in bytebufferpool, whose maximum is the largest of those classes that, the most
        /// frequent first, make up 95 %. It learns from lengths alone, also from a length of 0.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::BufferPool;
        ///
        /// static BUFFERS: BufferPool = BufferPool::adaptive();
        /// for _ in 0..42_000 {
        ///     BUFFERS.get_usual().extend([0; 300]);
        /// }
        /// assert_eq!((BUFFERS.usual_capacity(), BUFFERS.max_capacity()), (512, 512));
        /// assert!(BUFFERS.get_usual().capacity() >= 512);
        /// ```
        #[must_use]
        pub fn adaptive() -> Self {
            let mut pool = Self::new();
            pool.is_adaptive = true;
            pool.ceiling = LAST;
            pool
        }
    }

    /// Keeps buffers of up to `bytes`, and drops larger ones when they come back.
    ///
    /// An [adaptive](Self::adaptive) pool may learn to keep less, but never more.
    ///
    /// # Panics
    ///
    /// If `bytes` is not a power of two from 64 to 32 MiB (2^25): it is to be the size of the largest class.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::BufferPool;
    ///
    /// static BUFFERS: BufferPool = BufferPool::new().with_max_capacity(64 << 10);
    /// drop(BUFFERS.get(65_537));
    /// # #[cfg(feature = "stats")]
    /// assert_eq!(BUFFERS.stats().idle, 0);
    /// ```
    #[must_use]
    pub const fn with_max_capacity(mut self, bytes: usize) -> Self {
        assert!(
            bytes.is_power_of_two() && bytes >= capacity_of(0) && bytes <= capacity_of(LAST),
            "the maximum capacity of a pooled buffer must be a power of two from 64 to 33554432 bytes (32 MiB)"
        );
        self.ceiling = class_for(bytes);
        self.calibration.largest = RelaxedCounter::new(self.ceiling);
        self
    }

    /// Lets this pool age with the pools of `group`, and with no others. See [`PoolGroup`].
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::{BufferPool, PoolGroup};
    ///
    /// static GROUP: PoolGroup = PoolGroup::new();
    /// static BUFFERS: BufferPool = BufferPool::new().with_group(&GROUP);
    /// # drop(BUFFERS.get(1000));
    /// # GROUP.clear();
    /// # assert_eq!(BUFFERS.get(100).capacity(), 128);
    /// ```
    #[must_use]
    pub const fn with_group(mut self, group: &'static PoolGroup) -> Self {
        let mut class = 0;
        while class < CLASSES {
            self.classes[class].rules.ages = Ages::With(group);
            class += 1;
        }
        self
    }

    /// Charges idle buffers to `budget`, each with its capacity, and drops what comes back beyond it.
    ///
    /// Several pools can share one budget. See [`Pool::with_budget`] for what it costs.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::BufferPool;
    /// use pooldeque::pool::IdleBudget;
    ///
    /// static BUDGET: IdleBudget = IdleBudget::new(100_000);
    /// static BUFFERS: BufferPool = BufferPool::new().with_budget(&BUDGET);
    ///
    /// let (first, second) = (BUFFERS.get(1 << 16), BUFFERS.get(1 << 16));
    /// drop((first, second));
    /// assert_eq!(BUDGET.used(), 1 << 16);
    /// ```
    #[must_use]
    pub const fn with_budget(mut self, budget: &'static IdleBudget) -> Self {
        let mut class = 0;
        while class < CLASSES {
            self.classes[class].rules.set_budget(budget, Vec::capacity);
            class += 1;
        }
        self
    }

    /// The capacity above which no buffer is kept.
    ///
    /// It stays as it was set, but in an [adaptive](Self::adaptive) pool. One load.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::BufferPool;
    ///
    /// assert_eq!(BufferPool::new().with_max_capacity(4096).max_capacity(), 4096);
    /// ```
    #[must_use]
    pub fn max_capacity(&self) -> usize {
        capacity_of(self.calibration.largest.get())
    }

    /// The capacity that most buffers are used for, as far as an [adaptive](Self::adaptive) pool has learned; 64 bytes
    /// before, and in any other pool. One load.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(pooldeque::BufferPool::adaptive().usual_capacity(), 64);
    /// ```
    #[must_use]
    pub fn usual_capacity(&self) -> usize {
        capacity_of(self.calibration.usual.get())
    }

    /// An empty buffer that has room for at least `capacity` bytes. It goes back when the guard is dropped.
    ///
    /// It comes from the class of that capacity or one of the next two; if they have none, it is made with the
    /// size of its class. Above the maximum it is made with exactly this capacity, and is not kept.
    /// Lock-free, but for the allocation; for the cost see [the type](Self#progress-and-cost).
    ///
    /// # Panics
    ///
    /// If `capacity` exceeds `isize::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// assert_eq!(pool.get(1000).capacity(), 1024);
    /// assert_eq!(pool.get(300).capacity(), 1024);
    /// assert_eq!(pool.get(2_000_000).capacity(), 2_000_000);
    /// ```
    #[inline]
    pub fn get(&self, capacity: usize) -> Buffer<'_> {
        Buffer::new(self, capacity, self.take_or_create(capacity, LARGER_CLASSES))
    }

    /// An empty buffer of the [usual capacity](Self::usual_capacity) or any larger one: for a caller that does not know
    /// how much it takes.
    ///
    /// It looks into every larger class that was used, so that a buffer is found again whatever it has grown to.
    /// Otherwise as [`get`](Self::get). Source: `Get` in bytebufferpool.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::adaptive();
    /// let mut line = pool.get_usual();
    /// line.extend(b"of unknown length");
    /// ```
    #[inline]
    pub fn get_usual(&self) -> Buffer<'_> {
        Buffer::new(self, 0, self.take_or_create(self.usual_capacity(), CLASSES))
    }

    /// As [`get`](Self::get), with a guard that holds an `Arc` to the pool, so that it is `'static`.
    ///
    /// # Panics
    ///
    /// If `capacity` exceeds `isize::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let pool = Arc::new(pooldeque::BufferPool::new());
    /// let buffer = pool.get_owned(1000);
    /// drop(pool);
    /// assert!(buffer.capacity() >= 1000);
    /// ```
    #[inline]
    pub fn get_owned(self: &alloc::sync::Arc<Self>, capacity: usize) -> OwnedBuffer {
        let buffer = self.take_or_create(capacity, LARGER_CLASSES);
        OwnedBuffer::new(alloc::sync::Arc::clone(self), capacity, buffer)
    }

    /// As [`get_usual`](Self::get_usual), with a guard that holds an `Arc` to the pool.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let pool = Arc::new(pooldeque::BufferPool::new());
    /// let mut buffer = pool.get_usual_owned();
    /// std::thread::spawn(move || buffer.push(1)).join().unwrap();
    /// ```
    #[inline]
    pub fn get_usual_owned(self: &alloc::sync::Arc<Self>) -> OwnedBuffer {
        let buffer = self.take_or_create(self.usual_capacity(), CLASSES);
        OwnedBuffer::new(alloc::sync::Arc::clone(self), 0, buffer)
    }

    /// A buffer of `len` zeros.
    ///
    /// A buffer that is made for this call comes zeroed from the allocator, which for large ones costs next to nothing
    /// until they are written to; a reused one is overwritten. Otherwise as [`get`](Self::get).
    ///
    /// # Panics
    ///
    /// If `len` exceeds `isize::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// pool.get(100).extend([7; 100]);
    /// assert_eq!(*pool.get_zeroed(70), [0; 70]);
    /// ```
    #[inline]
    pub fn get_zeroed(&self, len: usize) -> Buffer<'_> {
        Buffer::new(self, len, self.take_or_create_zeroed(len))
    }

    /// As [`get_zeroed`](Self::get_zeroed), with a guard that holds an `Arc` to the pool.
    ///
    /// # Panics
    ///
    /// If `len` exceeds `isize::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let pool = Arc::new(pooldeque::BufferPool::new());
    /// let page = pool.get_zeroed_owned(4096);
    /// std::thread::spawn(move || assert!(page.iter().all(|byte| *byte == 0))).join().unwrap();
    /// ```
    #[inline]
    pub fn get_zeroed_owned(self: &alloc::sync::Arc<Self>, len: usize) -> OwnedBuffer {
        OwnedBuffer::new(alloc::sync::Arc::clone(self), len, self.take_or_create_zeroed(len))
    }

    fn take_or_create_zeroed(&self, len: usize) -> Vec<u8> {
        if let Some(mut buffer) = self.find(len, LARGER_CLASSES) {
            buffer.resize(len, 0);
            return buffer;
        }
        let mut buffer = alloc::vec![0; self.capacity_of_new(len)];
        buffer.truncate(len);
        buffer
    }

    #[inline]
    fn take_or_create(&self, capacity: usize, larger: usize) -> Vec<u8> {
        match self.find(capacity, larger) {
            Some(buffer) => buffer,
            None => Vec::with_capacity(self.capacity_of_new(capacity)),
        }
    }

    /// An idle buffer of the class of `capacity`, or of one of so many larger classes.
    #[inline]
    fn find(&self, capacity: usize, larger: usize) -> Option<Vec<u8>> {
        let class = class_for(capacity);
        if class <= self.calibration.largest.get()
            && let Some(buffer) = self.classes[class].find()
        {
            return Some(buffer);
        }
        self.find_larger(class, larger)
    }

    #[inline(never)]
    fn find_larger(&self, class: usize, larger: usize) -> Option<Vec<u8>> {
        let largest = self.calibration.largest.get();
        let larger = class + 1..=largest.min(class.saturating_add(larger));
        // A class that was never used is not made for a look.
        let mut used = larger.map(|class| &self.classes[class]).filter(|pool| pool.state().is_some());
        used.find_map(Pool::find)
    }

    /// The capacity of a buffer that is made for a request; counts it.
    #[cold]
    fn capacity_of_new(&self, capacity: usize) -> usize {
        let class = class_for(capacity);
        self.classes[class.min(self.ceiling)].count_created();
        if class <= self.calibration.largest.get() { capacity_of(class) } else { capacity }
    }

    /// Puts a buffer in. It need not come from a pool.
    ///
    /// It is cleared and filed under the largest class that its capacity fills. Above the maximum, or below 64
    /// bytes, it is dropped. An [adaptive](Self::adaptive) pool learns from its length, as from a buffer that has not
    /// grown since it was lent. Wait-free, but for the allocation of memory.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// pool.put(Vec::with_capacity(5000));
    /// assert_eq!(pool.get(4096).capacity(), 5000);
    /// ```
    #[inline]
    pub fn put(&self, buffer: Vec<u8>) {
        let lent = Lent::by_hand(&buffer);
        self.recycle(buffer, lent);
    }

    #[inline]
    fn recycle(&self, mut buffer: Vec<u8>, lent: Lent) {
        if self.is_adaptive {
            self.calibration.note(&self.classes, lent, &buffer, self.ceiling);
        }
        buffer.clear();
        match class_filled_by(buffer.capacity()) {
            Some(class) if buffer.capacity() <= self.max_capacity() => self.classes[class].put(buffer),
            filled => self.refuse(buffer, filled),
        }
    }

    #[cold]
    fn refuse(&self, buffer: Vec<u8>, filled: Option<usize>) {
        self.classes[filled.unwrap_or(0).min(self.ceiling)].count_rejected();
        drop(buffer);
    }

    /// Makes `count` buffers for requests of `capacity` bytes and puts them in.
    ///
    /// Every thread finds them. Above the maximum there is nothing
    /// to keep, and none is made. It costs the allocations; wait-free otherwise.
    ///
    /// # Panics
    ///
    /// None but those of an allocation that fails.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// pool.prefill(4000, 8);
    /// # #[cfg(feature = "stats")]
    /// assert_eq!(pool.stats().prefilled, 8);
    /// assert_eq!(pool.get(4000).capacity(), 4096);
    /// ```
    pub fn prefill(&self, capacity: usize, count: usize) {
        let class = class_for(capacity);
        if class <= self.calibration.largest.get() {
            self.classes[class].prefill(count);
        }
    }

    /// Drops buffers unused for two ticks, in each class as [`Pool::tick`] does.
    ///
    /// No call waits for it, except another tick or clear of this pool, and its drop. Source: `poolCleanup` in Go's
    /// `sync/pool.go`.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// pool.put(Vec::with_capacity(5000));
    /// pool.tick();
    /// pool.tick();
    /// assert_eq!(pool.get(4096).capacity(), 4096);
    /// ```
    pub fn tick(&self) {
        self.clean(Cleanup::Tick);
    }

    /// Drops every idle buffer now, in each class as [`Pool::clear`] does.
    ///
    /// What has been learned stays.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// pool.put(Vec::with_capacity(5000));
    /// pool.clear();
    /// assert_eq!(pool.get(4096).capacity(), 4096);
    /// ```
    pub fn clear(&self) {
        self.clean(Cleanup::Clear);
    }

    fn clean(&self, cleanup: Cleanup) {
        let classes: Vec<_> = self.classes.iter().filter_map(Pool::to_clean).collect();
        clean_together(&classes, cleanup);
    }
}

/// What happens to a buffer of a class that does not exist counts for the largest class.
#[cfg(feature = "stats")]
impl BufferPool {
    /// Statistics of the pool: the sum over all classes.
    ///
    /// Each [`get`](Self::get) counts once: as a hit of the class that had a buffer, or as one miss. What
    /// comes back too large or too small to be kept counts as put and [rejected](crate::pool::Drops::rejected). The
    /// ticks are those of the class that has ticked most: all of them, but for those before its first buffer.
    ///
    /// A few loads for each thread and class, under a lock that only first calls of threads and ticks take.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new();
    /// drop(pool.get(1000));
    /// drop(pool.get(1000));
    /// drop(pool.get(2_000_000));
    /// let stats = pool.stats();
    /// assert_eq!((stats.gets(), stats.misses, stats.puts, stats.drops.rejected), (3, 2, 3, 1));
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.class_stats().fold(Stats::default(), |sum, (_, class)| sum.with_part(class))
    }

    /// The same for each class, with its size: from 64 bytes up to the most that may ever be kept.
    ///
    /// A buffer is counted in the class where it lay or went. Requests and buffers above the largest class count
    /// in that, buffers below 64 bytes in the smallest.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::BufferPool::new().with_max_capacity(4096);
    /// pool.prefill(1000, 3);
    /// let idle: Vec<_> = pool.class_stats().map(|(capacity, stats)| (capacity, stats.idle)).collect();
    /// assert_eq!(idle, [(64, 0), (128, 0), (256, 0), (512, 0), (1024, 3), (2048, 0), (4096, 0)]);
    /// ```
    pub fn class_stats(&self) -> impl Iterator<Item = (usize, Stats)> {
        (0..=self.ceiling).map(|class| (capacity_of(class), self.classes[class].stats()))
    }
}

impl Default for BufferPool {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for BufferPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BufferPool")
            .field("max_capacity", &self.max_capacity())
            .finish_non_exhaustive()
    }
}
