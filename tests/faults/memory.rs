//! What a pool takes up: it follows the threads that use it, not those there are.

use std::sync::Arc;
use std::thread;

use pooldeque::{BufferPool, Pool};

use crate::counting_allocator::{allocations_during, enter_the_epoch_a_few_times, live_bytes};
use crate::process::alone;
use crate::workers::{Worker, workers};

const KIB: usize = 1 << 10;

/// What may be freed is freed.
fn settle() {
    enter_the_epoch_a_few_times();
    let pool = Pool::new(|| 0);
    for _ in 0..100 {
        (0..100).for_each(|value| pool.put(value));
        pool.tick();
        while pool.take().is_some() {}
    }
    drop(pool);
    enter_the_epoch_a_few_times();
}

/// What is made once in a process, or once in a while, has been made.
fn warm_up() {
    let pools: Vec<_> = (0..300).map(|_| Pool::new(|| 0)).collect();
    pools.iter().for_each(|pool| pool.put(1));
    drop(pools);
    drop(BufferPool::new().get(1000));
    settle();
}

/// Threads that each hold a slot, and the pool for which they took it.
fn slots(count: usize) -> (Arc<Pool<usize>>, Vec<Worker>) {
    let pool = Arc::new(Pool::new(<fn() -> usize>::from(|| 0)));
    let workers = workers(count);
    for (number, worker) in workers.iter().enumerate() {
        let pool = Arc::clone(&pool);
        worker.does(move || pool.put(number));
    }
    (pool, workers)
}

/// How many bytes more are live after `work`, which a thread with a high slot number does.
fn by_a_late_thread(work: impl FnOnce() + Send + 'static) -> usize {
    let _slots = slots(4100);
    let late = Worker::new();
    late.does(warm_up);
    let before = live_bytes();
    late.does(work);
    live_bytes().saturating_sub(before)
}

#[test]
fn a_pool_that_a_late_thread_alone_uses_is_small() {
    alone(|| {
        let pool = Arc::new(Pool::new(|| 0_u64));
        let taken = by_a_late_thread({
            let pool = Arc::clone(&pool);
            move || {
                pool.put(1);
                pool.put(2);
                assert!(pool.take().is_some());
            }
        });
        assert!(taken < 64 * KIB, "{taken} bytes");
    });
}

#[test]
fn a_buffer_pool_that_a_late_thread_alone_uses_is_small() {
    alone(|| {
        let pool = Arc::new(BufferPool::new());
        let taken = by_a_late_thread({
            let pool = Arc::clone(&pool);
            move || drop((pool.get(100), pool.get(100)))
        });
        assert!(taken < 64 * KIB, "{taken} bytes");
    });
}

#[test]
fn an_adaptive_buffer_pool_that_a_late_thread_alone_uses_is_small() {
    alone(|| {
        let pool = Arc::new(BufferPool::adaptive());
        let taken = by_a_late_thread({
            let pool = Arc::clone(&pool);
            move || drop((pool.get(100), pool.get_usual()))
        });
        assert!(taken < 64 * KIB, "{taken} bytes");
    });
}

/// Memory follows the threads that are there at once, and goes with them.
#[test]
fn a_crowd_that_is_gone_leaves_little_in_the_pool() {
    const CROWD: usize = 2000;
    alone(|| {
        // The lists of slots have grown to what a crowd needs.
        drop(slots(CROWD));
        warm_up();
        let before = live_bytes();
        let fresh = Pool::new(|| 0_u64);
        drop((fresh.get(), fresh.get()));
        let of_a_fresh_pool = live_bytes() - before;

        let before = live_bytes();
        let pool = Arc::new(Pool::new(|| 0_u64));
        let crowd = workers(CROWD);
        for worker in &crowd {
            let pool = Arc::clone(&pool);
            worker.does(move || {
                pool.put(1);
                assert!(pool.take().is_some());
                drop((pool.get(), pool.get()));
            });
        }
        drop(crowd);
        (0..3).for_each(|_| pool.tick());
        settle();
        let left = live_bytes().saturating_sub(before);
        drop(pool);
        settle();
        let beside_the_pool = live_bytes().saturating_sub(before);
        assert!(beside_the_pool <= 16 * KIB, "{beside_the_pool} bytes are left when the pool is gone");
        assert!(left <= of_a_fresh_pool + 64 * KIB, "{left} bytes, and {of_a_fresh_pool} in a fresh pool");
    });
}

#[test]
fn a_pool_of_one_thread_is_small() {
    const POOLS: usize = 64;
    alone(|| {
        warm_up();
        let before = live_bytes();
        let pools: Vec<_> = (0..POOLS).map(|_| Pool::new(|| 0_u64)).collect();
        for pool in &pools {
            pool.put(1);
            assert!(pool.take().is_some());
            pool.put(1);
        }
        let taken = (live_bytes() - before) / POOLS;
        assert!(taken < 2560, "{taken} bytes for each pool");
    });
}

#[test]
fn a_pool_with_a_private_value_of_each_of_a_hundred_threads_is_small() {
    alone(|| {
        let (_others, workers) = slots(100);
        workers[99].does(warm_up);
        let before = live_bytes();
        let pool = Arc::new(Pool::new(|| 0_u64));
        for worker in &workers {
            let pool = Arc::clone(&pool);
            worker.does(move || pool.put(1));
        }
        let taken = live_bytes().saturating_sub(before);
        assert!(taken < 64 * KIB, "{taken} bytes");
    });
}

/// The rings grow with the load by doubling, and those of a load that is over are given up after two ticks.
#[test]
fn a_burst_takes_few_rings_and_leaves_little() {
    alone(|| {
        warm_up();
        let pool = Pool::new(|| 0_u64);
        let before = live_bytes();
        let rings = allocations_during(|| (0..100_000).for_each(|value| pool.put(value)));
        assert!(rings < 40, "{rings} allocations for 100,000 values");
        assert!(live_bytes() - before > 100_000 * size_of::<u64>());
        for _ in 0..4 {
            pool.tick();
            (0..3).for_each(|value| pool.put(value));
        }
        settle();
        let left = live_bytes().saturating_sub(before);
        assert!(left < 16 * KIB, "{left} bytes are left of a burst");
    });
}

/// Pools that come and go leave nothing, whichever threads have used them.
#[test]
fn pools_that_come_and_go_leave_nothing() {
    alone(|| {
        let (_others, workers) = slots(20);
        let round = || {
            let pool = Arc::new(Pool::new(|| 0_u64));
            for worker in workers.iter().step_by(7) {
                let pool = Arc::clone(&pool);
                worker.does(move || (0..50).for_each(|value| pool.put(value)));
            }
            while pool.take().is_some() {}
            pool.tick();
        };
        (0..300).for_each(|_| round());
        settle();
        let before = live_bytes();
        (0..1000).for_each(|_| round());
        settle();
        let grown = live_bytes().saturating_sub(before);
        assert!(grown < 16 * KIB, "{grown} bytes are left of 1,000 pools");
    });
}

/// A thread slot's entry is removed when its thread has ended and its values have aged, and made again for the next
/// thread: over and over.
#[test]
fn threads_that_come_and_go_leave_nothing() {
    alone(|| {
        warm_up();
        let pool = Arc::new(Pool::new(|| 0_u64));
        let round = || {
            let puts = Arc::clone(&pool);
            thread::spawn(move || puts.put(1)).join().expect("it does not panic");
            (0..3).for_each(|_| pool.tick());
        };
        (0..100).for_each(|_| round());
        settle();
        let before = live_bytes();
        (0..2000).for_each(|_| round());
        settle();
        let grown = live_bytes().saturating_sub(before);
        assert!(grown < 16 * KIB, "{grown} bytes are left of 2,000 threads");
    });
}
