//! The pool: Go's `sync.Pool` on threads.
//!
//! Who owns what: a thread holds a slot, and with it the private place and the heads of the shared part
//! that lie under that slot in every pool. All others own nothing there but what they take from the
//! tails. A ticking thread owns a private place while it keeps its door closed. Values belong to the pool
//! between a put and the take that finds them, and to nobody twice.

use core::fmt;
use core::mem::ManuallyDrop;
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::ptr::{self, NonNull};

use crate::order;
use crate::sync::{Arc, AtomicPtr, const_unless_loom};

mod ageing;
mod buffers;
mod counters;
mod door;
mod guard;
mod hints;
mod janitor;
mod loan;
pub(crate) mod local;
mod number;
mod private;
mod registry;
mod rules;
mod state;
#[cfg(feature = "stats")]
mod stats;
mod table;
mod thread_slots;
mod turn;
mod words;

use rules::Rules;
use state::{Here, Reach, State};

pub use buffers::{Buffer, BufferPool, OwnedBuffer};
pub use guard::{OwnedPoolGuard, PoolGuard};
pub use janitor::{Janitor, JanitorBuilder};
pub use registry::{clear_all, tick_all};
#[cfg(feature = "stats")]
pub use stats::{Drops, Hits, Stats};

/// A pool of values for reuse: Go's `sync.Pool`, without a garbage collector.
///
/// Each thread has a part of the pool to itself: a private place for one value, and a shared part, a
/// [`PoolChain`](crate::PoolChain), at whose head it puts and takes while others may take from the tail. So
/// a [`get`](Self::get) and the return of its value touch no line that another thread writes, unless one of
/// them has nothing left and another has.
///
/// Nothing in the pool is there to stay. Each [`tick`](Self::tick), of this pool or by [`tick_all`] of every
/// pool, drops what has not been used for two ticks; a [`Janitor`] calls it in the background.
/// Go does the same whenever it collects garbage. A pool that nobody ticks keeps everything until it is
/// dropped or [`clear`](Self::clear)ed.
///
/// # When a pool helps
///
/// A good allocator hands out a small block faster than any pool that threads share. A pool pays where
/// values are *made* at a cost (a compressor's tables, a zeroed 64 KiB buffer), where they keep what they
/// have grown to, and where they are taken on one thread and returned on another.
/// [The figures](crate::docs::pool_performance) say where the limits lie; [`stats`](Self::stats) says whether a
/// given pool is worth having.
///
/// # Progress and cost
///
/// | call | when nobody interferes | progress |
/// |---|---|---|
/// | [`put`](Self::put), a guard's drop | no read-modify-write into the private place, 1 into the shared part | wait-free, but for the allocation of a ring |
/// | [`take`](Self::take), [`get`](Self::get) | no read-modify-write from the private place, 1 from the own shared part | wait-free there, but for a retry for each value stolen meanwhile |
/// | the same, with nothing of its own | an epoch and 1 for each part that seems to hold something | lock-free |
/// | a thread's first call | a lock for its slot | blocks while another thread begins or ends |
/// | [`tick`](Self::tick) | a few accesses for each thread slot, a system call, and the drops | waits for another tick; keeps no other call waiting |
///
/// # Panics
///
/// A panic in `create`, `reset`, `retain` or a value's destructor passes to the caller and costs that one
/// value at most. All of them may use the same pool. (A global allocator may not: the pool allocates.)
///
/// Source: `Pool` in Go's `sync/pool.go`.
///
/// # Examples
///
/// ```
/// use pooldeque::Pool;
///
/// // In a static the type is named twice, lest each constructor make a type of its own.
/// static LINES: Pool<String> = <Pool<String>>::new(String::new).with_reset(String::clear);
///
/// let mut line = LINES.get();
/// line.push_str("reused");
/// drop(line);
/// assert!(LINES.get().is_empty());
/// assert!(LINES.take().unwrap().capacity() >= 6);
/// ```
pub struct Pool<T, F = fn() -> T> {
    /// What threads share; null before the first value. The pool owns one share in it.
    state: AtomicPtr<State<T>>,
    create: F,
    pub(crate) rules: Rules<T>,
}

// SAFETY: values pass between threads by value; `F` is only shared.
unsafe impl<T: Send, F: Sync> Sync for Pool<T, F> {}
// SAFETY: the pool owns `F` and a share in what passes values between threads.
unsafe impl<T: Send, F: Send> Send for Pool<T, F> {}

// A panic comes out of the user's own code alone, while nothing of the pool is half done.
impl<T, F: UnwindSafe> UnwindSafe for Pool<T, F> {}
impl<T, F: RefUnwindSafe> RefUnwindSafe for Pool<T, F> {}

impl<T, F: Fn() -> T> Pool<T, F> {
    const_unless_loom! {
        /// A pool whose values `create` makes. It allocates nothing until the first value comes in.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::Pool;
        ///
        /// static BUFFERS: Pool<Vec<u8>> = Pool::new(Vec::new);
        /// let pages = Pool::new(|| vec![0_u8; 4096]);
        /// assert!(BUFFERS.get().is_empty());
        /// assert_eq!(pages.get().len(), 4096);
        /// ```
        #[must_use]
        pub fn new(create: F) -> Self {
            Self { state: AtomicPtr::new(ptr::null_mut()), create, rules: Rules::none() }
        }
    }
}

impl<T, F> Pool<T, F> {
    /// Calls `reset` on each value that comes back, by a guard or by [`put`](Self::put).
    ///
    /// The next to get it finds it as `reset` has left it; a value that `create` makes is not reset.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(Vec::<u8>::new).with_reset(Vec::clear);
    /// pool.get().extend(b"old");
    /// assert!(pool.get().is_empty());
    /// ```
    #[must_use]
    pub const fn with_reset(mut self, reset: fn(&mut T)) -> Self {
        self.rules.reset = Some(reset);
        self.rules.are_set = true;
        self
    }

    /// Keeps a value that comes back only if `retain` says so, and drops it otherwise. It is asked after the
    /// reset.
    ///
    /// Without such a rule one large request leaves its large buffer in the pool for as long as small ones
    /// use it; ageing does not help, for it is in use.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(Vec::<u8>::new).with_retain(|buffer| buffer.capacity() <= 64 << 10);
    /// pool.put(Vec::with_capacity(1 << 20));
    /// assert_eq!(pool.take(), None);
    /// ```
    #[must_use]
    pub const fn with_retain(mut self, retain: fn(&T) -> bool) -> Self {
        self.rules.retain = Some(retain);
        self.rules.are_set = true;
        self
    }

    /// Lets `most` values lie idle for each thread, and drops what comes back beyond.
    ///
    /// A thread slot counts what was put there and nobody took since, last tick's values included. The count
    /// is exact but for values that others take just then.
    ///
    /// # Panics
    ///
    /// If `most` is 0: a pool that keeps nothing is no pool.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(String::new).with_max_idle(2);
    /// for _ in 0..3 {
    ///     pool.put(String::new());
    /// }
    /// assert!(pool.take().is_some() && pool.take().is_some());
    /// assert_eq!(pool.take(), None);
    /// ```
    #[must_use]
    pub const fn with_max_idle(mut self, most: usize) -> Self {
        assert!(most != 0, "at least one value must be allowed to lie idle for each thread");
        self.rules.max_idle = most;
        self.rules.are_set = true;
        self
    }

    /// What threads share, if there is any yet.
    #[inline(always)]
    pub(crate) fn state(&self) -> Option<&State<T>> {
        let state = NonNull::new(self.state.load(order::STATE_READ.get()))?;
        // SAFETY: placed with a share that the pool keeps.
        Some(unsafe { state.as_ref() })
    }

    /// Drops values that nobody has used for two ticks.
    ///
    /// A value that was put in before a tick and is not taken before the next is dropped by that one,
    /// whatever its thread is doing: running, asleep or gone. In between it can still be taken, from what
    /// Go calls the victim cache. So the pool keeps what its users need from tick to tick and lets go of what
    /// they no longer need.
    ///
    /// Ticks of the same pool are made one after the other, and one that a value's destructor asks for during a
    /// tick does nothing. A destructor must not wait for another thread that ticks this pool. No other call is
    /// ever kept waiting: a thread that finds its private place in use for a moment uses its shared part. A
    /// value that is being put just then may age a tick sooner or later, and one whose thread is stopped in the
    /// middle of taking or putting it is left to that thread.
    ///
    /// It costs a few memory accesses for each thread slot that has used the pool, a system call if there is any,
    /// and the drops. Source: `poolCleanup`.
    ///
    /// # Panics
    ///
    /// Where a value's destructor does, after all others have been dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(String::new);
    /// pool.put("used".into());
    /// pool.tick();
    /// assert_eq!(pool.take().as_deref(), Some("used"));
    ///
    /// pool.put("not used".into());
    /// pool.tick();
    /// pool.tick();
    /// assert_eq!(pool.take(), None);
    /// ```
    pub fn tick(&self) {
        if let Some(state) = self.state() {
            state.tick();
        }
    }

    /// Drops every idle value now.
    ///
    /// What is put in meanwhile may stay. Otherwise as [`tick`](Self::tick).
    ///
    /// # Panics
    ///
    /// Where a value's destructor does, after all others have been dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(String::new);
    /// pool.put("idle".into());
    /// pool.clear();
    /// assert_eq!(pool.take(), None);
    /// ```
    pub fn clear(&self) {
        if let Some(state) = self.state() {
            state.clear();
        }
    }
}

impl<T: Send + 'static, F> Pool<T, F> {
    /// Takes a value out, if one is found. It never makes one.
    ///
    /// It looks where Go looks, in that order: the thread's private place, the newest of its shared part,
    /// the oldest of the others' shared parts beginning beside its own, and last what was left by the last
    /// tick. From another thread's part it takes up to 32 values, and keeps those it does not return in its
    /// own.
    ///
    /// `None` says that nothing was found. A value that another thread holds in its private place is not found,
    /// nor is one that is on its way from one place to another. Lock-free.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(String::new);
    /// assert_eq!(pool.take(), None);
    /// pool.put("idle".into());
    /// assert_eq!(pool.take().as_deref(), Some("idle"));
    /// ```
    #[inline(always)]
    pub fn take(&self) -> Option<T> {
        match self.here() {
            Some(here) => match here.take_private() {
                Some(value) => Some(value),
                None => self.take_beyond_private(here),
            },
            None => self.settle(|here| self.take_anywhere(here)),
        }
    }

    /// Takes a value that lies in this thread's own part, if there is one.
    ///
    /// For many threads on many cores: to take from others moves their lines, which may cost more than the
    /// value. Otherwise as [`take`](Self::take); wait-free but for a retry for each value that others take.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(|| 0);
    /// pool.put(1);
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| assert_eq!(pool.take_local(), None));
    /// });
    /// assert_eq!(pool.take_local(), Some(1));
    /// ```
    #[inline]
    pub fn take_local(&self) -> Option<T> {
        let take = |here: Here<'_, T>| here.take_private().or_else(|| here.take_beyond_private(Reach::Own));
        match self.here() {
            Some(here) => take(here),
            None => self.settle(take),
        }
    }

    #[inline(never)]
    fn take_beyond_private(&self, here: Here<'_, T>) -> Option<T> {
        here.take_beyond_private(self.everywhere())
    }

    #[inline]
    fn everywhere(&self) -> Reach {
        Reach::All { most: self.rules.max_idle }
    }

    fn take_anywhere(&self, here: Here<'_, T>) -> Option<T> {
        here.take_private().or_else(|| self.take_beyond_private(here))
    }

    /// This thread's part in the pool, if it has one yet.
    #[inline(always)]
    fn here(&self) -> Option<Here<'_, T>> {
        // SAFETY: a thread that has a slot holds it to its end, and this cannot leave the thread.
        unsafe { self.state()?.here(thread_slots::place()) }
    }

    /// Puts a value in.
    ///
    /// It is [reset](Self::with_reset) first; then it may be dropped, if the pool's rules are against
    /// [this value](Self::with_retain) or [one more](Self::with_max_idle). Wait-free, but for the allocation of
    /// memory.
    ///
    /// # Panics
    ///
    /// Where `reset`, `retain` or the value's destructor does.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(String::new);
    /// pool.put("from elsewhere".to_owned());
    /// assert_eq!(pool.take().as_deref(), Some("from elsewhere"));
    /// ```
    #[inline(always)]
    pub fn put(&self, value: T) {
        // SAFETY: there is a value, and it is not used again.
        unsafe { self.put_from(&mut ManuallyDrop::new(value)) };
    }

    /// Puts in the value that lies there, which is not moved before it has found its place.
    ///
    /// # Safety
    ///
    /// There is a value in `value`, and it is not used again.
    #[inline(always)]
    unsafe fn put_from(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: if it has found its place it is not used again.
        let is_placed =
            !self.rules.are_set && self.here().is_some_and(|here| unsafe { here.put_private(value) });
        if !is_placed {
            // SAFETY: it is still there, and is not used again.
            unsafe { self.put_by_the_rules(value) };
        }
    }

    /// Puts in the value that lies there, if the rules are for it and wherever there is room.
    ///
    /// # Safety
    ///
    /// As [`put_from`](Self::put_from).
    #[inline(never)]
    unsafe fn put_by_the_rules(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: if it is refused, or the rules panic, it is not used again.
        if unsafe { !self.rules.accept(value) } {
            return self.settle(|here| here.reject());
        }
        let (here, most) = (self.here(), self.rules.max_idle);
        // SAFETY: if it has found its place it is not used again.
        if most == usize::MAX && here.as_ref().is_some_and(|here| unsafe { here.put_private(value) }) {
            return;
        }
        // SAFETY: it is still there, and is not used again.
        let value = unsafe { ManuallyDrop::take(value) };
        let refused = match here {
            Some(here) => here.put(value, most),
            None => self.settle(|here| here.put(value, most)),
        };
        if let Some(refused) = refused {
            // Its destructor may use this pool: nothing of it is borrowed just now.
            rules::unless_panicking(|| drop(refused));
        }
    }

    /// Calls `action` with this thread's part in the pool, which is made if it is not there, as are the
    /// pool's own and the thread's slot.
    #[cold]
    fn settle<R>(&self, action: impl FnOnce(Here<'_, T>) -> R) -> R {
        let state = self.state().unwrap_or_else(|| self.place_state());
        // SAFETY: the thread holds the slot for the length of the call.
        thread_slots::with_place(|place| action(unsafe { state.settle(place) }))
    }

    fn place_state(&self) -> &State<T> {
        let mine = Arc::new(State::new(self.rules.first_ring));
        registry::add(&mine);
        let mine = Arc::into_raw(mine).cast_mut();
        let placed = self.state.compare_exchange(
            ptr::null_mut(),
            mine,
            order::STATE_PLACE.get(),
            order::STATE_PLACE_LOST.get(),
        );
        if placed.is_err() {
            // SAFETY: the share just made, which nobody has seen in the pool.
            unsafe { Self::let_go(mine) };
        }
        self.state().expect("it stays once it is there")
    }

    /// Makes `count` values and puts them in, or as many as there is room for.
    ///
    /// They lie in this thread's part; other threads take them from there.
    ///
    /// # Panics
    ///
    /// Where `create` does; the values made before stay.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(|| vec![0_u8; 4096]);
    /// pool.prefill(2);
    /// assert!(pool.take().is_some() && pool.take().is_some());
    /// assert!(pool.take().is_none());
    /// ```
    pub fn prefill(&self, count: usize)
    where
        F: Fn() -> T,
    {
        for _ in 0..count {
            let value = (self.create)();
            let refused = self.settle(|here| here.prefill(value, self.rules.max_idle));
            if refused.is_some() {
                break;
            }
        }
    }

    /// A value from the pool, or a new one. It goes back when the guard is dropped.
    ///
    /// As [`take`](Self::take); if that finds nothing, `create` makes a value.
    ///
    /// # Panics
    ///
    /// Where `create` does.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(String::new).with_reset(String::clear);
    /// let mut line = pool.get();
    /// line.push_str("hello");
    /// assert_eq!(*line, "hello");
    /// ```
    #[inline]
    pub fn get(&self) -> PoolGuard<'_, T, F>
    where
        F: Fn() -> T,
    {
        let here = self.here();
        match here.as_ref().and_then(Here::take_private) {
            Some(value) => PoolGuard::new(self, value),
            None => self.get_elsewhere(here),
        }
    }

    #[inline(never)]
    fn get_elsewhere(&self, here: Option<Here<'_, T>>) -> PoolGuard<'_, T, F>
    where
        F: Fn() -> T,
    {
        let found = match here {
            Some(here) => here.take_beyond_private(self.everywhere()),
            None => self.settle(|here| self.take_anywhere(here)),
        };
        match found {
            Some(value) => PoolGuard::new(self, value),
            None => PoolGuard::new(self, (self.create)()),
        }
    }

    fn take_or_create(&self) -> T
    where
        F: Fn() -> T,
    {
        self.take().unwrap_or_else(&self.create)
    }

    /// A value from the pool, if one is found, with a guard.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(String::new);
    /// assert!(pool.try_get().is_none());
    /// pool.prefill(1);
    /// assert!(pool.try_get().is_some());
    /// ```
    #[inline]
    pub fn try_get(&self) -> Option<PoolGuard<'_, T, F>> {
        Some(PoolGuard::new(self, self.take()?))
    }

    /// A value from the pool, or the one that `create` makes this time, if it can.
    ///
    /// # Errors
    ///
    /// That of `create`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::num::ParseIntError;
    ///
    /// let pool = pooldeque::Pool::new(|| 0);
    /// let number = pool.try_get_with(|| "7".parse::<i32>()).unwrap();
    /// assert_eq!(*number, 7);
    /// let error: ParseIntError = pool.try_get_with(|| "seven".parse::<i32>()).unwrap_err();
    /// ```
    #[inline]
    pub fn try_get_with<E>(&self, create: impl FnOnce() -> Result<T, E>) -> Result<PoolGuard<'_, T, F>, E> {
        let value = match self.take() {
            Some(value) => value,
            None => create()?,
        };
        Ok(PoolGuard::new(self, value))
    }

    /// As [`get`](Self::get), with a guard that keeps the pool by itself and may live as long as it likes.
    ///
    /// # Panics
    ///
    /// Where `create` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::thread;
    ///
    /// let pool = Arc::new(pooldeque::Pool::new(String::new));
    /// let mut line = pool.get_owned();
    /// thread::spawn(move || line.push_str("elsewhere")).join().unwrap();
    /// assert_eq!(pool.take().as_deref(), None);
    /// pool.tick();
    /// ```
    #[inline]
    pub fn get_owned(self: &alloc::sync::Arc<Self>) -> OwnedPoolGuard<T, F>
    where
        F: Fn() -> T,
    {
        OwnedPoolGuard::new(alloc::sync::Arc::clone(self), self.take_or_create())
    }
}

impl<T, F> Pool<T, F> {
    /// # Safety
    ///
    /// `state` is a share that came from [`Arc::into_raw`], and is let go once.
    unsafe fn let_go(state: *const State<T>) {
        // SAFETY: passed on.
        let state = unsafe { Arc::from_raw(state) };
        registry::remove(ptr::from_ref::<State<T>>(&state).addr());
        drop(state);
    }
}

impl<T, F> Drop for Pool<T, F> {
    /// Drops all idle values. It waits for a tick that is under way in another thread.
    fn drop(&mut self) {
        if let Some(state) = self.state() {
            // A thread in the middle of `tick_all` may have a share too, and shall not be left with the values.
            state.clear();
            // SAFETY: the pool's own share.
            unsafe { Self::let_go(state) };
        }
    }
}

impl<T: Default + Send + 'static> Default for Pool<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T, F> fmt::Debug for Pool<T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").finish_non_exhaustive()
    }
}
