//! Values as large as a good part of the stack.
//!
//! An unoptimised build keeps a copy of a value for each step of a call, its caller's included: with 256 KiB these
//! tests are for optimised builds, `cargo test --release --test faults large`, which `cargo xtask verify` runs too.

use std::hint::black_box;
use std::sync::Arc;
use std::thread;

use pooldeque::pool::IdleBudget;
use pooldeque::{OwnedPoolGuard, Pool, PoolGuard};

use crate::process::alone;

/// The usual size of a thread's stack.
const STACK: usize = 2 << 20;

/// A value that takes up much room.
struct Large<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Drop for Large<SIZE> {
    fn drop(&mut self) {
        black_box(self.0[SIZE / 2]);
    }
}

fn make<const SIZE: usize>() -> Large<SIZE> {
    Large([7; SIZE])
}

type Larges<const SIZE: usize> = Pool<Large<SIZE>>;

fn on_a_usual_stack<const SIZE: usize>(work: fn(&Arc<Larges<SIZE>>)) {
    let pool = Arc::new(<Larges<SIZE>>::new(make));
    // Its own, so that the harness has taken nothing of it.
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || work(&pool));
    thread.expect("a thread").join().expect("it does not panic");
}

macro_rules! calls {
    ($($name:ident: $work:expr;)+) => {
        mod of_64_kib {
            use super::*;
            $(#[test] fn $name() { alone(|| on_a_usual_stack::<{ 64 << 10 }>($work)); })+
        }
        #[cfg(not(debug_assertions))]
        mod of_256_kib {
            use super::*;
            $(#[test] fn $name() { alone(|| on_a_usual_stack::<{ 256 << 10 }>($work)); })+
        }
    };
}

calls! {
    take_from_an_empty_pool: |pool| assert!(pool.take().is_none());
    take_local_from_an_empty_pool: |pool| assert!(pool.take_local().is_none());
    try_get_from_an_empty_pool: |pool| assert!(pool.try_get().is_none());
    first_put: |pool| pool.put(make());
    second_put: |pool| {
        pool.put(make());
        pool.put(make());
    };
    put_and_take: |pool| {
        pool.put(make());
        assert_eq!(pool.take().map(|value| value.0[9]), Some(7));
    };
    take_from_the_shared_part: |pool| {
        pool.prefill(2);
        assert_eq!(pool.take().map(|value| value.0[9]), Some(7));
        assert_eq!(pool.take().map(|value| value.0[9]), Some(7));
    };
    take_from_another_thread: |pool| {
        pool.prefill(5);
        let takes = Arc::clone(pool);
        let thread = thread::Builder::new().stack_size(STACK);
        let taken = thread.spawn(move || takes.take().map(|value| value.0[9])).expect("a thread").join();
        assert_eq!(taken.expect("it does not panic"), Some(7));
    };
    take_of_a_victim: |pool| {
        pool.prefill(2);
        pool.tick();
        assert_eq!(pool.take().map(|value| value.0[9]), Some(7));
    };
    get_and_the_guards_drop: |pool| {
        assert_eq!(pool.get().0[9], 7);
        assert_eq!(pool.get().0[9], 7);
    };
    two_guards: |pool| {
        let (one, other) = (pool.get(), pool.get());
        assert_eq!(one.0[9] + other.0[9], 14);
    };
    try_get_with: |pool| {
        assert_eq!(pool.try_get_with(|| Ok::<_, ()>(make())).map(|value| value.0[9]), Ok(7));
        assert!(pool.try_get_with(|| Err(())).is_ok());
    };
    get_owned: |pool| {
        assert_eq!(pool.get_owned().0[9], 7);
        assert_eq!(pool.get_owned().0[9], 7);
    };
    detach: |pool| {
        assert_eq!(PoolGuard::detach(pool.get()).0[9], 7);
    };
    detach_an_owned_guard: |pool| {
        assert_eq!(OwnedPoolGuard::detach(pool.get_owned()).0[9], 7);
    };
    prefill: |pool| pool.prefill(3);
    tick: |pool| {
        pool.prefill(3);
        pool.put(make());
        pool.tick();
        pool.tick();
        pool.tick();
    };
    clear: |pool| {
        pool.prefill(3);
        pool.put(make());
        pool.clear();
    };
    drop_of_the_pool: drops_a_pool;
    rules: keeps_by_rules;
    budget: keeps_by_a_budget;
}

fn drops_a_pool<const SIZE: usize>(_: &Arc<Larges<SIZE>>) {
    let pool = <Larges<SIZE>>::new(make);
    pool.prefill(3);
    pool.put(make());
    drop(pool);
}

fn keeps_by_rules<const SIZE: usize>(_: &Arc<Larges<SIZE>>) {
    let pool = <Larges<SIZE>>::new(make).with_reset(|value| value.0[9] = 8).with_max_idle(1);
    drop((pool.get(), pool.get()));
    assert_eq!(pool.get().0[9], 8);
    let pool = <Larges<SIZE>>::new(make).with_retain(|_| false);
    pool.put(make());
    drop(pool.get());
}

fn keeps_by_a_budget<const SIZE: usize>(_: &Arc<Larges<SIZE>>) {
    static BUDGET: IdleBudget = IdleBudget::new(1);
    let pool = <Larges<SIZE>>::new(make).with_budget(&BUDGET, |_| 1);
    pool.prefill(2);
    assert_eq!(BUDGET.used(), 1);
    pool.tick();
    drop(pool.get());
    pool.clear();
    assert_eq!(BUDGET.used(), 0);
}
