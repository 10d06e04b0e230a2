//! Every pool in use, for [`tick_all`] and for threads that end.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::iter;
use core::ops::Bound::{Excluded, Included, Unbounded};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::ageing::{Clean, Cleanup, clean_together};
use super::group::{NO_GROUP, PoolGroup};
use super::state::State;
use crate::drop_each::{discard, each_despite_panics};
use crate::order;
use crate::sync::{Arc, AtomicU64, Lock, global, lock};

/// How many pools are cleaned together, behind one fence. Their owners cannot enter their private cells meanwhile.
const POOLS_A_FENCE: usize = 1024;

global! {
    pub(crate) static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
}

global! {
    /// The pools that have an entry and are not dropped.
    pub(crate) static POOLS: Lock<Pools> = Lock::new(BTreeMap::new());
}

pub(crate) type Pools = BTreeMap<Key, Box<dyn Registered>>;

/// A pool's group and its number, which no other pool of this process has or had.
pub(crate) type Key = (usize, u64);

/// Which pools to clean.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Group(&'static PoolGroup),
    All,
}

/// A share in a pool of whatever element.
pub(crate) trait Registered: Send + Sync {
    fn share(&self) -> Box<dyn Registered>;
    fn pool(&self) -> &dyn Clean;

    /// # Safety
    ///
    /// This thread holds slot `number`.
    unsafe fn leave(&self, number: usize);
}

impl<T: Send + 'static> Registered for Arc<State<T>> {
    fn share(&self) -> Box<dyn Registered> {
        Box::new(Self::clone(self))
    }

    fn pool(&self) -> &dyn Clean {
        &**self
    }

    unsafe fn leave(&self, number: usize) {
        // SAFETY: passed on.
        unsafe { State::leave(self, number) };
    }
}

/// Runs no user code, and so may hold the lock. `None` if the lock cannot be had in a forked child.
fn with_pools<R>(action: impl FnOnce(&mut Pools) -> R) -> Option<R> {
    POOLS.with(|pools| Some(action(&mut *lock(pools)?)))
}

/// A key for a new pool.
pub(super) fn new_key(group: Option<&'static PoolGroup>) -> Key {
    // Relaxed: each read-modify-write returns another number.
    let number = NEXT_NUMBER.with(|next| next.fetch_add(1, order::POOL_NUMBER_TAKE.get()));
    (group.unwrap_or(&NO_GROUP).key(), number)
}

/// All pools that exist by now have lower numbers.
fn numbers_taken() -> u64 {
    // Relaxed: the pools themselves are looked up under a lock.
    NEXT_NUMBER.with(|next| next.load(order::POOL_NUMBER_LOOK.get()))
}

pub(super) fn add<T: Send + 'static>(pool: &Arc<State<T>>) {
    let (key, share) = (pool.key, pool.share());
    with_pools(|pools| pools.insert(key, share));
}

pub(super) fn remove(key: Key) {
    let removed = with_pools(|pools| pools.remove(&key));
    // Not under the lock: it may be the last share.
    drop(removed);
}

/// Leaves only the keys of pools that exist.
pub(super) fn retain_existing(keys: &mut Vec<Key>) {
    with_pools(|pools| keys.retain(|key| pools.contains_key(key)));
}

/// Makes what slot `number` has in private cells of these pools available to other threads. Returns those of
/// the pools that still exist, each once. In a forked child that cannot look them up it does nothing.
///
/// # Safety
///
/// This thread holds the slot.
pub(super) unsafe fn leave(mut keys: Vec<Key>, number: usize) -> Vec<Key> {
    // A pool is noted again when the slot has a new entry, after a tick has removed the last one.
    keys.sort_unstable();
    keys.dedup();
    let mut can_look_up = true;
    keys.retain(|key| {
        if !can_look_up {
            return true;
        }
        let Some(share) = with_pools(|pools| pools.get(key).map(|pool| pool.share())) else {
            can_look_up = false;
            return true;
        };
        let Some(share) = share else { return false };
        // SAFETY: passed on.
        unsafe { share.leave(number) };
        // It may be the last share by now, and a thread's end must not panic.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(share))) {
            discard(panic);
        }
        true
    });
    keys
}

/// Cleans pools, whatever panics. Those that another thread is cleaning come last: that is waited for, unless this
/// thread is itself cleaning a pool.
fn clean(which: Which, cleanup: Cleanup) {
    let range = |after: Option<Key>, last: Key| match (after, which) {
        (Some(after), _) => (Excluded(after), Included(last)),
        (None, Which::Group(group)) => (Included((group.key(), 0)), Included(last)),
        (None, Which::All) => (Unbounded, Included(last)),
    };
    let last = match which {
        Which::Group(group) => (group.key(), u64::MAX),
        Which::All => (usize::MAX, u64::MAX),
    };
    // A destructor may make pools: they are left alone.
    let made_before = numbers_taken();
    let mut after = None;
    let chunks = iter::from_fn(|| {
        let shares: Vec<(Key, Box<dyn Registered>)> = with_pools(|pools| {
            let due = pools.range(range(after, last)).filter(|(key, _)| key.1 < made_before);
            due.take(POOLS_A_FENCE).map(|(key, pool)| (*key, pool.share())).collect()
        })?;
        after = shares.last().map(|(key, _)| *key);
        (!shares.is_empty()).then_some(shares)
    });
    each_despite_panics(chunks, |shares| {
        let pools: Vec<_> = shares.iter().map(|(_, share)| share.pool()).collect();
        clean_together(&pools, cleanup);
    });
}

pub(super) fn tick(which: Which) {
    clean(which, Cleanup::Tick);
}

pub(super) fn clear(which: Which) {
    clean(which, Cleanup::Clear);
}

/// Ticks every pool that is in use, as Go's `poolCleanup` does before a garbage collection.
///
/// A pool is in use from its first value until it is dropped. Pools in a [group](crate::PoolGroup) are left to
/// that. See [`Pool::tick`](crate::Pool::tick) for what a tick does, waits for and costs; one system call serves
/// up to 1,024 pools.
///
/// # Panics
///
/// Where a value's destructor does, after all pools have ticked.
///
/// # Examples
///
/// ```
/// use pooldeque::{Pool, tick_all};
///
/// static LINES: Pool<String> = Pool::new(String::new);
/// LINES.put("idle".into());
/// tick_all();
/// assert_eq!(LINES.take().as_deref(), Some("idle"));
/// LINES.put("forgotten".into());
/// tick_all();
/// tick_all();
/// assert_eq!(LINES.take(), None);
/// ```
pub fn tick_all() {
    NO_GROUP.tick();
}

/// Clears every pool that is in use, except those in a [group](crate::PoolGroup).
///
/// See [`Pool::clear`](crate::Pool::clear).
///
/// # Panics
///
/// Where a value's destructor does, after all pools have been cleared.
///
/// # Examples
///
/// ```
/// use pooldeque::{Pool, clear_all};
///
/// static LINES: Pool<String> = Pool::new(String::new);
/// LINES.put("idle".into());
/// clear_all();
/// assert_eq!(LINES.take(), None);
/// ```
pub fn clear_all() {
    NO_GROUP.clear();
}
