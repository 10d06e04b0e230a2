//! Threads come and go.

use std::sync::Barrier;
use std::thread;

use pooldeque::Pool;

use crate::live::Living;

#[test]
fn a_static_pool_serves_every_thread() {
    static BUFFERS: Pool<Vec<u8>> = Pool::new(Vec::new);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| BUFFERS.get().push(1));
        }
    });
    assert!(BUFFERS.stats().idle >= 1);
}

#[test]
fn thousands_of_threads_at_once_have_their_parts() {
    const THREADS: usize = 2_000;
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    let all_there = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let small = thread::Builder::new().stack_size(64 << 10);
            let spawned = small.spawn_scoped(scope, || {
                drop(pool.get());
                all_there.wait();
                let (first, second) = (pool.get(), pool.get());
                drop((first, second));
            });
            spawned.expect("so many threads can be started");
        }
    });
    assert_eq!(pool.stats().idle, living.count() as u64);
    pool.tick();
    pool.tick();
    assert_eq!(living.count(), 0);
}

#[test]
fn what_a_thread_leaves_is_taken_by_others() {
    let living = Living::default();
    let pool = Pool::new(|| living.make());
    thread::scope(|scope| {
        scope.spawn(|| (0..100).for_each(|_| pool.put(living.make())));
    });
    let taken = std::iter::from_fn(|| pool.take()).count();
    // One may lie in the private place of a slot that nobody holds.
    assert!(taken >= 99, "{taken}");
}
