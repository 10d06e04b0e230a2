//! Threads that come and go one after the other use one slot, and leave nothing more behind than one thread.
//!
//! Alone in its process, for other tests' threads would take slots in between.

#![cfg(not(any(loom, shuttle)))]

use std::thread;

use pooldeque::Pool;

#[test]
fn short_lived_threads_leave_nothing_behind() {
    let pool = Pool::new(|| 0);
    for _ in 0..1_000 {
        thread::scope(|scope| {
            let thread = scope.spawn(|| drop((pool.get(), pool.get())));
            // To be joined by hand: a scope waits for a thread's work, not for its end.
            thread.join().unwrap();
        });
    }
    let stats = pool.stats();
    assert_eq!((stats.misses, stats.idle), (2, 2));
}
