//! Destructors that use other pools, and janitors, while these are in use: nothing waits for itself.
//!
//! The process of a test that deadlocks is killed when its time is over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pooldeque::{Janitor, OwnedPoolGuard, Pool, clear_all, tick_all};

use crate::live::{Live, Living};
use crate::patience::patiently;
use crate::process::alone;

const INSTANT: Duration = Duration::from_micros(100);

/// A value whose destructor does something.
struct Act {
    what: Option<Box<dyn FnOnce() + Send>>,
    _live: Live,
}

impl Drop for Act {
    fn drop(&mut self) {
        if let Some(what) = self.what.take() {
            what();
        }
    }
}

type Acts = Pool<Act>;

fn acts() -> Arc<Acts> {
    Arc::new(<Pool<Act>>::new(|| unreachable!("nothing is created")))
}

fn act(living: &Living, what: impl FnOnce() + Send + 'static) -> Act {
    Act { what: Some(Box::new(what)), _live: living.make() }
}

/// Two destructors that wait for each other, but not for long: they need not run at the same time.
#[derive(Default)]
struct Meeting(AtomicUsize);

impl Meeting {
    fn meet(&self) {
        self.0.fetch_add(1, SeqCst);
        // A number of yields would be seconds on a busy machine.
        let began = Instant::now();
        while self.0.load(SeqCst) < 2 && began.elapsed() < Duration::from_millis(1) {
            thread::yield_now();
        }
    }
}

/// Two threads, each of which drops a value out of a pool of its own by `outer`, while the value's destructor does
/// `inner` to the pool of the other. `rounds` times.
fn crossing(rounds: usize, outer: fn(&Acts), inner: [fn(&Acts); 2]) {
    let living = Living::default();
    let pools = [acts(), acts()];
    let round_begins = Barrier::new(2);
    let meetings = (0..rounds).map(|_| Arc::new(Meeting::default())).collect::<Vec<_>>();
    thread::scope(|scope| {
        for (me, inner) in inner.into_iter().enumerate() {
            let (mine, other) = (&pools[me], &pools[1 - me]);
            let (living, round_begins, meetings) = (&living, &round_begins, &meetings);
            scope.spawn(move || {
                for meeting in meetings {
                    let (meeting, other) = (Arc::clone(meeting), Arc::clone(other));
                    let crosses = act(living, move || {
                        meeting.meet();
                        inner(&other);
                    });
                    mine.put(crosses);
                    mine.put(act(living, || ()));
                    round_begins.wait();
                    outer(mine);
                    round_begins.wait();
                }
            });
        }
    });
    // What still waits to be dropped keeps the other pool.
    for _ in 0..3 {
        pools.iter().for_each(|pool| pool.clear());
    }
    drop(pools);
    assert_eq!(living.count(), 0);
}

const ROUNDS: usize = 2000;

fn clear(pool: &Acts) {
    pool.clear();
}

fn tick(pool: &Acts) {
    pool.tick();
}

fn tick_twice(pool: &Acts) {
    pool.tick();
    pool.tick();
}

fn tick_all_twice(_: &Acts) {
    tick_all();
    tick_all();
}

macro_rules! crossings {
    ($($name:ident: $outer:expr, [$one:expr, $other:expr];)+) => {$(
        #[test]
        fn $name() {
            alone(|| crossing(ROUNDS, $outer, [$one, $other]));
        }
    )+};
}

crossings! {
    clears_whose_destructors_clear_the_other_pool: clear, [clear, clear];
    clears_whose_destructors_tick_the_other_pool: clear, [tick, tick];
    clears_whose_destructors_clear_and_tick_the_other_pool: clear, [clear, tick];
    ticks_whose_destructors_clear_the_other_pool: tick_twice, [clear, clear];
    ticks_whose_destructors_tick_the_other_pool: tick_twice, [tick, tick];
    clears_whose_destructors_tick_all_pools: clear, [|_| tick_all(), |_| tick_all()];
    clears_whose_destructors_clear_all_pools: clear, [|_| clear_all(), |_| clear_all()];
    ticks_whose_destructors_clear_and_tick_all_pools: tick_twice, [|_| tick_all(), |_| clear_all()];
    ticks_of_all_pools_whose_destructors_tick_all_pools: tick_all_twice, [|_| tick_all(), |_| tick_all()];
    ticks_of_all_pools_whose_destructors_clear_the_other_pool: tick_all_twice, [clear, clear];
    clears_of_all_pools_whose_destructors_tick_all_pools: |_| clear_all(), [|_| tick_all(), |_| clear_all()];
}

/// One thread clears a pool whose value drops another pool; a second clears all pools, and a value of that other
/// pool acts on the first.
fn dropping_the_other_pool(inner: fn(&Acts)) {
    let living = Living::default();
    for round in 0..ROUNDS / 4 {
        let (first, other) = (acts(), acts());
        // All pools are cleared in some order; either of these comes first.
        if round % 2 == 0 {
            first.put(act(&living, || ()));
        }
        let meeting = Arc::new(Meeting::default());
        other.put(act(&living, {
            let (meeting, first) = (Arc::clone(&meeting), Arc::clone(&first));
            move || {
                meeting.meet();
                inner(&first);
            }
        }));
        other.put(act(&living, || ()));
        first.put(act(&living, move || {
            meeting.meet();
            drop(other);
        }));
        thread::scope(|scope| {
            scope.spawn(|| first.clear());
            scope.spawn(clear_all);
        });
        first.clear();
    }
    assert_eq!(living.count(), 0);
}

#[test]
fn a_destructor_drops_a_pool_whose_destructors_tick_its_own() {
    alone(|| dropping_the_other_pool(tick));
}

#[test]
fn a_destructor_drops_a_pool_whose_destructors_clear_its_own() {
    alone(|| dropping_the_other_pool(clear));
}

#[test]
fn a_destructor_drops_a_pool_whose_destructors_tick_all() {
    alone(|| dropping_the_other_pool(|_| tick_all()));
}

/// Each of two pools keeps the other alive by one of its values; two threads clear all pools at once.
#[test]
fn two_destructors_each_drop_the_others_pool() {
    alone(|| {
        let living = Living::default();
        for _ in 0..ROUNDS / 4 {
            let pools = [acts(), acts()];
            let meeting = Arc::new(Meeting::default());
            for (me, pool) in pools.iter().enumerate() {
                let (meeting, other) = (Arc::clone(&meeting), Arc::clone(&pools[1 - me]));
                pool.put(act(&living, move || {
                    meeting.meet();
                    drop(other);
                }));
                pool.put(act(&living, || ()));
            }
            drop(pools);
            thread::scope(|scope| {
                scope.spawn(clear_all);
                scope.spawn(clear_all);
            });
            clear_all();
            assert_eq!(living.count(), 0);
        }
    });
}

/// The last to keep the pool is one of its own values.
#[test]
fn a_destructor_drops_the_pool_that_is_being_ticked() {
    alone(|| {
        let living = Living::default();
        for all in [tick_all as fn(), clear_all] {
            for _ in 0..ROUNDS {
                let pool = acts();
                let itself = Arc::clone(&pool);
                pool.put(act(&living, move || drop(itself)));
                (0..20).for_each(|_| pool.put(act(&living, || ())));
                drop(pool);
                all();
                all();
                assert_eq!(living.count(), 0);
            }
        }
    });
}

#[test]
fn a_destructor_drops_the_pool_that_several_threads_tick() {
    alone(|| {
        let living = Living::default();
        for _ in 0..ROUNDS / 4 {
            let pool = acts();
            for _ in 0..3 {
                let itself = Arc::clone(&pool);
                pool.put(act(&living, move || drop(itself)));
            }
            (0..20).for_each(|_| pool.put(act(&living, || ())));
            drop(pool);
            thread::scope(|scope| {
                scope.spawn(tick_all);
                scope.spawn(tick_all);
                scope.spawn(clear_all);
            });
            clear_all();
            assert_eq!(living.count(), 0);
        }
    });
}

/// A value that holds a guard of its own pool, as the last to keep it.
struct Keeper {
    _guard: Option<Box<OwnedPoolGuard<Keeper, Make>>>,
    _live: Live,
}

type Make = Box<dyn Fn() -> Keeper + Send + Sync>;

#[test]
fn a_destructor_drops_a_guard_of_the_pool_that_is_being_ticked() {
    alone(|| {
        let living = Living::default();
        for all in [tick_all as fn(), clear_all] {
            for _ in 0..ROUNDS {
                let make = {
                    let living = living.clone();
                    move || Keeper { _guard: None, _live: living.make() }
                };
                let pool = Arc::new(Pool::new(Box::new(make.clone()) as Make));
                let mut keeper = make();
                keeper._guard = Some(Box::new(pool.get_owned()));
                pool.put(keeper);
                drop(pool);
                all();
                all();
                assert_eq!(living.count(), 0);
            }
        }
    });
}

/// A pool that is dropped by a destructor in a tick, whose own values drop a janitor that waits for them.
#[test]
fn a_pool_dropped_by_a_destructor_drops_a_janitor_that_is_about_to_tick() {
    alone(|| {
        let living = Living::default();
        let (inner, outer) = (acts(), acts());
        let is_due = Arc::new(AtomicBool::new(false));
        let (go_on, goes_on) = channel::<()>();
        let in_use = {
            let is_due = Arc::clone(&is_due);
            move || {
                is_due.store(true, SeqCst);
                // Until the destructor has ended.
                _ = goes_on.recv();
                Some(0)
            }
        };
        let janitor = Janitor::every(INSTANT).memory_budget_by(1000, in_use).spawn().unwrap();
        patiently(|| is_due.load(SeqCst).then_some(()));
        let inner = Arc::new(Mutex::new(Some(inner)));
        let dropped = Arc::clone(&inner);
        outer.put(act(&living, move || drop(dropped.lock().unwrap().take())));
        tick_all();
        let waits = move || {
            drop(janitor);
            drop(go_on);
        };
        inner.lock().unwrap().as_ref().expect("it is not dropped yet").put(act(&living, waits));
        // Drops the older value, and with it the inner pool, whose value it finds too young.
        tick_all();
        patiently(|| (living.count() == 0).then_some(()));
    });
}

/// The janitor is about to tick all pools when a destructor, in a tick by another thread, drops it.
#[test]
fn a_destructor_drops_a_janitor_that_is_about_to_tick() {
    alone(|| {
        let living = Living::default();
        for _ in 0..50 {
            let pool = acts();
            let is_due = Arc::new(AtomicBool::new(false));
            let (go_on, goes_on) = channel::<()>();
            let in_use = {
                let is_due = Arc::clone(&is_due);
                move || {
                    is_due.store(true, SeqCst);
                    // Until the destructor begins.
                    _ = goes_on.recv();
                    Some(0)
                }
            };
            let janitor = Janitor::every(INSTANT).memory_budget_by(1000, in_use).spawn().unwrap();
            // First, because janitors of earlier rounds may still be at their last tick, and drop what is put.
            patiently(|| is_due.load(SeqCst).then_some(()));
            pool.put(act(&living, move || {
                drop(go_on);
                drop(janitor);
            }));
            pool.clear();
            patiently(|| (living.count() == 0).then_some(()));
        }
    });
}

#[test]
fn destructors_drop_janitors_while_threads_tick() {
    alone(|| {
        let living = Living::default();
        for _ in 0..200 {
            let pool = acts();
            for _ in 0..3 {
                let janitor = Janitor::every(INSTANT).spawn().unwrap();
                pool.put(act(&living, move || drop(janitor)));
            }
            thread::scope(|scope| {
                scope.spawn(|| tick_twice(&pool));
                scope.spawn(|| tick_all_twice(&pool));
                scope.spawn(|| pool.clear());
            });
            pool.clear();
            patiently(|| (living.count() == 0).then_some(()));
        }
    });
}

/// Two janitors, each of which runs a destructor that drops the other.
#[test]
fn janitors_drop_each_other() {
    alone(|| {
        let living = Living::default();
        for _ in 0..200 {
            let janitors = Arc::new(Mutex::new(Vec::new()));
            let meeting = Arc::new(Meeting::default());
            let pools = [acts(), acts()];
            for pool in &pools {
                let (janitors, meeting) = (Arc::clone(&janitors), Arc::clone(&meeting));
                pool.put(act(&living, move || {
                    meeting.meet();
                    let janitor = janitors.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    drop::<Option<Janitor>>(janitor);
                }));
            }
            for _ in 0..2 {
                let janitor = Janitor::every(INSTANT).spawn().unwrap();
                janitors.lock().unwrap().push(janitor);
            }
            patiently(|| (living.count() == 0).then_some(()));
        }
    });
}

/// A destructor that panics while another thread waits for the tick leaves nothing locked.
#[test]
fn a_destructor_that_panics_while_others_tick_locks_nobody_out() {
    alone(|| {
        crate::process::silence(&["a bomb"]);
        let living = Living::default();
        let pool = acts();
        for _ in 0..ROUNDS / 4 {
            for _ in 0..5 {
                pool.put(act(&living, || panic!("a bomb")));
            }
            thread::scope(|scope| {
                for action in [tick, clear, |_: &Acts| tick_all()] {
                    let pool = &pool;
                    scope.spawn(move || catch_unwind(AssertUnwindSafe(|| action(pool))));
                }
            });
        }
        _ = catch_unwind(AssertUnwindSafe(|| pool.clear()));
        assert_eq!(living.count(), 0);
    });
}
