//! The seam over shuttle: sequential consistency, every schedule or a random sample of them.

use std::string::String;

pub(crate) use shuttle as checker;
pub(crate) use shuttle::sync::Arc;
pub(crate) use shuttle::sync::atomic::fence;

#[cfg(feature = "stats")]
pub(crate) use super::recorded::PlainAtomicU64;
pub(crate) use super::recorded::{Lock, LockGuard, PlainAtomicUsize, lock, pause, try_lock};
pub(crate) use super::traced::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, UnsafeCell, init_vacant,
};

/// What the trace wraps.
pub(super) use super::recorded as untraced;

/// A name of the running thread.
#[allow(clippy::unnecessary_wraps, reason = "loom cannot always tell")]
pub(super) fn thread_name() -> Option<String> {
    Some(std::format!("{:?}", shuttle::thread::current().id()))
}

/// Runs a unit test: a model of one thread.
#[cfg(test)]
pub(crate) fn test(body: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(body, None);
}
