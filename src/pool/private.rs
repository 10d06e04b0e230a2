//! A private cell: room for one value.

use core::mem::MaybeUninit;
use core::{hint, ptr};

use crate::orderings;
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
        // Relaxed: exact for the owner, or acted on inside the owner flag; a hint to a ticking thread.
        self.occupied.load(orderings::PRIVATE_LOOK.get())
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
        let value = Some(self.value.with_mut(|place| unsafe { read_word_wise(place.cast::<T>()) }));
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
        self.occupied.store(false, orderings::PRIVATE_EMPTIED.get());
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
            // SAFETY: no other thread is at the cell, there is nothing to drop, and the value is not used again.
            unsafe { copy_word_wise(value, place.cast::<T>()) };
        });
        // Relaxed: a ticking thread learns of it by the owner flag.
        self.occupied.store(true, orderings::PRIVATE_FILLED.get());
    }
}

// Word-wise copies.
//
// A processor forwards what it has just stored to a load of the same place and width (store-to-load
// forwarding). A load that spans several stores waits until they have reached the cache. The compiler copies a
// value 16 bytes at a time, while its user writes its fields one by one, so a `Vec` that goes in and out of
// the same cell again and again would stall each time. In a cell both sides move one `usize` at a time.

/// A word in memory; all of it may be padding.
type Word = MaybeUninit<usize>;

/// The most `usize`s that are moved one by one. Larger values are seldom made just before.
const MOST: usize = 8;

const fn is_moved_in_words<T>() -> bool {
    align_of::<T>() >= align_of::<Word>() && size_of::<T>() <= MOST * size_of::<Word>()
}

const fn words_of<T>() -> usize {
    size_of::<T>() / size_of::<Word>()
}

/// Moves a value out of `place`.
///
/// # Safety
///
/// As [`ptr::read`].
#[inline(always)]
unsafe fn read_word_wise<T>(place: *const T) -> T {
    if !is_moved_in_words::<T>() {
        // SAFETY: passed on.
        return unsafe { place.read() };
    }
    let mut value = MaybeUninit::<T>::uninit();
    for index in 0..words_of::<T>() {
        // SAFETY: a word of the place. Volatile accesses are neither merged nor split.
        let word = unsafe { ptr::read_volatile(place.cast::<Word>().wrapping_add(index)) };
        // SAFETY: the same word of the value.
        unsafe { value.as_mut_ptr().cast::<Word>().wrapping_add(index).write(word) };
    }
    // SAFETY: a value's size is a multiple of its alignment, so these were all its bytes.
    unsafe { value.assume_init() }
}

/// Moves the value at `value` to `place`. What was there is not dropped.
///
/// # Safety
///
/// As [`ptr::copy_nonoverlapping`], for one value, which is not used again.
#[inline(always)]
unsafe fn copy_word_wise<T>(value: *const T, place: *mut T) {
    if !is_moved_in_words::<T>() {
        // SAFETY: passed on.
        return unsafe { ptr::copy_nonoverlapping(value, place, 1) };
    }
    for index in 0..words_of::<T>() {
        // SAFETY: a word of the value.
        let word = unsafe { value.cast::<Word>().wrapping_add(index).read() };
        // SAFETY: the same word of the place. Volatile accesses are neither merged nor split.
        unsafe { ptr::write_volatile(place.cast::<Word>().wrapping_add(index), word) };
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use core::mem::ManuallyDrop;

    use super::*;

    fn there_and_back<T>(value: T) -> T {
        let mut place = MaybeUninit::<T>::uninit();
        let value = ManuallyDrop::new(value);
        // SAFETY: room for a value, which is not used again.
        unsafe { copy_word_wise(&raw const *value, place.as_mut_ptr()) };
        // SAFETY: it was just written, and is read once.
        unsafe { read_word_wise(place.as_ptr()) }
    }

    #[test]
    fn values_of_every_layout_survive() {
        #[derive(Debug, PartialEq)]
        #[repr(align(64))]
        struct OverAligned(u8);

        assert_eq!(there_and_back(7_u8), 7);
        assert_eq!(there_and_back([1_u16; 5]), [1; 5]);
        assert_eq!(there_and_back(u128::MAX), u128::MAX);
        assert_eq!(there_and_back((1_u8, 2_u64, 3_u8)), (1, 2, 3));
        assert_eq!(there_and_back(String::from("text")), "text");
        assert_eq!(there_and_back(Some(String::from("text"))).as_deref(), Some("text"));
        assert_eq!(there_and_back(None::<String>), None);
        assert_eq!(there_and_back([3_usize; 40]), [3; 40]);
        assert_eq!(there_and_back(OverAligned(9)), OverAligned(9));
        there_and_back(());
    }

    #[test]
    fn a_few_words_are_moved_one_by_one() {
        assert!(is_moved_in_words::<[usize; MOST]>() && is_moved_in_words::<String>());
        assert!(!is_moved_in_words::<[usize; MOST + 1]>() && !is_moved_in_words::<[u8; 8]>());
    }
}
