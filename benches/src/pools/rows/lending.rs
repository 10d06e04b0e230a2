//! Workloads A, B, C and C2: buffers are got, touched and given back by the same thread.

use criterion::{Criterion, Throughput};
use crossbeam_queue::ArrayQueue;

use super::{Group, HUNDRED, OF_EACH_THREAD, both, group_of_two, measured_as};
use crate::pools::names;
use crate::pools::subjects::{self, CAPACITY, Lender, Lending, Touch};

/// How many get+puts a turn has.
const TURN: u64 = 1_000;

/// What a thread does to a pool.
trait Work {
    fn work<L: Lender>(lender: &L, turns: u64);
}

struct Pairs;
struct Hundreds;

impl Work for Pairs {
    #[inline]
    fn work<L: Lender>(lender: &L, count: u64) {
        for _ in 0..count {
            lender.get().touch();
        }
    }
}

impl Work for Hundreds {
    #[inline]
    fn work<L: Lender>(lender: &L, count: u64) {
        let mut held = Vec::with_capacity(HUNDRED as usize);
        for _ in 0..count / HUNDRED {
            for _ in 0..HUNDRED {
                let mut guard = lender.get();
                guard.touch();
                held.push(guard);
            }
            held.clear();
        }
    }
}

/// Whose threads the row has.
trait Threads {
    fn measure<W: Work, L: Lender>(group: &mut Group<'_>, name: &str, make: impl Fn() -> L);
}

struct One;
struct Two;

impl Threads for One {
    fn measure<W: Work, L: Lender>(group: &mut Group<'_>, name: &str, make: impl Fn() -> L) {
        let Some(name) = measured_as(name) else { return };
        let mut lender = None;
        group.bench_function(name, |bencher| {
            let lender = lender.get_or_insert_with(&make);
            bencher.iter(|| W::work(lender, TURN));
        });
    }
}

impl Threads for Two {
    /// A sample has a pool of its own, as it has threads of its own: some pools favour the thread that was first.
    fn measure<W: Work, L: Lender>(group: &mut Group<'_>, name: &str, make: impl Fn() -> L) {
        let Some(name) = measured_as(name) else { return };
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|turns| {
                let lender = make();
                both(|start| {
                    W::work(&lender, TURN);
                    start();
                    W::work(&lender, turns * OF_EACH_THREAD);
                })
            });
        });
    }
}

fn measure_row<T: Threads, W: Work>(group: &mut Group<'_>) {
    T::measure::<W, _>(group, names::POOL, subjects::ours);
    T::measure::<W, _>(group, names::POOL_RULES, subjects::ours_with_rules);
    T::measure::<W, _>(group, names::REGEX, subjects::regex_pool);
    T::measure::<W, _>(group, names::ARRAY_QUEUE, || Lending(ArrayQueue::new(CAPACITY)));
    T::measure::<W, _>(group, names::OPOOL, subjects::opool);
    T::measure::<W, _>(group, names::LINEAR, subjects::linear);
    T::measure::<W, _>(group, names::SPIN_LOCK, subjects::spin_lock);
    T::measure::<W, _>(group, names::LOCKED, subjects::locked);
    T::measure::<W, _>(group, names::SHARDED_SLAB, subjects::Slab::default);
    T::measure::<W, _>(group, names::OBJECT_POOL, subjects::object_pool);
    T::measure::<W, _>(group, names::MUTEX, || Lending(subjects::LockedLifo::unbounded()));
    T::measure::<W, _>(group, names::BOUNDED_LIFO, || Lending(subjects::LockedLifo::bounded(CAPACITY)));
    T::measure::<W, _>(group, names::SHARDED, || Lending(subjects::Sharded::default()));
    T::measure::<W, _>(group, names::TREIBER, || Lending(subjects::Treiber::default()));
    T::measure::<W, _>(group, names::CHANNEL, || Lending(subjects::channel()));
    T::measure::<W, _>(group, names::ARRAYS, || Lending(subjects::Arrays::new(CAPACITY)));
    T::measure::<W, _>(group, names::THREAD_LOCAL, || Lending(subjects::Vector::emptied()));
    T::measure::<W, _>(group, names::FLOOR, || Lending(subjects::OneSlot::emptied()));
    T::measure::<W, _>(group, names::SYSTEM, || Lending(subjects::Nothing));
    T::measure::<W, _>(group, names::MIMALLOC, || subjects::Mimalloc);
}

fn group_of_one<'a>(criterion: &'a mut Criterion, row: &str) -> Group<'a> {
    let mut group = criterion.benchmark_group(row);
    group.throughput(Throughput::Elements(TURN));
    group
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    measure_row::<One, Pairs>(&mut group_of_one(criterion, names::A));
    measure_row::<Two, Pairs>(&mut group_of_two(criterion, names::B, OF_EACH_THREAD));
    measure_row::<One, Hundreds>(&mut group_of_one(criterion, names::C));
    measure_row::<Two, Hundreds>(&mut group_of_two(criterion, names::C2, OF_EACH_THREAD));
}
