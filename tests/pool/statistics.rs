//! What a pool tells of itself.

use std::thread;

use pooldeque::pool::Stats;
use pooldeque::{Pool, PoolGuard};

#[test]
fn nothing_has_happened_in_a_new_pool() {
    let stats = Pool::new(|| 0).stats();
    assert_eq!(stats, Stats::default());
    assert_eq!([stats.miss_rate(), stats.imbalance(), stats.churn()], [0.0; 3]);
}

#[test]
fn every_hit_is_counted_where_it_was_found() {
    let pool = Pool::new(|| 0);
    thread::scope(|scope| {
        scope.spawn(|| (0..3).for_each(|number| pool.put(number)));
    });
    // The thread is gone. Its slot may be this thread's now, or not.
    let from_another = thread::scope(|scope| {
        let other = scope.spawn(|| {
            // While this thread holds a slot beside it.
            pool.put(9);
            pool.take().is_some()
        });
        other.join().unwrap()
    });
    assert!(from_another);
    let before = pool.stats();
    assert_eq!(before.gets(), 1);

    let pool = Pool::new(|| 0);
    pool.prefill(2);
    pool.put(0);
    for _ in 0..2 {
        pool.take().unwrap();
    }
    pool.tick();
    pool.take().unwrap();
    let _ = pool.take();
    let stats = pool.stats();
    assert_eq!((stats.hits.private, stats.hits.own, stats.hits.victim, stats.empty), (1, 1, 1, 1));
    assert_eq!((stats.hits.total(), stats.gets(), stats.prefilled, stats.idle), (3, 3, 2, 0));
}

#[test]
fn a_stolen_value_is_counted_by_its_thief() {
    let pool = Pool::new(|| 0);
    (0..3).for_each(|number| pool.put(number));
    thread::scope(|scope| {
        scope.spawn(|| assert!(pool.take().is_some()));
    });
    let stats = pool.stats();
    assert_eq!((stats.hits.stolen, stats.idle), (1, 2));
}

#[test]
fn every_drop_is_counted_by_its_cause() {
    let pool = Pool::new(|| 0).with_retain(|number| *number < 100).with_max_idle(4);
    (98..103).for_each(|number| pool.put(number));
    (0..4).for_each(|number| pool.put(number));
    assert_eq!((pool.stats().drops.rejected, pool.stats().drops.full), (3, 2));
    pool.tick();
    pool.tick();
    pool.prefill(2);
    pool.clear();
    let drops = pool.stats().drops;
    assert_eq!((drops.aged, drops.cleared, drops.total()), (4, 2, 3 + 2 + 4 + 2));
    assert_eq!((pool.stats().ticks, pool.stats().idle), (2, 0));
}

#[test]
fn the_derived_figures_are_those_of_the_article() {
    let pool = Pool::new(|| 0);
    let kept: Vec<_> = (0..3).map(|_| PoolGuard::detach(pool.get())).collect();
    drop(pool.get());
    for _ in 0..6 {
        drop(pool.get());
    }
    (0..2).for_each(|_| pool.tick());
    let stats = pool.stats();
    assert_eq!((stats.gets(), stats.misses, stats.puts), (10, 4, 7));
    assert_eq!((stats.miss_rate(), stats.imbalance(), stats.churn()), (0.4, 0.3, 2.0));
    drop(kept);
}
