//! A pool's guards.

use alloc::sync::Arc;
use core::fmt;
use core::mem::ManuallyDrop;

use super::Pool;
use super::guard_core::{GuardCore, Recycle, guard_impls};

/// A value on loan from a pool. It goes back when the guard is dropped, wherever that is.
///
/// It can be sent to another thread, held across an `await`, and dropped anywhere: on another thread, when
/// that thread's locals are already gone, and while a panic unwinds. It goes back to the part of the thread
/// that drops it, after the pool's [reset](Pool::with_reset), if the pool's rules [keep](Pool::with_retain) it.
/// A guard that is forgotten leaks its value and harms nothing else.
///
/// While a panic unwinds, a panic of the reset, the rule or the value's destructor is swallowed: a second one
/// would end the process.
///
/// # Examples
///
/// ```
/// let pool = pooldeque::Pool::new(Vec::new);
/// let mut list = pool.get();
/// list.push(1);
/// drop(list);
/// assert_eq!(*pool.get(), [1]);
/// ```
#[must_use = "the value goes straight back when its guard is dropped"]
pub struct PoolGuard<'a, T: Send + 'static, F = fn() -> T> {
    core: GuardCore<T, &'a Pool<T, F>>,
}

/// A value on loan from a pool that its guard keeps alive. It goes back when the guard is dropped.
///
/// As [`PoolGuard`], but borrows nothing: for tasks and threads that outlive the place they were made in.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// let pool = Arc::new(pooldeque::Pool::new(Vec::new));
/// let mut list = pool.get_owned();
/// std::thread::spawn(move || list.push(1)).join().unwrap();
/// # // Every thread has its own private place.
/// ```
#[must_use = "the value goes straight back when its guard is dropped"]
pub struct OwnedPoolGuard<T: Send + 'static, F = fn() -> T> {
    core: GuardCore<T, Arc<Pool<T, F>>>,
}

impl<T: Send + 'static, F> Recycle<T> for &Pool<T, F> {
    #[inline(always)]
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: passed on.
        unsafe { self.put_from(value) };
    }
}

impl<T: Send + 'static, F> Recycle<T> for Arc<Pool<T, F>> {
    #[inline(always)]
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: passed on.
        unsafe { self.put_from(value) };
    }
}

guard_impls!(['a, T: Send + 'static, F,] PoolGuard<'a, T, F>, T);
guard_impls!([T: Send + 'static, F,] OwnedPoolGuard<T, F>, T);

impl<'a, T: Send + 'static, F> PoolGuard<'a, T, F> {
    #[inline(always)]
    pub(super) fn new(pool: &'a Pool<T, F>, value: T) -> Self {
        Self { core: GuardCore::new(pool, value) }
    }

    /// Takes the value out of the pool for good.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::{Pool, PoolGuard};
    ///
    /// let pool = Pool::new(|| "value");
    /// assert_eq!(PoolGuard::detach(pool.get()), "value");
    /// assert_eq!(pool.take(), None);
    /// ```
    #[inline]
    pub fn detach(guard: Self) -> T {
        guard.core.keep()
    }
}

impl<T: Send + 'static, F> OwnedPoolGuard<T, F> {
    #[inline(always)]
    pub(super) fn new(pool: Arc<Pool<T, F>>, value: T) -> Self {
        Self { core: GuardCore::new(pool, value) }
    }

    /// Takes the value out of the pool for good.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use pooldeque::{OwnedPoolGuard, Pool};
    ///
    /// let pool = Arc::new(Pool::new(|| "value"));
    /// assert_eq!(OwnedPoolGuard::detach(pool.get_owned()), "value");
    /// assert_eq!(pool.take(), None);
    /// ```
    #[inline]
    pub fn detach(guard: Self) -> T {
        guard.core.keep()
    }
}

impl<T: Send + fmt::Display + 'static, F> fmt::Display for PoolGuard<'_, T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, formatter)
    }
}

impl<T: Send + fmt::Display + 'static, F> fmt::Display for OwnedPoolGuard<T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, formatter)
    }
}
