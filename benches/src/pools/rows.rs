//! What the pools are measured at.

mod across;
mod ageing;
mod expensive;
mod lending;
mod misses;
mod storing;

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

use crate::pools::names;
use crate::race::{Start, race};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Workloads C and D take so many at once.
const HUNDRED: u64 = 100;

/// How many get+puts each thread makes in a turn of the rows of two threads: enough to drown its start.
const OF_EACH_THREAD: u64 = 10_000;

/// Measures every row, or those that the command line names; what [`measured_as`] says of a build without
/// statistics.
pub fn measure_all(criterion: &mut Criterion) {
    lending::measure(criterion);
    if has_statistics() {
        storing::measure(criterion);
        across::measure(criterion);
        expensive::measure(criterion);
        misses::measure(criterion);
        ageing::measure(criterion);
    }
}

/// Whether our pool counts. The compiler must not know: a program with fewer subjects in it has more of them
/// inlined, which would be taken for what the statistics cost.
fn has_statistics() -> bool {
    black_box(cfg!(feature = "stats"))
}

/// The name under which a subject is measured in this build, if it is: without statistics our pool alone is.
fn measured_as(name: &str) -> Option<&str> {
    if has_statistics() { Some(name) } else { (name == names::POOL).then_some(names::POOL_NO_STATS) }
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
