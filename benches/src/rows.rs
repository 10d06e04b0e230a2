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

/// Measures every row, or those that the command line asks for.
pub fn measure_all(criterion: &mut Criterion) {
    one_thread::measure(criterion);
    taking::measure(criterion);
    two_threads::measure(criterion);
    growth::measure(criterion);
}
