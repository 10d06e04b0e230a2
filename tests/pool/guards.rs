//! Guards go anywhere, and their values find their way back from there.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Waker};
use std::thread;

use pooldeque::{BufferPool, OwnedPoolGuard, Pool, PoolGuard};

use crate::live::{Live, Living};

#[test]
fn a_guard_resets_and_returns_its_value() {
    let pool = Pool::new(Vec::<u8>::new).with_reset(Vec::clear);
    let mut list = pool.get();
    list.extend(b"some");
    let place = list.as_ptr();
    drop(list);
    let list = pool.get();
    assert!(list.is_empty());
    assert_eq!(list.as_ptr(), place);
}

#[test]
fn a_guard_dropped_elsewhere_goes_to_that_threads_part() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    let guard = pool.get();
    thread::scope(|scope| {
        scope.spawn(|| {
            drop(guard);
            assert!(pool.take_local().is_some());
        });
    });
    assert_eq!(living.count(), 0);
}

#[test]
fn an_owned_guard_keeps_its_pool() {
    let living = Living::default();
    let pool = {
        let living = living.clone();
        Arc::new(Pool::new(move || living.make()))
    };
    let guard = pool.get_owned();
    drop(pool);
    assert_eq!(living.count(), 1);
    thread::spawn(move || drop(guard)).join().unwrap();
    assert_eq!(living.count(), 0);
}

#[test]
fn a_detached_value_is_the_callers() {
    let living = Living::default();
    let pool = Arc::new(Pool::new(|| living.make()));
    let values = [PoolGuard::detach(pool.get()), OwnedPoolGuard::detach(pool.get_owned())];
    assert!(pool.take().is_none());
    assert_eq!(Arc::strong_count(&pool), 1);
    drop(values);
    assert_eq!(living.count(), 0);
}

#[test]
fn a_forgotten_guard_leaks_its_value_and_no_more() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    std::mem::forget(pool.get());
    drop(pool.get());
    pool.clear();
    assert_eq!(living.count(), 1);
}

/// A future that yields once while it holds a guard.
async fn holds_a_guard(pool: &Pool<String>) -> usize {
    let mut line = pool.get();
    line.push_str("before");
    let mut has_yielded = false;
    poll_fn(|_| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        Poll::Pending
    })
    .await;
    line.push_str(" and after");
    line.len()
}

#[test]
fn a_guard_is_held_across_an_await_from_thread_to_thread() {
    let pool: Pool<String> = Pool::new(String::new);
    let mut future = pin!(holds_a_guard(&pool));
    let first = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(first, Poll::Pending);
    thread::scope(|scope| {
        let second = scope.spawn(move || future.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        assert_eq!(second.join().unwrap(), Poll::Ready("before and after".len()));
    });
}

#[test]
fn a_guard_dropped_by_a_panic_returns_its_value() {
    let pool = Pool::new(|| 7);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guard = pool.get();
        panic!("with a guard");
    }));
    assert!(panicked.is_err());
    assert_eq!(pool.take(), Some(7));
}

/// Uses the pool when its thread ends.
struct AtTheEnd(RefCell<Option<Use>>);
type Use = (Arc<Pool<Live, Make>>, OwnedPoolGuard<Live, Make>, Sender<bool>);
type Make = Box<dyn Fn() -> Live + Send + Sync>;

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let (pool, guard, done) = self.0.take().unwrap();
        drop(guard);
        // One for the caller, one to go back.
        let found = pool.take().is_some();
        drop(pool.get());
        done.send(found).unwrap();
    }
}

thread_local! {
    static BEFORE: AtTheEnd = const { AtTheEnd(RefCell::new(None)) };
    static AFTER: AtTheEnd = const { AtTheEnd(RefCell::new(None)) };
}

#[test]
fn a_pool_is_used_by_the_destructors_of_thread_locals() {
    let living = Living::default();
    let make: Make = Box::new({
        let living = living.clone();
        move || living.make()
    });
    let pool = Arc::new(Pool::new(make));
    let (done, is_done) = channel();
    thread::spawn({
        let pool = Arc::clone(&pool);
        move || {
            // One is made before the thread has used the pool and one after, so that one is dropped after
            // the thread has given back its slot, whatever the order.
            BEFORE.with(|before| {
                AFTER.with(|_| ());
                let guard = pool.get_owned();
                before.0.replace(Some((Arc::clone(&pool), guard, done.clone())));
            });
            AFTER.with(|after| {
                let guard = pool.get_owned();
                after.0.replace(Some((Arc::clone(&pool), guard, done)));
            });
        }
    })
    .join()
    .unwrap();
    assert_eq!(is_done.iter().collect::<Vec<_>>(), [true, true]);
    assert_eq!(living.count() as u64, pool.stats().idle);
    drop(pool);
    assert_eq!(living.count(), 0);
}

/// What generic code asks of a value, as `Bytes::from_owner` does.
#[test]
fn a_guard_stands_in_for_its_value() {
    fn length(bytes: impl AsRef<[u8]> + Send + 'static) -> usize {
        bytes.as_ref().len()
    }
    fn is_among(set: &BTreeSet<String>, name: &impl Borrow<String>) -> bool {
        set.contains(name.borrow())
    }

    let pool = Arc::new(Pool::new(|| b"bytes".to_vec()));
    assert_eq!(length(pool.get_owned()), 5);
    assert_eq!(length(pool.try_get_owned().expect("it has come back")), 5);
    let buffers = Arc::new(BufferPool::new());
    let mut buffer = buffers.get_usual_owned();
    buffer.extend([1, 2]);
    AsMut::<[u8]>::as_mut(&mut buffer)[0] = 3;
    assert_eq!(length(buffer), 2);

    let names = Pool::new(|| String::from("a name"));
    assert!(is_among(&BTreeSet::from([String::from("a name")]), &names.get()));
    assert_eq!(*names.get_with(|| String::from("another")), "a name");
    assert_eq!(names.take(), Some(String::from("a name")));
    assert_eq!(*names.get_with(|| String::from("another")), "another");
}
