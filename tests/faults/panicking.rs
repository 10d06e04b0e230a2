//! Destructors that panic cost nobody else anything: no memory, no place in the registry, no value.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pooldeque::{OwnedPoolGuard, Pool, PoolGuard, clear_all, tick_all};

use crate::counting_allocator::{allocations_during, enter_the_epoch_a_few_times, live_bytes};
use crate::live::{Live, Living};
use crate::process::{alone, silence};
use crate::workers::workers;

/// A value whose destructor may panic, once it has been counted.
struct Bomb {
    _live: Live,
    is_live: bool,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.is_live, "a bomb");
    }
}

type Pools = Pool<Bomb, Box<dyn Fn() -> Bomb + Send + Sync>>;

fn pool(living: &Living) -> Pools {
    let living = living.clone();
    Pool::new(Box::new(move || bomb(&living, false)))
}

fn bomb(living: &Living, is_live: bool) -> Bomb {
    Bomb { _live: living.make(), is_live }
}

/// Whether `code` panics as a bomb does.
fn explodes(code: impl FnOnce()) -> bool {
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(()) => false,
        Err(panic) => {
            assert_eq!(panic.downcast_ref(), Some(&"a bomb"));
            true
        }
    }
}

/// What the registry's list and the harness may keep.
const SLACK: usize = 16 << 10;

#[test]
fn a_thousand_pools_with_a_bomb_leave_no_memory_behind() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let witness = pool(&living);
        witness.put(bomb(&living, false));
        enter_the_epoch_a_few_times();
        let before = live_bytes();
        for _ in 0..1000 {
            let pool = pool(&living);
            pool.put(bomb(&living, true));
            assert!(explodes(|| drop(pool)));
        }
        enter_the_epoch_a_few_times();
        let grown = live_bytes().saturating_sub(before);
        assert!(grown <= SLACK, "{grown} bytes are left of 1,000 pools");
        assert_eq!(living.count(), 1);
    });
}

#[test]
fn ticks_of_all_pools_touch_none_that_a_panic_ended() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let witness = pool(&living);
        witness.put(bomb(&living, false));
        tick_all();
        // The list of the pools due may grow with their number, and each may be shared.
        let allocations = [tick_all as fn(), clear_all].map(allocations_during);
        for _ in 0..1000 {
            let pool = pool(&living);
            (0..3).for_each(|_| pool.put(bomb(&living, true)));
            assert!(explodes(|| drop(pool)));
        }
        let afterwards = [tick_all as fn(), clear_all].map(allocations_during);
        for (before, after) in allocations.into_iter().zip(afterwards) {
            assert!(after <= before + 8, "{after} allocations, and {before} before");
        }
        witness.put(bomb(&living, false));
        tick_all();
        tick_all();
        assert_eq!(living.count(), 0);
    });
}

#[test]
fn several_bombs_in_several_parts_keep_no_other_value() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let workers = workers(4);
        let fill = |pool: &Pools, living: &Living| {
            for number in 0..100 {
                pool.put(bomb(living, number % 7 == 0));
            }
        };
        // The first round is for what is made once in a process.
        let mut after_one = 0;
        for round in 0..100 {
            let pool = Arc::new(pool(&living));
            fill(&pool, &living);
            for worker in &workers {
                let (pool, living) = (Arc::clone(&pool), living.clone());
                worker.does(move || fill(&pool, &living));
            }
            if round % 2 == 0 {
                pool.tick();
            }
            let pool = Arc::into_inner(pool).expect("the workers are done");
            assert!(explodes(|| drop(pool)));
            assert_eq!(living.count(), 0);
            enter_the_epoch_a_few_times();
            if round == 1 {
                after_one = live_bytes();
            }
        }
        let grown = live_bytes().saturating_sub(after_one);
        assert!(grown <= SLACK, "{grown} bytes are left of 98 pools");
    });
}

#[test]
fn ticks_and_clears_drop_all_others_and_pass_the_panic_on() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let pool = pool(&living);
        for action in [Pools::clear, |pool: &Pools| [pool.tick(), pool.tick()][1]] {
            for number in 0..1000 {
                pool.put(bomb(&living, number % 99 == 0));
            }
            assert!(explodes(|| action(&pool)));
            assert_eq!(living.count(), 0);
        }
    });
}

#[test]
fn a_pool_with_bombs_is_dropped_by_unwinding() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        for _ in 0..3 {
            let pool = pool(&living);
            (0..20).for_each(|_| pool.put(bomb(&living, true)));
            let panicked = catch_unwind(AssertUnwindSafe(move || {
                let _pool = pool;
                panic!("another");
            }));
            assert_eq!(panicked.expect_err("it panicked").downcast_ref(), Some(&"another"));
            assert_eq!(living.count(), 0);
        }
    });
}

/// The guard is the last to keep the pool, whose end panics.
#[test]
fn a_detached_value_is_not_leaked_if_the_pools_end_panics() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let pool = Arc::new(pool(&living));
        let guard = pool.get_owned();
        pool.put(bomb(&living, true));
        drop(pool);
        assert_eq!(living.count(), 2);
        let detached = catch_unwind(AssertUnwindSafe(|| OwnedPoolGuard::detach(guard)));
        match detached {
            Ok(value) => {
                assert_eq!(living.count(), 1);
                drop(value);
            }
            Err(panic) => drop(panic),
        }
        assert_eq!(living.count(), 0);
    });
}

#[test]
fn an_owned_guard_whose_pools_end_panics_leaks_nothing() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        for is_live in [false, true] {
            let pool = Arc::new(pool(&living));
            let guard = pool.get_owned();
            (0..3).for_each(|_| pool.put(bomb(&living, is_live)));
            drop(pool);
            assert_eq!(explodes(|| drop(guard)), is_live);
            assert_eq!(living.count(), 0);
        }
    });
}

#[test]
fn a_detached_value_that_is_a_bomb_is_the_callers() {
    alone(|| {
        silence(&["a bomb", "another"]);
        let living = Living::default();
        let pool = pool(&living);
        let mut guard = pool.get();
        guard.is_live = true;
        let value = PoolGuard::detach(guard);
        drop(pool);
        assert_eq!(living.count(), 1);
        assert!(explodes(|| drop(value)));
        assert_eq!(living.count(), 0);
    });
}

/// One panic costs one value; a second one while it unwinds would end the process.
#[test]
fn a_rule_and_then_the_destructor_panic() {
    alone(|| {
        silence(&["a bomb", "a rule"]);
        let living = Living::default();
        let reset = |_: &mut Bomb| panic!("a rule");
        let pool = pool(&living).with_reset(reset);
        for _ in 0..3 {
            let put = AssertUnwindSafe(|| pool.put(bomb(&living, true)));
            let panic = catch_unwind(put).expect_err("the rule panics");
            assert_eq!(panic.downcast_ref(), Some(&"a rule"));
        }
        assert_eq!(living.count(), 0);
    });
}
