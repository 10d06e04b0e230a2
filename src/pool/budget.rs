//! A cap in bytes on what is idle in pools.

use core::fmt;

use crate::orderings;
use crate::sync::{AtomicUsize, const_unless_model};

/// A cap in bytes on what is idle in one pool or in several.
///
/// A value that comes back is charged before it becomes idle, and dropped instead if the budget has no room for it.
/// When it is taken, or dropped by a tick, a clear or the pool's drop, its bytes are given back. So the sum of what is
/// idle never exceeds the limit. Values in use are not counted.
///
/// # Progress and cost
///
/// A compare-and-swap on a word that all threads share for each value that comes back, and a read-modify-write for
/// each that is taken. Lock-free: a charge is retried only because another charge or refund succeeded.
///
/// # Examples
///
/// Two pools share 1 MiB:
///
/// ```
/// use pooldeque::Pool;
/// use pooldeque::pool::IdleBudget;
///
/// static BUDGET: IdleBudget = IdleBudget::new(1 << 20);
/// static BYTES: Pool<Vec<u8>> = Pool::from_fn(Vec::new).with_budget(&BUDGET, Vec::capacity);
/// static TEXTS: Pool<String> = Pool::from_fn(String::new).with_budget(&BUDGET, String::capacity);
///
/// BYTES.put(Vec::with_capacity(700_000));
/// TEXTS.put(String::with_capacity(700_000));
/// assert_eq!(BUDGET.used(), 700_000);
/// assert!(TEXTS.take().is_none());
/// assert!(BYTES.take().is_some());
/// assert_eq!(BUDGET.used(), 0);
/// ```
///
/// A limit that is known only when the program runs:
///
/// ```
/// use pooldeque::pool::IdleBudget;
///
/// let limit: usize = "1048576".parse().unwrap();
/// let budget: &'static IdleBudget = Box::leak(Box::new(IdleBudget::new(limit)));
/// assert_eq!(budget.limit(), limit);
/// ```
pub struct IdleBudget {
    limit: usize,
    /// The bytes that idle values were charged with, and those of values that are about to become idle.
    used: AtomicUsize,
}

impl IdleBudget {
    const_unless_model! {
        /// A budget of `limit` bytes.
        ///
        /// # Examples
        ///
        /// See [the type](Self#examples).
        ///
        /// ```
        /// use pooldeque::pool::IdleBudget;
        ///
        /// static BUDGET: IdleBudget = IdleBudget::new(64 << 20);
        /// assert_eq!((BUDGET.limit(), BUDGET.used()), (64 << 20, 0));
        /// ```
        #[must_use]
        pub fn new(limit: usize) -> Self {
            Self { limit, used: AtomicUsize::new(0) }
        }
    }

    /// The most bytes that may be idle.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(pooldeque::pool::IdleBudget::new(4096).limit(), 4096);
    /// ```
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// The bytes that idle values are charged with. It may be out of date when it returns. One load.
    ///
    /// # Examples
    ///
    /// See [the type](Self#examples).
    ///
    /// ```
    /// assert_eq!(pooldeque::pool::IdleBudget::new(4096).used(), 0);
    /// ```
    #[must_use]
    pub fn used(&self) -> usize {
        // Relaxed: the read-modify-writes decide; this value may be out of date.
        self.used.load(orderings::BUDGET_LOOK.get())
    }

    /// Adds `bytes` to what is used, if that stays within the limit.
    pub(super) fn charge(&self, bytes: usize) -> bool {
        let mut used = self.used();
        loop {
            let Some(sum) = used.checked_add(bytes).filter(|&sum| sum <= self.limit) else { return false };
            let charged = self.used.compare_exchange(
                used,
                sum,
                // Relaxed: the sum is exact by the order of this word's changes alone.
                orderings::BUDGET_CHARGE.get(),
                // Relaxed: as BUDGET_LOOK.
                orderings::BUDGET_LOST.get(),
            );
            match charged {
                Ok(_) => return true,
                Err(now) => used = now,
            }
        }
    }

    /// Takes `bytes` from what is used.
    pub(super) fn refund(&self, bytes: usize) {
        // Relaxed: as BUDGET_CHARGE.
        self.used.fetch_sub(bytes, orderings::BUDGET_REFUND.get());
    }
}

impl fmt::Debug for IdleBudget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("IdleBudget").field("limit", &self.limit).finish_non_exhaustive()
    }
}
