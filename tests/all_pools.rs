//! Ticks and clears of all pools.
//!
//! They reach every pool of the process, so these tests have a process of their own. Each holds however many of the
//! others run meanwhile.

#![cfg(all(feature = "std", not(any(loom, shuttle))))]

#[path = "pool/live.rs"]
#[allow(dead_code, reason = "each test binary uses what it needs")]
mod live;

use live::{Live, Living};
use pooldeque::{Pool, clear_all, tick_all};

/// One into the private cell, one into the shared queue.
fn put_two<F>(pool: &Pool<Live, F>, living: &Living) {
    (0..2).for_each(|_| pool.put(living.make()));
}

#[test]
fn every_pool_ticks_and_those_that_are_gone_do_not() {
    let (one, other) = (Living::default(), Living::default());
    // Owned by the pools' values alone: a pool that is gone keeps none.
    let (pool, gone) = (Pool::new(|| one.make()), Pool::new(|| other.make()));
    put_two(&pool, &one);
    put_two(&gone, &other);
    drop(gone);
    assert_eq!(other.count(), 0);
    tick_all();
    tick_all();
    assert_eq!(one.count(), 0);
    put_two(&pool, &one);
    clear_all();
    assert_eq!(one.count(), 0);
}

#[test]
fn a_forgotten_pool_ages_all_the_same() {
    let living = Living::default();
    let pool = {
        let living = living.clone();
        Pool::new(move || living.make())
    };
    put_two(&pool, &living);
    std::mem::forget(pool);
    tick_all();
    tick_all();
    assert_eq!(living.count(), 0);
}

/// A value whose destructor uses the pool it was in.
struct Phoenix {
    lives: u32,
}

static PHOENIXES: Pool<Phoenix> = Pool::new(|| Phoenix { lives: 0 });

impl Drop for Phoenix {
    fn drop(&mut self) {
        if self.lives != 0 {
            PHOENIXES.put(Phoenix { lives: self.lives - 1 });
            PHOENIXES.tick();
            tick_all();
            PHOENIXES.clear();
        }
    }
}

#[test]
fn a_destructor_puts_takes_and_ticks() {
    PHOENIXES.put(Phoenix { lives: 3 });
    for _ in 0..8 {
        PHOENIXES.tick();
    }
    assert!(PHOENIXES.take().is_none(), "all its lives have aged");
}

#[test]
fn a_scoped_pool_is_left_alone() {
    let living = Living::default();
    let pool = Pool::scoped(|| living.make());
    put_two(&pool, &living);
    clear_all();
    (0..3).for_each(|_| tick_all());
    assert_eq!(living.count(), 2);
}
