//! Go's `sync/pool_test.go`, as far as it concerns the deque, at its full size.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use pooldeque::{PoolChain, PoolDequeue};

use crate::support::ledger::Ledger;
use crate::support::patience::{RaiseOnDrop, patiently};

const CONSUMERS: usize = 9;
const ITEMS: usize = 2_000_000;

/// How far from the wrap of its indexes the ring starts.
const SHORT_OF_THE_WRAP: u32 = 500;

/// One producer pushes the numbers in turn and pops after every tenth push; nine consumers pop at the
/// tail. Every number must come out once, and each consumer must see its numbers ascend.
fn every_number_comes_out_once(
    mut push: impl FnMut(usize) -> bool,
    mut pop: impl FnMut() -> Option<usize>,
    steal: impl Fn() -> Option<usize> + Sync,
) {
    let taken = Ledger::new(ITEMS);
    let done = AtomicBool::new(false);
    let out_of_order = AtomicUsize::new(0);
    let mut popped = 0_usize;

    thread::scope(|scope| {
        for _ in 0..CONSUMERS {
            scope.spawn(|| {
                let mut last = None;
                while !done.load(Ordering::Acquire) {
                    let Some(number) = steal() else {
                        thread::yield_now();
                        continue;
                    };
                    taken.note(number);
                    out_of_order.fetch_add(usize::from(last >= Some(number)), Ordering::Relaxed);
                    last = Some(number);
                    // The last number is pushed last and never popped by the producer, so it leaves
                    // at the tail, after all the others.
                    if number == ITEMS - 1 {
                        done.store(true, Ordering::Release);
                    }
                }
            });
        }

        let stop_the_others = RaiseOnDrop(&done);
        for number in 0..ITEMS {
            patiently(|| push(number).then_some(()));
            if number % 10 == 0
                && let Some(number) = pop()
            {
                taken.note(number);
                popped += 1;
            }
        }
        patiently(|| done.load(Ordering::Acquire).then_some(()));
        drop(stop_the_others);
    });

    taken.assert_each_once();
    assert_eq!(out_of_order.into_inner(), 0, "a consumer saw a number before a smaller one");
    assert_ne!(popped, 0, "the producer never won a number back");
    assert_eq!(steal(), None);
}

// TestPoolDequeue
#[test]
fn pool_dequeue() {
    let ring = PoolDequeue::with_start_index(16, 0_u32.wrapping_sub(SHORT_OF_THE_WRAP));
    every_number_comes_out_once(
        // SAFETY: the test pushes and pops on this thread alone.
        |number| unsafe { ring.push_head(number) }.is_ok(),
        // SAFETY: as above.
        || unsafe { ring.pop_head() },
        || ring.pop_tail(),
    );
    let (head, tail) = ring.indices();
    assert_eq!(head, tail);
    assert!(head < 0_u32.wrapping_sub(SHORT_OF_THE_WRAP), "the indexes did not wrap");
}

// TestPoolChain
#[test]
fn pool_chain() {
    let chain = PoolChain::new();
    every_number_comes_out_once(
        |number| {
            // SAFETY: the test pushes and pops on this thread alone.
            unsafe { chain.push_head(number) };
            true
        },
        // SAFETY: as above.
        || unsafe { chain.pop_head() },
        || chain.pop_tail(),
    );
    assert_eq!(chain.rings().len(), 1, "drained rings are still linked");
}

// TestPoolDequeue, through the handles
#[test]
fn bounded_handles() {
    let (worker, stealer) = pooldeque::bounded(16);
    let worker = RefCell::new(worker);
    every_number_comes_out_once(
        |number| worker.borrow_mut().push(number).is_ok(),
        || worker.borrow_mut().pop(),
        || stealer.steal(),
    );
}

// TestPoolChain, through the handles
#[test]
fn unbounded_handles() {
    let (worker, stealer) = pooldeque::unbounded();
    let worker = RefCell::new(worker);
    every_number_comes_out_once(
        |number| {
            worker.borrow_mut().push(number);
            true
        },
        || worker.borrow_mut().pop(),
        || stealer.steal(),
    );
}
