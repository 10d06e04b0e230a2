//! Every pool in use, for [`tick_all`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::sync::PoisonError;

use super::state::State;
use crate::drop_each::drop_each;
use crate::sync::{Arc, Mutex, global};

global! {
    /// The pools that have held a value and are not dropped.
    static POOLS: Mutex<Vec<Box<dyn Ageing>>> = Mutex::new(Vec::new());
}

/// A share in a pool of whatever element.
trait Ageing: Send + Sync {
    fn share(&self) -> Box<dyn Ageing>;
    fn address(&self) -> usize;
    fn tick(&self);
    fn clear(&self);
}

impl<T: Send + 'static> Ageing for Arc<State<T>> {
    fn share(&self) -> Box<dyn Ageing> {
        Box::new(Self::clone(self))
    }

    fn address(&self) -> usize {
        core::ptr::from_ref::<State<T>>(self).addr()
    }

    fn tick(&self) {
        State::tick(self);
    }

    fn clear(&self) {
        State::clear(self);
    }
}

/// Runs no code of the user's, and so may hold the lock.
fn with_pools<R>(action: impl FnOnce(&mut Vec<Box<dyn Ageing>>) -> R) -> R {
    POOLS.with(|pools| action(&mut pools.lock().unwrap_or_else(PoisonError::into_inner)))
}

pub(super) fn add<T: Send + 'static>(pool: &Arc<State<T>>) {
    let pool = pool.share();
    with_pools(|pools| pools.push(pool));
}

pub(super) fn remove(address: usize) {
    let removed = with_pools(|pools| {
        let index = pools.iter().position(|pool| pool.address() == address)?;
        Some(pools.swap_remove(index))
    });
    // Not under the lock: it may be the last share.
    drop(removed);
}

/// Does something to every pool, each outside the lock, however many of them panic.
fn for_each(action: impl Fn(&dyn Ageing)) {
    struct Due<'a, A: Fn(&dyn Ageing)>(Box<dyn Ageing>, &'a A);
    impl<A: Fn(&dyn Ageing)> Drop for Due<'_, A> {
        fn drop(&mut self) {
            (self.1)(&*self.0);
        }
    }

    let mut pools = with_pools(|pools| pools.iter().map(|pool| pool.share()).collect::<Vec<_>>());
    drop_each(|| Some(Due(pools.pop()?, &action)));
}

/// Ticks every pool that is in use, as Go's `poolCleanup` does before a collection of garbage.
///
/// A pool is in use from its first value until it is dropped. See [`Pool::tick`](crate::Pool::tick) for what
/// a tick does, blocks and costs.
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
    for_each(|pool| pool.tick());
}

/// Clears every pool that is in use.
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
    for_each(|pool| pool.clear());
}
