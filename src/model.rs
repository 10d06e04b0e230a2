//! What a model of a program over this crate can ask, under loom and shuttle alone.

use crate::pool::local::{Shared, Side};
use crate::sync::start_globals;
use crate::{Pool, bounded, reclaim};

pub use crate::order::{SiteInfo, catalogue, weaken};

/// Begins an execution of a model: call it first in the closure given to the model checker, before
/// any thread is spawned.
///
/// It forgets the guards of an execution that ended early, and keeps the bookkeeping of the epoch's
/// contract from ordering the model's threads.
pub fn start() {
    start_globals();
    reclaim::clear_graveyard();
    reclaim::start();
}

/// How many rings have been freed on this thread of the machine, over all executions so far.
///
/// A model that wants to show that nothing is used after it was freed should see this grow.
pub fn rings_freed() -> usize {
    reclaim::buried()
}

/// Lets the deques' epoch move on by one step, if nobody is in the way, and frees what that allows.
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
    bounded::handles(crate::PoolDequeue::with_start_index(capacity, start))
}

/// A pool whose shared parts begin with rings of `capacity` slots rather than 8.
///
/// # Panics
///
/// When it is used, unless a ring can have `capacity` slots.
#[must_use]
pub fn pool_with_rings<T, F: Fn() -> T>(capacity: usize, create: F) -> Pool<T, F> {
    let mut pool = Pool::new(create);
    pool.rules.first_ring = capacity;
    pool
}

/// How many values lie in the shared parts of a pool that nobody is using.
#[must_use]
pub fn shared_in<T, F>(pool: &Pool<T, F>) -> usize {
    shared_where(pool, |_| true)
}

/// How many of them lie under a lowered hint, so that nobody but the slot's holder would find them.
#[must_use]
pub fn hidden_in<T, F>(pool: &Pool<T, F>) -> usize {
    shared_where(pool, |shared| !shared.hint.is_raised())
}

/// How many values lie in the shared parts that `is_meant`.
fn shared_where<T, F>(pool: &Pool<T, F>, is_meant: impl Fn(&Shared<T>) -> bool) -> usize {
    let Some(state) = pool.state() else { return 0 };
    let parts = state.locals.iter().flat_map(|(_, local)| Side::BOTH.map(|side| local.shared(side)));
    parts.filter(|shared| is_meant(shared)).map(|shared| shared.chain.len()).sum()
}
