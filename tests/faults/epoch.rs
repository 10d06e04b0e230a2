//! The pool and other users of crossbeam-epoch in one process do not disturb each other.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crossbeam_epoch as epoch;
use pooldeque::Pool;

use crate::counting_allocator::live_bytes;
use crate::process::alone;
use crate::workers::Worker;

/// How much a pool may grow by in 1,000 rounds of bursts.
const MOST_GROWTH: usize = 1 << 20;

/// Puts 1,000 values in and takes them out again, by this thread and by another, with a tick in between.
fn burst(pool: &Pool<u64>) {
    (0..1000).for_each(|value| pool.put(value));
    pool.tick();
    while pool.take().is_some() {}
}

fn bursts_do_not_grow(pool: &Pool<u64>) {
    (0..10).for_each(|_| burst(pool));
    let before = live_bytes();
    (0..1000).for_each(|_| burst(pool));
    let grown = live_bytes().saturating_sub(before);
    assert!(grown <= MOST_GROWTH, "{grown} bytes more than before");
}

#[test]
fn a_pool_does_not_grow_though_this_thread_is_pinned() {
    alone(|| {
        let _pinned = epoch::pin();
        bursts_do_not_grow(&Pool::new(|| 0));
    });
}

#[test]
fn a_pool_does_not_grow_though_another_thread_is_pinned() {
    alone(|| {
        let worker = Worker::new();
        worker.does(|| std::mem::forget(epoch::pin()));
        bursts_do_not_grow(&Pool::new(|| 0));
    });
}

#[test]
fn a_pool_does_not_grow_though_this_thread_holds_a_batch() {
    alone(|| {
        let (mut deque, stealer) = pooldeque::unbounded();
        deque.push_batch(&mut (0..10));
        let batch = stealer.steal_batch(5);
        bursts_do_not_grow(&Pool::new(|| 0));
        assert_eq!(batch.count(), 5);
    });
}

#[test]
fn a_pool_does_not_grow_though_another_thread_holds_a_batch() {
    alone(|| {
        let worker = Worker::new();
        worker.does(|| {
            let (mut deque, stealer) = pooldeque::unbounded();
            deque.push_batch(&mut (0..10));
            std::mem::forget(stealer.steal_batch(5));
        });
        bursts_do_not_grow(&Pool::new(|| 0));
    });
}

/// What one thread puts and another takes.
#[test]
fn a_pool_between_threads_does_not_grow_though_both_are_pinned() {
    alone(|| {
        let worker = Worker::new();
        worker.does(|| std::mem::forget(epoch::pin()));
        let _pinned = epoch::pin();
        let pool = Arc::new(Pool::new(|| 0));
        let mut before = 0;
        for round in 0..1000 {
            (0..1000).for_each(|value| pool.put(value));
            let takes = Arc::clone(&pool);
            worker.does(move || while takes.take().is_some() {});
            pool.tick();
            if round == 10 {
                before = live_bytes();
            }
        }
        let grown = live_bytes().saturating_sub(before);
        assert!(grown <= MOST_GROWTH, "{grown} bytes more than before");
    });
}

/// A destructor that does much with another pool.
struct Busy(Arc<Pool<u64>>, Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        assert!(!epoch::is_pinned(), "a destructor runs outside the epoch");
        bursts_do_not_grow(&self.0);
        self.1.fetch_add(1, SeqCst);
    }
}

/// Were the epoch held while a destructor runs, nothing that the destructor leaves in it would be freed.
fn destructors_run_outside_the_epoch(action: impl FnOnce(Pool<Busy>)) {
    let (done, other) = (Arc::new(AtomicUsize::new(0)), Arc::new(<Pool<u64>>::new(|| 0)));
    let pool = <Pool<Busy>>::new(|| unreachable!("nothing is created"));
    for _ in 0..3 {
        pool.put(Busy(Arc::clone(&other), Arc::clone(&done)));
    }
    action(pool);
    assert_eq!(done.load(SeqCst), 3);
}

#[test]
fn destructors_in_a_clear_run_outside_the_epoch() {
    alone(|| destructors_run_outside_the_epoch(|pool| pool.clear()));
}

#[test]
fn destructors_in_a_tick_run_outside_the_epoch() {
    alone(|| {
        destructors_run_outside_the_epoch(|pool| {
            pool.tick();
            pool.tick();
        });
    });
}

#[test]
fn destructors_in_a_drop_run_outside_the_epoch() {
    alone(|| destructors_run_outside_the_epoch(drop));
}

#[test]
fn destructors_by_a_rule_run_outside_the_epoch() {
    alone(|| {
        let (done, other) = (Arc::new(AtomicUsize::new(0)), Arc::new(<Pool<u64>>::new(|| 0)));
        let pool = <Pool<Busy>>::new(|| unreachable!("nothing is created")).with_max_idle(1);
        (0..3).for_each(|_| pool.put(Busy(Arc::clone(&other), Arc::clone(&done))));
        assert_eq!(done.load(SeqCst), 2);
    });
}

thread_local! {
    /// Whether this thread is inside a call of the pool.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// How often what others have deferred ran inside a call of the pool, and how often at all.
static RUN_INSIDE: AtomicUsize = AtomicUsize::new(0);
static RUN: AtomicUsize = AtomicUsize::new(0);

fn defer_some() {
    let guard = epoch::pin();
    for _ in 0..200 {
        guard.defer(|| {
            RUN.fetch_add(1, SeqCst);
            RUN_INSIDE.fetch_add(INSIDE.get().into(), SeqCst);
        });
    }
    guard.flush();
}

fn inside<R>(call: impl FnOnce() -> R) -> R {
    INSIDE.set(true);
    let result = call();
    INSIDE.set(false);
    result
}

#[test]
fn what_others_have_deferred_does_not_run_inside_a_pool() {
    alone(|| {
        let pool = Arc::new(Pool::new(|| 0));
        let worker = Worker::new();
        for _ in 0..300 {
            defer_some();
            let shared = Arc::clone(&pool);
            worker.does(move || {
                defer_some();
                inside(|| (0..300).for_each(|value| shared.put(value)));
            });
            inside(|| while pool.take().is_some() {});
            inside(|| (0..300).for_each(|value| pool.put(value)));
            inside(|| pool.tick());
            let shared = Arc::clone(&pool);
            worker.does(move || inside(|| while shared.take().is_some() {}));
            inside(|| pool.clear());
        }
        inside(|| drop(Arc::into_inner(pool)));
        // It does run outside.
        for _ in 0..1000 {
            epoch::pin().flush();
        }
        let run = RUN.load(SeqCst);
        assert!(run > 0);
        assert_eq!(RUN_INSIDE.load(SeqCst), 0, "of {run}");
    });
}
