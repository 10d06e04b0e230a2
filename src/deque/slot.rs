//! One cell of a ring: a value and the flag that says who owns the cell.
//!
//! Ownership is handed off. While the flag is down the producer owns the slot. The producer fills it
//! and sets the flag; when the ring's head moves past it, it belongs to the consumers.
//! A thief that claims it by moving the tail over it owns it exclusively, until it clears the flag. A
//! producer that claims it back by moving the head over it owns it again at once, and remembers that: the
//! flag stays up, because it records only what a thief has done.
//!
//! The flag replaces the type word of the interface value: Go marks a slot empty by a nil
//! type; Rust values have no spare word for that.

use alloc::boxed::Box;
use core::mem::MaybeUninit;

use crate::orderings;
use crate::sync::{AtomicBool, UnsafeCell, init_vacant};

/// The slot of `index` in a ring of these slots.
///
/// # Safety
///
/// The slots belong to a ring, so their number is a power of two.
#[inline(always)]
pub(crate) unsafe fn slot_of<T>(slots: &[Slot<T>], index: u32) -> &Slot<T> {
    let position = index as usize & (slots.len() - 1);
    // SAFETY: the mask of a power of two keeps the position below it.
    unsafe { slots.get_unchecked(position) }
}

/// A value, or space for one.
pub(crate) struct Slot<T> {
    /// Set by the producer when it fills the slot, cleared by the thief that empties it.
    // docs: slot
    occupied: AtomicBool,
    value: UnsafeCell<MaybeUninit<T>>,
    // docs: end
}

// SAFETY: a value is moved in and out by the owner of the slot, never lent, so `T: Send` is enough.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T> Slot<T> {
    /// The slots of a new ring, all vacant. They are made in place: a value may be larger than the stack.
    pub(crate) fn ring_of(capacity: usize) -> Box<[Self]> {
        let mut slots = Box::new_uninit_slice(capacity);
        for slot in &mut slots {
            // SAFETY: there is space for a slot.
            unsafe { Self::init_vacant(slot.as_mut_ptr()) };
        }
        // SAFETY: each of them was initialised.
        unsafe { slots.assume_init() }
    }

    /// Initialises a vacant slot in place.
    ///
    /// # Safety
    ///
    /// `slot` is valid for writes.
    unsafe fn init_vacant(slot: *mut Self) {
        // SAFETY: within the room for the slot.
        let occupied = unsafe { &raw mut (*slot).occupied };
        // SAFETY: as above.
        unsafe { occupied.write(AtomicBool::new(false)) };
        // SAFETY: within the room for the slot.
        let value = unsafe { &raw mut (*slot).value };
        // SAFETY: as above.
        unsafe { init_vacant(value) };
    }

    /// Whether the producer owns this slot.
    ///
    /// It may return `false` after the last consumer has released the slot, but never `true` before.
    #[inline(always)]
    pub(crate) fn is_vacant(&self) -> bool {
        // Acquire: pairs with SLOT_RELEASE.
        !self.occupied.load(orderings::SLOT_IS_VACANT.get())
    }

    /// The producer puts a value in. The slot passes to the consumers with the ring's head.
    ///
    /// # Safety
    ///
    /// The caller is the producer and owns the slot: [`is_vacant`](Self::is_vacant) has returned `true`, or the producer
    /// has popped the slot's value itself.
    #[inline(always)]
    pub(crate) unsafe fn fill(&self, value: T) {
        self.value.with_mut(|room| {
            // SAFETY: the caller owns the slot, so no other thread reads or writes it now.
            unsafe { room.cast::<T>().write(value) };
        });
        self.occupy();
    }

    /// As [`fill`](Self::fill), moving the value straight from `value`.
    ///
    /// # Safety
    ///
    /// As [`fill`](Self::fill). There is a value at `value`, and the caller does not use it again.
    #[inline(always)]
    pub(crate) unsafe fn fill_from(&self, value: *const T) {
        self.value.with_mut(|room| {
            // SAFETY: the caller owns the slot, so no other thread reads or writes it now.
            unsafe { room.cast::<T>().copy_from_nonoverlapping(value, 1) };
        });
        self.occupy();
    }

    #[inline(always)]
    fn occupy(&self) {
        // Relaxed: consumers learn of the value from the word, and only the producer reads flags.
        self.occupied.store(true, orderings::SLOT_OCCUPY.get());
    }

    /// A thief takes the value out and releases the slot to the producer.
    ///
    /// # Safety
    ///
    /// The caller has claimed this slot by moving the ring's tail over it, and takes its value once.
    #[inline(always)]
    pub(crate) unsafe fn take_and_release(&self) -> T {
        // docs: release after the read
        // SAFETY: by its claim the caller owns the slot, which is filled; it takes the value once.
        let value = unsafe { self.take() };
        self.release();
        value
        // docs: end
    }

    /// As [`take_and_release`](Self::take_and_release), straight to `out`.
    ///
    /// # Safety
    ///
    /// As [`take_and_release`](Self::take_and_release). `out` is valid for writes.
    #[inline(always)]
    pub(crate) unsafe fn take_and_release_into(&self, out: *mut T) {
        // SAFETY: by its claim the caller owns the slot, which is filled; it takes the value once.
        unsafe { self.take_into(out) };
        self.release();
    }

    #[inline(always)]
    fn release(&self) {
        // Release: pairs with SLOT_IS_VACANT.
        self.occupied.store(false, orderings::SLOT_RELEASE.get());
    }

    /// Moves the value out. The flag is left as it is.
    ///
    /// # Safety
    ///
    /// The caller owns the slot, the slot was filled, and its value has not been taken since.
    #[inline(always)]
    pub(crate) unsafe fn take(&self) -> T {
        self.value.with_mut(|room| {
            // SAFETY: the caller owns the slot, and it holds a value.
            unsafe { room.cast::<T>().read() }
        })
    }

    /// As [`take`](Self::take), straight to `out`.
    ///
    /// # Safety
    ///
    /// As [`take`](Self::take). `out` is valid for writes.
    #[inline(always)]
    pub(crate) unsafe fn take_into(&self, out: *mut T) {
        self.value.with_mut(|room| {
            // SAFETY: the caller owns the slot, and it holds a value.
            unsafe { room.cast::<T>().copy_to_nonoverlapping(out, 1) };
        });
    }
}
