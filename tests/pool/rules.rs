//! What a pool keeps, and what it does not.

use std::sync::{Arc, Barrier};
use std::thread;

use pooldeque::Pool;
use pooldeque::pool::DynPool;

#[test]
fn what_the_rule_refuses_is_dropped() {
    let pool = Pool::new(Vec::<u8>::new).with_retain(|buffer| buffer.capacity() <= 64);
    pool.get().reserve_exact(65);
    assert_eq!(pool.take(), None);
    pool.put(Vec::with_capacity(64));
    assert_eq!(pool.take().map(|buffer| buffer.capacity()), Some(64));
}

#[test]
fn the_rule_is_asked_after_the_reset() {
    let pool = Pool::new(Vec::<u8>::new).with_retain(Vec::is_empty).with_reset(Vec::clear);
    pool.put(vec![1]);
    assert_eq!(pool.take(), Some(Vec::new()));
}

type Predicate = Box<dyn Fn(&Vec<u8>) -> bool + Send + Sync>;

/// A function, a pointer to one, and closures that capture nothing, a number, an `Arc`, or a box.
#[test]
fn a_rule_may_be_any_closure_of_two_words() {
    let limit = String::from("64").parse().unwrap();
    let limits = Arc::new([0_usize, limit, 0]);
    let boxed: Predicate = {
        let [low, high, most] = [0, limit, 1000];
        Box::new(move |buffer| (low..=high.min(most)).contains(&buffer.capacity()))
    };
    let shared = Arc::clone(&limits);
    let new = || Pool::new(Vec::<u8>::new).with_reset(Vec::clear);
    let pools = [
        new().with_retain(|buffer| buffer.capacity() <= 64),
        new().with_retain((|buffer| buffer.capacity() <= 64) as fn(&Vec<u8>) -> bool),
        new().with_retain(move |buffer| buffer.capacity() <= limit),
        new().with_retain(move |buffer| buffer.capacity() <= shared[1]),
        new().with_retain(boxed),
    ];
    for (index, pool) in pools.iter().enumerate() {
        pool.put(Vec::with_capacity(65));
        assert_eq!(pool.take(), None, "pool {index}");
        pool.put(vec![7; 64]);
        assert_eq!(pool.take(), Some(Vec::new()), "pool {index}");
    }
    // What they capture goes with them.
    assert_eq!(Arc::strong_count(&limits), 2);
    drop(pools);
    assert_eq!(Arc::strong_count(&limits), 1);
}

#[test]
#[should_panic(expected = "a pool can have one reset")]
fn a_second_reset_is_refused() {
    let _ = Pool::new(String::new).with_reset(String::clear).with_reset(|text| text.push('x'));
}

#[test]
#[should_panic(expected = "a pool can have one rule of what to retain")]
fn a_second_rule_of_what_to_retain_is_refused() {
    let _ = Pool::new(String::new).with_retain(String::is_empty).with_retain(|_| true);
}

#[test]
fn a_pool_has_a_type_without_its_constructors() {
    let size = String::from("100").parse().unwrap();
    let pool = Pool::new(move || Vec::<u8>::with_capacity(size)).with_reset(Vec::clear);
    let boxed: Box<DynPool<Vec<u8>>> = Box::new(pool);
    assert_eq!(size_of_val(&boxed), 16);
    boxed.get().push(1);
    assert_eq!(boxed.take().map(|buffer| (buffer.len(), buffer.capacity())), Some((0, 100)));
    let shared: Arc<DynPool<Vec<u8>>> = Arc::new(Pool::new(Vec::new));
    thread::spawn({
        let guard = shared.get_owned();
        move || drop(guard)
    })
    .join()
    .unwrap();
    assert_eq!(shared.stats().idle, 1);
}

#[test]
fn each_thread_keeps_so_many_and_no_more() {
    let pool = Pool::new(|| 0).with_max_idle(3);
    let fill = || (0..10).for_each(|number| pool.put(number));
    fill();
    assert_eq!(pool.stats().idle, 3);
    thread::scope(|scope| {
        scope.spawn(fill);
    });
    assert_eq!(pool.stats().idle, 6);
    // What the last tick has left counts as well.
    pool.tick();
    fill();
    assert_eq!(pool.stats().idle, 6);
    pool.prefill(10);
    assert_eq!(pool.stats().idle, 6);
    assert_eq!(pool.stats().drops.full, 7 + 7 + 10 + 1);
}

#[test]
fn a_thief_takes_no_more_than_it_may_keep() {
    let pool = Pool::new(|| 0).with_max_idle(40);
    let meeting = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            pool.prefill(38);
            pool.tick();
            meeting.wait();
            meeting.wait();
            // Of twenty there, one to return and two for which there is room beside the victims.
            assert!(pool.take().is_some());
            assert_eq!(std::iter::from_fn(|| pool.take_local()).count(), 40);
        });
        meeting.wait();
        pool.prefill(20);
        meeting.wait();
    });
}

#[test]
#[should_panic(expected = "at least one value must be allowed to lie idle for each thread")]
fn a_pool_that_keeps_nothing_is_refused() {
    let _ = Pool::new(|| 0).with_max_idle(0);
}

#[test]
fn a_local_take_leaves_other_threads_values_alone() {
    let pool = Pool::new(|| 0);
    (0..5).for_each(|number| pool.put(number));
    thread::scope(|scope| {
        scope.spawn(|| {
            assert_eq!(pool.take_local(), None);
            pool.tick();
            assert_eq!(pool.take_local(), None, "nor those that the tick has left");
            assert!(pool.take().is_some());
        });
    });
    assert!(pool.take_local().is_some());
}

#[test]
fn values_are_looked_for_in_gos_order() {
    let pool = Pool::new(|| "new");
    let take = || pool.take();
    // The victims first, so that they are there to be left for last.
    for value in ["victim, private", "victim, oldest", "victim, newest"] {
        pool.put(value);
    }
    pool.tick();
    let (has_put, ends) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in ["another's, private", "another's, oldest", "another's, newest"] {
                pool.put(value);
            }
            has_put.wait();
            ends.wait();
        });
        has_put.wait();
        for value in ["private", "oldest", "newest"] {
            pool.put(value);
        }
        assert_eq!([take(), take(), take()], [Some("private"), Some("newest"), Some("oldest")]);
        assert_eq!(take(), Some("another's, oldest"));
        assert_eq!(take(), Some("another's, newest"));
        assert_eq!(
            [take(), take(), take()],
            [Some("victim, private"), Some("victim, oldest"), Some("victim, newest")]
        );
        assert_eq!(take(), None, "a private cell is its thread's alone");
        ends.wait();
    });
}

#[test]
fn a_failed_creation_is_the_callers() {
    let pool = Pool::new(|| 1);
    assert_eq!(pool.try_get_with(|| Err("none to be had")).map(|_| ()), Err("none to be had"));
    pool.put(7);
    assert_eq!(pool.try_get_with(|| Err("not asked")).map(|guard| *guard), Ok(7));
    assert_eq!((pool.stats().failed, pool.stats().misses, pool.stats().gets()), (1, 0, 1));
}
