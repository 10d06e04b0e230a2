//! Hints of whose shared part holds something, so that a look round an empty pool is short.
//!
//! A bit for each thread slot, 64 to a word. The holder raises its bit after a push that finds it down. A
//! thief that finds the part empty lowers the bit, and looks once more. Each changes one thing and then
//! looks at the other, with a fence in between, so that a value is never left under a lowered bit: either
//! the holder sees the bit lowered, or the thief sees the value. A raised bit promises nothing.

use alloc::sync::Arc;

use crossbeam_utils::CachePadded;

use super::table::{Place, Table};
use crate::order;
use crate::sync::{AtomicU64, fence_after_rmw};

/// The bits of 64 slots.
const SLOTS: usize = u64::BITS as usize;

/// A word, which the parts of its slots keep at hand.
type Word = Arc<CachePadded<AtomicU64>>;

/// A bit for each thread slot.
pub(super) struct Hints {
    words: Table<Word>,
}

/// One slot's bit.
pub(crate) struct Hint {
    word: Word,
    bit: u64,
}

impl Hint {
    /// Sees to it that the bit is raised, after a push.
    #[inline(always)]
    pub(super) fn after_push(&self) {
        fence_after_rmw(order::HINT_HOLDER_FENCE.get());
        if !self.is_raised() {
            self.raise();
        }
    }

    /// Whether the bit is raised. To the holder a lowered one says that the part is empty.
    #[inline]
    pub(crate) fn is_raised(&self) -> bool {
        self.look() & self.bit != 0
    }

    /// The bits of the slot's word.
    #[inline(always)]
    fn look(&self) -> u64 {
        self.word.load(order::HINT_CHECK.get())
    }

    #[cold]
    fn raise(&self) {
        self.word.fetch_or(self.bit, order::HINT_RAISE.get());
    }

    /// Lowers the bit, after the slot's part was found empty, and looks once more. Raises it again if there
    /// is something after all.
    pub(super) fn lower_unless<R>(&self, look: impl FnOnce() -> Option<R>) -> Option<R> {
        self.word.fetch_and(!self.bit, order::HINT_LOWER.get());
        fence_after_rmw(order::HINT_THIEF_FENCE.get());
        let found = look()?;
        self.raise();
        Some(found)
    }
}

impl Hints {
    pub(super) fn new() -> Self {
        Self { words: Table::new() }
    }

    /// The hint of slot `number`, lowered if it is asked for the first time.
    pub(super) fn of(&self, number: usize) -> Hint {
        let make = |_| Arc::new(CachePadded::new(AtomicU64::new(0)));
        let word = Arc::clone(self.words.get_or_make(Place::of(number / SLOTS), make));
        Hint { word, bit: 1 << (number % SLOTS) }
    }

    /// Looks where bits are raised until something is found, from the slot after `number` on and round to
    /// `number`, whose own hint is `own`.
    #[inline]
    pub(super) fn find_after<R>(
        &self,
        number: usize,
        own: &Hint,
        mut look: impl FnMut(usize) -> Option<R>,
    ) -> Option<R> {
        let (first, offset) = (number / SLOTS, number % SLOTS);
        // In its own word first what lies above the slot, and at last the rest.
        let above = (u64::MAX << offset) << 1;
        let mut find_in = |index, raised: u64| find_bit(raised, |bit| look(index * SLOTS + bit));
        let found = find_in(first, own.look() & above);
        let extent = self.words.extent();
        // Most pools have no other word.
        let found = if extent > 1 && found.is_none() {
            let others = (first + 1..extent).chain(0..first);
            others.into_iter().find_map(|index| {
                let word = self.words.get(Place::of(index))?;
                find_in(index, word.load(order::HINT_LOOK.get()))
            })
        } else {
            found
        };
        found.or_else(|| find_in(first, own.look() & !above))
    }
}

/// Looks at the raised bits until something is found, the lowest first.
#[inline]
fn find_bit<R>(mut raised: u64, mut look: impl FnMut(usize) -> Option<R>) -> Option<R> {
    while raised != 0 {
        let found = look(raised.trailing_zeros() as usize);
        if found.is_some() {
            return found;
        }
        raised &= raised - 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn raised(hints: &Hints, from: usize) -> Vec<usize> {
        let mut raised = Vec::new();
        let found = hints.find_after(from, &hints.of(from), |number| {
            raised.push(number);
            None::<()>
        });
        assert_eq!(found, None);
        raised
    }

    #[test]
    fn a_round_begins_beside_ones_own_slot_and_ends_with_it() {
        crate::sync::test(|| {
            let hints = Hints::new();
            assert!(raised(&hints, 0).is_empty());
            assert!(raised(&hints, 190).is_empty());
            for number in [0, 5, 63, 64, 130] {
                hints.of(number).after_push();
            }
            assert_eq!(raised(&hints, 0), [5, 63, 64, 130, 0]);
            assert_eq!(raised(&hints, 5), [63, 64, 130, 0, 5]);
            assert_eq!(raised(&hints, 63), [64, 130, 0, 5, 63]);
            assert_eq!(raised(&hints, 100), [130, 0, 5, 63, 64]);
            assert_eq!(raised(&hints, 250), [0, 5, 63, 64, 130]);
        });
    }

    #[test]
    fn a_bit_stays_lowered_only_if_the_second_look_finds_nothing() {
        crate::sync::test(|| {
            let hints = Hints::new();
            let hint = hints.of(3);
            hint.after_push();
            assert_eq!(hint.lower_unless(|| Some('x')), Some('x'));
            assert_eq!(raised(&hints, 0), [3]);
            assert_eq!(hint.lower_unless(|| None::<char>), None);
            assert!(raised(&hints, 0).is_empty());
        });
    }
}
