//! A pool in an `Arc`: guards that keep it.

use alloc::sync::Arc;

use super::Pool;
use super::guard::OwnedPoolGuard;

impl<T: Send + 'static, F> Pool<T, F> {
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
