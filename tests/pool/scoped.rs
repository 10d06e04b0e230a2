//! Pools whose values borrow.

use std::cell::Cell;
use std::thread;

use pooldeque::Pool;

use crate::live::Living;

/// Looks at what it borrows when it is dropped.
struct Borrowing<'a> {
    text: &'a str,
    dropped: &'a Counter,
}

/// Counts, on any thread.
#[derive(Default)]
struct Counter(std::sync::atomic::AtomicUsize);

impl Counter {
    fn get(&self) -> usize {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl Drop for Borrowing<'_> {
    fn drop(&mut self) {
        assert_eq!(self.text, "borrowed");
        self.dropped.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}

#[test]
fn values_that_borrow_go_from_thread_to_thread_and_are_gone_with_the_pool() {
    let (text, dropped) = (String::from("borrowed"), Counter::default());
    let pool = Pool::scoped(|| Borrowing { text: &text, dropped: &dropped });
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                (0..100).for_each(|_| drop((pool.get(), pool.get())));
            });
        }
    });
    let created = pool.stats().misses;
    assert_eq!(dropped.get(), 0);
    drop(pool);
    assert_eq!(dropped.get() as u64, created);
    drop(text);
}

#[test]
fn they_age_by_their_own_pools_ticks() {
    let (text, dropped) = (String::from("borrowed"), Counter::default());
    let pool = Pool::scoped(|| Borrowing { text: &text, dropped: &dropped });
    drop((pool.get(), pool.get()));
    pool.tick();
    assert_eq!(dropped.get(), 0);
    pool.tick();
    assert_eq!(dropped.get(), 2);
    drop((pool.get(), pool.get()));
    pool.clear();
    assert_eq!(dropped.get(), 4);
}

/// The pool is forgotten, and with it what a thread holds in a private cell that ends after what the value borrows.
#[test]
fn what_a_forgotten_pool_holds_is_never_looked_at() {
    let (put, end) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            let (text, dropped) = (String::from("borrowed"), Counter::default());
            let pool = Pool::scoped(|| Borrowing { text: &text, dropped: &dropped });
            drop((pool.get(), pool.get()));
            std::mem::forget(pool);
            // What was borrowed ends here, the thread later.
            drop((text, dropped));
            put.wait();
            end.wait();
        });
        put.wait();
        end.wait();
    });
}

#[test]
fn values_need_not_be_borrowed() {
    let living = Living::default();
    let pool = Pool::scoped(|| living.make());
    drop(pool.get());
    assert_eq!(living.count(), 1);
    drop(pool);
    assert_eq!(living.count(), 0);
}

#[test]
fn a_constructor_may_borrow_too() {
    let count = thread::scope(|scope| {
        let made = Cell::new(0);
        let text = String::from("a b");
        let pool = Pool::scoped(|| {
            made.set(made.get() + 1);
            Vec::<&str>::new()
        });
        pool.get().extend(text.split(' '));
        assert_eq!(pool.take().as_deref(), Some(&["a", "b"][..]));
        scope.spawn(|| ());
        drop(pool);
        made.get()
    });
    assert_eq!(count, 1);
}
