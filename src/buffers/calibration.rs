//! How an adaptive pool learns which sizes are in use, as bytebufferpool calibrates.
//!
//! Counters are never reset; each calibration subtracts the previous snapshot.

use alloc::vec::Vec;
use std::sync::{Mutex, TryLockError};

use super::Classes;
use super::sizes::{CLASSES, LAST, class_for};
use crate::pool::Pool;
use crate::pool::counters::Counters;
use crate::pool::counters::RelaxedCounter;

/// So many returns that needed one class since the last calibration make the next one due.
const RETURNS_TO_CALIBRATE: usize = 42_000;

/// A thread checks whether a calibration is due after so many returns of its own that needed one class.
const RETURNS_TO_ASK: usize = 1_000;

/// The share of the needs, in hundredths, for which a buffer that is kept must be large enough.
const COVERED: usize = 95;

/// A buffer as the pool lent it.
#[derive(Clone, Copy)]
pub(super) struct Lent {
    /// The requested capacity; 0 if the pool chose.
    requested: usize,
    capacity: usize,
}

/// What a return shows.
#[derive(Debug, PartialEq, Eq)]
struct Observed {
    /// The bytes that its user had in the buffer, if the return shows that.
    used: Option<usize>,
    /// The capacity that a pool must keep to serve the same use again, if the return shows that.
    needed: Option<usize>,
}

impl Lent {
    #[inline(always)]
    pub(super) fn new(requested: usize, buffer: &Vec<u8>) -> Self {
        Self { requested, capacity: buffer.capacity() }
    }

    /// A buffer that no request was made for.
    #[inline(always)]
    pub(super) fn by_hand(buffer: &Vec<u8>) -> Self {
        Self::new(0, buffer)
    }

    /// Compares the buffer that comes back with the one that was lent.
    ///
    /// A buffer that has grown had more bytes in it than the lent one had room for; a shorter length shows that
    /// it was emptied since, and the capacity counts as the length. An empty buffer that has not grown does
    /// not show its use: a length of 0 is never counted. If it is still the lent one, all of it may have been
    /// used, and it counts as needed in full. If it is smaller, the lent one is gone.
    #[inline]
    fn returned(self, length: usize, capacity: usize) -> Observed {
        let has_grown = capacity > self.capacity;
        let used = if has_grown && length <= self.capacity { capacity } else { length };
        let in_full = if used == 0 && capacity == self.capacity { capacity } else { 0 };
        let needed = used.max(in_full).max(self.requested);
        Observed { used: (used > 0).then_some(used), needed: (needed > 0).then_some(needed) }
    }
}

/// What has been calibration, or was settled beforehand.
pub(super) struct Calibration {
    /// The class that most contents need.
    pub(super) usual: RelaxedCounter,
    /// The largest class that is kept.
    pub(super) largest: RelaxedCounter,
    /// The counts of all thread slots at the last calibration. Held by the thread that calibrates.
    calibrated: Mutex<Counts>,
}

/// Returns by class, over all thread slots.
#[derive(Clone, Copy)]
struct Counts {
    used: [usize; CLASSES],
    needed: [usize; CLASSES],
}

impl Calibration {
    /// Nothing yet.
    pub(super) const fn nothing(largest: usize) -> Self {
        let calibrated = Counts { used: [0; CLASSES], needed: [0; CLASSES] };
        Self {
            usual: RelaxedCounter::new(0),
            largest: RelaxedCounter::new(largest),
            calibrated: Mutex::new(calibrated),
        }
    }

    /// Learns from a buffer that comes back, before it is cleared; no class above `ceiling` is ever calibration.
    #[inline]
    pub(super) fn note(&self, classes: &Classes, lent: Lent, buffer: &Vec<u8>, ceiling: usize) {
        let Observed { used, needed } = lent.returned(buffer.len(), buffer.capacity());
        let Some(needed) = needed.map(class_of) else { return };
        if let Some(used) = used.map(class_of) {
            classes[used].count(|counters| counters.used.add(1));
        }
        let returned = classes[needed].count(|counters| counters.needed.add(1));
        if returned.is_some_and(|returned| returned.is_multiple_of(RETURNS_TO_ASK)) {
            self.calibrate_if_due(classes, needed, ceiling);
        }
    }

    /// Calibrates if the returns that needed this class make it due, unless another thread is calibrating.
    #[cold]
    fn calibrate_if_due(&self, classes: &Classes, class: usize, ceiling: usize) {
        let mut calibrated = match self.calibrated.try_lock() {
            Ok(calibrated) => calibrated,
            Err(TryLockError::Poisoned(calibrated)) => calibrated.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if sum_up(&classes[class], |counters| &counters.needed).wrapping_sub(calibrated.needed[class])
            < RETURNS_TO_CALIBRATE
        {
            return;
        }
        let counted = Counts::so_far(classes);
        let (usual, largest) = calibrate(counted.since(&calibrated));
        let largest = largest.min(ceiling);
        self.usual.set(usual.unwrap_or_else(|| self.usual.get()).min(largest));
        self.largest.set(largest);
        *calibrated = counted;
    }
}

impl Counts {
    fn so_far(classes: &Classes) -> Self {
        Self {
            used: classes.each_ref().map(|class| sum_up(class, |counters| &counters.used)),
            needed: classes.each_ref().map(|class| sum_up(class, |counters| &counters.needed)),
        }
    }

    fn since(self, earlier: &Self) -> Self {
        let difference = |now: [usize; CLASSES], then: [usize; CLASSES]| {
            core::array::from_fn(|class| now[class].wrapping_sub(then[class]))
        };
        Self { used: difference(self.used, earlier.used), needed: difference(self.needed, earlier.needed) }
    }
}

/// The class that so many bytes are counted in.
#[inline]
fn class_of(bytes: usize) -> usize {
    class_for(bytes).min(LAST)
}

/// What all threads have counted in a class.
fn sum_up(class: &Pool<Vec<u8>>, counter: fn(&Counters) -> &RelaxedCounter) -> usize {
    let add = |sum: usize, counters: &Counters| sum.wrapping_add(counter(counters).get());
    class.state().map_or(0, |state| state.sum_up(0, add))
}

/// The class that was used most often, the smallest of them if there are several; and the smallest class such
/// that it and those below it have the share of the needs that is to be covered.
///
/// `None` as the first if fewer returns show their use than the share that the second may leave out: a few
/// exceptions are not usual.
fn calibrate(Counts { used, needed }: Counts) -> (Option<usize>, usize) {
    let sum = |counts: [usize; CLASSES]| counts.iter().map(|&count| count as u128).sum::<u128>();
    let all = sum(needed);
    let mut covered = 0;
    let largest = needed.iter().position(|&count| {
        covered += count as u128 * 100;
        covered >= all * COVERED as u128
    });
    let most = used.iter().max();
    let usual = used.iter().position(|count| Some(count) == most);
    let is_shown = sum(used) * 100 > all * (100 - COVERED as u128);
    (usual.filter(|_| is_shown), largest.unwrap_or(LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(usize, usize)]) -> [usize; CLASSES] {
        let mut returned = [0; CLASSES];
        for &(class, count) in counts {
            returned[class] = count;
        }
        returned
    }

    /// Every return shows its use, and needs no more than that.
    fn of(shown: &[(usize, usize)]) -> (usize, usize) {
        let (usual, largest) = calibrate(Counts { used: counts(shown), needed: counts(shown) });
        (usual.expect("every return shows its use"), largest)
    }

    #[test]
    fn the_usual_class_is_the_most_frequent() {
        assert_eq!(of(&[(2, 10), (3, 11), (4, 9)]).0, 3);
        assert_eq!(of(&[(2, 10), (3, 10)]).0, 2);
    }

    #[test]
    fn the_largest_class_covers_ninety_five_hundredths_and_no_more() {
        assert_eq!(of(&[(1, 95), (7, 5)]), (1, 1));
        assert_eq!(of(&[(1, 9_499), (7, 501)]), (1, 7));
        assert_eq!(of(&[(LAST, 1)]), (LAST, LAST));
        assert_eq!(of(&[(0, 50), (3, 44), (5, 1), (9, 5)]), (0, 5));
    }

    #[test]
    fn the_usual_class_is_kept_whatever_the_counts() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..10_000 {
            let shown = core::array::from_fn(|_| random.usize(..4));
            let (usual, largest) = calibrate(Counts { used: shown, needed: shown });
            assert!(usual.is_none_or(|usual| usual <= largest));
        }
        let (usual, largest) = of(&(0..CLASSES).map(|class| (class, 7)).collect::<Vec<_>>());
        assert!(usual <= largest);
    }

    #[test]
    fn a_few_uses_that_show_are_not_usual() {
        let of = |used, needed| calibrate(Counts { used: counts(used), needed: counts(needed) });
        assert_eq!(of(&[(3, 5)], &[(3, 5), (4, 95)]), (None, 4));
        assert_eq!(of(&[(3, 6)], &[(3, 6), (4, 94)]), (Some(3), 4));
        assert_eq!(of(&[], &[(4, 1)]), (None, 4));
    }

    /// What a return shows: the bytes used and the capacity needed.
    fn shown(
        requested: usize,
        lent: usize,
        length: usize,
        capacity: usize,
    ) -> (Option<usize>, Option<usize>) {
        let Observed { used, needed } = Lent { requested, capacity: lent }.returned(length, capacity);
        (used, needed)
    }

    #[test]
    fn a_length_is_evidence_unless_it_is_zero() {
        assert_eq!(shown(0, 64, 50, 64), (Some(50), Some(50)));
        assert_eq!(shown(0, 64, 1, 64), (Some(1), Some(1)));
        assert_eq!(shown(0, 64, 0, 64), (None, Some(64)), "any part of it may have been used");
    }

    #[test]
    fn the_capacity_of_a_buffer_that_has_grown_stands_in_for_a_length_that_has_sunk() {
        assert_eq!(shown(0, 64, 1500, 2048), (Some(1500), Some(1500)));
        assert_eq!(shown(0, 64, 65, 2048), (Some(65), Some(65)));
        for length in [0, 1, 64] {
            assert_eq!(shown(0, 64, length, 2048), (Some(2048), Some(2048)));
        }
    }

    #[test]
    fn a_buffer_that_is_gone_shows_nothing() {
        assert_eq!(shown(0, 64, 0, 0), (None, None));
        assert_eq!(shown(0, 4096, 0, 64), (None, None));
        assert_eq!(shown(0, 4096, 10, 64), (Some(10), Some(10)));
        assert_eq!(shown(0, 0, 0, 0), (None, None));
    }

    #[test]
    fn a_request_is_needed_whatever_was_used_of_it() {
        assert_eq!(shown(4000, 4096, 10, 4096), (Some(10), Some(4000)));
        assert_eq!(shown(4000, 4096, 0, 0), (None, Some(4000)));
        assert_eq!(shown(4000, 4096, 0, 4096), (None, Some(4096)));
        assert_eq!(shown(4000, 4096, 5000, 8192), (Some(5000), Some(5000)));
    }
}
