//! How a thread spent a run.

use std::num::NonZeroUsize;
use std::ops::AddAssign;

/// The classes that batches are counted in: one for each power of two that begins them.
const CLASSES: usize = usize::BITS as usize;

/// What a thread did, counted. Added up, what all of them did.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// Tasks carried out.
    pub(crate) tasks: u64,
    /// Tasks stolen from other threads.
    pub(crate) stolen: u64,
    /// Times the thread lay down to sleep.
    pub(crate) sleeps: u64,
    /// How many steals took a batch of 1, of 2 or 3, of 4 to 7, and so on.
    batches: [u64; CLASSES],
}

impl Activity {
    /// Counts a batch that was stolen.
    pub(crate) fn record_steal(&mut self, tasks: NonZeroUsize) {
        self.stolen += tasks.get() as u64;
        self.batches[tasks.ilog2() as usize] += 1;
    }

    /// How many batches were stolen.
    pub(crate) fn steals(&self) -> u64 {
        self.batches.iter().sum()
    }

    /// The sizes in which batches were stolen, and how many of each: smallest size, largest, number.
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
