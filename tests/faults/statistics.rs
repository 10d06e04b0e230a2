//! What a pool counts fits what it has done.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use pooldeque::pool::Stats;
use pooldeque::{BufferPool, Pool, PoolGuard};

use crate::live::{Live, Living};
use crate::process::{alone, silence};

/// Nothing was handed out and nothing came back.
#[track_caller]
fn nothing_went_out(stats: &Stats) {
    assert_eq!((stats.gets(), stats.puts, stats.idle), (0, 0, 0));
    assert_eq!((stats.imbalance(), stats.miss_rate(), stats.churn()), (0.0, 0.0, 0.0));
}

#[test]
fn creations_that_fail_are_no_values_that_stay_out() {
    let pool = Pool::new(|| 0);
    for _ in 0..100 {
        assert_eq!(pool.try_get_with(|| Err(7)).map(|_| ()), Err(7));
    }
    nothing_went_out(&pool.stats());
}

#[test]
fn creations_that_panic_are_no_values_that_stay_out() {
    alone(|| {
        silence(&["no value"]);
        let pool = <Pool<u8>>::new(|| panic!("no value"));
        for _ in 0..100 {
            assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.get()))).is_err());
            let create = || -> Result<u8, ()> { panic!("no value") };
            assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.try_get_with(create)))).is_err());
        }
        nothing_went_out(&pool.stats());
    });
}

#[test]
fn looks_that_find_nothing_are_no_values_that_stay_out() {
    let pool = Pool::new(|| 0);
    for _ in 0..100 {
        assert_eq!(pool.take(), None);
        assert_eq!(pool.take_local(), None);
        assert!(pool.try_get().is_none());
    }
    nothing_went_out(&pool.stats());
}

#[test]
fn a_pool_at_rest_is_balanced_whatever_was_looked_for() {
    let pool = Pool::new(|| 0);
    for _ in 0..50 {
        assert_eq!(pool.take(), None);
        assert!(pool.try_get_with(|| Err(())).is_err());
        let guards = (pool.get(), pool.get(), pool.try_get_with(|| Ok::<_, ()>(1)));
        assert!(pool.try_get().is_none());
        drop(guards);
        pool.clear();
    }
    assert_eq!(pool.stats().imbalance(), 0.0);
    assert_eq!(pool.stats().gets(), 150);
    assert_eq!(pool.stats().miss_rate(), 1.0);
}

#[test]
fn buffers_that_were_asked_for_are_balanced() {
    let pool = BufferPool::new();
    for size in [10, 100, 1000, 10_000, 2_000_000] {
        drop((pool.get(size), pool.get(size)));
    }
    let stats = pool.stats();
    assert_eq!(stats.imbalance(), 0.0);
    assert_eq!(stats.gets(), 10);
}

/// What a pool should have counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Expected {
    gets: u64,
    misses: u64,
    puts: u64,
    prefilled: u64,
    ticks: u64,
}

/// A random mix of calls on one thread. The pool's own numbers fit it after each call.
#[test]
fn the_numbers_fit_any_mix_of_calls() {
    alone(|| {
        silence(&["no value"]);
        let mut random = Rng::with_seed(20);
        for _ in 0..300 {
            random_mix(&mut random);
        }
    });
}

fn random_mix(random: &mut Rng) {
    let living = Living::default();
    let make = || {
        let fails = thread_local_fails();
        assert!(!fails, "no value");
        living.make()
    };
    let mut pool = Pool::new(make);
    if random.bool() {
        pool = pool.with_max_idle(random.usize(1..10));
    }
    let mut expected = Expected::default();
    let mut guards = Vec::new();
    let mut values: Vec<Live> = Vec::new();
    for _ in 0..random.usize(1..200) {
        match random.u8(0..14) {
            0 => values.extend(got(&mut expected, pool.take())),
            1 => values.extend(got(&mut expected, pool.take_local())),
            2 => guards.extend(got(&mut expected, pool.try_get())),
            3..=5 => {
                let idle = pool.stats().idle;
                guards.extend(got(&mut expected, Some(pool.get())));
                expected.misses += u64::from(idle == pool.stats().idle);
            }
            6 => {
                FAILS.set(true);
                let guard = catch_unwind(AssertUnwindSafe(|| pool.get()));
                FAILS.set(false);
                guards.extend(got(&mut expected, guard.ok()));
            }
            7 => guards.extend(got(&mut expected, pool.try_get_with(|| Err(())).ok())),
            8 => {
                let idle = pool.stats().idle;
                guards.extend(got(&mut expected, pool.try_get_with(|| Ok::<_, ()>(living.make())).ok()));
                expected.misses += u64::from(idle == pool.stats().idle);
            }
            9 => {
                pool.put(values.pop().unwrap_or_else(|| living.make()));
                expected.puts += 1;
            }
            10 if !guards.is_empty() => {
                drop(guards.swap_remove(random.usize(0..guards.len())));
                expected.puts += 1;
            }
            11 if !guards.is_empty() => values.push(PoolGuard::detach(guards.pop().unwrap())),
            12 => {
                let before = pool.stats();
                pool.prefill(random.usize(0..4));
                expected.prefilled += pool.stats().prefilled - before.prefilled;
            }
            13 if random.bool() => pool.clear(),
            13 => {
                pool.tick();
                // Before its first value a pool is not there to be ticked.
                expected.ticks = pool.stats().ticks;
            }
            _ => (),
        }
        let stats = pool.stats();
        let counted = Expected {
            gets: stats.gets(),
            misses: stats.misses,
            puts: stats.puts,
            prefilled: stats.prefilled,
            ticks: stats.ticks,
        };
        assert_eq!(counted, expected);
        let idle = living.count() - guards.len() - values.len();
        assert_eq!(usize::try_from(stats.idle), Ok(idle));
        let outstanding = expected.gets as f64 - expected.puts as f64;
        let imbalance = if expected.gets == 0 { 0.0 } else { outstanding / expected.gets as f64 };
        assert_eq!(stats.imbalance(), imbalance);
        assert!((0.0..=1.0).contains(&stats.miss_rate()));
    }
}

std::thread_local! {
    /// Whether the next creation panics.
    static FAILS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

fn thread_local_fails() -> bool {
    FAILS.get()
}

/// Counts a value that was handed out, if one was.
fn got<V>(expected: &mut Expected, value: Option<V>) -> Option<V> {
    expected.gets += u64::from(value.is_some());
    value
}
