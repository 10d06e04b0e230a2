//! Thread slots: each thread that uses a pool holds a small number, and no two hold the same.
//!
//! Go gives each scheduler's processor a part of every pool, and keeps a goroutine on its processor
//! while it works there. Rust has threads alone, so a thread takes the lowest free number when it first
//! needs one and gives it back when it ends. What lies under that number in some pool stays there for
//! its next holder. The lock that hands the numbers out is what puts one holder's work before the next
//! one's.

use alloc::collections::BinaryHeap;
use core::cell::Cell;
use core::cmp::Reverse;
use std::sync::PoisonError;

use crate::sync::{Mutex, global, per_thread, prepare_fences};

use super::table::Place;

global! {
    /// The numbers that nobody holds.
    static FREE: Mutex<Free> = Mutex::new(Free::new());
}

per_thread! {
    /// Where this thread's part lies in every pool; nowhere before it has a slot, and after.
    static PLACE: Cell<Place> = Cell::new(Place::NOWHERE);
}

per_thread! {
    /// This thread's slot until it ends.
    static TENURE: Tenure = Tenure { slot: Cell::new(None) };
}

/// All numbers but those that are held.
struct Free {
    /// Held once, and given back.
    returned: BinaryHeap<Reverse<usize>>,
    /// From here on none was ever held.
    fresh: usize,
}

/// A number that is held.
struct Slot(usize);

/// A thread's hold on its slot, which it lets go when its thread-locals end.
struct Tenure {
    slot: Cell<Option<Slot>>,
}

impl Free {
    const fn new() -> Self {
        Self { returned: BinaryHeap::new(), fresh: 0 }
    }

    fn lowest(&mut self) -> usize {
        self.returned.pop().map_or_else(
            || {
                self.fresh += 1;
                self.fresh - 1
            },
            |Reverse(number)| number,
        )
    }
}

fn with_free<R>(action: impl FnOnce(&mut Free) -> R) -> R {
    FREE.with(|free| action(&mut free.lock().unwrap_or_else(PoisonError::into_inner)))
}

impl Slot {
    fn take() -> Self {
        prepare_fences();
        Self(with_free(Free::lowest))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        with_free(|free| free.returned.push(Reverse(self.0)));
    }
}

impl Drop for Tenure {
    fn drop(&mut self) {
        // Whoever comes later in the thread's end is a guest.
        let _ = PLACE.try_with(|place| place.set(Place::NOWHERE));
    }
}

/// The place of the slot that this thread holds; nowhere if it holds none.
#[inline(always)]
pub(super) fn place() -> Place {
    PLACE.try_with(|place| place.get()).unwrap_or(Place::NOWHERE)
}

/// Calls `action` with the place of a slot that this thread holds meanwhile.
///
/// It is the thread's own, taken now if it has none yet. A thread whose thread-locals are gone holds one
/// for the length of the call.
#[cold]
pub(super) fn with_place<R>(action: impl FnOnce(Place) -> R) -> R {
    let place = place();
    if place != Place::NOWHERE {
        return action(place);
    }
    let settled = TENURE.try_with(|tenure| {
        let slot = Slot::take();
        let place = Place::of(slot.0);
        tenure.slot.set(Some(slot));
        let _ = PLACE.try_with(|here| here.set(place));
        place
    });
    match settled {
        Ok(place) => action(place),
        Err(_) => {
            let guest = Slot::take();
            action(Place::of(guest.0))
        }
    }
}

/// Tells this thread from every other that lives; 0 if it is too far in its end to tell.
pub(super) fn thread_mark() -> usize {
    PLACE.try_with(|place| core::ptr::from_ref(place).addr()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_comes_first() {
        let mut free = Free::new();
        assert_eq!([free.lowest(), free.lowest(), free.lowest()], [0, 1, 2]);
        free.returned.extend([Reverse(2), Reverse(0)]);
        assert_eq!([free.lowest(), free.lowest(), free.lowest()], [0, 2, 3]);
    }
}
