//! Ticks with 100,000 idle buffers: Go's `BenchmarkPoolSTW`, without stopping the world.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};

use crate::pools::names;
use crate::pools::subjects::{self, Store, buffer};

/// How many lie idle.
const IDLE: usize = 100_000;

/// As often as requested, prepares something and times what is then done to it.
fn timed<T>(turns: u64, prepare: impl Fn() -> T, act: impl Fn(T)) -> Duration {
    let mut total = Duration::ZERO;
    for _ in 0..turns {
        let prepared = prepare();
        // Above all the others in memory, so that the allocator does not return freed memory to the system: that has
        // nothing to do with who frees it, and comes about by where the pool's own memory happens to lie.
        let _uppermost = black_box(buffer());
        let start = Instant::now();
        act(prepared);
        total += start.elapsed();
    }
    total
}

fn fill(pool: &impl Store) {
    for _ in 0..IDLE {
        pool.put(buffer());
    }
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    let mut dropping = criterion.benchmark_group(names::DROPPING_TICK);
    dropping.sample_size(10).sampling_mode(SamplingMode::Flat);
    dropping.throughput(Throughput::Elements(IDLE as u64));
    let pool = subjects::ours();
    let fill_and_age = || {
        fill(&pool);
        pool.tick();
    };
    dropping.bench_function(names::POOL, |bencher| {
        bencher.iter_custom(|turns| timed(turns, fill_and_age, |()| pool.tick()));
    });
    dropping.bench_function(names::VEC, |bencher| {
        let fill = || (0..IDLE).map(|_| buffer()).collect::<Vec<_>>();
        bencher.iter_custom(|turns| timed(turns, fill, drop));
    });
    dropping.finish();

    let mut ageing = criterion.benchmark_group(names::AGEING_TICK);
    ageing.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(1));
    let clear_and_fill = || {
        pool.clear();
        fill(&pool);
    };
    ageing.bench_function(names::POOL, |bencher| {
        bencher.iter_custom(|turns| timed(turns, clear_and_fill, |()| pool.tick()));
    });
    ageing.finish();
}
