//! Every pool in use, for [`tick_all`] and for threads that end.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::iter;
use core::mem;
use core::ops::Bound::{Excluded, Included, Unbounded};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::ageing::{Clean, Cleanup, clean_together};
use super::counters::RelaxedCounter;
use super::rules::Ages;
use super::state::State;
use crate::drop_each::{discard, each_despite_panics};
use crate::orderings;
use crate::sync::{Arc, AtomicU64, Lock, MadeOnce, global, lock};

/// How many pools are cleaned together, behind one fence. Their owners cannot use their private cells meanwhile.
const POOLS_A_FENCE: usize = 1024;

global! {
    pub(crate) static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
}

global! {
    /// The pools that have been used and are not dropped.
    pub(crate) static POOLS: Lock<Pools> = Lock::new(BTreeMap::new());
}

pub(crate) type Pools = BTreeMap<Key, Box<dyn Registered>>;

/// A pool's group and its number, which no other pool of this process has or had.
pub(crate) type Key = (usize, u64);

/// Whether the pool with this key ages with no others.
pub(super) const fn is_alone(key: Key) -> bool {
    key.0 == ALONE
}

/// Stands for a group in the keys of pools that age with no others. Addresses are smaller.
const ALONE: usize = usize::MAX;

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

impl<T: Send> Registered for Arc<State<T>> {
    fn share(&self) -> Box<dyn Registered> {
        erase(Self::clone(self))
    }

    fn pool(&self) -> &dyn Clean {
        &**self
    }

    unsafe fn leave(&self, number: usize) {
        // SAFETY: passed on.
        unsafe { State::leave(self, number) };
    }
}

/// A share in a pool, whatever its element borrows.
fn erase<'a, T: Send + 'a>(share: Arc<State<T>>) -> Box<dyn Registered> {
    let share: Box<dyn Registered + 'a> = Box::new(share);
    // SAFETY: only the lifetime changes. A pool whose values may borrow is `Alone`: nothing but a reference to the pool
    // drops its values, and at the latest the pool's own drop. A share that outlives the pool is empty, and one in a
    // pool that was forgotten only moves values from a private cell to a shared queue.
    unsafe { mem::transmute::<Box<dyn Registered + 'a>, Box<dyn Registered>>(share) }
}

/// Runs no user code, and so may hold the lock. `None` if the lock cannot be had in a forked child.
fn with_pools<R>(action: impl FnOnce(&mut Pools) -> R) -> Option<R> {
    POOLS.with(|pools| Some(action(&mut *lock(pools)?)))
}

/// A key for a new pool.
pub(super) fn new_key(ages: Ages) -> Key {
    // Relaxed: each read-modify-write returns another number.
    let number = NEXT_NUMBER.with(|next| next.fetch_add(1, orderings::POOL_NUMBER_TAKE.get()));
    let group = match ages {
        Ages::WithAll => NO_GROUP.key(),
        Ages::With(group) => group.key(),
        Ages::Alone => ALONE,
    };
    (group, number)
}

/// All pools that exist by now have smaller numbers.
fn numbers_taken() -> u64 {
    // Relaxed: the pools themselves are looked up under a lock.
    NEXT_NUMBER.with(|next| next.load(orderings::POOL_NUMBER_LOOK.get()))
}

pub(super) fn add<T: Send>(pool: &Arc<State<T>>) {
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

/// Cleans pools, whatever panics. Those that another thread is cleaning come last: this thread waits for that, unless it
/// is itself cleaning a pool.
fn clean(which: Which, cleanup: Cleanup) {
    let range = |after: Option<Key>, last: Key| match (after, which) {
        (Some(after), _) => (Excluded(after), Included(last)),
        (None, Which::Group(group)) => (Included((group.key(), 0)), Included(last)),
        (None, Which::All) => (Unbounded, Included(last)),
    };
    let last = match which {
        Which::Group(group) => (group.key(), u64::MAX),
        Which::All => (ALONE - 1, u64::MAX),
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
/// A pool counts from its first use until it is dropped. Pools in a [group](PoolGroup) are left to
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

/// Clears every pool that is in use, except those in a [group](PoolGroup).
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

// Pools that age together.

/// Pools that age together, apart from all others.
///
/// A pool belongs to no group unless it is [put in one](crate::Pool::with_group). [`tick_all`],
/// [`clear_all`] and a [`Janitor`](crate::Janitor) that names no group see to the pools without
/// a group only. So a library that keeps its pools in a group of its own decides by itself when they age, whatever
/// the application does with its own pools. The exception is memory pressure: a janitor that is over its
/// [budget](crate::pool::JanitorBuilder::memory_budget_by) clears every pool of the process.
///
/// # Progress and cost
///
/// A group allocates nothing. [`tick`](Self::tick) and [`clear`](Self::clear) cost what they cost for each pool,
/// with one system call for many pools, and look up the pools of the group in a sorted map under a lock.
///
/// # Examples
///
/// ```
/// use pooldeque::{Pool, PoolGroup, tick_all};
///
/// static PARSERS: PoolGroup = PoolGroup::new();
/// static TOKENS: Pool<Vec<u8>> = Pool::from_fn(Vec::new).with_group(&PARSERS);
///
/// TOKENS.put(Vec::new());
/// tick_all();
/// tick_all();
/// assert!(TOKENS.take().is_some(), "the application's ticks are not for this pool");
///
/// TOKENS.put(Vec::new());
/// PARSERS.tick();
/// PARSERS.tick();
/// assert!(TOKENS.take().is_none());
/// ```
#[derive(Debug, Default)]
pub struct PoolGroup {
    /// When a janitor last ticked these pools, in milliseconds of [`now`]; 0 before.
    last_tick: RelaxedCounter,
}

/// The pools without a group.
pub(super) static NO_GROUP: PoolGroup = PoolGroup::new();

impl PoolGroup {
    /// A group without pools.
    ///
    /// # Examples
    ///
    /// ```
    /// static GROUP: pooldeque::PoolGroup = pooldeque::PoolGroup::new();
    /// GROUP.tick();
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { last_tick: RelaxedCounter::new(0) }
    }

    /// Ticks every pool of this group that is in use. See [`Pool::tick`](crate::Pool::tick).
    ///
    /// # Panics
    ///
    /// Where a value's destructor does, after all pools have ticked.
    ///
    /// # Examples
    ///
    /// See [the type](Self#examples).
    ///
    /// ```
    /// # static GROUP: pooldeque::PoolGroup = pooldeque::PoolGroup::new();
    /// GROUP.tick();
    /// ```
    pub fn tick(&'static self) {
        tick(Which::Group(self));
    }

    /// Clears every pool of this group that is in use. See [`Pool::clear`](crate::Pool::clear).
    ///
    /// # Panics
    ///
    /// Where a value's destructor does, after all pools have been cleared.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::{Pool, PoolGroup};
    ///
    /// static GROUP: PoolGroup = PoolGroup::new();
    /// let pool = Pool::new(String::new).with_group(&GROUP);
    /// pool.put(String::new());
    /// GROUP.clear();
    /// assert_eq!(pool.take(), None);
    /// ```
    pub fn clear(&'static self) {
        clear(Which::Group(self));
    }

    /// Ticks the pools of this group, unless a janitor has done so less than `interval` ago: several janitors
    /// over the same pools must not shorten the lives of their values.
    pub(super) fn tick_unless_recent(&'static self, interval: Duration) {
        let (now, last) = (now(), self.last_tick.get());
        let is_recent = last != 0 && (now.wrapping_sub(last) as u128) < interval.as_millis();
        if !is_recent {
            self.last_tick.set(now);
            self.tick();
        }
    }

    /// What pools of this group are registered under. Pools without a group come first.
    pub(super) fn key(&'static self) -> usize {
        if core::ptr::eq(self, &raw const NO_GROUP) { 0 } else { core::ptr::from_ref(self).addr() }
    }
}

/// Milliseconds since the first call, from 1 on.
fn now() -> usize {
    static START: MadeOnce<Instant> = MadeOnce::new();
    START.get_or_make(Instant::now).elapsed().as_millis() as usize + 1
}
