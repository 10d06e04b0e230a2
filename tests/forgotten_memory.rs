//! A batch stolen from an unbounded deque and forgotten keeps the memory of emptied rings.
//!
//! It does so all over the process, which is why this test has one of its own.

#![cfg(not(any(loom, shuttle)))]

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

use counting_allocator::{after_a_burst, allocations_during, enter_the_epoch_a_few_times, live_bytes};

#[test]
fn forgotten_stolen_batch_keeps_the_memory_of_rings_emptied_later() {
    const HALF_OF_A_BURST: usize = 8_000_000;

    let before = live_bytes();
    drop(after_a_burst());
    enter_the_epoch_a_few_times();
    assert!(live_bytes() < before + HALF_OF_A_BURST);

    // A batch that is dropped keeps nothing.
    let (worker, stealer) = pooldeque::unbounded();
    worker.push(0);
    drop(stealer.steal_batch(1));
    drop(after_a_burst());
    enter_the_epoch_a_few_times();
    assert!(live_bytes() < before + HALF_OF_A_BURST);

    // Nor does one that was popped from the newest ring alone, even if it is forgotten: the owner enters
    // an epoch only to look into older rings.
    let (mut older_and_newer, _stealer) = pooldeque::unbounded::with_capacity(1);
    older_and_newer.push_batch(&mut (0..3));
    std::mem::forget(older_and_newer.pop_batch(2));
    drop(after_a_burst());
    enter_the_epoch_a_few_times();
    assert!(live_bytes() < before + HALF_OF_A_BURST);

    worker.push(1);
    std::mem::forget(stealer.steal_batch(1));
    drop(after_a_burst());
    enter_the_epoch_a_few_times();
    assert!(live_bytes() >= before + HALF_OF_A_BURST);

    // The deque itself works on.
    worker.push(2);
    assert_eq!(stealer.steal(), Some(2));
    assert_eq!(allocations_during(|| worker.push(3)), 0);
}
