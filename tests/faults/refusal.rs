//! A kernel that refuses `membarrier`: from the start, or after it has agreed.
//!
//! While it refuses, the private place of another thread that is alive may be left alone, until that thread
//! uses the pool again. Everything else is as usual.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use pooldeque::{BufferPool, Janitor, Pool, clear_all, tick_all};

use crate::counting_allocator::live_bytes;
use crate::kernel::refuse_membarrier;
use crate::live::{Live, Living};
use crate::patience::patiently;
use crate::process::alone;
use crate::workers::{Worker, workers};

/// From when on, and how the kernel refuses.
#[derive(Clone, Copy)]
enum Refusal {
    /// From before the first use of a pool.
    AtOnce(i32),
    /// After pools have been used, and before the first tick.
    AfterUse(i32),
    /// After pools have been used and ticked.
    AfterATick(i32),
}

impl Refusal {
    /// The kernel refuses after `before`, which uses pools, or before it.
    fn around(self, before: impl FnOnce()) {
        match self {
            Self::AtOnce(error) => {
                refuse_membarrier(error);
                before();
            }
            Self::AfterUse(error) => {
                before();
                refuse_membarrier(error);
            }
            Self::AfterATick(error) => {
                let pool = Pool::new(|| 0);
                pool.prefill(2);
                pool.tick();
                before();
                refuse_membarrier(error);
            }
        }
    }
}

/// Turns each function of a refusal into tests in a process of their own, one for each refusal.
macro_rules! whatever_the_refusal {
    ($($name:ident)+) => {
        mod refused_at_once_by_eperm {
            use super::*;
            $(#[test] fn $name() { alone(|| super::$name(Refusal::AtOnce(libc::EPERM))); })+
        }
        mod refused_at_once_by_enosys {
            use super::*;
            $(#[test] fn $name() { alone(|| super::$name(Refusal::AtOnce(libc::ENOSYS))); })+
        }
        mod refused_after_use {
            use super::*;
            $(#[test] fn $name() { alone(|| super::$name(Refusal::AfterUse(libc::EPERM))); })+
        }
        mod refused_after_a_tick {
            use super::*;
            $(#[test] fn $name() { alone(|| super::$name(Refusal::AfterATick(libc::EPERM))); })+
        }
    };
}

whatever_the_refusal! {
    ticks_drop_what_they_reach
    clears_drop_what_they_reach
    what_others_may_be_moving_is_left_alone
    tick_all_and_clear_all_drop_what_they_reach
    dropped_pools_drop_every_value
    what_ended_threads_left_is_dropped
    threads_that_go_on_are_aged_again
    the_janitor_goes_on
    buffer_pools_tick_clear_and_drop
    a_pool_is_dropped_by_unwinding
    the_last_ticker_may_be_any_thread
    a_thousand_pools_end_with_every_value_dropped
}

type Pools = Arc<Vec<Pool<Live, Make>>>;
type Make = Box<dyn Fn() -> Live + Send + Sync>;

/// What each thread puts into each pool: one into its private place, the others into its shared part.
const EACH: usize = 3;
const WORKERS: usize = 4;

fn pools(count: usize, living: &Living) -> Pools {
    let make = |living: Living| -> Make { Box::new(move || living.make()) };
    Arc::new((0..count).map(|_| Pool::new(make(living.clone()))).collect())
}

fn fill(pools: &[Pool<Live, Make>], living: &Living) {
    for pool in pools {
        (0..EACH).for_each(|_| pool.put(living.make()));
    }
}

/// Pools that this thread and the workers have filled, in a process to which `membarrier` is refused.
fn filled(refusal: Refusal, count: usize) -> (Living, Pools, Vec<Worker>) {
    let living = Living::default();
    let pools = pools(count, &living);
    let workers = workers(WORKERS);
    refusal.around(|| {
        fill(&pools, &living);
        for worker in &workers {
            let (pools, living) = (Arc::clone(&pools), living.clone());
            worker.does(move || fill(&pools, &living));
        }
    });
    assert_eq!(living.count(), count * EACH * (WORKERS + 1));
    (living, pools, workers)
}

fn ticks_drop_what_they_reach(refusal: Refusal) {
    let (living, pools, _workers) = filled(refusal, 50);
    for _ in 0..3 {
        pools.iter().for_each(Pool::tick);
    }
    assert!(living.count() <= 50 * WORKERS, "{} live, more than the private places hold", living.count());
    drop(pools);
    assert_eq!(living.count(), 0);
}

fn clears_drop_what_they_reach(refusal: Refusal) {
    let (living, pools, _workers) = filled(refusal, 50);
    pools.iter().for_each(Pool::clear);
    assert!(living.count() <= 50 * WORKERS, "{} live, more than the private places hold", living.count());
    drop(pools);
    assert_eq!(living.count(), 0);
}

/// Without a fence nobody knows whether the other threads are at their private places. This one is not.
fn what_others_may_be_moving_is_left_alone(refusal: Refusal) {
    let (living, pools, _workers) = filled(refusal, 50);
    for clean in [Pool::clear, Pool::tick, Pool::tick] {
        pools.iter().for_each(clean);
        let out_of_reach = if cfg!(feature = "membarrier") { 50 * WORKERS } else { 0 };
        assert_eq!(living.count(), out_of_reach);
    }
}

fn tick_all_and_clear_all_drop_what_they_reach(refusal: Refusal) {
    let (living, pools, workers) = filled(refusal, 50);
    tick_all();
    tick_all();
    assert!(living.count() <= 50 * WORKERS, "{} live after the ticks", living.count());
    fill(&pools, &living);
    clear_all();
    assert!(living.count() <= 50 * WORKERS, "{} live after the clear", living.count());
    drop(workers);
    tick_all();
    drop(pools);
    assert_eq!(living.count(), 0);
}

fn dropped_pools_drop_every_value(refusal: Refusal) {
    let (living, pools, _workers) = filled(refusal, 1000);
    drop(pools);
    assert_eq!(living.count(), 0);
}

fn what_ended_threads_left_is_dropped(refusal: Refusal) {
    let (living, pools, workers) = filled(refusal, 50);
    drop(workers);
    pools.iter().for_each(Pool::clear);
    assert_eq!(living.count(), 0);
    for _ in 0..3 {
        let (its_pools, its_living) = (Arc::clone(&pools), living.clone());
        Worker::new().does(move || fill(&its_pools, &its_living));
        pools.iter().for_each(Pool::tick);
        pools.iter().for_each(Pool::tick);
        assert_eq!(living.count(), 0);
    }
}

/// Ticks alone may leave alone what other threads hold in their private places. Once such a thread has used the
/// pool again, they drop that too.
fn threads_that_go_on_are_aged_again(refusal: Refusal) {
    let (living, pools, workers) = filled(refusal, 50);
    for round in 0..5 {
        for _ in 0..3 {
            pools.iter().for_each(Pool::tick);
        }
        for worker in &workers {
            let pools = Arc::clone(&pools);
            worker.does(move || pools.iter().for_each(|pool| drop((pool.get(), pool.get()))));
        }
        for _ in 0..5 {
            pools.iter().for_each(Pool::tick);
        }
        assert_eq!(living.count(), 0, "round {round}");
        for worker in &workers {
            let (pools, living) = (Arc::clone(&pools), living.clone());
            worker.does(move || fill(&pools, &living));
        }
    }
    drop(pools);
}

fn the_janitor_goes_on(refusal: Refusal) {
    let (living, pools, workers) = filled(refusal, 50);
    let janitor = Janitor::every(Duration::from_millis(1)).spawn().expect("a thread for the janitor");
    patiently(|| (janitor.ticks() >= 3).then_some(()));
    patiently(|| (living.count() <= 50 * (WORKERS + 1)).then_some(()));
    // The private places of the threads that have ended are nobody's.
    drop(workers);
    drop((pools[0].get(), pools[0].get()));
    patiently(|| (living.count() <= 50).then_some(()));
    drop(janitor);
    drop(pools);
    assert_eq!(living.count(), 0);
}

fn buffer_pools_tick_clear_and_drop(refusal: Refusal) {
    const SIZE: usize = 256 << 10;
    let pool = Arc::new(BufferPool::new());
    let worker = Worker::new();
    let fill = |pool: &BufferPool| (0..EACH).for_each(|_| pool.put(Vec::with_capacity(SIZE)));
    let before = live_bytes();
    refusal.around(|| {
        fill(&pool);
        let pool = Arc::clone(&pool);
        worker.does(move || fill(&pool));
    });
    pool.tick();
    pool.tick();
    assert!(live_bytes() < before + 2 * SIZE, "no more than the worker's private place holds");
    fill(&pool);
    pool.clear();
    assert!(live_bytes() < before + 2 * SIZE, "no more than the worker's private place holds");
    fill(&pool);
    drop(Arc::into_inner(pool).expect("the worker has let go of it"));
    assert!(live_bytes() < before + SIZE);
}

fn a_pool_is_dropped_by_unwinding(refusal: Refusal) {
    let (living, pools, _workers) = filled(refusal, 3);
    let panicked = catch_unwind(AssertUnwindSafe(move || {
        let _pools = pools;
        panic!("with pools");
    }));
    let message = panicked.expect_err("it panicked");
    assert_eq!(message.downcast_ref(), Some(&"with pools"));
    assert_eq!(living.count(), 0);
}

/// Each thread's own private place is within its reach.
fn the_last_ticker_may_be_any_thread(refusal: Refusal) {
    let (living, pools, workers) = filled(refusal, 50);
    pools.iter().for_each(Pool::clear);
    for worker in &workers {
        let pools = Arc::clone(&pools);
        worker.does(move || pools.iter().for_each(Pool::clear));
    }
    assert_eq!(living.count(), 0);
}

/// The acceptance test: ticks, clears and drops of many pools, used by several threads, two of them gone.
fn a_thousand_pools_end_with_every_value_dropped(refusal: Refusal) {
    let (living, pools, mut workers) = filled(refusal, 1000);
    workers.truncate(WORKERS / 2);
    for (number, pool) in pools.iter().enumerate() {
        match number % 4 {
            0 => (0..2).for_each(|_| pool.tick()),
            1 => pool.clear(),
            2 => pool.tick(),
            _ => (),
        }
    }
    tick_all();
    let most = workers.len() * pools.len() + pools.len() / 4 * EACH * (WORKERS + 1);
    assert!(living.count() <= most, "{} live", living.count());
    clear_all();
    let most = workers.len() * pools.len();
    assert!(living.count() <= most, "{} live, but {most} private places are left", living.count());
    drop(pools);
    assert_eq!(living.count(), 0);
    drop(workers);
}
