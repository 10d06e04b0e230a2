//! Workloads D1 and D2, and Go's own: buffers are put in and taken out for good, and not all are there.
//!
//! The buffers have no memory, so that to make one costs nothing, as in Go's.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use crossbeam_queue::ArrayQueue;

use super::{Group, HUNDRED, OF_EACH_THREAD, both, group_of_two};
use crate::pools::names;
use crate::pools::subjects::{self, Buffer, CAPACITY, Store};

/// How many are put, then taken.
#[derive(Clone, Copy)]
struct Shape {
    puts: u64,
    takes: u64,
}

/// A third of what is taken is not there.
const STARVED: Shape = Shape { puts: 67, takes: HUNDRED };
const PAIR: Shape = Shape { puts: 1, takes: 1 };
const OVERFLOW: Shape = Shape { puts: HUNDRED, takes: HUNDRED };

impl Shape {
    #[inline]
    fn work(self, store: &impl Store, takes: u64) {
        for _ in 0..takes / self.takes {
            for _ in 0..self.puts {
                store.put(black_box(Buffer::new()));
            }
            for _ in 0..self.takes {
                black_box(store.take().unwrap_or_default());
            }
        }
    }
}

/// Measures one subject, in the hands of two threads or of one.
fn measure_one<S: Store>(
    group: &mut Group<'_>,
    name: &str,
    (shape, threads): (Shape, usize),
    make: impl Fn() -> S,
) {
    if threads == 1 {
        let mut store = None;
        group.bench_function(name, |bencher| {
            let store = store.get_or_insert_with(&make);
            bencher.iter(|| shape.work(store, OF_EACH_THREAD));
        });
    } else {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|turns| {
                let store = make();
                both(|start| {
                    shape.work(&store, HUNDRED);
                    start();
                    shape.work(&store, turns * OF_EACH_THREAD);
                })
            });
        });
    }
}

fn measure_row(group: &mut Group<'_>, how: (Shape, usize)) {
    measure_one(group, names::POOL, how, subjects::ours);
    measure_one(group, names::ARRAY_QUEUE, how, || ArrayQueue::new(CAPACITY));
    measure_one(group, names::OBJECT_POOL, how, subjects::object_pool);
    measure_one(group, names::MUTEX, how, subjects::LockedLifo::unbounded);
    measure_one(group, names::BOUNDED_LIFO, how, || subjects::LockedLifo::bounded(CAPACITY));
    measure_one(group, names::SHARDED, how, subjects::Sharded::default);
    measure_one(group, names::TREIBER, how, subjects::Treiber::default);
    measure_one(group, names::CHANNEL, how, subjects::channel);
    measure_one(group, names::ARRAYS, how, || subjects::Arrays::new(CAPACITY));
    measure_one(group, names::THREAD_LOCAL, how, subjects::Vector::emptied);
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    let mut alone = criterion.benchmark_group(names::D1);
    alone.throughput(Throughput::Elements(OF_EACH_THREAD));
    measure_row(&mut alone, (STARVED, 1));
    alone.finish();
    for (row, shape) in [(names::D2, STARVED), (names::PUT_TAKE, PAIR), (names::OVERFLOW, OVERFLOW)] {
        measure_row(&mut group_of_two(criterion, row, OF_EACH_THREAD), (shape, 2));
    }
}
