//! Taking values out, with the push not counted.

use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

use super::{BATCH, CAPACITY, Taken};
use crate::names;
use crate::subjects::{self, BatchPopper, BatchThief, Deque, Handles, Owner, PackedWord, Thief};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// How many values lie ready when the clock starts: many batches, so that reading it costs nothing.
const READY: u64 = CAPACITY as u64;

/// Measures `take`, which takes out one value or one batch. A turn takes out all that is ready.
fn measure_taking<D: Deque<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> D,
    take: impl Fn(&mut D) -> Taken,
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
                let mut taken = Taken::default();
                let start = Instant::now();
                while taken.count < READY {
                    taken = taken.and(take(deque));
                }
                taking += start.elapsed();
                assert!(taken.are_all_up_to(READY), "every value was taken once");
            }
            taking
        });
    });
}

fn measure_single(criterion: &mut Criterion) {
    fn single<D: Deque<u64>>(group: &mut Group<'_>, name: &str, make: impl Fn() -> D) {
        measure_taking(group, name, make, |deque| Taken::one(deque.steal()));
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
    measure_taking(group, name, make, |handles| {
        let mut sum = 0;
        let count = handles.thief.steal_batch(BATCH, |value| sum += value);
        Taken { count: count as u64, sum }
    });
}

/// An owner's batches.
fn own<O: BatchPopper<u64>, H: Thief<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> Handles<O, H>,
) {
    let name = format!("{name} ({})", names::BY_OWNER);
    measure_taking(group, &name, make, |handles| {
        let mut sum = 0;
        let count = handles.owner.pop_batch(BATCH, |value| sum += value);
        Taken { count: count as u64, sum }
    });
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
