//! A private cell: room for one value.

use core::hint;
use core::mem::MaybeUninit;

use super::word_copy;
use crate::order;
use crate::sync::{AtomicBool, UnsafeCell, init_vacant};

/// Room for one value, which one thread at a time fills or empties: its owner, or a ticking thread that has
/// revoked the owner's flag.
pub(super) struct Private<T> {
    /// Whether there is a value. Only the owner writes `true`, so the owner can trust a `false`.
    occupied: AtomicBool,
    value: UnsafeCell<MaybeUninit<T>>,
}

impl<T> Private<T> {
    /// Makes an empty cell where there is room for one.
    ///
    /// # Safety
    ///
    /// `cell` is valid for writes.
    pub(super) unsafe fn init_empty(cell: *mut Self) {
        // SAFETY: within the room for the cell.
        let occupied = unsafe { &raw mut (*cell).occupied };
        // SAFETY: as above.
        unsafe { occupied.write(AtomicBool::new(false)) };
        // SAFETY: within the room for the cell.
        let value = unsafe { &raw mut (*cell).value };
        // SAFETY: as above.
        unsafe { init_vacant(value) };
    }

    /// Whether there is a value. To the owner `false` stays true until it fills the cell.
    #[inline(always)]
    pub(super) fn is_occupied(&self) -> bool {
        // Relaxed: acted on only inside the owner flag, or by the owner, for whom `false` is exact.
        self.occupied.load(order::PRIVATE_LOOK.get())
    }

    /// Takes the value out, if there is one.
    ///
    /// # Safety
    ///
    /// The caller has the cell to itself.
    #[inline(always)]
    pub(super) unsafe fn take(&self) -> Option<T> {
        if !self.is_occupied() {
            return None;
        }
        self.note_emptied();
        // SAFETY: there is a value, and from now on there is none.
        let value = Some(self.value.with_mut(|place| unsafe { word_copy::read(place.cast::<T>()) }));
        // The compiler cannot know that what comes out of memory is a value, and would check.
        // SAFETY: it is.
        unsafe { hint::assert_unchecked(value.is_some()) };
        value
    }

    /// As [`take`](Self::take), straight to `out`. `false` if there is no value.
    ///
    /// # Safety
    ///
    /// As [`take`](Self::take). `out` is valid for writes.
    pub(super) unsafe fn take_into(&self, out: *mut T) -> bool {
        if !self.is_occupied() {
            return false;
        }
        self.note_emptied();
        // SAFETY: there is a value, and from now on there is none.
        self.value.with_mut(|place| unsafe { place.cast::<T>().copy_to_nonoverlapping(out, 1) });
        true
    }

    #[inline(always)]
    fn note_emptied(&self) {
        // Relaxed: the next thread inside the owner flag learns of it by the flag.
        self.occupied.store(false, order::PRIVATE_EMPTIED.get());
    }

    /// Moves the value at `value` in.
    ///
    /// # Safety
    ///
    /// The caller is the owner and has the cell, which is empty, to itself. There is a value at `value`, and the
    /// caller does not use it again.
    #[inline(always)]
    pub(super) unsafe fn fill(&self, value: *const T) {
        self.value.with_mut(|place| {
            // SAFETY: nobody else is at the cell, there is nothing to drop, and the value is not used again.
            unsafe { word_copy::copy(value, place.cast::<T>()) };
        });
        // Relaxed: a ticking thread learns of it by the owner flag.
        self.occupied.store(true, order::PRIVATE_FILLED.get());
    }
}
