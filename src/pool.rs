//! The pool: Go's `sync.Pool` on threads.
//!
//! Ownership: each thread holds one slot, which gives it exclusive use of a private cell and of the heads of the
//! shared queues that lie under that slot in every pool. Other threads take from the tails. A ticking thread owns
//! a private cell while it has revoked the owner's flag. A value belongs to the pool between a put and the take
//! that finds it. No value has two owners.

use core::convert::Infallible;
use core::fmt;
use core::mem::{self, ManuallyDrop, MaybeUninit};
use core::panic::{RefUnwindSafe, UnwindSafe};

use crate::sync::AtomicPtr;

pub(crate) mod ageing;
mod budget;
pub(crate) mod counters;
pub(crate) mod guard;
mod janitor;
pub(crate) mod local;
mod non_empty;
mod owner_flag;
pub(crate) mod per_slot;
mod private;
pub(crate) mod registry;
pub(crate) mod rules;
mod state;
#[cfg(feature = "stats")]
mod stats;
pub(crate) mod thread_slots;

use ageing::{Clean, Cleanup, clean_together};
use counters::Counters;
use rules::Rules;
use state::{Pinned, State, StealScope};

pub use budget::IdleBudget;
pub use guard::{DynPoolGuard, OwnedDynPoolGuard, OwnedPoolGuard, PoolGuard};
pub use janitor::{Janitor, JanitorBuilder};
pub use registry::{PoolGroup, clear_all, tick_all};
#[cfg(feature = "stats")]
pub use stats::{Drops, Hits, Stats};

/// A pool of values for reuse: Go's `sync.Pool`, without a garbage collector.
///
/// Each thread has an entry of its own in the pool: a private cell for one value, and a shared queue, a
/// [`PoolChain`](crate::PoolChain), at whose head it puts and takes while others may take from the tail. So
/// a [`get`](Self::get) and the return of its value touch no cache line that another thread writes, unless one of
/// them has nothing left and another has.
///
/// Nothing in the pool is there to stay. Each [`tick`](Self::tick), of this pool or by [`tick_all`] of every
/// pool, drops what has not been used for two ticks; a [`Janitor`] calls it in the background.
/// Go does the same whenever it collects garbage. A pool that is never ticked keeps everything until it is
/// dropped or [`clear`](Self::clear)ed.
///
/// # When a pool helps
///
/// A good allocator hands out a small block faster than any pool that threads share. A pool pays where
/// values are *made* at a cost (a compressor's tables, a zeroed 64 KiB buffer), where they keep what they
/// have grown to, and where they are taken on one thread and returned on another.
/// [The figures](crate::docs::pool_performance) say where the limits lie; `stats` says whether a given pool is worth
/// having.
///
/// # Progress and cost
///
/// | call | without contention | progress |
/// |---|---|---|
/// | [`put`](Self::put), a guard's drop | no read-modify-write into the private cell, 1 into the shared queue | wait-free, except for the allocation of a ring, and for what the first push to a shared queue after a tick frees |
/// | [`take`](Self::take), [`get`](Self::get) | no read-modify-write from the private cell, 1 from the own shared queue | wait-free there, except for a retry for each value stolen meanwhile |
/// | the same, with nothing of its own | an epoch and 1 for each queue that seems to hold something | lock-free |
/// | a thread's first call, and its first of each pool | two locks, held for a moment | blocks while another thread's first call holds them |
/// | [`tick`](Self::tick), [`clear`](Self::clear) | a few accesses for each thread that has used the pool, a system call if a private cell is to be emptied, and the drops | waits for another tick or clear of this pool, unless a destructor calls it |
/// | the drop of the pool | the drops | as for a tick |
///
/// Without the kernel's help (not on Linux, without the feature `membarrier`, or after the kernel has refused it) each
/// `put` and `take` of a private cell costs a full fence besides.
///
/// Values are moved, and a guard is as large as its value: box what is larger than a few pointers. A pair of
/// `get` and return costs some 5 ns with a `Box`, and 100 with 4 KiB in the guard.
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
/// static LINES: Pool<String> = Pool::from_fn(String::new).with_reset(String::clear);
///
/// let mut line = LINES.get();
/// line.push_str("reused");
/// drop(line);
/// assert!(LINES.get().is_empty());
/// assert!(LINES.take().unwrap().capacity() >= 6);
/// ```
pub struct Pool<T, F: ?Sized = fn() -> T> {
    /// What threads share; null before the first use. The pool owns one share in it.
    state: AtomicPtr<State<T>>,
    pub(crate) rules: Rules<T>,
    pub(crate) create: F,
}

/// A pool whose type does not name its constructor's, so that a struct can have a field of it.
///
/// A `Box` or an `Arc` of any pool coerces to this type. `Box<DynPool<T>>` is as large as two pointers, where a
/// `Pool<T>` with its rules is some thirty, so it also suits a small struct. The constructor is called through a vtable;
/// otherwise it works as the pool it was.
///
/// # Examples
///
/// ```
/// use pooldeque::Pool;
/// use pooldeque::pool::{DynPool, DynPoolGuard};
///
/// struct Compressor {
///     scratch: Box<DynPool<Vec<u8>>>,
/// }
///
/// impl Compressor {
///     fn new(block: usize) -> Self {
///         Self { scratch: Box::new(Pool::new(move || Vec::with_capacity(block))) }
///     }
///
///     fn scratch(&self) -> DynPoolGuard<'_, Vec<u8>> {
///         self.scratch.get()
///     }
/// }
///
/// assert!(Compressor::new(4096).scratch().capacity() >= 4096);
/// ```
pub type DynPool<T> = Pool<T, dyn Fn() -> T + Send + Sync>;

// SAFETY: values pass between threads by value; `F` is only shared.
unsafe impl<T: Send, F: Sync + ?Sized> Sync for Pool<T, F> {}
// SAFETY: the pool owns `F` and a share in what passes values between threads.
unsafe impl<T: Send, F: Send + ?Sized> Send for Pool<T, F> {}

// A panic comes out of the user's own code alone, while nothing of the pool is half done.
impl<T, F: UnwindSafe + ?Sized> UnwindSafe for Pool<T, F> {}
impl<T, F: RefUnwindSafe + ?Sized> RefUnwindSafe for Pool<T, F> {}

impl<T, F: ?Sized> Pool<T, F> {
    /// Drops values unused for two ticks.
    ///
    /// A value that was put in before a tick and is not taken before the next is dropped by that one, even if its
    /// thread never runs again. In between it can still be taken, from what Go calls the victim cache. So the
    /// pool keeps what its users need from tick to tick.
    ///
    /// There are two exceptions. A value that is being put just then may age a tick too early or too late, and one whose
    /// thread is stopped in the middle of taking or putting it is left to that thread. And where the kernel refuses to
    /// fence other threads, as a sandbox may make it do, a value in the private cell of a thread that does not use the
    /// pool any more stays until that thread ends.
    ///
    /// A tick waits for a tick or a clear of the same pool by another thread. One that a value's destructor calls
    /// does not wait: if it would have to, it does nothing. A destructor must not wait for another thread that ticks,
    /// clears or drops a pool which the same call ticks: [`tick_all`], a [group](PoolGroup) and a
    /// [`BufferPool`](crate::BufferPool) tick up to 1,024 pools together. `get`, `take` and `put` never wait for a tick:
    /// a thread that finds its private cell in use for a moment uses its shared queue.
    ///
    /// It costs a few memory accesses for each thread that has used the pool, the drops, and a system call if there is
    /// a private value to drop. The first such call of a process also registers with the kernel, which takes
    /// some milliseconds if other threads run. Source: `poolCleanup`.
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
        clean_together(self.to_clean().as_slice(), Cleanup::Tick);
    }

    /// Drops the values that are idle when it begins.
    ///
    /// What destructors and other threads put in meanwhile may stay, so that a clear ends. Otherwise as
    /// [`tick`](Self::tick).
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
        clean_together(self.to_clean().as_slice(), Cleanup::Clear);
    }

    /// What there is to clean.
    pub(crate) fn to_clean(&self) -> Option<&dyn Clean> {
        self.state().map(|state| state as &dyn Clean)
    }
}

impl<T: Send, F: ?Sized> Pool<T, F> {
    /// Takes a value out, if one is found. It never makes one.
    ///
    /// It looks in Go's order: the thread's private cell, the newest value of its shared queue, the oldest of the
    /// others' shared queues beginning beside its own, and last what was left by the last tick. From another
    /// thread's queue it takes up to 32 values, and keeps those it does not return in its own.
    ///
    /// `None` means that nothing was found. A value that another thread holds in its private cell is not found,
    /// nor is one that is on its way from one thread to another. Lock-free.
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
        let found = self.find();
        if found.is_none() {
            self.count_empty();
        }
        found
    }

    #[cold]
    fn count_empty(&self) {
        self.count(|counters| counters.empty.add(1));
    }

    /// Takes a value out, if one is found. The caller counts what becomes of a search that finds none.
    #[inline(always)]
    pub(crate) fn find(&self) -> Option<T> {
        let pinned = self.pin();
        // Through registers, where that is possible.
        if is_small::<T>()
            && let Some(value) = pinned.as_ref().and_then(Pinned::take_private)
        {
            return Some(value);
        }
        self.find_in(pinned.as_ref(), StealScope::All)
    }

    #[inline(always)]
    fn find_in(&self, pinned: Option<&Pinned<'_, T>>, scope: StealScope) -> Option<T> {
        let mut value = MaybeUninit::uninit();
        // SAFETY: there is room for a value.
        let is_found = unsafe { self.find_slow(pinned, scope, value.as_mut_ptr()) };
        if !is_found {
            return None;
        }
        // SAFETY: there is a value.
        Some(unsafe { value.assume_init() })
    }

    /// Takes a value straight to `out`. `false` if none is found.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    unsafe fn find_slow(&self, pinned: Option<&Pinned<'_, T>>, scope: StealScope, out: *mut T) -> bool {
        // SAFETY: passed on.
        let take = |pinned: &Pinned<'_, T>| unsafe { pinned.take_into(out, scope) };
        match pinned {
            Some(pinned) => take(pinned),
            None => self.pin_slow(take).unwrap_or(false),
        }
    }

    /// Takes a value from this thread's own entry, if it has one.
    ///
    /// For many threads on many cores: to take from others moves their lines, which may cost more than the
    /// value. Otherwise as [`take`](Self::take); wait-free except for a retry for each value that others take.
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
        let found = self.find_in(self.pin().as_ref(), StealScope::Own);
        if found.is_none() {
            self.count_empty();
        }
        found
    }

    /// This thread's entry in the pool, if it has one yet.
    #[inline(always)]
    fn pin(&self) -> Option<Pinned<'_, T>> {
        // SAFETY: a thread that has a slot holds it to its end, and this cannot leave the thread.
        unsafe { self.state()?.pin(thread_slots::number()) }
    }

    /// Calls `action` with this thread's entry in the pool. The entry, the pool's state and the thread's slot are
    /// made if they do not exist. `None` if they cannot be: in a forked child, or with more threads than slots.
    #[cold]
    fn pin_slow<R>(&self, action: impl FnOnce(&Pinned<'_, T>) -> R) -> Option<R> {
        let state = self.state().unwrap_or_else(|| self.place_state());
        let done = thread_slots::with_slot(|number| {
            // SAFETY: the thread holds the slot for the length of the call.
            let pinned = unsafe { state.pin_slow(number) }?;
            Some(action(&pinned))
        });
        done.flatten()
    }

    /// Calls `action` with this thread's entry in the pool, whether it exists or not.
    #[inline]
    fn with_pinned<R>(&self, action: impl FnOnce(&Pinned<'_, T>) -> R) -> Option<R> {
        match self.pin() {
            Some(pinned) => Some(action(&pinned)),
            None => self.pin_slow(action),
        }
    }

    /// Puts a value in.
    ///
    /// It is [reset](Self::with_reset) first; then it may be dropped, if the pool's rules are against
    /// [this value](Self::with_retain) or [one more](Self::with_max_idle). Wait-free, except for the allocation of
    /// memory, and for what the first push to a shared queue after a tick frees.
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
        let mut value = ManuallyDrop::new(value);
        // SAFETY: there is a value, and it is not used again.
        unsafe { self.put_from(&mut value) };
    }

    /// Puts in the value at `value`, which is moved once, to where it goes.
    ///
    /// # Safety
    ///
    /// There is a value at `value`, and it is not used again.
    #[inline(always)]
    unsafe fn put_from(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: if it is placed it is not used again.
        let place = |pinned: Pinned<'_, T>| unsafe { pinned.put_private(&raw const **value) };
        if self.rules.are_set || !self.pin().is_some_and(place) {
            // SAFETY: it is still there, and is not used again.
            unsafe { self.put_slow(value) };
        }
    }

    /// Puts in the value at `value`, if the rules accept it, wherever there is room.
    ///
    /// # Safety
    ///
    /// As [`put_from`](Self::put_from).
    #[inline(never)]
    unsafe fn put_slow(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: if it is rejected, or the rules panic, it is not used again.
        if unsafe { !self.rules.accept(value) } {
            self.count_rejected();
            return;
        }
        // SAFETY: if it is placed it is not used again.
        let place = |pinned: &Pinned<'_, T>| unsafe { pinned.put(&raw const **value) };
        if !self.with_pinned(place).unwrap_or(false) {
            // Its destructor may use this pool: nothing of it is borrowed just now.
            // SAFETY: it is still there, and is not used again.
            rules::unless_panicking(|| unsafe { ManuallyDrop::drop(value) });
        }
    }

    /// Counts a value that came back and was rejected.
    pub(crate) fn count_rejected(&self) {
        self.count(|counters| {
            counters.puts.add(1);
            counters.rejected.add(1);
        });
    }

    /// Makes `count` values and puts them in, or as many as there is room for.
    ///
    /// They lie in this thread's shared queue, where every thread finds them.
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
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| assert!(pool.take().is_some() && pool.take().is_some()));
    /// });
    /// assert!(pool.take().is_none());
    /// ```
    pub fn prefill(&self, count: usize)
    where
        F: Fn() -> T,
    {
        for _ in 0..count {
            let mut value = ManuallyDrop::new((self.create)());
            // SAFETY: if it is placed it is not used again.
            let place = |pinned: &Pinned<'_, T>| unsafe { pinned.prefill(&raw const *value) };
            if !self.with_pinned(place).unwrap_or(false) {
                // SAFETY: it is still there, and is not used again.
                unsafe { ManuallyDrop::drop(&mut value) };
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
        let pinned = self.pin();
        if is_small::<T>() { self.get_small(pinned.as_ref()) } else { self.get_in_place(pinned.as_ref()) }
    }

    /// Gets a value through registers, if the private cell has one.
    #[inline]
    fn get_small(&self, pinned: Option<&Pinned<'_, T>>) -> PoolGuard<'_, T, F>
    where
        F: Fn() -> T,
    {
        match pinned.and_then(Pinned::take_private) {
            Some(value) => PoolGuard::new(self, value),
            None => self.get_in_place(pinned),
        }
    }

    #[inline]
    fn get_in_place(&self, pinned: Option<&Pinned<'_, T>>) -> PoolGuard<'_, T, F>
    where
        F: Fn() -> T,
    {
        let mut value = MaybeUninit::uninit();
        self.get_slow(pinned, &mut value);
        // SAFETY: there is a value now.
        PoolGuard::new(self, unsafe { value.assume_init() })
    }

    /// Writes a value from the pool, or a new one, straight to where it is wanted.
    #[inline(never)]
    fn get_slow(&self, pinned: Option<&Pinned<'_, T>>, value: &mut MaybeUninit<T>)
    where
        F: Fn() -> T,
    {
        // SAFETY: there is room for a value.
        if !unsafe { self.find_slow(pinned, StealScope::All, value.as_mut_ptr()) } {
            value.write(self.create_counted());
        }
    }

    /// A new value, because none was found.
    #[inline(never)]
    fn create_counted(&self) -> T
    where
        F: Fn() -> T,
    {
        let Ok(value) = self.try_create::<Infallible>(|| Ok((self.create)()));
        value
    }

    /// A new value by `create`, which may fail or panic.
    fn try_create<E>(&self, create: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        struct CountFailed<'a, T: Send, F: ?Sized>(&'a Pool<T, F>);
        impl<T: Send, F: ?Sized> Drop for CountFailed<'_, T, F> {
            fn drop(&mut self) {
                self.0.count(|counters| counters.failed.add(1));
            }
        }

        let failed = CountFailed(self);
        let value = create()?;
        mem::forget(failed);
        self.count_created();
        Ok(value)
    }

    pub(crate) fn count_created(&self) {
        self.count(|counters| counters.created.add(1));
    }

    /// Counts what this thread has done. `None` if it cannot count, in a forked child.
    pub(crate) fn count<R>(&self, count: impl FnOnce(&Counters) -> R) -> Option<R> {
        self.with_pinned(|pinned| count(pinned.counters()))
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

    /// A value from the pool, or the one that `create` makes this time.
    ///
    /// # Panics
    ///
    /// Where `create` does.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(Vec::<u8>::new);
    /// let size = 300;
    /// assert!(pool.get_with(|| Vec::with_capacity(size)).capacity() >= size);
    /// ```
    #[inline]
    pub fn get_with(&self, create: impl FnOnce() -> T) -> PoolGuard<'_, T, F> {
        let Ok(guard) = self.try_get_with::<Infallible>(|| Ok(create()));
        guard
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
        let value = match self.find() {
            Some(value) => value,
            None => self.try_create(create)?,
        };
        Ok(PoolGuard::new(self, value))
    }
}

/// Whether values are small enough to be moved through registers on the fast path.
const fn is_small<T>() -> bool {
    size_of::<T>() <= 64
}

impl<T: Default + 'static> Default for Pool<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T, F: ?Sized> fmt::Debug for Pool<T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").finish_non_exhaustive()
    }
}
