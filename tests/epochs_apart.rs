//! The deques' epoch is a thing of this crate alone: other users of crossbeam-epoch neither hold it up nor
//! are held up by it, and what they deferred does not run in a call of ours. Nor does a destructor run
//! while a deque of this crate is pinned by the call that runs it.
//!
//! Memory is counted over the whole process, so the tests take turns, in a process of their own.

#![cfg(not(any(loom, shuttle)))]

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counting_allocator::{after_a_burst, allocations_during, enter_the_epoch_a_few_times, live_bytes};
use pooldeque::{Pool, unbounded};

const HALF_OF_A_BURST: usize = 8_000_000;

static TURN: Mutex<()> = Mutex::new(());

fn in_turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the memory of rings that are emptied now is given back.
fn rings_are_freed() -> bool {
    let before = live_bytes();
    let deque = after_a_burst();
    enter_the_epoch_a_few_times();
    let rest = live_bytes();
    drop(deque);
    enter_the_epoch_a_few_times();
    // The deque keeps its newest ring alone, which is half of all that there was.
    rest < before + HALF_OF_A_BURST * 3 / 2 && live_bytes() < before + HALF_OF_A_BURST
}

/// Whether what is deferred now, by another user of crossbeam-epoch, comes to run.
fn deferred_by_others_runs() -> bool {
    let has_run = Arc::new(AtomicBool::new(false));
    let runs = Arc::clone(&has_run);
    let guard = crossbeam_epoch::pin();
    guard.defer(move || runs.store(true, SeqCst));
    guard.flush();
    drop(guard);
    for _ in 0..16 {
        crossbeam_epoch::pin().flush();
    }
    has_run.load(SeqCst)
}

#[test]
fn a_held_batch_holds_up_no_other_user_of_crossbeam_epoch() {
    let _turn = in_turn();
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..4));
    let held = stealer.steal_batch(2);
    assert!(deferred_by_others_runs());
    assert!(held.eq(0..2));
}

#[test]
fn another_user_of_crossbeam_epoch_keeps_no_ring_from_being_freed() {
    let _turn = in_turn();
    let _pinned = crossbeam_epoch::pin();
    assert!(rings_are_freed());
}

#[test]
fn a_held_batch_keeps_rings_of_every_deque() {
    let _turn = in_turn();
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..4));
    let held = stealer.steal_batch(2);
    assert!(!rings_are_freed());
    drop(held);
    enter_the_epoch_a_few_times();
    assert!(rings_are_freed());
}

#[test]
fn what_others_deferred_does_not_run_in_a_call_of_a_deque() {
    let _turn = in_turn();
    thread_local! {
        static IN_A_CALL: Cell<bool> = const { Cell::new(false) };
    }
    let caught = Arc::new(AtomicBool::new(false));
    for _ in 0..4 {
        let caught = Arc::clone(&caught);
        let guard = crossbeam_epoch::pin();
        guard.defer(move || caught.fetch_or(IN_A_CALL.get(), SeqCst));
        guard.flush();
    }
    IN_A_CALL.set(true);
    assert!(rings_are_freed());
    IN_A_CALL.set(false);
    assert!(!caught.load(SeqCst));
}

/// A value whose destructor works with another deque, and looks whether its memory comes back.
struct Works(Arc<Mutex<Vec<bool>>>);

impl Drop for Works {
    fn drop(&mut self) {
        let freed = rings_are_freed();
        self.0.lock().unwrap().push(freed);
    }
}

#[test]
fn the_destructors_that_a_dropped_batch_runs_find_no_epoch_entered() {
    let _turn = in_turn();
    let freed = Arc::new(Mutex::new(Vec::new()));
    let (mut worker, stealer) = unbounded::with_capacity(1);
    worker.push_batch(&mut (0..4).map(|_| Works(Arc::clone(&freed))));
    // Over two rings.
    drop(stealer.steal_batch(2));
    assert_eq!(*freed.lock().unwrap(), [true; 2]);
    // And two again, from the newest ring back.
    drop(worker.pop_batch(2));
    assert_eq!(*freed.lock().unwrap(), [true; 4]);
}

#[test]
fn a_destructor_may_use_the_slots_of_the_batch_it_was_dropped_with() {
    struct PushesBack(Arc<Mutex<unbounded::Worker<Option<PushesBack>>>>);
    impl Drop for PushesBack {
        fn drop(&mut self) {
            let worker = self.0.lock().unwrap();
            // All slots of the batch are vacant by now: four pushes do not make the deque grow.
            if worker.is_empty() {
                assert_eq!(allocations_during(|| (0..4).for_each(|_| worker.push(None))), 0);
            }
        }
    }
    let _turn = in_turn();
    let (worker, stealer) = unbounded::with_capacity(4);
    let worker = Arc::new(Mutex::new(worker));
    for _ in 0..4 {
        worker.lock().unwrap().push(Some(PushesBack(Arc::clone(&worker))));
    }
    drop(stealer.steal_batch(4));
    assert_eq!(stealer.len(), 4);
}

#[test]
fn a_shrink_gives_the_memory_back_before_it_returns() {
    let _turn = in_turn();
    let before = live_bytes();
    let (worker, _stealer) = after_a_burst();
    assert!(live_bytes() > before + HALF_OF_A_BURST);
    worker.shrink_to(8);
    assert!(live_bytes() < before + 10_000, "{}", live_bytes() - before);
}

/// Whether a pool's rings are freed when it has been emptied by another thread.
fn pool_rings_are_freed() -> bool {
    const COUNT: usize = 200_000;
    let pool: Pool<usize> = Pool::new(|| 0);
    let before = live_bytes();
    (0..COUNT).for_each(|value| pool.put(value));
    let full = live_bytes() - before;
    std::thread::scope(|scope| {
        scope.spawn(|| (0..COUNT - 1).for_each(|_| assert!(pool.take().is_some())));
    });
    // A steal now and then lets the epoch move on.
    std::thread::scope(|scope| {
        scope.spawn(|| (0..2_000).for_each(|_| _ = pool.take()));
    });
    let left = live_bytes() - before;
    left < full * 2 / 3
}

#[test]
fn a_held_batch_keeps_no_ring_of_a_pool() {
    let _turn = in_turn();
    assert!(pool_rings_are_freed());
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..4));
    let held = stealer.steal_batch(2);
    assert!(pool_rings_are_freed());
    drop(held);
}
