//! The entry of one thread slot: Go's `poolLocal`, twice.
//!
//! Each of the two sides has a private cell for one value and a shared queue. One side is the primary, where
//! values are put; the other, the victim, has what was there before the last tick. A tick empties the victims
//! and swaps the roles, so nothing is ever moved from one side to the other.

use alloc::boxed::Box;
use core::ptr;

use super::counters::Counters;
use super::counters::RelaxedCounter;
use super::owner_flag::{OwnerFlag, Revoked};
use super::private::Private;
use crate::deque::chain::PoolChain;
use crate::orderings;
use crate::reclaim::Domain;
use crate::sync::AtomicPtr;

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side(usize);

/// The entry of one thread slot.
pub(crate) struct Local<T> {
    owner: Owner<T>,
    /// The shared queues; null before their first value. The owner pushes and pops at the head; any thread pops
    /// at the tail.
    shared: [AtomicPtr<PoolChain<T>>; 2],
}

/// What only the owner touches on its fast path, on cache lines of its own: otherwise threads that look at the
/// shared queues would slow it down (false sharing).
#[repr(align(128))]
struct Owner<T> {
    flag: OwnerFlag,
    counters: Counters,
    /// The generation in which the owner last pushed to a shared queue.
    generation: RelaxedCounter,
    /// Filled and emptied inside the owner flag only.
    private: [Private<T>; 2],
}

// SAFETY: the private cells are touched inside the owner flag, by one thread at a time, and values
// pass between threads by value; the chain vouches for itself.
unsafe impl<T: Send> Sync for Local<T> {}
// SAFETY: values pass between threads by value.
unsafe impl<T: Send> Send for Local<T> {}

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

/// Writes a field of a structure that is made in place.
macro_rules! init {
    ($place:ident.$field:ident, $value:expr) => {
        // SAFETY: within the room that the caller has for the structure.
        let field = unsafe { &raw mut (*$place).$field };
        // SAFETY: as above.
        unsafe { field.write($value) };
    };
}

impl<T> Local<T> {
    /// Makes one with nothing in it, in place: a value may be larger than a stack.
    ///
    /// # Safety
    ///
    /// `place` is valid for writes.
    pub(super) unsafe fn init(place: *mut Self) {
        init!(place.shared, core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())));
        // SAFETY: within the room.
        let owner = unsafe { &raw mut (*place).owner };
        init!(owner.flag, OwnerFlag::new());
        init!(owner.counters, Counters::default());
        init!(owner.generation, RelaxedCounter::default());
        for side in Side::BOTH {
            // SAFETY: within the room.
            let cell = unsafe { &raw mut (*owner).private[side.0] };
            // SAFETY: as above.
            unsafe { Private::init_empty(cell) };
        }
    }

    #[inline(always)]
    pub(super) fn counters(&self) -> &Counters {
        &self.owner.counters
    }

    /// Whether the owner pushes to a shared queue for the first time in this generation.
    #[inline(always)]
    pub(super) fn is_new_to(&self, generation: usize) -> bool {
        let is_new = self.owner.generation.get() != generation;
        if is_new {
            self.owner.generation.set(generation);
        }
        is_new
    }

    /// A side's shared queue, if it exists yet.
    #[inline(always)]
    pub(crate) fn shared(&self, side: Side) -> Option<&PoolChain<T>> {
        // SAFETY: it is freed with this.
        unsafe { self.link(side).as_ref() }
    }

    #[inline(always)]
    fn link(&self, side: Side) -> *mut PoolChain<T> {
        // Acquire: pairs with SHARED_PLACE.
        self.shared[side.0].load(orderings::SHARED_READ.get())
    }

    /// A side's shared queue, which is made if it does not exist; its first ring has `first_ring` slots.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot.
    #[inline]
    pub(super) unsafe fn shared_or_make(&self, side: Side, first_ring: usize) -> &PoolChain<T> {
        match self.shared(side) {
            Some(shared) => shared,
            None => self.make_shared(side, first_ring),
        }
    }

    #[cold]
    fn make_shared(&self, side: Side, first_ring: usize) -> &PoolChain<T> {
        let shared = Box::into_raw(Box::new(PoolChain::with_capacity_in(first_ring, Domain::Pools)));
        // Release: pairs with SHARED_READ.
        self.shared[side.0].store(shared, orderings::SHARED_PLACE.get());
        // SAFETY: it is freed with this.
        unsafe { &*shared }
    }

    /// Whether a private cell seems to hold a value. To the owner `false` stays true until it fills the cell.
    #[inline(always)]
    pub(super) fn has_private(&self, side: Side) -> bool {
        self.owner.private[side.0].is_occupied()
    }

    /// Takes the value from the private cell. Wait-free.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot.
    #[inline(always)]
    pub(super) unsafe fn take_private(&self, side: Side) -> Option<T> {
        let private = &self.owner.private[side.0];
        if !private.is_occupied() {
            return None;
        }
        // SAFETY: the caller holds the slot, and nothing below calls back.
        let _inside = unsafe { self.owner.flag.try_enter() }?;
        // SAFETY: the owner is inside.
        unsafe { private.take() }
    }

    /// As [`take_private`](Self::take_private), straight to `out`. `false` if there is nothing to take.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot. `out` is valid for writes.
    pub(super) unsafe fn take_private_into(&self, side: Side, out: *mut T) -> bool {
        let private = &self.owner.private[side.0];
        if !private.is_occupied() {
            return false;
        }
        // SAFETY: the caller holds the slot, and nothing below calls back.
        let Some(_inside) = (unsafe { self.owner.flag.try_enter() }) else { return false };
        // SAFETY: the owner is inside; the rest is passed on.
        unsafe { private.take_into(out) }
    }

    /// Moves the value at `value` into the private cell, if that is empty. Wait-free.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot. There is a value at `value`, and if this is `true` it is not used
    /// again.
    #[inline(always)]
    pub(super) unsafe fn put_private(&self, side: Side, value: *const T) -> bool {
        let private = &self.owner.private[side.0];
        if private.is_occupied() {
            return false;
        }
        // SAFETY: the caller holds the slot, and nothing below calls back.
        let Some(_inside) = (unsafe { self.owner.flag.try_enter() }) else { return false };
        // SAFETY: the owner is inside and has found the cell empty; the rest is passed on.
        unsafe { private.fill(value) };
        true
    }

    /// How many values lie here: exact where no thief and no tick is at work.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot.
    #[inline]
    pub(super) unsafe fn idle(&self) -> usize {
        let private = self.owner.private.iter().filter(|private| private.is_occupied()).count();
        let shared = Side::BOTH.into_iter().filter_map(|side| self.shared(side));
        // SAFETY: the caller holds the slot.
        private + shared.map(|shared| unsafe { shared.len_for_producer() }).sum::<usize>()
    }

    /// Revokes the owner flag, so that [`take_revoked_into`](Self::take_revoked_into) may take what is private.
    ///
    /// # Safety
    ///
    /// No other thread revokes this flag meanwhile.
    pub(super) unsafe fn revoke(&self) -> Revoked<'_> {
        // SAFETY: passed on.
        unsafe { self.owner.flag.revoke() }
    }

    /// Takes the value from a private cell straight to `out`. `false` if it is empty.
    ///
    /// # Safety
    ///
    /// The caller has revoked this owner's flag and found the owner out, or no other thread can reach the cell.
    /// `out` is valid for writes.
    pub(super) unsafe fn take_revoked_into(&self, side: Side, out: *mut T) -> bool {
        // SAFETY: passed on.
        unsafe { self.owner.private[side.0].take_into(out) }
    }
}

impl<T> Drop for Local<T> {
    /// Frees the shared queues, with what is left in them.
    fn drop(&mut self) {
        for side in Side::BOTH {
            let shared = self.link(side);
            if !shared.is_null() {
                // SAFETY: it was boxed, and no other thread is left.
                drop(unsafe { Box::from_raw(shared) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use super::*;

    /// A search would find the value all the same, only later.
    #[test]
    fn the_owner_takes_at_once_what_is_private_to_it() {
        crate::sync::test(|| {
            let mut place = Box::new(MaybeUninit::<Local<u32>>::uninit());
            // SAFETY: there is room for one.
            unsafe { Local::init(place.as_mut_ptr()) };
            // SAFETY: it was just made.
            let local = unsafe { place.assume_init() };
            let value = 7;
            // SAFETY: the only thread there is.
            let put = |side| unsafe { local.put_private(side, &raw const value) };
            // SAFETY: the only thread there is.
            let take = |side| unsafe { local.take_private(side) };
            let [side, other] = Side::BOTH;
            assert!(put(side) && !put(side));
            assert_eq!([take(other), take(side), take(side)], [None, Some(7), None]);
        });
    }
}
