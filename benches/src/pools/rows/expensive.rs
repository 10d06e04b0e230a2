//! Go's `BenchmarkPoolExpensiveNew`: what takes long to make should survive the ticks while it is in use.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use criterion::Criterion;
use pooldeque::Pool;

use super::{Group, HUNDRED, both, group_of_two};
use crate::pools::names;

/// How many get+puts each thread makes in a turn.
const OF_EACH_THREAD: u64 = 300;

/// Go collects garbage, and ticks its pools, whenever so many blocks of [`WORK`] have been allocated.
const GETS_FOR_A_TICK: u64 = 256;

/// What the user of a value allocates meanwhile.
const WORK: usize = 32 << 10;

type Expensive = Pool<u64>;

fn expensive() -> Expensive {
    Pool::new(|| {
        thread::sleep(Duration::from_millis(1));
        42
    })
}

fn work(pool: &Expensive, count: u64, tick: fn(&Expensive)) {
    let mut held = Vec::with_capacity(HUNDRED as usize);
    let mut gets = 0;
    for _ in 0..count / HUNDRED {
        for _ in 0..HUNDRED {
            held.push(pool.get());
            black_box(Vec::<u8>::with_capacity(WORK));
            gets += 1;
            if gets % GETS_FOR_A_TICK == 0 {
                tick(pool);
            }
        }
        held.clear();
    }
}

fn measure_one(group: &mut Group<'_>, name: &str, tick: fn(&Expensive)) {
    // The cost of the first values is not measured.
    let mut warm = None;
    group.bench_function(name, |bencher| {
        let pool = warm.get_or_insert_with(|| {
            let pool = expensive();
            pool.prefill(2 * HUNDRED as usize);
            pool
        });
        bencher.iter_custom(|turns| {
            both(|start| {
                start();
                work(pool, turns * OF_EACH_THREAD, tick);
            })
        });
    });
}

/// Measures the row.
pub(super) fn measure(criterion: &mut Criterion) {
    let mut group = group_of_two(criterion, names::EXPENSIVE, OF_EACH_THREAD);
    group.sample_size(10);
    measure_one(&mut group, names::POOL, Pool::tick);
    measure_one(&mut group, names::POOL_CLEARED, Pool::clear);
    group.finish();
}
