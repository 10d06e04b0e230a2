//! The door to what one thread has for itself, and a ticking thread wants now and then.
//!
//! The holder of a thread slot goes in and out with two plain stores. A ticking thread closes the door,
//! then looks whether the holder is inside. Each side stores first and looks second, with a fence in
//! between, so at least one of them sees the other: the holder finds the door closed and goes elsewhere,
//! or the ticking thread finds the holder inside and leaves what is there alone. Neither waits. The
//! fences are an asymmetric pair: the holder's costs nothing where the kernel helps.

use core::sync::atomic::Ordering;

use crate::order;
use crate::sync::{AtomicBool, AtomicU8, fence, heavy_fence, light_fence, light_fence_is_enough};

/// A door that its holder passes for next to nothing.
pub(super) struct Door {
    /// The holder is inside. Only the holder writes it.
    inside: AtomicBool,
    /// What the holder must heed: `CLOSED`, `FENCE`, both or nothing. Only a ticking thread writes it, one at
    /// a time.
    sign: AtomicU8,
    /// The sign of the open door.
    open: u8,
}

/// Somebody else may be inside.
const CLOSED: u8 = 1;
/// A light fence is not enough: the holder must fence before it heeds the rest.
const FENCE: u8 = 2;

/// The holder is inside as long as this lives.
pub(super) struct Inside<'a>(&'a Door);

/// The door is closed as long as this lives.
pub(super) struct Closed<'a>(&'a Door);

impl Door {
    pub(super) fn new() -> Self {
        Self::with_sign(if light_fence_is_enough() { 0 } else { FENCE })
    }

    fn with_sign(open: u8) -> Self {
        Self { inside: AtomicBool::new(false), sign: AtomicU8::new(open), open }
    }

    /// Goes inside, unless the door is closed. Wait-free, three memory accesses, and a fourth to go out.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot, and is not inside.
    #[inline(always)]
    pub(super) unsafe fn enter(&self) -> Option<Inside<'_>> {
        self.inside.store(true, order::DOOR_ENTER.get());
        let inside = Inside(self);
        let ordering = order::DOOR_HOLDER_FENCE.get();
        light_fence(ordering);
        let sign = self.sign();
        (sign == 0 || self.is_open_behind_a_fence(sign, ordering)).then_some(inside)
    }

    #[inline(always)]
    fn sign(&self) -> u8 {
        self.sign.load(order::DOOR_SIGN.get())
    }

    #[cold]
    fn is_open_behind_a_fence(&self, sign: u8, ordering: Ordering) -> bool {
        if sign & FENCE == 0 {
            return false;
        }
        fence(ordering);
        self.sign() & CLOSED == 0
    }

    #[inline(always)]
    fn leave(&self) {
        self.inside.store(false, order::DOOR_LEAVE.get());
    }

    fn reopen(&self) {
        self.sign.store(self.open, order::DOOR_OPEN.get());
    }

    /// Closes the door to a holder who is not inside yet. What is inside is the caller's only after a
    /// [`fence_after_closing`], and if the door [`is_left`](Closed::is_left).
    ///
    /// # Safety
    ///
    /// Nobody else closes this door meanwhile.
    pub(super) unsafe fn close(&self) -> Closed<'_> {
        self.sign.store(self.open | CLOSED, order::DOOR_CLOSE.get());
        Closed(self)
    }
}

impl Closed<'_> {
    /// Whether the holder is not inside, and cannot go in until the door opens.
    pub(super) fn is_left(&self) -> bool {
        !self.0.inside.load(order::DOOR_IS_LEFT.get())
    }
}

impl Drop for Inside<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.reopen();
    }
}

/// Between closing doors and looking through them: one fence for all the doors that were closed.
pub(super) fn fence_after_closing() {
    heavy_fence(order::DOOR_TICKER_FENCE.get());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_lets_its_holder_in_unless_it_is_closed_whoever_must_fence() {
        for open in [0, FENCE] {
            crate::sync::test(move || {
                let door = Door::with_sign(open);
                // SAFETY: the only thread there is; each time it has left before.
                let enters = || unsafe { door.enter() }.is_some();
                assert!(enters());
                // SAFETY: the only thread there is.
                let closed = unsafe { door.close() };
                assert!(closed.is_left() && !enters() && closed.is_left());
                drop(closed);
                assert!(enters());
            });
        }
    }

    #[test]
    fn a_holder_is_seen_inside_until_it_leaves() {
        crate::sync::test(|| {
            let door = Door::new();
            // SAFETY: the only thread there is.
            let inside = unsafe { door.enter() };
            // SAFETY: the only thread there is.
            let closed = unsafe { door.close() };
            assert!(!closed.is_left());
            drop(inside);
            assert!(closed.is_left());
        });
    }
}
