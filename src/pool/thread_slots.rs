//! Thread slots: each thread that uses a pool holds a small number, and no two threads hold the same.
//!
//! Go gives each scheduler's processor a part of every pool, and keeps a goroutine on its processor while it is
//! in the pool. Rust has threads only. A thread takes the lowest free slot when it first needs one, and gives it
//! back when it ends. Before that it moves what it has in private cells to its shared queues, where others find
//! it. The next holder of the slot adopts those queues.
//!
//! Which slots are held is a bit each. Taking a slot acquires what its last holder did. There are slots for 65,536
//! threads at once; beyond that a thread has no entry in any pool, so it finds nothing and keeps nothing.

use alloc::vec::Vec;
use core::cell::Cell;
use core::mem;

use super::registry::{self, Key};
use crate::orderings;
use crate::sync::{AtomicU64, Lock, WORDS_OF_SLOTS, const_unless_model, global, lock, no_bits, per_thread};

/// No slot.
pub(super) const NONE: usize = usize::MAX;

/// How many slots share a word.
const SLOTS_A_WORD: usize = u64::BITS as usize;

global! {
    pub(crate) static SLOTS: Slots = Slots::new();
}

global! {
    /// For each slot the pools in which it has an entry. Pools that are gone may be among them.
    pub(crate) static POOLS_OF_SLOTS: Lock<Vec<Vec<Key>>> = Lock::new(Vec::new());
}

per_thread! {
    /// The slot that this thread holds; `NONE` before its first call, and while its thread-locals end.
    static NUMBER: Cell<usize> = Cell::new(NONE);
}

per_thread! {
    /// This thread's hold on its slot.
    pub(crate) static REGISTRATION: Registration = Registration { slot: Cell::new(None) };
}

/// A bit for each slot: set if it is held.
pub(crate) struct Slots([AtomicU64; WORDS_OF_SLOTS]);

/// A slot that this thread holds. It is given back on drop.
struct Slot(usize);

/// A slot that a ticking thread holds in place of a thread that is gone. It is given back on drop.
pub(super) struct Vacated(usize);

/// A thread's hold on its slot, which ends with the thread's thread-locals.
pub(crate) struct Registration {
    slot: Cell<Option<Slot>>,
}

impl Slots {
    const_unless_model! {
        fn new() -> Self {
            Self(no_bits())
        }
    }

    /// Takes the lowest free slot, if there is one.
    fn take_lowest(&self) -> Option<usize> {
        (0..WORDS_OF_SLOTS).find_map(|word| {
            let mut held = self.held(word);
            while held != u64::MAX {
                let bit = held.trailing_ones() as usize;
                match self.take(word, held, bit) {
                    Ok(()) => return Some(word * SLOTS_A_WORD + bit),
                    Err(now) => held = now,
                }
            }
            None
        })
    }

    /// Takes slot `number`, if it is free.
    fn take_if_free(&self, number: usize) -> bool {
        let (word, bit) = (number / SLOTS_A_WORD, number % SLOTS_A_WORD);
        let mut held = self.held(word);
        while held & (1 << bit) == 0 {
            match self.take(word, held, bit) {
                Ok(()) => return true,
                Err(now) => held = now,
            }
        }
        false
    }

    /// Which slots of a word are held.
    fn held(&self, word: usize) -> u64 {
        // Relaxed: a slot is the caller's only after `THREAD_SLOT_TAKE`.
        self.0[word].load(orderings::THREAD_SLOT_LOOK.get())
    }

    /// Takes a slot, if the bits of its word are still `held`.
    fn take(&self, word: usize, held: u64, bit: usize) -> Result<(), u64> {
        let taken = self.0[word].compare_exchange(
            held,
            held | (1 << bit),
            // Acquire: pairs with THREAD_SLOT_GIVE_BACK.
            orderings::THREAD_SLOT_TAKE.get(),
            // Relaxed: as THREAD_SLOT_LOOK.
            orderings::THREAD_SLOT_LOST.get(),
        );
        taken.map(|_| ())
    }

    /// Gives slot `number` back.
    ///
    /// # Safety
    ///
    /// The caller holds it, and does nothing in its name any more.
    unsafe fn give_back(&self, number: usize) {
        let bit = 1 << (number % SLOTS_A_WORD);
        // Release: pairs with THREAD_SLOT_TAKE.
        self.0[number / SLOTS_A_WORD].fetch_and(!bit, orderings::THREAD_SLOT_GIVE_BACK.get());
    }
}

impl Slot {
    fn take() -> Option<Self> {
        SLOTS.with(Slots::take_lowest).map(Self)
    }
}

impl Drop for Slot {
    /// Moves the values in the slot's private cells to where others find them, then gives the slot back.
    fn drop(&mut self) {
        if let Some(pools) = with_pools_of(self.0, mem::take) {
            // SAFETY: this thread holds the slot.
            let pools = unsafe { registry::leave(pools, self.0) };
            with_pools_of(self.0, |list| *list = pools);
        }
        // SAFETY: this thread holds the slot, and that was the last it did in its name.
        SLOTS.with(|slots| unsafe { slots.give_back(self.0) });
    }
}

impl Drop for Vacated {
    fn drop(&mut self) {
        // SAFETY: this thread holds the slot.
        SLOTS.with(|slots| unsafe { slots.give_back(self.0) });
    }
}

impl Registration {
    /// Gives the slot back. Later calls during the thread's end take a temporary slot.
    pub(crate) fn leave(&self) {
        let _ = NUMBER.try_with(|number| number.set(NONE));
        drop(self.slot.take());
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The slot that this thread holds; `NONE` if it holds none.
#[inline(always)]
pub(crate) fn number() -> usize {
    NUMBER.try_with(|number| number.get()).unwrap_or(NONE)
}

/// Calls `action` with the number of a slot that this thread holds meanwhile. `None` if all slots are held.
///
/// It is the thread's own, taken now if it has none yet. A thread whose thread-locals are gone holds a temporary
/// slot for the length of the call.
#[cold]
pub(super) fn with_slot<R>(action: impl FnOnce(usize) -> R) -> Option<R> {
    let number = number();
    if number != NONE {
        return Some(action(number));
    }
    let registered = REGISTRATION.try_with(|registration| {
        let slot = Slot::take()?;
        let number = slot.0;
        registration.slot.set(Some(slot));
        let _ = NUMBER.try_with(|mine| mine.set(number));
        Some(number)
    });
    match registered {
        Ok(number) => number.map(action),
        Err(_) => {
            let temporary = Slot::take()?;
            Some(action(temporary.0))
        }
    }
}

/// Holds slot `number`, whose holder is gone. `None` if a thread holds it.
pub(super) fn vacated(number: usize) -> Option<Vacated> {
    SLOTS.with(|slots| slots.take_if_free(number)).then(|| Vacated(number))
}

/// Lends the list of the pools in which slot `number` has an entry.
fn with_pools_of<R>(number: usize, action: impl FnOnce(&mut Vec<Key>) -> R) -> Option<R> {
    POOLS_OF_SLOTS.with(|lists| {
        let mut lists = lock(lists)?;
        if lists.len() <= number {
            lists.resize_with(number + 1, Vec::new);
        }
        Some(action(&mut lists[number]))
    })
}

/// Notes that slot `number` has an entry in a pool now.
pub(super) fn note_pool(number: usize, pool: Key) {
    with_pools_of(number, |pools| {
        // Pools that are gone leave before the list grows.
        if pools.len() == pools.capacity() {
            registry::retain_existing(pools);
        }
        pools.push(pool);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_slot_comes_first() {
        crate::sync::test(|| {
            let slots = Slots::new();
            let border = SLOTS_A_WORD - 1;
            assert!((0..=border).all(|number| slots.take_lowest() == Some(number)));
            for number in [1, border, 0] {
                // SAFETY: taken above, and nothing was done in its name.
                unsafe { slots.give_back(number) };
            }
            assert!(slots.take_if_free(0) && !slots.take_if_free(0));
            assert_eq!([slots.take_lowest(), slots.take_lowest()], [Some(1), Some(border)]);
            let next = (WORDS_OF_SLOTS > 1).then_some(border + 1);
            assert_eq!(slots.take_lowest(), next);
        });
    }
}
