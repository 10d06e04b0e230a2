//! The seam over shuttle: sequential consistency, every schedule or a random sample of them.

pub(crate) use shuttle as checker;
pub(crate) use shuttle::sync::Arc;
pub(crate) use shuttle::sync::atomic::fence;

#[cfg(feature = "stats")]
pub(crate) use super::recorded::PlainAtomicU64;
pub(crate) use super::recorded::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Lock, LockGuard, PlainAtomicUsize, UnsafeCell,
    init_vacant, lock, try_lock,
};

/// Runs a unit test: a model of one thread.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(body, None);
}
