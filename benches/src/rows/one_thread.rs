//! Both halves in one thread's hands: the cost of an operation without contention.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

use super::{BATCH, CAPACITY, THOUSAND};
use crate::names;
use crate::subjects::{self, BatchOwner, BatchThief, Deque, Handles, PackedWord};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// One turn of a row.
trait Row<T> {
    fn turn(deque: &mut impl Deque<T>);
}

/// A value made of a number, and a number of it again: so that every value is written and read.
trait Element {
    fn from_number(number: u64) -> Self;
    fn number(&self) -> u64;
}

impl Element for u64 {
    #[inline]
    fn from_number(number: u64) -> Self {
        number
    }

    #[inline]
    fn number(&self) -> u64 {
        *self
    }
}

/// 24 bytes.
struct Wide([u64; 3]);

impl Element for Wide {
    #[inline]
    fn from_number(number: u64) -> Self {
        Self([number, !number, number])
    }

    #[inline]
    fn number(&self) -> u64 {
        self.0[0] ^ self.0[1] ^ self.0[2]
    }
}

struct Pair;
struct Head;
struct Tail;

impl<T: Element> Row<T> for Pair {
    #[inline]
    fn turn(deque: &mut impl Deque<T>) {
        let mut sum = 0_u64;
        for number in 0..THOUSAND {
            deque.push(T::from_number(number));
            sum = sum.wrapping_add(deque.pop().map_or(0, |value| value.number()));
        }
        black_box(sum);
    }
}

#[inline]
fn push_thousand<T: Element>(deque: &mut impl Deque<T>) {
    for number in 0..THOUSAND {
        deque.push(T::from_number(number));
    }
}

impl<T: Element> Row<T> for Head {
    #[inline]
    fn turn(deque: &mut impl Deque<T>) {
        push_thousand(deque);
        let mut sum = 0_u64;
        for _ in 0..THOUSAND {
            sum = sum.wrapping_add(deque.pop().map_or(0, |value| value.number()));
        }
        black_box(sum);
    }
}

impl<T: Element> Row<T> for Tail {
    #[inline]
    fn turn(deque: &mut impl Deque<T>) {
        push_thousand(deque);
        let mut sum = 0_u64;
        for _ in 0..THOUSAND {
            sum = sum.wrapping_add(deque.steal().map_or(0, |value| value.number()));
        }
        black_box(sum);
    }
}

/// Measures one subject at one row, on a deque that has been through it before.
fn measure_one<T, R: Row<T>, D: Deque<T>>(group: &mut Group<'_>, name: &str, make: impl Fn() -> D) {
    let mut deque = None;
    group.bench_function(name, |bencher| {
        let deque = deque.get_or_insert_with(&make);
        bencher.iter(|| R::turn(deque));
    });
}

/// Measures the subjects at a row of single operations, with the floor beside them.
fn measure_row<R: Row<u64>>(criterion: &mut Criterion, row: &str) {
    let mut group = criterion.benchmark_group(row);
    group.throughput(Throughput::Elements(THOUSAND));
    measure_one::<u64, R, _>(&mut group, names::FLOOR, PackedWord::<false>::default);
    measure_one::<u64, R, _>(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    measure_one::<u64, R, _>(&mut group, names::UNBOUNDED, subjects::unbounded);
    measure_one::<u64, R, _>(&mut group, names::FLOOR_RELOADED, PackedWord::<true>::default);
    measure_one::<u64, R, _>(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    measure_one::<u64, R, _>(&mut group, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo);
    measure_one::<u64, R, _>(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    measure_one::<u64, R, _>(&mut group, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY));
    measure_one::<u64, R, _>(&mut group, names::ARRAY_QUEUE, || subjects::array_queue(CAPACITY));
    measure_one::<u64, R, _>(&mut group, names::SEG_QUEUE, subjects::seg_queue);
    measure_one::<u64, R, _>(&mut group, names::MUTEX, subjects::mutex);
    measure_one::<u64, R, _>(&mut group, names::PLAIN, || subjects::plain(CAPACITY));
    group.finish();
}

/// Measures the subjects that can grow at a row that begins with a new deque.
fn measure_fresh(criterion: &mut Criterion) {
    fn fresh<D: Deque<u64>>(group: &mut Group<'_>, name: &str, make: impl Fn() -> D) {
        group.bench_function(name, |bencher| bencher.iter(|| Head::turn(&mut make())));
    }
    let mut group = criterion.benchmark_group(names::FRESH);
    group.throughput(Throughput::Elements(THOUSAND));
    fresh(&mut group, names::UNBOUNDED, subjects::unbounded);
    fresh(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    fresh(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    fresh(&mut group, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo);
    fresh(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    fresh(&mut group, names::SEG_QUEUE, subjects::seg_queue);
    fresh(&mut group, names::PLAIN, || subjects::plain(0));
    group.finish();
}

fn measure_wide<R: Row<Wide>>(criterion: &mut Criterion, row: &str) {
    let mut group = criterion.benchmark_group(row);
    group.throughput(Throughput::Elements(THOUSAND));
    measure_one::<Wide, R, _>(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    measure_one::<Wide, R, _>(&mut group, names::UNBOUNDED, subjects::unbounded);
    measure_one::<Wide, R, _>(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    measure_one::<Wide, R, _>(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    measure_one::<Wide, R, _>(&mut group, names::ARRAY_QUEUE, || subjects::array_queue(CAPACITY));
    measure_one::<Wide, R, _>(&mut group, names::PLAIN, || subjects::plain(CAPACITY));
    group.finish();
}

/// A thousand pushed in batches as the subject can, then stolen in batches.
fn measure_batches(criterion: &mut Criterion) {
    fn batches<O: BatchOwner<u64>, H: BatchThief<u64>>(
        group: &mut Group<'_>,
        name: &str,
        make: impl Fn() -> Handles<O, H>,
    ) {
        let mut handles = None;
        group.bench_function(name, |bencher| {
            let handles = handles.get_or_insert_with(&make);
            bencher.iter(|| {
                push_thousand(handles);
                let mut sum = 0_u64;
                while handles.thief.steal_batch(BATCH, |value| sum = sum.wrapping_add(value)) != 0 {}
                black_box(sum)
            });
        });
    }
    let mut group = criterion.benchmark_group(names::TAIL_BATCH);
    group.throughput(Throughput::Elements(THOUSAND));
    batches(&mut group, names::BOUNDED, || subjects::bounded(CAPACITY));
    batches(&mut group, names::UNBOUNDED, subjects::unbounded);
    batches(&mut group, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo);
    batches(&mut group, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo);
    batches(&mut group, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY));
    batches(&mut group, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY));
    group.finish();
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    measure_row::<Pair>(criterion, names::PAIR);
    measure_row::<Head>(criterion, names::HEAD);
    measure_row::<Tail>(criterion, names::TAIL);
    measure_batches(criterion);
    measure_fresh(criterion);
    measure_wide::<Pair>(criterion, names::WIDE_PAIR);
    measure_wide::<Head>(criterion, names::WIDE_HEAD);
}
