//! Go's `sync/pool_test.go`, as far as it concerns the pool, at its full size. A collection of garbage
//! there is a tick here.

use std::cell::Cell;
use std::thread;

use pooldeque::{Pool, PoolGuard};

use crate::live::Living;

/// `TestPool`.
#[test]
fn what_is_put_is_found_until_the_second_collection() {
    let pool = Pool::new(|| "new");
    assert_eq!(pool.take(), None);
    pool.put("a");
    pool.put("b");
    assert_eq!(pool.take(), Some("a"));
    assert_eq!(pool.take(), Some("b"));
    assert_eq!(pool.take(), None);

    for _ in 0..100 {
        pool.put("c");
    }
    pool.tick();
    assert_eq!(pool.take(), Some("c"), "after one collection");
    pool.tick();
    assert_eq!(pool.take(), None, "after the second");
}

/// `TestPoolNew`.
#[test]
fn new_makes_what_is_not_there() {
    let made = Cell::new(0);
    let pool = Pool::new(|| {
        made.set(made.get() + 1);
        made.get()
    });
    assert_eq!(PoolGuard::detach(pool.get()), 1);
    assert_eq!(PoolGuard::detach(pool.get()), 2);
    pool.put(42);
    assert_eq!(PoolGuard::detach(pool.get()), 42);
    assert_eq!(PoolGuard::detach(pool.get()), 3);
}

/// Puts a hundred values in, takes them out again if `drain` says so, and counts what two collections leave.
fn left_after_two_collections(drain: bool) -> usize {
    const VALUES: usize = 100;
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    (0..VALUES).for_each(|_| pool.put(living.make()));
    assert_eq!(living.count(), VALUES);
    if drain {
        (0..VALUES).for_each(|_| drop(pool.take()));
    }
    pool.tick();
    pool.tick();
    living.count()
}

/// `TestPoolGC`.
#[test]
fn collections_leave_nothing() {
    assert_eq!(left_after_two_collections(false), 0);
}

/// `TestPoolRelease`.
#[test]
fn what_was_taken_out_is_kept_by_nobody() {
    assert_eq!(left_after_two_collections(true), 0);
}

/// `TestPoolStress`.
#[test]
fn ten_threads_put_and_take_a_million_times_each() {
    const THREADS: usize = 10;
    const TIMES: usize = 1_000_000;
    let pool = Pool::new(|| 0_u32);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut value = Some(0);
                for _ in 0..TIMES {
                    pool.put(value.unwrap_or(0));
                    value = pool.take();
                    assert!(matches!(value, None | Some(0)), "found {value:?}");
                }
            });
        }
    });
}
