//! Non-empty bits: which shared queues may hold something, so that a search of an empty pool is short.
//!
//! A bit for each thread slot and side. The owner of a queue sets its bit after a push that finds it clear. A
//! thief that finds the queue empty clears the bit and looks once more. This is store buffering: each side
//! writes one thing and reads the other, with a fence in between, so a value never stays under a clear bit:
//! the owner sees the bit clear, or the thief sees the value. A set bit promises nothing. To the
//! owner, a clear bit promises nothing either: a thief may have cleared it just before the owner's next push sets it again.

use super::local::Side;
use crate::orderings;
use crate::sync::{AtomicU64, fence_after_rmw};

/// The bits of the slots of one block.
pub(crate) struct NonEmpty([AtomicU64; 2]);

impl NonEmpty {
    pub(super) fn new() -> Self {
        Self([AtomicU64::new(0), AtomicU64::new(0)])
    }

    /// The bits of one side.
    #[inline(always)]
    pub(super) fn bits(&self, side: Side) -> u64 {
        // Relaxed: the fences order it with NON_EMPTY_CLEAR.
        self.word(side).load(orderings::NON_EMPTY_LOOK.get())
    }

    /// Whether a bit is set.
    #[inline(always)]
    pub(crate) fn is_set(&self, side: Side, bit: usize) -> bool {
        self.bits(side) & 1 << bit != 0
    }

    #[inline(always)]
    fn word(&self, side: Side) -> &AtomicU64 {
        &self.0[side.index()]
    }

    /// Makes sure that the bit is set, after a push by the queue's owner.
    #[inline(always)]
    pub(super) fn set_after_push(&self, side: Side, bit: usize) {
        // SeqCst: pairs with NON_EMPTY_THIEF_FENCE.
        fence_after_rmw(orderings::NON_EMPTY_OWNER_FENCE.get());
        if !self.is_set(side, bit) {
            self.set(side, bit);
        }
    }

    #[cold]
    fn set(&self, side: Side, bit: usize) {
        // Relaxed: as NON_EMPTY_LOOK.
        self.word(side).fetch_or(1 << bit, orderings::NON_EMPTY_SET.get());
    }

    /// Clears the bit, after the queue was found empty, and looks once more. Sets it again if there is
    /// something after all.
    pub(super) fn clear_unless<R>(
        &self,
        side: Side,
        bit: usize,
        look: impl FnOnce() -> Option<R>,
    ) -> Option<R> {
        // Relaxed: the fences order it with NON_EMPTY_LOOK.
        self.word(side).fetch_and(!(1 << bit), orderings::NON_EMPTY_CLEAR.get());
        // SeqCst: pairs with NON_EMPTY_OWNER_FENCE.
        fence_after_rmw(orderings::NON_EMPTY_THIEF_FENCE.get());
        let found = look()?;
        self.set(side, bit);
        Some(found)
    }
}

/// Looks at the set bits until something is found, the lowest first.
#[inline]
pub(super) fn find_set<R>(mut bits: u64, mut look: impl FnMut(usize) -> Option<R>) -> Option<R> {
    while bits != 0 {
        let found = look(bits.trailing_zeros() as usize);
        if found.is_some() {
            return found;
        }
        bits &= bits - 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_stays_clear_only_if_the_second_look_finds_nothing() {
        crate::sync::test(|| {
            let bits = NonEmpty::new();
            let [side, other] = Side::BOTH;
            bits.set_after_push(side, 1);
            assert!(bits.is_set(side, 1) && !bits.is_set(side, 0) && !bits.is_set(other, 1));
            assert_eq!(bits.clear_unless(side, 1, || Some('x')), Some('x'));
            assert!(bits.is_set(side, 1));
            assert_eq!(bits.clear_unless(side, 1, || None::<char>), None);
            assert!(!bits.is_set(side, 1));
        });
    }

    #[test]
    fn set_bits_are_looked_at_from_the_lowest_on() {
        let mut seen = alloc::vec::Vec::new();
        assert_eq!(
            find_set(0b1011, |bit| {
                seen.push(bit);
                (bit == 1).then_some(bit)
            }),
            Some(1)
        );
        assert_eq!(seen, [0, 1]);
        assert_eq!(find_set(0, Some), None);
    }
}
