//! Taking values out, with the push not counted.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

use super::{BATCH, CAPACITY};
use crate::names;
use crate::subjects::{self, BatchPopper, BatchThief, Deque, Handles, Owner, PackedWord, Thief};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// How many values lie ready when the clock starts: many batches, so that reading it costs nothing.
const READY: u64 = CAPACITY as u64;

/// Measures `take`, which takes out one value or one batch, adds the values to the sum, and tells how
/// many they were. A turn takes out all that lies ready.
fn measure_taking<D: Deque<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> D,
    take: impl Fn(&mut D, &mut u64) -> usize,
) {
    let mut deque = None;
    group.bench_function(name, |bencher| {
        let deque = deque.get_or_insert_with(&make);
        bencher.iter_custom(|turns| {
            let mut taking = Duration::ZERO;
            for _ in 0..turns {
                for value in 0..READY {
                    deque.push(value);
                }
                let mut sum = 0;
                let mut left = CAPACITY;
                let start = Instant::now();
                while left != 0 {
                    left -= take(deque, &mut sum);
                }
                black_box(sum);
                taking += start.elapsed();
                assert_eq!(sum, READY * (READY - 1) / 2, "every value was taken once");
            }
            taking
        });
    });
}

fn measure_single(criterion: &mut Criterion) {
    fn single<D: Deque<u64>>(group: &mut Group<'_>, name: &str, make: impl Fn() -> D) {
        measure_taking(group, name, make, |deque, sum| {
            deque.steal().map_or(0, |value| {
                *sum += value;
                1
            })
        });
    }
    let mut group = criterion.benchmark_group(names::STEAL);
    group.throughput(Throughput::Elements(READY));
    single(&mut group, names::FLOOR, || AllInOrder(PackedWord::<false>::default()));
    single(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    single(&mut group, names::UNBOUNDED, subjects::unbounded);
    single(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    single(&mut group, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo);
    single(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    single(&mut group, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY));
    single(&mut group, names::ARRAY_QUEUE, || subjects::array_queue(CAPACITY));
    single(&mut group, names::MUTEX, subjects::mutex);
    group.finish();
}

/// The floor steals indexes, which run on from turn to turn: here they stand for the values pushed.
struct AllInOrder(PackedWord<false>);

impl Deque<u64> for AllInOrder {
    #[inline]
    fn push(&mut self, value: u64) {
        self.0.push(value);
    }

    #[inline]
    fn pop(&mut self) -> Option<u64> {
        self.0.pop()
    }

    #[inline]
    fn steal(&mut self) -> Option<u64> {
        self.0.steal().map(|index| index % READY)
    }
}

/// A thief's batches.
fn stolen<O: Owner<u64>, H: BatchThief<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> Handles<O, H>,
) {
    measure_taking(group, name, make, |handles, sum| handles.thief.steal_batch(BATCH, |value| *sum += value));
}

/// An owner's batches.
fn own<O: BatchPopper<u64>, H: Thief<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> Handles<O, H>,
) {
    let name = format!("{name} ({})", names::BY_OWNER);
    measure_taking(group, &name, make, |handles, sum| handles.owner.pop_batch(BATCH, |value| *sum += value));
}

fn measure_batches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(names::TAKE_BATCH);
    group.throughput(Throughput::Elements(READY));
    stolen(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    own(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    stolen(&mut group, names::UNBOUNDED, subjects::unbounded);
    own(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    own(&mut group, names::UNBOUNDED, subjects::unbounded);
    own(&mut group, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY));
    stolen(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    stolen(&mut group, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY));
    stolen(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    stolen(&mut group, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo);
    group.finish();
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    measure_single(criterion);
    measure_batches(criterion);
}
