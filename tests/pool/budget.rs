//! A cap in bytes on what is idle.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use pooldeque::Pool;
use pooldeque::pool::IdleBudget;

use crate::live::{Live, Living};

/// A budget for as long as the tests run.
fn budget(limit: usize) -> &'static IdleBudget {
    Box::leak(Box::new(IdleBudget::new(limit)))
}

#[test]
fn idle_values_are_charged_and_those_in_use_are_not() {
    let budget = budget(1000);
    let pool = Pool::new(|| Vec::<u8>::with_capacity(300)).with_budget(budget, Vec::capacity);
    let held: Vec<_> = (0..5).map(|_| pool.get()).collect();
    assert_eq!(budget.used(), 0);
    drop(held);
    assert_eq!((budget.used(), pool.stats().idle, pool.stats().drops.full), (900, 3, 2));
    let one = pool.take().unwrap();
    assert_eq!(budget.used(), 600);
    drop(one);
    // In place of the dropped one there is room for one.
    pool.put(Vec::with_capacity(400));
    pool.put(Vec::with_capacity(1));
    assert_eq!((budget.used(), pool.stats().idle), (1000, 3));
}

#[test]
fn a_budget_says_what_its_limit_is() {
    assert_eq!([0, 2, usize::MAX].map(|limit| IdleBudget::new(limit).limit()), [0, 2, usize::MAX]);
}

#[test]
fn a_limit_is_met_exactly_and_a_value_above_it_is_never_kept() {
    let budget = budget(10);
    let pool = Pool::new(|| 0_usize).with_budget(budget, |bytes| *bytes);
    for (bytes, used) in [(11, 0), (usize::MAX, 0), (10, 10), (usize::MAX, 10), (1, 10), (0, 10)] {
        pool.put(bytes);
        assert_eq!(budget.used(), used, "after {bytes}");
    }
    assert_eq!(pool.stats().idle, 2);
}

#[test]
fn prefilled_values_are_charged() {
    let budget = budget(10);
    let pool = Pool::new(|| ()).with_budget(budget, |()| 4);
    pool.prefill(5);
    assert_eq!((budget.used(), pool.stats().idle), (8, 2));
    assert!(pool.take_local().is_some());
    assert_eq!(budget.used(), 4);
}

#[test]
fn ticks_clears_and_the_drop_give_the_charge_back() {
    let (budget, living) = (budget(10), Living::default());
    let pool = Pool::new(|| living.make()).with_budget(budget, |_| 1);
    let fill = |pool: &Pool<Live, _>| (0..20).for_each(|_| pool.put(living.make()));
    fill(&pool);
    assert_eq!((budget.used(), living.count()), (10, 10));
    pool.tick();
    assert_eq!(budget.used(), 10, "victims are idle as well");
    assert!(pool.take().is_some());
    assert_eq!(budget.used(), 9);
    pool.tick();
    assert_eq!((budget.used(), living.count()), (0, 0));
    fill(&pool);
    pool.clear();
    assert_eq!((budget.used(), living.count()), (0, 0));
    fill(&pool);
    drop(pool);
    assert_eq!((budget.used(), living.count()), (0, 0));
}

#[test]
fn pools_of_several_types_share_one() {
    let budget = budget(100);
    let bytes = Pool::new(Vec::<u8>::new).with_budget(budget, Vec::capacity);
    let texts = Pool::new(String::new).with_budget(budget, String::capacity);
    bytes.put(Vec::with_capacity(60));
    texts.put(String::with_capacity(60));
    assert!(texts.take().is_none());
    drop(bytes);
    texts.put(String::with_capacity(60));
    assert_eq!(budget.used(), 60);
}

/// A value is idle only while it is charged, so the sum of the idle ones stays within the limit at every moment.
#[test]
fn threads_that_share_a_budget_never_exceed_it() {
    const LIMIT: usize = 7;
    let (budget, living) = (budget(LIMIT), Living::default());
    let pool = Pool::new(|| living.make()).with_budget(budget, |_| 1);
    let (start, is_done) = (Barrier::new(5), AtomicBool::new(false));
    thread::scope(|scope| {
        let users: Vec<_> = (0..4)
            .map(|seed| {
                let (pool, living, start) = (&pool, &living, &start);
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    start.wait();
                    for _ in 0..20_000 {
                        match random.u8(..10) {
                            0 => pool.tick(),
                            1..5 => drop(pool.take()),
                            _ => pool.put(living.make()),
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            start.wait();
            while !is_done.load(SeqCst) {
                assert!(budget.used() <= LIMIT);
            }
        });
        users.into_iter().for_each(|user| user.join().unwrap());
        is_done.store(true, SeqCst);
    });
    assert_eq!(budget.used(), living.count());
    pool.clear();
    assert_eq!((budget.used(), living.count()), (0, 0));
}

/// The number of bytes of a value, if it can be had.
fn size_of_some(value: &Option<Live>) -> usize {
    assert!(value.is_some(), "no value, no size");
    1
}

#[test]
fn a_panic_of_the_size_costs_the_value_it_was_called_for() {
    let (budget, living) = (budget(10), Living::default());
    let pool = Pool::new(|| None).with_budget(budget, size_of_some);
    pool.put(Some(living.make()));
    let panic = thread::scope(|scope| scope.spawn(|| pool.put(None)).join()).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"no value, no size"));
    assert_eq!((budget.used(), living.count(), pool.stats().idle), (1, 1, 1));
    drop(pool);
    assert_eq!((budget.used(), living.count()), (0, 0));
}

/// Values whose size cannot be had any more by the time they are taken or dropped.
#[test]
fn a_panic_of_the_size_of_an_idle_value_loses_nothing_but_its_charge() {
    static IS_BROKEN: AtomicBool = AtomicBool::new(false);
    fn size(_: &Live) -> usize {
        assert!(!IS_BROKEN.load(SeqCst), "no size any more");
        1
    }
    let (budget, living) = (budget(10), Living::default());
    let pool = Pool::new(|| living.make()).with_budget(budget, size);
    (0..6).for_each(|_| pool.put(living.make()));
    IS_BROKEN.store(true, SeqCst);
    assert!(pool.take().is_some());
    pool.tick();
    pool.tick();
    assert_eq!((budget.used(), living.count()), (6, 0));
    IS_BROKEN.store(false, SeqCst);
    (0..6).for_each(|_| pool.put(living.make()));
    assert_eq!((budget.used(), living.count()), (10, 4));
}
