//! Handles dropped in any order, on any thread, early or late.

use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use pooldeque::{PoolChain, PoolDequeue};

use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;

const COUNT: usize = 20;

/// Every order of three things.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// Runs `work` on a thread of its own, and waits for it.
pub(crate) fn on_another_thread<R: Send>(work: impl FnOnce() -> R + Send) -> thread::Result<R> {
    thread::scope(|scope| scope.spawn(work).join())
}

on_each_deque! {
    fn values_go_with_the_last_handle_in_every_order_and_on_every_thread<D>() {
        for order in ORDERS {
            for elsewhere in 0..8 {
                let dropped = Ledger::new(COUNT);
                let (mut worker, stealer) = D::with_room(32);
                worker.push_batch(&mut dropped.values());
                let clone = stealer.clone();
                let mut handles: [Option<Box<dyn Send + '_>>; 3] =
                    [Some(Box::new(worker)), Some(Box::new(stealer)), Some(Box::new(clone))];
                for turn in order {
                    assert_eq!(dropped.total(), 0);
                    let handle = handles[turn].take();
                    if elsewhere & (1 << turn) == 0 {
                        drop(handle);
                    } else {
                        on_another_thread(|| drop(handle)).unwrap();
                    }
                }
                dropped.assert_each_once();
            }
        }
    }

    fn handles_dropped_at_the_same_time<D>() {
        for _ in 0..200 {
            let dropped = Ledger::new(COUNT);
            let (mut worker, stealer) = D::with_room(32);
            worker.push_batch(&mut dropped.values());
            thread::scope(|scope| {
                for stealer in [stealer.clone(), stealer] {
                    scope.spawn(move || drop(stealer.steal()));
                }
                scope.spawn(move || drop(worker));
            });
            dropped.assert_each_once();
        }
    }

    fn stealers_outlive_the_worker_and_go_on<D>() {
        let dropped = Ledger::new(COUNT);
        let (mut worker, stealer) = D::with_room(32);
        worker.push_batch(&mut dropped.values());
        drop(worker);
        assert_eq!(stealer.len(), COUNT);
        assert!(stealer.steal().is_some_and(|value| value.id == 0));
        assert!(stealer.steal_batch(5).map(|value| value.id).eq(1..6));

        let (mut other, _) = D::with_room(32);
        let late = stealer.clone();
        drop(stealer);
        assert_eq!(late.steal_into(&other, 4), 4);
        assert!(other.pop().is_some_and(|value| value.id == 9));
        let stolen = on_another_thread(move || late.steal().map(|value| value.id));
        assert_eq!(stolen.unwrap(), Some(10));
        drop(other);
        dropped.assert_each_once();
    }

    fn new_stealers_come_from_a_worker_that_has_none_left<D>() {
        let (mut worker, stealer) = D::with_room(32);
        drop(stealer);
        worker.push_batch(&mut (0..COUNT));
        let stealer = worker.stealer();
        assert_eq!(stealer.steal(), Some(0));
        assert_eq!(worker.stealer().steal(), Some(1));
        assert_eq!(stealer.steal(), Some(2));
    }

    fn worker_moves_from_thread_to_thread<D>() {
        let (mut worker, stealer) = D::with_room(32);
        for round in 0..10 {
            worker = on_another_thread(move || {
                assert_eq!(worker.push_batch(&mut (round..round + 3)), 3);
                assert_eq!(worker.pop(), Some(round + 2));
                worker
            })
            .unwrap();
            assert_eq!(worker.pop(), Some(round + 1));
        }
        assert!(stealer.steal_batch(32).eq(0..10));
    }

    fn handles_dropped_by_a_thread_that_panics<D>() {
        let dropped = Ledger::new(COUNT);
        let (mut worker, stealer) = D::with_room(32);
        worker.push_batch(&mut dropped.values());
        let panicked = on_another_thread(move || {
            let _batch = stealer.steal_batch(5);
            let _worker = worker;
            resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err());
        dropped.assert_each_once();
    }

    fn handles_sent_to_whoever_takes_them_next<D>() {
        let dropped = Ledger::new(COUNT);
        let (mut worker, stealer) = D::with_room(32);
        worker.push_batch(&mut dropped.values());
        let (sender, receiver) = mpsc::channel::<Box<dyn Send + '_>>();
        sender.send(Box::new(worker)).unwrap();
        sender.send(Box::new(stealer)).unwrap();
        // The receiver is gone with both in its queue.
        drop(receiver);
        drop(sender);
        dropped.assert_each_once();
    }
}

#[test]
fn ring_and_chain_are_shared_without_handles() {
    let dropped = Ledger::new(2 * COUNT);
    let ring = PoolDequeue::new(32);
    let chain = PoolChain::new();
    for (id, value) in dropped.values().enumerate() {
        if id < COUNT {
            // SAFETY: this thread is the only producer.
            assert!(unsafe { ring.push_head(value) }.is_ok());
        } else {
            // SAFETY: as above.
            unsafe { chain.push_head(value) };
        }
    }
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| drop((ring.pop_tail(), chain.pop_tail())));
        }
    });
    assert_eq!((ring.len(), chain.len()), (COUNT - 3, COUNT - 3));
    on_another_thread(move || drop((ring, chain))).unwrap();
    dropped.assert_each_once();
}

/// A worker in an `Rc`, as a scheduler's thread-local may have it.
#[test]
fn a_worker_works_by_a_shared_reference() {
    let (worker, stealer) = pooldeque::unbounded();
    let worker = Rc::new(worker);
    let other = Rc::clone(&worker);
    (0..20).for_each(|value| other.push(value));
    worker.shrink_to(8);
    assert!(!worker.push_was_empty(20));
    assert_eq!((worker.pop(), other.pop(), stealer.steal()), (Some(20), Some(19), Some(0)));
}

#[test]
fn an_unbounded_deque_takes_whatever_can_be_iterated_over() {
    let (mut worker, stealer) = pooldeque::unbounded();
    assert_eq!(worker.push_batch([1, 2]), 2);
    worker.extend(vec![3, 4]);
    let mut rest = [5, 6].into_iter();
    assert_eq!(worker.push_batch(&mut rest), 2);
    assert!(stealer.steal_batch(9).eq(1..=6));
}

#[test]
fn so_many_pushes_succeed_as_there_is_spare_capacity() {
    let (worker, stealer) = pooldeque::bounded(4);
    for stolen in [0, 1, 3] {
        (0..stolen).for_each(|_| _ = stealer.steal());
        let spare = worker.spare_capacity();
        assert_eq!(spare, 4 - worker.len());
        (0..spare).for_each(|_| worker.push(()).unwrap());
        assert!(worker.push(()).is_err());
        assert_eq!(worker.spare_capacity(), 0);
    }
}
