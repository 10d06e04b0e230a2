//! What lies under one thread slot: Go's `poolLocal`, twice.
//!
//! Each of the two sides has a private place for one value and a shared part. One side is the primary,
//! where values are put; the other, the victim, has what was there before the last tick. A tick empties
//! the victims and swaps the roles, so nothing is ever moved from one to the other.

use core::mem::ManuallyDrop;

use crossbeam_utils::CachePadded;

use super::counters::Counters;
use super::door::{Closed, Door};
use super::hints::{Hint, Hints};
use super::number::Number;
use super::private::Private;
use crate::PoolChain;
use crate::reclaim::Domain;

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side(usize);

/// What lies under one thread slot.
pub(crate) struct Local<T> {
    /// The slot's number.
    number: usize,
    /// What the holder touches alone, on lines of its own.
    holder: CachePadded<Holder<T>>,
    shared: [Shared<T>; 2],
}

/// The shared part of one side.
pub(crate) struct Shared<T> {
    /// The holder pushes and pops at the head; any thread pops at the tail.
    pub(crate) chain: PoolChain<T>,
    /// Raised if there may be something in the chain.
    pub(crate) hint: Hint,
}

struct Holder<T> {
    door: Door,
    counters: Counters,
    /// The generation in which the holder last pushed to a shared part.
    generation: Number,
    /// Filled and emptied behind the door only.
    private: [Private<T>; 2],
}

// SAFETY: the private places are touched behind the door alone, by one thread at a time, and what lies
// there passes between threads by value; the chain vouches for itself.
unsafe impl<T: Send> Sync for Local<T> {}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self(0), Self(1)];

    /// The primary side of this generation.
    #[inline(always)]
    pub(super) const fn of(generation: usize) -> Self {
        Self(generation & 1)
    }

    #[inline(always)]
    pub(super) const fn index(self) -> usize {
        self.0
    }

    #[inline(always)]
    pub(super) const fn other(self) -> Self {
        Self(self.0 ^ 1)
    }
}

impl<T> Local<T> {
    /// With nothing in it; the first ring of a shared part will have `first_ring` slots.
    pub(super) fn new(number: usize, first_ring: usize, hints: &[Hints; 2]) -> Self {
        Self {
            number,
            holder: CachePadded::new(Holder {
                door: Door::new(),
                counters: Counters::default(),
                generation: Number::new(0),
                private: [Private::empty(), Private::empty()],
            }),
            shared: hints.each_ref().map(|hints| Shared {
                chain: PoolChain::with_capacity_in(first_ring, Domain::Pools),
                hint: hints.of(number),
            }),
        }
    }

    #[inline(always)]
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Whether the holder pushes to a shared part for the first time in this generation.
    #[inline(always)]
    pub(super) fn is_new_to(&self, generation: usize) -> bool {
        let is_new = self.holder.generation.get() != generation;
        if is_new {
            self.holder.generation.set(generation);
        }
        is_new
    }

    /// A side's shared part.
    #[inline(always)]
    pub(crate) fn shared(&self, side: Side) -> &Shared<T> {
        &self.shared[side.0]
    }

    #[inline(always)]
    pub(super) fn counters(&self) -> &Counters {
        &self.holder.counters
    }

    /// Takes the value from the private place. Wait-free.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot.
    #[inline(always)]
    pub(super) unsafe fn take_private(&self, side: Side) -> Option<T> {
        let private = &self.holder.private[side.0];
        if !private.is_occupied() {
            return None;
        }
        // SAFETY: the caller holds the slot, and nothing below calls back.
        let _inside = unsafe { self.holder.door.enter() }?;
        // SAFETY: the holder is inside.
        unsafe { private.take() }
    }

    /// Moves a value into the private place, if that is empty. Wait-free.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot. There is a value in `value`, and if this is `true` it is not used
    /// again.
    #[inline(always)]
    pub(super) unsafe fn put_private(&self, side: Side, value: &ManuallyDrop<T>) -> bool {
        let private = &self.holder.private[side.0];
        if private.is_occupied() {
            return false;
        }
        // SAFETY: the caller holds the slot, and nothing below calls back.
        let Some(_inside) = (unsafe { self.holder.door.enter() }) else { return false };
        // SAFETY: the holder is inside and has found the place empty; the rest is passed on.
        unsafe { private.fill(value) };
        true
    }

    /// How many values lie here, for the holder to ask: exact where no thief and no tick is at work. It enters
    /// an epoch if there is anything in a shared part.
    #[inline]
    pub(super) fn idle(&self) -> usize {
        let private = self.holder.private.iter().filter(|private| private.is_occupied()).count();
        let shared = self.shared.iter().filter(|shared| shared.hint.is_raised());
        private + shared.map(|shared| shared.chain.len()).sum::<usize>()
    }

    /// Closes the door, so that [`empty_private`](Self::empty_private) may look behind it.
    ///
    /// # Safety
    ///
    /// Nobody else closes this door meanwhile.
    pub(super) unsafe fn close(&self) -> Closed<'_> {
        // SAFETY: passed on.
        unsafe { self.holder.door.close() }
    }

    /// Takes the value from the private place, unless the holder is there.
    ///
    /// # Safety
    ///
    /// `closed` is this slot's door, and a fence stands between its closing and this call.
    pub(super) unsafe fn empty_private(&self, closed: &Closed<'_>, side: Side) -> Option<T> {
        if !closed.is_left() {
            return None;
        }
        // SAFETY: the door is closed, and the holder is not inside.
        unsafe { self.holder.private[side.0].take() }
    }

    /// Takes what lies in the private places of a slot that nobody else can reach.
    pub(super) fn privates_mut(&mut self) -> [Option<T>; 2] {
        // SAFETY: `&mut self`.
        self.holder.private.each_mut().map(|private| unsafe { private.take() })
    }
}
