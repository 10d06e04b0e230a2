//! Everything at once, with random ticks and clears, births and deaths.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use pooldeque::{Pool, PoolGuard};

use crate::live::{Live, Living};

const THREADS: u64 = 4;
const STEPS: usize = 60_000;

type LivePool<'a> = Pool<Live, Box<dyn Fn() -> Live + Send + Sync + 'a>>;

fn work(pool: &LivePool<'_>, living: &Living, seed: u64) -> Vec<Live> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut held = Vec::new();
    for _ in 0..STEPS {
        match random.u32(..20) {
            0..=6 => held.push(PoolGuard::detach(pool.get())),
            7..=9 => held.extend(pool.take()),
            10..=15 => held.drain(..random.usize(..=held.len().min(8))).for_each(|value| pool.put(value)),
            16 => drop((pool.get(), pool.get())),
            17 => held.extend(pool.take_local()),
            18 if random.u32(..20) == 0 => thread::scope(|scope| {
                scope.spawn(|| {
                    pool.put(living.make());
                    drop((pool.get(), pool.get(), pool.get()));
                });
            }),
            _ => {
                let guard = pool.get();
                if random.u32(..50) == 0 {
                    thread::scope(|scope| {
                        scope.spawn(|| drop(guard));
                    });
                }
            }
        }
        held.truncate(60);
    }
    held
}

#[test]
fn after_two_ticks_those_live_that_are_held() {
    let living = Living::default();
    let make = {
        let living = living.clone();
        Box::new(move || living.make())
    };
    let pool: LivePool<'static> = Pool::new(make);
    let is_over = AtomicBool::new(false);
    let held: Vec<_> = thread::scope(|scope| {
        let (pool, living, is_over) = (&pool, &living, &is_over);
        scope.spawn(move || {
            let mut random = fastrand::Rng::with_seed(0);
            while !is_over.load(Relaxed) {
                if random.u32(..10) == 0 {
                    pool.clear();
                } else {
                    pool.tick();
                }
                thread::yield_now();
            }
        });
        let workers: Vec<_> =
            (1..=THREADS).map(|seed| scope.spawn(move || work(pool, living, seed))).collect();
        let held = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        is_over.store(true, Relaxed);
        held
    });
    let stats = pool.stats();
    assert!(stats.ticks > 0 && stats.hits.stolen > 0 && stats.hits.victim > 0, "{stats:?}");
    assert_eq!(living.count() as u64, stats.idle + held.len() as u64, "{stats:?}");
    pool.tick();
    pool.tick();
    assert_eq!(living.count(), held.len());
    drop(held);
    assert_eq!(living.count(), 0);
}
