//! What the handles to a pool share: the entries of all thread slots, and how values go in and out.

use core::marker::PhantomData;
use core::ptr;

use crossbeam_utils::CachePadded;

use super::Pool;
use super::ageing::TickLock;
use super::counters::{Counters, TickCounters};
use super::local::{Local, Side};
use super::non_empty::{NonEmpty, find_set};
use super::per_slot::{Block, Entry, PerSlot, position};
use super::registry::{self, Key};
use super::rules::{Charge, Rules};
use super::thread_slots;
use crate::deque::chain::PoolChain;
use crate::orderings;
use crate::reclaim::{Domain, Guard, pin_in};
use crate::sync::{Arc, AtomicUsize, Lock, SLOTS_A_BLOCK, lock};

/// How many values a thread that finds none of its own takes from another at once, if they are small.
const STEAL_BATCH: usize = 32;

/// How many bytes of values a thread takes from another at once, if that is more than one value.
const STEAL_BYTES: usize = 4096;

/// How many slots a ring may have that is kept from tick to tick, whatever the load.
const LARGEST_RING_KEPT: usize = 64;

/// The entries of a pool, with the non-empty bits of each block.
pub(crate) type Locals<T> = PerSlot<Local<T>, CachePadded<NonEmpty>>;

/// A block of them.
type LocalBlock<T> = Block<Local<T>, CachePadded<NonEmpty>>;

/// The pool itself.
pub(crate) struct State<T> {
    /// Counts the ticks. Its parity says which side is the primary. A thread that has read an old value may put
    /// a value on the wrong side, where it is just as safe, and ages a tick too early or too late.
    pub(super) generation: CachePadded<AtomicUsize>,
    pub(crate) locals: Locals<T>,
    pub(super) tick_lock: TickLock,
    /// Whether the pool is dropped. Held by a thread that ends while it publishes its private values here; no user
    /// code runs under it.
    is_dropped: Lock<bool>,
    pub(super) tick_counters: TickCounters,
    /// What was counted under slots that have been given up.
    pub(super) departed: Counters,
    pub(super) key: Key,
    /// As in the pool's [`Rules`].
    first_ring: usize,
    max_idle: usize,
    pub(super) budget: Option<Charge<T>>,
}

/// A pool as the current thread finds it, which holds a slot. Go's `pin`.
pub(super) struct Pinned<'a, T> {
    state: &'a State<T>,
    number: usize,
    entry: Entry<'a, Local<T>, CachePadded<NonEmpty>>,
    /// The slot is this thread's.
    _not_send: PhantomData<*mut ()>,
}

/// How far to look for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StealScope {
    /// In one's own entry.
    Own,
    /// In everybody's.
    All,
}

impl<T> State<T> {
    pub(super) fn new(rules: &Rules<T>) -> Self {
        Self {
            generation: CachePadded::new(AtomicUsize::new(0)),
            locals: PerSlot::new(|| CachePadded::new(NonEmpty::new())),
            tick_lock: TickLock::new(),
            is_dropped: Lock::new(false),
            tick_counters: TickCounters::default(),
            departed: Counters::default(),
            key: registry::new_key(rules.ages),
            first_ring: rules.first_ring(),
            max_idle: rules.max_idle,
            budget: rules.budget,
        }
    }

    /// The side on which values are put.
    #[inline(always)]
    pub(super) fn primary(&self) -> Side {
        Side::of(self.generation())
    }

    #[inline(always)]
    pub(super) fn generation(&self) -> usize {
        // Relaxed: on either side every value is safe.
        self.generation.load(orderings::GENERATION_READ.get())
    }

    /// The pool as the holder of slot `number` finds it, if the slot has an entry.
    ///
    /// # Safety
    ///
    /// This thread holds that slot for as long as it uses the answer.
    #[inline(always)]
    pub(super) unsafe fn pin(&self, number: usize) -> Option<Pinned<'_, T>> {
        // SAFETY: the caller holds the slot.
        let entry = unsafe { self.locals.get(number) }?;
        Some(Pinned { state: self, number, entry, _not_send: PhantomData })
    }

    /// As [`pin`](Self::pin); gives the slot an entry if it has none. `None` if that cannot be, in a forked child.
    ///
    /// # Safety
    ///
    /// This thread holds that slot for as long as it uses the answer.
    pub(super) unsafe fn pin_slow(&self, number: usize) -> Option<Pinned<'_, T>> {
        // SAFETY: passed on.
        if let Some(pinned) = unsafe { self.pin(number) } {
            return Some(pinned);
        }
        // SAFETY: there is room for a local at the argument.
        let init = |place| unsafe { Local::init(place) };
        // SAFETY: the caller holds the slot.
        let entry = unsafe { self.locals.make(number, init) }?;
        thread_slots::note_pool(number, self.key);
        Some(Pinned { state: self, number, entry, _not_send: PhantomData })
    }

    /// Gives back what a value was charged with that is idle no more.
    #[inline]
    pub(super) fn refund(&self, value: &T) {
        if let Some(budget) = &self.budget {
            budget.refund(value);
        }
    }

    /// Adds up what was counted under all slots.
    pub(crate) fn sum_up<S>(&self, start: S, mut add: impl FnMut(S, &Counters) -> S) -> S {
        let departed = add(start, &self.departed);
        // In a forked child whose parent was changing the entries: those of ended threads alone.
        let Some(_unchanging) = self.locals.lock_changes() else { return departed };
        // SAFETY: entries are removed under that lock only.
        unsafe { self.locals.iter() }.fold(departed, |sum, (_, entry)| add(sum, entry.value.counters()))
    }

    /// Looks into a shared queue that may hold something, and clears its bit if it does not.
    pub(super) fn look_into<R>(
        block: &LocalBlock<T>,
        bit: usize,
        side: Side,
        guard: &Guard,
        mut look: impl FnMut(&PoolChain<T>) -> Option<R>,
    ) -> Option<R> {
        // The entry may be new at the second look, and the first to have a queue.
        let mut look = || look(block.get(bit, guard)?.shared(side)?);
        look().or_else(|| block.common.clear_unless(side, bit, look))
    }

    /// As [`publish_private`](Self::publish_private), for a thread that ends: unless the pool is dropped, for then it
    /// is its dropper's alone.
    ///
    /// # Safety
    ///
    /// This thread holds the slot.
    pub(super) unsafe fn leave(&self, number: usize) {
        if let Some(is_dropped) = lock(&self.is_dropped)
            && !*is_dropped
        {
            // SAFETY: passed on.
            unsafe { self.publish_private(number) };
        }
    }

    /// Waits for threads that are leaving, and lets no other leave. `false` if that cannot be, in a forked child.
    pub(super) fn note_dropped(&self) -> bool {
        lock(&self.is_dropped).map(|mut is_dropped| *is_dropped = true).is_some()
    }

    /// Moves the values in the private cells of slot `number` to its shared queues, where other threads find them.
    ///
    /// # Safety
    ///
    /// This thread holds the slot.
    pub(super) unsafe fn publish_private(&self, number: usize) {
        // SAFETY: passed on.
        let Some(pinned) = (unsafe { self.pin(number) }) else { return };
        for side in Side::BOTH {
            let mut value = core::mem::MaybeUninit::uninit();
            // SAFETY: this thread holds the slot, and there is room for a value.
            if unsafe { pinned.entry.value.take_private_into(side, value.as_mut_ptr()) } {
                // SAFETY: there is a value, which is not used again.
                unsafe { pinned.push_shared(side, value.as_ptr()) };
            }
        }
    }
}

impl<'a, T> Pinned<'a, T> {
    #[inline(always)]
    pub(super) fn counters(&self) -> &Counters {
        self.entry.value.counters()
    }

    // --- Put, in Go's order ---

    /// Moves the value at `value` to the private cell, if that is empty. Wait-free.
    ///
    /// # Safety
    ///
    /// There is a value at `value`, and if this is `true` it is not used again.
    #[inline(always)]
    pub(super) unsafe fn put_private(&self, value: *const T) -> bool {
        // SAFETY: this thread holds the slot, and the rest is passed on.
        let is_placed = unsafe { self.entry.value.put_private(self.state.primary(), value) };
        if is_placed {
            self.counters().puts.add(1);
        }
        is_placed
    }

    /// Puts the value at `value` where there is room. `false` if too many values are idle in this slot, or too many
    /// bytes in all.
    ///
    /// Wait-free, except for the allocation of a ring and for what the first push after a tick gives back.
    ///
    /// # Safety
    ///
    /// There is a value at `value`, and if this is `true` it is not used again.
    #[inline]
    pub(super) unsafe fn put(&self, value: *const T) -> bool {
        // SAFETY: passed on.
        let has_room = unsafe { self.has_room(value) };
        // Only the slow path of a take refunds the budget, so a pool with a budget uses no private cell.
        // SAFETY: passed on.
        if has_room && self.state.budget.is_none() && unsafe { self.put_private(value) } {
            return true;
        }
        self.counters().puts.add(1);
        if has_room {
            // SAFETY: passed on.
            unsafe { self.put_shared(value) };
        }
        has_room
    }

    /// Puts the value at `value`, which was made ahead, where all threads find it. `false` as for
    /// [`put`](Self::put).
    ///
    /// # Safety
    ///
    /// As [`put`](Self::put).
    pub(super) unsafe fn prefill(&self, value: *const T) -> bool {
        self.counters().prefilled.add(1);
        // SAFETY: passed on.
        let has_room = unsafe { self.has_room(value) };
        if has_room {
            // SAFETY: passed on.
            unsafe { self.put_shared(value) };
        }
        has_room
    }

    /// Whether there is room for the value at `value`, which is charged then.
    ///
    /// # Safety
    ///
    /// There is a value at `value`.
    #[inline]
    unsafe fn has_room(&self, value: *const T) -> bool {
        let State { max_idle, budget, .. } = self.state;
        // SAFETY: this thread holds the slot.
        let has_room = *max_idle == usize::MAX || unsafe { self.entry.value.idle() } < *max_idle;
        // SAFETY: passed on.
        let has_room = has_room && budget.is_none_or(|budget| budget.charge(unsafe { &*value }));
        if !has_room {
            self.counters().full.add(1);
        }
        has_room
    }

    /// # Safety
    ///
    /// There is a value at `value`, which is not used again.
    #[inline]
    unsafe fn put_shared(&self, value: *const T) {
        let generation = self.state.generation();
        let side = Side::of(generation);
        if self.entry.value.is_new_to(generation)
            && let Some(shared) = self.entry.value.shared(side)
            // SAFETY: this thread holds the slot.
            && unsafe { shared.has_grown_beyond(LARGEST_RING_KEPT) }
        {
            // A tick has emptied it: what it had grown to belongs to a load that may be over.
            // SAFETY: this thread holds the slot.
            unsafe { shared.shrink_to(LARGEST_RING_KEPT) };
        }
        // SAFETY: passed on.
        unsafe { self.push_shared(side, value) };
    }

    /// # Safety
    ///
    /// There is a value at `value`, which is not used again.
    #[inline]
    unsafe fn push_shared(&self, side: Side, value: *const T) {
        // SAFETY: this thread holds the slot.
        let shared = unsafe { self.entry.value.shared_or_make(side, self.state.first_ring) };
        // SAFETY: this thread holds the slot, so it is the only producer; the rest is passed on.
        unsafe { shared.push_head_from(value) };
        self.note_push(side);
    }

    #[inline]
    fn note_push(&self, side: Side) {
        self.entry.block.common.set_after_push(side, position(self.number).1);
    }

    // --- Take, in Go's order ---

    /// Takes the value from the private cell. Wait-free.
    #[inline(always)]
    pub(super) fn take_private(&self) -> Option<T> {
        // SAFETY: this thread holds the slot.
        let value = unsafe { self.entry.value.take_private(self.state.primary()) }?;
        self.counters().private.add(1);
        Some(value)
    }

    /// Takes a value straight to `out`: from the private cell, the own head, the others' tails, and then from
    /// what the last tick left. `false` if nothing was found. Lock-free.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    pub(super) unsafe fn take_into(&self, out: *mut T, scope: StealScope) -> bool {
        // SAFETY: passed on.
        let is_taken = unsafe { self.find_into(out, scope) };
        if is_taken {
            // SAFETY: there is a value now.
            self.state.refund(unsafe { &*out });
        }
        is_taken
    }

    /// # Safety
    ///
    /// `out` is valid for writes.
    #[inline]
    unsafe fn find_into(&self, out: *mut T, scope: StealScope) -> bool {
        let primary = self.state.primary();
        let counters = self.counters();
        // SAFETY: this thread holds the slot; the rest is passed on.
        if unsafe { self.entry.value.take_private_into(primary, out) } {
            counters.private.add(1);
            return true;
        }
        // SAFETY: passed on.
        if unsafe { self.pop_own(primary, out) } {
            counters.own.add(1);
            return true;
        }
        if scope == StealScope::All
            // SAFETY: passed on.
            && unsafe { self.steal(primary, out) }
        {
            counters.stolen.add(1);
            return true;
        }
        // SAFETY: passed on.
        let is_taken = unsafe { self.take_from_victims(primary.other(), scope, out) };
        if is_taken {
            counters.victim.add(1);
        }
        is_taken
    }

    /// Pops the newest value of this slot's own shared queue.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    #[inline]
    unsafe fn pop_own(&self, primary: Side, out: *mut T) -> bool {
        let Some(own) = self.entry.value.shared(primary) else { return false };
        // SAFETY: this thread holds the slot; the rest is passed on.
        if unsafe { own.pop_head_into(out) } {
            return true;
        }
        // Drained rings are unlinked by a consumer. Otherwise each miss would walk them again.
        // SAFETY: this thread holds the slot.
        let has_drained = unsafe { own.has_rings_before_head() };
        // SAFETY: passed on.
        has_drained && unsafe { own.pop_tail_into(out) }
    }

    /// Takes the oldest values of another slot: the first to `out`, the rest to this slot's own shared queue, within
    /// the pool's limit of idle values.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    unsafe fn steal(&self, primary: Side, out: *mut T) -> bool {
        let batch = match self.state.max_idle {
            usize::MAX => steal_batch::<T>(),
            max_idle => {
                // SAFETY: this thread holds the slot.
                let idle = unsafe { self.entry.value.idle() };
                steal_batch::<T>().min(1 + max_idle.saturating_sub(idle))
            }
        };
        let is_anothers = |number| number != self.number;
        self.find(primary, is_anothers, |theirs| {
            if batch == 1 {
                // SAFETY: passed on.
                return unsafe { theirs.pop_tail_into(out) }.then_some(());
            }
            let mut stolen = theirs.steal_batch(batch);
            let first = stolen.next()?;
            // SAFETY: passed on.
            unsafe { out.write(first) };
            if stolen.len() != 0 {
                // SAFETY: this thread holds the slot.
                let own = unsafe { self.entry.value.shared_or_make(primary, self.state.first_ring) };
                // SAFETY: this thread holds the slot, and the batch comes from another.
                unsafe { own.push_batch(&mut stolen) };
                self.note_push(primary);
            }
            Some(())
        })
    }

    /// Takes one of the values that the last tick left, and leaves the others to age.
    ///
    /// # Safety
    ///
    /// `out` is valid for writes.
    unsafe fn take_from_victims(&self, victims: Side, scope: StealScope, out: *mut T) -> bool {
        // SAFETY: this thread holds the slot; the rest is passed on.
        if unsafe { self.entry.value.take_private_into(victims, out) } {
            return true;
        }
        let is_in_scope = |number| scope != StealScope::Own || number == self.number;
        // SAFETY: passed on.
        self.find(victims, is_in_scope, |theirs| unsafe { theirs.pop_tail_into(out) }.then_some(()))
    }

    /// Looks into those of the shared queues that may hold something until something is found: from the slot after
    /// this one on, and round to this one.
    fn find(
        &self,
        side: Side,
        is_in_scope: impl Fn(usize) -> bool,
        mut look: impl FnMut(&PoolChain<T>) -> Option<()>,
    ) -> bool {
        let (locals, own) = (&self.state.locals, &self.entry.block);
        let block_count = locals.block_count();
        // Most pools have no other block, and nothing to look at needs no guard.
        if block_count == 1 && own.common.bits(side) == 0 {
            return false;
        }
        let guard = pin_in(Domain::Pools);
        let (first, bit) = position(self.number);
        let mut find_in = |index: usize, block: &LocalBlock<T>, of_those: u64| {
            find_set(block.common.bits(side) & of_those, |bit| {
                // A queue that was not looked into was not found empty.
                is_in_scope(index * SLOTS_A_BLOCK + bit)
                    .then(|| State::look_into(block, bit, side, &guard, &mut look))
                    .flatten()
            })
        };
        // In its own block first what comes after this slot, and at last the rest.
        let after = (u64::MAX << bit) << 1;
        let others = (first + 1..block_count).chain(0..first);
        let mut others = others.filter_map(|index| Some((index, locals.block(index, &guard)?)));
        find_in(first, own, after)
            .or_else(|| others.find_map(|(index, block)| find_in(index, &block, u64::MAX)))
            .or_else(|| find_in(first, own, !after))
            .is_some()
    }
}

/// How many values a thread takes from another at once.
const fn steal_batch<T>() -> usize {
    let size = if size_of::<T>() == 0 { 1 } else { size_of::<T>() };
    match STEAL_BYTES / size {
        0 => 1,
        count if count > STEAL_BATCH => STEAL_BATCH,
        count => count,
    }
}

// A pool's share in its state: made by the first use, given up by the drop.

impl<T, F: ?Sized> Pool<T, F> {
    /// What threads share, if there is any yet.
    #[inline(always)]
    pub(crate) fn state(&self) -> Option<&State<T>> {
        // SAFETY: placed with a share that the pool keeps.
        unsafe { self.link().as_ref() }
    }

    #[inline(always)]
    fn link(&self) -> *mut State<T> {
        // Acquire: pairs with STATE_PLACE.
        self.state.load(orderings::STATE_READ.get())
    }

    /// # Safety
    ///
    /// `state` is a share that came from [`Arc::into_raw`], and is given up once.
    unsafe fn release(state: *const State<T>) {
        // SAFETY: passed on.
        let state = unsafe { Arc::from_raw(state) };
        registry::remove(state.key);
        if !state.note_dropped() {
            return;
        }
        if registry::is_alone(state.key) {
            // Its values may borrow what ends now. Only a reference to the pool ticks it, and there is none left.
            return state.drop_all();
        }
        // A thread in the middle of `tick_all` may have a share too. It must not be left with the values, unless
        // it cannot be waited for: then it drops them as it drops its share.
        if let Some(_turn) = state.tick_lock.lock() {
            state.drop_all();
        }
    }
}

impl<T: Send, F: ?Sized> Pool<T, F> {
    /// Makes the state, unless another thread has done so.
    pub(super) fn place_state(&self) -> &State<T> {
        let mine = Arc::new(State::new(&self.rules));
        registry::add(&mine);
        let mine = Arc::into_raw(mine).cast_mut();
        let placed = self.state.compare_exchange(
            ptr::null_mut(),
            mine,
            // Release: pairs with STATE_READ.
            orderings::STATE_PLACE.get(),
            // Relaxed: the other's is read afterwards.
            orderings::STATE_PLACE_LOST.get(),
        );
        if placed.is_err() {
            // SAFETY: the share just made, which no other thread has seen in the pool.
            unsafe { Self::release(mine) };
        }
        self.state().expect("it stays once it is there")
    }
}

impl<T, F: ?Sized> Drop for Pool<T, F> {
    /// Drops all idle values. It waits for a tick of this pool that another thread makes, alone or together with
    /// other pools, unless it is called by a destructor in a tick: then that other
    /// thread drops the values at the end of its tick.
    fn drop(&mut self) {
        // Not by way of a reference: what is freed here must come from where it was made.
        let state = self.link();
        if !state.is_null() {
            // SAFETY: the pool's own share.
            unsafe { Self::release(state) };
        }
    }
}
