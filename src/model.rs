//! Functions for models of programs that use this crate, only under loom and shuttle.

// rustdoc shows this module without a model checker: it reads signatures, and no bodies.
use crate::deque::bounded;
#[cfg(any(loom, shuttle))]
use crate::deque::dequeue::PoolDequeue;
use crate::pool::Pool;
#[cfg(any(loom, shuttle))]
use crate::pool::{
    local::Side,
    per_slot::position,
    registry::{NEXT_NUMBER, POOLS},
    thread_slots::{self, POOLS_OF_SLOTS, REGISTRATION, SLOTS},
};
#[cfg(any(loom, shuttle))]
use crate::reclaim;
#[cfg(any(loom, shuttle))]
use crate::sync::{start_fences, start_globals};

#[cfg(any(loom, shuttle))]
#[doc(hidden)]
pub use crate::orderings::{Part, SiteInfo, catalogue, weaken};
#[cfg(shuttle)]
#[doc(hidden)]
pub use crate::sync::recorder;
#[cfg(any(loom, shuttle))]
#[doc(hidden)]
pub use crate::sync::trace;

/// Begins an execution of a model: call it first in the closure given to the model checker, before
/// any thread is spawned.
///
/// It discards the guards of an execution that ended early, and prevents the bookkeeping of the epoch's
/// contract from ordering the model's threads.
pub fn start() {
    start_with(false);
}

/// As [`start`], for an execution whose kernel refuses to fence other threads, as a sandbox may make it do.
#[doc(hidden)]
pub fn start_without_fences() {
    start_with(true);
}

fn start_with(refuses_fences: bool) {
    trace::begin();
    // What is left of the last execution goes before this one is recorded.
    start_globals();
    reclaim::clear_quarantine();
    reclaim::start();
    #[cfg(shuttle)]
    recorder::start();
    // If one of several threads made them, others could already be using them.
    NEXT_NUMBER.with(|_| ());
    POOLS.with(|_| ());
    SLOTS.with(|_| ());
    POOLS_OF_SLOTS.with(|_| ());
    start_fences(refuses_fences);
}

/// Ends this thread's use of pools, as the end of its thread-locals would.
///
/// A model checker's `join` does not wait for a thread's thread-locals. A thread of a model that calls this last is
/// done with all pools when it is joined.
pub fn leave_pools() {
    REGISTRATION.with(|registration| registration.leave());
}

/// The number of rings freed on this OS thread, over all executions so far.
///
/// A model that checks for use after free should see this grow.
pub fn rings_freed() -> usize {
    reclaim::freed()
}

/// Advances the deques' epoch by one step, if no guard prevents it, and frees the rings that this allows.
///
/// With the real crossbeam-epoch inside the model (`--cfg crossbeam_loom`) a drained ring is freed
/// three steps after it was unlinked, which few small programs come to by themselves. The model of the
/// epoch's contract frees as soon as it may, and this does nothing.
pub fn collect() {
    reclaim::collect_in(reclaim::Domain::Deques);
}

/// A bounded deque whose indexes start at `start`, for instance just below the wrap at 2^32.
///
/// # Panics
///
/// As [`bounded()`].
#[must_use]
pub fn bounded_from<T>(capacity: usize, start: u32) -> (bounded::Worker<T>, bounded::Stealer<T>) {
    bounded::handles(PoolDequeue::with_start_index(capacity, start))
}

/// The thread slot that this thread holds, the largest number for none: all that a thread remembers between its uses
/// of pools.
#[cfg(any(loom, shuttle))]
#[doc(hidden)]
#[must_use]
pub fn thread_slot() -> usize {
    thread_slots::number()
}

/// A pool whose shared queues begin with rings of `capacity` slots rather than 8.
///
/// # Panics
///
/// When it is used, unless a ring can have `capacity` slots.
#[doc(hidden)]
#[must_use]
pub fn with_rings_of<T, F>(capacity: usize, mut pool: Pool<T, F>) -> Pool<T, F> {
    pool.rules.first_ring = Some(capacity);
    pool
}

/// How many values lie in the shared queues of a pool that is not in use.
#[doc(hidden)]
#[must_use]
pub fn shared_in<T, F>(pool: &Pool<T, F>) -> usize {
    shared_where(pool, |_| true)
}

/// How many of them lie under a clear non-empty bit, so that only the slot's holder would find them.
#[doc(hidden)]
#[must_use]
pub fn hidden_in<T, F>(pool: &Pool<T, F>) -> usize {
    shared_where(pool, |is_set| !is_set)
}

/// The number of values in the shared queues whose non-empty bit `is_meant`.
fn shared_where<T, F>(pool: &Pool<T, F>, is_meant: impl Fn(bool) -> bool) -> usize {
    let Some(state) = pool.state() else { return 0 };
    // SAFETY: no thread is using the pool, so none removes entries.
    let entries = unsafe { state.locals.iter() };
    let lengths = entries.flat_map(|(number, entry)| {
        Side::BOTH.map(|side| {
            let is_set = entry.block.common.is_set(side, position(number).1);
            let shared = entry.value.shared(side).filter(|_| is_meant(is_set));
            shared.map_or(0, |shared| shared.len())
        })
    });
    lengths.sum()
}
