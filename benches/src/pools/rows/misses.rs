//! A miss: the pool is empty, and many threads have entries to look into.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;

use criterion::{BenchmarkId, Criterion, Throughput};
use crossbeam_queue::ArrayQueue;

use super::Group;
use crate::pools::names;
use crate::pools::subjects::{self, CAPACITY, Store, buffer};

/// How many threads there are, the one that misses among them.
const THREADS: [usize; 3] = [1, 64, 1000];

/// How many misses a turn has.
const TURN: u64 = 100;

/// The number of takes that must fail before a store counts as empty: one whose shards are picked at random may hide something.
const TAKES: usize = 10_000;

/// Runs `action` while as many other threads as are wanted are alive, each of which has called `visit`.
fn among<R>(others: usize, visit: impl Fn() + Sync, action: impl FnOnce() -> R) -> R {
    let (ready, over) = (Barrier::new(others + 1), Barrier::new(others + 1));
    thread::scope(|scope| {
        for _ in 0..others {
            let other = thread::Builder::new().stack_size(64 << 10).spawn_scoped(scope, || {
                visit();
                ready.wait();
                over.wait();
            });
            other.expect("the system lets this many threads be");
        }
        ready.wait();
        let result = action();
        over.wait();
        result
    })
}

/// A thread puts two in and takes one out.
fn use_once(store: &impl Store) {
    store.put(buffer());
    store.put(buffer());
    drop(store.take());
}

/// Measures one subject; `used` if the other threads have used this very store, and not another.
fn measure_one<S: Store>(group: &mut Group<'_>, name: &str, used: bool, make: impl Fn() -> S) {
    for threads in THREADS {
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            let (store, another) = (make(), make());
            use_once(&store);
            among(
                threads - 1,
                || use_once(if used { &store } else { &another }),
                || {
                    for _ in 0..TAKES {
                        drop(store.take());
                    }
                    bencher.iter(|| {
                        for _ in 0..TURN {
                            assert!(black_box(store.take()).is_none(), "the store is empty");
                        }
                    });
                },
            );
        });
    }
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    for (row, used) in [(names::MISS_UNUSED, false), (names::MISS_EMPTIED, true)] {
        let mut group = criterion.benchmark_group(row);
        group.throughput(Throughput::Elements(TURN));
        measure_one(&mut group, names::POOL, used, subjects::ours);
        measure_one(&mut group, names::ARRAY_QUEUE, used, || ArrayQueue::new(CAPACITY));
        measure_one(&mut group, names::OBJECT_POOL, used, subjects::object_pool);
        measure_one(&mut group, names::BOUNDED_LIFO, used, || subjects::LockedLifo::bounded(CAPACITY));
        measure_one(&mut group, names::SHARDED, used, subjects::Sharded::default);
        group.finish();
    }
}
