//! The classes' sizes: powers of two from 64 bytes up.

use alloc::vec::Vec;

/// How many classes there are, as in bytebufferpool.
pub(super) const CLASSES: usize = 20;

/// What a buffer of the smallest class holds.
const SMALLEST: usize = 64;

/// The largest class there is: 32 MiB.
pub(super) const LAST: usize = CLASSES - 1;

/// How many bytes a new buffer of this class holds.
pub(super) const fn capacity_of(class: usize) -> usize {
    SMALLEST << class
}

/// The smallest class whose buffers hold so many bytes; it may be one that is not there.
#[inline]
pub(super) const fn class_for(bytes: usize) -> usize {
    if bytes <= SMALLEST { 0 } else { ((bytes - 1).ilog2() + 1 - SMALLEST.ilog2()) as usize }
}

/// The largest class that a buffer of this capacity fills, if it fills any; it may be one that is not there.
#[inline]
pub(super) const fn class_filled_by(capacity: usize) -> Option<usize> {
    if capacity < SMALLEST { None } else { Some((capacity.ilog2() - SMALLEST.ilog2()) as usize) }
}

/// A new buffer of a class.
pub(super) fn create<const CLASS: usize>() -> Vec<u8> {
    Vec::with_capacity(capacity_of(CLASS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_what_asks_for_it_and_is_filled_by_what_comes_back_to_it() {
        for bytes in (0..100_000).chain([capacity_of(LAST) - 1, capacity_of(LAST)]) {
            let class = class_for(bytes);
            assert!(bytes <= capacity_of(class));
            assert!(class == 0 || bytes > capacity_of(class - 1));
            match class_filled_by(bytes) {
                None => assert!(bytes < SMALLEST),
                Some(class) => assert!(capacity_of(class) <= bytes && bytes < capacity_of(class + 1)),
            }
        }
        for class in 0..CLASSES {
            assert_eq!(class_for(capacity_of(class)), class);
            assert_eq!(class_filled_by(capacity_of(class)), Some(class));
        }
    }

    #[test]
    fn even_the_largest_numbers_have_a_class() {
        assert!(class_for(usize::MAX) > LAST && class_filled_by(usize::MAX) > Some(LAST));
    }
}
