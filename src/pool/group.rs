//! Pools that age together.

use core::time::Duration;
use std::time::Instant;

use super::registry::{self, Which};
use super::relaxed_counter::RelaxedCounter;
use crate::sync::MadeOnce;

/// Pools that age together, apart from all others.
///
/// A pool belongs to no group unless it is [put in one](crate::Pool::with_group). [`tick_all`](crate::tick_all),
/// [`clear_all`](crate::clear_all) and a [`Janitor`](crate::Janitor) that names no group see to the pools without
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
/// static TOKENS: Pool<Vec<u8>> = <Pool<Vec<u8>>>::new(Vec::new).with_group(&PARSERS);
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
        registry::tick(Which::Group(self));
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
        registry::clear(Which::Group(self));
    }

    /// Ticks the pools of this group, unless a janitor has done so less than `interval` ago: several janitors
    /// over the same pools shall not shorten the lives of their values.
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
