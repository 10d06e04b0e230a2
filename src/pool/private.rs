//! A place for one value.

use core::hint;
use core::mem::{ManuallyDrop, MaybeUninit};

use super::words;
use crate::order;
use crate::sync::{AtomicBool, UnsafeCell};

/// A place for one value, which one thread at a time fills or empties: the holder of the thread slot or a
/// ticking thread, whoever the door lets in.
pub(super) struct Private<T> {
    /// Whether there is a value. Only the holder fills the place, so that what looks empty to it is.
    occupied: AtomicBool,
    value: UnsafeCell<MaybeUninit<T>>,
}

impl<T> Private<T> {
    pub(super) fn empty() -> Self {
        Self { occupied: AtomicBool::new(false), value: UnsafeCell::new(MaybeUninit::uninit()) }
    }

    /// Whether there is a value. To the holder `false` stays true until it fills the place.
    #[inline(always)]
    pub(super) fn is_occupied(&self) -> bool {
        self.occupied.load(order::PRIVATE_LOOK.get())
    }

    /// Takes the value out, if there is one.
    ///
    /// # Safety
    ///
    /// It is the caller's turn.
    #[inline(always)]
    pub(super) unsafe fn take(&self) -> Option<T> {
        if !self.is_occupied() {
            return None;
        }
        self.occupied.store(false, order::PRIVATE_EMPTIED.get());
        // SAFETY: there is a value, and from now on there is none.
        let value = Some(self.value.with_mut(|place| unsafe { words::read(place.cast::<T>()) }));
        // The compiler cannot know that what comes out of memory is a value, and would ask.
        // SAFETY: it is.
        unsafe { hint::assert_unchecked(value.is_some()) };
        value
    }

    /// Moves a value in.
    ///
    /// # Safety
    ///
    /// The caller is the holder, it is its turn, and the place is empty. There is a value in `value`, and it
    /// is not used again.
    #[inline(always)]
    pub(super) unsafe fn fill(&self, value: &ManuallyDrop<T>) {
        self.value.with_mut(|place| {
            // SAFETY: the caller does not use it again.
            let value = unsafe { (&raw const **value).read() };
            // SAFETY: nobody else is at the place, and there is nothing to drop.
            unsafe { words::write(place.cast::<T>(), value) };
        });
        self.occupied.store(true, order::PRIVATE_FILLED.get());
    }
}
