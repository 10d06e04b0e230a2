//! Functions for models of programs that use this crate, only under loom and shuttle.

use crate::deque::{bounded, dequeue::PoolDequeue};
use crate::pool::Pool;
use crate::pool::local::Side;
use crate::pool::per_slot::position;
use crate::pool::registry::{NEXT_NUMBER, POOLS};
use crate::pool::thread_slots::{POOLS_OF_SLOTS, REGISTRATION, SLOTS};
use crate::reclaim;
use crate::sync::{start_fences, start_globals};

pub use crate::order::{Part, SiteInfo, catalogue, weaken};

/// Begins an execution of a model: call it first in the closure given to the model checker, before
/// any thread is spawned.
///
/// It discards the guards of an execution that ended early, and prevents the bookkeeping of the epoch's
/// contract from ordering the model's threads.
pub fn start() {
    start_with(false);
}

/// As [`start`], for an execution whose kernel refuses to fence other threads, as a sandbox may make it do.
pub fn start_without_fences() {
    start_with(true);
}

fn start_with(refuses_fences: bool) {
    start_globals();
    // If one of several threads made them, others could already be using them.
    NEXT_NUMBER.with(|_| ());
    POOLS.with(|_| ());
    SLOTS.with(|_| ());
    POOLS_OF_SLOTS.with(|_| ());
    start_fences(refuses_fences);
    reclaim::clear_quarantine();
    reclaim::start();
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

/// A pool whose shared queues begin with rings of `capacity` slots rather than 8.
///
/// # Panics
///
/// When it is used, unless a ring can have `capacity` slots.
#[must_use]
pub fn pool_with_rings<T, F: Fn() -> T>(capacity: usize, create: F) -> Pool<T, F> {
    let mut pool = Pool::new(create);
    pool.rules.first_ring = Some(capacity);
    pool
}

/// The number of values in the shared queues of a pool that no thread is using.
#[must_use]
pub fn shared_in<T, F>(pool: &Pool<T, F>) -> usize {
    shared_where(pool, |_| true)
}

/// The number of them under a clear non-empty bit, where only the slot's holder would find them.
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
