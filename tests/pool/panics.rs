//! A panic in the user's code costs that value at most.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use pooldeque::Pool;

use crate::live::Living;

fn panics(code: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(code)).is_err()
}

#[test]
fn of_create() {
    let fails = Cell::new(true);
    let pool = Pool::new(|| {
        assert!(!fails.get(), "create fails");
        7
    });
    assert!(panics(|| drop(pool.get())));
    fails.set(false);
    drop(pool.get());
    assert_eq!(pool.take(), Some(7));
}

#[test]
fn of_a_prefill_leaves_what_was_made_before() {
    let made = Cell::new(0);
    let pool = Pool::new(|| {
        made.set(made.get() + 1);
        assert!(made.get() < 4, "create fails");
        made.get()
    });
    assert!(panics(|| pool.prefill(10)));
    assert_eq!(pool.stats().idle, 3);
}

#[test]
fn of_the_reset() {
    let living = Living::default();
    let pool = Pool::new(|| (living.make(), false)).with_reset(|(_, fails)| assert!(!*fails, "reset fails"));
    pool.get().1 = false;
    assert!(panics(|| pool.get().1 = true));
    assert_eq!(living.count(), 0, "that value is lost");
    drop(pool.get());
    assert_eq!(pool.stats().idle, 1);
}

#[test]
fn of_the_rule() {
    let living = Living::default();
    let pool = Pool::new(|| (living.make(), false)).with_retain(|(_, fails)| {
        assert!(!*fails, "the rule fails");
        true
    });
    assert!(panics(|| pool.put((living.make(), true))));
    assert_eq!(living.count(), 0, "that value is lost");
    pool.put((living.make(), false));
    assert!(pool.take().is_some());
}

#[test]
fn of_the_reset_while_a_panic_unwinds_is_swallowed() {
    let living = Living::default();
    let pool = Pool::new(|| living.make()).with_reset(|_| panic!("reset fails"));
    assert!(panics(|| {
        let _guard = pool.get();
        panic!("the first one");
    }));
    assert_eq!(living.count(), 0);
    drop(pool.take());
}

/// A value whose destructor panics if it is told to.
struct Bomb {
    dropped: Arc<AtomicUsize>,
    is_live: bool,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, SeqCst);
        assert!(!self.is_live, "a destructor fails");
    }
}

#[test]
fn of_destructors_in_a_tick() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let bomb = |is_live| Bomb { dropped: Arc::clone(&dropped), is_live };
    let pool = Pool::new(|| bomb(false));
    (0..600).for_each(|number| pool.put(bomb(number % 100 == 0)));
    pool.tick();
    assert!(panics(|| pool.tick()));
    assert_eq!(dropped.load(SeqCst), 600, "the others are dropped all the same");
    pool.put(bomb(false));
    pool.tick();
    assert!(pool.take().is_some(), "and the pool has ticked");
    assert_eq!(pool.stats().ticks, 3);
}

#[test]
fn of_destructors_when_the_pool_is_dropped() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let bomb = |is_live| Bomb { dropped: Arc::clone(&dropped), is_live };
    let pool = Pool::new(|| bomb(false));
    (0..30).for_each(|number| pool.put(bomb(number % 3 == 0)));
    pool.tick();
    (0..30).for_each(|number| pool.put(bomb(number % 3 == 0)));
    assert!(panics(|| drop(pool)));
    assert_eq!(dropped.load(SeqCst), 60);
}

#[test]
fn of_the_destructor_of_a_value_that_there_is_no_room_for() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let bomb = |is_live| Bomb { dropped: Arc::clone(&dropped), is_live };
    let pool = Pool::new(|| bomb(false)).with_max_idle(1);
    pool.put(bomb(false));
    assert!(panics(|| pool.put(bomb(true))));
    assert_eq!(dropped.load(SeqCst), 1);
    assert!(pool.take().is_some());
}
