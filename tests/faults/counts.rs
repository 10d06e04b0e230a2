//! Looks that found nothing, and creations that failed, are counted apart from the values that went out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use pooldeque::Pool;
use pooldeque::pool::Stats;

use crate::process::{alone, silence};

fn counted(stats: &Stats) -> [u64; 5] {
    [stats.hits.total(), stats.misses, stats.puts, stats.empty, stats.failed]
}

#[test]
fn looks_that_make_nothing_are_empty() {
    let pool = Pool::new(|| 7);
    assert_eq!((pool.take(), pool.take_local(), pool.try_get().is_none()), (None, None, true));
    assert_eq!(counted(&pool.stats()), [0, 0, 0, 3, 0]);
    pool.put(7);
    assert_eq!((pool.take(), pool.take()), (Some(7), None));
    assert_eq!(counted(&pool.stats()), [1, 0, 1, 4, 0]);
    assert_eq!(pool.stats().gets(), 1);
}

#[test]
fn creations_that_fail_are_counted_as_such() {
    alone(|| {
        silence(&["no value"]);
        let pool = <Pool<u8>>::new(|| panic!("no value"));
        for _ in 0..100 {
            assert!(pool.try_get_with(|| Err(())).is_err());
        }
        assert_eq!(counted(&pool.stats()), [0, 0, 0, 0, 100]);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.get()))).is_err());
        assert_eq!(counted(&pool.stats()), [0, 0, 0, 0, 101]);
        let create = || -> Result<u8, ()> { panic!("no value") };
        assert!(catch_unwind(AssertUnwindSafe(|| drop(pool.try_get_with(create)))).is_err());
        assert_eq!(counted(&pool.stats()), [0, 0, 0, 0, 102]);
        drop(pool.try_get_with(|| Ok::<_, ()>(7)));
        assert_eq!(counted(&pool.stats()), [0, 1, 1, 0, 102]);
        // Now there is a value, and nothing is created.
        drop(pool.try_get_with(|| Err(())));
        assert_eq!(counted(&pool.stats()), [1, 1, 2, 0, 102]);
        assert_eq!((pool.stats().gets(), pool.stats().imbalance(), pool.stats().miss_rate()), (2, 0.0, 0.5));
    });
}

#[test]
fn each_call_counts_once() {
    let mut random = Rng::with_seed(21);
    for _ in 0..300 {
        let pool = Pool::new(|| 7_u8);
        let mut expected = [0; 5];
        let [hits, misses, puts, empty, failed] = &mut expected;
        let mut idle = 0_u64;
        for _ in 0..random.usize(0..100) {
            let is_there = idle > 0;
            match random.u8(0..8) {
                call @ 0..3 => {
                    let found = match call {
                        0 => pool.take().is_some(),
                        1 => pool.take_local().is_some(),
                        _ => pool.try_get().map(drop).is_some(),
                    };
                    assert_eq!(found, is_there);
                    *(if found { &mut *hits } else { &mut *empty }) += 1;
                    let comes_back = found && call == 2;
                    *puts += u64::from(comes_back);
                    idle -= u64::from(found && !comes_back);
                }
                3 => {
                    drop(pool.get());
                    *(if is_there { &mut *hits } else { &mut *misses }) += 1;
                    *puts += 1;
                    idle += u64::from(!is_there);
                }
                4 => {
                    let value = pool.try_get_with(|| Err(()));
                    assert_eq!(value.is_ok(), is_there);
                    *(if is_there { &mut *hits } else { &mut *failed }) += 1;
                    *puts += u64::from(is_there);
                }
                5 => {
                    std::mem::forget(pool.try_get_with(|| Ok::<_, ()>(8)));
                    *(if is_there { &mut *hits } else { &mut *misses }) += 1;
                    idle -= u64::from(is_there);
                }
                6 => {
                    pool.put(9);
                    *puts += 1;
                    idle += 1;
                }
                _ => {
                    pool.clear();
                    idle = 0;
                }
            }
        }
        assert_eq!(counted(&pool.stats()), expected);
        assert_eq!(pool.stats().idle, idle);
    }
}
