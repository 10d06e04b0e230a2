//! Guards wherever they may go.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use pooldeque::BufferPool;
use pooldeque::buffers::{Buffer, OwnedBuffer};
use static_assertions::assert_impl_all;

assert_impl_all!(BufferPool: Send, Sync);
assert_impl_all!(Buffer<'static>: Send, Sync);
assert_impl_all!(OwnedBuffer: Send, Sync);

/// A capacity that no new buffer has.
const ODD: usize = 1111;

/// Whether one such buffer lies in the pool; not any more then.
fn has_odd(pool: &BufferPool) -> bool {
    Buffer::detach(pool.get(1024)).capacity() == ODD
}

#[test]
fn a_detached_buffer_keeps_its_content_and_does_not_return() {
    let pool = Arc::new(BufferPool::new());
    pool.put(Vec::with_capacity(ODD));
    let mut buffer = pool.get(1024);
    buffer.extend(b"content");
    assert_eq!(Buffer::detach(buffer), b"content");
    assert!(!has_odd(&pool));

    pool.put(Vec::with_capacity(ODD));
    let mut buffer = pool.get_owned(1024);
    buffer.extend(b"content");
    assert_eq!(OwnedBuffer::detach(buffer), b"content");
    assert!(!has_odd(&pool));
    assert_eq!(Arc::strong_count(&pool), 1);
}

#[test]
fn a_buffer_dropped_on_another_thread_is_found_from_the_first() {
    static BUFFERS: BufferPool = BufferPool::new();
    // A thread's private place is its own, so it takes two for one to be found.
    let buffers = [(); 2].map(|()| {
        BUFFERS.put(Vec::with_capacity(ODD));
        BUFFERS.get(1024)
    });
    thread::spawn(move || drop(buffers)).join().expect("dropping two buffers does not panic");
    assert!(has_odd(&BUFFERS));
}

#[test]
fn an_owned_buffer_outlives_every_other_hold_on_its_pool() {
    let pool = Arc::new(BufferPool::new());
    let observer = Arc::downgrade(&pool);
    let mut buffer = pool.get_owned(1024);
    drop(pool);
    buffer.extend(b"still here");
    assert_eq!(*buffer, b"still here");
    drop(buffer);
    assert!(observer.upgrade().is_none());
}

#[test]
fn a_buffer_returns_empty_while_a_panic_unwinds() {
    let pool = BufferPool::new();
    pool.put(Vec::with_capacity(ODD));
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let mut buffer = pool.get(1024);
        buffer.extend(b"half written");
        panic!("in the middle of writing");
    }));
    assert!(panic.is_err());
    let buffer = pool.get(1024);
    assert_eq!((buffer.capacity(), buffer.len()), (ODD, 0));
}

#[test]
fn buffers_are_returned_counted_and_taken_when_a_threads_locals_are_gone() {
    struct Last(Option<OwnedBuffer>, Arc<BufferPool>);

    impl Drop for Last {
        fn drop(&mut self) {
            drop(self.0.take());
            // Refusals and misses are counted too.
            drop(self.1.get(1 << 24));
            drop(self.1.get(1 << 16));
        }
    }

    thread_local! {
        static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
    }

    for pool in [BufferPool::new(), BufferPool::adaptive()].map(Arc::new) {
        let its_pool = Arc::clone(&pool);
        let thread = thread::spawn(move || {
            // Registered before the pool's own thread-locals, and so dropped after them, or the other way round.
            LAST.set(Some(Last(None, Arc::clone(&its_pool))));
            let buffer = its_pool.get_owned(1024);
            LAST.with_borrow_mut(|last| last.as_mut().expect("set above").0 = Some(buffer));
        });
        thread.join().expect("the end of the thread does not panic");
        assert_eq!(Arc::strong_count(&pool), 1);
    }
}

#[test]
fn constants_and_statics_hold_pools() {
    static SMALL: BufferPool = BufferPool::new().with_max_capacity(64);
    static LEARNING: BufferPool = BufferPool::adaptive().with_max_capacity(1 << 16);
    assert_eq!((SMALL.max_capacity(), LEARNING.max_capacity()), (64, 1 << 16));
    assert_eq!(BufferPool::default().max_capacity(), 1 << 20);
    assert_eq!(format!("{:?}", SMALL), "BufferPool { max_capacity: 64, .. }");
    assert_eq!(format!("{:?}", SMALL.get(1)), "[]");
}
