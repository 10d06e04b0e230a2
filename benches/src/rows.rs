//! What the subjects are measured at.

mod growth;
mod one_thread;
mod taking;
mod two_threads;

use criterion::Criterion;

/// How many values the rows of a thousand move.
const THOUSAND: u64 = 1000;

/// How many slots a bounded subject gets, unless its row says otherwise.
const CAPACITY: usize = 1024;

/// How many values a batch has at most.
const BATCH: usize = 32;

/// How many values were taken out, and their sum.
///
/// It goes by value: where the sum could be reached by reference, each taken value would be followed by
/// a store of it.
#[derive(Clone, Copy, Default)]
struct Taken {
    count: u64,
    sum: u64,
}

impl Taken {
    /// One value, or none.
    #[inline]
    fn one(value: Option<u64>) -> Self {
        value.map_or(Self::default(), |value| Self { count: 1, sum: value })
    }

    #[inline]
    fn and(self, more: Self) -> Self {
        Self { count: self.count + more.count, sum: self.sum.wrapping_add(more.sum) }
    }

    /// Whether they are the numbers up to `count`, as far as their number and their sum show.
    fn are_all_up_to(self, count: u64) -> bool {
        self.count == count && self.sum == (0..count).sum::<u64>()
    }
}

/// Measures every row, or those that the command line names.
pub fn measure_all(criterion: &mut Criterion) {
    one_thread::measure(criterion);
    taking::measure(criterion);
    two_threads::measure(criterion);
    growth::measure(criterion);
}
