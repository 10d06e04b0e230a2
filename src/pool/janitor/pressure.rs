//! Whether memory is running short, and whether a clear helps.

use alloc::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::drop_each::discard;

/// The share of the budget, in hundredths, above which memory is short.
const HIGH: u128 = 80;

/// A clear that leaves memory short is futile unless it frees one part in so many of the excess.
const PARTS: u128 = 16;

/// The most intervals without a clear after a futile one.
const LONGEST_PAUSE: u32 = 64;

/// A budget, and how to learn what of it is in use.
pub(super) struct Pressure {
    in_use: Box<dyn FnMut() -> Option<u64> + Send>,
    policy: Policy,
}

impl Pressure {
    pub(super) fn new(budget: u64, in_use: Box<dyn FnMut() -> Option<u64> + Send>) -> Self {
        assert!(budget != 0, "a janitor's memory budget must be more than zero bytes");
        Self { in_use, policy: Policy::new(budget) }
    }

    /// Decides whether this interval clears, by what is in use now.
    pub(super) fn wants_a_clear(&mut self) -> bool {
        let in_use = self.read();
        self.policy.wants_a_clear(in_use)
    }

    /// Decides whether the clear since the last decision was futile, by what is in use now.
    pub(super) fn was_futile(&mut self) -> bool {
        let in_use = self.read();
        self.policy.was_futile(in_use)
    }

    /// `None` means unknown.
    fn read(&mut self) -> Option<u64> {
        catch_unwind(AssertUnwindSafe(&mut self.in_use)).map_err(discard).ok().flatten()
    }
}

/// When to clear.
///
/// A clear frees idle values only. If the memory is in use elsewhere, clearing at each interval frees nothing and
/// costs every value that the pools hold. So a futile clear is followed by a pause, and each further one by a
/// pause twice as long, up to [`LONGEST_PAUSE`]. A clear that helps ends the series, and so does memory that is no
/// longer short.
struct Policy {
    budget: u64,
    /// In use before the last clear.
    before: u64,
    /// Intervals left before the next clear.
    pause: u32,
    /// The length of the last pause; 0 if the last clear was not futile.
    last_pause: u32,
}

impl Policy {
    fn new(budget: u64) -> Self {
        Self { budget, before: 0, pause: 0, last_pause: 0 }
    }

    /// Whether to clear in an interval that begins with so much in use. To be called once an interval.
    fn wants_a_clear(&mut self, in_use: Option<u64>) -> bool {
        let excess = in_use.map(|in_use| self.excess(in_use));
        if excess == Some(0) {
            self.pause_for(0);
        }
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        // `None` means unknown and is treated as not high.
        self.before = in_use.unwrap_or_default();
        excess.is_some_and(|excess| excess > 0)
    }

    /// Whether a clear was futile that leaves so much in use. If that is unknown, so is the answer, and nothing
    /// changes.
    fn was_futile(&mut self, after: Option<u64>) -> bool {
        let Some(after) = after else { return false };
        let freed = u128::from(self.before.saturating_sub(after)) * 100;
        let is_futile = self.excess(after) > 0 && freed * PARTS < self.excess(self.before);
        self.pause_for(if is_futile { (2 * self.last_pause).clamp(1, LONGEST_PAUSE) } else { 0 });
        is_futile
    }

    fn pause_for(&mut self, intervals: u32) {
        (self.pause, self.last_pause) = (intervals, intervals);
    }

    /// How much of this is above the allowed share of the budget, in hundredths of a byte.
    fn excess(&self, in_use: u64) -> u128 {
        (u128::from(in_use) * 100).saturating_sub(u128::from(self.budget) * HIGH)
    }
}

/// The physical memory that this process has in use, if the operating system reports it.
#[cfg(feature = "pressure")]
pub(super) fn resident_memory() -> Option<u64> {
    u64::try_from(memory_stats::memory_stats()?.physical_mem).ok()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// Above 80 of 100 bytes memory is short.
    const BUDGET: u64 = 100;

    /// In each of so many intervals `in_use` are in use and a clear frees `freed`: the intervals that clear.
    fn clears(policy: &mut Policy, intervals: u32, in_use: u64, freed: u64) -> Vec<u32> {
        let mut clears = Vec::new();
        for interval in 0..intervals {
            if policy.wants_a_clear(Some(in_use)) {
                clears.push(interval);
                policy.was_futile(Some(in_use - freed));
            }
        }
        clears
    }

    #[test]
    fn pauses_after_futile_clears_double_up_to_a_bound() {
        let mut policy = Policy::new(BUDGET);
        let clears = clears(&mut policy, 400, 90, 0);
        assert_eq!(clears, [0, 2, 5, 10, 19, 36, 69, 134, 199, 264, 329, 394]);
    }

    #[test]
    fn a_clear_that_helps_is_repeated_while_memory_is_short() {
        let mut policy = Policy::new(BUDGET);
        assert_eq!(clears(&mut policy, 5, 96, 1), [0, 1, 2, 3, 4], "1 of 16 is enough");
        assert_eq!(clears(&mut policy, 5, 97, 1), [0, 2], "1 of 17 is not");
    }

    #[test]
    fn a_clear_that_ends_the_shortage_is_not_futile_however_little_it_frees() {
        let mut policy = Policy::new(u64::MAX);
        let limit = u64::MAX / 5 * 4;
        assert!(policy.wants_a_clear(Some(u64::MAX)));
        assert!(policy.was_futile(Some(u64::MAX)));
        policy.pause_for(0);
        assert!(policy.wants_a_clear(Some(limit + 1)));
        assert!(!policy.was_futile(Some(limit)));
        assert!(policy.wants_a_clear(Some(limit + 1)));
        assert!(policy.was_futile(Some(limit + 1)));
    }

    #[test]
    fn a_clear_that_helps_ends_the_series() {
        let mut policy = Policy::new(BUDGET);
        assert_eq!(clears(&mut policy, 6, 90, 0), [0, 2, 5]);
        assert_eq!(clears(&mut policy, 6, 90, 5), [4, 5], "the pause that began is kept");
        assert_eq!(clears(&mut policy, 6, 90, 0), [0, 2, 5], "the next series begins with the shortest");
    }

    #[test]
    fn memory_that_is_no_longer_short_ends_the_series_and_its_pause() {
        let mut policy = Policy::new(BUDGET);
        assert_eq!(clears(&mut policy, 6, 90, 0), [0, 2, 5]);
        assert!(!policy.wants_a_clear(Some(80)));
        assert_eq!(clears(&mut policy, 6, 90, 0), [0, 2, 5]);
    }

    #[test]
    fn what_is_unknown_neither_clears_nor_ends_a_pause_early() {
        let mut policy = Policy::new(BUDGET);
        assert!(!policy.wants_a_clear(None));
        assert_eq!(clears(&mut policy, 1, 90, 0), [0]);
        assert!(!policy.wants_a_clear(None), "an interval of the pause");
        assert_eq!(clears(&mut policy, 1, 90, 0), [0]);
        // If what a clear has freed is unknown, the next may help.
        assert_eq!(clears(&mut policy, 3, 90, 0), [2]);
        assert!(!policy.was_futile(None));
    }

    #[test]
    fn memory_that_others_took_during_a_clear_is_not_freed() {
        let mut policy = Policy::new(BUDGET);
        assert!(policy.wants_a_clear(Some(90)));
        assert!(policy.was_futile(Some(95)));
    }
}
