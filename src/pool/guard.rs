//! A pool's guards: values that are returned when their guards are dropped.

use alloc::sync::Arc;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ptr;

use super::Pool;

/// Where values on loan go back to.
pub(crate) trait Recycle<T> {
    /// Takes a value back. It may run code of the user's; while the thread is panicking it does not panic.
    ///
    /// # Safety
    ///
    /// There is a value in `value`, and it is not used again.
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>);
}

/// A value on loan: it goes back when this is dropped.
pub(crate) struct GuardCore<T, H: Recycle<T>> {
    pub(crate) value: ManuallyDrop<T>,
    recycler: H,
}

impl<T, H: Recycle<T>> GuardCore<T, H> {
    #[inline(always)]
    pub(crate) fn new(recycler: H, value: T) -> Self {
        Self { value: ManuallyDrop::new(value), recycler }
    }

    /// Keeps the value for good. If the recycler's destructor panics, the value is dropped.
    pub(crate) fn keep(self) -> T {
        let mut loan = ManuallyDrop::new(self);
        // SAFETY: the loan is not dropped and its value not used again.
        let value = unsafe { ManuallyDrop::take(&mut loan.value) };
        // SAFETY: the loan is not dropped and its recycler not used again.
        drop(unsafe { ptr::read(&raw const loan.recycler) });
        value
    }
}

impl<T, H: Recycle<T>> Drop for GuardCore<T, H> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the value is not used again.
        unsafe { self.recycler.recycle(&mut self.value) };
    }
}

/// A value on loan from a pool. It goes back when the guard is dropped, wherever that is.
///
/// It can be sent to another thread, held across an `await`, and dropped anywhere: on another thread, when
/// that thread's locals are already gone, and while a panic unwinds. It goes back to the entry of the thread
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
pub struct PoolGuard<'a, T: Send, F: ?Sized = fn() -> T> {
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
/// # // Every thread has its own private cell.
/// ```
#[must_use = "the value goes straight back when its guard is dropped"]
pub struct OwnedPoolGuard<T: Send, F: ?Sized = fn() -> T> {
    core: GuardCore<T, Arc<Pool<T, F>>>,
}

/// The guard of a [`DynPool`](super::DynPool).
pub type DynPoolGuard<'a, T> = PoolGuard<'a, T, dyn Fn() -> T + Send + Sync>;

/// The guard of a [`DynPool`](super::DynPool) in an `Arc`, which it keeps alive.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use pooldeque::Pool;
/// use pooldeque::pool::{DynPool, OwnedDynPoolGuard};
///
/// let size = 4096;
/// let pool: Arc<DynPool<Vec<u8>>> = Arc::new(Pool::new(move || vec![0; size]));
/// let page: OwnedDynPoolGuard<Vec<u8>> = pool.get_owned();
/// assert_eq!(page.len(), size);
/// ```
pub type OwnedDynPoolGuard<T> = OwnedPoolGuard<T, dyn Fn() -> T + Send + Sync>;

impl<T: Send, F: ?Sized> Recycle<T> for &Pool<T, F> {
    #[inline(always)]
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: passed on.
        unsafe { self.put_from(value) };
    }
}

impl<T: Send, F: ?Sized> Recycle<T> for Arc<Pool<T, F>> {
    #[inline(always)]
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>) {
        // SAFETY: passed on.
        unsafe { self.put_from(value) };
    }
}

guard_impls!(['a, T: Send, F: ?Sized,] PoolGuard<'a, T, F>, T);
guard_impls!([T: Send, F: ?Sized,] OwnedPoolGuard<T, F>, T);

impl<'a, T: Send, F: ?Sized> PoolGuard<'a, T, F> {
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

impl<T: Send, F: ?Sized> OwnedPoolGuard<T, F> {
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

impl<T: Send + fmt::Display, F: ?Sized> fmt::Display for PoolGuard<'_, T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, formatter)
    }
}

impl<T: Send + fmt::Display, F: ?Sized> fmt::Display for OwnedPoolGuard<T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, formatter)
    }
}

impl<T: Send, F: ?Sized> Pool<T, F> {
    /// As [`get`](Self::get), with a guard that holds an `Arc` to the pool, so that it is `'static`.
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
    /// assert_eq!(pool.take().as_deref(), Some("elsewhere"));
    /// ```
    #[inline]
    pub fn get_owned(self: &Arc<Self>) -> OwnedPoolGuard<T, F>
    where
        F: Fn() -> T,
    {
        OwnedPoolGuard::new(Arc::clone(self), self.find().unwrap_or_else(|| self.create_counted()))
    }

    /// As [`try_get`](Self::try_get), with a guard that holds an `Arc` to the pool.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let pool = Arc::new(pooldeque::Pool::new(String::new));
    /// assert!(pool.try_get_owned().is_none());
    /// pool.prefill(1);
    /// assert!(pool.try_get_owned().is_some());
    /// ```
    #[inline]
    pub fn try_get_owned(self: &Arc<Self>) -> Option<OwnedPoolGuard<T, F>> {
        Some(OwnedPoolGuard::new(Arc::clone(self), self.take()?))
    }

    /// As [`try_get_with`](Self::try_get_with), with a guard that holds an `Arc` to the pool.
    ///
    /// # Errors
    ///
    /// That of `create`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let pool = Arc::new(pooldeque::Pool::new(|| 0));
    /// assert!(pool.try_get_owned_with(|| "seven".parse::<i32>()).is_err());
    /// assert_eq!(*pool.try_get_owned_with(|| "7".parse::<i32>()).unwrap(), 7);
    /// ```
    #[inline]
    pub fn try_get_owned_with<E>(
        self: &Arc<Self>,
        create: impl FnOnce() -> Result<T, E>,
    ) -> Result<OwnedPoolGuard<T, F>, E> {
        let value = match self.find() {
            Some(value) => value,
            None => self.try_create(create)?,
        };
        Ok(OwnedPoolGuard::new(Arc::clone(self), value))
    }
}

/// What every public guard can do: `$guard` has a field `core` for a `$target`. The generics end with a comma.
macro_rules! guard_impls {
    ([$($generics:tt)*] $guard:ty, $target:ty) => {
        impl<$($generics)*> core::ops::Deref for $guard {
            type Target = $target;

            #[inline(always)]
            fn deref(&self) -> &$target {
                &self.core.value
            }
        }

        impl<$($generics)*> core::ops::DerefMut for $guard {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.core.value
            }
        }

        impl<$($generics)* U: ?Sized> AsRef<U> for $guard
        where
            $target: AsRef<U>,
        {
            #[inline]
            fn as_ref(&self) -> &U {
                AsRef::as_ref(&**self)
            }
        }

        impl<$($generics)* U: ?Sized> AsMut<U> for $guard
        where
            $target: AsMut<U>,
        {
            #[inline]
            fn as_mut(&mut self) -> &mut U {
                AsMut::as_mut(&mut **self)
            }
        }

        impl<$($generics)*> core::borrow::Borrow<$target> for $guard {
            #[inline]
            fn borrow(&self) -> &$target {
                self
            }
        }

        impl<$($generics)*> core::borrow::BorrowMut<$target> for $guard {
            #[inline]
            fn borrow_mut(&mut self) -> &mut $target {
                self
            }
        }

        impl<$($generics)*> core::fmt::Debug for $guard
        where
            $target: core::fmt::Debug,
        {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(&**self, formatter)
            }
        }
    };
}
pub(crate) use guard_impls;
