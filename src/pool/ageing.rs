//! Ageing: Go's `poolCleanup`, without stopping the world.
//!
//! A tick drops the values on the victim side of every thread slot. Then it counts the generation up, which makes
//! the empty side the primary, and what was the primary the victim. It takes from the shared queues as any thief
//! does, and from the private cells behind their revoked owner flags, so it does not matter whether the owner of
//! a slot is running, asleep or gone.
//!
//! What a tick or a clear drops is settled before the first destructor runs: the private values are taken, and of
//! each shared queue as many of the oldest values as it holds then. Destructors run with no epoch pinned and no
//! owner flag revoked, so they may use any pool.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cell::Cell;
use core::iter;
use core::marker::PhantomData;
use core::mem::{self, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::counters::Counter;
use super::local::{Local, Side};
use super::owner_flag::{Revoked, fence_after_revoking};
use super::per_slot::position;
use super::state::State;
use super::thread_slots;
use crate::deque::chain::PoolChain;
use crate::drop_each::{drop_each, each_despite_panics};
use crate::orderings;
use crate::reclaim::{Domain, pin_in};
use crate::sync::{Lock, LockGuard, lock, per_thread, try_lock};

/// How many values are taken out of a shared queue at once, before their destructors run.
const MOST_AT_ONCE: usize = 256;

/// How many bytes of values are taken out at once, if that is more than one value.
const BYTES_AT_ONCE: usize = 64 << 10;

/// What to do to a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cleanup {
    /// Drop what was not used for two ticks.
    Tick,
    /// Drop everything.
    Clear,
}

/// A pool that can be cleaned.
pub(crate) trait Clean {
    /// Begins a tick or a clear. `None` if another thread is cleaning this pool, and this one may not wait or
    /// must not.
    fn begin(&self, cleanup: Cleanup, may_wait: bool) -> Option<Box<dyn Begun + '_>>;
}

/// A pool whose cleaning has begun: owner flags are revoked.
pub(crate) trait Begun {
    /// Whether there are private values to take, for which owners must be fenced.
    fn needs_fence(&self) -> bool;

    /// Takes what is private and restores the flags. `reached_all` is what the fence returned.
    fn collect(&mut self, reached_all: bool);

    /// Drops what was there. Runs destructors.
    fn finish(self: Box<Self>);
}

/// A pool that is being cleaned.
pub(crate) struct Cleaning<'a, T> {
    state: &'a State<T>,
    cleanup: Cleanup,
    sides: &'static [Side],
    /// Whose owner flags are revoked.
    revoked: Vec<(usize, Revoked<'a>)>,
    /// Values that were taken and not dropped yet.
    taken: VecDeque<T>,
    /// What to take from which shared queue, the last first.
    quotas: Vec<Quota>,
    /// Given up last.
    _turn: TickGuard<'a>,
}

/// How many of the oldest values of a shared queue are to be dropped.
struct Quota {
    number: usize,
    side: Side,
    left: usize,
}

/// Cleans pools, whatever panics. Those that another thread is cleaning come last: this thread waits for that, unless it
/// is itself cleaning a pool.
pub(crate) fn clean_together(pools: &[&dyn Clean], cleanup: Cleanup) {
    let (mut begun, mut busy) = (VecDeque::new(), Vec::new());
    for &pool in pools {
        match pool.begin(cleanup, false) {
            Some(cleaning) => begun.push_back(cleaning),
            None => busy.push(pool),
        }
    }
    let waited = busy.into_iter().filter_map(|pool| Some([pool.begin(cleanup, true)?].into()));
    each_despite_panics(iter::once(begun).chain(waited), clean_begun);
}

/// Takes what is private, behind one fence for all pools, and then the rest.
fn clean_begun(mut begun: VecDeque<Box<dyn Begun + '_>>) {
    let reached_all = !begun.iter().any(|cleaning| cleaning.needs_fence()) || fence_after_revoking();
    for cleaning in &mut begun {
        cleaning.collect(reached_all);
    }
    each_despite_panics(begun.into_iter(), |cleaning| cleaning.finish());
}

impl<T> Clean for State<T> {
    fn begin(&self, cleanup: Cleanup, may_wait: bool) -> Option<Box<dyn Begun + '_>> {
        Some(Box::new(self.begin_cleaning(cleanup, may_wait)?))
    }
}

impl<T> State<T> {
    fn begin_cleaning(&self, cleanup: Cleanup, may_wait: bool) -> Option<Cleaning<'_, T>> {
        let turn = if may_wait { self.tick_lock.lock() } else { self.tick_lock.try_lock() }?;
        let sides = match (cleanup, self.primary()) {
            (Cleanup::Clear, _) => &Side::BOTH[..],
            (Cleanup::Tick, primary) => &Side::BOTH[primary.other().index()..][..1],
        };
        // SAFETY: entries are removed under the tick lock only.
        let entries = unsafe { self.locals.iter() };
        let occupied = entries.filter(|(_, entry)| sides.iter().any(|&side| entry.value.has_private(side)));
        // SAFETY: flags are revoked under the tick lock only.
        let revoked = occupied.map(|(number, entry)| (number, unsafe { entry.value.untracked().revoke() }));
        let revoked = revoked.collect();
        Some(Cleaning {
            state: self,
            cleanup,
            sides,
            revoked,
            taken: VecDeque::new(),
            quotas: Vec::new(),
            _turn: turn,
        })
    }

    /// Makes the victims the primaries, and the primaries the victims. Called under the tick lock.
    fn swap_sides(&self) {
        let next = self.generation().wrapping_add(1);
        // Relaxed: as GENERATION_READ.
        self.generation.store(next, orderings::GENERATION_ADVANCE.get());
    }

    /// Gives up the entries of slots whose threads are gone and that have nothing left. Called under the tick
    /// lock.
    fn give_up_vacant_entries(&self) {
        // SAFETY: entries are removed under the tick lock only.
        let numbers: Vec<_> = unsafe { self.locals.numbers() }.collect();
        for number in numbers {
            let Some(_vacated) = thread_slots::vacated(number) else { continue };
            // SAFETY: this thread holds the slot meanwhile.
            unsafe { self.publish_private(number) };
            // SAFETY: this thread holds the slot meanwhile.
            let is_empty = unsafe { self.locals.get(number) }.is_none_or(|entry| {
                // SAFETY: as above.
                unsafe { entry.value.idle() == 0 }
            });
            if is_empty {
                // SAFETY: as above, and this thread holds the tick lock.
                unsafe { self.locals.remove(number, |local| self.departed.absorb(local.counters())) };
            }
        }
    }

    /// Drops every value, where no other thread uses or cleans the pool.
    pub(crate) fn drop_all(&self) {
        // SAFETY: no other thread is left that would remove entries.
        let numbers: Vec<_> = unsafe { self.locals.numbers() }.collect();
        let sides = numbers.into_iter().flat_map(|number| Side::BOTH.map(|side| (number, side)));
        let mut sides = sides.peekable();
        drop_each(|| {
            while let Some(&(number, side)) = sides.peek() {
                if let Some(value) = self.pop_any(number, side) {
                    return Some(value);
                }
                sides.next();
            }
            None
        });
    }

    /// Takes a value from this side of an entry, where no other thread uses the pool.
    fn pop_any(&self, number: usize, side: Side) -> Option<T> {
        // SAFETY: no other thread is left that would remove entries.
        let entry = unsafe { self.locals.get(number) }?;
        let mut value = MaybeUninit::uninit();
        let out = value.as_mut_ptr();
        // SAFETY: there is room for a value.
        let is_popped = entry.value.shared(side).is_some_and(|shared| unsafe { shared.pop_tail_into(out) });
        // SAFETY: no other thread uses the pool, and there is room for a value.
        let is_taken = is_popped || unsafe { take_private(&entry.value, side, out) };
        if !is_taken {
            return None;
        }
        // SAFETY: there is a value.
        self.refund(unsafe { value.assume_init_ref() });
        // SAFETY: as above.
        Some(unsafe { value.assume_init() })
    }
}

impl<T> Cleaning<'_, T> {
    fn counter(&self) -> &Counter {
        match self.cleanup {
            Cleanup::Tick => &self.state.tick_counters.aged,
            Cleanup::Clear => &self.state.tick_counters.cleared,
        }
    }

    /// Takes the private values of this entry's sides.
    fn take_private(&mut self, number: usize) {
        // SAFETY: entries are removed under the tick lock only, which this thread holds.
        let Some(entry) = (unsafe { self.state.locals.get(number) }) else { return };
        for &side in self.sides {
            self.taken.reserve(1);
            let mut value = MaybeUninit::uninit();
            // SAFETY: the owner was found out, and there is room for a value.
            if unsafe { entry.value.take_revoked_into(side, value.as_mut_ptr()) } {
                // SAFETY: there is a value now.
                self.taken.push_back(unsafe { value.assume_init() });
            }
        }
    }

    /// The next value to drop.
    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(value) = self.taken.front() {
                self.state.refund(value);
                return self.taken.pop_front();
            }
            let quota = self.quotas.last_mut()?;
            let wanted = quota.left.min(most_at_once::<T>());
            let (number, side) = (quota.number, quota.side);
            let found = self.take_shared(number, side, wanted);
            let quota = self.quotas.last_mut()?;
            quota.left -= found;
            if found < wanted || quota.left == 0 {
                self.quotas.pop();
            }
        }
    }

    /// Takes the oldest values of a shared queue, `max` at most. Clears its bit if there are none.
    fn take_shared(&mut self, number: usize, side: Side, max: usize) -> usize {
        let guard = pin_in(Domain::Pools);
        // SAFETY: entries are removed under the tick lock only, which this thread holds.
        let Some(entry) = (unsafe { self.state.locals.get(number) }) else { return 0 };
        let taken = &mut self.taken;
        State::look_into(&entry.block, position(number).1, side, &guard, |shared| {
            let batch = shared.steal_batch(max);
            let found = batch.len();
            taken.extend(batch);
            (found != 0).then_some(found)
        })
        .inspect(|&found| self.counter().add(found))
        .unwrap_or(0)
    }
}

/// How many values are taken out before their destructors run.
const fn most_at_once<T>() -> usize {
    let size = if size_of::<T>() == 0 { 1 } else { size_of::<T>() };
    match BYTES_AT_ONCE / size {
        0 => 1,
        count if count > MOST_AT_ONCE => MOST_AT_ONCE,
        count => count,
    }
}

impl<T> Begun for Cleaning<'_, T> {
    fn needs_fence(&self) -> bool {
        !self.revoked.is_empty()
    }

    fn collect(&mut self, reached_all: bool) {
        let mine = thread_slots::number();
        for (number, flag) in mem::take(&mut self.revoked) {
            // This thread is not inside, for it is here.
            if number == mine || flag.is_out(reached_all) {
                self.take_private(number);
            } else if !reached_all {
                flag.demand_fence();
            }
        }
        self.counter().add(self.taken.len());
        // SAFETY: entries are removed under the tick lock only, which this thread holds.
        for (number, entry) in unsafe { self.state.locals.iter() } {
            for &side in self.sides {
                let left = entry.value.shared(side).map_or(0, PoolChain::len);
                if left != 0 {
                    self.quotas.push(Quota { number, side, left });
                }
            }
        }
    }

    fn finish(mut self: Box<Self>) {
        let dropped = catch_unwind(AssertUnwindSafe(|| drop_each(|| self.next())));
        if self.cleanup == Cleanup::Tick {
            self.state.tick_counters.ticks.add(1);
            self.state.swap_sides();
        }
        self.state.give_up_vacant_entries();
        drop(self);
        if let Err(panic) = dropped {
            resume_unwind(panic);
        }
    }
}

/// Takes the value from a private cell straight to `out`, where no other thread uses the pool. `false` if it is empty.
///
/// The owner may be a thread of the parent of this forked process, and never leave. What it was moving is leaked.
///
/// # Safety
///
/// No other thread uses the pool. `out` is valid for writes.
unsafe fn take_private<T>(local: &Local<T>, side: Side, out: *mut T) -> bool {
    // SAFETY: passed on.
    let flag = unsafe { local.revoke() };
    // SAFETY: the owner is out; the rest is passed on.
    flag.is_out(true) && unsafe { local.take_revoked_into(side, out) }
}

impl<T> Drop for State<T> {
    fn drop(&mut self) {
        // The destructors may do what those in a tick may.
        let _cleaning = CleaningMark::begin();
        self.drop_all();
    }
}

// The tick lock: one thread at a time cleans a pool.
//
// User code runs under it: the destructors of the values that a tick drops. They may do anything to any pool,
// so a thread that is cleaning some pool never waits to clean another: two such threads would wait for each
// other. What it cannot have at once is being cleaned by another thread anyway.

per_thread! {
    /// How many pools this thread is cleaning, one inside another.
    static DEPTH: Cell<usize> = Cell::new(0);
}

/// Lets one thread at a time clean a pool.
pub(super) struct TickLock(Lock<()>);

/// The right to clean a pool, until it is dropped.
pub(super) struct TickGuard<'a> {
    _lock: LockGuard<'a, ()>,
    _cleaning: CleaningMark,
}

/// This thread is cleaning a pool, until this is dropped.
pub(super) struct CleaningMark {
    /// It is counted on its thread.
    _not_send: PhantomData<*mut ()>,
}

impl TickLock {
    pub(super) fn new() -> Self {
        Self(Lock::new(()))
    }

    /// Locks; waits for another thread that holds the lock. `None` if that would have to wait and this thread
    /// must not: it is [cleaning](is_cleaning) a pool, or the holder stayed behind in the parent process.
    pub(super) fn lock(&self) -> Option<TickGuard<'_>> {
        if is_cleaning() { self.try_lock() } else { lock(&self.0).map(TickGuard::begin) }
    }

    /// Locks if the lock is free.
    pub(super) fn try_lock(&self) -> Option<TickGuard<'_>> {
        try_lock(&self.0).map(TickGuard::begin)
    }
}

impl<'a> TickGuard<'a> {
    fn begin(lock: LockGuard<'a, ()>) -> Self {
        Self { _lock: lock, _cleaning: CleaningMark::begin() }
    }
}

impl CleaningMark {
    pub(super) fn begin() -> Self {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        Self { _not_send: PhantomData }
    }
}

impl Drop for CleaningMark {
    fn drop(&mut self) {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
    }
}

/// Whether this thread is cleaning a pool, and so may be running the destructor of one of its values.
pub(super) fn is_cleaning() -> bool {
    DEPTH.try_with(|depth| depth.get() != 0).unwrap_or(false)
}
