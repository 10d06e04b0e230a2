//! Whether memory is running short.

use alloc::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::drop_each::discard;

/// The share of the budget, in hundredths, above which it is.
const HIGH: u128 = 80;

/// A budget, and how to learn what of it is in use.
pub(super) struct Pressure {
    budget: u64,
    in_use: Box<dyn FnMut() -> Option<u64> + Send>,
}

impl Pressure {
    pub(super) fn new(budget: u64, in_use: Box<dyn FnMut() -> Option<u64> + Send>) -> Self {
        assert!(budget != 0, "a janitor's memory budget must be more than zero bytes");
        Self { budget, in_use }
    }

    /// Whether more than the allowed share is in use now. Nobody knows if the reader does not.
    pub(super) fn is_high(&mut self) -> bool {
        let in_use = catch_unwind(AssertUnwindSafe(&mut self.in_use)).map_err(discard).ok().flatten();
        in_use.is_some_and(|in_use| u128::from(in_use) * 100 > u128::from(self.budget) * HIGH)
    }
}

/// The physical memory that this process has in use, if the operating system tells.
#[cfg(feature = "pressure")]
pub(super) fn resident_memory() -> Option<u64> {
    u64::try_from(memory_stats::memory_stats()?.physical_mem).ok()
}
