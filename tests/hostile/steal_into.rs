//! `steal_into`: what moves, how much of it, and what stays.

use std::thread;

use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;
use crate::support::patience::patiently;

on_each_deque! {
    fn moves_the_oldest_in_order_behind_what_is_there<D>() {
        let (mut source, stealer) = D::with_room(16);
        let (mut dest, from_dest) = D::with_room(16);
        source.push_batch(&mut (0..10));
        dest.push_batch(&mut (100..103));
        assert_eq!(stealer.steal_into(&dest, 4), 4);
        assert!(source.pop_batch(16).eq((4..10).rev()));
        assert!(from_dest.steal_batch(16).eq([100, 101, 102, 0, 1, 2, 3]));
    }

    fn moves_all_when_asked_for_more<D>() {
        let (mut source, stealer) = D::with_room(16);
        let (mut dest, _) = D::with_room(16);
        assert_eq!(stealer.steal_into(&dest, usize::MAX), 0);
        source.push_batch(&mut (0..10));
        assert_eq!(stealer.steal_into(&dest, usize::MAX), 10);
        assert!(source.is_empty());
        assert!(dest.pop_batch(16).eq((0..10).rev()));
    }

    fn into_its_own_deque_turns_the_values_round<D>() {
        let (mut worker, stealer) = D::with_room(16);
        worker.push_batch(&mut (0..10));
        assert_eq!(stealer.steal_into(&worker, 4), 4);
        assert_eq!(worker.len(), 10);
        // Round and round, over the ring's end.
        for _ in 0..10 {
            assert_eq!(stealer.steal_into(&worker, 1), 1);
        }
        assert!(stealer.steal_batch(16).eq((4..10).chain(0..4)));
    }

    fn all_of_its_own_deque<D>() {
        let (mut worker, stealer) = D::with_room(32);
        worker.push_batch(&mut (0..10));
        for _ in 0..10 {
            assert_eq!(stealer.steal_into(&worker, usize::MAX), 10);
        }
        assert!(stealer.steal_batch(16).eq(0..10));
    }

    fn two_deques_that_steal_from_each_other_lose_nothing<D>() {
        const COUNT: usize = 1_000;
        let seen = Ledger::new(COUNT);
        let (mut left, from_left) = D::with_room(1024);
        let (mut right, from_right) = D::with_room(1024);
        left.push_batch(&mut (0..COUNT));
        thread::scope(|scope| {
            let (from_left, seen) = (&from_left, &seen);
            scope.spawn(move || {
                while seen.total() < COUNT / 2 {
                    from_left.steal_into(&right, 7);
                    right.pop().into_iter().for_each(|value| seen.note(value));
                    thread::yield_now();
                }
                // The rest goes back the way it came.
                patiently(|| right.is_empty().then_some(()));
            });
            patiently(|| {
                from_right.steal_into(&left, 5);
                left.pop().into_iter().for_each(|value| seen.note(value));
                (seen.total() == COUNT).then_some(())
            });
        });
        seen.assert_each_once();
    }
}

#[test]
fn full_destination_takes_nothing_and_nothing_is_lost() {
    let (mut source, stealer) = pooldeque::bounded(8);
    let (mut full, _) = pooldeque::bounded(2);
    source.push_batch(&mut (0..8));
    full.push_batch(&mut (100..102));
    assert_eq!(stealer.steal_into(&full, 8), 0);
    assert_eq!((source.len(), full.len()), (8, 2));
}

#[test]
fn smaller_destination_takes_what_fits() {
    let (mut source, stealer) = pooldeque::bounded(8);
    let (small, from_small) = pooldeque::bounded(4);
    source.push_batch(&mut (0..8));
    small.push(100).unwrap();
    assert_eq!(stealer.steal_into(&small, 8), 3);
    assert!(from_small.steal_batch(4).eq([100, 0, 1, 2]));
    assert!(source.pop_batch(8).eq((3..8).rev()));
}

#[test]
fn full_bounded_deque_takes_nothing_from_itself() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..4));
    assert_eq!(stealer.steal_into(&worker, 4), 0);
    assert_eq!(worker.pop(), Some(3));
    assert_eq!(stealer.steal_into(&worker, 4), 1);
    assert!(stealer.steal_batch(4).eq([1, 2, 0]));
}
