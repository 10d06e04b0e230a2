//! Making a pool, and the rules that it is given before its first value.

use core::ptr;

use super::Pool;
use super::group::PoolGroup;
use super::rules::Rules;
use crate::sync::{AtomicPtr, const_unless_loom};

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

    /// Keeps at most `most` idle values for each thread, and drops what comes back beyond.
    ///
    /// A thread counts what is idle in its own entry, last tick's values included. The count is exact, except for
    /// values that others take just then. Counting costs a few loads for each put.
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

    /// Lets this pool age with the pools of `group`, and with no others.
    ///
    /// # Examples
    ///
    /// See [`PoolGroup`].
    ///
    /// ```
    /// use pooldeque::{Pool, PoolGroup};
    ///
    /// static GROUP: PoolGroup = PoolGroup::new();
    /// static POOL: Pool<String> = <Pool<String>>::new(String::new).with_group(&GROUP);
    /// # POOL.put(String::new());
    /// # GROUP.clear();
    /// # assert!(POOL.take().is_none());
    /// ```
    #[must_use]
    pub const fn with_group(mut self, group: &'static PoolGroup) -> Self {
        self.rules.group = Some(group);
        self
    }
}
