//! Batches that are forgotten instead of dropped: they leak what the documentation of `Batch` says,
//! and corrupt nothing.
//!
//! A forgotten batch of an unbounded deque keeps emptied rings from being freed, all over the process.
//! So these tests have one of their own: elsewhere rings are to be freed, and a use after that to show.
//! That the memory is kept is in `forgotten_memory.rs`.

#![cfg(not(any(loom, shuttle)))]

mod support;

use std::mem::forget;

use support::deques::{Owner, Thief, on_each_deque};
use support::ledger::Ledger;

on_each_deque! {
    fn forgotten_stolen_batch_leaks_its_values_and_no_other<D>() {
        let dropped = Ledger::new(12);
        let (mut worker, stealer) = D::with_room(16);
        worker.push_batch(&mut dropped.values());
        let mut batch = stealer.steal_batch(7);
        assert!(batch.next().is_some_and(|value| value.id == 0));
        forget(batch);
        assert_eq!((worker.len(), stealer.len()), (5, 5));
        assert!(stealer.steal().is_some_and(|value| value.id == 7));
        assert!(worker.pop().is_some_and(|value| value.id == 11));
        drop((worker, stealer));
        assert_eq!(dropped.met(), [0, 7, 8, 9, 10, 11]);
        assert_eq!(dropped.total(), 6);
    }

    fn forgotten_popped_batch_leaks_its_values_and_blocks_no_slot<D>() {
        let dropped = Ledger::new(12);
        let (mut worker, stealer) = D::with_room(16);
        worker.push_batch(&mut dropped.values());
        let mut batch = worker.pop_batch(7);
        assert!(batch.next().is_some_and(|value| value.id == 11));
        forget(batch);
        assert_eq!((worker.len(), stealer.len()), (5, 5));

        let more = Ledger::new(11);
        assert_eq!(worker.push_batch(&mut more.values()), 11);
        assert!(worker.pop_batch(11).map(|value| value.id).eq((0..11).rev()));
        assert!(stealer.steal_batch(5).map(|value| value.id).eq(0..5));
        drop((worker, stealer));
        more.assert_each_once();
        assert_eq!(dropped.met(), [0, 1, 2, 3, 4, 11]);
        assert_eq!(dropped.total(), 6);
    }
}

#[test]
fn bounded_deque_refuses_when_it_comes_round_to_a_forgotten_slot() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..3));
    let mut batch = stealer.steal_batch(2);
    assert_eq!(batch.next(), Some(0));
    forget(batch);
    // Free are the slot never used and the one whose value was taken; the next is kept for ever.
    assert_eq!(worker.push_batch(&mut (3..)), 2);
    assert_eq!(worker.len(), 3);
    assert!(worker.push(5).is_err());
    assert!(stealer.steal_batch(4).eq(2..=4));
    assert!(worker.is_empty());
    assert!(worker.push(5).is_err());
    assert_eq!(worker.push_batch(&mut (5..)), 0);
    assert_eq!(worker.pop(), None);
}

#[test]
fn unbounded_deque_grows_past_a_forgotten_slot() {
    let (mut worker, stealer) = pooldeque::unbounded::with_capacity(4);
    worker.push_batch(&mut (0..3));
    forget(stealer.steal_batch(2));
    assert_eq!(worker.push_batch(&mut (3..100)), 97);
    assert!(stealer.steal_batch(49).eq(2..51));
    assert!(worker.pop_batch(100).eq((51..100).rev()));
    assert!(worker.is_empty());
}
