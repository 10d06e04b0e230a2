//! Workload E: buffers are got on one thread, sent to another and given back there.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use crossbeam_queue::ArrayQueue;

use super::Group;
use crate::pools::names;
use crate::pools::subjects::{self, CAPACITY, Lender, Lending, Touch};
use crate::race::{Patience, Start, race};

/// How many buffers a turn sends.
const TURN: u64 = 10_000;

/// How many may be under way.
const UNDER_WAY: usize = 256;

fn send<L: Lender>(lender: &L, count: u64) -> Duration
where
    for<'a> L::Guard<'a>: Send,
{
    let (mut into_ring, mut out_of_ring) = rtrb::RingBuffer::new(UNDER_WAY);
    let get = move |start: Start<'_>| {
        let mut patience = Patience::default();
        start();
        for _ in 0..count {
            let mut guard = lender.get();
            guard.touch();
            while let Err(rtrb::PushError::Full(back)) = into_ring.push(guard) {
                guard = back;
                patience.wait();
            }
        }
    };
    let give_back = move |start: Start<'_>| {
        let mut patience = Patience::default();
        start();
        for _ in 0..count {
            let mut guard = loop {
                match out_of_ring.pop() {
                    Ok(guard) => break guard,
                    Err(_) => patience.wait(),
                }
            };
            guard.touch();
        }
    };
    race(get, give_back)
}

fn measure_one<L: Lender>(group: &mut Group<'_>, name: &str, make: impl Fn() -> L)
where
    for<'a> L::Guard<'a>: Send,
{
    group.bench_function(name, |bencher| bencher.iter_custom(|turns| send(&make(), turns * TURN)));
}

/// Measures the row.
pub(super) fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(names::E);
    group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(TURN));
    measure_one(&mut group, names::POOL, subjects::ours);
    measure_one(&mut group, names::POOL_RULES, subjects::ours_with_rules);
    measure_one(&mut group, names::REGEX, subjects::regex_pool);
    measure_one(&mut group, names::ARRAY_QUEUE, || Lending(ArrayQueue::new(CAPACITY)));
    measure_one(&mut group, names::OPOOL, subjects::opool);
    measure_one(&mut group, names::LINEAR, subjects::linear);
    measure_one(&mut group, names::SPIN_LOCK, subjects::spin_lock);
    measure_one(&mut group, names::LOCKED, subjects::locked);
    measure_one(&mut group, names::SHARDED_SLAB, subjects::OwnedSlab::default);
    measure_one(&mut group, names::OBJECT_POOL, subjects::object_pool);
    measure_one(&mut group, names::MUTEX, || Lending(subjects::LockedLifo::unbounded()));
    measure_one(&mut group, names::BOUNDED_LIFO, || Lending(subjects::LockedLifo::bounded(CAPACITY)));
    measure_one(&mut group, names::SHARDED, || Lending(subjects::Sharded::default()));
    measure_one(&mut group, names::TREIBER, || Lending(subjects::Treiber::default()));
    measure_one(&mut group, names::CHANNEL, || Lending(subjects::channel()));
    measure_one(&mut group, names::ARRAYS, || Lending(subjects::Arrays::new(CAPACITY)));
    measure_one(&mut group, names::SYSTEM, || Lending(subjects::Nothing));
    measure_one(&mut group, names::MIMALLOC, || subjects::Mimalloc);
    group.finish();
}
