//! Counts of what a thread did in a run.

use std::num::NonZeroUsize;
use std::ops::AddAssign;

/// Number of size classes for batches: one per power of two.
const CLASSES: usize = usize::BITS as usize;

/// One thread's counts, or the sum over all threads.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// Tasks run.
    pub(crate) tasks: u64,
    /// Tasks stolen from other threads.
    pub(crate) stolen: u64,
    /// Times the thread went to sleep.
    pub(crate) sleeps: u64,
    /// Number of steals by batch size: 1, 2 to 3, 4 to 7, and so on.
    batches: [u64; CLASSES],
}

impl Activity {
    /// Counts a batch that was stolen.
    pub(crate) fn record_steal(&mut self, tasks: NonZeroUsize) {
        self.stolen += tasks.get() as u64;
        self.batches[tasks.ilog2() as usize] += 1;
    }

    /// Number of steals.
    pub(crate) fn steals(&self) -> u64 {
        self.batches.iter().sum()
    }

    /// The size classes that occurred, as smallest size, largest size, and number of steals.
    pub(crate) fn batch_sizes(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let classes = self.batches.iter().enumerate().filter(|(_, number)| **number > 0);
        classes.map(|(class, number)| (1 << class, (1 << class) + ((1 << class) - 1), *number))
    }
}

impl Default for Activity {
    fn default() -> Self {
        Self { tasks: 0, stolen: 0, sleeps: 0, batches: [0; CLASSES] }
    }
}

impl AddAssign<&Activity> for Activity {
    fn add_assign(&mut self, other: &Activity) {
        self.tasks += other.tasks;
        self.stolen += other.stolen;
        self.sleeps += other.sleeps;
        for (sum, number) in self.batches.iter_mut().zip(&other.batches) {
            *sum += number;
        }
    }
}
