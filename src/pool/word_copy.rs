//! Word-wise copies.
//!
//! A processor forwards what it has just stored to a load of the same place and width (store-to-load
//! forwarding). A load that spans several stores waits until they have reached the cache. The compiler copies a
//! value two words at a time, while its user writes its fields one by one, so a `Vec` that goes in and out of
//! the same cell again and again would stall each time. Here both sides move single words.

use core::mem::{self, MaybeUninit};
use core::ptr;

/// A word in memory; all of it may be padding.
type Word = MaybeUninit<usize>;

/// The most words that are moved one by one. Larger values are seldom made just before.
const MOST: usize = 8;

pub(super) const fn is_moved_in_words<T>() -> bool {
    mem::align_of::<T>() >= mem::align_of::<Word>() && mem::size_of::<T>() <= MOST * mem::size_of::<Word>()
}

const fn words_of<T>() -> usize {
    mem::size_of::<T>() / mem::size_of::<Word>()
}

/// Moves a value out of `place`.
///
/// # Safety
///
/// As [`ptr::read`].
#[inline(always)]
pub(super) unsafe fn read<T>(place: *const T) -> T {
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
    // SAFETY: a value's size is a multiple of its alignment, so these were all its words.
    unsafe { value.assume_init() }
}

/// Moves the value at `value` to `place`. What was there is not dropped.
///
/// # Safety
///
/// As [`ptr::copy_nonoverlapping`], for one value, which is not used again.
#[inline(always)]
pub(super) unsafe fn copy<T>(value: *const T, place: *mut T) {
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

    use super::*;

    fn there_and_back<T>(value: T) -> T {
        let mut place = MaybeUninit::<T>::uninit();
        let value = mem::ManuallyDrop::new(value);
        // SAFETY: room for a value, which is not used again.
        unsafe { copy(&raw const *value, place.as_mut_ptr()) };
        // SAFETY: it was just written, and is read once.
        unsafe { read(place.as_ptr()) }
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
}
