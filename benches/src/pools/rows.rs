//! What the pools are measured at.

mod across;
mod ageing;
mod expensive;
mod lending;
mod misses;
mod storing;

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

use crate::race::{Start, race};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Workloads C and D take so many at once.
const HUNDRED: u64 = 100;

/// How many get+puts each thread makes in a turn of the rows of two threads: enough to drown its start.
const OF_EACH_THREAD: u64 = 10_000;

/// Measures every row, or those that the command line asks for.
///
/// Compiled without statistics, our pool alone is measured, and only where they could tell.
pub fn measure_all(criterion: &mut Criterion) {
    if !cfg!(feature = "stats") {
        return lending::measure_without_statistics(criterion);
    }
    lending::measure(criterion);
    storing::measure(criterion);
    across::measure(criterion);
    expensive::measure(criterion);
    misses::measure(criterion);
    ageing::measure(criterion);
}

/// A row of two threads, every sample of which does equally much.
fn group_of_two<'a>(criterion: &'a mut Criterion, row: &str, of_each: u64) -> Group<'a> {
    let mut group = criterion.benchmark_group(row);
    group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(2 * of_each));
    group
}

/// Two threads that do the same.
fn both(side: impl Fn(Start<'_>) + Sync) -> Duration {
    race(&side, &side)
}
