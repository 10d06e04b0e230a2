//! What the handles to a pool share: the parts of all thread slots, and how values go in and out.

use core::mem::ManuallyDrop;

use crossbeam_utils::CachePadded;

use super::counters::TickCounters;
use super::hints::Hints;
use super::local::{Local, Shared, Side};
use super::table::{Place, Table};
use super::turn::Turns;
use crate::PoolChain;
use crate::order;
use crate::sync::AtomicUsize;

/// How many values a thread that finds none of its own takes from another at once.
const LOOT: usize = 32;

/// How many slots a ring may have that is kept from tick to tick, whatever the load.
const LARGEST_RING_KEPT: usize = 64;

/// The pool itself.
pub(crate) struct State<T> {
    /// Counts the ticks. Its parity says which side is the primary. A thread that has read an old one may
    /// put a value on the wrong side, where it is as safe, and ages a tick sooner or later.
    pub(super) generation: CachePadded<AtomicUsize>,
    pub(crate) locals: Table<Local<T>>,
    /// Whose shared part holds something, by side.
    hints: [Hints; 2],
    /// Whose turn it is to tick.
    pub(super) turns: Turns,
    pub(super) tick_counters: TickCounters,
    first_ring: usize,
}

/// A pool as the holder of a thread slot finds it.
pub(super) struct Here<'a, T> {
    state: &'a State<T>,
    local: &'a Local<T>,
}

/// How far to look for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// In one's own part.
    Own,
    /// In everybody's.
    All {
        /// The most that may lie idle in one's own.
        most: usize,
    },
}

impl<T> State<T> {
    pub(super) fn new(first_ring: usize) -> Self {
        Self {
            generation: CachePadded::new(AtomicUsize::new(0)),
            locals: Table::new(),
            hints: [Hints::new(), Hints::new()],
            turns: Turns::new(),
            tick_counters: TickCounters::default(),
            first_ring,
        }
    }

    /// The side on which values are put.
    #[inline(always)]
    pub(super) fn primary(&self) -> Side {
        Side::of(self.generation())
    }

    #[inline(always)]
    pub(super) fn generation(&self) -> usize {
        self.generation.load(order::GENERATION_READ.get())
    }

    pub(super) fn hints(&self, side: Side) -> &Hints {
        &self.hints[side.index()]
    }

    /// The pool as the holder of the slot at `place` finds it, if that slot has a part in it yet.
    ///
    /// # Safety
    ///
    /// This thread holds that slot for as long as it uses the answer.
    #[inline(always)]
    pub(super) unsafe fn here(&self, place: Place) -> Option<Here<'_, T>> {
        Some(Here { state: self, local: self.locals.get(place)? })
    }

    /// The same; gives the slot a part in the pool if it has none.
    ///
    /// # Safety
    ///
    /// This thread holds that slot for as long as it uses the answer.
    pub(super) unsafe fn settle(&self, place: Place) -> Here<'_, T> {
        let local = self.locals.get_or_make(place, |number| Local::new(number, self.first_ring, &self.hints));
        Here { state: self, local }
    }

    /// Looks into the part of slot `number`, and lowers its hint if there was nothing.
    pub(super) fn look_into<'a, R>(
        &'a self,
        number: usize,
        side: Side,
        mut look: impl FnMut(&'a PoolChain<T>) -> Option<R>,
    ) -> Option<R> {
        let Shared { chain, hint } = self.locals.get(Place::of(number))?.shared(side);
        look(chain).or_else(|| hint.lower_unless(|| look(chain)))
    }
}

impl<T> Here<'_, T> {
    /// Takes the value that is nearest. Wait-free.
    #[inline(always)]
    pub(super) fn take_private(&self) -> Option<T> {
        // SAFETY: this thread holds the slot.
        let value = unsafe { self.local.take_private(self.state.primary()) }?;
        self.local.counters().private.add(1);
        Some(value)
    }

    /// Takes a value from elsewhere, in Go's order: own head, the others' tails, and then what the last tick
    /// left. Lock-free.
    #[inline]
    pub(super) fn take_beyond_private(&self, reach: Reach) -> Option<T> {
        let primary = self.state.primary();
        let counters = self.local.counters();
        let own = &self.local.shared(primary).chain;
        // SAFETY: this thread holds the slot.
        if let Some(value) = unsafe { own.pop_head() } {
            counters.own.add(1);
            return Some(value);
        }
        // SAFETY: this thread holds the slot.
        if unsafe { own.has_rings_before_head() }
            && let Some(value) = self.unlink_drained(primary)
        {
            counters.own.add(1);
            return Some(value);
        }
        if let Reach::All { most } = reach
            && let Some(value) = self.steal(primary, most)
        {
            counters.stolen.add(1);
            return Some(value);
        }
        if let Some(value) = self.take_from_victims(primary.other(), reach) {
            counters.victim.add(1);
            return Some(value);
        }
        counters.missed.add(1);
        None
    }

    /// Looks once more into the shared part that was just found empty, where it has drained rings: as a consumer,
    /// who unlinks them. Otherwise each miss would walk them again.
    #[inline(never)]
    fn unlink_drained(&self, primary: Side) -> Option<T> {
        self.local.shared(primary).chain.pop_tail()
    }

    /// Takes the oldest values of another slot: the first for the caller, the rest for this slot's own shared
    /// part, where no more than `most` shall lie.
    fn steal(&self, primary: Side, most: usize) -> Option<T> {
        let me = self.local.number();
        let loot =
            if most == usize::MAX { LOOT } else { LOOT.min(1 + most.saturating_sub(self.local.idle())) };
        let mine = self.local.shared(primary);
        self.state.hints(primary).find_after(me, &mine.hint, |number| {
            if number == me {
                return None;
            }
            self.state.look_into(number, primary, |chain| {
                let mut loot = chain.steal_batch(loot);
                let first = loot.next();
                if loot.len() != 0 {
                    // SAFETY: this thread holds its slot, and the batch comes from another.
                    unsafe { mine.chain.push_batch(&mut loot) };
                    mine.hint.after_push();
                }
                first
            })
        })
    }

    /// Takes one of the values that the last tick left, and leaves the others to age.
    fn take_from_victims(&self, victims: Side, reach: Reach) -> Option<T> {
        // SAFETY: this thread holds the slot.
        if let Some(value) = unsafe { self.local.take_private(victims) } {
            return Some(value);
        }
        let me = self.local.number();
        self.state.hints(victims).find_after(me, &self.local.shared(victims).hint, |number| {
            if reach == Reach::Own && number != me {
                return None;
            }
            self.state.look_into(number, victims, PoolChain::pop_tail)
        })
    }

    /// Moves a value to the nearest place, if that is empty. Wait-free.
    ///
    /// # Safety
    ///
    /// There is a value in `value`, and if this is `true` it is not used again.
    #[inline(always)]
    pub(super) unsafe fn put_private(&self, value: &ManuallyDrop<T>) -> bool {
        // SAFETY: this thread holds the slot, and the rest is passed on.
        let is_placed = unsafe { self.local.put_private(self.state.primary(), value) };
        if is_placed {
            self.local.counters().puts.add(1);
        }
        is_placed
    }

    /// Puts a value where there is room; should `most` values be idle in this slot already, it comes back.
    /// Wait-free but for the allocation of a ring.
    #[inline]
    pub(super) fn put(&self, value: T, most: usize) -> Option<T> {
        self.local.counters().puts.add(1);
        self.place(value, most)
    }

    /// As [`put`](Self::put), for a value made ahead.
    pub(super) fn prefill(&self, value: T, most: usize) -> Option<T> {
        self.local.counters().prefilled.add(1);
        self.place(value, most)
    }

    /// A value came that is not to stay.
    pub(super) fn reject(&self) {
        self.local.counters().puts.add(1);
        self.local.counters().rejected.add(1);
    }

    #[inline]
    fn place(&self, value: T, most: usize) -> Option<T> {
        if most != usize::MAX && self.local.idle() >= most {
            self.local.counters().full.add(1);
            return Some(value);
        }
        let value = ManuallyDrop::new(value);
        // SAFETY: this thread holds the slot; the value is not used again if it has found its place.
        if !unsafe { self.local.put_private(self.state.primary(), &value) } {
            self.put_shared(ManuallyDrop::into_inner(value));
        }
        None
    }

    /// Puts a value into the shared part. Wait-free but for the allocation of a ring.
    #[inline]
    fn put_shared(&self, value: T) {
        let generation = self.state.generation();
        let shared = self.local.shared(Side::of(generation));
        if self.local.is_new_to(generation) {
            // A tick has emptied it: what it had grown to belongs to a load that may be over.
            // SAFETY: this thread holds the slot.
            unsafe { shared.chain.shrink_to(LARGEST_RING_KEPT) };
        }
        // SAFETY: this thread holds the slot.
        unsafe { shared.chain.push_head(value) };
        shared.hint.after_push();
    }
}
