//! What the deques allocate, and what they give back.

#![cfg(not(any(loom, shuttle)))]

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use counting_allocator::{after_a_burst, allocations_during, enter_the_epoch_a_few_times, live_bytes};
use pooldeque::{Pool, PoolChain, unbounded};

/// What the test harness may allocate meanwhile, and the epoch's own bookkeeping.
const SLACK: usize = 64 * 1024;

/// A slot of a `u64`, and what a burst of a million leaves as its newest ring.
const SLOT: usize = size_of::<(u64, bool)>();
const NEWEST_RING: usize = (1 << 19) * SLOT;

/// One test at a time, for `live_bytes` counts them all.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // This thread's first entry into the epoch allocates; and the garbage of the tests before goes.
    enter_the_epoch_a_few_times();
    alone
}

/// Every operation of either deque's handles, about a thousand of them, none leaving anything behind.
/// No more than 256 values are in the deque at any time.
macro_rules! steady_load {
    ($worker:expr, $stealer:expr, $other:expr) => {{
        let (worker, stealer, other) = (&mut $worker, &$stealer, &mut $other);
        for value in 0..200_u64 {
            _ = worker.push(value);
            _ = worker.push_was_empty(value);
            assert!(worker.pop().is_some());
        }
        for _ in 0..100 {
            assert!(stealer.steal().is_some());
        }
        assert_eq!(worker.push_batch(&mut (0..100)), 100);
        assert_eq!(stealer.steal_batch(60).count(), 60);
        // Dropped with its values in it.
        drop(stealer.steal_batch(30));
        assert_eq!(stealer.steal_into(other, 40), 40);
        assert_eq!(other.pop_batch(30).count(), 30);
        while other.pop().is_some() {}
        drop(worker.pop_batch(30));
        assert_eq!(worker.len() + stealer.len(), 80);
        while worker.pop().is_some() {}
        assert!(worker.is_empty() && stealer.is_empty());
        assert!(worker.pop().is_none() && stealer.steal().is_none());
        drop(stealer.clone());
        drop(worker.stealer());
    }};
}

#[test]
fn chain_allocates_nothing_before_its_first_push() {
    let _alone = alone();
    let allocations = allocations_during(|| {
        let chain = PoolChain::<String>::new();
        assert!(chain.pop_tail().is_none());
        // SAFETY: this thread is the only producer.
        assert!(unsafe { chain.pop_head() }.is_none());
        assert!(chain.is_empty() && chain.rings().is_empty());
        drop(PoolChain::<String>::with_capacity(1 << 30));
    });
    assert_eq!(allocations, 0);
}

#[test]
fn fresh_unbounded_deque_allocates_what_its_handles_share() {
    let _alone = alone();
    let allocations = allocations_during(|| {
        let (mut worker, stealer) = pooldeque::unbounded::<String>();
        assert!(worker.pop().is_none() && stealer.steal().is_none());
        assert_eq!(worker.pop_batch(9).len() + stealer.steal_batch(9).len(), 0);
        assert_eq!(worker.push_batch(&mut std::iter::empty()), 0);
        worker.shrink_to(8);
    });
    assert_eq!(allocations, 1);
}

#[test]
fn bounded_deque_allocates_nothing_once_it_is_made() {
    let _alone = alone();
    let (mut worker, stealer) = pooldeque::bounded(512);
    let (mut other, _) = pooldeque::bounded(512);
    let allocations = allocations_during(|| {
        for _ in 0..500 {
            steady_load!(worker, stealer, other);
        }
    });
    assert_eq!(allocations, 0);
}

#[test]
fn warm_unbounded_deque_allocates_nothing() {
    let _alone = alone();
    let (mut worker, stealer) = pooldeque::unbounded();
    let (mut other, from_other) = pooldeque::unbounded();
    for deque in [(&mut worker, &stealer), (&mut other, &from_other)] {
        deque.0.push_batch(&mut (0..500));
        assert_eq!(deque.1.steal_batch(500).count(), 500);
        assert_eq!(deque.1.steal(), None);
    }
    let live_before = live_bytes();
    let allocations = allocations_during(|| {
        for _ in 0..500 {
            steady_load!(worker, stealer, other);
        }
    });
    assert_eq!(allocations, 0);
    assert!(live_bytes() <= live_before + SLACK);
}

#[test]
fn deque_made_large_enough_allocates_its_one_ring_and_no_more() {
    let _alone = alone();
    let (mut worker, stealer) = unbounded::with_capacity(512);
    let (mut other, _) = unbounded::with_capacity(512);
    worker.push(0);
    other.push(0);
    assert_eq!((worker.pop(), other.pop()), (Some(0), Some(0)));
    let allocations = allocations_during(|| {
        for _ in 0..100 {
            steady_load!(worker, stealer, other);
        }
    });
    assert_eq!(allocations, 0);
}

#[test]
fn warm_deque_under_two_threads_allocates_nothing_on_either() {
    const ROUNDS: u64 = 2_000;
    const ROOM: u64 = 1024;
    let _alone = alone();
    let (mut worker, stealer) = unbounded::with_capacity(ROOM as usize);
    worker.push(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let thief = scope.spawn(|| {
            enter_the_epoch_a_few_times();
            let (own, _) = unbounded::with_capacity(64);
            own.push(0);
            allocations_during(|| {
                while !done.load(Ordering::Acquire) {
                    _ = stealer.steal();
                    assert!(stealer.steal_batch(32).count() <= 32);
                    assert!(stealer.steal_into(&own, 32) <= 32);
                    while own.pop().is_some() {}
                    thread::yield_now();
                }
            })
        });
        let allocations = allocations_during(|| {
            for _ in 0..ROUNDS {
                // Never so many that a thief who stalls with its batch could make the ring grow.
                if worker.is_empty() {
                    worker.push_batch(&mut (0..100));
                    worker.push(1);
                }
                _ = worker.pop();
                drop(worker.pop_batch(10));
                thread::yield_now();
            }
        });
        done.store(true, Ordering::Release);
        assert_eq!((allocations, thief.join().unwrap()), (0, 0));
    });
}

#[test]
fn growth_allocates_a_ring_for_as_many_values_as_there_were_before() {
    let _alone = alone();
    let (worker, _stealer) = pooldeque::unbounded();
    let allocations = allocations_during(|| {
        for value in 0..1_000_000_u64 {
            worker.push(value);
        }
    });
    // Rings of 2^3 to 2^19 slots, a node and its slots each.
    assert_eq!(allocations, 17 * 2);
}

#[test]
fn rings_of_a_drained_burst_are_freed() {
    let _alone = alone();
    let before = live_bytes();
    let (worker, stealer) = after_a_burst();
    enter_the_epoch_a_few_times();
    // Only the newest ring is left, of about two that were full.
    assert!(live_bytes() <= before + NEWEST_RING + SLACK);
    drop((worker, stealer));
    assert!(live_bytes() <= before + SLACK);
}

#[test]
fn rings_of_a_burst_stolen_in_batches_are_freed() {
    let _alone = alone();
    let before = live_bytes();
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..1_000_000_u64));
    assert!(live_bytes() >= before + NEWEST_RING + NEWEST_RING / 2);
    while stealer.steal_batch(1000).count() != 0 {}
    enter_the_epoch_a_few_times();
    assert!(live_bytes() <= before + NEWEST_RING + SLACK);
}

#[test]
fn newest_ring_of_a_burst_is_freed_by_shrinking() {
    let _alone = alone();
    let before = live_bytes();
    let (worker, stealer) = after_a_burst();
    worker.shrink_to(8);
    enter_the_epoch_a_few_times();
    assert!(live_bytes() <= before + SLACK);
    worker.push(1);
    assert_eq!(stealer.steal(), Some(1));
}

#[test]
fn rings_of_a_burst_popped_by_its_owner_are_freed_by_shrinking() {
    let _alone = alone();
    let before = live_bytes();
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..1_000_000_u64));
    while worker.pop().is_some() {}
    worker.shrink_to(8);
    enter_the_epoch_a_few_times();
    assert!(live_bytes() <= before + SLACK);
    drop(stealer);
}

#[test]
fn ring_shrunk_from_while_it_held_values_is_freed_when_they_are_gone() {
    let _alone = alone();
    let before = live_bytes();
    let (mut worker, stealer) = after_a_burst();
    worker.push_batch(&mut (0..100));
    worker.shrink_to(8);
    enter_the_epoch_a_few_times();
    assert!(live_bytes() >= before + NEWEST_RING - SLACK);
    worker.push(100);
    assert!(stealer.steal_batch(200).eq(0..=100));
    enter_the_epoch_a_few_times();
    assert!(live_bytes() <= before + SLACK);
}

#[test]
fn deque_dropped_full_frees_all_it_held() {
    let _alone = alone();
    let before = live_bytes();
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..10_000_u64).map(Box::new));
    let (mut bounded, from_bounded) = pooldeque::bounded(16_384);
    bounded.push_batch(&mut (0..10_000_u64).map(Box::new));
    assert!(live_bytes() >= before + 2 * 10_000 * (size_of::<u64>() + SLOT));
    drop((worker, stealer));
    drop((bounded, from_bounded));
    assert!(live_bytes() <= before + SLACK);
}

#[test]
fn a_thread_that_ends_leaves_no_ring_behind() {
    let _alone = alone();
    let before = live_bytes();
    thread::spawn(|| drop(after_a_burst())).join().unwrap();
    enter_the_epoch_a_few_times();
    assert!(live_bytes() <= before + SLACK);
}

#[test]
fn pool_allocates_nothing_before_its_first_value() {
    let _alone = alone();
    let allocations = allocations_during(|| {
        let pool = Pool::new(|| 0_u64);
        pool.tick();
        pool.clear();
        drop(pool);
    });
    assert_eq!(allocations, 0);
}

#[test]
fn pool_in_use_allocates_nothing() {
    let _alone = alone();
    let pool = Pool::new(|| 0_u64);
    let load = || {
        let guards: [_; 8] = std::array::from_fn(|_| pool.get());
        drop(guards);
    };
    load();
    assert_eq!(allocations_during(|| (0..100).for_each(|_| load())), 0);
}

#[test]
fn pool_gives_back_the_memory_of_a_burst() {
    const BURST: u64 = 100_000;
    let _alone = alone();
    let pool = Pool::new(|| 0_u64);
    let before = live_bytes();
    // On both sides.
    for _ in 0..2 {
        (0..BURST).for_each(|value| pool.put(value));
        pool.tick();
    }
    assert!(live_bytes() > before + 2 * 65_536 * SLOT);
    for _ in 0..2 {
        pool.tick();
        (0..8).for_each(|value| pool.put(value));
    }
    pool.clear();
    enter_the_epoch_a_few_times();
    assert!(live_bytes() < before + SLACK, "{} bytes", live_bytes() - before);
}
