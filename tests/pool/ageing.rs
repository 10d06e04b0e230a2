//! Two ticks leave nothing that nobody used, whatever its thread is doing; and they keep nobody waiting.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;

use pooldeque::Pool;

use crate::live::{Live, Living};

/// Puts `count` values in: the first into the private place, the others into the shared part.
fn put<F>(pool: &Pool<Live, F>, living: &Living, count: usize) {
    (0..count).for_each(|_| pool.put(living.make()));
}

#[test]
fn a_value_lives_through_one_tick_and_not_through_two() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    for values in [1, 2, 40] {
        put(&pool, &living, values);
        pool.tick();
        assert_eq!(living.count(), values);
        pool.tick();
        assert_eq!(living.count(), 0, "of {values}");
    }
}

#[test]
fn what_is_used_between_ticks_stays() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    drop(pool.get());
    for _ in 0..10 {
        pool.tick();
        drop(pool.get());
    }
    assert_eq!(pool.stats().misses, 1);
}

#[test]
fn values_of_a_sleeping_thread_age() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    let (asleep, is_asleep) = channel();
    let (wake, wakes) = channel::<()>();
    let (pool, living) = (&pool, &living);
    thread::scope(|scope| {
        // Dropped if this thread panics, so that the other does not wait for ever.
        let wake = wake;
        scope.spawn(move || {
            put(pool, living, 3);
            asleep.send(()).unwrap();
            wakes.recv().unwrap();
            assert!(pool.take().is_none(), "all has been dropped meanwhile");
        });
        is_asleep.recv().unwrap();
        pool.tick();
        assert_eq!(living.count(), 3);
        pool.tick();
        assert_eq!(living.count(), 0);
        wake.send(()).unwrap();
    });
}

#[test]
fn values_of_a_thread_that_is_gone_age() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    thread::scope(|scope| {
        scope.spawn(|| put(&pool, &living, 3));
    });
    pool.tick();
    assert_eq!(living.count(), 3);
    pool.tick();
    assert_eq!(living.count(), 0);
}

#[test]
fn a_clear_leaves_nothing_of_either_age() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    put(&pool, &living, 3);
    pool.tick();
    put(&pool, &living, 3);
    assert_eq!(living.count(), 6);
    pool.clear();
    assert_eq!(living.count(), 0);
    assert!(pool.take().is_none());
}

/// A value whose destructor waits.
struct Slow(Option<(std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>)>);

impl Drop for Slow {
    fn drop(&mut self) {
        if let Some((begun, go_on)) = self.0.take() {
            begun.send(()).unwrap();
            go_on.recv().unwrap();
        }
    }
}

#[test]
fn a_tick_that_takes_long_keeps_nobody_waiting() {
    let pool = Arc::new(Pool::new(|| Slow(None)));
    let (begun, has_begun) = channel();
    let (finish, finishes) = channel();
    pool.put(Slow(Some((begun, finishes))));
    pool.tick();
    let ticker = thread::spawn({
        let pool = Arc::clone(&pool);
        move || pool.tick()
    });
    has_begun.recv().unwrap();
    // In the middle of the tick.
    for _ in 0..100 {
        let (first, second) = (pool.get(), pool.get());
        drop((first, second));
    }
    assert!(pool.take().is_some());
    finish.send(()).unwrap();
    ticker.join().unwrap();
}
