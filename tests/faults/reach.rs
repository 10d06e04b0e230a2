//! Values that are there are found: those made ahead, and those that ended threads have left.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

use pooldeque::{OwnedPoolGuard, Pool};

use crate::process::alone;
use crate::workers::workers;

#[test]
fn one_value_made_ahead_is_found_by_another_thread() {
    let pool = Pool::new(|| 7);
    pool.prefill(1);
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(pool.take(), Some(7)));
    });
}

#[test]
fn sixteen_values_made_ahead_are_found_by_another_thread() {
    let pool = Pool::new(|| 7);
    pool.prefill(16);
    thread::scope(|scope| {
        scope.spawn(|| {
            let held: Vec<_> = (0..16).map(|_| pool.get()).collect();
            assert_eq!((pool.stats().misses, held.len()), (0, 16));
        });
    });
}

#[test]
fn values_made_ahead_are_found_by_as_many_threads() {
    let pool = Pool::new(|| 7);
    pool.prefill(16);
    thread::scope(|scope| {
        // One after the other: a value on its way from one thread to another is not found.
        let taken: Vec<_> = (0..16).map(|_| scope.spawn(|| pool.take()).join().unwrap()).collect();
        assert_eq!(taken, [Some(7); 16]);
    });
}

#[test]
fn values_made_ahead_are_found_after_a_tick() {
    let pool = Pool::new(|| 7);
    pool.prefill(16);
    pool.tick();
    thread::scope(|scope| {
        scope.spawn(|| {
            let held: Vec<_> = (0..16).map(|_| pool.get()).collect();
            assert_eq!((pool.stats().misses, held.len()), (0, 16));
        });
    });
}

/// Fifty values at once are found by this thread, where 300 are.
#[track_caller]
fn fifty_are_found(pool: &Pool<u64>) {
    let before = pool.stats();
    assert_eq!(before.idle, 300);
    let held: Vec<_> = (0..50).map(|_| pool.get()).collect();
    assert_eq!((pool.stats().misses, held.len()), (before.misses, 50));
    let rest = std::iter::from_fn(|| pool.take()).count();
    assert_eq!(rest, 250, "all others are found too");
}

/// The threads live all at the same time, so that each has a slot of its own.
#[test]
fn what_ended_threads_returned_is_found() {
    alone(|| {
        let pool = Arc::new(Pool::new(<fn() -> u64>::from(|| 7)));
        let workers = workers(300);
        for worker in &workers {
            let pool = Arc::clone(&pool);
            worker.does(move || pool.put(7));
        }
        drop(workers);
        fifty_are_found(&pool);
    });
}

#[test]
fn what_ended_threads_returned_is_found_after_a_tick() {
    alone(|| {
        let pool = Arc::new(Pool::new(<fn() -> u64>::from(|| 7)));
        let workers = workers(300);
        for worker in &workers {
            let pool = Arc::clone(&pool);
            worker.does(move || pool.put(7));
        }
        pool.tick();
        drop(workers);
        fifty_are_found(&pool);
    });
}

/// The same in several pools at once: a thread's end reaches all of them.
#[test]
fn what_ended_threads_returned_is_found_in_every_pool() {
    alone(|| {
        let pools: Arc<Vec<_>> = Arc::new((0..20).map(|_| Pool::new(<fn() -> u64>::from(|| 7))).collect());
        let workers = workers(300);
        for worker in &workers {
            let pools = Arc::clone(&pools);
            worker.does(move || pools.iter().for_each(|pool| pool.put(7)));
        }
        drop(workers);
        pools.iter().for_each(fifty_are_found);
    });
}

thread_local! {
    static BEFORE: RefCell<Option<OwnedPoolGuard<u64>>> = const { RefCell::new(None) };
    static AFTER: RefCell<Option<OwnedPoolGuard<u64>>> = const { RefCell::new(None) };
}

/// Guards that the end of a thread drops, before and after the thread lets go of its slot.
#[test]
fn what_the_thread_locals_of_ended_threads_returned_is_found() {
    alone(|| {
        let pool = Arc::new(Pool::new(<fn() -> u64>::from(|| 7)));
        let workers = workers(150);
        for worker in &workers {
            let pool = Arc::clone(&pool);
            worker.does(move || {
                // The one is there before the thread has used the pool, the other comes after.
                BEFORE.with(|before| before.replace(Some(pool.get_owned())));
                AFTER.with(|after| after.replace(Some(pool.get_owned())));
            });
        }
        drop(workers);
        fifty_are_found(&pool);
    });
}

#[test]
fn a_guard_that_another_ended_thread_returned_is_found() {
    alone(|| {
        let pool = Arc::new(Pool::new(<fn() -> u64>::from(|| 7)));
        let workers = workers(300);
        for worker in &workers {
            let guard = pool.get_owned();
            worker.does(move || drop::<OwnedPoolGuard<u64>>(guard));
        }
        // Each took what the one before had returned, or made one: they are no more than 300.
        let made = pool.stats().misses;
        drop(workers);
        let found = std::iter::from_fn(|| pool.take()).count();
        assert_eq!(found as u64, made);
    });
}
