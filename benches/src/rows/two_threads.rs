//! One producer and one consumer, each a thread on a core of its own.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

use super::{BATCH, CAPACITY, Taken};
use crate::names;
use crate::race::{Patience, Start, race};
use crate::subjects::{self, BatchOwner, BatchThief, Handles, Owner, Thief};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Takes `count` values with `take`.
fn take_all(count: u64, mut take: impl FnMut() -> Taken) {
    let (mut taken, mut patience) = (Taken::default(), Patience::default());
    while taken.count < count {
        let some = take();
        if some.count == 0 {
            patience.wait();
        }
        taken = taken.and(some);
    }
    assert!(taken.are_all_up_to(count), "every value came through once");
}

/// Sends `count` values from the owner to the thief, one at a time.
fn send_singly<O: Owner<u64> + Send, H: Thief<u64> + Send>(
    Handles { owner, thief }: &mut Handles<O, H>,
    count: u64,
) -> Duration {
    let produce = |start: Start<'_>| {
        start();
        let mut patience = Patience::default();
        for mut value in 0..count {
            while let Err(refused) = owner.push(value) {
                value = refused;
                patience.wait();
            }
        }
    };
    let consume = |start: Start<'_>| {
        start();
        take_all(count, || Taken::one(thief.steal()));
    };
    race(produce, consume)
}

/// A range of numbers of known length.
struct Numbers(std::ops::Range<u64>);

impl Iterator for Numbers {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Numbers {}

/// Sends `count` values from the owner to the thief, many at a time.
fn send_in_batches<O: BatchOwner<u64> + Send, H: BatchThief<u64> + Send>(
    Handles { owner, thief }: &mut Handles<O, H>,
    count: u64,
) -> Duration {
    let produce = |start: Start<'_>| {
        start();
        let mut patience = Patience::default();
        let mut next = 0;
        while next < count {
            let mut batch = Numbers(next..count.min(next + BATCH as u64));
            match owner.push_batch(&mut batch) as u64 {
                0 => patience.wait(),
                some => next += some,
            }
        }
    };
    let consume = |start: Start<'_>| {
        start();
        take_all(count, || {
            let mut sum = 0;
            let count = thief.steal_batch(BATCH, |value| sum += value);
            Taken { count: count as u64, sum }
        });
    };
    race(produce, consume)
}

/// Measures one subject, on a deque that lives through all samples.
fn measure_one<D>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn() -> D,
    send: impl Fn(&mut D, u64) -> Duration,
) {
    let mut handles = None;
    group.bench_function(name, |bencher| {
        let handles = handles.get_or_insert_with(&make);
        bencher.iter_custom(|turns| send(handles, turns * VALUES));
    });
}

/// How many values one turn sends: enough to drown the start of the threads.
const VALUES: u64 = 10_000;

/// A group of this kind: every sample sends equally much.
fn group<'a>(criterion: &'a mut Criterion, row: &str) -> Group<'a> {
    let mut group = criterion.benchmark_group(row);
    group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(VALUES));
    group
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    let mut singly = group(criterion, names::TWO_THREADS);
    measure_one(&mut singly, names::BOUNDED, || subjects::bounded(CAPACITY), send_singly);
    measure_one(&mut singly, names::UNBOUNDED, subjects::unbounded, send_singly);
    measure_one(&mut singly, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo, send_singly);
    measure_one(&mut singly, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo, send_singly);
    measure_one(&mut singly, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY), send_singly);
    measure_one(&mut singly, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY), send_singly);
    measure_one(&mut singly, names::ARRAY_QUEUE, || subjects::array_queue(CAPACITY), send_singly);
    measure_one(&mut singly, names::SEG_QUEUE, subjects::seg_queue, send_singly);
    measure_one(&mut singly, names::MUTEX, subjects::mutex, send_singly);
    singly.finish();

    let mut batches = group(criterion, names::TWO_THREADS_BATCH);
    measure_one(&mut batches, names::BOUNDED, || subjects::bounded(CAPACITY), send_in_batches);
    measure_one(&mut batches, names::UNBOUNDED, subjects::unbounded, send_in_batches);
    measure_one(&mut batches, names::CROSSBEAM_LIFO, subjects::crossbeam_lifo, send_in_batches);
    measure_one(&mut batches, names::CROSSBEAM_FIFO, subjects::crossbeam_fifo, send_in_batches);
    measure_one(&mut batches, names::ST3_LIFO, || subjects::st3_lifo(CAPACITY), send_in_batches);
    measure_one(&mut batches, names::ST3_FIFO, || subjects::st3_fifo(CAPACITY), send_in_batches);
    batches.finish();
}
