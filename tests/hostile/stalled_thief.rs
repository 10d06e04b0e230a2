//! A thief that holds its batch and does not go on: it keeps its slots, and nothing else.

use std::sync::mpsc;
use std::thread;

use pooldeque::unbounded;

use crate::support::deques::{Owner, Thief, on_each_deque};

on_each_deque! {
    fn others_go_on_while_a_thief_holds_its_batch<D>() {
        let (mut worker, stealer) = D::with_room(32);
        worker.push_batch(&mut (0..20));
        let (claimed, wait_for_claim) = mpsc::channel();
        let (release, wait_for_release) = mpsc::channel::<()>();
        thread::scope(move |scope| {
            let from_stealer = stealer.clone();
            let stalled = scope.spawn(move || {
                let batch = from_stealer.steal_batch(6);
                claimed.send(()).unwrap();
                // Until the other end is gone, be it by a panic.
                let _ = wait_for_release.recv();
                assert!(batch.eq(0..6));
            });
            wait_for_claim.recv().unwrap();
            assert_eq!((worker.len(), stealer.len()), (14, 14));
            assert_eq!(stealer.steal(), Some(6));
            assert_eq!(worker.pop(), Some(19));
            assert!(stealer.steal_batch(2).eq([7, 8]));
            assert!(worker.pop_batch(2).eq([18, 17]));
            // Twelve slots of a bounded deque were never used and the five newest are free again.
            assert_eq!(worker.push_batch(&mut (17..32)), 15);
            assert!(worker.pop_batch(40).eq((9..32).rev()));
            assert_eq!(worker.pop(), None);
            assert_eq!(stealer.steal(), None);
            drop(release);
            stalled.join().unwrap();
        });
    }
}

#[test]
fn bounded_push_refuses_when_it_comes_round_to_the_slots_held() {
    let (mut worker, stealer) = pooldeque::bounded(8);
    worker.push_batch(&mut (0..8));
    let mut held = stealer.steal_batch(3);
    // Others have taken all there is; the deque is empty, and refuses all the same.
    assert!(stealer.steal_batch(8).eq(3..8));
    assert!(worker.is_empty());
    assert!(worker.push(8).is_err());
    assert_eq!(worker.push_batch(&mut (8..)), 0);
    let (mut other, from_other) = pooldeque::bounded(8);
    other.push_batch(&mut (100..108));
    assert_eq!(from_other.steal_into(&worker, 8), 0);
    assert_eq!(other.len(), 8);

    // Each value that the thief takes gives a slot back, in order.
    assert_eq!(held.next(), Some(0));
    assert!(worker.push(8).is_ok());
    assert!(worker.push(9).is_err());
    assert_eq!(held.next(), Some(1));
    assert_eq!(from_other.steal_into(&worker, 8), 1);
    drop(held);
    assert_eq!(worker.push_batch(&mut (10..)), 6);
    assert!(stealer.steal_batch(8).eq([8, 100, 10, 11, 12, 13, 14, 15]));
}

#[test]
fn unbounded_push_makes_a_ring_when_it_comes_round_to_the_slots_held() {
    let (mut worker, stealer) = unbounded::with_capacity(8);
    worker.push_batch(&mut (0..8));
    let held = stealer.steal_batch(3);
    assert!(stealer.steal_batch(8).eq(3..8));
    assert_eq!(rings(&worker), "[(8, 0)]");
    worker.push(8);
    assert_eq!(rings(&worker), "[(8, 0), (16, 1)]");
    assert_eq!(worker.pop(), Some(8));
    assert_eq!(worker.push_batch(&mut (8..24)), 16);
    // The thief's ring is unlinked under it, and its values are still there.
    assert_eq!(stealer.steal(), Some(8));
    assert_eq!(rings(&worker), "[(16, 15)]");
    assert!(held.eq(0..3));
    assert!(stealer.steal_batch(20).eq(9..24));
}

#[test]
fn unbounded_batch_outlives_every_ring_it_came_from() {
    let (mut worker, stealer) = unbounded::with_capacity(1);
    worker.push_batch(&mut (0..100).map(Box::new));
    let held = stealer.steal_batch(90);
    for round in 0..1_000 {
        worker.push_batch(&mut (0..100).map(Box::new));
        assert!(stealer.steal_batch(110).count() >= 100, "round {round}");
    }
    assert_eq!(rings(&worker), "[(128, 0)]");
    assert!(held.map(|value| *value).eq(0..90));
}

/// The rings of the deque, `(capacity, length)` each, as its `Debug` shows them.
fn rings<T>(worker: &unbounded::Worker<T>) -> String {
    let shown = format!("{worker:?}");
    let (_, rings) = shown.split_once("rings: ").unwrap();
    rings.split_once("..").unwrap().0.trim_end_matches(", ").to_owned()
}
