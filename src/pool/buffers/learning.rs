//! How an adaptive pool learns which sizes are in use, as bytebufferpool calibrates.
//!
//! Nobody sets back what others count: whoever calibrates remembers how far the counts had come.

use std::sync::{Mutex, TryLockError};

use super::sizes::{CLASSES, LAST, class_for};
use super::tallies::Tallies;
use crate::pool::number::Number;

/// So many returns of one class since the last calibration make the next one due.
const RETURNS_TO_CALIBRATE: usize = 42_000;

/// So often a thread asks whether one is due: after each so many returns of its own in one class.
const RETURNS_TO_ASK: usize = 1_000;

/// The share of the returns, in hundredths, for which a buffer that is kept must be large enough.
const COVERED: usize = 95;

/// What has been learned, or was settled beforehand.
pub(super) struct Learned {
    /// The class that most contents need.
    pub(super) usual: Number,
    /// The largest class that is kept.
    pub(super) largest: Number,
    /// The counts of all thread slots at the last calibration. Held by the thread that calibrates.
    calibrated: Mutex<[usize; CLASSES]>,
}

impl Learned {
    /// Nothing yet.
    pub(super) const fn nothing(largest: usize) -> Self {
        Self { usual: Number::new(0), largest: Number::new(largest), calibrated: Mutex::new([0; CLASSES]) }
    }

    /// Learns that a buffer came back with so many bytes in it; no class above `ceiling` is ever learned.
    #[inline]
    pub(super) fn note(&self, tallies: &Tallies, bytes: usize, ceiling: usize) {
        let class = class_for(bytes).min(LAST);
        let returned = tallies.mine(|tally| {
            let returned = tally.returned[class].get().wrapping_add(1);
            tally.returned[class].set(returned);
            returned
        });
        if returned.is_multiple_of(RETURNS_TO_ASK) {
            self.calibrate_if_due(tallies, class, ceiling);
        }
    }

    /// Calibrates if it is due by the returns of this class, unless another thread does so just now.
    #[cold]
    fn calibrate_if_due(&self, tallies: &Tallies, class: usize, ceiling: usize) {
        let mut calibrated = match self.calibrated.try_lock() {
            Ok(calibrated) => calibrated,
            Err(TryLockError::Poisoned(calibrated)) => calibrated.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let so_far = |class: usize| {
            tallies.all().fold(0_usize, |sum, tally| sum.wrapping_add(tally.returned[class].get()))
        };
        if so_far(class).wrapping_sub(calibrated[class]) < RETURNS_TO_CALIBRATE {
            return;
        }
        let counted: [usize; CLASSES] = core::array::from_fn(so_far);
        let (usual, largest) =
            lesson(core::array::from_fn(|class| counted[class].wrapping_sub(calibrated[class])));
        self.usual.set(usual.min(ceiling));
        self.largest.set(largest.min(ceiling));
        *calibrated = counted;
    }
}

/// The most frequent class, the smallest of them if there are several; and the smallest class such that it and
/// those below it have the share of all returns that is to be covered.
fn lesson(returned: [usize; CLASSES]) -> (usize, usize) {
    let most = returned.iter().max();
    let usual = returned.iter().position(|count| Some(count) == most).unwrap_or(0);
    let all: u128 = returned.iter().map(|&count| count as u128).sum();
    let mut covered = 0;
    let largest = returned.iter().position(|&count| {
        covered += count as u128 * 100;
        covered >= all * COVERED as u128
    });
    (usual, largest.unwrap_or(LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(usize, usize)]) -> (usize, usize) {
        let mut returned = [0; CLASSES];
        for &(class, count) in counts {
            returned[class] = count;
        }
        lesson(returned)
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
            let (usual, largest) = lesson(core::array::from_fn(|_| random.usize(..4)));
            assert!(usual <= largest);
        }
        let (usual, largest) = lesson([7; CLASSES]);
        assert!(usual <= largest);
    }
}
